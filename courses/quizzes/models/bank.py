"""The bank: questions with their categories, objectives and scenarios. Content: it may change at any time."""

import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.text import Truncator
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import ItemBase, TagBase
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from courses.plugin_api.pages import package_id_validator
from courses.quizzes.blocks import ChoicesBlock, PairsBlock, PicturesBlock, RubricBlock, SequenceBlock
from courses.quizzes.enums import ChoiceScoring, Difficulty
from courses.quizzes.words import WordsField, in_language

MAX_POINTS = 100


class QuestionCategory(models.Model):
    """A drawer of the bank. Drawers lie in one another; a draw from one takes what lies below it too."""

    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("lies in"),
    )
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("category of questions")
        verbose_name_plural = _("categories of questions")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="question_category_name_once"),
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(parent__isnull=True),
                name="question_category_top_name_once",
            ),
        ]

    def __str__(self) -> str:
        return " › ".join(reversed([category.name for category in self.upwards()]))

    def upwards(self) -> "Iterator[QuestionCategory]":
        """Itself, the one it lies in, and so on to the top."""
        category: QuestionCategory | None = self
        while category is not None:
            yield category
            category = category.parent

    def clean(self) -> None:
        super().clean()
        above = self.parent
        while above is not None:
            if above.pk == self.pk:
                raise ValidationError({"parent": _("A category can't lie in itself or below itself.")})
            above = above.parent


class LearningObjective(models.Model):
    """What somebody can do who has learnt; questions of one objective are equivalent forms.

    The same in every language. `lesson_key` is the translation key of the lesson that teaches it.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    statement = WordsField(
        _("objective"), max_length=255, help_text=_("What the learner can do, in one line.")
    )
    lesson_key = models.UUIDField(_("lesson that teaches it"), null=True, blank=True)
    critical = models.BooleanField(
        _("must be right to pass"),
        default=False,
        help_text=_("Whoever answers a question of it wrongly doesn't pass, whatever the points."),
    )
    package_id = models.CharField(
        _("id in course packages"), max_length=100, blank=True, validators=[package_id_validator]
    )

    class Meta:
        verbose_name = _("learning objective")
        verbose_name_plural = _("learning objectives")

    def __str__(self) -> str:
        return in_language(self.statement)


class QuestionTag(TagBase):
    free_tagging = True

    class Meta:
        verbose_name = _("tag of questions")
        verbose_name_plural = _("tags of questions")


class TaggedQuestion(ItemBase):
    """Tags count on the variant in the site's own language."""

    tag = models.ForeignKey(QuestionTag, on_delete=models.CASCADE, related_name="tagged")
    content_object = models.ForeignKey("Question", on_delete=models.CASCADE, related_name="tagged")


class Scenario(index.Indexed, DraftStateMixin, RevisionMixin, TranslatableMixin, models.Model):
    """A case that several questions are about; learners see it above them, on one page."""

    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("case"), max_length=6000)
    # Digest of the canonical variant's words when this variant was published (`domain.staleness`).
    source_digest = models.CharField(max_length=64, blank=True, editable=False)
    package_id = models.CharField(
        _("id in course packages"), max_length=100, blank=True, validators=[package_id_validator]
    )

    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.SearchField("text"),
        index.FilterField("locale_id"),
    ]
    translatable_fields: ClassVar[list[object]] = [
        TranslatableField("title"),
        TranslatableField("text"),
        SynchronizedField("package_id", overridable=False),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")

    def __str__(self) -> str:
        return self.title


class Question(
    index.Indexed,
    WorkflowMixin,
    DraftStateMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    models.Model,
):
    """A question of the bank in one language; its variants share the translation key.

    Scoring data (type, points, right answers) can't differ between languages: attempts take it from the
    canonical variant only, whatever another variant says.
    """

    type = models.CharField(_("type"), max_length=40, db_index=True)
    case = models.TextField(
        _("case"),
        max_length=4000,
        blank=True,
        help_text=_("The situation that the question is about, if there is one."),
    )
    stem = models.TextField(_("question"), max_length=2000)
    pictures = StreamField(
        PicturesBlock(),
        verbose_name=_("pictures"),
        blank=True,
        help_text=_("Shown under the question's text."),
    )
    feedback = models.TextField(
        _("explanation"),
        max_length=4000,
        blank=True,
        help_text=_("Shown after the answers were submitted. Name the article."),
    )
    points = models.PositiveSmallIntegerField(
        _("points"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MAX_POINTS)]
    )
    choices = StreamField(ChoicesBlock(), verbose_name=_("choices"), blank=True)
    statement_is_true = models.BooleanField(
        _("the statement is"), null=True, blank=True, choices=[(True, _("True")), (False, _("False"))]
    )
    number = models.DecimalField(_("right number"), max_digits=20, decimal_places=6, null=True, blank=True)
    tolerance = models.DecimalField(
        _("tolerance"),
        max_digits=20,
        decimal_places=6,
        default=0,
        validators=[MinValueValidator(0)],
        help_text=_(
            "An answer is right from the number minus the tolerance to the number plus the tolerance."
        ),
    )
    unit = models.CharField(
        _("unit"), max_length=60, blank=True, help_text=_("Shown after the number field.")
    )
    accepted = models.TextField(
        _("accepted answers"),
        max_length=4000,
        blank=True,
        help_text=_(
            "One a line; * stands for any text. Capital letters, accents, vowel signs and the forms of hamza don't "
            "count. What is accepted in one language is accepted in all."
        ),
    )
    pairs = StreamField(PairsBlock(), verbose_name=_("pairs"), blank=True)
    sequence = StreamField(SequenceBlock(), verbose_name=_("items in their right order"), blank=True)
    choice_scoring = models.CharField(
        _("a partly right answer earns"),
        max_length=10,
        choices=ChoiceScoring.choices,
        default=ChoiceScoring.ALL,
        help_text=_("Full points always need exactly the right ones; never less than 0."),
    )
    partial_credit = models.BooleanField(
        _("a share of the points for what is right"),
        default=True,
        help_text=_("Otherwise the points are given only if everything is right."),
    )
    passage = models.TextField(
        _("passage with gaps"),
        max_length=4000,
        blank=True,
        help_text=_(
            "A gap stands in double brackets: [[right|wrong|wrong]] to choose from, [[=right|also right]] to write, "
            "[[#30]] or [[#30±2]] for a number."
        ),
    )
    rubric = StreamField(RubricBlock(), verbose_name=_("criteria"), blank=True)
    hints = models.TextField(
        _("hints"),
        max_length=2000,
        blank=True,
        help_text=_("One a line; each wrong try in a quiz with hints shows the next."),
    )
    scenario = models.ForeignKey(
        Scenario,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("scenario"),
        help_text=_("The case that this question and others are about."),
    )
    category = models.ForeignKey(
        QuestionCategory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("category"),
    )
    objective = models.ForeignKey(
        LearningObjective,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("learning objective"),
    )
    difficulty = models.CharField(
        _("difficulty"), max_length=10, choices=Difficulty.choices, default=Difficulty.MEDIUM
    )
    tags = TaggableManager(through=TaggedQuestion, blank=True, verbose_name=_("tags"))
    provisions = models.TextField(
        _("provisions"),
        max_length=1000,
        blank=True,
        help_text=_("What the right answer rests on, one a line: text and article."),
    )
    retired = models.BooleanField(
        _("retired"),
        default=False,
        help_text=_("New attempts don't ask it any more; what was answered stays."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("author"),
    )
    # Digest of the canonical variant's words when this variant was published (`domain.staleness`).
    source_digest = models.CharField(max_length=64, blank=True, editable=False)
    # Ids of facts in the register that the question rests on, e.g. ["DL88-16"].
    facts = models.JSONField(_("facts in the register"), default=list, blank=True)
    package_id = models.CharField(
        _("id in course packages"),
        max_length=100,
        blank=True,
        validators=[package_id_validator],
        help_text=_("Never changes once people have learnt with it."),
    )

    _workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="question",
        for_concrete_model=False,
    )

    search_fields = [
        index.SearchField("stem"),
        index.SearchField("case"),
        index.SearchField("package_id"),
        index.AutocompleteField("stem"),
        index.FilterField("type"),
        index.FilterField("category_id"),
        index.FilterField("objective_id"),
        index.FilterField("difficulty"),
        index.FilterField("retired"),
        index.FilterField("locale_id"),
    ]
    translatable_fields: ClassVar[list[object]] = [
        TranslatableField("case"),
        TranslatableField("stem"),
        TranslatableField("pictures"),
        TranslatableField("choices"),
        TranslatableField("unit"),
        TranslatableField("accepted"),
        TranslatableField("pairs"),
        TranslatableField("sequence"),
        TranslatableField("passage"),
        TranslatableField("rubric"),
        TranslatableField("hints"),
        TranslatableField("provisions"),
        TranslatableField("feedback"),
        SynchronizedField("type", overridable=False),
        SynchronizedField("points", overridable=False),
        SynchronizedField("statement_is_true", overridable=False),
        SynchronizedField("number", overridable=False),
        SynchronizedField("tolerance", overridable=False),
        SynchronizedField("choice_scoring", overridable=False),
        SynchronizedField("partial_credit", overridable=False),
        SynchronizedField("scenario", overridable=False),
        SynchronizedField("category", overridable=False),
        SynchronizedField("objective", overridable=False),
        SynchronizedField("difficulty", overridable=False),
        SynchronizedField("retired", overridable=False),
        SynchronizedField("facts", overridable=False),
        SynchronizedField("package_id", overridable=False),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return Truncator(self.stem).chars(90)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """A preview for each language of the site, its own first."""
        own = self.locale.language_code if self.locale_id else settings.LANGUAGE_CODE
        codes = sorted((code for code, _name in settings.LANGUAGES), key=lambda code: code != own)
        return [(code, get_language_info(code)["name_local"]) for code in codes]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from courses.quizzes.interfaces.tryout import preview

        return preview(request, self, mode_name)

    # Set by the admin's form while a draft is saved.
    unfinished = False

    def clean(self) -> None:
        """What the type asks for: a trainer's words beside the field that lacks something."""
        from courses.quizzes.types.base import check_question

        super().clean()
        if not self.unfinished:
            check_question(self)

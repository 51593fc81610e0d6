"""Quizzes, their questions, and the records of attempts.

Content (`QuizPage`, `Question`) may change at any time; records (`Attempt`, `AnswerEntry`) carry everything
they need and point to content by translation key only.
"""

import uuid
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, Orderable, Page, RevisionMixin, TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from courses.plugin_api.pages import ActivityPage, package_id_validator
from courses.quizzes.blocks import ChoicesBlock
from courses.quizzes.enums import AttemptStatus

MAX_POINTS = 100
MAX_ATTEMPTS = 100


class QuizPage(ActivityPage):
    """A quiz as an activity of a module. Its rules and questions are the same in every language: an attempt
    takes them from the canonical page (see `domain.composition`).
    """

    intro = models.TextField(_("introduction"), max_length=2000, blank=True)
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark in percent"),
        default=70,
        validators=[MaxValueValidator(100)],
        help_text=_("How much of the points is needed to pass, 0 to 100."),
    )
    max_attempts = models.PositiveSmallIntegerField(
        _("attempts allowed"),
        default=0,
        validators=[MaxValueValidator(MAX_ATTEMPTS)],
        help_text=_("0 for as many as the learner wants."),
    )

    template = "courses_quizzes/quiz_page.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        MultiFieldPanel([FieldPanel("pass_mark"), FieldPanel("max_attempts")], heading=_("Passing")),
        InlinePanel(
            "items",
            [FieldPanel("question")],
            heading=_("Questions in their order"),
            label=_("Question"),
            min_num=1,
            help_text=_("Questions are written under “Questions” in the menu and chosen here."),
        ),
        *ActivityPage.activity_panels,
    ]
    promote_panels = [*Page.promote_panels, FieldPanel("package_id")]
    search_fields = [*Page.search_fields, index.SearchField("intro")]
    translatable_fields: ClassVar[list[object]] = [
        *ActivityPage.activity_translatable_fields,
        TranslatableField("intro"),
        SynchronizedField("pass_mark", overridable=False),
        SynchronizedField("max_attempts", overridable=False),
        SynchronizedField("items", overridable=False),
    ]

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, object]:
        from courses.quizzes.domain.standing import quiz_context

        context = super().get_context(request, *args, **kwargs)
        context.update(quiz_context(request, self))
        return context


class Question(index.Indexed, DraftStateMixin, RevisionMixin, TranslatableMixin, models.Model):
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
    # Ids of facts in the register that the question rests on, e.g. ["DL88-16"].
    facts = models.JSONField(_("facts in the register"), default=list, blank=True)
    package_id = models.CharField(
        _("id in course packages"),
        max_length=100,
        blank=True,
        validators=[package_id_validator],
        help_text=_("Never changes once people have learnt with it."),
    )

    search_fields = [
        index.SearchField("stem"),
        index.SearchField("case"),
        index.SearchField("package_id"),
        index.AutocompleteField("stem"),
        index.FilterField("type"),
        index.FilterField("locale_id"),
    ]
    translatable_fields: ClassVar[list[object]] = [
        TranslatableField("case"),
        TranslatableField("stem"),
        TranslatableField("choices"),
        TranslatableField("unit"),
        TranslatableField("feedback"),
        SynchronizedField("type", overridable=False),
        SynchronizedField("points", overridable=False),
        SynchronizedField("statement_is_true", overridable=False),
        SynchronizedField("number", overridable=False),
        SynchronizedField("tolerance", overridable=False),
        SynchronizedField("facts", overridable=False),
        SynchronizedField("package_id", overridable=False),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return Truncator(self.stem).chars(90)

    # Set by the admin's form while a draft is saved.
    unfinished = False

    def clean(self) -> None:
        """What the type asks for: a trainer's words beside the field that lacks something."""
        from courses.quizzes.types.base import check_question

        super().clean()
        if not self.unfinished:
            check_question(self)


class QuizItem(Orderable):
    """A question at its place in a quiz. Any language variant stands for the question; a used one is kept."""

    page = ParentalKey(QuizPage, on_delete=models.CASCADE, related_name="items")
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="quiz_items", verbose_name=_("question")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("question of a quiz")
        verbose_name_plural = _("questions of a quiz")

    def __str__(self) -> str:
        return str(self.question)


class Attempt(models.Model):
    """One try at a quiz, with its frozen paper.

    `paper` is what the learner sees, in all languages there were; `answer_key` holds right answers, remarks and
    explanations and never leaves the server before the review. Their shapes: `domain.paper`. Once submitted:
    the score is the exact fraction `score_num`/`score_den` of `max_points`, `percent` is rounded down, `results`
    maps question keys to the exact fraction of their points, `answers_hash` is the SHA-256 of the answers that
    were graded. `purged_at`: when the answers were removed; the grade and the hashes stay.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(
        "courses_progress.Enrolment", on_delete=models.PROTECT, related_name="quiz_attempts"
    )
    quiz_key = models.UUIDField(_("quiz key"), db_index=True)
    number = models.PositiveSmallIntegerField(_("number"))
    locale = models.CharField(_("language"), max_length=10)
    revision_id = models.BigIntegerField(null=True)
    pass_mark = models.PositiveSmallIntegerField(_("pass mark in percent"))
    paper = models.JSONField()
    answer_key = models.JSONField()
    paper_hash = models.CharField(max_length=64)
    status = models.CharField(
        _("status"), max_length=20, choices=AttemptStatus.choices, default=AttemptStatus.IN_PROGRESS
    )
    started_at = models.DateTimeField(_("started"))
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    score_num = models.PositiveBigIntegerField(null=True)
    score_den = models.PositiveBigIntegerField(null=True)
    max_points = models.PositiveIntegerField(null=True)
    percent = models.PositiveSmallIntegerField(_("percent"), null=True)
    passed = models.BooleanField(_("passed"), null=True)
    results = models.JSONField(default=dict)
    answers_hash = models.CharField(max_length=64, blank=True)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "quiz_key", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["enrolment", "quiz_key"],
                condition=models.Q(status="in_progress"),
                name="attempt_one_in_progress",
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="attempt_number_from_one"),
            models.CheckConstraint(
                condition=models.Q(
                    status="in_progress",
                    submitted_at__isnull=True,
                    percent__isnull=True,
                    passed__isnull=True,
                )
                | models.Q(
                    status="submitted",
                    submitted_at__isnull=False,
                    score_num__isnull=False,
                    score_den__gte=1,
                    max_points__isnull=False,
                    percent__lte=100,
                    passed__isnull=False,
                ),
                name="attempt_graded_once_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_key} ({self.number})"

    @property
    def is_submitted(self) -> bool:
        return self.status == AttemptStatus.SUBMITTED


class AnswerEntryQuerySet(models.QuerySet["AnswerEntry"]):
    """The journal is only ever added to; a purge deletes whole attempts' entries."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("The journal of answers is append-only.")


class AnswerEntry(models.Model):
    """One answer as it was received. The current answer to a question is the entry with the highest sequence;
    ties go by time of receipt, then by id. A null value withdraws the answer.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="entries")
    question_key = models.UUIDField()
    device_id = models.CharField(max_length=64)
    sequence = models.PositiveBigIntegerField()
    value = models.JSONField(null=True)
    content_hash = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    objects = AnswerEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "question_key", "device_id", "sequence"], name="answer_entry_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.question_key} {self.sequence}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The journal of answers is append-only.")
        super().save(*args, **kwargs)

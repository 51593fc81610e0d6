"""A quiz as a page: what it asks, under which rules. Content: it may change at any time."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Orderable, Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from courses.plugin_api.pages import ActivityPage
from courses.quizzes.enums import Difficulty, FeedbackMode, Layout, ResultRule, ShownFrom, StaleLanguage
from courses.quizzes.interfaces.panels import CompositionPanel, QuestionsPanel
from courses.quizzes.models.bank import LearningObjective, Question, QuestionCategory
from courses.quizzes.words import WordsField

MAX_ATTEMPTS = 100
MAX_DRAW = 100
MAX_MINUTES = 24 * 60
# What a quiz decides; the same in every language.
RULES = (
    "pass_mark",
    "max_attempts",
    "delay_minutes",
    "opens_at",
    "closes_at",
    "time_limit_minutes",
    "grace_seconds",
    "extendable",
    "result_rule",
    "layout",
    "forward_only",
    "shuffle_questions",
    "shuffle_choices",
    "penalty_percent",
    "feedback_mode",
    "show_score",
    "show_verdicts",
    "show_remarks",
    "show_answers",
    "show_explanations",
    "stale_language",
    "reopen_after",
    "before_form",
    "refreshers",
)


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
    delay_minutes = models.PositiveIntegerField(
        _("minutes between two attempts"), default=0, validators=[MaxValueValidator(60 * 24 * 30)]
    )
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("closes"), null=True, blank=True, help_text=_("Attempts that still run are submitted then.")
    )
    time_limit_minutes = models.PositiveSmallIntegerField(
        _("minutes to answer"),
        default=0,
        validators=[MaxValueValidator(MAX_MINUTES)],
        help_text=_("0 for as long as the learner needs, which is right for learning."),
    )
    grace_seconds = models.PositiveSmallIntegerField(
        _("seconds of grace"),
        default=60,
        validators=[MaxValueValidator(3600)],
        help_text=_("How long after the time is over an answer on its way is still taken."),
    )
    extendable = models.BooleanField(
        _("learners may take more time"),
        default=True,
        help_text=_("Chosen before starting, without a reason, up to ten times the minutes (WCAG 2.2.1)."),
    )
    result_rule = models.CharField(
        _("result of several attempts"), max_length=10, choices=ResultRule.choices, default=ResultRule.HIGHEST
    )
    layout = models.CharField(_("pages"), max_length=10, choices=Layout.choices, default=Layout.QUESTION)
    forward_only = models.BooleanField(_("no way back to earlier questions"), default=False)
    shuffle_questions = models.BooleanField(_("questions in random order"), default=False)
    shuffle_choices = models.BooleanField(_("choices in random order"), default=False)
    penalty_percent = models.PositiveSmallIntegerField(
        _("points taken off for a wrong answer, in percent"),
        default=0,
        validators=[MaxValueValidator(100)],
        help_text=_("Of the question's points. No answer costs nothing; the whole never falls below 0."),
    )
    feedback_mode = models.CharField(
        _("feedback"), max_length=12, choices=FeedbackMode.choices, default=FeedbackMode.AFTER
    )
    show_score = models.CharField(
        _("score"), max_length=10, choices=ShownFrom.choices, default=ShownFrom.AFTER
    )
    show_verdicts = models.CharField(
        _("right or wrong"), max_length=10, choices=ShownFrom.choices, default=ShownFrom.AFTER
    )
    show_remarks = models.CharField(
        _("remark on the choice made"), max_length=10, choices=ShownFrom.choices, default=ShownFrom.AFTER
    )
    show_answers = models.CharField(
        _("right answers"),
        max_length=10,
        choices=ShownFrom.choices,
        default=ShownFrom.AFTER,
        help_text=_("Never while attempts remain, whatever is chosen here."),
    )
    show_explanations = models.CharField(
        _("explanation with its provision"),
        max_length=10,
        choices=ShownFrom.choices,
        default=ShownFrom.AFTER,
        help_text=_("After a wrong answer only once the right one may be told."),
    )
    stale_language = models.CharField(
        _("where a translation is older than the original"),
        max_length=10,
        choices=StaleLanguage.choices,
        default=StaleLanguage.SOURCE,
    )
    reopen_after = models.PositiveSmallIntegerField(
        _("lessons are read again after so many failures"),
        default=0,
        validators=[MaxValueValidator(MAX_ATTEMPTS)],
        help_text=_("The lessons of the objectives that were missed; 0 for never."),
    )
    before_form = models.BooleanField(
        _("can be taken before the course"),
        default=False,
        help_text=_("Without effect on the result; before and after are compared in the report."),
    )
    refreshers = models.BooleanField(
        _("three questions come back after 7 and 30 days"),
        default=True,
        help_text=_("On the same objectives, without effect on the result."),
    )

    template = "courses_quizzes/quiz_page.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        MultiFieldPanel(
            [
                FieldPanel("pass_mark"),
                FieldPanel("max_attempts"),
                FieldPanel("result_rule"),
                FieldPanel("delay_minutes"),
                FieldPanel("reopen_after"),
            ],
            heading=_("Passing"),
        ),
        CompositionPanel(heading=_("What an attempt asks")),
        QuestionsPanel(
            "items",
            [
                FieldPanel("section"),
                FieldPanel("question"),
                FieldPanel("draw_count"),
                FieldPanel("draw_objective"),
                FieldPanel("draw_category"),
                FieldPanel("draw_tag"),
                FieldPanel("draw_difficulty"),
            ],
            heading=_("Questions in their order"),
            label=_("Question or draw"),
            min_num=1,
            help_text=_(
                "Questions are written under “Questions” in the menu and chosen here, or drawn at random from the "
                "bank for each attempt."
            ),
        ),
        MultiFieldPanel(
            [
                FieldPanel("layout"),
                FieldPanel("forward_only"),
                FieldPanel("shuffle_questions"),
                FieldPanel("shuffle_choices"),
                FieldPanel("penalty_percent"),
            ],
            heading=_("Asking"),
            classname="collapsed",
        ),
        MultiFieldPanel(
            [
                FieldPanel("opens_at"),
                FieldPanel("closes_at"),
                FieldPanel("time_limit_minutes"),
                FieldPanel("extendable"),
                FieldPanel("grace_seconds"),
            ],
            heading=_("Time"),
            classname="collapsed",
        ),
        MultiFieldPanel(
            [
                FieldPanel("feedback_mode"),
                FieldPanel("show_score"),
                FieldPanel("show_verdicts"),
                FieldPanel("show_remarks"),
                FieldPanel("show_answers"),
                FieldPanel("show_explanations"),
            ],
            heading=_("What is shown, and from when on"),
            classname="collapsed",
        ),
        MultiFieldPanel(
            [FieldPanel("before_form"), FieldPanel("refreshers"), FieldPanel("stale_language")],
            heading=_("Around the test"),
            classname="collapsed",
        ),
        *ActivityPage.activity_panels,
    ]
    promote_panels = [*Page.promote_panels, FieldPanel("package_id")]
    search_fields = [*Page.search_fields, index.SearchField("intro")]
    translatable_fields: ClassVar[list[object]] = [
        *ActivityPage.activity_translatable_fields,
        TranslatableField("intro"),
        *(SynchronizedField(name, overridable=False) for name in RULES),
        SynchronizedField("items", overridable=False),
    ]

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")

    def clean(self) -> None:
        super().clean()
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": _("It can't close before it opens.")})
        problems = {
            name: _("The quiz has no closing time.")
            for name in RULES
            if name.startswith("show_") and getattr(self, name) == ShownFrom.CLOSED and not self.closes_at
        }
        told_at_once = (ShownFrom.DURING, ShownFrom.AFTER)
        if self.feedback_mode != FeedbackMode.AFTER and self.show_verdicts not in told_at_once:
            problems["show_verdicts"] = _("Feedback while the quiz is taken tells right or wrong at once.")
        if problems:
            raise ValidationError(problems)

    def missing_to_publish(self) -> Mapping[str, Any]:
        from courses.quizzes.domain.composition import problems_of, row_of

        problems = problems_of([row_of(item) for item in self.items.all()])
        return {"items": problems} if problems else {}

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, object]:
        from courses.quizzes.domain.standing import quiz_context

        context = super().get_context(request, *args, **kwargs)
        context.update(quiz_context(request, self))
        return context


class QuizItem(Orderable):
    """What a quiz asks at one place: a question, or some drawn from the bank for each attempt.

    A question is named by any of its language variants; a used one is kept. A draw takes `draw_count` questions that
    meet all of the conditions given. `section` titles the part of the quiz that begins here.
    """

    page = ParentalKey(QuizPage, on_delete=models.CASCADE, related_name="items")
    question = models.ForeignKey(
        Question,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quiz_items",
        verbose_name=_("question"),
    )
    draw_count = models.PositiveSmallIntegerField(
        _("or draw so many questions"), default=0, validators=[MaxValueValidator(MAX_DRAW)]
    )
    draw_objective = models.ForeignKey(
        LearningObjective,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quiz_items",
        verbose_name=_("of this objective"),
    )
    draw_category = models.ForeignKey(
        QuestionCategory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quiz_items",
        verbose_name=_("of this category"),
    )
    draw_tag = models.CharField(_("with this tag"), max_length=100, blank=True)
    draw_difficulty = models.CharField(
        _("of this difficulty"), max_length=10, choices=Difficulty.choices, blank=True
    )
    section = WordsField(
        _("a section begins here"), max_length=120, blank=True, help_text=_("Its title; empty for none.")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("question of a quiz")
        verbose_name_plural = _("questions of a quiz")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(question__isnull=False, draw_count=0)
                | models.Q(question__isnull=True, draw_count__gte=1),
                name="quiz_item_question_or_draw",
            ),
        ]

    def __str__(self) -> str:
        if self.question:
            return str(self.question)
        conditions = (
            self.draw_objective,
            self.draw_category,
            self.draw_tag,
            self.get_draw_difficulty_display() if self.draw_difficulty else "",
        )
        return f"{self.draw_count} × " + " · ".join(str(condition) for condition in conditions if condition)

    @property
    def is_draw(self) -> bool:
        return self.question_id is None

    def clean(self) -> None:
        super().clean()
        if bool(self.question_id) == bool(self.draw_count):
            raise ValidationError(
                {"question": _("Choose a question, or say how many to draw: one of the two.")}
            )
        conditions = (self.draw_objective_id, self.draw_category_id, self.draw_tag, self.draw_difficulty)
        if self.is_draw and not any(conditions):
            raise ValidationError(
                {"draw_count": _("Say what to draw from: an objective, a category or a tag.")}
            )

"""The bank as its keepers see it: the state of a question, its versions, where and how well it is answered."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry, WorkflowState

from courses.quizzes.domain.categories import category_tree
from courses.quizzes.domain.composition import row_of
from courses.quizzes.domain.drawing import Offered, folded, meets
from courses.quizzes.domain.quiz_figures import FORMAT
from courses.quizzes.domain.staleness import canonical_first
from courses.quizzes.models import Attempt, Question, QuizItem, QuizStatistic, TaggedQuestion

# Papers that are read to tell which version attempts hold; a paper has some tens of kilobytes.
PAPERS_READ = 100


class QuestionState(models.TextChoices):
    """What Wagtail's own records say together; no column of its own that could differ from them."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    APPROVED = "approved", _("approved for use")
    RETIRED = "retired", _("retired")


def with_state(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Each with its `state` (of `QuestionState`).

    Retired comes before all; a published question of which a changed version is being read is in review.
    """
    mine: dict[str, Any] = {"object_id": Cast(OuterRef("pk"), models.CharField())}
    content_type = ContentType.objects.get_for_model(Question)
    reviews = WorkflowState.objects.filter(
        base_content_type=content_type, status=WorkflowState.STATUS_IN_PROGRESS, **mine
    )
    return questions.annotate(
        state=Case(
            When(retired=True, then=Value(QuestionState.RETIRED.value)),
            When(Exists(reviews), then=Value(QuestionState.IN_REVIEW.value)),
            When(live=True, then=Value(QuestionState.APPROVED.value)),
            default=Value(QuestionState.DRAFT.value),
            output_field=models.CharField(),
        )
    )


def state_of(question: Question) -> QuestionState:
    """The state of a saved question, in one query."""
    row: Any = with_state(Question.objects.filter(pk=question.pk)).only("pk").get()
    return QuestionState(row.state)


def stale_only(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Published variants whose words are older than the canonical variant's (`domain.staleness`)."""
    own_language = Case(When(locale__language_code=settings.LANGUAGE_CODE, then=0), default=1)
    canonical = (
        Question.objects.filter(translation_key=OuterRef("translation_key"), live=True)
        .order_by(own_language, "pk")
        .values("source_digest")[:1]
    )
    return (
        questions.filter(live=True)
        .exclude(source_digest="")
        .annotate(canonical_digest=Subquery(canonical))
        .exclude(canonical_digest="")
        .exclude(canonical_digest=F("source_digest"))
    )


def _publications(content_type: ContentType) -> QuerySet[ModelLogEntry]:
    return ModelLogEntry.objects.filter(
        content_type=content_type, action="wagtail.publish", revision_id__isnull=False
    )


@dataclass(frozen=True)
class Version:
    """A published version. `attempts`: how many of the attempts looked at hold it."""

    number: int
    revision: int
    published_at: datetime
    attempts: int


def versions_of(question: Question) -> list[Version]:
    """The published versions of a question, the newest first, and how many of the newest `PAPERS_READ` attempts that
    asked it hold each. Two queries.
    """
    entries = (
        _publications(ContentType.objects.get_for_model(Question))
        .filter(object_id=str(question.pk))
        .order_by("timestamp", "pk")
        .values_list("revision_id", "timestamp")
    )
    # A version that was published twice is one.
    first: dict[int, datetime] = {}
    for revision, at in entries:
        first.setdefault(revision, at)
    held = _held_revisions(question.translation_key) if first else {}
    found = [
        Version(number, revision, at, held.get(revision, 0))
        for number, (revision, at) in enumerate(first.items(), start=1)
    ]
    return found[::-1]


def _held_revisions(key: UUID) -> dict[int | None, int]:
    held: dict[int | None, int] = {}
    papers = (
        Attempt.objects.filter(answer_key__has_key=str(key)).order_by("-pk").values_list("paper", flat=True)
    )
    for paper in papers[:PAPERS_READ]:
        for row in paper["questions"]:
            if row["key"] == str(key):
                held[row.get("revision")] = held.get(row.get("revision"), 0) + 1
    return held


@dataclass(frozen=True)
class QuizUse:
    """A quiz that asks a question. `page`: of the canonical page; `drawn`: it may come by a draw, and need not."""

    page: int
    title: str
    drawn: bool


@dataclass(frozen=True)
class Usage:
    """`asked`: first attempts that were asked the version of today, None where there are too few to tell (or none);
    `facility`: the share of the points that they earned, from 0 to 1.
    """

    quizzes: tuple[QuizUse, ...] = ()
    asked: int | None = None
    facility: float | None = None


def usage_of(keys: Collection[UUID]) -> dict[UUID, Usage]:
    """Where each question is asked and how it was answered, in five queries whatever their number."""
    if not keys:
        return {}
    uses: dict[UUID, dict[int, QuizUse]] = {key: {} for key in keys}
    for key, item in _askings(keys):
        known = uses[key].get(item.page_id)
        drawn = item.is_draw and (known is None or known.drawn)
        uses[key][item.page_id] = QuizUse(item.page_id, item.page.title, drawn)
    figures = _figures(set(keys))
    return {key: Usage(tuple(uses[key].values()), *figures.get(key, (None, None))) for key in keys}


def asked_by(keys: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """The keys of the published quizzes that may ask each question, in four queries whatever their number."""
    found: dict[UUID, set[UUID]] = {key: set() for key in keys}
    if found:
        for key, item in _askings(keys):
            if item.page.live:
                found[key].add(item.page.translation_key)
    return found


def _askings(keys: Collection[UUID]) -> Iterator[tuple[UUID, QuizItem]]:
    """Each question with each item of a quiz that names it or may draw it."""
    offered = _offered(keys)
    for item in _canonical_items():
        row = row_of(item)
        matched = [key for key, question in offered.items() if meets(row, question)]
        if row.question is not None and row.question in keys:
            matched = [row.question]
        for key in matched:
            yield key, item


def _offered(keys: Collection[UUID]) -> dict[UUID, Offered]:
    """What a draw asks of these questions, without those that none may take: unpublished, retired."""
    variants: dict[UUID, list[Question]] = {}
    rows = Question.objects.filter(translation_key__in=keys, live=True).select_related("locale")
    for question in rows.only(
        "translation_key", "locale__language_code", "retired", "category_id", "objective_id", "difficulty"
    ):
        variants.setdefault(question.translation_key, []).append(question)
    canonical = [canonical_first(own)[0] for own in variants.values()]
    above = {row.pk: frozenset(one.pk for one in row.upwards()) for row in category_tree()}
    tags: dict[int, set[str]] = {}
    tagged = TaggedQuestion.objects.filter(content_object__in=[row.pk for row in canonical])
    for pk, name in tagged.values_list("content_object_id", "tag__name"):
        tags.setdefault(pk, set()).add(folded(name))
    return {
        row.translation_key: Offered(
            key=row.translation_key,
            objective=row.objective_id,
            categories=above.get(row.category_id, frozenset()) if row.category_id else frozenset(),
            tags=frozenset(tags.get(row.pk, ())),
            difficulty=row.difficulty,
        )
        for row in canonical
        if not row.retired
    }


def _canonical_items() -> list[QuizItem]:
    """What all quizzes ask, each as its canonical page says."""
    rows = list(
        QuizItem.objects.filter(page__alias_of__isnull=True)
        .select_related("page__locale", "question")
        .only(
            "page__title",
            "page__translation_key",
            "page__live",
            "page__locale__language_code",
            "question__translation_key",
            "draw_count",
            "section",
            "draw_objective",
            "draw_category",
            "draw_tag",
            "draw_difficulty",
        )
        .order_by("page_id", "sort_order", "pk")
    )
    pages: dict[UUID, Any] = {}
    for row in rows:
        known = pages.get(row.page.translation_key)
        if known is None or _rank(row.page) < _rank(known):
            pages[row.page.translation_key] = row.page
    decisive = {page.pk for page in pages.values()}
    return [row for row in rows if row.page_id in decisive]


def _rank(page: Any) -> tuple[bool, bool, int]:
    return (not page.live, page.locale.language_code != settings.LANGUAGE_CODE, page.pk)


def _figures(keys: set[UUID]) -> dict[UUID, tuple[int | None, float | None]]:
    """First attempts and facility of the versions of today, over all quizzes, weighted by attempts."""
    wanted = {str(key) for key in keys}
    sums: dict[str, tuple[int, Fraction]] = {}
    for rows in QuizStatistic.objects.filter(format=FORMAT).values_list("questions", flat=True):
        for row in rows:
            if row["key"] in wanted and row["current"] and row["asked"] and row.get("facility") is not None:
                asked, earned = sums.get(row["key"], (0, Fraction(0)))
                sums[row["key"]] = (asked + row["asked"], earned + Fraction(row["facility"]) * row["asked"])
    return {UUID(key): (asked, float(earned / asked)) for key, (asked, earned) in sums.items()}

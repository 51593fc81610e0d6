"""What the rows of a quiz come to: for its editor, before it is published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from courses.quizzes.domain.composition import (
    offered_to,
    published_scenarios,
    published_variants,
    row_of,
)
from courses.quizzes.domain.drawing import Row, pools, sure
from courses.quizzes.domain.staleness import STREAMS, canonical_first, stale_among
from courses.quizzes.domain.variants import WORDS
from courses.quizzes.models import Question, QuizItem, QuizPage

# A rough measure, made to show that thirty questions aren't five minutes: words of a text read with care, by somebody
# who reads in a second language on a phone, and the time to decide.
WORDS_A_MINUTE: Final = 120
SECONDS_TO_DECIDE: Final = 20


@dataclass(frozen=True)
class RowOverview:
    """`words`: the question, or what is drawn from. `there`: how many can be asked; `enough` for what is wanted."""

    words: str
    is_draw: bool
    wanted: int
    there: int

    @property
    def enough(self) -> bool:
        return self.there >= self.wanted


@dataclass(frozen=True)
class Advice:
    """`about`: the questions or objectives that it is true of."""

    words: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Overview:
    """`questions` of an attempt; its points from `least_points` to `most_points`, which differ where draws take
    questions of unequal points; `minutes` it should take.
    """

    rows: tuple[RowOverview, ...]
    questions: int
    least_points: int
    most_points: int
    minutes: int
    warnings: tuple[Advice, ...]


def overview_of(page: QuizPage) -> Overview:
    """From the items of a page as they are in memory, in a number of queries that doesn't depend on them."""
    items = list(page.items.all())
    prefetch_related_objects(items, "question", "draw_objective", "draw_category")
    rows = [row_of(item) for item in items]
    offered = offered_to(rows)
    variants = {key: own for key, own in published_variants(offered).items() if own}
    canonical = {key: canonical_first(own)[0] for key, own in variants.items()}
    found, counts = pools(rows, offered), sure(rows, offered)
    shown = []
    least = most = 0
    seconds = 0.0
    for place, (item, row) in enumerate(zip(items, rows, strict=True)):
        asked = [canonical[key] for key in found.get(place, [row.question]) if key in canonical]
        there = counts[place] if row.is_draw else len(asked)
        wanted = row.count if row.is_draw else 1
        shown.append(RowOverview(str(item), row.is_draw, wanted, there))
        taken = min(wanted, there)
        points = sorted(question.points for question in asked)
        least, most = least + sum(points[:taken]), most + sum(points[len(points) - taken :])
        seconds += taken * _mean([_seconds(question) for question in asked])
    return Overview(
        tuple(shown),
        sum(min(row.wanted, row.there) for row in shown),
        least,
        most,
        ceil(seconds / 60),
        tuple(_warnings(page, items, rows, found, variants, canonical)),
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0


def _seconds(question: Question) -> float:
    texts = [question.case, question.stem, question.passage]
    for name in STREAMS:
        for block in getattr(question, name).get_prep_value():
            # Remarks are read afterwards, a picture's alternative text in its place.
            texts += [block["value"].get(word, "") for word in WORDS if word not in ("feedback", "alt")]
    return SECONDS_TO_DECIDE + sum(len(text.split()) for text in texts) * 60 / WORDS_A_MINUTE


def _warnings(
    page: QuizPage,
    items: Sequence[QuizItem],
    rows: Sequence[Row],
    found: Mapping[int, Sequence[UUID]],
    variants: Mapping[UUID, Sequence[Question]],
    canonical: Mapping[UUID, Question],
) -> list[Advice]:
    """Without those about too few questions, which the rows tell."""
    warnings = []
    if gone := [
        str(item)
        for item, row in zip(items, rows, strict=True)
        if row.question and row.question not in canonical
    ]:
        warnings.append(Advice(_("Not published or retired, so nobody is asked it:"), tuple(gone)))
    single = [
        str(item)
        for place, item in enumerate(items)
        if item.draw_objective_id and 0 < len(found[place]) <= item.draw_count
    ]
    if single:
        reason = _("No second form: every attempt asks the same questions of it:")
        warnings.append(Advice(reason, tuple(single)))
    if silent := [str(question) for question in canonical.values() if not question.feedback.strip()]:
        warnings.append(Advice(_("No explanation:"), tuple(silent)))
    scenarios = published_scenarios(
        {question.scenario.translation_key for question in canonical.values() if question.scenario}
    )
    if page.before_form and not any(row.is_draw for row in rows):
        warnings.append(
            Advice(_("The test asks the same questions as its form before the course: nothing is drawn."))
        )
    for language in _languages(page):
        name = get_language_info(language)["name_translated"]
        missing = [
            str(canonical[key])
            for key, own in variants.items()
            if language not in {question.locale.language_code for question in own}
        ]
        stale = [str(canonical[key]) for key, own in variants.items() if language in stale_among(own)]
        stale += [str(cases[0]) for cases in scenarios.values() if language in stale_among(cases)]
        if missing:
            words = _("Not published in this language: %(language)s") % {"language": name}
            warnings.append(Advice(words, tuple(missing)))
        if stale:
            words = _("The translation is older than the original: %(language)s") % {"language": name}
            warnings.append(Advice(words, tuple(stale)))
    return warnings


def _languages(page: QuizPage) -> list[str]:
    """Those that the quiz has a page in."""
    pages: QuerySet[Any] = QuizPage.objects.filter(
        translation_key=page.translation_key, alias_of__isnull=True
    )
    return sorted(pages.values_list("locale__language_code", flat=True))

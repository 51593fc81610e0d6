"""What a quiz consists of now, and freezing it into a paper.

As with the outline of a course, *what* belongs to a quiz comes from its canonical page (the one in the site's
default language where it exists) and the scoring of a question from its canonical variant; words come from
every published variant. So no language can have other questions, other keys or another pass mark.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from courses.quizzes.domain.drawing import Offered, Row, compose, folded, rank, sure
from courses.quizzes.domain.freezing import freeze_question
from courses.quizzes.domain.paper import FORMAT, Paper, content_hash
from courses.quizzes.domain.pictures import image_hashes
from courses.quizzes.domain.policy import Policy
from courses.quizzes.domain.staleness import canonical_first, stale_among
from courses.quizzes.enums import StaleLanguage
from courses.quizzes.models import (
    LearningObjective,
    Question,
    QuestionCategory,
    QuizItem,
    QuizPage,
    Scenario,
    TaggedQuestion,
)
from courses.quizzes.types.base import question_types


class QuizNotFound(LookupError):
    """No published quiz has this key."""


@dataclass(frozen=True)
class FrozenPaper:
    """The two documents of `domain.paper`, and the SHA-256 over both.

    `withheld`: languages in which the quiz isn't to be started, because it asks them to wait for their translators.
    """

    paper: dict[str, Any]
    answer_key: dict[str, Any]
    hash: str
    withheld: frozenset[str] = frozenset()

    def load(self) -> Paper:
        """The paper with its answer key."""
        return Paper.load(self.paper, self.answer_key)

    def why_withheld(self) -> str:
        """For a learner in a language that is withheld: the ones that work, each by its own name."""
        open_in = [code for code in self.paper["titles"] if code not in self.withheld]
        names = " · ".join(get_language_info(code)["name_local"] for code in open_in)
        return gettext(
            "In this language, the quiz is being brought up to date. You can take it in: %(languages)s"
        ) % {"languages": names}


def quiz_pages(quiz_key: UUID) -> list[QuizPage]:
    """The published pages of a quiz, the canonical one first. Raises QuizNotFound."""
    pages = list(
        QuizPage.objects.filter(translation_key=quiz_key, live=True, alias_of__isnull=True)
        .select_related("locale")
        .order_by("pk")
    )
    if not pages:
        raise QuizNotFound(str(quiz_key))
    return sorted(pages, key=lambda page: page.locale.language_code != settings.LANGUAGE_CODE)


# What there is to ask


def rows_of(page: QuizPage) -> list[Row]:
    """What a published page asks, in one query."""
    items = QuizItem.objects.filter(page_id=page.pk).order_by("sort_order", "pk")
    return [row_of(item) for item in items.select_related("question")]


def row_of(item: QuizItem) -> Row:
    """An item of a page, saved or not."""
    return Row(
        question=item.question.translation_key if item.question else None,
        count=item.draw_count,
        objective=item.draw_objective_id,
        category=item.draw_category_id,
        tag=item.draw_tag,
        difficulty=item.draw_difficulty,
        section=item.section,
    )


def offered_to(rows: Sequence[Row]) -> dict[UUID, Offered]:
    """The published questions that these rows name or may draw, by key, the oldest first; retired ones left out.

    One query; one more where a draw names a category, one where it names a tag.
    """
    below = _categories() if any(row.category for row in rows) else {}
    named = Q(translation_key__in={row.question for row in rows if row.question})
    draws = [_condition(row, below) for row in rows if row.is_draw]
    if draws:
        possible = Q()
        for condition in draws:
            possible |= condition
        found = Question.objects.filter(possible, live=True).values("translation_key")
        named |= Q(translation_key__in=found)
    variants: dict[UUID, list[Question]] = {}
    published = Question.objects.filter(named, live=True).select_related("locale", "scenario")
    for question in published.only(*_SAYS).order_by("pk"):
        variants.setdefault(question.translation_key, []).append(question)
    deciding = [canonical_first(own)[0] for own in variants.values()]
    tags = _tags(deciding) if any(row.tag for row in rows) else {}
    names = {row.question for row in rows}
    return {
        question.translation_key: Offered(
            key=question.translation_key,
            order=question.pk,
            objective=question.objective_id,
            categories=_upwards(question.category_id, below),
            tags=frozenset(tags.get(question.pk, ())),
            difficulty=question.difficulty,
            scenario=question.scenario.translation_key if question.scenario else None,
        )
        for question in sorted(deciding, key=lambda question: question.pk)
        # A named question of an absent type closes the quiz for the time being; a draw does without.
        if not question.retired and (question.translation_key in names or question.type in question_types)
    }


_SAYS = (
    "translation_key",
    "type",
    "retired",
    "objective_id",
    "category_id",
    "difficulty",
    "locale__language_code",
    "scenario__translation_key",
)


def _categories() -> dict[int, int | None]:
    """The category that each lies in."""
    return dict(QuestionCategory.objects.values_list("pk", "parent_id"))


def _upwards(category: int | None, parents: Mapping[int, int | None]) -> frozenset[int]:
    found: set[int] = set()
    while category is not None and category not in found:
        found.add(category)
        category = parents.get(category)
    return frozenset(found)


def _condition(row: Row, parents: Mapping[int, int | None]) -> Q:
    """What the database can say of a draw; the canonical variant has the last word."""
    found = Q(retired=False)
    if row.objective is not None:
        found &= Q(objective_id=row.objective)
    if row.category is not None:
        found &= Q(category_id__in=[pk for pk in parents if row.category in _upwards(pk, parents)])
    if row.tag:
        found &= Q(
            pk__in=TaggedQuestion.objects.filter(tag__name__iexact=row.tag.strip()).values("content_object")
        )
    if row.difficulty:
        found &= Q(difficulty=row.difficulty)
    return found


def _tags(questions: Iterable[Question]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    tagged = TaggedQuestion.objects.filter(content_object__in=[question.pk for question in questions])
    for pk, name in tagged.values_list("content_object_id", "tag__name"):
        found.setdefault(pk, []).append(folded(name))
    return found


def askable(rows: Sequence[Row]) -> set[UUID]:
    """The keys of all questions that a paper may ask."""
    return set(offered_to(rows))


def question_count(page: QuizPage) -> int:
    """How many questions a paper made from this page would have. As many queries as `rows_of` and `offered_to`."""
    rows = rows_of(page)
    return sum(len(section.keys) for section in compose(rows, offered_to(rows), seed=""))


def problems_of(rows: Sequence[Row]) -> list[Any]:
    """What keeps a quiz with these rows from being published, in words for the trainer; rows count from 1."""
    offered = offered_to(rows)
    found: list[Any] = []
    if not compose(rows, offered, seed=""):
        found.append(_("Choose at least one published question."))
    for place, there in sorted(sure(rows, offered).items()):
        if there < rows[place].count:
            words = {"row": place + 1, "wanted": rows[place].count, "there": there}
            found.append(_("Row %(row)d: %(wanted)d to draw, %(there)d available.") % words)
    return found


# Freezing


def freeze_quiz(quiz_key: UUID, *, seen: Collection[UUID] = (), seed: str | None = None) -> FrozenPaper:
    """The paper of a quiz as it is published now, in a number of queries that doesn't depend on its length. Raises
    QuizNotFound, TypeMissing.

    Unpublished and retired questions are left out; a draw takes what there is; a paper may be empty. `seen`: keys of
    questions that are drawn only after all others. `seed` decides what is drawn and how it is shuffled (an attempt
    gives its uuid); without one, chance does.
    """
    pages = quiz_pages(quiz_key)
    return freeze_rows(pages, rows_of(pages[0]), seen=seen, seed=seed)


def freeze_rows(
    pages: Sequence[QuizPage], rows: Sequence[Row], *, seen: Collection[UUID] = (), seed: str | None = None
) -> FrozenPaper:
    """The paper that asks `rows` under the rules of a quiz (`quiz_pages`), as `freeze_quiz`."""
    page = pages[0]
    seed = secrets.token_hex(16) if seed is None else seed
    offered = offered_to(rows)
    sections = compose(rows, offered, seed=seed, seen=seen, shuffle=page.shuffle_questions)
    keys = [key for section in sections for key in section.keys]
    withholds = page.stale_language == StaleLanguage.WITHHOLD
    # Whether a language is withheld mustn't depend on what was drawn.
    variants = published_variants(offered if withholds else keys)
    hashes = image_hashes(question for own in variants.values() for question in own)
    frozen = {key: freeze_question(own, hashes) for key, own in variants.items() if own}
    texts_of = {key: row["texts"] for key, (row, _key) in frozen.items()}
    stale = {
        question.locale.language_code
        for key, own in variants.items()
        for question in own
        if question.locale.language_code not in texts_of[key]
    }
    canonical = {key: canonical_first(own)[0] for key, own in variants.items() if own}
    asked = [canonical[key] for key in keys]
    scenarios, stale_cases = _scenarios(
        {question.scenario.translation_key for question in canonical.values() if question.scenario}
    )
    rows_asked = [_shuffled(frozen[key][0], seed, page.shuffle_choices) for key in keys]
    paper = {
        "format": FORMAT,
        "pass_mark": page.pass_mark,
        "titles": {page.locale.language_code: page.title for page in pages},
        "policy": Policy.of_page(page).frozen(),
        "questions": rows_asked,
        "objectives": {
            str(question.objective.key): _objective(question.objective)
            for question in asked
            if question.objective
        },
        "scenarios": {
            key: scenarios[key]
            for question in asked
            if question.scenario and (key := str(question.scenario.translation_key)) in scenarios
        },
        "sections": [
            {"at": keys.index(section.keys[0]) + 1, "words": dict(section.words)}
            for section in sections
            if section.words
        ],
    }
    answer_key = {str(key): frozen[key][1] for key in keys}
    return FrozenPaper(
        paper,
        answer_key,
        content_hash([paper, answer_key]),
        frozenset(stale | stale_cases) if withholds else frozenset(),
    )


def published_variants(keys: Collection[UUID]) -> dict[UUID, list[Question]]:
    """The published variants of questions, whole, in one query."""
    variants: dict[UUID, list[Question]] = {key: [] for key in keys}
    published = Question.objects.filter(translation_key__in=list(keys), live=True)
    for question in published.select_related("locale", "objective", "scenario").order_by("pk"):
        variants[question.translation_key].append(question)
    return variants


def _objective(objective: LearningObjective) -> dict[str, Any]:
    return {
        "statement": dict(objective.statement),
        "lesson": str(objective.lesson_key) if objective.lesson_key else None,
        "critical": objective.critical,
    }


def _scenarios(keys: Collection[UUID]) -> tuple[dict[str, Any], set[str]]:
    """The cases by key, in the languages whose words go with the original's, and the languages that were left out for
    their age; no query without any.
    """
    variants = published_scenarios(keys)
    found: dict[str, Any] = {}
    left_out: set[str] = set()
    for key, own in variants.items():
        stale = stale_among(own)
        left_out |= stale
        texts = {
            code: {"title": case.title, "text": case.text}
            for case in own
            if (code := case.locale.language_code) not in stale
        }
        found[str(key)] = {"language": own[0].locale.language_code, "texts": texts}
    return found, left_out


def published_scenarios(keys: Collection[UUID]) -> dict[UUID, list[Scenario]]:
    """The published variants of scenarios by key, the canonical one first, in one query; those without any left out."""
    found: dict[UUID, list[Scenario]] = {}
    if keys:
        rows = Scenario.objects.filter(translation_key__in=list(keys), live=True)
        for case in rows.select_related("locale").order_by("pk"):
            found.setdefault(case.translation_key, []).append(case)
    return {key: canonical_first(own) for key, own in found.items()}


def _shuffled(row: dict[str, Any], seed: str, shuffle: bool) -> dict[str, Any]:
    """The paper's part of a question with its choices in this paper's order; the version stays that of the words."""
    if not shuffle:
        return row
    place = partial(rank, seed, "choice", row["key"])
    return {**row, "body": question_types[row["type"]].shuffled(row["body"], place)}

"""Quizzes of course packages as pages, and what they ask from the bank."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from wagtail.models import Page

from courses.plugin_api.package_pages import assign, came_from_package, checked_to_of, day_of, identifier_of
from courses.plugin_api.packages import PackageError, Problem, key_for
from courses.quizzes.domain.bank import asked_by
from courses.quizzes.domain.composition import offered_to, row_of
from courses.quizzes.domain.drawing import Row, pools
from courses.quizzes.interfaces.package import (
    Ask,
    ObjectiveEntry,
    QuizCodec,
    QuizEntry,
    ScenarioEntry,
    in_canonical_order,
)
from courses.quizzes.interfaces.package_bank import (
    choice_key,
    entry_of,
    identifier_of_objective,
    optional,
    path_of,
    tidy,
)
from courses.quizzes.interfaces.package_questions import QuestionEntry
from courses.quizzes.interfaces.package_rules import RULES, all_rules, unusual
from courses.quizzes.interfaces.package_saving import Bank
from courses.quizzes.models import LearningObjective, Question, QuizItem, QuizPage, Scenario

__all__ = ["StoredQuizCodec", "choice_key"]

Pages = Mapping[str, QuizPage]


class StoredQuizCodec(QuizCodec):
    """The `StoredActivityCodec` of quizzes. Papers of attempts are frozen: nothing here reaches them."""

    def page_type(self) -> type[QuizPage]:
        return QuizPage

    def fill(self, entry: QuizEntry, pages: Pages, user: Any, *, image_id: Callable[[str], int]) -> set[str]:
        before = _asked_by(pages)
        bank = Bank({language: page.locale for language, page in pages.items()}, user, image_id)
        bank.save(entry)
        changed: set[str] = set()
        for language, page in pages.items():
            values = {
                "intro": entry.intro[language] if entry.intro else "",
                "pass_mark": entry.pass_mark,
                "max_attempts": entry.max_attempts,
                "required": entry.required,
                "estimated_minutes": entry.minutes,
                "law_checked_to": day_of(entry.law_checked_to),
                **all_rules(entry.rules),
            }
            if assign(page, values):
                changed.add(language)
            items = [bank.item(ask, language, order) for order, ask in enumerate(entry.rows)]
            if [row_of(item) for item in _items(page)] != [row_of(item) for item in items]:
                # Kept with the page: they are stored, and frozen in its revision, when the core saves it.
                page.items.set(items)
                changed.add(language)
        _unpublish_unused(
            before.difference(key_for(question.id) for question in entry.questions), pages, user
        )
        return changed

    def load(self, pages: Pages, identifier: str, *, image_path: Callable[[int], str]) -> QuizEntry:
        page = _canonical(pages)
        languages = sorted(pages)
        # Retired ones aren't asked any more, here as in attempts.
        items = [item for item in _items(page) if not (item.question and item.question.retired)]
        asks = [_load_ask(item, languages) for item in items]
        questions = _load_questions(items, languages, image_path)
        keys = [key_for(question.id) for question in questions]
        found = LearningObjective.objects.filter(
            Q(questions__translation_key__in=keys) | Q(quiz_items__page_id=page.pk)
        )
        objectives = [_load_objective(objective, page, languages) for objective in found.distinct()]
        scenarios = _load_scenarios(questions, languages)
        return QuizEntry(
            id=identifier,
            slug=page.slug,
            required=page.required,
            pass_mark=page.pass_mark,
            max_attempts=page.max_attempts,
            minutes=page.estimated_minutes,
            law_checked_to=checked_to_of(page.law_checked_to),
            title={language: pages[language].title for language in languages},
            intro=optional({language: tidy(pages[language].intro) for language in languages}),
            rules=unusual({name: _in_utc(getattr(page, name)) for name in RULES}),
            **in_canonical_order(questions, objectives, scenarios, asks),
        )


def _items(page: QuizPage) -> list[QuizItem]:
    """The items of a page in their order; none of a page that isn't saved yet."""
    if page.pk is None:
        return []
    items = QuizItem.objects.filter(page_id=page.pk).order_by("sort_order", "pk")
    return list(items.select_related("question", "draw_objective", "draw_category"))


def _in_utc(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


# What is asked no more


def _asked_by(pages: Pages) -> set[UUID]:
    """What the pages ask so far: the questions they name, and those of packages that they may draw."""
    own = QuizItem.objects.filter(page_id__in=[page.pk for page in pages.values() if page.pk])
    items = list(own.select_related("question"))
    named = {item.question.translation_key for item in items if item.question}
    drawn = _drawn([row_of(item) for item in items])
    brought = Question.objects.filter(translation_key__in=drawn).exclude(package_id="")
    return named.union(brought.values_list("translation_key", flat=True))


def _drawn(rows: Sequence[Row]) -> list[UUID]:
    """The keys of the questions that these rows may draw, the oldest first; no query where nothing is drawn."""
    if not any(row.is_draw for row in rows):
        return []
    offered = offered_to(rows)
    possible = {key for keys in pools(rows, offered).values() for key in keys}
    return [key for key in offered if key in possible]


def _unpublish_unused(keys: set[UUID], pages: Pages, user: Any) -> None:
    """Unpublish the questions that a package brought into this quiz and no quiz asks any more."""
    own = {page.translation_key for page in pages.values()}
    unused = {key for key, quizzes in asked_by(keys).items() if not quizzes - own}
    # A draft of another quiz may name one, too.
    others = QuizItem.objects.filter(question__translation_key__in=unused)
    others = others.exclude(page_id__in=[page.pk for page in pages.values() if page.pk])
    unused.difference_update(others.values_list("question__translation_key", flat=True))
    for question in Question.objects.filter(translation_key__in=unused, live=True):
        if came_from_package(question):
            question.unpublish(user=user)


# From the bank


def _canonical(pages: Pages) -> QuizPage:
    """The page whose rules count, as for attempts."""
    return pages.get(settings.LANGUAGE_CODE) or pages[min(pages)]


def _load_ask(item: QuizItem, languages: Sequence[str]) -> Ask:
    section = _in_all(item.section, languages, "section") if item.section else None
    if item.question:
        return Ask(question=identifier_of(item.question), section=section)
    objective = item.draw_objective
    return Ask(
        objective=identifier_of_objective(objective) if objective else None,
        category=path_of(item.draw_category),
        tag=tidy(item.draw_tag),
        difficulty=item.draw_difficulty,
        count=item.draw_count,
        section=section,
    )


def _load_objective(objective: LearningObjective, page: QuizPage, languages: Sequence[str]) -> ObjectiveEntry:
    lesson = None
    if objective.lesson_key:
        course = page.path[: -2 * Page.steplen]
        lesson = Page.objects.filter(
            translation_key=objective.lesson_key, path__startswith=course, live=True
        ).first()
        if lesson is None:
            raise _refused(f"the lesson of the objective '{objective}' isn't published in this course")
    return ObjectiveEntry(
        id=identifier_of_objective(objective),
        lesson=identifier_of(lesson.specific) if lesson else None,
        critical=objective.critical,
        statement=_in_all(objective.statement, languages, "objective"),
    )


def _load_questions(
    items: Sequence[QuizItem], languages: Sequence[str], image_path: Callable[[int], str]
) -> list[QuestionEntry]:
    """What the items name, in their order, then what they may draw."""
    keys = [item.question.translation_key for item in items if item.question]
    keys += _drawn([row_of(item) for item in items])
    variants: dict[UUID, dict[str, Question]] = {key: {} for key in keys}
    published = Question.objects.filter(
        translation_key__in=list(variants), live=True, locale__language_code__in=languages
    )
    published = published.select_related("locale", "objective", "scenario", "category")
    for question in published.prefetch_related("tags"):  # type: ignore[misc]
        variants[question.translation_key][question.locale.language_code] = question
    return [entry_of(own, languages, image_path) for own in variants.values() if own]


def _load_scenarios(questions: Sequence[QuestionEntry], languages: Sequence[str]) -> list[ScenarioEntry]:
    """The cases that these questions are about."""
    named = {key_for(question.scenario): question.scenario for question in questions if question.scenario}
    found: dict[UUID, dict[str, Scenario]] = {key: {} for key in named}
    published = Scenario.objects.filter(translation_key__in=found, live=True).select_related("locale")
    for case in published if named else ():
        found[case.translation_key][case.locale.language_code] = case
    scenarios = []
    for key, variants in found.items():
        identifier = named[key]
        missing = [language for language in languages if language not in variants]
        if missing:
            raise _refused(f"the scenario '{identifier}' is not published in '{missing[0]}'")
        scenarios.append(
            ScenarioEntry(
                id=identifier,
                title={language: tidy(variants[language].title) for language in languages},
                text={language: tidy(variants[language].text) for language in languages},
            )
        )
    return scenarios


def _in_all(words: Mapping[str, str], languages: Sequence[str], name: str) -> dict[str, str]:
    missing = [language for language in languages if not words.get(language)]
    if missing:
        raise _refused(f"the {name} '{next(iter(words.values()), '')}' has no words in '{missing[0]}'")
    return {language: words[language] for language in languages}


def _refused(reason: str) -> PackageError:
    return PackageError([Problem("", 0, reason)])

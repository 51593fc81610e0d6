"""Quizzes of course packages as pages, and what they ask from the bank."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from wagtail.models import Page

from courses.plugin_api.package_pages import assign, came_from_package, checked_to_of, day_of, identifier_of
from courses.plugin_api.packages import PackageError, Problem, key_for
from courses.quizzes.domain.composition import row_of
from courses.quizzes.domain.staleness import note_all_fresh
from courses.quizzes.interfaces.package import (
    Ask,
    ObjectiveEntry,
    QuestionEntry,
    QuizCodec,
    QuizEntry,
    in_canonical_order,
)
from courses.quizzes.interfaces.package_bank import (
    choice_key,
    entry_of,
    identifier_of_objective,
    optional,
    values_of,
)
from courses.quizzes.models import LearningObjective, Question, QuizItem, QuizPage

__all__ = ["StoredQuizCodec", "choice_key"]

Pages = Mapping[str, QuizPage]


class StoredQuizCodec(QuizCodec):
    """The `StoredActivityCodec` of quizzes. Papers of attempts are frozen: nothing here reaches them."""

    def page_type(self) -> type[QuizPage]:
        return QuizPage

    def fill(self, entry: QuizEntry, pages: Pages, user: Any) -> set[str]:
        before = _asked_by(pages)
        objectives = _save_objectives(entry)
        variants = _save_questions(entry, objectives, pages, user)
        changed: set[str] = set()
        for language, page in pages.items():
            values = {
                "intro": entry.intro[language] if entry.intro else "",
                "pass_mark": entry.pass_mark,
                "max_attempts": entry.max_attempts,
                "required": entry.required,
                "estimated_minutes": entry.minutes,
                "law_checked_to": day_of(entry.law_checked_to),
            }
            if assign(page, values):
                changed.add(language)
            items = [
                QuizItem(
                    question=variants[key_for(ask.question), language] if ask.question else None,
                    draw_objective=objectives[ask.objective] if ask.objective else None,
                    draw_count=ask.count,
                    section=dict(ask.section or {}),
                    sort_order=order,
                )
                for order, ask in enumerate(entry.rows)
            ]
            if [row_of(item) for item in _items(page)] != [row_of(item) for item in items]:
                # Kept with the page: they are stored, and frozen in its revision, when the core saves it.
                page.items.set(items)
                changed.add(language)
        _unpublish_unused(
            before.difference(key_for(question.id) for question in entry.questions), pages, user
        )
        return changed

    def load(self, pages: Pages, identifier: str) -> QuizEntry:
        page = _canonical(pages)
        languages = sorted(pages)
        # Retired ones aren't asked any more, here as in attempts.
        items = [item for item in _items(page) if not (item.question and item.question.retired)]
        asks = [_load_ask(item, languages) for item in items]
        questions = _load_questions(items, languages)
        found = LearningObjective.objects.filter(
            Q(questions__translation_key__in=[key_for(question.id) for question in questions])
            | Q(quiz_items__page_id=page.pk)
        )
        objectives = [_load_objective(objective, page, languages) for objective in found.distinct()]
        return QuizEntry(
            id=identifier,
            slug=page.slug,
            required=page.required,
            pass_mark=page.pass_mark,
            max_attempts=page.max_attempts,
            minutes=page.estimated_minutes,
            law_checked_to=checked_to_of(page.law_checked_to),
            title={language: pages[language].title for language in languages},
            intro=optional({language: pages[language].intro for language in languages}),
            **in_canonical_order(questions, objectives, asks),
        )


def _items(page: QuizPage) -> list[QuizItem]:
    """The items of a page in their order; none of a page that isn't saved yet."""
    if page.pk is None:
        return []
    items = QuizItem.objects.filter(page_id=page.pk).order_by("sort_order", "pk")
    return list(items.select_related("question", "draw_objective"))


# To the bank


def _save_objectives(entry: QuizEntry) -> dict[str, LearningObjective]:
    """The objectives by id, made and changed where they differ."""
    keys = {objective.id: key_for(objective.id) for objective in entry.objectives}
    known = {row.key: row for row in LearningObjective.objects.filter(key__in=keys.values())}
    saved = {}
    for objective in entry.objectives:
        row = known.get(keys[objective.id]) or LearningObjective(key=keys[objective.id])
        values = {
            "statement": dict(objective.statement),
            "lesson_key": key_for(objective.lesson) if objective.lesson else None,
            "critical": objective.critical,
            "package_id": objective.id,
        }
        if assign(row, values) or row.pk is None:
            row.save()
        saved[objective.id] = row
    return saved


def _save_questions(
    entry: QuizEntry, objectives: Mapping[str, LearningObjective], pages: Pages, user: Any
) -> dict[tuple[UUID, str], Question]:
    """Every question in every language, made, changed and published where it differs; all languages then count as
    saying the same.
    """
    locales = {language: page.locale for language, page in pages.items()}
    languages = {locale.pk: language for language, locale in locales.items()}
    keys = [key_for(question.id) for question in entry.questions]
    known = Question.objects.filter(translation_key__in=keys, locale__in=list(languages))
    variants = {
        (question.translation_key, languages[question.locale_id]): question
        for question in known.select_related("objective")
    }
    for question in entry.questions:
        objective = objectives[question.objective] if question.objective else None
        for language, locale in locales.items():
            key = key_for(question.id)
            variant = variants.get((key, language)) or Question(
                translation_key=key, locale=locale, live=False
            )
            if assign(variant, values_of(question, language, objective)) or not variant.live:
                if variant.pk is None:
                    variant.save()
                variant.save_revision(user=user, clean=False).publish(user=user, skip_permission_checks=True)
            variants[key, language] = variant
    note_all_fresh(Question, keys)
    return variants


def _asked_by(pages: Pages) -> set[UUID]:
    """What the pages ask so far: the questions they name, and those of packages that they draw from."""
    own = QuizItem.objects.filter(page_id__in=[page.pk for page in pages.values() if page.pk])
    named = own.filter(question__isnull=False).values_list("question__translation_key", flat=True)
    drawn = Question.objects.filter(
        objective__in=own.filter(draw_objective__isnull=False).values("draw_objective")
    )
    return {*named, *drawn.exclude(package_id="").values_list("translation_key", flat=True)}


def _unpublish_unused(keys: set[UUID], pages: Pages, user: Any) -> None:
    """Unpublish the questions that a package brought into this quiz and no quiz asks any more."""
    others = QuizItem.objects.exclude(page_id__in=[page.pk for page in pages.values() if page.pk])
    named = set(
        others.filter(question__translation_key__in=keys).values_list("question__translation_key", flat=True)
    )
    drawn = set(others.filter(draw_objective__isnull=False).values_list("draw_objective", flat=True))
    for question in Question.objects.filter(translation_key__in=keys - named, live=True):
        if came_from_package(question) and question.objective_id not in drawn:
            question.unpublish(user=user)


# From the bank


def _canonical(pages: Pages) -> QuizPage:
    """The page whose rules count, as for attempts."""
    return pages.get(settings.LANGUAGE_CODE) or pages[min(pages)]


def _load_ask(item: QuizItem, languages: Sequence[str]) -> Ask:
    section = _in_all(item.section, languages, "section") if item.section else None
    if item.question:
        return Ask(question=identifier_of(item.question), section=section)
    if item.draw_objective is None or item.draw_category_id or item.draw_tag or item.draw_difficulty:
        raise _refused(f"a draw of {item.draw_count} questions can't be written: only one by objective alone")
    return Ask(objective=identifier_of_objective(item.draw_objective), count=item.draw_count, section=section)


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


def _load_questions(items: Sequence[QuizItem], languages: Sequence[str]) -> list[QuestionEntry]:
    """What the items name, in their order, then what they may draw."""
    keys = [item.question.translation_key for item in items if item.question]
    drawn = Question.objects.filter(
        objective__in=[item.draw_objective_id for item in items if item.draw_objective_id], retired=False
    )
    keys += drawn.filter(live=True).order_by("pk").values_list("translation_key", flat=True)
    variants: dict[UUID, dict[str, Question]] = {key: {} for key in keys}
    published = Question.objects.filter(
        translation_key__in=list(variants), live=True, locale__language_code__in=languages
    )
    for question in published.select_related("locale", "objective"):
        variants[question.translation_key][question.locale.language_code] = question
    return [entry_of(own, languages) for own in variants.values() if own]


def _in_all(words: Mapping[str, str], languages: Sequence[str], name: str) -> dict[str, str]:
    missing = [language for language in languages if not words.get(language)]
    if missing:
        raise _refused(f"the {name} '{next(iter(words.values()), '')}' has no words in '{missing[0]}'")
    return {language: words[language] for language in languages}


def _refused(reason: str) -> PackageError:
    return PackageError([Problem("", 0, reason)])

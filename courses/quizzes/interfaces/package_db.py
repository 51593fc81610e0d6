"""Quizzes of course packages as pages and questions of the bank."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings

from courses.plugin_api.package_pages import assign, came_from_package, checked_to_of, day_of, identifier_of
from courses.plugin_api.packages import PackageError, Problem, is_uuid, key_for
from courses.quizzes.interfaces.package import (
    BooleanAnswer,
    Choice,
    ChoiceAnswer,
    NumericAnswer,
    QuestionEntry,
    QuizCodec,
    QuizEntry,
)
from courses.quizzes.models import Question, QuizItem, QuizPage

Pages = Mapping[str, QuizPage]


class StoredQuizCodec(QuizCodec):
    """The `StoredActivityCodec` of quizzes. Papers of attempts are frozen: nothing here reaches them."""

    def page_type(self) -> type[QuizPage]:
        return QuizPage

    def fill(self, entry: QuizEntry, pages: Pages, user: Any) -> set[str]:
        keys = [key_for(question.id) for question in entry.questions]
        variants = _save_questions(entry, pages, user)
        changed: set[str] = set()
        before: set[UUID] = set()
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
            current = [item.question.translation_key for item in _items(page)]
            before.update(current)
            if current != keys:
                items = [
                    QuizItem(question=variants[key, language], sort_order=order)
                    for order, key in enumerate(keys)
                ]
                # Kept with the page: they are stored, and frozen in its revision, when the core saves it.
                page.items.set(items)
                changed.add(language)
        _unpublish_unused(before.difference(keys), pages, user)
        return changed

    def load(self, pages: Pages, identifier: str) -> QuizEntry:
        page = _canonical(pages)
        intro = {language: pages[language].intro for language in sorted(pages)}
        return QuizEntry(
            id=identifier,
            slug=page.slug,
            required=page.required,
            pass_mark=page.pass_mark,
            max_attempts=page.max_attempts,
            minutes=page.estimated_minutes,
            law_checked_to=checked_to_of(page.law_checked_to),
            title={language: pages[language].title for language in sorted(pages)},
            intro=_optional(intro),
            questions=tuple(_load_questions(page, sorted(pages))),
        )


def _items(page: QuizPage) -> list[QuizItem]:
    """The items of a page in their order; none of a page that isn't saved yet."""
    if page.pk is None:
        return []
    return list(
        QuizItem.objects.filter(page_id=page.pk).order_by("sort_order", "pk").select_related("question")
    )


# To the bank


def _save_questions(entry: QuizEntry, pages: Pages, user: Any) -> dict[tuple[UUID, str], Question]:
    """Every question in every language, made, changed and published where it differs."""
    locales = {language: page.locale for language, page in pages.items()}
    languages = {locale.pk: language for language, locale in locales.items()}
    keys = [key_for(question.id) for question in entry.questions]
    variants = {
        (question.translation_key, languages[question.locale_id]): question
        for question in Question.objects.filter(translation_key__in=keys, locale__in=list(languages))
    }
    for question in entry.questions:
        for language, locale in locales.items():
            key = key_for(question.id)
            variant = variants.get((key, language)) or Question(
                translation_key=key, locale=locale, live=False
            )
            if assign(variant, _values(question, language)) or not variant.live:
                if variant.pk is None:
                    variant.save()
                variant.save_revision(user=user, clean=False).publish(user=user, skip_permission_checks=True)
            variants[key, language] = variant
    return variants


def _values(entry: QuestionEntry, language: str) -> dict[str, Any]:
    answer = entry.answer
    number = answer if isinstance(answer, NumericAnswer) else None
    return {
        "type": entry.type,
        "case": entry.case[language] if entry.case else "",
        "stem": entry.stem[language],
        "feedback": entry.feedback[language] if entry.feedback else "",
        "points": entry.points,
        "choices": _choices_to_stream(entry.id, answer.choices, language)
        if isinstance(answer, ChoiceAnswer)
        else [],
        "statement_is_true": answer.answer if isinstance(answer, BooleanAnswer) else None,
        "number": number.answer if number else None,
        "tolerance": number.tolerance if number else 0,
        "unit": number.unit[language] if number and number.unit else "",
        "facts": list(entry.facts),
        "package_id": entry.id,
    }


def choice_key(question_id: str, choice_id: str) -> str:
    """The id of a choice's block, the same in all languages and wherever the choice stands: answers point to it."""
    return choice_id if is_uuid(choice_id) else str(uuid5(key_for(question_id), f"choice {choice_id}"))


def _choices_to_stream(question_id: str, choices: Sequence[Choice], language: str) -> list[dict[str, Any]]:
    return [
        {
            "type": "choice",
            "value": {
                "text": choice.text[language],
                "correct": choice.correct,
                "feedback": choice.feedback[language] if choice.feedback else "",
                "package_id": choice.id,
            },
            "id": choice_key(question_id, choice.id),
        }
        for choice in choices
    ]


def _unpublish_unused(keys: set[UUID], pages: Pages, user: Any) -> None:
    """Unpublish the questions that a package brought into this quiz and no quiz asks any more."""
    own = [page.pk for page in pages.values()]
    used = set(
        QuizItem.objects.filter(question__translation_key__in=keys)
        .exclude(page_id__in=own)
        .values_list("question__translation_key", flat=True)
    )
    for question in Question.objects.filter(translation_key__in=keys - used, live=True):
        if came_from_package(question):
            question.unpublish(user=user)


# From the bank


def _canonical(pages: Pages) -> QuizPage:
    """The page whose rules count, as for attempts."""
    return pages.get(settings.LANGUAGE_CODE) or pages[min(pages)]


def _load_questions(page: QuizPage, languages: Sequence[str]) -> list[QuestionEntry]:
    keys = list(dict.fromkeys(item.question.translation_key for item in _items(page)))
    variants: dict[UUID, dict[str, Question]] = {key: {} for key in keys}
    published = Question.objects.filter(
        translation_key__in=keys, live=True, locale__language_code__in=languages
    )
    for question in published.select_related("locale"):
        variants[question.translation_key][question.locale.language_code] = question
    return [_load_question(variants[key], languages) for key in keys if variants[key]]


def _load_question(variants: Mapping[str, Question], languages: Sequence[str]) -> QuestionEntry:
    main = variants.get(settings.LANGUAGE_CODE) or variants[min(variants)]
    missing = [language for language in languages if language not in variants]
    if missing:
        reason = f"the question '{main}' is not published in '{missing[0]}'"
        raise PackageError([Problem("", 0, reason)])

    def texts(name: str) -> dict[str, str]:
        return {language: getattr(variants[language], name) for language in languages}

    return QuestionEntry(
        id=identifier_of(main),
        type=main.type,
        points=main.points,
        facts=tuple(main.facts),
        case=_optional(texts("case")),
        stem=texts("stem"),
        answer=_load_answer(main, variants, languages),
        feedback=_optional(texts("feedback")),
    )


def _load_answer(
    main: Question, variants: Mapping[str, Question], languages: Sequence[str]
) -> ChoiceAnswer | BooleanAnswer | NumericAnswer:
    if main.type in ("single_choice", "multiple_choice"):
        return ChoiceAnswer(tuple(_load_choices(main, variants, languages)))
    if main.type == "true_false" and main.statement_is_true is not None:
        return BooleanAnswer(main.statement_is_true)
    if main.type == "numeric" and main.number is not None:
        unit = _optional({language: variants[language].unit for language in languages})
        return NumericAnswer(main.number, main.tolerance, unit)
    raise PackageError([Problem("", 0, f"the question '{main}' can't be written: {main.type}")])


def _load_choices(main: Question, variants: Mapping[str, Question], languages: Sequence[str]) -> list[Choice]:
    blocks = {
        language: {block["id"]: block["value"] for block in variants[language].choices.get_prep_value()}
        for language in languages
    }
    choices: list[Choice] = []
    for block in main.choices.get_prep_value():
        missing = [language for language in languages if block["id"] not in blocks[language]]
        if missing:
            reason = f"a choice of the question '{main}' is missing in '{missing[0]}'"
            raise PackageError([Problem("", 0, reason)])
        identifier = block["value"].get("package_id") or ""
        if choice_key(identifier_of(main), identifier) != block["id"]:
            identifier = block["id"]
        values = {language: blocks[language][block["id"]] for language in languages}
        choices.append(
            Choice(
                id=identifier,
                correct=bool(block["value"]["correct"]),
                text={language: value["text"] for language, value in values.items()},
                feedback=_optional(
                    {language: value.get("feedback") or "" for language, value in values.items()}
                ),
            )
        )
    return choices


def _optional(texts: dict[str, str]) -> dict[str, str] | None:
    return texts if any(texts.values()) else None

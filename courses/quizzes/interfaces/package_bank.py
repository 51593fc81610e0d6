"""Questions of course packages as questions of the bank, and back: words and answers."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid5

from django.conf import settings

from courses.plugin_api.package_pages import identifier_of
from courses.plugin_api.packages import PackageError, Problem, is_uuid, key_for
from courses.quizzes.interfaces.package import QuestionEntry
from courses.quizzes.interfaces.package_answers import (
    SCORINGS,
    Answer,
    BooleanAnswer,
    Choice,
    ChoiceAnswer,
    Distractor,
    Item,
    MatchingAnswer,
    NumericAnswer,
    OrderingAnswer,
    Pair,
    PassageAnswer,
    TextAnswer,
)
from courses.quizzes.models import LearningObjective, Question
from courses.quizzes.types.short_text import accepted_of


def values_of(entry: QuestionEntry, language: str, objective: LearningObjective | None) -> dict[str, Any]:
    """The fields of a question in one language; streams as raw data."""
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
        "choice_scoring": answer.scoring if isinstance(answer, ChoiceAnswer) else SCORINGS[0],
        "statement_is_true": answer.answer if isinstance(answer, BooleanAnswer) else None,
        "number": number.answer if number else None,
        "tolerance": number.tolerance if number else 0,
        "unit": number.unit[language] if number and number.unit else "",
        "accepted": answer.accepted[language] if isinstance(answer, TextAnswer) else "",
        "pairs": _pairs_to_stream(entry.id, answer, language) if isinstance(answer, MatchingAnswer) else [],
        "sequence": [
            _block("item", entry.id, item.id, text=item.text[language])
            for item in (answer.items if isinstance(answer, OrderingAnswer) else ())
        ],
        "passage": answer.passage[language] if isinstance(answer, PassageAnswer) else "",
        "partial_credit": answer.partial_credit
        if isinstance(answer, MatchingAnswer | OrderingAnswer | PassageAnswer)
        else True,
        "hints": entry.hints[language] if entry.hints else "",
        "provisions": entry.provisions[language] if entry.provisions else "",
        "objective": objective,
        "difficulty": entry.difficulty,
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


def _pairs_to_stream(question_id: str, answer: MatchingAnswer, language: str) -> list[dict[str, Any]]:
    return [
        *(
            _block("pair", question_id, pair.id, prompt=pair.prompt[language], option=pair.option[language])
            for pair in answer.pairs
        ),
        *(
            _block("distractor", question_id, other.id, option=other.option[language])
            for other in answer.distractors
        ),
    ]


def _block(kind: str, question_id: str, identifier: str, **words: str) -> dict[str, Any]:
    return {
        "type": kind,
        "value": {**words, "package_id": identifier},
        "id": choice_key(question_id, identifier),
    }


# From the bank


def entry_of(variants: Mapping[str, Question], languages: Sequence[str]) -> QuestionEntry:
    """The entry of a question from its published variants by language. Raises PackageError where there can be none."""
    main = variants.get(settings.LANGUAGE_CODE) or variants[min(variants)]
    missing = [language for language in languages if language not in variants]
    if missing:
        reason = f"the question '{main}' is not published in '{missing[0]}'"
        raise PackageError([Problem("", 0, reason)])

    if main.scenario_id is not None:
        raise PackageError([Problem("", 0, f"the scenario of the question '{main}' can't be written")])

    def texts(name: str) -> dict[str, str]:
        return {language: getattr(variants[language], name) for language in languages}

    return QuestionEntry(
        id=identifier_of(main),
        type=main.type,
        points=main.points,
        facts=tuple(main.facts),
        case=optional(texts("case")),
        stem=texts("stem"),
        answer=_load_answer(main, variants, languages),
        feedback=optional(texts("feedback")),
        objective=identifier_of_objective(main.objective) if main.objective else None,
        difficulty=main.difficulty,
        provisions=optional(texts("provisions")),
        hints=optional(texts("hints")),
    )


def _load_answer(main: Question, variants: Mapping[str, Question], languages: Sequence[str]) -> Answer:
    if main.type in ("single_choice", "multiple_choice"):
        return ChoiceAnswer(tuple(_load_choices(main, variants, languages)), main.choice_scoring)
    if main.type == "true_false" and main.statement_is_true is not None:
        return BooleanAnswer(main.statement_is_true)
    if main.type == "numeric" and main.number is not None:
        unit = optional({language: variants[language].unit for language in languages})
        return NumericAnswer(main.number, main.tolerance, unit)
    if main.type == "short_text":
        return TextAnswer({language: "\n".join(accepted_of(variants[language])) for language in languages})
    if main.type == "cloze":
        passages = {language: variants[language].passage for language in languages}
        return PassageAnswer(passages, main.partial_credit)
    if main.type == "matching":
        rows = _rows("pairs", main, variants, languages)
        return MatchingAnswer(
            tuple(Pair(id_, words["prompt"], words["option"]) for kind, id_, words in rows if kind == "pair"),
            tuple(Distractor(id_, words["option"]) for kind, id_, words in rows if kind == "distractor"),
            main.partial_credit,
        )
    if main.type == "ordering":
        rows = _rows("sequence", main, variants, languages)
        return OrderingAnswer(
            tuple(Item(id_, words["text"]) for _kind, id_, words in rows), main.partial_credit
        )
    raise PackageError([Problem("", 0, f"the question '{main}' can't be written: {main.type}")])


def _load_choices(main: Question, variants: Mapping[str, Question], languages: Sequence[str]) -> list[Choice]:
    right = {block["id"]: bool(block["value"]["correct"]) for block in main.choices.get_prep_value()}
    rows = _rows("choices", main, variants, languages)
    return [
        Choice(
            id=identifier,
            correct=correct,
            text=words["text"],
            feedback=optional(words.get("feedback", {})),
        )
        for (_kind, identifier, words), correct in zip(rows, right.values(), strict=True)
    ]


def _rows(
    name: str, main: Question, variants: Mapping[str, Question], languages: Sequence[str]
) -> list[tuple[str, str, dict[str, dict[str, str]]]]:
    """Kind, id and words by name and language of each block of a stream, as the main variant has them."""
    blocks = {
        language: {
            block["id"]: block["value"] for block in getattr(variants[language], name).get_prep_value()
        }
        for language in languages
    }
    rows = []
    for block in getattr(main, name).get_prep_value():
        missing = [language for language in languages if block["id"] not in blocks[language]]
        if missing:
            reason = f"a choice of the question '{main}' is missing in '{missing[0]}'"
            raise PackageError([Problem("", 0, reason)])
        identifier = block["value"].get("package_id") or ""
        if choice_key(identifier_of(main), identifier) != block["id"]:
            identifier = block["id"]
        words = {
            word: {language: blocks[language][block["id"]].get(word) or "" for language in languages}
            for word in block["value"]
            if word not in ("correct", "package_id")
        }
        rows.append((block["type"], identifier, words))
    return rows


def identifier_of_objective(objective: LearningObjective) -> str:
    """As `identifier_of`, for what has a key of its own."""
    identifier = objective.package_id
    return identifier if identifier and key_for(identifier) == objective.key else str(objective.key)


def optional(texts: dict[str, str]) -> dict[str, str] | None:
    """None where no language has words."""
    return texts if any(texts.values()) else None

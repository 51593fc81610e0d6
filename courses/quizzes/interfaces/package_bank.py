"""Questions of course packages as questions of the bank, and back: words and answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid5

from django.conf import settings

from courses.plugin_api.package_pages import identifier_of
from courses.plugin_api.packages import PackageError, Problem, is_uuid, key_for
from courses.quizzes.interfaces.package_answers import (
    SCORINGS,
    Answer,
    BooleanAnswer,
    Choice,
    ChoiceAnswer,
    Criterion,
    Distractor,
    Item,
    MatchingAnswer,
    NumericAnswer,
    OrderingAnswer,
    Pair,
    PassageAnswer,
    RubricAnswer,
    Shown,
    TextAnswer,
)
from courses.quizzes.interfaces.package_questions import Picture, QuestionEntry
from courses.quizzes.models import LearningObjective, Question, QuestionCategory, Scenario
from courses.quizzes.types.short_text import accepted_of

# What a block holds beside its words.
_NO_WORDS = ("correct", "points", "image", "picture", "alt", "package_id")


@dataclass(frozen=True)
class Around:
    """What a question hangs on, as rows of the site. `image_id`: the image of a path of the package; None where no
    pictures come with the questions.
    """

    objective: LearningObjective | None = None
    scenario: Scenario | None = None
    category: QuestionCategory | None = None
    image_id: Callable[[str], int] | None = None


def values_of(entry: QuestionEntry, language: str, around: Around) -> dict[str, Any]:
    """The fields of a question in one language; streams as raw data. Its tags aren't fields."""
    answer = entry.answer
    number = answer if isinstance(answer, NumericAnswer) else None
    return {
        "type": entry.type,
        "case": entry.case[language] if entry.case else "",
        "stem": entry.stem[language],
        "pictures": _pictures_to_stream(entry, language, around.image_id),
        "feedback": entry.feedback[language] if entry.feedback else "",
        "points": entry.points,
        "choices": _choices_to_stream(entry.id, answer.choices, language, around.image_id)
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
        "rubric": [
            _block("criterion", entry.id, row.id, text=row.text[language], points=row.points)
            for row in (answer.rubric if isinstance(answer, RubricAnswer) else ())
        ],
        "hints": entry.hints[language] if entry.hints else "",
        "provisions": entry.provisions[language] if entry.provisions else "",
        "objective": around.objective,
        "scenario": around.scenario,
        "category": around.category,
        "difficulty": entry.difficulty,
        "facts": list(entry.facts),
        "package_id": entry.id,
    }


def choice_key(question_id: str, choice_id: str) -> str:
    """The id of a choice's block, the same in all languages and wherever the choice stands: answers point to it."""
    return choice_id if is_uuid(choice_id) else str(uuid5(key_for(question_id), f"choice {choice_id}"))


def picture_key(question_id: str, picture_id: str) -> str:
    """The id of the block of a picture under the text, likewise."""
    return picture_id if is_uuid(picture_id) else str(uuid5(key_for(question_id), f"picture {picture_id}"))


def _pictures_to_stream(
    entry: QuestionEntry, language: str, image_id: Callable[[str], int] | None
) -> list[dict[str, Any]]:
    if image_id is None:
        return []
    return [
        {
            "type": "picture",
            "value": {
                "image": image_id(picture.shown.file),
                "alt": picture.shown.alt[language],
                "package_id": picture.id,
            },
            "id": picture_key(entry.id, picture.id),
        }
        for picture in entry.pictures
    ]


def _choices_to_stream(
    question_id: str,
    choices: Sequence[Choice],
    language: str,
    image_id: Callable[[str], int] | None,
) -> list[dict[str, Any]]:
    return [
        {
            "type": "choice",
            "value": {
                "text": choice.text[language],
                "correct": choice.correct,
                "feedback": choice.feedback[language] if choice.feedback else "",
                "package_id": choice.id,
                **_shown(choice.picture, language, image_id),
            },
            "id": choice_key(question_id, choice.id),
        }
        for choice in choices
    ]


def _shown(picture: Shown | None, language: str, image_id: Callable[[str], int] | None) -> dict[str, Any]:
    """Nothing where there is none: blocks from before there were pictures stay as they are."""
    if picture is None or image_id is None:
        return {}
    return {"picture": image_id(picture.file), "alt": picture.alt[language]}


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


def _block(kind: str, question_id: str, identifier: str, **words: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "value": {**words, "package_id": identifier},
        "id": choice_key(question_id, identifier),
    }


# From the bank


def entry_of(
    variants: Mapping[str, Question],
    languages: Sequence[str],
    image_path: Callable[[int], str] | None = None,
) -> QuestionEntry:
    """The entry of a question from its published variants by language, with its pictures where `image_path` tells the
    path of an image. Raises PackageError where there can be none.
    """
    main = variants.get(settings.LANGUAGE_CODE) or variants[min(variants)]
    missing = [language for language in languages if language not in variants]
    if missing:
        reason = f"the question '{main}' is not published in '{missing[0]}'"
        raise PackageError([Problem("", 0, reason)])

    def texts(name: str) -> dict[str, str]:
        return {language: tidy(getattr(variants[language], name)) for language in languages}

    return QuestionEntry(
        id=identifier_of(main),
        type=main.type,
        points=main.points,
        facts=tuple(main.facts),
        case=optional(texts("case")),
        stem=texts("stem"),
        pictures=_load_pictures(main, variants, languages, image_path),
        answer=_load_answer(main, variants, languages, image_path),
        feedback=optional(texts("feedback")),
        objective=identifier_of_objective(main.objective) if main.objective else None,
        difficulty=main.difficulty,
        scenario=identifier_of(main.scenario) if main.scenario else None,
        category=path_of(main.category),
        tags=tuple(sorted(tidy(tag.name) for tag in main.tags.all())),
        provisions=optional(texts("provisions")),
        hints=optional(texts("hints")),
    )


def _load_answer(
    main: Question,
    variants: Mapping[str, Question],
    languages: Sequence[str],
    image_path: Callable[[int], str] | None,
) -> Answer:
    if main.type in ("single_choice", "multiple_choice"):
        # A single choice has no partly right answers, whatever its row says.
        scoring = main.choice_scoring if main.type == "multiple_choice" else SCORINGS[0]
        return ChoiceAnswer(tuple(_load_choices(main, variants, languages, image_path)), scoring)
    if main.type == "true_false" and main.statement_is_true is not None:
        return BooleanAnswer(main.statement_is_true)
    if main.type == "numeric" and main.number is not None:
        unit = optional({language: tidy(variants[language].unit) for language in languages})
        return NumericAnswer(main.number, main.tolerance, unit)
    if main.type == "short_text":
        return TextAnswer({language: "\n".join(accepted_of(variants[language])) for language in languages})
    if main.type == "cloze":
        passages = {language: tidy(variants[language].passage) for language in languages}
        return PassageAnswer(passages, main.partial_credit)
    if main.type == "matching":
        rows = _rows("pairs", main, variants, languages)
        return MatchingAnswer(
            tuple(
                Pair(row.id, row.words["prompt"], row.words["option"]) for row in rows if row.kind == "pair"
            ),
            tuple(Distractor(row.id, row.words["option"]) for row in rows if row.kind == "distractor"),
            main.partial_credit,
        )
    if main.type == "ordering":
        rows = _rows("sequence", main, variants, languages)
        return OrderingAnswer(tuple(Item(row.id, row.words["text"]) for row in rows), main.partial_credit)
    if main.type == "open_answer":
        rows = _rows("rubric", main, variants, languages)
        return RubricAnswer(
            tuple(Criterion(row.id, row.words["text"], int(row.value["points"])) for row in rows)
        )
    raise PackageError([Problem("", 0, f"the question '{main}' can't be written: {main.type}")])


@dataclass(frozen=True)
class _Row:
    """A block of a stream: its value in the main variant, and its words by name and language."""

    kind: str
    id: str
    value: Mapping[str, Any]
    words: Mapping[str, dict[str, str]]
    alt: dict[str, str]


def _load_choices(
    main: Question,
    variants: Mapping[str, Question],
    languages: Sequence[str],
    image_path: Callable[[int], str] | None,
) -> list[Choice]:
    return [
        Choice(
            id=row.id,
            correct=bool(row.value["correct"]),
            text=row.words["text"],
            feedback=optional(row.words.get("feedback", {})),
            picture=Shown(image_path(row.value["picture"]), row.alt)
            if image_path and row.value.get("picture")
            else None,
        )
        for row in _rows("choices", main, variants, languages)
    ]


def _load_pictures(
    main: Question,
    variants: Mapping[str, Question],
    languages: Sequence[str],
    image_path: Callable[[int], str] | None,
) -> tuple[Picture, ...]:
    if image_path is None:
        return ()
    return tuple(
        Picture(row.id, Shown(image_path(row.value["image"]), row.alt))
        for row in _rows("pictures", main, variants, languages, key=picture_key)
        # An image that was deleted isn't shown either.
        if row.value.get("image")
    )


def _rows(
    name: str,
    main: Question,
    variants: Mapping[str, Question],
    languages: Sequence[str],
    key: Callable[[str, str], str] = choice_key,
) -> list[_Row]:
    """The blocks of a stream, as the main variant has them."""
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
            what = "picture" if name == "pictures" else "choice"
            reason = f"a {what} of the question '{main}' is missing in '{missing[0]}'"
            raise PackageError([Problem("", 0, reason)])
        identifier = block["value"].get("package_id") or ""
        if key(identifier_of(main), identifier) != block["id"]:
            identifier = block["id"]

        def words(word: str, id_: str = block["id"]) -> dict[str, str]:
            return {language: tidy(blocks[language][id_].get(word) or "") for language in languages}

        texts = {word: words(word) for word in block["value"] if word not in _NO_WORDS}
        rows.append(_Row(block["type"], identifier, block["value"], texts, words("alt")))
    return rows


def path_of(category: QuestionCategory | None) -> tuple[str, ...]:
    """The names of a category from the outermost inwards."""
    return tuple(tidy(one.name) for one in reversed(list(category.upwards()))) if category else ()


def identifier_of_objective(objective: LearningObjective) -> str:
    """As `identifier_of`, for what has a key of its own."""
    identifier = objective.package_id
    return identifier if identifier and key_for(identifier) == objective.key else str(objective.key)


def optional(texts: dict[str, str]) -> dict[str, str] | None:
    """None where no language has words."""
    return texts if any(texts.values()) else None


def tidy(text: str) -> str:
    """A text as the reader of packages takes it: forms send line ends of two characters, spaces before them."""
    return "\n".join(line.rstrip() for line in text.strip().replace("\r\n", "\n").split("\n"))

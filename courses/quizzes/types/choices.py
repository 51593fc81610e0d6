"""What the types with choices share."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _

from courses.quizzes.types.base import Frozen, Json, QuestionType, Text

if TYPE_CHECKING:
    from courses.quizzes.models import Question


def choices_of(question: "Question") -> list[tuple[str, str, bool, str]]:
    """Id, text, right or not, and remark of each choice, in order. From raw data: blocks would load their pictures."""
    return [
        (
            block["id"],
            block["value"].get("text") or "",
            bool(block["value"].get("correct")),
            block["value"].get("feedback") or "",
        )
        for block in question.choices.get_prep_value()
        if block["type"] == "choice"
    ]


def chosen_of(value: Any) -> list[str]:
    """The ids in a clean value: one, several or none."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


class ChoiceType(QuestionType):
    """Choices by id: body `{"choices": [id, …]}`, answer `{"correct": [id, …]}`, words by id. Their pictures stand in
    the words as `choice_pictures` (`domain.pictures`).
    """

    template = "courses_quizzes/types/choices.html"
    review_template = "courses_quizzes/types/choices_review.html"
    not_understood = _("Choose among the answers shown.")
    uses: ClassVar[tuple[str, ...]] = ("choices",)
    comments = ("choices",)
    multiple = False

    def freeze(self, question: "Question") -> Frozen:
        choices = choices_of(question)
        return Frozen(
            body={"choices": [id_ for id_, *_rest in choices]},
            texts={"choices": {id_: text for id_, text, *_rest in choices}},
            answer={"correct": [id_ for id_, _text, correct, _remark in choices if correct]},
            remarks={"choices": {id_: remark for id_, _text, _correct, remark in choices if remark}},
        )

    def fits(self, body: Json, texts: Json) -> bool:
        words = texts.get("choices", {})
        return set(words) == set(body["choices"]) and all(words.values())

    def shuffled(self, body: Json, place: Callable[[str], Any]) -> dict[str, Any]:
        return {**body, "choices": sorted(body["choices"], key=place)}

    def input_context(self, body: Json, texts: Json, value: Any) -> dict[str, Any]:
        chosen = chosen_of(value)
        return {
            "multiple": self.multiple,
            "choices": [
                {
                    "id": id_,
                    "text": texts["choices"].get(id_, ""),
                    "chosen": id_ in chosen,
                    "picture": texts.get("choice_pictures", {}).get(id_),
                }
                for id_ in body["choices"]
            ],
        }

    def review_context(
        self, body: Json, answer: Json, texts: Json, remarks: Json, value: Any, *, reveal: bool
    ) -> dict[str, Any]:
        chosen = chosen_of(value)
        # A single choice is marked by the verdict itself; among several, a mark would tell part of the key.
        marked = reveal or not self.multiple
        rows = []
        for id_ in body["choices"]:
            right = id_ in answer["correct"]
            mine = id_ in chosen
            rows.append(
                {
                    "text": texts["choices"].get(id_, ""),
                    "picture": texts.get("choice_pictures", {}).get(id_),
                    "mine": mine,
                    "verdict": ("right" if right else "wrong") if mine and marked else "",
                    "key": reveal and right,
                    "remark": remarks.get("choices", {}).get(id_, "") if mine and marked else "",
                }
            )
        return {"multiple": self.multiple, "choices": rows}

    def in_words(self, body: Json, texts: Json, value: Any) -> str:
        chosen = chosen_of(value)
        return " · ".join(texts["choices"].get(id_, "") for id_ in body["choices"] if id_ in chosen)


def one_of(body: Json, raw: Any) -> str | None:
    """`raw` if it is the id of a choice."""
    return raw if isinstance(raw, str) and raw in body["choices"] else None


def choice_problems(question: "Question", *, least: int = 2) -> dict[str, list[Text]]:
    """Too few choices, or two with the same text."""
    texts = [text.strip() for _id, text, *_rest in choices_of(question)]
    found: list[Text] = []
    if len(texts) < least:
        found.append(_("Write at least two choices."))
    if len(set(texts)) < len(texts):
        found.append(_("Two choices have the same text."))
    return {"choices": found} if found else {}


def correct_count(question: "Question") -> int:
    return sum(correct for _id, _text, correct, _remark in choices_of(question))


def in_order(ids: Sequence[str], chosen: set[str]) -> list[str]:
    return [id_ for id_ in ids if id_ in chosen]

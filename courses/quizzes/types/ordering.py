from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courses.quizzes.types.base import Frozen, Json, QuestionType, Text
from courses.quizzes.types.selects import nothing_chosen, raw_from_selects
from courses.quizzes.types.veil import veiled

if TYPE_CHECKING:
    from courses.quizzes.models import Question

NOT_CHOSEN = "…"


def items_of(question: "Question") -> list[tuple[str, str]]:
    """Id and text of each item, in the right order."""
    return [
        (str(block.id), block.value["text"].strip())
        for block in question.sequence
        if block.block_type == "item"
    ]


class Ordering(QuestionType):
    """Items to be put in order. The value is a list as long as the body's, by place: an item's id, or None.

    Body `{"items": [id, …]}` in an order of its own and under names of their own, so that neither tells the right
    order; answer `{"order": [id, …], "partial": bool}`. With `partial`, each item at its right place earns its share
    (places are counted, not neighbours: one item moved from the end to the beginning leaves none in place).
    """

    key = "ordering"
    label = _("Putting in order")
    template = "courses_quizzes/types/ordering.html"
    review_template = "courses_quizzes/types/ordering_review.html"
    not_understood = _("Give each line a place of its own.")
    uses = ("sequence", "partial_credit")

    def problems(self, question: "Question") -> dict[str, list[Text]]:
        texts = [text for _id, text in items_of(question)]
        found: list[Text] = []
        if len(texts) < 2:
            found.append(_("Write at least two items."))
        if len(set(texts)) < len(texts):
            found.append(_("Two items have the same text."))
        return {"sequence": found} if found else {}

    def freeze(self, question: "Question") -> Frozen:
        items = [(veiled("item", id_), text) for id_, text in items_of(question)]
        return Frozen(
            body={"items": sorted(id_ for id_, _text in items)},
            texts={"items": dict(items)},
            answer={"order": [id_ for id_, _text in items], "partial": question.partial_credit},
        )

    def fits(self, body: Json, texts: Json) -> bool:
        words = texts.get("items", {})
        return (
            set(words) == set(body["items"])
            and all(words.values())
            and len(set(words.values())) == len(words)
        )

    def shuffled(self, body: Json, place: Callable[[str], Any]) -> dict[str, Any]:
        return {**body, "items": sorted(body["items"], key=place)}

    def hint(self, body: Json) -> Text:
        return _("Choose a place for each line; 1 comes first.")

    def raw_from_form(self, data: QueryDict, name: str) -> dict[str, str]:
        return raw_from_selects(data, name)

    def is_blank(self, raw: Any) -> bool:
        return nothing_chosen(raw)

    def clean_answer(self, body: Json, raw: Any) -> list[str | None] | None:
        """From a list by place, which may be short or hold None, or from `{item id: place from 1, as text}`."""
        places = self._places(body, raw) if isinstance(raw, Mapping) else raw
        if not isinstance(places, list) or len(places) > len(body["items"]):
            return None
        placed = [item for item in places if item is not None]
        if not placed or not all(isinstance(item, str) and item in body["items"] for item in placed):
            return None
        if len(set(placed)) < len(placed):
            return None
        return [*places, *[None] * (len(body["items"]) - len(places))]

    def _places(self, body: Json, raw: Mapping[Any, Any]) -> list[Any] | None:
        """None where two items share a place, or one has a place that isn't there."""
        names = {str(number): number - 1 for number in range(1, len(body["items"]) + 1)}
        places: list[Any] = [None] * len(body["items"])
        for item, place in raw.items():
            if place is None or place == "":
                continue
            at = names.get(place) if isinstance(place, str) else None
            if at is None or places[at] is not None:
                return None
            places[at] = item
        return places

    def grade(self, body: Json, answer: Json, value: Any) -> Fraction:
        order = answer["order"]
        right = sum(mine == item for mine, item in zip(value, order, strict=False))
        share = Fraction(right, len(order)) if order else Fraction(0)
        return share if answer["partial"] else Fraction(share == 1)

    def input_context(self, body: Json, texts: Json, value: Any) -> dict[str, Any]:
        chosen: Mapping[Any, Any] = value if isinstance(value, Mapping) else {}
        if isinstance(value, list):
            chosen = {item: str(place) for place, item in enumerate(value, start=1) if isinstance(item, str)}
        return {
            "lines": [
                {"id": item, "text": texts["items"].get(item, ""), "chosen": chosen.get(item, "")}
                for item in body["items"]
            ],
            "places": [str(place) for place in range(1, len(body["items"]) + 1)],
        }

    def review_context(
        self, body: Json, answer: Json, texts: Json, remarks: Json, value: Any, *, reveal: bool
    ) -> dict[str, Any]:
        rows = []
        for mine, right in zip(value or [], answer["order"], strict=False):
            rows.append(
                {
                    "mine": texts["items"].get(mine, "") if mine else "",
                    # Which places are right is part of the key.
                    "verdict": ("right" if mine == right else "wrong") if mine and reveal else "",
                }
            )
        shown = reveal and list(value or []) != answer["order"]
        return {
            "rows": rows,
            "key": [texts["items"].get(id_, "") for id_ in answer["order"]] if shown else [],
        }

    def in_words(self, body: Json, texts: Json, value: Any) -> str:
        return " · ".join(
            f"{place}. {texts['items'].get(item, NOT_CHOSEN) if item else NOT_CHOSEN}"
            for place, item in enumerate(value, start=1)
        )

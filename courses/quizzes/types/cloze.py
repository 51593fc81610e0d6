from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courses.quizzes.types.base import Frozen, Json, QuestionType, Text
from courses.quizzes.types.numeric import MAX_LENGTH as MAX_NUMBER
from courses.quizzes.types.numeric import parse_number, plain_number, without_unit
from courses.quizzes.types.passage import MAX_LENGTH, Gap, GapKind, parse_passage
from courses.quizzes.types.selects import nothing_chosen
from courses.quizzes.types.text_matching import matches, visible
from courses.quizzes.types.veil import veiled

if TYPE_CHECKING:
    from courses.quizzes.models import Question

NOT_GIVEN = "…"


class Cloze(QuestionType):
    """A passage with gaps (`passage`). The value is a list as long as the gaps: an option's id, a text, a number's
    plain form, or None.

    Body `{"gaps": [{"kind", "options": [id, …]}, …]}` (options only of choices); texts `{"pieces": [text, …], "kinds",
    "options": {id: text}}`; answer `{"gaps": [{"option"} or {"accepted": [text, …]} or {"number", "tolerance"}, …],
    "partial": bool}`. Options stand in an order of their own under names of their own, so that neither tells the right
    one. What is accepted in a gap in one language is accepted in all; its number is the canonical variant's. With
    `partial`, each right gap earns its share.
    """

    key = "cloze"
    label = _("A passage with gaps")
    template = "courses_quizzes/types/cloze.html"
    review_template = "courses_quizzes/types/cloze_review.html"
    not_understood = _(
        "Choose among the options shown; write a few words in a gap, or a number in digits only, for example 30."
    )
    uses = ("passage", "partial_credit")

    def problems(self, question: "Question") -> dict[str, list[Text]]:
        found = list(parse_passage(question.passage).problems)
        return {"passage": found} if found else {}

    def freeze(self, question: "Question") -> Frozen:
        passage = parse_passage(question.passage)
        body: list[dict[str, Any]] = []
        answers: list[dict[str, Any]] = []
        options: dict[str, str] = {}
        accepted: dict[str, str] = {}
        for number, gap in enumerate(passage.gaps, start=1):
            row: dict[str, Any] = {"kind": gap.kind.value}
            if gap.kind is GapKind.CHOICE:
                ids = [
                    veiled("gap", f"{question.translation_key} {number} {place}")
                    for place in range(len(gap.words))
                ]
                row["options"] = sorted(ids)
                options |= dict(zip(ids, gap.words, strict=True))
                answers.append({"option": ids[0]})
            else:
                answers.append(_key_of(gap))
            if gap.kind is GapKind.TEXT:
                # What a review shows as the right answer in this language.
                accepted[str(number)] = gap.words[0]
            body.append(row)
        return Frozen(
            body={"gaps": body},
            texts={
                "pieces": list(passage.pieces),
                "kinds": [gap.kind.value for gap in passage.gaps],
                "options": options,
            },
            answer={"gaps": answers, "partial": question.partial_credit},
            remarks={"accepted": accepted},
        )

    def joined(self, answer: Json, others: Sequence[Json]) -> dict[str, Any]:
        forms = [set(gap) for gap in answer["gaps"]]
        # A variant with gaps of other kinds isn't served, and its texts belong to none of these.
        alike = [other["gaps"] for other in others if [set(gap) for gap in other["gaps"]] == forms]
        gaps = [dict(gap) for gap in answer["gaps"]]
        for number, gap in enumerate(gaps):
            if "accepted" in gap:
                every = [text for each in (gaps, *alike) for text in each[number]["accepted"]]
                gap["accepted"] = list(dict.fromkeys(every))
        return {**answer, "gaps": gaps}

    def fits(self, body: Json, texts: Json) -> bool:
        options = texts.get("options", {})
        if texts.get("kinds") != [gap["kind"] for gap in body["gaps"]]:
            return False
        if set(options) != {id_ for gap in body["gaps"] for id_ in gap.get("options", ())}:
            return False
        words = [[options[id_] for id_ in gap.get("options", ())] for gap in body["gaps"]]
        return all(len(set(each)) == len(each) and all(each) for each in words)

    def shuffled(self, body: Json, place: Callable[[str], Any]) -> dict[str, Any]:
        gaps = [
            {**gap, "options": sorted(gap["options"], key=place)} if "options" in gap else gap
            for gap in body["gaps"]
        ]
        return {**body, "gaps": gaps}

    def hint(self, body: Json) -> Text:
        return _("Fill in each gap. Capital letters, accents and vowel signs don't count.")

    def raw_from_form(self, data: QueryDict, name: str) -> list[str]:
        # Browsers send every field of the passage, in its order.
        return data.getlist(name)

    def is_blank(self, raw: Any) -> bool:
        given = raw if isinstance(raw, list) else [raw]
        return nothing_chosen([visible(each) if isinstance(each, str) else each for each in given])

    def tidied(self, raw: Any, texts: Sequence[Json]) -> Any:
        """Numbers without the word that follows their gap: `30 jours` where the passage says `[[#30]] jours`."""
        if not isinstance(raw, list):
            return raw
        return [
            without_unit(each, _words_after(texts, number)) if isinstance(each, str) else each
            for number, each in enumerate(raw, start=1)
        ]

    def clean_answer(self, body: Json, raw: Any) -> list[str | None] | None:
        """From a list by gap, which may be short; None for all where one can't be an answer to its gap."""
        gaps = body["gaps"]
        if not isinstance(raw, list) or len(raw) > len(gaps):
            return None
        values: list[str | None] = [None] * len(gaps)
        for place, (gap, each) in enumerate(zip(gaps, raw, strict=False)):
            if each is None or (isinstance(each, str) and not visible(each)):
                continue
            values[place] = _clean_gap(gap, each)
            if values[place] is None:
                return None
        return values if any(value is not None for value in values) else None

    def grade(self, body: Json, answer: Json, value: Any) -> Fraction:
        gaps = answer["gaps"]
        right = sum(_is_right(gap, each) for gap, each in zip(gaps, value, strict=False))
        share = Fraction(right, len(gaps)) if gaps else Fraction(0)
        return share if answer["partial"] else Fraction(share == 1)

    def input_context(self, body: Json, texts: Json, value: Any) -> dict[str, Any]:
        given = value if isinstance(value, list) else []
        words = texts.get("options", {})
        fields = []
        for place, gap in enumerate(body["gaps"]):
            mine = given[place] if place < len(given) and isinstance(given[place], str) else ""
            fields.append(
                {
                    "kind": gap["kind"],
                    "value": mine,
                    "max_length": MAX_NUMBER if gap["kind"] == GapKind.NUMBER else MAX_LENGTH,
                    "options": [{"id": id_, "text": words.get(id_, "")} for id_ in gap.get("options", ())],
                }
            )
        first, *others = texts["pieces"]
        return {"first": first, "fields": list(zip(fields, others, strict=False)), "total": len(fields)}

    def review_context(
        self, body: Json, answer: Json, texts: Json, remarks: Json, value: Any, *, reveal: bool
    ) -> dict[str, Any]:
        given = value or [None] * len(answer["gaps"])
        shown = remarks.get("accepted", {})
        rows = []
        for number, (gap, key, mine) in enumerate(
            zip(body["gaps"], answer["gaps"], given, strict=False), start=1
        ):
            right = _is_right(key, mine)
            rows.append(
                {
                    "kind": gap["kind"],
                    "mine": _in_words(gap, texts, mine),
                    # Which gaps are right is part of the key.
                    "verdict": ("right" if right else "wrong") if mine is not None and reveal else "",
                    "key": _key_in_words(key, texts, shown.get(str(number), ""))
                    if reveal and not right
                    else "",
                }
            )
        first, *others = texts["pieces"]
        return {"first": first, "rows": list(zip(rows, others, strict=False)), "gaps": rows}

    def in_words(self, body: Json, texts: Json, value: Any) -> str:
        return " · ".join(
            f"{number}. {_in_words(gap, texts, each) or NOT_GIVEN}"
            for number, (gap, each) in enumerate(zip(body["gaps"], value or [], strict=False), start=1)
        )


def _key_of(gap: Gap) -> dict[str, Any]:
    if gap.kind is GapKind.TEXT:
        return {"accepted": list(gap.words)}
    return {"number": plain_number(gap.number), "tolerance": plain_number(gap.tolerance)}


def _clean_gap(gap: Json, raw: Any) -> str | None:
    """The canonical value of what was given for one gap; None for what can't be."""
    if gap["kind"] == GapKind.NUMBER:
        number = parse_number(raw) if isinstance(raw, str) else None
        return None if number is None else plain_number(number)
    if not isinstance(raw, str) or len(raw) > MAX_LENGTH * 10:
        return None
    if gap["kind"] == GapKind.CHOICE:
        return raw if raw in gap["options"] else None
    text = visible(raw)
    return text if len(text) <= MAX_LENGTH else None


def _is_right(key: Json, value: str | None) -> bool:
    if value is None:
        return False
    if "option" in key:
        return bool(value == key["option"])
    if "accepted" in key:
        return any(matches(accepted, value) for accepted in key["accepted"])
    return abs(Fraction(Decimal(value)) - Fraction(key["number"])) <= Fraction(key["tolerance"])


def _words_after(texts: Sequence[Json], number: int) -> list[str]:
    """The word that follows a number's gap, in each language where one does."""
    following = [
        words["pieces"][number].split()
        for words in texts
        if words.get("kinds", [])[number - 1 : number] == [GapKind.NUMBER]
    ]
    return [words[0].rstrip(".,;:!?،؛؟") for words in following if words]


def _in_words(gap: Json, texts: Json, value: str | None) -> str:
    if value is None:
        return ""
    return str(texts.get("options", {}).get(value, "")) if gap["kind"] == GapKind.CHOICE else value


def _key_in_words(key: Json, texts: Json, accepted: str) -> str:
    if "option" in key:
        return str(texts.get("options", {}).get(key["option"], ""))
    if "accepted" in key:
        shown = accepted or next(iter(key["accepted"]), "")
        return shown.replace("\\*", "\0").replace("*", "…").replace("\0", "*")
    return key["number"] if key["tolerance"] == "0" else f"{key['number']} ± {key['tolerance']}"

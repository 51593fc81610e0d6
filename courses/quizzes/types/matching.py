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


def pairs_of(question: "Question") -> list[tuple[str, str, str]]:
    """Id, prompt and option of each pair, in order."""
    return [
        (str(block.id), block.value["prompt"].strip(), block.value["option"].strip())
        for block in question.pairs
        if block.block_type == "pair"
    ]


def distractors_of(question: "Question") -> list[tuple[str, str]]:
    """Id and text of each option that belongs to no prompt."""
    return [
        (str(block.id), block.value["option"].strip())
        for block in question.pairs
        if block.block_type == "distractor"
    ]


class Matching(QuestionType):
    """Prompts, each with the option that belongs to it. The value is `{prompt id: option id}`, for those chosen.

    Body `{"prompts": [id, …], "options": [id, …]}`, answer `{"pairs": {prompt id: option id}, "partial": bool}`. The
    options stand in an order of their own under names of their own, so that neither tells what belongs together.
    Options with the same words in the canonical variant are one. With `partial`, each right pair earns its share;
    a wrong one takes nothing away.
    """

    key = "matching"
    label = _("Matching")
    template = "courses_quizzes/types/matching.html"
    review_template = "courses_quizzes/types/matching_review.html"
    not_understood = _("Choose among the options shown.")
    uses = ("pairs", "partial_credit")

    def problems(self, question: "Question") -> dict[str, list[Text]]:
        pairs, distractors = pairs_of(question), distractors_of(question)
        prompts = [prompt for _id, prompt, _option in pairs]
        options = {option for _id, _prompt, option in pairs}
        others = [option for _id, option in distractors]
        found: list[Text] = []
        if len(pairs) < 2:
            found.append(_("Write at least two pairs."))
        elif len(options) + len(set(others) - options) < 2:
            found.append(_("Write at least two different options."))
        if len(set(prompts)) < len(prompts):
            found.append(_("Two prompts have the same text."))
        if len(set(others)) < len(others) or options & set(others):
            found.append(_("An option without a prompt has the same text as another option."))
        return {"pairs": found} if found else {}

    def freeze(self, question: "Question") -> Frozen:
        pairs, distractors = pairs_of(question), distractors_of(question)
        words = [(veiled("option", id_), option) for id_, _prompt, option in pairs]
        words += [(veiled("option", id_), option) for id_, option in distractors]
        first: dict[str, str] = {}
        for id_, option in words:
            first.setdefault(option, id_)
        return Frozen(
            body={"prompts": [id_ for id_, *_rest in pairs], "options": sorted(first.values())},
            # All of them: in another language, options may be the same that are not in the canonical one.
            texts={"prompts": {id_: prompt for id_, prompt, _option in pairs}, "options": dict(words)},
            answer={
                "pairs": {id_: first[option] for id_, _prompt, option in pairs},
                "partial": question.partial_credit,
            },
        )

    def fits(self, body: Json, texts: Json) -> bool:
        prompts = texts.get("prompts", {})
        options = [texts.get("options", {}).get(id_, "") for id_ in body["options"]]
        return (
            set(prompts) == set(body["prompts"])
            and all(prompts.values())
            and all(options)
            and len(set(options)) == len(options)
        )

    def shuffled(self, body: Json, place: Callable[[str], Any]) -> dict[str, Any]:
        return {**body, "options": sorted(body["options"], key=place)}

    def hint(self, body: Json) -> Text:
        return _("Choose what belongs to each line. An option may serve several times, or not at all.")

    def raw_from_form(self, data: QueryDict, name: str) -> dict[str, str]:
        return raw_from_selects(data, name)

    def is_blank(self, raw: Any) -> bool:
        return nothing_chosen(raw)

    def clean_answer(self, body: Json, raw: Any) -> dict[str, str] | None:
        if not isinstance(raw, Mapping) or not set(raw) <= set(body["prompts"]):
            return None
        chosen = {prompt: option for prompt, option in raw.items() if option is not None and option != ""}
        if not all(isinstance(option, str) and option in body["options"] for option in chosen.values()):
            return None
        return {prompt: chosen[prompt] for prompt in body["prompts"] if prompt in chosen} or None

    def grade(self, body: Json, answer: Json, value: Any) -> Fraction:
        pairs = answer["pairs"]
        right = sum(value.get(prompt) == option for prompt, option in pairs.items())
        share = Fraction(right, len(pairs)) if pairs else Fraction(0)
        return share if answer["partial"] else Fraction(share == 1)

    def input_context(self, body: Json, texts: Json, value: Any) -> dict[str, Any]:
        chosen = value if isinstance(value, Mapping) else {}
        return {
            "lines": [
                {"id": prompt, "text": texts["prompts"].get(prompt, ""), "chosen": chosen.get(prompt, "")}
                for prompt in body["prompts"]
            ],
            "options": [
                {"id": option, "text": texts["options"].get(option, "")} for option in body["options"]
            ],
        }

    def review_context(
        self, body: Json, answer: Json, texts: Json, remarks: Json, value: Any, *, reveal: bool
    ) -> dict[str, Any]:
        chosen = value or {}
        rows = []
        for prompt in body["prompts"]:
            mine, right = chosen.get(prompt), answer["pairs"][prompt]
            rows.append(
                {
                    "prompt": texts["prompts"].get(prompt, ""),
                    "mine": texts["options"].get(mine, "") if mine else "",
                    # Which pairs are right is part of the key.
                    "verdict": ("right" if mine == right else "wrong") if mine and reveal else "",
                    "key": texts["options"].get(right, "") if reveal and mine != right else "",
                }
            )
        return {"rows": rows}

    def in_words(self, body: Json, texts: Json, value: Any) -> str:
        return " · ".join(
            f"{texts['prompts'].get(prompt, '')} – {texts['options'].get(value.get(prompt), NOT_CHOSEN)}"
            for prompt in body["prompts"]
        )

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courses.quizzes.enums import ChoiceScoring
from courses.quizzes.types.base import Frozen, Json, Text
from courses.quizzes.types.choices import ChoiceType, choice_problems, choices_of, correct_count, in_order

if TYPE_CHECKING:
    from courses.quizzes.models import Question


class MultipleChoice(ChoiceType):
    """Several choices may be right. The value is a list of ids in order.

    What a partly right answer earns is in the answer as `scoring` (`ChoiceScoring`); absent: nothing.
    """

    key = "multiple_choice"
    label = _("Several right answers")
    multiple = True
    uses = ("choices", "choice_scoring")

    def freeze(self, question: "Question") -> Frozen:
        frozen = super().freeze(question)
        if question.choice_scoring == ChoiceScoring.ALL:
            return frozen
        return replace(frozen, answer={**frozen.answer, "scoring": question.choice_scoring})

    def problems(self, question: "Question") -> dict[str, list[Text]]:
        found = choice_problems(question)
        if not found and not 0 < correct_count(question) < len(choices_of(question)):
            found["choices"] = [_("Mark at least one choice as right, and leave at least one wrong.")]
        return found

    def hint(self, body: Json) -> Text:
        return _("Choose all the right answers.")

    def raw_from_form(self, data: QueryDict, name: str) -> list[str]:
        return data.getlist(name)

    def clean_answer(self, body: Json, raw: Any) -> list[str] | None:
        if not isinstance(raw, list) or not all(isinstance(id_, str) for id_ in raw):
            return None
        chosen = set(raw)
        if not chosen or not chosen <= set(body["choices"]):
            return None
        return in_order(body["choices"], chosen)

    def grade(self, body: Json, answer: Json, value: Any) -> Fraction:
        """Exactly the right ones: 1. Otherwise with `share`: what share of the right ones was chosen, and half a right
        one less for all of them with a wrong one, so that choosing everything isn't right. With `penalised`: the
        share of the right ones less the share of the wrong ones, at least 0.
        """
        right, chosen = set(answer["correct"]), set(value)
        if chosen == right:
            return Fraction(1)
        hits, wrong = len(chosen & right), set(body["choices"]) - right
        scoring = answer.get("scoring", ChoiceScoring.ALL)
        if scoring == ChoiceScoring.SHARE and right:
            return Fraction(2 * hits - (hits == len(right)), 2 * len(right))
        if scoring == ChoiceScoring.PENALISED and right and wrong:
            return max(Fraction(0), Fraction(hits, len(right)) - Fraction(len(chosen & wrong), len(wrong)))
        return Fraction(0)

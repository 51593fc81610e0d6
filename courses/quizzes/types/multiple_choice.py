from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courses.quizzes.types.base import Json, Text
from courses.quizzes.types.choices import ChoiceType, choice_problems, choices_of, correct_count, in_order

if TYPE_CHECKING:
    from courses.quizzes.models import Question


class MultipleChoice(ChoiceType):
    """Several choices may be right; all of them and no other, or nothing. The value is a list of ids in order."""

    key = "multiple_choice"
    label = _("Several right answers")
    multiple = True

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
        return Fraction(set(value) == set(answer["correct"]))

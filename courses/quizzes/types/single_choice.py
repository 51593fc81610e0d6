from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from courses.quizzes.types.base import Json, Text
from courses.quizzes.types.choices import ChoiceType, choice_problems, correct_count, one_of

if TYPE_CHECKING:
    from courses.quizzes.models import Question


class SingleChoice(ChoiceType):
    """Exactly one choice is right. The value is its id."""

    key = "single_choice"
    label = _("One right answer")

    def problems(self, question: "Question") -> dict[str, list[Text]]:
        found = choice_problems(question)
        if not found and correct_count(question) != 1:
            found["choices"] = [_("Mark exactly one choice as right.")]
        return found

    def clean_answer(self, body: Json, raw: Any) -> str | None:
        return one_of(body, raw)

    def grade(self, body: Json, answer: Json, value: Any) -> Fraction:
        return Fraction(value in answer["correct"])

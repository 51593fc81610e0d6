from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.quizzes.types.base import Frozen, Json, Text
from courses.quizzes.types.choices import ChoiceType, one_of

if TYPE_CHECKING:
    from courses.quizzes.models import Question


class TrueFalse(ChoiceType):
    """A statement that is true or false. The value is `true` or `false`, as text."""

    key = "true_false"
    label = _("True or false")
    uses = ("statement_is_true",)

    def problems(self, question: "Question") -> dict[str, list[Text]]:
        if question.statement_is_true is None:
            return {"statement_is_true": [_("Say whether the statement is true or false.")]}
        return {}

    def freeze(self, question: "Question") -> Frozen:
        return Frozen(
            body={"choices": ["true", "false"]},
            texts={"choices": {"true": gettext("True"), "false": gettext("False")}},
            answer={"correct": ["true" if question.statement_is_true else "false"]},
        )

    def shuffled(self, body: Json, place: Callable[[str], Any]) -> dict[str, Any]:
        # True comes first, everywhere.
        return dict(body)

    def clean_answer(self, body: Json, raw: Any) -> str | None:
        if isinstance(raw, bool):
            raw = "true" if raw else "false"
        return one_of(body, raw)

    def grade(self, body: Json, answer: Json, value: Any) -> Fraction:
        return Fraction(value in answer["correct"])

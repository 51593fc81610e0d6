from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from courses.quizzes.types.base import Frozen, Json, QuestionType, Text
from courses.quizzes.types.text_matching import accepts_anything, matches, normalised, visible

if TYPE_CHECKING:
    from courses.quizzes.models import Question

MAX_LENGTH = 200


def accepted_of(question: "Question") -> list[str]:
    """What is accepted, one a line, each once."""
    lines = (visible(line) for line in question.accepted.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


class ShortText(QuestionType):
    """A few words that match what is accepted (`text_matching`). The value is the text as it was written.

    What is accepted in one language is accepted in all: the key holds the answers of every language variant, so that
    a learner who answers in French on an Arabic page gets the same grade. Answer `{"accepted": [text, …]}`.
    """

    key = "short_text"
    label = _("A short text")
    template = "courses_quizzes/types/short_text.html"
    review_template = "courses_quizzes/types/short_text_review.html"
    not_understood = _("Write a few words, at most 200 characters.")
    uses = ("accepted",)

    def problems(self, question: "Question") -> dict[str, list[Text]]:
        accepted = accepted_of(question)
        found: list[Text] = []
        if not any(normalised(line) for line in accepted):
            found.append(_("Write at least one answer that is accepted."))
        if any(accepts_anything(line) for line in accepted):
            found.append(_("A line that holds nothing but * would accept any answer."))
        if any(len(line) > MAX_LENGTH for line in accepted):
            found.append(_("An accepted answer has at most 200 characters."))
        return {"accepted": found} if found else {}

    def freeze(self, question: "Question") -> Frozen:
        accepted = accepted_of(question)
        # The first one is what a review shows as the right answer in this language.
        return Frozen(answer={"accepted": accepted}, remarks={"accepted": accepted[:1]})

    def joined(self, answer: Json, others: Sequence[Json]) -> dict[str, Any]:
        every = [line for each in (answer, *others) for line in each["accepted"]]
        return {"accepted": list(dict.fromkeys(every))}

    def hint(self, body: Json) -> Text:
        return _("Capital letters, accents and vowel signs don't count.")

    def clean_answer(self, body: Json, raw: Any) -> str | None:
        # Far longer than anything that could be left of it.
        if not isinstance(raw, str) or len(raw) > MAX_LENGTH * 10:
            return None
        text = visible(raw)
        return text if 0 < len(text) <= MAX_LENGTH else None

    def is_blank(self, raw: Any) -> bool:
        return super().is_blank(raw) or (isinstance(raw, str) and not visible(raw))

    def grade(self, body: Json, answer: Json, value: Any) -> Fraction:
        return Fraction(any(matches(accepted, value) for accepted in answer["accepted"]))

    def input_context(self, body: Json, texts: Json, value: Any) -> dict[str, Any]:
        return {"value": value if isinstance(value, str) else "", "max_length": MAX_LENGTH}

    def review_context(
        self, body: Json, answer: Json, texts: Json, remarks: Json, value: Any, *, reveal: bool
    ) -> dict[str, Any]:
        right = value is not None and self.grade(body, answer, value) == 1
        key = ""
        if reveal:
            shown = remarks.get("accepted") or answer["accepted"]
            key = shown[0].replace("\\*", "\0").replace("*", "…").replace("\0", "*") if shown else ""
        return {
            "value": value,
            "verdict": "" if value is None else "right" if right else "wrong",
            "key": key,
        }

    def in_words(self, body: Json, texts: Json, value: Any) -> str:
        return value or ""

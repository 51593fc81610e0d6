import unicodedata
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from courses.quizzes.types.base import Frozen, Json, QuestionType, Text
from courses.quizzes.types.text_matching import visible

if TYPE_CHECKING:
    from courses.quizzes.models import Question

MAX_LENGTH = 5000


def criteria_of(question: "Question") -> list[tuple[str, str, int]]:
    """Id, text and most points of each criterion, in order."""
    return [
        (str(block.id), block.value["text"].strip(), int(block.value["points"]))
        for block in question.rubric
        if block.block_type == "criterion"
    ]


class OpenAnswer(QuestionType):
    """A text in the learner's own words, marked by a person. The value is the text, with its line breaks.

    Answer `{"criteria": [{"id", "points"}, …]}`, remarks `{"criteria": {id: text}}`: what a good answer shows is part
    of the key. Marks are whole points by criterion; their share of all points is the share of the question's. For a
    review, the answer's part holds the marking too: `{"marks": {id: points}, "comment"}`.
    """

    key = "open_answer"
    label = _("An open answer, marked by a trainer")
    template = "courses_quizzes/types/open_answer.html"
    review_template = "courses_quizzes/types/open_answer_review.html"
    not_understood = _("Your answer is longer than 5,000 characters. Shorten it, so that it can be saved.")
    uses = ("rubric",)
    marked_by_hand = True

    def problems(self, question: "Question") -> dict[str, list[Text]]:
        texts = [text for _id, text, _points in criteria_of(question)]
        found: list[Text] = []
        if not texts:
            found.append(_("Write at least one criterion to mark by."))
        if len(set(texts)) < len(texts):
            found.append(_("Two criteria have the same text."))
        return {"rubric": found} if found else {}

    def freeze(self, question: "Question") -> Frozen:
        criteria = criteria_of(question)
        return Frozen(
            answer={"criteria": [{"id": id_, "points": points} for id_, _text, points in criteria]},
            remarks={"criteria": {id_: text for id_, text, _points in criteria}},
        )

    def hint(self, body: Json) -> Text:
        return _("At most 5,000 characters. A trainer marks your answer; you will be told.")

    def is_blank(self, raw: Any) -> bool:
        return super().is_blank(raw) or (isinstance(raw, str) and not visible(raw))

    def clean_answer(self, body: Json, raw: Any) -> str | None:
        # Far longer than anything that could be left of it.
        if not isinstance(raw, str) or len(raw) > MAX_LENGTH * 3 or not visible(raw):
            return None
        lines = raw.replace("\r\n", "\n").replace("\r", "\n")
        text = "".join(
            char for char in lines if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs")
        ).strip()
        return text if 0 < len(text) <= MAX_LENGTH else None

    def grade(self, body: Json, answer: Json, value: Any) -> Fraction:
        """Nothing yet: `marked` says what it deserves."""
        return Fraction(0)

    def marked(self, answer: Json, marks: Any) -> Fraction:
        most = sum(criterion["points"] for criterion in answer["criteria"])
        if not most or not isinstance(marks, dict):
            return Fraction(0)
        given = ((marks.get(criterion["id"]), criterion["points"]) for criterion in answer["criteria"])
        points = sum(min(max(own, 0), top) for own, top in given if isinstance(own, int))
        return Fraction(points, most)

    def input_context(self, body: Json, texts: Json, value: Any) -> dict[str, Any]:
        return {"value": value if isinstance(value, str) else "", "max_length": MAX_LENGTH}

    def review_context(
        self, body: Json, answer: Json, texts: Json, remarks: Json, value: Any, *, reveal: bool
    ) -> dict[str, Any]:
        marking = answer.get("marking")
        words = remarks.get("criteria", {}) if reveal else {}
        marks = marking["marks"] if marking else {}
        return {
            "value": value,
            "marked": marking is not None,
            "criteria": [
                {
                    "text": words.get(criterion["id"], ""),
                    "points": marks.get(criterion["id"], 0),
                    "most": criterion["points"],
                }
                for criterion in answer["criteria"]
            ],
            "comment": marking["comment"] if marking else "",
        }

    def in_words(self, body: Json, texts: Json, value: Any) -> str:
        return str(value or "")

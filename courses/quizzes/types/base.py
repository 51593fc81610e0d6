"""What a type of question is, and the registry of types. Imports no model.

A type is a plugin point: derive from `QuestionType`, register an instance through `courses.quizzes.api`:

    question_types.register(MyType(), origin=self.label)
"""

import abc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courses.lib.registry import Registry

if TYPE_CHECKING:
    from courses.quizzes.models import Question

Json = Mapping[str, Any]
# Texts may be lazy translations; StrOrPromise is str at run time.
Text = Any


@dataclass(frozen=True)
class Frozen:
    """What a type keeps of one language variant; all JSON-ready.

    body: structure without words (ids of choices in order). texts: words of the question in this language.
    answer: the right answer. remarks: words for the review in this language. `answer` and `remarks` never
    leave the server before the review.
    """

    body: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)
    remarks: dict[str, Any] = field(default_factory=dict)


class QuestionType(abc.ABC):
    """How questions of one type are checked, frozen, answered, graded and shown.

    Everything but `problems` and `freeze` works on frozen JSON alone: `body`, `answer` and the words of one
    language. `clean_answer` and `grade` are total: whatever they are given, they don't raise.
    """

    key: ClassVar[str]
    label: ClassVar[Text]
    # Fills a question's fieldset; gets what `input_context` returns as `parts`, and `name`, that
    # of the form field; while `invalid`, the error has the id `q{{ question.position }}-error`.
    template: ClassVar[str]
    # Shows a reviewed question; gets what `review_context` returns as `parts`.
    review_template: ClassVar[str]
    # Said when something was given that can't be an answer.
    not_understood: ClassVar[Text] = _("This answer could not be understood.")
    # Fields of `Question` that only some types use; the form of the admin shows those named here.
    uses: ClassVar[tuple[str, ...]] = ()
    # Whether a person gives the points: an answered question then waits, and `marked` counts instead of `grade`.
    marked_by_hand: ClassVar[bool] = False
    # Names in `Frozen.remarks` of words on the answer that was given; a quiz may hide them.
    comments: ClassVar[tuple[str, ...]] = ()

    @abc.abstractmethod
    def problems(self, question: "Question") -> dict[str, list[Text]]:
        """What a question lacks before it can be asked: words for the trainer by name of the field."""

    @abc.abstractmethod
    def freeze(self, question: "Question") -> Frozen:
        """The question as it is now, in its language (which is active, for words that the type adds)."""

    def joined(self, answer: Json, others: Sequence[Json]) -> dict[str, Any]:
        """The right answer of the canonical variant, with what the other languages' variants add to it."""
        return dict(answer)

    @abc.abstractmethod
    def clean_answer(self, body: Json, raw: Any) -> Any:
        """The canonical JSON value of an answer, or None for anything that is no answer. Never raises."""

    @abc.abstractmethod
    def grade(self, body: Json, answer: Json, value: Any) -> Fraction:
        """What a clean, non-empty value deserves, from 0 to 1. Never raises."""

    def marked(self, answer: Json, marks: Any) -> Fraction:
        """What a person's marks deserve, from 0 to 1, where the type is `marked_by_hand`. Never raises."""
        return Fraction(0)

    @abc.abstractmethod
    def input_context(self, body: Json, texts: Json, value: Any) -> dict[str, Any]:
        """What `template` needs to ask the question with `value` filled in."""

    @abc.abstractmethod
    def review_context(
        self, body: Json, answer: Json, texts: Json, remarks: Json, value: Any, *, reveal: bool
    ) -> dict[str, Any]:
        """What `review_template` needs. Unless `reveal`, nothing in it tells the right answer."""

    @abc.abstractmethod
    def in_words(self, body: Json, texts: Json, value: Any) -> str:
        """A clean value as the learner would say it."""

    def fits(self, body: Json, texts: Json) -> bool:
        """Whether a language variant has words for everything in the canonical variant's body."""
        return True

    def shuffled(self, body: Json, place: Callable[[str], Any]) -> dict[str, Any]:
        """The body with what may stand in any order put in the order of one paper: by `place` of each id."""
        return dict(body)

    def hint(self, body: Json) -> Text:
        """A word on how to answer, or nothing."""
        return ""

    def tidied(self, raw: Any, texts: Sequence[Json]) -> Any:
        """A raw value without what belongs to the question's own words, in whatever language (`texts`: the words
        of each). Never raises.
        """
        return raw

    def raw_from_form(self, data: QueryDict, name: str) -> Any:
        """The raw answer in a posted form."""
        return data.get(name, "")

    def is_blank(self, raw: Any) -> bool:
        """Whether a raw value means 'no answer' rather than a bad one."""
        return raw is None or raw == [] or (isinstance(raw, str) and not raw.strip())


question_types: Registry[QuestionType] = Registry("question types")


def check_question(question: "Question") -> None:
    """Raises ValidationError, by field, for a type that isn't there and for what its type finds lacking."""
    kind = question_types.get(question.type)
    if kind is None:
        raise ValidationError({"type": _("Choose one of the types.")})
    from courses.quizzes.domain.pictures import undescribed

    problems = kind.problems(question) or undescribed(question)
    if problems:
        raise ValidationError(problems)

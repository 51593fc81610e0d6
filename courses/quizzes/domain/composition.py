"""What a quiz consists of now, and freezing it into a paper.

As with the outline of a course, *what* belongs to a quiz comes from its canonical page (the one in the site's
default language where it exists) and the scoring of a question from its canonical variant; words come from
every published variant. So no language can have other questions, other keys or another pass mark.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation

from courses.quizzes.domain.paper import FORMAT, Paper, content_hash
from courses.quizzes.models import Question, QuizItem, QuizPage
from courses.quizzes.types.base import Frozen, QuestionType, question_types


class QuizNotFound(LookupError):
    """No published quiz has this key."""


class TypeMissing(LookupError):
    """A question's type isn't registered now (its plugin is off): the quiz can't be taken for the time being."""


@dataclass(frozen=True)
class FrozenPaper:
    """The two documents of `domain.paper`, and the SHA-256 over both."""

    paper: dict[str, Any]
    answer_key: dict[str, Any]
    hash: str

    def load(self) -> Paper:
        """The paper with its answer key."""
        return Paper.load(self.paper, self.answer_key)


def quiz_pages(quiz_key: UUID) -> list[QuizPage]:
    """The published pages of a quiz, the canonical one first. Raises QuizNotFound."""
    pages = list(
        QuizPage.objects.filter(translation_key=quiz_key, live=True, alias_of__isnull=True)
        .select_related("locale")
        .order_by("pk")
    )
    if not pages:
        raise QuizNotFound(str(quiz_key))
    return sorted(pages, key=lambda page: page.locale.language_code != settings.LANGUAGE_CODE)


def question_keys(page: QuizPage) -> list[UUID]:
    """The keys of a page's questions in their order, unpublished ones included; each once."""
    keys = (
        QuizItem.objects.filter(page_id=page.pk)
        .order_by("sort_order", "pk")
        .values_list("question__translation_key", flat=True)
    )
    return list(dict.fromkeys(keys))


def question_count(page: QuizPage) -> int:
    """How many questions a paper made from this page would have, in one query."""
    return (
        Question.objects.filter(live=True, translation_key__in=page.items.values("question__translation_key"))
        .values("translation_key")
        .distinct()
        .count()
    )


def freeze_quiz(quiz_key: UUID) -> FrozenPaper:
    """The paper of a quiz as it is published now, in three queries. Raises QuizNotFound, TypeMissing.

    Unpublished questions are left out; a paper may be empty.
    """
    pages = quiz_pages(quiz_key)
    keys = question_keys(pages[0])
    variants: dict[UUID, list[Question]] = {key: [] for key in keys}
    published = Question.objects.filter(translation_key__in=keys, live=True).select_related("locale")
    for question in published.order_by("pk"):
        variants[question.translation_key].append(question)
    rows, answer_key = [], {}
    for key in keys:
        if variants[key]:
            row, secret = freeze_question(variants[key])
            rows.append(row)
            answer_key[row["key"]] = secret
    paper = {
        "format": FORMAT,
        "pass_mark": pages[0].pass_mark,
        "titles": {page.locale.language_code: page.title for page in pages},
        "questions": rows,
    }
    return FrozenPaper(paper, answer_key, content_hash([paper, answer_key]))


def freeze_question(variants: Sequence[Question]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The paper's part and the key's part of one question, from its published variants (at least one).

    A variant without words for everything in the canonical one (a choice added since it was translated) is
    stale: that language gets the canonical words. Raises TypeMissing.
    """
    canonical = next(iter(canonical_first(variants)))
    kind = question_types.get(canonical.type)
    if kind is None:
        raise TypeMissing(canonical.type)
    frozen = {question.locale.language_code: _freeze(question, kind) for question in variants}
    language = canonical.locale.language_code
    own = frozen[language]
    texts: dict[str, Any] = {}
    remarks: dict[str, Any] = {}
    for question in variants:
        code = question.locale.language_code
        if code == language or (question.stem and kind.fits(own.body, frozen[code].texts)):
            texts[code] = {**frozen[code].texts, "stem": question.stem, "case": question.case}
            remarks[code] = {**frozen[code].remarks, "explanation": question.feedback}
    row = {
        "key": str(canonical.translation_key),
        "type": canonical.type,
        "points": canonical.points,
        "language": language,
        "facts": list(canonical.facts),
        "body": own.body,
        "texts": texts,
    }
    secret = {"answer": own.answer, "remarks": remarks}
    return {**row, "version": content_hash([row, secret])}, secret


def canonical_first(questions: Iterable[Question]) -> list[Question]:
    """Variants of one question, the one in the site's default language first, then by age."""
    return sorted(
        questions, key=lambda question: (question.locale.language_code != settings.LANGUAGE_CODE, question.pk)
    )


def _freeze(question: Question, kind: QuestionType) -> Frozen:
    with translation.override(question.locale.language_code):
        return kind.freeze(question)

"""One question as a paper keeps it: words from every variant, what is right from the one that decides."""

from collections.abc import Sequence
from typing import Any

from django.utils import translation

from courses.quizzes.domain.paper import content_hash
from courses.quizzes.domain.pictures import Hashes, frozen_pictures, image_hashes
from courses.quizzes.domain.staleness import canonical_first, stale_among
from courses.quizzes.models import Question
from courses.quizzes.types.base import Frozen, QuestionType, question_types


class TypeMissing(LookupError):
    """A question's type isn't registered now (its plugin is off): the quiz can't be taken for the time being."""


def freeze_question(
    variants: Sequence[Question], hashes: Hashes | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The paper's part and the key's part of one question, from its published variants (at least one). `hashes`: of the
    images that they show, asked for where it is None.

    A variant without words for everything in the canonical one (a choice added since it was translated), or
    translated from other words than the canonical one has now, is stale: that language gets the canonical words.
    Raises TypeMissing.
    """
    ordered = canonical_first(variants)
    canonical = ordered[0]
    kind = question_types.get(canonical.type)
    if kind is None:
        raise TypeMissing(canonical.type)
    frozen = {question.locale.language_code: _freeze(question, kind) for question in variants}
    language = canonical.locale.language_code
    own = frozen[language]
    stale = stale_among(variants)
    pictures = frozen_pictures(ordered, image_hashes(variants) if hashes is None else hashes)
    texts: dict[str, Any] = {}
    remarks: dict[str, Any] = {}
    for question in variants:
        code = question.locale.language_code
        whole = question.stem and kind.fits(own.body, frozen[code].texts) and code not in stale
        if code == language or whole:
            texts[code] = {
                **frozen[code].texts,
                "stem": question.stem,
                "case": question.case,
                **pictures[code],
            }
            remarks[code] = {**frozen[code].remarks, "explanation": question.feedback, **_more(question)}
    row = {
        "key": str(canonical.translation_key),
        "type": canonical.type,
        "points": canonical.points,
        "language": language,
        "facts": list(canonical.facts),
        "body": own.body,
        "texts": texts,
    }
    others = [frozen[question.locale.language_code].answer for question in ordered[1:]]
    secret = {"answer": kind.joined(own.answer, others), "remarks": remarks}
    # The version is that of words and key: the same question bound to another objective hasn't changed.
    return {
        **row,
        "version": content_hash([row, secret]),
        "revision": canonical.live_revision_id,
        "objective": str(canonical.objective.key) if canonical.objective else None,
        "scenario": str(canonical.scenario.translation_key) if canonical.scenario else None,
    }, secret


def _more(question: Question) -> dict[str, list[str]]:
    """Hints and provisions, one a line, where there are any."""
    found = {name: _lines(getattr(question, name)) for name in ("hints", "provisions")}
    return {name: lines for name, lines in found.items() if lines}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _freeze(question: Question, kind: QuestionType) -> Frozen:
    with translation.override(question.locale.language_code):
        return kind.freeze(question)

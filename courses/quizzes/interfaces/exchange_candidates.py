"""The questions of a file as candidates for the bank. Pure: no model, no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import override

from courses.quizzes.interfaces.exchange.detect import Format
from courses.quizzes.interfaces.exchange.entries import Image
from courses.quizzes.interfaces.exchange.report import Outcome, Remark, Unusable
from courses.quizzes.interfaces.exchange_fields import fields_of
from courses.quizzes.interfaces.exchange_rows import QuestionFields


@dataclass(frozen=True)
class Candidate:
    """One question of a file, ready to be taken: `variants` by language, empty for one that is left out.

    number: its place in the file, from 1. source: the file inside a package, whose lines count. unsaid: fields of
    which the format says nothing, so that a question that is here already keeps its own. remarks: what is lost, or the
    reason for which it is left out. objective: the id of the learning objective that it tests.
    """

    number: int
    name: str
    line: int
    source: str = ""
    identifier: str = ""
    variants: Mapping[str, QuestionFields] = field(default_factory=dict)
    category: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    objective: str = ""
    images: tuple[Image, ...] = ()
    unsaid: frozenset[str] = frozenset()
    remarks: tuple[Remark, ...] = ()


# What a format says nothing of.
_UNSAID = {Format.GIFT: frozenset({"points", "unit"}), Format.QTI: frozenset({"unit"})}


def candidates_of(outcomes: Iterable[Outcome], format: Format, language: str) -> list[Candidate]:
    """What was read from a file of that format, in the fields of questions of that language."""
    unsaid = _UNSAID.get(format, frozenset())
    return [
        replace(_candidate(number, outcome, language), unsaid=unsaid)
        for number, outcome in enumerate(outcomes, start=1)
    ]


def _candidate(number: int, outcome: Outcome, language: str) -> Candidate:
    entry = outcome.entry
    bare = Candidate(number, outcome.name, outcome.line, outcome.source, remarks=outcome.remarks)
    if entry is None:
        return bare
    try:
        with override(language):
            fields = fields_of(entry)
    except Unusable as error:
        reason = error.remark
        return replace(bare, remarks=(Remark(reason.message, reason.values, reason.line or outcome.line),))
    return replace(
        bare,
        name=entry.name or fields.words["stem"][:80],
        identifier=entry.identifier,
        variants={language: fields},
        category=entry.category,
        tags=entry.tags,
        objective=entry.objective,
        images=entry.images,
        remarks=(*outcome.remarks, *(Remark(one.message, one.values, outcome.line) for one in fields.losses)),
    )

"""The door: files ⇄ entries."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange import aiken, gift, gift_write, moodlexml, moodlexml_write, qti
from courses.quizzes.interfaces.exchange.checks import check_entry
from courses.quizzes.interfaces.exchange.decode import MAX_BYTES, check_size, decode
from courses.quizzes.interfaces.exchange.detect import Format, detect
from courses.quizzes.interfaces.exchange.entries import Entry
from courses.quizzes.interfaces.exchange.report import (
    MAX_ENTRIES,
    ExchangeError,
    Outcome,
    Reading,
    Remark,
    State,
    Unusable,
    left_out,
    outcome_of,
    too_many,
)

__all__ = ["ExchangeError", "Format", "Reading", "outcomes_of_writing", "read", "write"]


@dataclass(frozen=True)
class _Writer:
    losses_of: Callable[[Entry], list[Remark]]
    write: Callable[[Sequence[Entry]], str]


# A QTI file may be a package, and no text.
_READERS: dict[Format, Callable[[str], Reading]] = {
    Format.GIFT: gift.read,
    Format.MOODLE_XML: moodlexml.read,
    Format.AIKEN: aiken.read,
}
_WRITERS = {
    Format.GIFT: _Writer(gift_write.losses_of, gift_write.write),
    Format.MOODLE_XML: _Writer(moodlexml_write.losses_of, moodlexml_write.write),
    Format.AIKEN: _Writer(aiken.losses_of, aiken.write),
}


def read(data: bytes, *, format: Format | Literal["auto"] = "auto") -> Reading:
    """Every question of a file, and what became of each: taken, taken with losses, or left out.

    `format` 'auto' finds the format by the content. Raises ExchangeError, with the line and what to do, for a
    file that can't be read at all; a single bad question is an outcome and stops nothing.
    """
    check_size(data)
    found = detect(data) if format == "auto" else Format(format)
    if found is Format.YAML:
        raise ExchangeError(
            Remark(_("This is a file of a course package, whose questions have several languages."))
        )
    reading = qti.read(data) if found is Format.QTI else _READERS[found](decode(data))
    if not reading.outcomes:
        raise ExchangeError(Remark(_("The file holds no question. Check that it is the right file.")))
    return reading


def outcomes_of_writing(entries: Iterable[Entry], format: Format) -> tuple[Outcome, ...]:
    """What a file of this format would lose of each entry, in order. Raises ExchangeError where none is written."""
    writer = _writer(format)
    outcomes = []
    for entry in entries:
        try:
            check_entry(entry)
            outcomes.append(outcome_of(entry, writer.losses_of(entry)))
        except Unusable as error:
            outcomes.append(left_out(error, entry.name, entry.line))
    return tuple(outcomes)


def write(entries: Iterable[Entry], format: Format, *, allow_losses: bool = False) -> bytes:
    """The bytes of a file with these entries, always the same for the same entries.

    Raises ExchangeError for the first entry that the format can't hold whole. With `allow_losses`, writes what
    it can: `outcomes_of_writing` tells what is missing then.
    """
    writer = _writer(format)
    outcomes = outcomes_of_writing(entries, format)
    if len(outcomes) > MAX_ENTRIES:
        raise too_many()
    if not allow_losses:
        for place, outcome in enumerate(outcomes, start=1):
            if outcome.state is not State.TAKEN:
                raise ExchangeError(
                    Remark(
                        _("Question %(place)s (%(name)s) can't be written whole: %(reason)s"),
                        {"place": place, "name": outcome.name, "reason": outcome.remarks[0]},
                    )
                )
    data = writer.write([outcome.entry for outcome in outcomes if outcome.entry is not None]).encode()
    if len(data) > MAX_BYTES:
        raise ExchangeError(
            Remark(
                _("The file would be larger than %(limit)s MB. Choose fewer questions."),
                {"limit": MAX_BYTES // 1024 // 1024},
            )
        )
    return data


def _writer(format: Format) -> _Writer:
    if format not in _WRITERS:
        raise ExchangeError(
            Remark(_("Files of the format %(format)s are only read, not written."), {"format": format.value})
        )
    return _WRITERS[format]

"""Why a verb of an attempt did nothing."""

from datetime import datetime
from enum import StrEnum
from typing import Any


class Refusal(StrEnum):
    """Why no attempt was started or no answer taken."""

    NO_QUESTIONS = "no_questions"
    NO_ATTEMPTS_LEFT = "no_attempts_left"
    ALREADY_PASSED = "already_passed"
    TO_BE_MARKED = "to_be_marked"
    STALE_LANGUAGE = "stale_language"
    NOT_OPEN_YET = "not_open_yet"
    CLOSED = "closed"
    TOO_SOON = "too_soon"
    READ_FIRST = "read_first"
    NOT_EXTENDABLE = "not_extendable"
    SUBMITTED = "submitted"
    LATE = "late"
    UNKNOWN_QUESTION = "unknown_question"
    NOT_UNDERSTOOD = "not_understood"
    BAD_ENTRY = "bad_entry"
    SEQUENCE_TAKEN = "sequence_taken"
    TOO_MANY = "too_many"
    UNGRADABLE = "ungradable"
    # While the quiz is taken: an answer was checked and stands; there is no way back to its page.
    CHECKED = "checked"
    LEFT = "left"
    NO_CHECKS = "no_checks"
    NOTHING_TO_CHECK = "nothing_to_check"


class Refused(Exception):
    """The verb did nothing, and `reason` says why. `max_sequence`: where a client goes on from. `word`: what a
    question's type says to the learner, where it knows better than the reason alone. `moment`: what the reason
    speaks of (when it opens, when the next attempt is possible).
    """

    def __init__(
        self, reason: Refusal, *, max_sequence: int = 0, word: Any = "", moment: datetime | None = None
    ) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.max_sequence = max_sequence
        self.word = word
        self.moment = moment

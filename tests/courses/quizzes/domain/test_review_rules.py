"""The matrix of the review, every setting of every part at every moment."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from courses.quizzes.domain.policy import Policy
from courses.quizzes.domain.review_rules import NOTHING, Visible, Wait, offers_checks, visible, waits
from courses.quizzes.enums import FeedbackMode, ShownFrom

PARTS = ("score", "verdicts", "remarks", "answers", "explanations")
# 23:30 in Tunis.
SUBMITTED = datetime(2026, 3, 9, 22, 30, tzinfo=UTC)
CLOSES = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
MOMENTS = {
    "during": (None, SUBMITTED),
    "after": (SUBMITTED, SUBMITTED + timedelta(minutes=29)),
    "later": (SUBMITTED, SUBMITTED + timedelta(minutes=31)),
    "closed": (SUBMITTED, CLOSES),
}
# From which moment on each setting shows its part; checked answers are told at once where it says 'right after'.
REACHED = {
    ShownFrom.DURING: {"during", "after", "later", "closed"},
    ShownFrom.AFTER: {"after", "later", "closed"},
    ShownFrom.LATER: {"later", "closed"},
    ShownFrom.CLOSED: {"closed"},
    ShownFrom.NEVER: set(),
}


def reached(setting: str, moment: str, *, part: str = "") -> bool:
    return moment in REACHED[ShownFrom(setting)] or (
        moment == "during" and setting == ShownFrom.AFTER and part != "score"
    )


def policy(settings: dict[str, str], **others: object) -> Policy:
    return Policy(**{f"show_{part}": setting for part, setting in settings.items()}, **others)


@pytest.fixture(autouse=True)
def in_tunis(settings):
    settings.TIME_ZONE = "Africa/Tunis"


def test_every_setting_of_every_part_at_every_moment():
    count = 0
    for chosen in product([choice.value for choice in ShownFrom], repeat=len(PARTS)):
        settings = dict(zip(PARTS, chosen, strict=True))
        for (moment, (submitted_at, at)), told in product(MOMENTS.items(), (False, True)):
            shown = visible(
                policy(settings),
                submitted_at=submitted_at,
                at=at,
                over_at=CLOSES,
                answers_may_be_told=told,
            )
            verdicts = reached(settings["verdicts"], moment)
            expected = {
                "score": reached(settings["score"], moment, part="score")
                and (verdicts or moment != "during"),
                "verdicts": verdicts,
                "remarks": verdicts and reached(settings["remarks"], moment),
                "answers": verdicts and told and reached(settings["answers"], moment),
                "explanations": verdicts and reached(settings["explanations"], moment),
            }
            assert {part: getattr(shown, part) for part in PARTS} == expected
            assert shown.explains(right=False) is (expected["explanations"] and told)
            assert shown.explains(right=True) is expected["explanations"]
            count += 1
    assert count == 5**5 * 4 * 2


def test_what_was_shown_is_never_hidden_again():
    names = [field.name for field in fields(Visible)]
    for setting, part in product(ShownFrom, PARTS):
        rules = policy({part: setting.value})
        before = set()
        for submitted_at, at in list(MOMENTS.values())[1:]:
            shown = visible(rules, submitted_at=submitted_at, at=at, over_at=CLOSES, answers_may_be_told=True)
            now = {name for name in names if getattr(shown, name)}
            assert before <= now
            before = now


@pytest.mark.parametrize("submitted_at", [None, SUBMITTED])
def test_nothing_is_shown_of_what_isnt_judged(submitted_at):
    open_to_all = policy(dict.fromkeys(PARTS, ShownFrom.DURING.value))
    shown = visible(
        open_to_all,
        submitted_at=submitted_at,
        at=SUBMITTED,
        over_at=None,
        answers_may_be_told=True,
        judged=False,
    )
    assert shown == NOTHING


def test_the_next_day_begins_at_midnight_in_tunis():
    rules = policy({"verdicts": ShownFrom.LATER.value})

    def verdicts(at: datetime) -> bool:
        return visible(rules, submitted_at=SUBMITTED, at=at, over_at=None, answers_may_be_told=True).verdicts

    midnight = datetime(2026, 3, 9, 23, 0, tzinfo=UTC)
    assert [verdicts(midnight - timedelta(seconds=1)), verdicts(midnight)] == [False, True]


def test_a_quiz_without_a_closing_time_never_closes():
    rules = policy(dict.fromkeys(PARTS, ShownFrom.CLOSED.value))
    at = SUBMITTED + timedelta(days=4000)
    shown = visible(rules, submitted_at=SUBMITTED, at=at, over_at=None, answers_may_be_told=True)
    assert [getattr(shown, part) for part in PARTS] == [False] * 5
    assert set(waits(rules, shown, over_at=None).values()) == {Wait.NEVER}


@pytest.mark.parametrize(
    ("setting", "wait"),
    [
        (ShownFrom.LATER, Wait.DAY),
        (ShownFrom.CLOSED, Wait.CLOSING),
        (ShownFrom.NEVER, Wait.NEVER),
        (ShownFrom.AFTER, Wait.PASSING),
    ],
)
def test_the_page_knows_why_a_part_is_hidden(setting, wait):
    rules = policy({"answers": setting.value})
    shown = visible(rules, submitted_at=SUBMITTED, at=SUBMITTED, over_at=CLOSES, answers_may_be_told=False)
    assert waits(rules, shown, over_at=CLOSES) == {"answers": wait}


def test_what_hangs_on_the_verdict_waits_for_it():
    rules = policy({"verdicts": ShownFrom.LATER.value, "remarks": ShownFrom.NEVER.value})
    shown = visible(rules, submitted_at=SUBMITTED, at=SUBMITTED, over_at=None, answers_may_be_told=True)
    assert waits(rules, shown, over_at=None) == {
        "verdicts": Wait.DAY,
        "remarks": Wait.NEVER,
        "answers": Wait.DAY,
        "explanations": Wait.DAY,
    }


def test_answers_are_checked_only_where_the_verdict_may_be_told_at_once():
    offered = {
        (mode.value, setting.value)
        for mode, setting in product(FeedbackMode, ShownFrom)
        if offers_checks(policy({"verdicts": setting.value}, feedback_mode=mode.value))
    }
    assert offered == set(product(("immediate", "interactive"), ("during", "after")))

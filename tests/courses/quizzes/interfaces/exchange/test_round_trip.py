"""What is written reads back as the same entries, and is written again as the same bytes."""

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from courses.quizzes.interfaces.exchange import api
from courses.quizzes.interfaces.exchange.report import State
from tests.courses.quizzes.interfaces.exchange import strategies

EXAMPLES = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def whole(entries, format):
    """The entries that the format can hold whole."""
    outcomes = api.outcomes_of_writing(entries, format)
    return [outcome.entry for outcome in outcomes if outcome.state is State.TAKEN]


@EXAMPLES
@given(st.lists(strategies.gift_entries(), min_size=1, max_size=3))
def test_gift(entries):
    kept = whole(entries, api.Format.GIFT)
    assume(kept)
    data = api.write(kept, api.Format.GIFT)

    reading = api.read(data, format=api.Format.GIFT)

    assert list(reading.entries) == kept
    assert api.write(reading.entries, api.Format.GIFT) == data
    assert {outcome.state for outcome in reading.outcomes} <= {State.TAKEN, State.WITH_LOSSES}


@EXAMPLES
@given(strategies.gift_entries())
def test_gift_is_recognised(entry):
    assume(whole([entry], api.Format.GIFT))

    reading = api.read(api.write([entry], api.Format.GIFT))

    assert reading.entries == (entry,)


@EXAMPLES
@given(st.lists(strategies.moodle_entries(), min_size=1, max_size=2))
def test_moodle_xml(entries):
    kept = whole(entries, api.Format.MOODLE_XML)
    assume(kept)
    data = api.write(kept, api.Format.MOODLE_XML)

    reading = api.read(data)

    assert list(reading.entries) == kept
    assert api.write(reading.entries, api.Format.MOODLE_XML) == data
    assert {outcome.state for outcome in reading.outcomes} <= {State.TAKEN, State.WITH_LOSSES}

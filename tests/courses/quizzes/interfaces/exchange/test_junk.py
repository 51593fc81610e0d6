"""Whatever the bytes, a reader answers in words."""

from hypothesis import given, settings
from hypothesis import strategies as st

from courses.quizzes.interfaces.exchange import api
from courses.quizzes.interfaces.exchange.report import ExchangeError
from tests.courses.quizzes.interfaces.exchange import strategies

EXAMPLES = settings(max_examples=300, deadline=None)


@EXAMPLES
@given(strategies.junk(), st.sampled_from(["auto", *api.Format]))
def test_junk_raises_nothing_but_what_says_what_to_do(data, format):
    said = []
    try:
        said = [remark for outcome in api.read(data, format=format).outcomes for remark in outcome.remarks]
    except ExchangeError as error:
        said = [error]

    assert all(map(str, said))

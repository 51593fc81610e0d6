"""Whatever a file says, it becomes a question that comes out as it went in, or a reason. Without a database."""

from types import SimpleNamespace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.plugin_api.packages import key_for
from courses.quizzes.interfaces.exchange.report import Unusable
from courses.quizzes.interfaces.exchange_entries import entry_of
from courses.quizzes.interfaces.exchange_fields import LIMITS, fields_of
from courses.quizzes.interfaces.exchange_streams import in_words_of, with_ids
from courses.quizzes.models import Question
from tests.courses.quizzes.interfaces.exchange import strategies

EXAMPLES = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


class Held(SimpleNamespace):
    """What a question holds after the fields were put into it, as the writers read it."""


def held(fields):
    """An unsaved question, with what the writer asks beside its own fields."""
    question = Question(type=fields.type, package_id="Q", translation_key=key_for("Q"))
    for name, value in {**fields.words, **fields.key}.items():
        setattr(question, name, value)
    for name, rows in fields.streams.items():
        setattr(question, name, with_ids(rows, ()))
    shown = {name: getattr(question, name) for name in (
        "type", "case", "stem", "feedback", "points", "choices", "statement_is_true", "number", "tolerance", "unit",
        "pictures", "accepted", "pairs", "sequence", "passage", "rubric", "hints", "provisions", "package_id", "translation_key",
    )}  # fmt: skip
    return Held(
        **shown,
        scenario_id=None,
        objective=None,
        category=None,
        tags=SimpleNamespace(all=list),
        locale=SimpleNamespace(language_code="fr"),
    )


@EXAMPLES
@given(st.one_of(strategies.gift_entries(), strategies.moodle_entries()))
def test_a_question_comes_out_as_it_went_in(entry):
    """Once in our own fields, nothing more is lost: out and in again gives the same fields."""
    try:
        fields = fields_of(entry)
    except Unusable:
        return
    try:
        written = entry_of(held(fields), held(fields), [])
    except Unusable:
        # Two alternatives of a gap that look the same to a reader, say: the trainer is told.
        return
    again = fields_of(written)
    assert (again.type, again.key) == (fields.type, fields.key)
    if fields.type != "cloze":
        assert again.words == fields.words
        assert [row.value for rows in again.streams.values() for row in rows] == [
            row.value for rows in fields.streams.values() for row in rows
        ]


@EXAMPLES
@given(st.one_of(strategies.gift_entries(), strategies.moodle_entries()))
def test_no_text_is_longer_than_its_field(entry):
    try:
        fields = fields_of(entry)
    except Unusable:
        return
    assert all(len(text) <= LIMITS[name] for name, text in fields.words.items())
    assert 1 <= fields.key["points"] <= 100


@EXAMPLES
@given(st.one_of(strategies.gift_entries(), strategies.moodle_entries()))
def test_blocks_keep_their_ids_when_the_same_comes_again(entry):
    try:
        fields = fields_of(entry)
    except Unusable:
        return
    for rows in fields.streams.values():
        first = with_ids(rows, ())
        assert with_ids(rows, first) == first
        assert len({block["id"] for block in first}) == len(rows)
        assert sorted(block["id"] for block in with_ids(rows[::-1], first)) == sorted(
            block["id"] for block in first
        )
        assert in_words_of(rows, first) == first

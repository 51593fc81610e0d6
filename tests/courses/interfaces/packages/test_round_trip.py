"""What is written reads back as the same, and is written again as the same bytes."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.interfaces.packages import yamlio
from courses.interfaces.packages.errors import Problems
from courses.interfaces.packages.inline import runs_from_markdown, runs_to_html, runs_to_markdown
from courses.interfaces.packages.markdown import body_from_markdown
from courses.interfaces.packages.markdown_write import body_to_markdown
from courses.interfaces.packages.reading import Reading
from courses.interfaces.packages.rich import rich_from_html, rich_to_html, runs_from_html
from courses.interfaces.packages.schema import Fact
from tests.courses.interfaces.packages import strategies

EXAMPLES = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
FACTS = {name: Fact(name, "L", "…", "…") for name in ("F-1", "F-2")}


def read(text):
    reading = Reading(languages=("ar", "en", "fr"), facts=FACTS)
    body = body_from_markdown(text, lesson_id=strategies.LESSON, path="a.md", reading=reading)
    return body.blocks, [str(problem) for problem in reading.problems]


@EXAMPLES
@given(strategies.runs())
def test_formatted_text_survives_markdown_and_html(runs):
    assert runs_from_markdown(runs_to_markdown(runs)) == runs
    assert runs_from_html(runs_to_html(runs)) == runs


@EXAMPLES
@given(strategies.rich())
def test_rich_text_survives_html(rich):
    assert rich_from_html(rich_to_html(rich)) == rich


@EXAMPLES
@given(strategies.BODIES)
def test_a_body_survives_markdown_and_is_written_again_as_the_same_bytes(blocks):
    written = body_to_markdown(blocks)

    assert read(written) == (blocks, [])
    assert body_to_markdown(read(written)[0]) == written


@EXAMPLES
@given(
    st.lists(st.one_of(strategies.PIECES, st.just("\n"), st.just("\n\n"), st.just("\n:::\n"))).map("".join)
)
def test_any_markdown_is_refused_or_read_without_loss(text):
    blocks, problems = read(text)

    if not problems and blocks:
        written = body_to_markdown(blocks)
        assert read(written) == (blocks, [])
        assert body_to_markdown(read(written)[0]) == written


LINES = st.lists(strategies.plain_texts(), min_size=1, max_size=3).map("\n".join)
VALUES = st.recursive(
    st.one_of(
        LINES,
        st.booleans(),
        st.integers(-999, 999),
        st.decimals(-999, 999, places=3, allow_nan=False),
        st.lists(strategies.plain_texts()).map(yamlio.Flow),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3),
        st.dictionaries(strategies.plain_texts(4), inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)


def expected(value):
    match value:
        case dict():
            return {key: expected(item) for key, item in value.items()}
        case list():
            return [expected(item) for item in value]
        case bool():
            return ("bool", str(value).lower())
        case int():
            return ("int", str(value))
        case Decimal():
            written = yamlio.plain_number(value)
            return ("float" if "." in written else "int", written)
        case _:
            return ("str", value)


def found(node):
    match node:
        case yamlio.Branch():
            return {key: found(item) for key, item in node.values.items()}
        case yamlio.Listing():
            return [found(item) for item in node.items]
        case _:
            return (node.kind, node.value)


@EXAMPLES
@given(st.dictionaries(strategies.plain_texts(4), VALUES, min_size=1, max_size=4))
def test_yaml_survives(data):
    written = yamlio.dump(data)
    problems = Problems()
    node = yamlio.load(written, "a.yaml", problems)

    assert [str(problem) for problem in problems] == []
    assert found(node) == expected(data)
    assert written.endswith("\n")

"""Texts, rich texts and blocks that a lesson may hold, in canonical form, for property tests."""

from typing import Any

from hypothesis import strategies as st

from courses.interfaces.packages.inline import Run, normal, runs_to_html
from courses.interfaces.packages.keys import block_key
from courses.interfaces.packages.rich import Item, Paragraph, RichList, joined, rich_to_html

LESSON = "TEST-L1"

# Words of three scripts, and every character that Markdown, HTML or YAML could take for its own.
PIECES = st.sampled_from(
    [
        *"abAZé09 .,;:!?«»()[]{}*_`~#+-=|<>&\\/'\"@%^$…–—’،؟",
        *("\u00a0", "\u200f", "\u0301", "😀", "ـّ"),
        *(
            "الجمعية",
            "ولاية",
            "500 dinars",
            "l'art.",
            "1. ",
            "2) ",
            "- ",
            "# ",
            "---",
            "===",
            ":::",
            "::: law",
        ),
        *("**", "__", "&amp;", "&#39;", "<b>", "![", "](", "https://a.tn", "| --- |", "```", "~~~", "> "),
    ]
)


def plain_texts(max_size: int = 12) -> st.SearchStrategy[str]:
    """Plain text on one line, without white space at its ends."""
    return (
        st.lists(PIECES, min_size=1, max_size=max_size)
        .map(lambda pieces: "".join(run.text for run in normal([Run("".join(pieces))])))
        .filter(bool)
    )


HREFS = st.sampled_from(
    [
        "https://example.org/",
        "http://a.tn/x_y*z?a=1&copy;=2",
        "mailto:a@b.tn",
        "/fr/page/",
        "#ancre",
        "../a-b",
    ]
)


def runs(*, breaks: bool = True) -> Any:
    """Formatted text in its normal form, with at least one character."""
    pieces = st.one_of(PIECES, st.just("\n")) if breaks else PIECES
    run = st.builds(
        Run,
        text=st.lists(pieces, min_size=1, max_size=5).map("".join),
        bold=st.booleans(),
        italic=st.booleans(),
        href=st.one_of(st.none(), st.none(), HREFS),
    )
    return st.lists(run, min_size=1, max_size=5).map(normal).filter(bool)


def _lists(depth: int) -> Any:
    inner = st.lists(_lists(depth - 1), max_size=2) if depth else st.just([])
    item = st.builds(
        lambda text, lists: Item(text, tuple(part for part in joined(lists) if isinstance(part, RichList))),
        runs(),
        inner,
    )
    return st.builds(RichList, ordered=st.booleans(), items=st.lists(item, min_size=1, max_size=3).map(tuple))


def rich(max_size: int = 3) -> Any:
    """Paragraphs and lists in canonical form, not empty."""
    part = st.one_of(st.builds(Paragraph, runs=runs()), _lists(2))
    return st.lists(part, min_size=1, max_size=max_size).map(joined).filter(bool)


HTML = rich().map(rich_to_html)
CELLS = st.one_of(st.just(""), runs(breaks=False).map(runs_to_html))


@st.composite
def tables(draw: Any) -> dict[str, Any]:
    width = draw(st.integers(1, 4))
    row = st.lists(CELLS, min_size=width, max_size=width)
    header = st.lists(plain_texts(), min_size=width, max_size=width)
    return {"header": draw(header), "rows": draw(st.lists(row, min_size=1, max_size=3))}


def _block(kind: str, value: Any) -> Any:
    return value.map(lambda drawn: {"type": kind, "value": drawn})


BLOCKS = st.one_of(
    _block("paragraph", HTML),
    _block("heading", st.fixed_dictionaries({"text": plain_texts(), "level": st.sampled_from(["h2", "h3"])})),
    _block("image", st.fixed_dictionaries({"image": st.just("files/a-b_c.png"), "alt": plain_texts()})),
    _block(
        "callout",
        st.fixed_dictionaries(
            {
                "kind": st.sampled_from(["remember", "attention", "example"]),
                "title": st.one_of(st.just(""), plain_texts()),
                "body": HTML,
            }
        ),
    ),
    _block("steps", st.fixed_dictionaries({"steps": st.lists(HTML, min_size=1, max_size=11)})),
    _block("table", tables()),
    _block(
        "document",
        st.fixed_dictionaries({"file": st.just("files/modele.docx"), "title": plain_texts()}),
    ),
    _block(
        "law",
        st.fixed_dictionaries(
            {
                "text": plain_texts(),
                "article": plain_texts(),
                "source": st.just("https://example.org/loi#art-38"),
                "rule": HTML,
                "facts": st.lists(st.sampled_from(["F-1", "F-2"]), unique=True),
                "official_ar": st.one_of(st.just(""), plain_texts()),
            }
        ),
    ),
)


def _canonical(drawn: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With ids, and never two paragraph blocks in a row: Markdown couldn't part them."""
    kept = [
        block
        for index, block in enumerate(drawn)
        if index == 0 or block["type"] != "paragraph" or drawn[index - 1]["type"] != "paragraph"
    ]
    return [{**block, "id": str(block_key(LESSON, index))} for index, block in enumerate(kept)]


BODIES = st.lists(BLOCKS, min_size=1, max_size=5).map(_canonical)

"""Rich text as Wagtail's editor stores it, brought into the canonical form."""

import pytest

from courses.interfaces.packages.inline import InlineError, checked_href, runs_from_markdown, runs_to_html
from courses.interfaces.packages.rich import RichError, rich_from_html, rich_to_html, rich_to_markdown


@pytest.mark.parametrize(
    ("stored", "canonical"),
    [
        ('<p data-block-key="a1b2c">Un <b>mot</b></p>', "<p>Un <b>mot</b></p>"),
        ("<p><strong>a</strong> <em>b</em></p>", "<p><b>a</b> <i>b</i></p>"),
        ("<p>a</p><p></p><p> \n </p>", "<p>a</p>"),
        ("<p>500&nbsp;dinars &amp; plus</p>", "<p>500\u00a0dinars &amp; plus</p>"),
        ("<p>fin de <b>gras </b>ici</p>", "<p>fin de <b>gras</b> ici</p>"),
        ("<p><i><b>a</b></i></p>", "<p><b><i>a</i></b></p>"),
        ("<p>a<br>b<br/></p>", "<p>a<br/>b</p>"),
        ("<ul>\n<li><p>a</p></li>\n<li>b<ol><li>c</li></ol></li>\n</ul>", "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "<ul><li>a</li><li>b</li></ul>"),
        ('<p><a href="https://a.tn/(x)">a</a></p>', '<p><a href="https://a.tn/%28x%29">a</a></p>'),
        ("texte nu", "<p>texte nu</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_stored_html_has_one_canonical_form(stored, canonical):
    assert rich_to_html(rich_from_html(stored)) == canonical
    assert rich_to_html(rich_from_html(canonical)) == canonical


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        ('<p><a linktype="page" id="3">a</a></p>', "a link to a page of the site cannot be written"),
        ('<p><a linktype="document" id="3">a</a></p>', "a link to a document of the site cannot be written"),
        ("<h2>a</h2>", "<h2> is not part of the format"),
        ('<embed embedtype="image" id="3"/>', "<embed> is not part of the format"),
        (
            "<p><a href='javascript:x'>a</a></p>",
            "the address 'javascript:x' is neither http(s), mailto nor relative",
        ),
        ("<li>a</li>", "a list item stands outside a list"),
        ("<ul>a</ul>", "text stands in a list outside its items"),
        ("<ul><li>a</li>", "a list does not end"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "a list item holds more than one paragraph"),
        ("<ul><li><ul><li>a</li></ul></li></ul>", "a list item has no text of its own"),
    ],
)
def test_what_the_format_has_not_is_refused(stored, reason):
    with pytest.raises(RichError) as caught:
        rich_from_html(stored)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>1. Un</p>", "1\\. Un"),
        ("<p>- un</p>", "\\- un"),
        ("<p>-5 degrés, 3 * 4, a_b et _c_</p>", "-5 degrés, 3 \\* 4, a_b et \\_c\\_"),
        ("<p>« <b>gras</b> »</p>", "« **gras** »"),
        ("<p>mi<b>gras</b></p>", "mi**gras**"),
        ("<p>a<b>«b»</b>c</p>", "&#97;**«b»**&#99;"),
        ("<p>a<br/>b</p>", "a\\\nb"),
        ("<p>AT&amp;T &amp;amp;</p>", "AT&T \\&amp;"),
    ],
)
def test_markdown_is_escaped_only_where_it_would_mean_something(html, markdown):
    assert rich_to_markdown(rich_from_html(html)) == markdown
    assert f"<p>{runs_to_html(runs_from_markdown(markdown))}</p>" == html


@pytest.mark.parametrize(
    "address", ["JavaScript:x", "data:text/html,x", "//a.tn", "\\\\a.tn", "a b", "java\nscript:x", ""]
)
def test_dangerous_addresses_are_refused(address):
    with pytest.raises(InlineError):
        checked_href(address)

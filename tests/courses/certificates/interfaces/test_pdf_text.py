"""Shaping and extraction: what is printed is what is read back, in the order in which it was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.pens.recordingPen import RecordingPen

from courses.certificates.interfaces.pdf.render import render_certificate
from courses.certificates.interfaces.pdf.shaping import (
    ShapedLine,
    face,
    shape_runs,
    unsupported_characters,
)
from courses.lib.bidi import clean, is_rtl, visual_runs

from .sheets import content, extracted, normalised


def shaped(text: str, style: str = "regular") -> ShapedLine:
    rtl = is_rtl(text)
    return shape_runs(visual_runs(clean(text), "rtl" if rtl else "ltr"), style, "ar" if rtl else "fr")


def bulges_left(glyph: int) -> bool:
    """True for the shape of `(`: its leftmost point lies at middle height, its ends are on the right."""
    pen = RecordingPen()
    face("regular").hb_font.draw_glyph_with_pen(glyph, pen)
    points = [point for _, arguments in pen.value for point in arguments]
    middle = (min(y for _, y in points) + max(y for _, y in points)) / 2
    leftmost = min(points, key=lambda point: (point[0], abs(point[1] - middle)))
    rightmost = max(points, key=lambda point: (point[0], -abs(point[1] - middle)))
    return abs(leftmost[1] - middle) < abs(rightmost[1] - middle)


@pytest.mark.parametrize("text", ["(أمل)", "(amal)"])
def test_brackets_open_towards_their_words(text: str) -> None:
    line = shaped(text)
    assert bulges_left(line.clusters[0].parts[0][0])
    assert not bulges_left(line.clusters[-1].parts[0][0])
    read = [cluster.text.strip("\u200e\u200f") for cluster in line.clusters]
    assert (read[0], read[-1]) == ((")", "(") if is_rtl(text) else ("(", ")"))


def test_a_letter_and_its_marks_are_one_cluster_that_never_moves_the_pen_back() -> None:
    line = shaped("مُحَمَّدٌ")
    assert [len(cluster.text) for cluster in line.clusters] == [2, 3, 2, 2]
    assert all(cluster.advance > 0 for cluster in line.clusters)
    assert line.width == sum(cluster.advance for cluster in line.clusters)
    assert line.ink.top > shaped("محمد").ink.top


def test_a_latin_name_inside_arabic_stands_in_its_place() -> None:
    texts = [cluster.text.strip("\u200e\u200f") for cluster in shaped("دورة ABC للجمعيات").clusters]
    drawn = "".join(texts)
    assert drawn.index("ABC") > drawn.index("ت")
    assert drawn.index("ABC") < drawn.index("د", drawn.index("ABC"))


@pytest.mark.pdf_tools
@pytest.mark.parametrize("languages", [("ar", "fr"), ("fr", "ar"), ("ar", "en")])
def test_both_languages_of_a_sheet_are_read_back(languages: tuple[str, str], tmp_path: Path) -> None:
    text = extracted(render_certificate(content(languages=languages)), tmp_path)
    expected = [
        "شهادة متابعة تكوين",
        "آمال بن صالح",
        "تُثبت هذه الشهادة متابعة",
        "12 فيفري 2026",
        "3 ساعات و30 دقيقة",
        "سُلّمت بتاريخ 13 فيفري 2026",
        "المحاور: الإطار والتأسيس",
        "مطابق للقانون.",
        "7K3M-Q0ZP-4TRX-9HC5",
        "Amel Ben Salah",
    ]
    if "fr" in languages:
        expected += ["Attestation de suivi de formation", "12 février 2026", "86 %", "une association."]
    assert [words for words in expected if normalised(words) not in text] == []


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("Amel Ben Salah", set()),
        ("آمال بن صالح ـ ﷲ", set()),
        ("\u2067آمال\u2069\u200f", set()),
        ("Amel 😀", {"😀"}),
        ("👩\u200d💻", {"👩", "💻"}),
        ("❤️", {"❤", "\ufe0f"}),
        ("שלום", set("שלום")),
        ("李", {"李"}),
        ("a\tb\x00", {"\t", "\x00"}),
        ("\ue000", {"\ue000"}),
    ],
)
def test_characters_that_cannot_be_printed_are_named(text: str, refused: set[str]) -> None:
    assert unsupported_characters(text) == refused

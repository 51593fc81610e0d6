"""Shaping and extraction: what is printed is what is read back, in the order in which it was written."""

from __future__ import annotations

import datetime
from pathlib import Path

import fontpkg
import pytest
from fontTools.pens.recordingPen import RecordingPen
from PIL import Image, ImageChops, ImageStat
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from courses.certificates.interfaces.pdf.render import render_certificate
from courses.certificates.interfaces.pdf.shaping import (
    ShapedLine,
    face,
    shape_runs,
    unsupported_characters,
)
from courses.certificates.interfaces.pdf.sheet import Sheet
from courses.lib.bidi import clean, is_rtl, visual_runs

from .sheets import HARD_NAMES, content, extracted, normalised, run


def shaped(text: str, style: str = "regular") -> ShapedLine:
    rtl = is_rtl(text)
    return shape_runs(visual_runs(clean(text), "rtl" if rtl else "ltr"), style, "ar" if rtl else "fr")


def glyphs(line: ShapedLine) -> list[int]:
    return [part[0] for cluster in line.clusters for part in cluster.parts]


@pytest.mark.parametrize("style", ["regular", "bold", "italic"])
def test_letters_take_initial_medial_final_and_isolated_forms(style: str) -> None:
    final, medial, initial = glyphs(shaped("ببب", style))
    (isolated,) = glyphs(shaped("ب", style))
    assert len({final, medial, initial, isolated}) == 4


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
@pytest.mark.parametrize("name", HARD_NAMES)
def test_hard_names_are_read_back_in_logical_order(name: str, tmp_path: Path) -> None:
    assert unsupported_characters(name) == set()
    if is_rtl(name):
        sheet = content(languages=("ar",), holder_arabic=name, holder_latin="")
    else:
        sheet = content(languages=("fr",), holder_latin=name, holder_arabic="")
    assert normalised(name) in extracted(render_certificate(sheet), tmp_path)


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


@pytest.mark.pdf_tools
def test_the_judge_refuses_text_drawn_without_shaping(tmp_path: Path) -> None:
    name = "محمد الصالح بن علي"
    pdfmetrics.registerFont(TTFont("Unshaped", str(fontpkg.path("Amiri", weight=400)), shapable=False))
    canvas = Canvas(str(tmp_path / "control.pdf"))
    canvas.setFont("Unshaped", 20)
    canvas.drawString(100, 500, name)
    canvas.save()
    assert normalised(name) not in extracted((tmp_path / "control.pdf").read_bytes(), tmp_path)
    plain = [face("regular").hb_font.get_nominal_glyph(ord(letter)) for letter in "ببب"]
    assert len(set(plain)) == 1


@pytest.mark.pdf_tools
@pytest.mark.parametrize("text", [name for name in HARD_NAMES if is_rtl(name) and len(name) < 60])
def test_lines_look_like_those_of_an_independent_renderer(text: str, tmp_path: Path) -> None:
    weasyprint = pytest.importorskip("weasyprint")
    font = Path(str(fontpkg.path("Amiri", weight=400))).as_uri()
    weasyprint.HTML(
        string=f"""<html lang="ar"><style>@font-face {{ font-family: A; src: url({font}) }}
        @page {{ size: 800pt 120pt; margin: 0 }} p {{ font: 40pt/1.6 A; margin: 20pt }}</style>
        <p dir="rtl">{text}</p></html>"""
    ).write_pdf(tmp_path / "reference.pdf")
    line = shaped(text)
    sheet = Sheet((800, 120), day=datetime.date(2026, 2, 13), lang="ar")
    sheet.draw_line(line, 780 - line.width * 0.04, 50, 40)
    (tmp_path / "ours.pdf").write_bytes(sheet.finish())
    ours, reference = (inked(tmp_path / f"{name}.pdf") for name in ("ours", "reference"))
    assert abs(ours.width - reference.width) <= 3
    assert abs(ours.height - reference.height) <= 3
    difference = ImageChops.difference(ours, reference.resize(ours.size))
    ink = ImageStat.Stat(ImageChops.invert(ours)).sum[0]
    # Edges differ by a part of a pixel; a wrong letter form or a mark elsewhere differs by far more.
    assert ImageStat.Stat(difference).sum[0] < 0.35 * ink


def inked(pdf: Path) -> Image.Image:
    """The first page in grey at 100 dpi, cut to its ink."""
    run("pdftoppm", "-r", "100", "-gray", "-png", "-singlefile", str(pdf), str(pdf.with_suffix("")))
    page = Image.open(pdf.with_suffix(".png")).convert("L")
    box = ImageChops.invert(page).point(lambda value: 255 if value > 60 else 0).getbbox()
    assert box
    return page.crop(box)


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

"""Sixty hard names and titles: read back word by word, shaped letter by letter, and looked at beside another renderer.

All of them go through each tool in one file, a page for each.
"""

from __future__ import annotations

import datetime
import html
import io
import itertools
import re
from collections.abc import Iterable
from pathlib import Path

import fontpkg
import pikepdf
import pytest
from PIL import Image, ImageChops, ImageStat
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from courses.certificates.domain.eligibility import unprintable
from courses.certificates.interfaces.pdf.content import CertificateContent
from courses.certificates.interfaces.pdf.render import render_certificate
from courses.certificates.interfaces.pdf.shaping import ShapedLine, face, shape_runs, unsupported_characters
from courses.certificates.interfaces.pdf.sheet import Sheet
from courses.certificates.interfaces.pdf.spec import DesignSpec, Look
from courses.lib.bidi import Direction, clean, is_rtl, visual_runs

from .corpus import CORPUS, REFUSED
from .sheets import content, normalised, run

# Letters that join on both sides.
DUAL = "بتثجحخسشصضطظعغفقكلمنهيئپچگ"
STYLES = ("regular", "bold", "italic")
SIZE = 30
PAGE = (1500, 110)  # points
# Edges differ by a part of a pixel; a wrong letter form, or a mark elsewhere, makes far more of a difference.
ALIKE = 0.3
# Where the other renderer is free to choose other shapes and does: it takes numbers and brackets for the script of the
# word before them, and a letter that the font lacks from another font.
OTHERWISE = {"دورة GDPR (النسخة 2.1)", "دفعة 2026/2027 رقم 12", "Œuvre O'Brien-Dvořák Ġorġ Nguyễn"}


def shaped(text: str, style: str = "regular") -> ShapedLine:
    base: Direction = "rtl" if is_rtl(text) else "ltr"
    return shape_runs(visual_runs(clean(text), base), style, "ar" if base == "rtl" else "fr", base)


def merged(files: Iterable[bytes], target: Path) -> Path:
    """One file with the pages of all."""
    with pikepdf.new() as whole:
        for file in files:
            with pikepdf.open(io.BytesIO(file)) as pdf:
                whole.pages.extend(pdf.pages)
        whole.save(target)
    return target


def pages_of(file: Path) -> list[str]:
    """What pdftotext reads on each page, words joined by one blank."""
    return [normalised(page) for page in run("pdftotext", "-layout", str(file), "-").split("\f")][:-1]


def certificate(text: str, look: Look) -> bytes:
    """A certificate of somebody with this name, in a course with this title."""
    if is_rtl(text):
        names = {"languages": ("ar",), "holder_arabic": text, "holder_latin": ""}
    else:
        names = {"languages": ("fr",), "holder_latin": text, "holder_arabic": ""}
    case: CertificateContent = content(**names, course_title={"ar": text, "fr": text})
    return render_certificate(case, spec=DesignSpec(look=look))


def test_the_corpus_holds_what_it_says() -> None:
    assert len(set(CORPUS)) == 60
    for wanted in (
        "أ",
        "إ",
        "آ",
        "ؤ",
        "ئ",
        "ء",
        "لا",
        "لأ",
        "لإ",
        "لآ",
        "ـ",
        "\u064e\u0651",
        "\u0670",
        "’",
        "'",
    ):
        assert any(wanted in text for text in CORPUS), wanted
    lengths = {(is_rtl(text), len(text)) for text in CORPUS}
    assert {(False, 80), (True, 80), (False, 1), (True, 1)} <= lengths
    assert any(is_rtl(text) and re.search("[A-Za-z]{3}", text) for text in CORPUS)


@pytest.mark.pdf_tools
@pytest.mark.parametrize("look", Look)
def test_names_and_titles_are_read_back_word_by_word(look: Look, tmp_path: Path) -> None:
    file = merged((certificate(text, look) for text in CORPUS), tmp_path / "corpus.pdf")
    pages = pages_of(file)
    assert len(pages) == len(CORPUS)
    assert [text for text, page in zip(CORPUS, pages, strict=True) if page.count(normalised(text)) < 2] == []
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", str(file))


def drawn_without_shaping(text: str, page: tuple[int, int]) -> bytes:
    """The control: the letters as they are written, one after the other, as most libraries print them."""
    if "Unshaped" not in pdfmetrics.getRegisteredFontNames():
        font = str(fontpkg.path("Amiri", weight=400))
        pdfmetrics.registerFont(TTFont("Unshaped", font, shapable=False))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=page)
    canvas.setFont("Unshaped", SIZE)
    canvas.drawString(20, 40, text)
    canvas.save()
    return file.getvalue()


@pytest.mark.pdf_tools
def test_the_readers_refuse_text_without_shaping(tmp_path: Path) -> None:
    arabic = [text for text in CORPUS if is_rtl(text) and len(text) > 1]
    file = merged((drawn_without_shaping(text, PAGE) for text in arabic), tmp_path / "control.pdf")
    pages = pages_of(file)
    assert [text for text, page in zip(arabic, pages, strict=True) if normalised(text) in page] == []


def glyphs(line: ShapedLine) -> list[int]:
    return [part[0] for cluster in line.clusters for part in cluster.parts]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("letter", DUAL)
def test_letters_take_initial_medial_final_and_isolated_forms(letter: str, style: str) -> None:
    # With a letter on each side that draws nothing of its own: the joining stroke.
    final, medial, initial = (
        glyphs(shaped(text, style)) for text in (f"ـ{letter}", f"ـ{letter}ـ", f"{letter}ـ")
    )
    isolated = glyphs(shaped(letter, style))
    stroke = glyphs(shaped("ـ", style))[0]
    forms = {tuple(glyph for glyph in form if glyph != stroke) for form in (final, medial, initial, isolated)}
    assert len(forms) == 4
    unjoined = face(style).hb_font.get_nominal_glyph(ord(letter))
    assert [form for form in (final, medial, initial) if unjoined in form] == []


def inked(page: Path) -> Image.Image:
    """A rendered page, cut to its ink."""
    image = Image.open(page).convert("L")
    box = ImageChops.invert(image).point(lambda value: 255 if value > 60 else 0).getbbox()
    assert box
    return image.crop(box)


def pictures_of(file: Path) -> list[Image.Image]:
    """Each page in grey at 150 dpi, cut to its ink."""
    run("pdftoppm", "-r", "150", "-gray", str(file), str(file.with_suffix("")))
    return [inked(page) for page in sorted(file.parent.glob(f"{file.stem}-*.pgm"))]


def differs(ours: Image.Image, reference: Image.Image) -> str:
    """Why two pictures of a line aren't the same line; empty where they are."""
    if abs(ours.width - reference.width) > 4 or abs(ours.height - reference.height) > 4:
        return f"size {ours.size} and {reference.size}"
    shifts = itertools.product((-1, 0, 1), repeat=2)
    resized = reference.resize(ours.size)
    difference = min(
        ImageStat.Stat(ImageChops.difference(ours, ImageChops.offset(resized, *shift))).sum[0]
        for shift in shifts
    )
    share = difference / ImageStat.Stat(ImageChops.invert(ours)).sum[0]
    return "" if share < ALIKE else f"{share:.2f} of the ink"


@pytest.mark.pdf_tools
def test_lines_look_like_those_of_an_independent_renderer(tmp_path: Path) -> None:
    weasyprint = pytest.importorskip("weasyprint")
    font = Path(str(fontpkg.path("Amiri", weight=400))).as_uri()
    lines = "".join(
        f'<p dir="{"rtl" if is_rtl(text) else "ltr"}" lang="{"ar" if is_rtl(text) else "fr"}">{html.escape(text)}</p>'
        for text in CORPUS
    )
    weasyprint.HTML(
        string=f"""<html><style>@font-face {{ font-family: A; src: url({font}) }}
        @page {{ size: {PAGE[0]}pt {PAGE[1]}pt; margin: 0 }}
        p {{ font: {SIZE}pt/1.6 A; margin: 20pt; break-after: page; white-space: nowrap }}</style>{lines}</html>"""
    ).write_pdf(tmp_path / "reference.pdf")
    ours, control = [], []
    for text in CORPUS:
        line = shaped(text)
        sheet = Sheet(PAGE, day=datetime.date(2026, 2, 13), lang="ar")
        sheet.draw_line(line, 20 if not is_rtl(text) else PAGE[0] - 20 - line.width * SIZE / 1000, 40, SIZE)
        ours.append(sheet.finish())
        control.append(drawn_without_shaping(text, PAGE))
    pictures = {
        "ours": pictures_of(merged(ours, tmp_path / "ours.pdf")),
        "control": pictures_of(merged(control, tmp_path / "control.pdf")),
        "reference": pictures_of(tmp_path / "reference.pdf"),
    }
    assert [len(found) for found in pictures.values()] == [len(CORPUS)] * 3
    compared = zip(CORPUS, *pictures.values(), strict=True)
    wrong, unnoticed = {}, []
    for text, our, unshaped, reference in compared:
        if text not in OTHERWISE and (why := differs(our, reference)):
            wrong[text] = why
        if is_rtl(text) and len(text) > 1 and not differs(unshaped, reference):
            unnoticed.append(text)
    assert wrong == {}
    assert unnoticed == []


@pytest.mark.parametrize("text", REFUSED)
def test_signs_that_no_font_has_are_refused(text: str) -> None:
    assert unprintable(text)
    assert unsupported_characters(text)


def test_nothing_of_the_corpus_is_refused() -> None:
    assert [text for text in CORPUS if unprintable(text)] == []

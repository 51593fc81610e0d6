"""The certificate as a file and as a sheet: sound, small, the same every time, nothing clipped."""

from __future__ import annotations

import dataclasses
import datetime
import io
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from courses.certificates.interfaces.pdf.content import CertificateContent
from courses.certificates.interfaces.pdf.layout import ContentDoesNotFitError
from courses.certificates.interfaces.pdf.render import MAX_BYTES, compose, job_of, render_certificate
from courses.certificates.interfaces.pdf.spec import DesignSpec
from courses.certificates.interfaces.pdf.wording import FRENCH, NBSP, WORDINGS
from courses.certificates.interfaces.pdf.wrapping import wrap

from .corpus import HARD_NAMES
from .sheets import VERIFY_URL, assert_tidy, content, extracted, run

LONG: dict[str, Any] = {
    "holder_latin": HARD_NAMES[14],
    "holder_arabic": HARD_NAMES[12],
    "association_latin": "Association pour la protection du patrimoine culturel et naturel des oasis "
    "du Sud-Ouest (section de Tozeur et de Nefta)",
    "association_arabic": "جمعية صيانة التراث الثقافي والطبيعي لواحات الجنوب الغربي (فرع توزر ونفطة)",
    "course_title": {
        "ar": "الالتزامات القانونية والمحاسبية والجبائية للجمعيات: التصريح والمسك والحفظ وتقديم الحساب",
        "fr": "Obligations légales, comptables et fiscales des associations : déclarer, tenir, conserver",
        "en": "Legal, accounting and tax obligations of associations: declaring, keeping and reporting",
    },
}
CASES: dict[str, CertificateContent] = {
    "ar-fr": content(),
    "en": content(languages=("en",)),
    "ar": content(languages=("ar",)),
    "fr-en": content(languages=("fr", "en")),
    "long": content(**LONG),
    "long-en": content(languages=("en",), **LONG),
    "one-word": content(languages=("ar", "en"), holder_latin="Supercalifragilisticexpialidocious" * 3),
    "bare": content(
        holder_arabic="",
        association_latin="",
        association_arabic="",
        law_checked_to=None,
        estimated_minutes=None,
        score_percent=None,
        themes={},
    ),
    "signed-code": content(verify_url=VERIFY_URL + "#" + "aZ09-_" * 40),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("certificates")
    made = {}
    for name, case in CASES.items():
        made[name] = folder / f"{name}.pdf"
        made[name].write_bytes(render_certificate(case))
    return made


@pytest.mark.parametrize("case", CASES)
def test_file_is_sound_and_small(case: str, files: dict[str, Path]) -> None:
    assert files[case].stat().st_size <= MAX_BYTES
    with pikepdf.open(files[case]) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == 1
        assert b"Helvetica" not in files[case].read_bytes()


@pytest.mark.pdf_tools
@pytest.mark.parametrize("case", CASES)
def test_qpdf_finds_nothing_and_every_font_is_embedded(case: str, files: dict[str, Path]) -> None:
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", str(files[case]))
    fonts = run("pdffonts", str(files[case])).splitlines()[2:]
    assert fonts
    for font in fonts:
        assert font.split()[-5:-2] == ["yes", "yes", "yes"], font


@pytest.mark.pdf_tools
@pytest.mark.parametrize("case", CASES)
def test_code_on_the_rendered_page_is_the_address(case: str, files: dict[str, Path]) -> None:
    picture = files[case].with_suffix("")
    run("pdftoppm", "-r", "150", "-png", "-singlefile", str(files[case]), str(picture))
    (code,) = zxingcpp.read_barcodes(Image.open(f"{picture}.png"))
    assert code.text == CASES[case].verify_url


@pytest.mark.parametrize("case", CASES)
def test_nothing_leaves_the_frame_and_nothing_overlaps(case: str) -> None:
    assert_tidy(CASES[case], DesignSpec())


def test_random_texts_never_overlap() -> None:
    source = random.Random(7)
    words = [word for name in HARD_NAMES for word in name.split()]

    def text(least: int, most: int) -> str:
        return " ".join(source.choice(words) for _ in range(source.randint(least, most)))[:90]

    for _ in range(25):
        assert_tidy(
            content(
                languages=source.choice([("ar", "fr"), ("fr", "en"), ("ar",), ("en",)]),
                holder_latin=text(1, 12),
                holder_arabic=text(1, 12),
                association_latin=text(1, 15),
                association_arabic="",
                course_title={language: text(1, 15) for language in WORDINGS},
                issuer={language: text(1, 8) for language in WORDINGS},
            ),
            DesignSpec(),
        )


def test_what_cannot_fit_is_refused_and_not_clipped() -> None:
    with pytest.raises(ContentDoesNotFitError):
        render_certificate(content(course_title=dict.fromkeys(WORDINGS, "Obligations " * 200)))


def test_wrapped_lines_keep_the_measure_the_words_and_a_balance() -> None:
    text = "Obligations légales et comptables des associations de développement"
    lines = wrap(text, "bold", "fr", "ltr", 20_000)
    assert len(lines) == 2
    assert all(line.width <= 20_000 for line in lines)
    assert min(line.width for line in lines) > 0.6 * max(line.width for line in lines)
    read = " ".join("".join(cluster.text for cluster in line.clusters) for line in lines)
    assert read == text


def test_same_content_gives_the_same_bytes_in_another_process() -> None:
    script = (
        "import hashlib, sys;"
        "sys.path[:0] = sys.argv[1:];"
        "from tests.courses.certificates.interfaces.sheets import content;"
        "from courses.certificates.interfaces.pdf.render import render_certificate as render;"
        "print(hashlib.sha256(render(content())).hexdigest())"
    )
    root = str(Path(__file__).parents[4])
    digests = set()
    for seed, epoch in (("1", "0"), ("2", "1700000000")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": epoch, "TZ": "Asia/Tokyo"}
        digests.add(
            subprocess.run(
                [sys.executable, "-c", script, root],
                check=True,
                capture_output=True,
                text=True,
                env=environment,
            ).stdout
        )
    assert len(digests) == 1
    assert render_certificate(content()) == render_certificate(content())
    assert render_certificate(content()) != render_certificate(content(score_percent=85))


def test_metadata() -> None:
    with pikepdf.open(io.BytesIO(render_certificate(content()))) as pdf:
        assert str(pdf.Root.Lang) == "ar"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.Root.ViewerPreferences.Direction) == "/R2L"
        assert str(pdf.docinfo["/Title"]) == "شهادة متابعة تكوين · الالتزامات القانونية للجمعيات"
        assert str(pdf.docinfo["/Author"]) == "شبكة دعم الجمعيات"
        assert "JUR" in str(pdf.docinfo["/Subject"])
        holders = [content().holder(language) for language in content().languages]
        assert [name for name in holders if name in str(dict(pdf.docinfo.items()))] == []
        assert str(pdf.docinfo["/Subject"]).count(" · ") == 1  # the other language's title and the code
        assert str(pdf.docinfo["/Keywords"]) == "7K3M-Q0ZP-4TRX-9HC5"
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20260213")


@pytest.mark.pdf_tools
def test_a_deployment_brings_its_own_words(tmp_path: Path) -> None:
    own = dataclasses.replace(FRENCH, title="Attestation de participation")
    text = extracted(
        render_certificate(content(languages=("fr",)), wordings={**WORDINGS, "fr": own}), tmp_path
    )
    assert "Attestation de participation" in text
    assert "suivi de formation" not in text


def printed(case: CertificateContent, **words: str) -> str:
    """The lines of a French sheet whose wording has these words of its own."""
    own = {**WORDINGS, "fr": dataclasses.replace(FRENCH, **words)}
    placed = compose(job_of(case, DesignSpec(), wordings=own))
    lines = ("".join(cluster.text for cluster in one.line.clusters) for one in placed)
    return "\n".join(lines).replace(NBSP, " ")


def test_words_may_use_the_frozen_values_and_the_sheets_own() -> None:
    case = content(languages=("fr",), variables={"fr": {"course_code": "JUR-2", "trainer": "Leïla {score}"}})

    text = printed(
        case,
        passed="avec {trainer}",
        reference="{course_code}",
        signature="{issued_on}, {law_month}, {score}",
    )

    # A value is printed as it is: what stands in braces in it is no placeholder.
    assert "avec Leïla {score}" in text
    assert "JUR-2" in text
    assert "13 février 2026, février 2026, 86" in text


def test_no_variable_takes_the_place_of_the_sheets_own_words() -> None:
    case = content(languages=("fr",), variables={"fr": {"issued_on": "jamais"}})

    assert "jamais" not in printed(case)
    assert "Délivrée le 13 février 2026" in printed(case)


def test_certificates_without_frozen_values_print_course_and_day() -> None:
    text = printed(content(languages=("fr",)))

    assert "JUR" in text
    assert "12 février 2026" in text


def test_a_placeholder_without_a_value_is_refused_and_not_left_out() -> None:
    with pytest.raises(KeyError, match="trainer"):
        printed(content(languages=("fr",)), passed="avec {trainer}")


def test_language_without_words_is_refused() -> None:
    titles, issuers = {"de": "Pflichten"}, {"de": "Netzwerk"}
    with pytest.raises(KeyError):
        render_certificate(content(languages=("de",), course_title=titles, issuer=issuers))


@pytest.mark.parametrize(
    "changes",
    [
        {"languages": ()},
        {"languages": ("ar", "fr", "en")},
        {"languages": ("ar", "ar")},
        {"holder_latin": " ", "holder_arabic": ""},
        {"course_title": {"ar": "عنوان"}},
        {"issuer": {"ar": "", "fr": "x"}},
        {"score_percent": 101},
    ],
)
def test_content_that_cannot_be_printed_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        content(**changes)


def test_content_survives_json() -> None:
    import json

    for case in CASES.values():
        again = CertificateContent.from_dict(json.loads(json.dumps(case.to_dict())))
        assert again == case
        assert isinstance(again.completed_on, datetime.date)


def test_names_follow_the_script_of_the_column() -> None:
    both = content()
    assert (both.holder("ar"), both.holder("fr")) == ("آمال بن صالح", "Amel Ben Salah")
    latin = content(holder_arabic="")
    assert latin.holder("ar") == "Amel Ben Salah"
    assert content(association_latin="", association_arabic="").association("fr") == ""


def test_words_keep_to_the_glossary() -> None:
    arabic = " ".join(str(value) for value in dataclasses.asdict(WORDINGS["ar"]).values())
    assert not [word for word in ("المادة", "محافظة", "تدريب", "يناير") if word in arabic]
    assert WORDINGS["ar"].title == "شهادة متابعة تكوين"
    assert WORDINGS["fr"].title == "Attestation de suivi de formation"
    assert WORDINGS["en"].title == "Certificate of training completion"

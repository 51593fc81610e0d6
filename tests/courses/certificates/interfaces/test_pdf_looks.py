"""Every look on every paper, in every pair of languages: nothing overlaps, leaves the frame, or grows too heavy."""

from __future__ import annotations

import dataclasses
import datetime
import io
import itertools
import random
import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from courses.certificates.interfaces import pictures as prepare
from courses.certificates.interfaces.pdf.body import LEAST_SIZE
from courses.certificates.interfaces.pdf.layout import ContentDoesNotFitError
from courses.certificates.interfaces.pdf.render import MAX_BYTES, SheetTooHeavyError, render_certificate
from courses.certificates.interfaces.pdf.spec import DesignSpec, Look, Orientation, Paper, Picture, Signatory
from courses.certificates.interfaces.pdf.wording import NBSP, TEXT_FIELDS

from .corpus import HARD_NAMES
from .pictures import BACKGROUND, LOGOS, SIGNATORIES, drawn, load
from .sheets import (
    VERIFY_URL,
    assert_tidy,
    composed,
    content,
    extracted,
    normalised,
    run,
    words_of,
)

LANGUAGES = [
    *((language,) for language in ("ar", "fr", "en")),
    *itertools.permutations(("ar", "fr", "en"), 2),
]
FULL: dict[str, Any] = {"logos": LOGOS, "signatories": SIGNATORIES, "background": BACKGROUND}
HARD = content(
    holder_latin=HARD_NAMES[14],
    holder_arabic=HARD_NAMES[12],
    association_latin="Association pour la protection du patrimoine culturel et naturel des oasis "
    "du Sud-Ouest (section de Tozeur et de Nefta)",
    association_arabic="جمعية صيانة التراث الثقافي والطبيعي لواحات الجنوب الغربي (فرع توزر ونفطة)",
    course_title={
        "ar": "الالتزامات القانونية والمحاسبية والجبائية للجمعيات: التصريح والمسك والحفظ وتقديم الحساب",
        "fr": "Obligations légales, comptables et fiscales des associations : déclarer, tenir, conserver",
        "en": "Legal, accounting and tax obligations of associations: declaring, keeping and reporting",
    },
    issuer={
        "ar": "الشبكة التونسية لمرافقة الجمعيات ومساندتها في الجهات الداخلية",
        "fr": "Réseau tunisien d’accompagnement et d’appui aux associations de l’intérieur",
        "en": "Tunisian network for the support of associations of the inner regions",
    },
    themes={
        "ar": ("الإطار القانوني العام وإجراءات التأسيس والتصريح لدى الكتابة العامة للحكومة",) * 5,
        "fr": ("Cadre juridique général, constitution et déclaration auprès du secrétariat général",) * 5,
        "en": ("General legal framework, founding and declaration to the secretariat general",) * 5,
    },
    provisions={
        "ar": "المرسوم عدد 88 لسنة 2011 المتعلّق بتنظيم الجمعيات، الفصول 8 إلى 20 و37 إلى 45؛ القانون الأساسي "
        "عدد 26 لسنة 2015؛ القانون الأساسي عدد 63 لسنة 2004 المتعلّق بحماية المعطيات الشخصية، الفصول 7 إلى 15",
        "fr": "Décret-loi n° 2011-88 portant organisation des associations, articles 8 à 20 et 37 à 45 ; loi "
        "organique n° 2015-26, articles 67 à 98 ; loi organique n° 2004-63 sur la protection des données "
        "personnelles, articles 7 à 15 et 44 à 62 ; arrêté du ministre des finances du 2 février 2018",
        "en": "Decree-law 2011-88 on the organisation of associations, sections 8 to 20 and 37 to 45; organic "
        "law 2015-26, sections 67 to 98; organic law 2004-63 on the protection of personal data, sections 7 "
        "to 15 and 44 to 62; order of the minister of finance of 2 February 2018 on accounts",
    },
    valid_until=datetime.date(2028, 2, 12),
    verify_url=VERIFY_URL + "#" + "aZ09-_" * 30,
)


SHEETS = [
    pytest.param(
        {"look": look, "paper": paper, "orientation": orientation, "languages": languages, **more},
        id="-".join([look, paper, orientation, *languages, "full" if more else "bare"]),
    )
    for look, paper, orientation, languages, more in itertools.product(
        Look, Paper, Orientation, LANGUAGES, ({}, FULL)
    )
    # Letter and the sheets without pictures have as much room or more: a few of them stand for all.
    if (paper == Paper.A4 and more) or languages in (("ar",), ("ar", "fr"), ("en", "fr"))
]
FORMS = [
    pytest.param(DesignSpec(look=look, orientation=orientation, **FULL), id=f"{look}-{orientation}")
    for look, orientation in itertools.product(Look, Orientation)
]


@pytest.mark.parametrize("sheet", SHEETS)
def test_hard_content_fits_every_sheet(sheet: dict[str, Any]) -> None:
    assert_tidy(HARD, DesignSpec(**sheet))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_signatories_and_logos_stand_apart(form: DesignSpec, count: int) -> None:
    for languages in (("ar",), ("fr", "ar")):
        assert_tidy(
            HARD,
            dataclasses.replace(
                form, languages=languages, signatories=SIGNATORIES[-count:], logos=LOGOS[:count]
            ),
        )


@pytest.mark.parametrize("form", FORMS)
def test_no_letter_is_too_small_to_read(form: DesignSpec) -> None:
    for languages in (("ar", "fr"), ("fr", "en")):
        lines, _areas, _inside = composed(HARD, dataclasses.replace(form, languages=languages))
        assert min(line.size for line in lines) >= LEAST_SIZE - 0.01


@pytest.mark.parametrize("form", FORMS)
def test_what_cannot_fit_is_refused_on_every_sheet(form: DesignSpec) -> None:
    absurd = content(course_title=dict.fromkeys(("ar", "fr"), "Obligations " * 200))
    with pytest.raises(ContentDoesNotFitError):
        composed(absurd, form)


def test_themes_are_the_first_thing_to_go() -> None:
    spec = DesignSpec(languages=("fr", "ar"), **FULL)
    easy = words_of(composed(content(), spec)[0])
    hard = words_of(composed(HARD, spec)[0])
    assert "Cadre" in easy
    assert "Cadre" not in hard
    for kept in ("Formation", "Dispositions", "2028", "7K3M-Q0ZP-4TRX-9HC5", "Tozeur"):
        assert kept in hard


def test_a_design_may_leave_the_themes_out() -> None:
    words = words_of(composed(content(languages=("fr",)), DesignSpec(shows_themes=False))[0])
    assert "Cadre" not in words
    assert f"Formation{NBSP}JUR" in words


def test_validity_and_provisions_are_printed_where_there_are_any() -> None:
    case = content(
        languages=("fr", "en"), valid_until=datetime.date(2028, 3, 1), provisions={"fr": "décret-loi 2011-88"}
    )
    words = words_of(composed(case, DesignSpec())[0])
    assert "Valable jusqu’au\n1er mars 2028" in words.replace("\nDurée", "")
    assert "Valid until" in words
    assert f"Dispositions couvertes{NBSP}: décret-loi 2011-88" in words
    assert "Provisions covered" not in words  # no text in English
    without = words_of(composed(content(languages=("fr", "en")), DesignSpec())[0])
    assert [words for words in ("Valable", "Valid", "Dispositions") if words in without] == []


@pytest.mark.pdf_tools
def test_the_arabic_words_of_validity_and_provisions_are_read_back(tmp_path: Path) -> None:
    text = extracted(render_certificate(HARD, spec=DesignSpec(**FULL), pictures=load), tmp_path)
    for words in ("صالحة إلى غاية", "12 فيفري 2028", "الأحكام القانونية المشمولة: المرسوم عدد 88 لسنة 2011"):
        assert normalised(words) in text


def test_the_designs_languages_go_before_those_of_the_course() -> None:
    words = words_of(composed(content(languages=("ar", "fr")), DesignSpec(languages=("en",)))[0])
    assert "Certificate of training completion" in words
    assert "Attestation" not in words
    with pytest.raises(ValueError, match="de"):
        composed(content(), DesignSpec(languages=("de",)))


def test_the_designs_words_take_the_place_of_the_usual_ones() -> None:
    case = content(languages=("fr", "en"), variables={"fr": {"trainer": "Leïla"}, "en": {"trainer": "Leïla"}})
    own = {"fr": {"title": "Attestation de participation", "passed": "avec {trainer}", "disclaimer": ""}}
    words = words_of(composed(case, DesignSpec(wordings=own))[0])
    assert "Attestation de participation" in words
    assert "avec Leïla" in words
    assert "conseil juridique" not in words
    assert "Certificate of training completion" in words


@pytest.mark.parametrize(
    ("own", "error"),
    [
        ({"title": "avec {nobody}"}, KeyError),
        ({"heading": "Attestation"}, ValueError),
        ({"locale": "de"}, ValueError),
    ],
)
def test_words_that_cannot_be_filled_are_refused(own: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        composed(content(languages=("fr",)), DesignSpec(wordings={"fr": own}))


def test_every_text_of_a_wording_can_be_replaced() -> None:
    own = {field: f"{field}!" for field in TEXT_FIELDS}
    words = words_of(composed(HARD, DesignSpec(languages=("en",), wordings={"en": own}))[0])
    spec = DesignSpec(languages=("en",), wordings={"en": own})
    signed = words_of(composed(HARD, dataclasses.replace(spec, **FULL))[0])
    assert [field for field in TEXT_FIELDS if f"{field}!" not in words] == []
    assert "issued!" in signed


def test_signatories_are_named_in_each_language_and_once() -> None:
    signatories = (
        Signatory({"fr": "Leïla Trabelsi"}, {"fr": "Présidente", "en": "President"}),
        Signatory({"en": "Sami Jebali"}, {}),
    )
    lines, areas, _inside = composed(content(languages=("fr", "en")), DesignSpec(signatories=signatories))
    words = words_of(lines)
    assert [words.count(text) for text in ("Leïla Trabelsi", "Sami Jebali", "Présidente", "President")] == [
        1
    ] * 4
    assert len(areas) == 1  # the code: nobody's signature has a picture
    baselines = {line.y for line in lines if "Trabelsi" in words_of([line]) or "Jebali" in words_of([line])}
    assert len(baselines) == 1
    assert "Signature ·" not in words


@pytest.mark.parametrize("form", FORMS)
def test_file_is_sound_and_small_with_all_its_pictures(form: DesignSpec) -> None:
    pdf = render_certificate(HARD, spec=form, pictures=load)
    assert len(pdf) < MAX_BYTES
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert file.check_pdf_syntax() == []
        assert len(file.pages) == 1
        images = file.pages[0].get_images()
        assert len(images) == 6  # three logos, two signatures, the background
        assert sum("/SMask" in image for image in images.values()) == 5
    assert render_certificate(HARD, spec=form, pictures=load) == pdf


@pytest.mark.pdf_tools
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("paper", Paper)
def test_qpdf_fonts_and_code_of_every_form(form: DesignSpec, paper: Paper, tmp_path: Path) -> None:
    file = tmp_path / "form.pdf"
    file.write_bytes(render_certificate(HARD, spec=dataclasses.replace(form, paper=paper), pictures=load))
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", str(file))
    fonts = run("pdffonts", str(file)).splitlines()[2:]
    assert len(fonts) == 3
    for font in fonts:
        assert font.split()[-5:-2] == ["yes", "yes", "yes"], font
    run("pdftoppm", "-r", "200", "-png", "-singlefile", str(file), str(tmp_path / "form"))
    (code,) = zxingcpp.read_barcodes(Image.open(tmp_path / "form.png"))
    assert code.text == HARD.verify_url
    (found,) = re.findall(r"Page size: +([\d.]+) x ([\d.]+)", run("pdfinfo", str(file)))
    long, short = {Paper.A4: (842, 595), Paper.LETTER: (792, 612)}[paper]
    portrait = form.orientation == Orientation.PORTRAIT
    assert tuple(round(float(side)) for side in found) == ((short, long) if portrait else (long, short))


def test_a_picture_that_is_used_twice_is_stored_once() -> None:
    once = render_certificate(content(), spec=DesignSpec(logos=LOGOS[:1]), pictures=load)
    twice = render_certificate(content(), spec=DesignSpec(logos=LOGOS[:1] * 3), pictures=load)
    assert len(twice) < len(once) + 500


def test_a_jpeg_is_stored_as_it_is() -> None:
    pdf = render_certificate(content(), spec=DesignSpec(background=BACKGROUND), pictures=load)
    assert drawn(BACKGROUND.name) in pdf


@pytest.mark.pdf_tools
def test_pictures_are_drawn_the_right_way_up_and_in_their_colours(tmp_path: Path) -> None:
    upper, lower = Image.new("RGB", (40, 40), "#C00000"), Image.new("RGB", (40, 20), "#0000C0")
    upper.paste(lower, (0, 20))
    file = io.BytesIO()
    upper.save(file, "PNG")
    pdf = render_certificate(
        content(languages=("fr",)),
        spec=DesignSpec(look=Look.PLAIN, logos=(Picture("two", 40, 40),)),
        pictures=lambda picture: file.getvalue(),
    )
    (tmp_path / "logo.pdf").write_bytes(pdf)
    run("pdftoppm", "-r", "72", "-png", "-singlefile", str(tmp_path / "logo.pdf"), str(tmp_path / "logo"))
    page = Image.open(tmp_path / "logo.png").convert("RGB")
    x, y = 842 - 72 - 20, 74
    for offset, expected in ((-12, (192, 0, 0)), (12, (0, 0, 192))):
        found = page.getpixel((x, y + offset))
        assert isinstance(found, tuple)
        assert max(abs(a - b) for a, b in zip(found, expected, strict=True)) < 8


def test_the_heaviest_pictures_a_design_may_have_leave_room_for_the_seal() -> None:
    """Noise is what no encoding makes smaller; the design's bounds decide how much of it is left."""
    kept: dict[str, bytes] = {}

    def prepared(seed: int, bounds: prepare.Bounds) -> Picture:
        source = random.Random(seed)
        file = io.BytesIO()
        image = Image.frombytes("RGB", (240, 180), source.randbytes(240 * 180 * 3))
        image.save(file, "PNG", compress_level=1)
        found, data = prepare.prepare(file.getvalue(), bounds)
        kept[found.name] = data
        return found

    logos = tuple(prepared(seed, prepare.shared(prepare.LOGOS, 3)) for seed in range(3))
    signatures = [prepared(seed, prepare.shared(prepare.SIGNATURES, 3)) for seed in range(3, 6)]
    spec = DesignSpec(
        logos=logos,
        signatories=tuple(
            dataclasses.replace(one, picture=picture)
            for one, picture in zip(SIGNATORIES, signatures, strict=True)
        ),
        background=prepared(6, prepare.BACKGROUND),
    )
    pdf = render_certificate(HARD, spec=spec, pictures=lambda picture: kept[picture.name])
    assert MAX_BYTES - len(pdf) > 24_000


def test_pictures_that_weigh_too_much_are_refused() -> None:
    noise = Image.effect_noise((900, 700), 90)
    file = io.BytesIO()
    noise.save(file, "PNG")
    with pytest.raises(SheetTooHeavyError):
        render_certificate(
            content(),
            spec=DesignSpec(background=Picture("noise", 900, 700)),
            pictures=lambda picture: file.getvalue(),
        )


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="no picture"):
        render_certificate(content(), spec=DesignSpec(logos=LOGOS[:1]), pictures=lambda picture: b"<svg/>")


def test_a_design_survives_json_and_names_itself_by_its_content() -> None:
    spec = DesignSpec(look=Look.PLAIN, languages=("ar", "fr"), wordings={"fr": {"title": "Autre"}}, **FULL)
    again = DesignSpec.from_dict(spec.to_dict())
    assert again == spec
    assert again.digest == spec.digest != DesignSpec().digest
    assert render_certificate(content(), spec=DesignSpec()) == render_certificate(content())


def test_colours_are_those_of_the_design() -> None:
    plain = render_certificate(content(), spec=DesignSpec(accent="#402060"))
    assert plain != render_certificate(content())
    with pytest.raises(ValueError, match="invalid literal"):
        render_certificate(content(), spec=DesignSpec(warm="#B39"))

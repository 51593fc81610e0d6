"""Designs in the admin: who makes them, what their form refuses, and the specimens beside it."""

import unicodedata

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from lxml.html import document_fromstring as parse
from wagtail.admin.models import FormState
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from courses.accounts.domain.roles import grant_role
from courses.accounts.enums import Role
from courses.accounts.models import User
from courses.certificates.enums import DesignLook, DesignOrientation, DesignPaper, SpecimenCase
from courses.certificates.interfaces import files
from courses.certificates.interfaces.design_forms import TEXT_LABELS, wording_name
from courses.certificates.interfaces.designs import CASE_FIELD, variables
from courses.certificates.interfaces.pdf import spec
from courses.certificates.interfaces.pdf.wording import SHEET_WORDS, TEXT_FIELDS
from courses.certificates.interfaces.specimens import SERIAL, specimen
from courses.certificates.models import Certificate, CertificateDesign, DesignVersion
from courses.lib.ids import SerialError, normalise_serial
from courses.plugin_api.registries import CertificateVariable, certificate_variables
from tests.courses.certificates.interfaces.sheets import run
from tests.factories.accounts import UserFactory, make_administrator, make_coordinator
from tests.factories.certificates import make_ready
from tests.factories.designs import make_design, make_image, picture

pytestmark = pytest.mark.django_db

DESIGNS = "/admin/snippets/courses_certificates/certificatedesign/"
ADD = f"{DESIGNS}add/"
SPECIMEN = f"{DESIGNS}specimen/"
PREVIEW = f"{DESIGNS}preview/"


@pytest.fixture
def trainer(db):
    person = UserFactory()
    grant_role(person, Role.TRAINER, by=None, at=timezone.now())
    # As a request finds them: the one who was made before the role remembers having no rights.
    return User.objects.get(pk=person.pk)


@pytest.fixture
def admin(client, site, trainer):
    client.force_login(trainer)
    return client


def form_data(*, logos=(), signatories=(), **changes):
    """What the form posts; rows as dictionaries."""
    values = {
        "name": "Ours",
        "look": "stars",
        "paper": "a4",
        "orientation": "landscape",
        "languages": "",
        "shows_themes": "on",
        "accent": "#17494d",
        "warm": "#b3925f",
        "background_colour": "#fdfbf7",
        "ink": "#1f2a2b",
        "background": "",
        "logos": inline_formset(list(logos)),
        "signatories": inline_formset(list(signatories)),
    }
    return nested_form_data(values | changes)


def signatory(**changes):
    empty = {f"{kind}_{language}": "" for kind in ("name", "function") for language in ("ar", "fr", "en")}
    return empty | {"name_fr": "Salma Labidi", "signature": ""} | changes


def errors(response):
    """By field, those of the rows under their relation's name."""
    form = response.context["form"]
    found = {name: list(told) for name, told in form.errors.items()}
    for relation, formset in form.formsets.items():
        told = [str(one) for one in formset.non_form_errors()]
        told += [str(one) for row in formset.forms for many in row.errors.values() for one in many]
        if told:
            found[relation] = told
    return found


# Who


def test_trainers_make_designs_and_only_administrators_delete_them(client, site, trainer, regions):
    design = make_design()
    found = {}
    people = {
        "trainer": trainer,
        "administrator": make_administrator(),
        "member": UserFactory(),
        "coordinator": make_coordinator(regions.kasserine),
    }
    for name, person in people.items():
        client.force_login(person)
        own = (
            *("", "add/", f"edit/{design.pk}/", f"delete/{design.pk}/", f"preview/{design.pk}/"),
            *(f"specimens/{design.pk}/", f"specimens/{design.pk}/?case=long"),
        )
        posted = [
            client.post(f"{SPECIMEN}{end}", form_data(name="Other")).status_code
            for end in ("", f"{design.pk}/")
        ]
        found[name] = [client.get(DESIGNS + end).status_code for end in own] + posted
    assert found == {
        "trainer": [200, 200, 200, 302, 200, 200, 200, 200, 200],
        "administrator": [200] * 9,
        "member": [403] * 9,
        "coordinator": [403] * 9,
    }


# Saving


def test_a_design_is_made_with_all_it_has(admin):
    logo, signature, background = make_image(), make_image(picture(mode="RGBA")), make_image(name="back.png")

    response = admin.post(
        ADD,
        form_data(
            is_default="on",
            look="plain",
            languages="ar+fr",
            background=background.pk,
            logos=[{"image": logo.pk}],
            signatories=[signatory(name_ar="سلمى العبيدي", function_fr="Présidente", signature=signature.pk)],
            wording_fr_title="Attestation {course_code}",
            wording_ar_disclaimer="تكوين فقط",
        ),
    )

    assert response.status_code == 302, errors(response)
    design = CertificateDesign.objects.get()
    assert (design.look, design.languages, design.is_default, design.accent) == (
        "plain",
        "ar+fr",
        True,
        "#17494D",
    )
    assert design.wordings == {
        "fr": {"title": "Attestation {course_code}"},
        "ar": {"disclaimer": "تكوين فقط"},
    }
    assert [row.image for row in design.logos.all()] == [logo]
    assert [(row.names(), row.signature) for row in design.signatories.all()] == [
        ({"ar": "سلمى العبيدي", "fr": "Salma Labidi"}, signature)
    ]
    assert design.background == background


def test_the_form_shows_the_texts_and_an_emptied_one_is_the_shipped_one_again(admin):
    design = make_design(wordings={"fr": {"title": "Notre titre"}, "en": {"intro": "Here"}})
    page = admin.get(f"{DESIGNS}edit/{design.pk}/")
    assert page.context["form"]["wording_fr_title"].value() == "Notre titre"
    assert 'placeholder="شهادة متابعة تكوين" lang="ar" dir="rtl"' in page.content.decode()

    admin.post(f"{DESIGNS}edit/{design.pk}/", form_data(wording_en_intro="Here"))

    design.refresh_from_db()
    assert design.wordings == {"en": {"intro": "Here"}}


def test_a_new_default_takes_the_place_of_the_old_one(admin):
    old = make_design(name="Old", is_default=True)

    admin.post(ADD, form_data(is_default="on"))

    old.refresh_from_db()
    assert not old.is_default
    assert CertificateDesign.objects.get(is_default=True).name == "Ours"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("accent", "red"),
        ("ink", "#12345"),
        ("warm", "#GGGGGG"),
        ("background_colour", ""),
        ("accent", "#8FA5A7"),  # 2.5 on the sheet
        ("ink", "#5A6060"),  # itself readable, its small print not
        ("look", "baroque"),
        ("paper", "a3"),
        ("languages", "ar+ar"),
        ("languages", "ar+fr+en"),
        ("name", ""),
        ("wording_fr_title", "Attestation {holder_name}"),
        ("wording_fr_intro", "Certifie que {"),
        ("wording_en_passed", "and passed {course code}"),
        ("wording_ar_title", "شهادة 🎓"),
        ("wording_fr_disclaimer", "a" * 301),
    ],
)
def test_bad_input_is_refused_where_it_was_written(admin, field, value):
    response = admin.post(ADD, form_data(**{field: value}))

    assert list(errors(response)) == [field]
    assert not CertificateDesign.objects.exists()


def test_the_refusal_names_what_is_unknown_and_what_cannot_be_printed(admin):
    response = admin.post(ADD, form_data(wording_fr_title="{holder_name} {duration}", wording_ar_title="🎓"))

    told = errors(response)
    assert "{holder_name}" in told["wording_fr_title"][0]
    assert "{duration}" not in told["wording_fr_title"][0]
    assert "🎓 (GRADUATION CAP)" in told["wording_ar_title"][0]


def test_a_sheet_on_which_nothing_can_be_read_is_refused(admin):
    response = admin.post(ADD, form_data(background_colour="#1f2a2b"))

    assert set(errors(response)) == {"accent", "ink"}


@pytest.mark.parametrize(
    "content",
    [b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture("GIF"), picture("WEBP"), picture()[:60], b""],
    ids=["svg", "gif", "webp", "broken", "empty"],
)
@pytest.mark.parametrize("place", ["background", "logos", "signatories"])
def test_only_whole_png_and_jpeg_files_are_pictures(admin, place, content):
    image = make_image(content).pk
    posted = {
        "background": {"background": image},
        "logos": {"logos": [{"image": image}]},
        "signatories": {"signatories": [signatory(signature=image)]},
    }

    assert list(errors(admin.post(ADD, form_data(**posted[place])))) == [place]


def test_a_file_that_the_library_lost_is_no_picture(admin):
    image = make_image()
    image.file.storage.delete(image.file.name)

    assert list(errors(admin.post(ADD, form_data(background=image.pk)))) == ["background"]


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ({"logos": [{"image": None}] * 4}, "logos"),
        ({"logos": [{"image": ""}]}, "logos"),
        ({"signatories": [signatory(name_fr=f"N{n}") for n in range(4)]}, "signatories"),
        ({"signatories": [signatory(name_fr="", function_fr="Présidente")]}, "signatories"),
        ({"signatories": [signatory(name_en="Salma 🎓")]}, "signatories"),
        ({"signatories": [signatory(function_ar="ر" * 81)]}, "signatories"),
    ],
    ids=["four logos", "a logo without image", "four signatories", "no name", "emoji", "too long"],
)
def test_bad_rows_are_refused(admin, rows, place):
    image = make_image().pk
    if "logos" in rows:
        rows = {"logos": [{"image": image if row["image"] is None else ""} for row in rows["logos"]]}

    assert list(errors(admin.post(ADD, form_data(**rows)))) == [place]


# What a trainer may write


def test_the_form_lists_every_variable_with_label_and_example(admin):
    seat = CertificateVariable("seat", "Seat in the room", "12-B", lambda ids, language: {})
    certificate_variables.register(seat, origin="tests")
    try:
        listed = list(variables())
        page = admin.get(ADD).content.decode()
        accepted = admin.post(ADD, form_data(wording_fr_title="Place {seat}"))
    finally:
        certificate_variables.unregister("seat")

    assert {name for name, _label, _example in listed} == {"seat"} | SHEET_WORDS | {
        variable.key for variable in certificate_variables
    }
    assert all(str(label) and example for _name, label, example in listed)
    assert page.count("<code>{seat}</code>") == 3
    assert "Seat in the room" in page
    assert "12-B" in page
    assert accepted.status_code == 302


def test_every_text_has_a_label_and_every_choice_of_the_sheet_is_offered():
    assert set(TEXT_FIELDS) == set(TEXT_LABELS)
    for offered, printed in (
        (DesignLook, spec.Look),
        (DesignPaper, spec.Paper),
        (DesignOrientation, spec.Orientation),
    ):
        assert set(offered.values) == {one.value for one in printed}


# Specimens


def test_no_certificate_can_have_the_serial_of_a_specimen(client, site):
    with pytest.raises(SerialError) as refused:
        normalise_serial(SERIAL)
    assert refused.value.reason == "check"
    assert client.get(reverse("certificates:verify_serial", args=[SERIAL])).status_code == 404


@pytest.mark.parametrize("look", DesignLook.values)
@pytest.mark.parametrize("orientation", DesignOrientation.values)
def test_each_case_is_made_in_each_look(look, orientation):
    design = make_design(logos=1, signatories=2, look=look, orientation=orientation)

    made = {case: specimen(design, case) for case in SpecimenCase.values}

    assert all(pdf.startswith(b"%PDF") for pdf in made.values())
    assert len(set(made.values())) == len(SpecimenCase)
    assert not DesignVersion.objects.exists()
    assert not Certificate.objects.exists()


@pytest.mark.pdf_tools
@pytest.mark.parametrize("look", DesignLook.values)
def test_a_specimen_says_across_the_sheet_and_in_its_title_that_it_is_one(look, tmp_path):
    file = tmp_path / "specimen.pdf"
    file.write_bytes(specimen(make_design(look=look), SpecimenCase.ORDINARY))

    words = unicodedata.normalize("NFKC", run("pdftotext", "-raw", str(file), "-"))
    assert "SPECIMEN" in "".join(words.split())
    assert {"SPECIMEN", "نموذج"} <= set(run("pdfinfo", str(file)).split())


def test_the_posted_form_is_shown_as_a_pdf_and_nothing_is_kept(admin):
    design = make_design()
    before = CertificateDesign.objects.values().get()
    stored = pictures_stored()

    for address in (SPECIMEN, f"{SPECIMEN}{design.pk}/"):
        data = form_data(name="Other", wording_fr_title="Mon titre", logos=[{"image": make_image().pk}])
        response = admin.post(address, data | {CASE_FIELD: "three_sign"})
        assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
        assert response["Content-Disposition"].startswith("inline")
        assert "no-store" in response["Cache-Control"]
        assert response.content.startswith(b"%PDF")

    assert CertificateDesign.objects.values().get() == before
    assert not DesignVersion.objects.exists()
    assert not FormState.objects.exists()
    assert pictures_stored() == stored


def pictures_stored() -> list[str]:
    storage = files.private_storage()
    return (
        sorted(storage.listdir("certificates/pictures")[1]) if storage.exists("certificates/pictures") else []
    )


def test_a_form_with_errors_shows_them_in_the_place_of_the_specimen(admin):
    data = form_data(accent="red", logos=[{"image": make_image(picture("GIF")).pk}])

    response = admin.post(SPECIMEN, data)

    assert response.status_code == 422
    page = response.content.decode()
    assert gettext("main colour").lower() in page.lower()
    assert len(response.context["reasons"]) == 2


@pytest.mark.parametrize(
    "field", ["accent", "warm", "background_colour", "ink", "look", "paper", "orientation"]
)
def test_a_specimen_needs_what_it_is_drawn_with_but_no_name(admin, field):
    without = form_data(name="", **{field: ""})

    assert admin.post(SPECIMEN, without).status_code == 422
    assert admin.post(PREVIEW, without).json() == {"is_valid": False, "is_available": False}
    assert admin.post(SPECIMEN, form_data(name="")).status_code == 200


def test_the_preview_beside_the_form_frames_the_pdf(admin):
    design = make_design()
    address = f"{PREVIEW}{design.pk}/"
    assert admin.post(address, form_data(accent="#550000")).json() == {"is_valid": True, "is_available": True}

    panel = admin.get(f"{address}?mode=english&in_preview_panel=true")
    pdf = admin.get(f"{address}?mode=english")

    assert f'src="{address}?mode=english#' in panel.content.decode()
    for response in (panel, pdf):
        assert response["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
        assert "frame-src 'self'" in response["Content-Security-Policy"]
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert CertificateDesign.objects.get().accent == "#17494D"


def test_the_list_leads_by_plain_links_to_each_specimen_of_what_is_saved(admin):
    """Without JavaScript the form's tabs are hidden, and the menus of a row don't open."""
    design = make_design(wordings={"fr": {"title": "Mon titre"}}, languages="fr")
    address = f"{DESIGNS}specimens/{design.pk}/"
    listed = parse(admin.get(DESIGNS).content.decode())
    (link,) = listed.xpath(f'//a[@href="{address}"]')
    assert not link.xpath("ancestor::*[@hidden or self::template]")
    assert link.text_content().strip() == gettext("Show the specimen")

    page = parse(admin.get(address).content.decode())

    links = page.xpath('//a[starts-with(@href, "?case=")]')
    assert {one.get("href").removeprefix("?case=") for one in links} == set(SpecimenCase.values)
    assert not [one for one in links if one.xpath("ancestor::*[@hidden or self::template]")]
    for one in links:
        response = admin.get(f"{address}{one.get('href')}")
        assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
        assert response.content == specimen(design, one.get("href").removeprefix("?case="))
    assert not DesignVersion.objects.exists()


@pytest.mark.parametrize("case", ["", "sold", "%00", "<script>"])
def test_an_unknown_case_of_a_saved_design_is_the_ordinary_one(admin, case):
    design = make_design()

    response = admin.get(f"{DESIGNS}specimens/{design.pk}/", {"case": case})

    assert response.content == specimen(design, SpecimenCase.ORDINARY)


def test_a_design_that_isnt_there_has_no_specimens(admin):
    assert admin.get(f"{DESIGNS}specimens/987654/", follow=True).status_code == 404


def test_an_unknown_case_is_the_ordinary_one(admin):
    design = make_design()

    assert specimen(design, "<script>") == specimen(design, SpecimenCase.ORDINARY)
    panel = admin.get(f"{PREVIEW}{design.pk}/?mode=%22%3E%3Cscript%3E&in_preview_panel=true")
    assert "<script>" not in panel.content.decode()


def test_texts_that_leave_no_place_are_told_and_not_an_error(admin):
    texts = {wording_name(code, field): "mot " * 74 for code in ("ar", "fr") for field in TEXT_FIELDS}

    response = admin.post(SPECIMEN, form_data(**texts))

    assert response.status_code == 422


def test_deleting_a_design_in_the_admin_leaves_what_was_issued(client, site, course):
    design = make_design(is_default=True)
    certificate = make_ready(UserFactory(), course)
    before = files.read(certificate.file_name)
    client.force_login(make_administrator())

    assert client.post(f"{DESIGNS}delete/{design.pk}/").status_code == 302

    assert not CertificateDesign.objects.exists()
    assert files.read(certificate.file_name) == before

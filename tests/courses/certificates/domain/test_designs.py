"""What a certificate keeps of a design: all of it, whatever becomes of the design and of its pictures."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from wagtail.images.models import Image

from courses.certificates.domain import designs
from courses.certificates.domain.changing import correct
from courses.certificates.domain.contrast import contrast
from courses.certificates.domain.designs import freeze
from courses.certificates.domain.issue import create_pending, request
from courses.certificates.domain.making import make
from courses.certificates.domain.queries import rule_of
from courses.certificates.domain.sweep import heal
from courses.certificates.enums import DesignLook, SheetLanguages, Supersession
from courses.certificates.interfaces import files
from courses.certificates.interfaces.pdf.render import render_certificate
from courses.certificates.interfaces.pdf.spec import DesignSpec, Look, Picture
from courses.certificates.interfaces.pdf.wording import WORDINGS, complete
from courses.certificates.interfaces.pictures import PictureError
from courses.certificates.models import Certificate, CertificateDesign, CourseRule, DesignVersion
from courses.plugin_api.registries import CertificateVariable, certificate_variables
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_pending, make_ready, rename
from tests.factories.designs import make_design, make_image, picture, put
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db


WORDINGS_THEN = dict(WORDINGS)
SHIPPED = replace(DesignSpec(), wordings=complete({}))


def spec_of(certificate):
    return DesignSpec.from_dict(certificate.design.spec)


# Freezing


def test_a_design_is_frozen_once_with_everything_it_says():
    design = make_design(
        logos=2,
        signatories=1,
        look=DesignLook.PLAIN,
        accent="#1D3A5F",
        languages=SheetLanguages.FR_EN,
        background=make_image(),
        wordings={"fr": {"title": "Attestation {course_code}", "intro": ""}},
        shows_themes=False,
    )
    at = timezone.now()

    first, again = freeze(design, at), freeze(design, at + timedelta(days=1))

    spec = DesignSpec.from_dict(first.spec)
    assert (again.pk, again.created_at, DesignVersion.objects.count()) == (first.pk, at, 1)
    assert first.digest == spec.digest
    assert (spec.look, spec.accent, spec.languages, spec.shows_themes) == (
        Look.PLAIN,
        "#1D3A5F",
        ("fr", "en"),
        False,
    )
    assert spec.wordings == complete({"fr": {"title": "Attestation {course_code}"}})
    assert [(one.names, one.functions) for one in spec.signatories] == [
        ({"ar": "سلمى العبيدي", "fr": "Salma Labidi 0"}, {"fr": "Présidente"})
    ]
    assert [(logo.width, logo.height) for logo in spec.logos] == [(120, 80), (121, 80)]
    for one in (spec.background, *spec.logos, spec.signatories[0].picture):
        assert isinstance(one, Picture)
        assert (
            one.name.removeprefix("certificates/pictures/")[:64]
            == hashlib.sha256(files.read(one.name)).hexdigest()
        )


def test_a_change_makes_another_version_and_a_change_back_the_first_one_again():
    design = make_design()
    first = freeze(design, timezone.now())
    design.ink = "#000000"
    second = freeze(design, timezone.now())
    design.ink = "#1F2A2B"

    assert second.pk != first.pk
    assert freeze(design, timezone.now()).pk == first.pk


def test_without_a_design_the_shipped_look_is_frozen():
    assert freeze(None, timezone.now()).spec == SHIPPED.to_dict()


def test_a_row_without_its_picture_is_left_out():
    design = make_design(logos=2, signatories=1)
    Image.objects.all().delete()

    spec = DesignSpec.from_dict(freeze(CertificateDesign.objects.get(), timezone.now()).spec)

    assert (spec.logos, [one.picture for one in spec.signatories]) == ((), [None])
    assert design.signatories.count() == 1


@pytest.mark.parametrize("content", [picture("GIF"), b"<svg/>", picture()[:40]], ids=["gif", "svg", "half"])
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(PictureError):
        freeze(make_design(background=make_image(content)), timezone.now())

    assert not DesignVersion.objects.exists()


def test_a_picture_that_was_replaced_in_the_library_is_another_picture():
    design = make_design(logos=1)
    first = freeze(design, timezone.now())
    put(design.logos.get().image, picture(size=(60, 60)))

    second = freeze(CertificateDesign.objects.get(), timezone.now())

    assert second.pk != first.pk
    assert DesignSpec.from_dict(second.spec).logos[0].width == 60


def test_in_bulk_a_picture_is_read_once(monkeypatch):
    read = []
    monkeypatch.setattr(
        designs, "bytes_of", lambda image, real=designs.bytes_of: read.append(1) or real(image)
    )
    design = make_design(logos=3, signatories=3)

    for _ in range(5):
        freeze(design, timezone.now())
    assert len(read) == 6

    cache.clear()
    freeze(design, timezone.now())
    assert len(read) == 12


def test_freezing_costs_the_same_few_queries_for_any_number_of_pictures(course, django_assert_num_queries):
    make_design(logos=3, signatories=3, background=make_image(), is_default=True)
    rule = rule_of(course.key)
    freeze(designs.design_of(rule), timezone.now())

    # The design, its logos, its signatories, the version.
    with django_assert_num_queries(4):
        freeze(designs.design_of(rule), timezone.now())


@pytest.fixture
def seat():
    """A variable of a plugin."""
    variable = CertificateVariable("seat", "Seat", "12", lambda ids, language: dict.fromkeys(ids, "7"))
    certificate_variables.register(variable, origin="tests")
    yield variable
    if "seat" in certificate_variables:
        certificate_variables.unregister("seat")


def test_a_text_with_a_variable_of_a_plugin_that_is_off_gives_way_to_the_shipped_one(course, seat, caplog):
    make_design(wordings={"fr": {"title": "Place {seat}", "intro": "Ici"}}, is_default=True)
    with_it = make_pending(UserFactory(), course)
    certificate_variables.unregister("seat")

    without = make_pending(UserFactory(), course)

    assert spec_of(with_it).wordings == complete({"fr": {"title": "Place {seat}", "intro": "Ici"}})
    assert with_it.snapshot["content"]["variables"]["fr"]["seat"] == "7"
    assert spec_of(without).wordings == complete({"fr": {"intro": "Ici"}})
    assert "seat" in caplog.text
    for certificate in (with_it, without):
        assert make(certificate.pk, timezone.now())


# Which design, and which languages


def test_a_course_has_its_design_or_the_default_or_the_shipped_look(course):
    assert spec_of(make_pending(UserFactory(), course)) == SHIPPED

    make_design(name="Default", ink="#000000", is_default=True)
    assert spec_of(make_pending(UserFactory(), course)).ink == "#000000"

    CourseRule.objects.create(course_key=course.key, design=make_design(name="Own", ink="#111111"))
    assert spec_of(make_pending(UserFactory(), course)).ink == "#111111"


def test_the_designs_languages_win_over_that_of_completion(course):
    make_design(languages=SheetLanguages.EN_AR, is_default=True)

    content = make_pending(UserFactory(), course, language="fr").snapshot["content"]

    assert content["languages"] == ["en", "ar"]
    assert set(content["variables"]) == {"en", "ar"}
    assert "/en/verify/" in content["verify_url"]


def test_a_design_without_languages_leaves_it_to_that_of_completion(course):
    make_design(is_default=True)

    assert make_pending(UserFactory(), course, language="ar").snapshot["content"]["languages"] == ["ar", "fr"]
    assert make_pending(UserFactory(), course, language="en").snapshot["content"]["languages"] == ["en"]


def test_a_correction_keeps_the_look_of_the_one_it_replaces(course):
    design = make_design(languages=SheetLanguages.EN, wordings={"en": {"title": "Old"}}, is_default=True)
    first = make_ready(UserFactory(), course)
    design.delete()

    corrected = create_pending(
        first.enrolment,
        timezone.now(),
        rule=rule_of(course.key),
        version=2,
        supersedes=first,
        because=Supersession.CORRECTED,
    )

    assert corrected.design == first.design
    assert make(corrected.pk, timezone.now())


# Nothing that was asked for changes


@pytest.fixture
def upgraded(monkeypatch):
    """What ships other words, as a later version of the product might."""

    def upgrade():
        others = {
            language: replace(wording, title="Other", passed="in other words", disclaimer="Other small print")
            for language, wording in WORDINGS.items()
        }
        for language, wording in others.items():
            monkeypatch.setitem(WORDINGS, language, wording)

    return upgrade


@pytest.mark.parametrize("with_design", [True, False])
def test_other_shipped_words_change_no_certificate_and_no_correction(course, upgraded, with_design):
    if with_design:
        make_design(wordings={"fr": {"intro": "Ici"}}, is_default=True)
    ready, pending = make_ready(UserFactory(), course), make_pending(UserFactory(), course)
    before = [_rendered(one) for one in (ready, pending)]

    upgraded()
    rename(ready.enrolment.user)
    correction = correct(ready.pk, timezone.now(), None)

    assert [_rendered(one) for one in (ready, pending)] == before
    assert correction.design == ready.design
    later = make_pending(UserFactory(), course)
    assert spec_of(later).wordings["fr"]["title"] == "Other"
    assert spec_of(correction).wordings["fr"]["title"] == WORDINGS_THEN["fr"].title
    for one in (correction, later):
        assert make(one.pk, timezone.now())
    corrected, asked_later = (_rendered(one) for one in (correction, later))
    assert (b"/Title (Other" in asked_later, b"/Title (Other" in corrected) == (True, False)


def spoil(design, course):
    """All that somebody with every right may do to a design, its pictures and the rule."""
    design.ink, design.wordings, design.languages = "#550000", {"fr": {"title": "Autre"}}, "en"
    design.save()
    for image in Image.objects.all():
        image.file.delete(save=False)
    Image.objects.all().delete()
    CourseRule.objects.filter(course_key=course.key).update(shows_score=True)
    design.delete()
    cache.clear()


def test_deleting_design_pictures_and_rule_changes_no_certificate(course):
    design = make_design(
        logos=3, signatories=3, background=make_image(), wordings={"fr": {"title": "La nôtre"}}, name="Doomed"
    )
    CourseRule.objects.create(course_key=course.key, design=design)
    ready, pending = make_ready(UserFactory(), course), make_pending(UserFactory(), course)
    before = files.read(ready.file_name)
    as_it_would_be = _rendered(pending)

    spoil(design, course)

    assert CourseRule.objects.get().design is None
    for certificate in (ready, pending):
        certificate.refresh_from_db()
    assert files.read(ready.file_name) == before
    assert hashlib.sha256(before).hexdigest() == ready.sha256
    assert _rendered(pending) == as_it_would_be
    assert spec_of(pending).wordings == complete({"fr": {"title": "La nôtre"}})
    assert make(pending.pk, timezone.now())
    later = make_pending(UserFactory(), course)
    assert spec_of(later) == SHIPPED


def test_a_design_whose_picture_is_lost_issues_nothing_until_it_is_put_right(course):
    design = make_design(logos=1, is_default=True)
    image = design.logos.get().image
    image.file.storage.delete(image.file.name)
    enrolment = make_enrolment(UserFactory(), course, done=4)

    with pytest.raises(OSError, match="logo0"):
        request(enrolment.pk, timezone.now())
    heal(timezone.now())
    assert not Certificate.objects.exists()

    design.logos.all().delete()
    heal(timezone.now())
    assert Certificate.objects.get().design is not None


def test_the_heaviest_design_weighs_less_than_150_kb(course):
    design = make_design(
        logos=3,
        signatories=3,
        is_default=True,
        background=make_image(picture("JPEG", (1600, 1100), noisy=True), "back.jpg"),
    )
    for row in design.logos.all():
        row.image = make_image(picture("PNG", (300, 200), mode="RGBA", noisy=True))
        row.save()
    for row in design.signatories.all():
        row.signature = make_image(picture("PNG", (300, 100), noisy=True))
        row.save()

    certificate = make_ready(UserFactory(), course)

    assert len(files.read(certificate.file_name)) <= 150_000


def _rendered(certificate):
    from courses.certificates.domain.snapshot import content_of

    return render_certificate(content_of(certificate.snapshot), spec=spec_of(certificate))


# What ships


def test_two_designs_ship_where_there_is_none():
    assert designs.ship() == 2
    assert designs.ship() == 0
    stars, plain = CertificateDesign.objects.order_by("-is_default")
    assert (stars.look, stars.is_default, plain.look, plain.is_default) == ("stars", True, "plain", False)
    assert DesignSpec.from_dict(freeze(stars, timezone.now()).spec) == SHIPPED


def test_what_was_deleted_on_purpose_does_not_come_back():
    designs.ship()
    CertificateDesign.objects.filter(look="plain").delete()

    assert designs.ship() == 0


@pytest.mark.parametrize(
    ("colour", "ground", "expected"),
    [("#000000", "#FFFFFF", 21.0), ("#777777", "#FFFFFF", 4.48), ("#FFFFFF", "#FFFFFF", 1.0)],
)
def test_contrast_is_that_of_the_guidelines(colour, ground, expected):
    assert round(contrast(colour, ground), 2) == round(contrast(ground, colour), 2) == expected

"""Every standing, in every language, through every channel: and what was issued stays as it was issued.

A channel gives what anybody reads of a certificate: `(status, standing, text)`. `standing` is the word that the channel
uses for programs, None where it has none.
"""

import hashlib
import html
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import translation
from openbadgeslib.ob3.status import decode_encoded_list, set_indices

from courses.accounts.models import User
from courses.certificates.domain.delivery import stored_bytes
from courses.certificates.enums import Revocation, Standing
from courses.certificates.interfaces.badges.status import status_entry
from courses.certificates.interfaces.standing_words import HEADLINES
from courses.certificates.models import Certificate, CertificateDesign, CourseRule
from courses.models import CoursePage
from tests.factories.accounts import AssociationFactory, MembershipFactory, UserFactory
from tests.factories.certificates import certificate_in, make_ready, rename

pytestmark = pytest.mark.django_db
LANGUAGES = ("ar", "fr", "en")
NAMES = ("Zohra", "Trabelsi", "زهرة", "الطرابلسي", "Amal")
Answer = tuple[int, str | None, str]


def page(certificate: Certificate, language: str) -> Answer:
    response = Client().get(f"/{language}/verify/{certificate.serial}/")
    text = html.unescape(response.content.decode())
    return response.status_code, None, text


def as_json(certificate: Certificate, language: str) -> Answer:
    response = Client().get(f"/{language}/verify/{certificate.serial}.json")
    text = response.content.decode()
    return (
        response.status_code,
        json.loads(text)["standing"],
        json.dumps(json.loads(text), ensure_ascii=False),
    )


CHANNELS: dict[str, Callable[[Certificate, str], Answer]] = {"page": page, "json": as_json}


@pytest.fixture
def holder(regions: Any) -> User:
    person = UserFactory(certificate_name_latin="Zohra Trabelsi", certificate_name_arabic="زهرة الطرابلسي")
    association = AssociationFactory(region=regions.kasserine, name_latin="Amal", name_ar="جمعية الأمل")
    MembershipFactory(user=person, association=association)
    return person


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("standing", list(Standing))
def test_state_language_channel(holder, course, standing, language, channel):
    certificate = certificate_in(standing, holder, course)

    status, said, text = CHANNELS[channel](certificate, language)

    assert (status, said) in {(200, None), (200, standing.value)}
    assert f"Course JUR {language}" in text
    with translation.override(language):
        headline = str(HEADLINES[standing])
        reason = str(Revocation.ISSUED_IN_ERROR.label)
    if channel == "page":
        assert headline in text
        others = {key for key, words in HEADLINES.items() if key != standing and f"{words}<" in text}
        assert others == set()
    assert (reason in text) is (standing == Standing.REVOKED)
    initials = "ز. ط." if language == "ar" else "Z. T."
    assert (initials in text) is (standing != Standing.HOLDER_ERASED)
    assert [name for name in (*NAMES, "internal words", str(certificate.uuid)) if name in text] == []


def badge_status(certificate: Certificate) -> bool:
    """Whether the public list that the badge names calls it withdrawn, as another verifier reads it."""
    entry = status_entry(certificate.pk)
    response = Client().get(urlsplit(entry["statusListCredential"]).path)
    bits = decode_encoded_list(json.loads(response.content)["credentialSubject"]["encodedList"])
    return int(entry["statusListIndex"]) in set_indices(bits)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("standing", list(Standing))
def test_state_in_the_status_of_the_badge(holder, course, standing, language):
    """The badge has an end of its own, so that one that ran out isn't withdrawn."""
    certificate = certificate_in(standing, holder, course, language=language)

    assert badge_status(certificate) is (
        standing in {Standing.REVOKED, Standing.SUPERSEDED, Standing.HOLDER_ERASED}
    )


@pytest.mark.parametrize("channel", CHANNELS)
def test_one_that_is_not_issued_is_unknown_everywhere(holder, course, channel):
    certificate = make_ready(holder, course)
    for state in ("pending", "failed"):
        Certificate.objects.filter(pk=certificate.pk).update(state=state)
        path = f"/fr/verify/{certificate.serial}" + ("/" if channel == "page" else ".json")
        assert Client().get(path).status_code == 404


def rename_holder(certificate, course):
    rename(certificate.enrolment.user)


def edit_course(certificate, course):
    CoursePage.objects.filter(translation_key=course.key).update(
        title="Something else", law_checked_to="2020-01-31"
    )


def unpublish_course(certificate, course):
    CoursePage.objects.filter(translation_key=course.key).update(live=False)


def delete_course(certificate, course):
    for found in course.pages.values():
        CoursePage.objects.get(pk=found.pk).delete()


def delete_design_and_rule(certificate, course):
    CourseRule.objects.all().delete()
    CertificateDesign.objects.all().delete()


def change_rule(certificate, course):
    rule, _made = CourseRule.objects.get_or_create(course_key=course.key)
    rule.validity_months, rule.shows_score, rule.provisions_fr = 1, True, "Décret-loi 88"
    rule.save()


@pytest.mark.parametrize("standing", list(Standing))
@pytest.mark.parametrize(
    "change",
    [rename_holder, edit_course, unpublish_course, delete_course, delete_design_and_rule, change_rule],
)
def test_bytes_and_answers_stay(holder, course, standing, change):
    certificate = certificate_in(standing, holder, course)
    row = Certificate.objects.values().get(pk=certificate.pk)
    content = None if certificate.erased_at else stored_bytes(certificate)
    answers = {
        (name, code): channel(certificate, code)[:2]
        for name, channel in CHANNELS.items()
        for code in LANGUAGES
    }
    said = {code: json.loads(as_json(certificate, code)[2]) for code in LANGUAGES}

    change(certificate, course)

    assert Certificate.objects.values().get(pk=certificate.pk) == row
    if content is not None:
        assert hashlib.sha256(stored_bytes(certificate)).hexdigest() == certificate.sha256
        assert stored_bytes(certificate) == content
    assert answers == {
        (name, code): channel(certificate, code)[:2]
        for name, channel in CHANNELS.items()
        for code in LANGUAGES
    }
    assert said == {code: json.loads(as_json(certificate, code)[2]) for code in LANGUAGES}

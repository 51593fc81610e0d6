"""Every standing, in every language, through every channel: and what was issued stays as it was issued.

A channel gives what anybody reads of a certificate: `(status, standing, text)`. `standing` is the word that the channel
uses for programs, None where it has none.
"""

import hashlib
import html
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from openbadgeslib.ob3.status import decode_encoded_list, set_indices

from courses.accounts.models import User
from courses.certificates.domain.delivery import stored_bytes
from courses.certificates.enums import Revocation, Standing, Supersession
from courses.certificates.interfaces.badges.status import status_entry
from courses.certificates.interfaces.standing_words import HEADLINES
from courses.certificates.models import Certificate, CertificateDesign, CourseRule, NameLink
from courses.lib.dates import format_date
from courses.lib.ids import display_serial
from courses.models import CoursePage
from tests.factories.accounts import AssociationFactory, MembershipFactory, UserFactory, make_administrator
from tests.factories.certificates import certificate_in, make_ready, rename, superseded_by

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


def file_check(certificate: Certificate, language: str) -> Answer:
    """Of the stored file, sent as whoever has it would."""
    file = SimpleUploadedFile("c.pdf", stored_bytes(certificate), content_type="application/pdf")
    response = Client().post(f"/{language}/verify/file/", {"file": file})
    return response.status_code, None, html.unescape(response.content.decode())


def name_link(certificate: Certificate, language: str) -> Answer:
    """Under a link that the holder made before."""
    token = "t" * 43
    NameLink.objects.get_or_create(
        certificate=certificate,
        token_sha256=hashlib.sha256(token.encode()).hexdigest(),
        defaults={"made_at": timezone.now(), "expires_at": timezone.now() + timedelta(days=1)},
    )
    response = Client().get(f"/{language}/verify/{certificate.serial}/name/{token}/")
    return response.status_code, None, html.unescape(response.content.decode())


CHANNELS: dict[str, Callable[[Certificate, str], Answer]] = {"page": page, "json": as_json}
REPLACED_IN = {**CHANNELS, "file": file_check, "name link": name_link}
# By the version or the renewal that took the place; and with one in between that couldn't be made.
WAYS = [
    *((because, None) for because in Supersession),
    (Supersession.CORRECTED, Supersession.AMENDED),
    (Supersession.AMENDED, Supersession.CORRECTED),
    (Supersession.RENEWED, Supersession.CORRECTED),
    (Supersession.RENEWED, Supersession.AMENDED),
]


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


def holders_page(certificate: Certificate, language: str) -> Answer:
    client = Client()
    client.force_login(certificate.enrolment.user)
    with translation.override(language):
        address = reverse("certificates:certificate", args=[certificate.uuid])
    response = client.get(address)
    return response.status_code, None, html.unescape(response.content.decode())


@pytest.mark.parametrize(("because", "failed"), WAYS)
def test_replaced_says_by_what_and_when_and_not_by_which(holder, course, because, failed):
    """In every language, through every channel; and to its holder, who is led to the new one."""
    certificate = superseded_by(because, holder, course, after_failed=failed, actor=make_administrator())
    day = timezone.localdate(certificate.superseded_at)
    hidden = [*NAMES, "Renamed", "internal words", "Unprintable", str(certificate.uuid)]
    for other in Certificate.objects.exclude(pk=certificate.pk):
        hidden += [other.serial, display_serial(other.serial), str(other.uuid)]
    wrong = []

    for language in LANGUAGES:
        with translation.override(language):
            words = {one: str(one.public) for one in Supersession}
        for name, channel in {**REPLACED_IN, "holder": holders_page}.items():
            status, said, text = channel(certificate, language)
            told = [one for one in Supersession if words[one] in text]
            dated = (day.isoformat() if name == "json" else format_date(day, language)) in text
            shown = [] if name == "holder" else [part for part in hidden if part in text]
            if (status, said or "superseded", told, dated, shown) != (200, "superseded", [because], True, []):
                wrong.append((language, name, status, said, told, dated, shown))

    assert wrong == []


def badge_status(certificate: Certificate) -> bool:
    """Whether the public list that the badge names calls it withdrawn, as another verifier reads it."""
    entry = status_entry(certificate.badge_position)
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

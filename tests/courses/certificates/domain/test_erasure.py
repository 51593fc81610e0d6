"""What stays of a certificate when its holder goes."""

import json

import pytest
from django.utils import timezone

from courses.accounts.api import personal_data_sources
from courses.certificates.domain.changing import correct, revoke
from courses.certificates.domain.erasure import erase, export, purge
from courses.certificates.domain.issue import request, retry
from courses.certificates.domain.making import make
from courses.certificates.domain.standing import standing_of
from courses.certificates.enums import CertificateState, EventKind, Revocation, Standing
from courses.certificates.interfaces import files
from courses.certificates.models import Certificate, CertificateEvent, NameLink
from courses.lib.ids import display_serial
from tests.factories.accounts import UserFactory, make_administrator
from tests.factories.certificates import certificate_in, make_pending, make_ready, rename
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory(certificate_name_latin="Zohra Trabelsi", certificate_name_arabic="زهرة الطرابلسي")


def test_names_and_file_go_and_serial_hash_course_and_dates_stay(
    user, course, django_capture_on_commit_callbacks
):
    certificate = make_ready(user, course)
    kept = ("serial", "sha256", "course_key", "cycle", "completed_at", "issued_at", "state")
    before = {name: getattr(certificate, name) for name in kept}
    at = timezone.now()

    with django_capture_on_commit_callbacks(execute=True):
        erase(user, at)

    after = Certificate.objects.get(pk=certificate.pk)
    assert {name: getattr(after, name) for name in kept} == before
    assert after.erased_at == at
    text = json.dumps(after.snapshot, ensure_ascii=False)
    assert [word for word in ("Zohra", "Trabelsi", "زهرة", "Z. T.") if word in text] == []
    assert after.file_name == ""
    assert not files.private_storage().exists(certificate.file_name)
    assert after.events.last().kind == EventKind.ERASED


def test_the_file_stays_until_the_commit(user, course, django_capture_on_commit_callbacks):
    certificate = make_ready(user, course)

    with django_capture_on_commit_callbacks(execute=False):
        erase(user, timezone.now())

    assert files.private_storage().exists(certificate.file_name)


def test_erasing_twice_changes_nothing(user, course, django_capture_on_commit_callbacks):
    certificate = make_ready(user, course)
    with django_capture_on_commit_callbacks(execute=True):
        erase(user, timezone.now())
    before = Certificate.objects.values().get(pk=certificate.pk)

    with django_capture_on_commit_callbacks(execute=True):
        erase(user, timezone.now())
    purge(certificate.pk)

    assert Certificate.objects.values().get(pk=certificate.pk) == before


def test_a_certificate_that_was_not_ready_never_will_be(user, course, django_capture_on_commit_callbacks):
    certificate = make_pending(user, course)

    with django_capture_on_commit_callbacks(execute=True):
        erase(user, timezone.now())

    certificate.refresh_from_db()
    assert (certificate.state, certificate.failure) == (CertificateState.FAILED, "holder erased")
    assert make(certificate.pk, timezone.now()) is False
    assert retry(certificate.pk, timezone.now()) is False


def test_an_erasure_while_the_file_is_rendered_leaves_no_file(user, course, monkeypatch):
    from courses.certificates.domain import making

    certificate = make_pending(user, course)
    render = making._render

    def erased_meanwhile(*arguments):
        pdf = render(*arguments)
        erase(user, timezone.now())
        return pdf

    monkeypatch.setattr(making, "_render", erased_meanwhile)

    assert make(certificate.pk, timezone.now()) is False

    assert not files.private_storage().exists(certificate.file_name)


def test_nothing_is_requested_for_an_erased_person(user, course):
    enrolment = make_enrolment(user, course, done=4)
    user.erased_at = timezone.now()
    user.save()

    assert request(enrolment.pk, timezone.now()) is None


def test_others_keep_theirs(user, course):
    certificate = make_ready(UserFactory(), course)

    erase(user, timezone.now())

    certificate.refresh_from_db()
    assert certificate.erased_at is None


def test_export_says_what_is_held(user, course):
    certificate = make_ready(user, course)

    exported = export(user)

    assert json.loads(json.dumps(exported)) == [
        {
            "serial": certificate.serial,
            "state": "ready",
            "printed": certificate.snapshot["content"],
            "version": 1,
            "completed_at": certificate.completed_at.isoformat(),
            "requested_at": certificate.requested_at.isoformat(),
            "issued_at": certificate.issued_at.isoformat(),
            "expires_at": None,
            "superseded_at": None,
            "superseded_because": "",
            "revoked_at": None,
            "revocation": "",
            "replaces": None,
            "replaces_because": "",
            "shows_association": False,
            "mailed_at": None,
            "name_links": [],
            "history": [
                {"event": event.kind, "at": event.at.isoformat(), "note": ""}
                for event in certificate.events.all()
            ],
            "sha256": certificate.sha256,
        }
    ]
    assert export(UserFactory()) == []


def test_export_says_how_it_came_to_another_one(user, course):
    old = certificate_in(Standing.SUPERSEDED, user, course)
    new = Certificate.objects.get(supersedes=old)
    at = timezone.now()
    revoke(new.pk, Revocation.HOLDER_ASKED, at, None, "asked by phone")
    NameLink.objects.create(certificate=new, token_sha256="0" * 64, made_at=at, expires_at=at)

    first, second = export(user)

    assert (first["superseded_at"], first["replaces"]) == (new.issued_at.isoformat(), None)
    assert first["superseded_because"] == first["history"][-1]["note"] == "corrected"
    assert (second["version"], second["replaces"], second["replaces_because"]) == (2, old.serial, "corrected")
    assert (second["revoked_at"], second["revocation"]) == (at.isoformat(), "holder_asked")
    assert second["name_links"] == [{"made_at": at.isoformat(), "expires_at": at.isoformat()}]
    assert second["history"][-1] == {"event": "revoked", "at": at.isoformat(), "note": "asked by phone"}


def test_a_chain_with_a_correction_under_way_goes_as_a_whole(
    user, course, django_capture_on_commit_callbacks
):
    old = certificate_in(Standing.SUPERSEDED, user, course)
    new = Certificate.objects.get(supersedes=old)
    rename(user, "Zohra Trabelsi Ayari")
    pending = correct(new.pk, timezone.now(), None, "Zohra Trabelsi wrote to us")
    NameLink.objects.create(
        certificate=new, token_sha256="0" * 64, made_at=timezone.now(), expires_at=timezone.now()
    )
    at = timezone.now()

    with django_capture_on_commit_callbacks(execute=True):
        erase(user, at)

    rows = list(Certificate.objects.order_by("version"))
    assert [(row.state, row.file_name, row.erased_at) for row in rows] == [
        (CertificateState.READY, "", at),
        (CertificateState.READY, "", at),
        (CertificateState.FAILED, "", at),
    ]
    assert [standing_of(row, at) for row in rows[:2]] == [Standing.SUPERSEDED, Standing.HOLDER_ERASED]
    held = json.dumps([row.snapshot for row in rows], ensure_ascii=False)
    held += " ".join(CertificateEvent.objects.values_list("reason", flat=True))
    assert [word for word in ("Zohra", "Trabelsi", "زهرة", "Renamed", "Z. T.") if word in held] == []
    assert rows[0].superseded_because == rows[0].events.get(kind=EventKind.SUPERSEDED).reason == "corrected"
    assert NameLink.objects.count() == 0
    assert make(pending.pk, at) is False
    assert retry(pending.pk, at) is False


def test_the_score_goes_too(user, course):
    certificate = make_ready(user, course)
    content = {**certificate.snapshot["content"], "score_percent": 85}
    Certificate.objects.filter(pk=certificate.pk).update(
        snapshot={**certificate.snapshot, "content": content}
    )

    erase(user, timezone.now())

    certificate.refresh_from_db()
    assert certificate.snapshot["content"]["score_percent"] is None


def test_a_certificate_by_an_administrator_who_goes_keeps_its_history(course):
    """The actor's row stays without a name: the history still says that a person acted."""
    administrator = make_administrator()
    certificate = make_ready(UserFactory(), course)
    revoke(certificate.pk, Revocation.FRAUD, timezone.now(), administrator.pk, "twice the same answers")

    erase(administrator, timezone.now())

    event = certificate.events.get(kind=EventKind.REVOKED)
    assert (event.actor, event.reason) == (administrator, "twice the same answers")


def test_it_is_a_source_of_personal_data():
    source = personal_data_sources["certificates"]

    assert (source.export, source.erase) == (export, erase)


def test_the_page_about_ones_data_shows_words_and_the_file_everything(client, course):
    user = UserFactory(certificate_name_latin="Zohra Trabelsi")
    certificate = make_ready(user, course)
    client.force_login(user)

    page = client.get("/fr/account/data/").content.decode()
    held = client.get("/fr/account/data/download/").json()["certificates"][0]

    shown = (
        *(display_serial(certificate.serial), "Zohra Trabelsi", "février 2026", "20 minutes", "Arabe"),
        *("<bdi>Délivrée</bdi>", "Course JUR fr", "Module 1 fr, Module 2 fr"),
    )
    assert [word for word in shown if word not in page] == []
    hidden = (certificate.sha256, "Dummy", ">ready<", "score percent", "Course JUR ar", "/verify/0")
    assert [word for word in hidden if word in page] == []
    assert (held["sha256"], held["state"]) == (certificate.sha256, "ready")
    assert held["printed"]["variables"]["fr"]["course_code"] == "JUR"

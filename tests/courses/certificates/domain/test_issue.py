"""One certificate for each complete enrolment, whoever asks and however often."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from courses.certificates.domain import issue
from courses.certificates.domain.erasure import erase
from courses.certificates.domain.issue import issue_now, request, request_for_user, retry
from courses.certificates.enums import CertificateState, EventKind
from courses.certificates.interfaces import files
from courses.certificates.models import Certificate, CertificateEvent
from courses.certificates.signals import certificate_requested
from courses.lib.ids import normalise_serial
from courses.progress.models import Enrolment
from tests.factories.accounts import UserFactory, make_administrator
from tests.factories.certificates import make_pending, make_ready
from tests.factories.designs import make_design, make_image, put
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db


def test_a_complete_enrolment_gets_a_pending_certificate(course):
    enrolment = make_enrolment(UserFactory(), course, done=4)
    at = timezone.now()

    certificate = request(enrolment.pk, at)

    assert (certificate.state, certificate.requested_at, certificate.course_key, certificate.cycle) == (
        CertificateState.PENDING,
        at,
        course.key,
        1,
    )
    assert normalise_serial(certificate.serial) == certificate.serial
    assert certificate.snapshot["content"]["serial"] == certificate.serial
    assert certificate.uuid.hex in certificate.file.name
    assert list(certificate.events.values_list("kind", "actor")) == [(EventKind.REQUESTED, None)]


def test_asking_again_returns_the_same_row_and_announces_nothing(course, django_capture_on_commit_callbacks):
    heard = []

    def listen(sender, certificate_id, **facts):
        heard.append(certificate_id)

    certificate_requested.connect(listen)
    try:
        enrolment = make_enrolment(UserFactory(), course, done=4)
        with django_capture_on_commit_callbacks(execute=True):
            first = request(enrolment.pk, timezone.now())
        with django_capture_on_commit_callbacks(execute=True):
            second = request(enrolment.pk, timezone.now())
    finally:
        certificate_requested.disconnect(listen)

    assert (second.pk, second.serial) == (first.pk, first.serial)
    assert heard == [first.pk]
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize(
    ("done", "fields"),
    [
        (3, {}),
        (4, {"verified": False}),
        (4, {"certificate_name_confirmed_at": None}),
        (4, {"certificate_name_latin": "🌸", "certificate_name_arabic": ""}),
    ],
)
def test_nothing_is_made_while_something_is_missing(course, done, fields):
    enrolment = make_enrolment(UserFactory(**fields), course, done=done)

    assert request(enrolment.pk, timezone.now()) is None
    assert Certificate.objects.count() == 0


def test_an_unknown_enrolment_raises(db):
    with pytest.raises(Enrolment.DoesNotExist):
        request(987_654, timezone.now())


def test_the_constraint_is_the_last_word(course):
    certificate = make_pending(UserFactory(), course)
    certificate.pk, certificate.serial = None, "1" * 16

    with pytest.raises(IntegrityError), transaction.atomic():
        certificate.save(force_insert=True)


def test_all_of_a_person_are_asked_for_when_the_address_is_confirmed(course):
    user = UserFactory()
    complete = make_enrolment(user, course, done=4)
    make_enrolment(UserFactory(), course, done=4)

    found = request_for_user(user.pk, timezone.now())

    assert [certificate.enrolment_id for certificate in found] == [complete.pk]
    assert Certificate.objects.count() == 1


def test_issue_now_needs_no_worker(course):
    enrolment = make_enrolment(UserFactory(), course, done=4)

    assert issue_now(enrolment.pk, timezone.now()).state == CertificateState.READY


def test_issue_now_says_none_while_something_is_missing(course):
    enrolment = make_enrolment(UserFactory(), course, done=1)

    assert issue_now(enrolment.pk, timezone.now()) is None


def test_a_failed_certificate_gets_another_round_with_actor_and_reason(course):
    certificate = make_pending(UserFactory(), course)
    Certificate.objects.filter(pk=certificate.pk).update(state=CertificateState.FAILED, attempts=10)
    administrator = make_administrator()
    at = timezone.now()

    assert retry(certificate.pk, at, administrator.pk, "storage repaired") is True

    certificate.refresh_from_db()
    assert (certificate.state, certificate.attempts, certificate.retry_at) == (
        CertificateState.PENDING,
        0,
        at,
    )
    event = certificate.events.last()
    assert (event.kind, event.actor, event.reason) == (EventKind.RETRIED, administrator, "storage repaired")


def test_only_a_failed_certificate_is_retried(course):
    certificate = make_ready(UserFactory(), course)

    assert retry(certificate.pk, timezone.now()) is False


# What is read of the course, and when


def test_pictures_are_copied_before_the_transaction_begins(course, monkeypatch):
    """A slow storage holds no lock meanwhile."""
    make_design(logos=1, signatories=1, is_default=True)
    enrolment = make_enrolment(UserFactory(), course, done=4)
    around, stored = len(connection.savepoint_ids), []
    store = files.store_once

    def note(name, content):
        stored.append(len(connection.savepoint_ids) - around)
        store(name, content)

    monkeypatch.setattr(files, "store_once", note)

    assert request(enrolment.pk, timezone.now()) is not None

    assert stored == [0, 0]


def change_before_the_lock(monkeypatch, change):
    """Have something happen while the course is read."""
    read = issue.basis_of

    def read_after(course_key, at):
        change()
        return read(course_key, at)

    monkeypatch.setattr(issue, "basis_of", read_after)


def test_who_asks_meanwhile_gets_the_one_and_so_does_who_asked_first(course, monkeypatch):
    enrolment = make_enrolment(UserFactory(), course, done=4)
    at, others = timezone.now(), []

    def ask():
        monkeypatch.undo()
        others.append(request(enrolment.pk, at))

    change_before_the_lock(monkeypatch, ask)

    assert [request(enrolment.pk, at)] == others
    assert Certificate.objects.count() == 1


def test_who_is_erased_meanwhile_gets_none(course, monkeypatch):
    enrolment = make_enrolment(UserFactory(), course, done=4)
    person, at = enrolment.user, timezone.now()

    def erase_them():
        type(person).objects.filter(pk=person.pk).update(erased_at=at)
        erase(person, at)

    change_before_the_lock(monkeypatch, erase_them)

    assert request(enrolment.pk, at) is None
    assert not Certificate.objects.exists()


def test_the_course_is_read_once_for_the_requests_of_a_batch_and_anew_for_any_other(course, monkeypatch):
    read = []
    change_before_the_lock(monkeypatch, lambda: read.append(1))
    enrolments = [make_enrolment(UserFactory(), course, done=4) for _number in range(4)]
    at, bases = timezone.now(), {}

    for enrolment in enrolments[:2]:
        assert request(enrolment.pk, at, bases=bases)
    assert (len(read), list(bases)) == (1, [course.key])
    for enrolment in enrolments[2:]:
        assert request(enrolment.pk, at)
    assert len(read) == 3


@pytest.mark.parametrize("why", ["blocked", "incomplete", "issued"])
def test_where_nothing_is_issued_nothing_is_read(course, monkeypatch, why):
    fields = {"verified": False} if why == "blocked" else {}
    enrolment = make_enrolment(UserFactory(**fields), course, done=3 if why == "incomplete" else 4)
    if why == "issued":
        request(enrolment.pk, timezone.now())
    monkeypatch.setattr(issue, "basis_of", lambda *args: pytest.fail("read"))

    found = request(enrolment.pk, timezone.now())

    assert (found is not None) is (why == "issued")


def test_a_picture_that_is_broken_leaves_nothing_behind(course):
    image = make_image()
    make_design(is_default=True, background=image)
    put(image, b"no picture at all")
    enrolment = make_enrolment(UserFactory(), course, done=4)

    with pytest.raises(ValueError):
        request(enrolment.pk, timezone.now())

    assert not Certificate.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_requests_at_once_make_one_certificate(course):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite serialises writers")
    enrolment = make_enrolment(UserFactory(), course, done=4)
    # Completing it has asked already; the race is about a fresh start.
    CertificateEvent.objects.all().delete()
    Certificate.objects.all().delete()
    barrier = Barrier(4)

    def ask(_number):
        try:
            barrier.wait(timeout=10)
            return request(enrolment.pk, timezone.now()).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        keys = set(pool.map(ask, range(4)))

    assert len(keys) == 1
    assert Certificate.objects.count() == 1
    assert Certificate.objects.get().events.count() == 1

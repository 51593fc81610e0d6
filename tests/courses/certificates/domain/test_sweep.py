"""The sweep repairs what was lost, once."""

from datetime import timedelta

import pytest
from django.db import DataError, OperationalError
from django.utils import timezone

from courses.certificates.domain import sweep
from courses.certificates.domain.erasure import erase
from courses.certificates.domain.making import MAX_ATTEMPTS, make
from courses.certificates.domain.sweep import QUEUED_TIME, Healing, heal
from courses.certificates.enums import CertificateState
from courses.certificates.interfaces import files
from courses.certificates.models import Certificate
from courses.certificates.tasks import make_certificate, sweep_certificates
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_pending, make_ready
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
NOTHING = Healing(requested=0, to_make=(), given_up=0, purged=0)


def test_nothing_to_repair(course):
    make_ready(UserFactory(), course)
    make_enrolment(UserFactory(), course, done=2)
    make_enrolment(UserFactory(verified=False), course, done=4)

    assert heal(timezone.now()) == NOTHING


def test_a_lost_completion_signal_is_made_good(course):
    enrolment = make_enrolment(UserFactory(), course, done=4)

    assert heal(timezone.now()) == Healing(1, (), 0, 0)

    assert Certificate.objects.get().enrolment_id == enrolment.pk
    assert heal(timezone.now()) == NOTHING


def test_a_name_that_cannot_be_printed_stops_nobody_else(course):
    make_enrolment(UserFactory(certificate_name_latin="🌸"), course, done=4)
    fine = make_enrolment(UserFactory(), course, done=4)

    assert heal(timezone.now(), limit=1).requested == 1

    assert Certificate.objects.get().enrolment_id == fine.pk


def test_the_limit_leaves_the_rest_to_the_next_sweep(course):
    for _number in range(3):
        make_enrolment(UserFactory(), course, done=4)

    assert [heal(timezone.now(), limit=2).requested for _sweep in range(3)] == [2, 1, 0]


def test_a_pending_certificate_that_waits_too_long_is_queued_again_but_not_each_minute(course):
    certificate = make_pending(UserFactory(), course)
    at = certificate.requested_at

    assert heal(at + MINUTE / 2) == NOTHING
    assert heal(at + MINUTE).to_make == (certificate.pk,)
    assert heal(at + 2 * MINUTE) == NOTHING
    assert heal(at + MINUTE + QUEUED_TIME).to_make == (certificate.pk,)


def test_an_attempt_that_runs_is_not_queued_beside_itself(course, monkeypatch):
    from courses.certificates.domain import making

    certificate = make_pending(UserFactory(), course)
    at = certificate.requested_at + 5 * MINUTE
    seen = []
    monkeypatch.setattr(making, "_render", lambda *arguments: seen.append(heal(at)) or b"%PDF-")

    make(certificate.pk, at)

    assert seen == [NOTHING]


def test_a_certificate_that_kills_its_workers_is_given_up(course):
    certificate = make_pending(UserFactory(), course)
    Certificate.objects.filter(pk=certificate.pk).update(attempts=MAX_ATTEMPTS)

    assert heal(timezone.now() + 2 * MINUTE) == Healing(0, (), 1, 0)

    certificate.refresh_from_db()
    assert (certificate.state, certificate.failure) == (CertificateState.FAILED, "worker lost")


def test_the_file_of_an_erased_holder_that_a_crash_left_is_deleted(course):
    user = UserFactory()
    certificate = make_ready(user, course)
    erase(user, timezone.now())
    assert files.private_storage().exists(certificate.file_name)

    assert heal(timezone.now()) == Healing(0, (), 0, 1)

    assert not files.private_storage().exists(certificate.file_name)
    assert heal(timezone.now()) == NOTHING


def test_a_file_that_cannot_be_deleted_stops_no_other(course, monkeypatch):
    stuck, fine = UserFactory(), UserFactory()
    kept = make_ready(stuck, course).file_name
    gone = make_ready(fine, course).file_name
    for user in (stuck, fine):
        erase(user, timezone.now())
    delete = files.delete

    def refuse(name):
        if name == kept:
            raise OSError("read-only")
        delete(name)

    monkeypatch.setattr(files, "delete", refuse)

    assert heal(timezone.now()) == Healing(0, (), 0, 1)
    assert [files.private_storage().exists(name) for name in (kept, gone)] == [True, False]

    monkeypatch.setattr(files, "delete", delete)
    assert heal(timezone.now()) == Healing(0, (), 0, 1)


@pytest.mark.parametrize(("error", "passed_on"), [(DataError, False), (OperationalError, True)])
def test_a_row_that_does_not_fit_stops_nobody_and_a_lost_database_all(course, monkeypatch, error, passed_on):
    broken = make_enrolment(UserFactory(), course, done=4)
    fine = make_enrolment(UserFactory(), course, done=4)
    ask = sweep.request

    def request(enrolment_id, at):
        if enrolment_id == broken.pk:
            raise error
        return ask(enrolment_id, at)

    monkeypatch.setattr(sweep, "request", request)

    if passed_on:
        with pytest.raises(error):
            heal(timezone.now())
    else:
        assert heal(timezone.now()).requested == 1
        assert Certificate.objects.get().enrolment_id == fine.pk


def test_the_task_queues_what_the_sweep_found(course, monkeypatch):
    certificate = make_pending(UserFactory(), course)
    Certificate.objects.filter(pk=certificate.pk).update(retry_at=timezone.now())
    queued = []
    monkeypatch.setattr(make_certificate, "delay", queued.append)

    sweep_certificates()

    assert queued == [certificate.pk]

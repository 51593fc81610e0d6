"""From the completed course to the queue."""

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.utils import timezone

from courses.accounts.domain.certificate_names import confirm_certificate_name
from courses.certificates.enums import CertificateState
from courses.certificates.models import Certificate
from courses.certificates.tasks import make_certificate
from courses.progress.domain.recording import record_completion
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_pending
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(monkeypatch):
    """Ids of the certificates put into the queue."""
    queued = []
    monkeypatch.setattr(make_certificate, "delay", queued.append)
    return queued


def complete_last(enrolment, course):
    record_completion(
        enrolment,
        course.lessons["fr"][3].translation_key,
        kind="lesson",
        locale="fr",
        revision_id=None,
        at=timezone.now(),
    )


def test_completing_a_course_asks_once_and_queues_once(course, queue, django_capture_on_commit_callbacks):
    enrolment = make_enrolment(UserFactory(), course, done=3)

    for _time in range(10):
        with django_capture_on_commit_callbacks(execute=True):
            complete_last(enrolment, course)

    certificate = Certificate.objects.get()
    assert (certificate.enrolment_id, certificate.state) == (enrolment.pk, CertificateState.PENDING)
    assert queue == [certificate.pk]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_broker_that_is_down_does_not_break_the_completion(course, monkeypatch):
    def down(certificate_id):
        raise ConnectionError("no broker")

    monkeypatch.setattr(make_certificate, "delay", down)
    enrolment = make_enrolment(UserFactory(), course, done=3)

    complete_last(enrolment, course)

    enrolment.progress.refresh_from_db()
    assert enrolment.progress.completed_at is not None
    assert Certificate.objects.get().state == CertificateState.PENDING


def test_confirming_the_address_later_asks_then(course, queue, django_capture_on_commit_callbacks):
    user = UserFactory(verified=False)
    make_enrolment(user, course, done=4)
    address = EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)

    with django_capture_on_commit_callbacks(execute=True):
        email_confirmed.send(sender=EmailAddress, request=None, email_address=address)

    assert queue == [Certificate.objects.get().pk]


def test_confirming_the_name_later_asks_then(course, queue, django_capture_on_commit_callbacks):
    user = UserFactory(certificate_name_confirmed_at=None)
    make_enrolment(user, course, done=4)

    with django_capture_on_commit_callbacks(execute=True):
        confirm_certificate_name(user, latin="Salma Ben Ali", arabic="", at=timezone.now())

    certificate = Certificate.objects.get()
    assert queue == [certificate.pk]
    assert certificate.snapshot["content"]["holder_latin"] == "Salma Ben Ali"
    assert certificate.snapshot["content"]["holder_arabic"] == ""


def test_completing_asks_nothing_while_the_name_waits_and_asks_at_once_when_it_does_not(
    course, queue, django_capture_on_commit_callbacks
):
    waiting = make_enrolment(UserFactory(certificate_name_confirmed_at=None), course, done=3)
    sure = make_enrolment(UserFactory(), course, done=3)

    for enrolment in (waiting, sure):
        with django_capture_on_commit_callbacks(execute=True):
            complete_last(enrolment, course)

    assert Certificate.objects.get().enrolment_id == sure.pk


def test_confirming_an_address_without_a_complete_course_asks_nothing(
    course, queue, django_capture_on_commit_callbacks
):
    user = UserFactory()
    make_enrolment(user, course, done=1)

    with django_capture_on_commit_callbacks(execute=True):
        email_confirmed.send(
            sender=EmailAddress, request=None, email_address=EmailAddress.objects.get(user=user)
        )

    assert (queue, Certificate.objects.count()) == ([], 0)


def test_an_error_here_does_not_break_the_confirmation(
    course, monkeypatch, django_capture_on_commit_callbacks
):
    from courses.certificates import receivers

    def broken(user_id, at):
        raise RuntimeError

    monkeypatch.setattr(receivers, "request_for_user", broken)
    user = UserFactory()

    with django_capture_on_commit_callbacks(execute=True):
        email_confirmed.send(
            sender=EmailAddress, request=None, email_address=EmailAddress.objects.get(user=user)
        )

    assert Certificate.objects.count() == 0


def test_the_task_makes_it(course):
    certificate = make_pending(UserFactory(), course)

    make_certificate(certificate.pk)

    certificate.refresh_from_db()
    assert certificate.state == CertificateState.READY

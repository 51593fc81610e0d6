"""The letter with the certificate's address: in the holder's language, and once."""

from contextlib import contextmanager
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.utils import timezone

from courses.accounts.domain.closing import close_account
from courses.certificates import tasks
from courses.certificates.domain.changing import amend, correct
from courses.certificates.domain.making import make
from courses.certificates.domain.telling import LEFT_AFTER, TOLD_WITHIN, left_untold, tell
from courses.certificates.enums import CertificateState, Revocation, Supersession
from courses.certificates.interfaces.mail import post
from courses.certificates.models import Certificate
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_pending, make_ready, rename

pytestmark = pytest.mark.django_db


def write(certificate: Certificate, at=None) -> bool:
    with post() as opened:
        return tell(certificate.pk, opened.certificate_issued, at or timezone.now())


def failing(error: Exception):
    """A `compose` whose letter can't be sent."""

    def deliver() -> None:
        raise error

    return lambda user, certificate: deliver


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_holder_is_written_to_in_their_language_with_the_address_of_the_page(course, language):
    holder = UserFactory(language=language)
    certificate = make_ready(holder, course)

    assert write(certificate)

    (letter,) = mail.outbox
    assert letter.to == [holder.email]
    assert f"/{language}/certificates/{certificate.uuid}/" in letter.body
    assert certificate.snapshot["content"]["course_title"][language] in letter.body
    # Phones are shared: a letter says no code and no name.
    assert certificate.serial not in letter.body
    assert holder.certificate_name_latin not in letter.body


def test_nobody_is_written_to_twice(course):
    certificate = make_ready(UserFactory(), course)

    assert [write(certificate) for _again in range(3)] == [True, False, False]

    assert len(mail.outbox) == 1
    certificate.refresh_from_db()
    assert certificate.mailed_at is not None


def test_a_correction_has_words_of_its_own(course):
    holder = UserFactory(language="en")
    certificate = make_ready(holder, course)
    write(certificate)
    rename(holder)
    new = correct(certificate.pk, timezone.now(), None)
    make(new.pk, timezone.now())
    write(new)

    first, second = mail.outbox
    assert first.subject != second.subject
    assert first.body != second.body.replace(str(new.uuid), str(certificate.uuid))


def test_an_amended_first_one_that_could_not_be_made_is_told_of_like_any_first(course):
    holder = UserFactory(language="en")
    first = make_pending(holder, course)
    Certificate.objects.filter(pk=first.pk).update(state=CertificateState.FAILED)
    new = amend(first.pk, timezone.now(), None)
    make(new.pk, timezone.now())

    write(new)
    write(make_ready(UserFactory(language="en"), course))

    told, other = mail.outbox
    assert told.subject == other.subject


def test_a_renewal_is_a_certificate_like_the_first(course):
    certificate = make_ready(UserFactory(), course)
    write(certificate)
    Certificate.objects.filter(pk=certificate.pk).update(
        mailed_at=None, supersedes_because=Supersession.RENEWED
    )
    write(certificate)

    first, second = mail.outbox
    assert (first.subject, first.body) == (second.subject, second.body)


@pytest.mark.parametrize(
    "why",
    [
        "pending",
        "without an address",
        "unconfirmed",
        "inactive",
        "revoked",
        "superseded",
        "too old",
        "erased",
    ],
)
def test_who_is_not_written_to(course, why):
    holder = UserFactory(email=None, member_code="AB12") if why == "without an address" else UserFactory()
    certificate = make_pending(holder, course) if why == "pending" else make_ready(holder, course)
    row, at = Certificate.objects.filter(pk=certificate.pk), timezone.now()
    if why == "unconfirmed":
        holder.emailaddress_set.update(verified=False)
    elif why == "inactive":
        type(holder).objects.filter(pk=holder.pk).update(is_active=False)
    elif why == "revoked":
        row.update(revoked_at=at, revocation=Revocation.FRAUD)
    elif why == "superseded":
        row.update(superseded_at=at)
    elif why == "too old":
        row.update(issued_at=at - TOLD_WITHIN)
    elif why == "erased":
        close_account(holder, at)

    assert not write(certificate, at)

    assert mail.outbox == []
    certificate.refresh_from_db()
    assert certificate.mailed_at is None


def test_the_claim_is_committed_before_the_letter_goes(course):
    """A worker killed at this very moment has lost the letter, and nobody sends it a second time."""
    certificate = make_ready(UserFactory(), course)
    seen = []

    def compose(user, row):
        return lambda: seen.append(Certificate.objects.get(pk=row.pk).mailed_at)

    tell(certificate.pk, compose, timezone.now())

    assert seen[0] is not None


def test_what_is_refused_for_now_is_tried_again(course):
    certificate = make_ready(UserFactory(), course)

    assert not tell(certificate.pk, failing(SMTPDataError(451, b"later")), timezone.now())

    assert write(certificate)


@pytest.mark.parametrize(
    "error", [SMTPDataError(554, b"no"), SMTPRecipientsRefused({"a@example.org": (550, b"unknown")})]
)
def test_what_is_refused_for_good_is_not(course, error, caplog):
    certificate = make_ready(UserFactory(), course)

    assert not tell(certificate.pk, failing(error), timezone.now())

    assert not write(certificate)
    assert "@" not in caplog.text


def test_a_letter_that_may_be_gone_stays_claimed(course):
    certificate = make_ready(UserFactory(), course)

    with pytest.raises(SMTPServerDisconnected):
        tell(certificate.pk, failing(SMTPServerDisconnected("after DATA")), timezone.now())

    assert not write(certificate)


def test_words_that_fail_claim_nothing(course):
    certificate = make_ready(UserFactory(), course)

    def compose(user, row):
        raise KeyError("a template")

    with pytest.raises(KeyError):
        tell(certificate.pk, compose, timezone.now())

    assert write(certificate)


def test_the_issue_queues_the_letter(course, monkeypatch, django_capture_on_commit_callbacks):
    queued = []
    monkeypatch.setattr(tasks.tell_holder, "delay", queued.append)

    with django_capture_on_commit_callbacks(execute=True):
        certificate = make_ready(UserFactory(), course)

    assert queued == [certificate.pk]


def test_the_sweep_writes_to_those_whose_task_was_lost(course):
    certificate = make_ready(UserFactory(), course)
    assert left_untold(timezone.now()) == []
    Certificate.objects.update(issued_at=timezone.now() - LEFT_AFTER - timedelta(seconds=1))

    tasks.sweep_letters()
    tasks.sweep_letters()
    tasks.tell_holder(certificate.pk)

    assert len(mail.outbox) == 1


def test_a_connection_that_breaks_costs_one_letter_and_not_all(course, monkeypatch):
    for _number in range(3):
        make_ready(UserFactory(), course)
    Certificate.objects.update(issued_at=timezone.now() - LEFT_AFTER - timedelta(seconds=1))

    class Broken:
        certificate_issued = staticmethod(failing(SMTPServerDisconnected("gone")))

    monkeypatch.setattr(tasks.mail, "post", contextmanager(lambda: iter([Broken])))
    tasks.sweep_letters()

    assert len(left_untold(timezone.now())) == 2


def test_queries(course, django_assert_num_queries):
    certificate = make_ready(UserFactory(), course)

    # Savepoint, lock, the row with its person, address, claim, release.
    with django_assert_num_queries(6):
        write(certificate)

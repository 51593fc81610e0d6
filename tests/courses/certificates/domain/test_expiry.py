"""The letter some weeks before the end of validity: once, in the holder's language, to who agreed to reminders."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail as outbox
from django.utils import timezone

from courses.accounts.api import give_consent
from courses.accounts.enums import ConsentKind
from courses.certificates.domain.changing import correct, revoke
from courses.certificates.domain.expiry import ANNOUNCED, announce, to_announce
from courses.certificates.domain.issue import issue_now, request
from courses.certificates.enums import CertificateState, EventKind, Revocation, Standing
from courses.certificates.models import Certificate, CourseRule
from courses.certificates.tasks import announce_expiries
from courses.progress.models import CourseProgress
from tests.factories.accounts import UserFactory
from tests.factories.certificates import certificate_in, next_cycle, rename
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder():
    return UserFactory(language="fr")


@pytest.fixture
def expiring(holder, course):
    """Twenty days before its end."""
    return certificate_in(Standing.EXPIRING, holder, course)


class Letters:
    """Stands for the mail server: remembers, or refuses."""

    def __init__(self, error=None):
        self.sent, self.error = [], error

    def __call__(self, user, certificate):
        def deliver():
            if self.error:
                raise self.error
            self.sent.append((user.pk, certificate.pk))

        return deliver


def tell(letters, at=None, wants=True):
    return announce(letters, wants=lambda user: wants, at=at or timezone.now())


def test_it_goes_once_and_stands_in_the_history(expiring, holder):
    letters, at = Letters(), timezone.now()

    assert [tell(letters, at), tell(letters, at), tell(letters, at + timedelta(days=1))] == [1, 0, 0]

    assert letters.sent == [(holder.pk, expiring.pk)]
    assert expiring.events.get(kind=EventKind.EXPIRY_ANNOUNCED).at == at


@pytest.mark.parametrize(("before", "told"), [(timedelta(seconds=1), 0), (timedelta(0), 1)])
def test_six_weeks_before_the_end(expiring, before, told):
    assert tell(Letters(), expiring.expires_at - ANNOUNCED - before) == told


def test_not_after_the_end(expiring):
    assert tell(Letters(), expiring.expires_at) == 0


def test_one_that_is_valid_for_a_month_is_announced_in_its_second_half(holder, course):
    CourseRule.objects.create(course_key=course.key, validity_months=1)
    enrolment, at = make_enrolment(holder, course, done=4), timezone.now()
    CourseProgress.objects.filter(enrolment=enrolment).update(completed_at=at)
    certificate = issue_now(enrolment.pk, at)
    half = at + (certificate.expires_at - at) / 2

    second = timedelta(seconds=1)
    assert [tell(Letters(), half - second), tell(Letters(), half + second)] == [0, 1]


def test_who_did_not_agree_to_reminders_is_not_told_and_may_agree_later(expiring):
    assert [tell(Letters(), wants=False), tell(Letters())] == [0, 1]


@pytest.mark.parametrize("fields", [{"is_active": False}, {"email": None, "member_code": "ABC"}])
def test_who_cannot_be_written_to(expiring, holder, fields):
    type(holder).objects.filter(pk=holder.pk).update(**fields)

    assert tell(Letters()) == 0


def test_an_address_that_is_not_confirmed(expiring, holder):
    holder.emailaddress_set.update(verified=False)

    assert tell(Letters()) == 0
    assert to_announce(timezone.now()).count() == 1


@pytest.mark.parametrize(
    "standing", [Standing.VALID, Standing.EXPIRED, Standing.REVOKED, Standing.SUPERSEDED]
)
def test_nothing_is_said_of_others(holder, course, standing):
    certificate_in(standing, holder, course)

    assert tell(Letters()) == 0


def test_not_of_a_revoked_one_that_would_expire(expiring):
    revoke(expiring.pk, Revocation.FRAUD, timezone.now(), None)

    assert tell(Letters()) == 0


def test_not_while_a_renewal_or_a_correction_is_being_made(expiring, holder, course):
    request(next_cycle(expiring.enrolment, timezone.now()).pk, timezone.now())
    assert tell(Letters()) == 0

    other = UserFactory()
    second = certificate_in(Standing.EXPIRING, other, course)
    rename(other)
    correct(second.pk, timezone.now(), None)
    assert tell(Letters()) == 0


def test_a_refused_letter_is_given_back_and_stops_nobody(expiring, course):
    other = certificate_in(Standing.EXPIRING, UserFactory(), course)
    refused = SMTPRecipientsRefused({"a@example.org": (450, b"later")})

    assert tell(Letters(refused)) == 0
    assert not Certificate.objects.filter(events__kind=EventKind.EXPIRY_ANNOUNCED).exists()

    letters = Letters()
    assert tell(letters) == 2
    assert {pk for _user, pk in letters.sent} == {expiring.pk, other.pk}


@pytest.mark.parametrize(
    "error",
    [
        SMTPRecipientsRefused({"a@example.org": (550, b"unknown")}),
        SMTPServerDisconnected("after DATA"),
        ValueError(),
    ],
)
def test_what_may_be_gone_or_never_goes_stays_claimed(expiring, error):
    assert tell(Letters(error)) == 0

    assert expiring.events.filter(kind=EventKind.EXPIRY_ANNOUNCED).count() == 1
    assert tell(Letters()) == 0


def test_a_connection_that_breaks_costs_one_letter_and_not_all(expiring, course):
    certificate_in(Standing.EXPIRING, UserFactory(), course)

    assert tell(Letters(SMTPServerDisconnected("gone"))) == 0

    assert tell(Letters()) == 1


def test_a_letter_that_cannot_be_written_claims_nothing(expiring):
    def broken(user, certificate):
        raise ValueError

    assert tell(broken) == 0
    assert tell(Letters()) == 1


def test_the_task_writes_in_the_holders_language(expiring, holder):
    give_consent(holder, ConsentKind.REMINDERS, language="fr", at=timezone.now())

    announce_expiries()
    announce_expiries()

    (letter,) = outbox.outbox
    assert letter.to == [holder.email]
    assert f"/fr/certificates/{expiring.uuid}/" in letter.body
    assert "Course JUR fr" in letter.body
    assert str(expiring.expires_at.year) in letter.body
    assert holder.certificate_name_latin not in letter.body


def test_a_correction_that_failed_for_good_silences_nothing(expiring, holder):
    rename(holder)
    new = correct(expiring.pk, timezone.now(), None)
    Certificate.objects.filter(pk=new.pk).update(state=CertificateState.FAILED)

    assert tell(Letters()) == 1

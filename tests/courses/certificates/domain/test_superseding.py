"""Why a certificate was replaced: told by what took its place, whatever failed in between, with who asked for it."""

import pytest
from django.utils import timezone

from courses.certificates.domain.changing import amend, correct, revoke
from courses.certificates.domain.issue import issue_now, request
from courses.certificates.domain.making import make
from courses.certificates.domain.verification import public_reason
from courses.certificates.enums import CertificateState, EventKind, Revocation, Supersession
from courses.certificates.models import Certificate
from tests.factories.accounts import make_administrator
from tests.factories.certificates import next_cycle, rename, superseded_by

pytestmark = pytest.mark.django_db


def fail(certificate):
    Certificate.objects.filter(pk=certificate.pk).update(state=CertificateState.FAILED, failure="LayoutError")


def why(certificate):
    certificate.refresh_from_db()
    return certificate.superseded_because


def superseding(certificate):
    """Time, actor and reason of the event."""
    event = certificate.events.get(kind=EventKind.SUPERSEDED)
    return event.at, event.actor, event.reason


@pytest.mark.parametrize("failed", [None, Supersession.CORRECTED, Supersession.AMENDED])
@pytest.mark.parametrize("because", list(Supersession))
def test_the_one_that_became_ready_tells_why(holder, course, because, failed):
    administrator = make_administrator()

    old = superseded_by(because, holder, course, after_failed=failed, actor=administrator)

    assert old.superseded_because == because
    asked_by = None if because == Supersession.RENEWED else administrator
    assert superseding(old) == (old.superseded_at, asked_by, because.value)


def test_the_holder_who_had_it_issued_again_is_the_actor(holder, ready):
    rename(holder)
    make(correct(ready.pk, timezone.now(), holder.pk).pk, timezone.now())

    assert superseding(ready)[1] == holder


def test_a_renewal_that_failed_and_was_amended_is_a_renewal_for_the_earlier_cycle(holder, ready):
    administrator, at = make_administrator(), timezone.now()
    renewal = request(next_cycle(ready.enrolment, at).pk, at)
    fail(renewal)

    make(amend(renewal.pk, at, administrator.pk, "a shorter title").pk, at)

    assert (why(ready), why(renewal)) == (Supersession.RENEWED, Supersession.AMENDED)
    assert superseding(ready) == (at, administrator, "renewed")


def test_what_comes_later_changes_neither_reason_nor_day(holder, ready):
    """A renewal overtakes a correction under way, and is corrected itself."""
    rename(holder)
    correction, at = correct(ready.pk, timezone.now(), None), timezone.now()
    renewal = issue_now(next_cycle(ready.enrolment, at).pk, at)
    later = timezone.now()
    make(correction.pk, later)
    rename(holder, "A Third Name")
    make(correct(renewal.pk, later, None).pk, later)

    assert (why(ready), ready.superseded_at) == (Supersession.RENEWED, at)
    assert (why(correction), correction.superseded_at) == (Supersession.RENEWED, at)
    assert why(renewal) == Supersession.CORRECTED
    assert ready.events.filter(kind=EventKind.SUPERSEDED).count() == 1


def test_revoked_it_says_why_it_was_revoked(ready):
    at = timezone.now()
    revoke(ready.pk, Revocation.ISSUED_IN_ERROR, at, None)
    make(amend(ready.pk, at, None).pk, at)

    assert why(ready) == Supersession.AMENDED
    assert public_reason(ready) == Revocation.ISSUED_IN_ERROR.label


def test_one_that_counts_has_no_reason(ready):
    assert (why(ready), public_reason(ready)) == ("", "")

"""Two at once, on PostgreSQL: one version more, and never one that counts beside a revocation or an erasure."""

import pytest
from django.utils import timezone

from courses.certificates.domain import issue
from courses.certificates.domain.changing import ChangeRefused, amend, correct, revoke
from courses.certificates.domain.erasure import erase
from courses.certificates.domain.issue import request
from courses.certificates.domain.making import make
from courses.certificates.enums import CertificateState, EventKind, Revocation, Supersession
from courses.certificates.models import Certificate
from tests.factories.accounts import UserFactory
from tests.factories.certificates import complete_many, make_ready, next_cycle, rename
from tests.races import ROW_LOCKS, at_once, while_held

pytestmark = ROW_LOCKS


def unless_refused(verb, *arguments):
    """What the verb returns; None where it is refused."""
    try:
        return verb(*arguments, timezone.now(), None)
    except ChangeRefused:
        return None


@pytest.fixture
def holder():
    return UserFactory(certificate_name_latin="Zohra Trabelsi")


@pytest.fixture
def ready(holder, course):
    certificate = make_ready(holder, course)
    rename(holder)
    return Certificate.objects.get(pk=certificate.pk)


def test_corrections_at_once_make_one_version(ready):
    found = at_once(lambda number: correct(ready.pk, timezone.now(), None).pk)

    assert len(set(found)) == 1
    assert Certificate.objects.count() == 2
    assert Certificate.objects.get(version=2).events.filter(kind=EventKind.REQUESTED).count() == 1


def test_two_that_draw_one_place_for_their_badges_at_once_have_two(course, monkeypatch):
    enrolments = complete_many(course, 2)
    drawn = iter([5, 5, 6])
    monkeypatch.setattr(issue, "free_position", lambda: next(drawn))

    at_once(lambda number: request(enrolments[number].pk, timezone.now()), times=2)

    assert sorted(Certificate.objects.values_list("badge_position", flat=True)) == [5, 6]


def test_a_correction_and_an_amendment_make_one_version(ready):
    found = at_once(lambda number: unless_refused(correct if number % 2 else amend, ready.pk))

    assert len({new.pk for new in found if new}) == 1
    assert Certificate.objects.filter(version=2).count() == 1


def test_a_correction_waits_for_a_revocation_and_is_refused(ready):
    revoked, new = while_held(
        lambda: unless_refused(revoke, ready.pk, Revocation.FRAUD),
        lambda: unless_refused(correct, ready.pk),
    )

    assert (revoked, new) == (ready, None)
    assert Certificate.objects.count() == 1


def test_a_revocation_waits_for_a_correction_and_takes_it_along(ready):
    new, revoked = while_held(
        lambda: unless_refused(correct, ready.pk),
        lambda: unless_refused(revoke, ready.pk, Revocation.FRAUD),
    )

    assert revoked == ready
    new.refresh_from_db()
    assert (new.state, new.revocation) == (CertificateState.FAILED, Revocation.FRAUD)
    assert make(new.pk, timezone.now()) is False


def test_a_correction_that_becomes_ready_beside_a_revocation_of_the_old_one(ready):
    """Whoever comes first: one of the two is revoked, and no deadlock ends either of them."""
    new = correct(ready.pk, timezone.now(), None)

    at_once(
        lambda number: (
            make(new.pk, timezone.now()) if number else unless_refused(revoke, ready.pk, Revocation.FRAUD)
        ),
        times=2,
    )

    ready.refresh_from_db()
    new.refresh_from_db()
    superseded = (ready.superseded_at is not None, new.state) == (True, CertificateState.READY)
    revoked = (ready.revoked_at is not None, new.revocation) == (True, Revocation.FRAUD)
    assert superseded != revoked


def test_a_correction_waits_for_an_erasure_and_is_refused(holder, ready):
    _erased, new = while_held(
        lambda: erase(holder, timezone.now()), lambda: unless_refused(correct, ready.pk)
    )

    assert new is None
    assert Certificate.objects.filter(erased_at__isnull=True).count() == 0


def test_an_erasure_waits_for_a_correction_and_takes_its_names(holder, ready):
    new, _erased = while_held(
        lambda: unless_refused(correct, ready.pk), lambda: erase(holder, timezone.now())
    )

    new.refresh_from_db()
    assert (new.state, new.snapshot["content"]["holder_latin"]) == (CertificateState.FAILED, "")
    assert make(new.pk, timezone.now()) is False


def test_a_renewal_waits_for_a_correction_and_follows_it(ready):
    following = next_cycle(ready.enrolment, timezone.now())
    # Completing it asked already.
    Certificate.objects.filter(enrolment=following).delete()

    new, renewal = while_held(
        lambda: unless_refused(correct, ready.pk), lambda: request(following.pk, timezone.now())
    )

    assert (renewal.supersedes_id, renewal.supersedes_because) == (new.pk, Supersession.RENEWED)


def test_a_correction_waits_for_a_renewal_and_is_refused(ready):
    following = next_cycle(ready.enrolment, timezone.now())

    renewal, new = while_held(
        lambda: request(following.pk, timezone.now()), lambda: unless_refused(correct, ready.pk)
    )

    assert (renewal.supersedes_id, new) == (ready.pk, None)

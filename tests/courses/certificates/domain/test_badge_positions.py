"""Places in the status lists of badges: random, never shared, the same for ever."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.certificates.domain import badge_positions, issue
from courses.certificates.domain.badge_positions import GUESSES, free_position
from courses.certificates.domain.badges import badge_of, status_list
from courses.certificates.domain.changing import correct, revoke
from courses.certificates.domain.making import make
from courses.certificates.domain.queries import rule_of
from courses.certificates.enums import Revocation
from courses.certificates.interfaces.badges import status
from courses.certificates.interfaces.badges.status import LIST_SIZE, place_of
from courses.certificates.models import Certificate
from tests.courses.certificates.domain.test_badges import indexes
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_pending, make_ready, rename

pytestmark = pytest.mark.django_db
upgrade = import_module("courses.certificates.migrations.0006_reasons_and_badge_positions")


def test_every_certificate_has_a_place_of_its_own_that_its_row_does_not_tell(course):
    found = [make_pending(UserFactory(), course) for _number in range(20)]

    places = [one.badge_position for one in found]
    assert len(set(places)) == 20
    assert all(place_of(place)[0] == 0 for place in places)
    # Neither the order nor the distance of two tells anything; each of these fails once in 10^18, and 10^6.
    assert places != sorted(places)
    assert max(places) > LIST_SIZE // 2


def test_the_database_refuses_a_place_that_is_taken(course):
    first, second = make_pending(UserFactory(), course), make_pending(UserFactory(), course)

    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=second.pk).update(badge_position=first.badge_position)


def test_a_guess_that_is_taken_is_followed_by_another(course, monkeypatch):
    first = make_pending(UserFactory(), course)
    guesses = iter([first.badge_position, first.badge_position, 77_777])
    monkeypatch.setattr(status, "random_position", lambda number: next(guesses))

    assert free_position() == 77_777


def test_who_loses_a_place_to_another_at_the_same_moment_takes_the_next(course, monkeypatch):
    """The other one's row wasn't there yet when this one looked."""
    first = make_pending(UserFactory(), course)
    guesses = iter([first.badge_position, 77_777])
    monkeypatch.setattr(issue, "free_position", lambda: next(guesses))

    assert make_pending(UserFactory(), course).badge_position == 77_777


def test_another_thing_that_is_taken_is_still_an_error(course):
    first = make_pending(UserFactory(), course)

    with pytest.raises(IntegrityError), transaction.atomic():
        issue.create_pending(first.enrolment, timezone.now(), rule=rule_of(course.key), version=1)


def test_a_full_list_is_followed_by_a_new_one(course, monkeypatch):
    first = make_pending(UserFactory(), course)
    asked = []

    def guess(number):
        asked.append(number)
        return first.badge_position if number == 0 else number * LIST_SIZE + 5

    monkeypatch.setattr(status, "random_position", guess)

    later = make_pending(UserFactory(), course)

    assert asked == [0] * GUESSES + [1]
    assert place_of(later.badge_position) == (1, 5)
    assert badge_positions.last_list() == 1
    monkeypatch.setattr(status, "random_position", lambda number: number * LIST_SIZE + 6)
    assert place_of(free_position()) == (1, 6)


def test_nothing_that_happens_to_it_moves_it(course):
    certificate = make_ready(UserFactory(), course)
    place = certificate.badge_position
    rename(certificate.enrolment.user)
    make(correct(certificate.pk, timezone.now(), None).pk, timezone.now())
    revoke(certificate.pk, Revocation.FRAUD, timezone.now(), None)

    certificate.refresh_from_db()

    assert certificate.badge_position == place


def test_badges_from_before_the_upgrade_keep_their_place_and_their_status(course):
    """They name the key of their row; new certificates take no place of theirs."""
    old, withdrawn = make_ready(UserFactory(), course), make_ready(UserFactory(), course)
    upgrade.keep_positions(apps, None)
    for one in (old, withdrawn):
        one.refresh_from_db()
    entry = badge_of(old, timezone.now())["credentialStatus"]

    revoke(withdrawn.pk, Revocation.FRAUD, timezone.now(), None)
    for _number in range(3):
        make_ready(UserFactory(), course)

    assert (entry["statusListIndex"], entry["statusListCredential"]) == (
        str(old.pk),
        "http://localhost:8000/badges/status/0.json",
    )
    assert badge_of(Certificate.objects.get(pk=old.pk), timezone.now())["credentialStatus"] == entry
    assert indexes(status_list(0, timezone.now())) == {withdrawn.pk}

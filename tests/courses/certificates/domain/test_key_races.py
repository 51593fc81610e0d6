"""Two at once at the organisation's keys. PostgreSQL only."""

from datetime import timedelta

from django.utils import timezone

from courses.certificates.domain import keys
from courses.certificates.enums import KeyPurpose
from courses.certificates.models import SigningKey
from tests.races import ROW_LOCKS, at_once, while_held

pytestmark = ROW_LOCKS
PDF = KeyPurpose.PDF


def active():
    return SigningKey.objects.filter(purpose=PDF, retired_at__isnull=True)


def test_the_first_use_by_many_makes_one_key():
    found = at_once(lambda number: keys.active(PDF, timezone.now()).pk)

    assert {*found} == {SigningKey.objects.get().pk}


def test_two_first_keys_at_once_are_both_made_and_one_is_active():
    made = while_held(
        lambda: keys.generate(PDF, timezone.now()).pk, lambda: keys.generate(PDF, timezone.now()).pk
    )

    assert SigningKey.objects.count() == 2
    assert active().get().pk == made[1]


def test_rotations_at_once_are_all_made_one_after_the_other():
    keys.generate(PDF, timezone.now())

    made = at_once(lambda number: keys.generate(PDF, timezone.now() + timedelta(seconds=number)).pk)

    assert None not in made
    assert SigningKey.objects.count() == 9
    assert active().get().pk in made
    assert not SigningKey.objects.filter(retired_at__isnull=False).exclude(private_pem="").exists()


def test_retiring_and_rotating_at_once_retires_the_old_one_once():
    key = keys.generate(PDF, timezone.now())
    at = timezone.now()

    new, retired = while_held(lambda: keys.generate(PDF, at).pk, lambda: keys.retire(key, at))

    assert (retired, active().get().pk) == (False, new)

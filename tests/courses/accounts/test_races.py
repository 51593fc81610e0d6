"""Two administrators take each other away at once, on a database that locks rows: one of them stays."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from courses.accounts.domain.closing import close_account
from courses.accounts.domain.roles import LastAdministratorError, revoke_role
from courses.accounts.interfaces.users_admin import PersonEditForm
from courses.accounts.models import User
from tests.factories.accounts import make_administrator
from tests.races import ROW_LOCKS, at_once

pytestmark = ROW_LOCKS


def switch_off(person: User) -> None:
    form = PersonEditForm(
        {"email": person.email, "display_name": "Admin", "language": "fr", "is_active": ""}, instance=person
    )
    assert form.is_valid(), form.errors
    form.save()


def close(person: User) -> None:
    close_account(person, timezone.now())


def revoke(person: User) -> None:
    revoke_role(person.role_grants.get(), by=None, at=timezone.now())


@pytest.mark.parametrize(
    "ways",
    [(switch_off, switch_off), (close, close), (revoke, revoke), (switch_off, revoke), (close, switch_off)],
)
def test_one_administrator_stays(ways: tuple[Callable[[User], None], ...]) -> None:
    administrators = [make_administrator(), make_administrator()]

    def take_away(number: int) -> str:
        try:
            ways[number](administrators[number])
        except LastAdministratorError:
            return "refused"
        return "gone"

    assert sorted(at_once(take_away, times=2)) == ["gone", "refused"]
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1

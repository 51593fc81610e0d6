"""Roles, and the rights in the admin that follow from them."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from wagtail.models import GroupPagePermission, ModelLogEntry

from courses.accounts.domain.roles import (
    LastAdministratorError,
    ensure_trainers_group,
    grant_role,
    revoke_role,
)
from courses.accounts.enums import Role
from courses.accounts.models import RoleGrant, User
from tests.factories.accounts import RegionTree, UserFactory, make_administrator

pytestmark = pytest.mark.django_db
AT = datetime(2026, 2, 12, 10, tzinfo=UTC)


def rights(user: User) -> tuple[bool, bool, list[str]]:
    fresh = User.objects.get(pk=user.pk)
    return fresh.is_staff, fresh.is_superuser, list(fresh.groups.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.TRAINER, (True, False, ["Trainers"])),
        (Role.COORDINATOR, (False, False, [])),
        (Role.ADMINISTRATOR, (True, True, [])),
    ],
)
def test_rights_come_and_go_with_the_role(
    regions: RegionTree, role: Role, expected: tuple[bool, bool, list[str]]
) -> None:
    admin, user = make_administrator(), UserFactory()

    grant = grant_role(user, role, region=regions.kasserine, by=admin, at=AT)
    held = rights(user)
    revoke_role(grant, by=admin, at=AT)
    revoke_role(grant, by=admin, at=AT)

    assert held == expected
    assert rights(user) == (False, False, [])
    actions = list(ModelLogEntry.objects.order_by("pk").values_list("action", "user_id", "object_id"))
    assert actions == [
        ("accounts.role.grant", admin.pk, str(user.pk)),
        ("accounts.role.revoke", admin.pk, str(user.pk)),
    ]


def test_a_trainer_enters_the_admin(regions: RegionTree) -> None:
    user = UserFactory()

    grant_role(user, Role.TRAINER, by=None, at=AT)

    assert User.objects.get(pk=user.pk).has_perm("wagtailadmin.access_admin")


def test_granting_twice_is_one_grant_with_the_last_word_on_exports(regions: RegionTree) -> None:
    user = UserFactory()
    grant_role(user, Role.COORDINATOR, region=regions.kasserine, by=None, at=AT)

    grant_role(user, Role.COORDINATOR, region=regions.kasserine, may_export_names=True, by=None, at=AT)

    assert RoleGrant.objects.get().may_export_names is True


def test_what_another_role_gives_stays(regions: RegionTree) -> None:
    make_administrator()
    user = UserFactory()
    grant_role(user, Role.TRAINER, by=None, at=AT)
    administrator = grant_role(user, Role.ADMINISTRATOR, by=None, at=AT)

    revoke_role(administrator, by=None, at=AT)

    assert rights(user) == (True, False, ["Trainers"])


def test_a_coordinator_needs_a_region() -> None:
    with pytest.raises(ValueError, match="region"):
        grant_role(UserFactory(), Role.COORDINATOR, by=None, at=AT)


@pytest.mark.parametrize("fields", [{"is_active": False}, {"erased_at": AT}])
def test_closed_accounts_get_no_role(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="closed"):
        grant_role(UserFactory(**fields), Role.TRAINER, by=None, at=AT)


def test_the_last_administrator_stays() -> None:
    admin = make_administrator()

    with pytest.raises(LastAdministratorError):
        revoke_role(admin.role_grants.get(), by=admin, at=AT)

    assert rights(admin) == (True, True, [])


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_superuser": False}])
def test_only_an_active_administrator_can_take_the_place(fields: dict[str, object]) -> None:
    admin, other = make_administrator(), make_administrator()
    User.objects.filter(pk=other.pk).update(**fields)

    with pytest.raises(LastAdministratorError):
        revoke_role(admin.role_grants.get(), by=admin, at=AT)


def test_one_of_two_grants_of_the_last_administrator_can_go(regions: RegionTree) -> None:
    admin = make_administrator()
    second = grant_role(admin, Role.ADMINISTRATOR, region=regions.country, by=None, at=AT)

    revoke_role(second, by=None, at=AT)

    assert rights(admin) == (True, True, [])
    assert RoleGrant.objects.count() == 1


def test_trainers_write_below_the_catalogues_and_dont_publish(site: SimpleNamespace) -> None:
    pages = [site.catalogue["fr"], site.catalogue["ar"]]

    group = ensure_trainers_group(pages)
    ensure_trainers_group(pages)

    held = GroupPagePermission.objects.filter(group=group).order_by("page_id", "permission__codename")
    assert sorted(held.values_list("page_id", "permission__codename")) == sorted(
        (page.pk, codename) for page in pages for codename in ("add_page", "change_page")
    )

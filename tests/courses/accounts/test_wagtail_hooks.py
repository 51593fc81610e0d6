"""People, territory and roles in the Wagtail admin."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils.translation import gettext

from courses.accounts.domain.queries import unconfirmed_address
from courses.accounts.domain.roles import ensure_trainers_group
from courses.accounts.enums import Role
from courses.accounts.models import Association, PersonSession, Region, RoleGrant, User
from tests.factories.accounts import (
    PASSWORD,
    AssociationFactory,
    MembershipFactory,
    RegionTree,
    UserFactory,
    make_administrator,
    make_coordinator,
    make_trainer,
)

pytestmark = pytest.mark.django_db
SNIPPETS = "/admin/snippets/courses_accounts"


@pytest.fixture
def admin(client: Client) -> User:
    user = make_administrator(email="admin@example.org")
    client.force_login(user)
    return user


def answers(**changes: Any) -> dict[str, Any]:
    return {
        "email": "New@Example.org",
        "member_code": "",
        "display_name": "Nouvelle",
        "certificate_name_latin": "Salma Ben Ali",
        "certificate_name_arabic": "سلمى بن علي",
        "language": "ar",
        "region": "",
        "password1": "une longue phrase",
        "password2": "une longue phrase",
        **changes,
    }


def test_the_form_keeps_our_fields(client: Client, admin: User, regions: RegionTree) -> None:
    page = client.get("/admin/users/new/")
    response = client.post("/admin/users/new/", answers(region=regions.kasserine.pk))

    assert page.status_code == 200
    assert response.status_code == 302
    user = User.objects.get(email="new@example.org")
    assert (user.display_name, user.certificate_name_arabic, user.language, user.region) == (
        "Nouvelle",
        "سلمى بن علي",
        "ar",
        regions.kasserine,
    )
    assert user.check_password("une longue phrase")
    assert (user.is_superuser, user.is_staff) == (False, False)


def test_a_person_with_a_code_and_no_address(client: Client, admin: User) -> None:
    client.post("/admin/users/new/", answers(email="", member_code="tn4k72"))

    user = User.objects.get(member_code="TN4K72")
    assert user.email is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "", "member_code": ""}, "email"),
        ({"email": "ADMIN@example.org"}, "email"),
        ({"email": "Second@Example.org"}, "email"),
        ({"email": "WAITING@example.org"}, "email"),
        ({"member_code": "taken"}, "member_code"),
        ({"certificate_name_latin": "سلمى"}, "certificate_name_latin"),
        ({"language": "de"}, "language"),
        ({"display_name": ""}, "display_name"),
        ({"password2": "another"}, "password2"),
    ],
)
def test_bad_people(client: Client, admin: User, changes: dict[str, str], field: str) -> None:
    other = UserFactory(member_code="TAKEN")
    EmailAddress.objects.create(user=other, email="second@example.org", verified=True)
    EmailAddress.objects.create(user=other, email="Waiting@example.org", verified=False)

    response = client.post("/admin/users/new/", answers(**changes))

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert User.objects.count() == 2


def test_editing(client: Client, admin: User) -> None:
    user = UserFactory()
    url = f"/admin/users/edit/{user.pk}/"

    page = client.get(url)
    response = client.post(url, answers(password1="", password2="", is_active="on", is_superuser="on"))

    assert (page.status_code, response.status_code) == (200, 302)
    user.refresh_from_db()
    assert (user.display_name, user.email, user.is_active, user.is_superuser) == (
        "Nouvelle",
        "new@example.org",
        True,
        False,
    )
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize(("name", "stays"), [("Salma Ben Ali", True), ("Salma Ben Aly", False)])
def test_a_name_that_somebody_else_changes_waits_for_its_holder(
    client: Client, admin: User, name: str, stays: bool
) -> None:
    user = UserFactory(certificate_name_latin="Salma Ben Ali")
    form = answers(certificate_name_latin=name, password1="", password2="", is_active="on")

    client.post(f"/admin/users/edit/{user.pk}/", form)

    user.refresh_from_db()
    assert user.certificate_name_latin == name
    assert (user.certificate_name_confirmed_at is not None) is stays


def test_another_address_takes_the_place_of_the_former(client: Client, admin: User) -> None:
    user = UserFactory(email="old@example.org")
    EmailAddress.objects.create(user=user, email="second@example.org", verified=True)
    Client().force_login(user)

    client.post(
        f"/admin/users/edit/{user.pk}/",
        answers(email="new@example.org", password1="", password2="", is_active="on"),
    )

    user.refresh_from_db()
    addresses = EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary")
    assert list(addresses) == [("new@example.org", False, True)]
    assert unconfirmed_address(user) == "new@example.org"
    assert set(PersonSession.objects.values_list("person_id", flat=True)) == {admin.pk}
    assert not Client().login(email="old@example.org", password=PASSWORD)


def test_ones_own_second_address_can_become_the_first(client: Client, admin: User) -> None:
    user = UserFactory(email="old@example.org")
    EmailAddress.objects.create(user=user, email="second@example.org", verified=True)

    response = client.post(
        f"/admin/users/edit/{user.pk}/",
        answers(email="Second@example.org", password1="", password2="", is_active="on"),
    )

    assert response.status_code == 302
    assert EmailAddress.objects.get(user=user).email == "second@example.org"


@pytest.mark.parametrize("email", ["Old@Example.org", "old@example.org"])
def test_the_same_address_stays_confirmed(client: Client, admin: User, email: str) -> None:
    user = UserFactory(email="old@example.org")
    Client().force_login(user)

    client.post(
        f"/admin/users/edit/{user.pk}/", answers(email=email, password1="", password2="", is_active="on")
    )

    assert EmailAddress.objects.get(user=user).verified
    assert PersonSession.objects.filter(person_id=user.pk).count() == 1


def test_changing_ones_own_address_keeps_this_session(client: Client, admin: User) -> None:
    Client().force_login(admin)

    response = client.post(
        f"/admin/users/edit/{admin.pk}/", answers(email="boss@example.org", password1="", password2="")
    )

    assert response.status_code == 302
    assert PersonSession.objects.get().session_key == client.session.session_key


def test_the_erased_have_no_page(client: Client, admin: User) -> None:
    user = UserFactory(erased_at="2026-01-01T00:00Z")

    url = f"/admin/users/edit/{user.pk}/"

    assert client.get(url, follow=True).status_code == 404
    assert client.post(url, answers(), follow=True).status_code == 404
    user.refresh_from_db()
    assert user.display_name != "Nouvelle"


def test_people_are_found_by_name_and_the_erased_arent_listed(client: Client, admin: User) -> None:
    UserFactory(display_name="Yosra")
    UserFactory(display_name="Yosra Erased", erased_at="2026-01-01T00:00Z")

    response = client.get("/admin/users/", {"q": "yosra"})

    assert [user.display_name for user in response.context["users"]] == ["Yosra"]
    assert client.get("/admin/users/").status_code == 200


def test_deleting_a_person_closes_the_account(client: Client, admin: User, regions: RegionTree) -> None:
    user = MembershipFactory(association=AssociationFactory(region=regions.kasserine)).user
    url = f"/admin/users/delete/{user.pk}/"

    page = client.get(url)
    response = client.post(url)

    assert (page.status_code, response.status_code) == (200, 302)
    user.refresh_from_db()
    assert user.erased_at is not None
    assert user.email is None


@pytest.mark.parametrize("action", ["delete", "set_active_state"])
def test_people_are_neither_deleted_nor_switched_in_bulk(client: Client, admin: User, action: str) -> None:
    """Both would pass by the rules: the last administrator, the records, accounts closed for good."""
    user = UserFactory()

    response = client.post(
        f"/admin/bulk/courses_accounts/user/{action}/?id={user.pk}", {"mark_as_active": "False"}
    )

    assert response.status_code == 302
    user.refresh_from_db()
    assert (user.erased_at, user.is_active) == (None, True)


def test_roles_arent_taken_back_in_bulk(client: Client, admin: User) -> None:
    """The rights that follow from the role would stay."""
    grant = make_administrator().role_grants.get()

    response = client.post(f"/admin/bulk/courses_accounts/rolegrant/delete/?id={grant.pk}")

    assert response.status_code == 302
    assert RoleGrant.objects.filter(pk=grant.pk).exists()


@pytest.fixture
def assistant(client: Client, admin: User) -> User:
    """Somebody in the admin who may change people and administers nothing."""
    user = make_trainer()
    user.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "access_admin"]))
    client.force_login(user)
    return user


def test_the_last_administrator_isnt_switched_off(client: Client, admin: User, assistant: User) -> None:
    make_administrator(is_active=False)

    response = client.post(
        f"/admin/users/edit/{admin.pk}/", answers(email=admin.email, password1="", password2="")
    )

    assert response.status_code == 200
    assert response.context["form"].errors["is_active"] == [
        gettext("This is the last active administrator. Give the role to somebody else first.")
    ]
    admin.refresh_from_db()
    assert (admin.is_active, admin.display_name == "Nouvelle") == (True, False)


def test_one_administrator_of_two_is_switched_off(client: Client, admin: User, assistant: User) -> None:
    make_administrator()

    response = client.post(
        f"/admin/users/edit/{admin.pk}/", answers(email=admin.email, password1="", password2="")
    )

    assert response.status_code == 302
    admin.refresh_from_db()
    assert not admin.is_active


def test_ones_own_page_in_the_admin_can_be_saved(client: Client, admin: User) -> None:
    page = client.get("/admin/account/")
    names = {
        name for panel in page.context["panels_by_tab"].values() for item in panel for name in [item.name]
    }
    assert "name_email" in names

    response = client.post("/admin/account/", account_page())

    assert response.status_code == 302
    admin.refresh_from_db()
    assert admin.display_name == "Administratrice"


def account_page(**changes: Any) -> dict[str, Any]:
    return {
        "name_email-display_name": "Administratrice",
        "locale-preferred_language": "fr",
        "locale-current_time_zone": "Africa/Tunis",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
        "theme-keyboard_shortcuts": "on",
        **changes,
    }


def test_a_new_password_is_written_alone(
    client: Client, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading and writing, somebody takes the rights back and gives the person another name."""
    check = User.check_password

    def meanwhile(self: User, raw: str) -> bool:
        User.objects.filter(pk=admin.pk).update(is_superuser=False, certificate_name_latin="Another Name")
        return check(self, raw)

    monkeypatch.setattr(User, "check_password", meanwhile)

    response = client.post(
        "/admin/account/",
        account_page(
            **{
                "password-old_password": PASSWORD,
                "password-new_password1": "une autre longue phrase",
                "password-new_password2": "une autre longue phrase",
            }
        ),
    )

    assert response.status_code == 302
    row = User.objects.get(pk=admin.pk)
    assert check(row, "une autre longue phrase")
    assert (row.is_superuser, row.certificate_name_latin) == (False, "Another Name")
    assert client.session["_auth_user_id"] == str(admin.pk)


def test_a_password_isnt_changed_without_the_former(client: Client, admin: User) -> None:
    response = client.post(
        "/admin/account/",
        account_page(
            **{
                "password-old_password": "wrong one",
                "password-new_password1": "une autre longue phrase",
                "password-new_password2": "une autre longue phrase",
            }
        ),
    )

    assert response.status_code == 200
    assert User.objects.get(pk=admin.pk).check_password(PASSWORD)


@pytest.mark.parametrize(
    "path", ["association/", "region/", "rolegrant/", "association/add/", "rolegrant/add/"]
)
def test_lists_and_forms_open(client: Client, admin: User, regions: RegionTree, path: str) -> None:
    AssociationFactory(region=regions.kasserine)

    assert client.get(f"{SNIPPETS}/{path}").status_code == 200


@pytest.mark.parametrize("path", ["association/", "region/", "rolegrant/", "rolegrant/add/"])
def test_trainers_dont_manage_people(client: Client, regions: RegionTree, path: str) -> None:
    trainer = make_trainer()
    trainer.groups.add(ensure_trainers_group())
    client.force_login(trainer)

    assert client.get(f"{SNIPPETS}/{path}").status_code == 302


def test_roles_are_granted_by_address(client: Client, admin: User, regions: RegionTree) -> None:
    user = UserFactory(email="salma@example.org")

    response = client.post(
        f"{SNIPPETS}/rolegrant/add/",
        {"person": "Salma@example.org", "role": "coordinator", "region": regions.centre_ouest.pk},
    )

    assert response.status_code == 302
    grant = RoleGrant.objects.get(user=user)
    assert (grant.role, grant.region, grant.granted_by) == (Role.COORDINATOR, regions.centre_ouest, admin)


def test_a_trainer_made_here_enters_the_admin(client: Client, admin: User) -> None:
    user = UserFactory(email=None, member_code="TN4K72")

    client.post(f"{SNIPPETS}/rolegrant/add/", {"person": "tn4k72", "role": "trainer"})

    assert User.objects.get(pk=user.pk).is_staff


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"person": "nobody@example.org", "role": "trainer"}, "person"),
        ({"person": "admin@example.org", "role": "coordinator"}, "region"),
        ({"person": "admin@example.org", "role": "king"}, "role"),
        ({"person": "admin@example.org", "role": "trainer", "region": "x"}, "region"),
    ],
)
def test_bad_grants(client: Client, admin: User, data: dict[str, str], field: str) -> None:
    response = client.post(f"{SNIPPETS}/rolegrant/add/", data)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert RoleGrant.objects.count() == 1


def test_roles_are_taken_back_and_never_edited(client: Client, admin: User, regions: RegionTree) -> None:
    grant = make_coordinator(regions.kasserine).role_grants.get()

    edit = client.get(f"{SNIPPETS}/rolegrant/edit/{grant.pk}/")
    client.post(f"{SNIPPETS}/rolegrant/delete/{grant.pk}/")

    assert edit.status_code == 302
    assert not RoleGrant.objects.filter(pk=grant.pk).exists()


def test_the_last_administrators_role_stays(client: Client, admin: User) -> None:
    client.post(f"{SNIPPETS}/rolegrant/delete/{admin.role_grants.get().pk}/")

    assert RoleGrant.objects.count() == 1


def test_regions_are_renamed_but_not_added(client: Client, admin: User, regions: RegionTree) -> None:
    assert client.get(f"{SNIPPETS}/region/add/").status_code == 302
    response = client.post(
        f"{SNIPPETS}/region/edit/{regions.kasserine.pk}/",
        {"name_fr": "Kassérine", "name_ar": "القصرين", "name_en": "Kasserine"},
    )

    assert response.status_code == 302
    region = Region.objects.get(code="TN-42")
    assert (region.name_fr, region.path) == ("Kassérine", regions.kasserine.path)


def test_what_people_hang_on_cant_be_deleted(client: Client, admin: User, regions: RegionTree) -> None:
    association = AssociationFactory(region=regions.kasserine)
    MembershipFactory(association=association)

    client.post(f"{SNIPPETS}/association/delete/{association.pk}/")
    client.post(f"{SNIPPETS}/region/delete/{regions.centre_ouest.pk}/")
    client.post(f"/admin/bulk/courses_accounts/region/delete/?id={regions.kasserine.pk}")

    assert Association.objects.filter(pk=association.pk).exists()
    assert Region.objects.count() == 7


def test_an_empty_association_and_region_can(client: Client, admin: User, regions: RegionTree) -> None:
    association = AssociationFactory(region=regions.kasserine)

    client.post(f"{SNIPPETS}/association/delete/{association.pk}/")
    client.post(f"{SNIPPETS}/region/delete/{regions.medenine.pk}/")

    assert not Association.objects.exists()
    assert not Region.objects.filter(code="TN-82").exists()
    assert Region.find_problems() == ([], [], [], [], [])

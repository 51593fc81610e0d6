"""Closing an account takes everything personal and keeps the records."""

from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from courses.accounts.domain.closing import close_account
from courses.accounts.domain.consents import give_consent
from courses.accounts.domain.personal_data import PersonalDataSource, personal_data_sources
from courses.accounts.domain.queries import members_in
from courses.accounts.domain.roles import LastAdministratorError
from courses.accounts.enums import ConsentKind
from courses.accounts.models import Association, ConsentRecord, Membership, PersonSession, Region, User
from tests.factories.accounts import (
    AssociationFactory,
    MembershipFactory,
    RegionTree,
    RoleGrantFactory,
    UserFactory,
    make_administrator,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 2, 12, 10, tzinfo=UTC)


@pytest.fixture
def person(regions: RegionTree) -> User:
    user = UserFactory(
        email="salma@example.org",
        member_code="TN4K72",
        display_name="Salma",
        region=regions.kasserine,
        time_zone="Africa/Casablanca",
        language="ar",
    )
    association = AssociationFactory(region=regions.kasserine, proposed_by=user)
    MembershipFactory(user=user, association=association)
    RoleGrantFactory(user=user, region=regions.kasserine)
    give_consent(user, ConsentKind.NEWS, language="ar", at=AT)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    UserProfile.get_for_user(user)
    Client().force_login(user)
    Client().force_login(user)
    log(user, "wagtail.edit")
    return user


def test_nothing_personal_stays(person: User) -> None:
    before = person.uuid

    close_account(person, AT)

    row = User.objects.get(pk=person.pk)
    kept = {
        field.name: getattr(row, field.attname)
        for field in User._meta.concrete_fields
        if field.name not in ("id", "uuid", "password", "date_joined")
    }
    assert kept == {
        "last_login": None,
        "is_superuser": False,
        "email": None,
        "member_code": None,
        "display_name": "",
        "certificate_name_latin": "",
        "certificate_name_arabic": "",
        "certificate_name_confirmed_at": None,
        "language": "fr",
        "time_zone": "Africa/Tunis",
        "region": None,
        "association_answer": "",
        "adult_declared_at": None,
        "is_active": False,
        "is_staff": False,
        "erased_at": AT,
    }
    assert row.uuid != before
    assert not row.has_usable_password()
    for model in (EmailAddress, Authenticator, UserProfile, Membership):
        assert model.objects.filter(user=row).count() == 0
    assert row.role_grants.count() == 0
    assert PersonSession.objects.count() == 0
    assert Association.objects.get().proposed_by is None
    assert ConsentRecord.objects.get().withdrawn_at == AT
    assert members_in(Region.objects.all()).count() == 0
    labels = set(ModelLogEntry.objects.filter(object_id=str(row.pk)).values_list("label", flat=True))
    assert "Salma" not in " ".join(labels)


def test_the_log_of_memberships_says_neither_who_nor_where(person: User) -> None:
    membership = Membership.objects.get()
    log(membership, "accounts.membership.confirm")
    other = MembershipFactory(association=membership.association)
    log(other, "accounts.membership.confirm")
    labels = ModelLogEntry.objects.filter(action="accounts.membership.confirm").order_by("pk")
    ModelLogEntry.objects.filter(object_id=str(membership.pk)).update(label=f"{person.pk} @ 5")

    close_account(person, AT)

    assert list(labels.values_list("label", flat=True)) == ["", str(other)]
    assert str(other).split()[-1] == str(other.pk)


def test_open_sessions_end_on_every_device(person: User) -> None:
    client = Client()
    client.force_login(person)

    close_account(person, AT)

    response = client.get("/fr/account/profile/")
    assert (response.status_code, response.url) == (302, "/fr/accounts/login/?next=/fr/account/profile/")


def test_sessions_of_others_stay(person: User) -> None:
    Client().force_login(UserFactory())

    close_account(person, AT)

    assert PersonSession.objects.count() == 1


def test_every_source_erases_its_part_in_the_same_transaction(person: User) -> None:
    calls: list[tuple[int, datetime]] = []

    def fail(user: User, at: datetime) -> None:
        calls.append((user.pk, at))
        raise RuntimeError("the second source is broken")

    personal_data_sources.register(
        PersonalDataSource("test-broken", "Broken", lambda user: {}, fail), origin="tests"
    )
    try:
        with pytest.raises(RuntimeError):
            close_account(person, AT)
    finally:
        personal_data_sources.unregister("test-broken")

    assert calls == [(person.pk, AT)]
    assert User.objects.get(pk=person.pk).email == "salma@example.org"
    assert Membership.objects.count() == 1


def test_closing_twice_is_closing_once(person: User) -> None:
    close_account(person, AT)
    close_account(person, datetime(2026, 5, 1, tzinfo=UTC))

    assert User.objects.get(pk=person.pk).erased_at == AT
    assert ModelLogEntry.objects.filter(action="accounts.account.close").count() == 1


def test_the_address_is_free_again(person: User) -> None:
    close_account(person, AT)

    assert UserFactory(email="salma@example.org").pk != person.pk


def test_the_last_administrator_cant_be_closed() -> None:
    admin = make_administrator()

    with pytest.raises(LastAdministratorError):
        close_account(admin, AT)

    assert User.objects.get().erased_at is None


def test_who_asked_is_in_the_log(person: User) -> None:
    admin = make_administrator()

    close_account(person, AT, by=admin)

    assert ModelLogEntry.objects.get(action="accounts.account.close").user_id == admin.pk

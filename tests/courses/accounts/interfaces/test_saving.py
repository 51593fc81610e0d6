"""What was closed or taken away while somebody filled in a form stays so."""

from collections.abc import Callable
from typing import Any

import pytest
from django.forms import ModelForm
from django.http import Http404
from django.utils import timezone

from courses.accounts.adapter import AccountAdapter
from courses.accounts.domain.closing import close_account
from courses.accounts.domain.joining import register_details
from courses.accounts.interfaces.admin_account import DisplayNameForm
from courses.accounts.interfaces.forms import ProfileForm
from courses.accounts.interfaces.users_admin import PersonEditForm
from courses.accounts.models import User
from tests.factories.accounts import RegionTree, UserFactory, make_administrator

pytestmark = pytest.mark.django_db
FORMS = [DisplayNameForm, ProfileForm, PersonEditForm]


@pytest.fixture
def stale(regions: RegionTree) -> User:
    """A person as a request read it: with every right, beside another administrator."""
    make_administrator()
    return UserFactory(email="salma@example.org", region=regions.gabes, is_staff=True, is_superuser=True)


def filled(form: type[ModelForm], person: User) -> ModelForm:
    data: dict[str, Any] = {
        "email": "salma@example.org",
        "display_name": "Salma",
        "language": "fr",
        "region": person.region_id,
        "is_active": "on",
    }
    bound = form(data, instance=person)
    assert bound.is_valid(), bound.errors
    return bound


@pytest.mark.parametrize("form", FORMS)
def test_a_closed_account_stays_closed(stale: User, form: type[ModelForm]) -> None:
    close_account(stale, timezone.now())

    with pytest.raises(Http404):
        filled(form, stale).save()

    row = User.objects.get(pk=stale.pk)
    assert (row.display_name, row.email, row.is_active, row.erased_at is None) == ("", None, False, False)


@pytest.mark.parametrize("form", FORMS)
def test_rights_taken_back_stay_taken(stale: User, form: type[ModelForm]) -> None:
    User.objects.filter(pk=stale.pk).update(is_staff=False, is_superuser=False)

    filled(form, stale).save()

    row = User.objects.get(pk=stale.pk)
    assert (row.display_name, row.is_staff, row.is_superuser) == ("Salma", False, False)


def register(person: User) -> None:
    assert person.region is not None
    register_details(person, display_name="Salma", region=person.region, language="ar", at=timezone.now())


def new_password(person: User) -> None:
    AccountAdapter().set_password(person, "une longue phrase")


@pytest.mark.parametrize(("write", "error"), [(register, ValueError), (new_password, Http404)])
def test_the_same_holds_without_a_form(
    stale: User, write: Callable[[User], None], error: type[Exception]
) -> None:
    User.objects.filter(pk=stale.pk).update(is_superuser=False)

    write(stale)

    assert not User.objects.get(pk=stale.pk).is_superuser
    close_account(stale, timezone.now())
    with pytest.raises(error):
        write(stale)
    row = User.objects.get(pk=stale.pk)
    assert (row.display_name, row.is_active, row.has_usable_password()) == ("", False, False)

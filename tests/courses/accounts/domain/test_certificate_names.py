"""The name on certificates, confirmed by the person."""

from datetime import UTC, datetime, timedelta

import pytest

from courses.accounts.domain.certificate_names import confirm_certificate_name
from courses.accounts.domain.joining import AccountClosedError
from courses.accounts.models import User
from courses.accounts.signals import certificate_name_confirmed
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 2, 12, 9, 30, tzinfo=UTC)
LATER = AT + timedelta(days=40)


@pytest.fixture
def said():
    """What the signal said."""
    found = []

    def hear(sender, user_id, at, **kwargs):
        found.append((user_id, at))

    certificate_name_confirmed.connect(hear)
    yield found
    certificate_name_confirmed.disconnect(hear)


def stored(user: User) -> tuple[str, str, datetime | None]:
    row = User.objects.get(pk=user.pk)
    return row.certificate_name_latin, row.certificate_name_arabic, row.certificate_name_confirmed_at


def test_it_is_kept_with_its_time_and_told_after_commit(said, django_capture_on_commit_callbacks):
    user = UserFactory(certificate_name_confirmed_at=None)

    with django_capture_on_commit_callbacks(execute=True):
        confirm_certificate_name(user, latin="Salma Ben Ali", arabic="", at=AT)
        assert said == []

    assert stored(user) == ("Salma Ben Ali", "", AT)
    assert said == [(user.pk, AT)]


def test_the_same_name_again_keeps_its_time_and_another_one_stays_confirmed():
    user = UserFactory(certificate_name_confirmed_at=None)
    confirm_certificate_name(user, latin="Salma", arabic="سلمى", at=AT)

    confirm_certificate_name(user, latin="Salma", arabic="سلمى", at=LATER)
    assert stored(user) == ("Salma", "سلمى", AT)
    confirm_certificate_name(user, latin="Salma Ben Ali", arabic="سلمى", at=LATER)
    assert stored(user) == ("Salma Ben Ali", "سلمى", LATER)


def test_nothing_else_of_the_person_is_written():
    user = UserFactory()
    stale = User.objects.get(pk=user.pk)
    User.objects.filter(pk=user.pk).update(display_name="Changed meanwhile")

    confirm_certificate_name(stale, latin="Salma", arabic="", at=AT)

    assert User.objects.get(pk=user.pk).display_name == "Changed meanwhile"


def test_a_closed_account_confirms_nothing(said, django_capture_on_commit_callbacks):
    user = UserFactory(certificate_name_latin="", certificate_name_arabic="", erased_at=AT)

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(AccountClosedError):
        confirm_certificate_name(user, latin="Salma", arabic="", at=LATER)

    assert stored(user)[:2] == ("", "")
    assert said == []


def test_no_name_at_all_is_no_confirmation():
    user = UserFactory(certificate_name_confirmed_at=None)

    with pytest.raises(ValueError, match="needs a name"):
        confirm_certificate_name(user, latin="", arabic="", at=AT)

    assert stored(user)[2] is None

"""A consent is recorded as it was given, and withdrawn, never deleted."""

from datetime import UTC, datetime

import pytest

from courses.accounts.domain.consents import give_consent, has_consent, withdraw_consent
from courses.accounts.enums import ConsentKind
from courses.accounts.models import ConsentRecord
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 2, 12, 10, tzinfo=UTC)
LATER = datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_giving_twice_keeps_the_first() -> None:
    user = UserFactory()

    first = give_consent(user, ConsentKind.NEWS, language="en", at=AT)
    second = give_consent(user, ConsentKind.NEWS, language="ar", at=LATER)

    assert (second.pk, second.language, second.given_at) == (first.pk, "en", AT)


def test_withdrawing_keeps_the_record_and_is_idempotent() -> None:
    user = UserFactory()
    give_consent(user, ConsentKind.NEWS, language="en", at=AT)

    assert withdraw_consent(user, ConsentKind.NEWS, at=LATER) is True
    assert withdraw_consent(user, ConsentKind.NEWS, at=LATER) is False

    record = ConsentRecord.objects.get()
    assert (record.given_at, record.withdrawn_at) == (AT, LATER)
    assert not has_consent(user, ConsentKind.NEWS)


def test_giving_again_is_a_new_record() -> None:
    user = UserFactory()
    give_consent(user, ConsentKind.NEWS, language="en", at=AT)
    withdraw_consent(user, ConsentKind.NEWS, at=LATER)

    give_consent(user, ConsentKind.NEWS, language="fr", at=LATER)

    assert ConsentRecord.objects.count() == 2
    assert has_consent(user, ConsentKind.NEWS)
    assert not has_consent(user, ConsentKind.REMINDERS)

"""What waits for long is found; rows and files: `management/test_check_certificates`."""

from datetime import timedelta

import pytest

from courses.certificates.domain.audit import LONG, Fault, Finding, findings
from courses.certificates.enums import CertificateState
from courses.certificates.models import Certificate
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_pending

pytestmark = pytest.mark.django_db
MOMENT = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("changed", "after", "found"),
    [
        ({"failure": "StorageError"}, LONG + MOMENT, True),
        ({"failure": "StorageError"}, LONG, False),
        # Nobody tried yet: an issue in bulk has its own time.
        ({}, LONG + MOMENT, False),
        ({"failure": "ValueError", "state": CertificateState.FAILED}, LONG + MOMENT, False),
    ],
)
def test_what_could_not_be_made_for_a_day_is_found(course, changed, after, found):
    certificate = make_pending(UserFactory(), course)
    Certificate.objects.filter(pk=certificate.pk).update(**changed)

    delays = [one for one in findings(certificate.requested_at + after) if one.fault == Fault.LONG_DELAYED]

    expected = Finding(Fault.LONG_DELAYED, f"{certificate.serial} {changed.get('failure')}")
    assert delays == ([expected] if found else [])

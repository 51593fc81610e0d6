"""What administrators read of the end of the key that seals certificates, and where."""

import html
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from courses.certificates.domain import keys
from courses.certificates.enums import KeyPurpose
from courses.certificates.interfaces.key_notice import key_notice
from courses.lib.dates import format_date
from tests.factories.accounts import make_administrator
from tests.factories.keys import DAY, as_pem, certificate_of, p256_key

pytestmark = pytest.mark.django_db
SCREENS = ["certificate_register:index", "certificate_issuing:index", "certificate_issuing:start"]


def key_that_ends_in(left: timedelta):
    end, private = timezone.now() + left, p256_key()
    certificate = certificate_of(private, begins=end - 400 * DAY, ends=end)
    keys.import_key(KeyPurpose.PDF, as_pem(private, certificate), "", end - DAY)
    return end


@pytest.fixture
def admin(client):
    client.force_login(make_administrator())
    return client


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize(
    ("left", "status"), [(timedelta(days=40), "warning"), (timedelta(days=-1), "critical")]
)
def test_the_screens_of_certificates_say_when_the_key_ends(admin, site, screen, left, status):
    end = key_that_ends_in(left)

    page = html.unescape(admin.get(reverse(screen)).content.decode())

    assert f"help-{status}" in page
    assert format_date(timezone.localtime(end).date(), "fr") in page
    assert "manage.py certificate_key" in page


@pytest.mark.parametrize("screen", SCREENS)
def test_they_say_nothing_of_a_key_that_has_long_to_go(admin, site, screen):
    key_that_ends_in(timedelta(days=61))

    assert "manage.py certificate_key" not in admin.get(reverse(screen)).content.decode()


def test_without_a_key_there_is_no_end(db):
    assert key_notice(timezone.now()) is None


def test_the_day_is_that_of_the_place_where_the_site_is():
    private = p256_key()
    end = (timezone.now() + timedelta(days=30)).replace(hour=23, minute=30, second=0, microsecond=0)
    certificate = certificate_of(private, begins=end - 400 * DAY, ends=end)
    keys.import_key(KeyPurpose.PDF, as_pem(private, certificate), "", end - DAY)

    with translation.override("en"):
        notice = key_notice(timezone.now())

    # Half past eleven in the evening UTC is the next day in Tunis.
    assert format_date((end + DAY).date(), "en") in notice.text

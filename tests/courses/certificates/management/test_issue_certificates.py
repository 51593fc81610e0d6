from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from courses.certificates.domain.changing import correct
from courses.certificates.enums import CertificateState
from courses.certificates.models import Certificate
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_pending, make_ready, rename
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("issue_certificates", *arguments, stdout=out)
    return out.getvalue()


def test_what_is_earned_and_missing_is_made(course):
    make_enrolment(UserFactory(), course, done=4)
    make_enrolment(UserFactory(), course, done=1)
    make_pending(UserFactory(), course)

    assert run("--course", "JUR") == "2 made, 0 not made.\n"

    assert set(Certificate.objects.values_list("state", flat=True)) == {CertificateState.READY}
    assert run("--course", "JUR") == "0 made, 0 not made.\n"


def test_what_failed_is_made_when_asked_for(course):
    certificate = make_pending(UserFactory(), course)
    Certificate.objects.filter(pk=certificate.pk).update(state=CertificateState.FAILED)

    assert run("--course", "JUR") == "0 made, 0 not made.\n"
    assert run("--course", "JUR", "--retry-failed") == "1 made, 0 not made.\n"


def test_what_cannot_be_made_is_counted(course):
    make_enrolment(UserFactory(certificate_name_latin="🌸"), course, done=4)

    assert run("--course", "JUR") == "0 made, 1 not made.\n"


def test_a_misspelt_code_is_said(course):
    with pytest.raises(CommandError):
        run("--course", "JUX")


def test_a_correction_under_way_is_made_too(course):
    holder = UserFactory()
    ready = make_ready(holder, course)
    rename(holder)
    new = correct(ready.pk, timezone.now(), None)

    assert run("--course", "JUR") == "1 made, 0 not made.\n"

    new.refresh_from_db()
    assert new.is_ready

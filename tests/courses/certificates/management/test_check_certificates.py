"""`check_certificates`: rows and files."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from courses.certificates.domain.audit import delete_orphan
from courses.certificates.domain.erasure import erase
from courses.certificates.domain.issue import issue_now
from courses.certificates.domain.making import make
from courses.certificates.enums import Standing
from courses.certificates.interfaces import files
from courses.certificates.interfaces.pdf.spec import DesignSpec
from courses.certificates.models import Certificate
from tests.factories.accounts import UserFactory, make_administrator
from tests.factories.certificates import certificate_in, make_archive, make_pending, make_ready, next_cycle
from tests.factories.designs import make_design, make_image

pytestmark = pytest.mark.django_db
ORPHAN = "certificates/ff/ffffffffffffffffffffffffffffffff.pdf"


@pytest.fixture(autouse=True)
def _empty_storage(settings, tmp_path):
    stored = {**settings.STORAGES["private"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "private": stored}


def check(*arguments):
    """The lines about single findings, and whether some are left."""
    out, left = StringIO(), False
    try:
        call_command("check_certificates", *arguments, stdout=out)
    except CommandError as error:
        left = error.returncode == 1
    return [line for line in out.getvalue().splitlines() if line.startswith(("found", "repaired"))], left


def test_every_standing_is_in_order(course, django_capture_on_commit_callbacks):
    make_pending(UserFactory(), course)
    with django_capture_on_commit_callbacks(execute=True):
        for standing in Standing:
            certificate_in(standing, UserFactory(), course)

    assert check() == ([], False)


def test_an_empty_storage(db):
    assert check() == ([], False)


def test_a_missing_and_a_changed_file(course):
    missing, changed = make_ready(UserFactory(), course), make_ready(UserFactory(), course)
    files.delete(missing.file_name)
    files.store(changed.file_name, b"%PDF-1.7 forged")

    assert check("--repair") == (
        [f"found: missing-file: {missing.serial}", f"found: other-hash: {changed.serial}"],
        True,
    )


def test_an_orphan_is_deleted_only_when_asked(course):
    certificate = make_ready(UserFactory(), course)
    files.store(ORPHAN, b"x")

    assert check() == ([f"found: orphan: {ORPHAN}"], True)
    assert files.private_storage().exists(ORPHAN)
    assert check("--repair") == ([f"repaired: orphan: {ORPHAN}"], False)
    assert not files.private_storage().exists(ORPHAN)
    assert files.private_storage().exists(certificate.file_name)


def test_what_an_interrupted_making_left_is_no_orphan(course):
    pending = make_pending(UserFactory(), course)
    files.store(pending.file_name, b"half")

    assert check("--repair") == ([], False)
    assert delete_orphan(pending.file_name) is False


def test_a_file_that_outlived_its_erased_holder_is_an_orphan(course):
    user = UserFactory()
    certificate = make_ready(user, course)
    erase(user, timezone.now())
    Certificate.objects.filter(pk=certificate.pk).update(file="")

    assert check() == ([f"found: orphan: {certificate.file_name}"], True)


def test_pictures_of_designs_are_no_orphans_and_are_missed(course):
    make_design(logos=1, signatories=1, is_default=True, background=make_image())
    pending = make_pending(UserFactory(), course)
    logo, *others = [picture.name for picture in DesignSpec.from_dict(pending.design.spec).pictures]
    assert [files.private_storage().exists(name) for name in (logo, *others)] == [True] * 3

    assert check("--repair") == ([], False)
    assert make(pending.pk, timezone.now())

    files.delete(logo)
    assert check("--repair") == ([f"found: missing-picture: {logo}"], True)


def test_archives_are_no_orphans(course, regions):
    make_ready(UserFactory(region=regions.kasserine), course)
    archive = make_archive(make_administrator(), regions.kasserine)

    assert check("--repair") == ([], False)
    assert files.private_storage().exists(archive.file.name)


def test_two_that_count(course):
    first = make_ready(UserFactory(), course)
    at = timezone.now()
    second = issue_now(next_cycle(first.enrolment, at).pk, at)
    assert check() == ([], False)
    Certificate.objects.filter(pk=first.pk).update(superseded_at=None)

    assert check() == ([f"found: two-count: {' '.join(sorted([first.serial, second.serial]))}"], True)

"""Following a course again: the next cycle, and the certificate that takes the place of the earlier one."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from courses.certificates.domain.issue import issue_now
from courses.certificates.domain.renewing import NotRenewable, follow_again, following_cycle
from courses.certificates.domain.standing import standing_of
from courses.certificates.enums import Standing
from courses.lib.clock import add_months
from courses.progress.api import Enrolment, record_completion
from tests.factories.accounts import UserFactory
from tests.factories.certificates import certificate_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder():
    return UserFactory(certificate_name_latin="Zohra Trabelsi")


@pytest.mark.parametrize("standing", [Standing.EXPIRING, Standing.EXPIRED])
def test_the_next_cycle_begins_once_and_the_certificate_stays(holder, course, standing):
    certificate = certificate_in(standing, holder, course)
    at = timezone.now()

    first = follow_again(certificate, locale="ar", at=at)
    second = follow_again(certificate, locale="fr", at=at + timedelta(seconds=1))

    assert first.pk == second.pk
    assert (first.cycle, first.locale, first.enrolled_at) == (2, "ar", at)
    assert (first.progress.completed_at, first.progress.done_count) == (None, 0)
    assert following_cycle(certificate) == first
    assert Enrolment.objects.filter(user=holder).count() == 2
    certificate.refresh_from_db()
    assert standing_of(certificate, at) == standing


@pytest.mark.parametrize(
    "standing", [Standing.VALID, Standing.REVOKED, Standing.SUPERSEDED, Standing.HOLDER_ERASED]
)
def test_only_where_the_end_is_near_or_over(holder, course, standing):
    certificate = certificate_in(standing, holder, course)

    with pytest.raises(NotRenewable):
        follow_again(certificate, locale="fr", at=timezone.now())

    assert following_cycle(certificate) is None


def test_nothing_begins_for_an_erased_person(holder, course):
    certificate = certificate_in(Standing.EXPIRED, holder, course)
    type(holder).objects.filter(pk=holder.pk).update(erased_at=timezone.now())

    with pytest.raises(NotRenewable):
        follow_again(certificate, locale="fr", at=timezone.now())

    assert Enrolment.objects.filter(user=holder).count() == 1


@pytest.mark.parametrize("standing", [Standing.EXPIRING, Standing.EXPIRED])
def test_once_it_is_complete_the_new_certificate_takes_the_place(holder, course, standing):
    certificate = certificate_in(standing, holder, course)
    at = timezone.now()
    again = follow_again(certificate, locale="fr", at=at)

    for lesson in course.lessons["fr"]:
        record_completion(again, lesson.translation_key, kind="lesson", locale="fr", revision_id=None, at=at)
    new = issue_now(again.pk, at)

    certificate.refresh_from_db()
    assert (new.supersedes, new.cycle, new.version) == (certificate, 2, 1)
    assert standing_of(certificate, at) == Standing.SUPERSEDED
    assert standing_of(new, at) == Standing.VALID
    earlier = date.fromisoformat(certificate.snapshot["content"]["valid_until"])
    done_on = date.fromisoformat(new.snapshot["content"]["completed_on"])
    start = earlier if standing == Standing.EXPIRING else done_on
    assert new.snapshot["content"]["valid_until"] == add_months(start, 12).isoformat()

"""How long a certificate is valid: calendar months, to the end of a day where its holder's association is."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from courses.certificates.domain.issue import issue_now
from courses.certificates.domain.standing import EXPIRING, standing_of, with_standing
from courses.certificates.domain.validity import end_of_day, valid_until
from courses.certificates.enums import Standing
from courses.certificates.models import Certificate, CourseRule
from courses.progress.models import CourseProgress
from tests.factories.accounts import AssociationFactory, MembershipFactory, UserFactory, make_region_of
from tests.factories.certificates import certificate_in, next_cycle
from tests.factories.progress import make_enrolment

TUNIS, CASABLANCA = ZoneInfo("Africa/Tunis"), ZoneInfo("Africa/Casablanca")


@pytest.mark.parametrize(
    ("completed_on", "months", "expected"),
    [
        ("2026-02-12", 12, "2027-02-12"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-03-31", 120, "2036-03-31"),
        ("2096-02-29", 48, "2100-02-28"),
    ],
)
def test_leap_days_and_month_ends(completed_on, months, expected):
    assert valid_until(date.fromisoformat(completed_on), months) == date.fromisoformat(expected)


def test_without_months_there_is_no_end():
    assert valid_until(date(2026, 2, 12), None) is None
    assert valid_until(date(2026, 2, 12), None, renewed_from=date(2026, 5, 1)) is None


@pytest.mark.parametrize(
    ("completed_on", "expected"),
    [
        ("2026-12-01", "2028-02-12"),  # before
        ("2027-02-12", "2028-02-12"),  # on the last valid day
        ("2027-02-13", "2028-02-13"),  # the day after
        ("2027-09-30", "2028-09-30"),
    ],
)
def test_a_renewal_prolongs_until_the_last_valid_day(completed_on, expected):
    found = valid_until(date.fromisoformat(completed_on), 12, renewed_from=date(2027, 2, 12))

    assert found == date.fromisoformat(expected)


def test_properties_of_the_calendar():
    """For any day and any number of months: the month is exact, the day the same or the last of a shorter month,
    and who comes later is never valid for shorter."""
    random = Random(20261122)
    for _time in range(3000):
        day = date(2020, 1, 1) + timedelta(days=random.randrange(20_000))
        months = random.randint(1, 120)
        until = valid_until(day, months)
        assert (until.year * 12 + until.month) - (day.year * 12 + day.month) == months
        assert until.day == min(day.day, monthrange(until.year, until.month)[1])
        assert valid_until(day + timedelta(days=1), months) >= until
        earlier = day + timedelta(days=random.randrange(-400, 400))
        renewed = valid_until(day, months, renewed_from=earlier)
        assert renewed == valid_until(max(day, earlier), months)
        assert renewed >= until


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        ("2027-02-12", TUNIS, "2027-02-12T23:00+00:00"),
        ("2027-02-12", ZoneInfo("UTC"), "2027-02-13T00:00+00:00"),
        # Morocco is an hour ahead, and at UTC in the month of fasting.
        ("2026-06-30", CASABLANCA, "2026-06-30T23:00+00:00"),
        ("2026-03-01", CASABLANCA, "2026-03-02T00:00+00:00"),
        # The night in which Cairo puts its clocks forward has no midnight.
        ("2026-04-23", ZoneInfo("Africa/Cairo"), "2026-04-23T22:00+00:00"),
    ],
)
def test_the_end_of_a_day(day, zone, expected):
    found = end_of_day(date.fromisoformat(day), zone)

    assert found == datetime.fromisoformat(expected)
    assert found.tzinfo == UTC
    assert (found - timedelta(microseconds=1)).astimezone(zone).date() == date.fromisoformat(day)
    assert found.astimezone(zone).date() > date.fromisoformat(day)


@pytest.fixture
def yearly(course):
    CourseRule.objects.create(course_key=course.key, validity_months=12)
    return course


def issue_at(completed_at, user, course):
    enrolment = make_enrolment(user, course, done=4)
    CourseProgress.objects.filter(enrolment=enrolment).update(completed_at=completed_at)
    return issue_now(enrolment.pk, completed_at + timedelta(minutes=1))


def printed(certificate):
    content = certificate.snapshot["content"]
    return content["completed_on"], content["valid_until"]


@pytest.mark.django_db
class TestIssued:
    @pytest.mark.parametrize(
        ("local", "day", "until"),
        [
            ("2026-06-30T23:30", "2026-06-30", "2027-06-30"),
            ("2026-07-01T00:30", "2026-07-01", "2027-07-01"),
            ("2028-02-29T23:30", "2028-02-29", "2029-02-28"),
        ],
    )
    def test_completed_around_midnight_in_tunis(self, yearly, local, day, until):
        certificate = issue_at(datetime.fromisoformat(local).replace(tzinfo=TUNIS), UserFactory(), yearly)

        assert printed(certificate) == (day, until)
        assert certificate.expires_at == end_of_day(date.fromisoformat(until), TUNIS)

    @pytest.mark.parametrize(
        ("local", "day"),
        # In the month of fasting it is 23:30 of the day before in Morocco when it is half past midnight in Tunis.
        [("2026-03-01T23:30", "2026-03-01"), ("2026-03-02T00:30", "2026-03-02")],
    )
    def test_a_member_of_an_association_in_morocco(self, yearly, local, day):
        morocco = make_region_of("MA", "Maroc")
        member = UserFactory(region=morocco)
        MembershipFactory(user=member, association=AssociationFactory(region=morocco))

        certificate = issue_at(datetime.fromisoformat(local).replace(tzinfo=CASABLANCA), member, yearly)

        until = date.fromisoformat(day).replace(year=2027)
        assert certificate.snapshot["time_zone"] == "Africa/Casablanca"
        assert printed(certificate) == (day, until.isoformat())
        # The variable of the wording is the same day.
        shown = certificate.snapshot["content"]["variables"]["fr"]["completed_on"]
        assert shown == {"2026-03-01": "1er mars 2026", "2026-03-02": "2 mars 2026"}[day]
        assert certificate.expires_at == end_of_day(until, CASABLANCA)

    def test_three_cycles_before_on_and_after_the_last_day(self, yearly):
        first = issue_at(datetime(2026, 1, 31, 10, tzinfo=UTC), UserFactory(), yearly)
        # Three months early, then at the last moment, then a day late.
        chain = [first]
        for completed_at in (
            datetime(2026, 10, 31, 10, tzinfo=UTC),
            datetime(2028, 1, 31, 22, 59, tzinfo=UTC),
            datetime(2029, 2, 1, 10, tzinfo=UTC),
        ):
            enrolment = next_cycle(chain[-1].enrolment, completed_at)
            chain.append(issue_now(enrolment.pk, completed_at))

        assert [printed(one) for one in chain] == [
            ("2026-01-31", "2027-01-31"),
            ("2026-10-31", "2028-01-31"),
            ("2028-01-31", "2029-01-31"),
            ("2029-02-01", "2030-02-01"),
        ]
        assert [one.supersedes_id for one in chain] == [None, *(one.pk for one in chain[:-1])]
        at = datetime(2029, 3, 1, tzinfo=UTC)
        found = [standing_of(one, at) for one in Certificate.objects.order_by("pk")]
        assert found == [Standing.SUPERSEDED] * 3 + [Standing.VALID]

    def test_the_last_moment_and_the_first_after_it(self, yearly):
        certificate = issue_at(datetime(2026, 1, 31, 10, tzinfo=UTC), UserFactory(), yearly)
        end, moment = certificate.expires_at, timedelta(microseconds=1)

        assert end == datetime(2027, 1, 31, 23, tzinfo=UTC)
        assert [standing_of(certificate, at) for at in (end - EXPIRING - moment, end - EXPIRING)] == [
            Standing.VALID,
            Standing.EXPIRING,
        ]
        assert [standing_of(certificate, at) for at in (end - moment, end)] == [
            Standing.EXPIRING,
            Standing.EXPIRED,
        ]

    def test_a_rule_that_changes_touches_nothing_that_was_issued(self, yearly):
        certificate = issue_at(datetime(2026, 1, 31, 10, tzinfo=UTC), UserFactory(), yearly)
        before = Certificate.objects.values().get(pk=certificate.pk)

        CourseRule.objects.all().delete()

        assert Certificate.objects.values().get(pk=certificate.pk) == before

    def test_the_renewal_of_one_that_never_ends_never_ends(self, course):
        first = issue_at(datetime(2026, 1, 31, 10, tzinfo=UTC), UserFactory(), course)
        CourseRule.objects.create(course_key=course.key, validity_months=12)
        at = datetime(2026, 10, 31, 10, tzinfo=UTC)

        renewal = issue_now(next_cycle(first.enrolment, at).pk, at)

        assert renewal.supersedes == first
        assert (renewal.expires_at, renewal.snapshot["content"]["valid_until"]) == (None, None)

    def test_one_that_is_valid_for_a_month_expires_soon_in_its_second_half(self, course):
        CourseRule.objects.create(course_key=course.key, validity_months=1)
        certificate = issue_at(datetime(2026, 1, 31, 10, tzinfo=UTC), UserFactory(), course)
        moment = timedelta(microseconds=1)
        half = certificate.issued_at + (certificate.expires_at - certificate.issued_at) / 2

        found = {}
        for at in (certificate.issued_at, half - moment, half, certificate.expires_at - moment):
            found[at] = standing_of(certificate, at)
            assert Certificate.objects.filter(with_standing(found[at], at)).exists()

        assert list(found.values()) == [Standing.VALID] * 2 + [Standing.EXPIRING] * 2

    def test_a_revoked_certificate_prolongs_nothing(self, yearly):
        first = certificate_in(Standing.REVOKED, UserFactory(), yearly)
        at = first.issued_at + timedelta(days=30)

        renewal = issue_now(next_cycle(first.enrolment, at).pk, at)

        assert renewal.supersedes is None
        until = valid_until(at.astimezone(TUNIS).date(), 12)
        assert renewal.snapshot["content"]["valid_until"] == until.isoformat()


@pytest.mark.django_db
def test_the_condition_and_the_word_agree(course):
    at = datetime(2027, 3, 1, 12, tzinfo=UTC)
    certificates = {standing: certificate_in(standing, UserFactory(), course, at=at) for standing in Standing}
    moments = [at, *(one.expires_at for one in certificates.values() if one.expires_at)]
    moments += [moment - EXPIRING for moment in moments]

    for moment in moments:
        for standing in Standing:
            said = {one.pk for one in Certificate.objects.filter(with_standing(standing, moment))}
            everything = Certificate.objects.filter(state="ready")
            assert said == {one.pk for one in everything if standing_of(one, moment) == standing}

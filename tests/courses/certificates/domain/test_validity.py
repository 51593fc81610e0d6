"""How long a certificate is valid: calendar months, to the end of a day where its holder's association is."""

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from courses.certificates.domain.changing import amend, correct
from courses.certificates.domain.issue import issue_now
from courses.certificates.domain.making import make
from courses.certificates.domain.standing import EXPIRING, standing_of, with_standing
from courses.certificates.domain.validity import Validity, anchor_of, end_of_day, validity_of
from courses.certificates.enums import Standing
from courses.certificates.models import Certificate, CourseRule
from courses.lib.clock import add_months
from courses.progress.models import CourseProgress
from tests.factories.accounts import AssociationFactory, MembershipFactory, UserFactory, make_region_of
from tests.factories.certificates import certificate_in, next_cycle, rename
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
    assert validity_of(date.fromisoformat(completed_on), months).until == date.fromisoformat(expected)


def test_without_months_there_is_no_end():
    assert validity_of(date(2026, 2, 12), None) is None
    assert validity_of(date(2026, 2, 12), None, renewed=Validity(date(2026, 5, 1), 1)) is None


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
    found = validity_of(date.fromisoformat(completed_on), 12, renewed=Validity(date(2027, 2, 12), 12))

    assert found.until == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("completed_on", "months", "expected"),
    [
        ("2026-01-31", [1, 1, 1, 1], ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
        ("2027-11-30", [3, 12, 1], ["2028-02-29", "2029-02-28", "2029-03-30"]),
        ("2024-02-29", [12, 12, 24], ["2025-02-28", "2026-02-28", "2028-02-29"]),
        ("2026-08-31", [6, 6, 1], ["2027-02-28", "2027-08-31", "2027-09-30"]),
        ("2026-02-28", [1, 11], ["2026-03-28", "2027-02-28"]),
    ],
)
def test_renewals_find_back_to_the_day_on_which_their_chain_began(completed_on, months, expected):
    validity = None
    for number, until in zip(months, expected, strict=True):
        # Completed on the last valid day each time.
        validity = validity_of(
            validity.until if validity else date.fromisoformat(completed_on), number, validity
        )
        assert validity.until == date.fromisoformat(until)


def test_a_day_late_another_chain_begins():
    found = validity_of(date(2026, 3, 1), 1, renewed=Validity(date(2026, 2, 28), 31))

    assert found == Validity(date(2026, 4, 1), 1)


def test_properties_of_the_calendar():
    """For any day and any number of months: the month is exact, the day the same or the last of a shorter month,
    and who comes later is never valid for shorter."""
    random = Random(20261122)
    for _time in range(3000):
        day = date(2020, 1, 1) + timedelta(days=random.randrange(20_000))
        months = random.randint(1, 120)
        until = validity_of(day, months).until
        assert (until.year * 12 + until.month) - (day.year * 12 + day.month) == months
        assert until.day == min(day.day, monthrange(until.year, until.month)[1])
        assert validity_of(day + timedelta(days=1), months).until >= until
        earlier = Validity(day + timedelta(days=random.randrange(-400, 400)), random.randint(1, 31))
        earlier = replace(earlier, anchor_day=max(earlier.anchor_day, earlier.until.day))
        renewed = validity_of(day, months, renewed=earlier)
        assert renewed.until >= until
        assert validity_of(max(day, earlier.until), months).until <= renewed.until


def test_a_chain_of_renewals_is_as_long_as_its_months():
    """However the months are cut, and whenever within the validity the course was followed again, nothing is lost or
    won: the end is that of all months since the first completion."""
    random = Random(20261122)
    for _time in range(2000):
        began = date(2020, 1, 1) + timedelta(days=random.randrange(20_000))
        months, validity, completed_on = 0, None, began
        for _cycle in range(random.randint(1, 8)):
            more = random.choice((1, 2, 3, 5, 6, 12, 24, 36))
            validity, months = validity_of(completed_on, more, validity), months + more
            assert validity == Validity(add_months(began, months), began.day)
            completed_on = validity.until - timedelta(days=random.randrange(28))


@pytest.mark.parametrize(
    ("completed_on", "until", "expected"),
    [
        ("2026-01-31", "2026-02-28", 31),
        ("2026-02-12", "2027-02-12", 12),
        ("2024-02-29", "2025-02-28", 29),
        # Prolonged: nobody wrote down from when on.
        ("2026-02-20", "2026-03-28", 28),
    ],
)
def test_the_anchor_of_one_that_froze_none(completed_on, until, expected):
    assert anchor_of(date.fromisoformat(completed_on), date.fromisoformat(until)) == expected


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

    @pytest.mark.parametrize("between", [None, correct, amend])
    @pytest.mark.parametrize("frozen", [True, False])
    def test_the_31st_comes_back_after_february(self, course, between, frozen):
        """Also after a correction, and where the first one was issued before the day was frozen."""
        CourseRule.objects.create(course_key=course.key, validity_months=1)
        first = issue_at(datetime(2026, 1, 31, 10, tzinfo=UTC), UserFactory(), course)
        if not frozen:
            del first.snapshot["anchor_day"]
            Certificate.objects.filter(pk=first.pk).update(snapshot={**first.snapshot, "version": 2})
        last, found = first, [printed(first)[1]]
        if between is not None:
            rename(first.enrolment.user)
            version = between(first.pk, datetime(2026, 2, 1, 10, tzinfo=UTC), None)
            assert make(version.pk, datetime(2026, 2, 1, 10, tzinfo=UTC))
            last = Certificate.objects.get(pk=version.pk)
            assert printed(last)[1] == found[0]

        for completed_at in (datetime(2026, 2, 20, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC)):
            last = issue_now(next_cycle(last.enrolment, completed_at).pk, completed_at)
            found.append(printed(last)[1])

        assert found == ["2026-02-28", "2026-03-31", "2026-04-30"]
        assert last.expires_at == end_of_day(date(2026, 4, 30), TUNIS)

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
        until = validity_of(at.astimezone(TUNIS).date(), 12).until
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

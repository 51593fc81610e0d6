"""Where an association's day ends."""

from datetime import date

import pytest

from courses.accounts.api import association_zone
from courses.accounts.domain.time_zones import zone_of_region
from courses.accounts.enums import MembershipStatus
from tests.factories.accounts import AssociationFactory, MembershipFactory, UserFactory, make_region_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("MA", "Africa/Casablanca"),
        ("LY", "Africa/Tripoli"),
        ("JO", "Asia/Amman"),
        ("X-MA-N", "Africa/Casablanca"),
        # Several zones, or no country at all: the deployment's.
        ("PS", "Africa/Tunis"),
        ("US", "Africa/Tunis"),
        ("ZZ", "Africa/Tunis"),
    ],
)
def test_the_zone_of_a_region_is_its_countrys(code, zone):
    assert zone_of_region(make_region_of(code, "somewhere")).key == zone


def test_the_zone_of_a_governorate(regions):
    assert zone_of_region(regions.kasserine).key == "Africa/Tunis"


def test_the_first_confirmed_association_decides(regions, django_assert_num_queries):
    member, morocco = UserFactory(region=regions.kasserine), make_region_of("MA", "Maroc")
    for region, year in ((morocco, 2021), (regions.kasserine, 2023)):
        MembershipFactory(
            user=member, association=AssociationFactory(region=region), started_on=date(year, 1, 1)
        )

    with django_assert_num_queries(1):
        assert association_zone(member).key == "Africa/Casablanca"


@pytest.mark.parametrize(
    "fields",
    [
        {"status": MembershipStatus.DECLARED},
        {"status": MembershipStatus.REFUSED},
        {"ended_on": date(2025, 6, 1)},
    ],
)
def test_without_a_confirmed_open_membership_it_is_the_deployments(db, settings, fields):
    member = UserFactory()
    association = AssociationFactory(region=make_region_of("MA", "Maroc"))
    MembershipFactory(user=member, association=association, **fields)

    assert association_zone(member).key == settings.TIME_ZONE

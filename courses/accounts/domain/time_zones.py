"""Where an association's day ends."""

from zoneinfo import ZoneInfo

from babel.core import get_global
from django.conf import settings

from courses.accounts.domain.queries import open_memberships
from courses.accounts.enums import MembershipStatus
from courses.accounts.models import Region, User


def zone_of_region(region: Region) -> ZoneInfo:
    """The time zone of the region's country, by CLDR; the deployment's for a country with several or without one."""
    zones = get_global("territory_zones").get(region.code_of_country, [])
    return ZoneInfo(zones[0] if len(zones) == 1 else settings.TIME_ZONE)


def association_zone(user: User) -> ZoneInfo:
    """The time zone of a person's first confirmed association; the deployment's for a person without one."""
    memberships = open_memberships().filter(user_id=user.pk, status=MembershipStatus.CONFIRMED)
    first = memberships.select_related("association__region").order_by("started_on", "pk").first()
    return ZoneInfo(settings.TIME_ZONE) if first is None else zone_of_region(first.association.region)

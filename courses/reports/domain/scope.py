"""What one person may see of the territory: the regions of their report and the people in them."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.accounts.api import (
    Association,
    Membership,
    Region,
    User,
    associations_visible_to,
    grants_of,
    has_role,
    members_visible_to,
    open_memberships,
    regions_visible_to,
    sees_everybody,
)
from courses.accounts.enums import AssociationStatus, Role


class OutOfScope(LookupError):
    """The region or association doesn't exist or isn't this person's to see: one answer for both."""


def may_see_reports(user: User | AnonymousUser) -> bool:
    """Coordinators and administrators."""
    return has_role(user, Role.COORDINATOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class ReportScope:
    """Everything a person's reports draw from; all of it comes from the scope functions of accounts."""

    viewer: User

    @cached_property
    def everybody(self) -> bool:
        """Whether people without a region are in scope too."""
        return sees_everybody(self.viewer)

    @cached_property
    def regions(self) -> list[Region]:
        """The visible regions in the order of the tree, without outlines."""
        return list(regions_visible_to(self.viewer).defer("outline").order_by("path"))

    @cached_property
    def roots(self) -> list[Region]:
        """The topmost visible regions."""
        roots: list[Region] = []
        for region in self.regions:
            if not roots or not region.path.startswith(roots[-1].path):
                roots.append(region)
        return roots

    @cached_property
    def names_by_path(self) -> dict[str, str]:
        """Names of the visible regions by path, in the active language."""
        return {region.path: region.name for region in self.regions}

    def region(self, code: str) -> Region:
        """The visible region with this code. Raises OutOfScope."""
        for region in self.regions:
            if region.code == code:
                return region
        raise OutOfScope(code)

    def below(self, region: Region) -> list[Region]:
        """The visible regions below a visible region, in the order of the tree."""
        return [each for each in self.regions if each.path.startswith(region.path) and each != region]

    def association(self, uuid: UUID) -> Association:
        """The visible association with this uuid, with its region. Raises OutOfScope."""
        found = self.associations.select_related("region").filter(uuid=uuid).first()
        if found is None:
            raise OutOfScope(uuid)
        return found

    @cached_property
    def people(self) -> QuerySet[User]:
        """Everybody in scope: those whom the figures count."""
        return members_visible_to(self.viewer)

    @cached_property
    def associations(self) -> QuerySet[Association]:
        """The associations in scope, of any status."""
        return associations_visible_to(self.viewer)

    @cached_property
    def memberships(self) -> QuerySet[Membership]:
        """Open memberships of people in associations in scope. Whoever may be named is named through these."""
        found = open_memberships().filter(user__erased_at__isnull=True)
        # Everybody's associations are all of them: the database needn't look each one up.
        return found if self.everybody else found.filter(association__in=self.associations)

    @cached_property
    def unattached(self) -> QuerySet[User]:
        """People in scope with no open membership: they count where they said they live, and aren't named."""
        return self.people.filter(~Exists(open_memberships().filter(user=OuterRef("pk"))))

    def associations_at(self, region: Region) -> QuerySet[Association]:
        """Associations directly at a visible region: the approved ones, and any that people belong to, so that
        the rows hold everybody whom the total counts.
        """
        has_people = Exists(self.memberships.filter(association=OuterRef("pk")))
        listed = self.associations.filter(Q(status=AssociationStatus.APPROVED) | has_people, region=region)
        return listed.order_by("search_key", "pk")

    def may_export_names(self, region: Region) -> bool:
        """Administrators, and coordinators with the permission for this region or one above it."""
        return self.everybody or any(
            region.path.startswith(path) for path in self._paths_with_names_permission
        )

    @cached_property
    def _paths_with_names_permission(self) -> list[str]:
        grants = grants_of(self.viewer, Role.COORDINATOR).filter(may_export_names=True)
        return [grant.region.path for grant in grants if grant.region]

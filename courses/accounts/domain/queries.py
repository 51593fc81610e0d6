"""Who may see whom. `members_visible_to` is the one scope function of the product."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.accounts.enums import AssociationStatus, MembershipStatus, Role
from courses.accounts.models import Association, Membership, Region, RoleGrant, User
from courses.lib.search_text import search_key

Visitor = User | AnonymousUser


def grants_of(user: Visitor, *roles: Role) -> QuerySet[RoleGrant]:
    """The role grants of a signed-in, active user (none otherwise), with their regions."""
    if not user.is_authenticated or not user.is_active:
        return RoleGrant.objects.none()
    grants = RoleGrant.objects.filter(user_id=user.pk).select_related("region")
    return grants.filter(role__in=roles) if roles else grants


def has_role(user: Visitor, *roles: Role) -> bool:
    """Whether the user holds one of the roles. One query a request at most: the roles are kept on the user object,
    and a session's user says whether there are any (`interfaces.backend`)."""
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_superuser:
        return True
    held: set[str] | None = getattr(user, "_held_roles", None)
    if held is None and not getattr(user, "holds_a_role", True):
        return False
    if held is None:
        held = set(RoleGrant.objects.filter(user_id=user.pk).values_list("role", flat=True))
        user._held_roles = held  # type: ignore[union-attr, attr-defined]
    return not held.isdisjoint(roles)


def sees_everybody(user: Visitor) -> bool:
    """Administrators aren't bound to a region."""
    return has_role(user, Role.ADMINISTRATOR)


def in_subtrees(regions: QuerySet[Region] | list[Region], prefix: str = "") -> Q:
    """A condition 'lies in one of these regions or below'; `prefix` leads to the region (`region__`)."""
    condition = Q(pk__in=[])
    for region in regions:
        condition |= Q(**{f"{prefix}path__startswith": region.path})
    return condition


def regions_visible_to(user: Visitor) -> QuerySet[Region]:
    """The regions of a coordinator's grants and all below; every region for an administrator; else none."""
    if sees_everybody(user):
        return Region.objects.all()
    roots = _coordinated_regions(user)
    return Region.objects.filter(in_subtrees(roots)) if roots else Region.objects.none()


def _coordinated_regions(user: Visitor) -> list[Region]:
    """The regions of a coordinator's grants. One query a request, like the roles of `has_role`."""
    regions: list[Region] | None = getattr(user, "_coordinated_regions", None)
    if regions is None:
        regions = [grant.region for grant in grants_of(user, Role.COORDINATOR) if grant.region]
        user._coordinated_regions = regions  # type: ignore[union-attr, attr-defined]
    return regions


def open_memberships() -> QuerySet[Membership]:
    """Memberships that count: not ended and not refused (declared and confirmed ones)."""
    return Membership.objects.filter(ended_on__isnull=True).exclude(status=MembershipStatus.REFUSED)


def members_in(regions: QuerySet[Region]) -> QuerySet[User]:
    """People who belong to these regions.

    A person belongs to the regions of the associations they have an open membership in and, with no such
    membership, to the region given at sign-up. Erased people belong nowhere.
    """
    mine = open_memberships().filter(user_id=OuterRef("pk"))
    return User.objects.filter(
        Exists(mine.filter(association__region__in=regions)) | (Q(region__in=regions) & ~Exists(mine)),
        erased_at__isnull=True,
    )


def members_visible_to(user: Visitor) -> QuerySet[User]:
    """The people whose learning this user may follow: all of them for an administrator, those of their
    regions for a coordinator, nobody for others. Lists, details, exports, tasks and APIs all start here;
    whoever isn't in it answers 404.
    """
    if sees_everybody(user):
        return User.objects.filter(erased_at__isnull=True)
    if not has_role(user, Role.COORDINATOR):
        return User.objects.none()
    return members_in(regions_visible_to(user))


def associations_visible_to(user: Visitor) -> QuerySet[Association]:
    """The associations of the regions this user follows."""
    if sees_everybody(user):
        return Association.objects.all()
    return Association.objects.filter(region__in=regions_visible_to(user))


def memberships_visible_to(user: Visitor) -> QuerySet[Membership]:
    """The memberships in associations of the regions this user follows."""
    return Membership.objects.filter(association__in=associations_visible_to(user))


def joinable_associations(user: User) -> QuerySet[Association]:
    """The associations a person may say to belong to: approved ones, and those they proposed themselves."""
    return Association.objects.filter(
        Q(status=AssociationStatus.APPROVED) | Q(status=AssociationStatus.PROPOSED, proposed_by=user)
    )


def matching(associations: QuerySet[Association], text: str) -> QuerySet[Association]:
    """Those whose names, in either script, hold every word of the text; none for a text without letters."""
    words = search_key(text).split()
    if not words:
        return associations.none()
    for word in words:
        associations = associations.filter(search_key__contains=word)
    return associations


def awaiting_decision(user: Visitor) -> QuerySet[Association]:
    """Proposed associations of the user's regions, the oldest first."""
    return (
        associations_visible_to(user).filter(status=AssociationStatus.PROPOSED).order_by("created_at", "pk")
    )


def awaiting_confirmation(user: Visitor) -> QuerySet[Membership]:
    """Declared, open memberships in approved associations of the user's regions, the oldest first."""
    return (
        memberships_visible_to(user)
        .filter(
            status=MembershipStatus.DECLARED,
            ended_on__isnull=True,
            association__status=AssociationStatus.APPROVED,
        )
        .order_by("started_on", "pk")
    )


def likely_duplicates(proposed: list[Association], user: Visitor) -> dict[int, list[Association]]:
    """For each of these associations, by id, up to three approved ones it may be: an equal name anywhere in
    the user's regions, or a name that holds it in the same region. One query."""
    condition = Q(pk__in=[])
    for association in proposed:
        for key in _name_keys(association):
            condition |= Q(search_key__contains=f"|{key}|")
            condition |= Q(search_key__contains=key, region_id=association.region_id)
    candidates = list(
        associations_visible_to(user)
        .filter(condition, status=AssociationStatus.APPROVED)
        .select_related("region")
        .order_by("search_key", "pk")
    )
    return {
        association.pk: [other for other in candidates if _is_like(association, other)][:3]
        for association in proposed
    }


def _name_keys(association: Association) -> list[str]:
    return [key for key in association.search_key.split("|") if key]


def _is_like(association: Association, other: Association) -> bool:
    same_region = association.region_id == other.region_id
    return any(
        f"|{key}|" in other.search_key or (same_region and key in other.search_key)
        for key in _name_keys(association)
    )


def address_is_taken(address: str, *, except_of: User | None = None) -> bool:
    """Whether another account has this address or waits for it to be confirmed, whatever the case."""
    from allauth.account.models import EmailAddress

    own = (except_of and except_of.pk) or 0
    return (
        User.objects.filter(email__iexact=address).exclude(pk=own).exists()
        or EmailAddress.objects.filter(email__iexact=address).exclude(user_id=own).exists()
    )


def unconfirmed_address(user: User) -> str:
    """The person's address while it isn't confirmed; empty when it is, or when there is none. One query."""
    from allauth.account.models import EmailAddress

    if not user.email:
        return ""
    addresses = EmailAddress.objects.filter(user=user, email__iexact=user.email)
    return "" if any(address.verified for address in addresses) else user.email

"""The door of the accounts app."""

from courses.accounts.domain.personal_data import PersonalDataSource, personal_data_sources
from courses.accounts.domain.queries import (
    associations_visible_to,
    grants_of,
    has_role,
    in_subtrees,
    members_in,
    members_visible_to,
    memberships_visible_to,
    open_memberships,
    regions_visible_to,
    sees_everybody,
)
from courses.accounts.models import Association, ConsentRecord, Membership, Region, RoleGrant, User

__all__ = [
    "Association",
    "ConsentRecord",
    "Membership",
    "PersonalDataSource",
    "Region",
    "RoleGrant",
    "User",
    "associations_visible_to",
    "grants_of",
    "has_role",
    "in_subtrees",
    "members_in",
    "members_visible_to",
    "memberships_visible_to",
    "open_memberships",
    "personal_data_sources",
    "regions_visible_to",
    "sees_everybody",
]

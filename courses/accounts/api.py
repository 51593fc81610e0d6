"""The door of the accounts app."""

from courses.accounts.domain.certificate_names import confirm_certificate_name
from courses.accounts.domain.closing import close_account
from courses.accounts.domain.consents import give_consent, has_consent, withdraw_consent
from courses.accounts.domain.joining import declare_membership, leave_association, propose_association
from courses.accounts.domain.names import clean_arabic_name, clean_latin_name
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
    unconfirmed_address,
)
from courses.accounts.domain.roles import (
    TRAINERS_GROUP,
    LastAdministratorError,
    ensure_trainers_group,
    grant_role,
    revoke_role,
)
from courses.accounts.domain.time_zones import association_zone
from courses.accounts.domain.trainer_rights import TrainerRight, trainer_rights
from courses.accounts.models import Association, ConsentRecord, Membership, Region, RoleGrant, User

__all__ = [
    "TRAINERS_GROUP",
    "Association",
    "ConsentRecord",
    "LastAdministratorError",
    "Membership",
    "PersonalDataSource",
    "Region",
    "RoleGrant",
    "TrainerRight",
    "User",
    "association_zone",
    "associations_visible_to",
    "clean_arabic_name",
    "clean_latin_name",
    "close_account",
    "confirm_certificate_name",
    "declare_membership",
    "ensure_trainers_group",
    "give_consent",
    "grant_role",
    "grants_of",
    "has_consent",
    "has_role",
    "in_subtrees",
    "leave_association",
    "members_in",
    "members_visible_to",
    "memberships_visible_to",
    "open_memberships",
    "personal_data_sources",
    "propose_association",
    "regions_visible_to",
    "revoke_role",
    "sees_everybody",
    "trainer_rights",
    "unconfirmed_address",
    "withdraw_consent",
]

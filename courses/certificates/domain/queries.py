"""Reading certificates."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from courses.accounts.api import (
    Region,
    User,
    grants_of,
    in_subtrees,
    members_in,
    members_visible_to,
    sees_everybody,
)
from courses.accounts.enums import Role
from courses.certificates.enums import CertificateState
from courses.certificates.models import Certificate
from courses.progress.api import Enrolment


def certificates_of(user: User) -> QuerySet[Certificate]:
    """A person's certificates, in whatever state, latest first."""
    return Certificate.objects.filter(enrolment__user_id=user.pk).order_by("-requested_at", "-pk")


def certificate_for(enrolment: Enrolment) -> Certificate | None:
    """The certificate of an enrolment, in whatever state; None where there is none."""
    return Certificate.objects.filter(enrolment_id=enrolment.pk).first()


def issued() -> QuerySet[Certificate]:
    """The certificates that exist for the world, those of erased holders included."""
    return Certificate.objects.filter(state=CertificateState.READY)


def issued_for(enrolments: QuerySet[Enrolment]) -> QuerySet[Certificate]:
    """The issued certificates of these enrolments; reports count and group them."""
    return issued().filter(enrolment__in=enrolments)


def visible_to(user: User | AnonymousUser) -> QuerySet[Certificate]:
    """Certificates this person may open: their own and, of others, those of people whose names they may take
    along. A certificate is a document with a name: it asks for the same permission as a list of names.
    """
    return Certificate.objects.filter(Q(enrolment__user_id=user.pk) | Q(enrolment__user__in=_named_to(user)))


def _named_to(user: User | AnonymousUser) -> QuerySet[User]:
    """Everybody for an administrator; for a coordinator the people of the regions where the permission to
    export names was given, and below.
    """
    if sees_everybody(user):
        return members_visible_to(user)
    grants = grants_of(user, Role.COORDINATOR).filter(may_export_names=True)
    regions = [grant.region for grant in grants if grant.region]
    return members_in(Region.objects.filter(in_subtrees(regions))) if regions else User.objects.none()

"""Reading certificates."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

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
from courses.certificates.enums import CertificateState, ItemState, RunState
from courses.certificates.models import Certificate, CourseRule, IssueItem
from courses.progress.api import Enrolment


def certificates_of(user: User) -> QuerySet[Certificate]:
    """A person's certificates, in whatever state, latest first."""
    return Certificate.objects.filter(enrolment__user_id=user.pk).order_by("-requested_at", "-pk")


def certificate_for(enrolment: Enrolment) -> Certificate | None:
    """The certificate of an enrolment that counts (`counting`); None where there is none."""
    return counting(Certificate.objects.filter(enrolment_id=enrolment.pk))


def counting(certificates: Iterable[Certificate]) -> Certificate | None:
    """Of the versions for one enrolment, the one that counts: the latest that is READY, or else the latest. While a
    correction is being made, the certificate before it counts.
    """
    latest_first = sorted(certificates, key=lambda certificate: certificate.version, reverse=True)
    ready = (certificate for certificate in latest_first if certificate.is_ready)
    return next(ready, None) or next(iter(latest_first), None)


def following(certificate: Certificate) -> QuerySet[Certificate]:
    """What came after a certificate for the same holder and course: later versions of it, and certificates of later
    cycles. The last one first.
    """
    of_the_cycle = Q(enrolment_id=certificate.enrolment_id, version__gt=certificate.version)
    of_later_ones = Q(
        enrolment__user_id=certificate.enrolment.user_id,
        course_key=certificate.course_key,
        cycle__gt=certificate.cycle,
    )
    return Certificate.objects.filter(of_the_cycle | of_later_ones).order_by("-cycle", "-version")


def issued() -> QuerySet[Certificate]:
    """The certificates that exist for the world, those of erased holders included."""
    return Certificate.objects.filter(state=CertificateState.READY)


def delayed() -> QuerySet[Certificate]:
    """Those that wait for another attempt after one that didn't succeed: no key, an outage, a fault of their own."""
    return Certificate.objects.filter(state=CertificateState.PENDING).exclude(failure="")


def reasons_of_delay() -> dict[str, int]:
    """How many are `delayed`, by the name of the error that ended the last attempt. One query."""
    rows = delayed().order_by("failure").values_list("failure")
    return dict(rows.annotate(n=Count("pk")))


def issued_for(enrolments: QuerySet[Enrolment]) -> QuerySet[Certificate]:
    """The issued certificates of these enrolments; reports count and group them."""
    return issued().filter(enrolment__in=enrolments)


def visible_to(user: User | AnonymousUser) -> QuerySet[Certificate]:
    """Certificates this person may open: their own and, of others, those of people whose names they may take
    along. A certificate is a document with a name: it asks for the same permission as a list of names.
    """
    return Certificate.objects.filter(Q(enrolment__user_id=user.pk) | Q(enrolment__user__in=_named_to(user)))


def regions_named_to(user: User | AnonymousUser) -> QuerySet[Region]:
    """The regions whose people's names this person may take along: every region for an administrator; for a coordinator
    those where the permission to export names was given, and below; else none.
    """
    if sees_everybody(user):
        return Region.objects.all()
    grants = grants_of(user, Role.COORDINATOR).filter(may_export_names=True)
    regions = [grant.region for grant in grants if grant.region]
    return Region.objects.filter(in_subtrees(regions)) if regions else Region.objects.none()


def _named_to(user: User | AnonymousUser) -> QuerySet[User]:
    """Everybody for an administrator, those without a region too; for a coordinator the people of their regions."""
    return members_visible_to(user) if sees_everybody(user) else members_in(regions_named_to(user))


def issued_in_bulk(course_keys: Iterable[UUID]) -> set[UUID]:
    """Of these courses, those whose certificates wait for an administrator to issue them. One query."""
    rules = CourseRule.objects.filter(course_key__in=list(course_keys), issues_at_completion=False)
    return set(rules.values_list("course_key", flat=True))


def decided_in_bulk() -> QuerySet[IssueItem]:
    """Items that waited for their holders in a run that wasn't cancelled: somebody has decided that these people get
    their certificates.
    """
    return IssueItem.objects.filter(state=ItemState.BLOCKED).exclude(run__state=RunState.CANCELLED)


def rule_of(course_key: UUID) -> CourseRule:
    """How certificates of a course are made; the defaults, unsaved, for a course without a rule."""
    found = CourseRule.objects.select_related("design__background").filter(course_key=course_key).first()
    return found or CourseRule(course_key=course_key)

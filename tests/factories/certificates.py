"""Certificates, through the same verbs as the product."""

from datetime import datetime, timedelta
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.utils import timezone

from courses.accounts.models import Region, User
from courses.certificates.domain import archives
from courses.certificates.domain.changing import amend, correct, revoke
from courses.certificates.domain.erasure import erase
from courses.certificates.domain.issue import issue_now, request
from courses.certificates.domain.making import make
from courses.certificates.enums import CertificateState, Revocation, Standing, Supersession
from courses.certificates.models import Archive, Certificate, CourseRule
from courses.progress.models import CourseProgress, Enrolment
from tests.factories.courses import CourseTree
from tests.factories.progress import make_enrolment


def make_pending(user: User, tree: CourseTree, *, language: str = "fr") -> Certificate:
    """A complete enrolment with its requested certificate."""
    enrolment = make_enrolment(user, tree, done=len(tree.lessons[language]), language=language)
    certificate = request(enrolment.pk, timezone.now())
    assert certificate is not None
    return certificate


def make_ready(user: User, tree: CourseTree, *, language: str = "fr") -> Certificate:
    """A complete enrolment with its certificate, the PDF stored."""
    certificate = issue_now(make_pending(user, tree, language=language).enrolment_id, timezone.now())
    assert certificate is not None
    assert certificate.is_ready
    return certificate


def make_archive(user: User, region: Region, *, at: datetime | None = None) -> Archive:
    """An archive of a region's certificates, packed."""
    at = at or timezone.now()
    archive = archives.ask(user, region, None, reason="For the donor's audit", language="fr", at=at)
    assert archives.build(archive.pk, at)
    archive.refresh_from_db()
    return archive


def complete_many(tree: CourseTree, count: int, *, language: str = "fr") -> list[Enrolment]:
    """So many people who completed the course, written at once: no signal, no record of their lessons."""
    at = timezone.now()
    offset = User.objects.count()
    people = User.objects.bulk_create(
        User(
            email=f"many{offset + number}@example.org",
            certificate_name_latin=f"Salma Ben Ali {number}",
            certificate_name_arabic="سلمى بن علي",
            certificate_name_confirmed_at=at,
            language=("ar", "fr", "en")[number % 3],
            adult_declared_at=at,
        )
        for number in range(count)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in people
    )
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(
            user=person,
            course_key=tree.key,
            locale=language,
            course_title="Course",
            course_code="JUR",
            enrolled_at=at,
        )
        for person in people
    )
    CourseProgress.objects.bulk_create(
        CourseProgress(
            enrolment=enrolment,
            required_count=4,
            done_count=4,
            percent=100,
            completed_at=at,
            completed_locale=language,
            updated_at=at,
        )
        for enrolment in enrolments
    )
    return enrolments


def certificate_in(
    standing: Standing, user: User, tree: CourseTree, *, language: str = "fr", at: datetime | None = None
) -> Certificate:
    """An issued certificate that is worth `standing` at `at` (now), brought there by the product's own verbs."""
    at = at or timezone.now()
    days = {Standing.EXPIRING: 345, Standing.EXPIRED: 400}.get(standing, 0)
    if days:
        CourseRule.objects.update_or_create(course_key=tree.key, defaults={"validity_months": 12})
    enrolment = make_enrolment(user, tree, done=len(tree.lessons[language]), language=language)
    issued_at = at - timedelta(days=days)
    CourseProgress.objects.filter(enrolment=enrolment).update(completed_at=issued_at)
    certificate = issue_now(enrolment.pk, issued_at)
    assert certificate is not None
    assert certificate.is_ready
    if standing == Standing.REVOKED:
        revoke(certificate.pk, Revocation.ISSUED_IN_ERROR, at, None, "internal words")
    elif standing == Standing.SUPERSEDED:
        rename(user)
        make(correct(certificate.pk, at, None).pk, at)
    elif standing == Standing.HOLDER_ERASED:
        erase(user, at)
    certificate.refresh_from_db()
    return certificate


def superseded_by(
    because: Supersession,
    user: User,
    tree: CourseTree,
    *,
    after_failed: Supersession | None = None,
    actor: User | None = None,
) -> Certificate:
    """An issued certificate whose place another one has taken, for this reason; `after_failed`: a version before that
    one couldn't be made. `actor` asked for it, with the note "internal words".
    """
    certificate, at = make_ready(user, tree), timezone.now()
    actor_id = None if actor is None else actor.pk
    asked_for = {Supersession.CORRECTED: correct, Supersession.AMENDED: amend}
    if after_failed is not None:
        rename(user, "Unprintable Name")
        failed = asked_for[after_failed](certificate.pk, at, actor_id, "internal words")
        Certificate.objects.filter(pk=failed.pk).update(state=CertificateState.FAILED, failure="LayoutError")
    rename(user)
    if because == Supersession.RENEWED:
        assert issue_now(next_cycle(certificate.enrolment, at).pk, at)
    else:
        assert make(asked_for[because](certificate.pk, at, actor_id, "internal words").pk, at)
    certificate.refresh_from_db()
    return certificate


def rename(user: User, latin: str = "Renamed Person", arabic: str = "شخص آخر") -> None:
    """Another name for certificates, confirmed."""
    user.certificate_name_latin, user.certificate_name_arabic = latin, arabic
    user.save()


def next_cycle(enrolment: Enrolment, completed_at: datetime) -> Enrolment:
    """The same person's enrolment in the same course, followed again and completed."""
    progress = CourseProgress.objects.get(enrolment=enrolment)
    following = Enrolment.objects.get(pk=enrolment.pk)
    following.pk, following.uuid, following.cycle = None, uuid4(), enrolment.cycle + 1
    following.save(force_insert=True)
    progress.pk, progress.enrolment, progress.completed_at = None, following, completed_at
    progress.save(force_insert=True)
    return following

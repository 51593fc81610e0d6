"""Certificates, through the same verbs as the product."""

from django.utils import timezone

from courses.accounts.models import User
from courses.certificates.domain.issue import issue_now, request
from courses.certificates.models import Certificate
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

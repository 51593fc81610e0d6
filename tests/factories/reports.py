"""Learning that reports count, written straight into the ledger: no course page is needed."""

import uuid
from datetime import UTC, datetime

from courses.accounts.models import Association, Region, User
from courses.progress.models import CourseProgress, Enrolment
from tests.factories.accounts import AssociationFactory, MembershipFactory, UserFactory

COURSE_KEY = uuid.UUID("11111111-1111-4111-8111-111111111111")
OTHER_COURSE_KEY = uuid.UUID("22222222-2222-4222-8222-222222222222")
ENROLLED_AT = datetime(2026, 1, 10, 9, tzinfo=UTC)
COMPLETED_AT = datetime(2026, 2, 12, 9, tzinfo=UTC)


def make_learning(
    user: User,
    *,
    course_key: uuid.UUID = COURSE_KEY,
    completed_at: datetime | None = None,
    enrolled_at: datetime = ENROLLED_AT,
    programme: str = "",
    cycle: int = 1,
) -> Enrolment:
    """An enrolment with its progress; complete where `completed_at` is given."""
    enrolment = Enrolment.objects.create(
        user=user,
        course_key=course_key,
        cycle=cycle,
        programme=programme,
        locale="fr",
        course_title="Obligations légales" if course_key == COURSE_KEY else "Plaidoyer",
        course_code="JUR" if course_key == COURSE_KEY else "PLA",
        enrolled_at=enrolled_at,
    )
    CourseProgress.objects.create(
        enrolment=enrolment,
        required_count=4,
        done_count=4 if completed_at else 1,
        percent=100 if completed_at else 25,
        completed_at=completed_at,
        completed_locale="fr" if completed_at else "",
        updated_at=completed_at or enrolled_at,
    )
    return enrolment


def make_member(region: Region, *, association: Association | None = None, **fields: object) -> User:
    """A member of an association in `region` (a new one unless given), living nowhere in particular."""
    user: User = UserFactory(**fields)
    MembershipFactory(user=user, association=association or AssociationFactory(region=region))
    return user

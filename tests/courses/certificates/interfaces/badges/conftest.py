import pytest
from django.utils import timezone

from courses.accounts.enums import MembershipStatus
from courses.certificates.domain.privacy import show_association
from courses.certificates.models import CourseRule
from tests.factories.accounts import AssociationFactory, MembershipFactory, UserFactory
from tests.factories.certificates import make_ready


@pytest.fixture
def holder(regions):
    user = UserFactory(
        certificate_name_latin="Zohra Ben Salah",
        certificate_name_arabic="زهرة بن صالح",
        region=regions.kasserine,
    )
    association = AssociationFactory(
        region=regions.kasserine, name_latin="Les Amis du Jebel", name_ar="جمعية أحباء الجبل"
    )
    MembershipFactory(user=user, association=association, status=MembershipStatus.CONFIRMED)
    return user


@pytest.fixture
def certificate(holder, course):
    """One with everything that a badge can say: an end, and the association shown."""
    CourseRule.objects.create(course_key=course.key, validity_months=12)
    made = make_ready(holder, course)
    show_association(made.pk, True, timezone.now(), holder.pk)
    made.refresh_from_db()
    return made

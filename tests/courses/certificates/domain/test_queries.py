"""Who may open which certificate."""

import pytest
from django.contrib.auth.models import AnonymousUser

from courses.accounts.enums import Role
from courses.certificates.domain.queries import (
    certificate_for,
    certificates_of,
    issued,
    issued_for,
    visible_to,
)
from courses.progress.models import Enrolment
from tests.factories.accounts import (
    RoleGrantFactory,
    UserFactory,
    make_administrator,
    make_coordinator,
    make_trainer,
)
from tests.factories.certificates import make_pending, make_ready
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db


def permitted(region):
    """A coordinator who may export the names of this region."""
    coordinator = UserFactory()
    RoleGrantFactory(user=coordinator, role=Role.COORDINATOR, region=region, may_export_names=True)
    return coordinator


def test_holder_administrators_and_coordinators_who_may_export_its_name_see_it(course, regions):
    holder = UserFactory(region=regions.kasserine)
    certificate = make_ready(holder, course)
    both = permitted(regions.sud_est)
    RoleGrantFactory(user=both, role=Role.COORDINATOR, region=regions.kasserine)
    who = {
        "holder": holder,
        "coordinator of the region": make_coordinator(regions.kasserine),
        "coordinator above": make_coordinator(regions.centre_ouest),
        "with the permission": permitted(regions.kasserine),
        "with the permission above": permitted(regions.centre_ouest),
        "with the permission elsewhere": permitted(regions.sud_est),
        "with the permission elsewhere and without it here": both,
        "administrator": make_administrator(),
        "coordinator elsewhere": make_coordinator(regions.sud_est),
        "trainer": make_trainer(),
        "another member": UserFactory(region=regions.kasserine),
        "visitor": AnonymousUser(),
    }

    seen = {name for name, user in who.items() if visible_to(user).filter(pk=certificate.pk).exists()}

    assert seen == {"holder", "with the permission", "with the permission above", "administrator"}


def test_reading_by_person_and_by_enrolment(course):
    user = UserFactory()
    ready, pending = make_ready(user, course), make_pending(UserFactory(), course)
    bare = make_enrolment(UserFactory(), course, done=4)

    assert list(certificates_of(user)) == [ready]
    assert certificate_for(pending.enrolment) == pending
    assert certificate_for(bare) is None
    assert list(issued()) == [ready]
    assert list(issued_for(Enrolment.objects.filter(user=user))) == [ready]
    assert list(issued_for(Enrolment.objects.exclude(user=user))) == []

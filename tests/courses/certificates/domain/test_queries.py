"""Who may open which certificate."""

import pytest
from django.contrib.auth.models import AnonymousUser

from courses.certificates.domain.queries import (
    certificate_for,
    certificates_of,
    issued,
    issued_for,
    visible_to,
)
from courses.progress.models import Enrolment
from tests.factories.accounts import UserFactory, make_administrator, make_coordinator, make_trainer
from tests.factories.certificates import make_pending, make_ready
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db


def test_holder_coordinators_in_scope_and_administrators_see_it(course, regions):
    holder = UserFactory(region=regions.kasserine)
    certificate = make_ready(holder, course)
    who = {
        "holder": holder,
        "coordinator of the region": make_coordinator(regions.kasserine),
        "coordinator above": make_coordinator(regions.centre_ouest),
        "administrator": make_administrator(),
        "coordinator elsewhere": make_coordinator(regions.sud_est),
        "trainer": make_trainer(),
        "another member": UserFactory(region=regions.kasserine),
        "visitor": AnonymousUser(),
    }

    seen = {name for name, user in who.items() if visible_to(user).filter(pk=certificate.pk).exists()}

    assert seen == {"holder", "coordinator of the region", "coordinator above", "administrator"}


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

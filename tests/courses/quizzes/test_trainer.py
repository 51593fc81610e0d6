"""What a trainer may do with questions in the admin."""

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from courses.accounts.api import grant_role
from courses.accounts.enums import Role
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_a_trainer_writes_and_publishes_questions(client, site):
    trainer = UserFactory()
    grant_role(trainer, Role.TRAINER, by=None, at=timezone.now())
    client.force_login(trainer)

    response = client.get("/admin/snippets/courses_quizzes/question/add/")

    assert response.status_code == 200
    held = Permission.objects.filter(group__user=trainer, content_type__app_label="courses_quizzes")
    codenames = set(held.values_list("codename", flat=True))
    assert codenames >= {
        "add_question",
        "change_question",
        "publish_question",
        "view_question",
        "publish_scenario",
        "delete_questioncategory",
        "delete_learningobjective",
        "view_quizstatistic",
    }
    # Questions and scenarios are retired or unpublished; deleting is for administrators, and so are attempts.
    assert {name for name in codenames if name.endswith(("_question", "_attempt", "_scenario"))} == {
        f"{verb}_{model}"
        for verb in ("add", "change", "publish", "view")
        for model in ("question", "scenario")
    }


def test_a_member_doesn_t_enter(client, site):
    client.force_login(UserFactory())

    assert client.get("/admin/snippets/courses_quizzes/question/add/").status_code == 403

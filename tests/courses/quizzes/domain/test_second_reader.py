"""The second reader: Wagtail's workflow, made with the trainers' group, and never the writer."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management.sql import emit_post_migrate_signal
from wagtail.models import GroupApprovalTask, Workflow

from courses.accounts.api import TRAINERS_GROUP
from courses.quizzes.domain.second_reader import ensure_second_reader, may_approve, submit_for_review
from courses.quizzes.models import Question
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import make_question

pytestmark = pytest.mark.django_db


def test_it_comes_with_the_group_of_the_trainers_once(trainer):
    group = Group.objects.get(name=TRAINERS_GROUP)
    workflow = Question.get_default_workflow()
    assert [list(task.specific.groups.all()) for task in workflow.tasks] == [[group]]

    assert ensure_second_reader(group) is None
    before = Workflow.objects.count()
    # An administrator takes it away from questions: it doesn't come back by itself.
    workflow.workflow_content_types.all().delete()
    assert ensure_second_reader(group) is None
    assert (Workflow.objects.count(), Question.get_default_workflow()) == (before, None)


def test_trainers_there_are_already_get_the_rights_of_a_new_version(trainer):
    group = Group.objects.get(name=TRAINERS_GROUP)
    GroupApprovalTask.objects.filter(groups=group).delete()
    Workflow.objects.filter(workflow_content_types__isnull=False).delete()
    group.permissions.clear()

    emit_post_migrate_signal(verbosity=0, interactive=False, db="default", apps=apps)

    right = Permission.objects.get(codename="delete_questioncategory")
    assert right in group.permissions.all()
    assert Question.get_default_workflow() is not None


def test_who_submits_or_writes_does_not_approve(locales, trainer):
    writer, reader = UserFactory(), UserFactory()
    question = make_question("numeric", languages=("fr",), live=False)["fr"]
    question.save_revision(user=writer)
    assert may_approve(question, writer)

    assert submit_for_review([question], by=trainer) == 1
    question = Question.objects.get(pk=question.pk)
    assert [may_approve(question, person) for person in (trainer, writer, reader)] == [False, False, True]


def test_only_what_waits_to_be_published_is_submitted_and_once(locales, trainer):
    draft = make_question("numeric", languages=("fr",), live=False)["fr"]
    published = make_question("numeric", languages=("fr",))["fr"]
    changed = make_question("numeric", languages=("fr",))["fr"]
    changed.save_revision()
    retired = make_question("numeric", languages=("fr",), live=False, retired=True)["fr"]

    assert submit_for_review([draft, published, changed, retired], by=trainer) == 2
    assert submit_for_review([draft, published, changed, retired], by=trainer) == 0
    assert [question.workflow_in_progress for question in (draft, published, changed, retired)] == [
        True,
        False,
        True,
        False,
    ]


def test_without_a_workflow_nothing_is_submitted(locales):
    draft = make_question("numeric", languages=("fr",), live=False)["fr"]
    assert submit_for_review([draft], by=UserFactory()) == 0

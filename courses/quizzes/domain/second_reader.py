"""A question is read by a second person before it is asked: Wagtail's own workflow, with one rule of ours."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask

from courses.accounts.api import User
from courses.quizzes.models import Question


@transaction.atomic
def ensure_second_reader(group: Group) -> Workflow | None:
    """The workflow of questions with a task for this group, in the site's own language. None where questions were
    given a workflow, or had theirs switched off, before: what an administrator decided stays.

    Idempotent: an administrator's changes to it are kept, too.
    """
    content_type = ContentType.objects.get_for_model(Question)
    if WorkflowContentType.objects.filter(content_type=content_type).exists():
        return None
    if GroupApprovalTask.objects.filter(groups=group, workflow_tasks__isnull=False).exists():
        return None
    with translation.override(settings.LANGUAGE_CODE):
        name = _("Second reader")
    task = GroupApprovalTask.objects.create(name=name)
    task.groups.add(group)
    workflow = Workflow.objects.create(name=name)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.create(workflow=workflow, content_type=content_type)
    return workflow


def may_approve(question: Question, person: User) -> bool:
    """Whoever asked for the reading, or wrote the version that is read, isn't its second reader."""
    state = question.current_workflow_state
    if state is None or state.current_task_state is None:
        return True
    return person.pk not in (state.requested_by_id, state.current_task_state.revision.user_id)


def may_be_submitted(question: Question) -> bool:
    """Something of it isn't published, and nobody reads it yet."""
    unpublished = not question.live or question.has_unpublished_changes
    return unpublished and not question.retired and not question.workflow_in_progress


@transaction.atomic
def submit_for_review(questions: Iterable[Question], *, by: User) -> int:
    """Ask a second person to read what isn't published yet; how many questions were submitted. Atomic and idempotent:
    what is being read already, is published as it stands, or is retired is left out.

    Wagtail dates its own records. 0 where questions have no workflow.
    """
    workflow = Question.get_default_workflow()
    if workflow is None:
        return 0
    submitted = 0
    locked = Question.objects.select_for_update().filter(pk__in=[question.pk for question in questions])
    for question in locked.order_by("pk"):
        if may_be_submitted(question):
            if question.latest_revision_id is None:
                question.save_revision(user=by, clean=False)
            workflow.start(question, by)
            submitted += 1
    return submitted

"""Learners at work."""

from datetime import datetime

import factory
from django.utils import timezone

from courses.accounts.models import User
from courses.progress.domain.recording import current_enrolment, enrol, enrol_again, record_completion
from courses.progress.models import CourseProgress, Enrolment, Programme
from tests.factories.courses import CourseTree


class ProgrammeFactory(factory.django.DjangoModelFactory):
    """A programme that runs, without a region."""

    class Meta:
        model = Programme

    code = factory.Sequence(lambda n: f"PROG-{n}")
    name_fr = factory.Sequence(lambda n: f"Programme {n}")


def make_enrolment(
    user: User, tree: CourseTree, *, done: int = 0, programme: str = "", language: str = "fr"
) -> Enrolment:
    """An enrolment with the first `done` lessons complete (all of them completes the course)."""
    at = timezone.now()
    enrolment = enrol(user, tree.key, locale=language, at=at, programme=programme)
    for lesson in tree.lessons[language][:done]:
        record_completion(
            enrolment, lesson.translation_key, kind="lesson", locale=language, revision_id=None, at=at
        )
    return Enrolment.objects.select_related("progress").get(pk=enrolment.pk)


def begin_again(user: User, tree: CourseTree, at: datetime) -> Enrolment:
    """The enrolment of the next cycle; what is still to do in the one there is counts as done at `at`."""
    enrolment = current_enrolment(user, tree.key)
    assert enrolment is not None
    CourseProgress.objects.filter(enrolment=enrolment).update(percent=100, completed_at=at)
    return enrol_again(enrolment, locale="fr", at=at)

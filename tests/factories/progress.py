"""Learners at work."""

import factory
from django.utils import timezone

from courses.accounts.models import User
from courses.progress.domain.recording import enrol, record_completion
from courses.progress.models import Enrolment, Programme
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

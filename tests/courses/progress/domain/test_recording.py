"""The verbs of the ledger."""

import threading
import uuid
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.utils import timezone

from courses.domain.outline import CourseNotFound
from courses.progress.domain.learning import learning_of
from courses.progress.domain.recording import (
    CycleOpen,
    PersonErased,
    current_enrolment,
    enrol,
    enrol_again,
    recompute,
    record_completion,
    record_opening,
)
from courses.progress.models import ActivityCompletion, CourseProgress, Enrolment, LessonOpening
from courses.progress.signals import activity_completed, course_completed
from tests.factories.accounts import UserFactory
from tests.factories.progress import make_enrolment

AT = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def learner(regions):
    return UserFactory(region=regions.kasserine)


def complete(enrolment, lesson, at=AT):
    return record_completion(
        enrolment, lesson.translation_key, kind="lesson", locale="fr", revision_id=None, at=at
    )


def test_enrolling_twice_is_one_enrolment_that_keeps_its_programme(course, learner):
    first = enrol(learner, course.key, locale="ar", at=AT, programme="UE-2026")
    again = enrol(learner, course.key, locale="fr", at=LATER, programme="OTHER")

    assert again == first
    assert (again.programme, again.locale, again.cycle, again.course_title) == (
        "UE-2026",
        "ar",
        1,
        "Course JUR ar",
    )


def test_enrolling_in_a_course_that_isn_t_published_is_refused(course, learner):
    with pytest.raises(CourseNotFound):
        enrol(learner, uuid.uuid4(), locale="fr", at=AT)
    assert Enrolment.objects.count() == 0


def test_a_completion_is_recorded_once_and_the_first_one_stays(course, learner):
    enrolment = make_enrolment(learner, course)

    first = complete(enrolment, course.lessons["fr"][0])
    again = complete(enrolment, course.lessons["fr"][0], LATER)

    assert again.pk == first.pk
    assert ActivityCompletion.objects.get().completed_at == AT


def test_completions_count_across_languages(course, learner):
    enrolment = make_enrolment(learner, course)

    complete(enrolment, course.lessons["ar"][0])
    complete(enrolment, course.lessons["fr"][0])
    complete(enrolment, course.lessons["en"][1])

    progress = CourseProgress.objects.get()
    assert (progress.done_count, progress.required_count, progress.percent) == (2, 4, 50)


def test_the_course_completes_once_and_says_so_after_commit(
    course, learner, django_capture_on_commit_callbacks
):
    told = []

    def note(sender, enrolment_id, at, **kwargs):
        told.append((enrolment_id, at))

    course_completed.connect(note)
    try:
        enrolment = make_enrolment(learner, course)
        with django_capture_on_commit_callbacks(execute=True):
            for lesson in course.lessons["fr"]:
                complete(enrolment, lesson)
            complete(enrolment, course.lessons["fr"][0], LATER)
            recompute(enrolment, at=LATER)
    finally:
        course_completed.disconnect(note)

    assert told == [(enrolment.pk, AT)]
    assert CourseProgress.objects.get().completed_at == AT


def test_a_completion_recorded_with_an_earlier_time_dates_nothing_back(
    course, learner, django_capture_on_commit_callbacks
):
    told = []

    def note(sender, enrolment_id, at, **kwargs):
        told.append(at)

    course_completed.connect(note)
    try:
        enrolment = enrol(learner, course.key, locale="fr", at=AT)
        with django_capture_on_commit_callbacks(execute=True):
            for lesson in course.lessons["fr"][1:]:
                complete(enrolment, lesson, LATER)
            first = complete(enrolment, course.lessons["fr"][0], AT)
    finally:
        course_completed.disconnect(note)

    progress = CourseProgress.objects.get()
    assert (progress.completed_at, progress.last_activity_at, progress.updated_at) == (LATER,) * 3
    assert progress.last_activity_key == course.lessons["fr"][-1].translation_key
    assert (first.completed_at, told) == (AT, [LATER])


def test_a_failing_receiver_takes_nothing_away(course, learner, django_capture_on_commit_callbacks):
    def fail(sender, **kwargs):
        raise RuntimeError("a broken plugin")

    activity_completed.connect(fail)
    try:
        enrolment = make_enrolment(learner, course)
        with django_capture_on_commit_callbacks(execute=True):
            complete(enrolment, course.lessons["fr"][0])
    finally:
        activity_completed.disconnect(fail)

    assert ActivityCompletion.objects.count() == 1


def test_a_completed_course_stays_complete_when_a_lesson_is_added(course, learner):
    from courses.models import LessonPage

    enrolment = make_enrolment(learner, course, done=4)
    course.add_to_module(LessonPage, 1, title="New duty", slug="new-duty")

    recompute(enrolment, at=LATER)

    progress = CourseProgress.objects.get()
    assert (progress.percent, progress.completed_at is not None) == (100, True)


def test_a_lesson_added_before_the_end_is_asked_for(course, learner):
    from courses.models import LessonPage

    enrolment = make_enrolment(learner, course, done=3)
    course.add_to_module(LessonPage, 1, title="New duty", slug="new-duty")

    recompute(enrolment, at=LATER)

    assert CourseProgress.objects.get().percent == 60


def test_deleting_the_course_keeps_every_record(course, learner):
    from wagtail.models import Page

    enrolment = make_enrolment(learner, course, done=2)
    for page in course.pages.values():
        Page.objects.get(pk=page.pk).delete()

    recompute(enrolment, at=LATER)

    assert ActivityCompletion.objects.count() == 2
    progress = CourseProgress.objects.get()
    assert (progress.percent, progress.completed_at) == (50, None)
    assert Enrolment.objects.get().course_title == "Course JUR fr"


def test_opening_a_lesson_is_noted_once_and_moves_the_place(course, learner):
    enrolment = make_enrolment(learner, course)
    first, second = (lesson.translation_key for lesson in course.lessons["fr"][:2])

    for key in (first, second, first):
        fresh = Enrolment.objects.select_related("progress").get()
        record_opening(fresh, key, locale="fr", revision_id=7, at=AT)

    assert enrolment.openings.count() == 2
    assert CourseProgress.objects.get().last_activity_key == first
    assert LessonOpening.objects.filter(activity_key=first).get().revision_id == 7


@pytest.mark.django_db(transaction=True)
def test_two_simultaneous_completions_of_the_last_two_lessons_complete_the_course_once(course, learner):
    if connection.vendor == "sqlite":
        pytest.skip("an in-memory SQLite can't be shared by two writing threads; counted on PostgreSQL")
    enrolment = make_enrolment(learner, course, done=2)
    told, barrier = [], threading.Barrier(2)

    def note(sender, enrolment_id, at, **kwargs):
        told.append(enrolment_id)

    def work(lesson):
        try:
            barrier.wait(10)
            complete(enrolment, lesson, timezone.now())
        finally:
            connection.close()

    course_completed.connect(note)
    try:
        threads = [threading.Thread(target=work, args=(lesson,)) for lesson in course.lessons["fr"][2:]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    finally:
        course_completed.disconnect(note)

    assert told == [enrolment.pk]
    assert CourseProgress.objects.get().percent == 100
    assert ActivityCompletion.objects.count() == 4


def test_a_complete_course_is_begun_again_in_the_next_cycle_once(course, learner):
    enrolment = make_enrolment(learner, course)
    for lesson in course.lessons["fr"]:
        complete(enrolment, lesson)

    first, second = (enrol_again(enrolment, locale="ar", at=at) for at in (LATER, LATER))

    assert first == second
    assert (first.cycle, first.programme, first.enrolled_at, first.progress.completed_at) == (
        2,
        "",
        LATER,
        None,
    )
    assert current_enrolment(learner, course.key) == first
    assert ActivityCompletion.objects.filter(enrolment=first).count() == 0
    assert [one.enrolment for one in learning_of(learner, "fr")] == [first]


def test_nothing_begins_again_for_an_erased_person(course, learner):
    enrolment = make_enrolment(learner, course)
    for lesson in course.lessons["fr"]:
        complete(enrolment, lesson)
    type(learner).objects.filter(pk=learner.pk).update(erased_at=LATER)

    with pytest.raises(PersonErased):
        enrol_again(enrolment, locale="fr", at=LATER)

    assert Enrolment.objects.count() == 1


def test_a_course_under_way_is_not_begun_again(course, learner):
    enrolment = make_enrolment(learner, course, done=1)

    with pytest.raises(CycleOpen):
        enrol_again(enrolment, locale="fr", at=LATER)

    assert Enrolment.objects.count() == 1

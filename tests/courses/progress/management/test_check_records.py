"""`manage.py check_records`."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from courses.progress.models import ActivityCompletion, CourseProgress
from tests.factories.accounts import UserFactory
from tests.factories.progress import make_enrolment


@pytest.fixture
def enrolment(course, regions):
    return make_enrolment(UserFactory(region=regions.kasserine), course, done=2)


def run(*repair):
    out = StringIO()
    try:
        call_command("check_records", repair=list(repair), stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), ""


def test_sound_records_exit_with_0(enrolment):
    assert run()[0] == 0


def test_a_wrong_percentage_is_found_and_only_repaired_when_asked(enrolment):
    CourseProgress.objects.update(percent=75, done_count=3)

    assert run()[0] == 1
    assert CourseProgress.objects.get().percent == 75
    status, printed, _ = run("wrong-summary")
    assert status == 0
    assert "wrong-summary: 1 found, 1 repaired" in printed
    assert CourseProgress.objects.get().percent == 50


def test_a_lost_summary_is_made_again(enrolment):
    CourseProgress.objects.all().delete()

    assert run("all")[0] == 0
    assert CourseProgress.objects.get().percent == 50


def test_complete_without_evidence_is_left_to_a_person(enrolment):
    ActivityCompletion.objects.all().delete()
    CourseProgress.objects.update(percent=100, completed_at=enrolment.enrolled_at)

    status, printed, _ = run("all")

    assert status == 1
    assert "complete-without-evidence: 1 found, 0 repaired" in printed


def test_evidence_older_than_the_enrolment_is_found(enrolment):
    ActivityCompletion.objects.filter(pk=ActivityCompletion.objects.first().pk).update(
        completed_at=enrolment.enrolled_at - timedelta(days=1)
    )

    status, printed, _ = run()

    assert status == 1
    assert "completion-before-enrolment: 1 found, 0 repaired" in printed


def test_an_unknown_fault_is_refused_with_the_ones_there_are(enrolment):
    status, _, message = run("everything")

    assert status == 1
    assert message == (
        "--repair everything: not a fault that can be repaired. Use one of: no-summary, wrong-summary, all."
    )


def test_the_sweep_heals_what_a_killed_process_left(enrolment, course):
    from courses.progress.tasks import sweep_progress

    CourseProgress.objects.update(percent=0, done_count=0)

    sweep_progress()

    assert CourseProgress.objects.get().percent == 50

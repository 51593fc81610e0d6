"""Issuing in bulk: fixed items, taken in batches, one certificate each; cancelled, resumed, ended."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.certificates import tasks
from courses.certificates.domain import issue, making, runs
from courses.certificates.domain.erasure import erase
from courses.certificates.domain.sweep import heal
from courses.certificates.enums import Blocker, CertificateState, EventKind, RunState
from courses.certificates.interfaces import files, leases
from courses.certificates.models import Certificate, CertificateEvent, CourseRule, IssueItem, IssueRun
from courses.certificates.tasks import make_certificate
from courses.models import CoursePage
from tests.factories.accounts import UserFactory, make_administrator
from tests.factories.courses import make_course
from tests.factories.designs import make_design
from tests.factories.progress import make_enrolment
from tests.races import ROW_LOCKS, at_once

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def earned(course):
    """So many people who completed the course, whose certificates are issued in bulk."""
    CourseRule.objects.create(course_key=course.key, issues_at_completion=False)

    def make(count: int, **fields):
        return [make_enrolment(UserFactory(**fields), course, done=4) for _number in range(count)]

    return make


@pytest.fixture
def begin(course):
    by = make_administrator()
    return lambda at=None, region=None: runs.start(course.key, region, by=by, at=at or timezone.now())


def finish(run: IssueRun, at) -> None:
    while runs.work(run.pk, at):
        pass
    run.refresh_from_db()


def counts(run: IssueRun) -> runs.Counts:
    return runs.counts_of([run])[run.pk]


def test_a_run_issues_each_earned_certificate_once(earned, begin):
    enrolments = earned(3)
    at = timezone.now()
    run = begin(at)

    finish(run, at)
    finish(run, at)

    assert (run.state, run.finished_at) == (RunState.DONE, at)
    assert counts(run) == runs.Counts(total=3, issued=3, blocked=0, failed=0)
    made = Certificate.objects.filter(state=CertificateState.READY)
    assert sorted(made.values_list("enrolment_id", flat=True)) == [row.pk for row in enrolments]
    assert CertificateEvent.objects.filter(kind=EventKind.ISSUED).count() == 3


def test_nothing_is_queued_one_by_one(earned, begin, monkeypatch, django_capture_on_commit_callbacks):
    queued = []
    monkeypatch.setattr(make_certificate, "delay", queued.append)
    monkeypatch.setattr(tasks.tell_holder, "delay", lambda pk: None)
    earned(2)

    with django_capture_on_commit_callbacks(execute=True):
        finish(begin(), timezone.now())

    assert queued == []


def test_courses_that_wait_for_the_bulk_are_left_alone_by_all_others(earned):
    (enrolment,) = earned(1)
    at = timezone.now()

    assert issue.request(enrolment.pk, at) is None
    assert heal(at).requested == 0
    assert not Certificate.objects.exists()


def test_items_are_fixed_at_the_start_and_only_those_without_a_certificate(course, earned, begin):
    make_ready_before = earned(1)[0]
    issue.request(make_ready_before.pk, timezone.now(), in_bulk=True)
    earned(1)
    run = begin()
    earned(1)

    assert run.items.count() == 1


def test_a_region_limits_the_run(course, regions, earned, begin):
    here = earned(2, region=regions.kasserine)
    earned(1, region=regions.gabes)

    run = begin(region=regions.centre_ouest)

    assert runs.expected(course.key, regions.centre_ouest) == runs.Expected(complete=2, issuable=2)
    assert [item.enrolment_id for item in run.items.order_by("pk")] == [row.pk for row in here]


def test_what_waits_for_the_holder_is_counted_and_says_why(course, earned, begin):
    earned(1)
    earned(1, verified=False)
    earned(2, certificate_name_confirmed_at=None)
    at = timezone.now()
    assert runs.expected(course.key, None) == runs.Expected(complete=4, issuable=1)

    run = begin(at)
    finish(run, at)

    assert counts(run) == runs.Counts(total=4, issued=1, blocked=3, failed=0)
    assert runs.reasons_of(run) == {Blocker.ADDRESS_UNCONFIRMED: 1, Blocker.NAME_UNCONFIRMED: 2}


@pytest.mark.parametrize("way", ["confirming", "sweep"])
def test_who_kept_a_run_waiting_is_issued_to_once_they_confirm(earned, begin, way):
    (enrolment,) = earned(1, certificate_name_confirmed_at=None)
    at = timezone.now()
    run = begin(at)
    finish(run, at)
    assert counts(run).blocked == 1
    person = enrolment.user
    type(person).objects.filter(pk=person.pk).update(certificate_name_confirmed_at=at)

    if way == "confirming":
        (certificate,) = issue.request_for_user(person.pk, at)
    else:
        assert heal(at).requested == 1
        certificate = Certificate.objects.get()
    assert counts(run).blocked == 1
    making.make(certificate.pk, at)

    assert (counts(run), runs.reasons_of(run)) == (runs.Counts(1, 1, 0, 0), {})


def test_who_kept_a_cancelled_run_waiting_waits_on(earned, begin):
    (enrolment,) = earned(1, certificate_name_confirmed_at=None)
    at = timezone.now()
    run = begin(at)
    finish(run, at)
    IssueRun.objects.filter(pk=run.pk).update(state=RunState.CANCELLED)
    type(enrolment.user).objects.filter(pk=enrolment.user_id).update(certificate_name_confirmed_at=at)

    assert issue.request(enrolment.pk, at) is None
    assert heal(at).requested == 0


def test_an_erased_person_gets_none(earned, begin):
    (enrolment,) = earned(1)
    run = begin()
    person = enrolment.user
    type(person).objects.filter(pk=person.pk).update(erased_at=timezone.now())
    erase(person, timezone.now())

    finish(run, timezone.now())

    assert (run.state, runs.reasons_of(run)) == (RunState.DONE, {Blocker.HOLDER_ERASED: 1})
    assert not Certificate.objects.exists()


def test_nothing_missing_starts_nothing(begin):
    with pytest.raises(ValueError):
        begin()

    assert not IssueRun.objects.exists()


def test_two_presses_of_the_button_are_one_run(earned, begin):
    earned(1)

    assert begin() == begin()

    assert IssueItem.objects.count() == 1


def test_a_cancelled_run_stops_and_goes_on(earned, begin, monkeypatch):
    monkeypatch.setattr(runs, "BATCH", 1)
    earned(3)
    at = timezone.now()
    run = begin(at)
    for item in runs.take(run.pk, at, limit=1):
        runs._issue(item, at, {})

    assert runs.cancel(run.pk, at)
    assert not runs.cancel(run.pk, at)
    finish(run, at)
    assert (run.state, run.finished_at, counts(run).issued) == (RunState.CANCELLED, at, 1)
    assert runs.due(at) == []

    assert runs.resume(run.pk, at)
    assert not runs.resume(run.pk, at)
    assert runs.due(at) == [run.pk]
    finish(run, at)
    assert (run.state, counts(run).issued) == (RunState.DONE, 3)


def test_a_batch_whose_worker_was_killed_is_taken_again(earned, begin):
    earned(2)
    at = timezone.now()
    run = begin(at)
    assert len(runs.take(run.pk, at)) == 2

    # Nobody else touches it while the claim lasts; the run says when to look again.
    assert not runs.work(run.pk, at)
    run.refresh_from_db()
    assert (run.state, run.retry_at) == (RunState.RUNNING, at + runs.CLAIM)
    assert runs.due(at + SECOND) == []

    later = at + runs.CLAIM
    assert runs.due(later) == [run.pk]
    finish(run, later)
    assert (run.state, counts(run).issued) == (RunState.DONE, 2)


def test_killed_between_the_request_and_the_file(earned, begin):
    (enrolment,) = earned(1)
    at = timezone.now()
    run = begin(at)
    runs.take(run.pk, at)
    certificate = issue.request(enrolment.pk, at, in_bulk=True)
    making._begin(certificate.pk, at)

    finish(run, at + runs.CLAIM)

    assert (run.state, counts(run).issued, Certificate.objects.count()) == (RunState.DONE, 1, 1)


def test_an_item_that_kills_its_worker_each_time_comes_to_an_end(earned, begin):
    earned(1)
    at = timezone.now()
    run = begin(at)
    for _attempt in range(runs.MAX_ATTEMPTS):
        assert runs.take(run.pk, at)
        at += runs.CLAIM

    finish(run, at)

    assert (run.state, runs.reasons_of(run)) == (RunState.DONE, {"worker lost": 1})


def test_a_failing_storage_postpones_and_heals(earned, begin, monkeypatch):
    earned(1)
    at = timezone.now()
    run = begin(at)
    store = files.store
    monkeypatch.setattr(files, "store", lambda name, content: (_ for _ in ()).throw(OSError("down")))
    finish(run, at)
    certificate = Certificate.objects.get()
    assert (run.state, run.retry_at, certificate.attempts) == (RunState.RUNNING, certificate.retry_at, 1)

    monkeypatch.setattr(files, "store", store)
    # Before its time, nobody makes it again.
    assert not runs.work(run.pk, at + SECOND)
    certificate.refresh_from_db()
    assert certificate.attempts == 1
    finish(run, certificate.retry_at)

    assert (run.state, counts(run).issued, IssueItem.objects.get().attempts) == (RunState.DONE, 1, 1)


def test_a_certificate_that_was_given_up_ends_its_item(earned, begin):
    (enrolment,) = earned(1)
    at = timezone.now()
    run = begin(at)
    making.give_up(issue.request(enrolment.pk, at, in_bulk=True).pk, "OSError", at)

    finish(run, at)

    assert (run.state, runs.reasons_of(run)) == (RunState.DONE, {"OSError": 1})
    assert counts(run).failed == 1


def test_what_cannot_be_asked_for_waits_and_keeps_nobody(earned, begin, monkeypatch):
    broken, _fine = earned(2)
    ask = runs.request

    def request(enrolment_id, at, **how):
        if enrolment_id == broken.pk:
            raise LookupError("a plugin's variable")
        return ask(enrolment_id, at, **how)

    monkeypatch.setattr(runs, "request", request)
    at = timezone.now()
    run = begin(at)
    finish(run, at)
    assert (counts(run).issued, run.retry_at) == (1, at + making.wait_after(1))

    for _attempt in range(runs.MAX_ATTEMPTS):
        at += making.LONGEST_WAIT
        finish(run, at)
    assert (run.state, runs.reasons_of(run)) == (RunState.DONE, {"LookupError": 1})


def test_the_task_works_for_a_while_then_queues_itself_behind_the_others(earned, begin, monkeypatch):
    queued = []
    monkeypatch.setattr(tasks.work_on_run, "delay", lambda *args: queued.append(args))
    monkeypatch.setattr(tasks, "SLICE", -1)
    monkeypatch.setattr(runs, "BATCH", 1)
    earned(2)
    run = begin()
    tasks.sweep_runs()
    assert [(args[0], args[1]) for args in queued] == [(run.pk, place) for place in range(leases.places())]

    mine = queued[0]
    queued.clear()
    tasks.work_on_run(*mine)

    assert queued == [mine]
    assert counts(run).issued >= 1


def test_there_are_as_many_tasks_as_places_however_often_the_sweep_looks(
    earned, begin, monkeypatch, settings
):
    settings.ELEARN_BULK_TASKS = 2
    queued = []
    monkeypatch.setattr(tasks.work_on_run, "delay", lambda *args: queued.append(args))
    earned(1)
    run = begin()

    for _minute in range(3):
        tasks.sweep_runs()
    assert len(queued) == 2

    # A place that fell free is filled; the task that lost it does nothing when it comes.
    leases.give_back(run.pk, 0)
    tasks.sweep_runs()
    assert len(queued) == 3
    tasks.work_on_run(*queued[0])
    assert counts(run).issued == 0
    tasks.work_on_run(*queued[2])
    assert counts(run).issued == 1


def test_the_sweep_leaves_ended_runs_alone(earned, begin, monkeypatch):
    monkeypatch.setattr(tasks.work_on_run, "delay", lambda *args: pytest.fail("queued"))
    earned(1)
    run = begin()
    finish(run, timezone.now())

    tasks.sweep_runs()


def test_queries_of_a_start_and_of_a_batch(earned, begin, course, django_assert_num_queries):
    earned(3)
    # Savepoint, lock, same run, run, missing, items, there, release.
    with django_assert_num_queries(8):
        run = begin()
    with django_assert_num_queries(2):
        runs.expected(course.key, None)
    with django_assert_num_queries(1):
        runs.counts_of([run])
    with django_assert_num_queries(4):
        runs.take(run.pk, timezone.now())


# What the certificates of a batch have in common


# Finding that the course has to be read, under the lock that is given back; its rule, the default design with its logos,
# signatories and version; its outline in three languages, with one kind of activity.
SHARED_QUERIES = 8 + 5 + 3 * 3
# From the lock on the enrolment to the end of the item.
QUERIES_OF_EACH = 28


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_a_batch(earned, begin, count):
    make_design(logos=1, signatories=1, is_default=True)
    # Frozen, with keys, content types and site, as in the middle of a run.
    earned(1)
    finish(begin(), timezone.now())
    earned(count)
    run = begin()

    with CaptureQueriesContext(connection) as asked:
        assert runs.work(run.pk, timezone.now())

    assert counts(run).issued == count
    # Four to take them.
    assert len(asked) == 4 + SHARED_QUERIES + count * QUERIES_OF_EACH


def test_each_batch_reads_the_course_anew(course, earned, begin, monkeypatch):
    monkeypatch.setattr(runs, "BATCH", 1)
    design = make_design(is_default=True)
    earned(2)
    run, at = begin(), timezone.now()
    runs.work(run.pk, at)

    CoursePage.objects.filter(translation_key=course.key).update(title="Another title")
    CourseRule.objects.update(validity_months=12)
    type(design).objects.update(ink="#000000")
    runs.work(run.pk, at)

    before, after = Certificate.objects.order_by("pk")
    assert before.snapshot["content"]["course_title"]["fr"] == "Course JUR fr"
    assert after.snapshot["content"]["course_title"]["fr"] == "Another title"
    assert (before.expires_at is None, after.expires_at is None) == (True, False)
    assert (before.design.spec["ink"], after.design.spec["ink"]) == ("#1F2A2B", "#000000")


def test_each_certificate_of_a_batch_says_what_its_own_course_says(course, site, regions, earned):
    other = make_course(site, code="FIN")
    CourseRule.objects.create(
        course_key=other.key, issues_at_completion=False, design=make_design(ink="#111111"), validity_months=6
    )
    for number in range(4):
        make_enrolment(UserFactory(region=regions.kasserine), (course, other)[number % 2], done=4)
    at = timezone.now()
    run = runs.start(None, regions.kasserine, by=make_administrator(), at=at)

    finish(run, at)

    said = [
        (one.snapshot["content"]["course_title"]["fr"], one.design.spec["ink"], one.expires_at is not None)
        for one in Certificate.objects.order_by("enrolment_id")
    ]
    assert said == [("Course JUR fr", "#1F2A2B", False), ("Course FIN fr", "#111111", True)] * 2


class TestRaces:
    pytestmark = ROW_LOCKS

    def test_two_workers_never_take_the_same_item(self, regions, site):
        course = make_course(site)
        CourseRule.objects.create(course_key=course.key, issues_at_completion=False)
        for _number in range(12):
            make_enrolment(UserFactory(), course, done=4)
        at = timezone.now()
        run = runs.start(course.key, None, by=make_administrator(), at=at)

        taken = at_once(lambda number: [item.pk for item in runs.take(run.pk, at, limit=2)], times=6)

        found = [pk for batch in taken for pk in batch]
        assert len(found) == len(set(found))
        assert IssueItem.objects.filter(claimed_until__isnull=False).count() == len(found)

    def test_a_run_by_four_workers_issues_each_one_once(self, regions, site):
        course = make_course(site)
        CourseRule.objects.create(course_key=course.key, issues_at_completion=False)
        for _number in range(12):
            make_enrolment(UserFactory(), course, done=4)
        at = timezone.now()
        run = runs.start(course.key, None, by=make_administrator(), at=at)

        def work(number: int) -> None:
            while runs.work(run.pk, at):
                pass

        at_once(work, times=4)

        # The last to find nothing may have found a batch in another's hands.
        runs.work(run.pk, at)
        run.refresh_from_db()
        assert (run.state, counts(run).issued) == (RunState.DONE, 12)
        assert CertificateEvent.objects.filter(kind=EventKind.ISSUED).count() == 12

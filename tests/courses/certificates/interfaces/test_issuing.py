"""Issuing in bulk in the admin: how many, start, watch, stop, go on; and the log of archives."""

import html

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from courses.certificates import tasks
from courses.certificates.domain import archives, runs
from courses.certificates.enums import RunState
from courses.certificates.models import CourseRule, IssueRun
from tests.factories.accounts import UserFactory, make_administrator, make_trainer
from tests.factories.certificates import make_ready
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db
INDEX = reverse("certificate_issuing:index")
START = reverse("certificate_issuing:start")


@pytest.fixture
def administrator():
    return make_administrator()


@pytest.fixture
def client(administrator):
    client = Client()
    client.force_login(administrator, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def earned(course):
    CourseRule.objects.create(course_key=course.key, issues_at_completion=False)
    return [make_enrolment(UserFactory(), course, done=4) for _number in range(2)]


@pytest.fixture
def run(course, earned, administrator):
    return runs.start(course.key, None, by=administrator, at=timezone.now())


def address(run: IssueRun) -> str:
    return reverse("certificate_issuing:run", args=[run.uuid])


def test_how_many_is_shown_before_anything_begins(course, earned, client):
    response = client.get(START, {"course": str(course.key), "region": ""})

    assert response.context["expected"] == runs.Expected(complete=2, issuable=2)
    assert not IssueRun.objects.exists()


def test_the_start_wakes_the_workers(course, earned, client, monkeypatch, django_capture_on_commit_callbacks):
    woken = []
    monkeypatch.setattr(tasks.sweep_runs, "delay", lambda: woken.append(True))

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(START, {"course": str(course.key), "region": ""})

    run = IssueRun.objects.get()
    assert response.headers["Location"] == address(run)
    assert (run.items.count(), woken) == (2, [True])


def test_the_form_says_beforehand_that_one_of_both_is_needed(client):
    page = html.unescape(client.get(START).content.decode())

    assert gettext("A course, a region, or both: choose at least one of them.") in page


@pytest.mark.parametrize(
    "wrong", [{}, {"course": "", "region": ""}, {"course": "x"}, {"region": "0"}, {"region": "x"}]
)
def test_a_wrong_choice_starts_nothing(earned, client, wrong):
    assert client.get(START, {"course": "", **wrong}).status_code == 200
    assert client.post(START, wrong).status_code == 200

    assert not IssueRun.objects.exists()


def test_nobody_waiting_starts_nothing(course, client):
    response = client.get(START, {"course": str(course.key)})
    assert response.context["expected"].complete == 0

    assert client.post(START, {"course": str(course.key)}).headers["Location"] == INDEX
    assert not IssueRun.objects.exists()


def test_a_running_run_is_watched_and_an_ended_one_is_not(run, client):
    body = client.get(address(run)).content.decode()
    assert 'hx-trigger="every' in body
    assert '<progress value="0" max="2"' in body

    while runs.work(run.pk, timezone.now()):
        pass
    body = client.get(address(run)).content.decode()
    assert "hx-get" not in body
    assert '<progress value="2" max="2"' in body
    assert address(run) in client.get(INDEX).content.decode()


def test_stopping_and_going_on(run, client, monkeypatch, django_capture_on_commit_callbacks):
    woken = []
    monkeypatch.setattr(tasks.sweep_runs, "delay", lambda: woken.append(True))

    client.post(address(run), {"action": "cancel"})
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address(run), {"action": "resume"})
        client.post(address(run), {"action": "resume"})
        client.post(address(run), {"action": "something else"})
    run.refresh_from_db()
    assert (run.state, woken) == (RunState.RUNNING, [True])


def test_what_was_not_issued_says_why(course, client, administrator):
    make_enrolment(UserFactory(verified=False), course, done=4)
    run = runs.start(course.key, None, by=administrator, at=timezone.now())
    while runs.work(run.pk, timezone.now()):
        pass

    reasons = client.get(address(run)).context["reasons"]

    assert [count for _words, count in reasons] == [1]
    assert all(" " in str(words) for words, _count in reasons)


def test_an_unknown_run_is_not_there(client):
    unknown = reverse("certificate_issuing:run", args=["00000000-0000-0000-0000-000000000000"])

    assert client.get(unknown, follow=True).status_code == 404


def test_the_log_of_archives_says_who_and_why(course, regions, administrator, client):
    make_ready(UserFactory(region=regions.kasserine), course)
    archives.ask(
        administrator,
        regions.kasserine,
        course.key,
        reason="For the donor's audit",
        language="fr",
        at=timezone.now(),
    )

    body = client.get(reverse("certificate_issuing:archives")).content.decode()

    assert "audit" in body
    assert str(administrator) in body


def test_only_administrators_enter(run):
    client = Client()
    client.force_login(make_trainer(), backend=settings.AUTHENTICATION_BACKENDS[0])

    for path in (INDEX, START, address(run), reverse("certificate_issuing:archives")):
        assert client.get(path).status_code == 403
    assert client.post(address(run), {"action": "cancel"}).status_code == 403
    run.refresh_from_db()
    assert run.state == RunState.RUNNING


def test_the_list_asks_the_database_as_often_for_many_runs(run, client, django_assert_num_queries):
    client.get(INDEX)
    with django_assert_num_queries(12):
        client.get(INDEX)
    for _number in range(3):
        runs.cancel(run.pk, timezone.now())
        IssueRun.objects.create(requested_by=run.requested_by, requested_at=timezone.now())
    with django_assert_num_queries(12):
        client.get(INDEX)

"""Background jobs of the accounts."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from courses.accounts.models import PersonSession
from courses.accounts.tasks import clear_expired_sessions
from courses.plugin_api.registries import periodic_jobs
from tests.factories.accounts import UserFactory


@pytest.mark.django_db
def test_only_sessions_whose_time_is_over_go() -> None:
    old, standing = UserFactory(), UserFactory()
    for user in (old, standing):
        Client().force_login(user)
    PersonSession.objects.filter(person_id=old.pk).update(expire_date=timezone.now() - timedelta(minutes=1))

    clear_expired_sessions()

    assert PersonSession.objects.get().person_id == standing.pk


def test_it_runs_every_day() -> None:
    job = periodic_jobs.get("accounts.sessions")

    assert (job.task, job.every_seconds) == (clear_expired_sessions.name, 86400)

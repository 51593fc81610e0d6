"""The page of archives: who sees it, what it says, and the download."""

import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.accounts.enums import Role
from courses.accounts.models import RoleGrant
from courses.certificates import tasks
from courses.certificates.domain import archives
from courses.certificates.enums import EventKind, RunState
from courses.certificates.interfaces import files
from courses.certificates.models import Archive, CertificateEvent
from tests.factories.accounts import RoleGrantFactory, UserFactory, make_administrator, make_coordinator
from tests.factories.certificates import make_ready

pytestmark = pytest.mark.django_db
REASON = "For the donor's audit"


@pytest.fixture
def asker(regions):
    person = UserFactory()
    RoleGrantFactory(user=person, role=Role.COORDINATOR, region=regions.centre_ouest, may_export_names=True)
    return person


def client_of(person) -> Client:
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def discard(archive: Archive) -> str:
    return reverse("certificates:discard_archive", args=[archive.uuid])


@pytest.fixture
def client(asker):
    return client_of(asker)


@pytest.fixture
def archive(course, regions, asker):
    """A built archive with one certificate."""
    make_ready(UserFactory(region=regions.kasserine), course)
    at = timezone.now()
    found = archives.ask(asker, regions.kasserine, None, reason=REASON, language="fr", at=at)
    archives.build(found.pk, at)
    found.refresh_from_db()
    return found


def page() -> str:
    return reverse("certificates:archives")


def download(archive: Archive) -> str:
    return reverse("certificates:download_archive", args=[archive.uuid])


def test_asking_queues_the_packing_and_shows_it(
    course, regions, asker, client, monkeypatch, django_capture_on_commit_callbacks
):
    queued = []
    monkeypatch.setattr(tasks.build_archive, "delay", queued.append)
    make_ready(UserFactory(region=regions.kasserine), course)

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(
            page(), {"region": regions.kasserine.pk, "course": str(course.key), "reason": REASON}, follow=True
        )

    archive = Archive.objects.get()
    assert queued == [archive.pk]
    assert (archive.requested_by, archive.language, archive.course_key) == (asker, "fr", course.key)
    body = response.content.decode()
    assert 'hx-trigger="every' in body
    assert "htmx-2.min.js" in body
    assert "<progress" in body
    assert REASON.replace("'", "&#x27;") in body


def test_a_ready_archive_is_offered_and_nothing_polls(archive, client):
    body = client.get(page()).content.decode()

    assert download(archive) in body
    assert "hx-get" not in body
    assert "htmx" not in body


def test_the_download_is_the_stored_file(archive, asker, client):
    response = client.get(download(archive))

    content = b"".join(response.streaming_content)
    assert content == files.read(archive.file.name)
    assert ZipFile(io.BytesIO(content)).testzip() is None
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == (
        f'attachment; filename="certificates-{archive.requested_at:%Y-%m-%d}.zip"'
    )
    assert "no-store" in response["Cache-Control"]
    assert CertificateEvent.objects.filter(kind=EventKind.HANDED_OUT, actor=asker).count() == 1


def test_looking_whether_it_is_there_is_no_handing_out(archive, client):
    assert client.head(download(archive)).status_code == 200

    assert not CertificateEvent.objects.filter(kind=EventKind.HANDED_OUT).exists()


def test_somebody_elses_archive_is_not_there(archive, regions):
    colleague = UserFactory()
    RoleGrantFactory(
        user=colleague, role=Role.COORDINATOR, region=regions.centre_ouest, may_export_names=True
    )

    for person in (colleague, make_administrator(), make_coordinator(regions.sud_est), UserFactory()):
        other = client_of(person)
        assert other.get(download(archive)).status_code == 404
        assert download(archive) not in other.get(page()).content.decode()
    assert Client().get(download(archive)).status_code == 302


def test_without_the_right_any_more_it_is_not_there(archive, client):
    RoleGrant.objects.update(may_export_names=False)

    assert client.get(download(archive)).status_code == 404
    assert download(archive) not in client.get(page()).content.decode()


@pytest.mark.parametrize("how", ["expired", "ended", "lost", "running"])
def test_what_is_gone_says_so(archive, client, how):
    row = Archive.objects.filter(pk=archive.pk)
    if how == "expired":
        row.update(expires_at=timezone.now())
    elif how == "ended":
        archives.end(archive.pk, timezone.now())
    elif how == "lost":
        files.delete(archive.file.name)
    elif how == "running":
        row.update(state=RunState.RUNNING, expires_at=None)

    response = client.get(download(archive))

    assert (response.status_code, response.headers["Location"]) == (302, page())
    assert not CertificateEvent.objects.filter(kind=EventKind.HANDED_OUT).exists()
    assert list(response.wsgi_request._messages)


@pytest.mark.parametrize("state", RunState.values)
def test_each_state_can_be_shown(archive, client, state):
    Archive.objects.filter(pk=archive.pk).update(state=state)

    assert client.get(page()).status_code == 200


def test_without_room_for_another_the_page_says_what_to_do(archive, regions, client, settings):
    settings.ELEARN_ARCHIVES_AT_ONCE = 1
    data = {"region": regions.centre_ouest.pk, "course": "", "reason": REASON}

    response = client.post(page(), data)

    assert response.status_code == 200
    assert response.context["form"].non_field_errors()
    assert Archive.objects.count() == 1
    assert discard(archive) in response.content.decode()

    assert client.post(discard(archive)).headers["Location"] == page()
    assert client.post(page(), data).status_code == 302


def test_ones_own_archive_is_deleted_by_a_button(archive, client):
    assert discard(archive) in client.get(page()).content.decode()
    assert client.get(discard(archive)).status_code == 405

    client.post(discard(archive))

    archive.refresh_from_db()
    assert archive.state == RunState.CANCELLED
    body = client.get(page()).content.decode()
    assert discard(archive) not in body
    assert download(archive) not in body
    # Pressed again from an old page.
    assert client.post(discard(archive)).status_code == 302


def test_nobody_deletes_somebody_elses(archive, regions):
    for person in (make_administrator(), make_coordinator(regions.centre_ouest), UserFactory()):
        assert client_of(person).post(discard(archive)).status_code == 404
    assert Client().post(discard(archive)).status_code == 302
    archive.refresh_from_db()
    assert archive.state == RunState.DONE


def test_a_coordinator_without_the_permission_reads_why(regions):
    client = client_of(make_coordinator(regions.centre_ouest))

    response = client.get(page())

    assert response.status_code == 200
    assert b"<textarea" not in response.content
    assert client.post(page(), {}).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"region": "0"},
        {"region": "x"},
        {"course": "x"},
        {"course": "00000000-0000-0000-0000-000000000000"},
        {"reason": ""},
        {"reason": "short"},
        {"reason": "x" * 301},
    ],
)
def test_a_wrong_form_is_shown_again(course, regions, client, wrong):
    make_ready(UserFactory(region=regions.kasserine), course)
    data = {"region": str(regions.kasserine.pk), "course": "", "reason": REASON}

    response = client.post(page(), data | wrong if wrong else {})

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Archive.objects.exists()


def test_foreign_regions_cannot_be_chosen(course, regions, client):
    make_ready(UserFactory(region=regions.gabes), course)

    response = client.post(page(), {"region": regions.gabes.pk, "reason": REASON})

    assert "region" in response.context["form"].errors
    assert regions.gabes.name not in client.get(page()).content.decode()


def test_a_region_without_certificates_says_so(regions, client):
    response = client.post(page(), {"region": regions.kasserine.pk, "reason": REASON})

    assert response.status_code == 200
    assert response.context["form"].non_field_errors()


def test_the_report_leads_here(regions, client):
    UserFactory(region=regions.kasserine)

    assert page() in client.get(reverse("reports:regions")).content.decode()
    assert page() in client.get(reverse("reports:region", args=[regions.kasserine.code])).content.decode()


def test_queries_of_the_page(archive, client, django_assert_num_queries, course, regions, asker):
    client.get(page())
    with django_assert_num_queries(13):
        client.get(page())
    for _number in range(3):
        copy = Archive.objects.get(pk=archive.pk)
        copy.pk = None
        copy.uuid = files.UUID(int=_number + 1)
        copy.requested_at += timedelta(days=1)
        copy.save()
    with django_assert_num_queries(13):
        client.get(page())

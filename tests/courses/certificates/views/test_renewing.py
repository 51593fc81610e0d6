"""What holders do for another certificate: a corrected one, or a new one by following the course again."""

import html

import pytest
from django.utils import timezone
from django.utils.translation import gettext

from courses.certificates.domain.changing import OWN_CORRECTIONS, correct
from courses.certificates.domain.issue import request
from courses.certificates.domain.making import make
from courses.certificates.enums import EventKind, Standing
from courses.certificates.models import Certificate
from courses.progress.api import Enrolment
from tests.factories.accounts import UserFactory, make_administrator
from tests.factories.certificates import certificate_in, make_ready, next_cycle, rename

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder(client):
    person = UserFactory(certificate_name_latin="Zohra Trabelsi")
    client.force_login(person)
    return person


@pytest.fixture
def ready(holder, course):
    return make_ready(holder, course)


def page_of(certificate):
    return f"/fr/certificates/{certificate.uuid}/"


def offered(client, certificate):
    return f'action="{page_of(certificate)}correct/"' in client.get(page_of(certificate)).content.decode()


def ask(client, certificate):
    return client.post(f"{page_of(certificate)}correct/")


def test_offered_once_another_name_is_confirmed(client, holder, ready):
    assert not offered(client, ready)

    rename(holder)

    assert offered(client, ready)


def test_the_day_of_issue_is_said_to_be_new(client, holder, ready):
    rename(holder)

    page = client.get(f"/en/certificates/{ready.uuid}/").content.decode()

    assert "the day of issue is that of the correction" in page


def test_it_leads_to_the_new_one_which_takes_the_place(client, holder, ready):
    rename(holder)

    answer = ask(client, ready)

    new = Certificate.objects.get(supersedes=ready)
    assert (answer.status_code, answer["Location"]) == (302, page_of(new))
    assert new.snapshot["content"]["holder_latin"] == "Renamed Person"
    assert new.events.get(kind=EventKind.REQUESTED).actor == holder
    make(new.pk, timezone.now())
    assert not offered(client, ready)
    assert not offered(client, new)


def test_pressing_twice_makes_one(client, holder, ready):
    rename(holder)

    answers = [ask(client, ready) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Certificate.objects.count() == 2


def test_not_twice_a_day(client, holder, ready):
    rename(holder)
    ask(client, ready)
    new = Certificate.objects.get(supersedes=ready)
    make(new.pk, timezone.now())
    rename(holder, "A Third Name")

    assert not offered(client, new)
    assert ask(client, new)["Location"] == page_of(new)
    assert Certificate.objects.count() == 2


def test_after_two_of_their_own_the_administrators_are_asked(client, holder, ready):
    latest = ready
    for name in ("A Second Name", "A Third Name"):
        rename(holder, name)
        latest = correct(latest.pk, timezone.now(), holder.pk)
        make(latest.pk, timezone.now())
    Certificate.objects.update(requested_at=timezone.now() - OWN_CORRECTIONS)
    assert 'id="correct"' not in client.get(page_of(latest)).content.decode()
    rename(holder, "A Fourth Name")

    page = client.get(page_of(latest)).content.decode()
    assert ('id="correct"' in page, offered(client, latest)) == (True, False)
    answer = client.post(f"{page_of(latest)}correct/", follow=True)

    words = gettext(
        "You have had this certificate issued again twice already. Ask the administrators to correct it."
    )
    assert words in html.unescape(answer.content.decode())
    assert Certificate.objects.count() == 3


def test_with_the_same_name_nothing_is_made(client, ready):
    assert ask(client, ready)["Location"] == page_of(ready)
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize("standing", [Standing.REVOKED, Standing.SUPERSEDED, Standing.EXPIRED])
def test_not_one_that_counts_no_more(client, holder, course, standing):
    certificate = certificate_in(standing, holder, course)
    rename(holder, "Another Name")
    count = Certificate.objects.count()

    assert not offered(client, certificate)
    ask(client, certificate)

    assert Certificate.objects.count() == count


def test_not_beside_a_renewal(client, holder, ready):
    request(next_cycle(ready.enrolment, timezone.now()).pk, timezone.now())
    rename(holder)

    assert not offered(client, ready)
    ask(client, ready)
    assert Certificate.objects.count() == 2


def test_nobody_else(client, holder, ready):
    rename(holder)
    client.force_login(make_administrator())

    assert not offered(client, ready)
    assert ask(client, ready).status_code == 404
    assert Certificate.objects.count() == 1


def test_it_is_no_link(client, ready):
    assert client.get(f"{page_of(ready)}correct/").status_code == 405


# --- following the course again --------------------------------------------------------------------


def start_again(client, certificate):
    return client.post(f"{page_of(certificate)}again/")


def test_the_button_starts_the_next_cycle_and_leads_to_the_course(client, holder, course):
    certificate = certificate_in(Standing.EXPIRED, holder, course)
    form = f'action="{page_of(certificate)}again/"'
    assert form in client.get(page_of(certificate)).content.decode()

    answer = start_again(client, certificate)

    assert (answer.status_code, answer["Location"]) == (302, course.pages["fr"].url)
    assert [row.cycle for row in Enrolment.objects.filter(user=holder).order_by("cycle")] == [1, 2]
    # Pressed twice, or from an old page: the same cycle.
    start_again(client, certificate)
    assert Enrolment.objects.filter(user=holder).count() == 2
    assert form not in client.get(page_of(certificate)).content.decode()


def test_a_valid_one_starts_nothing(client, ready):
    answer = start_again(client, ready)

    assert (answer.status_code, answer["Location"]) == (302, page_of(ready))
    assert Enrolment.objects.count() == 1


def test_a_course_that_is_not_offered_any_more(client, holder, course):
    certificate = certificate_in(Standing.EXPIRED, holder, course)
    for page in course.pages.values():
        page.unpublish()

    answer = start_again(client, certificate)

    assert (answer.status_code, answer["Location"]) == (302, page_of(certificate))
    assert Enrolment.objects.count() == 1


def test_nobody_starts_it_for_another(client, holder, course):
    certificate = certificate_in(Standing.EXPIRED, holder, course)
    client.force_login(UserFactory())

    assert start_again(client, certificate).status_code == 404
    assert Enrolment.objects.count() == 1

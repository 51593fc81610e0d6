"""The demonstration: what it promises on the screen is there, twice is once, and never in production."""

import io
import time

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from wagtail.models import Page, Site

from courses.accounts.api import Association, Region, User, members_visible_to
from courses.accounts.enums import RegionKind
from courses.certificates.api import Certificate
from courses.interfaces.packages.keys import key_for
from courses.models import CoursePage
from courses.progress.api import ActivityCompletion, Programme, current_enrolment
from courses.quizzes.api import Attempt
from elearn.demo.people import ACCOUNTS, PASSWORD
from home.models import HomePage, PlainPage
from tests.elearn.test_production import COMPLETE, last_line, python


def load() -> list[str]:
    output = io.StringIO()
    call_command("load_demo", stdout=output)
    return output.getvalue().splitlines()


def row_counts() -> dict[str, int]:
    # Looking at a page may make renditions and sessions; nothing here does.
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.managed
    }


@pytest.fixture
def small(monkeypatch):
    """Few people in the background: the test waits for each of them."""
    monkeypatch.setattr("elearn.demo.people.POPULATION", 4)


@pytest.mark.usefixtures("db", "small")
def test_the_demonstration_is_what_it_says(client):
    lines = load()

    # The site
    assert {page.locale.language_code for page in HomePage.objects.live()} == {"ar", "en", "fr"}
    assert PlainPage.objects.live().count() == 9
    assert Page.objects.filter(depth=2).count() == 3
    assert Site.objects.get().root_page.specific == HomePage.objects.get(locale__language_code="fr")
    for language, about in (("ar", "حول الموقع"), ("en", "About"), ("fr", "À propos")):
        front = client.get(f"/{language}/")
        assert front.status_code == 200
        assert f'<a href="/{language}/about/">{about}</a>' in front.content.decode()
        assert client.get(f"/{language}/privacy/").status_code == 200
        assert client.get(f"/{language}/courses/legal-obligations/").status_code == 200
    assert CoursePage.objects.live().count() == 3
    course = CoursePage.objects.live().first()
    assert client.get(f"/fr/join/appui-2026/{course.package_id}/").status_code == 302
    assert Programme.objects.get().name == "Appui aux associations 2026"

    # People and territory
    governorates = Region.objects.filter(kind=RegionKind.GOVERNORATE)
    assert governorates.count() == 24
    assert governorates.exclude(associations__isnull=False).count() == 0
    assert Association.objects.count() == 27
    people = {account.email: User.objects.get(email=account.email) for account in ACCOUNTS}
    assert all(person.check_password(PASSWORD) for person in people.values())
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == len(ACCOUNTS) + 4
    assert not User.objects.get(email="member01@demo.example").has_usable_password()

    # Somebody who has completed the course, with evidence for everything
    done = people["member.done@demo.example"]
    enrolment = current_enrolment(done, key_for("JUR"))
    assert enrolment.progress.percent == 100
    quizzes = ActivityCompletion.objects.filter(enrolment=enrolment, kind="quiz")
    passed = Attempt.objects.filter(enrolment=enrolment, passed=True, percent=100)
    assert quizzes.count() == 5
    assert set(quizzes.values_list("evidence", flat=True)) == set(passed.values_list("uuid", flat=True))
    certificate = Certificate.objects.get(enrolment=enrolment)
    assert certificate.is_ready
    address = f"/ar/verify/{certificate.serial}/"
    assert lines[-1].endswith(address)
    assert client.get(address).status_code == 200
    centre_ouest, sud_est = (
        people[f"coordinator.{name}@demo.example"] for name in ("centre-ouest", "sud-est")
    )
    assert members_visible_to(centre_ouest).filter(pk=done.pk).count() == 1
    assert members_visible_to(sud_est).filter(pk=done.pk).count() == 0

    # What is printed
    assert lines[0] == "Demo data: sign in with one of these addresses and the password 'demo'."
    assert [line.split()[0] for line in lines[1:-2]] == [account.email for account in ACCOUNTS]

    # Once more
    before, began = row_counts(), time.process_time()
    assert load() == lines
    assert time.process_time() - began < 3
    assert row_counts() == before


@pytest.mark.usefixtures("db", "small")
def test_what_was_changed_on_the_site_stays():
    call_command("load_regions", verbosity=0, stdout=io.StringIO())
    from elearn.starter.website import make_website

    make_website()
    home = HomePage.objects.get(locale__language_code="fr")
    home.headline = "À nous"
    home.save_revision().publish()
    PlainPage.objects.get(slug="about", locale__language_code="fr").unpublish()

    make_website()

    assert HomePage.objects.get(locale__language_code="fr").headline == "À nous"
    assert PlainPage.objects.get(slug="about", locale__language_code="fr").live is False
    assert Page.objects.count() == 1 + 3 + 3 + 9


def test_it_is_refused_where_the_settings_do_not_allow_it(db, settings):
    settings.ELEARN_DEMO_ALLOWED = False
    before = row_counts()

    with pytest.raises(CommandError) as caught:
        load()

    assert str(caught.value) == "The demonstration can't be loaded under these settings: nothing was written."
    assert row_counts() == before


@pytest.mark.usefixtures("db")
def test_without_a_plugin_that_it_needs_nothing_is_loaded_and_the_site_starts(monkeypatch):
    installed = apps.is_installed
    monkeypatch.setattr(apps, "is_installed", lambda name: name != "courses.quizzes" and installed(name))
    before = row_counts()

    assert load() == ["Demo data: none, because these plugins are switched off: courses.quizzes."]
    assert row_counts() == before


def test_production_refuses_it_before_anything_is_reached():
    run = python("manage.py", "load_demo", **COMPLETE)

    assert run.returncode == 1
    assert last_line(run.stderr) == (
        "CommandError: The demonstration can't be loaded under these settings: nothing was written."
    )

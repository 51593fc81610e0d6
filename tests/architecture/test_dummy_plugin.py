"""The plugin contract, seen from outside: a plugin that imports `courses.plugin_api` alone takes part in everything."""

import csv
import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.certificates.domain.issue import request
from courses.domain.outline import outline_of
from courses.plugin_api.registries import activity_kinds, certificate_variables, page_slots, report_columns
from courses.progress.domain.recording import record_completion
from courses.progress.models import ActivityCompletion, CourseProgress
from tests.architecture.sources import ROOT, files
from tests.dummy_plugin.models import DummyPage
from tests.factories.accounts import AssociationFactory, MembershipFactory, UserFactory, make_coordinator
from tests.factories.courses import CourseTree, make_course
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(site) -> CourseTree:
    """One lesson, then the plugin's activity."""
    tree = make_course(site, modules=1, lessons=1)
    tree.dummies = tree.add_to_module(DummyPage, 0, title="Dummy", slug="dummy")
    return tree


def test_it_imports_nothing_of_the_product_but_the_plugin_api():
    imported = {
        module
        for path in files(("tests/dummy_plugin",), ".py")
        for module in re.findall(
            r"^(?:from|import)\s+((?:courses|elearn|home)[.\w]*)", path.read_text(), re.MULTILINE
        )
        if "migrations" not in path.parts
    }

    assert imported
    assert {module for module in imported if not module.startswith("courses.plugin_api.")} == set()
    assert (ROOT / "courses" / "plugin_api" / "__init__.py").read_text().strip() == ""


def test_registries_know_whose_entries_they_are():
    assert activity_kinds.origin_of("dummy") == "dummy_plugin"
    assert page_slots.origin_of("dummy-panel") == "dummy_plugin"
    assert report_columns.origin_of("dummy-answer") == "dummy_plugin"
    assert certificate_variables.origin_of("dummy_word") == "dummy_plugin"


def test_activity_is_part_of_the_outline_and_served_in_each_language(course: CourseTree, client: Client):
    outline = outline_of(course.key, "ar")

    activity = outline.modules[0].activities[1]
    assert (activity.kind, activity.required, activity.available) == ("dummy", True, True)
    for language, page in course.dummies.items():
        response = client.get(course.url(page))
        assert response.status_code == 200, language
        assert "dummy_plugin/dummy_page.html" in [template.name for template in response.templates]


def test_course_is_complete_only_with_the_plugins_activity(course: CourseTree, client: Client):
    user = UserFactory()
    enrolment = make_enrolment(user, course, done=1)
    before = CourseProgress.objects.get(enrolment=enrolment).completed_at
    client.force_login(user)

    response = client.post(reverse("progress:complete", args=[course.dummies["fr"].translation_key]))

    completion = ActivityCompletion.objects.get(enrolment=enrolment, kind="dummy")
    assert response.status_code == 302
    assert before is None
    assert completion.activity_key == course.dummies["fr"].translation_key
    assert CourseProgress.objects.get(enrolment=enrolment).completed_at is not None


def test_certificate_freezes_the_plugins_value_and_the_words_may_use_it(course: CourseTree):
    from courses.certificates.domain.snapshot import content_of
    from courses.certificates.interfaces.pdf.render import values_of
    from courses.certificates.interfaces.pdf.wording import FRENCH, fill

    user = UserFactory()
    enrolment = make_enrolment(user, course, done=1)
    record_completion(
        enrolment,
        course.dummies["fr"].translation_key,
        kind="dummy",
        locale="fr",
        revision_id=None,
        at=timezone.now(),
    )

    certificate = request(enrolment.pk, timezone.now())

    assert certificate is not None
    content = content_of(certificate.snapshot)
    assert fill("Un mot : {dummy_word}", values_of(content, FRENCH)) == f"Un mot : Dummy {enrolment.pk} fr"


def test_panel_is_shown_on_my_learning(client: Client):
    client.force_login(UserFactory())

    response = client.get(reverse("progress:my_learning"))

    assert response.status_code == 200
    assert response.content.decode().count("Dummy panel") == 1


def test_column_is_on_the_screen_and_in_the_file_of_the_report(regions, client: Client):
    MembershipFactory(association=AssociationFactory(region=regions.kasserine))
    client.force_login(make_coordinator(regions.centre_ouest))

    screen = client.get(reverse("reports:regions"))
    exported = client.get(reverse("reports:regions_csv"))

    rows = list(csv.reader(io.StringIO(exported.content.decode("utf-8-sig")), delimiter=";"))
    header = next(row for row in rows if "Dummy" in row)
    column = header.index("Dummy")
    figures = [row[column] for row in rows[rows.index(header) + 1 :] if len(row) > column]
    assert screen.status_code == 200
    assert "Dummy" in screen.content.decode()
    assert figures
    assert set(figures) == {"42"}

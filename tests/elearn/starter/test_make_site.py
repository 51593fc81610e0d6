"""`manage.py make_site`."""

import pytest
from django.core.management import call_command
from wagtail.models import GroupApprovalTask, Locale, Page, Site, Workflow

from courses.accounts.api import ensure_trainers_group
from courses.models import CourseIndexPage
from home.models import HomePage

pytestmark = pytest.mark.django_db


def test_an_empty_site_gets_its_first_pages_in_every_language(client):
    call_command("make_site", verbosity=0)

    assert set(Locale.objects.values_list("language_code", flat=True)) == {"ar", "en", "fr"}
    assert HomePage.objects.live().count() == 3
    assert CourseIndexPage.objects.live().count() == 3
    assert Site.objects.get(is_default_site=True).root_page.specific_class is HomePage
    assert client.get("/ar/").status_code == 200


def test_a_second_time_nothing_changes_but_missing_rights_are_given():
    call_command("make_site", verbosity=0)
    before = list(Page.objects.order_by("pk").values_list("pk", "title", "latest_revision_id"))
    group = ensure_trainers_group()
    group.permissions.clear()

    call_command("make_site", verbosity=0)

    assert list(Page.objects.order_by("pk").values_list("pk", "title", "latest_revision_id")) == before
    assert group.permissions.filter(codename="add_question").count() == 1


@pytest.mark.needs_plugin("courses.certificates")
def test_two_designs_of_certificates_ship_and_deleted_ones_stay_away():
    from django.apps import apps

    designs = apps.get_model("courses_certificates", "CertificateDesign").objects
    call_command("make_site", verbosity=0)
    assert sorted(designs.values_list("look", "is_default")) == [("plain", False), ("stars", True)]
    designs.filter(look="plain").delete()

    call_command("make_site", verbosity=0)

    assert designs.count() == 1


def test_the_review_of_pages_is_named_in_the_language_of_the_site():
    """Wagtail's migration names its workflow and task in English; other names stay."""
    own = Workflow.objects.create(name="Comité")
    Workflow.objects.exclude(pk=own.pk).delete()
    GroupApprovalTask.objects.all().delete()
    workflow = Workflow.objects.create(name="Moderators approval")
    task = GroupApprovalTask.objects.create(name="Moderators approval")

    for _ in range(2):
        call_command("make_site", verbosity=0)

    for row, expected in ((workflow, "Relecture"), (task, "Relecture"), (own, "Comité")):
        row.refresh_from_db()
        assert row.name == expected

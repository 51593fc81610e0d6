"""The first screen of the admin, and the order in which it lists what lies below a page."""

import pytest
from django.test import Client
from django.urls import reverse

from courses.accounts.api import ensure_trainers_group
from courses.interfaces.start_panel import rows_for
from tests.factories.accounts import UserFactory, make_administrator, make_trainer
from tests.factories.courses import make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer(course):
    user = make_trainer()
    user.groups.add(ensure_trainers_group(list(course.site.catalogue.values())))
    return user


def test_a_trainer_finds_the_courses_in_each_language(client: Client, course, trainer):
    client.force_login(trainer)

    page = client.get(reverse("wagtailadmin_home")).content.decode()

    for language in ("ar", "fr", "en"):
        assert reverse("wagtailadmin_explore", args=[course.pages[language].pk]) in page
    row = rows_for(trainer)[0]
    assert (row.page, row.modules) == (course.pages["fr"], 2)
    assert [page for _name, page in row.variants] == [course.pages[code] for code in ("ar", "fr", "en")]


def test_who_may_not_write_sees_none(course):
    assert rows_for(UserFactory()) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_is_the_same_for_any_number_of_courses(
    course, site, count, django_assert_num_queries
):
    for number in range(1, count):
        make_course(site, code=f"C{number}")
    user = make_administrator()

    with django_assert_num_queries(1):
        assert len(rows_for(user)) == count


@pytest.mark.parametrize("parent", ["course", "module"])
def test_what_lies_below_is_listed_in_the_order_of_the_learners(client: Client, course, parent):
    client.force_login(make_administrator())
    page = course.pages["fr"] if parent == "course" else course.modules["fr"][0]
    below = list(page.get_children())
    # As if the first had been changed last.
    below[0].specific.save_revision()

    listed = client.get(reverse("wagtailadmin_explore", args=[page.pk])).context["object_list"]

    assert [found.pk for found in listed] == [found.pk for found in below]

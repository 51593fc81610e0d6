"""The admin's screens of extra time and attempts."""

import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from courses.accounts.domain.roles import grant_role
from courses.accounts.enums import Role
from courses.quizzes.domain.allowances import grant
from courses.quizzes.models import Allowance
from tests.factories.accounts import AssociationFactory, UserFactory
from tests.factories.quizzes import make_quiz

INDEX = "/admin/quiz-allowances/"
ADD = f"{INDEX}add/"


@pytest.fixture
def trainer(client, db):
    user = UserFactory(language="en")
    grant_role(user, Role.TRAINER, by=None, at=timezone.now())
    user = type(user).objects.get(pk=user.pk)
    client.force_login(user)
    return user


@pytest.fixture
def timed(course):
    return make_quiz(course, "numeric", time_limit_minutes=30)


def posted(quiz, **changes):
    return {
        "quiz": str(quiz.key),
        "who": "AB-12",
        "minutes": "15",
        "attempts": "",
        "reason": "Reads slowly",
    } | changes


def test_first_it_finds_people_then_it_allows(client, trainer, timed):
    amina = UserFactory(display_name="Amina Ben Ali", member_code="AB-12")
    found = client.post(ADD, posted(timed))
    assert (found.status_code, Allowance.objects.count()) == (200, 0)
    page = found.content.decode()
    assert "Amina Ben Ali · AB-12" in page
    done = client.post(ADD, posted(timed, chosen=f"person {amina.uuid}"))
    assert (done.status_code, done["Location"]) == (302, INDEX)
    row = Allowance.objects.get()
    assert (row.user, row.extra_minutes, row.extra_attempts, row.granted_by) == (amina, 15, 0, trainer)


def test_names_are_searched_by_administrators_alone(client, trainer, timed):
    UserFactory(display_name="Amina Ben Ali", member_code="AB-12")
    UserFactory(display_name="Amina Gone", is_active=False, erased_at=timezone.now())
    by_trainer = html.unescape(client.post(ADD, posted(timed, who="Amina")).content.decode())
    told = gettext("A person's whole member code or e-mail address, or the name of an association.")
    assert ("Amina Ben Ali" in by_trainer, told in by_trainer) == (False, True)
    grant_role(trainer, Role.ADMINISTRATOR, by=None, at=timezone.now())
    by_administrator = client.post(ADD, posted(timed, who="Amina")).content.decode()
    assert ("Amina Ben Ali · AB-12" in by_administrator, "Amina Gone" in by_administrator) == (True, False)


def test_reasons_and_names_are_for_who_allowed_it_and_for_administrators(client, trainer, timed):
    whom = UserFactory(display_name="Amina Ben Ali", member_code="AB-12")
    row = grant(timed.key, user=whom, minutes=10, reason="Why", by=trainer, at=timezone.now())
    address = reverse("quiz_allowances:withdraw", args=[row.pk])
    other = UserFactory(language="en")
    seen = []
    for role, reader in ((None, trainer), (Role.TRAINER, other), (Role.ADMINISTRATOR, other)):
        if role:
            grant_role(reader, role, by=None, at=timezone.now())
        client.force_login(reader)
        pages = [client.get(address).content.decode() for address in (INDEX, address)]
        seen.append([word in page for page in pages for word in ("Amina", "Why")])
        assert ["AB-12" in page for page in pages] == [role == Role.TRAINER] * 2
    assert seen == [[True, True, True, False], [False] * 4, [True, True, True, False]]


@pytest.mark.parametrize("text", ["ab-12", "amina@example.org"])
def test_a_member_code_or_an_address_is_enough_and_never_shown_in_part(client, trainer, timed, text):
    UserFactory(display_name="Somebody", member_code="AB-12", email="amina@example.org")
    assert "Somebody" in client.post(ADD, posted(timed, who=text)).content.decode()
    assert "Somebody" not in client.post(ADD, posted(timed, who=text[:-1])).content.decode()


def test_an_association_is_found_by_its_name_in_either_script(client, trainer, timed, regions):
    association = AssociationFactory(region=regions.kasserine, name_latin="Amal", name_ar="جمعية الأمل")
    for text in ("amal", "الامل"):
        assert f"association {association.pk}" in client.post(ADD, posted(timed, who=text)).content.decode()
    client.post(ADD, posted(timed, who="amal", attempts="2", chosen=f"association {association.pk}"))
    assert Allowance.objects.get().association == association


@pytest.mark.parametrize(
    "changes",
    [
        {"minutes": "", "attempts": "0"},
        {"minutes": "-1"},
        {"minutes": "1441"},
        {"reason": " "},
        {"quiz": ""},
        {"quiz": "00000000-0000-0000-0000-000000000000"},
        {"who": ""},
        {"who": "x"},
        {"chosen": ""},
        {"chosen": "person 00000000-0000-0000-0000-000000000000"},
    ],
)
def test_bad_input_is_shown_again_and_allows_nothing(client, trainer, timed, changes):
    amina = UserFactory(display_name="Amina Ben Ali", member_code="AB-12")
    response = client.post(ADD, posted(timed, chosen=f"person {amina.uuid}") | changes)
    assert (response.status_code, Allowance.objects.count()) == (200, 0)


def allowed(quiz, trainer, count=1):
    return [
        grant(quiz.key, user=UserFactory(), minutes=10, reason="Why", by=trainer, at=timezone.now())
        for _ in range(count)
    ]


def test_taking_back_asks_why_and_keeps_the_row(client, trainer, timed):
    [row] = allowed(timed, trainer)
    address = reverse("quiz_allowances:withdraw", args=[row.pk])
    assert client.post(address, {"reason": " "}).status_code == 200
    row.refresh_from_db()
    assert row.withdrawn_at is None
    assert client.post(address, {"reason": "Wrong person"})["Location"] == INDEX
    row.refresh_from_db()
    assert (row.withdrawn_by, row.withdrawn_because) == (trainer, "Wrong person")
    assert "Wrong person" not in client.get(INDEX).content.decode()
    assert "Wrong person" in client.get(f"{INDEX}?withdrawn").content.decode()
    assert gettext("It was taken back already.") in html.unescape(client.get(address).content.decode())


def test_the_list_takes_as_many_queries_for_one_as_for_three(client, trainer, timed):
    counts = []
    for more in (1, 2):
        allowed(timed, trainer, more)
        with CaptureQueriesContext(connection) as taken:
            assert client.get(INDEX).content.decode().count("Why") == Allowance.objects.count()
        # Those of this screen; the admin's own menu asks some too.
        counts.append(sum("quizzes_" in query["sql"] for query in taken.captured_queries))
    # How many, the rows, the titles, and what of it may be taken back.
    assert counts == [4, 4]

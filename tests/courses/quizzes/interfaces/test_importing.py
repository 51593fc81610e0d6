"""Importing and exporting in the admin: look first, take what is ticked, and keep nothing longer than that takes."""

import io
import re

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.users.models import UserProfile

from courses.plugin_api.packages import key_for
from courses.quizzes.interfaces import importing
from courses.quizzes.interfaces.exchange.detect import Format
from courses.quizzes.interfaces.exchange_files import read_candidates
from courses.quizzes.models import Question, QuestionCategory
from tests.factories.accounts import UserFactory, make_administrator
from tests.factories.quizzes import make_question, make_quiz

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("locales")]

FILE = """$CATEGORY: $course$/top/Law

// [id:Q-1]
::Q-1::Who signs?{=The president ~The cook}

How many days?{#30:2}

Two are right{=a =b ~c}
"""


@pytest.fixture
def admin_client(client):
    person = make_administrator()
    UserProfile.objects.create(user=person, preferred_language="en")
    client.force_login(person)
    client.person = person
    return client


def upload(client, data=FILE, **changes):
    raw = data.encode() if isinstance(data, str) else data
    fields = {"format": "auto", "language": "fr", "category": "", "own_categories": "on"} | changes
    return client.post(reverse("quiz_import:upload"), {**fields, "file": SimpleUploadedFile("q.gift", raw)})


def ticked(page):
    return re.findall(r'name="take" value="(\d+)"[^>]*? checked', page)


def test_a_file_is_looked_at_then_taken_then_forgotten(admin_client):
    response = upload(admin_client)
    assert response.status_code == 302
    address = response["Location"]
    page = admin_client.get(address).content.decode()
    assert Question.objects.count() == 0
    assert ticked(page) == ["1", "2"]
    assert 'value="3"' not in page
    assert "The president" in page
    assert "30 ± 2" in page
    response = admin_client.post(address, {"take": ["1"]})
    done = response["Location"]
    question = Question.objects.get()
    assert (question.stem, question.live, question.author) == ("Who signs?", False, admin_client.person)
    assert str(question.category) == "Law"
    result = admin_client.get(done).content.decode()
    assert reverse(Question.snippet_viewset.get_url_name("edit"), args=[question.pk]) in result
    assert not any(isinstance(cache.get(key), importing.Kept) for key in _keys(admin_client, address))


def _keys(client, address):
    token = address.rstrip("/").rpartition("/")[2]
    return [f"quizzes.import.{client.person.pk}.{token}.{what}" for what in ("file", "report", "taken")]


def test_the_button_twice_takes_once(admin_client):
    address = upload(admin_client)["Location"]
    first = admin_client.post(address, {"take": ["1", "2"]})
    again = admin_client.post(address, {"take": ["1", "2"]})
    assert first["Location"] == again["Location"]
    assert Question.objects.count() == 2


def test_what_cannot_be_taken_is_not_taken_because_it_is_ticked(admin_client):
    address = upload(admin_client)["Location"]
    admin_client.post(address, {"take": ["1", "3", "99", "x"]})
    assert [question.stem for question in Question.objects.all()] == ["Who signs?"]


def test_nothing_ticked_asks_again(admin_client):
    address = upload(admin_client)["Location"]
    assert admin_client.post(address, {})["Location"] == address
    assert admin_client.get(address).status_code == 200


def test_a_file_of_another_person_or_one_forgotten_is_not_there(admin_client, client):
    address = upload(admin_client)["Location"]
    first = admin_client.person
    admin_client.force_login(make_administrator())
    response = admin_client.get(address)
    assert response["Location"] == reverse("quiz_import:upload")
    admin_client.force_login(first)
    assert admin_client.get(address).status_code == 200
    upload(admin_client, "Is it free?{TRUE}")
    assert admin_client.get(address)["Location"] == reverse("quiz_import:upload")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b" \n", "empty"),
        (b"no question at all", "none of the formats"),
        ("Une première ?{TRUE}".encode("latin-1"), "UTF-8"),
        (b"PK\x03\x04" + b"\0" * 40, ""),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        ("a{T}\n\n" * 501, "more than 500 questions"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_the_field(admin_client, data, word):
    response = upload(admin_client, data)
    assert response.status_code == 200
    (error,) = response.context["form"].errors["file"]
    assert word in error


def test_who_may_not_add_questions_gets_no_screen(client):
    person = UserFactory(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(person)
    for name in ("quiz_import:upload", "quiz_export:export"):
        assert client.get(reverse(name)).status_code == 302
    person.user_permissions.add(Permission.objects.get(codename="add_question"))
    client.force_login(type(person).objects.get(pk=person.pk))
    page = client.get(reverse("quiz_import:upload"))
    assert page.status_code == 200
    # No category is made by who may not make one.
    assert "own_categories" not in page.context["form"].fields
    address = upload(client)["Location"]
    client.post(address, {"take": ["1"]})
    assert Question.objects.get().category is None
    assert not QuestionCategory.objects.exists()


def test_a_script_in_a_file_is_text(admin_client):
    address = upload(admin_client, "<b onclick=x>Who</b><script>alert(1)</script> signs & why?{=<i>a</i> ~[plain]<script>b}")[
        "Location"
    ]  # fmt: skip
    page = admin_client.get(address).content.decode()
    assert "<script>alert" not in page
    assert "<script>b" not in page
    assert "&lt;script&gt;b" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_preview_asks_the_database_the_same_for_one_and_for_three(
    admin_client, django_assert_num_queries, count
):
    address = upload(admin_client, "".join(f"// [id:Q-{n}]\nIs it {n}?{{TRUE}}\n\n" for n in range(count)))[
        "Location"
    ]
    admin_client.get(address)
    with django_assert_num_queries(PREVIEW_QUERIES):
        admin_client.get(address)


PREVIEW_QUERIES = 8


# Export


def test_published_questions_of_a_quiz_are_downloaded(admin_client, course):
    make_question("numeric", stem="Elsewhere")
    quiz = make_quiz(course, "single_choice", "ordering")
    Question.objects.update(live=True)
    address = reverse("quiz_export:export")
    asked = {"format": "moodlexml", "language": "fr", "quiz": str(quiz.key)}
    assert admin_client.get(address).status_code == 200
    response = admin_client.get(address, {**asked, "download": "1"})
    assert response["Content-Disposition"] == 'attachment; filename="questions-fr.xml"'
    format, found = read_candidates(response.content, language="fr")
    assert (format, [one.variants["fr"].type for one in found]) == (
        Format.MOODLE_XML,
        ["single_choice", "ordering"],
    )
    page = admin_client.get(address, {**asked, "format": "gift", "check": "1"}).content.decode()
    assert "1 question is written." in page
    assert "1 question is left out." in page
    assert "A GIFT file can&#x27;t hold this kind of question" in page


def test_the_list_exports_what_is_ticked_or_shown(admin_client):
    numeric = make_question("numeric", translation_key=key_for("Q-1"), package_id="Q-1")
    make_question("single_choice")
    Question.objects.update(live=True)
    bulk = "/admin/bulk/courses_quizzes/question/export_questions/"
    response = admin_client.get(bulk, {"id": [numeric["ar"].pk]})
    assert response["Location"] == f"{reverse('quiz_export:export')}?question={numeric['ar'].pk}"
    asked = {"format": "moodlexml", "language": "fr", "download": "1"}

    def types(**narrowing):
        found = admin_client.get(reverse("quiz_export:export"), {**asked, **narrowing})
        return [one.variants["fr"].type for one in read_candidates(found.content, language="fr")[1]]

    assert types(question=numeric["ar"].pk) == ["numeric"]
    response = admin_client.get(
        bulk, {"id": "all", "next": "/admin/snippets/courses_quizzes/question/?type=numeric&p=2"}
    )
    assert response["Location"].endswith("?type=numeric")
    assert types(type="numeric") == ["numeric"]
    assert sorted(types()) == ["numeric", "single_choice"]


def test_nothing_to_write_is_said_and_not_downloaded(admin_client):
    response = admin_client.get(
        reverse("quiz_export:export"), {"format": "gift", "language": "fr", "download": "1"}
    )
    assert "Content-Disposition" not in response
    assert response.status_code == 200


def test_files_are_closed_when_read():
    """What is kept is the bytes: no handle of an upload outlives its request."""
    kept = importing.Kept("a", io.BytesIO(b"a{T}").read(), "gift", "fr", None, False)
    assert [one.variants["fr"].type for one in kept.candidates()] == ["true_false"]

"""Short text, matching and ordering on the learner's pages: asked, saved with and without a script, reviewed."""

import html
import json
import re

import pytest
from django.urls import reverse

from courses.quizzes.domain.queries import journal_of
from courses.quizzes.models import Attempt
from courses.quizzes.types.base import question_types
from tests.factories.quizzes import make_question, make_quiz, start_quiz, take_quiz

TYPES = ("short_text", "matching", "ordering")


@pytest.fixture
def attempt(client, course, learner):
    client.force_login(learner)
    return start_quiz(learner, make_quiz(course, *TYPES))


def url(name: str, attempt: Attempt, *args: object, language: str = "fr") -> str:
    path = reverse(f"quizzes:{name}", args=[attempt.uuid, *args])
    return f"/{language}/{path.split('/', 2)[2]}"


def answers_of(attempt):
    return journal_of(attempt).answers


def key(attempt, position):
    return attempt.paper["questions"][position - 1]["key"]


def value_of(attempt, position):
    return next((value for k, value in answers_of(attempt).items() if str(k) == key(attempt, position)), None)


def selects(page):
    """The values of each select's options, in order."""
    return [
        re.findall(r'<option value="([^"]*)"', block)
        for block in re.findall(r"<select.*?</select>", page, re.DOTALL)
    ]


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize(("position", "lines", "options"), [(2, 3, 4), (3, 4, 4)])
def test_each_line_has_a_labelled_select_that_a_form_saves(
    client, attempt, language, position, lines, options
):
    asked = url("question", attempt, position, language=language)
    page = client.get(asked).content.decode()
    found = selects(page)
    assert [len(values) for values in found] == [options + 1] * lines
    assert all(values[0] == "" for values in found)
    # Each has its own label, in the language of the page.
    labels = re.findall(r'<label class="field__label" for="(answer-\d)">([^<]*)</label>', page)
    assert [target for target, _text in labels] == re.findall(r'<select id="(answer-\d)"', page)
    assert all(text.endswith(language) for _target, text in labels)

    chosen = [values[number + 1] for number, values in enumerate(found)]
    assert client.post(asked, {"answer": chosen}).status_code == 302
    kept = client.get(asked).content.decode()
    assert re.findall(r'<option value="([^"]*)" selected', kept) == chosen
    # Taken back by choosing nothing.
    assert client.post(asked, {"answer": [""] * lines}).status_code == 302
    assert value_of(attempt, position) is None


def test_a_place_given_twice_is_explained_and_nothing_is_lost(client, attempt):
    asked = url("question", attempt, 3, language="en")
    found = selects(client.get(asked).content.decode())
    twice = [found[0][1], found[1][1], "", ""]
    response = client.post(asked, {"answer": twice})
    page = html.unescape(response.content.decode())
    assert "Give each line a place of its own." in page
    assert re.findall(r'<option value="([^"]*)" selected', page) == twice[:2]
    assert page.count('aria-invalid="true"') == 4
    assert value_of(attempt, 3) is None


def test_a_text_is_saved_as_it_was_written(client, attempt):
    asked = url("question", attempt, 1, language="ar")
    client.post(asked, {"answer": " «التصريح» "})
    assert value_of(attempt, 1) == "«التصريح»"
    assert 'value="«التصريح»"' in client.get(asked).content.decode()


def test_the_script_sends_an_object_of_lines(client, attempt):
    def send(position, sequence, value):
        entry = {
            "question": key(attempt, position),
            "device": "device-one",
            "sequence": sequence,
            "value": value,
        }
        return client.post(url("answers", attempt), json.dumps(entry), content_type="application/json").json()

    question = attempt.paper["questions"][1]["body"]
    pair = {question["prompts"][0]: question["options"][2]}
    items = attempt.paper["questions"][2]["body"]["items"]
    assert send(2, 1, pair)["saved"] is True
    assert send(3, 2, {items[0]: "3", items[1]: "1"})["saved"] is True
    assert (value_of(attempt, 2), value_of(attempt, 3)) == (pair, [items[1], None, items[0], None])
    assert send(2, 3, {})["saved"] is True
    assert value_of(attempt, 2) is None
    refused = send(3, 4, {items[0]: "3", items[1]: "3"})
    assert (refused["saved"], refused["error"]) == (False, "not_understood")
    assert value_of(attempt, 3) == [items[1], None, items[0], None]
    assert send(1, 5, "a\0\ud800")["saved"] is True
    assert value_of(attempt, 1) == "a"


def test_the_pages_of_an_attempt_hold_nothing_of_the_key(client, attempt):
    """Neither the accepted text, nor an order that is the right one, nor which option belongs to which prompt."""
    pages = [client.get(url("question", attempt, position)).content.decode() for position in (1, 2, 3)]
    assert "Accepted" not in pages[0]
    found = selects(pages[1])
    options = [values[1:] for values in found]
    # The same options in the same order after each prompt.
    assert len({tuple(value.split(" ")[1] for value in values) for values in options}) == 1
    assert [value.split(" ")[0] for values in selects(pages[2]) for value in values[1:2]] == sorted(
        attempt.answer_key[key(attempt, 3)]["answer"]["order"]
    )


def test_the_summary_says_what_was_chosen(client, attempt):
    items = attempt.paper["questions"][2]["body"]["items"]
    words = attempt.paper["questions"][2]["texts"]["fr"]["items"]
    client.post(url("question", attempt, 3), {"answer": [f"{items[2]} 1"]})
    page = client.get(url("summary", attempt)).content.decode()
    assert f"1. {words[items[2]]} · 2. … · 3. … · 4. …" in page


def test_a_pass_shows_right_answers_and_a_failure_does_not(client, course, learner):
    client.force_login(learner)
    quiz = make_quiz(course, *TYPES)
    failed = take_quiz(learner, quiz, wrong=(0, 1, 2))
    hidden = client.get(url("review", failed)).content.decode()
    assert [word in hidden for word in ("Accepted", "choice--right", "choice--wrong")] == [False, False, True]
    # The wrong mark is that of the text, which its verdict tells already.
    assert hidden.count("choice--wrong") == 1

    passed = take_quiz(learner, quiz, wrong=())
    assert passed.percent == 100
    shown = client.get(url("review", failed)).content.decode()
    assert "Accepted fr" in shown
    assert shown.count("choice--wrong") == 1 + 3 + 4
    assert [f"<bdi>Option {number} fr</bdi></span>" in shown for number in range(3)] == [True] * 3
    right_order = re.search(r"<ol>(.*?)</ol>", shown)[1]
    assert re.findall(r"<li>([^<]*)</li>", right_order) == [f"Item {number} fr" for number in range(4)]


@pytest.mark.parametrize(("partial", "percent", "word"), [(True, 50, "Partly right"), (False, 0, "Wrong")])
def test_a_partly_right_answer_earns_its_share_where_the_question_says_so(
    client, course, learner, partial, percent, word
):
    client.force_login(learner)
    quiz = make_quiz(course, questions=[make_question("ordering", partial_credit=partial)])
    attempt = start_quiz(learner, quiz)
    right = quiz.right(0)
    answer = [f"{item} {place}" for place, item in enumerate([*right[:2], right[3], right[2]], start=1)]
    client.post(url("question", attempt, 1), {"answer": answer})
    client.post(url("submit", attempt))
    attempt.refresh_from_db()
    assert attempt.percent == percent
    page = client.get(url("review", attempt, language="en")).content.decode()
    assert re.search(rf"</svg> {word}</p>", page)


@pytest.mark.parametrize("kind", TYPES)
def test_practice_asks_and_grades_without_a_record(client, course, kind):
    quiz = make_quiz(course, kind)
    practice = f"/fr/quizzes/{quiz.key}/practice/"
    name = f"q-{quiz.question_key(0)}"
    right = quiz.right(0)
    if isinstance(right, dict):
        right = [f"{prompt} {option}" for prompt, option in right.items()]
    elif isinstance(right, list):
        right = [f"{item} {place}" for place, item in enumerate(right, start=1)]
    assert client.get(practice).status_code == 200
    result = client.post(practice, {name: right}).context["result"]
    assert (result.percent, Attempt.objects.count()) == (100, 0)


def test_every_type_says_what_it_uses_of_a_question():
    assert {kind.key: kind.uses for kind in question_types if kind.key in TYPES} == {
        "short_text": ("accepted",),
        "matching": ("pairs", "partial_credit"),
        "ordering": ("sequence", "partial_credit"),
    }

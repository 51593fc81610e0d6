"""The pages of an attempt: several questions on one, sections, scenarios, checks, no way back."""

import html
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Locale

from courses.quizzes.domain import checking
from courses.quizzes.domain.refusals import Refusal, Refused
from courses.quizzes.models import AnswerEntry, Attempt, Check, QuizItem, Scenario
from tests.factories.quizzes import make_question, make_quiz, start_quiz


@pytest.fixture
def taking(client, course, learner):
    """Start an attempt at a quiz with these rules, and say where its pages are."""

    def start(*types: str, **rules):
        quiz = make_quiz(course, *types, **rules)
        client.force_login(learner)
        attempt = start_quiz(learner, quiz)
        return quiz, attempt, f"/en/quizzes/attempts/{attempt.uuid}/"

    return start


def words(response) -> str:
    return " ".join(html.unescape(response.content.decode()).replace("\u00a0", " ").split())


def make_scenario() -> dict[str, Scenario]:
    made = {}
    key = None
    for code in ("fr", "ar", "en"):
        scenario = Scenario(
            title=f"Case {code}", text=f"What happened {code}", locale=Locale.objects.get(language_code=code)
        )
        if key:
            scenario.translation_key = key
        scenario.save()
        key = scenario.translation_key
        made[code] = scenario
    return made


def scenario_question(scenario: dict[str, Scenario], **fields):
    made = make_question("true_false", **fields)
    for code, question in made.items():
        question.scenario = scenario[code]
        question.save()
    return made


# All on one page


def test_all_questions_on_one_page_are_saved_together(client, taking):
    quiz, _attempt, base = taking("true_false", "numeric", "multiple_choice", layout="all")
    page = words(client.get(f"{base}questions/1/"))
    assert [f"Stem {number} en" in page for number in range(3)] == [True] * 3
    assert (page.count("<h1"), page.count("data-question="), "qnav" in page) == (1, 3, False)
    data = {f"q-{quiz.question_key(number)}": quiz.right(number) for number in range(3)}
    response = client.post(f"{base}questions/1/", data)
    assert response["Location"] == f"{base}summary/"
    assert AnswerEntry.objects.count() == 3
    # What didn't change is saved once.
    client.post(f"{base}questions/1/", data)
    assert AnswerEntry.objects.count() == 3
    assert client.post(f"{base}submit/", follow=True).context["attempt"].percent == 100


def test_a_bad_answer_among_others_is_marked_and_the_others_are_saved(client, taking):
    quiz, _attempt, base = taking("true_false", "numeric", layout="all")
    data = {f"q-{quiz.question_key(0)}": "true", f"q-{quiz.question_key(1)}": "beaucoup"}
    response = client.post(f"{base}questions/1/", data)
    page = words(response)
    assert (response.status_code, 'id="q2-error"' in page, 'id="q1-error"' in page) == (200, True, False)
    assert "<title>Error:" in page.replace("<title> ", "<title>")
    assert AnswerEntry.objects.get().question_key == quiz.question_key(0)


def test_another_question_of_the_page_is_found_at_its_place(client, taking):
    _quiz, _attempt, base = taking("true_false", "true_false", layout="all")
    assert client.get(f"{base}questions/2/")["Location"] == f"{base}questions/1/#q2"
    assert client.get(f"{base}questions/3/").status_code == 404


@pytest.mark.parametrize("mode", ["after", "immediate"])
def test_a_page_takes_as_many_queries_for_one_question_as_for_three(
    client, taking, mode, django_assert_num_queries
):
    counts = set()
    for module, types in enumerate((["true_false"], ["true_false"] * 3)):
        quiz, _attempt, base = taking(*types, layout="all", module=module, feedback_mode=mode)
        if mode == "immediate":
            client.post(f"{base}questions/1/", {_name(quiz, 0): "true", "check": "1"})
        client.get(f"{base}questions/1/")
        with django_assert_num_queries(100, exact=False) as context:
            client.get(f"{base}questions/1/")
        counts.add(len(context))
    assert counts == ({4} if mode == "after" else {8})


def _name(quiz, number: int) -> str:
    return "answer" if len(quiz.questions) == 1 else f"q-{quiz.question_key(number)}"


# Sections and scenarios


def test_sections_and_scenarios_stand_above_what_they_begin_with(client, course, learner):
    scenario = make_scenario()
    questions = [
        make_question("true_false", stem="Alone"),
        scenario_question(scenario, stem="First"),
        scenario_question(scenario, stem="Second"),
    ]
    quiz = make_quiz(course, questions=questions)
    QuizItem.objects.filter(page=quiz.pages["fr"], sort_order=1).update(
        section={"fr": "Partie", "en": "Part two"}
    )
    client.force_login(learner)
    attempt = start_quiz(learner, quiz)
    base = f"/en/quizzes/attempts/{attempt.uuid}/"
    alone, together = words(client.get(f"{base}questions/1/")), words(client.get(f"{base}questions/2/"))
    assert ("What happened" in alone, "Part two" in alone) == (False, False)
    for word in ("What happened en", "Case en", "Part two", "First en", "Second en"):
        assert together.count(word) == 1, word
    assert "Questions 2 to 3 of 3" in together
    assert client.get(f"{base}questions/3/")["Location"] == f"{base}questions/2/#q3"
    # From the page on, the next is what comes after all of it; back leads to what comes before.
    assert 'name="go" value="1"' in together
    assert client.post(f"{base}questions/2/", {"go": "1"})["Location"] == f"{base}questions/1/"
    data = {f"q-{quiz.question_key(number)}": "true" for number in (1, 2)}
    assert client.post(f"{base}questions/2/", data)["Location"] == f"{base}summary/"
    summary = words(client.get(f"{base}summary/"))
    client.post(f"{base}submit/")
    review = words(client.get(f"{base}review/"))
    for page in (summary, review):
        assert [page.count(word) for word in ("What happened en", "Part two")] == [1, 1]
    assert re.findall(r'<ol class="rows" start="(\d)"', summary) == ["1", "2"]


def test_practice_shows_sections_and_scenarios(client, course):
    quiz = make_quiz(course, questions=[scenario_question(make_scenario(), stem="First")])
    page = words(client.get(f"/en/quizzes/{quiz.key}/practice/"))
    assert page.count("What happened en") == 1


# Checks


def test_a_check_tells_at_once_and_the_answer_stands(client, taking):
    quiz, _attempt, base = taking("single_choice", "numeric", feedback_mode="immediate", max_attempts=2)
    page = words(client.get(f"{base}questions/1/"))
    assert ('name="check" value="1"' in page, "Save and continue" in page) == (True, True)
    response = client.post(f"{base}questions/1/", {"answer": quiz.wrong(0), "check": "1"})
    assert response["Location"] == f"{base}questions/1/#q1-told"
    page = words(client.get(f"{base}questions/1/"))
    assert 'id="q1-told" tabindex="-1"' in page
    # Attempts are left: the verdict and the remark are told, the right answer and what explains it aren't.
    assert ["Wrong" in page, "Remark 0 en" in page] == [True, True]
    assert [
        word for word in ("Explanation", "Right answer", "Remark 1", 'name="answer"') if word in page
    ] == []
    late = client.post(f"{base}questions/1/", {"answer": quiz.right(0)}, follow=True)
    assert "This answer was checked and stands; the change wasn't saved." in words(late)
    assert AnswerEntry.objects.count() == 1
    assert client.post(f"{base}questions/1/")["Location"] == f"{base}questions/2/"


def test_a_right_answer_is_explained_and_the_last_attempt_tells_all(client, taking):
    quiz, _attempt, base = taking("single_choice", "single_choice", feedback_mode="immediate", max_attempts=1)
    for number, raw in ((1, quiz.right(0)), (2, quiz.wrong(1))):
        client.post(f"{base}questions/{number}/", {"answer": raw, "check": str(number)})
    first, second = (words(client.get(f"{base}questions/{number}/")) for number in (1, 2))
    assert ["Explanation en" in page for page in (first, second)] == [True, True]
    assert ["Right answer" in page for page in (first, second)] == [False, True]


def test_an_empty_check_asks_for_an_answer(client, taking):
    _quiz, _attempt, base = taking("numeric", feedback_mode="immediate")
    page = words(client.post(f"{base}questions/1/", {"answer": "", "check": "1"}))
    assert "Give an answer first; then check it." in page
    assert Check.objects.count() == 0


def test_hints_come_one_by_one(client, course, learner):
    question = make_question("numeric", stem="How many", hints="")
    for code, made in question.items():
        made.hints = f"First hint {code}\nSecond hint {code}\nThird hint {code}"
        made.save()
    quiz = make_quiz(course, questions=[question], feedback_mode="interactive")
    client.force_login(learner)
    attempt = start_quiz(learner, quiz)
    base = f"/en/quizzes/attempts/{attempt.uuid}/"
    assert "hint en" not in words(client.get(f"{base}questions/1/"))
    seen = []
    for raw in ("1", "2", "3"):
        client.post(f"{base}questions/1/", {"answer": raw, "check": "1"})
        page = words(client.get(f"{base}questions/1/"))
        seen.append([page.count(word) for word in ("First hint", "Second hint", "Third hint")])
        assert ">30<" not in page
    assert seen == [[1, 0, 0], [1, 1, 0], [0, 0, 0]]
    assert "Wrong" in page
    client.post(f"{base}submit/")
    assert Attempt.objects.get().percent == 0


def test_solved_at_the_second_try_is_said_and_earns_two_thirds(client, taking):
    _quiz, _attempt, base = taking("numeric", feedback_mode="interactive")
    for raw in ("31", "30"):
        client.post(f"{base}questions/1/", {"answer": raw, "check": "1"})
    assert "Right after 2 tries" in words(client.get(f"{base}questions/1/"))
    review = words(client.post(f"{base}submit/", follow=True))
    assert ("Right after 2 tries" in review, "66 %" in review, "Explanation en" in review) == (True,) * 3


def test_a_changed_answer_after_a_check_isnt_saved_by_the_script_either(client, taking):
    quiz, _attempt, base = taking("true_false", feedback_mode="immediate")
    client.post(f"{base}questions/1/", {"answer": "false", "check": "1"})
    entry = {"question": str(quiz.question_key(0)), "device": "device-one", "sequence": 9, "value": "true"}
    response = client.post(f"{base}answers/", entry, content_type="application/json")
    assert (response.status_code, response.json()["error"]) == (409, "checked")


@pytest.mark.parametrize(("setting", "told"), [("during", ["100 %", "100 %", "0 %"]), ("after", [])])
def test_the_score_so_far_is_told_where_the_quiz_says_so(client, taking, setting, told):
    _quiz, _attempt, base = taking(
        "true_false",
        "numeric",
        "true_false",
        feedback_mode="interactive",
        penalty_percent=100,
        show_score=setting,
    )
    seen = []
    # What stands counts; a wrong answer that costs its points takes those of the other.
    for number, raws in ((1, ["true"]), (3, []), (2, ["1", "2", "3"])):
        for raw in raws:
            client.post(f"{base}questions/{number}/", {"answer": raw, "check": str(number)})
        page = words(client.get(f"{base}questions/{number}/"))
        seen += re.findall(r"So far: (\d+ %)", page)
    assert seen == told


def test_a_checked_answer_among_others_keeps_none_of_them_from_being_saved(client, taking):
    quiz, _attempt, base = taking("true_false", "numeric", layout="all", feedback_mode="immediate")
    client.post(f"{base}questions/1/", {_name(quiz, 0): "false", "check": "1"})
    response = client.post(f"{base}questions/1/", {_name(quiz, 0): "true", _name(quiz, 1): "30"})
    page = words(response)
    assert (response.status_code, 'id="q1-error"' in page, 'id="q2-error"' in page) == (200, True, False)
    assert "This answer was checked and stands; the change wasn't saved." in page
    assert list(AnswerEntry.objects.order_by("pk").values_list("value", flat=True)) == ["false", "30"]


def test_what_comes_late_goes_into_the_journal_whole(client, taking):
    quiz, attempt, base = taking("true_false", "true_false", layout="all", time_limit_minutes=30)
    over = timedelta(hours=1)
    Attempt.objects.update(started_at=attempt.started_at - over, deadline_at=attempt.deadline_at - over)
    page = client.post(f"{base}questions/1/", {_name(quiz, 0): "true", _name(quiz, 1): "false"}, follow=True)
    assert "came after the time was over" in words(page)
    assert list(AnswerEntry.objects.order_by("pk").values_list("value", "late")) == [
        ("true", True),
        ("false", True),
    ]


# No way back


def test_without_a_way_back_only_the_open_page_is_shown(client, taking):
    quiz, _attempt, base = taking("true_false", "true_false", "true_false", forward_only=True)
    page = words(client.get(f"{base}questions/1/"))
    # The numbers are no buttons; what leads to the summary is.
    assert re.findall(r'name="go" value="(\d)"', page) == ["0"]
    assert "once you continue, this page can't be changed" in page
    assert client.get(f"{base}questions/3/")["Location"] == base
    assert client.post(f"{base}questions/1/", {"answer": "true"})["Location"] == f"{base}questions/2/"
    assert client.get(f"{base}questions/1/", follow=True).redirect_chain[-1][0] == f"{base}questions/2/"
    late = client.post(f"{base}questions/1/", {"answer": "false"}, follow=True)
    assert "there is no way back to earlier questions" in words(late)
    entry = {"question": str(quiz.question_key(0)), "device": "device-one", "sequence": 9, "value": "false"}
    response = client.post(f"{base}answers/", entry, content_type="application/json")
    assert (response.status_code, response.json()["error"]) == (409, "left")
    assert AnswerEntry.objects.get().value == "true"
    # Naming another question only goes on to the next one; the summary may be looked at, and links what is open.
    assert client.post(f"{base}questions/2/", {"go": "0"})["Location"] == f"{base}summary/"
    summary = words(client.get(f"{base}summary/"))
    assert re.findall(r"questions/(\d)/", summary) == ["2", "2"]
    assert client.post(f"{base}questions/2/", {"go": "1"})["Location"] == f"{base}questions/3/"
    assert client.post(f"{base}questions/3/")["Location"] == f"{base}summary/"
    assert client.get(base)["Location"] == f"{base}summary/"
    assert re.findall(r"questions/(\d)/", words(client.get(f"{base}summary/"))) == []


def test_on_a_single_page_there_is_nothing_to_go_back_to(client, taking):
    _quiz, _attempt, base = taking("true_false", "true_false", forward_only=True, layout="all")
    assert client.post(f"{base}questions/1/")["Location"] == f"{base}summary/"
    assert client.get(f"{base}questions/1/").status_code == 200


def test_submitted_in_another_tab_the_page_leads_to_the_review(client, taking, monkeypatch):
    _quiz, _attempt, base = taking("true_false", "true_false", forward_only=True)

    def submitted(*_args):
        raise Refused(Refusal.SUBMITTED)

    monkeypatch.setattr(checking, "leave_page", submitted)
    response = client.post(f"{base}questions/1/")
    assert response["Location"] == f"{base}review/"


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"show_answers": "closed"}, "show_answers"),
        ({"feedback_mode": "immediate", "show_verdicts": "later"}, "show_verdicts"),
        ({"feedback_mode": "interactive", "show_verdicts": "never"}, "show_verdicts"),
    ],
)
def test_rules_that_contradict_one_another_are_refused(course, rules, field):
    page = make_quiz(course, "true_false").pages["fr"]
    page.clean()
    for name, value in rules.items():
        setattr(page, name, value)
    with pytest.raises(ValidationError) as caught:
        page.clean()
    assert list(caught.value.message_dict) == [field]


def test_without_a_way_back_the_summary_tells_nothing_of_what_is_still_to_come(taking, client):
    quiz, attempt, base = taking("true_false", "true_false", "true_false", forward_only=True)
    page = client.get(f"{base}summary/").content.decode()
    stems = [questions["en"].stem for questions in quiz.questions]
    assert [stem in page for stem in stems] == [True, False, False]
    attempt.reached = 2
    attempt.save()
    page = client.get(f"{base}summary/").content.decode()
    assert [stem in page for stem in stems] == [True, True, False]

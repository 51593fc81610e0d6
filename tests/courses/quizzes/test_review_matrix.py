"""What a quiz hides isn't in the pages: every part, setting and moment through the views, looked for in the bytes."""

import html
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from courses.lib.dates import format_date
from courses.quizzes.enums import AttemptStatus, ShownFrom
from courses.quizzes.models import Attempt, Check, QuizPage
from tests.factories.progress import begin_again
from tests.factories.quizzes import QuizTree, make_quiz, start_quiz, take_quiz

PARTS = ("score", "verdicts", "remarks", "answers", "explanations")
DAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
CLOSES = DAY + timedelta(days=5)
# A minute of grace, and ten for somebody whose connection is away: until then answers of others may still count.
OVER = CLOSES + timedelta(minutes=11)
MOMENTS = {"after": DAY, "later": OVER - timedelta(seconds=1), "closed": OVER}
REACHED = {
    ShownFrom.DURING: {"after", "later", "closed"},
    ShownFrom.AFTER: {"after", "later", "closed"},
    ShownFrom.LATER: {"later", "closed"},
    ShownFrom.CLOSED: {"closed"},
    ShownFrom.NEVER: set(),
}
TYPES = ("single_choice", "multiple_choice", "numeric", "short_text", "matching", "ordering")
# Words by which a part is known in the page. The first and fourth questions were answered wrongly, the others rightly.
VERDICTS = (
    "Wrong",
    "choice--right",
    "choice--wrong",
    "Your answer: right",
    "Your answer: wrong",
    "right answers out of",
)
REMARK, EXPLAINED, ANSWER, SCORE = "Remark 0 en", "Explanation en", "Right answer<", "66"


def text(response: Any) -> str:
    body = html.unescape(response.content.decode()).replace("\u00a0", " ")
    return " ".join(body.split()).replace("> ", ">").replace(" <", "<")


@pytest.fixture
def quiz(course: Any) -> QuizTree:
    """Limited to two attempts, so that right answers may be told after the second."""
    return make_quiz(course, *TYPES, max_attempts=2, pass_mark=100)


def set_rules(attempt: Attempt, **settings: str) -> None:
    names = {f"show_{part}": setting for part, setting in settings.items()}
    attempt.paper["policy"] = {**attempt.paper["policy"], **names}
    Attempt.objects.filter(pk=attempt.pk).update(paper=attempt.paper)


def found_in(page: str) -> set[str]:
    """The parts that leave a trace in a page."""
    return {
        name
        for name, words in {
            "score": (f'<bdi dir="ltr">{SCORE} %',),
            "verdicts": (*VERDICTS, "> Right<", ">Right<"),
            "remarks": (REMARK,),
            "answers": (ANSWER, "Right answer:", "Right order:"),
            "explanations": (EXPLAINED,),
        }.items()
        if any(word in page for word in words)
    }


@pytest.mark.parametrize("last", [False, True], ids=["attempts left", "last attempt"])
def test_the_review_has_no_trace_of_what_is_hidden(client: Client, learner: Any, quiz: QuizTree, last: bool):
    QuizPage.objects.update(closes_at=CLOSES)
    with mock.patch("django.utils.timezone.now", return_value=DAY):
        for _ in range(2 if last else 1):
            attempt = take_quiz(learner, quiz, wrong=(0, 3))
    assert attempt.percent == 66
    client.force_login(learner)
    url = reverse("quizzes:review", args=[attempt.uuid])
    url = f"/en/{url.split('/', 2)[2]}"
    seen = 0
    for part, setting in product(PARTS, ShownFrom):
        # The other parts are shown right away.
        set_rules(attempt, **{**dict.fromkeys(PARTS, "after"), part: setting.value})
        for moment, at in MOMENTS.items():
            with mock.patch("django.utils.timezone.now", return_value=at):
                page = text(client.get(url))
            expected = {name for name in PARTS if name != part or moment in REACHED[setting]}
            if "verdicts" not in expected:
                expected -= {"remarks", "answers", "explanations"}
            if not (last or moment == "closed"):
                expected -= {"answers"}
            assert found_in(page) == expected, (part, setting, moment)
            # Four were right; the explanations of the two others wait for the right answers.
            count = 0 if "explanations" not in expected else 6 if last or moment == "closed" else 4
            assert page.count(EXPLAINED) == count, (part, setting, moment)
            assert ("This quiz doesn't show: " in page) is (setting == ShownFrom.NEVER)
            assert "Not passed yet" in page
            seen += 1
    assert seen == 5 * 5 * 3


def test_what_a_hidden_part_waits_for_is_said(client: Client, learner: Any, quiz: QuizTree):
    QuizPage.objects.update(closes_at=CLOSES)
    with mock.patch("django.utils.timezone.now", return_value=DAY):
        attempt = take_quiz(learner, quiz, wrong=(0, 3))
        set_rules(attempt, score="never", verdicts="later", explanations="closed")
        client.force_login(learner)
        page = text(client.get(f"/en/quizzes/attempts/{attempt.uuid}/review/"))
    assert (
        f"From {format_date(date(2026, 3, 10), 'en')} on, this page shows: right or wrong, remark on the choice made and right answers."
        in page
    )
    assert "This quiz doesn't show: score." in page
    assert "this page shows: explanation with its provision." in page


def test_while_it_is_to_be_marked_only_the_answers_are_shown(client: Client, learner: Any, quiz: QuizTree):
    attempt = take_quiz(learner, quiz, wrong=(0,))
    Attempt.objects.filter(pk=attempt.pk).update(
        status=AttemptStatus.TO_MARK, percent=None, passed=None, results={}
    )
    client.force_login(learner)
    page = text(client.get(f"/en/quizzes/attempts/{attempt.uuid}/review/"))
    assert (found_in(page), "Choice 0 en" in page) == (set(), True)


@pytest.mark.parametrize("setting", list(ShownFrom))
@pytest.mark.parametrize("mode", ["after", "immediate", "interactive"])
def test_nothing_is_told_during_the_attempt_that_wasnt_checked(
    client: Client, learner: Any, course: Any, mode: str, setting: ShownFrom
):
    shown = {f"show_{part}": setting.value for part in PARTS}
    quiz = make_quiz(course, *TYPES, feedback_mode=mode, max_attempts=1, layout="all", **shown)
    client.force_login(learner)
    attempt = start_quiz(learner, quiz)
    base = f"/en/quizzes/attempts/{attempt.uuid}/"
    right, wrong = quiz.right(0), quiz.wrong(0)
    answered = client.post(
        f"{base}answers/",
        {"question": str(quiz.question_key(0)), "device": "device-one", "sequence": 1, "value": right},
        content_type="application/json",
    )
    # The second is checked, if the quiz checks, and stands (or waits for another try).
    key = f"q-{quiz.question_key(1)}"
    field, first = f"q-{quiz.question_key(0)}", wrong
    client.post(f"{base}questions/1/", {field: first, key: quiz.wrong(1), "check": "2"})
    checked = mode != "after" and setting in (ShownFrom.DURING, ShownFrom.AFTER)
    assert Check.objects.count() == checked
    pages = [text(answered)] + [text(client.get(f"{base}{name}")) for name in ("questions/1/", "summary/")]
    told = set().union(*map(found_in, pages))
    # The last attempt: a settled answer may be told with everything; one with tries left is only 'not right yet'.
    assert told == ({"verdicts", "answers", "explanations"} if checked and mode == "immediate" else set())
    assert sum(page.count(EXPLAINED) for page in pages) == (checked and mode == "immediate")
    assert ("Not right yet." in pages[1]) is (checked and mode == "interactive")
    keys = list(attempt.answer_key[str(quiz.question_key(3))]["answer"]["accepted"])
    assert [word for word in (*keys, REMARK) if word in "".join(pages)] == []


@pytest.mark.parametrize("wrong", [(), (0,)], ids=["passed again", "attempts used up"])
def test_an_earlier_cycle_tells_no_answers_while_the_test_of_the_latest_is_open(
    client: Client, learner: Any, quiz: QuizTree, wrong: tuple[int, ...]
):
    failed, passed = (take_quiz(learner, quiz, wrong=missed) for missed in ((0, 3), ()))
    client.force_login(learner)

    def reviews() -> list[str]:
        return [text(client.get(f"/en/quizzes/attempts/{one.uuid}/review/")) for one in (failed, passed)]

    told = [found_in(page) for page in reviews()]
    assert [page.count(EXPLAINED) for page in reviews()] == [6, 6]
    assert "answers" in told[0]

    begin_again(learner, quiz.course, DAY)
    for page, explained in zip(reviews(), (4, 6), strict=True):
        # Explanations of what was answered rightly are told between two attempts of one cycle, too.
        assert ("answers" in found_in(page), page.count(EXPLAINED)) == (False, explained)
        assert "the right answers are shown once you have passed again" in page
    take_quiz(learner, quiz, wrong=(0,))
    start_quiz(learner, quiz)
    assert "answers" not in found_in(reviews()[0])

    take_quiz(learner, quiz, wrong=wrong)
    assert [page.count(EXPLAINED) for page in reviews()] == [6, 6]
    assert [found_in(page) for page in reviews()] == told


def test_a_running_attempt_of_an_earlier_cycle_tells_no_answers_either(
    client: Client, learner: Any, course: Any
):
    quiz = make_quiz(course, "single_choice", feedback_mode="immediate", max_attempts=1)
    attempt = start_quiz(learner, quiz)
    begin_again(learner, quiz.course, DAY)
    client.force_login(learner)
    page = f"/en/quizzes/attempts/{attempt.uuid}/questions/1/"
    client.post(page, {"answer": quiz.wrong(0), "check": "1"})
    shown = text(client.get(page))
    assert (found_in(shown), EXPLAINED in shown) == ({"verdicts", "remarks"}, False)
    take_quiz(learner, quiz)
    assert EXPLAINED in text(client.get(page))


def test_practice_tells_answers_by_the_test_of_the_latest_cycle(client: Client, learner: Any, course: Any):
    quiz = make_quiz(course, "true_false")
    take_quiz(learner, quiz)
    client.force_login(learner)

    def practised() -> str:
        form = {f"q-{quiz.question_key(0)}": quiz.wrong(0)}
        return text(client.post(f"/en/quizzes/{quiz.key}/practice/", form))

    assert EXPLAINED in practised()
    begin_again(learner, quiz.course, DAY)
    assert EXPLAINED not in practised()
    take_quiz(learner, quiz)
    assert EXPLAINED in practised()

import html
import json
import re
import uuid

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Page

from courses.models import CoursePage
from courses.plugin_api.registries import AccessPolicy, Denial, access_policies
from courses.progress.models import Enrolment
from courses.quizzes.domain.personal_data import erase
from courses.quizzes.models import AnswerEntry, Attempt, Question, QuizPage
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import make_question, make_quiz, start_quiz, take_quiz


@pytest.fixture
def attempt(client, quiz, learner):
    client.force_login(learner)
    return start_quiz(learner, quiz)


def url(name: str, attempt: Attempt, *args: object, language: str = "fr") -> str:
    path = reverse(f"quizzes:{name}", args=[attempt.uuid, *args])
    return f"/{language}/{path.split('/', 2)[2]}"


def text_of(response) -> str:
    """The page without what differs at every request."""
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", response.content.decode())


# Introduction


def test_the_introduction_tells_the_rules_to_a_visitor(client, course):
    quiz = make_quiz(course, intro="Six questions.", max_attempts=3)
    response = client.get(course.url(quiz.pages["fr"]))
    page = response.content.decode().replace("\u00a0", " ")
    assert response.status_code == 200
    assert [word in page for word in ("Six questions.", "70 %", reverse("account_signup"), "3 ")] == [
        True
    ] * 4
    assert "/start/" not in page
    assert response.context["question_count"] == 4


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize(("max_attempts", "offered"), [(0, True), (1, False), (3, False)])
def test_practice_is_offered_only_where_attempts_are_without_limit(
    client, course, learner, signed_in, max_attempts, offered
):
    quiz = make_quiz(course, "numeric", max_attempts=max_attempts)
    if signed_in:
        client.force_login(learner)
    page = html.unescape(client.get(course.url(quiz.pages["en"])).content.decode())
    sentence = "Practice isn't offered for a quiz with limited attempts."
    assert ("/practice/" in page, sentence in page) == (offered, not offered)


def test_the_introduction_follows_the_learner(client, quiz, learner):
    client.force_login(learner)
    page_url = quiz.course.url(quiz.pages["fr"])
    assert client.get(page_url).context["standing"].may_start is True
    take_quiz(learner, quiz, wrong=(0, 1))
    assert client.get(page_url).context["standing"].best.percent == 50
    running = start_quiz(learner, quiz)
    assert client.get(page_url).context["standing"].in_progress.uuid == running.uuid
    client.post(url("submit", running))
    take_quiz(learner, quiz)
    standing = client.get(page_url).context["standing"]
    assert (standing.passed, standing.best.percent, len(standing.submitted)) == (True, 100, 3)


@pytest.mark.parametrize("signed_in", [False, True])
def test_the_introduction_takes_as_many_queries_for_one_question_and_attempt_as_for_three(
    client, course, learner, signed_in, django_assert_num_queries
):
    quizzes = [make_quiz(course, "numeric"), make_quiz(course, *["numeric"] * 3, module=1)]
    for quiz, tries in zip(quizzes, (1, 3), strict=True):
        for _ in range(tries):
            take_quiz(learner, quiz, wrong=tuple(range(len(quiz.questions))))
    if signed_in:
        client.force_login(learner)
    urls = [course.url(quiz.pages["ar"]) for quiz in quizzes]
    for page_url in urls:
        client.get(page_url)
    for page_url in urls:
        with django_assert_num_queries(16 if signed_in else 11):
            client.get(page_url)


# Start


def test_starting_enrols_and_goes_to_the_first_question(client, quiz, learner):
    client.force_login(learner)
    response = client.post(f"/ar/quizzes/{quiz.key}/start/", follow=True)
    attempt = Attempt.objects.get()
    assert [target for target, _ in response.redirect_chain] == [
        url("attempt", attempt, language="ar"),
        url("question", attempt, 1, language="ar"),
    ]
    assert (attempt.locale, Enrolment.objects.get().user) == ("ar", learner)


def test_starting_twice_is_one_attempt(client, quiz, learner):
    client.force_login(learner)
    for _ in range(2):
        assert client.post(f"/fr/quizzes/{quiz.key}/start/").status_code == 302
    assert Attempt.objects.count() == 1


def test_a_visitor_is_sent_to_sign_in_and_back_to_the_quiz(client, quiz):
    response = client.post(f"/fr/quizzes/{quiz.key}/start/")
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next={quiz.course.url(quiz.pages['fr'])}"
    assert Attempt.objects.count() == 0


def test_starting_is_a_post_of_a_published_quiz(client, quiz, learner):
    client.force_login(learner)
    assert client.get(f"/fr/quizzes/{quiz.key}/start/").status_code == 405
    assert client.post(f"/fr/quizzes/{uuid.uuid4()}/start/").status_code == 404
    QuizPage.objects.update(live=False)
    assert client.post(f"/fr/quizzes/{quiz.key}/start/").status_code == 404


def test_a_locked_quiz_is_not_started(client, quiz, learner):
    client.force_login(learner)
    access_policies.register(
        AccessPolicy("closed", lambda request, page: Denial("Closed for the test.")), origin="tests"
    )
    try:
        response = client.post(f"/fr/quizzes/{quiz.key}/start/", follow=True)
    finally:
        access_policies.unregister("closed")
    assert (response.status_code, Attempt.objects.count(), Enrolment.objects.count()) == (403, 0, 0)
    assert "Closed for the test." in response.content.decode()


def test_a_used_up_quiz_says_so(client, course, learner):
    quiz = make_quiz(course, "numeric", max_attempts=1)
    take_quiz(learner, quiz, wrong=(0,))
    client.force_login(learner)
    response = client.post(f"/en/quizzes/{quiz.key}/start/", follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "You have used all the attempts of this quiz."
    ]


# Questions


def test_each_answer_is_saved_and_the_last_leads_to_the_summary(client, quiz, attempt):
    targets = []
    for number in range(4):
        response = client.post(url("question", attempt, number + 1), {"answer": quiz.right(number)})
        assert response.status_code == 302
        targets.append(response["Location"])
    assert targets == [*(url("question", attempt, n) for n in (2, 3, 4)), url("summary", attempt)]
    assert AnswerEntry.objects.count() == 4


@pytest.mark.parametrize(
    ("go", "target"),
    [("1", 1), ("3", 3), ("0", None), ("9", None), ("-1", 3), ("x", 3), ("٣", 3), ("9" * 9, 3)],
)
def test_a_button_may_name_the_next_question(client, quiz, attempt, go, target):
    response = client.post(url("question", attempt, 2), {"answer": quiz.right(1), "go": go})
    assert response["Location"] == (url("question", attempt, target) if target else url("summary", attempt))
    assert AnswerEntry.objects.count() == 1


def test_a_bad_answer_is_explained_and_not_saved(client, attempt):
    response = client.post(url("question", attempt, 4, language="en"), {"answer": "thirty"})
    page = response.content.decode()
    assert response.status_code == 200
    assert ["Write a number in digits only" in page, 'value="thirty"' in page] == [True, True]
    assert AnswerEntry.objects.count() == 0


def test_the_error_of_a_number_belongs_to_its_field(client, attempt):
    page = client.post(url("question", attempt, 4), {"answer": "thirty"}).content.decode()
    assert 'aria-invalid="true" aria-describedby="q4-error"' in page
    assert 'id="q4-error"' in page
    assert "aria-invalid" not in client.get(url("question", attempt, 4)).content.decode()


def title_of(response) -> str:
    return html.unescape(re.search(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)[1])


def test_the_title_of_a_page_with_an_error_says_so_first(client, course, learner):
    client.force_login(learner)
    quiz = make_quiz(course, "numeric", "single_choice")
    attempt = start_quiz(learner, quiz)

    for position, raw in ((1, "beaucoup"), (2, "no-such-choice")):
        assert title_of(client.get(url("question", attempt, position, language="en"))).startswith("Question")
        bad = client.post(url("question", attempt, position, language="en"), {"answer": raw})
        assert title_of(bad).startswith(f"Error: Question {position} of 2 ·")
    practice = f"/en/quizzes/{quiz.key}/practice/"
    bad = client.post(practice, {f"q-{quiz.question_key(0)}": "beaucoup"})
    assert (title_of(bad)[:15], title_of(client.get(practice))[:8]) == ("Error: Practice", "Practice")


def test_going_on_without_an_answer_is_said_on_the_next_page(client, quiz, attempt):
    said = "No answer given to question {} yet."
    pages = {
        number: client.post(url("question", attempt, number, language="en"), {}, follow=True).content.decode()
        for number in (3, 4)
    }
    assert [said.format(number) in page for number, page in pages.items()] == [True, True]
    # On the fourth the summary follows; whoever answers, or goes elsewhere, isn't told.
    answered = client.post(
        url("question", attempt, 1, language="en"), {"answer": quiz.right(0)}, follow=True
    ).content.decode()
    elsewhere = client.post(
        url("question", attempt, 2, language="en"), {"go": "1"}, follow=True
    ).content.decode()
    assert ["No answer given" in page for page in (answered, elsewhere)] == [False, False]


def test_a_quiet_way_back_to_the_course_leaves_the_attempt_as_it_is(client, quiz, attempt):
    link = f'<a class="btn btn--quiet" href="{quiz.course.url(quiz.course.pages["ar"])}">'
    pages = [
        client.get(url("question", attempt, 2, language="ar")).content.decode(),
        client.get(url("summary", attempt, language="ar")).content.decode(),
    ]
    assert [page.count(link) for page in pages] == [1, 1]
    client.get(quiz.course.url(quiz.course.pages["ar"]))
    attempt.refresh_from_db()
    assert attempt.is_submitted is False

    CoursePage.objects.update(live=False)
    cache.clear()
    assert link not in client.get(url("question", attempt, 2, language="ar")).content.decode()


@pytest.mark.parametrize("text", ["30 days fr", "٣٠ days ar", "30days en"])
def test_a_number_may_be_written_with_its_unit_in_any_language(client, attempt, text):
    assert client.post(url("question", attempt, 4), {"answer": text}).status_code == 302
    assert AnswerEntry.objects.get().value == "30"


def test_an_answered_question_is_named_with_the_comma_of_the_language(client, quiz, attempt):
    client.post(url("question", attempt, 1), {"answer": quiz.right(0)})
    pages = [client.get(url("question", attempt, 2, language=code)).content.decode() for code in ("en", "ar")]
    with translation.override("ar"):
        word = translation.gettext(", answered")
    assert [", answered</span>" in pages[0], f"{word}</span>" in pages[1], word[0]] == [True, True, "،"]


def test_the_page_has_words_for_going_on_without_a_connection(client, attempt):
    page = client.get(url("question", attempt, 1, language="en")).content.decode()
    assert 'data-offline="No connection: going on needs one. Your answers are kept."' in page


@pytest.mark.parametrize("data", [{"answer": "x"}, {"answer": ["a", "b"]}])
def test_an_unknown_choice_is_explained_and_not_saved(client, attempt, data):
    response = client.post(url("question", attempt, 1, language="en"), data)
    assert (response.status_code, AnswerEntry.objects.count()) == (200, 0)
    assert "Choose among the answers shown." in response.content.decode()


@pytest.mark.parametrize("position", [0, 5, 99])
def test_other_positions_do_not_exist(client, attempt, position):
    assert client.get(url("question", attempt, position)).status_code == 404


def test_another_language_keeps_everything(client, quiz, attempt):
    client.post(url("question", attempt, 1), {"answer": quiz.right(0)})
    page = client.get(url("question", attempt, 1, language="ar")).content.decode()
    assert "Choice 1 ar" in page
    assert re.search(rf'value="{quiz.right(0)}" checked', page)
    assert 'dir="rtl"' in page
    assert "Choice 1 fr" not in page


def test_a_reload_and_another_device_go_on_where_the_learner_stopped(client, quiz, learner, attempt):
    client.post(url("question", attempt, 1), {"answer": quiz.right(0)})
    client.logout()
    client.force_login(learner)
    response = client.post(f"/fr/quizzes/{quiz.key}/start/", follow=True)
    assert response.redirect_chain[-1][0] == url("question", attempt, 2)


def test_a_question_without_translation_is_asked_as_it_was_written(client, course, learner):
    quiz = make_quiz(course, "single_choice")
    Question.objects.filter(locale__language_code="ar").delete()
    client.force_login(learner)
    page = client.get(url("question", start_quiz(learner, quiz), 1, language="ar")).content.decode()
    assert 'lang="fr" dir="ltr"' in page
    assert "Stem 0 fr" in page


@pytest.mark.parametrize("name", ["attempt", "question", "summary", "review"])
def test_pages_of_somebody_elses_attempt_do_not_exist(client, attempt, name):
    args = (1,) if name == "question" else ()
    client.force_login(UserFactory())
    assert client.get(url(name, attempt, *args)).status_code == 404


def test_somebody_else_can_neither_answer_nor_submit(client, quiz, attempt):
    client.force_login(UserFactory())
    assert client.post(url("question", attempt, 4), {"answer": "30"}).status_code == 404
    assert send(client, quiz, attempt).status_code == 404
    assert client.post(url("submit", attempt)).status_code == 404


@pytest.mark.parametrize("name", ["attempt", "question", "summary", "review"])
def test_a_visitor_signs_in_first(client, attempt, name):
    address = url(name, attempt, *((1,) if name == "question" else ()))
    client.logout()
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={address}")


def test_pages_of_an_attempt_are_never_stored(client, attempt):
    assert "no-store" in client.get(url("question", attempt, 1))["Cache-Control"]


def test_a_question_takes_as_many_queries_for_one_as_for_three(
    client, course, learner, django_assert_num_queries
):
    client.force_login(learner)
    for types, module in ((["numeric"], 0), (["numeric"] * 3, 1)):
        attempt = start_quiz(learner, make_quiz(course, *types, module=module))
        client.get(url("question", attempt, 1))
        with django_assert_num_queries(4):
            client.get(url("question", attempt, 1))


# The script's answers


def send(client, quiz, attempt, **changes):
    entry = {"question": str(quiz.question_key(-1)), "device": "device-one", "sequence": 1, "value": "30"}
    return client.post(
        url("answers", attempt), json.dumps({**entry, **changes}), content_type="application/json"
    )


def test_a_saved_answer_gets_a_receipt(client, quiz, attempt):
    receipt = send(client, quiz, attempt, sequence=4).json()
    entry = AnswerEntry.objects.get()
    assert receipt.pop("clock") == timezone.localtime(entry.received_at).strftime("%H:%M")
    assert receipt == {
        "saved": True,
        "question": str(quiz.question_key(3)),
        "sequence": 4,
        "max_sequence": 4,
        "received_at": entry.received_at.isoformat(),
        "current": True,
    }


def test_ten_times_the_same_answer_is_one_entry(client, quiz, attempt):
    receipts = [send(client, quiz, attempt).json() for _ in range(10)]
    assert AnswerEntry.objects.count() == 1
    assert receipts[1:] == [receipts[0] | {"repeated": True}] * 9


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"value": "abc"}, 422, "not_understood"),
        ({"value": {"$ne": None}}, 422, "not_understood"),
        ({"question": str(uuid.uuid4())}, 404, "unknown_question"),
        ({"device": "x"}, 400, "bad_entry"),
        ({"sequence": 0}, 400, "bad_entry"),
        ({"sequence": 2**63}, 400, "bad_entry"),
        ({"sequence": "1"}, 400, "bad_entry"),
        ({"question": "1"}, 400, "bad_entry"),
        ({"more": 1}, 400, "bad_entry"),
    ],
)
def test_a_bad_entry_is_refused_with_its_reason(client, quiz, attempt, changes, status, error):
    response = send(client, quiz, attempt, **changes)
    assert (response.status_code, response.json()["error"]) == (status, error)
    assert response.json()["saved"] is False
    assert AnswerEntry.objects.count() == 0


def test_a_used_sequence_tells_where_to_go_on(client, quiz, attempt):
    send(client, quiz, attempt, sequence=8)
    response = send(client, quiz, attempt, sequence=8, value="31")
    assert (response.status_code, response.json()["error"], response.json()["max_sequence"]) == (
        409,
        "sequence_taken",
        8,
    )


def test_a_late_answer_is_refused_with_a_clear_word(client, quiz, attempt):
    client.post(url("submit", attempt))
    response = send(client, quiz, attempt)
    assert (response.status_code, response.json()["error"]) == (409, "submitted")


def test_a_signed_out_script_is_told(client, quiz, attempt):
    client.logout()
    response = send(client, quiz, attempt)
    assert (response.status_code, response.json()["error"]) == (401, "signed_out")


def test_answers_are_posted_with_a_token(client, quiz, learner, attempt):
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(learner)
    assert send(strict, quiz, attempt).status_code == 403
    assert client.get(url("answers", attempt)).status_code == 405


def test_saving_an_answer_takes_at_most_eight_queries(client, course, learner, django_assert_num_queries):
    client.force_login(learner)
    for types, module in ((["numeric"], 0), (["numeric"] * 3, 1)):
        quiz = make_quiz(course, *types, module=module)
        attempt = start_quiz(learner, quiz)
        for sequence in (1, 2):
            with django_assert_num_queries(7):
                response = send(client, quiz, attempt, sequence=sequence)
            assert response.status_code == 200


# Submit and review


def test_the_summary_names_what_is_missing(client, quiz, attempt):
    client.post(url("question", attempt, 4), {"answer": "٣٠"})
    response = client.get(url("summary", attempt))
    rows = response.context["rows"]
    assert (response.context["missing"], [row["answered"] for row in rows]) == (
        3,
        [False, False, False, True],
    )
    assert rows[3]["answer"] == "30 days fr"


def test_the_summary_shows_a_case_once_above_its_questions(client, course, learner):
    client.force_login(learner)
    own = [
        make_question("numeric", stem=f"Stem {n}", case=case)
        for n, case in enumerate(("", "Un don.", "Un don."))
    ]
    attempt = start_quiz(learner, make_quiz(course, questions=own))

    page = client.get(url("summary", attempt)).content.decode()

    assert page.count("<p>Un don.</p>") == 1
    assert page.index("Stem 0 fr") < page.index("Un don.") < page.index("Stem 1 fr") < page.index("Stem 2 fr")


def test_pressing_submit_twice_is_one_grade(client, quiz, attempt):
    client.post(url("question", attempt, 4), {"answer": "30"})
    targets = [client.post(url("submit", attempt))["Location"] for _ in range(2)]
    assert targets == [url("review", attempt)] * 2
    graded = Attempt.objects.get()
    assert (graded.percent, graded.passed) == (25, False)


def test_submitting_is_a_post(client, attempt):
    assert client.get(url("submit", attempt)).status_code == 405
    assert Attempt.objects.get().is_submitted is False


def test_after_submission_every_page_leads_to_the_review(client, quiz, attempt):
    client.post(url("submit", attempt))
    pages = [url("attempt", attempt), url("question", attempt, 1), url("summary", attempt)]
    assert [client.get(page)["Location"] for page in pages] == [url("review", attempt)] * 3
    late = client.post(url("question", attempt, 1), {"answer": quiz.right(0)})
    assert (late.status_code, AnswerEntry.objects.count()) == (302, 0)


def test_before_submission_the_review_leads_back(client, attempt):
    assert client.get(url("review", attempt))["Location"] == url("attempt", attempt)


def test_before_submission_no_byte_depends_on_the_key(client, quiz, attempt):
    client.post(url("question", attempt, 1), {"answer": quiz.wrong(0)})
    pages = [*(url("question", attempt, n) for n in (1, 2, 3, 4)), url("summary", attempt)]

    def read():
        return [text_of(client.get(page)) for page in [*pages, quiz.course.url(quiz.pages["fr"])]]

    before = read()
    assert [word for word in ("Remark", "Explanation", "correct") if word in "".join(before)] == []
    Attempt.objects.update(
        answer_key={
            key: {"answer": {"correct": ["other"], "number": "77"}, "remarks": {}}
            for key in attempt.answer_key
        }
    )
    Question.objects.update(number=77, statement_is_true=False, feedback="other")
    assert read() == before
    receipts = [send(client, quiz, attempt, sequence=n, value=v) for n, v in ((1, "30"), (2, "31"))]
    assert [set(receipt.json()) for receipt in receipts] == [
        {"saved", "question", "sequence", "max_sequence", "received_at", "clock", "current"}
    ] * 2


def test_a_failed_review_shows_verdicts_but_not_the_key(client, quiz, learner):
    client.force_login(learner)
    attempt = take_quiz(learner, quiz, wrong=(0, 1, 2, 3))
    response = client.get(url("review", attempt, language="en"))
    page = response.content.decode()
    rows = response.context["rows"]
    assert (response.context["reveal"], [row.right for row in rows]) == (False, [False] * 4)
    assert ["Not passed yet" in page, "Remark 0 en" in page] == [True] * 2
    assert [word for word in ("Right answer", "Explanation", "Remark 1 en", ">30<") if word in page] == []
    assert "The right answers are shown once you have passed." in page
    assert "Try again" in page


def test_before_a_pass_only_right_answers_are_explained(client, quiz, learner):
    client.force_login(learner)
    attempt = take_quiz(learner, quiz, wrong=(0, 1, 3))
    rows = client.get(url("review", attempt, language="en")).context["rows"]
    assert [row.explanation for row in rows] == ["", "", "Explanation en", ""]


def test_a_passed_review_shows_everything(client, quiz, learner):
    client.force_login(learner)
    attempt = take_quiz(learner, quiz, wrong=(3,))
    rows = client.get(url("review", attempt, language="en")).context["rows"]
    assert [row.explanation for row in rows] == ["Explanation en"] * 4
    page = client.get(url("review", attempt, language="en")).content.decode()
    assert ["Right answer" in page, ">30<" in page, "75&nbsp;%" in page] == [True] * 3
    assert "Try again" not in page


def test_the_key_of_a_failed_attempt_is_shown_once_another_passed_or_none_is_left(client, course, learner):
    client.force_login(learner)
    free, limited = make_quiz(course, "numeric"), make_quiz(course, "numeric", module=1, max_attempts=2)
    failed = [take_quiz(learner, quiz, wrong=(0,)) for quiz in (free, limited)]
    assert [client.get(url("review", attempt)).context["reveal"] for attempt in failed] == [False, False]
    take_quiz(learner, free)
    running = start_quiz(learner, limited)
    assert [client.get(url("review", attempt)).context["reveal"] for attempt in failed] == [True, False]
    client.post(url("submit", running))
    assert client.get(url("review", failed[1])).context["reveal"] is True


def test_the_review_outlives_the_quiz(client, quiz, learner):
    client.force_login(learner)
    failed = take_quiz(learner, quiz, wrong=(0, 1))
    QuizPage.objects.update(live=False)
    Question.objects.update(stem="changed")
    response = client.get(url("review", failed))
    assert (response.status_code, response.context["reveal"], response.context["may_start"]) == (
        200,
        False,
        False,
    )
    assert "Stem 0 fr" in response.content.decode()


def test_a_purged_attempt_says_so(client, quiz, learner):
    client.force_login(learner)
    attempt = take_quiz(learner, quiz)
    erase(learner, timezone.now())
    response = client.get(url("review", attempt, language="en"))
    assert response.context["rows"] == []
    assert "The answers of this attempt were removed" in response.content.decode()
    assert "answers are kept for 12 months after the last attempt" in response.content.decode()


def test_the_review_takes_as_many_queries_for_one_question_as_for_three(
    client, course, learner, django_assert_num_queries
):
    client.force_login(learner)
    quizzes = [make_quiz(course, "numeric"), make_quiz(course, *["numeric"] * 3, module=1)]
    attempts = [take_quiz(learner, quiz) for quiz in quizzes]
    for attempt in attempts:
        client.get(url("review", attempt))
        with django_assert_num_queries(10):
            assert client.get(url("review", attempt)).context["place"] is not None


# Practice


def practice_data(quiz, wrong=()):
    return {
        f"q-{quiz.question_key(n)}": quiz.wrong(n) if n in wrong else quiz.right(n)
        for n in range(len(quiz.questions))
    }


def test_practice_needs_no_account_and_leaves_no_record(client, quiz):
    address = f"/en/quizzes/{quiz.key}/practice/"
    shown = client.get(address)
    graded = client.post(address, practice_data(quiz))
    assert (shown.status_code, graded.status_code) == (200, 200)
    assert (graded.context["result"].percent, graded.context["result"].passed) == (100, True)
    assert (Attempt.objects.count(), AnswerEntry.objects.count(), Enrolment.objects.count()) == (0, 0, 0)
    assert "sessionid" not in client.cookies


def test_practice_shows_the_key_only_to_who_has_passed_the_test(client, quiz, learner):
    address = f"/en/quizzes/{quiz.key}/practice/"
    asked = text_of(client.get(address))
    failed = client.post(address, practice_data(quiz, wrong=(0, 1, 3))).content.decode()
    passed = client.post(address, practice_data(quiz, wrong=(3,))).content.decode()
    assert [word for word in ("Remark", "Explanation", "Right answer") if word in asked] == []
    # One explanation: that of the answer that was right.
    assert ["Right answer" in failed, failed.count("Explanation en")] == [False, 1]
    # A pass in practice would tell the key, try by try, to whoever takes the test next.
    assert "Right answer" not in passed

    client.force_login(learner)
    assert "Right answer" not in client.post(address, practice_data(quiz, wrong=(3,))).content.decode()
    take_quiz(learner, quiz)
    assert "Right answer" in client.post(address, practice_data(quiz, wrong=(3,))).content.decode()


def test_bad_practice_answers_are_marked_and_the_others_kept(client, quiz):
    data = practice_data(quiz) | {f"q-{quiz.question_key(3)}": "thirty"}
    response = client.post(f"/en/quizzes/{quiz.key}/practice/", data)
    page = response.content.decode()
    assert (response.status_code, list(response.context["errors"])) == (200, [quiz.question_key(3)])
    assert [f'value="{quiz.right(0)}" checked' in page, 'value="thirty"' in page] == [True, True]


def test_practice_with_nothing_answered_is_nothing_right(client, quiz):
    response = client.post(f"/fr/quizzes/{quiz.key}/practice/", {"q-x": "junk"})
    assert (response.status_code, response.context["result"].percent) == (200, 0)


def test_practice_of_an_unknown_quiz_is_not_found(client, course):
    assert client.get(f"/fr/quizzes/{uuid.uuid4()}/practice/").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_practice_of_a_quiz_with_limited_attempts_does_not_exist(client, course, learner, method):
    quiz = make_quiz(course, "numeric", max_attempts=2)
    address = f"/fr/quizzes/{quiz.key}/practice/"
    assert getattr(client, method)(address).status_code == 404
    client.force_login(learner)
    assert getattr(client, method)(address, practice_data(quiz)).status_code == 404


def test_a_translation_cannot_lift_the_limit(client, course):
    quiz = make_quiz(course, "numeric", max_attempts=2)
    QuizPage.objects.filter(pk=quiz.pages["ar"].pk).update(max_attempts=0)
    assert client.get(f"/ar/quizzes/{quiz.key}/practice/").status_code == 404


@pytest.mark.parametrize("level", [1, 2])
def test_practice_below_an_unpublished_module_or_course_does_not_exist(client, quiz, level):
    above = Page.objects.filter(pk=quiz.pages["fr"].get_ancestors().order_by("-depth")[level - 1].pk)
    addresses = [f"/{language}/quizzes/{quiz.key}/practice/" for language in ("fr", "ar")]
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    above.update(live=False)
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    assert client.post(addresses[0], practice_data(quiz)).status_code == 404


def test_practice_waits_for_an_absent_type(client, quiz):
    Question.objects.filter(type="numeric").update(type="gone")
    assert client.get(f"/fr/quizzes/{quiz.key}/practice/").status_code == 503


def test_practice_takes_as_many_queries_for_one_question_as_for_three(
    client, course, django_assert_num_queries
):
    for types, module in ((["numeric"], 0), (["numeric"] * 3, 1)):
        address = f"/fr/quizzes/{make_quiz(course, *types, module=module).key}/practice/"
        client.get(address)
        with django_assert_num_queries(8):
            client.get(address)

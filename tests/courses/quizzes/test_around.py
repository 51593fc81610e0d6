"""What stands around the test, through its addresses: before, refreshers, objections, corrections, letters."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation

from courses.accounts.domain.consents import give_consent
from courses.accounts.domain.roles import grant_role
from courses.accounts.enums import ConsentKind, Role
from courses.quizzes import tasks
from courses.quizzes.domain.attempts import save_answer
from courses.quizzes.domain.objections import contest
from courses.quizzes.domain.refreshers import open_refresher, schedule
from courses.quizzes.enums import AttemptPurpose, ObjectionStatus, RegradeStatus
from courses.quizzes.models import Attempt, Objection, Question, Refresher, Regrade
from tests.factories.accounts import UserFactory, make_administrator
from tests.factories.quizzes import make_quiz, start_quiz, take_quiz

pytestmark = pytest.mark.django_db

TEXT = "The second answer is right too, by article 9."
REASON = "The law says 31 days since January."


@pytest.fixture
def quiz(course):
    return make_quiz(course, "numeric", "true_false", before_form=True)


@pytest.fixture
def trainer():
    user = UserFactory()
    grant_role(user, Role.TRAINER, by=None, at=timezone.now())
    return user


@pytest.fixture
def mine(client, learner):
    client.force_login(learner)
    return client


def page(response):
    assert response.status_code == 200
    return response.content.decode()


def address(name, *args, language="fr"):
    with translation.override(language):
        return reverse(name, args=args)


def confirmed(user):
    user.emailaddress_set.update_or_create(email=user.email, defaults={"verified": True, "primary": True})
    return user


def passed_a_week_ago(user, quiz):
    attempt = take_quiz(user, quiz)
    at = timezone.now() - timedelta(days=8)
    Attempt.objects.filter(pk=attempt.pk).update(submitted_at=at)
    attempt.enrolment.completions.filter(activity_key=quiz.key).update(completed_at=at)
    schedule(at=timezone.now())
    return attempt


def test_before_the_course_then_compared_after_it(mine, learner, quiz):
    assert address("quizzes:before", quiz.key) in page(mine.get(quiz.pages["fr"].url))

    mine.post(address("quizzes:before", quiz.key))
    attempt = Attempt.objects.get(purpose=AttemptPurpose.BEFORE)
    save_answer(learner, attempt.uuid, quiz.question_key(0), quiz.right(0), at=timezone.now())
    mine.post(address("quizzes:submit", attempt.uuid))

    aside = page(mine.get(address("quizzes:review", attempt.uuid)))
    assert "50" in aside
    # Neither what is right nor what was asked: it may come again.
    assert "Explanation" not in aside
    assert "Stem" not in aside
    assert address("quizzes:before", quiz.key) not in page(mine.get(quiz.pages["fr"].url))
    review = page(mine.get(address("quizzes:review", take_quiz(learner, quiz).uuid)))
    assert 'id="compared-title"' in review


def test_no_form_before_the_course_where_the_quiz_has_none(mine, course):
    quiz = make_quiz(course, "true_false", slug="without")

    assert mine.post(address("quizzes:before", quiz.key)).status_code == 404
    assert address("quizzes:before", quiz.key) not in page(mine.get(quiz.pages["fr"].url))


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_refresher_waits_in_my_learning_and_shows_what_was_right(mine, learner, quiz, language):
    passed_a_week_ago(learner, quiz)
    refresh = address("quizzes:refresh", quiz.key, language=language)
    assert refresh in page(mine.get(address("progress:my_learning", language=language)))

    assert mine.post(refresh).status_code == 302
    attempt = Attempt.objects.get(purpose=AttemptPurpose.REFRESHER)
    mine.post(address("quizzes:submit", attempt.uuid, language=language))

    review = page(mine.get(address("quizzes:review", attempt.uuid, language=language)))
    assert f"Explanation {language}" in review
    assert "result--failed" not in review
    assert refresh not in page(mine.get(address("progress:my_learning", language=language)))
    assert mine.post(refresh).status_code == 302  # nothing is due: back to 'My learning'
    assert Attempt.objects.filter(purpose=AttemptPurpose.REFRESHER).count() == 1


def test_a_refresher_of_what_an_exam_may_ask_tells_its_score_alone(mine, learner, quiz, course):
    passed_a_week_ago(learner, quiz)
    make_quiz(course, slug="exam", questions=quiz.questions)
    mine.post(address("quizzes:refresh", quiz.key))
    attempt = Attempt.objects.get(purpose=AttemptPurpose.REFRESHER)
    mine.post(address("quizzes:submit", attempt.uuid))

    review = page(mine.get(address("quizzes:review", attempt.uuid)))
    assert "result__score" in review
    assert "Explanation" not in review
    assert "Stem" not in review


def test_an_objection_from_the_review_to_its_answer(mine, learner, quiz, trainer, client):
    attempt = take_quiz(learner, quiz, wrong=(0,))
    form = address("quizzes:contest", attempt.uuid, 1)
    review = address("quizzes:review", attempt.uuid)
    assert form in page(mine.get(review))
    page(mine.get(form))
    assert "field--error" in page(mine.post(form, {"text": "short"}))

    assert mine.post(form, {"text": TEXT}).status_code == 302
    assert mine.post(form, {"text": TEXT}).status_code == 200  # it is there: shown, not made again
    objection = Objection.objects.get()

    client.force_login(trainer)
    queue = page(client.get(reverse("quiz_objections:index")))
    assert "Stem 0" in queue
    one = page(client.get(reverse("quiz_objections:answer", args=[objection.uuid])))
    for shown in (queue, one):
        assert learner.get_full_name() not in shown
        assert learner.email not in shown
    assert TEXT in one
    body = {"decision": "reject", "words": "Article 9 was repealed."}
    assert client.post(reverse("quiz_objections:answer", args=[objection.uuid]), body).status_code == 302

    client.force_login(learner)
    assert "Article 9 was repealed." in page(client.get(review))
    assert Objection.objects.get().status == ObjectionStatus.REJECTED


def test_only_ones_own_submitted_attempts_and_their_questions(client, learner, quiz):
    attempt, running = take_quiz(learner, quiz, wrong=(0,)), start_quiz(learner, quiz)
    stranger = UserFactory()

    client.force_login(stranger)
    assert client.get(address("quizzes:contest", attempt.uuid, 1)).status_code == 404
    client.force_login(learner)
    assert client.get(address("quizzes:contest", attempt.uuid, 3)).status_code == 404
    assert client.get(address("quizzes:contest", running.uuid, 1)).status_code == 404


def test_a_correction_from_the_proposal_to_the_review(client, learner, quiz, trainer):
    attempt = take_quiz(learner, quiz, wrong=(0,))
    Question.objects.filter(translation_key=quiz.question_key(0)).update(number=31)
    screen = reverse("quiz_corrections:question", args=[quiz.question_key(0)])
    client.force_login(trainer)
    found = client.get(screen)
    assert str(attempt.uuid)[:8] in page(found)
    assert learner.get_full_name() not in found.content.decode()
    versions = found.context["chosen"]

    assert client.post(screen, {"version": versions, "reason": "short"}).status_code == 200
    client.post(screen, {"version": versions, "reason": REASON})
    regrade = Regrade.objects.get()
    one = reverse("quiz_corrections:correction", args=[regrade.uuid])
    assert 'value="approve"' not in page(client.get(one))
    client.post(one, {"decision": "approve"})
    regrade.refresh_from_db()
    assert regrade.decided_by is None

    client.force_login(make_administrator())
    assert learner.get_full_name() in page(client.get(one))
    client.post(one, {"decision": "approve"})
    tasks.apply_corrections()
    regrade.refresh_from_db()
    assert regrade.status == RegradeStatus.APPLIED
    page(client.get(one))
    page(client.get(reverse("quiz_corrections:index")))

    client.force_login(learner)
    review = page(client.get(address("quizzes:review", attempt.uuid)))
    assert "result--passed" in review


def test_the_screens_are_for_trainers(client, learner, quiz):
    attempt = take_quiz(learner, quiz, wrong=(0,))
    objection = contest(learner, attempt.uuid, quiz.question_key(0), TEXT, locale="fr", at=timezone.now())
    client.force_login(learner)
    screens = [
        reverse("quiz_objections:index"),
        reverse("quiz_objections:answer", args=[objection.uuid]),
        reverse("quiz_corrections:index"),
        reverse("quiz_corrections:question", args=[quiz.question_key(0)]),
    ]

    assert {client.get(screen).status_code for screen in screens} <= {302, 403, 404}
    assert client.post(screens[1], {"decision": "accept", "words": TEXT}).status_code in (302, 403, 404)
    assert Objection.objects.get().status == ObjectionStatus.OPEN


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_letters_are_in_the_readers_language_and_name_no_result(quiz, trainer, language):
    learner = confirmed(UserFactory(language=language))
    at = timezone.now()
    passed_a_week_ago(learner, quiz)
    tasks.refresh_memories()
    assert mail.outbox == []  # nobody is reminded who didn't agree
    give_consent(learner, ConsentKind.REMINDERS, language=language, at=at)

    tasks.refresh_memories()
    tasks.refresh_memories()

    (letter,) = mail.outbox
    assert letter.to == [learner.email]
    assert f"/{language}/" in letter.body
    assert "%" not in letter.body
    assert Refresher.objects.filter(mailed_at__isnull=False).count() == 1


def test_the_letters_of_an_objection_and_of_a_correction(quiz, trainer):
    from courses.quizzes.domain.correcting import approve, propose
    from courses.quizzes.domain.objections import answer
    from courses.quizzes.domain.regrading import versions_of

    learner = confirmed(UserFactory(language="fr"))
    attempt, at, key = take_quiz(learner, quiz, wrong=(0,)), timezone.now(), quiz.question_key(0)
    objection = contest(learner, attempt.uuid, key, TEXT, locale="fr", at=at)
    answer(objection.uuid, accept=True, words="You are right indeed.", by=trainer, at=at)
    Question.objects.filter(translation_key=key).update(number=31)
    versions = [row.version for row in versions_of(key)]
    regrade = propose(key, versions, REASON, may_fail=False, by=trainer, at=at)
    approve(regrade.uuid, by=make_administrator(), at=at)

    for _twice in range(2):
        tasks.tell_objectors()
        tasks.apply_corrections()

    assert len(mail.outbox) == 2
    assert all(address("quizzes:review", attempt.uuid) in letter.body for letter in mail.outbox)


def test_nothing_is_written_to_an_address_that_was_not_confirmed(learner, quiz):
    learner.emailaddress_set.update(verified=False)
    passed_a_week_ago(learner, quiz)
    give_consent(learner, ConsentKind.REMINDERS, language="fr", at=timezone.now())

    tasks.refresh_memories()

    assert mail.outbox == []


def test_a_refresher_that_is_open_says_so(mine, learner, quiz):
    passed_a_week_ago(learner, quiz)
    open_refresher(learner, quiz.key, locale="fr", at=timezone.now())

    assert address("quizzes:refresh", quiz.key) in page(mine.get(address("progress:my_learning")))

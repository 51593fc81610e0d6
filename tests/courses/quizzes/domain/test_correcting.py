from datetime import UTC, datetime, timedelta
from fractions import Fraction
from smtplib import SMTPRecipientsRefused

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from courses.progress.models import ActivityCompletion
from courses.quizzes.domain import correcting
from courses.quizzes.domain.attempts import save_answer, submit
from courses.quizzes.domain.correcting import (
    RegradeRefusal,
    RegradeRefused,
    apply_approved,
    approve,
    decline,
    propose,
    tell_changes,
)
from courses.quizzes.domain.objections import answer, contest
from courses.quizzes.domain.personal_data import export
from courses.quizzes.domain.refreshers import open_refresher, schedule
from courses.quizzes.domain.regrading import (
    Correction,
    Left,
    corrections_of,
    dry_run,
    keeps_pass,
    same_marks,
    same_shape,
    versions_of,
)
from courses.quizzes.domain.replay import replay
from courses.quizzes.enums import AttemptStatus, RegradeStatus
from courses.quizzes.models import AnswerEntry, Attempt, Question, Refresher, Regrade, RegradeChange
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import make_quiz, start_quiz, take_quiz

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
REASON = "The law says 31 days since January."


@pytest.fixture
def quiz(course):
    """Two questions, both needed; the number 30 is wrong, as it turns out: 31 is right."""
    return make_quiz(course, "numeric", "true_false", pass_mark=100)


def put_right(quiz):
    """Publish the corrected key, in every language."""
    Question.objects.filter(translation_key=quiz.question_key(0)).update(number=31)


def versions(quiz):
    return [row.version for row in versions_of(quiz.question_key(0))]


def proposed(quiz, by=None, **how):
    how = {"may_fail": False} | how
    return propose(quiz.question_key(0), versions(quiz), REASON, by=by or UserFactory(), at=AT, **how)


def corrected(quiz, **how):
    regrade = proposed(quiz, **how)
    approve(regrade.uuid, by=UserFactory(), at=AT)
    apply_approved(at=AT)
    regrade.refresh_from_db()
    return regrade


def test_a_learner_who_was_right_all_along_passes(learner, quiz):
    attempt = take_quiz(learner, quiz, wrong=(0,))  # 31
    put_right(quiz)

    regrade = corrected(quiz)

    attempt.refresh_from_db()
    assert (attempt.percent, attempt.passed, Fraction(attempt.score_num, attempt.score_den)) == (100, True, 2)
    assert attempt.answer_key[str(quiz.question_key(0))]["answer"]["number"] == "31"
    assert regrade.status == RegradeStatus.APPLIED
    change = RegradeChange.objects.get()
    assert (change.before["percent"], change.after["percent"], change.kept_pass) == (50, 100, False)
    assert (change.before["passed"], change.after["passed"]) == (False, True)
    assert change.before["paper_hash"] != change.after["paper_hash"] == attempt.paper_hash
    assert ActivityCompletion.objects.get().evidence == attempt.uuid
    # What was shown stays as it was shown.
    assert attempt.paper["questions"][0]["texts"]["fr"]["stem"] == "Stem 0 fr"


def test_the_journal_still_proves_the_attempt(learner, quiz):
    attempts = [take_quiz(UserFactory(), quiz, wrong=wrong) for wrong in ((), (0,), (1,), (0, 1))]
    put_right(quiz)
    corrected(quiz)

    for attempt in attempts:
        attempt.refresh_from_db()
        entries = AnswerEntry.objects.filter(attempt=attempt)
        assert replay(attempt, entries, kept_pass=keeps_pass(attempt)).differences == ()


def test_a_pass_stands_unless_asked_otherwise(learner, quiz):
    attempt = take_quiz(learner, quiz)  # 30
    put_right(quiz)
    corrected(quiz)

    attempt.refresh_from_db()
    assert (attempt.percent, attempt.passed) == (50, True)
    assert RegradeChange.objects.get().kept_pass
    assert keeps_pass(attempt)


def test_a_pass_becomes_a_failure_where_that_was_asked_for_and_the_completion_stays(learner, quiz):
    attempt = take_quiz(learner, quiz)
    put_right(quiz)

    corrected(quiz, may_fail=True)

    attempt.refresh_from_db()
    assert (attempt.percent, attempt.passed) == (50, False)
    assert ActivityCompletion.objects.filter(evidence=attempt.uuid).exists()


def test_nothing_changes_before_a_second_person_approves(learner, quiz):
    attempt = take_quiz(learner, quiz, wrong=(0,))
    put_right(quiz)
    trainer = UserFactory()
    regrade = proposed(quiz, by=trainer)

    assert apply_approved(at=AT) == 0
    with pytest.raises(RegradeRefused) as refused:
        approve(regrade.uuid, by=trainer, at=AT)
    assert refused.value.reason == RegradeRefusal.SAME_PERSON
    with pytest.raises(IntegrityError), transaction.atomic():
        Regrade.objects.update(decided_by=trainer, decided_at=AT)
    attempt.refresh_from_db()
    assert attempt.percent == 50


def test_two_approvals_are_one_and_applying_again_changes_nothing(learner, quiz):
    take_quiz(learner, quiz, wrong=(0,))
    put_right(quiz)
    regrade = proposed(quiz)
    second, third = UserFactory(), UserFactory()

    approve(regrade.uuid, by=second, at=AT)
    assert approve(regrade.uuid, by=second, at=AT + timedelta(hours=1)).decided_at == AT
    for late in (
        lambda: approve(regrade.uuid, by=third, at=AT),
        lambda: decline(regrade.uuid, by=third, at=AT),
    ):
        with pytest.raises(RegradeRefused):
            late()

    assert [apply_approved(at=AT), apply_approved(at=AT)] == [1, 0]
    assert correcting.apply(Regrade.objects.get(), at=AT) == 0
    actions = list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["quizzes.regrade.propose", "quizzes.regrade.approve"]


def test_a_crash_in_the_middle_is_taken_up_again(quiz, monkeypatch):
    for _ in range(3):
        take_quiz(UserFactory(), quiz, wrong=(0,))
    put_right(quiz)
    approve(proposed(quiz).uuid, by=UserFactory(), at=AT)
    real, calls = correcting.settle, []

    def breaks(attempt, enrolment):
        calls.append(attempt)
        if len(calls) == 2:
            raise RuntimeError("the worker was killed")
        real(attempt, enrolment)

    monkeypatch.setattr(correcting, "settle", breaks)
    with pytest.raises(RuntimeError):
        apply_approved(at=AT)
    # Each attempt whole or not at all.
    assert (RegradeChange.objects.count(), Attempt.objects.filter(percent=100).count()) == (1, 1)

    assert apply_approved(at=AT) == 2
    assert Attempt.objects.filter(percent=100, passed=True).count() == 3
    assert Regrade.objects.get().status == RegradeStatus.APPLIED


def test_a_proposal_can_be_dropped_by_whoever_made_it(learner, quiz):
    take_quiz(learner, quiz, wrong=(0,))
    put_right(quiz)
    trainer = UserFactory()
    regrade = proposed(quiz, by=trainer)

    decline(regrade.uuid, by=trainer, at=AT)

    assert apply_approved(at=AT) == 0
    with pytest.raises(RegradeRefused):
        approve(regrade.uuid, by=UserFactory(), at=AT)


def test_the_same_proposal_twice_is_one(learner, quiz):
    take_quiz(learner, quiz, wrong=(0,))
    put_right(quiz)
    trainer = UserFactory()

    assert proposed(quiz, by=trainer) == proposed(quiz, by=trainer)


def test_there_must_be_a_reason_something_to_correct_and_a_published_key(learner, quiz):
    take_quiz(learner, quiz)
    found = []
    for reason, wanted in (("short", versions(quiz)), (REASON, []), (REASON, ["unknown"])):
        with pytest.raises(RegradeRefused) as refused:
            propose(quiz.question_key(0), wanted, reason, may_fail=False, by=learner, at=AT)
        found.append(refused.value.reason)
    Question.objects.update(live=False)
    with pytest.raises(RegradeRefused) as refused:
        propose(quiz.question_key(0), [], REASON, may_fail=False, by=learner, at=AT)

    nothing = RegradeRefusal.NOTHING_TO_CORRECT
    assert found == [RegradeRefusal.NO_REASON, nothing, nothing]
    assert refused.value.reason == RegradeRefusal.NOT_PUBLISHED


def test_the_dry_run_says_who_changes_and_writes_nothing(quiz):
    # Right in the new key; right in the old one (a pass); wrong in both; removed; still running.
    newly, before, _unchanged, purged = (
        take_quiz(UserFactory(), quiz, wrong=wrong) for wrong in ((0,), (), (1,), (0,))
    )
    Attempt.objects.filter(pk=purged.pk).update(purged_at=AT, results={})
    start_quiz(UserFactory(), quiz)
    stored = list(Attempt.objects.order_by("pk").values())
    put_right(quiz)
    regrade = proposed(quiz)

    run = dry_run(Correction.of(regrade), may_fail=False)

    assert {row.uuid for row in run.changes} >= {newly.uuid, before.uuid}
    # Small rows: no paper, no key.
    assert {type(value) for row in run.changes for value in row.after.values()} == {int, bool, str}
    assert (run.newly_passed, run.no_longer_passed, run.kept) == (1, 0, 1)
    assert run.left == {Left.PURGED: 1}
    assert dry_run(Correction.of(regrade), may_fail=True).no_longer_passed == 1
    assert list(Attempt.objects.order_by("pk").values()) == stored


def test_an_attempt_that_runs_is_graded_by_the_right_key(learner, quiz):
    from courses.quizzes.domain.attempts import save_answer, submit

    attempt = start_quiz(learner, quiz)
    put_right(quiz)
    corrected(quiz)

    for number, raw in enumerate(("31", "true")):
        save_answer(learner, attempt.uuid, quiz.question_key(number), raw, at=timezone.now())
    done = submit(learner, attempt.uuid, at=timezone.now())

    assert (done.status, done.percent) == (AttemptStatus.SUBMITTED, 100)
    assert not RegradeChange.objects.exists()


def test_questions_with_other_choices_are_another_question(course, learner):
    quiz = make_quiz(course, "single_choice")
    attempt = take_quiz(learner, quiz, wrong=(0,))
    for question in Question.objects.filter(translation_key=quiz.question_key(0)):
        question.choices = [block.get_prep_value() for block in question.choices][:2]
        question.save()

    (version,) = versions_of(quiz.question_key(0))

    assert version.left == Left.ASKED_OTHERWISE
    with pytest.raises(RegradeRefused):
        proposed(quiz)
    attempt.refresh_from_db()
    assert attempt.percent == 0


def test_the_order_in_which_choices_were_shown_changes_nothing():
    row = {"type": "single_choice", "body": {"choices": ["a", "b"]}}

    assert same_shape(row, {"type": "single_choice", "body": {"choices": ["b", "a"]}})
    assert not same_shape(row, {"type": "single_choice", "body": {"choices": ["a", "c"]}})
    assert not same_shape(row, {"type": "multiple_choice", "body": {"choices": ["a", "b"]}})


def test_only_words_differ_in_a_version_whose_key_is_the_same(learner, quiz):
    take_quiz(learner, quiz)
    Question.objects.filter(translation_key=quiz.question_key(0), locale__language_code="fr").update(
        stem="Neu"
    )

    (version,) = versions_of(quiz.question_key(0))

    assert (version.differs, version.left, version.attempts) == (False, None, 1)


def test_learners_are_told_once_and_only_of_changes(quiz):
    changed = take_quiz(UserFactory(), quiz, wrong=(0,))
    put_right(quiz)
    letters = []

    def send(user, change):
        letters.append((user, change.attempt_id))

    assert tell_changes(send, at=AT) == 0
    corrected(quiz)
    assert [tell_changes(send, at=AT), tell_changes(send, at=AT)] == [1, 0]
    assert letters == [(changed.enrolment.user, changed.pk)]
    assert len(corrections_of(changed)) == 1


def test_nobody_corrects_their_own_results(learner, quiz):
    take_quiz(learner, quiz, wrong=(0,))
    put_right(quiz)
    regrade = proposed(quiz)

    for own in (
        lambda: proposed(quiz, by=learner),
        lambda: approve(regrade.uuid, by=learner, at=AT),
    ):
        with pytest.raises(RegradeRefused) as refused:
            own()
        assert refused.value.reason == RegradeRefusal.OWN
    assert Regrade.objects.get().decided_by is None


def test_other_criteria_or_points_are_another_question():
    def secret(*points):
        criteria = [{"id": name, "points": most} for name, most in points]
        return {"answer": {"criteria": criteria}}

    row, before = {"type": "open_answer"}, secret(("a", 2), ("b", 1))

    assert same_marks(row, before, secret(("b", 1), ("a", 2)))
    assert not same_marks(row, before, secret(("a", 3), ("b", 1)))
    assert not same_marks(row, before, secret(("a", 2), ("c", 1)))
    assert same_marks({"type": "numeric"}, {"answer": {"number": "30"}}, {"answer": {"number": "31"}})


def test_a_refused_address_keeps_no_other_letter(quiz):
    refused, _other = (take_quiz(UserFactory(), quiz, wrong=(0,)) for _ in range(2))
    put_right(quiz)
    corrected(quiz)

    def send(user, change):
        if change.attempt_id == refused.pk:
            raise SMTPRecipientsRefused({user.email: (550, b"no such user")})

    assert tell_changes(send, at=AT) == 1
    assert RegradeChange.objects.get(notified_at__isnull=True).attempt == refused
    assert tell_changes(lambda user, change: None, at=AT) == 1


def test_figures_that_fail_keep_no_letter_and_are_computed_by_the_next_run(quiz, learner, monkeypatch):
    take_quiz(learner, quiz, wrong=(0,))
    put_right(quiz)
    with monkeypatch.context() as patch:
        patch.setattr(correcting, "compute", lambda key, at: {}[key])
        assert corrected(quiz).status == RegradeStatus.PROPOSED
    assert tell_changes(lambda user, change: None, at=AT) == 1

    computed = []
    monkeypatch.setattr(correcting, "compute", lambda key, at: computed.append(key))
    assert apply_approved(at=AT) == 0
    assert (Regrade.objects.get().status, computed) == (RegradeStatus.APPLIED, [quiz.key])


def test_a_corrected_refresher_remembers_more(quiz, learner):
    take_quiz(learner, quiz)
    later = timezone.now() + timedelta(days=7)
    schedule(at=later)
    attempt = open_refresher(learner, quiz.key, locale="fr", at=later)
    for number, raw in enumerate((quiz.wrong(0), quiz.right(1))):
        save_answer(learner, attempt.uuid, quiz.question_key(number), raw, at=later)
    submit(learner, attempt.uuid, at=later)
    refresher = Refresher.objects.get(attempt=attempt)
    assert (refresher.right, refresher.asked) == (1, 2)
    put_right(quiz)

    corrected(quiz)

    refresher.refresh_from_db()
    assert (refresher.right, refresher.asked, refresher.done_at) == (2, 2, later)


def test_accepted_objections_follow_the_proposal(learner, quiz):
    attempt = take_quiz(learner, quiz, wrong=(0,))
    objection = contest(learner, attempt.uuid, quiz.question_key(0), REASON, locale="fr", at=AT)
    answer(objection.uuid, accept=True, words="You are right indeed.", by=UserFactory(), at=AT)
    put_right(quiz)
    dropped = decline(proposed(quiz).uuid, by=UserFactory(), at=AT)

    regrade = corrected(quiz)

    objection.refresh_from_db()
    assert objection.regrade == regrade
    assert dropped.status == RegradeStatus.DECLINED
    row = next(row for row in export(learner) if "corrections" in row)
    assert row["corrections"][0]["percent_before"] == 50

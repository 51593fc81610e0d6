from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import ModelLogEntry

from courses.accounts.domain.roles import grant_role
from courses.accounts.enums import Role
from courses.progress.domain.recording import enrol
from courses.quizzes.domain.allowances import Extra, NotAllowed, extra_of, grant, move_deadlines, withdraw
from courses.quizzes.domain.attempts import Refusal, Refused, save_answer, start, submit
from courses.quizzes.domain.personal_data import erase, export
from courses.quizzes.domain.purge import purge_answers
from courses.quizzes.models import Allowance, Attempt, QuizPage
from tests.factories.accounts import AssociationFactory, MembershipFactory, UserFactory
from tests.factories.progress import begin_again
from tests.factories.quizzes import make_quiz

START = datetime(2026, 7, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def trainer(db):
    user = UserFactory()
    grant_role(user, Role.TRAINER, by=None, at=START)
    return type(user).objects.get(pk=user.pk)


@pytest.fixture
def timed(course):
    return make_quiz(course, "numeric", time_limit_minutes=30, max_attempts=1)


def begin(user, quiz, at=START):
    enrolment = enrol(user, quiz.course.key, locale="fr", at=at)
    return start(enrolment, quiz.key, locale="fr", at=at)


def allow(quiz, trainer, at=START, **what):
    return grant(quiz.key, **({"reason": "Reads with a screen reader"} | what), by=trainer, at=at)


def test_extra_time_counts_from_the_start(timed, trainer, learner):
    allow(timed, trainer, user=learner, minutes=15)
    allow(timed, trainer, user=learner, minutes=5)
    allow(timed, trainer, user=UserFactory(), minutes=60)
    assert begin(learner, timed).deadline_at == START + 50 * MINUTE


def test_extra_time_moves_the_deadline_of_a_running_attempt_at_once(timed, trainer, learner):
    attempt, other = begin(learner, timed), begin(UserFactory(), timed)
    # Already over, and not yet swept: what is allowed counts from now on.
    allow(timed, trainer, user=learner, minutes=20, at=START + 35 * MINUTE)
    attempt.refresh_from_db()
    other.refresh_from_db()
    assert (attempt.deadline_at, other.deadline_at) == (START + 50 * MINUTE, START + 30 * MINUTE)
    late = START + 45 * MINUTE
    assert save_answer(learner, attempt.uuid, timed.question_key(0), "30", at=late).repeated is False


def test_an_association_is_allowed_for_its_members_of_the_day(timed, trainer, learner, regions):
    association = AssociationFactory(region=regions.kasserine)
    MembershipFactory(user=learner, association=association)
    left = MembershipFactory(association=association, ended_on=START.date())
    attempt = begin(learner, timed)
    allow(timed, trainer, association=association, minutes=10, attempts=1)
    attempt.refresh_from_db()
    assert attempt.deadline_at == START + 40 * MINUTE
    assert extra_of(timed.key, learner.pk) == Extra(10, 1)
    assert extra_of(timed.key, left.user_id) == Extra()


def test_extra_attempts_count_at_once(timed, trainer, learner):
    submit(learner, begin(learner, timed).uuid, at=START + MINUTE)
    with pytest.raises(Refused) as refused:
        begin(learner, timed, at=START + 2 * MINUTE)
    assert refused.value.reason == Refusal.NO_ATTEMPTS_LEFT
    allow(timed, trainer, user=learner, attempts=1)
    assert begin(learner, timed, at=START + 2 * MINUTE).number == 2


def test_whoever_begins_the_course_again_begins_with_its_rules(timed, trainer, learner, regions):
    association = AssociationFactory(region=regions.kasserine)
    MembershipFactory(user=learner, association=association)
    allow(timed, trainer, user=learner, minutes=15, attempts=1, at=START - MINUTE)
    allow(timed, trainer, association=association, minutes=5, attempts=1)
    first = begin(learner, timed)
    assert first.deadline_at == START + 50 * MINUTE  # what was allowed before the first cycle counts in it
    submit(learner, first.uuid, at=START + MINUTE)
    again = begin_again(learner, timed.course, START + 2 * MINUTE)

    second = start(again, timed.key, locale="fr", at=START + 3 * MINUTE)
    move_deadlines(timed.key, Attempt.objects.all())
    second.refresh_from_db()
    assert second.deadline_at == START + 33 * MINUTE
    submit(learner, second.uuid, at=START + 4 * MINUTE)
    with pytest.raises(Refused) as refused:
        start(again, timed.key, locale="fr", at=START + 5 * MINUTE)
    assert refused.value.reason == Refusal.NO_ATTEMPTS_LEFT

    allow(timed, trainer, user=learner, attempts=1, at=START + 5 * MINUTE)
    third = start(again, timed.key, locale="fr", at=START + 6 * MINUTE)
    allow(timed, trainer, association=association, minutes=10, at=START + 7 * MINUTE)
    third.refresh_from_db()
    assert third.deadline_at == START + 46 * MINUTE


def test_what_is_taken_back_counts_for_later_attempts_alone(timed, trainer, learner):
    given = allow(timed, trainer, user=learner, minutes=15, attempts=1)
    attempt = begin(learner, timed)
    withdraw(given.pk, reason="Was meant for another", by=trainer, at=START + MINUTE)
    move_deadlines(timed.key, Attempt.objects.all())
    attempt.refresh_from_db()
    assert attempt.deadline_at == START + 45 * MINUTE
    assert extra_of(timed.key, learner.pk) == Extra()
    given.refresh_from_db()
    assert (given.withdrawn_by, given.withdrawn_because) == (trainer, "Was meant for another")
    again = withdraw(given.pk, reason="Other words", by=trainer, at=START + 2 * MINUTE)
    assert (again.withdrawn_at, again.withdrawn_because) == (START + MINUTE, "Was meant for another")


@pytest.mark.parametrize(
    "what",
    [
        {"minutes": 10},  # neither person nor association
        {"user": "learner", "association": True, "minutes": 10},
        {"user": "learner"},  # nothing allowed
        {"user": "learner", "minutes": 10, "reason": "  "},
        {"user": "learner", "minutes": 24 * 60 + 1},
        {"user": "erased", "minutes": 10},
    ],
)
def test_what_makes_no_sense_is_refused(timed, trainer, learner, regions, what):
    people = {"learner": learner, "erased": UserFactory(erased_at=START, is_active=False)}
    if "user" in what:
        what = what | {"user": people[what["user"]]}
    if what.get("association"):
        what = what | {"association": AssociationFactory(region=regions.kasserine)}
    with pytest.raises(ValidationError):
        allow(timed, trainer, **what)
    assert Allowance.objects.count() == 0


@pytest.mark.parametrize("role", [Role.TRAINER, Role.ADMINISTRATOR])
def test_nobody_allows_anything_to_themselves(timed, regions, role):
    user = UserFactory()
    grant_role(user, role, by=None, at=START)
    user = type(user).objects.get(pk=user.pk)
    member = MembershipFactory(user=user, association=AssociationFactory(region=regions.kasserine))
    with pytest.raises(ValidationError) as refused:
        allow(timed, user, user=user, minutes=15)
    assert list(refused.value.message_dict) == ["user"]
    if role == Role.ADMINISTRATOR:
        allow(timed, user, association=member.association, minutes=15)
        return
    with pytest.raises(ValidationError) as refused:
        allow(timed, user, association=member.association, minutes=15)
    assert list(refused.value.message_dict) == ["association"]
    type(member).objects.update(ended_on=START.date())
    allow(timed, user, association=member.association, minutes=15)


def test_a_membership_that_ends_takes_no_time_from_a_running_attempt(timed, trainer, learner, regions):
    member = MembershipFactory(user=learner, association=AssociationFactory(region=regions.kasserine))
    allow(timed, trainer, association=member.association, minutes=20)
    attempt = begin(learner, timed)
    type(member).objects.update(ended_on=START.date())
    assert move_deadlines(timed.key, Attempt.objects.all()) == 0
    attempt.refresh_from_db()
    assert attempt.deadline_at == START + 50 * MINUTE
    QuizPage.objects.update(closes_at=START + 40 * MINUTE)
    move_deadlines(timed.key, Attempt.objects.all())
    attempt.refresh_from_db()
    assert attempt.deadline_at == START + 40 * MINUTE


def test_only_who_has_the_right_allows_and_takes_back(timed, trainer, learner):
    given = allow(timed, trainer, user=learner, minutes=15)
    for verb in (
        lambda: allow(timed, learner, user=learner, minutes=15),
        lambda: withdraw(given.pk, reason="Mine", by=learner, at=START),
    ):
        with pytest.raises(NotAllowed):
            verb()
    assert Allowance.objects.filter(withdrawn_at__isnull=True).count() == 1


def test_the_log_says_who_and_how_much_and_names_nobody_and_no_reason(timed, trainer, learner):
    given = allow(timed, trainer, user=learner, minutes=15)
    withdraw(given.pk, reason="Wrong person", by=trainer, at=START)
    rows = list(ModelLogEntry.objects.filter(action__startswith="quizzes.allowance").order_by("pk"))
    assert [(row.action, row.user, row.data["minutes"]) for row in rows] == [
        ("quizzes.allowance.grant", trainer, 15),
        ("quizzes.allowance.withdraw", trainer, 15),
    ]
    told = " ".join(f"{row.label} {row.data}" for row in rows)
    assert [word for word in (str(learner), "screen", "Wrong") if word in told] == []


def test_my_data_tells_it_and_erasure_and_time_take_the_reason(timed, trainer, learner):
    given = allow(timed, trainer, user=learner, minutes=15)
    [told] = export(learner)
    assert (told["quiz"], told["extra_minutes"], told["reason"]) == ("Quiz", 15, given.reason)
    other = allow(timed, trainer, user=UserFactory(), minutes=15)
    withdraw(other.pk, reason="Over", by=trainer, at=START)
    erase(learner, START)
    purge_answers(at=START + timedelta(days=500))
    reasons = Allowance.objects.order_by("pk").values_list("reason", "withdrawn_because", "extra_minutes")
    assert list(reasons) == [("", "", 15), ("", "", 15)]


def test_queries_of_moving_deadlines_grow_by_what_changes_alone(
    timed, trainer, regions, django_assert_num_queries
):
    association = AssociationFactory(region=regions.kasserine)
    for count in (1, 3):
        while Attempt.objects.count() < count:
            member = MembershipFactory(association=association)
            begin(member.user, timed)
        Allowance.objects.all().delete()
        allow(timed, trainer, association=association, minutes=5)
        # Pages, attempts, allowances, members; every deadline stands already.
        with django_assert_num_queries(4):
            assert move_deadlines(timed.key, Attempt.objects.all()) == 0

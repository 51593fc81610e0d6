from django.utils import timezone

from courses.progress.models import ActivityCompletion
from courses.quizzes.domain.sweep import heal_completions
from courses.quizzes.tasks import sweep_completions
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import take_quiz


def test_a_lost_completion_comes_back_as_of_the_submission(quiz, learner):
    attempt = take_quiz(learner, quiz)
    ActivityCompletion.objects.all().delete()
    assert heal_completions(at=timezone.now()) == [attempt.uuid]
    healed = ActivityCompletion.objects.get()
    assert (healed.evidence, healed.completed_at, healed.kind) == (attempt.uuid, attempt.submitted_at, "quiz")


def test_nothing_is_done_where_nothing_is_lost(quiz, learner):
    take_quiz(learner, quiz)
    take_quiz(UserFactory(), quiz, wrong=(0, 1, 2))
    assert heal_completions(at=timezone.now()) == []
    assert ActivityCompletion.objects.count() == 1


def test_the_task_sweeps(quiz, learner):
    take_quiz(learner, quiz)
    ActivityCompletion.objects.all().delete()
    sweep_completions()
    assert ActivityCompletion.objects.count() == 1

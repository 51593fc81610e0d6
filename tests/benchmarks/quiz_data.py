"""Who takes a quiz in the benchmark: learners, each signed in, and one quiz of ten numbers."""

from dataclasses import dataclass
from types import SimpleNamespace
from uuid import uuid4

from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Locale

from courses.progress.api import enrol
from tests.benchmarks.data import session_of
from tests.factories.accounts import UserFactory
from tests.factories.courses import LANGUAGES, make_course, make_site
from tests.factories.quizzes import make_quiz

QUESTIONS = 10


@dataclass(frozen=True)
class Learner:
    """`quiz` and `questions`: their keys; `device`: what the browser would call itself."""

    session: str
    quiz: str
    questions: tuple[str, ...]
    device: str


def prepare(count: int) -> list[Learner]:
    """Migrate an empty database and return so many learners, enrolled in the course of the quiz."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES}
    course = make_course(make_site(SimpleNamespace(**locales)))
    quiz = make_quiz(course, *["numeric"] * QUESTIONS)
    keys = tuple(str(quiz.question_key(number)) for number in range(QUESTIONS))
    learners = []
    for _ in range(count):
        user = UserFactory()
        enrol(user, course.key, locale="fr", at=timezone.now())
        learners.append(Learner(session_of(user), str(quiz.key), keys, uuid4().hex))
    return learners

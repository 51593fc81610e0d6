"""What is measured: the demo, a learner in the middle of a quiz, and a bare page as deep as a lesson."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from courses.accounts.models import User
from courses.models import LessonPage
from courses.progress.api import enrol
from courses.quizzes.domain.attempts import start
from courses.quizzes.domain.paper import Paper
from courses.quizzes.models import QuizPage
from tests.benchmarks.bare.models import BarePage


@dataclass(frozen=True)
class Data:
    """Addresses and sessions of the targets, made by `prepare`."""

    learner_session: str
    coordinator_session: str
    lesson_path: str
    bare_path: str
    answer_path: str
    answer: Callable[[int], dict[str, object]]


def prepare() -> Data:
    """Migrate an empty database, load the demo and return what to measure."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_demo", verbosity=0)
    learner = User.objects.get(email="member.fr@demo.example")
    coordinator = User.objects.get(email="coordinator.centre-ouest@demo.example")
    lesson = LessonPage.objects.filter(locale__language_code="fr", live=True).order_by("path")[1]
    quiz = QuizPage.objects.filter(locale__language_code="fr", live=True).order_by("path")[0]
    course = Page.objects.get(path=lesson.path[: -2 * Page.steplen])
    enrolment = enrol(learner, course.translation_key, locale="fr", at=timezone.now())
    attempt = start(enrolment, quiz.translation_key, locale="fr", at=timezone.now())
    question = next(found for found in Paper.load(attempt.paper).questions if found.type == "numeric")
    device = uuid4().hex

    def answer(sequence: int) -> dict[str, object]:
        return {"question": str(question.key), "value": str(sequence), "device": device, "sequence": sequence}

    return Data(
        learner_session=session_of(learner),
        coordinator_session=session_of(coordinator),
        lesson_path=lesson.url,
        bare_path=_bare_page(lesson),
        answer_path=f"/fr/quizzes/attempts/{attempt.uuid}/answers/",
        answer=answer,
    )


def session_of(user: User) -> str:
    """The key of a session in which this person is signed in."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return str(store.session_key)


def _bare_page(lesson: LessonPage) -> str:
    """A chain of bare pages as deep as the lesson, under a site of its own: stock routing all the way."""
    locale = Locale.objects.get(language_code="fr")
    body = "".join(f"<p>{block.value}</p>" for block in lesson.body if block.block_type == "paragraph")
    parent = Page.objects.get(depth=1)
    page = None
    for level in range(lesson.depth - 1):
        page = parent.add_child(
            instance=BarePage(title=f"Bare {level}", slug=f"bare-{level}", locale=locale, body=body)
        )
        page.save_revision().publish()
        if level == 0:
            Site.objects.create(hostname="bare.localhost", port=80, root_page=page)
            Site.clear_site_root_paths_cache()
        parent = Page.objects.get(pk=page.pk)
    return "/fr/" + "/".join(f"bare-{level}" for level in range(1, lesson.depth - 1)) + "/"

"""Quizzes in every mode, each with somebody in the middle of it, written straight into a running site's database.

    python -m tests.browser.modes      (under the settings of the site)

Prints JSON: see `Modes`. A process of its own, as `planting` is.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.browser.planting import LANGUAGES, planted_course, session_of, storage_of
from tests.browser.running import ROOT, RunningSite

CASE = {
    "fr": "L'association « Nour » a reçu 1 200 dinars en espèces d'un donateur étranger.",
    "ar": "تلقّت جمعية «نور» 1200 دينار نقدًا من مانح أجنبي.",
    "en": "The association 'Nour' received 1,200 dinars in cash from a foreign donor.",
}
ANSWER = "Nous refusons les espèces et demandons un virement, puis nous publions le don dans le mois."
OBJECTION = "L'article cité a été abrogé depuis ; la réponse que j'ai choisie est donc juste."


@dataclass(frozen=True)
class Modes:
    """`pages`: addresses without language of what a learner sees, by name; `screens`: of the admin. `learner`,
    `trainer`, `administrator`: values of the session's cookie.
    """

    learner: str
    trainer: str
    administrator: str
    pages: dict[str, str]
    screens: dict[str, str]

    def storage(self, who: str) -> dict[str, Any]:
        """For a new browser context: signed in."""
        return storage_of(getattr(self, who))


def plant_modes(site: RunningSite) -> Modes:
    """Raises RuntimeError with what the process printed."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.browser.modes"],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        text=True,
        timeout=180,
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return Modes(**json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    import django

    django.setup()
    from django.utils import timezone, translation

    from courses.accounts.api import grant_role
    from courses.accounts.enums import Role
    from courses.accounts.models import User
    from courses.quizzes.models import Question
    from tests.factories.accounts import make_administrator
    from tests.factories.quizzes import make_question, make_quiz, start_quiz, take_quiz

    def somebody(make: Any = None, **fields: Any) -> Any:
        email = f"modes.{uuid4().hex[:8]}@example.org"
        fields = {"email": email, "display_name": "Salma", "adult_declared_at": timezone.now()} | fields
        return make(**fields) if make else User.objects.create(**fields)

    learner, second = somebody(), somebody()
    trainer, administrator = somebody(), somebody(make_administrator)
    grant_role(trainer, Role.TRAINER, by=None, at=timezone.now())
    course = planted_course()

    def quiz(*types: str, questions: Any = None, **fields: Any) -> Any:
        return make_quiz(course, *types, questions=questions, slug=f"mode-{uuid4().hex[:8]}", **fields)

    def at(attempt: Any, where: str = "") -> str:
        return f"/quizzes/attempts/{attempt.uuid}/{where}"

    pages: dict[str, str] = {}
    mixed = ("single_choice", "multiple_choice", "numeric", "short_text", "matching", "ordering")
    timed = quiz(*mixed, time_limit_minutes=30)
    pages["timed question"] = at(start_quiz(learner, timed), "questions/1/")
    pages["timed summary"] = pages["timed question"].replace("questions/1/", "summary/")
    waiting = quiz(
        "numeric", time_limit_minutes=20, max_attempts=2, before_form=True, closes_at=_later(days=3)
    )
    pages["timed quiz"] = _address(waiting)
    pages["all on one page"] = at(start_quiz(learner, quiz(*mixed, layout="all")), "questions/1/")
    pages["cases and gaps"] = at(start_quiz(learner, _scenario(quiz, make_question)), "questions/1/")
    checked = start_quiz(learner, quiz("single_choice", "numeric", feedback_mode="interactive"))
    pages["hint and another try"] = at(checked, "questions/1/")
    _check_wrongly(learner, checked)
    opened = quiz("numeric", "open_answer")
    pages["open answer"] = at(start_quiz(learner, opened), "questions/2/")
    marked = take_quiz(learner, quiz("open_answer", "numeric"))
    pages["waits for marking"] = at(marked, "review/")
    failed_quiz = quiz(*mixed, show_answers="later")
    failed = take_quiz(learner, failed_quiz, wrong=(0, 2, 4))
    pages["contest"] = at(failed, "questions/1/contest/")
    contested = take_quiz(learner, failed_quiz, wrong=(0, 2))
    objection = _contest(learner, contested, failed_quiz)
    pages["review with an objection"] = at(contested, "review/")
    pages["before the course"] = at(_before(learner, waiting), "review/")
    pages["refresher"], pages["refresher reviewed"] = _refreshers(
        learner, quiz("true_false", "numeric", "single_choice")
    )
    pages["my learning with a refresher"] = "/my-learning/"
    regrade = _correct(take_quiz(second, failed_quiz, wrong=(2,)), failed_quiz, trainer)
    allowance = _allow(learner, waiting, trainer)
    illustrated = quiz(questions=[_illustrated(make_question())])
    pages["pictures"] = at(start_quiz(learner, illustrated), "questions/1/")
    measured = quiz("single_choice", "numeric")
    _measure(measured, somebody)
    draft = Question.objects.get(pk=illustrated.questions[0]["fr"].pk)
    with translation.override("fr"):
        screens = _screens(marked, objection, regrade, allowance, failed_quiz)
        screens |= _of_one_quiz(measured, draft, failed_quiz)
    sessions = {
        "learner": session_of(learner),
        "trainer": session_of(trainer),
        "administrator": session_of(administrator),
    }
    print(json.dumps({**sessions, "pages": pages, "screens": screens}))


def _later(**delta: int) -> Any:
    from django.utils import timezone

    return timezone.now() + timedelta(**delta)


def _address(quiz: Any) -> str:
    """Without its language; the slugs of planted pages are the same in all."""
    return str(quiz.pages["fr"].url).removeprefix("/fr")


def _scenario(quiz: Any, make_question: Any) -> Any:
    from wagtail.models import Locale

    from courses.quizzes.models import Question, Scenario

    key = uuid4()
    cases = {
        code: Scenario.objects.create(
            translation_key=key, locale=Locale.objects.get(language_code=code), title="Nour", text=CASE[code]
        )
        for code in LANGUAGES
    }
    questions = [make_question(kind) for kind in ("cloze", "true_false")]
    for question in questions:
        Question.objects.filter(translation_key=question["fr"].translation_key).update(scenario=cases["fr"])
    return quiz(questions=questions)


def _illustrated(variants: Any) -> Any:
    """A picture under the question, and one in a choice."""
    from io import BytesIO

    from django.core.files.images import ImageFile
    from PIL import Image
    from wagtail.images import get_image_model

    from tests.factories.quizzes import choice_id

    data = BytesIO()
    Image.new("RGB", (900, 600), "teal").save(data, "PNG")
    image = get_image_model()(title="Reçu", file=ImageFile(data, name="recu.png"))
    image._set_image_file_metadata()
    image.save()
    words = {"fr": "Un reçu de don sans date", "ar": "وصل تبرّع دون تاريخ", "en": "A receipt without a date"}
    for language, question in variants.items():
        value = {"image": image.pk, "alt": words[language], "package_id": ""}
        block = {"type": "picture", "id": choice_id(question.translation_key, 90), "value": value}
        question.pictures = [block]
        choices = question.choices.get_prep_value()
        choices[0]["value"] |= {"picture": image.pk, "alt": words[language]}
        question.choices = choices
        question.save()
    return variants


def _measure(quiz: Any, somebody: Any) -> None:
    """Figures from enough people for every table: of the best and the weakest, and of two languages."""
    from django.utils import timezone

    from courses.quizzes.domain.quiz_statistics import compute
    from tests.factories.quizzes import take_quiz

    for number in range(20):
        wrong = ((), (1,), (0, 1))[number % 3]
        take_quiz(somebody(), quiz, wrong=wrong, language="fr" if number % 2 else "ar")
    compute(quiz.key, at=timezone.now())


def _check_wrongly(learner: Any, attempt: Any) -> None:
    from django.utils import timezone

    from courses.quizzes.domain.attempts import save_answer
    from courses.quizzes.domain.checking import check
    from tests.factories.quizzes import choice_id

    key = UUID(attempt.paper["questions"][0]["key"])
    save_answer(learner, attempt.uuid, key, choice_id(key, 0), at=timezone.now())
    check(learner, attempt.uuid, key, at=timezone.now())


def _contest(learner: Any, attempt: Any, quiz: Any) -> Any:
    from django.utils import timezone

    from courses.quizzes.domain.objections import contest

    return contest(learner, attempt.uuid, quiz.question_key(0), OBJECTION, locale="fr", at=timezone.now())


def _before(learner: Any, quiz: Any) -> Any:
    from django.utils import timezone

    from courses.progress.api import enrol
    from courses.quizzes.domain.attempts import save_answer, submit
    from courses.quizzes.domain.before import start_before

    now = timezone.now()
    attempt = start_before(
        enrol(learner, quiz.course.key, locale="fr", at=now), quiz.key, locale="fr", at=now
    )
    save_answer(learner, attempt.uuid, quiz.question_key(0), quiz.right(0), at=now)
    return submit(learner, attempt.uuid, at=now)


def _refreshers(learner: Any, quiz: Any) -> tuple[str, str]:
    """Addresses of one that is open and of one that is done."""
    from django.utils import timezone

    from courses.quizzes.domain.attempts import submit
    from courses.quizzes.domain.refreshers import open_refresher
    from courses.quizzes.models import Refresher
    from tests.factories.quizzes import take_quiz

    now = timezone.now()
    passed = take_quiz(learner, quiz)
    for days in (7, 30):
        Refresher.objects.create(
            enrolment=passed.enrolment, quiz_key=quiz.key, after_days=days, due_at=now - timedelta(days=2)
        )
    done = open_refresher(learner, quiz.key, locale="fr", at=now)
    submit(learner, done.uuid, at=now)
    running = open_refresher(learner, quiz.key, locale="fr", at=now)
    return f"/quizzes/attempts/{running.uuid}/questions/1/", f"/quizzes/attempts/{done.uuid}/review/"


def _correct(attempt: Any, quiz: Any, trainer: Any) -> Any:
    """A corrected key that waits for a second person's word."""
    from django.utils import timezone

    from courses.quizzes.domain.correcting import propose
    from courses.quizzes.domain.regrading import versions_of
    from courses.quizzes.models import Question

    key = quiz.question_key(2)
    Question.objects.filter(translation_key=key).update(number=7)
    versions = [version.version for version in versions_of(key)]
    reason = "La loi a changé en mars ; la bonne réponse est sept."
    return propose(key, versions, reason, may_fail=False, by=trainer, at=timezone.now())


def _allow(learner: Any, quiz: Any, trainer: Any) -> Any:
    from django.utils import timezone

    from courses.quizzes.domain.allowances import grant

    return grant(
        quiz.key,
        user=learner,
        minutes=10,
        attempts=1,
        reason="Connexion lente",
        by=trainer,
        at=timezone.now(),
    )


def _screens(marked: Any, objection: Any, regrade: Any, allowance: Any, quiz: Any) -> dict[str, str]:
    from django.urls import reverse

    open_key = marked.paper["questions"][0]["key"]
    return {
        "import": reverse("quiz_import:upload"),
        "export": reverse("quiz_export:export"),
        "marking queue": reverse("quiz_marking:index"),
        "mark an answer": reverse("quiz_marking:answer", args=[marked.uuid, open_key]),
        "objections": reverse("quiz_objections:index"),
        "answer an objection": reverse("quiz_objections:answer", args=[objection.uuid]),
        "corrections": reverse("quiz_corrections:index"),
        "correct a question": reverse("quiz_corrections:question", args=[quiz.question_key(1)]),
        "one correction": reverse("quiz_corrections:correction", args=[regrade.uuid]),
        "allowances": reverse("quiz_allowances:index"),
        "allow": reverse("quiz_allowances:add"),
        "withdraw": reverse("quiz_allowances:withdraw", args=[allowance.pk]),
        "statistics": reverse("quiz_statistics:index"),
    }


def _of_one_quiz(measured: Any, question: Any, quiz: Any) -> dict[str, str]:
    from django.urls import reverse

    return {
        "statistics of a quiz": reverse("quiz_statistics:quiz", args=[measured.key]),
        "try a question": reverse("quiz_tryout:question", args=[question.pk]),
        "try a quiz": reverse("quiz_tryout:quiz", args=[quiz.key]),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearn.settings.local")
    main()

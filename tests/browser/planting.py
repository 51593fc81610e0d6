"""Learners in the middle of a quiz that has a question of every type, written straight into a running site's database.

    python -m tests.browser.planting COUNT TYPE …      (under the settings of the site)

Prints JSON: see `Planted`. A process of its own: while Playwright is open, Django refuses its database in that thread.
The course stands in a catalogue of its own, that nothing links to.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from tests.browser.running import ROOT, RunningSite

LANGUAGES = ("fr", "ar", "en")
PASSWORD = "trois palmiers et un puits"


@dataclass(frozen=True)
class Sitting:
    """A learner and the attempt in progress; `session` is the value of the session's cookie."""

    email: str
    session: str
    attempt: str

    @property
    def storage(self) -> dict[str, Any]:
        """For a new browser context: signed in."""
        return storage_of(self.session)


def storage_of(session: str) -> dict[str, Any]:
    """For a new browser context: with this session's cookie."""
    cookie = {"name": "sessionid", "value": session, "domain": "localhost", "path": "/"}
    common = {"httpOnly": True, "secure": False, "sameSite": "Lax", "expires": -1}
    return {"cookies": [cookie | common], "origins": []}


@dataclass(frozen=True)
class Planted:
    """`quiz`: path of the quiz in French; `questions`: key of each question, in the order of `types`."""

    quiz: str
    types: list[str]
    questions: list[str]
    sittings: list[Sitting]


def plant(site: RunningSite, count: int, *types: str) -> Planted:
    """Raises RuntimeError with what the process printed."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.browser.planting", str(count), *types],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    found = json.loads(done.stdout.splitlines()[-1])
    return Planted(
        found["quiz"], list(types), found["questions"], [Sitting(**one) for one in found["sittings"]]
    )


def main(count: int, types: list[str]) -> None:
    import django

    django.setup()
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password
    from django.utils import timezone

    from courses.accounts.models import User
    from tests.factories.quizzes import make_quiz, start_quiz

    quiz = make_quiz(planted_course(), *types)
    password = make_password(PASSWORD)
    sittings = []
    for number in range(count):
        email = f"planted{number}.{uuid4().hex[:8]}@example.org"
        now = timezone.now()
        user = User.objects.create(
            email=email, display_name=f"Planté {number}", password=password, adult_declared_at=now
        )
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        attempt = start_quiz(user, quiz)
        sittings.append({"email": email, "session": session_of(user), "attempt": str(attempt.uuid)})
    questions = [str(quiz.question_key(number)) for number in range(len(quiz.questions))]
    print(json.dumps({"quiz": quiz.pages["fr"].url, "questions": questions, "sittings": sittings}))


def planted_course() -> Any:
    """A course in a catalogue of its own."""
    from wagtail.models import Locale

    from courses.models import CourseIndexPage
    from home.models import HomePage
    from tests.factories.courses import make_course

    locales = SimpleNamespace(**{code: Locale.objects.get(language_code=code) for code in LANGUAGES})
    key = uuid4()
    catalogue = {
        code: HomePage.objects.get(locale=getattr(locales, code)).add_child(
            instance=CourseIndexPage(
                title="C", slug=f"planted-{key.hex[:8]}", locale=getattr(locales, code), translation_key=key
            )
        )
        for code in LANGUAGES
    }
    site = SimpleNamespace(locales=locales, catalogue=catalogue)
    return make_course(site, code="CNX", modules=1, lessons=1)


def session_of(user: Any) -> str:
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return str(store.session_key)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearn.settings.local")
    main(int(sys.argv[1]), sys.argv[2:])

"""Writes the pages of rare states as files, for a browser to show: they need broken data or a server in trouble.

    python -m tests.browser.states FOLDER

A process of its own with a database in memory: while Playwright is open, Django refuses its database in that thread.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

LANGUAGES = ("ar", "fr", "en")
STATES = {
    "locked": 403,
    "untranslated": 404,
    "unavailable": 503,
    "not found": 404,
    "too many requests": 429,
    "too many checks": 429,
    "server error": 500,
}


def file_name(state: str, language: str) -> str:
    return f"{state.replace(' ', '-')}.{language}.html"


def pages() -> Iterator[tuple[str, str, int, str]]:
    """State, language, status and source of each page."""
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.contenttypes.models import ContentType
    from django.template.loader import render_to_string
    from django.test import Client, RequestFactory
    from django.utils import translation
    from wagtail.models import Locale, Page

    from tests.factories.accounts import UserFactory, make_regions
    from tests.factories.courses import make_course, make_site
    from tests.factories.progress import make_enrolment

    locales = SimpleNamespace(
        **{code: Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES}
    )
    site = make_site(locales)
    course = make_course(site, sequential=True)
    partly = make_course(site, code="PLA", modules=1, lessons=3)
    learner = UserFactory(region=make_regions().kasserine)
    make_enrolment(learner, course, done=1)
    absent = ContentType.objects.create(app_label="acme_polls", model="pollpage")
    for language in LANGUAGES:
        unavailable = partly.lessons[language][0]
        Page.objects.filter(pk=unavailable.pk).update(content_type=absent)
        missing = partly.lessons[language][1]
        learner_client, visitor = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
        learner_client.force_login(learner)
        Page.objects.filter(pk=missing.pk).update(live=False)
        asked = {
            "locked": (learner_client, course.url(course.lessons[language][3])),
            "untranslated": (visitor, f"/{language}/untranslated/{missing.translation_key}/"),
            "unavailable": (visitor, course.url(unavailable)),
            "not found": (visitor, f"/{language}/nothing-here/"),
        }
        for state, (client, url) in asked.items():
            response = client.get(url)
            yield state, language, response.status_code, response.content.decode()
        Page.objects.filter(pk=missing.pk).update(live=True)
        with translation.override(language):
            request = RequestFactory(SERVER_NAME="localhost").get(f"/{language}/accounts/login/")
            request.user, request.session = AnonymousUser(), {}
            yield "too many requests", language, 429, render_to_string("429.html", request=request)
            checks = render_to_string("courses_certificates/too_many.html", request=request)
            yield "too many checks", language, 429, checks
            yield "server error", language, 500, render_to_string("500.html")


def main(folder: Path) -> int:
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    for state, language, status, source in pages():
        if status != STATES[state]:
            print(f"{state} in {language} answered {status}", file=sys.stderr)
            return 1
        (folder / file_name(state, language)).write_text(source, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

"""Starts the project with some plugins off over data that was made with them on, and tells what it finds as JSON.

Run in a process of its own by test_disabled_plugins.py; DATABASE_URL and ELEARN_DISABLED_PLUGINS say on what.
"""

import json
import sys
from typing import Any


def main() -> dict[str, Any]:
    import django

    django.setup()
    from django.test.utils import setup_test_environment

    # Responses then tell their templates.
    setup_test_environment()
    from django.apps import apps
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client
    from wagtail.models import Page

    from courses.domain.outline import outline_of
    from courses.models import CoursePage

    call_command("check", fail_level="WARNING")
    client = Client(SERVER_NAME="localhost")
    course = CoursePage.objects.get(locale__language_code="fr")
    outline = outline_of(course.translation_key, "fr")
    lesson, quiz = outline.modules[0].activities[0], outline.modules[1].activities[1]
    quiz_page = Page.objects.get(pk=quiz.page_id)
    paths = {
        "front": "/fr/",
        "catalogue": course.get_parent().url,
        "course": course.url,
        "course in Arabic": course.get_translation(Page.objects.get(slug="home-ar").locale).url,
        "module": outline.modules[0].url,
        "lesson": lesson.url,
        "quiz": quiz.url,
        "sign in": "/fr/accounts/login/",
        "health": "/healthz",
    }
    found: dict[str, Any] = {
        "installed": [app for app in settings.ELEARN_BUILTIN_PLUGINS if apps.is_installed(app)],
        "visitor": {name: client.get(path).status_code for name, path in paths.items()},
        "quiz": {"required": quiz.required, "available": quiz.available},
        "says unavailable": "courses/unavailable.html"
        in [template.name for template in client.get(quiz.url).templates or ()],
    }
    client.force_login(get_user_model().objects.get(email="learner@example.org"))
    found["learner"] = {name: client.get(path).status_code for name, path in paths.items()}
    if apps.is_installed("courses.progress"):
        from courses.progress.tasks import sweep_progress

        sweep_progress()
        progress = apps.get_model("courses_progress", "CourseProgress").objects.get()
        found["course is complete"] = progress.completed_at is not None
    administrator = Client(SERVER_NAME="localhost")
    administrator.force_login(get_user_model().objects.get(email="boss@example.org"))
    module_page = quiz_page.get_parent()
    found["administrator"] = {
        "explore": administrator.get(f"/admin/pages/{module_page.pk}/").status_code,
        "delete": administrator.post(f"/admin/pages/{module_page.pk}/delete/", follow=False).status_code,
    }
    found["module is kept"] = Page.objects.filter(pk=module_page.pk).exists()
    return found


if __name__ == "__main__":
    json.dump(main(), sys.stdout)

"""Quizzes in the Wagtail admin."""

from typing import Any

from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet

from courses.quizzes.domain import filing
from courses.quizzes.interfaces import (
    allowances,
    exporting,
    importing,
    marking,
    objections,
    regrading,
    statistics,
    tryout,
)
from courses.quizzes.interfaces.bank import MENU_HOOK, QuizzesGroup, keep_what_is_used
from courses.quizzes.interfaces.bulk import ACTIONS
from courses.quizzes.interfaces.deleting import one_by_one, warn_of_answers, warn_of_attempts
from courses.quizzes.interfaces.question_views import without_own_approval

register_snippet(QuizzesGroup)
hooks.register("before_delete_page", warn_of_attempts)
hooks.register("before_bulk_action", one_by_one)
hooks.register("before_delete_snippet", keep_what_is_used)
hooks.register("before_delete_snippet", warn_of_answers)
hooks.register("construct_snippet_action_menu", without_own_approval)
hooks.register("register_snippet_listing_buttons", tryout.question_button)
hooks.register("register_page_listing_more_buttons", tryout.quiz_button)
hooks.register("register_page_header_buttons", tryout.quiz_button)
for action in ACTIONS:
    hooks.register("register_bulk_action", action)
hooks.register("register_reports_menu_item", statistics.menu_item)
hooks.register(MENU_HOOK, marking.menu_item)
hooks.register(MENU_HOOK, allowances.menu_item)
hooks.register("register_log_actions", allowances.register_log_actions)
hooks.register(MENU_HOOK, importing.menu_item)
hooks.register(MENU_HOOK, exporting.menu_item)
hooks.register("register_bulk_action", exporting.ExportTicked)


@hooks.register("register_admin_urls")
def marking_urls() -> list[Any]:
    return [path("quiz-marking/", include((marking.urlpatterns, "quiz_marking")))]


@hooks.register("register_admin_urls")
def allowances_urls() -> list[Any]:
    return [path("quiz-allowances/", include((allowances.urlpatterns, "quiz_allowances")))]


@hooks.register("register_admin_urls")
def statistics_urls() -> list[Any]:
    return [path("quiz-statistics/", include((statistics.urlpatterns, "quiz_statistics")))]


@hooks.register("register_admin_urls")
def tryout_urls() -> list[Any]:
    return [path("quiz-tryout/", include((tryout.urlpatterns, "quiz_tryout")))]


@hooks.register("register_admin_urls")
def exchange_urls() -> list[Any]:
    return [
        path("quiz-import/", include((importing.urlpatterns, "quiz_import"))),
        path("quiz-export/", include((exporting.urlpatterns, "quiz_export"))),
    ]


@hooks.register("register_log_actions")
def log_of_the_bank(actions: LogActionRegistry) -> None:
    actions.register_action(filing.FILED, _("Filed in the bank"), _("Filed in the bank"))


hooks.register(MENU_HOOK, objections.menu_item)
hooks.register(MENU_HOOK, regrading.menu_item)
hooks.register("register_snippet_listing_buttons", regrading.question_button)
hooks.register("register_log_actions", regrading.register_log_actions)


@hooks.register("register_admin_urls")
def decisions_urls() -> list[Any]:
    return [
        path("quiz-objections/", include((objections.urlpatterns, "quiz_objections"))),
        path("quiz-corrections/", include((regrading.urlpatterns, "quiz_corrections"))),
    ]

"""What progress holds of a person."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.accounts.api import User
from courses.plugin_api.registries import activity_kinds

# Words for the keys of the export.
LABELS: Mapping[str, Any] = {"title": _("activity"), "last_at": _("opened last")}
# The page shows titles; the file has the keys too.
FILE_ONLY = frozenset({"course_key", "activity"})


def export(user: User) -> list[dict[str, Any]]:
    """Every enrolment with its openings, completions and progress; titles in the active language, as they are today.

    An activity that isn't published any more has no title; a course then has the one of its enrolment.
    """
    from courses.progress.domain.programmes import programme_names
    from courses.progress.domain.queries import enrolments_of

    enrolments = list(enrolments_of(user).prefetch_related("openings", "completions"))
    names = programme_names({enrolment.programme for enrolment in enrolments if enrolment.programme})
    titles = _titles_today(
        key
        for enrolment in enrolments
        for key in (
            enrolment.course_key,
            *(opening.activity_key for opening in enrolment.openings.all()),
            *(done.activity_key for done in enrolment.completions.all()),
        )
    )
    return [
        {
            "course": titles.get(enrolment.course_key, enrolment.course_title),
            "course_key": str(enrolment.course_key),
            "cycle": enrolment.cycle,
            "programme": names.get(enrolment.programme, ""),
            "language": enrolment.locale,
            "enrolled_at": enrolment.enrolled_at.isoformat(),
            "percent": enrolment.progress.percent,
            "completed_at": enrolment.progress.completed_at and enrolment.progress.completed_at.isoformat(),
            "lessons_opened": [
                {
                    "activity": str(opening.activity_key),
                    "title": titles.get(opening.activity_key),
                    "at": opening.opened_at.isoformat(),
                    "last_at": (opening.last_opened_at or opening.opened_at).isoformat(),
                }
                for opening in enrolment.openings.all()
            ],
            "completions": [
                {
                    "activity": str(done.activity_key),
                    "title": titles.get(done.activity_key),
                    "kind": done.kind,
                    "at": done.completed_at.isoformat(),
                }
                for done in enrolment.completions.all()
            ],
        }
        for enrolment in enrolments
    ]


def _titles_today(keys: Iterable[UUID]) -> dict[UUID, str]:
    """Titles of published pages: in the active language, or in the site's, or in the one there is. One query."""
    from wagtail.models import Page

    order = (get_language() or settings.LANGUAGE_CODE, settings.LANGUAGE_CODE)
    found = Page.objects.filter(translation_key__in=set(keys), live=True).values_list(
        "translation_key", "locale__language_code", "title"
    )
    titles: dict[UUID, dict[str, str]] = {}
    for key, language, title in found:
        titles.setdefault(key, {})[language] = title
    return {
        key: next((own[language] for language in order if language in own), next(iter(own.values())))
        for key, own in titles.items()
    }


def _kind_in_words(key: str | None) -> Any:
    kind = activity_kinds.get(key) if key else None
    return kind.label if kind else key


WORDS: Mapping[str, Callable[[Any], Any]] = {
    "title": lambda title: title or _("no longer published"),
    "kind": _kind_in_words,
}


def erase(user: User, at: datetime) -> None:
    """The ledger keeps course, dates and the pseudonymous user; openings, which serve only the learner, go."""
    from courses.progress.models import LessonOpening

    LessonOpening.objects.filter(enrolment__user=user).delete()

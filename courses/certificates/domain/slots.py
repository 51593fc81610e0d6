"""What certificates show on 'My learning'."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from courses.accounts.api import User
from courses.certificates.enums import Blocker
from courses.certificates.models import Certificate
from courses.lib.lazy_text import lazy_format
from courses.progress.api import Enrolment


@dataclass(frozen=True)
class Missing:
    """One thing that is missing for a certificate, in plain words, and where to put it right."""

    text: Any
    link_url: str = ""
    link_label: Any = ""


@dataclass(frozen=True)
class DashboardRow:
    """A complete course: its certificate, or (None) what is missing for it. Nothing missing: it is on its way."""

    title: str
    enrolment: Enrolment
    certificate: Certificate | None
    missing: Sequence[Missing]


def dashboard(request: HttpRequest, page: Page | None) -> Mapping[str, Any] | None:
    """The certificates of the person; nothing while no course is complete. Four queries at most."""
    from courses.certificates.domain.eligibility import blockers_of
    from courses.progress.api import enrolments_of, with_completion

    user = request.user
    if not user.is_authenticated:
        return None
    enrolments = list(with_completion(enrolments_of(user)).prefetch_related("certificates"))
    if not enrolments:
        return None
    held = {enrolment.pk: next(iter(enrolment.certificates.all()), None) for enrolment in enrolments}
    language = get_language() or "fr"
    unissued = [enrolment.course_key for enrolment in enrolments if held[enrolment.pk] is None]
    missing = explain(user, blockers_of(user)) if unissued else []
    titles = _titles_today(unissued, language) if unissued else {}
    return {
        "rows": [
            DashboardRow(
                title=_title(held[enrolment.pk], language)
                or titles.get(enrolment.course_key, enrolment.course_title),
                enrolment=enrolment,
                certificate=held[enrolment.pk],
                missing=[] if held[enrolment.pk] else missing,
            )
            for enrolment in enrolments
        ]
    }


def explain(user: User, blockers: Sequence[Blocker]) -> list[Missing]:
    """Each blocker in plain words, with the page where the person can put it right."""
    from courses.certificates.domain.eligibility import names_of, unprintable

    def put_into_words(blocker: Blocker) -> Missing:
        match blocker:
            case Blocker.ADDRESS_UNCONFIRMED:
                return Missing(
                    _("Not issued yet: your e-mail address isn't confirmed."),
                    reverse("account_email"),
                    _("Confirm my address"),
                )
            case Blocker.NAME_MISSING:
                return Missing(
                    _("Not issued yet: the name to print on it is missing."),
                    reverse("accounts:profile"),
                    _("Give my name"),
                )
            case Blocker.NAME_CHARACTERS:
                return Missing(
                    lazy_format(
                        _("Not issued yet: your name contains signs that can't be printed: %(signs)s"),
                        signs=" ".join(unprintable(names_of(user).both)),
                    ),
                    reverse("accounts:profile"),
                    _("Correct my name"),
                )
            case Blocker.HOLDER_ERASED:
                return Missing(_("Not issued: this account is closed."))

    return [put_into_words(blocker) for blocker in blockers]


def _title(certificate: Certificate | None, language: str) -> str:
    """The title as it was frozen; empty without a certificate."""
    if certificate is None:
        return ""
    titles: Mapping[str, str] = certificate.snapshot["content"]["course_title"]
    return titles.get(language, "")


def _titles_today(course_keys: Iterable[UUID], language: str) -> dict[UUID, str]:
    """The titles of published courses in this language, by course key."""
    from courses.models import CoursePage

    pages = CoursePage.objects.filter(
        translation_key__in=course_keys, locale__language_code=language, live=True
    )
    return dict(pages.values_list("translation_key", "title"))

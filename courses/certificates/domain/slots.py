"""What certificates show on 'My learning', on course pages and under the result of an activity."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from courses.accounts.api import User
from courses.certificates.domain.display import CourseToday, courses_today
from courses.certificates.domain.renewing import RENEWABLE
from courses.certificates.domain.verification import Verification, verification_of
from courses.certificates.enums import Blocker
from courses.certificates.interfaces.standing_words import ToHolder, for_holder
from courses.certificates.models import Certificate
from courses.domain.outline import CourseNotFound, outline_for
from courses.lib.lazy_text import lazy_format
from courses.progress.api import Enrolment

# What the form for the name puts right, there and then.
PLAIN_QUESTIONS = frozenset({Blocker.NAME_MISSING, Blocker.NAME_UNCONFIRMED})
ASKS_FOR_NAME = PLAIN_QUESTIONS | {Blocker.NAME_CHARACTERS}


@dataclass(frozen=True)
class Missing:
    """One thing that is missing for a certificate, in plain words, and where to put it right."""

    text: Any
    link_url: str = ""
    link_label: Any = ""


# The certificates of some courses wait for an administrator.
IN_BULK = Missing(_("Not issued yet: the certificates of this course are issued together, at a later date."))


@dataclass(frozen=True)
class DashboardRow:
    """A complete course: its certificate, or (None) what is missing for it. Nothing missing: it is on its way.

    `told`: what an issued certificate is worth today.
    """

    title: str
    enrolment: Enrolment
    certificate: Certificate | None
    missing: Sequence[Missing]
    told: ToHolder | None = None


def dashboard(request: HttpRequest, page: Page | None) -> Mapping[str, Any] | None:
    """The certificates of the person and, while one is still to come, the name that will be printed; nothing for
    who is enrolled nowhere. Five queries at most.
    """
    from courses.certificates.domain.eligibility import blockers_of, names_of
    from courses.certificates.domain.queries import counting, issued_in_bulk
    from courses.progress.api import enrolments_of

    user = request.user
    if not user.is_authenticated:
        return None
    enrolments = list(enrolments_of(user))
    if not enrolments:
        return None
    complete = [enrolment for enrolment in enrolments if enrolment.progress.completed_at is not None]
    prefetch_related_objects(complete, "certificates")
    held = {enrolment.pk: counting(enrolment.certificates.all()) for enrolment in complete}
    language = get_language() or "fr"
    unissued = [enrolment.course_key for enrolment in complete if held[enrolment.pk] is None]
    blockers = blockers_of(user) if unissued else []
    missing = explain(user, blockers, back_to=request.get_full_path())
    at = timezone.now()
    public = {
        pk: verification_of(certificate, language, at)
        for pk, certificate in held.items()
        if certificate is not None and certificate.is_ready
    }
    renewable = [
        enrolment.course_key
        for enrolment in complete
        if enrolment.pk in public and public[enrolment.pk].standing in RENEWABLE
    ]
    today = courses_today([*unissued, *renewable], language) if unissued or renewable else {}
    # What the holder can do comes first.
    later = issued_in_bulk(unissued) if unissued and not blockers else set()
    under_way = len(complete) < len(enrolments)
    asks = _asks_for_name(blockers)
    return {
        "rows": [
            DashboardRow(
                title=_title(held[enrolment.pk], language)
                or (
                    today[enrolment.course_key].title
                    if enrolment.course_key in today
                    else enrolment.course_title
                ),
                enrolment=enrolment,
                certificate=held[enrolment.pk],
                missing=[] if held[enrolment.pk] else [IN_BULK] if enrolment.course_key in later else missing,
                told=_told(public.get(enrolment.pk), today.get(enrolment.course_key)),
            )
            for enrolment in complete
        ],
        "asks_for_name": asks,
        # One main action a screen: with a course under way, that is the next step.
        "main": not under_way,
        "names": names_of(user) if not asks and (unissued or under_way) else None,
        "confirmed": user.certificate_name_confirmed_at is not None,
        "name_url": _name_url(request.get_full_path()),
    }


def in_course(request: HttpRequest, page: Page | None) -> Mapping[str, Any] | None:
    """For a learner enrolled in the course around a page: the state of the certificate once the course is complete, and
    until then the name that will be printed on it. Three queries at most, none while it is under way.
    """
    from courses.certificates.domain.eligibility import blockers_of, names_of
    from courses.certificates.domain.queries import certificate_for, issued_in_bulk
    from courses.progress.api import enrolment_of_request

    if page is None or not request.user.is_authenticated:
        return None
    try:
        outline = outline_for(request, page)
    except CourseNotFound:
        return None
    enrolment = enrolment_of_request(request, outline.key)
    if enrolment is None:
        return None
    user, path = request.user, request.get_full_path()
    context = {
        "complete": enrolment.progress.completed_at is not None,
        "confirmed": user.certificate_name_confirmed_at is not None,
        "name_url": _name_url(path),
    }
    if not context["complete"]:
        return {**context, "names": names_of(user)}
    certificate = certificate_for(enrolment)
    blockers = [] if certificate else blockers_of(user)
    # What the form beside it asks needs no second word.
    missing = explain(user, [found for found in blockers if found not in PLAIN_QUESTIONS], back_to=path)
    if certificate is None and not blockers and issued_in_bulk([outline.key]):
        missing = [IN_BULK]
    return {
        **context,
        "certificate": certificate,
        "told": for_holder(verification_of(certificate, get_language() or "fr", timezone.now()))
        if certificate is not None and certificate.is_ready
        else None,
        "missing": missing,
        "asks_for_name": _asks_for_name(blockers),
        "main": True,
    }


def explain(user: User, blockers: Sequence[Blocker], *, back_to: str) -> list[Missing]:
    """Each blocker in plain words, with the page where the person can put it right and returns from `back_to`."""
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
                    _name_url(back_to),
                    _("Give my name"),
                )
            case Blocker.NAME_CHARACTERS:
                return Missing(
                    lazy_format(
                        _("Not issued yet: your name contains signs that can't be printed: %(signs)s"),
                        signs=" ".join(unprintable(names_of(user).both)),
                    ),
                    _name_url(back_to),
                    _("Correct my name"),
                )
            case Blocker.NAME_UNCONFIRMED:
                return Missing(
                    _("Not issued yet: you haven't confirmed the name to print on it."),
                    _name_url(back_to),
                    _("Confirm my name"),
                )
            case Blocker.HOLDER_ERASED:
                return Missing(_("Not issued: this account is closed."))

    return [put_into_words(blocker) for blocker in blockers]


def _told(found: Verification | None, course: CourseToday | None) -> ToHolder | None:
    return None if found is None else for_holder(found, course.url if course else "")


def _asks_for_name(blockers: Iterable[Blocker]) -> bool:
    return not ASKS_FOR_NAME.isdisjoint(blockers)


def _name_url(back_to: str) -> str:
    return f"{reverse('accounts:certificate_name')}?{urlencode({'next': back_to})}"


def _title(certificate: Certificate | None, language: str) -> str:
    """The title as it was frozen; empty without a certificate."""
    if certificate is None:
        return ""
    titles: Mapping[str, str] = certificate.snapshot["content"]["course_title"]
    return titles.get(language, "")

"""After submission: the result, what was right, and what to do next."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from babel.lists import format_list
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from courses.lib.clock import local_day
from courses.lib.dates import babel_locale, format_date, format_moment
from courses.quizzes.domain.before import before_form_of
from courses.quizzes.domain.feedback import tries_of
from courses.quizzes.domain.grading import missed_critical
from courses.quizzes.domain.marking import by_hand, with_markings
from courses.quizzes.domain.paper import Paper
from courses.quizzes.domain.queries import journal_of, markings_of
from courses.quizzes.domain.review import grades_of, reviewed
from courses.quizzes.domain.review_rules import Wait, offers_checks, waits
from courses.quizzes.domain.standing import place_of, published_pages, standing_of
from courses.quizzes.domain.telling import result_shown, shown_after
from courses.quizzes.enums import AttemptPurpose
from courses.quizzes.models import Attempt
from courses.quizzes.views.common import active_language, attempt_or_404, words_of
from courses.quizzes.views.objecting import review_parts
from courses.quizzes.views.refreshing import review_aside
from courses.quizzes.words import in_language

# The parts of a review as the quiz's form names them.
PARTS: Mapping[str, Any] = {
    "score": _("score"),
    "verdicts": _("right or wrong"),
    "remarks": _("remark on the choice made"),
    "answers": _("right answers"),
    "explanations": _("explanation with its provision"),
}


@require_safe
@login_required
def review(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """The result, what was right, and what to do next."""
    found = attempt_or_404(request, attempt, with_key=True)
    if not found.is_submitted:
        return redirect("quizzes:attempt", attempt)
    if found.purpose != AttemptPurpose.GRADED:
        return review_aside(request, found)
    pages = published_pages(found.quiz_key)
    page = next(
        (page for page in pages if page.locale.language_code == active_language()), next(iter(pages), None)
    )
    rules = pages[0] if pages else None
    standing = standing_of(found.enrolment, found.quiz_key, rules, at=timezone.now())
    paper = Paper.load(found.paper, found.answer_key)
    shown = shown_after(found, paper.policy, standing)
    if found.is_graded and any(by_hand(question) for question in paper.questions):
        paper = with_markings(paper, markings_of(found), comments=shown.remarks)
    rows = []
    missed: tuple[str, ...] = ()
    if found.purged_at is None:
        grades = grades_of(paper, found.results)
        missed = missed_critical(paper, grades)
        rows = reviewed(
            paper,
            grades,
            journal_of(found).answers,
            active_language(),
            shown=shown,
            tried=tries_of(found) if offers_checks(paper.policy) else None,
        )
    context = {
        "attempt": found,
        "title": paper.title_in(active_language()),
        "rows": rows,
        "right_count": sum(row.right for row in rows),
        "shown": shown,
        "reveal": shown.answers,
        "hidden": _hidden(
            found,
            waits(paper.policy, shown, over_at=standing.over_at),
            standing.over_at,
            begun_again=standing.later is not None,
        ),
        "result_shown": result_shown(standing),
        "missed_one": bool(missed),
        # The words of the critical objectives that weren't reached; which answers were wrong they don't say.
        "missed_critical": [in_language(paper.objectives[key].statement) for key in missed]
        if shown.verdicts
        else [],
        "kept_months": settings.QUIZ_ANSWERS_KEPT_MONTHS,
        "standing": standing,
        "may_start": standing.may_start,
        "hindrance": words_of(standing.hindrance) if standing.hindrance else "",
        # Not `page`: the language switch leads to this review, not to the quiz.
        "quiz_page": page,
        "place": place_of(request, page),
        "course_complete": found.enrolment.progress.completed_at is not None,
        "before": before_form_of(found.enrolment, rules) if rules else None,
        **review_parts(found, paper, shown=bool(rows)),
    }
    return render(request, "courses_quizzes/review.html", context)


def _hidden(
    attempt: Attempt, waiting: Mapping[str, Wait], over_at: datetime | None, *, begun_again: bool
) -> list[str]:
    """What the page doesn't show yet, and from when on it does: a sentence for each moment."""
    if not attempt.is_graded or attempt.submitted_at is None:
        return []
    language = active_language()
    sentences = []
    for wait in (Wait.DAY, Wait.CLOSING, Wait.NEVER):
        names = [str(PARTS[part]) for part, why in waiting.items() if why == wait]
        if not names:
            continue
        parts = format_list(names, locale=babel_locale(language))
        if wait == Wait.DAY:
            day = format_date(local_day(attempt.submitted_at) + timedelta(days=1), language)
            sentences.append(
                gettext("From %(day)s on, this page shows: %(parts)s.") % {"day": day, "parts": parts}
            )
        elif wait == Wait.CLOSING and over_at is not None:
            moment = format_moment(timezone.localtime(over_at), language)
            words = gettext(
                "From %(moment)s on, when nobody can answer any more, this page shows: %(parts)s."
            )
            sentences.append(words % {"moment": moment, "parts": parts})
        else:
            sentences.append(gettext("This quiz doesn't show: %(parts)s.") % {"parts": parts})
    if waiting.get("answers") == Wait.PASSING:
        sentences.append(
            gettext("You follow the course again: the right answers are shown once you have passed again.")
            if begun_again
            else gettext("The right answers are shown once you have passed.")
        )
    return sentences

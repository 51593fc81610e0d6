"""The pages of an attempt: its questions, and what was answered before submitting."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from courses.quizzes.domain import attempts as verbs
from courses.quizzes.domain import checking
from courses.quizzes.domain.clock import time_is_over
from courses.quizzes.domain.feedback import Try, is_settled, tries_of
from courses.quizzes.domain.grading import clean, share_so_far
from courses.quizzes.domain.pages import QuestionPage, has_no_way_back, page_with
from courses.quizzes.domain.paper import FrozenQuestion, Paper
from courses.quizzes.domain.queries import Journal, journal_of
from courses.quizzes.domain.refusals import Refusal, Refused
from courses.quizzes.domain.review import Above, AskedQuestion, above, asked
from courses.quizzes.domain.review_rules import NOTHING, Visible, offers_checks
from courses.quizzes.domain.standing import course_url
from courses.quizzes.domain.telling import shown_while_taken
from courses.quizzes.enums import FeedbackMode, ShownFrom
from courses.quizzes.models import Attempt
from courses.quizzes.types.base import question_types
from courses.quizzes.views.common import WORDS, active_language, attempt_or_404, learner_of


class Sheet:
    """One page of an attempt: its questions, what was answered and checked, what may be told of it."""

    def __init__(self, attempt: Attempt, position: int) -> None:
        """Raises Http404 for a position that the paper doesn't have."""
        self.attempt = attempt
        self.paper = Paper.load(attempt.paper)
        if self.paper.at(position) is None:
            raise Http404
        self.positions: QuestionPage = page_with(self.paper, position)
        self.questions = [self.paper.questions[at - 1] for at in self.positions]
        self.checks = offers_checks(self.paper.policy)
        self.tries = dict(tries_of(attempt)) if self.checks else {}
        self.journal = journal_of(attempt)
        told = any(self.tried(question) for question in self.questions)
        running = self.tries and self.paper.policy.show_score == ShownFrom.DURING
        self.shown: Visible = NOTHING
        self.keyed = self.paper
        if told or running:
            # Only now, and only for what was checked, the key is read.
            self.keyed = Paper.load(attempt.paper, attempt.answer_key)
            self.shown = shown_while_taken(attempt, self.paper.policy, at=timezone.now())

    @property
    def missing_type(self) -> bool:
        return any(question.type not in question_types for question in self.questions)

    @property
    def is_left(self) -> bool:
        """Whether it isn't the page to be answered now, where there is no way back."""
        return has_no_way_back(self.paper) and self.attempt.reached not in self.positions

    def field(self, question: FrozenQuestion) -> str:
        return "answer" if len(self.positions) == 1 else f"q-{question.key}"

    def tried(self, question: FrozenQuestion) -> Sequence[Try]:
        return self.tries.get(question.key, ())

    def is_settled(self, question: FrozenQuestion) -> bool:
        return is_settled(self.paper.policy, self.tried(question))

    @property
    def so_far(self) -> int | None:
        """The percentage of the points of the answers that stand; None where the quiz doesn't tell it yet."""
        return share_so_far(self.keyed, self.tries) if self.shown.score else None

    def items(self, raws: dict[UUID, Any], errors: dict[UUID, Any]) -> list[AskedQuestion | None]:
        return [self._item(self.paper.questions[at - 1].key, raws, errors) for at in self.positions]

    def _item(self, key: UUID, raws: dict[UUID, Any], errors: dict[UUID, Any]) -> AskedQuestion | None:
        question = self.keyed.question(key)
        assert question is not None
        return asked(
            self.keyed,
            question,
            raws[key] if key in errors and key in raws else self.journal.answers.get(key),
            active_language(),
            field=self.field(question),
            error=errors.get(key, ""),
            checkable=self.checks,
            tried=self.tried(question),
            shown=self.shown,
        )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def question(request: HttpRequest, attempt: UUID, position: int) -> HttpResponse:
    """A page of questions. Posting saves its answers and goes on, or to the question named by `go`, or checks the
    question named by `check` and shows it again.
    """
    found = attempt_or_404(request, attempt)
    sheet = Sheet(found, position)
    if found.is_submitted:
        return redirect("quizzes:review", attempt)
    if request.method != "POST" and time_is_over(found, timezone.now()):
        return redirect("quizzes:summary", attempt)
    if sheet.is_left:
        if request.method == "POST":
            messages.warning(request, WORDS[Refusal.LEFT])
        return redirect("quizzes:attempt", attempt)
    if sheet.missing_type:
        return render(
            request, "courses_quizzes/unavailable.html", {"reason": WORDS[Refusal.UNGRADABLE]}, status=503
        )
    raws: dict[UUID, Any] = {}
    errors: dict[UUID, Any] = {}
    if request.method == "POST":
        raws, errors, stop = _save(request, sheet)
        if stop is not None:
            messages.warning(request, WORDS[stop])
            return redirect("quizzes:attempt", attempt)
        named = request.POST.get("check", "")
        target = sheet.paper.at(int(named)) if _is_number(named) else None
        if target is not None and target in sheet.questions and target.key not in errors:
            refused = _check(request, sheet, target)
            if refused is None:
                return _to_question(attempt, sheet.positions[0], f"q{named}-told")
            errors[target.key] = refused
        elif not errors:
            return _go_on(request, sheet, raws)
        # What was saved, and what was checked, since the page was read.
        sheet = Sheet(found, position)
    elif position != sheet.positions[0]:
        return _to_question(attempt, sheet.positions[0], f"q{position}")
    items = sheet.items(raws, errors)
    context = {
        "attempt": found,
        "title": sheet.paper.title_in(active_language()),
        "questions": items,
        # Of a page with one question: the stem is its title.
        "question": items[0] if len(items) == 1 else None,
        "errors": errors,
        "total": len(sheet.paper.questions),
        "first": sheet.positions[0],
        "last": sheet.positions[-1],
        "positions": _positions(sheet),
        "no_way_back": has_no_way_back(sheet.paper),
        "so_far": sheet.so_far,
        # Whether a wrong answer may be tried again.
        "hints": sheet.paper.policy.feedback_mode == FeedbackMode.INTERACTIVE,
        "open": any(item is not None and item.told is None for item in items),
        "checkable": [item.position for item in items if item is not None and item.checkable],
        "saved_at": max(
            (sheet.journal.saved_at[key] for key in _keys(sheet) if key in sheet.journal.saved_at),
            default=None,
        ),
        "max_sequence": sheet.journal.max_sequence,
        "previous": sheet.positions[0] - 1,
        "course_url": course_url(found, active_language()),
    }
    return render(request, "courses_quizzes/question.html", context)


def _keys(sheet: Sheet) -> list[UUID]:
    return [question.key for question in sheet.questions]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5


def _save(request: HttpRequest, sheet: Sheet) -> tuple[dict[UUID, Any], dict[UUID, Any], Refusal | None]:
    """Save what changed on the page: the raw answers, words for those refused, and why to stop, if it is over.

    One that was refused keeps no other from being saved; late ones go into the journal too, as late.
    """
    raws: dict[UUID, Any] = {}
    errors: dict[UUID, Any] = {}
    stop: Refusal | None = None
    for question in sheet.questions:
        name, kind = sheet.field(question), question_types[question.type]
        if sheet.is_settled(question) and name not in request.POST:
            continue
        raw = raws[question.key] = kind.raw_from_form(request.POST, name)
        value = clean(question, raw)
        understood = value is not None or kind.is_blank(raw)
        if understood and value == sheet.journal.answers.get(question.key):
            continue
        try:
            verbs.save_answer(learner_of(request), sheet.attempt.uuid, question.key, raw, at=timezone.now())
        except Refused as refusal:
            if refusal.reason in (Refusal.SUBMITTED, Refusal.LEFT):
                return raws, errors, refusal.reason
            if refusal.reason == Refusal.LATE:
                stop = refusal.reason
                continue
            if refusal.reason == Refusal.CHECKED:
                # The page shows what stands, not what was sent.
                del raws[question.key]
            errors[question.key] = refusal.word or WORDS[refusal.reason]
    return raws, errors, stop


def _check(request: HttpRequest, sheet: Sheet, question: FrozenQuestion) -> Any:
    """None where the answer was judged, else words for why it wasn't."""
    try:
        checking.check(learner_of(request), sheet.attempt.uuid, question.key, at=timezone.now())
    except Refused as refusal:
        return WORDS[refusal.reason]
    return None


def _to_question(attempt: UUID, position: int, fragment: str) -> HttpResponse:
    return redirect(f"{urlsplit(reverse('quizzes:question', args=[attempt, position])).path}#{fragment}")


def _go_on(request: HttpRequest, sheet: Sheet, raws: dict[UUID, Any]) -> HttpResponse:
    """To the question that a button named, else to the next page, and from the last to the summary."""
    attempt, named = sheet.attempt.uuid, request.POST.get("go", "")
    if len(sheet.questions) == 1 and not named:
        only = sheet.questions[0]
        if only.key in raws and question_types[only.type].is_blank(raws[only.key]):
            messages.info(request, _no_answer_yet(sheet.positions[0]))
    target = int(named) if _is_number(named) else sheet.positions[-1] + 1
    if has_no_way_back(sheet.paper) and not (_is_number(named) and target == 0):
        try:
            target = checking.leave_page(learner_of(request), attempt, sheet.positions[0])
        except Refused as refusal:
            # Submitted meanwhile, in another tab or by the sweep.
            messages.warning(request, WORDS[refusal.reason])
            return redirect("quizzes:review", attempt)
    if 1 <= target <= len(sheet.paper.questions):
        return redirect("quizzes:question", attempt, target)
    return redirect("quizzes:summary", attempt)


def _no_answer_yet(position: int) -> str:
    return gettext("No answer given to question %(number)d yet.") % {"number": position}


def _positions(sheet: Sheet) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "answered": question.key in sheet.journal.answers,
            "current": number in sheet.positions,
        }
        for number, question in enumerate(sheet.paper.questions, start=1)
    ]


@require_safe
@login_required
def summary(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """What was answered and what wasn't, before submitting."""
    found = attempt_or_404(request, attempt)
    if found.is_submitted:
        return redirect("quizzes:review", attempt)
    paper = Paper.load(found.paper)
    journal = journal_of(found)
    rows = _rows(found, paper, journal)
    context = {
        "attempt": found,
        "title": paper.title_in(active_language()),
        "rows": rows,
        "groups": _groups(rows),
        "missing": sum(not row["answered"] for row in rows),
        "max_sequence": journal.max_sequence,
        # Where the learner goes back to: the last question, or the one that is open where there is no way back.
        "back": min(found.reached, len(rows) + 1) if has_no_way_back(paper) else len(rows),
        "course_url": course_url(found, active_language()),
    }
    return render(request, "courses_quizzes/summary.html", context)


def _rows(attempt: Attempt, paper: Paper, journal: Journal) -> list[dict[str, Any]]:
    rows = []
    case = ""
    last = len(paper.questions)
    if has_no_way_back(paper):
        last = page_with(paper, min(attempt.reached, last))[-1]
    for number, question in enumerate(paper.questions, start=1):
        texts, value = question.texts_in(active_language()), journal.answers.get(question.key)
        kind = question_types.get(question.type)
        case, shown_before = texts["case"], case
        # Where there is no way back, nothing of a later question may help with the one that is open.
        met = number <= last
        rows.append(
            {
                "number": number,
                "stem": texts["stem"] if met else "",
                # Questions on one case stand together: it is shown above the first of them.
                "case": case if met and case != shown_before else "",
                "above": above(paper, number, active_language()) if met else Above(),
                "language": question.language_for(active_language()),
                "answered": value is not None,
                "answer": kind.in_words(question.body, texts, value) if kind and value is not None else "",
                "open": not has_no_way_back(paper) or attempt.reached in page_with(paper, number),
            }
        )
    return rows


def _groups(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows by section; `first` is the position a group begins at."""
    groups: list[dict[str, Any]] = []
    for row in rows:
        if not groups or row["above"].section:
            groups.append({"title": row["above"].section, "first": row["number"], "rows": []})
        groups[-1]["rows"].append(row)
    return groups

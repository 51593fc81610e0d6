"""The queue of open answers in the Wagtail admin: what waits, and the form that marks one. It never shows a name."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.generic.base import View
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from courses.plugin_api.screens import Screen, reader_of
from courses.quizzes.domain.attempts import AttemptNotFound
from courses.quizzes.domain.marking import (
    MAX_COMMENT,
    MarkRefusal,
    MarkRefused,
    OpenAnswerGiven,
    mark,
    marked_attempts,
    next_to_mark,
    open_answers,
    waiting_attempts,
)
from courses.quizzes.models import Marking
from courses.quizzes.tasks import tell_marked

PERMISSION = "courses_quizzes.add_marking"
PER_PAGE = 25
TITLE = gettext_lazy("Answers to mark")
WORDS: Mapping[MarkRefusal, Any] = {
    MarkRefusal.NOT_SUBMITTED: gettext_lazy("The learner hasn't submitted this answer yet."),
    MarkRefusal.PURGED: gettext_lazy("The answers of this attempt were removed."),
    MarkRefusal.OWN: gettext_lazy("Nobody marks their own answers."),
    MarkRefusal.UNKNOWN_QUESTION: gettext_lazy("There is no such answer."),
    MarkRefusal.BAD_MARKS: gettext_lazy("Give whole points for each criterion."),
    MarkRefusal.MARKED_MEANWHILE: gettext_lazy(
        "Somebody else marked this answer meanwhile; their marks stand below. Nothing of yours was saved."
    ),
    MarkRefusal.ONLY_RAISE: gettext_lazy(
        "The learner has the result already: points can be raised, and not lowered."
    ),
}


class MarkingForm(forms.Form):
    """Points for each criterion, and a comment. `seen`: the marking that counted when the form was shown."""

    comment = forms.CharField(
        label=gettext_lazy("Comment for the learner"),
        help_text=gettext_lazy("Optional. The learner reads it beside the points."),
        required=False,
        max_length=MAX_COMMENT,
        widget=forms.Textarea({"rows": 5, "dir": "auto"}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, answer: OpenAnswerGiven, **kwargs: Any) -> None:
        kwargs["initial"] = _initial(answer)
        super().__init__(*args, **kwargs)
        assert answer.question.answer is not None
        self.criteria = answer.question.answer["criteria"]
        words = answer.question.remarks_in(get_language() or "fr").get("criteria", {})
        fields: dict[str, forms.Field] = {}
        for number, criterion in enumerate(self.criteria, start=1):
            most = criterion["points"]
            text = words.get(criterion["id"]) or _("Criterion %(number)d") % {"number": number}
            fields[f"points-{number}"] = forms.IntegerField(
                label=text,
                min_value=0,
                max_value=most,
                help_text=ngettext("0 or %(most)d point", "0 to %(most)d points", most) % {"most": most},
                widget=forms.NumberInput({"inputmode": "numeric"}),
            )
        # The criteria first: whoever types a digit and goes on by Tab is at the comment then.
        self.fields = {**fields, **self.fields}

    def marks(self) -> dict[str, int]:
        return {
            criterion["id"]: self.cleaned_data[f"points-{number}"]
            for number, criterion in enumerate(self.criteria, start=1)
        }


def _initial(answer: OpenAnswerGiven) -> dict[str, Any]:
    initial: dict[str, Any] = {"seen": answer.latest}
    if answer.markings:
        latest = answer.markings[0]
        initial["comment"] = latest.comment
        assert answer.question.answer is not None
        for number, criterion in enumerate(answer.question.answer["criteria"], start=1):
            initial[f"points-{number}"] = latest.marks.get(criterion["id"])
    return initial


class _MarkingScreen(Screen):
    permission_policy = ModelPermissionPolicy(Marking)
    permission_required = "add"
    header_icon = "edit"


class Queue(_MarkingScreen):
    """What waits, the oldest first; with `?marked`, what was marked, the latest first."""

    template_name = "courses_quizzes/admin/marking_queue.html"
    page_title = TITLE

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": TITLE}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        done = "marked" in self.request.GET
        attempts = (marked_attempts if done else waiting_attempts)(reader_of(self.request))
        page = Paginator(attempts, PER_PAGE).get_page(self.request.GET.get("p"))
        answers = open_answers(list(page), get_language() or "fr")
        return super().get_context_data(**kwargs) | {
            "done": done,
            "page": page,
            "rows": list(_rows(answers, done)),
        }


def _rows(answers: list[OpenAnswerGiven], done: bool) -> Iterator[dict[str, Any]]:
    today = timezone.now()
    for answer in answers:
        if done or not answer.markings:
            yield {
                "answer": answer,
                "stem": answer.question.texts_in(get_language() or "fr")["stem"],
                "url": _address(answer),
                "days": (today - answer.attempt.submitted_at).days if answer.attempt.submitted_at else 0,
            }


class MarkAnswer(_MarkingScreen):
    """One answer beside its rubric. Saving goes on to the next one that waits."""

    template_name = "courses_quizzes/admin/mark_answer.html"
    page_title = gettext_lazy("Mark an answer")

    @cached_property
    def answer(self) -> OpenAnswerGiven:
        """404 for what isn't there and for one's own."""
        for find in (waiting_attempts, marked_attempts):
            found = find(reader_of(self.request)).filter(uuid=self.kwargs["attempt"]).first()
            answers = open_answers([found], get_language() or "fr") if found else []
            for answer in answers:
                if answer.question.key == self.kwargs["question"]:
                    return answer
        raise Http404

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("quiz_marking:index"), "label": TITLE},
            {"url": "", "label": self.page_title},
        ]

    def post(self, request: HttpRequest, attempt: UUID, question: UUID) -> HttpResponse:
        form = MarkingForm(request.POST, answer=self.answer)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            mark(
                attempt,
                question,
                form.marks(),
                form.cleaned_data["comment"],
                by=reader_of(request),
                at=timezone.now(),
                after=form.cleaned_data["seen"],
            )
        except AttemptNotFound as error:
            raise Http404 from error
        except MarkRefused as refusal:
            # Now, in the language of the admin: messages are written after the view, when another one is active.
            messages.error(request, str(WORDS[refusal.reason]))
            if refusal.reason == MarkRefusal.MARKED_MEANWHILE:
                return redirect(_address(self.answer))
            return self.render_to_response(self.get_context_data(form=form))
        # Robust: without a broker the sweep writes later.
        transaction.on_commit(lambda: tell_marked.delay(str(attempt)), robust=True)
        messages.success(request, _("The marks are saved."))
        return _go_on(request, self.answer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        answer = self.answer
        language = answer.question.language_for(answer.attempt.locale)
        info = get_language_info(language)
        context = {
            "form": MarkingForm(answer=answer),
            "answer": answer,
            "texts": answer.question.texts_in(language),
            "explanation": answer.question.remarks_in(language).get("explanation", ""),
            "language": language,
            "direction": "rtl" if info["bidi"] else "ltr",
            "skip_url": reverse("quiz_marking:skip", args=[answer.attempt.uuid, answer.question.key]),
            "is_graded": answer.attempt.is_graded,
        }
        return super().get_context_data(**(context | kwargs))


class Skip(PermissionCheckedMixin, View):
    """To the next answer that waits; this one keeps its place."""

    permission_policy = ModelPermissionPolicy(Marking)
    permission_required = "add"

    def get(self, request: HttpRequest, attempt: UUID, question: UUID) -> HttpResponse:
        found = waiting_attempts(reader_of(request)).filter(uuid=attempt).first()
        if found is None:
            return redirect("quiz_marking:index")
        following = next_to_mark(reader_of(request), get_language() or "fr", after=(found, question))
        return redirect(_address(following) if following else "quiz_marking:index")


def _go_on(request: HttpRequest, answer: OpenAnswerGiven) -> HttpResponse:
    """To the next answer behind this one, else to the oldest that was skipped, else to the list."""
    by, language = reader_of(request), get_language() or "fr"
    if answer.attempt.is_graded:
        # A correction: one comes from the list and goes back to it.
        return redirect(f"{reverse('quiz_marking:index')}?marked")
    after = (answer.attempt, answer.question.key)
    following = next_to_mark(by, language, after=after) or next_to_mark(by, language)
    if following is None:
        messages.success(request, _("No answer waits any more."))
        return redirect("quiz_marking:index")
    return redirect(_address(following))


def _address(answer: OpenAnswerGiven) -> str:
    return reverse("quiz_marking:answer", args=[answer.attempt.uuid, answer.question.key])


class MarkingMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)


def menu_item() -> MarkingMenuItem:
    return MarkingMenuItem(
        TITLE, reverse("quiz_marking:index"), name="quiz-marking", icon_name="edit", order=215
    )


urlpatterns = [
    path("", Queue.as_view(), name="index"),
    path("<uuid:attempt>/<uuid:question>/", MarkAnswer.as_view(), name="answer"),
    path("<uuid:attempt>/<uuid:question>/skip/", Skip.as_view(), name="skip"),
]

"""Extra time and attempts in the Wagtail admin: the list, granting, taking back with a reason. Nothing is deleted."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy

from courses.accounts.api import Association, User, sees_everybody
from courses.lib.search_text import search_key
from courses.plugin_api.screens import Screen, reader_of
from courses.quizzes.domain.allowances import grant, withdraw
from courses.quizzes.models import Allowance, QuizPage

PERMISSION = "courses_quizzes.view_allowance"
TITLE = gettext_lazy("Extra time and attempts")
PER_PAGE = 50
# A search shows so many people, and so many associations, at most.
MOST_FOUND = 20
LEAST_LETTERS = 2
LOG_ACTIONS = {
    "quizzes.allowance.grant": gettext_lazy("Extra time or attempts allowed"),
    "quizzes.allowance.withdraw": gettext_lazy("Extra time or attempts taken back"),
}


def register_log_actions(actions: LogActionRegistry) -> None:
    for action, label in LOG_ACTIONS.items():
        actions.register_action(action, label, label)


def people_found(text: str, reader: User) -> list[User]:
    """People with an open account whose member code or address the text is exactly; for administrators, whose names
    hold it, too: nobody else lists people.
    """
    if len(text) < LEAST_LETTERS:
        return []
    wanted = Q(member_code__iexact=text) | Q(email__iexact=text)
    if sees_everybody(reader):
        for name in ("display_name", "certificate_name_latin", "certificate_name_arabic"):
            wanted |= Q(**{f"{name}__icontains": text})
    people = User.objects.filter(wanted, is_active=True, erased_at__isnull=True)
    return list(people.order_by("display_name", "pk")[:MOST_FOUND])


def associations_found(text: str) -> list[Association]:
    """Associations whose names, in either script, hold every word of the text."""
    words = search_key(text).split()
    if len(text) < LEAST_LETTERS or not words:
        return []
    found = Association.objects.all()
    for word in words:
        found = found.filter(search_key__contains=word)
    return list(found.order_by("search_key", "pk")[:MOST_FOUND])


def quiz_choices() -> list[tuple[str, str]]:
    """Each published quiz once, in the reader's language where it is there, with its course and module."""
    language = get_language() or "fr"
    pages = QuizPage.objects.filter(live=True, alias_of__isnull=True).select_related("locale")
    # The reader's language comes last, and so stays.
    ordered = sorted(pages, key=lambda page: page.locale.language_code == language)
    shown = {page.translation_key: page for page in ordered}
    above = {
        page.path[: -Page.steplen * up] for page in shown.values() for up in (1, 2) if page.depth > up + 1
    }
    titles = dict(Page.objects.filter(path__in=above).values_list("path", "title"))
    choices = []
    for key, page in shown.items():
        parents = [titles.get(page.path[: -Page.steplen * up], "") for up in (2, 1)]
        choices.append((str(key), " › ".join([*filter(None, parents), page.title])))
    return sorted(choices, key=lambda choice: choice[1])


class AllowanceForm(forms.Form):
    """`who` is searched; `chosen` names one of those found: `person <uuid>` or `association <id>`."""

    quiz = forms.ChoiceField(label=gettext_lazy("Quiz"), widget=forms.Select({"class": "w-w-full"}))
    who = forms.CharField(
        label=gettext_lazy("Person or association"),
        help_text=gettext_lazy("A name, or a person's member code or e-mail address."),
        max_length=120,
    )
    chosen = forms.ChoiceField(
        label=gettext_lazy("For whom"), widget=forms.RadioSelect, required=False, choices=()
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Extra minutes"), min_value=0, max_value=24 * 60, required=False, initial=0
    )
    attempts = forms.IntegerField(
        label=gettext_lazy("Extra attempts"), min_value=0, max_value=100, required=False, initial=0
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("As short as it can be: the person can read it in “My data”."),
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        """`reader`: who searches."""
        super().__init__(*args, **kwargs)
        self.reader = reader
        if not sees_everybody(reader):
            self.fields["who"].help_text = _(
                "A person's whole member code or e-mail address, or the name of an association."
            )
        self._choices("quiz", [("", "---------"), *quiz_choices()])
        self.found: dict[str, User | Association] = {}
        text = str(self.data.get("who", "")).strip()
        if text:
            self._search(text)
        if not self.found:
            del self.fields["chosen"]

    def _search(self, text: str) -> None:
        people, associations = people_found(text, self.reader), associations_found(text)
        self.found = {
            **{f"person {person.uuid}": person for person in people},
            **{f"association {association.pk}": association for association in associations},
        }
        self._choices("chosen", [(key, _described(row)) for key, row in self.found.items()])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_who(self) -> str:
        if not self.found:
            raise ValidationError(_("Nobody was found."))
        return str(self.cleaned_data["who"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.found and "chosen" not in self.errors and not cleaned.get("chosen"):
            self.add_error("chosen", _("Choose for whom."))
        if not self.errors and not (cleaned.get("minutes") or cleaned.get("attempts")):
            self.add_error("minutes", _("Say how many minutes or attempts more."))
        return cleaned


def _described(row: User | Association) -> str:
    if isinstance(row, Association):
        return _("Everybody of the association %(name)s") % {"name": row.name}
    name = row.get_full_name() or _("without a name")
    return f"{name} · {row.member_code}" if row.member_code and row.member_code != name else name


def is_told(allowance: Allowance, reader: User) -> bool:
    """Whether the reader is told why it was allowed, and to whom by name."""
    return allowance.granted_by_id == reader.pk or sees_everybody(reader)


def whom_in_words(allowance: Allowance, *, by_name: bool) -> str:
    if allowance.user is None:
        return str(allowance.association)
    if allowance.user.erased_at is not None:
        return _("Erased account")
    return str(allowance.user) if by_name else allowance.user.member_code or _("a person")


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why is it taken back?"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )


class _AllowanceScreen(Screen):
    permission_policy = ModelPermissionPolicy(Allowance)
    header_icon = "time"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = str(self.page_title)
        above = [{"url": reverse("quiz_allowances:index"), "label": TITLE}] if here != str(TITLE) else []
        return [*self.breadcrumbs_items, *above, {"url": "", "label": here}]


class Allowances(_AllowanceScreen):
    """What is in force, the latest first; with `?withdrawn`, what was taken back. Five queries."""

    permission_required = "view"
    template_name = "courses_quizzes/admin/allowances.html"
    page_title = TITLE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        withdrawn = "withdrawn" in self.request.GET
        rows = (
            Allowance.objects.filter(withdrawn_at__isnull=not withdrawn)
            .select_related("user", "association", "granted_by", "withdrawn_by")
            .order_by("-withdrawn_at", "-granted_at", "-pk")
        )
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("p"))
        titles = _titles(row.quiz_key for row in page)
        reader = reader_of(self.request)
        return super().get_context_data(**kwargs) | {
            "withdrawn": withdrawn,
            "page": page,
            "rows": [
                {
                    "allowance": row,
                    "title": titles.get(row.quiz_key, str(row.quiz_key)),
                    "whom": whom_in_words(row, by_name=is_told(row, reader)),
                    "told": is_told(row, reader),
                }
                for row in page
            ],
            "may_add": self.permission_policy.user_has_permission(self.request.user, "add"),
            "may_change": self.permission_policy.user_has_permission(self.request.user, "change"),
        }


def _titles(keys: Iterable[UUID]) -> dict[UUID, str]:
    """In the reader's language where there is one, of unpublished quizzes too."""
    language = get_language() or "fr"
    pages = QuizPage.objects.filter(translation_key__in=set(keys)).select_related("locale")
    ordered = sorted(pages, key=lambda page: page.locale.language_code == language)
    return {page.translation_key: page.title for page in ordered}


class Grant(_AllowanceScreen):
    """The form: first it finds for whom, then it allows."""

    permission_required = "add"
    template_name = "courses_quizzes/admin/allowance_form.html"
    page_title = gettext_lazy("Allow extra time or attempts")

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AllowanceForm(request.POST, reader=reader_of(request))
        if not form.is_valid():
            return self._again(form)
        whom = form.found[form.cleaned_data["chosen"]]
        assert request.user.is_authenticated
        try:
            grant(
                UUID(form.cleaned_data["quiz"]),
                user=whom if isinstance(whom, User) else None,
                association=whom if isinstance(whom, Association) else None,
                minutes=form.cleaned_data["minutes"] or 0,
                attempts=form.cleaned_data["attempts"] or 0,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
            return self._again(form)
        messages.success(request, _("Allowed: %(whom)s.") % {"whom": _described(whom)})
        return redirect("quiz_allowances:index")

    def _again(self, form: AllowanceForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "form" not in kwargs:
            kwargs["form"] = AllowanceForm(reader=reader_of(self.request))
        return super().get_context_data(**kwargs)


class Withdraw(_AllowanceScreen):
    """Asks why, and takes the allowance back."""

    permission_required = "change"
    template_name = "courses_quizzes/admin/allowance_withdraw.html"
    page_title = gettext_lazy("Take back what was allowed")

    @cached_property
    def allowance(self) -> Allowance:
        found = Allowance.objects.select_related("user", "association").filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = WithdrawForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        assert request.user.is_authenticated
        withdraw(self.allowance.pk, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        messages.success(request, _("It is taken back. Attempts that run keep what they had."))
        return redirect("quiz_allowances:index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        titles = _titles([self.allowance.quiz_key])
        context = {
            "form": WithdrawForm(),
            "allowance": self.allowance,
            "whom": whom_in_words(self.allowance, by_name=is_told(self.allowance, reader_of(self.request))),
            "title": titles.get(self.allowance.quiz_key, ""),
        }
        return super().get_context_data(**(context | kwargs))


class AllowancesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)


def menu_item() -> AllowancesMenuItem:
    return AllowancesMenuItem(
        TITLE, reverse("quiz_allowances:index"), name="quiz-allowances", icon_name="time", order=216
    )


urlpatterns = [
    path("", Allowances.as_view(), name="index"),
    path("add/", Grant.as_view(), name="add"),
    path("<int:pk>/withdraw/", Withdraw.as_view(), name="withdraw"),
]

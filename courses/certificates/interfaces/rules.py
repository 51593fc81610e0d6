"""'Certificates of courses' in the Wagtail admin: for how long they are valid, and what is printed beside the title."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from courses.certificates.domain.courses import course_titles
from courses.certificates.domain.eligibility import unprintable
from courses.certificates.domain.queries import rule_of
from courses.certificates.models import CourseRule
from courses.models import CoursePage
from courses.plugin_api.screens import Screen

PERMISSION = "courses_certificates.change_courserule"
TITLE = gettext_lazy("Certificates of courses")
_ROWS = {"rows": 3, "maxlength": 300}


class RuleForm(forms.ModelForm):
    class Meta:
        model = CourseRule
        fields = (
            "validity_months",
            "issues_at_completion",
            "shows_score",
            "design",
            "provisions_ar",
            "provisions_fr",
            "provisions_en",
        )
        widgets = {
            "validity_months": forms.NumberInput({"min": 1, "max": 120}),
            "provisions_ar": forms.Textarea({**_ROWS, "dir": "rtl", "lang": "ar"}),
            "provisions_fr": forms.Textarea({**_ROWS, "dir": "ltr", "lang": "fr"}),
            "provisions_en": forms.Textarea({**_ROWS, "dir": "ltr", "lang": "en"}),
        }

    def clean_provisions_ar(self) -> str:
        return self._printable("provisions_ar")

    def clean_provisions_fr(self) -> str:
        return self._printable("provisions_fr")

    def clean_provisions_en(self) -> str:
        return self._printable("provisions_en")

    def _printable(self, name: str) -> str:
        # A sheet has one paragraph for it.
        text = " ".join(str(self.cleaned_data[name]).split())
        if missing := unprintable(text):
            raise ValidationError(
                _("These characters can't be printed: %(characters)s") % {"characters": " ".join(missing)}
            )
        return text


class _Screen(Screen):
    permission_policy = ModelPermissionPolicy(CourseRule)
    permission_required = "change"
    header_icon = "success"


class Rules(_Screen):
    """Every course by its title. Two queries."""

    template_name = "courses_certificates/admin/rules.html"
    page_title = TITLE

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": TITLE}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules = {rule.course_key: rule for rule in CourseRule.objects.select_related("design")}
        titles = course_titles(get_language() or "fr")
        rows = [
            {"key": key, "title": title, "rule": rules.get(key) or CourseRule(course_key=key)}
            for key, title in titles.items()
        ]
        return super().get_context_data(**kwargs) | {"rows": rows}


class Edit(_Screen):
    """One course's rule. A course that has none yet shows the defaults."""

    template_name = "courses_certificates/admin/rule.html"

    @cached_property
    def course_title(self) -> str:
        title = course_titles(get_language() or "fr").get(self.kwargs["course_key"])
        if title is None:
            raise Http404
        return title

    def get_page_title(self) -> str:
        return _("Certificates of “%(title)s”") % {"title": self.course_title}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("certificate_rules:index"), "label": TITLE},
            {"url": "", "label": self.course_title},
        ]

    def post(self, request: HttpRequest, course_key: UUID) -> HttpResponse:
        self.course_title  # noqa: B018  404 for what is no course
        form = RuleForm(request.POST, instance=rule_of(course_key))
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        with transaction.atomic():
            # Somebody else may have made the row meanwhile.
            CourseRule.objects.get_or_create(course_key=course_key)
            form.instance.pk = CourseRule.objects.select_for_update().get(course_key=course_key).pk
            form.instance._state.adding = False
            rule = form.save()
            log(rule, "wagtail.edit", user=request.user)
        messages.success(
            request, _("Saved. It counts for certificates that are issued from now on; earlier ones stay.")
        )
        return redirect("certificate_rules:index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "title": self.course_title,
            "form": kwargs.get("form") or RuleForm(instance=rule_of(self.kwargs["course_key"])),
        }
        return super().get_context_data(**(context | kwargs))


class RulesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)


def menu_item() -> RulesMenuItem:
    return RulesMenuItem(
        TITLE, reverse("certificate_rules:index"), name="certificate-rules", icon_name="calendar", order=300
    )


def course_button(page: Any, user: Any, view_name: str = "", next_url: str | None = None) -> Iterator[Button]:
    """In the menus of a course: the way to its certificates."""
    if isinstance(page, CoursePage) and user.has_perm(PERMISSION):
        yield Button(
            _("Certificates of this course"),
            reverse("certificate_rules:edit", args=[page.translation_key]),
            icon_name="success",
            priority=26,
        )


urlpatterns = [
    path("", Rules.as_view(), name="index"),
    path("<uuid:course_key>/", Edit.as_view(), name="edit"),
]

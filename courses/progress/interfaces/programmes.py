"""The screens of programmes: their form, and programmes and invitation links as templates want them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from courses.accounts.api import Region, User, regions_visible_to, sees_everybody
from courses.lib.dates import format_date
from courses.lib.search_text import search_key
from courses.models import CoursePage
from courses.progress.domain.programmes import ProgrammeDetails
from courses.progress.models import CODE_LENGTH, Programme


class DayInput(forms.DateInput):
    input_type = "date"


class ProgrammeForm(forms.Form):
    """Everything of a programme; the code only while it is new."""

    name_ar = forms.CharField(
        label=gettext_lazy("Name in Arabic"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "rtl", "lang": "ar"}),
    )
    name_fr = forms.CharField(
        label=gettext_lazy("Name in French"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    name_en = forms.CharField(
        label=gettext_lazy("Name in English"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("It stands in the invitation link and never changes, for example UE2026."),
        max_length=CODE_LENGTH,
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9][A-Za-z0-9_-]*$",
                gettext_lazy("Use Latin letters, digits and hyphens, without spaces."),
            )
        ],
        widget=forms.TextInput(attrs={"class": "input--ltr", "autocapitalize": "characters"}),
    )
    region = forms.ModelChoiceField(
        Region.objects.none(),
        label=gettext_lazy("Region"),
        empty_label=gettext_lazy("Choose"),
        help_text=gettext_lazy(
            "Its coordinators manage the programme. Anybody with the link can come by it."
        ),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("First day"), required=False, widget=DayInput(format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=DayInput(format="%Y-%m-%d"),
        help_text=gettext_lazy("After this day the link records nothing."),
    )

    def __init__(self, *args: Any, user: User, programme: Programme | None = None, **kwargs: Any) -> None:
        if programme is not None:
            kwargs["initial"] = {name: getattr(programme, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        if programme is not None:
            del self.fields["code"]
        region = self.fields["region"]
        region.queryset = regions_visible_to(user).defer("outline").order_by("path")  # type: ignore[attr-defined]
        if sees_everybody(user):
            region.required = False
            region.empty_label = _("None: administrators manage it")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        names = ("name_ar", "name_fr", "name_en")
        if not any(data.get(name) for name in names) and not any(name in self.errors for name in names):
            self.add_error("name_ar", _("Write the name in at least one language."))
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("The last day is before the first one."))
        return data

    @property
    def details(self) -> ProgrammeDetails:
        data = self.cleaned_data
        return ProgrammeDetails(
            **{name: data[name] for name in ("name_ar", "name_fr", "name_en")},
            region=data["region"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
        )


@dataclass(frozen=True)
class ProgrammeLine:
    """A row of the list; `tag` is the look of the state."""

    name: str
    code: str
    url: str
    region: str
    days: str
    state: str
    tag: str
    ended: bool


@dataclass(frozen=True)
class InvitationLink:
    course: str
    url: str


def programme_lines(programmes: Iterable[Programme], day: date) -> list[ProgrammeLine]:
    """Those that run, those to come, those that ended; by name."""

    def place(programme: Programme) -> tuple[bool, bool, str]:
        return programme.has_ended(day), not programme.has_begun(day), search_key(programme.name)

    return [programme_line(programme, day) for programme in sorted(programmes, key=place)]


def programme_line(programme: Programme, day: date) -> ProgrammeLine:
    ended = programme.has_ended(day)
    if ended:
        state, tag = pgettext("state of a programme", "ended"), "neutral"
    elif programme.has_begun(day):
        state, tag = pgettext("state of a programme", "running"), "valid"
    else:
        state, tag = pgettext("state of a programme", "not begun yet"), "pending"
    return ProgrammeLine(
        programme.name,
        programme.code,
        reverse("progress:programme", args=[programme.code]),
        programme.region.name if programme.region else "",
        _days(programme),
        state,
        tag,
        ended,
    )


def _days(programme: Programme) -> str:
    language = get_language() or "fr"
    first = format_date(programme.starts_on, language) if programme.starts_on else ""
    last = format_date(programme.ends_on, language) if programme.ends_on else ""
    if first and last:
        return _("from %(first)s to %(last)s") % {"first": first, "last": last}
    if first:
        return _("from %(first)s on") % {"first": first}
    return _("until %(last)s") % {"last": last} if last else ""


def invitation_links(request: HttpRequest, programme: Programme) -> list[InvitationLink]:
    """A link for each published course, in the active language. One query."""
    language = get_language() or "fr"
    titles: dict[str, str] = {}
    courses = CoursePage.objects.live().exclude(package_id="").order_by("path")
    for code, title, of in courses.values_list("package_id", "title", "locale__language_code"):
        if of == language or code not in titles:
            titles[code] = title
    return [
        InvitationLink(
            title, request.build_absolute_uri(reverse("progress:join", args=[programme.code, code]))
        )
        for code, title in titles.items()
    ]

"""Forms of the reports: filters by GET, the reason of an export by POST."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from courses.reports.domain.filters import ReportFilters
from courses.reports.enums import PeriodBasis
from courses.reports.models import REASON_MAX_LENGTH, REASON_MIN_LENGTH

FIRST_YEAR, LAST_YEAR = 2000, 2100
SEARCH_MIN_LENGTH = 2


class DayInput(forms.DateInput):
    """A date control; a text control while it holds what a date control couldn't show, so that it isn't lost."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown:
            try:
                date.fromisoformat(str(shown))
            except ValueError:
                context["widget"]["type"] = "text"
        return context


class DayField(forms.DateField):
    """A day as browsers send it (2026-03-31) or as people write it (31/03/2026)."""

    widget = DayInput
    default_error_messages = {
        "invalid": _("Write a date that exists, such as 31/03/2026."),
        "out_of_range": _("Choose a date between 2000 and 2100."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(self.error_messages["out_of_range"], code="out_of_range")
        return day


class ReportFilterForm(forms.Form):
    """Course, programme and period. Only what is in scope can be chosen."""

    course = forms.ChoiceField(label=_("Course"), required=False)
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    basis = forms.ChoiceField(
        label=_("The period looks at"), required=False, choices=PeriodBasis, initial=PeriodBasis.ENROLMENT
    )
    since = DayField(label=_("First day"))
    until = DayField(label=_("Last day"))

    def __init__(
        self, data: Mapping[str, Any] | None, *, courses: Mapping[UUID, str], programmes: Mapping[str, str]
    ) -> None:
        # Always bound: an address without parameters is the report without filters.
        super().__init__({"basis": PeriodBasis.ENROLMENT, **_first_values(data)})
        invalid_course = _("This course isn't among the courses. Choose one from the list.")
        invalid_programme = _("Nobody you follow is in this programme. Choose one from the list.")
        self.fields["course"].choices = [  # type: ignore[attr-defined]
            ("", _("All courses")),
            *((str(key), title) for key, title in courses.items()),
        ]
        self.fields["course"].error_messages["invalid_choice"] = invalid_course
        self.fields["programme"].choices = [  # type: ignore[attr-defined]
            ("", _("All, with and without programme")),
            *programmes.items(),
        ]
        self.fields["programme"].error_messages["invalid_choice"] = invalid_programme
        if not programmes and not self.data.get("programme"):
            del self.fields["programme"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first one."))
        return data

    @property
    def filters(self) -> ReportFilters:
        """The filters of a valid form."""
        data = self.cleaned_data
        return ReportFilters(
            course_key=UUID(data["course"]) if data.get("course") else None,
            programme=data.get("programme", ""),
            basis=PeriodBasis(data.get("basis") or PeriodBasis.ENROLMENT),
            since=data.get("since"),
            until=data.get("until"),
        )

    @property
    def query(self) -> str:
        """The filters for an address (`?course=…`), empty where nothing is filtered. Wrong ones are kept too."""
        kept = {name: str(self.data[name]) for name in self.fields if name != "basis" and self.data.get(name)}
        if ("since" in kept or "until" in kept) and self.data.get("basis") == PeriodBasis.COMPLETION:
            kept["basis"] = PeriodBasis.COMPLETION.value
        return f"?{urlencode(kept)}" if kept else ""


class PeopleFilterForm(ReportFilterForm):
    """The same, and words of a name."""

    q = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=100,
        min_length=SEARCH_MIN_LENGTH,
        widget=forms.TextInput(attrs={"dir": "auto", "type": "search", "autocomplete": "off"}),
    )

    field_order = ["q", "course", "programme", "basis", "since", "until"]

    @property
    def words(self) -> str:
        return self.cleaned_data.get("q", "")


class ReasonForm(forms.Form):
    """Why a list with names is needed; kept in the log word for word."""

    reason = forms.CharField(
        label=_("Why do you need the names?"),
        help_text=_("What for and for whom, in at least 10 characters. Administrators read it."),
        min_length=REASON_MIN_LENGTH,
        max_length=REASON_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


def _first_values(data: Mapping[str, Any] | None) -> dict[str, Any]:
    """Plain values (a QueryDict gives the last one of each name)."""
    return {name: data[name] for name in data} if data else {}

"""The forms of 'All certificates': which ones, and why one is changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from courses.certificates.domain.standing import with_standing
from courses.certificates.enums import CertificateState, Revocation, Standing
from courses.certificates.interfaces.standing_words import HEADLINES
from courses.certificates.models import Certificate

NOT_ISSUED: Mapping[str, Any] = {
    state.value: state.label for state in (CertificateState.PENDING, CertificateState.FAILED)
}


class FilterForm(forms.Form):
    """What isn't understood filters nothing."""

    code = forms.CharField(
        label=gettext_lazy("Code, or a part of it"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"}),
    )
    course = forms.ChoiceField(label=gettext_lazy("Course"), required=False)
    standing = forms.ChoiceField(
        label=gettext_lazy("Standing"),
        required=False,
        choices=lambda: [
            ("", "---------"),
            *((key.value, text) for key, text in HEADLINES.items()),
            *NOT_ISSUED.items(),
        ],
    )

    def __init__(self, *args: Any, courses: Mapping[Any, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["course"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "---------"), *((str(key), title) for key, title in courses.items())]

    def chosen(self, at: datetime) -> QuerySet[Certificate]:
        self.is_valid()
        values = getattr(self, "cleaned_data", {})
        found = Q()
        if code := "".join(sign for sign in values.get("code", "") if sign.isalnum()):
            found &= Q(serial__icontains=code)
        if values.get("course"):
            found &= Q(course_key=values["course"])
        standing = values.get("standing")
        if standing in NOT_ISSUED:
            found &= Q(state=standing)
        elif standing:
            found &= with_standing(Standing(standing), at)
        return Certificate.objects.filter(found).order_by("-requested_at", "-pk")


class NoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Internal note"),
        help_text=gettext_lazy(
            "Why, in a sentence. It stays in the history. The public never sees it; the holder can read it "
            "in “My data”."
        ),
        min_length=5,
        max_length=300,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )


class RevokeForm(NoteForm):
    field_order = ("why", "note")
    why = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Whoever checks the certificate reads this."),
        choices=Revocation.choices,
        widget=forms.RadioSelect,
    )

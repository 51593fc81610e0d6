"""The form of an archive: region, course, reason; and archives as the page shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from courses.accounts.api import Region, User
from courses.certificates.domain.archives import KEPT, REASON_MAX_LENGTH, REASON_MIN_LENGTH, is_there
from courses.certificates.domain.courses import course_titles
from courses.certificates.domain.queries import issued, regions_named_to
from courses.certificates.enums import RunState
from courses.certificates.interfaces import files
from courses.certificates.models import Archive


class ArchiveForm(forms.Form):
    """Only regions in scope can be chosen, and courses with issued certificates."""

    region = forms.ModelChoiceField(
        Region.objects.none(), label=gettext_lazy("Region"), empty_label=gettext_lazy("Choose")
    )
    course = forms.ChoiceField(label=gettext_lazy("Course"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why do you need the certificates?"),
        help_text=gettext_lazy(
            "What for and for whom, in at least 10 characters. Administrators read it, and you in “My data”; the "
            "holders don't. Name no holder here."
        ),
        min_length=REASON_MIN_LENGTH,
        max_length=REASON_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        user: User,
        titles: Mapping[UUID, str],
        initial: Mapping[str, Any],
    ) -> None:
        super().__init__(data, initial=dict(initial))
        with_certificates = set(issued().order_by().values_list("course_key", flat=True).distinct())
        regions = regions_named_to(user).defer("outline").order_by("path")
        self.fields["region"].queryset = regions  # type: ignore[attr-defined]
        self.fields["course"].choices = [  # type: ignore[attr-defined]
            ("", _("All courses")),
            *((str(key), title) for key, title in titles.items() if key in with_certificates),
        ]

    @property
    def course_key(self) -> UUID | None:
        chosen = self.cleaned_data["course"]
        return UUID(chosen) if chosen else None


@dataclass(frozen=True)
class ArchiveLine:
    """An archive with its course's title (empty for all) and what its tag and its button say."""

    archive: Archive
    course: str
    tag: str
    label: Any
    can_download: bool
    size: int | None
    # Somebody in it closed their account.
    ended_early: bool


_TAGS: Mapping[str, tuple[str, Any]] = {
    RunState.RUNNING: ("progress", gettext_lazy("Being packed")),
    RunState.DONE: ("valid", gettext_lazy("Ready")),
    RunState.EXPIRED: ("neutral", gettext_lazy("Deleted")),
    RunState.FAILED: ("overdue", gettext_lazy("Could not be packed")),
    RunState.CANCELLED: ("neutral", gettext_lazy("Deleted by you")),
}


def titles_of_courses() -> dict[UUID, str]:
    """Titles in the active language by key, also of courses that are gone. Two queries."""
    return course_titles(get_language() or "fr", with_gone=True)


def archive_lines(archives: Iterable[Archive], titles: Mapping[UUID, str], at: datetime) -> list[ArchiveLine]:
    lines = []
    for archive in archives:
        over = archive.state == RunState.DONE and not is_there(archive, at)
        tag, label = _TAGS[RunState.EXPIRED if over else archive.state]
        lines.append(
            ArchiveLine(
                archive=archive,
                course=titles.get(archive.course_key, "") if archive.course_key else "",
                tag=tag,
                label=label,
                can_download=is_there(archive, at),
                size=files.size(archive.file.name or "") if is_there(archive, at) else None,
                ended_early=archive.state == RunState.EXPIRED
                and (archive.finished_at is None or archive.expires_at != archive.finished_at + KEPT),
            )
        )
    return lines

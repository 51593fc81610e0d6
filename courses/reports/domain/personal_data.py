"""What the reports hold of a person: the lists with names that this person handed out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.accounts.api import User

# Words for the keys of the export.
LABELS: Mapping[str, Any] = {
    "of": _("list of"),
    "filters": _("filters"),
    "reason": _("reason"),
    "lines": _("lines"),
    "course_title": _("course"),
    "programme_name": _("programme"),
    "basis": _("the period looks at"),
    "search": _("name searched"),
    "search_removed_at": _("name removed"),
}


def export(user: User) -> list[dict[str, Any]]:
    """Every export with names made by this person."""
    from courses.reports.models import NameExport

    exports = NameExport.objects.filter(exported_by=user).select_related("region", "association")
    return [
        {
            "at": each.exported_at.isoformat(),
            "of": each.association.name if each.association else each.region.name if each.region else "",
            "filters": each.filters,
            "reason": each.reason,
            "lines": each.row_count,
        }
        for each in exports
    ]


def erase(user: User, at: datetime) -> None:
    """The name goes where somebody searched for it. Who handed out other people's names stays on record, by
    the pseudonymous user."""
    from courses.reports.domain.name_exports import forget_names

    names = (user.display_name, user.certificate_name_latin, user.certificate_name_arabic)
    forget_names(names, at=at)

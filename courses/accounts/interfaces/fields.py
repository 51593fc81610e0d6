"""Form fields of people: regions in groups, names, consents."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.accounts.domain import names
from courses.accounts.enums import RegionKind
from courses.accounts.models import Region


def region_groups(regions: Iterable[Region] | None = None) -> list[tuple[str, list[tuple[int, str]]]]:
    """The regions at the ends of the tree, in its order, under the name of what they lie in: the group of
    governorates, or the country. The deployment's own country comes first. One query."""
    rows = sorted(regions if regions is not None else Region.objects.all(), key=lambda row: row.path)
    by_path = {row.path: row for row in rows}
    groups: dict[str, list[tuple[int, str]]] = {}
    for row in sorted(rows, key=lambda row: (row.code_of_country != settings.ELEARN_COUNTRY, row.path)):
        if row.numchild or row.is_root():
            continue
        parent = by_path.get(row.path[: -Region.steplen])
        groups.setdefault(parent.name if parent else "", []).append((row.pk, row.name))
    return list(groups.items())


def label_of_ends() -> str:
    """What the regions at the ends of the tree are called: 'Governorate' in Tunisia, 'Region' in Morocco, both where
    both are loaded, the deployment's own country first. One query."""
    ends = Region.objects.filter(numchild=0, depth__gt=1).order_by("path").only("code", "kind", "path")
    kinds = list(
        dict.fromkeys(
            row.kind for row in sorted(ends, key=lambda row: row.code_of_country != settings.ELEARN_COUNTRY)
        )
    )
    if kinds == [RegionKind.GOVERNORATE]:
        return _("Governorate")
    if kinds == [RegionKind.GOVERNORATE, RegionKind.REGION]:
        return _("Governorate or region")
    if kinds == [RegionKind.REGION, RegionKind.GOVERNORATE]:
        return _("Region or governorate")
    return _("Region")


class RegionChoiceIterator(forms.models.ModelChoiceIterator):
    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        yield from region_groups(self.queryset)


class RegionField(forms.ModelChoiceField):
    """A governorate (or what the country has at the ends of its tree), grouped and, unless it is given, labelled
    by what is loaded."""

    iterator = RegionChoiceIterator

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", gettext_lazy("Choose"))
        # Every row, because the groups' names are needed too; clean() takes only ends of the tree.
        super().__init__(Region.objects.all(), **kwargs)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        if self.label is None:
            self.label = label_of_ends()
        return super().get_bound_field(form, field_name)

    def clean(self, value: Any) -> Region | None:
        region: Region | None = super().clean(value)
        if region is not None and (region.numchild or region.is_root()):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return region


class NameField(forms.CharField):
    """A person's name, cleaned by one of the rules of `domain.names`."""

    def __init__(self, *, rule: Any = names.clean_display_name, **kwargs: Any) -> None:
        self.rule = rule
        kwargs.setdefault("max_length", 120)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("dir", "auto")

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        return self.rule(text) if text else ""

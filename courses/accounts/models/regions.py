from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from courses.accounts.enums import RegionKind


class Region(MP_Node):
    """A node of the territory: country → group of regions → governorate.

    `code` is the ISO 3166-2 code where one exists; `X-…` codes are ours, for customary groups. Rows come
    from `manage.py load_regions`; a region with people or associations can't be deleted.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=RegionKind)
    name_ar = models.CharField(_("name in Arabic"), max_length=100)
    name_fr = models.CharField(_("name in French"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    # GeoJSON geometry (Polygon or MultiPolygon, longitude and latitude in degrees), simplified for a small map.
    outline = models.JSONField(_("outline"), null=True, blank=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return self.name_in(get_language() or "fr")

    @property
    def code_of_country(self) -> str:
        """The country's code, from the region's own: `TN` of `TN-42` and of `X-TN-CO`."""
        return self.code.removeprefix("X-").split("-")[0]

    def name_in(self, language: str) -> str:
        return {"ar": self.name_ar, "en": self.name_en}.get(language[:2], self.name_fr)

"""The specimens of a saved design as plain links. The tabs of its form are hidden where there is no JavaScript."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.permission_policies import ModelPermissionPolicy

from courses.certificates.enums import SpecimenCase
from courses.certificates.interfaces.specimens import specimen_response
from courses.certificates.models import CertificateDesign
from courses.plugin_api.screens import Screen


class Specimens(Screen):
    """One link for each case; with `case`, its PDF."""

    permission_policy = ModelPermissionPolicy(CertificateDesign)
    any_permission_required = ("add", "change", "view")
    template_name = "courses_certificates/admin/specimens.html"
    page_title = _("Specimens")
    header_icon = "image"

    @cached_property
    def design(self) -> CertificateDesign:
        return get_object_or_404(CertificateDesign, pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        case = request.GET.get("case")
        return super().get(request, *args, **kwargs) if case is None else specimen_response(self.design, case)

    def get_page_subtitle(self) -> str:
        return str(self.design)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        names = CertificateDesign.snippet_viewset  # type: ignore[attr-defined]
        return [
            *self.breadcrumbs_items,
            {"url": reverse(names.get_url_name("list")), "label": _("Designs")},
            {"url": "", "label": self.page_title, "sublabel": str(self.design)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"design": self.design, "cases": SpecimenCase.choices}

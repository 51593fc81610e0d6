"""Designs in the Wagtail admin: the list, the form, and the specimen beside it."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
)
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.snippets.views.snippets import (
    PreviewOnCreateView,
    PreviewOnEditView,
    SnippetViewSet,
    SnippetViewSetGroup,
)
from wagtail.utils.decorators import xframe_options_sameorigin_override

from courses.certificates.enums import SpecimenCase
from courses.certificates.interfaces.design_forms import (
    COLOURS,
    DesignForm,
    LogoForm,
    SignatoryForm,
    wording_name,
)
from courses.certificates.interfaces.pdf.spec import MAX_LOGOS, MAX_SIGNATORIES
from courses.certificates.interfaces.pdf.wording import TEXT_FIELDS
from courses.certificates.interfaces.specimen_screen import Specimens
from courses.certificates.interfaces.specimens import (
    COMPLETED,
    LAW_CHECKED_TO,
    MINUTES,
    SCORE,
    VALID_UNTIL,
    specimen_response,
)
from courses.certificates.models import CertificateDesign
from courses.lib.dates import format_date, format_duration, format_month
from courses.plugin_api.registries import certificate_variables

CASE_FIELD = "specimen-case"
SENTENCES = ("title", "intro", "statement", "passed")
# Other screens about certificates put their item into the menu through this hook.
MENU_HOOK = "register_certificates_menu_item"


# What may be said


class VariablesPanel(Panel):
    """What a text may name in braces, each with an example in the reader's language."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "courses_certificates/admin/variables.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "variables": list(variables())}


def variables() -> Iterator[tuple[str, Any, str]]:
    """Name, label and example of everything that a text may name in braces."""
    language = get_language() or "fr"
    yield "issued_on", _("day of issue"), format_date(COMPLETED, language)
    yield "valid_until", _("last day of validity; empty without one"), format_date(VALID_UNTIL, language)
    yield "duration", _("estimated duration of the course"), format_duration(MINUTES, language)
    yield "law_month", _("month up to which the law was checked"), format_month(LAW_CHECKED_TO, language)
    yield "score", _("result of the test in percent"), str(SCORE)
    for variable in certificate_variables:
        day = variable.key == "completed_on"
        yield variable.key, variable.label, format_date(COMPLETED, language) if day else variable.example


# The specimen


def _url_of(view: str, *args: Any) -> str:
    """The address of a view of the designs."""
    names = CertificateDesign.snippet_viewset  # type: ignore[attr-defined]
    url: str = reverse(names.get_url_name(view), args=args)
    return url


class SpecimenPanel(Panel):
    """Chooses a case and opens its specimen, with what stands in the form; needs no JavaScript."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "courses_certificates/admin/specimen_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            pk = self.instance.pk
            url = _url_of("specimen", pk) if pk else _url_of("specimen_on_add")
            return {
                **super().get_context_data(parent_context),
                "cases": SpecimenCase.choices,
                "field": CASE_FIELD,
                "url": url,
            }


class ShowsSpecimens:
    """The preview beside the form: a page with the PDF in a frame, which the browser draws. In a tab of its own, the
    PDF itself.
    """

    request: HttpRequest
    object: CertificateDesign

    @method_decorator(xframe_options_sameorigin_override)
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form(self._get_form_data(self._get_form_state()))  # type: ignore[attr-defined]
        if not self.validate_form(form):  # type: ignore[attr-defined]
            return self.error_response()  # type: ignore[attr-defined]
        design = form.save(commit=False)
        case = request.GET.get("mode", "")
        if request.GET.get("in_preview_panel") == "true":
            known = case if case in SpecimenCase.values else ""
            context = {"url": f"{request.path}?mode={known}", "orientation": design.orientation}
            return TemplateResponse(request, "courses_certificates/admin/specimen.html", context)
        return specimen_response(design, case)


class SpecimenOnCreate(ShowsSpecimens, PreviewOnCreateView):
    pass


class SpecimenOnEdit(ShowsSpecimens, PreviewOnEditView):
    pass


class PostsSpecimen:
    """The specimen of what was posted; nothing is kept. Where the form has errors, a page that lists them."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form(request.POST)  # type: ignore[attr-defined]
        if not self.validate_form(form):  # type: ignore[attr-defined]
            context = {"form": form, "reasons": list(_errors_of(form))}
            return TemplateResponse(
                request, "courses_certificates/admin/no_specimen.html", context, status=422
            )
        return specimen_response(form.save(commit=False), request.POST.get(CASE_FIELD, ""))


class PostedOnCreate(PostsSpecimen, PreviewOnCreateView):
    pass


class PostedOnEdit(PostsSpecimen, PreviewOnEditView):
    pass


def _errors_of(form: Any) -> Iterator[str]:
    """Each error with the label of its field, those of the rows too."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        for error in errors:
            yield f"{label}: {error}" if label else str(error)
    for formset in getattr(form, "formsets", {}).values():
        yield from (str(error) for error in formset.non_form_errors())
        for row in formset.forms:
            yield from _errors_of(row)


# The form


class ColourInput(forms.ColorInput):
    """Large enough for a finger."""

    class Media:
        css = {"all": ["courses_certificates/design_form.css"]}


class RowsPanel(InlinePanel):
    """Rows with a form of their own."""

    def __init__(
        self, *args: Any, form_class: type[forms.BaseModelForm] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.form_class = form_class

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "form_class": self.form_class}

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = self.form_class
        return options


def _wording(language: str, heading: Any) -> ObjectList:
    """The texts of one language: sentences, then labels beside their values, then what is left."""

    def panels(fields: Iterable[str]) -> list[FieldPanel]:
        return [FieldPanel(wording_name(language, field)) for field in fields]

    labels = [field for field in TEXT_FIELDS if f"{field}_label" in TEXT_FIELDS]
    facts = [FieldRowPanel(panels((f"{field}_label", field))) for field in labels]
    shown = {*SENTENCES, *labels, *(f"{field}_label" for field in labels)}
    return ObjectList(
        [
            VariablesPanel(heading=_("Variables")),
            MultiFieldPanel(panels(SENTENCES), heading=_("Sentences")),
            MultiFieldPanel(facts, heading=_("Facts")),
            MultiFieldPanel(
                panels(field for field in TEXT_FIELDS if field not in shown), heading=_("Around them")
            ),
        ],
        heading=heading,
    )


def _needed(field: str, **options: Any) -> FieldPanel:
    """A field without which there is no specimen either; one may look at a design before it has a name."""
    return FieldPanel(field, required_on_save=True, **options)


def _edit_handler() -> TabbedInterface:
    look = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("is_default"),
            MultiFieldPanel(
                [
                    _needed("look"),
                    FieldRowPanel([_needed("paper"), _needed("orientation")]),
                    FieldPanel("languages"),
                    FieldPanel("shows_themes"),
                ],
                heading=_("Sheet"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([_needed(name, widget=ColourInput) for name in pair])
                    for pair in (COLOURS[:2], COLOURS[2:])
                ],
                heading=_("Colours"),
            ),
            FieldPanel("background"),
            SpecimenPanel(heading=_("Specimen")),
        ],
        heading=_("Look"),
    )
    people = ObjectList(
        [
            RowsPanel(
                "logos",
                [FieldPanel("image")],
                heading=_("Logos"),
                label=_("Logo"),
                max_num=MAX_LOGOS,
                form_class=LogoForm,
            ),
            RowsPanel(
                "signatories",
                [
                    FieldRowPanel([FieldPanel("name_ar"), FieldPanel("function_ar")]),
                    FieldRowPanel([FieldPanel("name_fr"), FieldPanel("function_fr")]),
                    FieldRowPanel([FieldPanel("name_en"), FieldPanel("function_en")]),
                    FieldPanel("signature"),
                ],
                heading=_("Signatories"),
                label=_("Signatory"),
                max_num=MAX_SIGNATORIES,
                form_class=SignatoryForm,
            ),
        ],
        heading=_("Logos and signatories"),
    )
    return TabbedInterface(
        [
            look,
            people,
            _wording("ar", _("Wording in Arabic")),
            _wording("fr", _("Wording in French")),
            _wording("en", _("Wording in English")),
        ],
        base_form_class=DesignForm,
    )


class DesignViewSet(SnippetViewSet):
    """The designs. What was issued keeps its own copy, so they may be changed and deleted at any time."""

    model = CertificateDesign
    icon = "image"
    menu_label = _("Designs")
    list_display = [
        "__str__",
        BooleanColumn("is_default", label=_("Used by default"), sort_key="is_default"),
        Column("get_look_display", label=_("Ornament")),
        Column("get_languages_display", label=_("Languages")),
        # A plain link: neither the form's tabs nor the menus of a row open without JavaScript.
        TitleColumn(
            "specimens",
            label=_("Specimen"),
            accessor=lambda design: _("Show the specimen"),
            get_url=lambda design: _url_of("specimens", design.pk),
        ),
    ]
    search_fields = ["name"]
    copy_view_enabled = False
    preview_on_add_view_class = SpecimenOnCreate
    preview_on_edit_view_class = SpecimenOnEdit

    def get_edit_handler(self) -> Any:
        return _edit_handler().bind_to_model(self.model)

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("specimens/<int:pk>/", Specimens.as_view(), name="specimens"),
            path(
                "specimen/",
                self.construct_view(PostedOnCreate, form_class=self.get_form_class()),
                name="specimen_on_add",
            ),
            path(
                "specimen/<int:pk>/",
                self.construct_view(PostedOnEdit, form_class=self.get_form_class(for_update=True)),
                name="specimen",
            ),
        ]


class CertificatesGroup(SnippetViewSetGroup):
    """Everything about certificates in one place of the menu."""

    items = (DesignViewSet,)
    menu_icon = "doc-full-inverse"
    menu_label = _("Certificates")
    menu_name = "certificates"
    menu_order = 220
    submenu_hook = MENU_HOOK

"""Questions in the Wagtail admin, for trainers."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, LocaleColumn, UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.quizzes.models import Question
from courses.quizzes.types.base import question_types


def type_choices() -> list[tuple[str, Any]]:
    """The registered types with their names."""
    return [(kind.key, kind.label) for kind in question_types]


def type_label(question: Question) -> Any:
    kind = question_types.get(question.type)
    return kind.label if kind else question.type


class TypeSelect(forms.Select):
    """The types; its script shows only the fields that the chosen type uses."""

    class Media:
        js = ["courses_quizzes/question_form.js"]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"data-question-type": "", **(attrs or {})}, choices=_types_or_none)  # type: ignore[arg-type]


def _types_or_none() -> list[tuple[str, Any]]:
    return [("", "---------"), *type_choices()]


class QuestionForm(WagtailAdminModelForm):
    """Lets a draft be saved before it is complete; what a type asks for is checked at publication."""

    def _post_clean(self) -> None:
        self.instance.unfinished = self.is_deferred_validation
        super()._post_clean()


class QuestionFilterSet(WagtailFilterSet):
    type = django_filters.ChoiceFilter(label=_("type"), choices=type_choices)

    class Meta:
        model = Question
        fields = ["type", "live"]


def _for_types(*fields: str) -> dict[str, str]:
    """Marks a panel for the script: the types that use one of these fields."""
    return {
        "data-question-types": " ".join(kind.key for kind in question_types if set(kind.uses) & set(fields))
    }


class QuestionViewSet(SnippetViewSet):
    """The questions, each in its languages, to be chosen in quizzes."""

    model = Question
    icon = "help"
    menu_label = _("Questions")
    menu_order = 210
    add_to_admin_menu = True
    list_display = [
        "__str__",
        LocaleColumn(label=_("Language")),
        Column("type", label=_("Type"), accessor=type_label, sort_key="type"),
        Column("points", label=_("Points"), sort_key="points"),
        LiveStatusTagColumn(),
        UpdatedAtColumn(),
    ]
    filterset_class = QuestionFilterSet
    search_fields = ["stem", "case", "package_id"]
    list_per_page = 50

    def get_edit_handler(self) -> Any:
        handler = ObjectList(
            [
                FieldPanel("type", widget=TypeSelect()),
                MultiFieldPanel([FieldPanel("case"), FieldPanel("stem")], heading=_("The question")),
                MultiFieldPanel(
                    [FieldPanel("choices")],
                    heading=_("The choices"),
                    help_text=_("Mark the right ones. Which are right can't differ between languages."),
                    attrs=_for_types("choices"),
                ),
                MultiFieldPanel(
                    [FieldPanel("statement_is_true")],
                    heading=_("True or false"),
                    help_text=_("The question above is the statement."),
                    attrs=_for_types("statement_is_true"),
                ),
                MultiFieldPanel(
                    [FieldPanel("number"), FieldPanel("tolerance"), FieldPanel("unit")],
                    heading=_("The right number"),
                    attrs=_for_types("number"),
                ),
                MultiFieldPanel(
                    [FieldPanel("feedback"), FieldPanel("points")], heading=_("After submission")
                ),
                MultiFieldPanel(
                    [FieldPanel("package_id", read_only=True), FieldPanel("facts", read_only=True)],
                    heading=_("Origin"),
                    classname="collapsed",
                ),
            ],
            base_form_class=QuestionForm,
        )
        return handler.bind_to_model(self.model)

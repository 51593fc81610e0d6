"""Questions in the Wagtail admin, for trainers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.blocks.base import BlockField
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.plugin_api.authoring import RulesForm, where_it_is_set
from courses.quizzes.blocks import choices_with_fixed_key
from courses.quizzes.domain.bank import with_state
from courses.quizzes.domain.variants import with_keys_of
from courses.quizzes.interfaces.bank_panels import AboutPanel
from courses.quizzes.interfaces.panels import AnsweredPanel
from courses.quizzes.interfaces.question_chooser import QuestionChooserViewSet
from courses.quizzes.interfaces.question_list import (
    COLUMNS,
    SEARCHED,
    QuestionFilterSet,
    QuestionIndexView,
    category_choices,
    type_choices,
)
from courses.quizzes.interfaces.question_views import (
    QuestionCollectActionView,
    QuestionCreateView,
    QuestionEditView,
    QuestionPreviewOnCreate,
    QuestionWorkflowActionView,
)
from courses.quizzes.models import Question
from courses.quizzes.types.base import question_types
from courses.quizzes.types.passage import differences, parse_passage


class TypeSelect(forms.Select):
    """The types; its script shows only the fields that the chosen type uses."""

    class Media:
        js = ["courses_quizzes/question_form.js"]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"data-question-type": "", **(attrs or {})}, choices=_types_or_none)  # type: ignore[arg-type]


def _types_or_none() -> list[tuple[str, Any]]:
    return [("", "---------"), *type_choices()]


class QuestionForm(RulesForm):
    """Lets a draft be saved before it is complete; what a type asks for is checked at publication.

    In a language that doesn't decide, the choices, pairs and items and what is right come from the one that does.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "category" in self.fields:
            self.fields["category"].choices = [("", "---------"), *category_choices()]
        if self.rules_from is None:
            return
        # Tags count on the variant that decides.
        self.fields.pop("tags", None)
        for name in ("pictures", "pairs", "sequence", "rubric"):
            if stream := getattr(self.rules_from, name):
                self.initial[name] = with_keys_of(stream, getattr(self.instance, name))
                self.fields[name].help_text = where_it_is_set(self.rules_from)
        if self.rules_from.choices:
            self.fields["choices"] = BlockField(
                block=choices_with_fixed_key(),
                required=False,
                label=self.fields["choices"].label,
                help_text=where_it_is_set(self.rules_from),
            )
            self.initial["choices"] = with_keys_of(self.rules_from.choices, self.instance.choices)

    def save(self, commit: bool = True) -> Any:
        if self.instance._state.adding and self.instance.author_id is None and self.for_user is not None:
            self.instance.author = self.for_user
        return super().save(commit)

    def clean_choices(self) -> Any:
        return self._words_only("choices")

    def clean_pictures(self) -> Any:
        return self._words_only("pictures")

    def clean_pairs(self) -> Any:
        return self._words_only("pairs")

    def clean_sequence(self) -> Any:
        return self._words_only("sequence")

    def clean_rubric(self) -> Any:
        return self._words_only("rubric")

    def clean_passage(self) -> Any:
        """In another language, the gaps of the one that decides, in its order."""
        passage = self.cleaned_data["passage"]
        original = self.rules_from.passage if self.rules_from else ""
        if passage and original and not self.is_deferred_validation:
            found = differences(parse_passage(original), parse_passage(passage))
            if found:
                raise ValidationError(found)
        return passage

    def _words_only(self, name: str) -> Any:
        """What was posted, in the language that decides; elsewhere only its words."""
        if self.rules_from is None:
            return self.cleaned_data[name]
        return with_keys_of(
            getattr(self.rules_from, name), self.cleaned_data[name], getattr(self.instance, name)
        )

    def _post_clean(self) -> None:
        self.instance.unfinished = self.is_deferred_validation
        super()._post_clean()


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
    list_display = COLUMNS
    filterset_class = QuestionFilterSet
    search_fields = SEARCHED
    list_per_page = 50
    copy_view_enabled = False
    chooser_viewset_class = QuestionChooserViewSet
    index_view_class = QuestionIndexView
    add_view_class = QuestionCreateView
    edit_view_class = QuestionEditView
    preview_on_add_view_class = QuestionPreviewOnCreate
    workflow_action_view_class = QuestionWorkflowActionView
    collect_workflow_action_data_view_class = QuestionCollectActionView

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return with_state(Question.objects.all())

    def get_edit_handler(self) -> Any:
        handler = ObjectList(
            [
                AboutPanel(),
                AnsweredPanel(),
                FieldPanel("type", widget=TypeSelect()),
                MultiFieldPanel(
                    [FieldPanel("scenario"), FieldPanel("case"), FieldPanel("stem"), FieldPanel("pictures")],
                    heading=_("The question"),
                ),
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
                    [FieldPanel("accepted")],
                    heading=_("The accepted answers"),
                    help_text=_("The first line is shown as the right answer once it may be told."),
                    attrs=_for_types("accepted"),
                ),
                MultiFieldPanel(
                    [FieldPanel("pairs")],
                    heading=_("The pairs"),
                    help_text=_(
                        "Learners see the options in another order. Options without a prompt belong to none."
                    ),
                    attrs=_for_types("pairs"),
                ),
                MultiFieldPanel(
                    [FieldPanel("sequence")],
                    heading=_("The items"),
                    help_text=_("Write them in their right order; learners see them in another one."),
                    attrs=_for_types("sequence"),
                ),
                MultiFieldPanel(
                    [FieldPanel("passage")],
                    heading=_("The passage with gaps"),
                    help_text=_(
                        "Learners see the choices in another order. Every language has the same gaps in the same "
                        "order; which choice is right and which number come from the original."
                    ),
                    attrs=_for_types("passage"),
                ),
                MultiFieldPanel(
                    [FieldPanel("rubric")],
                    heading=_("Criteria for marking"),
                    help_text=_(
                        "A trainer gives points for each. Their share is the share of the question's points; learners "
                        "read the criteria once the right answers may be shown."
                    ),
                    attrs=_for_types("rubric"),
                ),
                MultiFieldPanel(
                    [FieldPanel("choice_scoring")],
                    heading=_("Partly right choices"),
                    attrs=_for_types("choice_scoring"),
                ),
                MultiFieldPanel(
                    [FieldPanel("partial_credit")],
                    heading=_("Partly right answers"),
                    attrs=_for_types("partial_credit"),
                ),
                MultiFieldPanel(
                    [FieldPanel("hints")], heading=_("While it is answered"), classname="collapsed"
                ),
                MultiFieldPanel(
                    [FieldPanel("feedback"), FieldPanel("provisions"), FieldPanel("points")],
                    heading=_("After submission"),
                ),
                MultiFieldPanel(
                    [
                        FieldPanel("category", widget=forms.Select),
                        FieldPanel("tags"),
                        FieldPanel("difficulty"),
                        FieldPanel("objective", widget=forms.Select),
                        FieldPanel("retired"),
                    ],
                    heading=_("Place in the bank"),
                    help_text=_(
                        "Quizzes that draw their questions go by it. Tags hold at once, the rest with publication."
                    ),
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

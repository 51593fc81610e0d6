"""What is done with several questions at once. Ticked in one language, filed in all: the places are the same."""

from abc import abstractmethod
from collections.abc import Collection, Iterable
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from courses.accounts.api import User
from courses.quizzes.domain import filing
from courses.quizzes.domain.second_reader import submit_for_review
from courses.quizzes.enums import Difficulty
from courses.quizzes.interfaces.question_list import category_choices, narrowed, query_of
from courses.quizzes.models import Question, QuestionCategory


class CategoryForm(forms.Form):
    category = forms.TypedChoiceField(label=_("category"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("No category")), *category_choices()]  # type: ignore[attr-defined]


class DifficultyForm(forms.Form):
    difficulty = forms.ChoiceField(
        label=_("difficulty"), choices=Difficulty.choices, initial=Difficulty.MEDIUM
    )


class TagForm(forms.Form):
    tag = forms.CharField(label=_("tag"), max_length=100)


class QuestionAction(SnippetBulkAction):
    """One act on the questions that are ticked, or on all that the list showed.

    `verb` gets the questions, the cleaned form, the person and the time, and says how many were changed.
    """

    template_name = "courses_quizzes/admin/bulk.html"
    models: ClassVar[list[Any]] = [Question]
    right: ClassVar[str] = "change"
    # What the page asks, and what the button says.
    explanation: ClassVar[Any] = ""

    def check_perm(self, question: Question) -> bool:
        allowed: bool = self.permission_policy.user_has_permission_for_instance(
            self.request.user, self.right, question
        )
        return allowed

    def get_all_objects_in_listing_query(self, parent_id: Any) -> Iterable[int]:
        """All that the list showed, not the whole bank."""
        return narrowed(query_of(self.request.GET.get("next", ""))).values_list("pk", flat=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        keys = {entry["item"].translation_key for entry in context["items"]}
        return {
            **context,
            "heading": self.display_name,
            "explanation": self.explanation,
            "count": len(keys),
        }

    def get_execution_context(self) -> dict[str, Any]:
        assert self.cleaned_form is not None
        return {**super().get_execution_context(), "user": self.request.user, "form": self.cleaned_form}

    @classmethod
    def execute_action(cls, objects: Collection[Question], **kwargs: Any) -> tuple[int, int]:
        return cls.verb(objects, kwargs["form"].cleaned_data, kwargs["user"]), 0

    @classmethod
    @abstractmethod
    def verb(cls, questions: Collection[Question], cleaned: Any, by: User) -> int:
        """Do it to the questions by what the form says; how many were changed."""

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext(
            "%(count)d question was changed.", "%(count)d questions were changed.", num_parent_objects
        ) % {"count": num_parent_objects}


def _keys(questions: Iterable[Question]) -> set[Any]:
    return {question.translation_key for question in questions}


class SetCategory(QuestionAction):
    display_name = _("Set category")
    aria_label = _("Set the category of the selected questions")
    action_type = "set_category"
    action_priority = 40
    form_class = CategoryForm
    explanation = _("The category holds in all languages, at once.")

    @classmethod
    def verb(cls, questions: Collection[Question], cleaned: Any, by: User) -> int:
        category = (
            QuestionCategory.objects.filter(pk=cleaned["category"]).first() if cleaned["category"] else None
        )
        return filing.set_category(_keys(questions), category, by=by, at=timezone.now())


class SetDifficulty(QuestionAction):
    display_name = _("Set difficulty")
    aria_label = _("Set the difficulty of the selected questions")
    action_type = "set_difficulty"
    action_priority = 50
    form_class = DifficultyForm
    explanation = _("The difficulty holds in all languages, at once.")

    @classmethod
    def verb(cls, questions: Collection[Question], cleaned: Any, by: User) -> int:
        return filing.set_difficulty(
            _keys(questions), Difficulty(cleaned["difficulty"]), by=by, at=timezone.now()
        )


class AddTag(QuestionAction):
    display_name = _("Add tag")
    aria_label = _("Add a tag to the selected questions")
    action_type = "add_tag"
    action_priority = 60
    form_class = TagForm
    explanation = _("The tag holds in all languages, at once.")

    @classmethod
    def verb(cls, questions: Collection[Question], cleaned: Any, by: User) -> int:
        return filing.add_tag(_keys(questions), cleaned["tag"], by=by, at=timezone.now())


class Retire(QuestionAction):
    display_name = _("Retire")
    aria_label = _("Retire the selected questions")
    action_type = "retire"
    action_priority = 70
    right = "publish"
    explanation = _("New attempts don't ask retired questions; running ones and results stay as they are.")

    @classmethod
    def verb(cls, questions: Collection[Question], cleaned: Any, by: User) -> int:
        return filing.set_retired(_keys(questions), True, by=by, at=timezone.now())


class BringBack(QuestionAction):
    display_name = _("Bring back")
    aria_label = _("Bring the selected questions back from retirement")
    action_type = "bring_back"
    action_priority = 80
    right = "publish"
    explanation = _("Attempts that start from now on may ask them again.")

    @classmethod
    def verb(cls, questions: Collection[Question], cleaned: Any, by: User) -> int:
        return filing.set_retired(_keys(questions), False, by=by, at=timezone.now())


class SubmitForReview(QuestionAction):
    display_name = _("Submit for review")
    aria_label = _("Submit the selected questions for review")
    action_type = "submit_for_review"
    action_priority = 90
    explanation = _(
        "A second reader publishes them or asks for changes. What is published as it stands, retired or being "
        "read already is left out."
    )

    @classmethod
    def verb(cls, questions: Collection[Question], cleaned: Any, by: User) -> int:
        return submit_for_review(questions, by=by)

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext(
            "%(count)d question was submitted.", "%(count)d questions were submitted.", num_parent_objects
        ) % {"count": num_parent_objects}


ACTIONS = (SetCategory, SetDifficulty, AddTag, Retire, BringBack, SubmitForReview)

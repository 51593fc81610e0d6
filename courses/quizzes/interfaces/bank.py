"""The bank in the Wagtail admin beside its questions: categories, objectives and scenarios, in one menu."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Case, Count, Model, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, LiveStatusTagColumn, LocaleColumn, UpdatedAtColumn
from wagtail.admin.widgets import AdminPageChooser
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet, SnippetViewSetGroup

from courses.models import LessonPage
from courses.plugin_api.authoring import RulesForm
from courses.quizzes.domain.categories import category_tree, subtree
from courses.quizzes.interfaces.admin import QuestionViewSet
from courses.quizzes.models import LearningObjective, Question, QuestionCategory, QuizItem, Scenario

DASH = "—"
# Other screens about quizzes put their item into the menu through this hook.
MENU_HOOK = "register_quizzes_menu_item"


# Categories


class CategoryForm(WagtailAdminModelForm):
    """A category can't be put into itself or below itself: those aren't offered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        below = subtree(self.instance.pk) if self.instance.pk else set()
        rows = [(row.pk, str(row)) for row in category_tree() if row.pk not in below]
        self.fields["parent"].choices = [("", _("Nothing: it stands at the top")), *rows]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        same = QuestionCategory.objects.filter(
            parent=cleaned.get("parent"), name=cleaned.get("name", "")
        ).exclude(pk=self.instance.pk)
        if same.exists():
            self.add_error("name", _("There is a category with this name already."))
        return cleaned


def in_tree_order(request: HttpRequest) -> QuerySet[QuestionCategory]:
    """The categories in the order of their tree, with how many questions lie in each itself; two queries."""
    places = [When(pk=row.pk, then=Value(place)) for place, row in enumerate(category_tree())]
    rows = QuestionCategory.objects.annotate(
        place=Case(*places, default=Value(0)),
        question_count=Count("questions__translation_key", distinct=True),
    )
    return rows.order_by("place")


class CategoryIndexView(IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        known = {row.pk: row for row in category_tree()}
        for row in context["object_list"]:
            if row.parent_id is not None:
                row.parent = known[row.parent_id]
        return context


class CategoryViewSet(SnippetViewSet):
    model = QuestionCategory
    icon = "folder-open-inverse"
    menu_label = gettext_lazy("Categories")
    index_view_class = CategoryIndexView
    list_display = [
        "__str__",
        Column("question_count", label=gettext_lazy("Questions"), accessor="question_count"),
    ]
    search_fields = ["name"]
    ordering = ["place"]
    list_per_page = 100

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuestionCategory]:
        return in_tree_order(request)

    def get_edit_handler(self) -> Any:
        handler = ObjectList(
            [FieldPanel("name"), FieldPanel("parent", widget=forms.Select)], base_form_class=CategoryForm
        )
        return handler.bind_to_model(self.model)


# Objectives


class ObjectiveForm(WagtailAdminModelForm):
    """The lesson is chosen as a page, in any language, and kept by the key that all its languages share."""

    lesson: Any = forms.ModelChoiceField(
        queryset=LessonPage.objects.all(),
        required=False,
        label=gettext_lazy("lesson that teaches it"),
        widget=AdminPageChooser(target_models=[LessonPage]),
        help_text=gettext_lazy("Learners who fail are sent back to it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.lesson_key:
            pages = LessonPage.objects.filter(translation_key=self.instance.lesson_key)
            self.initial["lesson"] = pages.order_by("-live", "pk").first()

    def clean_lesson(self) -> LessonPage | None:
        lesson: LessonPage | None = self.cleaned_data["lesson"]
        if lesson is not None and not lesson.live:
            raise ValidationError(_("Choose a published lesson."))
        return lesson

    def save(self, commit: bool = True) -> Any:
        lesson = self.cleaned_data.get("lesson")
        # A lesson that was deleted since leaves its key: the same course may bring it back.
        if lesson is not None or "lesson" in self.changed_data:
            self.instance.lesson_key = lesson.translation_key if lesson else None
        return super().save(commit)


class ObjectiveIndexView(IndexView):
    """Adds the title of the lesson, one query for all rows."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        rows = list(context["object_list"])
        keys = [row.lesson_key for row in rows if row.lesson_key]
        titles = dict(
            LessonPage.objects.filter(translation_key__in=keys)
            .order_by("live", "-pk")
            .values_list("translation_key", "title")
        )
        for row in rows:
            row.lesson_title = titles.get(row.lesson_key, DASH)
        return context


class ObjectiveViewSet(SnippetViewSet):
    model = LearningObjective
    icon = "success"
    menu_label = gettext_lazy("Learning objectives")
    index_view_class = ObjectiveIndexView
    list_display = [
        "__str__",
        BooleanColumn("critical", label=gettext_lazy("Must be right to pass"), sort_key="critical"),
        Column("question_count", label=gettext_lazy("Questions"), sort_key="question_count"),
        Column("lesson_title", label=gettext_lazy("Lesson"), accessor="lesson_title"),
        Column("package_id", label=gettext_lazy("Id in course packages"), sort_key="package_id"),
    ]
    search_fields = ["statement", "package_id"]
    ordering = ["pk"]
    list_per_page = 100

    def get_queryset(self, request: HttpRequest) -> QuerySet[LearningObjective]:
        return LearningObjective.objects.annotate(
            question_count=Count("questions__translation_key", distinct=True)
        )

    def get_edit_handler(self) -> Any:
        handler = ObjectList(
            [
                FieldPanel("statement"),
                FieldPanel("lesson"),
                FieldPanel("critical"),
                FieldPanel("package_id", read_only=True),
            ],
            base_form_class=ObjectiveForm,
        )
        return handler.bind_to_model(self.model)


# Scenarios


class ScenarioViewSet(SnippetViewSet):
    model = Scenario
    icon = "doc-full"
    menu_label = gettext_lazy("Scenarios")
    list_display = [
        "__str__",
        LocaleColumn(label=gettext_lazy("Language")),
        Column("question_count", label=gettext_lazy("Questions"), sort_key="question_count"),
        LiveStatusTagColumn(label=gettext_lazy("Status")),
        UpdatedAtColumn(label=gettext_lazy("Updated")),
    ]
    search_fields = ["title", "text"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Scenario]:
        return Scenario.objects.annotate(question_count=Count("questions__translation_key", distinct=True))

    def get_edit_handler(self) -> Any:
        handler = ObjectList(
            [
                FieldPanel("title"),
                FieldPanel("text"),
                MultiFieldPanel(
                    [FieldPanel("package_id", read_only=True)],
                    heading=gettext_lazy("Origin"),
                    classname="collapsed",
                ),
            ],
            base_form_class=RulesForm,
        )
        return handler.bind_to_model(self.model)


class QuizzesGroup(SnippetViewSetGroup):
    """Everything about questions in one place of the menu."""

    items = (QuestionViewSet, CategoryViewSet, ObjectiveViewSet, ScenarioViewSet)
    menu_icon = "help"
    menu_label = gettext_lazy("Quizzes")
    menu_name = "quizzes"
    menu_order = 210
    submenu_hook = MENU_HOOK


# Deleting


def keep_what_is_used(request: HttpRequest, instances: list[Model]) -> HttpResponse | None:
    """A category, an objective or a scenario that questions or quizzes hang on isn't deleted, alone or in bulk; nor is
    a question that a quiz asks. The message says why.
    """
    for instance in instances:
        # The page that asks for confirmation shows itself which quizzes ask a question.
        if isinstance(instance, Question) and request.method == "GET":
            continue
        held = _held(instance)
        if held:
            title = {"title": instance}
            messages.error(
                request, " ".join([_("“%(title)s” is kept:") % title, *held, _("Nothing was deleted.")])
            )
            viewset = instance.snippet_viewset  # type: ignore[attr-defined]
            return redirect(viewset.get_url_name("list"))
    return None


def _held(instance: Model) -> list[str]:
    """What hangs on it, as sentences."""
    questions = quizzes = below = 0
    if isinstance(instance, QuestionCategory):
        below = instance.children.count()
        questions = instance.questions.values("translation_key").distinct().count()
        quizzes = _quizzes(draw_category=instance)
    elif isinstance(instance, LearningObjective):
        questions = instance.questions.values("translation_key").distinct().count()
        quizzes = _quizzes(draw_objective=instance)
    elif isinstance(instance, Scenario):
        questions = instance.questions.values("translation_key").distinct().count()
    elif isinstance(instance, Question):
        quizzes = _quizzes(question=instance)
    words = []
    if below:
        words.append(
            ngettext("%(count)d category lies in it.", "%(count)d categories lie in it.", below)
            % {"count": below}
        )
    if questions:
        words.append(
            ngettext("%(count)d question belongs to it.", "%(count)d questions belong to it.", questions)
            % {"count": questions}
        )
    if quizzes:
        words.append(
            ngettext("%(count)d quiz asks for it.", "%(count)d quizzes ask for it.", quizzes)
            % {"count": quizzes}
        )
    return words


def _quizzes(**asked: Any) -> int:
    return QuizItem.objects.filter(**asked).values("page__translation_key").distinct().count()

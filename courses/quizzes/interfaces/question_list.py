"""The list of the bank's questions in the admin: what it tells of each, what it is narrowed by, and the search."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import (
    Column,
    LocaleColumn,
    StatusTagColumn,
    UpdatedAtColumn,
)
from wagtail.snippets.views.snippets import IndexView

from courses.quizzes.domain.bank import QuestionState, Usage, stale_only, usage_of, with_state
from courses.quizzes.domain.categories import category_tree, subtree
from courses.quizzes.enums import Difficulty
from courses.quizzes.models import LearningObjective, Question, QuestionTag, TaggedQuestion
from courses.quizzes.types.base import question_types

DASH = "—"
TITLE_WIDTH = "32%"
SEARCHED = ("stem", "case", "package_id")


def type_choices() -> list[tuple[str, Any]]:
    """The registered types with their names."""
    return [(kind.key, kind.label) for kind in question_types]


def type_label(question: Question) -> Any:
    kind = question_types.get(question.type)
    return kind.label if kind else question.type


def category_choices() -> list[tuple[int, str]]:
    """All categories by their paths, in the order of the tree."""
    return [(category.pk, str(category)) for category in category_tree()]


def _tag_choices() -> list[tuple[int, str]]:
    return list(QuestionTag.objects.order_by("name").values_list("pk", "name"))


def _objective_choices() -> list[tuple[int, str]]:
    return [(objective.pk, str(objective)) for objective in LearningObjective.objects.order_by("pk")]


class QuestionFilterSet(WagtailFilterSet):
    """Category, tag, objective and difficulty of a question are those of the variant that decides."""

    type = django_filters.ChoiceFilter(label=_("type"), choices=type_choices)
    state = django_filters.ChoiceFilter(label=_("state"), choices=QuestionState.choices)
    category = django_filters.ChoiceFilter(
        label=_("category"), choices=category_choices, method="in_category", widget=forms.Select
    )
    tag = django_filters.ChoiceFilter(
        label=_("tag"), choices=_tag_choices, method="with_tag", widget=forms.Select
    )
    difficulty = django_filters.ChoiceFilter(label=_("difficulty"), choices=Difficulty.choices)
    objective = django_filters.ChoiceFilter(
        label=_("learning objective"), choices=_objective_choices, widget=forms.Select
    )
    stale = django_filters.ChoiceFilter(
        label=_("translation"),
        choices=[("yes", _("older than the original"))],
        method="only_stale",
    )

    class Meta:
        model = Question
        fields = ["type"]

    def in_category(self, questions: QuerySet[Question], name: str, value: str) -> QuerySet[Question]:
        return questions.filter(category__in=subtree(int(value)))

    def with_tag(self, questions: QuerySet[Question], name: str, value: str) -> QuerySet[Question]:
        tagged = TaggedQuestion.objects.filter(tag=value).values("content_object__translation_key")
        return questions.filter(translation_key__in=tagged)

    def only_stale(self, questions: QuerySet[Question], name: str, value: str) -> QuerySet[Question]:
        return stale_only(questions)


def narrowed(query: str) -> QuerySet[Question]:
    """The questions that the list shows with this query string: its filters and its search."""
    data = QueryDict(query)
    filters = QuestionFilterSet(data, queryset=with_state(Question.objects.all()))
    questions = filters.qs if filters.is_valid() else filters.queryset
    found = Q()
    if words := data.get("q", "").strip():
        for name in SEARCHED:
            found |= Q(**{f"{name}__icontains": words})
    return questions.filter(found)


def query_of(address: str) -> str:
    """The query string of an address without what only turns the pages."""
    kept = [
        (name, value) for name, value in parse_qsl(urlsplit(address).query) if name not in ("p", "ordering")
    ]
    data = QueryDict(mutable=True)
    for name, value in kept:
        data.appendlist(name, value)
    return data.urlencode()


def facility_in_words(usage: Usage) -> str:
    if usage.facility is None:
        return DASH
    return _("%(rate)s %%") % {"rate": number_format(round(usage.facility * 100))}


class QuestionIndexView(IndexView):
    """Adds what a page of the list tells from elsewhere, in a number of queries that doesn't depend on its length."""

    # The database's own comparison: it can be combined with every filter, and looks inside words.
    search_backend_name = None

    def _get_title_column(self, *args: Any, **kwargs: Any) -> Any:
        """Wide enough for the question's words: headings don't wrap, and would leave it a few letters a line."""
        return super()._get_title_column(*args, width=TITLE_WIDTH, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        rows = list(context["object_list"])
        usage = usage_of({row.translation_key for row in rows})
        paths = dict(category_choices())
        for row in rows:
            row.usage = usage[row.translation_key]
            row.category_path = paths.get(row.category_id, DASH)
        return context


class StateColumn(StatusTagColumn):
    """The state in words; what is asked stands out. Wagtail's own column would ask for each row."""

    def get_value(self, instance: Any) -> Any:
        if instance.state == QuestionState.APPROVED and instance.has_unpublished_changes:
            return _("approved, a draft waits")
        return QuestionState(instance.state).label


# As many as leave room for the question's own words on a screen of 1280 pixels; the form tells the rest.
COLUMNS = [
    "__str__",
    LocaleColumn(label=_("Language")),
    Column("type", label=_("Type"), accessor=type_label, sort_key="type"),
    StateColumn(
        "state",
        label=_("State"),
        sort_key="state",
        primary=lambda question: question.state == QuestionState.APPROVED,
    ),
    Column("category", label=_("Category"), accessor="category_path", sort_key="category"),
    Column("quizzes", label=_("Quizzes"), accessor=lambda question: len(question.usage.quizzes)),
    Column("facility", label=_("Facility"), accessor=lambda question: facility_in_words(question.usage)),
    # With a label of ours: its own is translated when the module is read, once for everybody.
    UpdatedAtColumn(label=_("Updated")),
]

"""Where a quiz's question is chosen: what tells one question from another, the newest first."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, LocaleColumn
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet

from courses.quizzes.interfaces.question_list import type_label


class _Questions:
    """Wagtail's French calls a locale a region, which is something else here: it is headed 'Language'."""

    title_column: Column
    ordering = "-pk"

    @property
    def columns(self) -> list[Column]:
        return [
            self.title_column,
            LocaleColumn(label=_("Language"), sort_key=None),
            Column("type", label=_("Type"), accessor=type_label),
            LiveStatusTagColumn(sort_key=None),
        ]

    def get_filter_form(self) -> Any:
        form = super().get_filter_form()  # type: ignore[misc]
        if "locale" in form.fields:
            form.fields["locale"].label = _("Language")
        return form


class QuestionChooseView(_Questions, ChooseView):
    pass


class QuestionChooseResultsView(_Questions, ChooseResultsView):
    pass


class QuestionChooserViewSet(SnippetChooserViewSet):
    choose_view_class = QuestionChooseView
    choose_results_view_class = QuestionChooseResultsView

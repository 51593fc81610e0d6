"""Panels of the admin's forms of quizzes and questions. Imported by the models, so it imports none."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.panels import InlinePanel, Panel

from courses.plugin_api.authoring import where_it_is_set

if TYPE_CHECKING:
    from courses.quizzes.domain.queries import AnswerCounts


class QuestionRows(BaseChildFormSet):
    """What a quiz asks. Publication needs a question that is published too, and enough for every draw; a draft may
    lack anything.
    """

    default_error_messages = {"too_few_forms": _("Choose at least one published question.")}

    def clean(self, *args: Any, **kwargs: Any) -> None:
        from courses.quizzes.domain.composition import problems_of, row_of

        super().clean(*args, **kwargs)
        # While a draft is saved, Wagtail sets `min_num` to 0. A row that is wrong by itself says so first.
        if not self.min_num or any(self.errors):
            return
        forms = [form for form in self.ordered_forms if form.has_changed() or form.instance.pk]
        problems = problems_of([row_of(form.instance) for form in forms])
        if problems:
            raise ValidationError([ValidationError(problem, code="too_few_forms") for problem in problems])


class QuestionsPanel(InlinePanel):
    """The rows of questions; in a language that doesn't decide, the list of those that the deciding one asks."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = QuestionRows
        return options

    def get_bound_panel(
        self,
        instance: Any = None,
        request: HttpRequest | None = None,
        form: Any = None,
        prefix: str = "panel",
    ) -> Panel.BoundPanel:
        if form is not None and self.relation_name not in form.formsets:
            return SetElsewhere(panel=self, instance=instance, request=request, form=form, prefix=prefix)
        return super().get_bound_panel(instance=instance, request=request, form=form, prefix=prefix)


class SetElsewhere(Panel.BoundPanel):
    """The questions as another language's page asks them, and the way there."""

    template_name = "courses_quizzes/admin/questions_elsewhere.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        source = self.form.rules_from
        items = source.items.select_related("question", "draw_objective", "draw_category")
        return {
            **super().get_context_data(parent_context),
            "note": where_it_is_set(source),
            "items": items,
        }


class CompositionPanel(Panel):
    """What an attempt asks as the quiz was last saved: rows, points, duration, and what to look at."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "courses_quizzes/admin/composition.html"

        def is_shown(self) -> bool:
            # Elsewhere the deciding language's rows are shown, and its warnings belong there.
            return self.instance.pk is not None and getattr(self.form, "rules_from", None) is None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            from courses.quizzes.domain.overview import overview_of

            return {**super().get_context_data(parent_context), "overview": overview_of(self.instance)}


class AnsweredPanel(Panel):
    """Before a question is changed: how often it was answered, and what a change doesn't reach."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "courses_quizzes/admin/answered.html"

        def is_shown(self) -> bool:
            return bool(self.counts.asked)

        @cached_property
        def counts(self) -> "AnswerCounts":
            from courses.quizzes.domain.queries import answer_counts

            # A new question has a key already, which no attempt knows.
            return answer_counts(self.instance.translation_key)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "counts": self.counts}

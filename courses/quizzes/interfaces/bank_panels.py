"""What the form of a question tells of it before it is changed: state, versions, where it is asked."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.panels import Panel

from courses.quizzes.domain.bank import PAPERS_READ, Usage, state_of, usage_of, versions_of


class AboutPanel(Panel):
    """Shown for saved questions; the queries don't depend on how many versions and quizzes there are."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "courses_quizzes/admin/about_question.html"

        def is_shown(self) -> bool:
            return self.instance.pk is not None

        @cached_property
        def usage(self) -> Usage:
            return usage_of([self.instance.translation_key])[self.instance.translation_key]

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {
                **super().get_context_data(parent_context),
                "question": self.instance,
                "state": state_of(self.instance).label,
                "versions": versions_of(self.instance),
                "papers_read": PAPERS_READ,
                "quizzes": [
                    (use, reverse("wagtailadmin_pages:edit", args=[use.page])) for use in self.usage.quizzes
                ],
                "facility": None if self.usage.facility is None else round(self.usage.facility * 100),
                "asked": self.usage.asked,
                "try_url": reverse("quiz_tryout:question", args=[self.instance.pk]),
                "history_url": reverse(
                    self.instance.snippet_viewset.get_url_name("history"), args=[self.instance.pk]
                ),
            }

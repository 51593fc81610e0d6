"""Quizzes in the Wagtail admin."""

from wagtail.snippets.models import register_snippet

from courses.quizzes.interfaces.admin import QuestionViewSet

register_snippet(QuestionViewSet)

"""Forms of the core's pages in the admin."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.plugin_api.authoring import RulesPageForm


class CourseForm(RulesPageForm):
    """A course says up to when its legal texts were checked before it is published; a draft needn't."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("law_checked_to")
        if field is not None and not field.disabled:
            field.required = True
            field.error_messages["required"] = _("Say up to which day the legal texts were checked.")

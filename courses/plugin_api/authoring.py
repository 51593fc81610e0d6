"""Forms of the admin for content in several languages: rules are edited in the one language that decides.

`RulesPageForm` is the form of every page of a course. A plugin's translatable snippet takes `RulesForm` as the
`base_form_class` of its panels.
"""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm

from courses.domain.variants import rule_fields, rules_variant


class RulesForm(WagtailAdminModelForm):
    """In a variant that doesn't decide, the fields of rules show the deciding values, with a link to where they
    are set; whatever is posted for them is ignored. Rules in inline rows aren't part of such a form at all.

    rules_from: the variant that decides; None where it is the one that is edited.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules_from = rules_variant(self.instance)
        if self.rules_from is not None:
            self._show_rules_of(self.rules_from)

    def _show_rules_of(self, source: Any) -> None:
        note = where_it_is_set(source)
        for name in rule_fields(type(self.instance)):
            self.formsets.pop(name, None)
            if field := self.fields.get(name):
                # A disabled field takes its initial value, never what a request brings.
                field.disabled, field.required, field.help_text = True, False, note
                self.initial[name] = source._meta.get_field(name).value_from_object(source)


class RulesPageForm(RulesForm, WagtailAdminPageForm):
    """The same for pages; tells the page that the form itself asks what publication needs."""

    def _post_clean(self) -> None:
        self.instance.checked_by_form = True
        super()._post_clean()


def where_it_is_set(source: Any) -> SafeString:
    """The note beside a rule in another language: 'Set in the French version', as a link to that version."""
    words = _("Set in this version: %(language)s") % {
        "language": get_language_info(source.locale.language_code)["name_translated"]
    }
    return format_html('<a href="{}">{}</a>', AdminURLFinder().get_edit_url(source) or "", words)

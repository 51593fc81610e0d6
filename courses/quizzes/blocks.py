"""The choices of a question. They live in this plugin's own model, never in a core StreamField."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class PackageIdBlock(blocks.FieldBlock):
    """The choice's id in course packages. No CharBlock, because wagtail-localize would offer it for translation."""

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.CharField(required=False, max_length=40)
        super().__init__(**kwargs)

    class Meta:
        default = ""


class ChoiceBlock(blocks.StructBlock):
    """One choice. Answers point to the block's own id, which is the same in every language.

    `correct` isn't translatable: wagtail-localize copies it from the source with the structure.
    """

    text = blocks.CharBlock(label=_("Text"), max_length=500)
    correct = blocks.BooleanBlock(
        label=_("This is a right answer"), required=False, help_text=_("The same in every language.")
    )
    feedback = blocks.TextBlock(
        label=_("Remark for those who chose it"),
        required=False,
        max_length=1000,
        help_text=_("Shown after the answers were submitted."),
    )
    package_id = PackageIdBlock(label=_("id in course packages"))

    class Meta:
        icon = "radio-empty"
        form_layout = blocks.BlockGroup(children=["text", "correct", "feedback"], settings=["package_id"])
        label = _("Choice")
        label_format = "{text}"


class ChoicesBlock(blocks.StreamBlock):
    choice = ChoiceBlock()

    class Meta:
        required = False
        max_num = 20

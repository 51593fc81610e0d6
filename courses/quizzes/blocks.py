"""Pictures, choices, pairs and items of a question. They live in this plugin's own model, not in a core StreamField."""

import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

MAX_PICTURES = 4
MAX_ALT = 300


class PackageIdBlock(blocks.FieldBlock):
    """The choice's id in course packages. No CharBlock, because wagtail-localize would offer it for translation."""

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.CharField(required=False, max_length=40)
        super().__init__(**kwargs)

    class Meta:
        default = ""


class SameImageBlock(ImageChooserBlock):
    """An image that is the same in every language: wagtail-localize finds nothing in it to translate or to override."""

    def get_translatable_segments(self, value: Any) -> list[Any]:
        return []

    def restore_translated_segments(self, value: Any, segments: Any) -> Any:
        return value


class PictureBlock(blocks.StructBlock):
    """A picture under the question's text. Its alternative text is each language's own."""

    image = SameImageBlock(label=_("Image"))
    # Text even where a block says nothing of it, as those from before there were pictures: it is translated.
    alt = blocks.CharBlock(
        label=_("Alternative text"),
        default="",
        max_length=MAX_ALT,
        help_text=_(
            "What the picture shows, for people who can't see it, without giving the answer away. Required."
        ),
    )
    package_id = PackageIdBlock(label=_("id in course packages"))

    class Meta:
        icon = "image"
        form_layout = blocks.BlockGroup(children=["image", "alt"], settings=["package_id"])
        label = _("Picture")
        label_format = "{alt}"


class PicturesBlock(blocks.StreamBlock):
    picture = PictureBlock()

    class Meta:
        required = False
        max_num = MAX_PICTURES


class ChoiceBlock(blocks.StructBlock):
    """One choice. Answers point to the block's own id, which is the same in every language.

    `picture` stands above its text and has an alternative text of its own. `correct` isn't translatable:
    wagtail-localize copies it from the source with the structure.
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
    picture = SameImageBlock(label=_("Picture"), required=False)
    alt = blocks.CharBlock(
        label=_("Alternative text of the picture"),
        default="",
        required=False,
        max_length=MAX_ALT,
        help_text=_("What the picture shows, for people who can't see it. Required with a picture."),
    )
    package_id = PackageIdBlock(label=_("id in course packages"))

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["picture"] and not cleaned["alt"].strip():
            raise blocks.StructBlockValidationError(
                {"alt": ValidationError(_("Describe the picture for people who can't see it."))}
            )
        return cleaned

    class Meta:
        icon = "radio-empty"
        form_layout = blocks.BlockGroup(
            children=["text", "correct", "feedback", "picture", "alt"], settings=["package_id"]
        )
        label = _("Choice")
        label_format = "{text}"


class ChoicesBlock(blocks.StreamBlock):
    choice = ChoiceBlock()

    class Meta:
        required = False
        max_num = 20


class PairBlock(blocks.StructBlock):
    """A prompt with the option that belongs to it. The block's own id is the same in every language."""

    prompt = blocks.CharBlock(label=_("Prompt"), max_length=300)
    option = blocks.CharBlock(label=_("Option that belongs to it"), max_length=200)
    package_id = PackageIdBlock(label=_("id in course packages"))

    class Meta:
        icon = "link"
        form_layout = blocks.BlockGroup(children=["prompt", "option"], settings=["package_id"])
        label = _("Pair")
        label_format = "{prompt} – {option}"


class DistractorBlock(blocks.StructBlock):
    """An option that belongs to no prompt."""

    option = blocks.CharBlock(label=_("Option"), max_length=200)
    package_id = PackageIdBlock(label=_("id in course packages"))

    class Meta:
        icon = "cross"
        form_layout = blocks.BlockGroup(children=["option"], settings=["package_id"])
        label = _("Option without a prompt")
        label_format = "{option}"


class PairsBlock(blocks.StreamBlock):
    pair = PairBlock()
    distractor = DistractorBlock()

    class Meta:
        required = False
        max_num = 20


class ItemBlock(blocks.StructBlock):
    """One item of a sequence. The block's own id is the same in every language."""

    text = blocks.CharBlock(label=_("Text"), max_length=300)
    package_id = PackageIdBlock(label=_("id in course packages"))

    class Meta:
        icon = "list-ol"
        form_layout = blocks.BlockGroup(children=["text"], settings=["package_id"])
        label = _("Item")
        label_format = "{text}"


class SequenceBlock(blocks.StreamBlock):
    item = ItemBlock()

    class Meta:
        required = False
        max_num = 20


class PointsBlock(blocks.FieldBlock):
    """A whole number of points. No IntegerBlock, because it must be the same in every language."""

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.IntegerField(min_value=1, max_value=100)
        super().__init__(**kwargs)

    class Meta:
        default = 1


class CriterionBlock(blocks.StructBlock):
    """What an open answer is marked by. The block's own id is the same in every language."""

    text = blocks.CharBlock(label=_("What the answer should show"), max_length=300)
    points = PointsBlock(label=_("Points at most"))
    package_id = PackageIdBlock(label=_("id in course packages"))

    class Meta:
        icon = "check"
        form_layout = blocks.BlockGroup(children=["text", "points"], settings=["package_id"])
        label = _("Criterion")
        label_format = "{text}"


class RubricBlock(blocks.StreamBlock):
    criterion = CriterionBlock()

    class Meta:
        required = False
        max_num = 20


def choices_with_fixed_key() -> ChoicesBlock:
    """The choices in a language that doesn't decide: which of them are right is shown and can't be changed."""
    # Copied to the ground: blocks share their children.
    block: ChoicesBlock = copy.deepcopy(ChoicesBlock(required=False))
    block.child_blocks["choice"].child_blocks["correct"].field.widget.attrs["disabled"] = True
    return block

"""The blocks of a lesson's body. No plugin's block belongs here: definitions end up in core migrations."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

TEXT_FEATURES = ["bold", "italic", "ul", "ol", "link", "document-link"]
INLINE_FEATURES = ["bold", "italic", "link"]


class IdBlock(blocks.FieldBlock):
    """An id of the course package or the fact register: the same in every language. No CharBlock, because
    wagtail-localize would offer it for translation.
    """

    def __init__(self, max_length: int = 64, required: bool = True, **kwargs: Any) -> None:
        self.field = forms.CharField(required=required, max_length=max_length)
        super().__init__(**kwargs)

    class Meta:
        default = ""


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Text"), max_length=200)
    level = blocks.ChoiceBlock(
        label=_("Level"), choices=[("h2", _("Heading")), ("h3", _("Smaller heading"))], default="h2"
    )

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "courses/blocks/heading.html"


class ImageBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(
        label=_("Alternative text"),
        max_length=300,
        help_text=_("What the image shows, for people who can't see it. Required."),
    )
    caption = blocks.CharBlock(label=_("Caption"), max_length=300, required=False)

    class Meta:
        icon = "image"
        label = _("Image")
        template = "courses/blocks/image.html"


class CalloutBlock(blocks.StructBlock):
    kind = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=[("remember", _("To remember")), ("attention", _("Attention")), ("example", _("Example"))],
    )
    title = blocks.CharBlock(label=_("Title"), max_length=200, required=False)
    body = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES)

    class Meta:
        icon = "info-circle"
        label = _("Callout")
        template = "courses/blocks/callout.html"


class StepsBlock(blocks.StructBlock):
    steps = blocks.ListBlock(
        blocks.RichTextBlock(label=_("Step"), features=TEXT_FEATURES), label=_("Steps"), min_num=1
    )

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "courses/blocks/steps.html"


class TableBlock(blocks.StructBlock):
    """A table with a header row; each row has as many cells as the header (checked)."""

    header = blocks.ListBlock(
        blocks.CharBlock(label=_("Column"), max_length=200), label=_("Columns"), min_num=1
    )
    rows = blocks.ListBlock(
        blocks.ListBlock(
            blocks.RichTextBlock(label=_("Cell"), features=INLINE_FEATURES, required=False), label=_("Cells")
        ),
        label=_("Rows"),
        min_num=1,
    )

    class Meta:
        icon = "table"
        label = _("Table")
        template = "courses/blocks/table.html"

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        cleaned = super().clean(value)
        width = len(cleaned["header"])
        for number, row in enumerate(cleaned["rows"], start=1):
            if len(row) != width:
                raise blocks.StructBlockValidationError(
                    block_errors={
                        "rows": ValidationError(
                            _("Row %(row)d has %(cells)d cells, but there are %(columns)d columns."),
                            params={"row": number, "cells": len(row), "columns": width},
                        )
                    }
                )
        return cleaned


class DocumentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("Document"))
    title = blocks.CharBlock(label=_("Title"), max_length=200)

    class Meta:
        icon = "doc-full"
        label = _("Document")
        template = "courses/blocks/document.html"


class LawBlock(blocks.StructBlock):
    """A provision: which text and article, its rule in plain words, where the official text stands."""

    text = blocks.CharBlock(label=_("Legal text"), max_length=300)
    article = blocks.CharBlock(label=_("Article"), max_length=100)
    rule = blocks.RichTextBlock(label=_("The rule in plain words"), features=TEXT_FEATURES)
    source = blocks.URLBlock(label=_("Official source"), max_length=1000)
    facts = blocks.ListBlock(IdBlock(), label=_("Facts in the register"), default=[], required=False)
    official_ar = blocks.TextBlock(
        label=_("Official Arabic wording"),
        required=False,
        help_text=_("Copied from the Official Gazette; the Arabic text prevails."),
    )

    class Meta:
        icon = "openquote"
        label = _("Law citation")
        template = "courses/blocks/law.html"


class LessonBody(blocks.StreamBlock):
    paragraph = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES, icon="pilcrow")
    heading = HeadingBlock()
    image = ImageBlock()
    callout = CalloutBlock()
    steps = StepsBlock()
    table = TableBlock()
    document = DocumentBlock()
    law = LawBlock()


class ChecklistItemBlock(blocks.StructBlock):
    """A question about one's own association. Answers stay in the browser; there is no model for them."""

    question = blocks.CharBlock(label=_("Question"), max_length=400, help_text=_("'Yes' is the good answer."))
    if_no = blocks.TextBlock(label=_("If no: what to do"))
    if_unknown = blocks.TextBlock(label=_("If you don't know: where to look"))
    text = blocks.CharBlock(label=_("Legal text"), max_length=300)
    article = blocks.CharBlock(label=_("Article"), max_length=100)
    deadline = blocks.CharBlock(label=_("Deadline"), max_length=200, required=False)
    facts = blocks.ListBlock(IdBlock(), label=_("Facts in the register"), default=[])
    package_id = IdBlock(required=False, label=_("id in course packages"))

    class Meta:
        icon = "tick"
        label = _("Question")


class ChecklistItems(blocks.StreamBlock):
    item = ChecklistItemBlock()


class ObjectivesBlock(blocks.StreamBlock):
    objective = blocks.CharBlock(label=_("Objective"), max_length=300, icon="tick")

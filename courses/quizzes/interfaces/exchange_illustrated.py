"""The pictures of a question of the bank in an entry: in its texts, as HTML, and their files beside them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from html import escape
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model

from courses.quizzes.domain.pictures import has_pictures, images_of
from courses.quizzes.interfaces.exchange.entries import (
    Choice,
    Cloze,
    Image,
    Kind,
    MultipleChoice,
    SingleChoice,
    Text,
    TextFormat,
)
from courses.quizzes.interfaces.exchange.pictures import MAX_BYTES, mime_of, reference
from courses.quizzes.interfaces.exchange.report import Remark
from courses.quizzes.models import Question


class Album:
    """The files of the images that these questions show, each read when it is first asked for; one query.

    `may_show` leaves out those that the person who exports may not see (None: nobody in particular, all).
    """

    def __init__(self, questions: Sequence[Question], may_show: Callable[[Any], Any] | None = None) -> None:
        wanted = {image for question in questions for image in images_of(question)}
        rows = get_image_model().objects.filter(pk__in=wanted) if wanted else ()
        self._rows = {row.pk: row for row in (may_show(rows) if may_show and wanted else rows)}
        self._files: dict[int, Image | None] = {}

    def image(self, pk: int) -> Image | None:
        """None for one that is gone, hidden or of a kind that files don't hold."""
        if pk not in self._files:
            self._files[pk] = _read(self._rows[pk]) if pk in self._rows else None
        return self._files[pk]


def _read(row: Any) -> Image | None:
    try:
        with row.open_file() as file:
            data = file.read()
    except OSError:
        return None
    mime = mime_of(data)
    if not mime or len(data) > MAX_BYTES:
        return None
    # After its content: storages change names, and a file that comes back is to be written as it was.
    digest = sha256(data).hexdigest()[:12]
    return Image(f"picture-{digest}.{mime.partition('/')[2]}", mime, data)


def illustrated(
    stem: str,
    kind: Kind,
    question: Question,
    key: Question,
    album: Album | None,
    losses: list[Remark],
) -> tuple[Text, Kind, tuple[Image, ...]]:
    """The question's text and its kind with the pictures, and their files. What can't be written goes to `losses`."""
    plain = Text(stem), kind, ()
    if not has_pictures(key):
        return plain
    if album is None or isinstance(kind, Cloze):
        losses.append(Remark(_("The pictures are not written: there is no place for them.")))
        return plain
    images: dict[str, Image] = {}

    def shown(block: Mapping[str, Any], field: str, words: Mapping[str, str]) -> str:
        image = album.image(block["value"][field])
        if image is None:
            losses.append(
                Remark(_("A picture is not written: its file is gone, or may not be shown to you."))
            )
            return ""
        images[image.name] = image
        alt = words.get(block["id"]) or block["value"].get("alt") or ""
        return f'<img src="{escape(reference(image.name))}" alt="{escape(alt)}">'

    alts = _alts(question, "pictures")
    blocks = [block for block in key.pictures.get_prep_value() if block["value"].get("image")]
    tags = [tag for block in blocks if (tag := shown(block, "image", alts))]
    text = Text(f"{as_html(stem)}<p>{''.join(tags)}</p>", TextFormat.HTML) if tags else Text(stem)
    if isinstance(kind, SingleChoice | MultipleChoice):
        alts = _alts(question, "choices")
        rows = [block for block in key.choices.get_prep_value() if block["type"] == "choice"]
        choices = [
            _with_tag(choice, shown(block, "picture", alts)) if block["value"].get("picture") else choice
            for choice, block in zip(kind.choices, rows, strict=True)
        ]
        kind = replace(kind, choices=tuple(choices))
    return text, kind, tuple(images.values())


def _with_tag(choice: Choice, tag: str) -> Choice:
    return replace(choice, text=Text(as_html(choice.text.text) + tag, TextFormat.HTML)) if tag else choice


def _alts(question: Question, stream: str) -> dict[str, str]:
    """The alternative texts in the question's own language, by the id of the block."""
    return {
        block["id"]: block["value"].get("alt") or "" for block in getattr(question, stream).get_prep_value()
    }


def as_html(text: str) -> str:
    """A plain text as HTML that reads back as the same."""
    paragraphs = escape(text, quote=False).split("\n\n")
    return "".join(f"<p>{paragraph.replace(chr(10), '<br>')}</p>" for paragraph in paragraphs)

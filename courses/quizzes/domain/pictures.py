"""Pictures of questions in papers.

A picture is the same in every language, its alternative text each language's own. A paper names the image and the
SHA-1 of its file, as Wagtail keeps it, and holds the words: `{"image", "hash", "alt"}`, and `"language"` where the
alternative text is the original's. Where the image is gone later, or its file isn't the one that was asked with, the
words stand in its place. Papers without pictures say nothing of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model

from courses.quizzes.models import Question

# Names in the words of a paper's question: the pictures under its text, and those of its choices by their ids.
UNDER_TEXT = "pictures"
OF_CHOICES = "choice_pictures"
_STREAMS = ((UNDER_TEXT, "pictures", "image"), (OF_CHOICES, "choices", "picture"))

Hashes = Mapping[int, str]


def has_pictures(question: Question) -> bool:
    return any(images_of(question))


def images_of(question: Question) -> Iterator[int]:
    """The images that a question shows, under its text and in its choices."""
    for _name, stream, field in _STREAMS:
        for block in getattr(question, stream).get_prep_value():
            if block["value"].get(field):
                yield block["value"][field]


def image_hashes(questions: Iterable[Question]) -> dict[int, str]:
    """The hash of the file of each image that these questions show; one query, none without pictures."""
    wanted = {image for question in questions for image in images_of(question)}
    if not wanted:
        return {}
    return dict(get_image_model().objects.filter(pk__in=wanted).values_list("pk", "file_hash"))


def frozen_pictures(ordered: Sequence[Question], hashes: Hashes) -> dict[str, dict[str, Any]]:
    """What the paper's words say of pictures, by language; `ordered`: the variants, the one that decides first."""
    deciding = ordered[0]
    found: dict[str, dict[str, Any]] = {}
    for question in ordered:
        own = {
            name: {
                block["id"]: _picture(block, field, question, deciding, hashes)
                for block in getattr(deciding, stream).get_prep_value()
                if block["value"].get(field) in hashes
            }
            for name, stream, field in _STREAMS
        }
        words: dict[str, Any] = {}
        if own[UNDER_TEXT]:
            words[UNDER_TEXT] = list(own[UNDER_TEXT].values())
        if own[OF_CHOICES]:
            words[OF_CHOICES] = own[OF_CHOICES]
        found[question.locale.language_code] = words
    return found


def _picture(
    block: Mapping[str, Any], field: str, question: Question, deciding: Question, hashes: Hashes
) -> dict[str, Any]:
    image = block["value"][field]
    stream = "pictures" if field == "image" else "choices"
    words = {own["id"]: own["value"].get("alt") or "" for own in getattr(question, stream).get_prep_value()}
    picture = {"image": image, "hash": hashes[image]}
    if alt := words.get(block["id"], "").strip():
        return {**picture, "alt": alt}
    original = (block["value"].get("alt") or "").strip()
    return {**picture, "alt": original, "language": deciding.locale.language_code}


def undescribed(question: Question) -> dict[str, list[Any]]:
    """Words for the trainer, by field, where a picture has no alternative text."""
    found: dict[str, list[Any]] = {}
    for _name, stream, field in _STREAMS:
        for block in getattr(question, stream).get_prep_value():
            if block["value"].get(field) and not (block["value"].get("alt") or "").strip():
                found[stream] = [_("Describe each picture for people who can't see it.")]
    return found


def pictures_in(texts: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The pictures under the text of a question, from its words in a paper."""
    return tuple(texts.get(UNDER_TEXT, ()))

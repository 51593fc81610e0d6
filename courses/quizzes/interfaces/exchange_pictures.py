"""Pictures of imported questions: kept among the site's images, and shown by the questions that name them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model
from wagtail.images.fields import WagtailImageField
from wagtail.models import Collection
from wagtail.permissions import policy_registry
from wagtail.utils.file import hash_filelike

from courses.quizzes.interfaces.exchange.entries import Image
from courses.quizzes.interfaces.exchange.report import Remark
from courses.quizzes.interfaces.exchange_rows import Pictured, QuestionFields, Row

_EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}


def choosable(user: Any, images: Any) -> Any:
    """Of these images, those that a person may choose for a page. None is the command line, which may choose any."""
    if user is None:
        return images
    policy = policy_registry.get_by_type(get_image_model())
    return images & policy.instances_user_has_any_permission_for(user, ["choose", "change"])


class Shelf:
    """Where the pictures of one question go. `user` None (the command line) may keep them anywhere."""

    def __init__(self, user: Any, images: Iterable[Image]) -> None:
        self._user = user
        self._images = list(images)
        self._stored: list[Any] = []
        self._sound = {image.name for image in self._images if _is_sound(image)}
        self._collection = self._own_collection() if self._images else None

    @property
    def names(self) -> dict[str, int]:
        """The image of each picture that can be shown, by its name; below 0 for one that is kept with the question."""
        if self._collection is None:
            return {}
        return {
            image.name: found if (found := self._known(image)) is not None else -place
            for place, image in enumerate(self._images, start=1)
            if image.name in self._sound
        }

    def remarks(self, shown: Iterable[Pictured]) -> list[Remark]:
        """What becomes of each picture, in words; `shown`: those that the question shows. Writes nothing."""
        if self._images and self._collection is None:
            return [Remark(_("Its pictures are not kept: you may not add images."))]
        alts = {one.name: one.alt for one in shown}
        found = []
        for image in self._images:
            if image.name not in self._sound:
                words = _("The picture %(name)s is damaged, or of a kind that this site doesn't take.")
            elif image.name not in alts:
                words = _("The picture %(name)s is kept among the site's images; its place shows words only.")
            elif not alts[image.name]:
                words = _("The picture %(name)s has no description: write one before publishing.")
            else:
                continue
            found.append(Remark(words, {"name": image.name}))
        return found

    def keep(self, question: str) -> dict[int, int]:
        """Keep each picture once, whatever the number of questions that bring it; the image of each number below 0."""
        made: dict[int, int] = {}
        for place, image in enumerate(self._images, start=1):
            if image.name in self._sound and self._collection is not None and self._known(image) is None:
                made[-place] = self._made(image, question).pk
        return made

    def _known(self, image: Image) -> int | None:
        """The image with the same file that this person may choose."""
        digest = hash_filelike(BytesIO(image.data))
        found = choosable(self._user, get_image_model().objects.filter(file_hash=digest))
        pk: int | None = found.order_by("pk").values_list("pk", flat=True).first()
        return pk

    def _made(self, image: Image, question: str) -> Any:
        made = get_image_model()(
            title=f"{question[:150]} – {image.name}",
            file=ContentFile(image.data, name=_file_name(image)),
            collection=self._collection,
            uploaded_by_user=self._user,
        )
        made._set_image_file_metadata()
        made.save()
        self._stored.append(made.file)
        return made

    def discard(self) -> None:
        """Take away what was stored, for a transaction that is rolled back."""
        for file in self._stored:
            file.storage.delete(file.name)

    def _own_collection(self) -> Any:
        """The outermost collection that the user may add to; None where there is none."""
        if self._user is None:
            return Collection.get_first_root_node()
        policy = policy_registry.get_by_type(get_image_model())
        return policy.collections_user_has_permission_for(self._user, "add").first()


def with_images(fields: QuestionFields, images: Mapping[str, int]) -> QuestionFields:
    """The fields with the images of their pictures in the streams. A picture that has none leaves its words."""
    rows = tuple(
        Row("picture", {"image": images[one.name], **_alt(one)})
        for one in fields.pictures
        if one.name in images
    )
    lost = [one for one in fields.pictures if one.name not in images]
    words = dict(fields.words)
    if lost:
        words["stem"] = "\n\n".join([words["stem"], *(f"[{one.alt or one.name}]" for one in lost)])
    streams = {name: tuple(_with_image(row, images) for row in own) for name, own in fields.streams.items()}
    if rows:
        streams["pictures"] = rows
    return replace(fields, words=words, streams=streams)


def _with_image(row: Row, images: Mapping[str, int]) -> Row:
    if row.picture is None or row.picture.name not in images:
        return row
    return replace(row, value={**row.value, "picture": images[row.picture.name], **_alt(row.picture)})


def _alt(picture: Pictured) -> dict[str, str]:
    """A file that doesn't describe a picture takes no description away."""
    return {"alt": picture.alt} if picture.alt else {}


def with_made(blocks: list[dict[str, Any]], made: Mapping[int, int]) -> list[dict[str, Any]]:
    """Blocks with the images that were kept in place of their numbers below 0."""
    return [
        {
            **block,
            "value": {
                name: made.get(value, value) if name in ("image", "picture") else value
                for name, value in block["value"].items()
            },
        }
        for block in blocks
    ]


def shown_by(variants: Iterable[QuestionFields]) -> list[Pictured]:
    """The pictures that a question shows, in its text and in its choices."""
    found: list[Pictured] = []
    for fields in variants:
        found += fields.pictures
        found += [row.picture for rows in fields.streams.values() for row in rows if row.picture]
    return found


def _file_name(image: Image) -> str:
    """With the extension of what the picture is, whatever it was called."""
    return f"{image.name.rpartition('.')[0] or image.name}.{_EXTENSIONS[image.mime]}"


def _is_sound(image: Image) -> bool:
    """Whether Wagtail takes it: a picture of its kind, whole, and not too large once unpacked."""
    if image.mime not in _EXTENSIONS:
        return False
    try:
        WagtailImageField().clean(SimpleUploadedFile(_file_name(image), image.data))
    except (ValidationError, OSError, SyntaxError, ValueError):
        return False
    return True

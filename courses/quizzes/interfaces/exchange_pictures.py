"""Pictures of imported questions: kept among the site's images, since questions hold words only."""

from collections.abc import Iterable
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

_EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}


class Shelf:
    """Where the pictures of one question go. `user` None (the command line) may keep them anywhere."""

    def __init__(self, user: Any) -> None:
        self._user = user
        self._stored: list[Any] = []

    def remarks(self, images: Iterable[Image]) -> list[Remark]:
        """What becomes of each picture, in words; writes nothing."""
        images = list(images)
        if images and self._collection() is None:
            return [Remark(_("Its pictures are not kept: you may not add images."))]
        kept = _("The picture %(name)s is kept among the site's images; the question shows its name only.")
        damaged = _("The picture %(name)s is damaged, or of a kind that this site doesn't take.")
        return [Remark(kept if _is_sound(image) else damaged, {"name": image.name}) for image in images]

    def keep(self, images: Iterable[Image], question: str) -> None:
        """Keep each picture once, whatever the number of questions that bring it."""
        images = list(images)
        collection = self._collection() if images else None
        if collection is None:
            return
        model = get_image_model()
        for image in filter(_is_sound, images):
            digest = hash_filelike(BytesIO(image.data))
            if model.objects.filter(file_hash=digest).exists():
                continue
            made = model(
                title=f"{question[:150]} – {image.name}",
                file=ContentFile(image.data, name=_file_name(image)),
                collection=collection,
                uploaded_by_user=self._user,
            )
            made._set_image_file_metadata()
            made.save()
            self._stored.append(made.file)

    def discard(self) -> None:
        """Take away what was stored, for a transaction that is rolled back."""
        for file in self._stored:
            file.storage.delete(file.name)

    def _collection(self) -> Any:
        """The outermost collection that the user may add to; None where there is none."""
        if self._user is None:
            return Collection.get_first_root_node()
        policy = policy_registry.get_by_type(get_image_model())
        return policy.collections_user_has_permission_for(self._user, "add").first()


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

"""Designs of certificates and the pictures they use."""

import hashlib
import io
import random
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image as Pillow
from wagtail.images.models import Image

from courses.certificates.models import CertificateDesign, DesignLogo, DesignSignatory


def picture(
    kind: str = "PNG", size: tuple[int, int] = (120, 80), *, mode: str = "RGB", noisy: bool = False
) -> bytes:
    """The bytes of a picture; a noisy one can't be packed well."""
    drawn = Pillow.new(mode, size, (23, 73, 77, 128)[: len(mode)])
    if noisy:
        drawn.frombytes(random.Random(1).randbytes(size[0] * size[1] * len(mode)))
    file = io.BytesIO()
    drawn.save(file, kind)
    return file.getvalue()


def make_image(content: bytes | None = None, name: str = "logo.png") -> Image:
    """An image of the library, whatever its file holds."""
    image = Image(title=name, file=ContentFile(picture(), name=name))
    image.save()
    if content is not None:
        put(image, content)
    return image


def put(image: Image, content: bytes) -> None:
    """Other bytes in the place of an image's file, known to the library as after an upload."""
    storage = image.file.storage
    storage.delete(image.file.name)
    storage.save(image.file.name, ContentFile(content))
    Image.objects.filter(pk=image.pk).update(
        file_size=len(content), file_hash=hashlib.sha1(content, usedforsecurity=False).hexdigest()
    )


def make_design(*, logos: int = 0, signatories: int = 0, **fields: Any) -> CertificateDesign:
    """A design with so many logos and signatories, each with a picture of its own."""
    design = CertificateDesign.objects.create(**{"name": "Ours", **fields})
    for number in range(logos):
        image = make_image(picture(size=(120 + number, 80)), f"logo{number}.png")
        DesignLogo.objects.create(design=design, image=image, sort_order=number)
    for number in range(signatories):
        DesignSignatory.objects.create(
            design=design,
            name_ar="سلمى العبيدي",
            name_fr=f"Salma Labidi {number}",
            function_fr="Présidente",
            signature=make_image(picture(size=(200 + number, 60), mode="RGBA"), f"signature{number}.png"),
            sort_order=number,
        )
    return CertificateDesign.objects.get(pk=design.pk)

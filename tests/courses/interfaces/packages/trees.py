"""A site with a course package on it: what the tests of import and export share."""

import hashlib
import io
from pathlib import Path

import pytest
from django.db import models
from django.utils import timezone
from PIL import Image as PILImage
from wagtail.images import get_image_model
from wagtail.models import Page

from courses.interfaces.packages.errors import PackageError
from courses.interfaces.packages.importer import import_package
from courses.interfaces.packages.keys import key_for
from courses.interfaces.packages.reader import read_package
from courses.models import CoursePage

SHIPPED = Path(__file__).parents[4] / "courses/packages/legal-obligations"


def picture(colour: str = "red", kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    PILImage.new("RGB", (4, 3), colour).save(buffer, kind)
    return buffer.getvalue()


PICTURES = {"files/picture.png": picture(), "files/cover.jpg": picture("blue", "JPEG")}


def bring(folder: Path, **options):
    return import_package(read_package(folder), at=timezone.now(), **options)


def rewrite(folder: Path, path: str, *changes: tuple[str, str]) -> None:
    text = (folder / path).read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / path).write_text(text)


def content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def page(model: type[Page], identifier: str, language: str = "fr") -> Page:
    return model.objects.get(translation_key=key_for(identifier), locale__language_code=language)


def rows(*kinds: type[models.Model]) -> dict[str, list[dict]]:
    return {kind.__name__: list(kind.objects.order_by("pk").values()) for kind in kinds}


def children(parent: Page) -> list[str]:
    below = Page.objects.get(pk=parent.pk).get_children().live().specific()
    return [child.package_id for child in below]


def nothing_written() -> bool:
    return not CoursePage.objects.exists() and not get_image_model().objects.exists()


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(PackageError) as caught:
        bring(folder)
    return [str(problem) for problem in caught.value.problems]

"""Pictures and documents of a package ⇄ Wagtail's images and documents.

A file is known by its content and its path: importing the same package again makes no second image. The path
in the package, without `files/`, is the title on the site, which is how an export finds it again.
"""

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.fields import WagtailImageField
from wagtail.utils.file import hash_filelike

from courses.interfaces.packages import layout
from courses.interfaces.packages.errors import Problems

TYPES = {"image": layout.IMAGE_TYPES, "document": layout.DOCUMENT_TYPES}


def kind_of(path: str) -> str:
    return "image" if _extension(path) in layout.IMAGE_TYPES else "document"


def _extension(path: str) -> str:
    return path.rpartition(".")[2].lower()


def model_of(kind: str) -> Any:
    return get_image_model() if kind == "image" else get_document_model()


def check_files(files: Mapping[str, bytes], problems: Problems) -> None:
    """Note pictures that are none, and types of documents that this site doesn't take."""
    field = WagtailImageField()
    for path, content in files.items():
        if kind_of(path) == "document":
            allowed = getattr(settings, "WAGTAILDOCS_EXTENSIONS", None)
            if allowed is not None and _extension(path) not in allowed:
                problems.add(path, 0, f"this site takes no documents of type {_extension(path)}")
            continue
        try:
            with translation.override("en"):
                field.clean(SimpleUploadedFile(PurePosixPath(path).name, content))
        except ValidationError as error:
            problems.add(path, 0, " ".join(error.messages).rstrip("."))
        except (OSError, SyntaxError, ValueError):
            # What Pillow raises for a damaged file, depending on its type.
            problems.add(path, 0, "this picture is damaged")


class MediaStore:
    """The files of one import. `discard()` takes away what was stored, for a transaction that is rolled back."""

    def __init__(self, user: Any) -> None:
        self._user = user
        self._ids: dict[str, int] = {}
        self._stored: list[Any] = []

    def add(self, files: Mapping[str, bytes]) -> None:
        """Find or make the image or document of each path."""
        for path, content in files.items():
            model = model_of(kind_of(path))
            title = path.removeprefix(f"{layout.FILES}/")
            digest = hash_filelike(BytesIO(content))
            found = model.objects.filter(file_hash=digest, title=title).order_by("pk").first()
            self._ids[path] = (found or self._make(model, title, content)).pk

    def _make(self, model: Any, title: str, content: bytes) -> Any:
        file = ContentFile(content, name=PurePosixPath(title).name)
        made = model(title=title, file=file, uploaded_by_user=self._user)
        if model is get_image_model():
            made._set_image_file_metadata()
        else:
            made._set_document_file_metadata()
        made.save()
        self._stored.append(made.file)
        return made

    def id_of(self, path: str) -> int:
        """The primary key of the image or document."""
        return self._ids[path]

    def discard(self) -> None:
        for file in self._stored:
            file.storage.delete(file.name)


class MediaNames:
    """Paths of images and documents in a package that is being exported, with their content in `files`."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self._paths: dict[tuple[str, int], str] = {}

    def path_of(self, kind: str, pk: int | None) -> str:
        """The path of an 'image' or 'document'. Raises LookupError where it is gone or can't be written."""
        if pk is None:
            raise LookupError(f"the {kind} is gone")
        if (kind, pk) not in self._paths:
            found = model_of(kind).objects.filter(pk=pk).first()
            if found is None:
                raise LookupError(f"the {kind} is gone")
            with found.open_file() as file:
                content = file.read()
            path = self._free(_wanted_path(kind, found), content)
            self.files[path] = content
            self._paths[kind, pk] = path
        return self._paths[kind, pk]

    def _free(self, path: str, content: bytes) -> str:
        stem, _dot, extension = path.rpartition(".")
        number = 1
        while path in self.files and self.files[path] != content:
            number += 1
            path = f"{stem}-{number}.{extension}"
        return path


def _wanted_path(kind: str, found: Any) -> str:
    """The path it was imported from, else one made of its file's name."""
    imported = f"{layout.FILES}/{found.title}"
    if layout.is_file_path(imported, TYPES[kind]):
        return imported
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", PurePosixPath(found.file.name).stem).strip("-") or kind
    path = f"{layout.FILES}/{name}.{_extension(found.file.name)}"
    if not layout.is_file_path(path, TYPES[kind]):
        raise LookupError(f"a package holds no {kind} of type {_extension(found.file.name)}")
    return path

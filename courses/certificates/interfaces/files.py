"""Where the files of certificates lie: the private storage, under names that nobody can guess.

What a storage raises is an OSError here: each kind has errors of its own (those of S3 are none), and whoever stores has
to tell an outage, which passes, from content that can't be made.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages

# Of the certificates' own files; each lies in a folder below it.
FOLDER = "certificates"


class StorageError(OSError):
    """A storage failed with an error of its own, which is the cause."""


@contextmanager
def storage_errors() -> Iterator[None]:
    """Raise what a storage raises as an OSError."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        # Its words may name what was to be stored.
        raise StorageError(type(error).__name__) from error


def is_outage(error: Exception) -> bool:
    """Whether it passes by itself: no connection, no space, no right. A file that isn't there won't come by waiting."""
    return isinstance(error, OSError) and not isinstance(error, FileNotFoundError)


def private_storage() -> Storage:
    """The storage whose files only checked views hand out."""
    return storages["private"]


def file_name(certificate_uuid: UUID) -> str:
    """The one place of a certificate's file; from its random uuid, so a second making overwrites the first."""
    name = certificate_uuid.hex
    return f"{FOLDER}/{name[:2]}/{name}.pdf"


def archive_name(archive_uuid: UUID) -> str:
    """The one place of an archive's file, from its random uuid."""
    return f"archives/{archive_uuid.hex}.zip"


@storage_errors()
def store(name: str, content: bytes | IO[bytes]) -> None:
    """Write the file, in place of one that a killed attempt left. Raises OSError."""
    storage = private_storage()
    # Storages answer a taken name with another one; what is there now was never announced to anybody.
    if storage.exists(name):
        storage.delete(name)
    saved = storage.save(name, ContentFile(content) if isinstance(content, bytes) else File(content))
    if saved != name:
        storage.delete(saved)
        raise OSError(f"the storage took {saved} for {name}")


@storage_errors()
def store_once(name: str, content: bytes) -> None:
    """Write a file that is named by its content, unless it is there. Raises OSError."""
    storage = private_storage()
    if not storage.exists(name):
        saved = storage.save(name, ContentFile(content))
        # Somebody else wrote the same content at the same moment.
        if saved != name:
            storage.delete(saved)


@storage_errors()
def read(name: str) -> bytes:
    """The file's bytes. Raises OSError, of which FileNotFoundError says that there is none."""
    with private_storage().open(name, "rb") as file:
        content: bytes = file.read()
    return content


@storage_errors()
def open_file(name: str) -> IO[bytes]:
    """The file, to be read piece by piece. Raises OSError, as `read` does."""
    file: IO[bytes] = private_storage().open(name, "rb")
    return file


def size(name: str) -> int | None:
    """Of the file, in bytes; None where it can't be read."""
    try:
        with storage_errors():
            return private_storage().size(name)
    except OSError:
        return None


@storage_errors()
def delete(name: str) -> None:
    """Remove the file; nothing happens where there is none. Raises OSError."""
    private_storage().delete(name)

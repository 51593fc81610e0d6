"""Where the files of certificates lie: the private storage, under names that nobody can guess."""

from typing import IO
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages

# Of the certificates' own files; each lies in a folder below it.
FOLDER = "certificates"


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


def store(name: str, content: bytes | IO[bytes]) -> None:
    """Write the file, in place of one that a killed attempt left. Raises what the storage raises."""
    storage = private_storage()
    # Storages answer a taken name with another one; what is there now was never announced to anybody.
    if storage.exists(name):
        storage.delete(name)
    saved = storage.save(name, ContentFile(content) if isinstance(content, bytes) else File(content))
    if saved != name:
        storage.delete(saved)
        raise OSError(f"the storage took {saved} for {name}")


def store_once(name: str, content: bytes) -> None:
    """Write a file that is named by its content, unless it is there. Raises what the storage raises."""
    storage = private_storage()
    if not storage.exists(name):
        saved = storage.save(name, ContentFile(content))
        # Somebody else wrote the same content at the same moment.
        if saved != name:
            storage.delete(saved)


def read(name: str) -> bytes:
    """The file's bytes. Raises what the storage raises where there is none."""
    with private_storage().open(name, "rb") as file:
        content: bytes = file.read()
    return content


def open_file(name: str) -> IO[bytes]:
    """The file, to be read piece by piece. Raises what the storage raises where there is none."""
    file: IO[bytes] = private_storage().open(name, "rb")
    return file


def size(name: str) -> int | None:
    """Of the file, in bytes; None where it can't be read."""
    try:
        return private_storage().size(name)
    except OSError:
        return None


def delete(name: str) -> None:
    """Remove the file; nothing happens where there is none."""
    private_storage().delete(name)

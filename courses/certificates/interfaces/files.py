"""Where the files of certificates lie: the private storage, under names that nobody can guess."""

from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages


def private_storage() -> Storage:
    """The storage whose files only checked views hand out."""
    return storages["private"]


def file_name(certificate_uuid: UUID) -> str:
    """The one place of a certificate's file; from its random uuid, so a second making overwrites the first."""
    name = certificate_uuid.hex
    return f"certificates/{name[:2]}/{name}.pdf"


def store(name: str, content: bytes) -> None:
    """Write the file, in place of one that a killed attempt left. Raises what the storage raises."""
    storage = private_storage()
    # Storages answer a taken name with another one; what is there now was never announced to anybody.
    if storage.exists(name):
        storage.delete(name)
    saved = storage.save(name, ContentFile(content))
    if saved != name:
        storage.delete(saved)
        raise OSError(f"the storage took {saved} for {name}")


def read(name: str) -> bytes:
    """The file's bytes. Raises what the storage raises where there is none."""
    with private_storage().open(name, "rb") as file:
        content: bytes = file.read()
    return content


def delete(name: str) -> None:
    """Remove the file; nothing happens where there is none."""
    private_storage().delete(name)

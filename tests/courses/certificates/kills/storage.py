"""A storage that is down while a file says so."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage


def outage() -> Path:
    """While this file is there, the storage fails."""
    return Path(settings.DATA_DIR) / "storage-is-down"


class UnreliableStorage(FileSystemStorage):
    def _open(self, name: str, mode: str = "rb") -> Any:
        self._fail()
        return super()._open(name, mode)

    def _save(self, name: str, content: Any) -> str:
        self._fail()
        return super()._save(name, content)

    def exists(self, name: str) -> bool:
        self._fail()
        return super().exists(name)

    def delete(self, name: str) -> None:
        self._fail()
        super().delete(name)

    def _fail(self) -> None:
        if outage().exists():
            raise OSError("the storage is down")

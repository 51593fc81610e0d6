"""Taking in a file that is looked at once and never stored."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

# Ours have at most 150 kB.
MAX_BYTES = 1024 * 1024
# What a form adds to its file: its token, its boundaries, the file's name.
MAX_OVERHEAD = 64 * 1024


def is_announced_too_big(request: HttpRequest) -> bool:
    """Whether the request says of itself that it is larger than any file with its form; it isn't read."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return False
    return length > MAX_BYTES + MAX_OVERHEAD


class InMemoryUpload(FileUploadHandler):
    """Keeps what is uploaded in memory, whatever its size is said to be, and stops at MAX_BYTES for all files of the
    request together: nothing of it reaches a disk. `too_big` says that it stopped.
    """

    def __init__(self) -> None:
        super().__init__()
        self.received = 0
        self.too_big = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._parts: list[bytes] = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > MAX_BYTES:
            self.too_big = True
            # The rest is read and thrown away, so that the browser gets its answer.
            raise StopUpload(connection_reset=False)
        self._parts.append(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        content = BytesIO(b"".join(self._parts))
        return InMemoryUploadedFile(
            content, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )

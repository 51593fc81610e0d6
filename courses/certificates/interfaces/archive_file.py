"""The file of an archive: the certificates as they were issued, and an index that a spreadsheet opens."""

from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import IO, Any, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from courses.certificates.domain.standing import standing_of
from courses.certificates.enums import Standing
from courses.certificates.models import Certificate
from courses.lib.ids import display_serial
from courses.lib.spreadsheets import Cell, csv_text

INDEX = "index.csv"
STANDINGS: Mapping[Standing, Any] = {
    Standing.VALID: gettext_lazy("valid"),
    Standing.EXPIRING: gettext_lazy("expires soon"),
    Standing.EXPIRED: gettext_lazy("expired"),
    Standing.REVOKED: gettext_lazy("revoked"),
    Standing.SUPERSEDED: gettext_lazy("superseded"),
    Standing.HOLDER_ERASED: gettext_lazy("holder erased"),
}


class ArchiveWriter:
    """Writes a zip file, certificate by certificate; the index, in the language of who asked, comes last.

    No name of a person is in a file's name. Of a certificate whose file is damaged, the index has a line that says so.
    """

    def __init__(self, file: IO[bytes], language: str, at: datetime) -> None:
        self._zip = ZipFile(file, "w", ZIP_STORED, allowZip64=True)
        self._language, self._at = language, at
        self._lines: list[list[Cell]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None:
            self._write_index()
        self._zip.close()

    def add(self, certificate: Certificate, pdf: bytes | None) -> None:
        """The file and its line in the index; only the line where there is no file."""
        name = f"certificate-{display_serial(certificate.serial)}.pdf"
        if pdf is not None:
            self._zip.writestr(name, pdf)
        self._lines.append(self._line(certificate, name if pdf is not None else ""))

    def _line(self, certificate: Certificate, name: str) -> list[Cell]:
        content = certificate.snapshot["content"]
        titles = content["course_title"]
        with override(self._language):
            standing = str(STANDINGS[standing_of(certificate, self._at)])
            return [
                display_serial(certificate.serial),
                content["holder_latin"],
                content["holder_arabic"],
                content["association_latin"],
                content["association_arabic"],
                titles.get(self._language) or next(iter(titles.values())),
                content["course_code"],
                content["completed_on"],
                content["issued_on"],
                content.get("valid_until") or "",
                standing,
                name or _("the stored file is damaged"),
                certificate.sha256,
            ]

    def _write_index(self) -> None:
        with override(self._language):
            header = [
                _("Code"),
                _("Name, in Latin letters"),
                _("Name, in Arabic letters"),
                _("Association, in Latin letters"),
                _("Association, in Arabic letters"),
                _("Course"),
                _("Code of the course"),
                _("Completed on"),
                _("Issued on"),
                _("Valid until"),
                _("State"),
                _("File"),
                "SHA-256",
            ]
        text = csv_text(header, self._lines, self._language)
        self._zip.writestr(INDEX, text.encode(), compress_type=ZIP_DEFLATED)

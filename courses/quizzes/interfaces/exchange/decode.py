"""Bytes → text. A file whose letters can't be known for sure is refused: no question is ever garbled."""

import re

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.report import ExchangeError, Remark

MAX_BYTES = 20 * 1024 * 1024
MAX_LINES = 1_000_000
_DECLARED = re.compile(
    rb"""\s{0,99}<\?xml[^>]{0,200}?\bencoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._-]{1,40})["']"""
)
_DECLARABLE = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "iso-8859-1": "iso-8859-1",
    "iso-8859-6": "iso-8859-6",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
    "windows-1256": "cp1256",
    "cp1252": "cp1252",
    "cp1256": "cp1256",
}


def check_size(data: bytes) -> None:
    """Raises ExchangeError for a file that is too big, or empty."""
    if len(data) > MAX_BYTES:
        raise ExchangeError(
            Remark(
                _("The file is larger than %(limit)s MB. Divide it into several files."),
                {"limit": MAX_BYTES // 1024 // 1024},
            )
        )
    if not data.strip():
        raise ExchangeError(Remark(_("The file is empty. Choose the file that was exported.")))


def decode(data: bytes) -> str:
    """The text of a file, with `\\n` as line end.

    UTF-8; UTF-16 with its mark; what an XML declaration names. Raises ExchangeError with line and byte for
    anything else, such as Windows' Arabic or French letters in a plain text file: they look alike.
    """
    check_size(data)
    encoding, start = _encoding(data)
    try:
        text = data[start:].decode(encoding)
    except UnicodeDecodeError as error:
        raise _refusal(data, start + error.start, encoding) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    nul = text.find("\0")
    if nul >= 0:
        raise ExchangeError(
            Remark(
                _("This is no text file. Save it as UTF-8 text and import it again."),
                line=text.count("\n", 0, nul) + 1,
            )
        )
    if text.count("\n") > MAX_LINES:
        raise ExchangeError(
            Remark(
                _("The file has more than %(limit)s lines. Divide it into several files."),
                {"limit": MAX_LINES},
            )
        )
    return text.removeprefix("\ufeff")


def _encoding(data: bytes) -> tuple[str, int]:
    """The encoding and where the text begins."""
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8", 3
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise _unknown("UTF-32")
    if data.startswith(b"\xff\xfe"):
        return "utf-16-le", 2
    if data.startswith(b"\xfe\xff"):
        return "utf-16-be", 2
    declared = _DECLARED.match(data[:400])
    if declared is None:
        return "utf-8", 0
    name = declared[1].decode("ascii").lower()
    if name not in _DECLARABLE:
        raise _unknown(name)
    return _DECLARABLE[name], 0


def _unknown(name: str) -> ExchangeError:
    return ExchangeError(
        Remark(
            _("The file says that it is written in %(encoding)s, which isn't read here. Save it as UTF-8."),
            {"encoding": name},
            1,
        )
    )


def _refusal(data: bytes, position: int, encoding: str) -> ExchangeError:
    line_end = "\n".encode(encoding)
    return ExchangeError(
        Remark(
            _(
                "Byte %(byte)s (%(value)s) is no %(encoding)s text. Open the file in a text editor, "
                "save it as UTF-8 and import it again."
            ),
            {
                "byte": position + 1,
                "value": "0x" + data[position : position + 1].hex().upper(),
                "encoding": encoding.upper(),
            },
            data.count(line_end, 0, position) + 1,
        )
    )

"""Zip packages of strangers, read in memory: bounded in number, size and ratio; no name leads out of them."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.entries import clean_line
from courses.quizzes.interfaces.exchange.report import ExchangeError, Remark

MAX_FILES = 5_000
MAX_TOTAL = 100 * 1024 * 1024
# Text shrinks to a tenth, a bomb to a thousandth; small files may shrink as they like.
MAX_RATIO = 100
SMALL = 1024 * 1024
MAX_DIRECTORY = 4 * 1024 * 1024
_READ = (".xml", ".png", ".jpg", ".jpeg", ".gif", ".webp")
_BAD_NAME = re.compile(r"[\x00-\x1f\\]|^[A-Za-z]:|^/|(?:^|/)\.\.(?:/|$)")
_END = b"PK\x05\x06"
_ZIP64 = b"PK\x06\x07"
_LINK = 0o120000
Files = Mapping[str, bytes]


def open_package(data: bytes) -> Files:
    """The XML files and pictures of a package by name.

    Raises ExchangeError for a damaged or encrypted package, one beyond the limits, and one with a name that leads
    out of it or stands there twice. Nothing is written to disk.
    """
    end = data.rfind(_END)
    if end < 0 or data[max(end - 20, 0) : end].startswith(_ZIP64):
        raise _damaged()
    if int.from_bytes(data[end + 12 : end + 16], "little") > MAX_DIRECTORY:
        raise _too_big()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _contents(package, package.infolist())
    except (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, OSError, EOFError) as error:
        raise _damaged() from error


def _contents(package: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Files:
    if len(members) > MAX_FILES or sum(member.file_size for member in members) > MAX_TOTAL:
        raise _too_big()
    files: dict[str, bytes] = {}
    total = 0
    for member in members:
        name = posixpath.normpath(member.filename)
        # `orig_filename` still has what Python's reader cuts off at a zero byte.
        if (
            _BAD_NAME.search(member.orig_filename)
            or member.external_attr >> 16 & 0o170000 == _LINK
            or name in files
        ):
            raise ExchangeError(
                Remark(
                    _("The package has a file with a name that isn't allowed: %(name)s. Export it again."),
                    {"name": clean_line(member.orig_filename)[:100]},
                )
            )
        if member.is_dir() or not name.lower().endswith(_READ):
            continue
        if member.flag_bits & 0x1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _damaged()
        if member.file_size > max(SMALL, member.compress_size * MAX_RATIO):
            raise _too_big()
        with package.open(member) as stream:
            content = stream.read(member.file_size + 1)
        total += len(content)
        if len(content) > member.file_size or total > MAX_TOTAL:
            raise _too_big()
        files[name] = content
    return files


def _damaged() -> ExchangeError:
    return ExchangeError(
        Remark(_("The package is damaged or encrypted. Export it again as an ordinary zip file."))
    )


def _too_big() -> ExchangeError:
    return ExchangeError(
        Remark(
            _(
                "The package holds more than %(files)s files or %(limit)s MB. Divide it into several packages."
            ),
            {"files": MAX_FILES, "limit": MAX_TOTAL // 1024 // 1024},
        )
    )

"""Reading QTI: single files and packages of 1.2, 2.1 and 2.2, as far as our types of questions go.

QTI lets a program in XML decide on the score. What is read are the shapes that editors write; anything else is
left out with a word rather than guessed.
"""

import posixpath
from collections.abc import Iterator, Mapping
from functools import partial
from urllib.parse import unquote

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange import qti1, qti2
from courses.quizzes.interfaces.exchange.decode import decode
from courses.quizzes.interfaces.exchange.entries import clean_line
from courses.quizzes.interfaces.exchange.ledger import Ledger
from courses.quizzes.interfaces.exchange.qti_package import open_package
from courses.quizzes.interfaces.exchange.report import ExchangeError, Reading, Remark, Unusable
from courses.quizzes.interfaces.exchange.xmltree import Node, parse_xml

MANIFEST = "imsmanifest.xml"
_ZIP = b"PK"


def read(data: bytes) -> Reading:
    """Every question of a file or package. A bad one is reported and doesn't stop the rest.

    Raises ExchangeError for a file that is neither, a package beyond the limits, and one without questions.
    """
    ledger = Ledger()
    if not data.startswith(_ZIP):
        root = parse_xml(decode(data))
        if root.tag == "manifest":
            raise ExchangeError(
                Remark(
                    _("This is only the table of contents of a package. Choose the whole zip file."),
                    {},
                    root.line,
                )
            )
        if not _read_root(ledger, root, {}, ""):
            raise ExchangeError(
                Remark(
                    _("A QTI file holds items; this one begins with '%(name)s'."),
                    {"name": root.tag[:50]},
                    root.line,
                )
            )
        return ledger.reading()
    files = open_package(data)
    for name in _question_files(files):
        ledger.source = name
        try:
            root = parse_xml(decode(files[name]))
        except ExchangeError as error:
            ledger.leave_out(
                name, error.line, Unusable(error.remark.message, error.line, **error.remark.values)
            )
            continue
        _read_root(ledger, root, files, posixpath.dirname(name))
    return ledger.reading()


def _read_root(ledger: Ledger, root: Node, files: Mapping[str, bytes], folder: str) -> bool:
    """Reads what a file holds; False if that is nothing of QTI."""
    match root.tag:
        case "questestinterop":
            for category, item in qti1.items(root):
                ledger.add(_name(item), item.line, partial(qti1.entry, item, category, files, folder))
        case "assessmentItem":
            ledger.add(_name(root), root.line, partial(qti2.entry, root, files, folder))
        case _:
            return False
    return True


def _name(item: Node) -> str:
    return clean_line(item.attributes.get("title", ""))


def _question_files(files: Mapping[str, bytes]) -> Iterator[str]:
    """The XML files with questions, in the order of the table of contents where there is one."""
    if MANIFEST not in files:
        yield from sorted(name for name in files if name.lower().endswith(".xml"))
        return
    manifest = parse_xml(decode(files[MANIFEST]))
    seen = {MANIFEST}
    for resource in manifest.all("resource"):
        if "qti" not in resource.attributes.get("type", "").lower():
            continue
        for node in (resource, *resource.all("file")):
            name = posixpath.normpath(unquote(node.attributes.get("href", "")))
            if name in files and name not in seen and name.lower().endswith(".xml"):
                seen.add(name)
                yield name

"""Files that a spreadsheet opens: UTF-8 with a mark, harmless cells."""

import csv
import io
from collections.abc import Iterable, Sequence

# What spreadsheets take for the beginning of a formula, with the full-width forms that some of them accept.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | float | None


def safe_cell(value: Cell) -> Cell:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip(" \u00a0").startswith(_DANGEROUS):
        return f"'{value}"
    return value


def separator(language: str) -> str:
    """What spreadsheets of this language expect between cells: a comma in English, a semicolon in French and
    Arabic (as set up in North Africa).
    """
    return "," if language.startswith("en") else ";"


def csv_text(header: Sequence[Cell], rows: Iterable[Sequence[Cell]], language: str) -> str:
    """The file's text, with the byte order mark that makes spreadsheets read UTF-8.

    Every cell is quoted, so that a spreadsheet set to other separators can't break one into two.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator(language), lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    for row in (header, *rows):
        writer.writerow([_written(cell, language) for cell in row])
    return "\ufeff" + buffer.getvalue()


def _written(cell: Cell, language: str) -> Cell:
    """A fraction gets the decimal comma where the separator leaves it free: so a spreadsheet reads a number."""
    if cell is None:
        return ""
    if isinstance(cell, float) and separator(language) == ";":
        return str(cell).replace(".", ",")
    return safe_cell(cell)

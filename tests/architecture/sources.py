"""What the architecture tests read: the product's own files, as they are on disk."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCT = ("courses", "elearn", "home")
PLUGINS = ("progress", "quizzes", "certificates", "reports")
TEMPLATE_COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}", re.DOTALL)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def files(folders: tuple[str, ...], *suffixes: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes and "__pycache__" not in path.parts:
                yield path


def python_files(folders: tuple[str, ...] = PRODUCT, *, migrations: bool = False) -> list[Path]:
    return [path for path in files(folders, ".py") if migrations or "migrations" not in path.parts]


def template_files() -> list[Path]:
    return [path for path in files((*PRODUCT, "templates"), ".html", ".txt") if "templates" in path.parts]


def is_plugin_file(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return parts[0] == "courses" and len(parts) > 2 and parts[1] in PLUGINS


def code_of(path: Path) -> str:
    """A Python file without comments and docstrings, lines kept."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    starts_statement = True
    spans = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and starts_statement):
            spans.append((token.start, token.end))
        if token.type in {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}:
            starts_statement = True
        elif token.type not in {tokenize.NL, tokenize.COMMENT}:
            starts_statement = False
    for (first, begin), (last, end) in spans:
        for number in range(first, last + 1):
            line = lines[number - 1].rstrip("\n")
            left = line[:begin] if number == first else ""
            right = line[end:] if number == last else ""
            lines[number - 1] = f"{left}{right}\n"
    return "".join(lines)


def markup_of(path: Path) -> str:
    """A template without its comments, lines kept."""
    text = path.read_text(encoding="utf-8")
    return TEMPLATE_COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text)


def matches(pattern: re.Pattern[str], path: Path, text: str) -> list[str]:
    """`file:line: what matched` for each match."""
    return [
        f"{relative(path)}:{text.count(chr(10), 0, found.start()) + 1}: {found.group().strip()}"
        for found in pattern.finditer(text)
    ]

"""Names of the files of a package, and safe reading of its folder.

Names follow from the content: a module's folder and a lesson's files are called after their position and
slug, so that writing a package needs no memory of how it was called before.
"""

import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

from courses.interfaces.packages.errors import Problems
from courses.interfaces.packages.schema import Activity, ChecklistEntry, LessonEntry

COURSE = "course.yaml"
FACTS = "facts.yaml"
MODULES = "modules"
MODULE = "module.yaml"
LESSONS = "lessons"
CHECKLIST = "checklist"
FILES = "files"

MAX_TEXT_BYTES = 1_000_000
MAX_FILE_BYTES = 10_000_000
MAX_PACKAGE_BYTES = 200_000_000
MAX_FILES = 5_000

IMAGE_TYPES = frozenset({"gif", "jpeg", "jpg", "png", "webp"})
DOCUMENT_TYPES = frozenset({"csv", "docx", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx", "zip"})

_NUMBERED = re.compile(r"[0-9]{2,3}-[a-z0-9]+(-[a-z0-9]+)*")
_ACTIVITY = re.compile(r"(?P<kind>[a-z][a-z_]*)(-(?P<number>[1-9][0-9]*))?")
_FILE = re.compile(r"files(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")


def numbered(position: int, slug: str) -> str:
    """`01-scope`: name of the folder of a module or of the files of a lesson; `position` counts from 1."""
    return f"{position:02d}-{slug}"


def is_numbered(name: str) -> bool:
    return _NUMBERED.fullmatch(name) is not None


def lesson_file(folder: str, name: str, language: str) -> str:
    return f"{folder}/{name}.{language}.md"


def activity_names(activities: Sequence[Activity]) -> list[str]:
    """What `module.yaml` calls its activities: `lessons/01-scope`, `quiz`, `quiz-2`, `checklist`."""
    names: list[str] = []
    counts: dict[str, int] = {}
    for activity in activities:
        if isinstance(activity, LessonEntry):
            kind = LESSONS
        else:
            kind = CHECKLIST if isinstance(activity, ChecklistEntry) else activity.kind
        counts[kind] = number = counts.get(kind, 0) + 1
        if isinstance(activity, LessonEntry):
            names.append(f"{LESSONS}/{numbered(number, activity.slug)}")
        else:
            names.append(kind if number == 1 else f"{kind}-{number}")
    return names


def activity_kind(name: str) -> str | None:
    """`quiz` of `quiz` and `quiz-2`; None where the name has another form."""
    match = _ACTIVITY.fullmatch(name)
    return match["kind"] if match else None


def is_file_path(path: str, types: frozenset[str]) -> bool:
    """Whether a path may name an image or document of the package: under `files/`, no tricks, a known type."""
    return _FILE.fullmatch(path) is not None and ".." not in path and path.rpartition(".")[2].lower() in types


class Folder:
    """The files of a package on disk, each read at most once, with what is wrong noted.

    Symbolic links and special files are refused, wherever they lead; names that begin with a dot are ignored.
    """

    def __init__(self, root: Path, problems: Problems) -> None:
        self.root = root
        self.problems = problems
        self.used: set[str] = set()
        self.sizes: dict[str, int] = {}
        self._refused: set[str] = set()
        self._scan(root, "")
        if len(self.sizes) > MAX_FILES:
            problems.add("", 0, f"the package holds more than {MAX_FILES} files")
        if sum(self.sizes.values()) > MAX_PACKAGE_BYTES:
            problems.add("", 0, f"the package is larger than {MAX_PACKAGE_BYTES} bytes")

    def _scan(self, folder: Path, prefix: str, depth: int = 0) -> None:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda found: found.name):
                path = prefix + entry.name
                if entry.name.startswith("."):
                    continue
                found = entry.stat(follow_symlinks=False)
                if stat.S_ISLNK(found.st_mode):
                    self._refuse(path, "a symbolic link is not allowed in a package")
                elif stat.S_ISDIR(found.st_mode):
                    if depth < 8 and len(self.sizes) <= MAX_FILES:
                        self._scan(Path(entry.path), f"{path}/", depth + 1)
                    else:
                        self._refuse(path, "folders are nested too deeply")
                elif not stat.S_ISREG(found.st_mode):
                    self._refuse(path, "this is not a regular file")
                else:
                    self.sizes[path] = found.st_size

    def _refuse(self, path: str, reason: str) -> None:
        self._refused.add(path)
        self.problems.add(path, 0, reason)

    def has(self, path: str) -> bool:
        return path in self.sizes

    def refused(self, path: str) -> bool:
        """Whether the path (or a folder above it) was refused with a problem of its own."""
        return any(path == name or path.startswith(f"{name}/") for name in self._refused)

    def text(self, path: str) -> str | None:
        """A text file with LF line ends and without byte order mark; None (and a problem) where it can't be had."""
        content = self._bytes(path, MAX_TEXT_BYTES)
        if content is None:
            return None
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self.problems.add(path, line, "this line is not UTF-8")
            return None
        return text.replace("\r\n", "\n")

    def content(self, path: str) -> bytes | None:
        """An image or document; None (and a problem) where it can't be had."""
        return self._bytes(path, MAX_FILE_BYTES)

    def _bytes(self, path: str, limit: int) -> bytes | None:
        self.used.add(path)
        if path not in self.sizes:
            if not self.refused(path):
                self.problems.add(path, 0, "this file is missing")
            return None
        if self.sizes[path] > limit:
            self.problems.add(path, 0, f"this file is larger than {limit} bytes")
            return None
        return (self.root / path).read_bytes()

    def give_up(self, folder: str) -> None:
        """Take the files below `folder` for named: what names them can't be read, which is a problem already."""
        self.used.update(path for path in self.sizes if path.startswith(f"{folder}/"))

    def note_unused(self) -> None:
        """Note every file that nothing in the package names: it would be lost silently."""
        for path in self.sizes:
            if path not in self.used:
                self.problems.add(path, 0, "this file is named nowhere in the package")

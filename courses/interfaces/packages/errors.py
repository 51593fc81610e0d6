"""What is wrong with a course package: every problem with its file, line and reason."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One defect of a package.

    path: file (or folder) relative to the package, with `/`; empty for the package itself.
    line: line in that file, counted from 1; 0 where no line applies (a missing file).
    reason: plain English, without a final full stop.
    """

    path: str
    line: int
    reason: str

    def __str__(self) -> str:
        place = self.path or "."
        return f"{place}:{self.line}: {self.reason}" if self.line else f"{place}: {self.reason}"


class PackageError(Exception):
    """A package that is refused whole; `problems` lists all its defects, by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Problems:
    """Collects problems while reading goes on, so that all of them can be told at once."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, path: str, line: int, reason: str) -> None:
        self._found.append(Problem(path, line, reason))

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def raise_if_any(self) -> None:
        """Raise `PackageError` when something was found."""
        if self._found:
            raise PackageError(self._found)

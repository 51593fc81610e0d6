"""What the reading of one package shares between its files: what was found, claimed and named so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from courses.interfaces.packages.errors import Problems
from courses.interfaces.packages.keys import key_for
from courses.interfaces.packages.schema import Fact


@dataclass
class Reading:
    """What the reading of one package shares between its files."""

    problems: Problems = field(default_factory=Problems)
    languages: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    facts_checked_to: str | None = None
    # key of each id met so far → where it stands
    claimed: dict[object, str] = field(default_factory=dict)
    # what several files may hold, by id: the entry, its file and where it stands
    shared: dict[str, tuple[object, str, str]] = field(default_factory=dict)
    # reads an image or document: its path, the types allowed, and file and line that name it
    take_file: Callable[[str, frozenset[str], str, int], None] = lambda path, types, place, line: None
    # ids of the lessons met so far, and where lessons are named: (id, path, line)
    lessons: set[str] = field(default_factory=set)
    named_lessons: list[tuple[str, str, int]] = field(default_factory=list)

    def claim(self, identifier: str, path: str, line: int) -> None:
        """Note an id; a second use of it anywhere in the package is a problem."""
        key = key_for(identifier)
        if key in self.claimed:
            reason = f"the id '{identifier}' is used twice in the package (first in {self.claimed[key]})"
            self.problems.add(path, line, reason)
        else:
            self.claimed[key] = f"{path}:{line}"

    def share(self, identifier: str, entry: object, path: str, line: int) -> None:
        """Note an entry that several files of the package may hold (a question that two quizzes ask). A second one in
        the same file is a problem, and so is one that says something else.
        """
        known = self.shared.get(identifier)
        if known is None or known[1] == path:
            self.claim(identifier, path, line)
            self.shared.setdefault(identifier, (entry, path, f"{path}:{line}"))
        elif known[0] != entry:
            reason = f"'{identifier}' says something else here than in {known[2]}"
            self.problems.add(path, line, reason)

    def check_lessons(self) -> None:
        """Once everything was read: whoever names a lesson names one of the package."""
        for identifier, path, line in self.named_lessons:
            if identifier not in self.lessons:
                self.problems.add(path, line, f"there is no lesson '{identifier}' in the package")

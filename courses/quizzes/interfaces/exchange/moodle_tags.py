"""What Moodle has no field for and its tags can say: `provision:…` for each provision, `objective:…` for the objective.

Pure. Moodle itself keeps a tag of 50 characters at most; a file that was never in Moodle keeps them whole.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from courses.quizzes.interfaces.exchange.entries import clean_line

PROVISION = "provision:"
OBJECTIVE = "objective:"
LONGEST = 50


@dataclass(frozen=True)
class Parted:
    tags: tuple[str, ...]
    provisions: tuple[str, ...]
    objective: str


def parted(texts: Iterable[str]) -> Parted:
    """The tags of a file, and what stands among them; of several objectives the first, the others stay tags."""
    tags: list[str] = []
    provisions: list[str] = []
    objective = ""
    for text in map(clean_line, texts):
        if text.startswith(PROVISION):
            provisions.append(text.removeprefix(PROVISION))
        elif text.startswith(OBJECTIVE) and not objective:
            objective = clean_line(text.removeprefix(OBJECTIVE))
        else:
            tags.append(text)
    return Parted(tuple(tags), tuple(provisions), objective)


def joined(tags: Iterable[str], provisions: Iterable[str], objective: str) -> list[str]:
    """The tags of a file, with what they say besides."""
    return [
        *tags,
        *(f"{PROVISION}{provision}" for provision in provisions),
        *([f"{OBJECTIVE}{objective}"] if objective else ()),
    ]

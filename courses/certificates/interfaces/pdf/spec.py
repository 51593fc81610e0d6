"""A design as the renderer takes it: plain values, frozen with each certificate, without models."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final

VERSION: Final = 1
MAX_LOGOS: Final = 3
MAX_SIGNATORIES: Final = 3


class Look(StrEnum):
    """The ornament: a band of stars around the sheet, or a plain sheet with one coloured edge."""

    STARS = "stars"
    PLAIN = "plain"


class Paper(StrEnum):
    A4 = "a4"
    LETTER = "letter"


class Orientation(StrEnum):
    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG or JPEG in the private storage, named by the SHA-256 of its bytes; its size in pixels."""

    name: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs: name and function by language (a missing language takes another's), and a picture of the signature."""

    names: Mapping[str, str]
    functions: Mapping[str, str]
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class DesignSpec:
    """Colours are `#RRGGBB`. `languages`: those of the sheet, the main one first; empty where the language in which
    the course was completed decides. `wordings`: by language and field (`wording.TEXT_FIELDS`), texts in the place of
    those of `wording.Wording`, all of them once it is frozen; an empty one prints nothing.
    """

    look: Look = Look.STARS
    paper: Paper = Paper.A4
    orientation: Orientation = Orientation.LANDSCAPE
    accent: str = "#17494D"
    warm: str = "#B3925F"
    background_colour: str = "#FDFBF7"
    ink: str = "#1F2A2B"
    background: Picture | None = None
    logos: tuple[Picture, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    languages: tuple[str, ...] = ()
    wordings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    shows_themes: bool = True

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dictionary, from which `from_dict` makes an equal spec."""
        return {"version": VERSION, **json.loads(json.dumps(asdict(self)))}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> DesignSpec:
        """The spec that `to_dict` wrote. Raises TypeError, KeyError or ValueError for anything else."""
        known = {key: value for key, value in values.items() if key != "version"}
        known["look"], known["paper"] = Look(known["look"]), Paper(known["paper"])
        known["orientation"] = Orientation(known["orientation"])
        known["background"] = _picture(known.get("background"))
        known["logos"] = tuple(Picture(**picture) for picture in known.get("logos", ()))
        known["signatories"] = tuple(
            Signatory(one["names"], one["functions"], _picture(one.get("picture")))
            for one in known.get("signatories", ())
        )
        known["languages"] = tuple(known.get("languages", ()))
        return cls(**known)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Every picture that is printed."""
        found = (self.background, *self.logos, *(one.picture for one in self.signatories))
        return tuple(picture for picture in found if picture is not None)

    @property
    def digest(self) -> str:
        """The SHA-256 of the canonical JSON."""
        text = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _picture(values: Mapping[str, Any] | None) -> Picture | None:
    return Picture(**values) if values else None

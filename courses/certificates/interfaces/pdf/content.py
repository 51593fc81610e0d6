"""What is printed on a certificate: plain values, frozen, without models."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class CertificateContent:
    """The printed fields of one certificate.

    `languages` holds one or two languages, the main one first: `("ar", "fr")`, `("en",)`. The mappings have
    an entry for each of them. A holder has a Latin name, an Arabic one or both; each language prints the
    one of its script, or else the other. `serial` is canonical (see `courses.lib.ids`); `verify_url` goes
    into the QR code as it is. `score_percent` is a whole number from 0 to 100. `law_checked_to` counts by
    its month. `variables`: by language and key, what the wording may use beside the sheet's own words; a
    certificate asked for before there were any has none. `valid_until` is the last valid day. `provisions`: by
    language, what the course covers of the law, for the languages that have a text. Raises ValueError for a
    combination that can't be printed.
    """

    languages: tuple[str, ...]
    course_title: Mapping[str, str]
    course_code: str
    issuer: Mapping[str, str]
    completed_on: datetime.date
    issued_on: datetime.date
    serial: str
    verify_url: str
    holder_latin: str = ""
    holder_arabic: str = ""
    association_latin: str = ""
    association_arabic: str = ""
    law_checked_to: datetime.date | None = None
    estimated_minutes: int | None = None
    score_percent: int | None = None
    themes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    variables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    valid_until: datetime.date | None = None
    provisions: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 1 <= len(self.languages) <= 2 or len(set(self.languages)) != len(self.languages):
            raise ValueError("a certificate has one or two different languages")
        if not (self.holder_latin.strip() or self.holder_arabic.strip()):
            raise ValueError("a certificate needs the holder's name")
        for language in self.languages:
            for name, texts in (("course_title", self.course_title), ("issuer", self.issuer)):
                if not texts.get(language, "").strip():
                    raise ValueError(f"{name} is missing in {language}")
        if self.score_percent is not None and not 0 <= self.score_percent <= 100:
            raise ValueError("a score is between 0 and 100 percent")

    def holder(self, language: str) -> str:
        """The holder's name as this language prints it."""
        names = (self.holder_arabic, self.holder_latin)
        return next(name for name in (names if language == "ar" else names[::-1]) if name.strip())

    def association(self, language: str) -> str:
        """The association's name as this language prints it; empty without one."""
        names = (self.association_arabic, self.association_latin)
        return next((name for name in (names if language == "ar" else names[::-1]) if name.strip()), "")

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dictionary, from which `from_dict` makes an equal content."""
        values: dict[str, Any] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, datetime.date):
                value = value.isoformat()
            elif isinstance(value, tuple):
                value = list(value)
            elif isinstance(value, Mapping):
                value = {key: _plain(inner) for key, inner in value.items()}
            values[item.name] = value
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> CertificateContent:
        """The content that `to_dict` wrote. Raises TypeError, KeyError or ValueError for anything else."""
        known = dict(values)
        for name in ("completed_on", "issued_on", "law_checked_to", "valid_until"):
            if known.get(name) is not None:
                known[name] = datetime.date.fromisoformat(known[name])
        known["languages"] = tuple(known["languages"])
        known["themes"] = {key: tuple(themes) for key, themes in known.get("themes", {}).items()}
        return cls(**known)


def _plain(value: Any) -> Any:
    """A copy that JSON knows and that shares nothing with the frozen content."""
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value

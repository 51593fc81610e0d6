"""Reading the keys of a YAML mapping one by one, with a problem and its line for each one that is wrong.

Every method returns a value of its type even where it found a problem, so that reading goes on and all
problems of a package are told at once; a package with a problem is never used.
"""

import calendar
import contextlib
import datetime
import re
import unicodedata
from collections.abc import Collection, Iterator
from decimal import Decimal

from courses.interfaces.packages.layout import IMAGE_TYPES
from courses.interfaces.packages.reading import Reading
from courses.interfaces.packages.schema import VERIFIED
from courses.interfaces.packages.yamlio import Branch, Listing, Node, Scalar

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,8})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,9})?")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")
_LINE_BREAKS = "\x85\u2028\u2029"

MAX_SLUG = 80


def is_language(code: str) -> bool:
    return _LANGUAGE.fullmatch(code) is not None


def is_slug(slug: str) -> bool:
    return _SLUG.fullmatch(slug) is not None and len(slug) <= MAX_SLUG


def bad_character(text: str) -> str | None:
    """The first character that no text of a package may hold (control characters but line ends), or None."""
    for char in text:
        if (unicodedata.category(char) in ("Cc", "Cs") and char != "\n") or char in _LINE_BREAKS:
            return char
    return None


def last_day(checked_to: str) -> datetime.date | None:
    """The last day that `YYYY-MM` or `YYYY-MM-DD` covers; None where it isn't a date."""
    match = _MONTH.fullmatch(checked_to)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2]), match[3]
    try:
        return datetime.date(year, month, int(day) if day else calendar.monthrange(year, month)[1])
    except (ValueError, calendar.IllegalMonthError):
        return None


def short_date(day: datetime.date) -> str:
    """How a package writes up to when something was checked: `2026-02` for the last day of a month, else the day."""
    month = day.isoformat()[:7]
    return month if last_day(month) == day else day.isoformat()


class Fields:
    """The keys of one mapping. Call `close()` at the end: keys that nobody asked for are problems."""

    def __init__(self, node: Branch, path: str, reading: Reading) -> None:
        self._node = node
        self._asked: set[str] = set()
        self.path = path
        self.reading = reading

    @property
    def line(self) -> int:
        """Line at which the mapping starts, from 1."""
        return self._node.line

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the course, in alphabetical order."""
        return self.reading.languages

    def line_of(self, key: str) -> int:
        """Line of a key; that of the mapping where the key is missing."""
        return self._node.lines.get(key, self._node.line)

    def problem(self, key: str, reason: str) -> None:
        """Note a problem with the value of `key`."""
        self.reading.problems.add(self.path, self.line_of(key), reason)

    def has(self, key: str) -> bool:
        return key in self._node.values

    def close(self) -> None:
        """Note every key that wasn't asked for."""
        for key in self._node.values:
            if key not in self._asked:
                self.problem(key, f"unknown key '{key}'")

    def _get(self, key: str, required: bool) -> Node | None:
        self._asked.add(key)
        node = self._node.values.get(key)
        if node is None and required:
            self.problem(key, f"'{key}' is missing")
        return node

    def _scalar(self, key: str, required: bool) -> Scalar | None:
        node = self._get(key, required)
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self.problem(key, f"'{key}' must be a single value")
            return None
        if node.value == "" or node.kind == "null":
            self.problem(key, f"'{key}' is empty")
            return None
        return node

    def _text_of(self, node: Node, name: str, line: int, many_lines: bool, limit: int = 0) -> str:
        add = self.reading.problems.add
        if not isinstance(node, Scalar):
            add(self.path, line, f"{name} must be text")
            return ""
        text = "\n".join(part.rstrip() for part in node.value.strip().split("\n"))
        if not text or node.kind == "null":
            add(self.path, line, f"{name} is empty")
        elif node.kind != "str":
            add(self.path, line, f"{name} must be text: put {text} between quotes")
        elif "\n" in text and not many_lines:
            add(self.path, line, f"{name} must be on one line")
        elif (char := bad_character(text)) is not None:
            add(self.path, line, f"{name} holds the character U+{ord(char):04X}, which is not allowed")
        elif limit and len(text) > limit:
            add(self.path, line, f"{name} has {len(text)} characters, but at most {limit} are allowed")
        return text

    def _by_language(self, key: str, many_lines: bool, limit: int) -> dict[str, str]:
        node = self._get(key, True)
        if node is None:
            return {}
        if not isinstance(node, Branch):
            self.problem(key, f"'{key}' must hold one text for each language")
            return {}
        return self._languages_of(node, f"'{key}'", self.line_of(key), many_lines, limit)

    def _languages_of(
        self, node: Branch, name: str, start: int, many_lines: bool, limit: int
    ) -> dict[str, str]:
        texts: dict[str, str] = {}
        for language in self.languages:
            if language in node.values:
                value, line = node.values[language], node.lines[language]
                texts[language] = self._text_of(value, f"{name} in '{language}'", line, many_lines, limit)
            else:
                self.reading.problems.add(self.path, start, f"{name} is missing in '{language}'")
        for language in node.values:
            if language not in self.languages:
                reason = f"{name}: '{language}' is not a language of the course"
                self.reading.problems.add(self.path, node.lines[language], reason)
        return texts

    # Texts; `limit`: at most so many characters, 0 for as many as wanted

    def one_line(self, key: str, limit: int = 0) -> str:
        """A required text without line breaks."""
        node = self._get(key, True)
        return "" if node is None else self._text_of(node, f"'{key}'", self.line_of(key), False, limit)

    def optional_line(self, key: str, limit: int = 0) -> str | None:
        """A text without line breaks, or None where the key is absent."""
        return self.one_line(key, limit) if self._stands(key) else None

    def line_by_language(self, key: str, limit: int = 0) -> dict[str, str]:
        """A required text without line breaks in every language of the course."""
        return self._by_language(key, False, limit)

    def text_by_language(self, key: str, limit: int = 0) -> dict[str, str]:
        """A required text, possibly of several lines, in every language of the course."""
        return self._by_language(key, True, limit)

    def optional_text_by_language(self, key: str, limit: int = 0) -> dict[str, str] | None:
        """As `text_by_language`, or None where the key is absent."""
        return self._by_language(key, True, limit) if self._stands(key) else None

    def _stands(self, key: str) -> bool:
        self._asked.add(key)
        return key in self._node.values

    def list_by_language(self, key: str, limit: int = 0) -> list[dict[str, str]]:
        """A required, non-empty list of texts, each in every language."""
        return [
            self._languages_of(item, f"'{key}' {number}", item.line, False, limit)
            for number, item in enumerate(self._branches(key), start=1)
        ]

    # Names

    def own_id(self, key: str = "id") -> str:
        """The id of something records hang on; unique in the whole package."""
        identifier = self.local_id(key)
        if identifier:
            self.reading.claim(identifier, self.path, self.line_of(key))
        return identifier

    def local_id(self, key: str = "id") -> str:
        """An id that need only be unique among its neighbours (a choice's)."""
        identifier = self.one_line(key)
        if identifier and not _ID.fullmatch(identifier):
            self.problem(
                key, f"'{identifier}' is not a valid id (letters, digits, dots and hyphens, at most 64)"
            )
            return ""
        return identifier

    def share(self, identifier: str, entry: object, key: str = "id") -> None:
        """Note what `local_id` gave for something that records hang on, and that other files of the package may hold
        as well, word for word; together with all that was read of it.
        """
        if identifier:
            self.reading.share(identifier, entry, self.path, self.line_of(key))

    def lesson_id(self, key: str) -> str:
        """The id of a lesson anywhere in the package, which may be read later."""
        identifier = self.local_id(key)
        if identifier:
            self.reading.named_lessons.append((identifier, self.path, self.line_of(key)))
        return identifier

    def picture(self, key: str) -> str:
        """The path of a picture in the package (`files/…`), which is read."""
        path = self.one_line(key)
        if path:
            self.reading.take_file(path, IMAGE_TYPES, self.path, self.line_of(key))
        return path

    def slug(self, key: str = "slug") -> str:
        """A name for addresses: lower-case letters, digits and single hyphens, at most 80 characters."""
        slug = self.one_line(key)
        if slug and not is_slug(slug):
            self.problem(
                key, f"'{slug}' is not a valid slug (lower-case letters, digits, hyphens, at most 80)"
            )
        return slug

    def one_of(self, key: str, allowed: Collection[str]) -> str:
        value = self.one_line(key)
        if value and value not in allowed:
            self.problem(key, f"'{key}' is '{value}', but must be one of: {', '.join(allowed)}")
        return value

    def words(self, key: str) -> list[str]:
        """A required list of texts on one line each; may be empty."""
        return [text for text, _line in self.words_with_lines(key)]

    def short_words(self, key: str, limit: int) -> tuple[str, ...]:
        """A list of short texts on one line each, in order; empty where the key is absent."""
        if not self._stands(key):
            return ()
        found = self.words(key)
        for text in found:
            if len(text) > limit:
                self.problem(
                    key, f"an entry of '{key}' has {len(text)} characters, but at most {limit} are allowed"
                )
        if not found:
            self.problem(key, f"'{key}' is empty")
        return tuple(found)

    def words_with_lines(self, key: str) -> list[tuple[str, int]]:
        """As `words`, each with its line."""
        node = self._get(key, True)
        if node is None:
            return []
        if not isinstance(node, Listing):
            self.problem(key, f"'{key}' must be a list")
            return []
        name = f"'{key}'"
        return [(self._text_of(item, name, item.line, False), item.line) for item in node.items]

    def facts(self, key: str = "facts", *, verified: bool = True) -> tuple[str, ...]:
        """Ids of facts of `facts.yaml`. `verified`: only facts marked L or M may stand here."""
        found: list[str] = []
        for fact_id, line in self.words_with_lines(key):
            fact = self.reading.facts.get(fact_id)
            if fact_id in found:
                self.reading.problems.add(self.path, line, f"the fact '{fact_id}' is named twice")
            elif fact_id and fact is None:
                self.reading.problems.add(self.path, line, f"there is no fact '{fact_id}' in facts.yaml")
            elif fact is not None and verified and fact.confidence not in VERIFIED:
                reason = f"the fact '{fact_id}' is marked {fact.confidence}: only facts marked L or M may be used here"
                self.reading.problems.add(self.path, line, reason)
            found.append(fact_id)
        return tuple(found)

    # Values

    def flag(self, key: str, default: bool | None = None) -> bool:
        """True or false; `default` where the key is absent (required where that is None)."""
        node = self._scalar(key, default is None)
        if node is None:
            return bool(default)
        if node.kind != "bool" or node.value not in ("true", "false"):
            self.problem(key, f"'{key}' must be true or false")
        return node.value == "true"

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number from `low` to `high`; `default` where the key is absent (required where that is None)."""
        node = self._scalar(key, default is None)
        if node is None:
            return default if default is not None else low
        if node.kind != "int" or not _INTEGER.fullmatch(node.value):
            self.problem(key, f"'{key}' must be a whole number")
            return low
        number = int(node.value)
        if not low <= number <= high:
            self.problem(key, f"'{key}' is {number}, but must be from {low} to {high}")
        return number

    def decimal(
        self,
        key: str,
        *,
        low: Decimal | None = None,
        default: Decimal | None = None,
        places: int | None = None,
    ) -> Decimal:
        """A number such as 500 or 0.5, at least `low`, with at most `places` decimals; `default` where the key
        is absent.
        """
        node = self._scalar(key, default is None)
        if node is None:
            return default if default is not None else Decimal(0)
        if node.kind not in ("int", "float") or not _DECIMAL.fullmatch(node.value):
            self.problem(key, f"'{key}' must be a number such as 500 or 0.5")
            return Decimal(0)
        number = Decimal(node.value)
        if low is not None and number < low:
            self.problem(key, f"'{key}' is {number}, but must be at least {low}")
        if places is not None and int(number.as_tuple().exponent) < -places:
            self.problem(key, f"'{key}' has more than {places} decimals")
        return number

    def checked_to(self, key: str = "law_checked_to", *, required: bool = False) -> str | None:
        """A month (YYYY-MM) or day (YYYY-MM-DD), never later than the facts' own; None where absent.

        The last day of a month comes back as the month: both say the same, and pages keep a day.
        """
        node = self._scalar(key, required)
        if node is None:
            return None
        last = last_day(node.value)
        if last is None:
            self.problem(key, f"'{key}' must be a month (2026-02) or a day (2026-02-28)")
            return node.value
        limit = last_day(self.reading.facts_checked_to) if self.reading.facts_checked_to else None
        if limit is not None and last > limit:
            reason = f"'{key}' is {node.value}, later than the facts were checked ({self.reading.facts_checked_to})"
            self.problem(key, reason)
        return short_date(last) if len(node.value) == 10 else node.value

    def moment(self, key: str) -> datetime.datetime | None:
        """A day and time with its offset (2026-03-01 08:00:00+00:00), in UTC; None where the key is absent."""
        node = self._scalar(key, False)
        if node is None:
            return None
        with contextlib.suppress(ValueError, OverflowError):
            moment = datetime.datetime.fromisoformat(node.value)
            if moment.tzinfo:
                return moment.astimezone(datetime.UTC)
        self.problem(key, f"'{key}' must be a day and time in UTC, such as 2026-03-01 08:00:00+00:00")
        return None

    # Inside

    def rows(self, key: str) -> Iterator["Fields"]:
        """The mappings of a required, non-empty list."""
        for item in self._branches(key):
            yield Fields(item, self.path, self.reading)

    def _branches(self, key: str) -> list[Branch]:
        node = self._get(key, True)
        if node is None:
            return []
        if not isinstance(node, Listing) or not node.items:
            self.problem(key, f"'{key}' must be a list with at least one entry")
            return []
        branches = []
        for item in node.items:
            if isinstance(item, Branch):
                branches.append(item)
            else:
                self.reading.problems.add(
                    self.path, item.line, f"an entry of '{key}' must hold keys and values"
                )
        return branches

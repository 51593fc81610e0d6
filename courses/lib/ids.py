"""Serials of printed documents: unguessable, short, safe to read aloud and to type.

The scheme is final: serials are on paper.

- Sixteen characters of Crockford's base 32 (`0-9 A-Z` without I, L, O, U): fifteen random ones, 75 bits,
  and one check character at the end. Printed in groups of four: `7K3M-Q0ZP-4TRX-9HCD`.
- Check: with each character read as an element of GF(2^5) (polynomial x^5 + x^2 + 1, primitive element
  a = 2), the sum of character_i * a^i over the sixteen positions is zero. Because the sixteen weights are
  all different and none is zero, every single wrong character, every swap of two characters (neighbours or
  not) and every doubled pair mistaken for another (11 for 44) is recognised; other errors pass once in 32.
  Crockford's own check symbol needs five signs (`* ~ $ = U`) that don't belong in a web address.
- Typed serials are forgiving: any case, O for 0, I or L for 1, Arabic digits, spaces and dashes anywhere.
"""

from __future__ import annotations

import secrets
import unicodedata
from typing import Final, Literal

from courses.lib.bidi import strip_controls

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 16
RANDOM_BITS: Final = 75

_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}
_LOOKALIKES: Final = {"O": "0", "I": "1", "L": "1"}
_GROUP: Final = 4
_POLYNOMIAL: Final = 0b100101

Reason = Literal["length", "character", "check"]


class SerialError(ValueError):
    """The text isn't a serial.

    `reason` is `length` (too few or too many characters), `character` (one that no serial has; it is in
    `character`) or `check` (well-formed, but mistyped: the check character doesn't fit).
    """

    def __init__(self, reason: Reason, character: str = "") -> None:
        super().__init__(f"not a serial: {reason}")
        self.reason: Reason = reason
        self.character = character


def new_serial() -> str:
    """A new serial in its canonical form: sixteen characters without dashes, from the system's randomness."""
    value = secrets.randbits(RANDOM_BITS)
    body = "".join(ALPHABET[value >> shift & 31] for shift in range(RANDOM_BITS - 5, -1, -5))
    return body + check_character(body)


def check_character(body: str) -> str:
    """The check character of the first fifteen characters of a serial.

    Raises SerialError when `body` isn't fifteen characters of the alphabet.
    """
    if len(body) != LENGTH - 1:
        raise SerialError("length")
    total = 0
    for character, weight in zip(body, _WEIGHTS, strict=False):
        if character not in _VALUES:
            raise SerialError("character", character)
        total ^= _multiply(_VALUES[character], weight)
    # The last weight is a^0 = 1, so the check character is the sum itself (minus is plus in GF(2^5)).
    return ALPHABET[total]


def normalise_serial(text: str) -> str:
    """The canonical form of a serial as somebody typed, pasted or read it.

    Raises SerialError with the reason: a wrong character before a wrong length before a wrong check.
    """
    typed = unicodedata.normalize("NFKC", strip_controls(text)).upper()
    characters: list[str] = []
    for character in typed:
        if character.isspace() or unicodedata.category(character) == "Pd" or character in "_−":
            continue
        if unicodedata.category(character) == "Nd":
            character = str(unicodedata.decimal(character))
        character = _LOOKALIKES.get(character, character)
        if character not in _VALUES:
            raise SerialError("character", character)
        characters.append(character)
    serial = "".join(characters)
    if len(serial) != LENGTH:
        raise SerialError("length")
    if check_character(serial[:-1]) != serial[-1]:
        raise SerialError("check")
    return serial


def display_serial(serial: str) -> str:
    """The printed form, in groups of four: `7K3M-Q0ZP-4TRX-9HCD`. Takes the canonical form."""
    return "-".join(serial[i : i + _GROUP] for i in range(0, len(serial), _GROUP))


def _multiply(left: int, right: int) -> int:
    """The product of two elements of GF(2^5)."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 32:
            left ^= _POLYNOMIAL
        right >>= 1
    return product


def _powers(count: int) -> list[int]:
    powers = [1]
    while len(powers) < count:
        powers.append(_multiply(powers[-1], 2))
    return powers


# a^15 for the first character down to a^0 for the check character.
_WEIGHTS: Final = tuple(reversed(_powers(LENGTH)))

"""Comparing what people type with what is accepted. Pure: no model, no setting.

What is the same to a reader is the same here, whatever the keyboard:

- Arabic: أ إ آ ٱ are ا; ؤ is و and ئ is ي (a bare ء stays); ى and ی are ي; ة is ه; ک is ك; vowel signs, shadda,
  the dagger alif and tatweel don't count; ، ؛ ؟ are the Latin signs.
- Latin: capital letters and accents don't count; œ is oe, æ is ae, ß is ss.
- Both: digits of every script; apostrophes, quotation marks and dashes of every form; presentation forms and
  ligatures; marks that can't be seen; any white space is one space; white space around the text and punctuation
  at its end don't count.

In what is accepted, `*` stands for any text, also none; `\\*` is a star.
"""

import re
import unicodedata

_APOSTROPHES = "’‘‛ʼʹ′´`"
_QUOTES = "«»“”„‟″"
_DASHES = "‐‑‒–—―−"
_BEFORE = str.maketrans(
    {
        **dict.fromkeys(_APOSTROPHES, "'"),
        **dict.fromkeys(_QUOTES, '"'),
        **dict.fromkeys(_DASHES, "-"),
    }
)
# What no decomposition takes apart.
_AFTER = str.maketrans(
    {
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ة": "ه",
        "ـ": "",
        "،": ",",
        "؛": ";",
        "؟": "?",
        "œ": "oe",
        "æ": "ae",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ı": "i",
    }
)
_INVISIBLE = {"Mn", "Me", "Cf", "Cc", "Cs", "Cn", "Co"}
_END = " .,;:!?"
_WILDCARD = re.compile(r"(?<!\\)\*")


def visible(text: str) -> str:
    """The text on one line without signs that can't be seen or stored: direction marks, controls, lone surrogates."""
    shown = "".join(
        char for char in text if char.isspace() or unicodedata.category(char) not in _INVISIBLE - {"Mn", "Me"}
    )
    return " ".join(shown.split())


def normalised(text: str) -> str:
    """The one form of everything that counts as the same text; empty where nothing counts."""
    return _folded(text).strip().rstrip(_END)


def matches(accepted: str, text: str) -> bool:
    """Whether a text is what `accepted` stands for. Takes time in proportion to the length of both."""
    first, *others = [_folded(piece.replace("\\*", "*")) for piece in _WILDCARD.split(accepted)]
    if not others:
        return first.strip().rstrip(_END) == normalised(text)
    *middle, last = others
    # The end of a text is looked at as it was typed, too: punctuation may stand before a wildcard.
    typed = _folded(text).strip()
    return any(
        _stands(first.lstrip(), middle, last.rstrip(_END), candidate)
        for candidate in {typed, typed.rstrip(_END)}
    )


def accepts_anything(accepted: str) -> bool:
    """Whether nothing but wildcards is in it."""
    pieces = _WILDCARD.split(accepted)
    return len(pieces) > 1 and not any(normalised(piece.replace("\\*", "*")) for piece in pieces)


def _stands(first: str, middle: list[str], last: str, text: str) -> bool:
    """Each piece is looked for once, behind the one before it: the leftmost place leaves most to the others."""
    at, end = len(first), len(text) - len(last)
    if at > end or not text.startswith(first) or not text.endswith(last):
        return False
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _folded(text: str) -> str:
    """Letters, digits and signs in their one form, single spaces; space around the text is left."""
    plain = unicodedata.normalize("NFKD", text.translate(_BEFORE)).casefold()
    plain = unicodedata.normalize("NFKD", plain)
    return re.sub(r"\s+", " ", "".join(map(_letter, plain)).translate(_AFTER))


def _letter(char: str) -> str:
    if char.isspace():
        return " "
    category = unicodedata.category(char)
    if category in _INVISIBLE:
        return ""
    return str(unicodedata.digit(char)) if category == "Nd" else char

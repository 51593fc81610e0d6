"""The signs of GIFT: escapes, weights, categories, tags; for reading and writing."""

import re
from collections.abc import Mapping
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.entries import WHITE, TextFormat
from courses.quizzes.interfaces.exchange.numbers import parse_percent
from courses.quizzes.interfaces.exchange.report import Unusable

CATEGORY = "$CATEGORY:"
FORMATS: Mapping[str, TextFormat] = {
    "moodle": TextFormat.AUTO,
    "html": TextFormat.HTML,
    "plain": TextFormat.PLAIN,
    "markdown": TextFormat.MARKDOWN,
}
_ESCAPED = re.compile(r"\\([~=#{}:n\\])")
_SPECIAL = re.compile(r"[~=#{}:\\]")
_WEIGHT = re.compile(r"%([^%\n]{0,30})%")
# `//` inside the name of a category is one slash of that name.
_SEPARATOR = re.compile(r"(?<!/)/(?!/)")
_CONTEXT = re.compile(r"\$[a-z0-9]{1,20}\$")


def find(text: str, wanted: str, start: int = 0) -> int:
    """Where `wanted` stands first without a backslash before it; -1 if nowhere."""
    for found in re.compile(rf"\\.|{re.escape(wanted)}", re.DOTALL).finditer(text, start):
        if found[0] == wanted:
            return found.start()
    return -1


def find_last(text: str, wanted: str) -> int:
    """Where `wanted` stands last without a backslash before it; -1 if nowhere."""
    places = re.compile(rf"\\.|{re.escape(wanted)}", re.DOTALL).finditer(text)
    return max((found.start() for found in places if found[0] == wanted), default=-1)


def split(text: str, signs: str, *, limit: int = 0, keep: bool = False) -> list[str]:
    """The parts of a text between unescaped signs; with `keep`, each sign begins its part."""
    parts, begin = [], 0
    for found in re.compile(rf"\\.|[{re.escape(signs)}]", re.DOTALL).finditer(text):
        if found[0].startswith("\\"):
            continue
        parts.append(text[begin : found.start()])
        begin = found.start() if keep else found.end()
        if len(parts) == limit:
            break
    return [*parts, text[begin:]]


def unescape(text: str) -> str:
    """What a source means. A backslash before any other letter is itself."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], text)


def escape(text: str) -> str:
    return _SPECIAL.sub(lambda found: "\\" + found[0], text).replace("\n", "\\n")


def take_weight(source: str) -> tuple[Fraction | None, str]:
    """The weight that an answer begins with (`%50%`), if any, and the rest."""
    found = _WEIGHT.match(source)
    if found is None:
        return None, source
    weight = parse_percent(found[1])
    if weight is None:
        if any(char.isalpha() for char in found[1]) or not found[1].strip():
            return None, source
        raise Unusable(_("'%(text)s' is no weight from -100 to 100 percent."), text=found[0])
    return weight, source[found.end() :]


def categories(source: str) -> tuple[str, ...]:
    """The path of a category, without Moodle's names of where it hangs (`$course$/top`)."""
    names = [name.strip(WHITE).replace("//", "/") for name in _SEPARATOR.split(source)]
    if names and _CONTEXT.fullmatch(names[0]):
        names = names[1:]
    if names and names[0] == "top":
        names = names[1:]
    return tuple(name for name in names if name)


def category_path(names: tuple[str, ...]) -> str:
    """The reverse of `categories`."""
    return "/".join(["$course$", "top", *(name.replace("/", "//") for name in names)])


def unescape_tag(source: str) -> str:
    return re.sub(r"\\([\[\]\\])", r"\1", source)


def escape_tag(text: str) -> str:
    return re.sub(r"([\[\]\\])", r"\\\1", text)

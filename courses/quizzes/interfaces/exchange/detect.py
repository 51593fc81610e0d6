"""Which format a file has, by what stands in it."""

import re
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.decode import check_size, decode
from courses.quizzes.interfaces.exchange.report import ExchangeError, Remark


class Format(StrEnum):
    """YAML is the form of our own course packages; `courses.quizzes.interfaces.exchange_yaml` reads and writes it."""

    GIFT = "gift"
    MOODLE_XML = "moodlexml"
    AIKEN = "aiken"
    QTI = "qti"
    YAML = "yaml"


ZIP = b"PK\x03\x04"
_ROOTS = {
    "quiz": Format.MOODLE_XML,
    "questestinterop": Format.QTI,
    "assessmentItem": Format.QTI,
    "assessmentTest": Format.QTI,
    "manifest": Format.QTI,
}
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,60}:)?([A-Za-z_][\w.-]{0,60})")
_HEAD = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
# A web page has braces in its styles.
_PAGE = re.compile(r"\s*<(?:\?xml|!doctype|html|svg)\b", re.IGNORECASE)
_AIKEN_ANSWER = re.compile(r"^[ \t]*ANSWER:[ \t]*[A-Z][ \t]*$", re.MULTILINE)
_AIKEN_CHOICE = re.compile(r"^[ \t]*[A-Z][.)][ \t]", re.MULTILINE)
_YAML = re.compile(r"^questions:[ \t]*$", re.MULTILINE)
_YAML_QUESTION = re.compile(r"^[ \t]*(?:- )?(?:stem|type):", re.MULTILINE)
_GIFT = re.compile(r"^[ \t]*(?:::|\$CATEGORY:)|\{", re.MULTILINE)


def detect(data: bytes) -> Format:
    """The format of a file. Raises ExchangeError for one that is none of ours, or no text."""
    check_size(data)
    if data.startswith(ZIP):
        return Format.QTI
    text = decode(data)
    if text.lstrip().startswith("<"):
        return _by_root(text)
    if _AIKEN_ANSWER.search(text) and _AIKEN_CHOICE.search(text):
        return Format.AIKEN
    if _YAML.search(text) and _YAML_QUESTION.search(text):
        return Format.YAML
    # Text of a word processor has braces, too.
    if _GIFT.search(text) and not text.startswith("{\\rtf"):
        return Format.GIFT
    raise ExchangeError(
        Remark(
            _("This is none of the formats that can be read: GIFT, Moodle XML, Aiken, QTI or YAML."), line=1
        )
    )


def _by_root(text: str) -> Format:
    position = 0
    while head := _HEAD.match(text, position):
        position = head.end()
    root = _ROOT.match(text, position)
    name = root[1] if root else text[position : position + 20]
    if name not in _ROOTS and not _PAGE.match(text) and _GIFT.search(text):
        # A question in GIFT may begin with a mark of its text: `<b>Who?</b> {…}`.
        return Format.GIFT
    if name not in _ROOTS:
        raise ExchangeError(
            Remark(
                _("An XML file that begins with '%(name)s' holds no questions that can be read here."),
                {"name": name},
                text.count("\n", 0, position) + 1,
            )
        )
    return _ROOTS[name]

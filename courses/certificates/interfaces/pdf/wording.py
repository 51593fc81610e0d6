"""The words around the printed fields, per language of the certificate.

They aren't gettext messages: a certificate's language isn't the reader's, and what was decided to be printed
mustn't change with a catalogue. Nor does it change with these texts: each certificate's design holds the words of the
day on which it was asked for (`complete`).

No wording says that somebody 'is compliant', names an academic title, or takes the holder for a man or a
woman: French and English use forms that have no gender, Arabic uses verbal nouns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from courses.lib.bidi import Direction

NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language.

    `locale` is Babel's, for dates. Read in the order of the sheet: title, intro, (holder), (association),
    statement, (course), passed; then labels and texts of facts; then the foot.

    Each text may hold placeholders: the keys of registered certificate variables (`{course_code}`,
    `{completed_on}`, `{programme}`, those of plugins), and the sheet's own words, `{issued_on}`, `{valid_until}`,
    `{duration}`, `{law_month}` and `{score}` (SHEET_WORDS).

    Frozen designs name these fields: one may be added, and none renamed or removed.
    """

    language: str
    locale: str
    direction: Direction
    title: str
    intro: str
    statement: str
    passed: str
    completed_label: str
    completed: str
    valid_label: str
    valid: str
    duration_label: str
    duration: str
    score_label: str
    score: str
    law_label: str
    law: str
    provisions_label: str
    themes_label: str
    issued: str
    signature: str
    verify: str
    reference: str
    disclaimer: str


ARABIC: Final = Wording(
    language="ar",
    locale="ar_TN",
    direction="rtl",
    title="شهادة متابعة تكوين",
    intro="تُثبت هذه الشهادة متابعة",
    statement="للدورة التكوينية",
    passed="واجتياز اختبارها بنجاح",
    completed_label="تاريخ الإتمام",
    completed="{completed_on}",
    valid_label="صالحة إلى غاية",
    valid="{valid_until}",
    duration_label="المدّة المقدّرة",
    duration="{duration}",
    score_label="نتيجة الاختبار",
    score="{score}%",
    law_label="تمّ التثبّت من النصوص إلى غاية",
    law="{law_month}",
    provisions_label="الأحكام القانونية المشمولة:",
    themes_label="المحاور:",
    issued="سُلّمت بتاريخ {issued_on}",
    signature="الإمضاء",
    verify="للتثبّت من هذه الشهادة",
    reference="الدورة {course_code}",
    disclaimer="تكوين وليس استشارة قانونية؛ ولا تُثبت هذه الشهادة أنّ شخصًا أو جمعية في وضع مطابق للقانون.",
)

FRENCH: Final = Wording(
    language="fr",
    locale="fr",
    direction="ltr",
    title="Attestation de suivi de formation",
    intro="La présente attestation certifie que",
    statement="a suivi la formation",
    passed="et réussi le test",
    completed_label="Terminée le",
    completed="{completed_on}",
    valid_label="Valable jusqu’au",
    valid="{valid_until}",
    duration_label="Durée estimée",
    duration="{duration}",
    score_label="Résultat du test",
    score=f"{{score}}{NBSP}%",
    law_label="Droit vérifié jusqu’en",
    law="{law_month}",
    provisions_label=f"Dispositions couvertes{NBSP}:",
    themes_label=f"thèmes{NBSP}:",
    issued="Délivrée le {issued_on}",
    signature="Signature",
    verify="Vérifier cette attestation",
    reference=f"Formation{NBSP}{{course_code}}",
    disclaimer=(
        f"Formation, et non conseil juridique{NBSP}; cette attestation ne constate la conformité au droit "
        "ni d’une personne ni d’une association."
    ),
)

ENGLISH: Final = Wording(
    language="en",
    locale="en_GB",
    direction="ltr",
    title="Certificate of training completion",
    intro="This is to certify that",
    statement="has followed the course",
    passed="and passed its test",
    completed_label="Completed on",
    completed="{completed_on}",
    valid_label="Valid until",
    valid="{valid_until}",
    duration_label="Estimated duration",
    duration="{duration}",
    score_label="Test result",
    score="{score}%",
    law_label="Law checked up to",
    law="{law_month}",
    provisions_label="Provisions covered:",
    themes_label="themes:",
    issued="Issued on {issued_on}",
    signature="Signature",
    verify="Check this certificate",
    reference="Course {course_code}",
    disclaimer=(
        "Training, not legal advice; this certificate is not a statement that a person or an association "
        "complies with the law."
    ),
)

SHEET_WORDS: Final = frozenset({"issued_on", "valid_until", "duration", "law_month", "score"})
# What a design may word differently.
TEXT_FIELDS: Final = tuple(
    item.name for item in fields(Wording) if item.name not in ("language", "locale", "direction")
)
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled. Raises KeyError for one that has no value (an empty one is a value)."""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


def overridden(wording: Wording, texts: Mapping[str, str]) -> Wording:
    """The wording with a design's own texts, by field; an empty text prints nothing.

    Raises ValueError for a field that isn't one of TEXT_FIELDS.
    """
    if unknown := sorted(set(texts) - set(TEXT_FIELDS)):
        raise ValueError(f"no wording has {', '.join(unknown)}")
    own: dict[str, Any] = dict(texts)
    return replace(wording, **own)


def complete(own: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Every text of every language, a design's own in the place of the shipped ones: what is frozen, so that a
    certificate keeps its words when those that are shipped change.
    """
    return {
        language: {field: own.get(language, {}).get(field, getattr(wording, field)) for field in TEXT_FIELDS}
        for language, wording in WORDINGS.items()
    }


def placeholders_in(text: str) -> frozenset[str]:
    """The names of the placeholders in a text."""
    return frozenset(_PLACEHOLDER.findall(text))


def placeholders(wording: Wording) -> frozenset[str]:
    """The names of every placeholder in a wording."""
    return frozenset(
        name for item in fields(wording) for name in _PLACEHOLDER.findall(str(getattr(wording, item.name)))
    )


WORDINGS: Final = {wording.language: wording for wording in (ARABIC, FRENCH, ENGLISH)}

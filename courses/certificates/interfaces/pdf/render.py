"""A certificate as a PDF: one page, one language or two, in the look and the paper of a design."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import lru_cache
from types import ModuleType
from typing import Any, Final

from reportlab.lib.colors import HexColor

from courses.lib.dates import format_date, format_duration, format_month
from courses.lib.ids import display_serial

from .content import CertificateContent
from .layout import Placed
from .looks import plain, stars
from .page import Job, Palette, size_of
from .sheet import Sheet
from .spec import DesignSpec, Look, Picture
from .specimen import draw_mark
from .wording import WORDINGS, Wording, fill, overridden

# Of the signed file that is stored.
MAX_BYTES: Final = 150_000
# A seal with its certificates and a time stamp takes the rest.
_MAX_UNSIGNED: Final = 126_000

# A look is a module: `page(spec)` gives the measures, `compose(job)` draws the ornaments and returns the text.
LOOKS: Final[Mapping[Look, ModuleType]] = {Look.STARS: stars, Look.PLAIN: plain}


class SheetTooHeavyError(ValueError):
    """The pictures of a design make the file larger than a certificate may be."""


# A name is the hash of the bytes: what was read once is what would be read again.
@lru_cache(maxsize=32)
def stored_picture(picture: Picture) -> bytes:
    """The bytes of a picture from the private storage. Raises what the storage raises."""
    from courses.certificates.interfaces import files

    return files.read(picture.name)


def render_certificate(
    content: CertificateContent,
    *,
    spec: DesignSpec | None = None,
    wordings: Mapping[str, Wording] = WORDINGS,
    pictures: Callable[[Picture], bytes] = stored_picture,
    qr_text: str = "",
    specimen: bool = False,
) -> bytes:
    """The PDF of a certificate. The same content, design, wordings, pictures and QR text give the same bytes. The QR
    code says `qr_text`, or where that is empty the printed address. A specimen says across the sheet that it is one.

    Without a design it has the look of those that were made before there were any. Raises KeyError for a language
    without wording and for a placeholder without a value, ValueError for a text that no wording has or a language
    that the content lacks, ContentDoesNotFitError when a text is too long for the sheet even at the smallest size,
    and SheetTooHeavyError for pictures that are too large.
    """
    job = job_of(content, spec or DesignSpec(), wordings=wordings, pictures=pictures, qr_text=qr_text)
    sheet = job.sheet
    _describe(job)
    for placed in compose(job):
        style = placed.style
        sheet.setFillColor(HexColor(style.colour))
        sheet.draw_line(placed.line, placed.x, placed.y, placed.size, style.language, style.direction)
    if specimen:
        draw_mark(job)
    pdf = sheet.finish()
    if len(pdf) > _MAX_UNSIGNED:
        raise SheetTooHeavyError(f"{len(pdf)} bytes are too many for a certificate")
    return pdf


def job_of(
    content: CertificateContent,
    spec: DesignSpec,
    *,
    wordings: Mapping[str, Wording] = WORDINGS,
    pictures: Callable[[Picture], bytes] = stored_picture,
    qr_text: str = "",
) -> Job:
    """An empty sheet with what is to be printed on it, the words filled."""
    if spec.languages:
        content = replace(content, languages=spec.languages)
    words = tuple(_worded(content, wordings[language], spec) for language in content.languages)
    return Job(
        sheet=Sheet(size_of(spec), day=content.issued_on, lang=words[0].language),
        content=content,
        words=words,
        spec=spec,
        palette=Palette.of(spec),
        page=LOOKS[spec.look].page(spec),
        pictures=pictures,
        qr_text=qr_text or content.verify_url,
    )


def compose(job: Job) -> list[Placed]:
    """Draw the ground and the ornaments of the sheet, and return its lines of text at their places."""
    _draw_ground(job)
    lines: list[Placed] = LOOKS[job.spec.look].compose(job)
    return lines


def values_of(content: CertificateContent, wording: Wording) -> dict[str, str]:
    """What the placeholders of a wording stand for: the frozen variables, and the sheet's own words, which no
    variable replaces. Course and day come from the content for certificates that froze no variables.
    """
    minutes, law, score = content.estimated_minutes, content.law_checked_to, content.score_percent
    until = content.valid_until
    return {
        "course_code": content.course_code,
        "completed_on": format_date(content.completed_on, wording.locale),
        "programme": "",
        **content.variables.get(wording.language, {}),
        "issued_on": format_date(content.issued_on, wording.locale),
        "valid_until": "" if until is None else format_date(until, wording.locale),
        "duration": "" if minutes is None else format_duration(minutes, wording.locale),
        "law_month": "" if law is None else format_month(law, wording.locale),
        "score": "" if score is None else str(score),
    }


def _worded(content: CertificateContent, wording: Wording, spec: DesignSpec) -> Wording:
    """The wording with the design's own texts and every placeholder filled."""
    own = overridden(wording, spec.wordings.get(wording.language, {}))
    values = values_of(content, own)
    filled: dict[str, Any] = {item.name: fill(getattr(own, item.name), values) for item in fields(own)}
    return replace(own, **filled)


def _describe(job: Job) -> None:
    """The file's metadata. Indexes and previews show it: it says what the document is, not whose."""
    sheet, content, main = job.sheet, job.content, job.words[0]
    sheet.setTitle(f"{main.title} · {content.course_title[main.language]}")
    sheet.setAuthor(content.issuer[main.language])
    sheet.setSubject(" · ".join([*(wording.title for wording in job.words[1:]), content.course_code]))
    sheet.setKeywords(display_serial(content.serial))
    sheet.setCreator(content.issuer[main.language])
    sheet.setViewerPreference("DisplayDocTitle", "true")
    if main.direction == "rtl":
        sheet.setViewerPreference("Direction", "/R2L")


def _draw_ground(job: Job) -> None:
    """The paper's colour, and over it the background picture: the whole sheet, the picture's middle."""
    sheet, page, background = job.sheet, job.page, job.spec.background
    sheet.setFillColor(HexColor(job.palette.paper))
    sheet.rect(0, 0, page.width, page.height, fill=1, stroke=0)
    if background is None:
        return
    scale = max(page.width / background.width, page.height / background.height)
    width, height = background.width * scale, background.height * scale
    sheet.draw_picture(
        job.pictures(background), (page.width - width) / 2, (page.height - height) / 2, width, height
    )

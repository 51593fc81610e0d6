"""Certificates to try the renderer with, and the tools that read them back."""

from __future__ import annotations

import datetime
import itertools
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

from courses.certificates.interfaces.pdf.content import CertificateContent
from courses.certificates.interfaces.pdf.layout import Placed
from courses.certificates.interfaces.pdf.page import Box
from courses.certificates.interfaces.pdf.render import compose, job_of
from courses.certificates.interfaces.pdf.spec import DesignSpec
from courses.lib.bidi import CONTROLS

from .pictures import load

VERIFY_URL = "https://formation.example.org/ar/verify/7K3MQ0ZP4TRX9HC5/"

VALUES: dict[str, Any] = {
    "languages": ("ar", "fr"),
    "course_title": {
        "ar": "الالتزامات القانونية للجمعيات",
        "fr": "Obligations légales des associations",
        "en": "Legal obligations of associations",
    },
    "course_code": "JUR",
    "issuer": {
        "ar": "شبكة دعم الجمعيات",
        "fr": "Réseau d’appui aux associations",
        "en": "Associations support network",
    },
    "completed_on": datetime.date(2026, 2, 12),
    "issued_on": datetime.date(2026, 2, 13),
    "serial": "7K3MQ0ZP4TRX9HC5",
    "verify_url": VERIFY_URL,
    "holder_latin": "Amel Ben Salah",
    "holder_arabic": "آمال بن صالح",
    "association_latin": "Association Espoir de Kasserine",
    "association_arabic": "جمعية الأمل بالقصرين",
    "law_checked_to": datetime.date(2026, 2, 28),
    "estimated_minutes": 210,
    "score_percent": 86,
    "themes": {
        "ar": ("الإطار والتأسيس", "التسيير والسجلات", "الموارد والحسابات", "المعطيات", "العلاقة مع الإدارة"),
        "fr": ("Cadre et constitution", "Gouvernance et registres", "Ressources et comptes", "Données"),
        "en": ("Framework and founding", "Governance and registers", "Resources and accounts", "Data"),
    },
}


def content(**changes: Any) -> CertificateContent:
    """A certificate in Arabic and French, changed as asked."""
    return CertificateContent(**{**VALUES, **changes})


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def extracted(pdf: bytes, folder: Path) -> str:
    """What pdftotext reads, without direction controls, NFKC, every space one blank."""
    file = folder / "read.pdf"
    file.write_bytes(pdf)
    return normalised(run("pdftotext", "-layout", str(file), "-"))


def normalised(text: str) -> str:
    text = "".join(c for c in text if c not in CONTROLS)
    return " ".join(unicodedata.normalize("NFKC", text).split())


def composed(case: CertificateContent, spec: DesignSpec) -> tuple[list[Placed], list[Box], Box]:
    """The lines of a sheet, the places of code and pictures, and the inside of the frame."""
    job = job_of(case, spec, pictures=load)
    page = job.page
    lines = compose(job)
    return lines, job.areas, (page.inset, page.inset, page.width - page.inset, page.height - page.inset)


def words_of(lines: list[Placed]) -> str:
    """What stands on the lines, in the order in which it is drawn, for words in Latin letters."""
    return "\n".join("".join(cluster.text for cluster in one.line.clusters) for one in lines)


def assert_tidy(case: CertificateContent, spec: DesignSpec) -> None:
    """No line touches another one, the code, a logo or a signature, and all lie inside the frame."""
    lines, areas, inside = composed(case, spec)
    boxes = [line.box for line in lines if line.line.clusters] + areas
    for box in boxes:
        assert box[0] > inside[0], box
        assert box[1] > inside[1], box
        assert box[2] < inside[2], box
        assert box[3] < inside[3], box
    for one, other in itertools.combinations(boxes, 2):
        across = min(one[2], other[2]) - max(one[0], other[0])
        upward = min(one[3], other[3]) - max(one[1], other[1])
        assert across <= 0.2 or upward <= 0.2, (one, other)

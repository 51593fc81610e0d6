"""Certificates to try the renderer with, and the tools that read them back."""

from __future__ import annotations

import datetime
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

from courses.certificates.interfaces.pdf.content import CertificateContent
from courses.lib.bidi import CONTROLS

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

HARD_NAMES = [
    "محمد الصالح بن علي",
    "مُحَمَّدُ بْنُ عَلِيٍّ",
    "عبد الرّحمان ٱلْقَيْرَوَانِيّ",
    "لآلئ الإسلام بن لأمين",
    "أسماء آل إبراهيم رؤى شاطئ",
    "كـــتاب بن هـــاني",
    "عبد الله ﷲ الله",
    "جمعية الأمل (فرع القصرين)",
    "دورة «Obligations légales» للجمعيات (JUR-1)",
    "يوم 12 فيفري 2026، على الساعة 10:42",
    "پرويز گيلاني چلبي",
    "ب",
    "مُحَمَّد الصَّالِح عبد القادر بن عبد الرحمان بن عبد العزيز القيرواني المعروف بالأكبر",
    "Élodie Noël-Saïdani d’Été",
    "Mohamed-Salah Abdelkader Ben Abderrahmane El Kairouanais dit « l’Aîné » de Sfax",
    "Œuvre O'Brien-Dvořák Ġorġ Nguyễn",
    "J",
    "AVATAR fi ffi Wafa Tahar",
]


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

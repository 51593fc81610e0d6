"""A certificate as its holder reads it on the site: the printed fields in the language of the screen."""

from dataclasses import dataclass
from datetime import date

from courses.certificates.domain.verification import Verification, verification_of
from courses.certificates.models import Certificate


@dataclass(frozen=True)
class SheetText:
    """The printed fields. `names` and `associations` are in the scripts there are, the screen's first;
    `public` is what verification tells anybody.
    """

    public: Verification
    names: tuple[str, ...]
    associations: tuple[str, ...]
    modules: tuple[str, ...]
    minutes: int | None
    verify_url: str


def sheet_text(certificate: Certificate, language: str, today: date) -> SheetText:
    """The printed fields of a certificate in any state, from its snapshot alone."""
    content = certificate.snapshot["content"]
    scripts = ("arabic", "latin") if language == "ar" else ("latin", "arabic")
    themes = content["themes"]
    return SheetText(
        public=verification_of(certificate, language, today),
        names=tuple(filter(None, (content[f"holder_{script}"] for script in scripts))),
        associations=tuple(filter(None, (content[f"association_{script}"] for script in scripts))),
        modules=tuple(themes.get(language) or next(iter(themes.values()), ())),
        minutes=content["estimated_minutes"],
        verify_url=content["verify_url"],
    )

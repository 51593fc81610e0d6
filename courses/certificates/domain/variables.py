"""The values that the wording of certificates may use: the built-in ones, and whatever plugins register."""

from collections.abc import Callable, Iterable, Mapping

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from courses.lib.dates import format_date
from courses.plugin_api.registries import CertificateVariable, certificate_variables
from courses.progress.api import Enrolment, programme_names

# Kept when the holder is erased. What a plugin's value says of the person, nobody here knows: it goes.
KEPT_AT_ERASURE = frozenset({"course_code", "completed_on", "programme"})
# The percentage of the test's best result, from whichever plugin knows one; empty where none does or the course's
# rule doesn't print it.
SCORE = "best_result"
# What a correction of the name leaves as it was printed.
OF_THE_COURSE = KEPT_AT_ERASURE | {SCORE}


def values_for(
    enrolment_id: int, languages: Iterable[str], known: Mapping[str, Callable[[str], str]] | None = None
) -> dict[str, dict[str, str]]:
    """The value of every registered variable for one enrolment: by language, then by key; empty where there is none.
    `known`: those that the caller has at hand, by key, for a language; they aren't asked for.

    Whatever a plugin raises is passed on: a certificate that lacks a value isn't made, and is asked for again.
    """
    at_hand = known or {}
    return {
        language: {
            variable.key: (
                at_hand[variable.key](language)
                if variable.key in at_hand
                else str(variable.evaluate([enrolment_id], language).get(enrolment_id, ""))
            )
            for variable in certificate_variables
        }
        for language in languages
    }


def score_in(values: Mapping[str, Mapping[str, str]]) -> int | None:
    """The whole percentage that a plugin knows of the test, from frozen values; None where none does."""
    text = next((own[SCORE] for own in values.values() if own.get(SCORE)), "")
    return int(text) if text.isdecimal() and int(text) <= 100 else None


def without_personal(values: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """The frozen values of an erased holder: what plugins added is emptied."""
    return {
        language: {key: text if key in KEPT_AT_ERASURE else "" for key, text in own.items()}
        for language, own in values.items()
    }


def _course_codes(enrolment_ids: Iterable[int], language: str) -> dict[int, str]:
    return dict(Enrolment.objects.filter(pk__in=list(enrolment_ids)).values_list("pk", "course_code"))


def _completion_days(enrolment_ids: Iterable[int], language: str) -> dict[int, str]:
    found = Enrolment.objects.filter(pk__in=list(enrolment_ids), progress__completed_at__isnull=False)
    zone = timezone.get_default_timezone()
    return {
        pk: format_date(timezone.localtime(at, zone).date(), language)
        for pk, at in found.values_list("pk", "progress__completed_at")
    }


def _programmes(enrolment_ids: Iterable[int], language: str) -> dict[int, str]:
    codes = dict(
        Enrolment.objects.filter(pk__in=list(enrolment_ids))
        .exclude(programme="")
        .values_list("pk", "programme")
    )
    with translation.override(language):
        names = programme_names(set(codes.values())) if codes else {}
    return {pk: names.get(code, code) for pk, code in codes.items()}


BUILT_IN = (
    CertificateVariable("course_code", _("code of the course"), "JUR", _course_codes),
    CertificateVariable(
        "completed_on", _("day on which the course was completed"), "12/02/2026", _completion_days
    ),
    CertificateVariable("programme", _("programme"), "UE-2026", _programmes),
)

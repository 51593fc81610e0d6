"""Whether a certificate may be issued, and what is missing where it may not."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.accounts.api import User, unconfirmed_address
from courses.certificates.enums import Blocker
from courses.certificates.models import Certificate
from courses.lib.bidi import clean, is_rtl
from courses.progress.api import Enrolment, with_completion


@dataclass(frozen=True)
class PrintedNames:
    """The holder's name in each script; empty where the person gave none."""

    latin: str
    arabic: str

    @property
    def both(self) -> str:
        return f"{self.latin} {self.arabic}".strip()


def names_of(user: User) -> PrintedNames:
    """The names to print: those given for certificates, or else the name shown on the site, in its script."""
    latin, arabic = clean(user.certificate_name_latin), clean(user.certificate_name_arabic)
    if latin or arabic:
        return PrintedNames(latin, arabic)
    shown = clean(user.display_name)
    return PrintedNames("", shown) if is_rtl(shown) else PrintedNames(shown, "")


def unprintable(text: str) -> str:
    """The characters that the certificate's fonts lack, sorted; empty where all can be printed."""
    from courses.certificates.interfaces.pdf.shaping import unsupported_characters

    return "".join(sorted(unsupported_characters(text)))


def address_confirmed(user: User) -> bool:
    """Whether we know that the account is the holder's: a confirmed address, or a member code given out by a
    coordinator to somebody without one. One query at most.
    """
    if not user.email:
        return bool(user.member_code)
    return not unconfirmed_address(user)


def blockers_of(user: User) -> list[Blocker]:
    """What keeps this person from holding certificates; empty where nothing does. One query at most."""
    if user.erased_at is not None:
        return [Blocker.HOLDER_ERASED]
    found = [] if address_confirmed(user) else [Blocker.ADDRESS_UNCONFIRMED]
    names = names_of(user)
    if not names.both:
        found.append(Blocker.NAME_MISSING)
    elif unprintable(names.both):
        found.append(Blocker.NAME_CHARACTERS)
    elif user.certificate_name_confirmed_at is None:
        found.append(Blocker.NAME_UNCONFIRMED)
    return found


def without_certificate(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Only the enrolments that are complete and have no certificate, not even one being made."""
    return with_completion(enrolments).filter(~Exists(Certificate.objects.filter(enrolment=OuterRef("pk"))))


def awaiting(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Of those, the ones whose holder the database knows to be confirmed and named, by a name they confirmed.

    Whether the name can be printed is only known by `blockers_of`.
    """
    verified = EmailAddress.objects.filter(
        user_id=OuterRef("user_id"), verified=True, email__iexact=OuterRef("user__email")
    )
    without_address = Q(user__email__isnull=True) | Q(user__email="")
    with_code = Q(user__member_code__isnull=False) & ~Q(user__member_code="")
    nameless = Q(user__certificate_name_latin="", user__certificate_name_arabic="", user__display_name="")
    return (
        without_certificate(enrolments)
        .filter(user__erased_at__isnull=True, user__certificate_name_confirmed_at__isnull=False)
        .filter((without_address & with_code) | (~without_address & Exists(verified)))
        .exclude(nameless)
    )

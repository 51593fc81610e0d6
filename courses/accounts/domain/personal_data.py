"""What each app holds of a person: for 'my data' and for closing an account."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from courses.accounts.models import Membership, User
from courses.lib.registry import Registry


@dataclass(frozen=True)
class PersonalDataSource:
    """One app's part in a person's data.

    export: what is held, as JSON-ready values (lists and dicts of text, numbers, ISO times), in the active
    language. erase: removes or pseudonymises it inside the caller's transaction; `at` is the time of erasure.
    labels: words for the keys that `export` uses, for the readable page; a key without one is shown as it is.
    file_only: keys that only the file shows, such as identifiers beside a title. words: by key, what the readable
    page says instead of a value: called with a value or None, with each member of a plain list, with a whole mapping.
    """

    key: str
    label: Any
    export: Callable[[User], Any]
    erase: Callable[[User, datetime], None]
    labels: Mapping[str, Any] = field(default_factory=dict)
    file_only: frozenset[str] = frozenset()
    words: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)


personal_data_sources: Registry[PersonalDataSource] = Registry("personal data")

LABELS: Mapping[str, Any] = {
    "public_id": _("public identifier"),
    "display_name": _("name shown on the site"),
    "certificate_name_latin": _("name on certificates, in Latin letters"),
    "certificate_name_arabic": _("name on certificates, in Arabic letters"),
    "certificate_name_confirmed_at": _("name on certificates confirmed"),
    "member_code": _("member code"),
    "email": _("e-mail address"),
    "email_addresses": _("e-mail addresses"),
    "confirmed": _("confirmed"),
    "language": _("language"),
    "time_zone": _("time zone"),
    "region": _("region"),
    "association_answer": _("answer about the association"),
    "adult_declared_at": _("declared to be 18 or more"),
    "date_joined": _("account created"),
    "last_login": _("last sign-in"),
    "memberships": _("memberships"),
    "association": _("association"),
    "function": _("function"),
    "status": _("status"),
    "since": _("since"),
    "until": _("until"),
    "decided_at": _("decided"),
    "associations_proposed": _("associations proposed"),
    "consents": _("consents"),
    "kind": _("kind"),
    "text": _("text"),
    "given_at": _("given"),
    "withdrawn_at": _("withdrawn"),
    "roles": _("roles"),
    "role": _("role"),
    "may_export_names": _("may export lists with names"),
    "granted_at": _("granted"),
    "second_factor": _("two-step sign-in"),
    "open_sessions": _("open sessions"),
    "created_at": _("created"),
    "ends_at": _("ends"),
    # Words that several apps use.
    "course": _("course"),
    "cycle": _("cycle"),
    "programme": _("programme"),
    "percent": _("percentage"),
    "enrolled_at": _("enrolled"),
    "completed_at": _("completed"),
    "completions": _("completed activities"),
    "lessons_opened": _("lessons opened"),
    "activity": _("activity"),
    "at": _("time"),
}


def language_name(code: str | None) -> str | None:
    """`fr` as `français`, in the active language; a code that nobody knows as it is."""
    try:
        return str(get_language_info(code)["name_translated"]) if code else None
    except KeyError:
        return code


def percentage(value: int | None) -> str | None:
    """`50 %`, as the active language writes it."""
    return None if value is None else gettext("%(rate)s %%") % {"rate": value}


# What every source may count on.
WORDS: Mapping[str, Callable[[Any], Any]] = {
    "language": language_name,
    "languages": language_name,
    "percent": percentage,
}


def export_account(user: User) -> dict[str, Any]:
    """What the accounts app and the sign-in hold of the person, in the active language."""
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator

    from courses.accounts.models import Association, PersonSession

    return {
        "public_id": str(user.uuid),
        "display_name": user.display_name,
        "certificate_name_latin": user.certificate_name_latin,
        "certificate_name_arabic": user.certificate_name_arabic,
        "certificate_name_confirmed_at": _iso(user.certificate_name_confirmed_at),
        "member_code": user.member_code,
        "email": user.email,
        "email_addresses": [
            {"email": address.email, "confirmed": address.verified}
            for address in EmailAddress.objects.filter(user=user).order_by("pk")
        ],
        "language": user.language,
        "time_zone": user.time_zone,
        "region": user.region.name if user.region else None,
        "association_answer": user.get_association_answer_display(),
        "adult_declared_at": _iso(user.adult_declared_at),
        "date_joined": _iso(user.date_joined),
        "last_login": _iso(user.last_login),
        "memberships": [_membership(row) for row in memberships_of(user)],
        "associations_proposed": [
            {"association": row.name, "status": row.get_status_display(), "created_at": _iso(row.created_at)}
            for row in Association.objects.filter(proposed_by=user).order_by("pk")
        ],
        "consents": [
            {
                "kind": record.get_kind_display(),
                "text": record.text,
                "language": record.language,
                "given_at": _iso(record.given_at),
                "withdrawn_at": _iso(record.withdrawn_at),
            }
            for record in user.consents.order_by("pk")
        ],
        "roles": [
            {
                "role": grant.get_role_display(),
                "region": grant.region.name if grant.region else None,
                "may_export_names": grant.may_export_names,
                "granted_at": _iso(grant.granted_at),
            }
            for grant in user.role_grants.select_related("region").order_by("pk")
        ],
        "second_factor": [
            {"kind": factor.get_type_display(), "created_at": _iso(factor.created_at)}
            for factor in Authenticator.objects.filter(user=user).order_by("pk")
        ],
        "open_sessions": [
            {"ends_at": _iso(session.expire_date)}
            for session in PersonSession.objects.filter(person_id=user.pk).order_by("expire_date")
        ],
    }


def memberships_of(user: User) -> list[Membership]:
    """Every membership of the person, open ones first, with association and region."""
    rows = Membership.objects.filter(user=user).select_related("association__region")
    return sorted(rows, key=lambda row: (row.ended_on is not None, row.pk))


def export_all(user: User, at: datetime) -> dict[str, Any]:
    """Everything held of the person: the account, then each registered source under its key. JSON-ready."""
    sources = {source.key: source.export(user) for source in personal_data_sources}
    return {"exported_at": at.isoformat(), "account": export_account(user), **sources}


def _membership(row: Membership) -> dict[str, Any]:
    return {
        "association": row.association.name,
        "region": row.association.region.name,
        "function": row.get_function_display(),
        "status": row.get_status_display(),
        "since": row.started_on.isoformat(),
        "until": row.ended_on.isoformat() if row.ended_on else None,
        "decided_at": _iso(row.decided_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

"""Closing an account: the person goes, the records stay without a name."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from courses.accounts.domain.personal_data import personal_data_sources
from courses.accounts.domain.roles import lock_among_administrators, refuse_last_administrator
from courses.accounts.models import Association, Membership, PersonSession, User


def close_account(user: User, at: datetime, *, by: User | None = None) -> None:
    """Pseudonymise a person for good. `by` is who asked where it isn't the person.

    In one transaction: every registered source erases its part; names, address, code, region, declaration and
    password go; e-mail addresses, second factors, sessions, memberships, roles and admin profile are deleted;
    consents are withdrawn; the public identifier changes, so that older exports lead nowhere. The row stays
    for the learning records that point to it, inactive, with `erased_at`. Idempotent. LastAdministratorError
    for the last active administrator.
    """
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator

    with transaction.atomic():
        person = lock_among_administrators(user.pk)
        if person.erased_at is not None:
            return
        refuse_last_administrator(person)
        for source in personal_data_sources:
            source.erase(person, at)
        EmailAddress.objects.filter(user=person).delete()
        Authenticator.objects.filter(user=person).delete()
        PersonSession.objects.filter(person_id=person.pk).delete()
        UserProfile.objects.filter(user=person).delete()
        # Who was in which association, since when, would name the person again; no record needs it.
        memberships = Membership.objects.filter(user=person)
        _unname_log(Membership, memberships.values_list("pk", flat=True))
        memberships.delete()
        Association.objects.filter(proposed_by=person).update(proposed_by=None)
        person.consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=at)
        person.role_grants.all().delete()
        person.groups.clear()
        person.user_permissions.clear()
        _empty(person, at)
        _unname_log(User, [person.pk])
        log(person, "accounts.account.close", user=by, timestamp=at)


def _empty(person: User, at: datetime) -> None:
    person.uuid = uuid.uuid4()
    person.email = person.member_code = None
    person.display_name = person.certificate_name_latin = person.certificate_name_arabic = ""
    person.certificate_name_confirmed_at = None
    person.language = User._meta.get_field("language").get_default()
    person.time_zone = User._meta.get_field("time_zone").get_default()
    person.region = None
    person.association_answer = ""
    person.adult_declared_at = person.last_login = None
    person.is_active = person.is_staff = person.is_superuser = False
    person.erased_at = at
    person.set_unusable_password()
    person.save()


def _unname_log(model: type[Model], ids: Iterable[int]) -> None:
    """Wagtail's log keeps the name of what was changed beside each entry."""
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=[str(pk) for pk in ids]
    )
    entries.update(label="")

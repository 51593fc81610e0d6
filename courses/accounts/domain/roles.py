"""Granting and taking back roles, and the rights in the admin that follow from them."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.log_actions import log
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from courses.accounts.domain.trainer_rights import trainer_rights
from courses.accounts.enums import Role
from courses.accounts.models import Region, RoleGrant, User

TRAINERS_GROUP = "Trainers"
# What a trainer does with pages of the catalogue; publishing is for who reviews.
TRAINER_PAGE_PERMISSIONS = ("add_page", "change_page")
TRAINER_COLLECTION_PERMISSIONS = (
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "change_document",
    "choose_document",
)


class LastAdministratorError(Exception):
    """Without this person nobody could administer the site any more."""


def grant_role(
    user: User,
    role: Role,
    *,
    region: Region | None = None,
    may_export_names: bool = False,
    by: User | None,
    at: datetime,
) -> RoleGrant:
    """Give a role over a region and all below it, and the rights in the admin that go with it.

    Atomic and idempotent: an equal grant is returned, with `may_export_names` as asked now. A coordinator
    needs a region (ValueError); an erased or inactive person gets no role (ValueError).
    """
    if role == Role.COORDINATOR and region is None:
        raise ValueError("A coordinator's role needs a region.")
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=user.pk)
        if not person.is_active or person.erased_at:
            raise ValueError("This account is closed or switched off.")
        grant, created = RoleGrant.objects.get_or_create(
            user=person,
            role=role,
            region=region,
            defaults={"may_export_names": may_export_names, "granted_by": by},
        )
        if not created and grant.may_export_names == may_export_names:
            return grant
        grant.may_export_names = may_export_names
        grant.save(update_fields=["may_export_names"])
        _sync_admin_rights(person)
        _log(grant, "accounts.role.grant", by, at)
    return grant


def revoke_role(grant: RoleGrant, *, by: User | None, at: datetime) -> None:
    """Take a role back, with the admin rights that nothing else justifies. Atomic and idempotent.

    LastAdministratorError for the last grant of the last active administrator.
    """
    with transaction.atomic():
        person = lock_among_administrators(grant.user_id)
        held = RoleGrant.objects.select_related("region").filter(pk=grant.pk).first()
        if held is None:
            return
        others = person.role_grants.exclude(pk=held.pk).filter(role=Role.ADMINISTRATOR)
        if held.role == Role.ADMINISTRATOR and not others.exists():
            refuse_last_administrator(person)
        _log(held, "accounts.role.revoke", by, at)
        held.delete()
        _sync_admin_rights(person, lost=Role(held.role))


def lock_among_administrators(person_id: int) -> User:
    """The person's row, locked together with those of all active administrators.

    Whoever takes an administrator away holds all of them, so two who take each other away follow one another,
    and the second finds nobody left. One statement in the order of ids: no two wait for each other. Within
    the caller's transaction. User.DoesNotExist.
    """
    rows = User.objects.filter(Q(pk=person_id) | Q(is_superuser=True, is_active=True))
    found = {row.pk: row for row in rows.order_by("pk").select_for_update()}
    if person_id not in found:
        raise User.DoesNotExist
    return found[person_id]


def refuse_last_administrator(person: User) -> None:
    """LastAdministratorError if nobody else active may administer the site.

    The caller holds `person` by `lock_among_administrators`.
    """
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk)
    if person.is_superuser and not others.exists():
        raise LastAdministratorError


def ensure_trainers_group(catalogues: Iterable[Page] = ()) -> Group:
    """The group of the trainers: may enter the admin, write below these catalogue pages (one for each
    language), add images and documents, and do what the apps registered in `trainer_rights`.

    Adds what is missing and takes nothing away.
    """
    group, _created = Group.objects.get_or_create(name=TRAINERS_GROUP)
    group.permissions.add(
        *Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin"),
        *Permission.objects.filter(content_type__app_label="wagtail_localize", codename="submit_translation"),
    )
    for right in trainer_rights:
        app_label, codename = right.key.split(".")
        group.permissions.add(
            *Permission.objects.filter(content_type__app_label=app_label, codename=codename)
        )
    page_permissions = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=TRAINER_PAGE_PERMISSIONS
    )
    for page in catalogues:
        for permission in page_permissions:
            GroupPagePermission.objects.get_or_create(group=group, page_id=page.pk, permission=permission)
    root = Collection.get_first_root_node()
    for permission in Permission.objects.filter(
        content_type__app_label__in=("wagtailimages", "wagtaildocs"),
        codename__in=TRAINER_COLLECTION_PERMISSIONS,
    ):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)
    return group


def _sync_admin_rights(person: User, lost: Role | None = None) -> None:
    """Trainers enter the admin through their group; administrators may do everything."""
    roles = set(person.role_grants.values_list("role", flat=True))
    if Role.ADMINISTRATOR in roles:
        person.is_superuser = True
    elif lost == Role.ADMINISTRATOR:
        person.is_superuser = False
    person.is_staff = person.is_superuser or bool(roles & {Role.TRAINER, Role.ADMINISTRATOR})
    person.save(update_fields=["is_superuser", "is_staff"])
    if Role.TRAINER in roles:
        person.groups.add(ensure_trainers_group())
    else:
        person.groups.remove(*Group.objects.filter(name=TRAINERS_GROUP))


def _log(grant: RoleGrant, action: str, by: User | None, at: datetime) -> None:
    code = grant.region.code if grant.region else ""
    data = {"role": grant.role, "region": code, "may_export_names": grant.may_export_names}
    log(grant.user, action, user=by, timestamp=at, data=data)

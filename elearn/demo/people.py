"""The associations and accounts of the demonstration."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml
from allauth.account.models import EmailAddress
from django.db import transaction

from courses.accounts.api import Association, Membership, Region, User, grant_role
from courses.accounts.enums import AssociationStatus, MembershipFunction, MembershipStatus, Role
from courses.lib.clock import local_day

DATA = Path(__file__).parent / "data"
DOMAIN = "demo.example"
PASSWORD = "demo"  # noqa: S105 - printed on purpose; the command refuses to run in production
SEED = 2026
POPULATION = 72


@dataclass(frozen=True)
class Account:
    """An account that is printed at the end. `region`: code of where the person lives; who works for the programme
    gives none and isn't counted among the members. `association`: its Latin name; `role` with the code of its region.
    """

    local: str
    says: str
    latin: str
    arabic: str
    language: str
    region: str = ""
    association: str = ""
    function: MembershipFunction = MembershipFunction.MEMBER
    role: Role | None = None
    role_region: str = ""
    may_export_names: bool = False

    @property
    def email(self) -> str:
        return f"{self.local}@{DOMAIN}"

    @property
    def display_name(self) -> str:
        return self.arabic if self.language == "ar" else self.latin


ACCOUNTS = (
    Account(
        "member.ar",
        "member in Kasserine, in Arabic",
        "Salma Hamdi",
        "سلمى الحمدي",
        "ar",
        "TN-42",
        "Association Amal pour l'irrigation – Sbeïtla",
        MembershipFunction.TREASURER,
    ),
    Account(
        "member.fr",
        "member in Sfax, in French",
        "Anis Louati",
        "أنيس اللواتي",
        "fr",
        "TN-61",
        "Association Afak pour l'inclusion – Sfax",
        MembershipFunction.SECRETARY,
    ),
    Account(
        "member.done",
        "member in Kairouan, has completed the course",
        "Nadia Rezgui",
        "نادية الرزقي",
        "ar",
        "TN-41",
        "Association Nassij pour les tisseuses – Kairouan",
        MembershipFunction.PRESIDENT,
    ),
    Account("trainer", "trainer", "Leïla Gharbi", "ليلى الغربي", "fr", role=Role.TRAINER),
    Account(
        "coordinator.centre-ouest",
        "coordinator of Centre-Ouest, may export names",
        "Hichem Dridi",
        "هشام الدريدي",
        "ar",
        role=Role.COORDINATOR,
        role_region="X-TN-CO",
        may_export_names=True,
    ),
    Account(
        "coordinator.sud-est",
        "coordinator of Sud-Est",
        "Amel Jouini",
        "آمال الجويني",
        "fr",
        role=Role.COORDINATOR,
        role_region="X-TN-SE",
    ),
    Account(
        "admin",
        "administrator",
        "Administration",
        "الإدارة",
        "fr",
        role=Role.ADMINISTRATOR,
    ),
)


def make_associations() -> None:
    """The invented associations, approved."""
    rows: list[dict[str, str]] = yaml.safe_load((DATA / "associations.yaml").read_text(encoding="utf-8"))
    regions = {region.code: region for region in Region.objects.all()}
    there = set(Association.objects.values_list("name_latin", flat=True))
    for row in rows:
        if row["latin"] not in there:
            Association.objects.create(
                name_latin=row["latin"],
                name_ar=row["arabic"],
                region=regions[row["region"]],
                status=AssociationStatus.APPROVED,
            )


def make_accounts(at: datetime) -> None:
    """The accounts that are printed, with their passwords, roles and confirmed memberships."""
    there = set(User.objects.filter(email__endswith=f"@{DOMAIN}").values_list("email", flat=True))
    associations = {found.name_latin: found for found in Association.objects.all()}
    for account in ACCOUNTS:
        if account.email in there:
            continue
        with transaction.atomic():
            person = _person(
                account.email,
                (account.latin, account.arabic),
                account.language,
                Region.objects.filter(code=account.region).first(),
                at - timedelta(days=200),
                password=PASSWORD,
            )
            if account.association:
                _join(person, associations[account.association], account.function, at - timedelta(days=190))
            if account.role:
                region = Region.objects.get(code=account.role_region) if account.role_region else None
                grant_role(
                    person,
                    account.role,
                    region=region,
                    may_export_names=account.may_export_names,
                    by=None,
                    at=at,
                )


def make_population(at: datetime) -> Iterator[User]:
    """Members of every association, the same at each run; those that were not there yet, each as it is made."""
    names: dict[str, list[tuple[str, str]]] = yaml.safe_load(
        (DATA / "names.yaml").read_text(encoding="utf-8")
    )
    associations = list(Association.objects.select_related("region").order_by("pk"))
    there = set(User.objects.filter(email__endswith=f"@{DOMAIN}").values_list("email", flat=True))
    random = Random(SEED)  # noqa: S311 - chosen so that every demonstration is the same
    for number in range(POPULATION):
        first, family = random.choice(names["first"]), random.choice(names["family"])
        language = random.choice(["ar", "ar", "ar", "fr", "fr"])
        association = associations[number % len(associations)]
        function = random.choice(list(MembershipFunction))
        declared = random.random() < 0.15
        joined = at - timedelta(days=random.randint(120, 300))
        email = f"member{number + 1:02d}@{DOMAIN}"
        if email in there:
            continue
        with transaction.atomic():
            person = _person(
                email,
                (f"{first[0]} {family[0]}", f"{first[1]} {family[1]}"),
                language,
                association.region,
                joined,
            )
            _join(person, association, function, joined, declared=declared)
        yield person


def _person(
    email: str,
    names: tuple[str, str],
    language: str,
    region: Region | None,
    joined: datetime,
    password: str | None = None,
) -> User:
    """An adult with a confirmed address; without a password nobody can sign in as them."""
    latin, arabic = names
    fields: dict[str, Any] = {
        "display_name": arabic if language == "ar" else latin,
        "certificate_name_latin": latin,
        "certificate_name_arabic": arabic,
        "certificate_name_confirmed_at": joined,
        "language": language,
        "region": region,
        "adult_declared_at": joined,
        "date_joined": joined,
    }
    person = User.objects.create_user(email, password, **fields)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def _join(
    person: User,
    association: Association,
    function: MembershipFunction,
    at: datetime,
    *,
    declared: bool = False,
) -> None:
    Membership.objects.create(
        user=person,
        association=association,
        function=function,
        status=MembershipStatus.DECLARED if declared else MembershipStatus.CONFIRMED,
        started_on=local_day(at),
        decided_at=None if declared else at,
    )

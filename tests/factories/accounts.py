"""People and territory."""

from dataclasses import dataclass
from datetime import date

import factory
from django.utils import timezone

from courses.accounts.enums import AssociationStatus, MembershipStatus, RegionKind, Role
from courses.accounts.models import Association, Membership, Region, RoleGrant, User

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class RegionTree:
    """A small Tunisia: two groups of two governorates each."""

    country: Region
    centre_ouest: Region
    kasserine: Region
    sidi_bouzid: Region
    sud_est: Region
    gabes: Region
    medenine: Region


def make_regions() -> RegionTree:
    def add(parent: Region | None, code: str, kind: RegionKind, fr: str, ar: str, en: str) -> Region:
        fields = {"code": code, "kind": kind, "name_fr": fr, "name_ar": ar, "name_en": en}
        if parent is None:
            return Region.add_root(**fields)
        return Region.objects.get(pk=parent.pk).add_child(**fields)

    country = add(None, "TN", RegionKind.COUNTRY, "Tunisie", "تونس", "Tunisia")
    centre_ouest = add(
        country, "X-TN-CO", RegionKind.REGION_GROUP, "Centre-Ouest", "الوسط الغربي", "Centre-West"
    )
    sud_est = add(country, "X-TN-SE", RegionKind.REGION_GROUP, "Sud-Est", "الجنوب الشرقي", "South-East")
    governorate = RegionKind.GOVERNORATE
    return RegionTree(
        country=country,
        centre_ouest=centre_ouest,
        kasserine=add(centre_ouest, "TN-42", governorate, "Kasserine", "القصرين", "Kasserine"),
        sidi_bouzid=add(centre_ouest, "TN-43", governorate, "Sidi Bouzid", "سيدي بوزيد", "Sidi Bouzid"),
        sud_est=sud_est,
        gabes=add(sud_est, "TN-81", governorate, "Gabès", "قابس", "Gabes"),
        medenine=add(sud_est, "TN-82", governorate, "Médenine", "مدنين", "Medenine"),
    )


class UserFactory(factory.django.DjangoModelFactory):
    """An adult member with a confirmed address and a confirmed name on certificates. Give `region=` and, through
    MembershipFactory, associations.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"member{n}@example.org")
    display_name = factory.Sequence(lambda n: f"Membre {n}")
    certificate_name_latin = factory.Sequence(lambda n: f"Salma Ben Ali {n}")
    certificate_name_arabic = "سلمى بن علي"
    certificate_name_confirmed_at = factory.LazyFunction(timezone.now)
    language = "fr"
    adult_declared_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def password(self, create: bool, extracted: str | None, **kwargs: object) -> None:
        self.set_password(extracted or PASSWORD)
        if create:
            self.save()

    @factory.post_generation
    def verified(self, create: bool, extracted: bool | None, **kwargs: object) -> None:
        """`verified=False` leaves the address unconfirmed."""
        if create and extracted is not False and self.email:
            from allauth.account.models import EmailAddress

            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class AssociationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Association

    name_latin = factory.Sequence(lambda n: f"Association Amal {n}")
    name_ar = factory.Sequence(lambda n: f"جمعية الأمل {n}")
    status = AssociationStatus.APPROVED


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    association = factory.SubFactory(AssociationFactory)
    status = MembershipStatus.CONFIRMED
    started_on = date(2025, 1, 1)


class RoleGrantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoleGrant

    user = factory.SubFactory(UserFactory)
    role = Role.COORDINATOR


def make_coordinator(region: Region, **fields: object) -> User:
    """A coordinator of one region."""
    user: User = UserFactory(**fields)
    RoleGrantFactory(user=user, role=Role.COORDINATOR, region=region)
    return user


def make_administrator(**fields: object) -> User:
    user: User = UserFactory(is_staff=True, is_superuser=True, **fields)
    RoleGrantFactory(user=user, role=Role.ADMINISTRATOR, region=None)
    return user


def make_trainer(**fields: object) -> User:
    user: User = UserFactory(is_staff=True, **fields)
    RoleGrantFactory(user=user, role=Role.TRAINER, region=None)
    return user


def make_region_of(code: str, name: str) -> Region:
    """A country with nothing below it; its code says which (`MA`)."""
    names = {"name_fr": name, "name_ar": name, "name_en": name}
    return Region.add_root(code=code, kind=RegionKind.COUNTRY, **names)

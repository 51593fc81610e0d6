"""The report's figures equal a recount in plain Python, over random populations, scopes and filters."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import Prefetch
from django.utils import timezone

from courses.accounts.enums import MembershipStatus, Role
from courses.accounts.models import Association, Membership, Region, RoleGrant, User
from courses.progress.models import CourseProgress, Enrolment
from courses.reports.domain.filters import ReportFilters
from courses.reports.domain.scope import ReportScope
from courses.reports.domain.tables import association_table, region_table
from courses.reports.enums import PeriodBasis, RowKind
from tests.factories.accounts import AssociationFactory, UserFactory, make_administrator
from tests.factories.reports import COURSE_KEY, OTHER_COURSE_KEY

PEOPLE, ASSOCIATIONS = 90, 12
TUNIS = timezone.get_fixed_timezone(60)

FILTERS = [
    ReportFilters(),
    ReportFilters(course_key=COURSE_KEY),
    ReportFilters(programme="UE-1"),
    ReportFilters(course_key=OTHER_COURSE_KEY, programme="UE-2"),
    ReportFilters(since=date(2026, 1, 10), until=date(2026, 1, 20)),
    ReportFilters(since=date(2026, 1, 15), basis=PeriodBasis.COMPLETION),
    ReportFilters(until=date(2026, 1, 14), basis=PeriodBasis.COMPLETION, course_key=COURSE_KEY),
    ReportFilters(basis=PeriodBasis.COMPLETION),
]


def populate(random_: random.Random) -> None:
    """People with no, one or several associations (open, ended, refused), at governorates and above them."""
    regions = list(Region.objects.all())
    associations = [AssociationFactory(region=random_.choice(regions)) for _ in range(ASSOCIATIONS)]
    for _ in range(PEOPLE):
        user = UserFactory(region=random_.choice([*regions, None]), verified=False)
        for association in random_.sample(associations, random_.choice([0, 1, 1, 2, 3])):
            Membership.objects.create(
                user=user,
                association=association,
                status=random_.choice(list(MembershipStatus)),
                started_on=date(2025, 1, 1),
                ended_on=random_.choice([None, None, None, date(2025, 6, 1)]),
            )
        for course_key in (COURSE_KEY, OTHER_COURSE_KEY):
            for cycle in range(1, random_.choice([1, 2, 2, 3])):
                enrolled_at = datetime(2026, 1, 8, tzinfo=UTC) + timedelta(hours=random_.randrange(400))
                enrolment = Enrolment.objects.create(
                    user=user,
                    course_key=course_key,
                    cycle=cycle,
                    programme=random_.choice(["", "UE-1", "UE-2"]),
                    locale="fr",
                    course_title="T",
                    enrolled_at=enrolled_at,
                )
                done = random_.random() < 0.5
                if not done and random_.random() < 0.2:
                    continue
                CourseProgress.objects.create(
                    enrolment=enrolment,
                    required_count=2,
                    done_count=2 if done else 1,
                    percent=100 if done else 50,
                    completed_at=enrolled_at + timedelta(hours=random_.randrange(200)) if done else None,
                    updated_at=enrolled_at,
                )
        if random_.random() < 0.1:
            User.objects.filter(pk=user.pk).update(erased_at=timezone.now())


class Recount:
    """Everything read into plain objects; no query and no code of the reports."""

    def __init__(self, roots: list[Region] | None) -> None:
        self.regions = {region.pk: region for region in Region.objects.all()}
        self.roots = roots
        self.people = list(
            User.objects.filter(erased_at__isnull=True).prefetch_related(
                Prefetch("memberships", Membership.objects.select_related("association")),
                Prefetch("enrolments", Enrolment.objects.select_related("progress")),
            )
        )

    def visible(self, region_id: int | None) -> bool:
        if self.roots is None:
            return True
        return region_id is not None and any(
            self.regions[region_id].path.startswith(root.path) for root in self.roots
        )

    @staticmethod
    def open_associations(user: User) -> list[Association]:
        return [
            membership.association
            for membership in user.memberships.all()
            if membership.ended_on is None and membership.status != "refused"
        ]

    def places(self, user: User) -> list[int | None]:
        """Region ids in which the person counts, within the scope."""
        open_ones = self.open_associations(user)
        found = [association.region_id for association in open_ones] if open_ones else [user.region_id]
        return [place for place in found if self.visible(place)]

    @staticmethod
    def counts(enrolment: Enrolment, filters: ReportFilters) -> bool:
        if filters.course_key and enrolment.course_key != filters.course_key:
            return False
        if filters.programme and enrolment.programme != filters.programme:
            return False
        if not filters.since and not filters.until:
            return True
        progress = getattr(enrolment, "progress", None)
        moment = enrolment.enrolled_at
        if filters.basis == "completion":
            moment = progress.completed_at if progress else None
        if moment is None:
            return False
        day = moment.astimezone(TUNIS).date()
        return (filters.since or day) <= day <= (filters.until or day)

    def figures(self, users: list[User], filters: ReportFilters) -> tuple[int, int, int, int, int | None]:
        enrolled = completed = 0
        for user in users:
            counting = [each for each in user.enrolments.all() if self.counts(each, filters)]
            enrolled += bool(counting)
            completed += any(
                getattr(each, "progress", None) is not None and each.progress.completed_at is not None
                for each in counting
            )
        rate = int(completed / len(users) * 100 + 1e-9) if users else None
        return len(users), enrolled, enrolled - completed, completed, rate

    def below(self, root: Region) -> list[User]:
        return [
            user
            for user in self.people
            if any(
                place is not None and self.regions[place].path.startswith(root.path)
                for place in self.places(user)
            )
        ]


def shown(figures):
    return figures.members, figures.enrolled, figures.in_progress, figures.completed, figures.rate


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_of_every_scope_and_filter_equals_the_recount(regions, seed):
    populate(random.Random(seed))
    scopes = {
        "administrator": None,
        "one group": [regions.centre_ouest],
        "one governorate": [regions.gabes],
        "two apart": [regions.kasserine, regions.sud_est],
        "one inside the other": [regions.country, regions.medenine],
    }
    compared = 0
    for roots in scopes.values():
        if roots is None:
            viewer = make_administrator(verified=False)
        else:
            viewer = UserFactory(verified=False)
            for root in roots:
                RoleGrant.objects.create(user=viewer, role=Role.COORDINATOR, region=root)
        recount = Recount(roots)
        for filters in FILTERS:
            scope = ReportScope(viewer)
            table = region_table(scope, filters)

            expected = {
                region.code: recount.figures(recount.below(region), filters)
                for region in recount.regions.values()
                if recount.visible(region.pk)
            }
            assert {row.key.code: shown(row.figures) for row in table.rows} == expected
            everybody = [user for user in recount.people if recount.places(user)]
            assert shown(table.total) == recount.figures(everybody, filters)
            alone = [user for user in everybody if not recount.open_associations(user)]
            assert table.unattached == len(alone)
            if roots is None:
                nowhere = [user for user in alone if user.region_id is None]
                assert shown(table.foot[0].figures) == recount.figures(nowhere, filters)
            compared += len(expected)

            for region in scope.regions:
                _compare_associations(scope, filters, region, recount)
    assert compared > 100


def _compare_associations(scope, filters, region, recount):
    """The associations at a region, the people there without one, and the region's own table."""
    associations = list(scope.associations_at(region))
    table = association_table(scope, filters, region, associations)
    expected = {
        str(association.uuid): recount.figures(
            [user for user in recount.people if association in recount.open_associations(user)], filters
        )
        for association in Association.objects.filter(region=region)
    }
    assert {row.key.code: shown(row.figures) for row in table.rows} == expected
    alone_here = [
        user for user in recount.people if user.region_id == region.pk and not recount.open_associations(user)
    ]
    assert table.foot[0].key.kind == RowKind.NO_ASSOCIATION
    assert shown(table.foot[0].figures) == recount.figures(alone_here, filters)
    assert shown(table.total) == recount.figures(recount.below(region), filters)
    assert shown(region_table(scope, filters, region).total) == shown(table.total)


def test_the_recount_would_notice_a_person_counted_twice(regions):
    """A control: a person of two governorates is one person of the group above both."""
    user = UserFactory()
    for region in (regions.kasserine, regions.sidi_bouzid):
        Membership.objects.create(
            user=user, association=AssociationFactory(region=region), started_on=date(2025, 1, 1)
        )
    viewer = UserFactory(region=None)
    RoleGrant.objects.create(user=viewer, role=Role.COORDINATOR, region=regions.centre_ouest)

    table = region_table(ReportScope(viewer), ReportFilters())

    assert {row.key.code: row.figures.members for row in table.rows} == {
        "X-TN-CO": 1,
        "TN-42": 1,
        "TN-43": 1,
    }
    assert table.total.members == 1

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from courses.accounts.enums import MembershipStatus
from courses.plugin_api.registries import ReportColumn, report_columns
from courses.quizzes.enums import AttemptPurpose
from courses.quizzes.interfaces.report_columns import (
    COLUMNS,
    mean_after,
    mean_before,
    people_who_passed,
    share_that_remembers,
)
from courses.quizzes.models import Attempt, Refresher
from courses.reports.api import ReportFilters, ReportScope, region_table
from tests.factories.accounts import AssociationFactory, MembershipFactory, UserFactory, make_administrator
from tests.factories.quizzes import make_quiz, take_quiz

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def taken(user, quiz, purpose, number, percent):
    """A graded attempt, copied from the learner's real one."""
    attempt = Attempt.objects.filter(enrolment__user=user, quiz_key=quiz.key).first()
    attempt.pk, attempt.uuid, attempt._state.adding = None, uuid4(), True
    attempt.purpose, attempt.number, attempt.percent = purpose, number, percent
    attempt.save()


def asked_again(user, quiz, right, days=30):
    enrolment = Attempt.objects.filter(enrolment__user=user).first().enrolment
    Refresher.objects.create(
        enrolment=enrolment,
        quiz_key=quiz.key,
        after_days=days,
        due_at=NOW - timedelta(days=1),
        done_at=NOW,
        asked=3,
        right=right,
    )


def test_columns_count_within_the_report_and_hide_few_people(regions, course):
    quiz = make_quiz(course, "true_false")
    association = AssociationFactory(region=regions.kasserine)
    elsewhere = AssociationFactory(region=regions.gabes)
    # Six in Kasserine (before 10, 20 … 60), one in Gabès; the last of the six has no form before.
    for number in range(1, 8):
        user = UserFactory()
        MembershipFactory(
            user=user,
            association=elsewhere if number == 7 else association,
            status=MembershipStatus.CONFIRMED,
        )
        take_quiz(user, quiz, wrong=(0,) if number == 1 else ())
        if number != 6:
            taken(user, quiz, AttemptPurpose.BEFORE, 1, number * 10)
        asked_again(user, quiz, right=2 if number % 2 else 1)
        asked_again(user, quiz, right=3, days=7)
        # A later attempt isn't the one that is compared.
        taken(user, quiz, AttemptPurpose.GRADED, 2, 100)
    seen = {}

    def keep(rows):
        seen["rows"] = rows
        return {}

    report_columns.register(ReportColumn("test", "Test", keep), origin="tests")
    try:
        region_table(ReportScope(make_administrator()), ReportFilters())
    finally:
        report_columns.unregister("test")
    by_code = {
        column.__name__: {key.code or key.kind: value for key, value in column(seen["rows"]).items()}
        for column in (people_who_passed, share_that_remembers, mean_before, mean_after)
    }

    kasserine, gabes = regions.kasserine.code, regions.gabes.code
    assert by_code["people_who_passed"][kasserine] == 5  # all but the first one
    # Three of six remember; in Gabès one person was asked: nothing is said.
    assert by_code["share_that_remembers"][kasserine] == 50
    assert gabes not in by_code["share_that_remembers"]
    assert by_code["mean_before"][kasserine] == (10 + 20 + 30 + 40 + 50) // 5
    assert by_code["mean_after"][kasserine] == 80  # one failed with 0, four passed with 100
    assert gabes not in by_code["mean_before"]
    assert {column.key for column in COLUMNS} <= {column.key for column in report_columns}

"""Registered columns: one bulk fetch a table, keyed by row."""

import pytest

from courses.accounts.models import User
from courses.plugin_api.registries import ReportColumn, report_columns
from courses.reports.domain.filters import ReportFilters
from courses.reports.domain.scope import ReportScope
from courses.reports.domain.tables import (
    NO_ASSOCIATION,
    NO_REGION,
    TOTAL,
    RowKey,
    association_row,
    association_table,
    region_table,
)
from courses.reports.enums import RowKind
from tests.factories.accounts import (
    AssociationFactory,
    MembershipFactory,
    UserFactory,
    make_administrator,
    make_coordinator,
)
from tests.factories.reports import make_member


@pytest.fixture
def column():
    """Registers a column for the test: call it with `fetch`."""
    keys = []

    def register(fetch, key="test-column", **fields):
        report_columns.register(ReportColumn(key=key, label="Test", fetch=fetch, **fields), origin="tests")
        keys.append(key)

    yield register
    for key in keys:
        report_columns.unregister(key)


def test_fetch_is_called_once_with_the_keys_of_all_rows(regions, column):
    calls = []
    column(lambda rows: calls.append(list(rows)) or {})

    region_table(ReportScope(make_administrator()), ReportFilters())

    codes = ["TN", "X-TN-CO", "TN-42", "TN-43", "X-TN-SE", "TN-81", "TN-82"]
    assert calls == [[*(RowKey(RowKind.REGION, code) for code in codes), NO_REGION, TOTAL]]


def test_values_stand_in_the_order_of_the_columns_and_absent_ones_are_none(regions, column):
    kasserine = RowKey(RowKind.REGION, "TN-42")
    column(lambda rows: {kasserine: 1.5}, key="late", order=300)
    column(lambda rows: {kasserine: 7, TOTAL: 9}, key="early", order=1)

    table = region_table(ReportScope(make_coordinator(regions.centre_ouest)), ReportFilters())

    assert [found.key for found in table.columns] == ["early", "dummy-answer", "late"]
    assert {row.key.code: row.extra for row in table.rows} == {
        "X-TN-CO": (None, 42, None),
        "TN-42": (7, 42, 1.5),
        "TN-43": (None, 42, None),
    }
    assert table.foot[-1].extra == (9, 42, None)


def test_a_column_counts_people_by_row_within_the_scope(regions, column, django_assert_num_queries):
    counted = {}
    both = make_member(regions.kasserine, language="ar")
    MembershipFactory(user=both, association=AssociationFactory(region=regions.sidi_bouzid))
    make_member(regions.kasserine, language="fr")
    make_member(regions.gabes, language="ar")
    UserFactory(region=regions.kasserine, language="ar")
    column(lambda rows: counted.update(rows.count_people(User.objects.filter(language="ar"))) or {})

    region_table(ReportScope(make_coordinator(regions.centre_ouest)), ReportFilters())

    assert {key.code or key.kind.value: number for key, number in counted.items()} == {
        "X-TN-CO": 2,
        "TN-42": 2,
        "TN-43": 1,
        "total": 2,
    }


def test_a_column_counts_people_by_association(regions, column):
    counted = {}
    association = AssociationFactory(region=regions.kasserine)
    make_member(regions.kasserine, association=association, language="ar")
    make_member(regions.kasserine, association=association, language="fr")
    UserFactory(region=regions.kasserine, language="ar")
    column(lambda rows: counted.update(rows.count_people(User.objects.filter(language="ar"))) or {})
    scope = ReportScope(make_coordinator(regions.centre_ouest))
    key = RowKey(RowKind.ASSOCIATION, str(association.uuid))

    association_table(scope, ReportFilters(), regions.kasserine, [association])
    of_table = dict(counted)
    counted.clear()
    association_row(scope, ReportFilters(), association)

    assert of_table == {key: 1, NO_ASSOCIATION: 1, TOTAL: 2}
    assert counted == {key: 1}


def test_rows_know_their_length_and_what_they_hold(regions, column):
    seen = {}

    def fetch(rows):
        seen.update(length=len(rows), kasserine=RowKey(RowKind.REGION, "TN-42") in rows, viewer=rows.viewer)
        return {}

    column(fetch)
    user = make_coordinator(regions.centre_ouest)

    region_table(ReportScope(user), ReportFilters(programme="X"))

    assert seen == {"length": 4, "kasserine": True, "viewer": user}

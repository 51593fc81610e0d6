from collections.abc import Iterator

import pytest

from courses.plugin_api.registries import report_columns


@pytest.fixture(autouse=True)
def without_columns_of_quizzes() -> Iterator[None]:
    """The report by itself: what other plugins add to it is tested with them."""
    own = [(column, report_columns.origin_of(column.key)) for column in report_columns]
    taken = [(column, origin) for column, origin in own if column.key.startswith("quizzes.")]
    for column, _origin in taken:
        report_columns.unregister(column.key)
    yield
    for column, origin in taken:
        report_columns.register(column, origin=origin)

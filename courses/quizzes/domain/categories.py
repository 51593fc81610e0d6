"""The tree of the bank's categories, read whole: there are tens of them, and a query a level would cost more."""

from collections.abc import Iterator

from courses.quizzes.models import QuestionCategory


def category_tree() -> list[QuestionCategory]:
    """All categories in the order of the tree, each with its `parent` loaded, so that its path costs no query."""
    rows = {row.pk: row for row in QuestionCategory.objects.order_by("name", "pk")}
    children: dict[int | None, list[QuestionCategory]] = {}
    for row in rows.values():
        if row.parent_id is not None:
            row.parent = rows[row.parent_id]
        children.setdefault(row.parent_id, []).append(row)

    def below(parent: int | None) -> Iterator[QuestionCategory]:
        for row in children.get(parent, []):
            yield row
            yield from below(row.pk)

    return list(below(None))


def subtree(category_id: int) -> set[int]:
    """The ids of a category and of all that lie in it, in one query; empty for one that isn't there."""
    found: set[int] = set()
    for row in category_tree():
        # Parents stand before their children.
        if row.pk == category_id or row.parent_id in found:
            found.add(row.pk)
    return found

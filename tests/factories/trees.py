"""Published pages by the branch, in a few statements: most tests begin with a tree, and page by page it is most of
what they cost.

Rows are those that `add_child` writes, the search index included. Nothing is validated, and neither the reference index
nor the page log is kept: tests that are about these, or about publishing, add pages as the admin does.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F
from wagtail.models import Page
from wagtail.search.backends import get_search_backends


@dataclass
class Branch:
    """A page that isn't saved yet, and what is under it."""

    page: Page
    under: list["Branch"] = field(default_factory=list)


def plant(parents: Iterable[tuple[Page, list[Branch]]]) -> None:
    """Add branches under pages that are saved, after the children that these have."""
    planted: list[Page] = []
    for parent, branches in parents:
        saved = Page.objects.get(pk=parent.pk)
        last = saved.get_last_child()
        first = int(last.path[-Page.steplen :], 36) + 1 if last else 1
        parent.path, parent.depth, parent.url_path = saved.path, saved.depth, saved.url_path
        parent.numchild = saved.numchild
        _place(parent, branches, first, planted)
        Page.objects.filter(pk=parent.pk).update(numchild=F("numchild") + len(branches))
    Page.objects.bulk_create(planted)
    by_model = defaultdict(list)
    for page in planted:
        page.page_ptr_id = page.id
        by_model[type(page)].append(page)
    for model, pages in by_model.items():
        # What bulk_create does for a model without parents; the rows of the parent are there.
        model._base_manager._insert(pages, fields=model._meta.local_concrete_fields, using=pages[0]._state.db)
        for backend in get_search_backends(with_auto_update=True):
            backend.add_bulk(model, pages)


def _place(parent: Page, branches: list[Branch], first: int, planted: list[Page]) -> None:
    for step, branch in enumerate(branches, first):
        page = branch.page
        page.depth = parent.depth + 1
        page.path = Page._get_path(parent.path, page.depth, step)
        page.draft_title = page.draft_title or page.title
        page.set_url_path(parent)
        page._cached_parent_obj = parent
        planted.append(page)
        _place(page, branch.under, 1, planted)
    parent.numchild += len(branches)

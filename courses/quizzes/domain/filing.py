"""Where a question stands in the bank: category, difficulty, tags, retired or not. The same in all its languages.

Filing isn't a new version: what is asked doesn't change, so nothing waits for a publication. It holds at once in the
published question and in the drafts that wait, or the next publication would undo it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from wagtail.log_actions import log
from wagtail.models import Revision

from courses.accounts.api import User
from courses.quizzes.domain.staleness import canonical_first
from courses.quizzes.enums import Difficulty
from courses.quizzes.models import Question, QuestionCategory, QuestionTag, TaggedQuestion

FILED = "quizzes.question.file"
# What filing may set; `retired` is the state, the others are places.
FIELDS = ("category", "difficulty", "objective", "scenario", "retired")


def set_category(keys: Collection[UUID], category: QuestionCategory | None, *, by: User, at: datetime) -> int:
    """How many questions were elsewhere before. Atomic and idempotent, as all verbs here."""
    return _file(keys, "category", category.pk if category else None, by, at)


def set_difficulty(keys: Collection[UUID], difficulty: Difficulty, *, by: User, at: datetime) -> int:
    return _file(keys, "difficulty", difficulty.value, by, at)


def set_retired(keys: Collection[UUID], retired: bool, *, by: User, at: datetime) -> int:
    """Retire questions, or bring them back. New attempts don't ask a retired one; what was answered stays."""
    return _file(keys, "retired", retired, by, at)


@transaction.atomic
def add_tag(keys: Collection[UUID], name: str, *, by: User, at: datetime) -> int:
    """How many questions didn't have the tag. Tags count on the canonical variant. ValueError for an empty name."""
    name = " ".join(name.split())
    if not name:
        raise ValueError("A tag needs a name.")
    rows = [canonical_first(variants)[0] for variants in _locked(keys)]
    tag = QuestionTag.objects.filter(name=name).first() or QuestionTag.objects.create(name=name)
    had = set(
        TaggedQuestion.objects.filter(tag=tag, content_object__in=rows).values_list(
            "content_object_id", flat=True
        )
    )
    new = [row for row in rows if row.pk not in had]
    TaggedQuestion.objects.bulk_create(TaggedQuestion(tag=tag, content_object=row) for row in new)
    for row in new:
        _log(row, {"tag": name}, by, at)
    return len(new)


@transaction.atomic
def set_tags(question: Question, names: Iterable[str], *, by: User, at: datetime) -> bool:
    """Give the question of the deciding language exactly these tags; whether that changed any."""
    wanted = {" ".join(name.split()) for name in names} - {""}
    if wanted == set(question.tags.names()):
        return False
    question.tags.set(sorted(wanted))
    _log(question, {"tags": sorted(wanted)}, by, at)
    return True


@transaction.atomic
def share_filing(canonical: Question) -> int:
    """Bring the other languages to the places that the deciding variant was published with; how many changed."""
    values = {name: getattr(canonical, _attribute(name)) for name in FIELDS}
    others = Question.objects.filter(translation_key=canonical.translation_key).exclude(pk=canonical.pk)
    return sum(_set(other, values) for other in others)


@transaction.atomic
def _file(keys: Collection[UUID], name: str, value: Any, by: User, at: datetime) -> int:
    changed = 0
    for variants in _locked(keys):
        # Each of them, not only up to the first that changes.
        if sum(_set(question, {name: value}) for question in variants):
            changed += 1
            _log(canonical_first(variants)[0], {name: value}, by, at)
    return changed


def _locked(keys: Collection[UUID]) -> list[list[Question]]:
    """The variants of each question, locked in the order of their ids."""
    found: dict[UUID, list[Question]] = {}
    rows = Question.objects.select_for_update(of=("self",)).filter(translation_key__in=keys)
    for question in rows.select_related("locale").order_by("pk"):
        found.setdefault(question.translation_key, []).append(question)
    return list(found.values())


def _attribute(name: str) -> str:
    return name if name in ("difficulty", "retired") else f"{name}_id"


def _set(question: Question, values: Mapping[str, Any]) -> bool:
    """Set fields (by their names, related ones by id) in the row and in the versions that wait to be published."""
    attributes = {_attribute(name): value for name, value in values.items()}
    stale = {name: value for name, value in attributes.items() if getattr(question, name) != value}
    if stale:
        for name, value in stale.items():
            setattr(question, name, value)
        question.save(update_fields=list(stale))
    return _set_in_drafts(question, values) or bool(stale)


def _set_in_drafts(question: Question, values: Mapping[str, Any]) -> bool:
    waiting = question.revisions.filter(
        Q(pk=question.latest_revision_id) | Q(approved_go_live_at__isnull=False)
    )
    changed = []
    for revision in waiting:
        if any(revision.content.get(name) != value for name, value in values.items()):
            revision.content = {**revision.content, **values}
            changed.append(revision)
    Revision.objects.bulk_update(changed, ["content"])
    return bool(changed)


def _log(question: Question, data: Mapping[str, Any], by: User, at: datetime) -> None:
    log(question, FILED, user=by, timestamp=at, data=dict(data))

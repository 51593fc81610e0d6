"""Questions of the bank → a file in one language."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from courses.quizzes.domain.categories import category_tree, subtree
from courses.quizzes.domain.composition import QuizNotFound, offered_to, quiz_pages, rows_of
from courses.quizzes.domain.drawing import pools
from courses.quizzes.interfaces.exchange import api
from courses.quizzes.interfaces.exchange.detect import Format
from courses.quizzes.interfaces.exchange.report import (
    ExchangeError,
    Outcome,
    Remark,
    State,
    Unusable,
    left_out,
    outcome_of,
)
from courses.quizzes.interfaces.exchange_entries import entry_of
from courses.quizzes.interfaces.exchange_illustrated import Album
from courses.quizzes.interfaces.exchange_pictures import choosable
from courses.quizzes.interfaces.exchange_yaml import write_yaml
from courses.quizzes.models import Question, QuestionCategory

WRITTEN = (Format.MOODLE_XML, Format.GIFT, Format.AIKEN, Format.YAML)


@dataclass(frozen=True)
class Selection:
    """Which questions: all conditions that are given hold.

    category: with what lies below it. quiz: the key of a quiz, what it asks or may draw. keys: translation keys.
    drafts: also what isn't published; retired questions are never among them, unless their keys are given.
    """

    category: QuestionCategory | None = None
    quiz: UUID | None = None
    keys: frozenset[UUID] | None = None
    drafts: bool = False


@dataclass(frozen=True)
class Export:
    """The bytes of a file, and what became of each question. `data` is empty where none can be written."""

    data: bytes
    outcomes: tuple[Outcome, ...]

    @property
    def written(self) -> int:
        return len(self.outcomes) - self.left_out

    @property
    def left_out(self) -> int:
        return sum(outcome.state is State.LEFT_OUT for outcome in self.outcomes)


def export(selection: Selection, format: Format, *, language: str, user: Any = None) -> Export:
    """A file with the selected questions, each as its published words in that language are; YAML has them in all
    languages in which they are published, and no drafts. `user`: only pictures that this person may choose (None: all).

    The number of queries doesn't grow with that of questions. Raises ExchangeError for a format that isn't written.
    """
    if format not in WRITTEN:
        raise ExchangeError(
            Remark(_("Files of the format %(format)s are only read, not written."), {"format": format.value})
        )
    outcomes: list[Outcome] = []
    selected = _selected(selection)
    if format is Format.YAML:
        data, outcomes = write_yaml(selected)
        return Export(data, tuple(outcomes))
    album = None
    if format is Format.MOODLE_XML:
        album = Album([key for key, _variants in selected], partial(choosable, user))
    for key, variants in selected:
        own = variants.get(language)
        losses: list[Remark] = []
        try:
            if own is None or not (own.live or selection.drafts):
                raise Unusable(_("It is not published in this language."))
            entry = entry_of(own, key, losses, album)
            (found,) = api.outcomes_of_writing([entry], format)
            if found.state is State.LEFT_OUT:
                outcomes.append(replace(found, name=entry.name or str(key)))
            else:
                outcomes.append(
                    replace(outcome_of(entry, [*losses, *found.remarks]), name=entry.name or str(key))
                )
        except Unusable as error:
            outcomes.append(left_out(error, str(key), 0))
    entries = [outcome.entry for outcome in outcomes if outcome.entry is not None]
    data = api.write(entries, format, allow_losses=True) if entries else b""
    return Export(data, tuple(outcomes))


def _selected(selection: Selection) -> list[tuple[Question, dict[str, Question]]]:
    """The deciding variant of each question, with its variants by language; in the order of the quiz, else of the
    bank.
    """
    categories = {category.pk: category for category in category_tree()}
    found = Question.objects.select_related("locale", "objective").prefetch_related("tags").order_by("pk")  # type: ignore[misc]
    if selection.keys is not None:
        found = found.filter(translation_key__in=selection.keys)
    order: dict[UUID, int] = {}
    if selection.quiz is not None:
        order = {key: place for place, key in enumerate(_keys_of_quiz(selection.quiz))}
        found = found.filter(translation_key__in=order)
    by_key: dict[UUID, list[Question]] = {}
    for question in found:
        if question.category_id is not None:
            question.category = categories[question.category_id]
        by_key.setdefault(question.translation_key, []).append(question)
    within = None if selection.category is None else subtree(selection.category.pk)
    selected = []
    for variants in by_key.values():
        key = min(variants, key=deciding_first)
        if within is not None and key.category_id not in within:
            continue
        if key.retired and selection.keys is None:
            continue
        if not (key.live or selection.drafts):
            continue
        selected.append((key, {variant.locale.language_code: variant for variant in variants}))
    return sorted(selected, key=lambda row: (order.get(row[0].translation_key, 0), row[0].pk))


def deciding_first(question: Question) -> tuple[bool, bool, int]:
    """As everywhere: a published variant decides, in the site's own language, the oldest."""
    return not question.live, question.locale.language_code != settings.LANGUAGE_CODE, question.pk


def _keys_of_quiz(quiz: UUID) -> list[UUID]:
    """What a published quiz asks and may draw, in its order; nothing for one that isn't published."""
    try:
        page = quiz_pages(quiz)[0]
    except QuizNotFound:
        return []
    rows = rows_of(page)
    offered = offered_to(rows)
    drawn = pools(rows, offered)
    keys: dict[UUID, None] = {}
    for place, row in enumerate(rows):
        keys |= dict.fromkeys([row.question] if row.question is not None else drawn.get(place, ()))
    return list(keys)


def category_at(names: Sequence[str]) -> QuestionCategory | None:
    """The category with this path, from the outermost inwards; None where there is none."""
    category: QuestionCategory | None = None
    for name in names:
        category = QuestionCategory.objects.filter(parent=category, name=name).first()
        if category is None:
            return None
    return category

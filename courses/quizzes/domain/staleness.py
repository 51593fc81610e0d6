"""Translations that are older than the original.

A variant remembers the digest of the canonical variant's words as they were when it was published
(`Question.source_digest`). It is stale once they say something else; one that remembers nothing (it was published
before this was kept) counts as fresh. The canonical variant remembers its own, so that a query can compare both.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from courses.quizzes.domain.paper import content_hash
from courses.quizzes.domain.variants import WORDS
from courses.quizzes.models import Question

TEXTS: Final = ("case", "stem", "unit", "accepted", "passage", "hints", "provisions", "feedback")
STREAMS: Final = ("choices", "pairs", "sequence", "rubric")


def words_digest(question: Question) -> str:
    """SHA-256 of everything that is translated; neither points nor what is right."""
    words: dict[str, Any] = {name: getattr(question, name) for name in TEXTS}
    for name in STREAMS:
        words[name] = {
            block["id"]: {word: text for word, text in block["value"].items() if word in WORDS}
            for block in getattr(question, name).get_prep_value()
        }
    return content_hash(words)


def canonical_first(questions: Iterable[Question]) -> list[Question]:
    """Variants of one question, the one in the site's default language first, then by age."""
    return sorted(
        questions, key=lambda question: (question.locale.language_code != settings.LANGUAGE_CODE, question.pk)
    )


def stale_among(variants: Collection[Question]) -> set[str]:
    """The languages whose words are older than the canonical ones; from one question's published variants."""
    if not any(question.source_digest for question in variants):
        return set()
    canonical, *others = canonical_first(variants)
    digest = words_digest(canonical)
    return {
        question.locale.language_code for question in others if question.source_digest not in ("", digest)
    }


@transaction.atomic
def note_publication(question: Question) -> None:
    """Remember which words this variant goes with. Safe to repeat.

    Where it decides from now on, the one that decided so far was what it was translated from, and goes with it.
    """
    variants = _published([question.translation_key])[question.translation_key]
    if not variants:
        return
    canonical = canonical_first(variants)[0]
    digest = words_digest(canonical)
    fresh = {question.pk}
    if canonical.pk == question.pk and question.first_published_at == question.last_published_at:
        fresh.update(
            other.pk
            for other in variants
            if other.pk != question.pk and other.source_digest == words_digest(other)
        )
    Question.objects.filter(pk__in=fresh).exclude(source_digest=digest).update(source_digest=digest)


@transaction.atomic
def note_all_fresh(keys: Collection[UUID]) -> None:
    """Remember that the published variants of these questions say the same: they came together."""
    changed = []
    for variants in _published(keys).values():
        if variants:
            digest = words_digest(canonical_first(variants)[0])
            for question in variants:
                if question.source_digest != digest:
                    question.source_digest = digest
                    changed.append(question)
    if changed:
        Question.objects.bulk_update(changed, ["source_digest"], batch_size=100)


def _published(keys: Collection[UUID]) -> Mapping[UUID, list[Question]]:
    found: dict[UUID, list[Question]] = {key: [] for key in keys}
    for question in Question.objects.filter(translation_key__in=keys, live=True).select_related("locale"):
        found[question.translation_key].append(question)
    return found

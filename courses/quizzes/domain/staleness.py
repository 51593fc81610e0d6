"""Translations that are older than the original.

A variant remembers the digest of the canonical variant's words as they were when it was published
(`Question.source_digest`). It is stale once they say something else; one that remembers nothing (it was published
before this was kept) counts as fresh. The canonical variant remembers its own, so that a query can compare both.
The same goes for scenarios, whose words are their own: a question isn't stale because its case is.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction

from courses.quizzes.domain.paper import content_hash
from courses.quizzes.domain.variants import WORDS
from courses.quizzes.models import Question, Scenario

Translated = TypeVar("Translated", Question, Scenario)

TEXTS: Final = ("case", "stem", "unit", "accepted", "passage", "hints", "provisions", "feedback")
STREAMS: Final = ("choices", "pairs", "sequence", "rubric")
# Left out of the digest where there are none, so that it stays what it was before there were pictures.
PICTURES: Final = "pictures"


def words_digest(question: Question | Scenario) -> str:
    """SHA-256 of everything that is translated; neither points nor what is right."""
    if isinstance(question, Scenario):
        return content_hash({"title": question.title, "text": question.text})
    words: dict[str, Any] = {name: getattr(question, name) for name in TEXTS}
    for name in STREAMS:
        words[name] = _words_by_block(question, name)
    if pictures := _words_by_block(question, PICTURES):
        words[PICTURES] = pictures
    return content_hash(words)


def _words_by_block(question: Question, name: str) -> dict[str, dict[str, str]]:
    return {
        block["id"]: {
            word: text for word, text in block["value"].items() if word in WORDS and (text or word != "alt")
        }
        for block in getattr(question, name).get_prep_value()
    }


def canonical_first(questions: Iterable[Translated]) -> list[Translated]:
    """Variants of one question or scenario, the one in the site's default language first, then by age."""
    return sorted(
        questions, key=lambda question: (question.locale.language_code != settings.LANGUAGE_CODE, question.pk)
    )


def stale_among(variants: Collection[Translated]) -> set[str]:
    """The languages whose words are older than the canonical ones; from the published variants of one question, or of
    one scenario.
    """
    if not any(question.source_digest for question in variants):
        return set()
    canonical, *others = canonical_first(variants)
    digest = words_digest(canonical)
    return {
        question.locale.language_code for question in others if question.source_digest not in ("", digest)
    }


@transaction.atomic
def note_publication(question: Translated) -> None:
    """Remember which words this variant goes with. Safe to repeat.

    Where it decides from now on, the one that decided so far was what it was translated from, and goes with it.
    """
    variants = _published(type(question), [question.translation_key])[question.translation_key]
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
    published = type(question).objects.filter(pk__in=fresh)
    published.exclude(source_digest=digest).update(source_digest=digest)


@transaction.atomic
def note_all_fresh(model: type[Translated], keys: Collection[UUID]) -> None:
    """Remember that the published variants with these keys say the same: they came together."""
    changed = []
    for variants in _published(model, keys).values():
        if variants:
            digest = words_digest(canonical_first(variants)[0])
            for question in variants:
                if question.source_digest != digest:
                    question.source_digest = digest
                    changed.append(question)
    if changed:
        model.objects.bulk_update(changed, ["source_digest"], batch_size=100)


def _published(model: type[Translated], keys: Collection[UUID]) -> Mapping[UUID, list[Translated]]:
    found: dict[UUID, list[Translated]] = {key: [] for key in keys}
    for variant in model.objects.filter(translation_key__in=keys, live=True).select_related("locale"):
        found[variant.translation_key].append(variant)
    return found

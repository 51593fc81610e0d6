"""The questions of a quiz go with its page when it is given to translators."""

import contextlib
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Locale
from wagtail_localize.models import Translation, TranslationSource

from courses.quizzes.domain.composition import offered_to, published_variants, row_of
from courses.quizzes.domain.staleness import canonical_first
from courses.quizzes.models import Question, QuizPage


@transaction.atomic
def translate_questions(page: QuizPage, locale: Locale) -> None:
    """Give the questions of a page to the translators of a language, as drafts, and bring those that they have
    already up to the questions' words of today. Safe to repeat.

    A question is translated from the page's own language, or from the one it was written in. One that exists in
    the language without translators' help (brought by a package, say) is left as it is, and so is a question
    that isn't finished: it follows when the page is given or synchronised again.
    """
    for question in _sources(page):
        if question.locale_id == locale.pk:
            continue
        given = Translation.objects.filter(source__object_id=question.translation_key, target_locale=locale)
        if translation := given.select_related("source").first():
            if translation.enabled:
                TranslationSource.update_or_create_from_instance(translation.source.get_source_instance())
        elif not Question.objects.filter(translation_key=question.translation_key, locale=locale).exists():
            with contextlib.suppress(ValidationError), transaction.atomic():
                source, _created = TranslationSource.update_or_create_from_instance(question)
                Translation.objects.create(source=source, target_locale=locale).save_target(publish=False)


def _sources(page: QuizPage) -> list[Question]:
    """Each question that a page names or may draw once, in the page's language where it exists there."""
    items = list(page.items.select_related("question"))
    drawn = published_variants(offered_to([row for row in map(row_of, items) if row.is_draw]))
    named: dict[UUID, Question] = {
        key: canonical_first(variants)[0] for key, variants in drawn.items() if variants
    }
    named |= {item.question.translation_key: item.question for item in items if item.question}
    own = Question.objects.filter(translation_key__in=named, locale_id=page.locale_id)
    return list({**named, **{question.translation_key: question for question in own}}.values())

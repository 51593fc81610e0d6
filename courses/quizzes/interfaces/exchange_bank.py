"""What the bank knows of the questions of a file."""

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from wagtail.models import Locale

from courses.plugin_api.packages import is_uuid, key_for
from courses.plugin_api.pages import package_id_validator
from courses.quizzes.interfaces.exchange_candidates import Candidate
from courses.quizzes.models import LearningObjective, Question

MAX_ID = 100


def question_key(identifier: str) -> uuid.UUID:
    """The translation key of a question with this id in files; the same for ever and everywhere."""
    if is_uuid(identifier) or is_package_id(identifier):
        return key_for(identifier)
    return key_for(f"question {identifier}")


def is_package_id(identifier: str) -> bool:
    try:
        package_id_validator(identifier)
    except ValidationError:
        return False
    return len(identifier) <= MAX_ID


class Bank:
    """What the bank knows of the questions of a file, asked once."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        candidates = list(candidates)
        keys = [question_key(one.identifier) for one in candidates if one.identifier]
        self._variants: dict[uuid.UUID, list[Question]] = {}
        found = Question.objects.filter(translation_key__in=keys).select_related("locale", "latest_revision")
        for variant in found if keys else ():
            self._variants.setdefault(variant.translation_key, []).append(variant)
        self.locales = {locale.language_code: locale for locale in Locale.objects.all()}
        stems = {
            fields.words["stem"]
            for one in candidates
            if not one.identifier
            for fields in one.variants.values()
        }
        self._stems = (
            set(Question.objects.filter(stem__in=stems).values_list("stem", "locale__language_code"))
            if stems
            else set()
        )
        tested = {key_for(one.objective) for one in candidates if one.objective}
        self.objectives = (
            {row.key: row for row in LearningObjective.objects.filter(key__in=tested)} if tested else {}
        )
        # The ids that this file used already.
        self.used: set[uuid.UUID] = set()

    def variants_of(self, key: uuid.UUID) -> list[Question]:
        """The latest draft of each variant, the deciding one first."""
        return [latest(variant) for variant in sorted(self._variants.get(key, ()), key=_deciding)]

    def has_twin(self, candidate: Candidate) -> bool:
        return not candidate.identifier and any(
            (fields.words["stem"], language) in self._stems for language, fields in candidate.variants.items()
        )


def latest(question: Question) -> Question:
    """The question as its latest draft has it."""
    draft: Question = question.get_latest_revision_as_object() if question.latest_revision_id else question
    return draft


def _deciding(question: Question) -> tuple[bool, bool, int]:
    """As everywhere: a published variant, in the site's own language, the oldest."""
    return not question.live, question.locale.language_code != settings.LANGUAGE_CODE, question.pk

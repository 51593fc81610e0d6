"""What a quiz of a course package brings into the bank: objectives, scenarios, categories, questions and their tags."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from wagtail.models import Locale

from courses.plugin_api.package_pages import assign
from courses.plugin_api.packages import key_for
from courses.quizzes.domain.drawing import folded
from courses.quizzes.domain.staleness import canonical_first, note_all_fresh
from courses.quizzes.interfaces.package import Ask, ObjectiveEntry, QuizEntry, ScenarioEntry
from courses.quizzes.interfaces.package_bank import Around, values_of
from courses.quizzes.interfaces.package_questions import QuestionEntry
from courses.quizzes.models import (
    LearningObjective,
    Question,
    QuestionCategory,
    QuestionTag,
    QuizItem,
    Scenario,
)


class Bank:
    """The bank while one quiz is brought; what is equal stays. `image_id`: the image of a path of the package."""

    def __init__(self, locales: Mapping[str, Locale], user: Any, image_id: Callable[[str], int]) -> None:
        self.locales = locales
        self.user = user
        self.image_id = image_id
        self.objectives: dict[str, LearningObjective] = {}
        # The variant that decides: what a question is about is the same in every language.
        self.scenarios: dict[str, Scenario] = {}
        self.categories: dict[tuple[str, ...], QuestionCategory] = {}
        self.questions: dict[tuple[str, str], Question] = {}

    def save(self, entry: QuizEntry) -> None:
        """Everything that the quiz names. All languages of a question or scenario then count as saying the same."""
        self._save_objectives(entry.objectives)
        self._save_scenarios(entry.scenarios)
        for names in [
            *(question.category for question in entry.questions),
            *(ask.category for ask in entry.asks),
        ]:
            self._category(names)
        self._save_questions(entry.questions)

    def item(self, ask: Ask, language: str, order: int) -> QuizItem:
        """What a page of the quiz asks at one place; not saved."""
        return QuizItem(
            question=self.questions[ask.question, language] if ask.question else None,
            draw_objective=self.objectives[ask.objective] if ask.objective else None,
            draw_category=self._category(ask.category),
            draw_tag=ask.tag,
            draw_difficulty=ask.difficulty,
            draw_count=ask.count,
            section=dict(ask.section or {}),
            sort_order=order,
        )

    def _save_objectives(self, entries: Sequence[ObjectiveEntry]) -> None:
        keys = {objective.id: key_for(objective.id) for objective in entries}
        known = {row.key: row for row in LearningObjective.objects.filter(key__in=keys.values())}
        for objective in entries:
            row = known.get(keys[objective.id]) or LearningObjective(key=keys[objective.id])
            values = {
                "statement": dict(objective.statement),
                "lesson_key": key_for(objective.lesson) if objective.lesson else None,
                "critical": objective.critical,
                "package_id": objective.id,
            }
            if assign(row, values) or row.pk is None:
                row.save()
            self.objectives[objective.id] = row

    def _category(self, names: tuple[str, ...]) -> QuestionCategory | None:
        """The category with this path, made where it is missing."""
        if not names:
            return None
        if names not in self.categories:
            above = self._category(names[:-1])
            self.categories[names], _new = QuestionCategory.objects.get_or_create(
                parent=above, name=names[-1]
            )
        return self.categories[names]

    def _save_scenarios(self, entries: Sequence[ScenarioEntry]) -> None:
        keys = [key_for(scenario.id) for scenario in entries]
        known = self._variants(Scenario, keys)
        for scenario in entries:
            key, variants = key_for(scenario.id), []
            for language, locale in self.locales.items():
                variant = known.get((key, language)) or Scenario(
                    translation_key=key, locale=locale, live=False
                )
                values = {
                    "title": scenario.title[language],
                    "text": scenario.text[language],
                    "package_id": scenario.id,
                }
                if assign(variant, values) or not variant.live:
                    self._publish(variant)
                variants.append(variant)
            self.scenarios[scenario.id] = canonical_first(variants)[0]
        note_all_fresh(Scenario, keys)

    def _save_questions(self, entries: Sequence[QuestionEntry]) -> None:
        keys = [key_for(question.id) for question in entries]
        known = self._variants(Question, keys)
        for question in entries:
            key = key_for(question.id)
            for language, locale in self.locales.items():
                variant = known.get((key, language)) or Question(
                    translation_key=key, locale=locale, live=False
                )
                around = Around(
                    self.objectives[question.objective] if question.objective else None,
                    self.scenarios[question.scenario] if question.scenario else None,
                    self._category(question.category),
                    self.image_id,
                )
                if assign(variant, values_of(question, language, around)) or not variant.live:
                    self._publish(variant)
                self.questions[question.id, language] = variant
            # Tags count on the variant that decides.
            self._tag(
                canonical_first(self.questions[question.id, code] for code in self.locales)[0], question.tags
            )
        note_all_fresh(Question, keys)

    def _variants(self, model: type[Any], keys: Sequence[UUID]) -> dict[tuple[UUID, str], Any]:
        languages = {locale.pk: language for language, locale in self.locales.items()}
        found = model.objects.filter(translation_key__in=keys, locale__in=list(languages))
        if model is Question:
            found = found.select_related("objective", "scenario", "category").prefetch_related("tags")
        return {
            (row.translation_key, languages[row.locale_id]): row for row in found.select_related("locale")
        }

    def _publish(self, variant: Question | Scenario) -> None:
        if variant.pk is None:
            variant.save()
        revision = variant.save_revision(user=self.user, clean=False)
        revision.publish(user=self.user, skip_permission_checks=True)

    def _tag(self, question: Question, names: Sequence[str]) -> None:
        """Tags are the same whatever their capital letters."""
        if {folded(tag.name) for tag in question.tags.all()} == set(map(folded, names)):
            return
        tags = []
        for name in names:
            found = QuestionTag.objects.filter(name__iexact=name).first()
            tags.append(found or QuestionTag.objects.create(name=name))
        question.tags.set(tags)

"""Quizzes listen to Wagtail: a published question or scenario remembers which words it goes with. And to
wagtail-localize: a page given to translators takes its questions along.
"""

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models.signals import post_migrate, post_save
from django.dispatch import receiver
from wagtail.signals import published
from wagtail_localize.models import Translation, TranslationSource

from courses.accounts.api import TRAINERS_GROUP, ensure_trainers_group
from courses.domain.variants import rules_variant
from courses.quizzes.domain.filing import share_filing
from courses.quizzes.domain.second_reader import ensure_second_reader
from courses.quizzes.domain.staleness import note_publication
from courses.quizzes.domain.translating import translate_questions
from courses.quizzes.models import Question, QuizPage, Scenario


@receiver(published, sender=Question, dispatch_uid="courses_quizzes.question_published")
@receiver(published, sender=Scenario, dispatch_uid="courses_quizzes.scenario_published")
def on_words_published(sender: Any, instance: Question | Scenario, **kwargs: Any) -> None:
    """Translators' work, a trainer's or a schedule's: from here on it goes with the words of today."""
    note_publication(instance)


@receiver(post_save, sender=Translation, dispatch_uid="courses_quizzes.translation")
def on_given_to_translators(sender: Any, instance: Translation, **kwargs: Any) -> None:
    if instance.enabled and instance.source.specific_content_type.model_class() is QuizPage:
        translate_questions(instance.source.get_source_instance(), instance.target_locale)


@receiver(post_save, sender=TranslationSource, dispatch_uid="courses_quizzes.translation_source")
def on_synchronised(sender: Any, instance: TranslationSource, created: bool, **kwargs: Any) -> None:
    """'Sync translated pages': questions that were added since follow, and changed words are offered."""
    if created or instance.specific_content_type.model_class() is not QuizPage:
        return
    page = instance.get_source_instance()
    for translation in instance.translations.filter(enabled=True).select_related("target_locale"):
        translate_questions(page, translation.target_locale)


@receiver(published, sender=Question, dispatch_uid="courses_quizzes.filing")
def on_published_filing(sender: Any, instance: Question, **kwargs: Any) -> None:
    """Category, difficulty and the like of the deciding variant hold in all languages."""
    if rules_variant(instance) is None:
        share_filing(instance)


@receiver(post_save, sender=Group, dispatch_uid="courses_quizzes.second_reader")
def on_trainers_group(sender: Any, instance: Group, created: bool, raw: bool, **kwargs: Any) -> None:
    """Where there are trainers, questions have a second reader."""
    if created and not raw and instance.name == TRAINERS_GROUP:
        ensure_second_reader(instance)


@receiver(post_migrate, sender=apps.get_app_config("auth"), dispatch_uid="courses_quizzes.rights_of_trainers")
def on_migrated(sender: Any, using: str, **kwargs: Any) -> None:
    """Trainers that there are already get the rights of a new version. After `auth`, which comes last of those with
    rights: by then those of all apps exist.
    """
    group = Group.objects.using(using).filter(name=TRAINERS_GROUP).first()
    if group is not None:
        ensure_trainers_group()
        ensure_second_reader(group)

"""Everything that quizzes and questions hold travels in course packages, whatever is added to them later.

The models are looked through: a field that no row here gives a value of its own fails, and so does one that is
different once a package was exported, everything deleted, and the package imported again.
"""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.models import Locale

from courses.interfaces.packages.exporter import export_course
from courses.interfaces.packages.writer import write_package
from courses.models import CoursePage, PackageRecord
from courses.plugin_api.packages import key_for
from courses.quizzes.interfaces.package_bank import choice_key, picture_key
from courses.quizzes.interfaces.package_rules import RULES as WRITTEN_RULES
from courses.quizzes.models import (
    LearningObjective,
    Question,
    QuestionCategory,
    QuestionTag,
    QuizItem,
    QuizPage,
    Scenario,
)
from courses.quizzes.models.quiz import RULES
from courses.quizzes.types.base import question_types
from tests.courses.interfaces.packages.sample import write_sample
from tests.courses.interfaces.packages.trees import PICTURES, bring, content, picture
from tests.factories.quizzes import make_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

LANGUAGES = ("ar", "fr")
STREAMS = ("pictures", "choices", "pairs", "sequence", "rubric")
# What stays behind, and why.
_PUBLISHING = "of this site's own workflow and history"
LEFT: dict[type[models.Model], dict[str, str]] = {
    Question: {
        "id": "a row's number is its site's",
        **dict.fromkeys(
            (
                "live",
                "has_unpublished_changes",
                "first_published_at",
                "last_published_at",
                "go_live_at",
                "expire_at",
                "expired",
                "live_revision",
                "latest_revision",
            ),
            _PUBLISHING,
        ),
        "retired": "a package holds what is asked; a retired question isn't",
        "author": "a person of the site",
        "source_digest": "computed at publication: languages that came together say the same",
    },
    Scenario: {},
    LearningObjective: {"id": "a row's number is its site's"},
    QuestionCategory: {"id": "a row's number is its site's"},
    QuizItem: {
        "id": "a row's number is its site's",
        "page": "told by the file it stands in",
        "sort_order": "their order is that of the file",
    },
    QuizPage: {
        "page_ptr": "the core's part",
        "package_id": "the core's part",
    },
}
LEFT[Scenario] = {name: why for name, why in LEFT[Question].items() if name not in ("retired", "author")}
OPENS = datetime.datetime(2026, 3, 1, 8, 30, tzinfo=datetime.UTC)
MOMENTS = {"opens_at": OPENS, "closes_at": OPENS + datetime.timedelta(days=30)}


def fields_of(model: type[models.Model]) -> list[models.Field]:
    """The fields whose values a package must bring back."""
    fields = model._meta.local_concrete_fields
    return [field for field in fields if field.name not in LEFT[model]]


def held(row: models.Model, field: models.Field) -> Any:
    """A value that can be compared across databases."""
    value = getattr(row, field.name)
    if isinstance(field, StreamField):
        return [with_hash(block) for block in value.get_prep_value()]
    if isinstance(value, Locale):
        return value.language_code
    if isinstance(value, LearningObjective):
        return value.key
    if isinstance(value, Question | Scenario):
        return value.translation_key
    return str(value) if isinstance(value, QuestionCategory) else value


def with_hash(block: dict[str, Any]) -> dict[str, Any]:
    """A block with the file of its picture in place of the image's number, and nothing where it says nothing."""
    value = dict(block["value"])
    for name in ("image", "picture"):
        if value.get(name):
            value[name] = get_image_model().objects.get(pk=value[name]).file_hash
    return {**block, "value": {name: one for name, one in value.items() if one not in ("", None)}}


def rows_of(model: type[models.Model]) -> list[models.Model]:
    if model is QuizPage:
        return list(QuizPage.objects.filter(translation_key=key_for("T-M1-QUIZ")))
    if model is QuizItem:
        items = QuizItem.objects.filter(page__translation_key=key_for("T-M1-QUIZ"))
        return list(items.order_by("page__locale__language_code", "sort_order"))
    found = model.objects.all()
    return list(found.filter(package_id__startswith="W-") if hasattr(model, "package_id") else found)


def snapshot() -> dict[str, list[Any]]:
    """Every row that travels, by model."""
    found: dict[str, list[Any]] = {
        model.__name__: [
            {field.name: held(row, field) for field in fields_of(model)} for row in rows_of(model)
        ]
        for model in LEFT
    }
    for name, rows in found.items():
        if name != "QuizItem":
            rows.sort(key=repr)
    deciding = Question.objects.filter(package_id__startswith="W-", locale__language_code="fr")
    found["tags"] = sorted(repr((row.package_id, sorted(row.tags.names()))) for row in deciding)
    return found


def unusual(field: models.Field) -> Any:
    """A value that the field doesn't have by itself."""
    if field.name in MOMENTS:
        return MOMENTS[field.name]
    usual = field.get_default()
    if field.choices:
        allowed = [value for value, _words in field.choices if value != usual]
        # 'During' lets feedback be told at once, which its mode asks for.
        return "during" if field.name == "show_verdicts" else allowed[-1]
    return not usual if isinstance(field, models.BooleanField) else usual + 7


@pytest.fixture
def folder(tmp_path):
    """The sample, whose first quiz was rewritten on the site until nothing in it is as usual."""
    bring(write_sample(tmp_path / "in", PICTURES))
    image = get_image_model().objects.create(
        title="A stamp", file=ImageFile(SimpleUploadedFile("stamp.png", picture("green")), name="stamp.png")
    )
    image._set_image_file_metadata()
    image.save()
    questions = bank(image.pk)
    pages = QuizPage.objects.filter(translation_key=key_for("T-M1-QUIZ"))
    values = {name: unusual(QuizPage._meta.get_field(name)) for name in RULES}
    values |= {"required": False, "estimated_minutes": 44, "law_checked_to": datetime.date(2026, 1, 15)}
    pages.update(**values)
    objective, category = LearningObjective.objects.get(), QuestionCategory.objects.get(name="Dons")
    for page in pages:
        language = page.locale.language_code
        QuizItem.objects.filter(page=page).delete()
        for order, variants in enumerate(questions[:-2]):
            section = {"ar": "باب", "fr": "Une partie"} if order == 2 else {}
            QuizItem.objects.create(page=page, question=variants[language], sort_order=order, section=section)
        QuizItem.objects.create(
            page=page,
            draw_count=2,
            draw_objective=objective,
            draw_category=category.parent,
            draw_tag="argent",
            draw_difficulty="hard",
            sort_order=len(questions),
        )
    return tmp_path


def bank(image: int) -> list[dict[str, Question]]:
    """A question of each type that there is, and two more to draw from, with everything that they can say."""
    law = QuestionCategory.objects.create(name="Droit")
    category = QuestionCategory.objects.create(name="Dons", parent=law)
    objective = LearningObjective.objects.create(
        key=key_for("W-O1"),
        package_id="W-O1",
        statement={"ar": "هدف", "fr": "Un objectif"},
        lesson_key=key_for("T-M1-L1"),
        critical=True,
    )
    scenarios = {
        language: Scenario.objects.create(
            translation_key=key_for("W-S1"),
            package_id="W-S1",
            locale=Locale.objects.get(language_code=language),
            title=f"Case {language}",
            text=f"First line {language}\n\nSecond {language}",
        )
        for language in LANGUAGES
    }
    made = []
    kinds = [kind.key for kind in question_types]
    for number, kind in enumerate([*kinds, "true_false", "multiple_choice"], start=1):
        identifier = f"W-Q{number}"
        correct = (0, 2) if kind == "multiple_choice" else (1,)
        variants = make_question(
            kind,
            languages=LANGUAGES,
            translation_key=key_for(identifier),
            package_id=identifier,
            correct=correct,
            points=number,
            facts=["F-1", "F-2"],
            difficulty="hard",
            category=category,
            objective=objective,
            scenario=scenarios["fr"],
        )
        for language, question in variants.items():
            complete(question, language, image)
        tags = [QuestionTag.objects.get_or_create(name=name)[0] for name in ("argent", "virement")]
        variants["fr"].tags.set(tags)
        made.append(variants)
    return made


def complete(question: Question, language: str, image: int) -> None:
    """What the factory leaves out."""
    question.case = f"Case {language}\nof two lines"
    question.hints = f"Hint {language}\nAnother"
    question.provisions = f"Art. 1 {language}\nArt. 2"
    own = question_types[question.type].uses
    if "choice_scoring" in own:
        question.choice_scoring = "penalised"
    if "partial_credit" in own:
        question.partial_credit = False
    if question.type == "numeric":
        question.tolerance = Decimal("0.5")
    if question.type == "true_false":
        question.statement_is_true = False
    for name in STREAMS:
        blocks = getattr(question, name).get_prep_value()
        for block in blocks:
            block["id"] = choice_key(question.package_id, block["value"]["package_id"])
        if name == "choices" and blocks:
            blocks[1]["value"] |= {"picture": image, "alt": f"Choice in words {language}"}
        setattr(question, name, blocks)
    question.pictures = [
        {
            "type": "picture",
            "id": picture_key(question.package_id, "p1"),
            "value": {"image": image, "alt": f"In words {language}", "package_id": "p1"},
        }
    ]
    question.save()


def forget_everything() -> None:
    """As on a site that never saw the course."""
    CoursePage.objects.get(translation_key=key_for("T"), locale__language_code="fr").delete()
    for course in CoursePage.objects.filter(translation_key=key_for("T")):
        course.delete()
    for model in (Question, Scenario, LearningObjective, QuestionTag, PackageRecord, get_image_model()):
        model.objects.all().delete()
    while QuestionCategory.objects.exists():
        # Those that others lie in are protected by them.
        QuestionCategory.objects.filter(children__isnull=True).delete()


@pytest.mark.parametrize("model", LEFT, ids=lambda model: model.__name__)
def test_every_field_has_a_value_of_its_own_here(folder, model):
    """Whoever adds a field gives it one above, or says in `LEFT` why it stays behind."""
    rows = rows_of(model)
    as_usual = [
        field.name
        for field in fields_of(model)
        if all(held(row, field) in (usual_of(field), None, "", []) for row in rows)
    ]
    assert as_usual == []
    assert set(LEFT[model]) <= {field.name for field in model._meta.local_concrete_fields}


def usual_of(field: models.Field) -> Any:
    return field.get_default() if field.has_default() else None


@pytest.mark.parametrize("name", STREAMS)
def test_every_part_of_a_block_has_a_value_here(folder, name):
    stream = Question._meta.get_field(name).stream_block
    blocks = [
        block
        for question in Question.objects.filter(package_id__startswith="W-")
        for block in getattr(question, name).get_prep_value()
    ]
    for kind, block in stream.child_blocks.items():
        told = {
            part for one in blocks if one["type"] == kind for part, value in one["value"].items() if value
        }
        assert told == set(block.child_blocks), f"{kind}: give each part a value"


def test_every_rule_of_a_quiz_is_written_with_the_page_s_own_limits():
    assert {*WRITTEN_RULES, "pass_mark", "max_attempts"} == set(RULES)
    for name, rule in WRITTEN_RULES.items():
        field = QuizPage._meta.get_field(name)
        assert rule.usual == field.get_default(), name
        if hasattr(rule, "most"):
            assert next(one.limit_value for one in field.validators if one.code == "max_value") == rule.most
        if hasattr(rule, "allowed"):
            assert rule.allowed == tuple(value for value, _words in field.choices)


def test_what_is_exported_comes_back_whole_on_an_empty_site(folder):
    before = snapshot()
    write_package(export_course("T"), folder / "first")
    forget_everything()
    assert not any(rows for rows in snapshot().values())

    bring(folder / "first")
    after = snapshot()
    for name, rows in before.items():
        for old, new in zip(rows, after[name], strict=True):
            assert new == old, name
    write_package(export_course("T"), folder / "second")
    assert content(folder / "second") == content(folder / "first")
    assert bring(folder / "second").changed is False
    for question in Question.objects.filter(live=True):
        question.full_clean()


def test_what_a_package_says_no_more_is_as_usual_again(folder):
    """A package is the whole: without the keys the rules are the usual ones."""
    write_package(export_course("T"), folder / "out")
    path = folder / "out/modules/01-money/quiz.yaml"
    kept = [line for line in path.read_text().splitlines() if line.partition(":")[0] not in WRITTEN_RULES]
    path.write_text("\n".join(kept) + "\n")
    bring(folder / "out")
    for page in rows_of(QuizPage):
        assert {name: getattr(page, name) for name in WRITTEN_RULES} == {
            name: rule.usual for name, rule in WRITTEN_RULES.items()
        }

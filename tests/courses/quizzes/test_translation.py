"""Quizzes and questions through wagtail-localize."""

from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from courses.quizzes.domain.composition import freeze_quiz
from courses.quizzes.models import Question, QuizItem, QuizPage
from tests.factories.quizzes import make_question


def translate(instance, locale, **words):
    """Translate every string of `instance` into `locale`; `words` maps originals to translations."""
    source, _created = TranslationSource.get_or_create_from_instance(instance)
    translation, _created = Translation.objects.get_or_create(source=source, target_locale=locale)
    for segment in source.stringsegment_set.select_related("string", "context"):
        text = segment.string.data
        StringTranslation.objects.get_or_create(
            translation_of=segment.string,
            locale=locale,
            context=segment.context,
            defaults={"data": words.get(text, f"ar {text}")},
        )
    translation.save_target()


def test_a_translated_quiz_keeps_keys_choices_and_scoring(course, locales):
    french = make_question("single_choice", languages=("fr",), case="Situation")["fr"]
    number = make_question("numeric", languages=("fr",))["fr"]
    parent = course.modules["fr"][0]
    page = QuizPage(
        title="Test", slug="test", locale=locales.fr, intro="Deux questions", pass_mark=60, max_attempts=4
    )
    parent.add_child(instance=page)
    for order, question in enumerate((french, number)):
        QuizItem.objects.create(page=page, question=question, sort_order=order)
    page = QuizPage.objects.get(pk=page.pk)
    page.save_revision().publish()

    for instance in (french, number, QuizPage.objects.get(pk=page.pk)):
        translate(instance, locales.ar, Test="اختبار")

    arabic_page = QuizPage.objects.get(locale=locales.ar)
    arabic = Question.objects.get(locale=locales.ar, type="single_choice")
    assert (arabic_page.translation_key, arabic_page.title) == (page.translation_key, "اختبار")
    assert (arabic_page.pass_mark, arabic_page.max_attempts, arabic_page.intro) == (
        60,
        4,
        "ar Deux questions",
    )
    assert [item.question.translation_key for item in arabic_page.items.all()] == [
        french.translation_key,
        number.translation_key,
    ]
    assert (arabic.translation_key, arabic.case) == (french.translation_key, "ar Situation")
    assert [(block.id, block.value["correct"], block.value["package_id"]) for block in arabic.choices] == [
        (block.id, block.value["correct"], block.value["package_id"]) for block in french.choices
    ]
    assert [block.value["text"] for block in arabic.choices] == [f"ar Choice {n} fr" for n in range(3)]
    arabic_number = Question.objects.get(locale=locales.ar, type="numeric")
    assert (arabic_number.number, arabic_number.unit) == (number.number, "ar days fr")

    paper = freeze_quiz(page.translation_key).load()
    assert [sorted(question.texts) for question in paper.questions] == [["ar", "fr"], ["ar", "fr"]]


def test_nothing_but_words_is_offered_for_translation(locales):
    question = make_question("multiple_choice", languages=("fr",), correct=(0, 2), package_id="JUR-Q1")["fr"]
    source, _created = TranslationSource.get_or_create_from_instance(question)
    paths = {
        segment.context.path.split(".")[-1] for segment in source.stringsegment_set.select_related("context")
    }
    assert paths == {"stem", "feedback", "text"}
    assert source.overridablesegment_set.count() == 0

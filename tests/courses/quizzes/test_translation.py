"""Quizzes and questions through wagtail-localize."""

from wagtail.models import Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource
from wagtail_localize.operations import translate_object

from courses.quizzes.domain.composition import freeze_quiz
from courses.quizzes.domain.translating import translate_questions
from courses.quizzes.models import Question, QuizItem, QuizPage
from tests.courses.quizzes.test_pictures import illustrate, make_image
from tests.factories.accounts import make_administrator
from tests.factories.quizzes import make_objective, make_question


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
        title="Test",
        slug="test",
        locale=locales.fr,
        intro="Deux questions",
        pass_mark=60,
        max_attempts=4,
        live=False,
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


def french_quiz(course, *questions):
    """A published quiz that exists in French only."""
    page = QuizPage(title="Test", slug="test", locale=course.modules["fr"][0].locale, live=False)
    page.items = [QuizItem(question=question, sort_order=order) for order, question in enumerate(questions)]
    parent = Page.objects.get(pk=course.modules["fr"][0].pk).specific
    parent.add_child(instance=page)
    page.save_revision().publish()
    return QuizPage.objects.get(pk=page.pk)


def variant(question, locale):
    return Question.objects.filter(translation_key=question.translation_key, locale=locale).first()


def test_translating_a_quiz_gives_its_questions_to_the_translators_too(client, course, locales):
    choice = make_question("single_choice", languages=("fr",))["fr"]
    number = make_question("numeric", languages=("fr",))["fr"]
    by_package = make_question("true_false", languages=("fr", "ar"))
    page = french_quiz(course, choice, number, by_package["fr"])
    client.force_login(make_administrator())

    response = client.post(f"/admin/localize/submit/page/{page.pk}/", {"locales": [locales.ar.pk]})

    assert response.status_code == 302
    assert QuizPage.objects.filter(locale=locales.ar, translation_key=page.translation_key).exists()
    given = Translation.objects.filter(target_locale=locales.ar, enabled=True)
    assert set(given.values_list("source__object_id", flat=True)) == {
        page.translation_key,
        choice.translation_key,
        number.translation_key,
    }
    # As drafts, in the original's words, with its key.
    arabic = variant(choice, locales.ar)
    assert (arabic.live, arabic.stem, arabic.points) == (False, choice.stem, choice.points)
    assert [(block.id, block.value["correct"]) for block in arabic.choices] == [
        (block.id, block.value["correct"]) for block in choice.choices
    ]
    assert variant(by_package["fr"], locales.ar).stem == by_package["ar"].stem
    assert variant(choice, locales.en) is None
    # A translator finds the question's words to translate.
    assert client.get(f"/admin/snippets/courses_quizzes/question/edit/{arabic.pk}/").status_code == 200


def test_synchronising_a_quiz_takes_new_questions_and_changed_words_along(client, course, locales):
    first = make_question("numeric", languages=("fr",))["fr"]
    added = make_question("numeric", languages=("fr",))["fr"]
    page = french_quiz(course, first)
    translate_object(page, [locales.ar])
    QuizItem.objects.create(page=page, question=added, sort_order=1)
    Question.objects.filter(pk=first.pk).update(stem="Une autre question ?")
    client.force_login(make_administrator())

    source = TranslationSource.objects.get_for_instance(page)
    response = client.post(f"/admin/localize/update/{source.pk}/", {})

    assert response.status_code == 302
    assert variant(added, locales.ar) is not None
    words = TranslationSource.objects.get_for_instance(first).stringsegment_set
    assert "Une autre question ?" in words.values_list("string__data", flat=True)


def test_an_unfinished_question_stays_behind_without_stopping_the_quiz(course, locales):
    ready = make_question("numeric", languages=("fr",))["fr"]
    unfinished = make_question("numeric", languages=("fr",), number=None, live=False)["fr"]
    page = french_quiz(course, ready, unfinished)

    translate_object(page, [locales.ar])

    assert (variant(ready, locales.ar) is None, variant(unfinished, locales.ar)) == (False, None)
    assert not Translation.objects.filter(source__object_id=unfinished.translation_key).exists()


def test_questions_that_a_quiz_may_draw_go_to_the_translators_too(course, locales):
    objective = make_objective()
    drawn = make_question("numeric", languages=("fr",), objective=objective)["fr"]
    quiz = french_quiz(course, make_question("true_false", languages=("fr",))["fr"])
    QuizItem.objects.create(page=quiz, draw_count=1, draw_objective=objective)
    translate_questions(QuizPage.objects.get(pk=quiz.pk), locales.ar)
    given = Question.objects.get(locale=locales.ar, type="numeric")
    assert (given.translation_key, given.live) == (drawn.translation_key, False)


def test_the_words_of_a_picture_are_translated_and_the_picture_stays(locales):
    question = make_question("single_choice", languages=("fr",))["fr"]
    image = make_image()
    illustrate({"fr": question}, image, alts={"fr": "Un reçu"}, choice=image)
    question = Question.objects.get(pk=question.pk)
    source, _created = TranslationSource.get_or_create_from_instance(question)
    assert source.overridablesegment_set.count() == 0
    translate(question, locales.ar)
    arabic = Question.objects.get(locale=locales.ar)
    [picture] = arabic.pictures
    assert (picture.value["image"], picture.value["alt"]) == (image, "ar Un reçu")
    assert arabic.choices[1].value["picture"] == image
    assert arabic.choices[1].value["alt"] == "ar A cheque fr"
    assert arabic.choices[0].value["picture"] is None

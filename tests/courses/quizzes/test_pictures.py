"""Pictures of questions: wherever a question is shown, with their words, small enough for a phone."""

import re
from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image as PILImage
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction

from courses.quizzes.blocks import ChoiceBlock
from courses.quizzes.domain.attempts import save_answer, submit
from courses.quizzes.domain.composition import freeze_quiz
from courses.quizzes.domain.objections import contest
from courses.quizzes.domain.staleness import words_digest
from courses.quizzes.models import Attempt
from tests.factories.quizzes import choice_id, make_question, make_quiz, start_quiz, take_quiz

IMG = re.compile(r"<img[^>]*class=\"question__picture\"[^>]*>")


def make_image(title="Receipt", size=(1200, 800), colour="green"):
    buffer = BytesIO()
    PILImage.new("RGB", size, colour).save(buffer, "PNG")
    buffer.seek(0)
    image = get_image_model()(title=title, file=ImageFile(buffer, name=f"{title}.png"))
    image._set_image_file_metadata()
    image.save()
    return image


def illustrate(variants, image, *, alts=None, choice=None):
    """A picture under the text, and one in the second choice; by default in words of each language."""
    for language, question in variants.items():
        alt = (alts or {}).get(language, f"A receipt {language}") if alts is None or language in alts else ""
        key = question.translation_key
        value = {"image": image.pk, "alt": alt, "package_id": ""}
        question.pictures = [{"type": "picture", "id": choice_id(key, 90), "value": value}]
        if choice:
            blocks = question.choices.get_prep_value()
            blocks[1]["value"] |= {"picture": choice.pk, "alt": f"A cheque {language}"}
            question.choices = blocks
        question.save()
    return variants


@pytest.fixture
def image(db):
    return make_image()


@pytest.fixture
def quiz(course, image):
    return make_quiz(course, questions=[illustrate(make_question(), image, choice=make_image("Cheque"))])


def shown(response):
    assert response.status_code == 200
    return IMG.findall(response.content.decode())


def test_a_picture_is_light_lazy_and_described(client, quiz, learner):
    client.force_login(learner)
    attempt = start_quiz(learner, quiz)
    under, in_choice = shown(client.get(f"/ar/quizzes/attempts/{attempt.uuid}/questions/1/"))
    assert 'alt="A receipt ar"' in under
    assert 'alt="A cheque ar"' in in_choice
    assert 'loading="lazy"' in under
    assert 'width="640" height="426"' in under
    assert re.search(r'srcset="[^"]+ 320w, [^"]+ 640w"', under)
    assert "lang=" not in under
    largest = re.search(r'src="([^"]+)"', under)[1]
    assert largest.endswith(".webp")


def everywhere(client, quiz, learner, trainer):
    """Each page that shows the question, by what it is for."""
    attempt = start_quiz(learner, quiz)
    client.force_login(learner)
    yield "taking", client.get(f"/fr/quizzes/attempts/{attempt.uuid}/questions/1/")
    save_answer(learner, attempt.uuid, quiz.question_key(0), quiz.wrong(0), at=timezone.now())
    submit(learner, attempt.uuid, at=timezone.now())
    yield "review", client.get(f"/fr/quizzes/attempts/{attempt.uuid}/review/")
    yield "practice", client.get(f"/fr/quizzes/{quiz.key}/practice/")
    yield "contest", client.get(f"/fr/quizzes/attempts/{attempt.uuid}/questions/1/contest/")
    client.force_login(trainer)
    tried = reverse("quiz_tryout:question", args=[quiz.questions[0]["fr"].pk])
    yield "try it", client.get(tried)
    answered = {f"q-{quiz.question_key(0)}": quiz.right(0)}
    yield "tried", client.post(tried, answered)
    yield "try the quiz", client.get(reverse("quiz_tryout:quiz", args=[quiz.key]))


def test_every_page_that_shows_the_question_shows_its_pictures(client, quiz, learner, trainer):
    for page, response in everywhere(client, quiz, learner, trainer):
        found = shown(response)
        assert "A receipt fr" in found[0], page
        # Whoever contests a question sees its text.
        assert len(found) == (1 if page == "contest" else 2), page


def test_the_preview_beside_the_form_shows_what_is_not_saved(course, image, trainer, rf):
    question = illustrate(make_question(), image)["fr"]
    request = rf.get("/")
    request.user = trainer
    assert "A receipt fr" in question.serve_preview(request, "fr").content.decode()


def test_whoever_marks_an_answer_sees_the_picture(course, learner, image, admin_client):
    quiz = make_quiz(course, questions=[illustrate(make_question("open_answer"), image)])
    attempt = start_quiz(learner, quiz)
    save_answer(learner, attempt.uuid, quiz.question_key(0), "I declare it.", at=timezone.now())
    submit(learner, attempt.uuid, at=timezone.now())
    page = reverse("quiz_marking:answer", args=[attempt.uuid, quiz.question_key(0)])
    assert "A receipt" in shown(admin_client.get(page))[0]


def test_whoever_answers_an_objection_sees_the_picture(quiz, learner, admin_client):
    attempt = take_quiz(learner, quiz, wrong=(0,))
    words = "The receipt on the picture bears no date at all, so nobody can tell."
    objection = contest(learner, attempt.uuid, quiz.question_key(0), words, locale="fr", at=timezone.now())
    page = reverse("quiz_objections:answer", args=[objection.uuid])
    assert "A receipt" in shown(admin_client.get(page))[0]


# What was asked stays


def test_an_attempt_keeps_the_words_when_the_image_is_gone_or_another(client, quiz, learner, image):
    client.force_login(learner)
    attempt = start_quiz(learner, quiz)
    page = f"/fr/quizzes/attempts/{attempt.uuid}/questions/1/"
    image.file.delete(save=False)
    image.file.save("other.png", make_image("Other", colour="blue").file, save=False)
    image._set_image_file_metadata()
    image.save()
    response = client.get(page)
    assert len(shown(response)) == 1
    assert "A receipt fr]" in response.content.decode()
    image.delete()
    response = client.get(page)
    assert len(shown(response)) == 1
    assert "A receipt fr]" in response.content.decode()
    # A paper of today says nothing of it any more.
    texts = freeze_quiz(quiz.key).paper["questions"][0]["texts"]["fr"]
    assert "pictures" not in texts


def test_a_file_that_can_t_be_read_leaves_its_words(client, quiz, learner, image):
    client.force_login(learner)
    attempt = start_quiz(learner, quiz)
    image.file.storage.delete(image.file.name)
    response = client.get(f"/fr/quizzes/attempts/{attempt.uuid}/questions/1/")
    assert len(shown(response)) == 1
    assert "A receipt fr]" in response.content.decode()


def test_an_image_in_a_private_collection_is_for_those_who_may_see_it(client, quiz, learner, image):
    private = Collection.get_first_root_node().add_child(name="Private")
    group = Group.objects.create(name="Insiders")
    restriction = CollectionViewRestriction.objects.create(collection=private, restriction_type="groups")
    restriction.groups.add(group)
    image.collection = private
    image.save()
    client.force_login(learner)
    attempt = start_quiz(learner, quiz)
    page = f"/fr/quizzes/attempts/{attempt.uuid}/questions/1/"
    response = client.get(page)
    assert len(shown(response)) == 1
    assert "A receipt fr]" in response.content.decode()
    learner.groups.add(group)
    assert len(shown(client.get(page))) == 2


def test_where_a_language_has_no_words_the_original_s_are_said_as_such(client, course, learner, image):
    question = illustrate(make_question(), image, alts={"fr": "Un reçu"})
    quiz = make_quiz(course, questions=[question])
    client.force_login(learner)
    attempt = start_quiz(learner, quiz)
    [found] = shown(client.get(f"/ar/quizzes/attempts/{attempt.uuid}/questions/1/"))
    assert 'alt="Un reçu" lang="fr"' in found


def test_without_pictures_papers_and_digests_say_nothing_of_them(quiz, course):
    plain = make_question()
    other = make_quiz(course, questions=[plain], module=1)
    texts = freeze_quiz(other.key).paper["questions"][0]["texts"]["fr"]
    assert not {"pictures", "choice_pictures"} & set(texts)
    before = words_digest(plain["fr"])
    plain["fr"].choices = [
        {**block, "value": {**block["value"], "picture": None, "alt": ""}}
        for block in plain["fr"].choices.get_prep_value()
    ]
    assert words_digest(plain["fr"]) == before
    assert words_digest(quiz.questions[0]["fr"]) != before


def test_pictures_cost_a_paper_one_query_whatever_their_number(
    quiz, course, image, django_assert_num_queries, django_assert_max_num_queries
):
    many = make_quiz(course, questions=[illustrate(make_question(), image) for _number in range(4)], module=1)
    freeze_quiz(quiz.key)
    with django_assert_max_num_queries(20) as one:
        freeze_quiz(quiz.key)
    with django_assert_num_queries(len(one)):
        freeze_quiz(many.key)


# Words are required


def test_a_picture_needs_words_before_the_question_is_published(image):
    question = illustrate(make_question(languages=("fr",)), image, alts={})["fr"]
    with pytest.raises(ValidationError) as refused:
        question.full_clean()
    assert list(refused.value.message_dict) == ["pictures"]
    question.unfinished = True
    question.full_clean()


def test_a_picture_of_a_choice_needs_words_in_the_form(image):
    block = ChoiceBlock()
    value = {"text": "Oui", "correct": True, "feedback": "", "picture": image, "alt": " ", "package_id": ""}
    with pytest.raises(ValidationError) as refused:
        block.clean(block.normalize(value))
    assert list(refused.value.block_errors) == ["alt"]
    assert block.clean(block.normalize({**value, "alt": "Un chèque"}))["alt"] == "Un chèque"
    assert block.clean(block.normalize({**value, "picture": None, "alt": ""}))["picture"] is None


def test_attempts_from_before_there_were_pictures_are_shown_as_they_are(client, course, learner):
    quiz = make_quiz(course, "single_choice")
    client.force_login(learner)
    attempt = start_quiz(learner, quiz)
    assert shown(client.get(f"/fr/quizzes/attempts/{attempt.uuid}/questions/1/")) == []
    assert Attempt.objects.count() == 1

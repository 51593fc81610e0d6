import json

import pytest
from django.template import engines
from django.utils import translation

from courses.quizzes.templatetags.quiz_words import waiting_words


@pytest.mark.parametrize(("language", "forms"), [("ar", 5), ("fr", 2), ("en", 2)])
def test_every_plural_form_of_the_language_is_there(language: str, forms: int):
    with translation.override(language):
        words = json.loads(waiting_words())

    assert list(words) == ["zero", "one", "two", "few", "many", "other"]
    assert all("{n}" in text and "%" not in text for text in words.values())
    assert len(set(words.values())) == forms


def test_two_answers_are_counted_in_the_dual():
    with translation.override("ar"):
        assert "إجابتان" in json.loads(waiting_words())["two"]


def test_the_words_are_safe_in_an_attribute():
    template = engines["django"].from_string('{% load quiz_words %}<p data-waiting="{% waiting_words %}">')

    assert template.render().count('"') == 2

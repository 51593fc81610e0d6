"""Extraction, update, compilation and check of the catalogues, on a product of two files."""

import gettext
import os
from pathlib import Path

import pytest

from elearn.messages import (
    PLURALS,
    catalogue_path,
    compile_catalogues,
    extract_all,
    key_of,
    messages_of,
    problems,
    read_catalogue,
    update,
    write_catalogue,
)

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
A = _("Lesson %(number)s") % {"number": 1}
B = ngettext("%(n)s lesson", "%(n)s lessons", 2)
C = pgettext_lazy("law", "article")
"""
TEMPLATE = """{% load i18n %}
      <p title="{% translate 'Close' %}">{{ _("Open") }}</p>
  {% blocktranslate trimmed with name=user.name count n=total %}
     {{ name }} has {{ n }} course
  {% plural %}
     {{ name }} has {{ n }} courses
  {% endblocktranslate %}
{# Translators: on the button #}
{% translate "100 %" context "figure" %}
"""
EXPECTED = {
    ("Lesson %(number)s", ""),
    (("%(n)s lesson", "%(n)s lessons"), ""),
    ("article", "law"),
    ("Close", ""),
    ("Open", ""),
    (("%(name)s has %(n)s course", "%(name)s has %(n)s courses"), ""),
    ("100 %%", "figure"),
}
ARABIC_LESSONS = ("لا دروس", "درس واحد", "درسان", "%(n)s دروس", "%(n)s درسا", "%(n)s درس")


@pytest.fixture
def product(tmp_path: Path) -> Path:
    (tmp_path / "courses" / "migrations").mkdir(parents=True)
    (tmp_path / "courses" / "views.py").write_text(CODE)
    (tmp_path / "courses" / "migrations" / "0001.py").write_text('_("never shown")')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    return tmp_path


def translate(product: Path, language: str, strings: dict[object, object]) -> None:
    catalogue = read_catalogue(language, product)
    for message in messages_of(catalogue):
        if key_of(message)[0] in strings:
            message.string = strings[key_of(message)[0]]
    write_catalogue(language, catalogue, product)


def finish(product: Path) -> None:
    """Every message of the product in French and Arabic."""
    update(product)
    for language, lessons in (("fr", ("%(n)s leçon", "%(n)s leçons")), ("ar", ARABIC_LESSONS)):
        singular = {key[0]: f"{language} {key[0]}" for key in EXPECTED if isinstance(key[0], str)}
        plural = {
            key[0]: tuple(f"{language} {key[0][1]}" for _ in range(PLURALS[language][0]))
            for key in EXPECTED
            if isinstance(key[0], tuple)
        }
        translate(product, language, {**singular, **plural, ("%(n)s lesson", "%(n)s lessons"): lessons})


def test_code_and_templates_are_read_and_migrations_left_out(product: Path):
    assert {key_of(message) for message in messages_of(extract_all(product))} == EXPECTED


def test_update_fills_english_and_leaves_the_others_to_people(product: Path):
    assert update(product) == {"ar": len(EXPECTED), "fr": len(EXPECTED), "en": 0}


def test_update_keeps_what_was_translated_and_drops_what_is_gone(product: Path):
    finish(product)
    (product / "courses" / "views.py").write_text("")

    missing = update(product)

    kept = {key_of(message): message.string for message in messages_of(read_catalogue("fr", product))}
    assert missing == {"ar": 0, "fr": 0, "en": 0}
    assert kept["Close", ""] == "fr Close"
    assert len(kept) == len(EXPECTED) - 3


def test_update_changes_nothing_twice(product: Path):
    finish(product)
    update(product)
    before = [catalogue_path(language, product).read_bytes() for language in PLURALS]

    update(product)

    assert [catalogue_path(language, product).read_bytes() for language in PLURALS] == before


def test_compiled_catalogue_speaks(product: Path):
    finish(product)

    built = compile_catalogues(product)

    with catalogue_path("ar", product).with_suffix(".mo").open("rb") as stream:
        arabic = gettext.GNUTranslations(stream)
    shown = [arabic.ngettext("%(n)s lesson", "%(n)s lessons", n) for n in (0, 1, 2, 5, 30, 100)]
    assert built == list(PLURALS)
    assert shown == list(ARABIC_LESSONS)
    assert arabic.pgettext("law", "article") == "ar article"


def test_compiling_again_is_done_only_for_a_newer_source(product: Path):
    finish(product)
    compile_catalogues(product)
    untouched = compile_catalogues(product)
    newer = catalogue_path("fr", product).stat().st_mtime + 10
    os.utime(catalogue_path("fr", product), (newer, newer))

    assert (untouched, compile_catalogues(product)) == ([], ["fr"])


def test_finished_product_has_no_problem(product: Path):
    finish(product)

    assert problems(product) == []


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"Close": ""}, "fr: untranslated: 'Close'"),
        (
            {"Lesson %(number)s": "Leçon %(numero)s"},
            "fr: other placeholders than the message: 'Lesson %(number)s'",
        ),
        ({"Lesson %(number)s": "Leçon"}, "fr: other placeholders than the message: 'Lesson %(number)s'"),
        (
            {("%(n)s lesson", "%(n)s lessons"): ("%(n)s leçon", "")},
            "fr: untranslated: ('%(n)s lesson', '%(n)s lessons')",
        ),
        (
            {("%(n)s lesson", "%(n)s lessons"): ("%(n)s leçon", "des leçons")},
            "fr: other placeholders than the message: ('%(n)s lesson', '%(n)s lessons')",
        ),
    ],
)
def test_broken_translation_is_named(product: Path, wrong: dict[object, object], problem: str):
    finish(product)

    translate(product, "fr", wrong)

    assert problems(product) == [problem]


def test_message_that_no_catalogue_has_is_named(product: Path):
    finish(product)
    (product / "courses" / "more.py").write_text('_("New")')

    assert problems(product) == [f"{language}: not in the catalogue: 'New'" for language in PLURALS]


def test_message_that_is_gone_is_named(product: Path):
    finish(product)
    (product / "templates" / "page.html").write_text("")

    assert "ar: no longer in the code: 'Close'" in problems(product)


def test_fuzzy_message_is_named_and_not_compiled(product: Path):
    finish(product)
    path = catalogue_path("fr", product)
    path.write_text(path.read_text().replace('msgid "Close"', '#, fuzzy\nmsgid "Close"'))

    compile_catalogues(product)

    with path.with_suffix(".mo").open("rb") as stream:
        assert gettext.GNUTranslations(stream).gettext("Close") == "Close"
    assert problems(product) == ["fr: fuzzy: 'Close'"]


def test_missing_plural_form_is_named(product: Path):
    finish(product)
    path = catalogue_path("ar", product)
    path.write_text(path.read_text().replace(f'msgstr[5] "{ARABIC_LESSONS[5]}"\n', ""))

    assert problems(product) == ["ar: untranslated: ('%(n)s lesson', '%(n)s lessons')"]


def test_plural_form_too_many_is_named(product: Path):
    finish(product)
    path = catalogue_path("fr", product)
    last = 'msgstr[1] "%(n)s leçons"\n'
    path.write_text(path.read_text().replace(last, last + 'msgstr[2] "%(n)s leçons"\n'))

    assert problems(product) == ["fr: msg has more translations than num_plurals of catalog on 10"]

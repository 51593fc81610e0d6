"""A reader of any of the three languages reads the whole interface in it."""

from babel.messages.pofile import read_po

from elearn.messages import PLURALS, catalogue_path, messages_of, problems, read_catalogue, strings_of


def test_every_message_is_translated_everywhere():
    """Nothing is missing, empty, fuzzy, left over, or short of plural forms or placeholders."""
    assert problems() == []


def test_every_language_of_the_site_has_a_catalogue(settings):
    assert {code for code, _name in settings.LANGUAGES} == set(PLURALS)


def test_catalogues_count_plurals_as_django_does():
    """Django keeps a catalogue with another formula apart, and then asks the wrong one."""
    from pathlib import Path

    import django

    for language in PLURALS:
        ours = read_catalogue(language).mime_headers
        path = Path(django.__file__).parent / "conf" / "locale" / language / "LC_MESSAGES" / "django.po"
        with path.open("rb") as source:
            theirs = read_po(source, locale=language).mime_headers

        assert dict(ours)["Plural-Forms"] == dict(theirs)["Plural-Forms"], language
        assert catalogue_path(language).read_bytes().startswith(b'msgid ""\nmsgstr ""\n"Language: ')


def test_english_repeats_the_messages():
    differing = [
        message.id
        for message in messages_of(read_catalogue("en"))
        if strings_of(message) != ([message.id] if isinstance(message.id, str) else list(message.id))
    ]

    assert differing == []

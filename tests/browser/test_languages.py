"""Each page speaks its reader's language and fits their screen."""

import re
from functools import cache

import pytest

from elearn.messages import messages_of, read_catalogue, strings_of
from tests.browser.survey import CASES, PAGES, Survey

# Words in Latin letters that Arabic pages keep: the site's name, names of formats, and languages named in themselves.
KEPT = {"Ilmam", "PDF", "CSV", "JSON", "QR", "JORT", "URL", "ZIP", "Français", "English", "Open", "Badges"}
# Addresses, codes and places for a value aren't words.
NO_WORDS = re.compile(r"\S+@\S+|https?://\S+|\b[A-Z]+-[A-Z0-9-]+\b|\{time\}")
LATIN_WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
# Common words that only one of the two languages has.
ENGLISH = re.compile(
    r"\b(the|and|your|you|with|this|from|please|password|account|sign|save|has|have|was|were|been)\b", re.I
)
FRENCH = re.compile(r"\b(le|la|les|des|une|vous|votre|vos|pour|avec|dans|cette|est|sont|sur)\b", re.I)


@cache
def untranslated_ids() -> frozenset[str]:
    """Message ids whose French differs: on a French page none of them may stand as it is."""
    return frozenset(
        message.id
        for message in messages_of(read_catalogue("fr"))
        if isinstance(message.id, str) and strings_of(message) != [message.id]
    )


def words_left(text: str) -> list[str]:
    return [word for word in LATIN_WORD.findall(NO_WORDS.sub(" ", text)) if word not in KEPT]


@pytest.mark.parametrize(("name", "language"), CASES)
def test_page_is_in_its_language(survey: Survey, name: str, language: str):
    visit = survey.visit(name, language)

    assert visit.language == language, visit.url
    assert visit.direction == ("rtl" if language == "ar" else "ltr")
    if language == "ar":
        assert [text for text in visit.texts if words_left(text)] == [], visit.url
    elif language == "fr":
        left = [text for text in visit.texts if text in untranslated_ids() or ENGLISH.search(text)]
        assert left == [], visit.url
    else:
        assert [text for text in visit.texts if FRENCH.search(text)] == [], visit.url


@pytest.mark.parametrize(("name", "language"), CASES)
def test_page_fits_a_phone(survey: Survey, name: str, language: str):
    visit = survey.visit(name, language)

    assert visit.inner_width == 360, visit.url
    assert (visit.scroll_width, visit.too_wide) == (360, []), visit.url


@pytest.mark.parametrize(("name", "language"), CASES)
def test_page_is_quiet(survey: Survey, name: str, language: str):
    """No error on the console, no breach of the content policy, no failed load, no other host."""
    visit = survey.visit(name, language)

    assert visit.complaints == [], visit.url


@pytest.mark.parametrize("name", PAGES)
def test_languages_have_pages_of_their_own(survey: Survey, name: str):
    assert len({survey.visit(name, language).url for language in ("ar", "fr", "en")}) == 3

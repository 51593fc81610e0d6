"""One vocabulary: the terms of docs/glossary.yaml in the interface, and no word that a country doesn't use."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from elearn.messages import catalogue_path, messages_of, read_catalogue
from tests.architecture.sources import ROOT, files, relative

GLOSSARY: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "glossary.yaml").read_text(encoding="utf-8"))
REFUSED: list[dict[str, str]] = GLOSSARY["countries"]["TN"]["refused"]
# Short vowels don't change which word it is.
MARKS = re.compile("[\u064b-\u0652\u0640]")


def plain(text: str) -> str:
    return MARKS.sub("", text.casefold())


def pattern_of(refused: dict[str, str]) -> re.Pattern[str]:
    """The word alone or behind و ف ب ك ل and the article, as a whole word."""
    word = refused["word"]
    stem = word.removeprefix("ال")
    behind_article = "(?:[وفبك]?ال|[وف]?لل)"
    head = behind_article if stem != word else f"(?:{behind_article}|[وفبكل])?"
    tail = rf"(?!\s+{refused['except_before']}\b)" if "except_before" in refused else ""
    return re.compile(rf"(?<!\w){head}{stem}(?!\w){tail}")


def texts_shown_in_tunisia() -> list[Path]:
    shipped = files(("courses/packages",), ".md", ".yaml")
    return [catalogue_path("ar"), *shipped, *files(("templates",), ".html", ".txt")]


@pytest.mark.parametrize("refused", REFUSED, ids=lambda refused: refused["meaning"])
def test_word_is_not_used_in_tunisian_text(refused: dict[str, str]):
    pattern = pattern_of(refused)

    found = [
        f"{relative(path)}:{number}: {line.strip()}"
        for path in texts_shown_in_tunisia()
        for number, line in enumerate(MARKS.sub("", path.read_text(encoding="utf-8")).splitlines(), start=1)
        if pattern.search(line)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("word", "text", "refuses"),
    [
        ("المادة", "حسب المادة 12", True),
        ("المادة", "وفقا للمادة 12", True),
        ("المادة", "مادة الدرس", False),
        ("محافظة", "في كل محافظة", True),
        ("محافظة", "بالمحافظة", True),
        ("محافظة", "المحافظة على الوثائق", False),
        ("تدريب", "دورة تدريب", True),
        ("تدريب", "التدريب", True),
        ("تدريب", "تكوين", False),
    ],
)
def test_refusal_knows_prefixes_and_exceptions(word: str, text: str, refuses: bool):
    refused = next(entry for entry in REFUSED if entry["word"] == word)

    assert bool(pattern_of(refused).search(text)) is refuses


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_messages_that_are_terms_are_said_as_the_glossary_says(language: str):
    terms = {
        term["en"].casefold(): {
            plain(form) for form in (term[language], *term.get("also", {}).get(language, []))
        }
        for term in GLOSSARY["terms"]
    }

    differing = {
        message.id: message.string
        for message in messages_of(read_catalogue(language))
        if isinstance(message.id, str)
        and message.string
        and plain(str(message.string)) not in terms.get(message.id.casefold(), {plain(str(message.string))})
    }

    assert differing == {}

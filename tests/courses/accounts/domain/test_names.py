"""Names that can be printed, and why others can't."""

import pytest
from django.core.exceptions import ValidationError

from courses.accounts.domain.names import (
    certificate_names_from,
    clean_arabic_name,
    clean_display_name,
    clean_latin_name,
    tidy,
)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Salma   Ben Ali ", "Salma Ben Ali"),
        ("Salma\tBen\nAli", "Salma Ben Ali"),
        ("Salma\u200f Ben\u202e Ali", "Salma Ben Ali"),
        ("Ste\u0301phane", "Stéphane"),
    ],
)
def test_names_are_tidied(typed: str, name: str) -> None:
    assert tidy(typed) == name


@pytest.mark.parametrize(
    "name",
    ["Salma Ben Ali", "Stéphane d'Hérouville", "Zoë O’Neill", "Jean-Luc St. Pierre", "Łukasz Ñuñez", ""],
)
def test_latin_names_that_can_be_printed(name: str) -> None:
    assert clean_latin_name(name) == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("سلمى", "character"),
        ("Salma بن علي", "character"),
        ("Salma 2", "character"),
        ("Salma 🙂", "character"),
        ("Салма", "character"),
        ("Salma_Ben", "character"),
        ("Q\u0323\u0307 Ben", "character"),
        ("A", "letters"),
        ("--", "letters"),
        ("a" * 81, "length"),
    ],
)
def test_latin_names_that_cant(name: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        clean_latin_name(name)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("سلمى بن علي", "سلمى بن علي"),
        ("سَلمى بنت عليّ", "سَلمى بنت عليّ"),
        ("ســـلمى", "سلمى"),
        ("ﺳﻠﻤﻰ", "سلمى"),
        ("ڨاسم پولس", "ڨاسم پولس"),
        ("عبد الله - الصغير", "عبد الله - الصغير"),
        ("", ""),
    ],
)
def test_arabic_names_that_can_be_printed(typed: str, name: str) -> None:
    assert clean_arabic_name(typed) == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Salma", "character"),
        ("سلمى Ben", "character"),
        ("سلمى ٢", "character"),
        ("سلمى،", "character"),
        ("שלמה", "character"),
        ("س", "letters"),
        ("س" * 81, "length"),
    ],
)
def test_arabic_names_that_cant(name: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        clean_arabic_name(name)

    assert refusal.value.code == code


def test_the_error_names_the_sign() -> None:
    with pytest.raises(ValidationError) as refusal:
        clean_latin_name("Salma № 2")

    assert refusal.value.messages[0].startswith("№")


@pytest.mark.parametrize("name", ["Salma", "سلمى", "Salma سلمى", "Салма 2", "Dr. Salma (Sfax)"])
def test_display_names(name: str) -> None:
    assert clean_display_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "123", "🙂", "Salma 🙂", "a@b.tn", "<b>Salma</b>", "http://a.example", "$alma"]
)
def test_display_names_that_arent(name: str) -> None:
    with pytest.raises(ValidationError):
        clean_display_name(name)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("Salma Ben Ali", {"certificate_name_latin": "Salma Ben Ali"}),
        ("سلمى بن علي", {"certificate_name_arabic": "سلمى بن علي"}),
        ("Salma سلمى", {}),
        ("Salma 2", {}),
    ],
)
def test_a_display_name_serves_as_certificate_name_where_it_can(name: str, fields: dict[str, str]) -> None:
    assert certificate_names_from(name) == fields

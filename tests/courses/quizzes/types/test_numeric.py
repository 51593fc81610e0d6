import random
import string
from decimal import Decimal
from fractions import Fraction

import pytest

from courses.quizzes.types.numeric import Numeric, parse_number, plain_number, without_unit


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("30", "30"),
        (" 30 ", "30"),
        ("٣٠", "30"),
        ("۳۰", "30"),
        ("+30", "30"),
        ("-3", "-3"),
        ("−3", "-3"),
        ("0", "0"),
        ("007", "7"),
        ("2.5", "2.5"),
        ("2,5", "2.5"),
        ("٢٫٥", "2.5"),
        (",5", "0.5"),
        ("5,", "5"),
        ("1,500", "1.5"),
        ("1 000", "1000"),
        ("1 000 000", "1000000"),
        ("1\u00a0000,50", "1000.5"),
        ("1\u202f000", "1000"),
        ("١٬٠٠٠", "1000"),
        ("1'000", "1000"),
        ("1.000.000", "1000000"),
        ("1,000,000", "1000000"),
        ("1.000,5", "1000.5"),
        ("1,000.5", "1000.5"),
        ("\u200f٥٠٠\u200e", "500"),
    ],
)
def test_what_people_write_is_understood(text, number):
    assert plain_number(parse_number(text)) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "30 days",
        "1e3",
        "10 00",
        "1 5000",
        "1,2,3",
        "1.2,3.4",
        "--3",
        "3-",
        "½",
        "NaN",
        "Infinity",
        "0x10",
        "1_000",
        "²",
        ".",
        ",",
        "-",
        "9" * 21,
        "1" + " " * 50,
    ],
)
def test_anything_else_is_no_number(text):
    assert parse_number(text) is None


def test_random_junk_never_raises():
    rng = random.Random(7)
    alphabet = string.printable + "٠١٢٣٤٥٦٧٨٩٫٬۰−\u200f\u00a0½²"
    for _ in range(3000):
        number = parse_number("".join(rng.choices(alphabet, k=rng.randrange(12))))
        assert number is None or number.is_finite()


@pytest.mark.parametrize(
    "raw", [None, True, False, [], {}, ["30"], {"a": 1}, float("nan"), float("inf"), 1e300, 10**30]
)
def test_values_that_are_no_answer(raw):
    assert Numeric().clean_answer({}, raw) is None


@pytest.mark.parametrize(
    ("raw", "value"), [("٣٠", "30"), (30, "30"), (2.5, "2.5"), ("2,50", "2.5"), ("-0", "0")]
)
def test_values_are_kept_in_their_plain_form(raw, value):
    assert Numeric().clean_answer({}, raw) == value


@pytest.mark.parametrize(
    ("value", "fraction"), [("30", 1), ("29.5", 1), ("30.5", 1), ("29.49", 0), ("30.51", 0), ("-30", 0)]
)
def test_the_tolerance_includes_its_ends(value, fraction):
    answer = {"number": "30", "tolerance": "0.5"}
    assert Numeric().grade({}, answer, value) == Fraction(fraction)


def test_the_grade_is_exact_where_floats_are_not():
    assert Numeric().grade({}, {"number": "0.3", "tolerance": "0"}, "0.30") == 1
    assert Numeric().grade({}, {"number": "0.3", "tolerance": "0"}, "0.30000000000000001") == 0


def test_plain_numbers_have_no_exponent():
    assert [plain_number(Decimal(text)) for text in ("3E+2", "0.500000", "-0.0")] == ["300", "0.5", "0"]


def test_a_review_tells_the_number_only_when_it_may():
    answer = {"number": "30", "tolerance": "1"}
    hidden = Numeric().review_context({}, answer, {"unit": "jours"}, {}, "12", reveal=False)
    shown = Numeric().review_context({}, answer, {"unit": "jours"}, {}, "12", reveal=True)
    assert hidden == {"value": "12", "unit": "jours", "verdict": "wrong", "key": "", "tolerance": ""}
    assert shown == {"value": "12", "unit": "jours", "verdict": "wrong", "key": "30", "tolerance": "1"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("16 ans", "16"),
        ("16ans", "16"),
        ("16 ANS", "16"),
        ("500 دينار", "500"),
        ("\u200f٥٠٠ دينار\u200e", "500"),
        ("2,5 ans ", "2.5"),
        ("16", "16"),
    ],
)
def test_a_unit_after_the_number_in_any_language_is_left_out(text, number):
    kind = Numeric()
    raw = kind.tidied(text, [{"unit": "ans"}, {"unit": "دينار"}, {"unit": ""}, {}])
    assert kind.clean_answer({}, raw) == number


@pytest.mark.parametrize(
    "text", ["ans", "ans 16", "16 ans ans", "16 jours", "seize ans", "16 a", "9" * 60 + " ans"]
)
def test_other_words_around_a_number_stay(text):
    kind = Numeric()
    assert kind.clean_answer({}, kind.tidied(text, [{"unit": "ans"}])) is None


def test_a_unit_is_no_pattern_and_no_part_of_the_number():
    assert without_unit("3 m.", ["m."]) == "3"
    assert without_unit("3 mx", ["m."]) == "3 mx"
    assert without_unit("3 000", ["000"]) == "3 000"


@pytest.mark.parametrize("raw", [None, 30, 2.5, True, [], {}])
def test_what_is_no_text_is_left_alone(raw):
    assert Numeric().tidied(raw, [{"unit": "ans"}]) is raw

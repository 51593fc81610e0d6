from decimal import Decimal
from fractions import Fraction

import pytest

from courses.quizzes.interfaces.exchange import api
from courses.quizzes.interfaces.exchange.entries import (
    Choice,
    Entry,
    Image,
    SingleChoice,
    Text,
    TextFormat,
    TrueFalse,
)
from courses.quizzes.interfaces.exchange.report import ExchangeError, State

SAMPLE = """\
Où garder le registre ?
A) au siège
B. chez le trésorier
ANSWER: A

متى يقع الإعلام؟
A) بعد 30 يوما
B) بعد سنة
C) في أي وقت

ANSWER: A
"""


def read(text):
    return api.read(text.encode(), format=api.Format.AIKEN)


def entry(*choices, stem="Où le garder ?", **more):
    made = tuple(Choice(Text(text), Fraction(number == 0)) for number, text in enumerate(choices))
    return Entry(Text(stem), SingleChoice(made), **more)


def test_sample():
    reading = api.read(SAMPLE.replace("\n", "\r\n").encode("utf-8-sig"))

    assert [outcome.state for outcome in reading.outcomes] == [State.TAKEN, State.TAKEN]
    assert reading.entries == (
        entry("au siège", "chez le trésorier", stem="Où garder le registre ?"),
        entry("بعد 30 يوما", "بعد سنة", "في أي وقت", stem="متى يقع الإعلام؟"),
    )
    assert [question.line for question in reading.entries] == [1, 6]


@pytest.mark.parametrize(
    ("source", "line", "word"),
    [
        ("Q ?\nA) a\nB) b\n", 1, "ANSWER"),
        ("Q ?\nA) a\nB) b\nANSWER: C", 1, "'C'"),
        ("Q ?\nA) a\nB) b\nANSWER: a", 1, "'a'"),
        ("Q ?\nA) a\nB) b\nANSWER:", 1, "''"),
        ("Q ?\nA) a\nC) b\nANSWER: A", 3, "C"),
        ("Q ?\nA) a\nANSWER: A", 1, "2"),
        ("A) a\nB) b\nANSWER: A", 1, "question text"),
        ("ANSWER: A", 1, "'A'"),
    ],
)
def test_defects_stop_nothing(source, line, word):
    reading = read(f"{source}\n\n{SAMPLE}")

    first, *rest = reading.outcomes
    assert first.state is State.LEFT_OUT
    assert first.remarks[0].line == line
    assert word in str(first.remarks[0])
    assert [outcome.state for outcome in rest] == [State.TAKEN, State.TAKEN]


def test_written():
    entries = read(SAMPLE).entries

    data = api.write(entries, api.Format.AIKEN)

    assert data.decode() == SAMPLE.replace("B. ", "B) ").replace("\n\nANSWER", "\nANSWER")
    assert api.read(data).entries == entries


@pytest.mark.parametrize(
    "bad",
    [
        Entry(Text("Vrai ?"), TrueFalse(True)),
        entry("a", "b", stem="deux\nlignes"),
        entry("a", "b", stem="A) b"),
        entry("a", "b", stem="ANSWER: A"),
        entry("a", "b", stem="Q"),
        entry("a", "b\nc"),
        entry(*map(str, range(27))),
        Entry(Text("<b>Où</b>", TextFormat.HTML), entry("a", "b").kind),
        Entry(
            Text("Où ?"),
            SingleChoice((Choice(Text("a"), Fraction(1)), Choice(Text("b"), Fraction(1, 2)))),
        ),
    ],
)
def test_what_it_cannot_say_is_refused(bad):
    with pytest.raises(ExchangeError, match="Question 2"):
        api.write([entry("a", "b"), bad], api.Format.AIKEN)


@pytest.mark.parametrize(
    "more",
    [
        {"name": "N"},
        {"category": ("C",)},
        {"feedback": Text("Parce que")},
        {"points": Decimal(2)},
        {"images": (Image("a.png", "image/png", b""),)},
    ],
)
def test_what_it_would_lose_is_refused_unless_allowed(more):
    question = entry("a", "b", **more)

    with pytest.raises(ExchangeError):
        api.write([question], api.Format.AIKEN)
    data = api.write([question], api.Format.AIKEN, allow_losses=True)
    assert api.read(data).entries == (entry("a", "b"),)

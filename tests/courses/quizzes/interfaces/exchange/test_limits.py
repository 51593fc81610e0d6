"""Files that are made to hurt: each is answered in seconds, in words."""

import contextlib
import time

import pytest

from courses.quizzes.interfaces.exchange import api
from courses.quizzes.interfaces.exchange.checks import MAX_TEXT
from courses.quizzes.interfaces.exchange.entries import Text, TextFormat
from courses.quizzes.interfaces.exchange.plain import plain
from courses.quizzes.interfaces.exchange.report import ExchangeError

MANY = 400_000


def quiz(text):
    return f"<quiz><question type='cloze'><questiontext><text><![CDATA[{text}]]></text></questiontext></question></quiz>"


@pytest.mark.parametrize(
    "source",
    [
        "Q{=a" + "~b" * MANY + "}",
        "Q{=a->b" + "=a->b" * (MANY // 5) + "}",
        "Q{#" + "=1" * MANY + "}",
        "Q{>x\n" + "a\n" * (MANY // 2) + "}",
        "Q{" + "#" * MANY + "}",
        "Q{=" + "\\" * MANY + "}",
        "Q{~%" + "1" * MANY + "%a =b}",
        "::" * MANY + "{T}",
        "Q{" * MANY,
        "Q{\n\n" * (MANY // 4),
        "Q}\n\n" * 2_000,
        "// [tag:" * MANY + "\nQ{T}",
        "// " + "[tag:a]" * (MANY // 8) + "\nQ{T}",
        "x" * 2 * MANY + "{T}",
        "$CATEGORY: " + "/" * MANY + "\n\nQ{T}",
        "{" + " " * MANY,
        quiz("{1:SA:=a}" * (MANY // 10)),
        quiz("{1:MC:" + "~a" * (MANY // 2) + "}"),
        quiz("{1:SA:" * (MANY // 10)),
        quiz("{1:SA:=" + "\\}" * (MANY // 3)),
        quiz("&" * MANY + "{1:SA:=" + "&" * 1000 + "}"),
        "<!--" + "-" * MANY,
        "<?xml " + " " * MANY,
        "Q\n" + "A) a\n" * (MANY // 4) + "ANSWER: A\n",
        "Q\n" * (MANY // 2) + "A) a\nB) b\nANSWER: A\n",
    ],
    ids=lambda source: source[:12],
)
def test_nothing_takes_long(source):
    begin = time.process_time()
    with contextlib.suppress(ExchangeError):
        api.read(source.encode())

    assert time.process_time() - begin < 10


def test_pictures_in_qti_take_no_longer():
    body = "<p>" + "&lt;img " * 50_000 + "</p>"
    item = (
        "<questestinterop><item><presentation><material><mattext texttype='text/html'>"
        f"{body}</mattext></material></presentation></item></questestinterop>"
    )
    begin = time.process_time()

    api.read(item.encode())

    assert time.process_time() - begin < 10


def test_lines_are_counted():
    with pytest.raises(ExchangeError, match="lines"):
        api.read(b"Q{T}" + b"\n" * 1_000_001)


@pytest.mark.parametrize("sign", ["<!--", "<a ", "<a x=", '<a b="', "<?", "<![CDATA[", "</a ", "&"])
def test_markup_that_is_never_closed_takes_no_longer(sign):
    """Python's reader of HTML looks for the end of each anew: seconds for one text."""
    begin = time.process_time()

    plain(Text("<b>x</b>" + sign * (MAX_TEXT // len(sign)), TextFormat.HTML), [])

    assert time.process_time() - begin < 0.5

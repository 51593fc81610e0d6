"""A file of questions, whatever its format → candidates for the bank."""

from typing import Literal

from courses.quizzes.interfaces.exchange import api
from courses.quizzes.interfaces.exchange.detect import Format, detect
from courses.quizzes.interfaces.exchange_candidates import Candidate, candidates_of
from courses.quizzes.interfaces.exchange_yaml import read_yaml


def read_candidates(
    data: bytes, *, format: Format | Literal["auto"] = "auto", language: str
) -> tuple[Format, list[Candidate]]:
    """The format that was found, and every question of a file, in the file's order.

    `language` is that of the words, in formats that don't say it. Raises ExchangeError for a file that can't be read
    at all; a single bad question is left out, with the reason.
    """
    found = detect(data) if format == "auto" else Format(format)
    if found is Format.YAML:
        return found, read_yaml(data)
    return found, candidates_of(api.read(data, format=found).outcomes, found, language)

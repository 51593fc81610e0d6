"""The figures of one quiz from its attempts: what is shown, what is left out because too few people are behind it.

Pure functions of plain rows. Only a person's first attempt is counted: whoever tries again has seen the questions,
and perhaps the answers. Nothing is said of fewer than 5 attempts, in no cell: not of a question, a language, an upper
or a lower group; and where a hidden cell could be found by subtraction, the smallest shown one is hidden too.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from statistics import median
from typing import Any, TypeVar
from uuid import UUID

from courses.quizzes.domain import statistics
from courses.quizzes.domain.paper import FrozenQuestion

FORMAT = 1
LEAST_ATTEMPTS = 5
# Two languages are compared where each side has at least so many attempts.
LEAST_COMPARED = 10
# Below this (after Holm's correction for all comparisons of the quiz) a difference isn't taken for chance.
SIGNIFICANT = 0.05

T = TypeVar("T")
# A question in one version.
Item = tuple[UUID, str]


@dataclass(frozen=True)
class Answered:
    """One question in one attempt. `language`: in which it was shown. `chosen`: ids of choices, empty without an
    answer, None for a type without choices. `seconds`: None where receipts don't tell.
    """

    item: Item
    language: str
    points: int
    fraction: Fraction
    chosen: tuple[str, ...] | None = None
    seconds: float | None = None

    @property
    def earned(self) -> Fraction:
        return self.fraction * self.points


@dataclass(frozen=True)
class Tried:
    """One first attempt, of nobody in particular. `items` is empty once its answers were removed: it counts for the
    quiz still, and no more for its questions.
    """

    language: str
    percent: int
    passed: bool
    seconds: float | None = None
    items: tuple[Answered, ...] = ()


def summary_of(attempts: Sequence[Tried]) -> dict[str, Any]:
    """The quiz as a whole, JSON-ready; `attempts` None and nothing else where there are fewer than 5."""
    if len(attempts) < LEAST_ATTEMPTS:
        return {"attempts": None}
    reliability, form_size, form_items = _reliability(attempts)
    by_language = _cells(attempts, lambda attempt: attempt.language)
    return {
        "attempts": len(attempts),
        "passed": _rounded(Fraction(sum(attempt.passed for attempt in attempts), len(attempts))),
        "median_percent": median(attempt.percent for attempt in attempts),
        "median_seconds": _median_seconds([attempt.seconds for attempt in attempts]),
        "alpha": _rounded(reliability),
        "alpha_attempts": form_size,
        "alpha_items": form_items,
        "languages": [
            {
                "language": language,
                "attempts": len(own),
                "median_percent": median(attempt.percent for attempt in own),
            }
            for language, own in by_language.items()
        ],
    }


def questions_of(
    attempts: Sequence[Tried], asked: Mapping[Item, FrozenQuestion], current: Sequence[Item]
) -> list[dict[str, Any]]:
    """Each question in each version that was asked, JSON-ready: those of `current` in their order, then the others.

    `asked` has the frozen questions with their answers.
    """
    rows: dict[Item, list[tuple[Tried, Answered]]] = defaultdict(list)
    for attempt in attempts:
        for answer in attempt.items:
            rows[answer.item].append((attempt, answer))
    enough = {item: own for item, own in rows.items() if len(own) >= LEAST_ATTEMPTS}
    flags = _language_flags(enough)
    order = [*current, *sorted((item for item in rows if item not in set(current)), key=str)]
    return [_question(asked[item], enough.get(item, []), flags, item in current) for item in order]


def _question(
    question: FrozenQuestion,
    rows: Sequence[tuple[Tried, Answered]],
    flags: Mapping[tuple[Item, str], Mapping[str, Any]],
    current: bool,
) -> dict[str, Any]:
    item = (question.key, question.version)
    found: dict[str, Any] = {
        "key": str(question.key),
        "version": question.version,
        "type": question.type,
        "current": current,
        "language": question.language,
        "stems": {language: texts["stem"] for language, texts in question.texts.items()},
        "asked": len(rows) or None,
    }
    if not rows:
        return found
    fractions = [answer.fraction for _attempt, answer in rows]
    totals = [
        _share(sum((own.earned for own in attempt.items), Fraction(0)), attempt.items) for attempt, _ in rows
    ]
    groups_shown = statistics.group_size(len(rows)) >= LEAST_ATTEMPTS
    by_language = _cells(rows, lambda row: row[1].language)
    return found | {
        "facility": _rounded(statistics.facility(fractions)),
        "item_rest": _rounded(statistics.item_rest(_pairs(rows))),
        "upper_lower": _rounded(statistics.upper_lower(fractions, totals)) if groups_shown else None,
        "median_seconds": _median_seconds([answer.seconds for _attempt, answer in rows]),
        "languages": [
            {
                "language": language,
                "asked": len(own),
                "facility": _rounded(statistics.facility([answer.fraction for _attempt, answer in own])),
                **flags.get((item, language), {}),
            }
            for language, own in by_language.items()
        ],
        "choices": _choices(question, [answer for _attempt, answer in rows], totals, groups_shown),
    }


def _pairs(rows: Sequence[tuple[Tried, Answered]]) -> list[tuple[Fraction, Fraction]]:
    """The item beside the rest of its paper; papers of which it was all are left out."""
    pairs = []
    for attempt, answer in rows:
        rest = [own for own in attempt.items if own is not answer]
        if rest:
            pairs.append((answer.fraction, _share(sum((own.earned for own in rest), Fraction(0)), rest)))
    return pairs


def _share(earned: Fraction, items: Sequence[Answered]) -> Fraction:
    return earned / sum(own.points for own in items)


def _choices(
    question: FrozenQuestion, answers: Sequence[Answered], totals: Sequence[Fraction], groups_shown: bool
) -> list[dict[str, Any]]:
    """Who chose what, overall and in the upper and lower group; empty for types without choices."""
    if any(answer.chosen is None for answer in answers) or question.answer is None:
        return []
    chosen = [answer.chosen or () for answer in answers]
    ids = list(question.body["choices"])
    overall = statistics.choice_shares(chosen, ids, [Fraction(1)] * len(chosen))
    groups = statistics.group_weights(totals) if groups_shown else None
    upper = lower = None
    if groups:
        upper, lower = (statistics.choice_shares(chosen, ids, weights) for weights in groups)
    return [
        {
            "texts": {language: texts["choices"].get(id_, "") for language, texts in question.texts.items()},
            "right": id_ in question.answer["correct"],
            "share": _rounded(overall[id_]),
            "upper": _rounded(upper[id_]) if upper else None,
            "lower": _rounded(lower[id_]) if lower else None,
        }
        for id_ in ids
    ]


def _language_flags(
    rows: Mapping[Item, Sequence[tuple[Tried, Answered]]],
) -> dict[tuple[Item, str], dict[str, Any]]:
    """Where a question is answered rightly more or less often in one language than in the others, beyond chance.

    Fully right against not, each language against all others, `statistics.different_by_chance`, from 10 attempts on
    either side, with Holm's correction over the whole quiz. It compares the people who answered, too: where one
    language's learners know more, all questions lean that way; a single one that does asks for its translation.
    """
    counts: dict[tuple[Item, str], tuple[int, int, int, int]] = {}
    for item, own in rows.items():
        languages = sorted({answer.language for _attempt, answer in own})
        # Two languages are one comparison.
        for language in languages[:1] if len(languages) == 2 else languages:
            here = [answer.fraction == 1 for _attempt, answer in own if answer.language == language]
            others = [answer.fraction == 1 for _attempt, answer in own if answer.language != language]
            if min(len(here), len(others)) >= LEAST_COMPARED:
                counts[item, language] = (sum(here), len(here), sum(others), len(others))
    chances = statistics.holm({key: statistics.different_by_chance(*row) for key, row in counts.items()})
    flags: dict[tuple[Item, str], dict[str, Any]] = {}
    for (item, language), chance in chances.items():
        if chance >= SIGNIFICANT:
            continue
        right, count, right_others, count_others = counts[item, language]
        harder = right * count_others < right_others * count
        languages = sorted({answer.language for _attempt, answer in rows[item]})
        if len(languages) == 2 and not harder:
            # The same finding, said of the language that has the difficulty.
            language, harder = languages[1], True
        flags[item, language] = {"differs": "harder" if harder else "easier", "chance": _rounded(chance, 4)}
    return flags


def _reliability(attempts: Sequence[Tried]) -> tuple[float | None, int | None, int | None]:
    """Alpha of the largest set of attempts that share their questions, with its attempts and questions."""
    forms: dict[tuple[Item, ...], list[list[Fraction]]] = defaultdict(list)
    for attempt in attempts:
        answers = sorted(attempt.items, key=lambda answer: str(answer.item))
        if answers:
            forms[tuple(answer.item for answer in answers)].append([answer.earned for answer in answers])
    form, scores = max(forms.items(), key=lambda entry: (len(entry[1]), str(entry[0])), default=((), []))
    if len(scores) < LEAST_ATTEMPTS:
        return None, None, None
    return statistics.cronbach_alpha(scores), len(scores), len(form)


def _cells(rows: Sequence[T], language_of: Callable[[T], str]) -> dict[str, list[T]]:
    """The rows by language, the most frequent first, without cells that are too small or could be found out."""
    cells: dict[str, list[T]] = defaultdict(list)
    for row in rows:
        cells[language_of(row)].append(row)
    ordered = sorted(cells.items(), key=lambda cell: (-len(cell[1]), cell[0]))
    shown = {language: own for language, own in ordered if len(own) >= LEAST_ATTEMPTS}
    while shown and 0 < len(rows) - sum(map(len, shown.values())) < LEAST_ATTEMPTS:
        shown.popitem()
    return shown


def _median_seconds(seconds: Sequence[float | None]) -> int | None:
    known = [value for value in seconds if value is not None]
    return round(median(known)) if len(known) >= LEAST_ATTEMPTS else None


def _rounded(value: Fraction | float | None, digits: int = 3) -> float | None:
    return None if value is None else round(float(value), digits)


class Finding(StrEnum):
    """What a trainer should look at in a question."""

    HARDLY_ANYBODY = "hardly_anybody"
    NEARLY_EVERYBODY = "nearly_everybody"
    BETTER_ANSWER_WORSE = "better_answer_worse"
    TELLS_LITTLE = "tells_little"
    TEMPTS_THE_BETTER = "tempts_the_better"
    NEVER_CHOSEN = "never_chosen"
    LANGUAGE = "language"


# Where a correlation says something: below, chance moves it by more than the borders are apart.
LEAST_JUDGED = 20
HARD, EASY = 0.2, 0.95
# Ebel 1972: a discrimination below 0.2 is poor; the middle of nothing is said here, only what is nearly none.
BACKWARD, WEAK = -0.1, 0.1


def findings(question: Mapping[str, Any]) -> list[Finding]:
    """What a question's figures, as `questions_of` gives them, ask a trainer to check; the gravest first."""
    if question["asked"] is None:
        return []
    found = []
    facility, item_rest = question["facility"], question["item_rest"]
    wrong = [choice for choice in question["choices"] if not choice["right"]]
    judged = question["asked"] >= LEAST_JUDGED
    if facility <= HARD:
        found.append(Finding.HARDLY_ANYBODY)
    if judged and item_rest is not None and item_rest <= BACKWARD:
        found.append(Finding.BETTER_ANSWER_WORSE)
    if any(
        choice["upper"] is not None and round(choice["upper"] - choice["lower"], 3) >= WEAK
        for choice in wrong
    ):
        found.append(Finding.TEMPTS_THE_BETTER)
    if any("differs" in cell for cell in question["languages"]):
        found.append(Finding.LANGUAGE)
    if facility >= EASY:
        found.append(Finding.NEARLY_EVERYBODY)
    elif judged and item_rest is not None and BACKWARD < item_rest < WEAK:
        found.append(Finding.TELLS_LITTLE)
    if judged and facility < EASY and any(choice["share"] == 0 for choice in wrong):
        found.append(Finding.NEVER_CHOSEN)
    return found

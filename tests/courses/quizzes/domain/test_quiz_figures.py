import random
from fractions import Fraction
from uuid import UUID

import pytest

from courses.quizzes.domain.paper import FrozenQuestion
from courses.quizzes.domain.quiz_figures import Answered, Tried, questions_of, summary_of

KEYS = [UUID(int=number) for number in range(1, 5)]


def item(number, version="v1"):
    return KEYS[number], version


def frozen(number, version="v1", languages=("fr", "ar")):
    return FrozenQuestion(
        key=KEYS[number],
        type="single_choice",
        points=1,
        version=version,
        language="fr",
        facts=(),
        body={"choices": ["a", "b", "c"]},
        texts={
            language: {"stem": f"Stem {number} {language}", "choices": {id_: id_ for id_ in "abc"}}
            for language in languages
        },
        answer={"correct": ["a"]},
    )


def tried(*chosen, language="fr", seconds=None, version="v1"):
    """An attempt that chose these in the questions from 0 on; `a` is right."""
    answers = tuple(
        Answered(item(number, version), language, 1, Fraction(choice == "a"), (choice,) if choice else ())
        for number, choice in enumerate(chosen)
    )
    percent = 100 * sum(choice == "a" for choice in chosen) // max(1, len(chosen))
    return Tried(language, percent, percent >= 70, seconds, answers)


def questions(attempts, *, versions=("v1",)):
    asked = {item(number, version): frozen(number, version) for number in range(4) for version in versions}
    count = max(len(attempt.items) for attempt in attempts)
    return questions_of(attempts, asked, [item(number, versions[-1]) for number in range(count)])


def cells(rows):
    return {row["language"]: row.get("asked") or row.get("attempts") for row in rows}


def test_nothing_is_said_of_four_attempts():
    attempts = [tried("a", "b")] * 4
    assert summary_of(attempts) == {"attempts": None}
    [first, second] = questions(attempts)
    assert (first["asked"], "facility" in first, "choices" in second) == (None, False, False)
    assert summary_of([tried("a", "b")] * 5)["attempts"] == 5


def test_a_question_in_one_version_needs_five_attempts_of_its_own():
    attempts = [tried("a", "a")] * 6 + [tried("b", "b", version="v2")] * 4
    rows = questions(attempts, versions=("v1", "v2"))
    assert [(row["version"], row["current"], row["asked"]) for row in rows] == [
        ("v2", True, None),
        ("v2", True, None),
        ("v1", False, 6),
        ("v1", False, 6),
    ]
    assert rows[2]["facility"] == 1.0


def test_a_small_language_is_hidden_with_the_one_that_would_give_it_away():
    attempts = (
        [tried("a", "b")] * 9 + [tried("a", "b", language="ar")] * 6 + [tried("b", "b", language="en")] * 3
    )
    assert cells(summary_of(attempts)["languages"]) == {"fr": 9}
    assert cells(questions(attempts)[0]["languages"]) == {"fr": 9}
    # Two small ones of together five hide each other.
    attempts += [tried("a", "b", language="de")] * 2
    assert cells(summary_of(attempts)["languages"]) == {"fr": 9, "ar": 6}


def test_groups_of_fewer_than_five_are_not_shown():
    for count, shown in ((16, False), (17, True)):
        attempts = [tried("a" if number % 3 else "b", "a" if number % 2 else "c") for number in range(count)]
        row = questions(attempts)[0]
        assert (row["upper_lower"] is not None, row["choices"][0]["upper"] is not None) == (shown, shown)
        assert row["item_rest"] is not None


def test_who_chose_what_in_the_upper_and_lower_group():
    # Twenty attempts, groups of five: the better half answers the last question wrongly.
    better, worse = tried("a", "a", "a", "b"), tried("b", "c", "b", "a")
    row = questions([better] * 10 + [worse] * 10)[3]
    assert (row["facility"], row["item_rest"], row["upper_lower"]) == (0.5, -1.0, -1.0)
    assert [
        (choice["right"], choice["share"], choice["upper"], choice["lower"]) for choice in row["choices"]
    ] == [
        (True, 0.5, 0.0, 1.0),
        (False, 0.5, 1.0, 0.0),
        (False, 0.0, 0.0, 0.0),
    ]
    assert row["choices"][0]["texts"] == {"fr": "a", "ar": "a"}


def test_no_answer_is_no_choice_and_no_points():
    row = questions([tried("", "a")] * 3 + [tried("a", "b")] * 2)[0]
    assert (row["facility"], [choice["share"] for choice in row["choices"]]) == (0.4, [0.4, 0.0, 0.0])


def test_a_question_that_fails_in_one_language_is_flagged():
    draw = random.Random(5)

    def one(language, chance):
        first = "a" if draw.random() < chance else "b"
        return tried(first, *(draw.choice("aaab") for _ in range(3)), language=language)

    attempts = [one("fr", 0.9) for _ in range(60)] + [one("ar", 0.3) for _ in range(60)]
    rows = questions(attempts)
    flags = [[(cell["language"], cell.get("differs")) for cell in row["languages"]] for row in rows]
    assert sorted(flags[0]) == [("ar", "harder"), ("fr", None)]
    assert all(differs is None for row in flags[1:] for _language, differs in row)


@pytest.mark.parametrize(("count", "flagged"), [(9, False), (10, True)])
def test_languages_are_compared_from_ten_attempts_on(count, flagged):
    attempts = [tried("a", "a")] * 40 + [tried("b", "a", language="ar")] * count
    row = questions(attempts)[0]
    assert any("differs" in cell for cell in row["languages"]) == flagged


def test_among_three_languages_the_one_that_differs_is_named():
    attempts = [tried(choice, "a", language=language) for language in ("fr", "en") for choice in "ab" * 20]
    attempts += [tried("b", "a", language="ar")] * 40
    cells = questions(attempts)[0]["languages"]
    assert [cell.get("differs") for cell in cells if cell["language"] == "ar"] == ["harder"]


def test_removed_answers_count_for_the_quiz_and_not_for_its_questions():
    attempts = [tried("a", "b")] * 6 + [Tried("fr", 100, True)] * 5
    summary = summary_of(attempts)
    assert (summary["attempts"], summary["alpha_attempts"], summary["passed"]) == (11, 6, round(5 / 11, 3))
    assert [row["asked"] for row in questions(attempts)] == [6, 6]


def test_alpha_is_that_of_the_attempts_that_share_their_questions():
    shared = [tried(*row) for row in ("aaa", "aab", "bbb", "aaa", "abb", "bbb")]
    summary = summary_of(shared + [tried("a", "b")] * 5)
    assert (summary["alpha_attempts"], summary["alpha_items"]) == (6, 3)
    # Variances of the items 2/9, 1/4 and 2/9, of the totals 57/36: 3/2 · (1 - 25/57).
    assert summary["alpha"] == round(1.5 * (1 - 25 / 57), 3)
    assert summary_of(shared[:4] + [tried("a")] * 4)["alpha"] is None


def test_medians():
    attempts = [tried("a", seconds=seconds) for seconds in (100, 10, 400, None, 30, 20)]
    assert summary_of(attempts)["median_seconds"] == 30
    assert summary_of(attempts[:5])["median_seconds"] is None
    assert summary_of(attempts)["median_percent"] == 100

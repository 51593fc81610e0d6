"""Draws: fair, without repetition, and the same from the same seed. No database."""

from collections import Counter
from dataclasses import replace
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.quizzes.domain.drawing import Offered, Row, compose, draw, meets, pools, sure

SPACE = UUID(int=7)


def key(number: int) -> UUID:
    return uuid5(SPACE, str(number))


def bank(count: int, **fields) -> dict[UUID, Offered]:
    return {key(number): Offered(key(number), order=number, **fields) for number in range(count)}


def chi_square(counts: Counter, expected: float, cells: list) -> float:
    return sum((counts[cell] - expected) ** 2 / expected for cell in cells)


# Fairness


def test_each_question_is_drawn_as_often_as_another():
    offered, row = bank(10, objective=1), Row(count=3, objective=1)
    counts = Counter(drawn for seed in range(2000) for drawn in draw([row], offered, seed=f"seed {seed}")[0])
    # 9 degrees of freedom, 99.9 % below 27.9 (less: the three of one draw differ).
    assert chi_square(counts, 600, list(offered)) < 27.9


def test_each_set_of_two_is_drawn_as_often_as_another():
    offered, row = bank(5, objective=1), Row(count=2, objective=1)
    counts = Counter(frozenset(draw([row], offered, seed=f"set {seed}")[0]) for seed in range(2000))
    assert len(counts) == 10
    # 9 degrees of freedom.
    assert chi_square(counts, 200, list(counts)) < 27.9


def test_what_one_draw_left_over_is_no_less_likely_in_the_next():
    offered = bank(2, objective=1) | {key(9): Offered(key(9), order=9)}
    offered = {name: replace(question, difficulty="easy") for name, question in offered.items()}
    rows = [Row(count=1, objective=1), Row(count=1, difficulty="easy")]
    counts = Counter(draw(rows, offered, seed=f"left {seed}")[1][0] for seed in range(1500))
    # Of the two that may be left over, each stands in for a half: a quarter, a quarter, a half.
    assert abs(counts[key(9)] - 750) < 100
    assert abs(counts[key(0)] - 375) < 80


def test_each_order_is_as_likely_as_another():
    offered = bank(3)
    rows = [Row(question=name) for name in offered]
    counts = Counter(
        compose(rows, offered, seed=f"order {seed}", shuffle=True)[0].keys for seed in range(1200)
    )
    assert len(counts) == 6
    # 5 degrees of freedom, 99.9 % below 20.5.
    assert chi_square(counts, 200, list(counts)) < 20.5


def test_unseen_questions_come_first_and_are_chosen_fairly():
    offered, row = bank(8, objective=1), Row(count=2, objective=1)
    seen = {key(number) for number in range(4)}
    counts = Counter()
    for seed in range(800):
        counts.update(draw([row], offered, seed=f"seen {seed}", seen=seen)[0])
    assert set(counts).isdisjoint(seen)
    # 3 degrees of freedom, 99.9 % below 16.3.
    assert chi_square(counts, 400, [key(number) for number in range(4, 8)]) < 16.3


def test_seen_questions_fill_what_unseen_ones_leave():
    offered, row = bank(4, objective=1), Row(count=3, objective=1)
    drawn = draw([row], offered, seed="x", seen=[key(0), key(1), key(2)])[0]
    assert len(drawn) == 3
    assert key(3) in drawn


# Conditions

QUESTION = Offered(
    key(1), objective=1, categories=frozenset({3, 5}), tags=frozenset({"money"}), difficulty="hard"
)


@pytest.mark.parametrize(
    ("row", "met"),
    [
        (Row(count=1, objective=1), True),
        (Row(count=1, objective=2), False),
        (Row(count=1, category=5), True),
        (Row(count=1, category=4), False),
        (Row(count=1, tag=" Money"), True),
        (Row(count=1, tag="people"), False),
        (Row(count=1, difficulty="hard"), True),
        (Row(count=1, difficulty="easy"), False),
        (Row(count=1, objective=1, category=3, tag="money", difficulty="hard"), True),
        (Row(count=1, objective=1, category=3, tag="money", difficulty="easy"), False),
        (Row(question=key(1)), False),
    ],
)
def test_a_draw_takes_what_meets_all_of_its_conditions(row, met):
    assert meets(row, QUESTION) is met


questions = st.builds(
    lambda number, objective, categories, tags, difficulty, scenario: Offered(
        key(number),
        number,
        objective,
        frozenset(categories),
        frozenset(tags),
        difficulty,
        SPACE if scenario else None,
    ),
    st.integers(0, 30),
    st.sampled_from([None, 1, 2]),
    st.sets(st.sampled_from([1, 2])),
    st.sets(st.sampled_from(["a", "b"])),
    st.sampled_from(["easy", "hard"]),
    st.booleans(),
)
offers = st.lists(questions, max_size=14).map(lambda own: {one.key: one for one in own})
fixed_rows = st.builds(lambda number: Row(question=key(number)), st.integers(0, 34))
drawing_rows = st.builds(
    lambda count, objective, category, tag, difficulty: Row(
        None, count, objective, category, tag, difficulty
    ),
    st.integers(1, 4),
    st.sampled_from([None, 1, 2]),
    st.sampled_from([None, 1, 2]),
    st.sampled_from(["", "a", "b"]),
    st.sampled_from(["", "easy", "hard"]),
)
sectioned = st.lists(
    st.builds(
        lambda row, title: replace(row, section={"fr": title} if title else {}),
        st.one_of(fixed_rows, drawing_rows),
        st.sampled_from(["", "", "A"]),
    ),
    max_size=6,
)


@settings(max_examples=120, deadline=None)
@given(sectioned, offers, st.text(max_size=4), st.booleans(), st.sets(st.integers(0, 30), max_size=5))
def test_a_paper_asks_nothing_twice_and_only_what_its_rows_allow(rows, offered, seed, shuffle, seen):
    seen = {key(number) for number in seen}
    sections = compose(rows, offered, seed=seed, seen=seen, shuffle=shuffle)
    asked = [name for section in sections for name in section.keys]
    assert len(asked) == len(set(asked))
    assert set(asked) <= set(offered)
    assert {row.question for row in rows if row.question} & set(offered) <= set(asked)
    drawn = draw(rows, offered, seed=seed, seen=seen)
    for place, names in drawn.items():
        assert all(meets(rows[place], offered[name]) for name in names)
        assert len(names) <= rows[place].count
        # What it can count on, it gets.
        assert len(names) >= min(rows[place].count, sure(rows, offered)[place])
    # Nothing hangs on the order in which the bank is read, and only chance on the seed.
    backwards = dict(reversed(offered.items()))
    assert compose(rows, backwards, seed=seed, seen=seen, shuffle=shuffle) == sections
    # A case's questions stand together in each section.
    for section in sections:
        cases = [offered[name].scenario is not None for name in section.keys]
        assert sum(here and not before for before, here in zip([False, *cases], cases, strict=False)) <= 1


def test_the_wider_draw_leaves_the_narrower_one_its_questions():
    offered = bank(2, objective=1, difficulty="easy")
    offered |= {key(5): Offered(key(5), order=5, difficulty="easy")}
    rows = [Row(count=1, difficulty="easy"), Row(count=2, objective=1)]
    for seed in range(20):
        assert draw(rows, offered, seed=str(seed))[0] == [key(5)]
    assert sure(rows, offered) == {0: 1, 1: 2}


def test_a_named_question_is_never_drawn_besides():
    offered = bank(2, objective=1)
    rows = [Row(count=2, objective=1), Row(question=key(0))]
    assert pools(rows, offered) == {0: [key(1)]}
    assert compose(rows, offered, seed="x")[0].keys == (key(1), key(0))
    assert sure(rows, offered) == {0: 1}


# Order


def test_shuffling_stays_inside_a_section_and_keeps_a_case_together_in_order():
    offered = bank(6)
    case = UUID(int=1)
    offered |= {key(number): replace(offered[key(number)], scenario=case) for number in (3, 5)}
    rows = [Row(question=key(number), section={"fr": "B"} if number == 2 else {}) for number in range(6)]
    orders = set()
    for seed in range(40):
        first, second = compose(rows, offered, seed=str(seed), shuffle=True)
        assert set(first.keys) == {key(0), key(1)}
        assert set(second.keys) == {key(number) for number in range(2, 6)}
        assert second.keys.index(key(5)) == second.keys.index(key(3)) + 1
        assert (first.words, second.words) == ({}, {"fr": "B"})
        orders.add(first.keys + second.keys)
    assert len(orders) > 5
    plain = compose(rows, offered, seed="1")
    assert plain[1].keys == (key(2), key(3), key(5), key(4))


def test_a_section_without_questions_is_left_out():
    rows = [
        Row(question=key(0)),
        Row(count=3, objective=8, section={"fr": "Vide"}),
        Row(question=key(1), section={"fr": "Suite"}),
    ]
    sections = compose(rows, bank(2), seed="x")
    assert [(section.words, section.keys) for section in sections] == [
        ({}, (key(0),)),
        ({"fr": "Suite"}, (key(1),)),
    ]

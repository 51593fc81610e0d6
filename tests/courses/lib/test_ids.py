"""Serials: the form, the forgiveness, and a proof by exhaustion of what the check character catches."""

from __future__ import annotations

import itertools
import random

import pytest

from courses.lib.ids import (
    ALPHABET,
    LENGTH,
    RANDOM_BITS,
    SerialError,
    check_character,
    display_serial,
    new_serial,
    normalise_serial,
)

# One serial of the day the scheme was fixed. If this test fails, serials on paper no longer verify.
ON_PAPER = "7K3MQ0ZP4TRX9HC"


def valid(serial: str) -> bool:
    try:
        return normalise_serial(serial) == serial
    except SerialError:
        return False


def test_the_scheme_is_fixed() -> None:
    assert ON_PAPER + check_character(ON_PAPER) == "7K3MQ0ZP4TRX9HC5"
    assert check_character("0" * 15) == "0"
    assert check_character("0" * 14 + "1") == "2"
    assert LENGTH == 16
    assert RANDOM_BITS >= 75
    assert len(set(ALPHABET)) == 32
    assert not set(ALPHABET) & set("ILOU")


def test_new_serials_are_valid_different_and_use_the_whole_alphabet() -> None:
    serials = {new_serial() for _ in range(2_000)}
    assert len(serials) == 2_000
    assert all(valid(serial) for serial in serials)
    for position in range(LENGTH):
        assert {serial[position] for serial in serials} == set(ALPHABET)


def test_every_single_wrong_character_is_recognised() -> None:
    # The check is linear: an error pattern is caught in one serial exactly when it is caught in all.
    for serial in ("0" * 16, normalise_serial("7K3MQ0ZP4TRX9HC5")):
        for position, other in itertools.product(range(LENGTH), ALPHABET):
            if other != serial[position]:
                assert not valid(serial[:position] + other + serial[position + 1 :])


def test_every_swap_of_two_characters_is_recognised() -> None:
    source = random.Random(32)
    for left, right in itertools.combinations(range(LENGTH - 1), 2):
        for first, second in itertools.permutations(ALPHABET, 2):
            body = [source.choice(ALPHABET) for _ in range(LENGTH - 1)]
            body[left], body[right] = first, second
            check = check_character("".join(body))
            body[left], body[right] = second, first
            assert check_character("".join(body)) != check


def test_every_swap_with_the_check_character_is_recognised() -> None:
    for _ in range(3_000):
        serial = new_serial()
        for position in range(LENGTH - 1):
            if serial[position] != serial[-1]:
                swapped = list(serial)
                swapped[position], swapped[-1] = swapped[-1], swapped[position]
                assert not valid("".join(swapped))


def test_every_doubled_pair_mistaken_for_another_is_recognised() -> None:
    for position in range(LENGTH - 2):
        for first, second in itertools.permutations(ALPHABET, 2):
            body = list("0" * (LENGTH - 1))
            body[position : position + 2] = first * 2
            check = check_character("".join(body))
            body[position : position + 2] = second * 2
            assert check_character("".join(body)) != check


@pytest.mark.parametrize(
    "typed",
    [
        "7K3M-Q0ZP-4TRX-9HC5",
        "7k3m q0zp 4trx 9hc5",
        "  7k3mqOzp4trx9hc5\n",
        "7K3M–QoZP—4TRX‑9HC5",
        "\u20667K3M-Q0ZP-4TRX-9HC5\u2069",
        "٧K٣M-Q٠ZP-٤TRX-٩HC٥",
        "\uff17K3M-Q0ZP-4TRX-9HC\uff15",
    ],
)
def test_typed_serials_are_forgiven(typed: str) -> None:
    assert normalise_serial(typed) == "7K3MQ0ZP4TRX9HC5"


def test_i_and_l_are_read_as_one() -> None:
    body = "1" * 15
    serial = body + check_character(body)
    assert normalise_serial("IlLi1" * 3 + serial[-1]) == serial


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "length"),
        ("7K3M-Q0ZP-4TRX-9HC", "length"),
        ("7K3M-Q0ZP-4TRX-9HC55", "length"),
        ("7K3M-Q0ZP-4TRX-9HU5", "character"),
        ("7K3M-Q0ZP-4TRX-9HC*", "character"),
        ("شهادة", "character"),
        ("7K3M-Q0ZP-4TRX-9HCN", "check"),
        ("K73M-Q0ZP-4TRX-9HC5", "check"),
    ],
)
def test_refusals_say_why(typed: str, reason: str) -> None:
    with pytest.raises(SerialError) as caught:
        normalise_serial(typed)
    assert caught.value.reason == reason
    assert isinstance(caught.value, ValueError)


def test_display_and_back() -> None:
    serial = new_serial()
    shown = display_serial(serial)
    assert [len(group) for group in shown.split("-")] == [4, 4, 4, 4]
    assert normalise_serial(shown) == serial

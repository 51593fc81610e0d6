"""The keys on which learning records hang never change."""

from uuid import UUID

from courses.interfaces.packages.keys import NAMESPACE, block_key, child_key, key_for


def test_the_namespace_is_the_one_records_were_made_with():
    assert UUID("660de7c3-f6bd-4ac0-b7e7-0589df595882") == NAMESPACE
    assert key_for("JUR") == UUID("46c2fbf0-0492-5c94-9971-c07bd955252c")


def test_an_id_that_is_a_uuid_is_its_own_key():
    assert key_for("1b671a64-40d5-491e-99b0-da01ff1f3341") == UUID("1b671a64-40d5-491e-99b0-da01ff1f3341")


def test_only_the_usual_form_of_a_uuid_counts_as_one():
    key = UUID("1b671a64-40d5-491e-99b0-da01ff1f3341")

    assert key_for(key.hex).version == 5
    assert key_for(str(key).upper()).version == 5


def test_blocks_and_their_items_have_keys_of_their_own():
    blocks = [block_key("JUR-M1-L1", position) for position in range(3)]
    items = [child_key(blocks[0], position) for position in range(3)]

    assert len({*blocks, *items, key_for("JUR-M1-L1")}) == 7
    assert blocks[0] == block_key("JUR-M1-L1", 0)

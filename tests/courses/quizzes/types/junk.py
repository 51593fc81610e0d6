"""Anything a browser, or somebody who writes requests by hand, may send as an answer."""

from hypothesis import strategies as st

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=300)
)
_IDS = st.sampled_from(["a", "b", "c", "d", "x", "y", "1", "2", "3", "4", ""])
JUNK = st.recursive(
    _SCALARS | _IDS,
    lambda inner: (
        st.lists(inner, max_size=6) | st.dictionaries(_IDS | st.text(max_size=3), inner, max_size=6)
    ),
    max_leaves=12,
)

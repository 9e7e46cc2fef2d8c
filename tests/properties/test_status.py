"""Status lists of any values: like a dictionary, and the same after they were published."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from status import FORMATS, MOST_BYTES, Format, RangeError, StatusError, StatusList

LAYOUTS = [(size, least) for size in range(1, 9) for least in (False, True) if not least or size in {1, 2, 4, 8}]
PUBLISHED = [(layout, size) for layout in FORMATS.values() for size in sorted(layout.sizes)]
LENGTH = 131_072


@st.composite
def changes(draw: Callable[..., object], length: int) -> tuple[int, bool, list[dict[int, int]]]:
    """A layout, and changes of lists of that length, one after another."""
    size, least = draw(st.sampled_from(LAYOUTS))
    values = st.integers(0, (1 << size) - 1)
    places = st.integers(0, length - 1) | st.sampled_from([0, length - 1])
    return size, least, draw(st.lists(st.dictionaries(places, values, max_size=20), max_size=5))


@given(changes(1003))
def test_a_list_is_like_a_dictionary(drawn: tuple[int, bool, list[dict[int, int]]]) -> None:
    size, least, steps = drawn
    statuses, model = (
        StatusList.of_length(1003, size=size, least_significant_first=least),
        dict.fromkeys(range(1003), 0),
    )
    for step in steps:
        statuses = statuses.updated(step)
        model |= step
    assert [statuses[index] for index in range(1003)] == list(model.values())
    assert len(statuses) >= 1003
    assert len(statuses.data) == (1003 * size + 7) // 8
    assert not any(list(statuses)[1003:])


@given(st.binary(max_size=64), st.sampled_from(LAYOUTS), st.data())
def test_many_values_are_each_of_them(data: bytes, layout: tuple[int, bool], draw: st.DataObject) -> None:
    statuses = StatusList(data, *layout)
    indexes = draw.draw(st.lists(st.integers(-3, len(statuses) + 3), max_size=20))
    if all(0 <= index < len(statuses) for index in indexes):
        one_by_one = [statuses[index] for index in indexes]
        assert (
            statuses.values(indexes) == statuses.values(iter(indexes)) == statuses.values(tuple(indexes)) == one_by_one
        )
    else:
        with pytest.raises(RangeError):
            statuses.values(indexes)


@pytest.mark.parametrize(("layout", "size"), PUBLISHED, ids=lambda each: getattr(each, "name", each))
@settings(max_examples=25)
@given(data=st.data())
def test_what_is_published_is_what_is_read(layout: Format, size: int, data: st.DataObject) -> None:
    values = data.draw(st.dictionaries(st.integers(0, LENGTH - 1), st.integers(0, (1 << size) - 1), max_size=50))
    extra = data.draw(st.integers(0, 20))
    empty = StatusList.of_length(LENGTH + extra, size=size, least_significant_first=layout.least_significant_first)
    statuses = empty.updated(values)
    text = layout.encode(statuses)

    assert layout.decode(text, size=size, most_bytes=MOST_BYTES) == statuses
    assert layout.encode(layout.decode(text, size=size, most_bytes=len(statuses.data))) == text
    with pytest.raises(StatusError, match="longer"):
        layout.decode(text, size=size, most_bytes=len(statuses.data) - 1)
    if layout.has_binary_form:
        assert layout.decode(layout.encode_bytes(statuses), size=size, most_bytes=MOST_BYTES) == statuses


@given(st.binary(min_size=1, max_size=200), st.sampled_from([1, 2, 4, 8]))
def test_short_lists_of_any_bytes(data: bytes, size: int) -> None:
    """The format that sets no least length."""
    statuses, token = StatusList(data, size, least_significant_first=True), FORMATS["token"]

    assert token.decode(token.encode(statuses), size=size, most_bytes=200) == statuses
    assert token.decode(token.encode_bytes(statuses), size=size, most_bytes=200) == statuses


@given(
    st.sampled_from(sorted(FORMATS)),
    st.text(max_size=30) | st.text("uH4sIABCDeJz-_+/=", max_size=60) | st.binary(max_size=60),
    st.integers(-1, 10),
)
@example("bitstring", "u" + "\udcff", 1)
@example("statuslist2021", "====", 1)
def test_nothing_but_lists_and_our_errors_comes_of_anything(name: str, encoded: str | bytes, size: int) -> None:
    try:
        outcome: StatusList | StatusError = FORMATS[name].decode(encoded, size=size, most_bytes=1000)
    except StatusError as error:
        outcome = error
    if isinstance(outcome, StatusError):
        assert outcome.code in {"MALFORMED_VALUE_ERROR", "STATUS_VERIFICATION_ERROR"}
    else:
        assert len(outcome.data) <= 1000

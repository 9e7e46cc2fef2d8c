"""The bits of a list: which of them belong to an index, in both orders, and what is out of range."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from status import RangeError, StatusList

KNOWN = [
    # size, least significant first, bytes, values
    (1, False, "80", [1, 0, 0, 0, 0, 0, 0, 0]),
    (1, False, "01", [0, 0, 0, 0, 0, 0, 0, 1]),
    (1, True, "80", [0, 0, 0, 0, 0, 0, 0, 1]),
    (1, True, "01", [1, 0, 0, 0, 0, 0, 0, 0]),
    (1, False, "000001", [0] * 23 + [1]),
    (1, True, "b9a3", [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]),
    (2, True, "c944f9", [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]),
    (2, False, "1b", [0, 1, 2, 3]),
    (4, False, "8f", [8, 15]),
    (4, True, "8f", [15, 8]),
    (8, False, "8001ff", [128, 1, 255]),
    (8, True, "8001ff", [128, 1, 255]),
    (3, False, "053977", [0, 1, 2, 3, 4, 5, 6, 7]),  # 000 001 01|0 011 100 1|01 110 111
    (5, False, "0843", [1, 1, 1]),  # 00001 000|01 00001 1: the last bit is nobody's
    (6, False, "fc0fff", [63, 0, 63, 63]),
    (7, False, "fe03f8", [127, 0, 127]),  # 1111111 0|000000 11|11111 000: the last three are nobody's
]


@pytest.mark.parametrize(("size", "least", "data", "values"), KNOWN)
def test_the_bits_of_every_value(size: int, least: bool, data: str, values: list[int]) -> None:
    statuses = StatusList(bytes.fromhex(data), size, least)

    assert len(statuses) == len(values)
    assert [statuses[index] for index in range(len(statuses))] == values
    assert list(statuses) == statuses.values(range(len(values))) == values
    empty = StatusList.of_length(len(values), size=size, least_significant_first=least)
    rebuilt = empty.updated(dict(enumerate(values)))
    assert len(empty) == len(values)
    assert list(rebuilt) == values
    assert set(empty) == {0}


@pytest.mark.parametrize("size", range(1, 9))
@pytest.mark.parametrize("least", [False, True])
def test_the_first_and_the_last_value(size: int, least: bool) -> None:
    if least and size not in {1, 2, 4, 8}:
        with pytest.raises(ValueError, match="no status lists"):
            StatusList(b"", size, least)
        return
    empty = StatusList.of_length(1000, size=size, least_significant_first=least)
    full = (1 << size) - 1
    ends = empty.updated({0: full, 999: full})

    assert len(empty.data) == (1000 * size + 7) // 8
    assert (ends[0], ends[1], ends[998], ends[999]) == (full, 0, 0, full)
    assert ends.updated({0: 0, 999: 0}) == empty
    assert [index for index, value in enumerate(ends) if value] == [0, 999]


@pytest.mark.parametrize("size", range(1, 9))
@pytest.mark.parametrize("index", [-1, -(10**30), 24, 25, 10**30])
def test_there_is_nothing_outside_of_a_list(size: int, index: int) -> None:
    statuses = StatusList(b"\xff" * 3 * size, size)

    assert len(statuses) == 24
    for attempt in (
        lambda: statuses[index],
        lambda: statuses.values([index]),
        lambda: statuses.values(iter([0, 23, index])),
        lambda: statuses.updated({index: 0}),
    ):
        with pytest.raises(RangeError) as caught:
            attempt()
        assert caught.value.code == "RANGE_ERROR"
        assert len(caught.value.detail) < 100


@pytest.mark.parametrize("size", [3, 5, 6, 7])
def test_bits_that_are_too_few_for_a_value_are_none(size: int) -> None:
    statuses = StatusList(b"\xff" * 2, size)

    assert statuses[len(statuses) - 1] == (1 << size) - 1
    with pytest.raises(RangeError):
        statuses[len(statuses)]


@pytest.mark.parametrize("size", range(1, 9))
def test_a_value_fits_into_its_bits(size: int) -> None:
    statuses = StatusList.of_length(16, size=size)
    for value in (-1, 1 << size, 10**30):
        with pytest.raises(RangeError):
            statuses.updated({3: value})
    assert set(statuses) == {0}


@pytest.mark.parametrize("size", [0, -1, 9, 16])
def test_other_sizes_there_are_not(size: int) -> None:
    with pytest.raises(ValueError, match="no status lists"):
        StatusList(b"", size)


def test_a_list_does_not_change() -> None:
    statuses = StatusList(b"\x00")
    changed = statuses.updated({0: 1})

    assert (statuses.data, changed.data) == (b"\x00", b"\x80")
    assert statuses.updated({}) == statuses
    with pytest.raises(FrozenInstanceError):
        statuses.data = b"\xff"  # type: ignore[misc]  # is what is refused


def test_an_empty_list_has_no_values() -> None:
    empty = StatusList(b"")

    assert (len(empty), list(empty), empty.values([]), empty.values(iter(()))) == (0, [], [], [])
    with pytest.raises(RangeError):
        empty[0]

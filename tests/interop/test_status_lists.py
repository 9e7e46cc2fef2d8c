"""Encoded lists: what one side writes the other reads, bit by bit, in every encoding and for every size of a value."""

from __future__ import annotations

import json
import random
from pathlib import Path

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from peer import Peer, PeerError
from status_sides import CODECS, LENGTH, Codec

from status import FORMATS, RangeError, StatusList, StatusListLengthError

KINDS = [
    pytest.param(codec, size, id=f"{codec.theirs}-{size}")
    for codec in CODECS
    for size in ((1, 2, 4, 8) if codec.ours == "token" else (1,))
]
EXAMPLES = settings(max_examples=50)


def some_values(seed: int, length: int, size: int) -> dict[int, int]:
    """Values at random indexes, few or many of them, and often at the first and last."""
    dice = random.Random(seed)
    indexes = {dice.randrange(length) for _ in range(dice.choice((0, 1, 50, 2000)))}
    indexes |= set(dice.sample((0, length - 1), dice.randrange(3)))
    return {index: dice.randrange(1, 1 << size) for index in indexes}


def length_of(seed: int, codec: Codec, size: int) -> int:
    """The length of a list that fills whole bytes; a W3C list is never short."""
    per_byte = 8 // size
    least = FORMATS[codec.ours].minimum_length // per_byte
    return (least + random.Random(seed).randrange(1, 2000)) * per_byte


def some_indexes(seed: int, length: int, values: dict[int, int]) -> list[int]:
    dice = random.Random(seed + 1)
    return [0, length - 1, *values, *(dice.randrange(length) for _ in range(200))]


@pytest.mark.parametrize(("codec", "size"), KINDS)
@EXAMPLES
@given(seed=st.integers(0, 2**32))
def test_ours_reads_theirs(status_peer: Peer, codec: Codec, size: int, seed: int) -> None:
    length = length_of(seed, codec, size)
    values = some_values(seed, length, size)
    statuses = codec.ours_decode(codec.theirs_encode(status_peer, length, values, size=size), size=size)
    assert len(statuses) == length
    assert {index: value for index, value in enumerate(statuses) if value} == values


@pytest.mark.parametrize(("codec", "size"), KINDS)
@EXAMPLES
@given(seed=st.integers(0, 2**32))
def test_theirs_reads_ours(status_peer: Peer, codec: Codec, size: int, seed: int) -> None:
    length = length_of(seed, codec, size)
    values = some_values(seed, length, size)
    indexes = some_indexes(seed, length, values)
    encoded = codec.ours_encode(codec.list_of(length, values, size=size))
    read = codec.theirs_decode(status_peer, encoded, indexes, size=size)
    assert read == (length, [values.get(index, 0) for index in indexes])


@pytest.mark.parametrize(("codec", "size"), KINDS)
def test_lists_of_real_lengths(status_peer: Peer, codec: Codec, size: int) -> None:
    """With the first and the last index, and one more, which is out of range for both."""
    for length in (LENGTH, 1_000_000):
        values = some_values(length, length, size) | {0: 1, length - 1: (1 << size) - 1}
        theirs = codec.theirs_encode(status_peer, length, values, size=size)
        statuses = codec.ours_decode(theirs, size=size)
        indexes = some_indexes(length, length, values)
        assert statuses == codec.list_of(length, values, size=size)
        assert statuses.values(indexes) == [values.get(index, 0) for index in indexes]
        ours = codec.ours_encode(statuses)
        assert codec.theirs_decode(status_peer, ours, indexes, size=size) == (length, statuses.values(indexes))
        with pytest.raises(RangeError):
            statuses[length]
        with pytest.raises(PeerError, match=r"out of (range|bounds)"):
            codec.theirs_decode(status_peer, ours, [length], size=size)


@pytest.mark.parametrize("codec", [codec for codec in CODECS if codec.ours == "token"], ids=lambda codec: codec.theirs)
@pytest.mark.parametrize("size", [1, 2, 4])
def test_a_length_that_does_not_fill_its_last_byte(status_peer: Peer, codec: Codec, size: int) -> None:
    """Both sides fill it with values that are 0 (Token Status List, section 4.1)."""
    length = 1001
    values = some_values(7, length, size) | {length - 1: 1}
    whole = -(-length * size // 8) * 8 // size
    statuses = codec.ours_decode(codec.theirs_encode(status_peer, length, values, size=size), size=size)
    assert statuses == codec.list_of(length, values, size=size)
    assert len(statuses) == whole > length
    assert statuses.values(range(length - 1, whole)) == [1, *[0] * (whole - length)]
    encoded = codec.ours_encode(codec.list_of(length, values, size=size))
    assert codec.theirs_decode(status_peer, encoded, [length - 1, whole - 1], size=size) == (whole, [1, 0])


@pytest.mark.parametrize("codec", CODECS[:2], ids=lambda codec: codec.theirs)
def test_a_short_list_of_theirs(status_peer: Peer, codec: Codec) -> None:
    """It is read, but not believed; ours is not even written."""
    statuses = codec.ours_decode(codec.theirs_encode(status_peer, 1024, {3: 1}))
    assert [index for index, value in enumerate(statuses) if value] == [3]
    with pytest.raises(StatusListLengthError):
        FORMATS[codec.ours].check_length(statuses)
    with pytest.raises(StatusListLengthError):
        codec.ours_encode(statuses)


def test_the_two_orders_of_bits_differ(status_peer: Peer) -> None:
    """The same bytes are other bits in the other format, so the tests above can fail."""
    codec = CODECS[0]
    encoded = codec.ours_encode(StatusList(b"\x80" + bytes(LENGTH // 8 - 1)))
    assert codec.theirs_decode(status_peer, encoded, [0, 7]) == (LENGTH, [1, 0])
    codec = CODECS[2]
    encoded = codec.ours_encode(StatusList(b"\x80" + bytes(LENGTH // 8 - 1), least_significant_first=True))
    assert codec.theirs_decode(status_peer, encoded, [0, 7]) == (LENGTH, [0, 1])


def test_published_lists(status_peer: Peer, conformance: Path) -> None:
    """Those of the specifications and of their implementers: every bit, in JSON and CBOR."""
    folder = conformance / "conformance"
    token, token_cbor = CODECS[2:]
    vectors = json.loads((folder / "jose/token-status-list/vectors.json").read_bytes())["vectors"]
    cases: list[tuple[Codec, int, str | bytes]] = []
    for vector in vectors:
        if "json" in vector:
            cases.append((token, vector["bits"], vector["json"]["lst"]))
            cases.append((token_cbor, vector["bits"], cbor2.loads(bytes.fromhex(vector["cbor_hex"]))["lst"]))
    assert len(cases) == 12
    published = json.loads((folder / "bitstring-status-list/encoded-lists.json").read_bytes())["lists"]
    published += json.loads((folder / "ebsi/status_lists.json").read_bytes())
    assert len(published) == 9
    texts = [each["encodedList"] for each in published]
    cases += [(CODECS[0 if text.startswith("u") else 1], 1, text) for text in texts]
    for codec, size, encoded in cases:
        statuses = codec.ours_decode(encoded, size=size)
        indexes = [index for index, value in enumerate(statuses) if value] + [0, len(statuses) - 1]
        read = codec.theirs_decode(status_peer, encoded, indexes, size=size)
        assert read == (len(statuses), statuses.values(indexes)), (codec, encoded[:40])

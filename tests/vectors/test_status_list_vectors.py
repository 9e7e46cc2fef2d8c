"""The published lists: Bitstring Status List, Status List 2021 as EBSI has it, Token Status List in JSON and CBOR."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cbor2
import pytest

from status import ENTRY_TYPES, FORMATS, MOST_BYTES, StatusEntry, StatusList, StatusListLengthError


@pytest.fixture(scope="module")
def folder(conformance: Path) -> Path:
    return conformance / "conformance"


def read(path: Path) -> Any:
    return json.loads(path.read_bytes())


def set_bits(statuses: StatusList) -> list[int]:
    return [index for index, value in enumerate(statuses) if value]


def test_encoded_lists(folder: Path) -> None:
    lists = read(folder / "bitstring-status-list/encoded-lists.json")["lists"]
    assert len(lists) == 5
    for case in lists:
        layout = FORMATS["bitstring" if case["multibase_u"] else "statuslist2021"]
        statuses = layout.decode(case["encodedList"], most_bytes=MOST_BYTES)

        assert (len(statuses), len(statuses.data)) == (case["bits"], case["uncompressed_bytes"])
        assert set_bits(statuses) == case["set_bits_msb_first"]
        if "below" in case["expected"]:
            with pytest.raises(StatusListLengthError):
                layout.check_length(statuses)
        else:
            layout.check_length(statuses)


def test_entries_and_lists_of_the_specification_s_examples(folder: Path) -> None:
    examples = [each["credential"] for each in read(folder / "bitstring-status-list/spec-examples.json")["examples"]]
    entries, lists = [], []
    for example in examples:
        found = example.get("credentialStatus", [])
        entries += [StatusEntry.parse(each) for each in (found if isinstance(found, list) else [found])]
        lists += [
            example["credentialSubject"][name] for name in ("encodedList",) if name in example["credentialSubject"]
        ]

    assert (len(entries), len(lists)) == (7, 2)
    assert {entry.type for entry in entries} < ENTRY_TYPES
    assert {(entry.purpose, entry.index) for entry in entries} == {
        ("revocation", 94567),
        ("suspension", 23452),
        ("suspension", 12345),
    }
    for text in lists:
        statuses = FORMATS["bitstring"].decode(text, most_bytes=MOST_BYTES)
        assert set(statuses.values(entry.index for entry in entries)) == {0}


def test_lists_of_ebsi(folder: Path) -> None:
    """One of which has other bits set than its name says."""
    lists = read(folder / "ebsi/status_lists.json")
    assert len(lists) == 4
    found = {}
    for case in lists:
        layout = FORMATS["bitstring" if case["encodedList"].startswith("u") else "statuslist2021"]
        statuses = layout.decode(case["encodedList"], most_bytes=MOST_BYTES)
        layout.check_length(statuses)
        found[case["name"]] = set_bits(statuses)
        assert (len(statuses.data), found[case["name"]]) == (case["bytes"], case["set_indexes_msb_first"])
    assert [15, 39] in found.values()


def test_token_status_lists(folder: Path) -> None:
    """As texts and as bytes, of 1, 2, 4 and 8 bits; and the same again, written by us and read."""
    token = FORMATS["token"]
    vectors = [each for each in read(folder / "jose/token-status-list/vectors.json")["vectors"] if "json" in each]
    assert sorted(each["bits"] for each in vectors) == [1, 1, 2, 2, 4, 8]
    for case in vectors:
        size = case["bits"]
        binary = cbor2.loads(bytes.fromhex(case["cbor_hex"]))
        statuses = token.decode(case["json"]["lst"], size=size, most_bytes=MOST_BYTES)

        assert (case["json"]["bits"], binary["bits"]) == (size, size)
        assert token.decode(binary["lst"], size=size, most_bytes=MOST_BYTES) == statuses
        if "statuses" in case:
            expected = {int(index): value for index, value in case["statuses"].items()}
            assert len(statuses) == case["size"]
            assert statuses.values(expected) == list(expected.values())
            assert set_bits(statuses) == sorted(index for index, value in expected.items() if value)
            empty = StatusList.of_length(case["size"], size=size, least_significant_first=True)
            assert empty.updated(expected) == statuses
        else:
            assert statuses.data.hex() == case["bytes_hex"]
        assert token.decode(token.encode(statuses), size=size, most_bytes=MOST_BYTES) == statuses
        assert token.decode(token.encode_bytes(statuses), size=size, most_bytes=MOST_BYTES) == statuses

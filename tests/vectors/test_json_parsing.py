"""JSONTestSuite: what must be read is read, what must be refused is refused, the open cases are decided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vc_core import document
from vc_core.document import read_json
from vc_core.errors import LimitExceeded, ParsingError, VCError
from vc_core.limits import Limits

DUPLICATES = {"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"}
"""Valid JSON that a library which signs must refuse: RFC 7493, section 2.3."""

RANGE, INTEGER, SURROGATE = "beyond the range of a double", "an integer beyond", "a lone surrogate"
UTF_8, OVERLONG, UTF_16 = "invalid UTF-8", "overlong UTF-8", "UTF-16 or UTF-32"
OPEN_CASES: dict[str, object] = {
    "i_number_double_huge_neg_exp.json": [0.0],
    "i_number_huge_exp.json": RANGE,
    "i_number_neg_int_huge_exp.json": RANGE,
    "i_number_pos_double_huge_exp.json": RANGE,
    "i_number_real_neg_overflow.json": RANGE,
    "i_number_real_pos_overflow.json": RANGE,
    "i_number_real_underflow.json": [0.0],
    "i_number_too_big_neg_int.json": INTEGER,
    "i_number_too_big_pos_int.json": INTEGER,
    "i_number_very_big_negative_int.json": INTEGER,
    "i_object_key_lone_2nd_surrogate.json": SURROGATE,
    "i_string_1st_surrogate_but_2nd_missing.json": SURROGATE,
    "i_string_1st_valid_surrogate_2nd_invalid.json": SURROGATE,
    "i_string_UTF-16LE_with_BOM.json": UTF_16,
    "i_string_UTF-8_invalid_sequence.json": UTF_8,
    "i_string_UTF8_surrogate_U+D800.json": SURROGATE,
    "i_string_incomplete_surrogate_and_escape_valid.json": SURROGATE,
    "i_string_incomplete_surrogate_pair.json": SURROGATE,
    "i_string_incomplete_surrogates_escape_valid.json": SURROGATE,
    "i_string_invalid_lonely_surrogate.json": SURROGATE,
    "i_string_invalid_surrogate.json": SURROGATE,
    "i_string_invalid_utf-8.json": UTF_8,
    "i_string_inverted_surrogates_U+1D11E.json": SURROGATE,
    "i_string_iso_latin_1.json": UTF_8,
    "i_string_lone_second_surrogate.json": SURROGATE,
    "i_string_lone_utf8_continuation_byte.json": UTF_8,
    "i_string_not_in_unicode_range.json": UTF_8,
    "i_string_overlong_sequence_2_bytes.json": OVERLONG,
    "i_string_overlong_sequence_6_bytes.json": UTF_8,
    "i_string_overlong_sequence_6_bytes_null.json": UTF_8,
    "i_string_truncated-utf-8.json": UTF_8,
    "i_string_utf16BE_no_BOM.json": UTF_16,
    "i_string_utf16LE_no_BOM.json": UTF_16,
    "i_structure_500_nested_arrays.json": "nested deeper than 64",
    "i_structure_UTF-8_BOM_empty_object.json": "byte order mark",
}
TRANSFORMED: dict[str, object] = {
    "number_-9223372036854775808.json": INTEGER,
    "number_-9223372036854775809.json": INTEGER,
    "number_1.0.json": [1.0],
    "number_1.000000000000000005.json": [1.0],
    "number_1000000000000000.json": [1000000000000000],
    "number_10000000000000000999.json": INTEGER,
    "number_1e-999.json": [0.0],
    "number_1e6.json": [1000000.0],
    "number_9223372036854775807.json": INTEGER,
    "number_9223372036854775808.json": INTEGER,
    "object_key_nfc_nfd.json": {"\u00e9": "NFC", "e\u0301": "NFD"},
    "object_key_nfd_nfc.json": {"e\u0301": "NFD", "\u00e9": "NFC"},
    "object_same_key_different_values.json": "duplicate member 'a'",
    "object_same_key_same_value.json": "duplicate member 'a'",
    "object_same_key_unclear_values.json": "duplicate member 'a'",
    "string_1_escaped_invalid_codepoint.json": SURROGATE,
    "string_1_invalid_codepoint.json": SURROGATE,
    "string_2_escaped_invalid_codepoints.json": SURROGATE,
    "string_2_invalid_codepoints.json": SURROGATE,
    "string_3_escaped_invalid_codepoints.json": SURROGATE,
    "string_3_invalid_codepoints.json": SURROGATE,
    "string_with_escaped_NULL.json": ["A\x00B"],
}


@pytest.fixture(params=["fast", "strict"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "_FAST", request.param == "fast")


def outcome(path: Path) -> object:
    """The value, or the sentence that refuses it."""
    try:
        return read_json(path.read_bytes(), limits=Limits())
    except VCError as error:
        return error.detail


def files(conformance: Path, prefix: str) -> list[Path]:
    return sorted((conformance / "conformance/json-parsing/test_parsing").glob(f"{prefix}_*.json"))


def test_what_must_be_read(conformance: Path) -> None:
    paths = files(conformance, "y")
    assert len(paths) == 95
    wrong = {
        path.name: outcome(path)
        for path in paths
        if path.name not in DUPLICATES and outcome(path) != json.loads(path.read_bytes())
    }
    assert wrong == {}


@pytest.mark.parametrize("name", sorted(DUPLICATES))
def test_duplicates_are_refused_deliberately(conformance: Path, name: str) -> None:
    data = (conformance / "conformance/json-parsing/test_parsing" / name).read_bytes()
    with pytest.raises(ParsingError, match="duplicate member 'a'"):
        read_json(data, limits=Limits())


def test_what_must_be_refused(conformance: Path) -> None:
    paths = files(conformance, "n")
    assert len(paths) == 188
    read = {}
    codes = set()
    for path in paths:
        try:
            read[path.name] = read_json(path.read_bytes(), limits=Limits())
        except (ParsingError, LimitExceeded) as error:
            codes.add(error.code)
    assert read == {}
    assert codes == {"PARSING_ERROR", "NESTING_TOO_DEEP"}


def compare(folder: Path, expected: dict[str, object]) -> None:
    """Each file gives the value, with the types of its numbers, or the reason of refusal that is expected."""
    wrong = {}
    for name, decision in expected.items():
        found = outcome(folder / name)
        refused = isinstance(decision, str) and isinstance(found, str) and decision in found
        if not refused and repr(found) != repr(decision):
            wrong[name] = found
    assert wrong == {}


def test_open_cases(conformance: Path) -> None:
    assert {path.name for path in files(conformance, "i")} == set(OPEN_CASES)
    assert len(OPEN_CASES) == 35
    compare(conformance / "conformance/json-parsing/test_parsing", OPEN_CASES)


def test_transformed(conformance: Path) -> None:
    folder = conformance / "conformance/json-parsing/test_transform"
    assert {path.name for path in folder.glob("*.json")} == set(TRANSFORMED)
    compare(folder, TRANSFORMED)

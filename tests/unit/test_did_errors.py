"""The error tree, its codes, and how untrusted text appears in messages."""

from __future__ import annotations

import pytest

import did
from did.errors import DIDError, plain, shown

TREE = {
    "InvalidDID": ("DIDError", "INVALID_DID"),
    "InvalidOptions": ("DIDError", "INVALID_OPTIONS"),
    "MethodNotSupported": ("DIDError", "METHOD_NOT_SUPPORTED"),
    "FeatureNotSupported": ("DIDError", "FEATURE_NOT_SUPPORTED"),
    "RepresentationNotSupported": ("DIDError", "REPRESENTATION_NOT_SUPPORTED"),
    "NotFound": ("DIDError", "NOT_FOUND"),
    "Unavailable": ("NotFound", "NOT_FOUND"),
    "NotAsked": ("Unavailable", "NOT_FOUND"),
    "Deactivated": ("DIDError", "DEACTIVATED"),
    "InvalidDIDDocument": ("DIDError", "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"),
    "InvalidVerificationMethod": ("DIDError", "INVALID_VERIFICATION_METHOD"),
    "InvalidKey": ("InvalidVerificationMethod", "INVALID_VERIFICATION_METHOD"),
    "InvalidEncoding": ("DIDError", "MALFORMED_VALUE_ERROR"),
}


def subclasses(cls: type[DIDError]) -> set[type[DIDError]]:
    return {cls}.union(*(subclasses(each) for each in cls.__subclasses__()))


def test_the_tree_is_pinned() -> None:
    found = {
        each.__name__: (each.__bases__[0].__name__, each.default_code)
        for each in subclasses(DIDError) - {DIDError}
        if each.__module__ == "did.errors"
    }
    assert found == TREE


def test_an_error_carries_code_and_detail() -> None:
    assert (did.NotFound("no").code, did.NotFound("no").detail, str(did.NotFound("no"))) == (
        "NOT_FOUND",
        "no",
        "no",
    )
    assert did.InvalidDID("no", code="INVALID_DID_URL").code == "INVALID_DID_URL"


def test_everything_exported_is_there_and_listed_in_order() -> None:
    assert all(hasattr(did, name) for name in did.__all__)
    assert len(set(did.__all__)) == len(did.__all__)
    assert set(TREE) <= set(did.__all__)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "'plain'"),
        ("a" * 65, "'" + "a" * 64 + "'…"),
        ("line\nbreak", "'line\\nbreak'"),
        ("\x1b[31m", "'\\x1b[31m'"),
        ("\u202eabc", "'\\u202eabc'"),
        ("é", "'\\xe9'"),
        ("\ud800", "'\\ud800'"),
        (b"\x00a", "b'\\x00a'"),
        (7, "7"),
        (1.5, "1.5"),
        (True, "True"),
        (None, "None"),
        (1 << 64, "a value of type int"),
        pytest.param(10**5000, "a value of type int", id="10**5000"),
        ({"secret": 1}, "a value of type dict"),
        (["secret"], "a value of type list"),
    ],
)
def test_shown_is_one_safe_short_line(value: object, expected: str) -> None:
    assert shown(value) == expected


def test_shown_costs_the_same_for_a_large_text() -> None:
    text = shown("\n" * 10_000_000)
    assert text == "'" + "\\n" * 64 + "'…"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("no route to 'host'", "no route to 'host'"),
        ("line\nbreak \x1b[31m", "line\\nbreak \\x1b[31m"),
        ("\u202eā\ud800\U0001f511", "\\u202e\\u0101\\ud800\\U0001f511"),
        ("a" * 11, "a" * 10 + "…"),
    ],
)
def test_what_others_say_gets_no_quotes(text: str, expected: str) -> None:
    assert plain(text, 10 if text.startswith("aa") else 256) == expected
    assert plain(text).isprintable()

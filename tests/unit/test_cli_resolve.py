"""`vc-core resolve`."""

from __future__ import annotations

import json

import pytest

import did
from vc_core.cli import main

KEY = did.PrivateKey("Ed25519", bytes(range(32))).public_key


@pytest.mark.parametrize("name", [did.did_key(KEY), did.did_key_jwk_jcs(KEY), did.did_jwk(KEY)])
def test_a_did_that_contains_its_key_is_resolved(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", name]) == 0
    out, err = capsys.readouterr()
    result = json.loads(out)
    assert result["didDocument"]["id"] == name
    assert result["didResolutionMetadata"] == {"contentType": "application/did"}
    assert err == ""


@pytest.mark.parametrize(
    ("name", "code", "kind"),
    [
        ("did:example:123", 3, "METHOD_NOT_SUPPORTED"),
        ("did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA", 3, "NOT_FOUND"),
        ("did:ebsi:zYcXJpGw4ox", 2, "INVALID_DID"),
        ("did:web:127.0.0.1", 2, "INVALID_DID"),
        ("did:key:z6Mk", 2, "INVALID_DID"),
        ("did:key:", 2, "INVALID_DID"),
        ("not a did", 2, "INVALID_DID"),
        ("did:key:\x1b[2J", 2, "INVALID_DID"),
        ("did:key:z" + "1" * 100_000, 2, "INVALID_DID"),
    ],
)
def test_what_cannot_be_resolved_says_why(name: str, code: int, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", name]) == code
    out, err = capsys.readouterr()
    result = json.loads(out)
    assert result["didDocument"] is None
    assert result["didResolutionMetadata"]["error"]["type"] == f"https://www.w3.org/ns/did#{kind}"
    assert err.startswith("vc-core: ")
    assert err.count("\n") == 1
    assert "\x1b" not in out + err

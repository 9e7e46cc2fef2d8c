"""The published examples of SD-JWTs: 17 + 15 cases of the reference generator, and those in the text of RFC 9901."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from did import PublicKey
from did.multibase import encode_base64url
from vc_core import Limits, VCError
from vc_core.securing import jose
from vc_core.securing.sd_jwt import holder_key, problems_of_key_binding, processed, read, read_sd_jwt
from vc_core.securing.sd_jwt.disclosure import Disclosure
from vc_core.securing.sd_jwt.reading import Processed
from vc_core.securing.signed_data import check
from vc_core.securing.token import Token

LIMITS = Limits()
TWO_SIGNATURES = {"json_serialization_general"}
"""Of these, one signature has to be taken away: which of two would be meant, nobody could say."""
NUMERIC_KID = {"header_mod"}
"""The header parameter `kid` of these is a number, which RFC 7515 does not allow (section 4.1.4)."""


@pytest.fixture(scope="module")
def folder(conformance: Path) -> Path:
    return conformance / "conformance/jose/sd-jwt"


@pytest.fixture(scope="module")
def keys(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "keys.json").read_bytes())


def as_bytes(token: str | dict[str, Any]) -> bytes:
    return token.encode() if isinstance(token, str) else json.dumps(token).encode()


def with_one_signature(token: dict[str, Any]) -> dict[str, Any]:
    return {**token, "signatures": token["signatures"][:1]}


def processed_and_checked(token: str | dict[str, Any], issuer: PublicKey) -> Processed:
    found = processed(read_sd_jwt(as_bytes(token), limits=LIMITS), limits=LIMITS)
    check(jose.signed_data(found.jws, "the issuer's key"), issuer)
    return found


def problems_with(found: Processed, nonce: str, audience: str) -> list[Any]:
    """What is wrong with the key binding, and whether its signature holds under the key of `cnf`."""
    assert found.key_binding is not None
    key = holder_key(found.claims)
    assert isinstance(key, PublicKey)
    check(found.key_binding.signed, key)
    signed = jose.signed_data(found.jws, "")
    token = Token("", found.jws.header, found.claims, found.claims, signed, "", "", key_binding=found.key_binding)
    return problems_of_key_binding(
        token,
        nonce=nonce,
        audience=frozenset({audience}),
        now=datetime.fromtimestamp(int(found.key_binding.claims["iat"]), UTC) + timedelta(seconds=30),  # type: ignore[arg-type]  # a number
        clock_skew=timedelta(0),
        longest_age=timedelta(minutes=1),
    )


@pytest.mark.parametrize(("name", "number"), [("testcases", 17), ("examples", 15)])
def test_cases(folder: Path, keys: dict[str, Any], name: str, number: int) -> None:
    cases = json.loads((folder / f"{name}.json").read_bytes())["cases"]
    assert len(cases) == number
    issuer = PublicKey.from_jwk(keys["issuer_public_jwk"])
    failed: list[str] = []
    bound = 0
    for case in cases:
        issuance, presentation = case["sd_jwt_issuance"], case["sd_jwt_presentation"]
        if case["name"] in NUMERIC_KID:
            continue
        if case["name"] in TWO_SIGNATURES:
            issuance, presentation = with_one_signature(issuance), with_one_signature(presentation)
        whole, shown = (processed_and_checked(token, issuer) for token in (issuance, presentation))
        if any(whole.claims.get(claim) != value for claim, value in case["user_claims"].items()):
            failed.append(f"{case['name']}: issuance")
        if shown.claims != case["verified_contents"]:
            failed.append(f"{case['name']}: presentation")
        if "kb_jwt_payload" in case:
            bound += 1
            if problems_with(shown, keys["key_binding_nonce"], keys[f"verifier_{name}"]):
                failed.append(f"{case['name']}: key binding")
    assert failed == []
    assert bound >= 3


@pytest.mark.parametrize(("names", "code"), [(TWO_SIGNATURES, "PARSING_ERROR"), (NUMERIC_KID, "TOKEN_HEADER_ERROR")])
def test_cases_that_are_refused(folder: Path, names: set[str], code: str) -> None:
    refused = 0
    for file in ("testcases", "examples"):
        for case in json.loads((folder / f"{file}.json").read_bytes())["cases"]:
            if case["name"] in names:
                refused += 1
                with pytest.raises(VCError) as caught:
                    processed(read_sd_jwt(as_bytes(case["sd_jwt_presentation"]), limits=LIMITS), limits=LIMITS)
                assert caught.value.code == code
    assert refused == len(names) * (2 if names == TWO_SIGNATURES else 1)


def test_examples_in_the_text(folder: Path, keys: dict[str, Any]) -> None:
    examples = json.loads((folder / "spec-text-examples.json").read_bytes())["examples"]
    assert len(examples) == 9
    issuer = PublicKey.from_jwk(keys["issuer_public_jwk"])
    kinds = []
    for example in examples:
        kinds.append(example["kind"])
        value = example["value"] + ("~" if example["kind"] == "issuer-signed-jwt" else "")
        found = processed_and_checked(value, issuer)
        assert (found.key_binding is not None) == (example["kind"] == "sd-jwt+kb")
        if found.key_binding is not None:
            audience = keys["verifier_examples"]
            assert problems_with(found, keys["key_binding_nonce"], audience) == [], example["section"]
    assert kinds.count("sd-jwt+kb") == 3


def test_an_sd_jwt_vc_in_the_text_has_a_kind_and_no_key(folder: Path) -> None:
    """Section A.3 has an SD-JWT VC; without a `kid` nothing says which key is its issuer's."""
    examples = json.loads((folder / "spec-text-examples.json").read_bytes())["examples"]
    [issued] = [each for each in examples if each["section"].startswith("A.3") and each["kind"] == "sd-jwt"]
    with pytest.raises(VCError, match="kid") as caught:
        read(issued["value"].encode(), limits=LIMITS)
    assert caught.value.code == "TOKEN_HEADER_ERROR"


def test_disclosures_in_the_text(folder: Path) -> None:
    disclosures = json.loads((folder / "spec-text-examples.json").read_bytes())["disclosures"]
    assert len(disclosures) == 87
    for each in disclosures:
        text = each["disclosure"]
        assert encode_base64url(hashlib.sha256(text.encode()).digest()) == each["sha256"]
        [_, *name_and_value] = each["contents"]
        *name, value = name_and_value
        assert Disclosure.read(text, limits=LIMITS) == (*(name or [None]), value)

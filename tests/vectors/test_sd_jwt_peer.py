"""Another implementation of SD-JWT reads what we write, and we what it writes.

Only the compact serialization: its JSON serialization is that of a draft.
"""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from did import PrivateKey
from vc_core import Limits
from vc_core.securing import jose
from vc_core.securing.sd_jwt import (
    SDJWTVC,
    bind,
    holder_key,
    problems_of_key_binding,
    processed,
    read,
    read_sd_jwt,
    select,
)
from vc_core.securing.signed_data import LocalSigner, check

common = pytest.importorskip("sd_jwt.common", reason="the other implementation, sd-jwt, is not installed")
from jwcrypto.jwk import JWK  # noqa: E402  (it comes with sd-jwt)
from sd_jwt.holder import SDJWTHolder  # noqa: E402
from sd_jwt.issuer import SDJWTIssuer  # noqa: E402
from sd_jwt.verifier import SDJWTVerifier  # noqa: E402

LIMITS = Limits()
NOW = datetime.now(UTC)
ISSUER_KEY, HOLDER_KEY = PrivateKey("P-256", bytes(range(1, 33))), PrivateKey("P-256", bytes(range(2, 34)))
ISSUER, HOLDER = LocalSigner.of_did_key(ISSUER_KEY), LocalSigner.of_did_key(HOLDER_KEY)
NONCE, AUDIENCE = "nonce", "https://verifier.example"
CLAIMS: dict[str, Any] = {
    "iss": "https://issuer.example",
    "vct": "urn:example:type",
    "name": "Ādā",
    "address": {"street": "Iela 1", "city": "Rīga"},
    "nationalities": ["LV", "LT"],
}
POINTERS = {"/name", "/address", "/address/city", "/nationalities/1"}


def theirs(key: PrivateKey, *, private: bool = False) -> JWK:
    return JWK.from_json(json.dumps(key.jwk if private else key.public_key.jwk))


@pytest.mark.parametrize("disclose", [set(), {"/name"}, {"/address/city"}, {"/nationalities/1", "/address"}, POINTERS])
def test_they_read_ours(disclose: set[str]) -> None:
    mechanism = SDJWTVC(disclosable=POINTERS, decoys={"": 2, "/nationalities": 1}, key_binding=HOLDER.public_key)
    data = mechanism.secure(copy.deepcopy(CLAIMS), signer=ISSUER, created=NOW)
    data = select(data, disclose=disclose, limits=LIMITS)
    bound = bind(data, signer=HOLDER, nonce=NONCE, audience=AUDIENCE, created=NOW, limits=LIMITS)
    verifier = SDJWTVerifier(bound.decode(), lambda *_: theirs(ISSUER_KEY), AUDIENCE, NONCE)
    assert verifier.get_verified_payload() == read(bound, limits=LIMITS).claims


def marked(value: Any, pointer: str = "") -> Any:
    """The claims with the marks by which the other implementation knows what to hide."""
    if isinstance(value, dict):
        names = {name: common.SDObj(name) if f"{pointer}/{name}" in POINTERS else name for name in value}
        return {names[name]: marked(each, f"{pointer}/{name}") for name, each in value.items()}
    if isinstance(value, list):
        each = [marked(element, f"{pointer}/{position}") for position, element in enumerate(value)]
        return [
            common.SDObj(element) if f"{pointer}/{position}" in POINTERS else element
            for position, element in enumerate(each)
        ]
    return value


@pytest.mark.parametrize(
    "disclose",
    [
        {},
        {"name": True},
        {"address": {"city": True}},
        {"nationalities": [False, True]},
        {"name": True, "address": {"city": True}, "nationalities": [False, True]},
    ],
)
def test_we_read_theirs(disclose: dict[str, Any]) -> None:
    issuer = SDJWTIssuer(
        marked(CLAIMS),
        theirs(ISSUER_KEY, private=True),
        theirs(HOLDER_KEY),
        add_decoy_claims=True,
    )
    holder = SDJWTHolder(issuer.sd_jwt_issuance)
    holder.create_presentation(disclose, NONCE, AUDIENCE, theirs(HOLDER_KEY, private=True))
    data = holder.sd_jwt_presentation.encode()
    found = processed(read_sd_jwt(data, limits=LIMITS), limits=LIMITS)
    check(jose.signed_data(found.jws, "the issuer's key"), ISSUER.public_key)
    verifier = SDJWTVerifier(data.decode(), lambda *_: theirs(ISSUER_KEY), AUDIENCE, NONCE)
    assert found.claims == verifier.get_verified_payload()
    assert found.key_binding is not None
    check(found.key_binding.signed, holder_key(found.claims))
    ours = SDJWTVC().secure({"iss": "https://i.example", "vct": "urn:x:y"}, signer=ISSUER, created=NOW)
    token = read(ours, limits=LIMITS)._replace(key_binding=found.key_binding)
    assert (
        problems_of_key_binding(
            token,
            nonce=NONCE,
            audience=frozenset({AUDIENCE}),
            now=datetime.now(UTC),
            clock_skew=timedelta(seconds=60),
            longest_age=timedelta(minutes=5),
        )
        == []
    )

"""Each side verifies the credentials that the other side made into tokens, for every algorithm that both have."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from cases import CASES, Case
from documents import TERMS, V1, V2
from jwt_sides import (
    CREATED,
    KINDS,
    NOW,
    SKEW,
    Jose,
    Joserfc,
    Refused,
    Side,
    header_of,
    ours_issue,
    ours_verify,
    payload_of,
)
from peer import Peer
from sides import codes
from token_keys import KEY_TYPES, Key, key_of

from did import StaticResolver
from vc_core.errors import VCError

ALGORITHMS = {"jose": set(KEY_TYPES) - {"ES256K"}, "joserfc": set(KEY_TYPES)}
"""The algorithms that each side has; `jose` has left out ES256K."""


@pytest.fixture(params=["jose", "joserfc"])
def side(request: pytest.FixtureRequest, token_peer: Peer) -> Side:
    return Jose(token_peer) if request.param == "jose" else Joserfc()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def credential(kind: str, issuer: str) -> dict[str, Any]:
    """A credential with one of each kind of value, of the data model of that kind of token."""
    document: dict[str, Any] = {
        "@context": [V1 if kind == "jwt_vc" else V2, TERMS],
        "id": "urn:uuid:8a3b1f0e-55a8-4f4a-9c54-3a7d1f0a9f11",
        "type": ["VerifiableCredential", "LearningCredential"],
        "issuer": {"id": issuer, "name": "Latvijas Universitāte"} if kind == "vc+jwt" else issuer,
        "credentialSubject": {
            "id": "urn:example:learner",
            "title": ["Ētika", "žąsys", "学校 \U0001f393", 'quoted "\\/\n\u2028'],
            "module": [{"title": "same"}, {"title": "same"}],
            "number": 4.5,
            "raw": {"deep": [1, None, True, {}, []]},
        },
    }
    if kind == "jwt_vc":
        return document | {"issuanceDate": "2025-01-01T00:00:00Z", "expirationDate": "2030-01-01T00:00:00Z"}
    return document | {"validFrom": "2025-01-01T00:00:00Z", "validUntil": "2030-01-01T00:00:00Z"}


def algorithms(side: Side) -> Iterator[str]:
    yield from sorted(ALGORITHMS["jose" if isinstance(side, Jose) else "joserfc"])


def test_theirs_verifies_ours(side: Side, kind: str) -> None:
    for alg in algorithms(side):
        key = key_of(alg)
        document = credential(kind, key.did)
        token = ours_issue(document, key, kind)
        payload = side.verify(token, key, typ=header_of(key, kind)["typ"])
        expected = payload_of(document, kind)
        assert payload == expected | {"iat": int(CREATED.timestamp())}, alg


def test_ours_verifies_theirs(side: Side, kind: str) -> None:
    for alg in algorithms(side):
        key = key_of(alg)
        document = credential(kind, key.did)
        token = side.sign(header_of(key, kind), payload_of(document, kind), key)
        result = ours_verify(token, key)
        assert result, (alg, result.problems)
        assert result.securing == kind
        assert result.credential.claims == document, alg
        assert (result.credential.issuer, result.credential.valid_from) == (key.did, "2025-01-01T00:00:00Z")
        assert [each.verification_method for each in result.credential.proven_by] == [key.kid]


def test_an_algorithm_that_the_other_side_has_left_out(token_peer: Peer, kind: str) -> None:
    key = key_of("ES256K")
    token = ours_issue(credential(kind, key.did), key, kind)
    with pytest.raises(Refused, match='unsupported JWK "alg"'):
        Jose(token_peer).verify(token, key)


def test_the_key_of_another_is_refused_by_both(side: Side, kind: str) -> None:
    for alg in algorithms(side):
        key, other = key_of(alg), key_of(alg, "somebody else")
        document = credential(kind, key.did)
        token = side.sign(header_of(key, kind), payload_of(document, kind), other)
        assert codes(ours_verify(token, key)) == {"PROOF_VERIFICATION_ERROR"}, alg
        with pytest.raises(Refused):
            side.verify(ours_issue(document, key, kind), other)


# Whatever is changed in a token is refused by both.


def encode(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def decode(part: bytes) -> bytes:
    return base64.urlsafe_b64decode(part + b"==")


def tampered(token: bytes, other: bytes) -> Iterator[tuple[str, bytes]]:
    """Tokens with a change in one part; `other` is another token with the same key."""
    parts, others = token.split(b"."), other.split(b".")
    for position, name in enumerate(("header", "payload", "signature")):

        def with_part(part: bytes, position: int = position) -> bytes:
            return b".".join([*parts[:position], part, *parts[position + 1 :]])

        data = decode(parts[position])
        for bit in range(0, 8 * len(data), 101):
            octets = bytearray(data)
            octets[bit // 8] ^= 1 << bit % 8
            yield f"bit {bit} of the {name}", with_part(encode(bytes(octets)))
        yield f"no {name}", with_part(b"")
        yield f"half a {name}", with_part(encode(data[: len(data) // 2]))
        yield f"one byte less of the {name}", with_part(encode(data[:-1]))
        yield f"one byte more of the {name}", with_part(encode(data + b"\0"))
        yield f"the {name} in reverse", with_part(encode(data[::-1]))
        if others[position] != parts[position]:
            yield f"the {name} of another token", with_part(others[position])
    yield (
        "another claim in the payload",
        b".".join([parts[0], encode(decode(parts[1])[:-1] + b',"added":true}'), parts[2]]),
    )
    yield "one part less", b".".join(parts[:2])
    yield "one part more", token + b"." + parts[2]


@pytest.mark.parametrize("alg", ["EdDSA", "ES256", "ES384", "ES512", "PS256", "RS256"])
def test_a_change_in_any_part_is_refused_by_both(side: Side, kind: str, alg: str) -> None:
    key = key_of(alg)
    document = credential(kind, key.did)
    token = ours_issue(document, key, kind)
    other = ours_issue(document | {"id": "urn:example:another"}, key, kind)
    assert ours_verify(token, key)
    count = 0
    for name, changed in tampered(token, other):
        count += 1
        assert not ours_verify(changed, key), name
        assert is_refused(side, changed, key), name
    assert count > 70


def is_refused(side: Side, token: bytes, key: Key) -> bool:
    try:
        side.verify(token, key)
    except Refused:
        return True
    return False


# What a document may hold, a token of either side holds.

DOCUMENTS = {case.name: case for case in CASES}
OURS_REFUSES = {
    "2^53": "PARSING_ERROR",  # RFC 7493, section 2.2: beyond 2^53 - 1 the sides would read different numbers
    "2^53 + 1": "PARSING_ERROR",
    "malformed language tag": "MALFORMED_VALUE_ERROR",  # VCDM 2.0, section 11.1
    "redefined protected term": "UNKNOWN_CONTEXT",  # our policy names the contexts that it accepts
    "context in the document": "UNKNOWN_CONTEXT",
    "context that nobody has": "UNKNOWN_CONTEXT",
}
REWRITTEN_BY_JOSE = {"1e16", "1e20"}
"""JavaScript writes these doubles as integers beyond 2^53 - 1, which we do not read."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_document_in_both_directions(side: Side, case: Case) -> None:
    key = key_of("EdDSA")
    document = case.document(key.did)
    kind = "jwt_vc" if document["@context"][0] == V1 else "vc+jwt"
    expected = OURS_REFUSES.get(case.name, "")
    if expected:
        with pytest.raises(VCError) as refusal:
            ours_issue(document, key, kind)
        assert refusal.value.code == expected
    else:
        payload = side.verify(ours_issue(document, key, kind), key)
        expected_payload = {"iat": int(CREATED.timestamp()), **document}
        assert (payload["vc"] == document) if kind == "jwt_vc" else (payload == expected_payload)
    result = ours_verify(side.sign(header_of(key, kind), payload_of(document, kind), key), key)
    if isinstance(side, Jose) and case.name in REWRITTEN_BY_JOSE:
        expected = "PARSING_ERROR"
    assert codes(result) == ({expected} if expected else set()), result.problems
    if result:
        assert result.credential.claims == document


# The period of a token, at its borders (RFC 7519, sections 4.1.4 and 4.1.5), with the same minute for clocks.


@pytest.mark.parametrize(
    ("claim", "seconds", "holds"),
    [("exp", -60, False), ("exp", -59, True), ("exp", 0, True), ("nbf", 60, True), ("nbf", 61, False)],
)
def test_both_agree_on_the_borders_of_the_period(side: Side, claim: str, seconds: int, holds: bool) -> None:
    key = key_of("EdDSA")
    assert SKEW.total_seconds() == 60
    payload = payload_of(credential("vc+jwt", key.did), "vc+jwt") | {claim: int(NOW.timestamp()) + seconds}
    token = side.sign(header_of(key, "vc+jwt"), payload, key)
    assert bool(ours_verify(token, key)) is holds
    if holds:
        assert side.verify(token, key) == payload
    else:
        with pytest.raises(Refused):
            side.verify(token, key)


@pytest.mark.parametrize("alg", ["EdDSA", "ES256", "ES512", "PS256"])
def test_a_key_in_a_document_that_is_handed_over(side: Side, kind: str, alg: str) -> None:
    """The issuer is known by a DID document with a JWK, and named by `kid` with the claim `iss` or as a whole."""
    key, issuer = key_of(alg), "did:web:university.example"
    published = {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": issuer,
        "verificationMethod": [
            {"id": f"{issuer}#1", "type": "JsonWebKey2020", "controller": issuer, "publicKeyJwk": key.public_jwk}
        ],
        "assertionMethod": [f"{issuer}#1"],
    }
    document = credential(kind, issuer)
    resolver = StaticResolver({issuer: published})
    for kid, claims in ((f"{issuer}#1", {}), ("#1", {"iss": issuer}), ("1", {"iss": issuer})):
        token = side.sign(header_of(key, kind) | {"kid": kid}, payload_of(document, kind) | claims, key)
        result = ours_verify(token, key, resolver=resolver, accepted_issuers=frozenset({issuer}))
        assert result, (kid, result.problems)
    token = side.sign(header_of(key, kind) | {"kid": f"{issuer}#2"}, payload_of(document, kind), key)
    assert not ours_verify(token, key, resolver=resolver, accepted_issuers=frozenset({issuer}))


def test_what_ours_puts_into_the_header(side: Side, kind: str) -> None:
    for alg in algorithms(side):
        key = key_of(alg)
        header = json.loads(decode(ours_issue(credential(kind, key.did), key, kind).split(b".")[0]))
        assert header == {"alg": alg, **header_of(key, kind)}

"""Status List Tokens: each side opens those of the other, and the same tokens are revoked for both.

JWTs are made of the lists of `@sd-jwt/jwt-status-list` and signed by `jose`; `@sd-jwt/sd-jwt-vc` verifies an SD-JWT VC
with its status. CWTs are those of `@owf/token-status-list`.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from peer import Peer, PeerError
from sd_jwt_cases import VCT
from status_sides import (
    LIST,
    MADE,
    MOMENT,
    Codec,
    octets,
    opened,
    ours_verify,
    reference,
    seal,
    snapshot,
    values_of,
)
from token_keys import Key, key_of

from status import StatusError, StatusRetrievalError
from vc_core import issue
from vc_core.securing.sd_jwt import SDJWTVC

ALGORITHMS = ["ES256", "ES384", "EdDSA"]
KINDS = ["jwt", "cwt"]
SIZES = [1, 2, 4, 8]
LENGTH = 10_000
AGGREGATION = "https://issuer.example/status"
LIFETIME = timedelta(days=400)
"""Beyond `MOMENT`, when all lists are opened."""
TTL = timedelta(hours=12)


def values_for(size: int) -> dict[int, int]:
    """Every value of the size that can be told apart, at both ends and in between."""
    largest = (1 << size) - 1
    return {0: largest, 1: 1, 4711: largest, LENGTH - 1: 1} | {2000 + value: value for value in range(1, largest + 1)}


def to_sign(key: Key) -> dict[str, Any]:
    return {**key.to_sign, "kid": key.kid}


def ours_token(kind: str, key: Key, size: int, values: dict[int, int], **options: Any) -> bytes:
    """With all claims that may be left out: the other side wants them in a CWT."""
    taken = snapshot("token", values, size=size, length=LENGTH, ttl=TTL)
    options = {"lifetime": LIFETIME, "aggregation_uri": AGGREGATION} | options
    return seal(taken, key.signer, "statuslist+jwt" if kind == "jwt" else "statuslist+cwt", **options)


def theirs_token(peer: Peer, kind: str, key: Key, size: int, values: dict[int, int], **claims: Any) -> bytes:
    asked: dict[str, Any] = {"key": to_sign(key), "length": LENGTH, "size": size, "values": values}
    issued, expires, ttl = int(MADE.timestamp()), int((MADE + LIFETIME).timestamp()), int(TTL.total_seconds())
    if kind == "jwt":
        content = {"sub": LIST, "iat": issued, "exp": expires, "ttl": ttl} | claims
        return octets(peer.ask("jwt-sign", claims=json.dumps(content), **asked)["token"])
    asked |= {"subject": LIST, "issued": issued, "expires": expires, "ttl": ttl, "aggregation": AGGREGATION} | claims
    return bytes.fromhex(peer.ask("cwt-sign", **asked)["token"])


def theirs_read(peer: Peer, kind: str, token: bytes, key: Key, indexes: list[int]) -> dict[str, Any]:
    """What they read. Raises `PeerError`."""
    asked: dict[str, Any] = {"key": key.to_verify, "url": LIST, "indexes": indexes}
    if kind == "jwt":
        return peer.ask("jwt-read", token=token.decode(), now=MOMENT.timestamp(), **asked)
    return peer.ask("cwt-read", token=token.hex(), **asked)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("alg", ALGORITHMS)
@pytest.mark.parametrize("kind", KINDS)
def test_ours_opens_theirs(status_peer: Peer, kind: str, alg: str, size: int) -> None:
    key, values = key_of(alg), values_for(size)
    found = opened(theirs_token(status_peer, kind, key, size, values))
    assert (found.url, found.issuer, found.format, found.purposes) == (LIST, key.did, "token", frozenset())
    assert found.ttl == TTL
    assert found.valid_until is not None
    assert found.valid_until + timedelta(microseconds=1) == MADE + LIFETIME
    assert found.statuses == Codec("token", "token").list_of(LENGTH, values, size=size)
    assert values_of(found, [*values, 2, LENGTH - 2]) == [*values.values(), 0, 0]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("alg", ALGORITHMS)
@pytest.mark.parametrize("kind", KINDS)
def test_theirs_opens_ours(status_peer: Peer, kind: str, alg: str, size: int) -> None:
    key, values = key_of(alg), values_for(size)
    answer = theirs_read(status_peer, kind, ours_token(kind, key, size, values), key, [*values, 2, LENGTH - 2])
    assert answer == {"length": LENGTH, "size": size, "values": [*values.values(), 0, 0]}


@pytest.mark.parametrize("alg", ALGORITHMS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ours", [True, False])
def test_a_token_that_was_changed(status_peer: Peer, kind: str, alg: str, ours: bool) -> None:
    """One bit of the list, or of the signature, or another key."""
    key, values = key_of(alg), values_for(2)
    token = (ours_token if ours else lambda *args: theirs_token(status_peer, *args))(kind, key, 2, values)
    for position in (len(token) // 2, len(token) - 20):
        changed = token[:position] + bytes([token[position] ^ 1]) + token[position + 1 :]
        with pytest.raises(StatusError):
            opened(changed)
        with pytest.raises(PeerError):
            theirs_read(status_peer, kind, changed, key, [0])
    with pytest.raises(PeerError):
        theirs_read(status_peer, kind, token, key_of(alg, "somebody else"), [0])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ours", [True, False])
def test_a_token_of_another_list(status_peer: Peer, kind: str, ours: bool) -> None:
    """The subject of a token is where it is published."""
    key, other = key_of("ES256"), f"{LIST}/other"
    if ours:
        taken = snapshot("token", {}, url=other, length=LENGTH, ttl=TTL)
        securing = "statuslist+jwt" if kind == "jwt" else "statuslist+cwt"
        token = seal(taken, key.signer, securing, lifetime=LIFETIME, aggregation_uri=AGGREGATION)
    else:
        token = theirs_token(status_peer, kind, key, 1, {}, **{"sub" if kind == "jwt" else "subject": other})
    assert opened(token, url=other).url == other
    with pytest.raises(StatusError, match="not the list of that URL"):
        opened(token)
    with pytest.raises(PeerError, match=r'unexpected "sub"|Not the list'):
        theirs_read(status_peer, kind, token, key, [0])


@pytest.mark.parametrize("ours", [True, False])
def test_a_token_that_has_expired(status_peer: Peer, ours: bool) -> None:
    """Refused by them; for us another list may be the one of that time, so it is open what it says."""
    key = key_of("ES256")
    lifetime = MOMENT - MADE
    token = (
        ours_token("jwt", key, 1, {}, lifetime=lifetime)
        if ours
        else theirs_token(status_peer, "jwt", key, 1, {}, exp=int(MOMENT.timestamp()))
    )
    with pytest.raises(StatusRetrievalError, match="no longer valid"):
        values_of(opened(token), [0])
    with pytest.raises(PeerError, match='"exp" claim timestamp check failed'):
        theirs_read(status_peer, "jwt", token, key, [0])


# SD-JWT VCs with the claim `status`


@pytest.mark.parametrize("alg", ALGORITHMS)
@pytest.mark.parametrize("ours_list", [True, False])
@pytest.mark.parametrize("ours_credential", [True, False])
def test_sd_jwt_vc(status_peer: Peer, token_peer: Peer, alg: str, ours_list: bool, ours_credential: bool) -> None:
    """A value but 0 speaks against it: for both by default, with a code for each that has a name."""
    key, values = key_of(alg), {1: 1, 2: 2, 3: 3, LENGTH - 1: 1}
    token = ours_token("jwt", key, 2, values) if ours_list else theirs_token(status_peer, "jwt", key, 2, values)
    expected = {0: "", 1: "REVOKED", 2: "SUSPENDED", 3: "STATUS_VERIFICATION_ERROR", 4: "", LENGTH - 1: "REVOKED"}
    for index, code in (expected | {LENGTH: "RANGE_ERROR"}).items():
        claims = {"vct": VCT, "iss": key.did, "given_name": "Līga", "status": reference(index)}
        credential = ours_sd_jwt(claims, key) if ours_credential else theirs_sd_jwt(token_peer, claims, key)
        result = ours_verify(credential, key.did, {LIST: token})
        assert {problem.code for problem in result.problems} == ({code} if code else set())
        if code:
            with pytest.raises(PeerError, match=r"Status is not valid|out of bounds"):
                sd_jwt_check(status_peer, credential, key, {LIST: token})
        else:
            assert sd_jwt_check(status_peer, credential, key, {LIST: token})["given_name"] == "Līga"


@pytest.mark.parametrize("ours_list", [True, False])
def test_sd_jwt_vc_with_a_list_that_does_not_hold(status_peer: Peer, ours_list: bool) -> None:
    """One that cannot be had, and one that another key has signed in the name of the issuer."""
    key, other = key_of("ES256"), key_of("ES256", "somebody else")
    credential = ours_sd_jwt({"vct": VCT, "iss": key.did, "status": reference(0)}, key)
    forged = ours_token("jwt", other, 1, {}) if ours_list else theirs_token(status_peer, "jwt", other, 1, {})
    for lists, code, message in (
        ({}, "STATUS_RETRIEVAL_ERROR", "was not handed over"),
        ({LIST: forged}, "STATUS_VERIFICATION_ERROR", "verification failed"),
    ):
        result = ours_verify(credential, key.did, lists)
        assert [problem.code for problem in result.problems] == [code]
        with pytest.raises(PeerError, match=message):
            sd_jwt_check(status_peer, credential, key, lists)


def ours_sd_jwt(claims: dict[str, Any], key: Key) -> str:
    return issue(claims, signer=key.signer, securing=SDJWTVC(), created=MADE).decode()


def theirs_sd_jwt(token_peer: Peer, claims: dict[str, Any], key: Key) -> str:
    content = json.dumps(claims | {"iat": int(MADE.timestamp())})
    asked = {"claims": content, "header": {"typ": "dc+sd-jwt", "kid": key.kid}, "key": key.to_sign, "hash": "sha-256"}
    token: str = token_peer.ask("sd-issue", **asked)["token"]
    return token


def sd_jwt_check(status_peer: Peer, credential: str, key: Key, lists: dict[str, bytes]) -> dict[str, Any]:
    """The claims that they find valid. Raises `PeerError`."""
    texts = {url: token.decode() for url, token in lists.items()}
    asked = {"token": credential, "key": key.to_verify, "lists": texts, "now": int(MOMENT.timestamp())}
    claims: dict[str, Any] = json.loads(status_peer.ask("sd-jwt-check", **asked)["claims"])
    return claims

"""What one side issues, another presents and a third verifies: the same claims, whoever has which role."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from documents import TERMS, V2
from peer import Peer
from sd_jwt_cases import CASES, Case, shown_of
from sd_jwt_sides import NONCE, JavaScript, Ours, Reference, Refused, Side, complete
from token_keys import key_of

NAMES = ("ours", "JavaScript", "reference")
ROLES = [roles for roles in product(NAMES, repeat=3) if "ours" in roles]
"""Issuer, holder and verifier; what the other two do with each other is theirs."""


@pytest.fixture
def sides(token_peer: Peer) -> dict[str, Side]:
    return {side.name: side for side in (Ours(), JavaScript(token_peer), Reference())}


@pytest.mark.parametrize("bound", [False, True], ids=["unbound", "bound"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("roles", ROLES, ids="-".join)
def test_every_role_on_every_side(sides: dict[str, Side], roles: tuple[str, str, str], case: Case, bound: bool) -> None:
    agreed = True
    for shown, expected, found in exchanged(sides, roles, case, bound):
        agreed = agreed and found == expected
        assert agreed or case.differs(*roles), (shown, found, expected)
    assert agreed is not case.differs(*roles)


def exchanged(
    sides: dict[str, Side], roles: tuple[str, str, str], case: Case, bound: bool
) -> Iterator[tuple[tuple[str, ...], dict[str, Any], dict[str, Any] | Refused]]:
    """For everything that a holder shows: what, the claims that a verifier should see, and those that it sees."""
    issuing, presenting, verifying = (sides[name] for name in roles)
    issuer, holder = key_of("ES256"), key_of("ES256", "holder") if bound else None
    claims = case.complete(issuer.did)
    token = issuing.issue(claims, issuer, disclosable=case.disclosable, decoys=case.decoys, holder=holder)
    for shown in case.presentations:
        expected = shown_of(complete(claims, holder), frozenset(case.disclosable), frozenset(shown))
        try:
            presented = presenting.present(token, shown, holder)
            yield shown, expected, verifying.verify(presented, issuer, nonce=NONCE if bound else None)
        except Refused as refusal:
            yield shown, expected, refusal


def test_every_difference_is_explained() -> None:
    for case in CASES:
        assert bool(case.because) is any(case.differs(*roles) for roles in ROLES), case.name


# More of each pair: algorithms, hash algorithms, serializations, W3C credentials

CASE = next(case for case in CASES if case.name == "nested")


@pytest.mark.parametrize("alg", ["EdDSA", "ES256", "ES384", "ES512"])
@pytest.mark.parametrize("roles", ROLES, ids="-".join)
def test_every_algorithm(sides: dict[str, Side], roles: tuple[str, str, str], alg: str) -> None:
    """The issuer's algorithm; the holder has the same, but ES256 where the reference implementation verifies."""
    issuing, presenting, verifying = (sides[name] for name in roles)
    issuer, holder = key_of(alg), key_of("ES256" if roles[2] == "reference" else alg, "holder")
    claims = CASE.complete(issuer.did)
    token = issuing.issue(claims, issuer, disclosable=CASE.disclosable, holder=holder)
    presented = presenting.present(token, CASE.shows[0], holder)
    expected = shown_of(complete(claims, holder), frozenset(CASE.disclosable), frozenset(CASE.shows[0]))
    assert verifying.verify(presented, issuer, nonce=NONCE) == expected
    with pytest.raises(Refused):
        verifying.verify(presented, key_of(alg, "somebody else"), nonce=NONCE)


@pytest.mark.parametrize("hash_algorithm", ["sha-384", "sha-512"])
def test_hash_algorithms(sides: dict[str, Side], hash_algorithm: str) -> None:
    ours, theirs = Ours(), sides["JavaScript"]
    assert isinstance(theirs, JavaScript)
    pair: tuple[Side, Side] = (ours, theirs)
    issuer, holder = key_of("ES256"), key_of("ES256", "holder")
    claims = CASE.complete(issuer.did)
    for issuing in (ours, theirs):
        token = issuing.issue(
            claims, issuer, disclosable=CASE.disclosable, holder=holder, hash_algorithm=hash_algorithm
        )
        for presenting, verifying in product(pair, repeat=2):
            presented = presenting.present(token, CASE.shows[0], holder)
            expected = shown_of(complete(claims, holder), frozenset(CASE.disclosable), frozenset(CASE.shows[0]))
            assert verifying.verify(presented, issuer, nonce=NONCE) == expected


def test_the_json_serialization(sides: dict[str, Side], token_peer: Peer) -> None:
    """Each side reads what the other wrote, with a key binding and without."""
    ours = sides["ours"]
    issuer, holder = key_of("ES256"), key_of("ES256", "holder")
    claims = CASE.complete(issuer.did)
    token = sides["JavaScript"].issue(claims, issuer, disclosable=CASE.disclosable, holder=holder)
    everything = complete(claims, holder)
    text = token_peer.ask("sd-to-json", token=token)["text"]
    assert ours.verify(text, issuer) == everything
    bound = ours.present(text, CASE.disclosable, holder)
    assert ours.verify(bound, issuer, nonce=NONCE) == everything
    compact = token_peer.ask("sd-compact", text=bound)["token"]
    assert sides["JavaScript"].verify(compact, issuer, nonce=NONCE) == everything
    assert sides["reference"].verify(compact, issuer, nonce=NONCE) == everything


W3C_CREDENTIAL = {
    "@context": [V2, TERMS],
    "id": "urn:uuid:8a3b1f0e-55a8-4f4a-9c54-3a7d1f0a9f11",
    "type": ["VerifiableCredential", "LearningCredential"],
    "validFrom": "2025-01-01T00:00:00Z",
    "credentialSubject": {
        "id": "urn:example:learner",
        "title": "Ētika",
        "module": [{"title": "A"}, {"title": "B"}],
    },
}
W3C_DISCLOSABLE = ("/credentialSubject/title", "/credentialSubject/module/0", "/credentialSubject/module/1/title")


@pytest.mark.parametrize("shown", [(), W3C_DISCLOSABLE, W3C_DISCLOSABLE[1:2]])
@pytest.mark.parametrize("ours_issues", [True, False])
def test_a_w3c_credential(sides: dict[str, Side], shown: tuple[str, ...], ours_issues: bool) -> None:
    """As `vc+sd-jwt` with the general library of the other side (VC-JOSE-COSE, section 3.2)."""
    ours, theirs = Ours(), sides["JavaScript"]
    assert isinstance(theirs, JavaScript)
    issuer = key_of("ES256")
    claims = {**W3C_CREDENTIAL, "issuer": issuer.did}
    if ours_issues:
        token = ours.issue_w3c(claims, issuer, disclosable=W3C_DISCLOSABLE)
    else:
        token = theirs.issue(claims, issuer, disclosable=W3C_DISCLOSABLE, typ="vc+sd-jwt")
    expected = shown_of(complete(claims, None), frozenset(W3C_DISCLOSABLE), frozenset(shown))
    for presenting in sides.values():
        presented = presenting.present(token, shown)
        assert theirs.verify(presented, issuer, typ="vc+sd-jwt") == expected
        assert sides["reference"].verify(presented, issuer) == expected
        assert ours.verify(presented, issuer) == expected


# Whatever is changed in a token or in a disclosure, ours refuses it; the others refuse it or see less.


def changed(token: str) -> Iterator[tuple[str, str]]:
    """The token with one character changed in each part: that of the JWTs and each disclosure."""
    *parts, binding = token.split("~")
    jwt, *disclosures = parts
    pieces = [*jwt.split("."), *disclosures, *binding.split(".")]
    seams = ["."] * 2 + ["~"] * (len(disclosures) + 1) + ["."] * 2
    assert "".join(piece + seam for piece, seam in zip(pieces, [*seams, ""], strict=True)) == token
    for number, piece in enumerate(pieces):
        for place in (0, len(piece) // 2, len(piece) - 3):
            other = "A" if piece[place] != "A" else "B"
            mutated = [*pieces[:number], piece[:place] + other + piece[place + 1 :], *pieces[number + 1 :]]
            yield f"part {number}", "".join(map("".join, zip(mutated, [*seams, ""], strict=True)))
    for number in range(len(disclosures)):
        fewer = disclosures[:number] + disclosures[number + 1 :]
        yield f"without disclosure {number}", "~".join([jwt, *fewer, binding])
    yield "without the key binding", "~".join([*parts, ""])


def is_refused(side: Side, token: str) -> bool:
    try:
        side.verify(token, key_of("ES256"), nonce=NONCE)
    except Refused:
        return True
    return False


@pytest.mark.parametrize("name", NAMES)
def test_any_change_is_refused_by_all(sides: dict[str, Side], name: str) -> None:
    issuer, holder = key_of("ES256"), key_of("ES256", "holder")
    issuing = sides[name]
    token = issuing.issue(CASE.complete(issuer.did), issuer, disclosable=CASE.disclosable, holder=holder)
    presented = issuing.present(token, CASE.disclosable, holder)
    count = 0
    for what, mutated in changed(presented):
        count += 1
        for verifying in sides.values():
            assert is_refused(verifying, mutated), (verifying.name, what)
    assert count > 40

"""W3C lists as credentials: each side opens what the other side secured, and the same credentials are revoked for both.

Digital Bazaar's `checkStatus` of a Bitstring Status List reports the bit and leaves it to its caller what follows; that
of a Status List 2021 says `verified: false` itself.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from peer import Peer
from sides import CONTEXTS, CREATED, ED25519, OTHER_ED25519, P256, P384, Key, codes, ours_issue
from status_sides import (
    LENGTH,
    LIST,
    SET,
    Codec,
    credential,
    entry,
    opened,
    ours_verify,
    seal,
    signer_of,
    snapshot,
    theirs_sign,
    theirs_verify,
    values_of,
)

from vc_core import DataIntegrity

SUITES = [
    pytest.param("eddsa-rdfc-2022", ED25519, id="eddsa-rdfc-2022"),
    pytest.param("eddsa-jcs-2022", ED25519, id="eddsa-jcs-2022"),
    pytest.param("ecdsa-rdfc-2019", P256, id="ecdsa-rdfc-2019 P-256"),
    pytest.param("ecdsa-rdfc-2019", P384, id="ecdsa-rdfc-2019 P-384"),
]
KINDS = ["bitstring", "statuslist2021"]
MODELS = [("bitstring", "2.0"), ("bitstring", "1.1"), ("statuslist2021", "1.1")]
REVOKED = {0: 1, 94567: 1, LENGTH - 1: 1}
GOOD = [1, 94566, 94568, LENGTH - 2]


def ours_list(
    kind: str, cryptosuite: str, key: Key, values: dict[int, int] = REVOKED, *, purpose: str = "revocation"
) -> str:
    """A list credential of ours."""
    securing = DataIntegrity(cryptosuite=cryptosuite, contexts=CONTEXTS)
    return seal(snapshot(kind, values, purposes=(purpose,)), signer_of(key), securing).decode()


def theirs_list(
    status_peer: Peer,
    peer: Peer,
    kind: str,
    cryptosuite: str,
    key: Key,
    values: dict[int, int] = REVOKED,
    *,
    purpose: str = "revocation",
) -> str:
    """A list credential that they make, to which an issuer and a time are added, and sign."""
    asked = {"format": kind, "id": LIST, "purpose": purpose, "length": LENGTH, "values": values}
    document = json.loads(status_peer.ask("credential", **asked)["document"])
    beginning = "validFrom" if kind == "bitstring" else "issuanceDate"
    return theirs_sign(peer, document | {"issuer": key.did, beginning: CREATED}, cryptosuite, key)


def signed_by(peer: Peer | None, document: dict[str, Any], cryptosuite: str, key: Key) -> str:
    """By them, or without them by us."""
    return ours_issue(document, cryptosuite, key) if peer is None else theirs_sign(peer, document, cryptosuite, key)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("cryptosuite", "key"), SUITES)
def test_ours_opens_theirs(status_peer: Peer, peer: Peer, kind: str, cryptosuite: str, key: Key) -> None:
    found = opened(theirs_list(status_peer, peer, kind, cryptosuite, key))
    assert (found.url, found.issuer, found.format) == (LIST, key.did, kind)
    assert found.purposes == {"revocation"}
    assert found.statuses == Codec(kind, kind).list_of(LENGTH, REVOKED)
    assert values_of(found, [*REVOKED, *GOOD]) == [1, 1, 1, 0, 0, 0, 0]


@pytest.mark.parametrize(("kind", "model"), MODELS)
@pytest.mark.parametrize(("cryptosuite", "key"), SUITES)
def test_credential_and_list_of_ours(status_peer: Peer, kind: str, model: str, cryptosuite: str, key: Key) -> None:
    lists = {LIST: ours_list(kind, cryptosuite, key)}
    for index in (*REVOKED, *GOOD):
        claims = credential(entry(kind, index), key.did, kind=kind, model=model)
        judged_by_both(status_peer, ours_issue(claims, cryptosuite, key), key, lists, revoked=index in REVOKED)


@pytest.mark.parametrize(("kind", "model"), MODELS)
@pytest.mark.parametrize(("cryptosuite", "key"), SUITES)
def test_credential_and_list_of_theirs(
    status_peer: Peer, peer: Peer, kind: str, model: str, cryptosuite: str, key: Key
) -> None:
    lists = {LIST: theirs_list(status_peer, peer, kind, cryptosuite, key)}
    for index in (*REVOKED, *GOOD):
        claims = credential(entry(kind, index), key.did, kind=kind, model=model)
        judged_by_both(status_peer, theirs_sign(peer, claims, cryptosuite, key), key, lists, revoked=index in REVOKED)


def judged_by_both(status_peer: Peer, text: str, key: Key, lists: dict[str, str], *, revoked: bool) -> None:
    assert theirs_verify(status_peer, text, lists) == (SET if revoked else "")
    result = ours_verify(text, key.did, lists)
    assert codes(result) == ({"REVOKED"} if revoked else set()), result.problems


@pytest.mark.parametrize("ours_lists", [True, False])
@pytest.mark.parametrize("ours_credential", [True, False])
def test_two_purposes_in_two_lists(status_peer: Peer, peer: Peer, ours_lists: bool, ours_credential: bool) -> None:
    """Any bit that is set counts, whichever list it stands in."""
    other = f"{LIST}/suspensions"
    for revoked, suspended in ((0, 0), (1, 0), (0, 1), (1, 1)):
        found = {}
        for url, purpose, value in ((LIST, "revocation", revoked), (other, "suspension", suspended)):
            document = json.loads(ours_list("bitstring", "eddsa-rdfc-2022", ED25519, {7: value}, purpose=purpose))
            del document["proof"]
            document["id"] = url
            found[url] = signed_by(None if ours_lists else peer, document, "eddsa-rdfc-2022", ED25519)
        entries = [entry("bitstring", 7), entry("bitstring", 7, purpose="suspension", url=other)]
        text = signed_by(
            None if ours_credential else peer, credential(entries, ED25519.did), "eddsa-rdfc-2022", ED25519
        )
        expected = {code for code, value in (("REVOKED", revoked), ("SUSPENDED", suspended)) if value}
        assert codes(ours_verify(text, ED25519.did, found)) == expected
        assert theirs_verify(status_peer, text, found) == (SET if revoked or suspended else "")


def list_of(peers: tuple[Peer, Peer] | tuple[()], kind: str, key: Key, values: dict[int, int]) -> dict[str, Any]:
    """A list credential by the peers, or without them by us."""
    make = partial(theirs_list, *peers) if peers else ours_list
    document: dict[str, Any] = json.loads(make(kind, "eddsa-rdfc-2022", key, values))
    return document


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ours", [True, False])
def test_a_list_that_was_changed(status_peer: Peer, peer: Peer, kind: str, ours: bool) -> None:
    """The signature of another list under the same URL does not help a credential that is revoked."""
    peers = () if ours else (status_peer, peer)
    revoked, empty = (list_of(peers, kind, ED25519, values) for values in (REVOKED, {}))
    changed = json.dumps(revoked | {"credentialSubject": empty["credentialSubject"]})
    claims = credential(entry(kind, 94567), ED25519.did, kind=kind, model="1.1")
    text = ours_issue(claims, "eddsa-rdfc-2022", ED25519)
    assert codes(ours_verify(text, ED25519.did, {LIST: changed})) == {"STATUS_VERIFICATION_ERROR"}
    assert "not verified" in theirs_verify(status_peer, text, {LIST: changed})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ours", [True, False])
def test_a_list_of_somebody_else(status_peer: Peer, peer: Peer, kind: str, ours: bool) -> None:
    """Refused by both; our policy can name whose lists count besides."""
    other = OTHER_ED25519
    text = json.dumps(list_of(() if ours else (status_peer, peer), kind, other, REVOKED))
    claims = credential(entry(kind, 1), ED25519.did, kind=kind, model="1.1")
    issued = ours_issue(claims, "eddsa-rdfc-2022", ED25519)
    assert codes(ours_verify(issued, ED25519.did, {LIST: text})) == {"STATUS_VERIFICATION_ERROR"}
    assert ours_verify(issued, ED25519.did, {LIST: text}, status_issuers=frozenset({other.did}))
    assert "do not match" in theirs_verify(status_peer, issued, {LIST: text})


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_that_cannot_be_had(status_peer: Peer, kind: str) -> None:
    """Undecided for us, where they know one kind of failure."""
    claims = credential(entry(kind, 1), ED25519.did, kind=kind, model="1.1")
    text = ours_issue(claims, "eddsa-rdfc-2022", ED25519)
    result = ours_verify(text, ED25519.did, {})
    assert (result.verdict.name, codes(result)) == ("UNDECIDED", {"STATUS_RETRIEVAL_ERROR"})
    assert "Could not load" in theirs_verify(status_peer, text, {})

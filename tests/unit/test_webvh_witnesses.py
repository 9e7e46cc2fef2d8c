"""did:webvh: the approval of witnesses, in a file beside the log."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

import did
from tests.unit import webvh_logs as logs
from tests.unit.webvh_logs import (
    APPROVED,
    FIRST,
    OTHER_WITNESS,
    THIRD_WITNESS,
    URL,
    WITNESS,
    WITNESS_URL,
    WITNESSED,
    Host,
    Log,
    approvals,
    extended,
    multikey,
    proof,
    resolve,
    started,
    witnesses,
)
from vc_core.webvh.witnesses import MAX_FILE, MAX_PROOFS

DID = logs.identifier(WITNESSED)
LATER = extended(WITNESSED)
"""With one entry more, which the third witness alone has to approve."""


def insufficient(log: Log, proofs: Any, entry: int, number: int, needed: int) -> None:
    says = f"entry {entry} of the log has the approval of {number} of its witnesses, and needs that of {needed}"
    with pytest.raises(did.InvalidDIDDocument, match=says) as caught:
        resolve(logs.identifier(log), Host(log, proofs))
    assert caught.value.detail.isprintable()


def test_approved() -> None:
    host = Host(WITNESSED, APPROVED)
    found = resolve(DID, host)
    assert found.json == WITNESSED[2]["state"]
    assert host.asked == [URL, WITNESS_URL]
    assert found.metadata["witness"] == {
        "threshold": "1",
        "witnesses": [{"id": f"did:key:{multikey(THIRD_WITNESS)}"}],
    }


def test_without_witnesses_nobody_is_asked_for_proofs() -> None:
    host = Host(logs.THREE, b"garbage")
    resolve(logs.DID, host)
    assert host.asked == [URL]


@pytest.mark.parametrize(
    "proofs",
    [
        approvals(LATER, (3, [WITNESS, OTHER_WITNESS]), (4, [THIRD_WITNESS])),
        approvals(LATER, (4, [WITNESS, THIRD_WITNESS])),
        approvals(LATER, (4, [THIRD_WITNESS]), (3, [OTHER_WITNESS, WITNESS]), (1, [WITNESS]), (2, [WITNESS])),
        approvals(LATER, (4, [WITNESS, OTHER_WITNESS, THIRD_WITNESS])),
        [*approvals(LATER, (4, [WITNESS, THIRD_WITNESS])), {"versionId": LATER[3]["versionId"]}],
    ],
    ids=["pruned", "two", "any order", "all", "nobody yet"],
)
def test_a_later_approval_is_one_of_what_was_before(proofs: Any) -> None:
    assert resolve(logs.identifier(LATER), Host(LATER, proofs)).metadata["versionId"] == LATER[3]["versionId"]


def test_who_has_to_approve() -> None:
    """Those of before: new witnesses from the next entry on, but for the first ones, who begin at once."""
    begun = extended(logs.ONE, {"witness": witnesses(1, WITNESS)})
    assert resolve(logs.DID, Host(begun, approvals(begun, (2, [WITNESS])))).id == logs.DID
    insufficient(begun, [], 2, 0, 1)
    ended = extended(begun, {"witness": {}})
    assert "witness" not in resolve(logs.DID, Host(ended, approvals(ended, (3, [WITNESS])))).metadata
    insufficient(ended, approvals(ended, (2, [WITNESS])), 3, 0, 1)
    after = extended(ended)
    assert resolve(logs.DID, Host(after, approvals(after, (3, [WITNESS])))).id == logs.DID
    insufficient(WITNESSED, approvals(WITNESSED, (3, [THIRD_WITNESS])), 1, 1, 2)
    insufficient(LATER, approvals(LATER, (4, [WITNESS, OTHER_WITNESS])), 4, 0, 1)


def test_an_earlier_version_needs_a_log_that_is_approved_as_a_whole() -> None:
    with pytest.raises(did.InvalidDIDDocument, match="entry 4 of the log has the approval of 0"):
        resolve(logs.identifier(LATER), Host(LATER, APPROVED), logs.month(1))
    assert resolve(DID, Host(WITNESSED, APPROVED), logs.month(1)).metadata["versionId"].startswith("1-")


def changed(**members: Any) -> list[Any]:
    """One of the two proofs is another one than the witness made."""
    copy = deepcopy(APPROVED)
    copy[0]["proof"][1].update(members)
    return copy


SUBJECT = {"versionId": WITNESSED[2]["versionId"]}
ALONE = proof(SUBJECT, WITNESS)
ELSEWHERE = extended(extended(started({"witness": witnesses(2, WITNESS, OTHER_WITNESS, THIRD_WITNESS), "ttl": 1})))
ONE_OF_TWO = {
    "none": ([], 0),
    "one": (approvals(WITNESSED, (3, [WITNESS])), 1),
    "one twice": ([{**SUBJECT, "proof": [ALONE, proof(SUBJECT, WITNESS, created="2026-01-02T00:00:00Z")]}], 1),
    "one in two entries": ([{**SUBJECT, "proof": [ALONE]}] * 2, 1),
    "a stranger": ([{**SUBJECT, "proof": [ALONE, proof(SUBJECT, FIRST)]}], 1),
    "signature": (changed(proofValue=ALONE["proofValue"]), 1),
    "options": (changed(created="2026-01-02T00:00:00Z"), 1),
    "malformed": (changed(proofValue=1), 1),
    "of no method": (changed(verificationMethod=["did:key:z"]), 1),
    "no object": ([{**SUBJECT, "proof": [ALONE, "proof", None]}], 1),
    "purpose": ([{**SUBJECT, "proof": [ALONE, proof(SUBJECT, OTHER_WITNESS, proofPurpose="authentication")]}], 1),
    "expired": ([{**SUBJECT, "proof": [ALONE, proof(SUBJECT, OTHER_WITNESS, expires="2026-05-01T00:00:00Z")]}], 1),
    "suite": ([{**SUBJECT, "proof": [ALONE, proof(SUBJECT, OTHER_WITNESS, cryptosuite="ecdsa-jcs-2019")]}], 1),
    "earlier": (approvals(WITNESSED, (3, [WITNESS]), (2, [OTHER_WITNESS])), 1),
    "another log": (approvals(ELSEWHERE, (3, [WITNESS, OTHER_WITNESS])), 0),
    "another version": ([{**SUBJECT, "proof": approvals(ELSEWHERE, (3, [WITNESS, OTHER_WITNESS]))[0]["proof"]}], 0),
    "not published": (approvals(LATER, (4, [WITNESS, OTHER_WITNESS])), 0),
}


@pytest.mark.parametrize("name", ONE_OF_TWO)
def test_what_is_no_approval(name: str) -> None:
    proofs, number = ONE_OF_TWO[name]
    insufficient(WITNESSED, proofs, {"earlier": 3}.get(name, 1), number, 2)


def test_a_proof_that_does_not_hold_does_not_hide_one_that_does() -> None:
    wrong = proof(SUBJECT, OTHER_WITNESS) | {"proofValue": ALONE["proofValue"]}
    proofs = [{**SUBJECT, "proof": [wrong, ALONE]}, {**SUBJECT, "proof": [proof(SUBJECT, OTHER_WITNESS)]}]
    assert resolve(DID, Host(WITNESSED, proofs)).id == DID


@pytest.mark.parametrize(
    ("proofs", "says"),
    [
        (b"", "the proofs of the witnesses cannot be read"),
        (b"\xff", "cannot be read"),
        (b"[" + b" " * MAX_FILE + b"]", "larger than"),
        (b'[{"versionId": "1", "versionId": "1", "proof": []}]', "cannot be read"),
        ({}, "the proofs of the witnesses are not a list"),
        (None, "are not a list"),
        ([1], "an entry of the proofs of witnesses has no versionId, or no list of proofs"),
        ([{"proof": []}], "has no versionId"),
        ([{"versionId": 1, "proof": []}], "has no versionId"),
        ([{**SUBJECT, "proof": ALONE}], "or no list of proofs"),
    ],
)
def test_a_file_that_is_wrong(proofs: Any, says: str) -> None:
    data = proofs if isinstance(proofs, bytes) else json.dumps(proofs).encode()
    with pytest.raises(did.InvalidDIDDocument, match=says):
        resolve(DID, Host(WITNESSED, data))


def test_no_more_proofs_are_checked_than_there_may_be() -> None:
    wrong = {**ALONE, "proofValue": proof(SUBJECT, OTHER_WITNESS)["proofValue"]}
    most = [{**SUBJECT, "proof": [wrong] * (MAX_PROOFS - 2)}]
    assert resolve(DID, Host(WITNESSED, most + APPROVED)).id == DID
    with pytest.raises(did.InvalidDIDDocument, match=f"more than {MAX_PROOFS} proofs of the witnesses"):
        resolve(DID, Host(WITNESSED, [*most, {**SUBJECT, "proof": [wrong]}, *APPROVED]))


def test_a_file_that_is_not_pruned_costs_no_more() -> None:
    """The last proof of each witness decides; those before are not looked at, however many."""
    log = logs.ONE
    log = extended(log, {"witness": witnesses(1, WITNESS)})
    unread = [{"versionId": log[1]["versionId"], "proof": [ALONE] * (MAX_PROOFS + 1)}]
    log = extended(log)
    assert resolve(logs.DID, Host(log, unread + approvals(log, (3, [WITNESS])))).id == logs.DID


def test_the_last_proof_is_the_one_of_the_highest_number() -> None:
    log = started({"witness": witnesses(1, WITNESS)})
    for number in range(2, 11):
        log = extended(log, time=f"2026-02-{number:02}T00:00:00Z")
    for order in ((9, 10), (10, 9)):
        proofs = approvals(log, *((number, [WITNESS]) for number in order))
        assert resolve(logs.identifier(log), Host(log, proofs)).metadata["versionId"].startswith("10-")


def test_as_many_witnesses_as_there_may_be() -> None:
    entries = [{"id": f"did:key:z{number}"} for number in range(63)]
    log = started({"witness": {"threshold": 1, "witnesses": [*entries, {"id": f"did:key:{multikey(WITNESS)}"}]}})
    assert resolve(logs.identifier(log), Host(log, approvals(log, (1, [WITNESS])))).id == logs.identifier(log)


def test_proofs_that_cannot_be_had() -> None:
    with pytest.raises(did.NotFound, match=r"did-witness\.json"):
        resolve(DID, Host(WITNESSED))

    def fetch(url: str, *, accept: str) -> did.Response:
        if url == URL:
            return Host(WITNESSED)(url, accept=accept)
        raise TimeoutError

    with pytest.raises(did.Unavailable, match=r"did-witness\.json"):
        resolve(DID, fetch)


@pytest.mark.parametrize(
    "value",
    [
        witnesses(0, WITNESS),
        witnesses(2, WITNESS),
        witnesses(-1, WITNESS),
        witnesses(True, WITNESS),
        witnesses("1", WITNESS),
        witnesses(1.5, WITNESS, OTHER_WITNESS),
        witnesses(2, WITNESS, WITNESS),
        witnesses(1, WITNESS, WITNESS),
        witnesses(0),
        {"threshold": 1},
        {"witnesses": [{"id": "did:key:z6Mk"}]},
        {"threshold": 1, "witnesses": {}},
        {"threshold": 1, "witnesses": ["did:key:z6Mk"]},
        {"threshold": 1, "witnesses": [{"id": "did:web:witness.example"}]},
        {"threshold": 1, "witnesses": [{"id": 1}]},
        {"threshold": 1, "witnesses": [{}]},
        {"threshold": 1, "witnesses": [{"id": "did:key:z6Mk", "weight": 1}]},
        {**witnesses(1, WITNESS), "selfweight": 1},
        {"threshold": 1, "witnesses": [{"id": f"did:key:z{number}"} for number in range(65)]},
        [],
        "",
    ],
)
def test_witnesses_that_are_none(value: Any) -> None:
    log = started({"witness": value})
    host = Host(log, [])
    with pytest.raises(did.InvalidDIDDocument, match="the parameter witness is not a threshold with 1 to 64 different"):
        resolve(logs.identifier(log), host)
    assert host.asked == [URL]


def test_a_witness_whose_key_is_none_approves_nothing() -> None:
    log = started({"witness": {"threshold": 1, "witnesses": [{"id": "did:key:zzz"}]}})
    subject = {"versionId": log[0]["versionId"]}
    proofs = [{**subject, "proof": [proof(subject, WITNESS, verificationMethod="did:key:zzz#zzz")]}]
    insufficient(log, proofs, 1, 0, 1)

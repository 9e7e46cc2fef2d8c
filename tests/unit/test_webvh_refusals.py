"""did:webvh: logs that are wrong in one place, and the reason that is given."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

import did
from tests.unit import webvh_logs as logs
from tests.unit.webvh_logs import (
    DEACTIVATED,
    DID,
    FIRST,
    MOVED_DID,
    NEW_PLACE,
    NOW,
    ONE,
    PORTABLE,
    PREROTATED,
    ROTATED,
    SECOND,
    THIRD,
    THREE,
    Host,
    Log,
    changed,
    extended,
    multikey,
    resolve,
    sealed,
    started,
)

SCID = logs.scid(ONE)
PORTABLE_DID = logs.identifier(PORTABLE)
NEXT = PREROTATED[:1]
OTHER = logs.multihash(b"another")


def afterwards(log: Log, position: int, **members: Any) -> Log:
    """Members of an entry are others than those that were hashed and signed."""
    return changed(log, lambda copy: copy[position].update(members))


def of_proof(position: int = 2, **members: Any) -> Log:
    """Members of a proof are others than those that were signed."""
    return changed(THREE, lambda copy: copy[position]["proof"][0].update(members))


def with_entry(change: Callable[[dict[str, Any]], object]) -> Log:
    return changed(THREE, lambda copy: change(copy[2]))


def with_id(value: Any, log: Log = ONE, **members: Any) -> Log:
    """An entry that is right but for the id of its document."""
    return extended(log, {}, {**logs.document(DID), "id": value, **members})


TAMPERED: Final[Mapping[str, tuple[Log, str]]] = {
    "versionId: of another entry": (
        afterwards(THREE, 1, versionId=THREE[2]["versionId"]),
        "entry 2 of the log is invalid: its versionId '3-.*' is not its number, 2, with the hash",
    ),
    "versionId: hash": (afterwards(THREE, 1, versionId="2-" + SCID), "is not its number, 2, with the hash"),
    "versionId: number alone": (afterwards(THREE, 2, versionId="3"), "is not its number, 3"),
    "versionId: number": (
        changed(THREE, lambda log: log[2].update(versionId="4" + log[2]["versionId"][1:])),
        "is not its number, 3",
    ),
    "versionId: number with a zero": (
        changed(THREE, lambda log: log[2].update(versionId="0" + log[2]["versionId"])),
        "is not its number, 3",
    ),
    "versionId: placeholder": (afterwards(ONE, 0, versionId="{SCID}"), "is not its number, 1"),
    "versionTime: first": (afterwards(ONE, 0, versionTime="2026-01-01T00:00:01Z"), "the SCID is not the hash"),
    "versionTime: later": (afterwards(THREE, 2, versionTime="2026-03-02T00:00:00Z"), "not its number, 3, with the"),
    "parameters": (afterwards(THREE, 2, parameters={"ttl": 1}), "not its number, 3, with the hash"),
    "state: first": (afterwards(ONE, 0, state=logs.document(DID, THIRD)), "the SCID is not the hash"),
    "state: later": (afterwards(THREE, 1, state=logs.document(DID, THIRD)), "not its number, 2, with the hash"),
    "proof: of the entry before": (afterwards(THREE, 2, proof=THREE[1]["proof"]), "signature does not match"),
    "proof: value": (of_proof(proofValue=THREE[1]["proof"][0]["proofValue"]), "signature does not match"),
    "proof: value garbled": (of_proof(proofValue="z0"), "proofValue"),
    "proof: created": (of_proof(created="2026-01-01T00:00:01Z"), "signature does not match"),
    "proof: method": (of_proof(verificationMethod="did:key:zA#zA"), "'did:key:zA#zA' is not authorised to sign"),
    "proof: another body than fragment": (
        of_proof(verificationMethod=f"did:key:{multikey(SECOND)}#{multikey(FIRST)}"),
        "is not authorised to sign this",
    ),
    "proof: none": (afterwards(THREE, 2, proof=[]), "the document has no proof"),
    "proof: null": (afterwards(THREE, 2, proof=None), "the document has no proof"),
    "proof: twice": (changed(THREE, lambda log: log[2]["proof"].append(log[2]["proof"][0])), "stands twice"),
    "proof: many": (
        changed(THREE, lambda log: log[2].update(proof=[{"id": str(number)} for number in range(9)])),
        "more than 4 proofs",
    ),
    "member: absent": (with_entry(lambda entry: entry.pop("proof")), "it is not an object of parameters, proof, state"),
    "member: more": (with_entry(lambda entry: entry.update(more=1)), "it is not an object of parameters"),
    "member: versionId no text": (afterwards(THREE, 2, versionId=3), "it is not an object of parameters"),
    "member: versionTime no text": (afterwards(THREE, 2, versionTime=3), "it is not an object of parameters"),
    "member: parameters no object": (afterwards(THREE, 2, parameters=[]), "it is not an object of parameters"),
    "member: state no object": (afterwards(THREE, 2, state=None), "it is not an object of parameters"),
    "order: first left out": (THREE[1:], "the first parameters have no method"),
    "order: one left out": ([THREE[0], THREE[2]], "entry 2 of the log is invalid: .* not its number, 2"),
    "order: exchanged": ([THREE[0], THREE[2], THREE[1]], "entry 2 of the log is invalid: .* not its number, 2"),
    "order: twice": ([*THREE, THREE[2]], "entry 4 of the log is invalid: .* not its number, 4"),
    "order: of another log": ([*ROTATED[:2], THREE[2]], "not its number, 3, with the hash"),
}
"""Logs in which something was changed by somebody without the keys."""

SIGNED: Final[Mapping[str, tuple[Log, str]]] = {
    "scid: of another log": (
        [sealed({**ONE[0], "parameters": {**ONE[0]["parameters"], "scid": OTHER}}, OTHER, 1, FIRST)],
        "its scid is 'Qm.*', not 'Qm.*' as in the DID",
    ),
    "scid: first entry rewritten": (
        [sealed({**ONE[0], "state": logs.document(DID, THIRD)}, SCID, 1, FIRST)],
        "the SCID is not the hash of this entry",
    ),
    "scid: keys exchanged": (
        [sealed({**ONE[0], "parameters": {**ONE[0]["parameters"], "updateKeys": [multikey(SECOND)]}}, SCID, 1, SECOND)],
        "the SCID is not the hash of this entry",
    ),
    "scid: placeholder left": (
        [sealed({**ONE[0], "parameters": {**ONE[0]["parameters"], "scid": "{SCID}"}}, SCID, 1, FIRST)],
        "its scid is '\\{SCID\\}', not",
    ),
    "scid: placeholder in the document": (
        [sealed({**ONE[0], "state": {**ONE[0]["state"], "id": f"did:webvh:{{SCID}}:{logs.PLACE}"}}, SCID, 1, FIRST)],
        "it has the placeholder \\{SCID\\}",
    ),
    "scid: again": (extended(ONE, {"scid": SCID}), "only the first entry has an scid"),
    "scid: no text": (
        [sealed({**ONE[0], "parameters": {**ONE[0]["parameters"], "scid": 1}}, SCID, 1, FIRST)],
        "the parameter scid is not a text",
    ),
    "chain: not from the SCID": (
        [sealed(ONE[0], ONE[0]["versionId"], 1, FIRST)],
        "is not its number, 1, with the hash",
    ),
    "chain: not from the entry before": (
        [*THREE[:2], sealed(THREE[2], ONE[0]["versionId"], 3, FIRST)],
        "is not its number, 3, with the hash",
    ),
    "number: left out": ([*THREE[:2], sealed(THREE[2], THREE[1]["versionId"], 4, FIRST)], "is not its number, 3"),
    "number: again": ([*THREE[:2], sealed(THREE[2], THREE[1]["versionId"], 2, FIRST)], "is not its number, 3"),
    "time: not later": (extended(ONE, time=ONE[0]["versionTime"]), "is not after that of the entry before"),
    "time: earlier": (extended(ONE, time="2025-12-31T23:59:59Z"), "is not after that of the entry before"),
    "time: in the future": (
        extended(ONE, time=(NOW + timedelta(seconds=61)).isoformat()),
        "its versionTime 2026-06-01T00:01:01.00:00 is in the future",
    ),
    "time: in a past of which the end is in the future": (
        extended(extended(ONE, time="2027-01-01T00:00:00Z"), time="2026-02-01T00:00:00Z"),
        "entry 2 of the log is invalid: its versionTime 2027-01-01T00:00:00Z is in the future",
    ),
    "time: without a zone": (extended(ONE, time="2026-02-01T00:00:00"), "is not in UTC"),
    "time: of another zone": (extended(ONE, time="2026-02-01T00:00:00+01:00"), "is not in UTC"),
    "time: a day": (extended(ONE, time="2026-02-01Z"), "is no dateTimeStamp"),
    "time: no day": (extended(ONE, time="2026-02-30T00:00:00Z"), "is no point in time"),
    "keys: of nobody": (extended(ONE, keys=[SECOND]), "is not authorised to sign this"),
    "keys: of nobody, first": (started(keys=[SECOND]), "is not authorised to sign this"),
    "keys: of somebody else besides": (extended(ONE, keys=[FIRST, SECOND]), "is not authorised to sign this"),
    "keys: no longer": (extended(ROTATED, keys=[FIRST]), "entry 5 of the log is invalid: .* is not authorised"),
    "keys: not yet": (extended(ONE, {"updateKeys": [multikey(SECOND)]}, keys=[SECOND]), "is not authorised to sign"),
    "keys: none": (started({"updateKeys": []}), "is not authorised to sign this"),
    "keys: none, and later one": (
        extended(extended(ONE, {"updateKeys": []}), {"updateKeys": [multikey(FIRST)]}),
        "entry 3 of the log is invalid: .* is not authorised to sign this",
    ),
    "keys: no list": (started({"updateKeys": multikey(FIRST)}), "the parameter updateKeys is not a list"),
    "keys: twice": (started({"updateKeys": [multikey(FIRST)] * 2}), "updateKeys is not a list of different texts"),
    "keys: many": (started({"updateKeys": [multikey(FIRST), *map(str, range(64))]}), "a list of at most 64 texts"),
    "keys: no texts": (started({"updateKeys": [multikey(FIRST), 1]}), "a list of at most 64 texts"),
    "proof: for something else": (extended(ONE, proofPurpose="authentication"), "for 'authentication', not for"),
    "proof: another suite": (extended(ONE, cryptosuite="ecdsa-jcs-2019"), "'ecdsa-jcs-2019' is not accepted"),
    "proof: a suite of RDF": (extended(ONE, cryptosuite="eddsa-rdfc-2022"), "'eddsa-rdfc-2022' is not accepted"),
    "proof: expired": (extended(ONE, expires="2026-06-01T00:00:00Z"), "the proof has expired"),
    "proof: method without fragment": (
        extended(ONE, verificationMethod=f"did:key:{multikey(FIRST)}"),
        "is not authorised to sign this",
    ),
    "pre-rotation: another key": (
        extended(NEXT, {"updateKeys": [multikey(THIRD)], "nextKeyHashes": []}, keys=[THIRD]),
        "the entry before is not committed to the key",
    ),
    "pre-rotation: one key more": (
        extended(NEXT, {"updateKeys": [multikey(SECOND), multikey(FIRST)], "nextKeyHashes": []}, keys=[SECOND]),
        "the entry before is not committed to the key",
    ),
    "pre-rotation: no keys": (extended(NEXT, {"nextKeyHashes": []}), "has updateKeys and nextKeyHashes"),
    "pre-rotation: no hashes": (
        extended(NEXT, {"updateKeys": [multikey(SECOND)]}, keys=[SECOND]),
        "has updateKeys and nextKeyHashes",
    ),
    "pre-rotation: nothing": (extended(NEXT), "has updateKeys and nextKeyHashes"),
    "pre-rotation: nobody": (
        extended(NEXT, {"updateKeys": [], "nextKeyHashes": []}, keys=[SECOND]),
        "is not authorised to sign this",
    ),
    "pre-rotation: signed by the key before": (
        extended(NEXT, {"updateKeys": [multikey(SECOND)], "nextKeyHashes": []}),
        "is not authorised to sign this",
    ),
    "pre-rotation: hashes of two entries before": (
        extended(PREROTATED[:2], {"updateKeys": [multikey(SECOND)], "nextKeyHashes": []}, keys=[SECOND]),
        "the entry before is not committed to the key",
    ),
    "pre-rotation: over": (
        extended(PREROTATED[:3], {"updateKeys": [multikey(FIRST)]}),
        "entry 4 of the log is invalid: .* is not authorised to sign this",
    ),
    "deactivated: and on": (extended(DEACTIVATED), "the DID was deactivated in the entry before"),
    "deactivated: and back": (extended(DEACTIVATED, {"deactivated": False}), "was deactivated in the entry before"),
    "deactivated: no truth value": (extended(ONE, {"deactivated": "true"}), "deactivated is not true or false"),
    "deactivated: null": (extended(ONE, {"deactivated": None}), "deactivated is not true or false"),
    "portable: later": (extended(ONE, {"portable": True}), "portable from its first entry, or never"),
    "portable: again": (
        extended(extended(PORTABLE, {"portable": False}), {"portable": True}),
        "portable from its first entry, or never",
    ),
    "portable: no truth value": (started({"portable": 1}), "portable is not true or false"),
    "moved: not portable": (
        with_id(logs.identifier(ONE, NEW_PLACE), alsoKnownAs=[DID]),
        "and the DID is not portable",
    ),
    "moved: no longer portable": (
        extended(PORTABLE, {"portable": False}, logs.document(MOVED_DID, alsoKnownAs=[PORTABLE_DID])),
        "and the DID is not portable",
    ),
    "moved: without its old name": (
        extended(PORTABLE, {}, logs.document(MOVED_DID)),
        "not name the DID before in also",
    ),
    "moved: with another old name": (
        extended(PORTABLE, {}, logs.document(MOVED_DID, alsoKnownAs=[MOVED_DID])),
        "not name the DID before in alsoKnownAs",
    ),
    "moved: old name no list": (
        extended(PORTABLE, {}, logs.document(MOVED_DID, alsoKnownAs=PORTABLE_DID)),
        "not name the DID before in alsoKnownAs",
    ),
    "moved: to another SCID": (
        with_id(f"did:webvh:{OTHER}:{logs.PLACE}", PORTABLE, alsoKnownAs=[PORTABLE_DID]),
        "is no did:webvh with this SCID",
    ),
    "moved: to another method": (
        with_id(f"did:web:{logs.PLACE}", PORTABLE, alsoKnownAs=[PORTABLE_DID]),
        "is no did:webvh with this SCID",
    ),
    "moved: to no place": (
        with_id(logs.identifier(PORTABLE, "example.com:.."), PORTABLE, alsoKnownAs=[PORTABLE_DID]),
        "names no place",
    ),
    "id: none": (started(state={"about": "{SCID}"}), "the id of its document, None, is no did:webvh"),
    "id: no text": (started(state={"id": ["{SCID}"]}), "the id of its document, a value of type list, is no did:webvh"),
    "id: a DID URL": (started(state={"id": f"did:webvh:{{SCID}}:{logs.PLACE}#key"}), "is a DID URL, not a DID"),
    "id: an address": (started(state={"id": "did:webvh:{SCID}:127.0.0.1"}), "names no place"),
    "method: none": (started(without=["method"]), "the first parameters have no method"),
    "method: no text": (started({"method": 1}), "the parameter method is not a text"),
    "updateKeys: none": (started(without=["updateKeys"]), "the first parameters have no updateKeys"),
    "scid: none": (started(without=["scid"]), "the first parameters have no scid"),
    "a parameter that there is not": (started({"prerotation": True}), "'prerotation' is no parameter"),
    "ttl: negative": (started({"ttl": -1}), "ttl is not a number of seconds"),
    "ttl: too long": (started({"ttl": 2**31 + 1}), "ttl is not a number of seconds"),
    "ttl: no number": (started({"ttl": True}), "ttl is not a number of seconds"),
    "watchers: no texts": (started({"watchers": [{}]}), "the parameter watchers is not a list"),
    "nextKeyHashes: no list": (started({"nextKeyHashes": {}}), "the parameter nextKeyHashes is not a list"),
}
"""Logs that are hashed and signed as they stand, by whoever has the keys."""

BYTES: Final[Mapping[str, tuple[bytes, str]]] = {
    "empty": (b"", "entry 1 of the log is invalid"),
    "a page": (b"<!doctype html>\n", "entry 1 of the log is invalid"),
    "a list": (b"[]\n", "not a JSON object"),
    "a list of the entries": (json.dumps(THREE).encode(), "not a JSON object"),
    "a byte order mark": (b"\xef\xbb\xbf" + logs.written(ONE), "entry 1 of the log is invalid"),
    "in UTF-16": (logs.written(ONE).decode().encode("utf-16"), "entry 1 of the log is invalid"),
    "cut off": (logs.written(THREE)[:-20], "entry 3 of the log is invalid"),
    "an empty line": (logs.written(ONE) + b"\n" + logs.written(THREE[1:]), "entry 2 of the log is invalid"),
    "an empty line at the end": (logs.written(ONE) + b"\n", "entry 2 of the log is invalid"),
    "on one line": (logs.written(THREE).replace(b"\n", b" "), "entry 1 of the log is invalid"),
    "a member twice": (logs.written(ONE).replace(b'"versionId"', b'"versionId": "", "versionId"'), "entry 1"),
    "nested deeply": (b"[" * 100_000, "entry 1 of the log is invalid"),
    "a long entry": (logs.written(ONE).rstrip() + b" " * 524_288, "larger than 524288 bytes"),
}


def reason(identifier: str, host: Host) -> str:
    with pytest.raises(did.InvalidDIDDocument) as caught:
        resolve(identifier, host)
    assert caught.value.code == "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"
    assert caught.value.detail.isprintable()
    assert len(caught.value.detail) < 600
    with pytest.raises(did.InvalidDIDDocument):  # not even for a time at which all was well
        resolve(identifier, host, datetime(2026, 1, 1, tzinfo=UTC))
    return caught.value.detail


def own_did(log: Log) -> str:
    """The DID that the log is of, whatever is wrong with it."""
    parameters = log[0]["parameters"]
    given = parameters.get("scid") if isinstance(parameters, dict) else None
    if isinstance(given, str) and given not in {OTHER, "{SCID}"}:
        return f"did:webvh:{given}:{logs.PLACE}"
    return DID


@pytest.mark.parametrize("name", TAMPERED)
def test_what_was_changed_by_somebody_else(name: str) -> None:
    log, says = TAMPERED[name]
    assert re.search(says, reason(own_did(log), Host(log)))


@pytest.mark.parametrize("name", SIGNED)
def test_what_its_controller_may_not_do(name: str) -> None:
    log, says = SIGNED[name]
    assert re.search(says, reason(own_did(log), Host(log)))


@pytest.mark.parametrize("name", BYTES)
def test_what_is_no_log(name: str) -> None:
    data, says = BYTES[name]
    assert re.search(says, reason(DID, Host(data)))


@pytest.mark.parametrize("version", ["did:webvh:1.1", "did:webvh:0.5", "did:webvh:2.0", "did:tdw:0.4", ""])
@pytest.mark.parametrize("later", [False, True])
def test_other_versions_of_the_method_are_not_read(version: str, *, later: bool) -> None:
    """Nothing can be said of a log whose rules are not known: that is no reason to reject."""
    log = extended(ONE, {"method": version}) if later else started({"method": version})
    with pytest.raises(did.MethodNotSupported, match=r"only did:webvh:1\.0 is supported"):
        resolve(logs.identifier(log), Host(log))

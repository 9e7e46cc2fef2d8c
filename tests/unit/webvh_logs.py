"""Logs of did:webvh, made with real keys by other code than that which reads them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import base58

import did
from vc_core import LocalSigner
from vc_core.webvh import webvh_method

Entry = dict[str, Any]
Log = list[Entry]

KEYS = [did.PrivateKey("Ed25519", bytes(range(first, first + 32))) for first in range(1, 9)]
FIRST, SECOND, THIRD, WITNESS, OTHER_WITNESS, THIRD_WITNESS, ISSUER, NEW_ISSUER = KEYS
PLACE = "university.example"
URL = f"https://{PLACE}/.well-known/did.jsonl"
WITNESS_URL = f"https://{PLACE}/.well-known/did-witness.json"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
TIMES = [f"2026-0{month}-01T00:00:00Z" for month in range(1, 6)]


def multikey(key: did.PrivateKey) -> str:
    return key.public_key.multikey


def canonical(value: Any) -> bytes:
    """RFC 8785 for what is in these logs: names and texts in ASCII, and small integers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def multihash(data: bytes) -> str:
    return base58.b58encode(b"\x12\x20" + hashlib.sha256(data).digest()).decode()


def proof(document: Mapping[str, Any], key: did.PrivateKey, **members: Any) -> Entry:
    """A proof over the document, whose options may be others than usual."""
    name = multikey(key)
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": f"did:key:{name}#{name}",
        "created": "2026-01-01T00:00:00Z",
        "proofPurpose": "assertionMethod",
        **members,
    }
    digests = [hashlib.sha256(canonical(each)).digest() for each in (options, document)]
    signature = LocalSigner.of_did_key(key).sign(b"".join(digests))
    return {**options, "proofValue": "z" + base58.b58encode(signature).decode()}


def sealed(entry: Entry, predecessor: str, number: int, *keys: did.PrivateKey, **members: Any) -> Entry:
    """The entry with its versionId and proofs, for which those that it has are left out."""
    content = {name: value for name, value in entry.items() if name != "proof"} | {"versionId": predecessor}
    content["versionId"] = f"{number}-{multihash(canonical(content))}"
    return {**content, "proof": [proof(content, key, **members) for key in keys]}


def document(identifier: str, key: did.PrivateKey = ISSUER, **members: Any) -> Entry:
    url = f"{identifier}#{multikey(key)}"
    method = {"id": url, "type": "Multikey", "controller": identifier, "publicKeyMultibase": multikey(key)}
    return {
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": identifier,
        "verificationMethod": [method],
        "assertionMethod": [url],
        **members,
    }


def started(
    parameters: Mapping[str, Any] = {},
    state: Mapping[str, Any] | None = None,
    *,
    without: Sequence[str] = (),
    keys: Sequence[did.PrivateKey] = (FIRST,),
    time: Any = TIMES[0],
    **members: Any,
) -> Log:
    """A log of one entry, whose parameters are those of the method with `parameters` in their place."""
    given = {"method": "did:webvh:1.0", "scid": "{SCID}", "updateKeys": [multikey(FIRST)], **parameters}
    preliminary = {
        "versionId": "{SCID}",
        "versionTime": time,
        "parameters": {name: value for name, value in given.items() if name not in without},
        "state": document(f"did:webvh:{{SCID}}:{PLACE}") if state is None else state,
    }
    scid = multihash(canonical(preliminary))
    entry = json.loads(canonical(preliminary).replace(b"{SCID}", scid.encode()))
    return [sealed(entry, scid, 1, *keys, **members)]


def extended(
    log: Log,
    parameters: Mapping[str, Any] = {},
    state: Mapping[str, Any] | None = None,
    *,
    keys: Sequence[did.PrivateKey] = (FIRST,),
    time: Any = None,
    **members: Any,
) -> Log:
    """The log with one entry more, of the next month unless a time is given."""
    entry = {
        "versionTime": TIMES[len(log)] if time is None else time,
        "parameters": dict(parameters),
        "state": log[-1]["state"] if state is None else state,
    }
    return [*log, sealed(entry, log[-1]["versionId"], len(log) + 1, *keys, **members)]


def scid(log: Log) -> str:
    return str(
        log[0]["versionId"].partition("-")[2] if "scid" not in log[0]["parameters"] else log[0]["parameters"]["scid"]
    )


def identifier(log: Log, place: str = PLACE) -> str:
    return f"did:webvh:{scid(log)}:{place}"


def changed(log: Log, change: Callable[[Log], object]) -> Log:
    """A copy of the log in which something was changed afterwards."""
    copy = deepcopy(log)
    change(copy)
    return copy


def written(log: Log) -> bytes:
    return b"".join(json.dumps(entry).encode() + b"\n" for entry in log)


def approvals(log: Log, *approved: tuple[int, Sequence[did.PrivateKey]]) -> list[Any]:
    """The file of the witnesses, in which each of the entries, counted from 1, has proofs by keys."""
    found = []
    for number, keys in approved:
        subject = {"versionId": log[number - 1]["versionId"]}
        found.append({**subject, "proof": [proof(subject, key) for key in keys]})
    return found


def witnesses(threshold: Any, *keys: did.PrivateKey) -> Entry:
    return {"threshold": threshold, "witnesses": [{"id": f"did:key:{multikey(key)}"} for key in keys]}


class Host:
    """Answers with a log, and with proofs of witnesses if there are any, and keeps what it was asked for."""

    def __init__(self, log: Log | bytes, proofs: Any = None, url: str = URL) -> None:
        self.asked: list[str] = []
        self.files = {url: log if isinstance(log, bytes) else written(log)}
        if proofs is not None:
            body = proofs if isinstance(proofs, bytes) else json.dumps(proofs).encode()
            self.files[url.replace("did.jsonl", "did-witness.json")] = body

    def __call__(self, url: str, *, accept: str) -> did.Response:
        self.asked.append(url)
        if url not in self.files:
            return did.Response(404, "text/plain", b"", url)
        return did.Response(200, "text/jsonl", self.files[url], url)


def methods(now: datetime = NOW) -> Mapping[str, did.Method]:
    return did.METHODS | {"webvh": webvh_method(now=lambda: now)}


def resolve(did_of_log: str, host: did.Fetch, at: datetime | None = None, now: datetime = NOW) -> did.DIDDocument:
    return did.resolve(did_of_log, at=at, fetch=host, methods=methods(now))


def month(number: int) -> datetime:
    """The middle of a month of the year of these logs."""
    return datetime(2026, number, 15, tzinfo=UTC)


ONE = started()
DID = identifier(ONE)
THREE = extended(extended(ONE), {}, document(DID, NEW_ISSUER))
ROTATED = extended(
    extended(extended(ONE, {"updateKeys": [multikey(SECOND)]}), {"updateKeys": [multikey(THIRD)]}, keys=[SECOND]),
    keys=[THIRD],
)
PREROTATED = started({"nextKeyHashes": [multihash(multikey(SECOND).encode())]})
PREROTATED = extended(
    PREROTATED,
    {
        "updateKeys": [multikey(SECOND)],
        "nextKeyHashes": [multihash(multikey(THIRD).encode()), multihash(multikey(FIRST).encode())],
    },
    keys=[SECOND],
)
PREROTATED = extended(PREROTATED, {"updateKeys": [multikey(THIRD)], "nextKeyHashes": []}, keys=[THIRD])
PREROTATED = extended(PREROTATED, {"updateKeys": [multikey(FIRST)]}, keys=[THIRD])
DEACTIVATED = extended(extended(ONE), {"deactivated": True, "updateKeys": []})
WITNESSED = extended(
    extended(started({"witness": witnesses(2, WITNESS, OTHER_WITNESS, THIRD_WITNESS)})),
    {"witness": witnesses(1, THIRD_WITNESS)},
)
APPROVED = approvals(WITNESSED, (3, [WITNESS, OTHER_WITNESS]))
NEW_PLACE = "www.university.example:issuer"
NEW_URL = "https://www.university.example/issuer/did.jsonl"
PORTABLE = started({"portable": True})
MOVED_DID = identifier(PORTABLE, NEW_PLACE)
MOVED = extended(PORTABLE, {}, document(MOVED_DID, alsoKnownAs=[identifier(PORTABLE)]))

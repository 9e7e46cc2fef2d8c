"""The method did:webvh: where the log of a DID is, and which version of it is the answer (did:webvh 1.0)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from did.document import DIDDocument, Json
from did.errors import Deactivated, InvalidDIDDocument, NotFound, shown
from did.methods import Fetch, Method
from did.methods.fetched import get
from did.url import DIDURL
from did.version_time import version_time, whole_seconds
from vc_core.webvh.identifier import LOG, log_url, scid_of
from vc_core.webvh.log import Version, read_log
from vc_core.webvh.witnesses import check_witnesses

ACCEPT: Final = "text/jsonl, application/jsonl, */*;q=0.1"
ACCEPT_WITNESSES: Final = "application/json, */*;q=0.1"


def webvh_method(*, now: Callable[[], datetime]) -> Method:
    """The method did:webvh, for which `now` says what time it is, aware: no version may be of the future."""

    def resolve(did: DIDURL, fetch: Fetch | None = None, /, *, at: datetime | None = None) -> DIDDocument:
        """The document of a did:webvh as it was at the aware time `at`, or is now.

        The log has been checked as a whole, from the hash in the DID on: who wrote each entry, that none was changed,
        left out or put elsewhere, and where it asks for witnesses, their proofs. One that ends too early cannot be
        told from one that is complete. A log in which any entry is wrong answers for no time at all. Nothing that the
        document names is followed, neither a did:web of the same place nor a watcher.

        Raises `InvalidDID` where `log_url` does; `InvalidDIDDocument` for a log that is not valid, or not of this
        DID; `MethodNotSupported` for another version of the method; `Deactivated` from the time of deactivation on;
        `NotFound` for a time before the first version, or at which the DID had another name, and where the files
        cannot be had, as `get` does.
        """
        url = log_url(did)
        today = now()
        versions = read_log(get(url, fetch, accept=ACCEPT), scid=scid_of(did), now=today)
        if all(version.did != did.did for version in versions):
            detail = f"the log is of {shown(versions[-1].did, 256)}, not of {shown(did.did, 256)}"
            raise InvalidDIDDocument(detail, code="INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID")
        if any(version.witnesses for version in versions):
            proofs = get(url.removesuffix(LOG) + "did-witness.json", fetch, accept=ACCEPT_WITNESSES)
            check_witnesses(proofs, versions, now=today)
        version = _in_force(did.did, versions, at)
        return DIDDocument.parse(version.state, did.did, source=url, metadata=_metadata(version, versions))

    return resolve


def _in_force(did: str, versions: Sequence[Version], at: datetime | None) -> Version:
    """The version that was in force at `at`, or the last one for None."""
    instant = None if at is None else whole_seconds(at)
    past = [version for version in versions if instant is None or version.time <= instant]
    when = "now" if instant is None else f"at {version_time(instant)}"
    if not past:
        raise NotFound(f"{shown(did, 256)} had no document {when}")
    version = past[-1]
    if version.parameters.deactivated:
        raise Deactivated(f"{shown(did, 256)} was deactivated at {version.version_time}")
    if version.did != did:
        raise NotFound(f"{shown(did, 256)} has another name {when}, which is not followed: {shown(version.did, 256)}")
    return version


def _metadata(version: Version, versions: Sequence[Version]) -> dict[str, Json]:
    """The DID document metadata of a version, and what is said now of the DID as a whole (Read)."""
    last = versions[-1]
    parameters = last.parameters
    members: dict[str, Json] = {
        "versionId": version.version_id,
        "versionTime": version.version_time,
        "created": versions[0].version_time,
        "updated": last.version_time,
        "scid": parameters.scid,
        "portable": parameters.portable,
        "deactivated": parameters.deactivated,
        "ttl": str(parameters.ttl),
    }
    if parameters.witness is not None:
        members["witness"] = parameters.witness.json
    if parameters.watchers:
        members["watchers"] = list(parameters.watchers)
    return members

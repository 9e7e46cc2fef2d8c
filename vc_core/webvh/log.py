"""The log of a did:webvh: a line for each version, and how each follows from the one before (did:webvh 1.0, Read)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from did.errors import DIDError, InvalidDIDDocument, MethodNotSupported, shown
from did.url import parse_did
from vc_core import datetimestamp
from vc_core.canonical import jcs
from vc_core.document import Json, SecuredDocument, read_json, write_json
from vc_core.errors import VCError
from vc_core.securing.proof import unsecured
from vc_core.webvh.identifier import log_url
from vc_core.webvh.parameters import Parameters, Witnesses
from vc_core.webvh.signatures import LIMITS, multihash, signers

MAX_LOG: Final = 4 * 1024 * 1024
"""Bytes of the longest log that is read."""

MAX_ENTRIES: Final = 1024
"""Entries of the longest log that is read: each costs two hashes, and a signature or a few."""

CLOCK_SKEW: Final = timedelta(seconds=60)
"""How far the clock of whoever wrote an entry may be ahead."""

_MEMBERS: Final = frozenset({"versionId", "versionTime", "parameters", "state", "proof"})
_PLACEHOLDER: Final = "{SCID}"


class Version(NamedTuple):
    """A version of the document, `state`, from its entry in the log; `time` is `version_time` read.

    `parameters` are those after the entry; `witnesses`, who have to approve it, None for nobody.
    """

    version_id: str
    version_time: str
    time: datetime
    parameters: Parameters
    witnesses: Witnesses | None
    did: str
    state: dict[str, Json]


def read_log(data: bytes, *, scid: str, now: datetime) -> tuple[Version, ...]:
    """The versions in the log `data`, at least one, each of which follows from those before, up to the SCID.

    All that the method asks for holds, but for the proofs of witnesses. Raises `InvalidDIDDocument` for a log in which
    one entry is wrong, whichever it is, and `MethodNotSupported` for one of another version of the method.
    """
    if len(data) > MAX_LOG:
        raise InvalidDIDDocument(f"the log has {len(data)} bytes, which is more than {MAX_LOG}")
    lines = data.removesuffix(b"\n").split(b"\n", MAX_ENTRIES)
    if len(lines) > MAX_ENTRIES:
        raise InvalidDIDDocument(f"the log has more than {MAX_ENTRIES} entries")
    versions: list[Version] = []
    for number, line in enumerate(lines, 1):
        try:
            versions.append(_version(line, versions[-1] if versions else None, scid=scid, number=number, now=now))
        except MethodNotSupported:
            raise
        except (DIDError, VCError) as error:
            raise InvalidDIDDocument(f"entry {number} of the log is invalid: {error.detail}") from error
    return tuple(versions)


def _version(line: bytes, previous: Version | None, *, scid: str, number: int, now: datetime) -> Version:
    entry = SecuredDocument.read(line, limits=LIMITS).tree
    match entry:
        case {
            "versionId": str(version_id),
            "versionTime": str(version_time),
            "parameters": dict(members),
            "state": dict(state),
        } if entry.keys() == _MEMBERS:
            pass
        case _:
            raise InvalidDIDDocument(f"it is not an object of {', '.join(sorted(_MEMBERS))}")
    parameters = Parameters.first(members) if previous is None else previous.parameters.updated(members)
    if previous is None:
        _check_scid(entry, parameters, scid)
    _check_version_id(entry, scid if previous is None else previous.version_id, number)
    time = _time(version_time, previous, now)
    keys = parameters if previous is None or previous.parameters.next_key_hashes else previous.parameters
    signers(entry, among=keys.update_keys, now=now)
    witnesses = None if previous is None else previous.parameters.witness
    did = _name(state, previous, parameters)
    return Version(version_id, version_time, time, parameters, witnesses or parameters.witness, did, state)


def _check_scid(entry: dict[str, Json], parameters: Parameters, scid: str) -> None:
    """Returns if the SCID is the hash of the first entry with a placeholder in all of its places (Verify SCID)."""
    if parameters.scid != scid:
        raise InvalidDIDDocument(f"its scid is {shown(parameters.scid)}, not {shown(scid)} as in the DID")
    text = write_json({**unsecured(entry), "versionId": _PLACEHOLDER}).decode()
    if text.count(_PLACEHOLDER) > 1:
        raise InvalidDIDDocument(f"it has the placeholder {_PLACEHOLDER}, in the place of which an SCID may have been")
    preliminary = read_json(text.replace(scid, _PLACEHOLDER).encode(), limits=LIMITS)
    if multihash(jcs.canonicalize(preliminary)) != scid:
        raise InvalidDIDDocument("the SCID is not the hash of this entry")


def _check_version_id(entry: dict[str, Json], predecessor: str, number: int) -> None:
    """Returns if the entry has the next number, and the hash of itself and its predecessor (Verify The Entry Hash)."""
    entry_hash = multihash(jcs.canonicalize({**unsecured(entry), "versionId": predecessor}))
    if entry["versionId"] != f"{number}-{entry_hash}":
        raise InvalidDIDDocument(
            f"its versionId {shown(entry['versionId'], 128)} is not its number, {number}, with the hash of its contents"
        )


def _time(text: str, previous: Version | None, now: datetime) -> datetime:
    if not text.endswith(("Z", "+00:00")):
        raise InvalidDIDDocument(f"its versionTime {shown(text)} is not in UTC")
    time = datetimestamp.parse(text)
    if previous is not None and time <= previous.time:
        raise InvalidDIDDocument(f"its versionTime {text} is not after that of the entry before")
    if time > now + CLOCK_SKEW:
        raise InvalidDIDDocument(f"its versionTime {text} is in the future")
    return time


def _name(state: dict[str, Json], previous: Version | None, parameters: Parameters) -> str:
    """The DID that the document is of: the one of before, or a new place of a portable one (DID Portability)."""
    did = state.get("id")
    if previous is not None and did == previous.did:
        return previous.did
    if not isinstance(did, str) or not did.startswith(f"did:webvh:{parameters.scid}:"):
        raise InvalidDIDDocument(f"the id of its document, {shown(did, 256)}, is no did:webvh with this SCID")
    log_url(parse_did(did))
    if previous is not None:
        if not parameters.portable:
            raise InvalidDIDDocument(f"the id of its document is {shown(did, 256)}, and the DID is not portable")
        names = state.get("alsoKnownAs")
        if not isinstance(names, list) or previous.did not in names:
            raise InvalidDIDDocument("its document has moved, and does not name the DID before in alsoKnownAs")
    return did

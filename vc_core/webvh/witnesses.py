"""The approvals of witnesses, in a file beside the log (did:webvh 1.0, DID Witnesses)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from did.errors import DIDError, InvalidDIDDocument
from vc_core.document import Json, read_json
from vc_core.errors import VCError
from vc_core.limits import Limits
from vc_core.webvh.log import Version
from vc_core.webvh.signatures import signers, verification_method

MAX_FILE: Final = 1024 * 1024
"""Bytes of the longest file of proofs that is read."""

MAX_PROOFS: Final = 1024
"""Signatures in one such file that are checked."""


def check_witnesses(data: bytes, versions: Sequence[Version], *, now: datetime) -> None:
    """Returns if each of the `versions` that needs it is approved by enough of its witnesses, as `data` proves.

    A witness approves with a version all those before it. Proofs of versions that are not in the log are ignored, and
    so are those that do not hold, or are by others. Raises `InvalidDIDDocument`.
    """
    try:
        approved = _approved(_proofs(data), versions, now)
    except VCError as error:
        raise InvalidDIDDocument(f"the proofs of the witnesses cannot be read: {error.detail}") from error
    for position, version in enumerate(versions):
        needed = version.witnesses
        if needed is None:
            continue
        number = sum(approved.get(key, -1) >= position for key in needed.keys)
        if number < needed.threshold:
            raise InvalidDIDDocument(
                f"entry {position + 1} of the log has the approval of {number} of its witnesses, "
                f"and needs that of {needed.threshold}"
            )


def _approved(proofs: list[tuple[str, dict[str, Json]]], versions: Sequence[Version], now: datetime) -> dict[str, int]:
    """The position of the last version that each witness has approved, for those who have approved any."""
    positions = {version.version_id: position for position, version in enumerate(versions)}
    keys = {verification_method(key): key for each in versions if each.witnesses for key in each.witnesses.keys}
    published = [(positions[version_id], version_id, proof) for version_id, proof in proofs if version_id in positions]
    published.sort(key=lambda each: each[0], reverse=True)  # the last one of a witness stands for those before
    approved: dict[str, int] = {}
    budget = MAX_PROOFS
    for position, version_id, proof in published:
        name = proof.get("verificationMethod")
        key = keys.get(name) if isinstance(name, str) else None
        if key is None or key in approved:
            continue
        budget -= 1
        if budget < 0:
            raise InvalidDIDDocument(f"more than {MAX_PROOFS} proofs of the witnesses would have to be checked")
        if _holds(version_id, proof, key, now):
            approved[key] = position
    return approved


def _holds(version_id: str, proof: dict[str, Json], key: str, now: datetime) -> bool:
    try:
        signers({"versionId": version_id, "proof": proof}, among=(key,), now=now)
    except (DIDError, VCError):
        return False
    return True


def _proofs(data: bytes) -> list[tuple[str, dict[str, Json]]]:
    """Each proof in the file, and the id of the version that it is about. Raises `VCError` for one that is no JSON."""
    entries = read_json(data, limits=Limits(document_bytes=MAX_FILE))
    if not isinstance(entries, list):
        raise InvalidDIDDocument("the proofs of the witnesses are not a list")
    found: list[tuple[str, dict[str, Json]]] = []
    for entry in entries:
        match entry:
            case {"versionId": str(version_id), "proof": list(proofs)}:
                found += ((version_id, proof) for proof in proofs if isinstance(proof, dict))
            case {"versionId": str(), **others} if "proof" not in others:
                pass  # a version that nobody has approved yet
            case _:
                raise InvalidDIDDocument("an entry of the proofs of witnesses has no versionId, or no list of proofs")
    return found

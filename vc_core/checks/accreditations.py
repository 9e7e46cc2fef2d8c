"""The status of accreditations that stand in a Trusted Issuers Registry of EBSI."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from did.errors import shown
from vc_core.document import Json, read_json
from vc_core.errors import VCError
from vc_core.examination import Examination
from vc_core.result import Problem

ACCREDITATION_ENTRY: Final = "EbsiAccreditationEntry"
"""The type of a status entry that names the attribute of a registry in which the accreditation stands."""

_ATTRIBUTE: Final = re.compile(r"[0-9a-fA-F]{64}")
_IN_FORCE: Final = frozenset({"RootTAO", "TAO", "TI"})
_BAD: Final = "STATUS_VERIFICATION_ERROR"


def problem_of_accreditation(entry: Mapping[str, Json], at: str, examination: Examination) -> Problem | None:
    """What the registry has against the accreditation; None where it is in force there.

    The `id` of the entry is `{registry}/issuers/{subject}/attributes/{reservedAttributeId}`, with the members of the
    accreditation's subject. The registry is one of the policy's `status_registries`: what it answers is not signed, and
    believed because it was had from there, or handed in as evidence.
    """
    place = _place(examination.signed_claims())
    url = entry.get("id")
    if place is None or not isinstance(url, str) or not url.endswith(place):
        return Problem(_BAD, "the status entry does not name the attribute that is reserved for the subject", at)
    if url.removesuffix(place) not in examination.policy.status_registries:
        detail = f"{shown(url.removesuffix(place))} is not among the registries of the policy (status_registries)"
        return Problem("STATUS_RETRIEVAL_ERROR", detail, at, missing=url)
    try:
        data = examination.evidence.resources[url]
    except KeyError:
        return Problem("STATUS_RETRIEVAL_ERROR", f"the attribute {shown(url)} was not handed in", at, missing=url)
    try:
        record = read_json(data, limits=examination.policy.limits)
    except VCError as error:
        return Problem(_BAD, f"the attribute of the registry cannot be read: {error.detail}", at)
    subject = place.split("/")[2]
    attribute = record.get("attribute") if isinstance(record, dict) and record.get("did") == subject else None
    issuer_type = attribute.get("issuerType") if isinstance(attribute, dict) else None
    if issuer_type == "Revoked":
        return Problem("REVOKED", "the registry says that the accreditation is revoked", at)
    if not isinstance(issuer_type, str) or issuer_type not in _IN_FORCE:
        return Problem(_BAD, "the registry does not say of the subject that an accreditation is in force", at)
    return None


def names_accreditation(entry: Mapping[str, Json], claims: Mapping[str, Json]) -> bool:
    """Whether the entry names the attribute of the subject of these claims, in whichever registry."""
    place, url = _place(claims), entry.get("id")
    return place is not None and isinstance(url, str) and url.endswith(place)


def _place(claims: Mapping[str, Json]) -> str | None:
    """The end of the URL of the one subject's attribute in a registry; None where the subject has no such attribute."""
    subjects = claims.get("credentialSubject")
    subject = subjects[0] if isinstance(subjects, list) and len(subjects) == 1 else subjects
    if not isinstance(subject, dict):
        return None
    identifier, attribute = subject.get("id"), subject.get("reservedAttributeId")
    if not isinstance(identifier, str) or "/" in identifier or not isinstance(attribute, str):
        return None
    return f"/issuers/{identifier}/attributes/{attribute}" if _ATTRIBUTE.fullmatch(attribute) else None

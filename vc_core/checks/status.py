"""The check of the status: what lists and registries say of the credential at the time of the verification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from did.errors import shown
from status import StatusEntry, StatusError, StatusRetrievalError
from vc_core.checks.accreditations import ACCREDITATION_ENTRY, problem_of_accreditation
from vc_core.document import Json
from vc_core.examination import Examination, Finding, Remark
from vc_core.result import Problem
from vc_core.securing.token import Token

REFERENCE: Final = "status_list"
"""The type of an entry, and the member of the claim `status`, that refer to a Token Status List."""
MOST_ENTRIES: Final = 100
"""Entries of one credential that are looked up."""

_BLOCKING: Final[Mapping[str, str]] = MappingProxyType({"revocation": "REVOKED", "suspension": "SUSPENDED"})
"""The codes for purposes of a status whose value speaks against a credential."""
_INFORMING: Final = frozenset({"refresh", "message"})
"""The purposes whose value does not (Bitstring Status List 1.0, section 2.1). That of any other does."""
_STATUS_TYPES: Final[Mapping[int, str]] = MappingProxyType({1: "REVOKED", 2: "SUSPENDED"})
"""The codes for the values of a Token Status List that have a name (its section 7.1); only 0 speaks for a token."""


def status(examination: Examination) -> Finding:
    """No status list speaks against the credential, nor the registry that an accreditation is in.

    Looked up are all entries of `credentialStatus` and the claim `status` of a token, and only signed ones of an
    accepted issuer. A list counts if it is by the credential's issuer, or by one of the policy's `status_issuers`.
    """
    is_vcdm = examination.is_vcdm
    if examination.token is not None and _is_misplaced(examination.token, is_vcdm=is_vcdm):
        if examination.policy.status == "skip":
            return "the policy skips the status"
        return [Problem("STATUS_VERIFICATION_ERROR", "credentialStatus stands where it says nothing", "")]
    reference = _reference(examination, is_vcdm=is_vcdm)
    has_entries = is_vcdm and "credentialStatus" in examination.tree
    if reference is None and not has_entries:
        return "the credential has no credentialStatus" if is_vcdm else "the credential has no status"
    entries = examination.signed_objects("credentialStatus") if has_entries else []
    if isinstance(entries, str):
        if reference is None:
            return entries
        entries = []
    if reference is not None and (unfollowed := examination.unfollowed()) is not None:
        return unfollowed
    if examination.policy.status == "skip":
        return "the policy skips the status"
    if len(entries) > MOST_ENTRIES:
        detail = f"there are more than {MOST_ENTRIES} status entries"
        return [Problem("STATUS_VERIFICATION_ERROR", detail, "/credentialStatus")]
    issuers = frozenset({examination.issuer or "", *examination.policy.status_issuers})
    problems: list[Problem] = []
    remarks: list[str] = []
    for at, entry in entries:
        problems += _problems(examination, at, entry, issuers, remarks)
    if reference is not None:
        problems += _problems_of_claim(examination, reference, issuers)
    return problems or (Remark("; ".join(remarks)) if remarks else None)


def _reference(examination: Examination, *, is_vcdm: bool) -> Json:
    """The claim `status` of a token, or what has its form in a document of the data model.

    There the name may be a term of that document, which means something else: a text, or an object with a type.
    """
    tree, token = examination.tree, examination.token
    value = None if token is None else token.payload.get("status")
    if not is_vcdm:
        return value
    inside = tree.get("status")
    is_claim = isinstance(inside, dict) and (REFERENCE in inside or (token is not None and "type" not in inside))
    if not is_claim:
        return None if token is None or token.payload is tree else value
    return inside if value in (None, inside) else [value, inside]  # of two, either could be the one that counts


def _is_misplaced(token: Token, *, is_vcdm: bool) -> bool:
    """Whether the token has a `credentialStatus` that is not that of a document of the data model.

    It is no claim of an SD-JWT VC, nor one beside the claim `vc`: who put it there meant it to be looked at.
    """
    return "credentialStatus" in token.payload and not (is_vcdm and token.payload is token.claims)


def _problems(
    examination: Examination, at: str, entry: dict[str, Json], issuers: frozenset[str], remarks: list[str]
) -> Sequence[Problem]:
    """What is against the credential at one entry of `credentialStatus`; what only informs goes to `remarks`."""
    if entry.get("type") == ACCREDITATION_ENTRY:
        problem = problem_of_accreditation(entry, at, examination)
        return () if problem is None else (problem,)
    try:
        parsed = StatusEntry.parse(entry)
        value = examination.status.look_up(parsed, issuers=issuers, now=examination.now)
    except StatusError as error:
        return (_unknown(error, at),)
    if not value:
        return ()
    if parsed.purpose in _INFORMING:
        message = f" {shown(parsed.messages[value])}" if parsed.messages else ""
        remarks.append(f"{parsed.purpose} {value:#x}{message}")
        return ()
    code = _BLOCKING.get(parsed.purpose, "STATUS_VERIFICATION_ERROR")
    return (Problem(code, f"the status list says {shown(parsed.purpose)}", at),)


def _problems_of_claim(examination: Examination, claim: Json, issuers: frozenset[str]) -> Sequence[Problem]:
    """The same for the claim `status` (Token Status List, section 6). A mechanism that is not known says no."""
    at = "/status"
    if not isinstance(claim, dict) or claim.keys() != {REFERENCE}:
        return (Problem("STATUS_VERIFICATION_ERROR", "the status is of a kind that is not understood", at),)
    at, reference = f"/status/{REFERENCE}", claim[REFERENCE]
    if not isinstance(reference, dict):
        return (Problem("STATUS_VERIFICATION_ERROR", f"{REFERENCE} is not an object", at),)
    try:
        entry = StatusEntry.reference(reference)
        value = examination.status.look_up(entry, issuers=issuers, now=examination.now)
    except StatusError as error:
        return (_unknown(error, at),)
    if not value:
        return ()
    code = _STATUS_TYPES.get(value, "STATUS_VERIFICATION_ERROR")
    return (Problem(code, f"the status list says {value:#04x}", at),)


def _unknown(error: StatusError, at: str) -> Problem:
    """The problem of a status that is not known, which is open where only the list is missing."""
    missing = (error.url or "the status list") if isinstance(error, StatusRetrievalError) else None
    return Problem(error.code, error.detail, at, missing=missing)

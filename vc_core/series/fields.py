"""Which members of a credential may differ within a series.

All others are the same in it, and so is what was found of them: contexts, types, the issuer, schemas, and whatever else
a rule asks about. Of a field there are three kinds. Nothing asks what a text in a subject is. A member with a rule of
its own is looked at in every document. An identifier has to be a URL, as it was in the first.
"""

from __future__ import annotations

from typing import Final

from vc_core.series.leaves import Path

_TEXTS: Final = frozenset({"name", "description", "issued"})
_TIMES: Final = frozenset({"validFrom", "validUntil", "issuanceDate", "expirationDate"})
_IN_STATUS: Final = frozenset({"id", "statusListIndex"})
_IN_PROOF: Final = frozenset({"id", "created", "nonce", "proofValue"})
_CLAIMS: Final = frozenset({"iat", "nbf", "exp", "jti", "sub"})
"""Claims of a token that there are rules for, which are looked at in every token."""
_REFERENCE: Final = ("status", "status_list", "idx")
"""The place in a Token Status List, which is looked up for every token."""


def may_differ(path: Path, *, of_token: bool) -> bool:
    """Whether documents, or payloads of tokens, that differ in the value there can be of one series."""
    if of_token and (path == _REFERENCE or (len(path) == 1 and path[0] in _CLAIMS)):
        return True
    inside = _in_credential(path, of_token=of_token)
    match inside:
        case [str(name)]:
            return name == "id" or name in _TEXTS or name in _TIMES
        case ["credentialSubject", *_]:
            return not any(isinstance(step, str) and step.startswith("@") for step in inside)
        case ["credentialStatus", str(name)] | ["credentialStatus", int(), str(name)]:
            return name in _IN_STATUS
        case ["proof", str(name)]:
            return not of_token and name in _IN_PROOF
    return False


def is_identifier(path: Path, *, of_token: bool) -> bool:
    """Whether the value there has to be a URL (VCDM 2.0, section 4.4)."""
    if of_token and path in (("jti",), ("sub",)):
        return True
    match _in_credential(path, of_token=of_token):
        case ["id"] | ["credentialSubject", "id"] | ["credentialSubject", int(), "id"]:
            return True
        case ["credentialStatus", "id"] | ["credentialStatus", int(), "id"]:
            return True
    return False


def _in_credential(path: Path, *, of_token: bool) -> Path:
    """The path in the credential, which may be in the claim `vc` of a token."""
    return path[1:] if of_token and path[0] == "vc" else path

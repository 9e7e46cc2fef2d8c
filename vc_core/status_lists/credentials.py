"""W3C list credentials, verified: Bitstring Status List 1.0 and, as EBSI has it, Status List 2021."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from did.errors import shown
from status import FORMATS, OpenedList, StatusVerificationError
from vc_core import datetimestamp
from vc_core.credential import types_of
from vc_core.policy import Policy
from vc_core.result import Credential

LIST_TYPES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "BitstringStatusListCredential": ("BitstringStatusList", "bitstring"),
        "StatusList2021Credential": ("StatusList2021", "statuslist2021"),
    }
)
"""By the type of a list credential: that of its subject, and the format of the list."""

LONGEST_TTL: Final = timedelta(days=365)
"""A `ttl` beyond this is read as this: nobody keeps a list for so long."""


def list_in_credential(credential: Credential, *, url: str, policy: Policy) -> OpenedList:
    """The list in the verified `credential` that was served at `url` (Bitstring Status List 1.0, section 2.2).

    The credential has that URL as its `id`, more than the specification asks: otherwise any list of the issuer could
    be passed off as any other. Raises `StatusVerificationError`.
    """
    claims = credential.claims
    if "credentialStatus" in claims or "status" in claims:
        raise StatusVerificationError("the status list has a status of its own")
    if claims.get("id") != url:
        raise StatusVerificationError(f"what is served there is {shown(claims.get('id'))}, not the list of that URL")
    kinds = LIST_TYPES.keys() & set(credential.types)
    if len(kinds) != 1:
        raise StatusVerificationError(f"the credential is of neither of the types {' and '.join(LIST_TYPES)}")
    subject_type, name = LIST_TYPES[kinds.pop()]
    subject = claims.get("credentialSubject")
    if isinstance(subject, list) and len(subject) == 1:
        subject = subject[0]
    if not isinstance(subject, dict) or subject_type not in types_of(subject):
        raise StatusVerificationError(f"the subject of the list credential is not one {subject_type}")
    encoded = subject.get("encodedList")
    if not isinstance(encoded, str):
        raise StatusVerificationError("encodedList is missing, or not a text")
    valid_from = _times(credential.valid_from, *(method.created for method in credential.proven_by))
    ends = _times(credential.valid_until, *(method.expires for method in credential.proven_by))
    return OpenedList(
        url=url,
        format=name,
        issuer=credential.issuer,
        purposes=_purposes(subject),
        statuses=FORMATS[name].decode(encoded, most_bytes=policy.limits.status_list_bytes),
        valid_from=max(valid_from) - policy.clock_skew if valid_from else None,
        valid_until=min(ends) if ends else None,
        ttl=duration(subject["ttl"], timedelta(milliseconds=1), least=0) if "ttl" in subject else None,
        stated_size=_stated_size(subject),
    )


def _times(*texts: str | None) -> list[datetime]:
    return [datetimestamp.parse(text) for text in texts if text is not None]


def _purposes(subject: Mapping[str, Any]) -> frozenset[str]:
    """`statusPurpose`, one text or several."""
    value = subject.get("statusPurpose")
    purposes = value if isinstance(value, list) else [value]
    if not purposes or not all(isinstance(each, str) and each for each in purposes):
        raise StatusVerificationError("statusPurpose of the list is not one text or several")
    return frozenset(purposes)


def duration(value: object, unit: timedelta, *, least: float) -> timedelta:
    """A `ttl` in so many of `unit`, up to `LONGEST_TTL`. Raises `StatusVerificationError` for less than `least`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= least:
        raise StatusVerificationError(f"the ttl of the list is not a number from {least} on")
    return min(value, LONGEST_TTL / unit) * unit


def _stated_size(subject: Mapping[str, Any]) -> int | None:
    """`statusSize` of a list that has one, as drafts of the specification did."""
    size = subject.get("statusSize")
    if size is not None and type(size) is not int:
        raise StatusVerificationError("statusSize of the list is not a number")
    return size

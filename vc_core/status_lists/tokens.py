"""Status List Tokens (draft-ietf-oauth-status-list, section 5), as JWT and as CWT."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from did import Resolver
from did.errors import shown
from status import FORMATS, OpenedList, StatusVerificationError
from vc_core.errors import ParsingError, ProofVerificationError, VCError
from vc_core.limits import Limits
from vc_core.policy import Policy
from vc_core.proofs import resolve_url
from vc_core.securing.cose.cwt import read_cwt, type_of
from vc_core.securing.jose import KeyPlace, claims_set, key_place, read_jws, signed_data
from vc_core.securing.jwt import numeric_date
from vc_core.securing.signed_data import SignedData, check
from vc_core.status_lists.credentials import duration

JWT_TYPE: Final = "statuslist+jwt"
CWT_TYPE: Final = "application/statuslist+cwt"

CWT_CLAIMS: Final[Mapping[int, str]] = MappingProxyType(
    {1: "iss", 2: "sub", 4: "exp", 5: "nbf", 6: "iat", 65533: "status_list", 65534: "ttl", 65535: "status"}
)
"""The claims that are read, by their labels in a CWT (RFC 8392, section 3.1; Token Status List, section 14.3)."""

COSE: Final = (b"\xd2", b"\x84")
"""How a COSE_Sign1 message begins: its tag, or an array of four."""
INSTANT: Final = timedelta(microseconds=1)
"""From the last moment of a token to its `exp`, from which on it is not to be accepted (RFC 7519, section 4.1.4)."""


class _ListToken(NamedTuple):
    """A token, read strictly; nothing in it is trusted until `signed` holds under the key at `place`."""

    claims: Mapping[str, Any]
    place: KeyPlace
    signed: SignedData


def is_list_token(data: bytes, *, limits: Limits) -> bool:
    """Whether the bytes say of themselves that they are a Status List Token, whatever is wrong with them."""
    try:
        if data.startswith(COSE):
            return type_of(data, limits=limits) == CWT_TYPE
        return b"~" not in data[: limits.token_header_bytes] and _is_type(read_jws(data, limits=limits).header)
    except VCError:
        return False


def list_in_token(data: bytes, *, url: str, resolver: Resolver, policy: Policy, now: datetime) -> OpenedList:
    """The list in the Status List Token that was served at `url`, its signature verified (section 8.3).

    Its issuer is the controller of the key; a claim `iss` has to say the same. Raises `VCError`, where the signature
    cannot be shown to hold, and `StatusVerificationError`, where it is not the list of that URL, or no list.
    """
    token = _read_cwt(data, policy.limits) if data.startswith(COSE) else _read_jwt(data, policy.limits)
    _check_signature(token, resolver=resolver, policy=policy, now=now)
    claims = token.claims
    if "status" in claims:
        raise StatusVerificationError("the status list has a status of its own")
    if claims.get("sub") != url:
        raise StatusVerificationError(f"what is served there is {shown(claims.get('sub'))}, not the list of that URL")
    if "iat" not in claims:
        raise StatusVerificationError("the claim 'iat' of the status list is missing")
    beginnings = [_time(claims, name) for name in ("iat", "nbf") if name in claims]
    layout, listed = FORMATS["token"], claims.get("status_list")
    if not isinstance(listed, dict) or type(size := listed.get("bits")) is not int:
        raise StatusVerificationError("the claim 'status_list' is missing, or does not say how many bits a value has")
    encoded = listed.get("lst")
    if not isinstance(encoded, bytes if data.startswith(COSE) else str):
        raise StatusVerificationError("'lst' of the status list is missing, or not of its type")
    return OpenedList(
        url=url,
        format=layout.name,
        issuer=token.place.controller,
        purposes=frozenset(),
        statuses=layout.decode(encoded, size=size, most_bytes=policy.limits.status_list_bytes),
        valid_from=max(beginnings) - policy.clock_skew,
        valid_until=_time(claims, "exp") - INSTANT if "exp" in claims else None,
        ttl=duration(claims["ttl"], timedelta(seconds=1), least=1) if "ttl" in claims else None,
    )


def _read_jwt(data: bytes, limits: Limits) -> _ListToken:
    jws = read_jws(data, limits=limits)
    claims = claims_set(jws.payload, limits=limits)
    place = key_place(jws.header, claims)
    return _ListToken(claims, place, signed_data(jws, place.url))


def _read_cwt(data: bytes, limits: Limits) -> _ListToken:
    cwt = read_cwt(data, typ=CWT_TYPE, limits=limits)
    claims = {name: cwt.claims[label] for label, name in CWT_CLAIMS.items() if label in cwt.claims}
    return _ListToken(claims, cwt.place, cwt.signed)


def _is_type(header: Mapping[str, Any]) -> bool:
    typ = header.get("typ")
    return isinstance(typ, str) and typ.lower().removeprefix("application/") == JWT_TYPE


def _check_signature(token: _ListToken, *, resolver: Resolver, policy: Policy, now: datetime) -> None:
    """Returns if the key that the token names made its signature, and is one of the issuer that it names."""
    place = token.place
    if token.claims.get("iss", place.controller) != place.controller:
        detail = f"the key is one of {shown(place.controller)}, not of the issuer {shown(token.claims['iss'])}"
        raise ProofVerificationError(detail, code="ISSUER_MISMATCH")
    kid = place.kid if place.kid != place.url else None
    method = resolve_url(place.url, purpose="assertionMethod", at="", resolver=resolver, now=now, kid=kid)
    check(token.signed, method.public_key, algorithms=policy.algorithms)


def _time(claims: Mapping[str, Any], name: str) -> datetime:
    try:
        return numeric_date(claims[name])
    except ParsingError as error:
        raise StatusVerificationError(f"the claim '{name}' of the status list: {error.detail}") from error

"""The rules of the European Blockchain Services Infrastructure for tokens of the data model 1.1.

They come on top of those for every token: more is required, in one form only. A claim that is zero or empty counts as
missing. What needs a registry, a schema or the expectations of a verifier is checked elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from did import DIDURL, DIDError
from vc_core import datetimestamp
from vc_core.document import Json
from vc_core.errors import ParsingError
from vc_core.result import Problem
from vc_core.securing.token import Token

ALGORITHMS: Final = frozenset({"ES256", "ES256K", "EdDSA", "Ed25519"})
"""The values of `alg` that are accepted."""

_V1: Final = "https://www.w3.org/2018/credentials/v1"
_REQUIRED: Final = (
    *("@context", "id", "type", "issuer", "issuanceDate", "issued", "validFrom"),
    *("credentialSubject", "credentialSchema"),
)
_REQUIRED_OF_PRESENTATION: Final = ("@context", "type", "holder", "verifiableCredential")
_DATES: Final = ("issuanceDate", "issued", "validFrom", "validUntil", "expirationDate")
_MILLISECONDS: Final = 10**11
"""From here on a number of seconds is taken for one of milliseconds, and refused."""


def problems_of_header(token: Token) -> Iterator[Problem]:
    """`typ` is exactly `JWT`, `alg` one of `ALGORITHMS`, and `kid` an absolute DID URL whose DID is the claim `iss`.

    That it has a fragment is a rule for every token.
    """
    if token.header.get("typ") != "JWT":
        yield Problem("TOKEN_TYPE_ERROR", "the header parameter 'typ' is not 'JWT'")
    if token.header.get("alg") not in ALGORITHMS:
        yield Problem("TOKEN_HEADER_ERROR", f"the header parameter 'alg' is none of {', '.join(sorted(ALGORITHMS))}")
    try:
        kid = DIDURL.parse(token.kid)
    except DIDError:
        yield Problem("TOKEN_HEADER_ERROR", "the header parameter 'kid' is not an absolute DID URL")
        return
    if kid.did != token.payload.get("iss"):
        yield _problem("the claim 'iss' is not the DID of the header parameter 'kid'", "/iss")


def identifiers_of(subject: Json) -> list[Json]:
    """The identifiers of the subjects that have one."""
    subjects = subject if isinstance(subject, list) else [subject]
    return [each["id"] for each in subjects if isinstance(each, dict) and "id" in each]


def is_seconds(value: Json) -> bool:
    """Whether this is a number, and not zero, which would count as missing."""
    return isinstance(value, int | float) and value is not True and bool(value)


def _problems_of_attestation(payload: dict[str, Json], credential: dict[str, Json]) -> Iterator[Problem]:
    yield from _missing_claims(payload, ("iss", "jti"))
    yield from _missing_members(credential, _REQUIRED, "/vc")
    yield from _problems_of_types(credential, "VerifiableCredential", "/vc")
    types = credential.get("type")
    if not isinstance(types, list) or "VerifiableAttestation" not in types:
        yield _problem("the types do not include VerifiableAttestation", "/vc/type")
    times = ("iat", "nbf", "exp") if "expirationDate" in credential else ("iat", "nbf")
    for name in times:
        if not is_seconds(payload.get(name)):
            yield _problem(f"the claim '{name}' is missing, zero, or not a number", f"/{name}")
    for name in _DATES:
        if name in credential and not _is_date(credential[name]):
            yield _problem(f"{name} is not a date and time", f"/vc/{name}")
    if credential.get("validFrom") != credential.get("issuanceDate"):
        yield _problem("validFrom and issuanceDate are not the same text", "/vc/validFrom")
    identifiers = identifiers_of(credential.get("credentialSubject"))
    if bool(payload.get("sub")) != bool(identifiers):
        yield _problem("the claim 'sub' is there if, and only if, a subject has an identifier", "/sub")


def _problems_of_presentation(payload: dict[str, Json], presentation: dict[str, Json]) -> Iterator[Problem]:
    yield from _missing_claims(payload, ("iss", "sub", "aud", *(("jti",) if "jti" in payload else ())))
    yield from _missing_members(presentation, _REQUIRED_OF_PRESENTATION, "/vp")
    yield from _problems_of_types(presentation, "VerifiablePresentation", "/vp")
    if payload.get("sub") != payload.get("iss"):
        yield _problem("the claim 'sub' is not the claim 'iss'", "/sub")
    if not isinstance(payload.get("aud"), str):
        yield _problem("the claim 'aud' is not one text", "/aud")
    if not isinstance(presentation.get("holder"), str):
        yield _problem("the holder is not a text", "/vp/holder")
    if "jti" in payload and payload["jti"] != presentation.get("id"):
        yield _problem("the claim 'jti' is not the id of the presentation", "/jti")
    times = [payload.get(name) for name in ("iat", "nbf", "exp")]
    for name, value in zip(("iat", "nbf", "exp"), times, strict=True):
        if type(value) is not int or not 0 < value < _MILLISECONDS:
            yield _problem(f"the claim '{name}' is not a whole number of seconds", f"/{name}")
    _, begin, end = times
    if isinstance(begin, int) and isinstance(end, int) and begin > end:
        yield _problem("the presentation ends before it begins", "/exp")
    credentials = presentation.get("verifiableCredential")
    if not isinstance(credentials, list) or not all(isinstance(each, str) for each in credentials):
        yield _problem("the credentials are not a list of tokens", "/vp/verifiableCredential")


RULES: Final[Mapping[str, Callable[[dict[str, Json], dict[str, Json]], Iterator[Problem]]]] = MappingProxyType(
    {"jwt_vc": _problems_of_attestation, "jwt_vp": _problems_of_presentation}
)
"""What each kind of token has to say, given its payload and the document in it."""


def _problem(detail: str, at: str) -> Problem:
    return Problem("TOKEN_CLAIMS_ERROR", detail, at)


def _missing_claims(payload: dict[str, Json], names: tuple[str, ...]) -> Iterator[Problem]:
    for name in names:
        if not payload.get(name):
            yield _problem(f"the claim '{name}' is missing, or empty", f"/{name}")


def _missing_members(document: dict[str, Json], names: tuple[str, ...], at: str) -> Iterator[Problem]:
    for name in names:
        if name not in document:
            yield _problem(f"{name} is missing", f"{at}/{name}")


def _problems_of_types(document: dict[str, Json], first_type: str, at: str) -> Iterator[Problem]:
    """The first context and the first type are those of the data model 1.1."""
    for name, first in (("@context", _V1), ("type", first_type)):
        values = document.get(name)
        if not isinstance(values, list) or values[:1] != [first]:
            yield _problem(f"{name} is not a list that begins with {first}", f"{at}/{name}")


def _is_date(value: Json) -> bool:
    try:
        return isinstance(value, str) and bool(datetimestamp.parse(value))
    except ParsingError:
        return False

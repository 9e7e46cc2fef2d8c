"""Four kinds of tokens, told apart by their protected header, and what each of them secures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from did.errors import shown
from vc_core import datetimestamp
from vc_core.document import Json
from vc_core.errors import ParsingError, ProofVerificationError
from vc_core.limits import Limits
from vc_core.securing.jose import JWS, claims_set, key_place, read_jws, signed_data
from vc_core.securing.jwt import numeric_date
from vc_core.securing.token import Token

_V2: Final = "https://www.w3.org/ns/credentials/v2"


def read(text: bytes, *, limits: Limits) -> Token:
    """The credential or presentation that `text` is, in the compact serialization, of one of the four kinds.

    Nothing in it is trusted yet. Raises `ParsingError`, `LimitExceeded`, or `ProofVerificationError` with code
    TOKEN_TYPE_ERROR for other kinds of tokens (RFC 8725, section 3.11), TOKEN_HEADER_ERROR for a header that is not
    accepted, and TOKEN_CLAIMS_ERROR where the document is not in its place.
    """
    jws = read_jws(text, limits=limits)
    reader = _reader(jws)
    return reader(jws, claims_set(jws.payload, limits=limits))


def of_payload(jws: JWS, payload: dict[str, Json]) -> Token:
    """The same for a token whose payload was read: `payload` are its claims. Raises what `read` raises."""
    return _reader(jws)(jws, payload)


def _reader(jws: JWS) -> Callable[[JWS, dict[str, Json]], Token]:
    typ = jws.header.get("typ", "JWT")
    reader = _READERS.get(_media_type(typ))
    if reader is None:
        raise _type_error(f"a token of the type {shown(typ)} is no credential or presentation")
    return reader


def read_jwt_vc(jws: JWS, *, limits: Limits) -> Token:
    """The token as a credential in the claim `vc` (VCDM 1.1, section 6.3.1, JWT Decoding).

    `Token.claims` is that object; what only the other claims say is put in its place, and replaces nothing.
    """
    return _with_claim(jws, "vc", claims_set(jws.payload, limits=limits))


def read_jwt_vp(jws: JWS, *, limits: Limits) -> Token:
    """The token as a presentation in the claim `vp` (VCDM 1.1, section 6.3.1, JWT Decoding), in the same way."""
    return _with_claim(jws, "vp", claims_set(jws.payload, limits=limits))


def read_enveloping_jwt(jws: JWS, *, limits: Limits) -> Token:
    """The token as a credential (`vc+jwt`) or presentation (`vp+jwt`) that is the payload (VC-JOSE-COSE, section 3.1).

    `cty` has to be `vc` or `vp`, if it is there; the claims `vc` and `vp` must not be.
    """
    return _read_enveloping(jws, claims_set(jws.payload, limits=limits))


def _read_enveloping(jws: JWS, payload: dict[str, Json]) -> Token:
    kind = _ENVELOPING.get(_media_type(jws.header.get("typ")))
    if kind is None:
        raise _type_error(f"the token is of the type {shown(jws.header.get('typ'))}, neither 'vc+jwt' nor 'vp+jwt'")
    if "cty" in jws.header and _media_type(jws.header["cty"]) != kind[:2]:
        raise _type_error(f"the content of a token of the type {kind} is {kind[:2]}, not {shown(jws.header['cty'])}")
    for name in ("vc", "vp"):
        if name in payload:
            raise _claims_error(f"a token of the type {kind} has no claim '{name}'", f"/{name}")
    return _token(kind, jws, payload, payload)


def _read_jwt(jws: JWS, payload: dict[str, Json]) -> Token:
    found = [name for name in ("vc", "vp") if name in payload]
    if len(found) != 1:
        raise _type_error("a token of the type JWT has either a claim 'vc' or a claim 'vp'; this one does not")
    return _with_claim(jws, found[0], payload)


_ENVELOPING: Final[Mapping[str, str]] = MappingProxyType(
    {"vc+jwt": "vc+jwt", "vp+jwt": "vp+jwt", "vc+ld+jwt": "vc+jwt", "vp+ld+jwt": "vp+jwt"}
)
"""The kind by the header parameter `typ`; the names with `+ld` are those of older drafts."""
_AS_THEY_ARE: Final = frozenset({"vc", "vp", "vc+jwt", "vp+jwt"})
"""The names that nearly all tokens have."""
_READERS: Final[Mapping[str, Callable[[JWS, dict[str, Json]], Token]]] = MappingProxyType(
    {"jwt": _read_jwt, **dict.fromkeys(_ENVELOPING, _read_enveloping)}
)


def _media_type(value: Json) -> str:
    """The media type without its `application/`, which may be left out (RFC 7515, section 4.1.9), in lower case."""
    if not isinstance(value, str):
        return ""
    return value if value in _AS_THEY_ARE else value.lower().removeprefix("application/")


def _with_claim(jws: JWS, name: str, payload: dict[str, Json]) -> Token:
    if _media_type(jws.header.get("typ", "JWT")) != "jwt":
        raise _type_error(f"a token of the type {shown(jws.header['typ'])} holds nothing in a claim '{name}'")
    document = payload.get(name)
    if not isinstance(document, dict) or ("vp" if name == "vc" else "vc") in payload:
        raise _claims_error(f"the claim '{name}' is not an object, or not the only one of its kind", f"/{name}")
    said = _said_of_credential(payload, document) if name == "vc" else _said_of_presentation(payload, document)
    return _token(f"jwt_{name}", jws, payload, {**document, **said} if said else document)


def _said_of_credential(payload: dict[str, Json], credential: dict[str, Json]) -> dict[str, Json]:
    """The members that only the claims of the token have."""
    said: dict[str, Json] = {}
    issuer, subject = credential.get("issuer", {}), credential.get("credentialSubject", {})
    if isinstance(payload.get("iss"), str) and isinstance(issuer, dict) and "id" not in issuer:
        said["issuer"] = {"id": payload["iss"], **issuer} if issuer else payload["iss"]
    if isinstance(payload.get("sub"), str):
        one = subject[0] if isinstance(subject, list) and len(subject) == 1 else subject
        if isinstance(one, dict) and "id" not in one:
            identified: Json = {"id": payload["sub"], **one}
            said["credentialSubject"] = [identified] if isinstance(subject, list) else identified
    if "id" not in credential and isinstance(payload.get("jti"), str):
        said["id"] = payload["jti"]
    contexts = credential.get("@context")
    if not (isinstance(contexts, list) and _V2 in contexts):  # it has no such members
        for claim, name in (("nbf", "issuanceDate"), ("exp", "expirationDate")):
            if name not in credential and claim in payload:
                said |= _date(name, payload[claim])
    return said


def _said_of_presentation(payload: dict[str, Json], presentation: dict[str, Json]) -> dict[str, Json]:
    said: dict[str, Json] = {}
    for claim, name in (("iss", "holder"), ("jti", "id")):
        if name not in presentation and isinstance(payload.get(claim), str):
            said[name] = payload[claim]
    return said


def _date(name: str, value: Json) -> dict[str, Json]:
    """The member with a dateTimeStamp; none for what is no NumericDate, which the check of times refuses."""
    try:
        return {name: datetimestamp.text(numeric_date(value))}
    except ParsingError:
        return {}


def _token(kind: str, jws: JWS, payload: dict[str, Json], claims: dict[str, Json]) -> Token:
    place = key_place(jws.header, payload)
    purpose = "authentication" if "vp" in kind else "assertionMethod"
    signed = signed_data(jws, place.url)
    return Token(kind, jws.header, payload, claims, signed, place.controller, place.kid, purpose, None, jws.payload)


def _type_error(detail: str) -> ProofVerificationError:
    return ProofVerificationError(detail, code="TOKEN_TYPE_ERROR")


def _claims_error(detail: str, at: str) -> ProofVerificationError:
    return ProofVerificationError(detail, code="TOKEN_CLAIMS_ERROR", at=at)

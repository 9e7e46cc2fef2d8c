"""An SD-JWT as a token: which kind it is, what it says, and what has to hold for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from did.errors import shown
from vc_core.document import Json
from vc_core.errors import ProofVerificationError
from vc_core.limits import Limits
from vc_core.securing import jose
from vc_core.securing.sd_jwt.disclosure import digest, disclosure_error, hash_algorithm_of
from vc_core.securing.sd_jwt.paths import Path
from vc_core.securing.sd_jwt.processing import process
from vc_core.securing.sd_jwt.sd_jwt_vc import NEVER_HIDDEN
from vc_core.securing.sd_jwt.serialization import SDJWT, read_sd_jwt
from vc_core.securing.token import KeyBinding, Token

_W3C: Final = ("vc+sd-jwt", "vc+ld+json+sd-jwt")
_W3C_PRESENTATIONS: Final = ("vp+sd-jwt", "vp+ld+json+sd-jwt")
_KEY_OF_HOLDER: Final = "cnf"
"""In place of the URL of a key: the key of a key-binding JWT is the one that the claim of this name holds."""


class Processed(NamedTuple):
    """An SD-JWT whose disclosures have been put in place; `disclosed` says where the claim of each stands.

    Of the claims at the top, `signed_claims` are the names of those in the issuer-signed JWT itself, `partly_hidden` of
    those with digests in them, `incomplete` of arrays with digests among their elements. The key binding, if there is
    one, is read and not judged.
    """

    jws: jose.JWS
    claims: dict[str, Json]
    disclosed: tuple[Path, ...]
    signed_claims: frozenset[str]
    partly_hidden: frozenset[str]
    incomplete: frozenset[str]
    hash_algorithm: str
    key_binding: KeyBinding | None


def processed(sd_jwt: SDJWT, *, limits: Limits) -> Processed:
    """The claims of the SD-JWT (RFC 9901, section 7.1, without the signature and what claims mean).

    Raises what `vc_core.securing.jose.read_jws` and `vc_core.securing.sd_jwt.processing.process` raise.
    """
    jws = jose.read_jws(sd_jwt.jwt, limits=limits)
    payload = jose.claims_set(jws.payload, limits=limits)
    signed_claims, hash_algorithm = frozenset(payload), hash_algorithm_of(payload)
    found = process(payload, sd_jwt.disclosures, limits=limits)
    return Processed(
        jws,
        found.claims,
        found.disclosed,
        signed_claims,
        found.partly_hidden,
        found.incomplete,
        hash_algorithm,
        _key_binding(sd_jwt, hash_algorithm, limits),
    )


def read(data: bytes, *, limits: Limits) -> Token:
    """The token that `data` is, an SD-JWT VC or a W3C credential or presentation, in any serialization.

    Its kind, `securing`, is "dc+sd-jwt", "vc+sd-jwt" or "vp+sd-jwt", as the header parameter `typ` says. For
    "vc+sd-jwt" the signed payload decides: with `vct` it is an SD-JWT VC from before the type was renamed, with
    `@context` a W3C credential, and with both or neither nothing. Nothing of the claims that control the validity of a
    token is hidden, whether it was disclosed or not (RFC 9901, section 9.7; SD-JWT VC, section 2.2.2.2).

    Raises `ProofVerificationError` with code TOKEN_TYPE_ERROR, TOKEN_HEADER_ERROR, TOKEN_CLAIMS_ERROR or
    DISCLOSURE_ERROR; and `ParsingError` or `LimitExceeded`. No signature is checked, neither the issuer's nor that of
    a key binding.
    """
    sd_jwt = read_sd_jwt(data, limits=limits)
    token = processed(sd_jwt, limits=limits)
    securing = _kind(token.jws.header, token.signed_claims)
    if securing != "dc+sd-jwt":
        _check_enveloping(securing, token)
    _check_hidden(securing, token)
    place = jose.key_place(token.jws.header, token.claims)
    return Token(
        securing=securing,
        header=token.jws.header,
        payload=token.claims,
        claims=token.claims,
        signed=jose.signed_data(token.jws, place.url),
        controller=place.controller,
        kid=place.kid,
        purpose="authentication" if securing == "vp+sd-jwt" else "assertionMethod",
        key_binding=token.key_binding,
        text=b"" if sd_jwt.disclosures else token.jws.payload,
        disclosed=token.disclosed,
    )


def _check_hidden(securing: str, token: Processed) -> None:
    """Nothing is hidden of what controls the validity, and no subject of several: whoever shows the token chooses."""
    hidden = (token.claims.keys() - token.signed_claims) | token.partly_hidden
    if found := NEVER_HIDDEN[securing] & hidden:
        raise disclosure_error(f"the claim {min(found)} may not be hidden, neither as a whole nor in part")
    if "credentialSubject" in token.incomplete:
        raise disclosure_error("one of several subjects may not be hidden")


def _kind(header: Mapping[str, Json], claims: frozenset[str]) -> str:
    typ = header.get("typ")
    name = _media_type(typ)
    if name == "dc+sd-jwt":
        return "dc+sd-jwt"
    if name in _W3C_PRESENTATIONS:
        return "vp+sd-jwt"
    if name not in _W3C:
        raise _type_error(f"the header parameter 'typ' is {shown(typ)}, not that of a credential as an SD-JWT")
    if name == "vc+sd-jwt" and "vct" in claims and "@context" not in claims:
        return "dc+sd-jwt"
    if "@context" in claims and "vct" not in claims:
        return "vc+sd-jwt"
    raise _type_error("a token of type vc+sd-jwt has one of the claims 'vct' and '@context', in the signed payload")


def _check_enveloping(securing: str, token: Processed) -> None:
    """The payload is a document of the W3C data model, and does not hold it in a claim (VC-JOSE-COSE, section 3.2)."""
    content = token.jws.header.get("cty", securing[:2])
    if _media_type(content) != securing[:2]:
        raise _type_error(f"the content of a token of the type {securing} is {securing[:2]}, not {shown(content)}")
    for name in ("vc", "vp"):
        if name in token.claims:
            detail = f"a token of the type {securing} has no claim '{name}'"
            raise ProofVerificationError(detail, code="TOKEN_CLAIMS_ERROR", at=f"/{name}")


def _media_type(value: Json) -> str:
    """The media type without its `application/`, which may be left out (RFC 7515, section 4.1.9), in lower case."""
    return value.lower().removeprefix("application/") if isinstance(value, str) else ""


def _key_binding(sd_jwt: SDJWT, hash_algorithm: str, limits: Limits) -> KeyBinding | None:
    if sd_jwt.kb_jwt is None:
        return None
    jws = jose.read_jws(sd_jwt.kb_jwt, limits=limits)
    return KeyBinding(
        jws.header,
        jose.claims_set(jws.payload, limits=limits),
        jose.signed_data(jws, _KEY_OF_HOLDER),
        digest(sd_jwt.without_key_binding, hash_algorithm),
    )


def _type_error(detail: str) -> ProofVerificationError:
    return ProofVerificationError(detail, code="TOKEN_TYPE_ERROR")

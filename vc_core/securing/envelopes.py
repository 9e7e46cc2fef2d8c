"""The enveloping mechanisms, and how one is recognised from its bytes.

A mechanism is named after its media type (VC-JOSE-COSE 1.0, section 6; SD-JWT VC, section 9), those of the data model
1.1 after the format names in use. Which one a token is of, its own protected header says; no other place does.
"""

from __future__ import annotations

import base64
import binascii
import string
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from did.errors import shown
from vc_core.document import Json, SecuredDocument
from vc_core.errors import ParsingError, ProofVerificationError
from vc_core.limits import Limits
from vc_core.securing import cose, sd_jwt, vc_jwt
from vc_core.securing.token import Token

ENVELOPED_CREDENTIAL: Final = "EnvelopedVerifiableCredential"
ENVELOPED_PRESENTATION: Final = "EnvelopedVerifiablePresentation"

_V2: Final = "https://www.w3.org/ns/credentials/v2"
_COSE: Final = (b"\xd2", b"\x84")
"""How a COSE_Sign1 message begins: its tag, or an array of four."""
_BEGINNINGS: Final = frozenset(bytes([octet]) for octet in (string.ascii_letters + string.digits + "-_").encode())


@dataclass(frozen=True, slots=True)
class Envelope:
    """A kind of token: its name, the data model of what it secures, and whether that is a presentation."""

    name: str
    data_model: Literal["VCDM", "SD-JWT VC"]
    is_presentation: bool = False


ENVELOPES: Final[Mapping[str, Envelope]] = MappingProxyType(
    {
        "jwt_vc": Envelope("jwt_vc", "VCDM"),  # VCDM 1.1, section 6.3.1
        "vc+jwt": Envelope("vc+jwt", "VCDM"),  # VC-JOSE-COSE 1.0, section 3.1
        "vc+sd-jwt": Envelope("vc+sd-jwt", "VCDM"),  # VC-JOSE-COSE 1.0, section 3.2
        "vc+cose": Envelope("vc+cose", "VCDM"),  # VC-JOSE-COSE 1.0, section 3.3
        "dc+sd-jwt": Envelope("dc+sd-jwt", "SD-JWT VC"),  # draft-ietf-oauth-sd-jwt-vc
        "jwt_vp": Envelope("jwt_vp", "VCDM", is_presentation=True),
        "vp+jwt": Envelope("vp+jwt", "VCDM", is_presentation=True),
        "vp+sd-jwt": Envelope("vp+sd-jwt", "VCDM", is_presentation=True),
        "vp+cose": Envelope("vp+cose", "VCDM", is_presentation=True),
    }
)
"""The kinds of tokens that are read. What is not in the table that a policy holds is refused."""

_MEDIA_TYPES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "application/vc+jwt": frozenset({"vc+jwt"}),
        "application/vp+jwt": frozenset({"vp+jwt"}),
        "application/vc+sd-jwt": frozenset({"vc+sd-jwt"}),
        "application/vp+sd-jwt": frozenset({"vp+sd-jwt"}),
        "application/dc+sd-jwt": frozenset({"dc+sd-jwt"}),
        "application/vc+cose": frozenset({"vc+cose"}),
        "application/vp+cose": frozenset({"vp+cose"}),
        "application/jwt": frozenset({"jwt_vc", "jwt_vp", "vc+jwt", "vp+jwt"}),
    }
)
"""Which kinds of tokens a `data:` URL of each media type may hold."""


def is_token(data: bytes) -> bool:
    """Whether the bytes begin as a compact serialization or as COSE, and so are no JSON object."""
    return data[:1] in _BEGINNINGS or data.startswith(_COSE)


def read_token(data: bytes, *, limits: Limits) -> Token:
    """The token in `data`, of one of the `ENVELOPES`; raises `VCError` for anything else."""
    if data.startswith(_COSE):
        return cose.read(data, limits=limits)
    if not is_token(data) or b"~" in data:
        return sd_jwt.read(data, limits=limits)
    return vc_jwt.read(data, limits=limits)


def read(data: bytes, enveloped: str, *, limits: Limits) -> tuple[Token | None, SecuredDocument | None]:
    """One of two: the token that `data` is, or that an object of the type `enveloped` holds; or a document without one.

    A token may be in a compact serialization, in JWS JSON serialization, or in COSE. Raises `VCError`.
    """
    if is_token(data):
        return read_token(data, limits=limits), None
    document = SecuredDocument.read(data, limits=limits)
    if is_enveloped(document.tree, enveloped):
        token = read_enveloped(document.tree, limits=limits)
        if ENVELOPES[token.securing].is_presentation is not (enveloped == ENVELOPED_PRESENTATION):
            raise ProofVerificationError(
                f"a token of the kind {token.securing} stands in an {enveloped}", at="/id", code="TOKEN_TYPE_ERROR"
            )
        return token, None
    if "payload" in document.tree and ("signatures" in document.tree or "signature" in document.tree):
        return read_token(data, limits=limits), None
    return None, document


def is_enveloped(tree: Mapping[str, Json], kind: str) -> bool:
    """Whether the object is of the type `kind`, one that holds a token in a `data:` URL (VCDM 2.0, section 4.13)."""
    types = tree.get("type")
    return types == kind or (isinstance(types, list) and kind in types)


def read_enveloped(tree: Mapping[str, Json], *, limits: Limits) -> Token:
    """The token in the `data:` URL that is the `id` of an enveloped credential or presentation.

    The media type has to be that of the token, and the object of the data model 2.0 and of that type alone. Nothing
    else in it is looked at: it is not signed.
    """
    if isinstance(tree.get("type"), list) and len(tree["type"]) != 1:  # type: ignore[arg-type]  # a list has a length
        raise ParsingError("an enveloped document has no other type", at="/type")
    contexts = tree.get("@context")
    if _V2 not in (contexts if isinstance(contexts, list) else [contexts]):
        raise ParsingError("an enveloped document has the context of the data model 2.0", at="/@context")
    url = tree.get("id")
    if not isinstance(url, str) or not url.startswith("data:") or "," not in url:
        raise ParsingError("the id is not a data: URL", at="/id")
    media_type, _, text = url[5:].partition(",")
    media_type, *parameters = media_type.split(";")
    kinds = _MEDIA_TYPES.get(media_type)
    if kinds is None or parameters not in ([], ["base64"]):
        raise ParsingError(f"{shown(media_type)} is no media type of a token that is read", at="/id")
    token = read_token(_octets(text, encoded=bool(parameters)), limits=limits)
    if token.securing not in kinds:
        raise ParsingError(f"the token is of the kind {token.securing}, not {media_type}", at="/id")
    return token


def _octets(text: str, *, encoded: bool) -> bytes:
    """What the URL holds. Base64 may lack its padding and hold white space (Fetch, "data: URLs"; Infra, section 7)."""
    try:
        data = text.encode("ascii")
        if not encoded:
            return data
        data = data.translate(None, b" \t\n\f\r").rstrip(b"=")
        return base64.b64decode(data + b"=" * (-len(data) % 4), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise ParsingError("the data: URL holds no token", at="/id") from error


def data_url(token: bytes, kind: str) -> str:
    """The `data:` URL of a token of that kind; the tokens of the data model 1.1 have only the general media type."""
    if kind in ("jwt_vc", "jwt_vp"):
        kind = "jwt"
    if kind.endswith("+cose"):
        return f"data:application/{kind};base64,{base64.b64encode(token).decode('ascii')}"
    return f"data:application/{kind},{token.decode('ascii')}"

"""The two serializations of an SD-JWT, and of one with key binding (RFC 9901, sections 4 and 8)."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from vc_core.document import Json, read_json, write_json
from vc_core.errors import LimitExceeded, ParsingError, ProofVerificationError
from vc_core.limits import Limits

Form = Literal["compact", "flattened", "general"]

_PARTS: Final = frozenset({"protected", "payload", "signature"})
_FEW: Final = 16
"""Commas of a token in JSON that do not follow a disclosure; there are fewer."""


class SDJWT(NamedTuple):
    """An SD-JWT, taken apart: the issuer-signed JWT, the disclosures as texts, and the key-binding JWT if there is one.

    `form` is the serialization: compact, or the flattened or the general JSON serialization of RFC 7515.
    """

    jwt: bytes
    disclosures: tuple[str, ...] = ()
    kb_jwt: bytes | None = None
    form: Form = "compact"

    @property
    def without_key_binding(self) -> bytes:
        """The compact serialization up to its last tilde, which `sd_hash` is about (section 4.3.1)."""
        return b"~".join((self.jwt, *(text.encode() for text in self.disclosures), b""))

    def write(self) -> bytes:
        """The token in the serialization that `form` names."""
        if self.form == "compact":
            return self.without_key_binding + (self.kb_jwt or b"")
        protected, payload, signature = self.jwt.decode().split(".")
        header: dict[str, Json] = {"disclosures": list(self.disclosures)}
        if self.kb_jwt is not None:
            header["kb_jwt"] = self.kb_jwt.decode()
        signed: dict[str, Json] = {"protected": protected, "signature": signature, "header": header}
        if self.form == "general":
            return write_json({"payload": payload, "signatures": [signed]})
        return write_json({"payload": payload, **signed})


def read_sd_jwt(data: bytes, *, limits: Limits) -> SDJWT:
    """The SD-JWT that `data` is, in any serialization; what its parts are is not looked at yet.

    Of the general JSON serialization, exactly one signature is read. Members and unprotected header parameters other
    than those of RFC 9901 are refused, except a `kid`, which has no meaning there. Raises `ParsingError`;
    `LimitExceeded` with code INPUT_TOO_LARGE, or TOO_MANY_DISCLOSURES for far too many, before the parts are separated;
    and `ProofVerificationError` with code TOKEN_HEADER_ERROR.
    """
    if type(data) is not bytes:
        raise TypeError(f"a token is bytes, not {type(data).__name__}")
    if len(data) > limits.document_bytes:
        raise LimitExceeded(f"larger than {limits.document_bytes} bytes", code="INPUT_TOO_LARGE")
    if data[:64].lstrip(b" \t\r\n").startswith(b"{"):
        return _read_json_serialization(data, limits)
    if data.count(b"~") > limits.disclosures + 1:
        raise _too_many(limits)
    jwt, *disclosures = data.split(b"~")
    if not disclosures:
        raise ParsingError("not an SD-JWT: there is no tilde behind the issuer-signed JWT")
    kb_jwt = disclosures.pop()
    try:
        texts = tuple(text.decode("ascii") for text in disclosures)
    except UnicodeDecodeError as error:
        raise ParsingError("a disclosure is not base64url without padding") from error
    return SDJWT(jwt, texts, kb_jwt or None)


def _read_json_serialization(data: bytes, limits: Limits) -> SDJWT:
    if data.count(b",") > limits.disclosures + _FEW:  # nothing in such a token has a comma but what lists its parts
        raise _too_many(limits)
    tree = read_json(data, limits=limits)
    form: Form = "flattened"
    if isinstance(tree, dict) and "signatures" in tree:
        form = "general"
        match tree:
            case {"payload": payload, "signatures": [dict(signed)], **others} if not others and "payload" not in signed:
                tree = {"payload": payload, **signed}
            case _:
                raise ParsingError("not an SD-JWT: a payload and one signature are all that is read", at="/signatures")
    if not isinstance(tree, dict) or not _PARTS <= tree.keys() <= _PARTS | {"header"}:
        raise ParsingError("not an SD-JWT: its members are payload, protected, signature and header")
    parts = [tree[name] for name in ("protected", "payload", "signature")]
    disclosures, kb_jwt = _unprotected(tree.get("header", {}))
    return SDJWT(".".join(map(_text, parts)).encode(), disclosures, kb_jwt, form)


def _unprotected(header: Json) -> tuple[tuple[str, ...], bytes | None]:
    """The disclosures and the key-binding JWT in an unprotected header."""
    if not isinstance(header, dict):
        raise ParsingError("the unprotected header is not an object", at="/header")
    if not header.keys() <= {"disclosures", "kb_jwt", "kid"}:
        detail = "an unprotected header has no parameters but disclosures, kb_jwt and kid"
        raise ProofVerificationError(detail, code="TOKEN_HEADER_ERROR")
    disclosures = header.get("disclosures", [])
    if not isinstance(disclosures, list):
        raise ParsingError("the disclosures are not an array", at="/header/disclosures")
    return tuple(map(_text, disclosures)), _text(header["kb_jwt"]).encode() if "kb_jwt" in header else None


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise ParsingError("a part of the SD-JWT is not a text")
    return value


def _too_many(limits: Limits) -> LimitExceeded:
    return LimitExceeded(f"more than {limits.disclosures} disclosures", code="TOO_MANY_DISCLOSURES")

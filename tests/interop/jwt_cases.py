"""Tokens that are out of the ordinary, each with a signature that holds over its bytes, and what every side does.

Every difference is pinned, with its reason.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from documents import TERMS, V2
from jwt_sides import NOW, header_of
from token_keys import Key, key_of

from vc_core import ALGORITHMS

_SECOND: Final = int(NOW.timestamp())


@dataclass(frozen=True, slots=True)
class Odd:
    """One token, made for a key, and what the sides do: the code of our refusal, a part of the message of theirs.

    Empty is acceptance. `because` says why the sides differ, where they do.
    """

    name: str
    token: Callable[[], bytes]
    ours: str = ""
    jose: str = ""
    joserfc: str = ""
    because: str = ""
    alg: str = "EdDSA"

    @property
    def key(self) -> Key:
        return key_of(self.alg)


def encode(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def signed(header: bytes, payload: bytes, key: Key) -> bytes:
    """The token of these very bytes, with a signature that holds."""
    signing_input = encode(header) + b"." + encode(payload)
    return signing_input + b"." + encode(signature_of(signing_input, key))


def signature_of(data: bytes, key: Key) -> bytes:
    return ALGORITHMS[key.signer.algorithm].sign(key.private, data)


def claims(key: Key) -> dict[str, Any]:
    """A small credential."""
    return {
        "@context": [V2, TERMS],
        "type": ["VerifiableCredential", "LearningCredential"],
        "issuer": key.did,
        "credentialSubject": {"id": "urn:example:learner", "title": "Ētika"},
    }


def _parts(alg: str = "EdDSA") -> tuple[dict[str, Any], dict[str, Any], Key]:
    key = key_of(alg)
    return {"alg": alg, **header_of(key, "vc+jwt")}, claims(key), key


def _header(of: str = "EdDSA", /, **members: Any) -> Callable[[], bytes]:
    """A token with these header parameters besides, or instead; None leaves one out."""

    def token() -> bytes:
        header, payload, key = _parts(of)
        header = {name: value for name, value in (header | members).items() if value is not None}
        return signed(_json(header), _json(payload), key)

    return token


def _payload(**members: Any) -> Callable[[], bytes]:
    """A token with these claims besides."""

    def token() -> bytes:
        header, payload, key = _parts()
        return signed(_json(header), _json(payload | members), key)

    return token


def _text(change: Callable[[bytes], bytes], *, header: bool = False) -> Callable[[], bytes]:
    """A token whose JSON of the payload, or of the header, was changed as a text, and then signed."""

    def token() -> bytes:
        texts, key = [_json(part) for part in _parts()[:2]], _parts()[2]
        texts[not header] = change(texts[not header])
        return signed(texts[0], texts[1], key)

    return token


def _bytes(change: Callable[[bytes], bytes], alg: str = "EdDSA") -> Callable[[], bytes]:
    """A token that was changed after it was made."""
    return lambda: change(_header(alg)())


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _signing_input(change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    """A token whose first two parts were changed as they are sent, and then signed."""

    def token() -> bytes:
        header, payload, key = _parts()
        signing_input = change(encode(_json(header)) + b"." + encode(_json(payload)))
        return signing_input + b"." + encode(signature_of(signing_input, key))

    return token


def _resigned(change: Callable[[bytes, bytes], bytes], alg: str) -> Callable[[], bytes]:
    """A token with a signature of another form, made of the signing input and the signature."""

    def token() -> bytes:
        signing_input, _, signature = _header(alg)().rpartition(b".")
        octets = base64.urlsafe_b64decode(signature + b"==")
        return signing_input + b"." + encode(change(signing_input, octets))

    return token


_L: Final = 2**252 + 27742317777372353535851937790883648493
_N: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _plus_order(_: bytes, signature: bytes) -> bytes:
    """S + L for S: the same number modulo the order of the group."""
    number = int.from_bytes(signature[32:], "little") + _L
    return signature[:32] + number.to_bytes(32, "little")


def _other_s(_: bytes, signature: bytes) -> bytes:
    """n - s for s, which is a signature as well."""
    return signature[:32] + (_N - int.from_bytes(signature[32:], "big")).to_bytes(32, "big")


def _der(signing_input: bytes, _: bytes) -> bytes:
    handle: ec.EllipticCurvePrivateKey = key_of("ES256").private.handle
    return handle.sign(signing_input, ec.ECDSA(hashes.SHA256()))


def _zero_before(_: bytes, signature: bytes) -> bytes:
    return b"\0" + signature


def _long(signing_input: bytes, _: bytes) -> bytes:
    """r and s with a byte more each."""
    r, s = decode_dss_signature(_der(signing_input, b""))
    return r.to_bytes(33, "big") + s.to_bytes(33, "big")


_SOME_KEY: Final = key_of("EdDSA", "somebody else").public_jwk
_HEADER: Final = "TOKEN_HEADER_ERROR"
_TYPE: Final = "TOKEN_TYPE_ERROR"
_PARSING: Final = "PARSING_ERROR"
_MALFORMED: Final = "MALFORMED_VALUE_ERROR"
_SIGNATURE: Final = "PROOF_VERIFICATION_ERROR"
_CLAIMS: Final = "TOKEN_CLAIMS_ERROR"

_FAILED: Final = "signature verification failed"
_NO_OBJECT: Final = "must be a top-level JSON object"
_NO_PAYLOAD: Final = "invalid_payload"
_NUMBER: Final = "must be a number"
_NUMERIC: Final = "must be a NumericDate"

_NOT_ALLOWED: Final = "not allowed"
_NO_KEY: Final = "a key comes from the issuer's document: a header that brings or names another is refused, not ignored"
_ONE_READING: Final = "one text has one reading: what readers take in different ways is refused (RFC 8725, 2.4 and 3.7)"
_TYPED: Final = "general libraries leave the type to their caller; that of a credential is explicit (RFC 8725, 3.11)"
_CALLER: Final = "general libraries leave it to their caller; a credential says nothing without it"
_OF_CREDENTIALS: Final = "general libraries do not know what a token secures (VC-JOSE-COSE, section 3.1.3)"
_NAMED: Final = "one side takes only header parameters that it was told of; RFC 7515, section 4, lets others be ignored"
_NO_B64: Final = "we do not process RFC 7797, whatever it would say here"
_DATES: Final = "a NumericDate that is no date of ours, before 1970 or after 9999, is refused"

ODD: Final = (
    # header
    Odd("Ed25519 for EdDSA", _header("Ed25519"), alg="Ed25519"),
    Odd("no typ", _header(typ=None), ours=_TYPE, because=_TYPED),
    Odd("typ of a VC-JWT 1.1", _header(typ="JWT"), ours=_TYPE, because=_TYPED),
    Odd("typ in full", _header(typ="application/vc+jwt")),
    Odd("typ in capitals", _header(typ="VC+JWT")),
    Odd("typ of an older draft", _header(typ="vc+ld+jwt", cty=None)),
    Odd("typ of something else", _header(typ="at+jwt"), ours=_TYPE, because=_TYPED),
    Odd(
        "typ that is no text", _header(typ=["vc+jwt"]), ours=_HEADER, joserfc="'typ' in header must be", because=_TYPED
    ),
    Odd("no cty", _header(cty=None)),
    Odd("cty of something else", _header(cty="vp"), ours=_TYPE, because=_TYPED),
    Odd("no kid", _header(kid=None), ours=_HEADER, because=_CALLER),
    Odd("kid without its document", _header(kid="key-1"), ours=_HEADER, because=_CALLER),
    Odd("no algorithm", _header(alg="none"), ours=_HEADER, jose=_NOT_ALLOWED, joserfc=_NOT_ALLOWED),
    Odd("a shared secret", _header(alg="HS256"), ours=_HEADER, jose=_NOT_ALLOWED, joserfc=_NOT_ALLOWED),
    Odd("small letters", _header(alg="eddsa"), ours=_HEADER, jose=_NOT_ALLOWED, joserfc="not supported"),
    Odd("not the key's algorithm", _header(alg="ES256"), ours=_SIGNATURE, jose=_NOT_ALLOWED, joserfc=_NOT_ALLOWED),
    Odd("a key in the header", _header(jwk=_SOME_KEY), ours=_HEADER, because=_NO_KEY),
    Odd("a URL of a key", _header(jku="https://keys.example/"), ours=_HEADER, because=_NO_KEY),
    Odd("a certificate", _header(x5c=["MIIB"]), ours=_HEADER, because=_NO_KEY),
    Odd("a URL of a certificate", _header(x5u="https://keys.example/"), ours=_HEADER, because=_NO_KEY),
    Odd("the hash of a certificate", _header(x5t="abc"), ours=_HEADER, because=_NO_KEY),
    Odd("an unknown parameter", _header(unknown="x"), joserfc="Unsupported {'unknown'}", because=_NAMED),
    Odd(
        "another issuer in the header",
        _header(iss="did:example:1"),
        ours=_CLAIMS,
        joserfc="Unsupported {'iss'}",
        because=_OF_CREDENTIALS,
    ),
    Odd(
        "crit with an unknown parameter",
        _header(crit=["urn:x"], **{"urn:x": 1}),
        ours=_HEADER,
        jose='"urn:x" is not recognized',
        joserfc="Unsupported ['urn:x']",
    ),
    Odd(
        "crit with nothing in it",
        _header(crit=[]),
        ours=_HEADER,
        jose="MUST be an array of non-empty",
        because="an empty list is not allowed there (RFC 7515, section 4.1.11); one side takes it for none",
    ),
    Odd(
        "crit with a claim",
        _header(crit=["exp"], exp=_SECOND + 60),
        ours=_HEADER,
        jose='"exp" is not recognized',
        joserfc="Unsupported ['exp']",
    ),
    Odd("b64 as it is anyway", _header(b64=True, crit=["b64"]), ours=_HEADER, because=_NO_B64),
    Odd("b64 without crit", _header(b64=False), ours=_HEADER, joserfc="Missing critical 'b64'", because=_NO_B64),
    Odd(
        "compression",
        _header(zip="DEF"),
        ours=_HEADER,
        joserfc="Unsupported {'zip'}",
        because="the parameter is one of encryption (RFC 7516); in a signed token readers would ignore or follow it",
    ),
    Odd("white space in the header", _text(lambda text: b" " + text + b"\n", header=True)),
    Odd(
        "a parameter twice",
        _text(lambda text: text[:-1] + b', "alg": "EdDSA"}', header=True),
        ours=_PARSING,
        because=_ONE_READING,
    ),
    Odd(
        "a byte order mark before the header",
        _text(lambda text: b"\xef\xbb\xbf" + text, header=True),
        ours=_PARSING,
        because=_ONE_READING,
    ),
    # payload
    Odd(
        "a claim twice",
        _text(lambda text: text[:-1] + b', "type": ["VerifiableCredential"]}'),
        ours=_PARSING,
        because=_ONE_READING,
    ),
    Odd(
        "a byte order mark before the payload",
        _text(lambda text: b"\xef\xbb\xbf" + text),
        ours=_PARSING,
        because=_ONE_READING,
    ),
    Odd(
        "half a surrogate pair",
        _text(lambda text: text.replace(b"urn:example", b"urn:\\ud800")),
        ours=_PARSING,
        because=_ONE_READING,
    ),
    Odd(
        "bytes that are no UTF-8",
        _text(lambda text: text.replace(b"urn:example", b"urn:\xff")),
        ours=_PARSING,
        jose=_NO_OBJECT,
        joserfc=_NO_PAYLOAD,
    ),
    Odd(
        "not a number",
        _text(lambda text: text[:-1] + b', "exp": NaN}'),
        ours=_PARSING,
        jose=_NO_OBJECT,
        joserfc="'exp' must be a NumericDate",
    ),
    Odd(
        "something behind the payload",
        _text(lambda text: text + b"{}"),
        ours=_PARSING,
        jose=_NO_OBJECT,
        joserfc=_NO_PAYLOAD,
    ),
    Odd("an array", _text(lambda _: b"[]"), ours=_PARSING, jose=_NO_OBJECT, joserfc=_NO_PAYLOAD),
    Odd("a claim vc besides", _payload(vc={}), ours=_CLAIMS, because=_OF_CREDENTIALS),
    Odd("another issuer in iss", _payload(iss="did:example:1"), ours=_CLAIMS, because=_OF_CREDENTIALS),
    Odd(
        "an audience where none is expected",
        _payload(aud="https://verifier.example"),
        ours="INVALID_DOMAIN_ERROR",
        because="what is for somebody is not for one who does not say who they are (RFC 7519, section 4.1.3)",
    ),
    # times
    Odd("exp as a text", _payload(exp=str(_SECOND + 60)), ours=_MALFORMED, jose=_NUMBER, joserfc=_NUMERIC),
    Odd("exp that is true", _payload(exp=True), ours=_MALFORMED, jose=_NUMBER, joserfc=_NUMERIC),
    Odd("exp that is null", _payload(exp=None), ours=_MALFORMED, jose=_NUMBER, joserfc=_NUMERIC),
    Odd("exp with a fraction", _payload(exp=_SECOND + 0.5)),
    Odd("exp far away", _payload(exp=10**15), ours=_MALFORMED, because=_DATES),
    Odd("nbf before 1970", _payload(nbf=-1), ours=_MALFORMED, because=_DATES),
    Odd(
        "iat in the future",
        _payload(iat=_SECOND + 3600),
        ours="NOT_YET_VALID",
        joserfc="issued in the future",
        because="one side looks at iat only where a longest age is asked for",
    ),
    Odd(
        "iat as a text",
        _payload(iat="2025-01-01T00:00:00Z"),
        jose=_NUMBER,
        joserfc=_NUMERIC,
        because="examples that W3C published have it so; in tokens of other kinds we refuse it, too",
    ),
    # the three parts
    Odd(
        "padding",
        _signing_input(lambda text: text + b"="),
        ours=_PARSING,
        joserfc="Invalid payload",
        because=_ONE_READING,
    ),
    Odd(
        "a line break",
        _signing_input(lambda text: text[:-20] + b"\n" + text[-20:]),
        ours=_PARSING,
        joserfc="Invalid payload",
        because=_ONE_READING,
    ),
    Odd(
        "the letters of base64",
        _signing_input(lambda text: text[:-4] + b"4+/4"),
        ours=_PARSING,
        jose="Failed to base64url decode",
        joserfc="Invalid payload",
    ),
    Odd(
        "padding behind the signature",
        _bytes(lambda token: token + b"=="),
        ours=_PARSING,
        joserfc="bad_signature",
        because=_ONE_READING,
    ),
    Odd(
        "spare bits behind the signature",
        _bytes(lambda token: token[:-1] + bytes([token[-1] + 1])),
        ours=_PARSING,
        joserfc="bad_signature",
        because=_ONE_READING,
    ),
    Odd(
        "white space around the token",
        _bytes(lambda token: b" " + token + b"\n"),
        ours=_PARSING,
        jose=_FAILED,
        joserfc="Invalid header",
    ),
    # signatures
    Odd("the other s of ECDSA", _resigned(_other_s, "ES256"), alg="ES256"),
    Odd("ECDSA in DER", _resigned(_der, "ES256"), ours=_SIGNATURE, jose=_FAILED, joserfc="bad", alg="ES256"),
    Odd("longer r and s", _resigned(_long, "ES256"), ours=_SIGNATURE, jose=_FAILED, joserfc="bad", alg="ES256"),
    Odd("S + L in Ed25519", _resigned(_plus_order, "EdDSA"), ours=_SIGNATURE, jose=_FAILED, joserfc="bad"),
    Odd("longer RSA", _resigned(_zero_before, "RS256"), ours=_SIGNATURE, jose=_FAILED, joserfc="bad", alg="RS256"),
)

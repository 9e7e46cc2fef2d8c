"""Credentials as COSE_Sign1 messages."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, Final

import cbor2

from vectors.making.case import Case
from vectors.making.credentials import V1, V2, Claims, accepting, small, text
from vectors.making.keys import did_of, method_of
from vectors.making.messages import (
    ALG,
    CONTENT_TYPE,
    CWT_CLAIMS,
    EXP,
    IAT,
    ISS,
    KID,
    NBF,
    NONCE,
    TAG,
    TYP,
    header,
    message,
    with_payload,
    with_signature,
)
from vectors.making.signing import seconds, without

_ISSUER: Final = did_of("issuer", "Ed25519")
_CLAIMS: Final = small(_ISSUER)
_HEADER: Final = "TOKEN_HEADER_ERROR"
_TYPE: Final = "TOKEN_TYPE_ERROR"
_PARSING: Final = "PARSING_ERROR"
_FAILED: Final = "PROOF_VERIFICATION_ERROR"


def cases() -> Iterator[Case]:
    """The cases about COSE."""
    yield from _accepted()
    yield from _algorithms()
    yield from _signatures()
    yield from _types()
    yield from _headers()
    yield from _bytes()
    yield from _payloads()
    yield from _cwt_claims()
    yield from _enveloped()


def _case(name: str, title: str, document: bytes, *codes: str, **members: Any) -> Case:
    members = {
        "policy": accepting(),
        "reference": "VC-JOSE-COSE 1.0, section 3.3.1",
        "covers": {"envelope": "vc+cose"},
    } | members
    return Case(spec="cose", name=name, title=title, document=document, codes=codes, **members)


def _signed(members: dict[Any, Any] | None = None, **others: Any) -> bytes:
    return message(header("vc+cose", members), _CLAIMS, **others)


def _accepted() -> Iterator[Case]:
    yield _case("accepted", "a credential", _signed())
    yield _case("untagged", "the message has no tag", _signed().removeprefix(TAG), reference="RFC 9052, section 2")
    yield _case("content-type", "the content type is that of a credential", _signed({CONTENT_TYPE: "application/vc"}))
    unknown = _signed({"x": 1, 99: [b"any", {"thing": True}]}, unprotected={98: "any"})
    yield _case(
        "unknown-parameter", "parameters that nobody knows are ignored", unknown, reference="RFC 9052, section 3"
    )


def _algorithms() -> Iterator[Case]:
    for label, algorithm, key_type in (
        (-8, "Ed25519", "Ed25519"),
        (-19, "Ed25519", "Ed25519"),
        (-7, "ES256", "P-256"),
        (-9, "ES256", "P-256"),
        (-35, "ES384", "P-384"),
        (-51, "ES384", "P-384"),
        (-47, "ES256K", "secp256k1"),
    ):
        issuer = did_of("issuer", key_type)
        members = {
            "policy": accepting(issuer),
            "reference": "RFC 9053, section 2; RFC 8812, section 3.2; RFC 9864, section 2",
            "covers": {"envelope": "vc+cose", "algorithm": algorithm, "key": key_type},
        }
        made = message(header("vc+cose", {ALG: label}, key_type=key_type), small(issuer), key_type=key_type)
        yield _case(f"alg{label}", f"alg is {label}, {algorithm}", made, **members)
        changed = with_payload(made, small(issuer) | {"name": "Doktora grāds"})
        yield _case(
            f"alg{label}-claim-changed", f"alg is {label}, and a claim was changed", changed, _FAILED, **members
        )
    wrong: dict[str, tuple[str, object]] = {
        "hmac": ("5, of a shared secret", 5),
        "name": ("the JOSE name", "EdDSA"),
        "unknown": ("-65000, of no algorithm", -65000),
        "zero": ("0, which is reserved", 0),
        "null": ("null", None),
    }
    for name, (title, value) in wrong.items():
        yield _case(f"alg-{name}", f"alg is {title}", _signed({ALG: value}), _HEADER, reference="RFC 9052, section 3.1")
    absent = message(without(header("vc+cose"), ALG), _CLAIMS)
    yield _case("alg-absent", "there is no alg", absent, _HEADER, reference="RFC 9052, section 3.1")
    yield _case(
        "alg-of-another-key",
        "alg is that of another type of key",
        _signed({ALG: -7}),
        _FAILED,
        reference="RFC 9053, section 2",
    )


def _signatures() -> Iterator[Case]:
    made = _signed()
    reference = "RFC 9052, section 4.4"
    signature = cbor2.loads(made[1:])[3]
    by_another = _signed(name="stranger")
    yield _case(
        "key-of-another", "somebody else signed under the issuer's name", by_another, _FAILED, reference=reference
    )
    short = with_signature(made, signature[:-1])
    yield _case("signature-short", "the signature is one byte short", short, _FAILED, reference=reference)
    yield _case("signature-empty", "the signature is empty", with_signature(made, b""), _FAILED, reference=reference)
    foreign = message(header("vc+cose", name="stranger"), _CLAIMS, name="stranger")
    yield _case("signed-by-another", "somebody else signed with a key of their own", foreign, "ISSUER_MISMATCH")
    policy = accepting(envelopes=["vc+jwt"])
    yield _case("not-accepted", "the policy accepts other kinds of tokens only", made, _TYPE, policy=policy)


def _types() -> Iterator[Case]:
    reference = "RFC 9596, section 2"
    for name, value in (
        ("short", "vc+cose"),
        ("presentation-of-nothing", "application/vp+jwt"),
        ("cwt", "application/cwt"),
        ("number", 61),
        ("bytes", b"application/vc+cose"),
    ):
        yield _case(f"typ-{name}", f"typ is {value!r}", _signed({TYP: value}), _TYPE, reference=reference)
    absent = message(without(header("vc+cose"), TYP), _CLAIMS)
    yield _case("typ-absent", "there is no typ", absent, _TYPE, reference=reference)
    for name, value in (("of-presentation", "application/vp"), ("json", "application/json"), ("number", 50)):
        made = _signed({CONTENT_TYPE: value})
        yield _case(f"content-type-{name}", f"the content type is {value!r}", made, _TYPE)


def _headers() -> Iterator[Case]:
    """Keys that a message brings, extensions, and parameters that nobody signed."""
    own = {2: [99], 13: b"", 14: {1: "x"}, 32: b"", 33: [b"0"], 34: [-16, b"0"], 35: "https://x.example/c"}
    names = {2: "crit", 13: "kcwt", 14: "kccs", 32: "x5bag", 33: "x5chain", 34: "x5t", 35: "x5u"}
    for label, value in own.items():
        members = {label: value} | ({99: 1} if label == 2 else {})
        yield _case(
            f"header-{names[label]}",
            f"there is a header parameter {names[label]}",
            _signed(members),
            _HEADER,
            reference="RFC 9052, section 3.1" if label == 2 else "RFC 8725, section 3.10; RFC 9360, section 2",
        )
    complete = header("vc+cose")
    for label, name in ((ALG, "alg"), (KID, "kid"), (TYP, "typ")):
        moved = message(without(complete, label), _CLAIMS, unprotected={label: complete[label]})
        yield _case(f"unprotected-{name}", f"{name} is not signed", moved, _HEADER, reference="RFC 9052, section 3")
    both = _signed(unprotected={KID: method_of(did_of("stranger", "Ed25519")).encode()})
    yield _case(
        "unprotected-kid-too",
        "there is another kid, which is not signed",
        both,
        _HEADER,
        reference="RFC 9052, section 3",
    )
    twice = _signed({99: 1}, unprotected={99: 2})
    yield _case(
        "in-both-headers",
        "a parameter that nobody knows is in both headers",
        twice,
        _HEADER,
        reference="RFC 9052, section 3",
    )
    reference = "VC-JOSE-COSE 1.0, section 4.1"
    wrong: dict[str, tuple[str, object]] = {
        "text": ("a text", method_of(_ISSUER)),
        "no-utf-8": ("no UTF-8", b"\xff\xfe"),
        "did": ("a DID without a fragment", _ISSUER.encode()),
        "fragment": ("a fragment, and there is no iss", b"#key-1"),
        "empty": ("empty", b""),
    }
    for name, (title, kid) in wrong.items():
        yield _case(f"kid-{name}", f"kid is {title}", _signed({KID: kid}), _HEADER, reference=reference)
    absent = message(without(complete, KID), _CLAIMS)
    yield _case("kid-absent", "there is no kid", absent, _HEADER, reference=reference)
    fragment = method_of(_ISSUER).partition("#")[2].encode()
    of_iss = _signed({KID: fragment, CWT_CLAIMS: {ISS: _ISSUER}})
    yield _case("kid-of-iss", "kid is a fragment in the document of iss", of_iss, reference=reference)


def _bytes() -> Iterator[Case]:
    """Bytes that not every reader reads alike."""
    made = _signed()
    protected = cbor2.dumps(header("vc+cose"), canonical=True)
    reference = "RFC 9052, section 9"
    twice = bytes([protected[0] + 1]) + protected[1:] + cbor2.dumps(ALG) + cbor2.dumps(-8)
    indefinite = b"\xbf" + protected[1:] + b"\xff"
    tagged = cbor2.dumps(header("vc+cose", {99: cbor2.CBORTag(1, 0)}), canonical=True)
    wrong: dict[str, tuple[str, bytes]] = {
        "label-twice": ("a label stands twice in the header", message(twice, _CLAIMS)),
        "indefinite": ("the header is of indefinite length", message(indefinite, _CLAIMS)),
        "tag": ("a tag stands in the header", message(tagged, _CLAIMS)),
        "header-list": ("the header is a list", message(cbor2.dumps([1, -8]), _CLAIMS)),
        "header-and-more": ("a byte follows the header in its byte string", message(protected + b"\x00", _CLAIMS)),
        "label-float": ("a label is a fraction", message(header("vc+cose", {1.5: 1}), _CLAIMS)),
        "map-in-place-of-bytes": (
            "the protected header is a map and no byte string",
            made.replace(cbor2.dumps(protected), protected, 1),
        ),
        "trailing": ("a byte follows the message", made + b"\x00"),
        "cut": ("the message is one byte short", made[:-1]),
        "three": ("an array of three", TAG + b"\x83" + made[2:]),
        "five": ("an array of five", TAG + b"\x85" + made[2:] + b"\xf6"),
        "tag-of-sign": ("the tag of a message with several signatures", b"\xd8\x62" + made[1:]),
        "tag-of-mac": ("the tag of a message with an authentication code", b"\xd1" + made[1:]),
        "tag-twice": ("the tag stands twice", TAG + made),
        "tag-long": ("the tag is not in its shortest form", b"\xd8\x12" + made[1:]),
        "tag-of-cwt": ("the tag of a CWT before that of the message", b"\xd8\x3d" + made),
        "length-long": ("a length is not in its shortest form", made[:-66] + b"\x59\x00\x40" + made[-64:]),
        "text": ("the message as base64url", base64.urlsafe_b64encode(made)),
    }
    for name, (title, document) in wrong.items():
        yield _case(f"bytes-{name}", title, document, _PARSING, reference=reference)
    large = _signed({99: b"x" * 300})
    limited = accepting(limits={"tokenHeaderBytes": 300})
    too_large = "INPUT_TOO_LARGE"
    yield _case(
        "limit-header",
        "a header larger than the limit",
        large,
        too_large,
        policy=limited,
        reference="RFC 8259, section 9",
    )
    limited = accepting(limits={"documentBytes": len(made) - 1})
    yield _case(
        "limit-message",
        "a message larger than the limit",
        made,
        too_large,
        policy=limited,
        reference="RFC 8259, section 9",
    )


def _payloads() -> Iterator[Case]:
    detached = with_payload(_signed(), None)
    yield _case(
        "payload-detached", "the payload is not in the message", detached, _PARSING, reference="RFC 9052, section 2"
    )
    data = text(_CLAIMS)
    wrong: dict[str, tuple[str, bytes]] = {
        "cbor": ("CBOR", cbor2.dumps(_CLAIMS)),
        "list": ("a list", b"[" + data + b"]"),
        "empty": ("empty", b""),
        "member-twice": ("a document with a member twice", b'{"issuer":"did:example:other",' + data[1:]),
        "byte-order-mark": ("a document behind a byte order mark", b"\xef\xbb\xbf" + data),
    }
    for name, (title, payload) in wrong.items():
        yield _case(f"payload-{name}", f"the payload is {title}", message(header("vc+cose"), payload), _PARSING)
    old = without(_CLAIMS, "name") | {"@context": [V1], "issuanceDate": "2026-01-15T09:30:00Z"}
    version_1 = message(header("vc+cose"), old)
    yield _case("data-model-1", "a credential of the data model 1.1", version_1, "TOKEN_CLAIMS_ERROR")


def _cwt_claims() -> Iterator[Case]:
    """CWT claims stand in the header, the payload being the credential."""
    now = seconds("2026-01-31T12:00:00Z")

    def claims(name: str, title: str, value: object, *codes: str, reference: str = "RFC 9597, section 2") -> Case:
        return _case(f"cwt-{name}", title, _signed({CWT_CLAIMS: value}), *codes, reference=reference)

    yield claims("times", "the signature is in force", {EXP: now + 1000, NBF: now - 1000, IAT: now})
    yield claims("exp", "exp is over", {EXP: now - 60}, "EXPIRED")
    yield claims("nbf", "nbf lies ahead", {NBF: now + 61}, "NOT_YET_VALID")
    yield claims("iat", "iat lies ahead", {IAT: now + 61}, "NOT_YET_VALID")
    yield claims("unknown", "a claim that nobody knows is ignored", {99: "any", "x": 1})
    yield claims("exp-zero", "exp is zero", {EXP: 0}, "MALFORMED_VALUE_ERROR")
    iss = "VC-JOSE-COSE 1.0, section 4.1.2"
    yield claims("iss", "iss is the issuer", {ISS: _ISSUER}, reference=iss)
    other = did_of("stranger", "Ed25519")
    yield claims(
        "iss-differs", "iss is not the issuer, whose key signed", {ISS: other}, "TOKEN_CLAIMS_ERROR", reference=iss
    )
    wrong: dict[str, tuple[str, object]] = {
        "list": ("the claims are a list", [EXP, now]),
        "exp-text": ("exp is a text", {EXP: "2029-01-15T09:30:00Z"}),
        "exp-infinite": ("exp is infinite", {EXP: float("inf")}),
        "iss-bytes": ("iss is a byte string", {ISS: _ISSUER.encode()}),
        "nonce-short": ("the nonce has seven bytes", {NONCE: b"1234567"}),
        "nonce-text": ("the nonce is a text", {NONCE: "12345678"}),
    }
    for name, (title, value) in wrong.items():
        yield claims(name, title, value, _HEADER)


def _enveloped() -> Iterator[Case]:
    reference = "Verifiable Credentials Data Model 2.0, section 4.13.1"

    def enveloped(url: str) -> bytes:
        document: Claims = {"@context": V2, "id": url, "type": "EnvelopedVerifiableCredential"}
        return text(document)

    made = base64.b64encode(_signed()).decode()
    in_base64 = enveloped(f"data:application/vc+cose;base64,{made}")
    yield _case("enveloped", "a message in base64 in its envelope", in_base64, reference=reference)
    plain = enveloped(f"data:application/vc+cose,{made}")
    yield _case(
        "enveloped-plain", "the URL does not say that the message is in base64", plain, _PARSING, reference=reference
    )
    url_safe = base64.urlsafe_b64encode(_signed()).decode()
    other = enveloped(f"data:application/vc+cose;base64,{url_safe}")
    if url_safe == made:
        raise ValueError("the message needs other letters in base64url")
    yield _case("enveloped-base64url", "the message is in base64url", other, _PARSING, reference=reference)

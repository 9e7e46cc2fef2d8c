"""COSE_Sign1 messages: what is read, and every shape that is not.

The messages are built here with cbor2 and cryptography alone, each with a valid signature over what it holds.
"""

from __future__ import annotations

import json
import struct
import sys
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from did import PublicKey
from vc_core import (
    ALGORITHMS,
    LimitExceeded,
    Limits,
    LocalSigner,
    ParsingError,
    ProofGenerationError,
    ProofVerificationError,
    VCError,
)
from vc_core.securing.cose import VCCOSE, VPCOSE, read, sign1
from vc_core.securing.signed_data import check
from vectors.making.credentials import CREATED, version_2
from vectors.making.keys import did_of, private_key, signer_of

LIMITS = Limits()
KID = b"did:example:issuer#key"
CREDENTIAL = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"], "text": "šį €"}
PAYLOAD = json.dumps(CREDENTIAL).encode()
HEADER = {1: -8, 3: "application/vc", 4: KID, 16: "application/vc+cose"}
OF_PRESENTATION = {1: -8, 3: "application/vp", 4: KID, 16: "application/vp+cose"}
KEY = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC_KEY = PublicKey("Ed25519", KEY.public_key().public_bytes_raw())


def message(
    protected: dict[Any, Any] | bytes = HEADER,
    unprotected: object = None,
    payload: object = PAYLOAD,
    *,
    tag: int | None = 18,
    external: bytes = b"",
    more: tuple[object, ...] = (),
) -> bytes:
    header = protected if isinstance(protected, bytes) else cbor2.dumps(protected)
    signature = KEY.sign(cbor2.dumps(["Signature1", header, external, payload]))
    parts = [header, {} if unprotected is None else unprotected, payload, signature, *more]
    return cbor2.dumps(parts if tag is None else cbor2.CBORTag(tag, parts))


def refused(data: bytes, *, limits: Limits = LIMITS) -> VCError:
    with pytest.raises(VCError) as caught:
        read(data, limits=limits)
    assert caught.value.detail.isprintable()
    assert len(caught.value.detail) < 300
    return caught.value


def with_header(**changes: Any) -> bytes:
    """The message with header parameters `_1`, `_4`, ... changed, or gone where the value is None."""
    labels = {int(name[1:]): value for name, value in changes.items()}
    return message({label: value for label, value in {**HEADER, **labels}.items() if value is not None})


# --- what is read


def test_a_credential() -> None:
    token = read(message(), limits=LIMITS)
    check(token.signed, PUBLIC_KEY)
    assert token.claims == CREDENTIAL
    assert token.payload == {}
    assert (token.securing, token.purpose, token.text) == ("vc+cose", "assertionMethod", PAYLOAD)
    assert (token.kid, token.controller) == (KID.decode(), "did:example:issuer")
    assert token.verification_method == KID.decode()
    assert token.header == {
        "alg": "EdDSA",
        "typ": "application/vc+cose",
        "cty": "application/vc",
        "kid": KID.decode(),
    }
    with pytest.raises(TypeError):
        token.header["alg"] = "none"  # type: ignore[index]


def test_a_presentation() -> None:
    cwt_claims = {3: "https://verifier.example", 10: b"n-0S6_WzA2Mj", 6: 1_767_225_600, 4: 1_767_225_900.5}
    token = read(message({**OF_PRESENTATION, 15: cwt_claims}), limits=LIMITS)
    check(token.signed, PUBLIC_KEY)
    assert (token.securing, token.purpose) == ("vp+cose", "authentication")
    assert token.payload == {
        "aud": "https://verifier.example",
        "nonce": "n-0S6_WzA2Mj",
        "iat": 1_767_225_600,
        "exp": 1_767_225_900.5,
    }


@pytest.mark.parametrize(
    ("alg", "name", "key_type", "curve", "hash_function"),
    [
        (-7, "ES256", "P-256", ec.SECP256R1(), hashes.SHA256()),
        (-9, "ESP256", "P-256", ec.SECP256R1(), hashes.SHA256()),
        (-35, "ES384", "P-384", ec.SECP384R1(), hashes.SHA384()),
        (-51, "ESP384", "P-384", ec.SECP384R1(), hashes.SHA384()),
        (-36, "ES512", "P-521", ec.SECP521R1(), hashes.SHA512()),
        (-52, "ESP512", "P-521", ec.SECP521R1(), hashes.SHA512()),
        (-47, "ES256K", "secp256k1", ec.SECP256K1(), hashes.SHA256()),
    ],
)
def test_every_ecdsa(alg: int, name: str, key_type: str, curve: Any, hash_function: Any) -> None:
    key = ec.derive_private_key(0x1234567, curve)
    header, size = cbor2.dumps({**HEADER, 1: alg}), (curve.key_size + 7) // 8
    made = key.sign(cbor2.dumps(["Signature1", header, b"", PAYLOAD]), ec.ECDSA(hash_function))
    signature = b"".join(number.to_bytes(size, "big") for number in decode_dss_signature(made))
    token = read(cbor2.dumps(cbor2.CBORTag(18, [header, {}, PAYLOAD, signature])), limits=LIMITS)
    numbers = key.public_key().public_numbers()
    point = bytes([2 + (numbers.y & 1)]) + numbers.x.to_bytes(size, "big")
    check(token.signed, PublicKey(key_type, point))
    assert token.header["alg"] == name


@pytest.mark.parametrize("alg", [-8, -19])
def test_either_identifier_of_ed25519(alg: int) -> None:
    check(read(with_header(_1=alg), limits=LIMITS).signed, PUBLIC_KEY)


def test_the_tag_and_the_content_type_may_be_left_out() -> None:
    for data in (message(tag=None), with_header(_3=None)):
        check(read(data, limits=LIMITS).signed, PUBLIC_KEY)
    assert "cty" not in read(with_header(_3=None), limits=LIMITS).header


def test_what_is_not_understood_is_ignored() -> None:
    """Section 3.3.3 of VC-JOSE-COSE: also in the unprotected header, and among the CWT claims."""
    header = {
        **HEADER,
        15: {7: b"id", 8: {3: b"key"}, "own": [1], 1000: None, -5: {1: 2}},
        5: b"iv",
        -1: 1.5,
        "x": [None, {"a": b"b"}],
        99: {},
    }
    token = read(message(header, {7: [b"", {}, b"countersignature"], "note": 3}), limits=LIMITS)
    check(token.signed, PUBLIC_KEY)
    assert token.payload == {}
    assert token.header.keys() == {"alg", "typ", "cty", "kid"}


@pytest.mark.parametrize("label", [True, 1.0, "1", "iss"])
def test_what_is_equal_to_a_label_is_none(label: Any) -> None:
    assert read(with_header(_15={label: "did:example:issuer"}), limits=LIMITS).payload == {}


def test_a_fragment_is_completed_by_the_issuer() -> None:
    for kid in (b"key-1", b"#key-1"):
        token = read(with_header(_4=kid, _15={1: "did:web:issuer.example"}), limits=LIMITS)
        assert token.kid == kid.decode()
        assert token.controller == token.payload["iss"] == "did:web:issuer.example"
        assert token.verification_method == "did:web:issuer.example#key-1"


def test_several_audiences_and_a_subject() -> None:
    token = read(with_header(_15={3: ["a", "b"], 2: "did:example:subject", 5: 1}), limits=LIMITS)
    assert token.payload == {"aud": ["a", "b"], "sub": "did:example:subject", "nbf": 1}


# --- what is not read


def part(*, protected: bytes = b"\x40", unprotected: bytes = b"\xa0", payload: bytes = b"\x42{}") -> bytes:
    return b"\xd2\x84" + protected + unprotected + payload + b"\x40"


def head(kind: int, argument: int, size: int = 8) -> bytes:
    """The beginning of a data item that announces `argument`, in `size` bytes (RFC 8949, section 3)."""
    return bytes([kind << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[size]]) + argument.to_bytes(size, "big")


def test_the_parts_that_shapes_are_made_of_are_read() -> None:
    assert sign1.read_sign1(part(), limits=LIMITS).payload == b"{}"


NO_MESSAGE = {
    "nothing": b"",
    "only a tag": b"\xd2",
    "only an array": b"\x84",
    "JSON": PAYLOAD,
    "a token of JOSE": b"eyJhbGciOiJFZERTQSJ9.e30.",
    "a map": cbor2.dumps({0: message()}),
    "an array of three": b"\xd2\x83\x40\xa0\x42{}",
    "an array of five": message(more=(b"",)),
    "COSE_Sign": message(tag=98),
    "COSE_Mac0": message(tag=17),
    "a CWT around it": cbor2.dumps(cbor2.CBORTag(61, cbor2.loads(message(), tag_hook=lambda tag, _: tag))),
    "a self-described message": b"\xd9\xd9\xf7" + message(),
    "a tag in a longer form": b"\xd8\x12" + message()[1:],
    "two tags": b"\xd2" + message(),
    "a byte string around it": cbor2.dumps(message()),
    "an array of indefinite length": b"\xd2\x9f" + message()[2:] + b"\xff",
    "an array in a longer form": b"\xd2\x98\x04" + message()[2:],
    "bytes after the message": message() + b"\x00",
    "two messages": message() * 2,
    "a message that ends early": message()[:-1],
    "a message without its signature": message()[:-66],
    "a header of indefinite length": part(protected=b"\x5f\x41\xa0\xff"),
    "a header in a longer form": part(protected=b"\x58\x01\xa0"),
    "a header that is a text": part(protected=b"\x61\xa0"),
    "a header that is a map": part(protected=b"\xa0"),
    "a header in a header": message(cbor2.dumps(cbor2.dumps(HEADER))),
    "a header that is a list": message(cbor2.dumps([1, -8])),
    "bytes after a header": message(cbor2.dumps(HEADER) + b"\x00"),
    "a header that ends early": message(cbor2.dumps(HEADER)[:-1]),
    "a header map of indefinite length": message(b"\xbf" + cbor2.dumps(HEADER)[1:] + b"\xff"),
    "a text of indefinite length": message(b"\xa1\x01\x7f\x61a\xff"),
    "a label twice": message(b"\xa5\x01\x26" + cbor2.dumps(HEADER)[1:]),
    "a label twice, in two forms": message(b"\xa5\x18\x01\x26" + cbor2.dumps(HEADER)[1:]),
    "a label twice, as integer and as float": message(b"\xa5\xf9\x3c\x00\x26" + cbor2.dumps(HEADER)[1:]),
    "a label twice, as integer and as boolean": message(b"\xa5\xf5\x26" + cbor2.dumps(HEADER)[1:]),
    "a label twice in the CWT claims": message(b"\xa5\x0f\xa2\x01\x61a\x01\x61b" + cbor2.dumps(HEADER)[1:]),
    "a label that is a byte string": message({**HEADER, b"1": 1}),
    "a label that is a list": message(b"\xa5\x81\x01\x00" + cbor2.dumps(HEADER)[1:]),
    "a label that is a float": message({**HEADER, 1.5: 1}),
    "a label that is a boolean": message({**HEADER, False: 1}),
    "a tagged header map": message(b"\xc1" + cbor2.dumps(HEADER)),
    "a tag in a header": message({**HEADER, 99: cbor2.CBORTag(99, 1)}),
    "a date in a header": message({**HEADER, 99: datetime(2026, 1, 1, tzinfo=UTC)}),
    "a large number in a header": message({**HEADER, 99: 2**64}),
    "a shared value in a header": message(b"\xa5\x63abc\xd8\x1c\x81\xd8\x1d\x00" + cbor2.dumps(HEADER)[1:]),
    "a tag in the unprotected header": message(unprotected={99: cbor2.CBORTag(35, "(a+)+$")}),
    "an unprotected header that is a list": message(unprotected=[]),
    "an unprotected header that is a byte string": message(unprotected=b"\xa0"),
    "an unprotected header of indefinite length": part(unprotected=b"\xbf\xff"),
    "a payload apart": message(payload=None),
    "a payload that is a text": message(payload=PAYLOAD.decode()),
    "a payload that is a map": message(payload=CREDENTIAL),
    "a payload of indefinite length": part(payload=b"\x5f\x42{}\xff"),
    "a payload in a longer form": part(payload=b"\x59\x00\x02{}"),
    "a signature that is nil": part()[:-1] + b"\xf6",
    "reserved": b"\xd2\x84\x5c\xa0\x40\x40",
    "nested arrays": b"\xd2" + b"\x84" * (10 * 2**20 - 1),
    "nested arrays in a header": part(protected=cbor2.dumps(b"\xa1\x01" + b"\x81" * 10_000)),
    "nested maps in the unprotected header": part(unprotected=b"\xa1\x01" * 5_000_000),
    "nested tags in the unprotected header": part(unprotected=b"\xa1\x01" + b"\xd8\x63" * 5_000_000),
    **{f"2**{exponent} bytes": b"\xd2\x84" + head(2, 2**exponent) for exponent in (32, 60, 63)},
    **{f"2**{exponent} parameters": b"\xd2\x84\x40" + head(5, 2**exponent) for exponent in (32, 60, 63)},
    **{f"2**{exponent} elements": part(unprotected=b"\xa1\x01" + head(4, 2**exponent)) for exponent in (32, 60)},
    **{f"{size} bytes of a length": b"\xd2\x84" + head(2, 2**60)[:size] for size in range(1, 9)},
}


@pytest.mark.parametrize("shape", NO_MESSAGE)
def test_no_message(shape: str) -> None:
    error = refused(NO_MESSAGE[shape])
    assert type(error) is ParsingError
    assert error.code == "PARSING_ERROR"


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (message(payload=None), "the payload is detached"),
        (message()[:-1], "the signature is cut off"),
        (b"\xd2\x84" + head(2, 2**60), "the protected header is cut off"),
        (PAYLOAD, "it has to be an array of four"),
        (message() + b"\x00", "bytes follow the message"),
    ],
)
def test_what_is_said_of_it(data: bytes, detail: str) -> None:
    assert detail in refused(data).detail


BAD_PAYLOADS = {
    "no JSON": b"credential",
    "an empty payload": b"",
    "a list": b"[]",
    "a member twice": b'{"a":1,"a":2}',
    "a lone surrogate": b'{"a":"\\ud800"}',
    "UTF-16": "{}".encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "NaN": b'{"a":NaN}',
    "CBOR": cbor2.dumps(CREDENTIAL),
}


@pytest.mark.parametrize("shape", BAD_PAYLOADS)
def test_a_payload_that_is_not_strict_json(shape: str) -> None:
    assert refused(message(payload=BAD_PAYLOADS[shape])).code == "PARSING_ERROR"


BAD_HEADERS: dict[str, bytes] = {
    "nothing but a type": message({16: "application/vc+cose"}),
    "no algorithm": with_header(_1=None),
    "an algorithm by name": with_header(_1="EdDSA"),
    "an algorithm as float": with_header(_1=-8.0),
    "none": with_header(_1=0),
    "HMAC": with_header(_1=5),
    "RS256": with_header(_1=-257),
    "Ed448": with_header(_1=-53),
    "crit": with_header(_2=[99]),
    "crit of what is understood": with_header(_2=[1]),
    "an empty crit": with_header(_2=[]),
    "kcwt": with_header(_13=b""),
    "kccs": with_header(_14={}),
    "x5bag": with_header(_32=b"certificate"),
    "x5chain": with_header(_33=[b"certificate"]),
    "x5t": with_header(_34=[-16, b"hash"]),
    "x5u": with_header(_35="https://attacker.example"),
    "no kid": with_header(_4=None),
    "a kid that is a text": with_header(_4=KID.decode()),
    "a kid that is a number": with_header(_4=7),
    "a kid that is not UTF-8": with_header(_4=KID + b"\xff"),
    "an empty kid": with_header(_4=b""),
    "a bare kid without an issuer": with_header(_4=b"73voMXFNmNlOEpuYCSJlh8eN0dscykoO6gBukgRS1uU"),
    "a kid without a fragment": with_header(_4=b"did:example:issuer"),
    "a kid with two fragments": with_header(_4=KID + b"#a"),
    "a kid with a space": with_header(_4=b" " + KID),
    "a kid with a line break": with_header(_4=KID + b"\n"),
    **{
        f"{name} in the unprotected header": message(
            {label: value for label, value in HEADER.items() if label != moved}, {moved: value}
        )
        for name, moved, value in (("alg", 1, -8), ("content type", 3, "application/vc"), ("kid", 4, KID))
    },
    "crit in the unprotected header": message(unprotected={2: [99]}),
    "CWT claims in the unprotected header": message(unprotected={15: {1: "did:example:issuer"}}),
    "typ in the unprotected header": message(unprotected={16: "application/vc+cose"}),
    "x5chain in the unprotected header": message(unprotected={33: b"certificate"}),
    "the same in both headers": message(unprotected=dict(HEADER)),
    "another kid in the unprotected header": message(unprotected={4: b"did:example:other#key"}),
    "an unknown label in both headers": message({**HEADER, "x": 1}, {"x": 2}),
    "CWT claims that are a list": with_header(_15=[]),
    "CWT claims in a byte string": with_header(_15=cbor2.dumps({1: "did:example:issuer"})),
    "an issuer that is no text": with_header(_15={1: b"did:example:issuer"}),
    "a subject that is a list": with_header(_15={2: ["did:example:subject"]}),
    "an empty audience": with_header(_15={3: []}),
    "an audience with a number": with_header(_15={3: ["a", 1]}),
    "a time that is a text": with_header(_15={4: "2026-01-01T00:00:00Z"}),
    "a time that is true": with_header(_15={6: True}),
    "a time that is null": with_header(_15={6: None}),
    "a time that is NaN": with_header(_15={5: float("nan")}),
    "a time that is infinite": with_header(_15={4: float("inf")}),
    "a time beyond what JSON can say": with_header(_15={4: 2**63}),
    "a nonce that is a text": with_header(_15={10: "n-0S6_WzA2Mj"}),
    "a nonce of 7 bytes": with_header(_15={10: bytes(7)}),
    "a nonce of 65 bytes": with_header(_15={10: bytes(65)}),
    "a nonce that is not UTF-8": with_header(_15={10: b"\xff" * 8}),
    "several nonces": with_header(_15={10: [b"n-0S6_WzA2Mj"]}),
}


@pytest.mark.parametrize("shape", BAD_HEADERS)
def test_a_header_that_is_not_accepted(shape: str) -> None:
    error = refused(BAD_HEADERS[shape])
    assert type(error) is ProofVerificationError
    assert error.code == "TOKEN_HEADER_ERROR"


BAD_TYPES = {
    "no header": message(b""),
    "an empty header": message({}),
    "no typ": with_header(_16=None),
    "a typ without application/": with_header(_16="vc+cose"),
    "a typ in capitals": with_header(_16="application/VC+COSE"),
    "a typ with a parameter": with_header(_16="application/vc+cose; v=2"),
    "a typ that is a number": with_header(_16=61),
    "a typ that is a byte string": with_header(_16=b"application/vc+cose"),
    "a CWT": with_header(_16="application/cwt"),
    "a token of JOSE": with_header(_16="application/vc+jwt"),
    "a presentation of a credential": with_header(_16="application/vp+cose"),
    "a content type without application/": with_header(_3="vc"),
    "another content type": with_header(_3="application/vp"),
    "a content type that is a number": with_header(_3=50),
}


@pytest.mark.parametrize("shape", BAD_TYPES)
def test_a_type_that_is_not_accepted(shape: str) -> None:
    error = refused(BAD_TYPES[shape])
    assert type(error) is ProofVerificationError
    assert error.code == "TOKEN_TYPE_ERROR"


def test_limits() -> None:
    data = message()
    for limits, code in (
        (Limits(document_bytes=len(data) - 1), "INPUT_TOO_LARGE"),
        (Limits(token_header_bytes=len(cbor2.dumps(HEADER)) - 1), "INPUT_TOO_LARGE"),
    ):
        error = refused(data, limits=limits)
        assert type(error) is LimitExceeded
        assert error.code == code
    exact = Limits(document_bytes=len(data), token_header_bytes=len(cbor2.dumps(HEADER)))
    assert read(data, limits=exact).claims == CREDENTIAL


@pytest.mark.parametrize("place", ["protected", "unprotected"])
def test_the_size_of_a_header(place: str) -> None:
    def of_size(size: int) -> bytes:
        filler = {99: bytes(size - 3 - 3 - (len(cbor2.dumps(HEADER)) - 1 if place == "protected" else 0))}
        header, other = ({**HEADER, **filler}, {}) if place == "protected" else (HEADER, filler)
        assert len(cbor2.dumps(header if place == "protected" else other)) == size
        return message(header, other)

    assert read(of_size(sign1.LARGEST_HEADER), limits=LIMITS).claims == CREDENTIAL
    for size in (sign1.LARGEST_HEADER + 1, 2 * sign1.LARGEST_HEADER):
        error = refused(of_size(size), limits=Limits(token_header_bytes=2**30))
        assert error.code == "INPUT_TOO_LARGE"


def test_the_depth_of_a_payload() -> None:
    assert refused(message(payload=b'{"a":' * 65 + b"1" + b"}" * 65)).code == "NESTING_TOO_DEEP"


def test_only_bytes_are_read() -> None:
    with pytest.raises(TypeError):
        read(bytearray(message()), limits=LIMITS)  # type: ignore[arg-type]


def test_external_data_are_not_signed_over() -> None:
    token = read(message(external=b"x"), limits=LIMITS)
    with pytest.raises(ProofVerificationError):
        check(token.signed, PUBLIC_KEY)


def test_every_byte_of_the_protected_header_is_signed() -> None:
    """The same parameters in another order are another header."""
    swapped = cbor2.dumps(dict(reversed(HEADER.items())))
    assert read(message(swapped), limits=LIMITS).header == read(message(), limits=LIMITS).header
    moved = message().replace(cbor2.dumps(HEADER), swapped)
    with pytest.raises(ProofVerificationError):
        check(read(moved, limits=LIMITS).signed, PUBLIC_KEY)


class OlderDecoder:
    def __init__(self, fp: object, *, max_depth: int = 400) -> None:
        pass


@pytest.mark.parametrize("installed", [None, SimpleNamespace(CBORDecoder=OlderDecoder)])
def test_without_cbor2(monkeypatch: pytest.MonkeyPatch, installed: Any) -> None:
    data = message()
    sign1._cbor2.cache_clear()
    monkeypatch.setitem(sys.modules, "cbor2", installed)
    error = refused(data)
    assert (error.code, error.missing) == ("MISSING_DEPENDENCY", "vc-core[cose]")
    with pytest.raises(VCError) as caught:
        VCCOSE().secure(credential(), signer=signer_of("issuer", "Ed25519"), created=CREATED)
    assert caught.value.code == "MISSING_DEPENDENCY"
    monkeypatch.undo()
    assert read(data, limits=LIMITS).claims == CREDENTIAL


# --- what is made


def credential(key_type: str = "Ed25519") -> dict[str, Any]:
    claims: dict[str, Any] = version_2(did_of("issuer", key_type))
    return claims


PRESENTATION: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiablePresentation"],
    "holder": did_of("holder", "Ed25519"),
}


def taken_apart(data: bytes) -> tuple[bytes, dict[Any, Any], bytes, bytes]:
    """The protected header as bytes and as a map, the payload and the signature, by cbor2 alone."""
    tag = cbor2.loads(data, tag_hook=lambda tag, _: tag)
    assert tag.tag == 18
    protected, unprotected, payload, signature = tag.value
    assert unprotected == {}
    assert cbor2.dumps(cbor2.loads(protected), canonical=True) == protected
    return protected, cbor2.loads(protected), payload, signature


def test_an_ed25519_credential_for_another_library() -> None:
    claims = credential()
    data = VCCOSE().secure(claims, signer=signer_of("issuer", "Ed25519"), created=CREATED)
    protected, header, payload, signature = taken_apart(data)
    key = ed25519.Ed25519PublicKey.from_public_bytes(private_key("issuer", "Ed25519").public_key.raw)
    key.verify(signature, cbor2.dumps(["Signature1", protected, b"", payload]))
    method = signer_of("issuer", "Ed25519").verification_method.encode()
    cwt_claims = {6: int(CREATED.timestamp())}
    assert header == {1: -8, 3: "application/vc", 4: method, 15: cwt_claims, 16: "application/vc+cose"}
    assert json.loads(payload) == claims


def test_a_p_256_presentation_for_another_library() -> None:
    signer = signer_of("holder", "P-256")
    securing = VPCOSE(nonce="n-0S6_WzA2Mj", audience="https://verifier.example", expires=timedelta(minutes=5))
    data = securing.secure(PRESENTATION, signer=signer, created=CREATED)
    protected, header, payload, signature = taken_apart(data)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), signer.public_key.raw)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    signed = cbor2.dumps(["Signature1", protected, b"", payload])
    key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
    made = int(CREATED.timestamp())
    cwt_claims = {3: "https://verifier.example", 4: made + 300, 6: made, 10: b"n-0S6_WzA2Mj"}
    method = signer.verification_method.encode()
    assert header == {1: -7, 3: "application/vp", 4: method, 15: cwt_claims, 16: "application/vp+cose"}
    assert json.loads(payload) == PRESENTATION


@pytest.mark.parametrize(
    ("key_type", "old", "new"),
    [("Ed25519", -8, -19), ("P-256", -7, -9), ("P-384", -35, -51), ("P-521", -36, -52), ("secp256k1", -47, -47)],
)
def test_identifiers_of_algorithms(key_type: str, old: int, new: int) -> None:
    for securing, alg in ((VCCOSE(), old), (VCCOSE(fully_specified=True), new)):
        signer = signer_of("issuer", key_type)
        data = securing.secure(credential(key_type), signer=signer, created=CREATED)
        assert taken_apart(data)[1][1] == alg
        check(read(data, limits=LIMITS).signed, signer.public_key)


def test_the_end_of_a_signature() -> None:
    end = datetime(2027, 1, 1, 0, 0, 0, 999_999, tzinfo=UTC)
    signer = signer_of("issuer", "Ed25519")
    token = read(VCCOSE(expires=end).secure(credential(), signer=signer, created=CREATED), limits=LIMITS)
    end_of_second = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp())
    assert token.payload == {"exp": end_of_second, "iat": int(CREATED.timestamp())}
    securing = VPCOSE(nonce="n-0S6_WzA2Mj", audience="a", expires=end)
    token = read(securing.secure(PRESENTATION, signer=signer, created=CREATED), limits=LIMITS)
    assert token.payload["exp"] == int(end.timestamp())
    with pytest.raises(ValueError, match="time zone"):
        VCCOSE(expires=end.replace(tzinfo=None)).secure(credential(), signer=signer, created=CREATED)


@pytest.mark.parametrize(("nonce", "audience"), [("1234567", "a"), ("x" * 65, "a"), ("€" * 22, "a"), ("12345678", "")])
def test_a_presentation_needs_a_nonce_and_an_audience(nonce: str, audience: str) -> None:
    with pytest.raises(ValueError, match="nonce of 8 to 64 bytes"):
        VPCOSE(nonce=nonce, audience=audience)


class Lying:
    """A signer that signs something else."""

    algorithm = "Ed25519"

    def __init__(self, **changes: Any) -> None:
        honest = signer_of("issuer", "Ed25519")
        self.verification_method, self.public_key = honest.verification_method, honest.public_key
        self.sign = lambda data: honest.sign(data + b" ")
        for name, value in changes.items():
            setattr(self, name, value)


@pytest.mark.parametrize(
    ("signer", "claims", "code", "at"),
    [
        pytest.param(Lying(), credential(), "PROOF_GENERATION_ERROR", "", id="another signature"),
        pytest.param(Lying(algorithm="ES512"), credential(), "PROOF_GENERATION_ERROR", "", id="another algorithm"),
        pytest.param(
            signer_of("issuer", "Ed25519", "did:example:issuer"), credential(), "TOKEN_HEADER_ERROR", "", id="no key"
        ),
        pytest.param(
            signer_of("issuer", "Ed25519"), {**credential(), "@context": []}, "PROOF_GENERATION_ERROR", "/@context",
            id="no context",
        ),
        pytest.param(
            signer_of("issuer", "Ed25519"),
            {**credential(), "@context": ["https://www.w3.org/2018/credentials/v1"]},
            "PROOF_GENERATION_ERROR",
            "/@context",
            id="data model 1.1",
        ),
    ],
)  # fmt: skip
def test_what_is_not_made(signer: Any, claims: dict[str, Any], code: str, at: str) -> None:
    with pytest.raises(ProofGenerationError) as caught:
        VCCOSE().secure(claims, signer=signer, created=CREATED)
    assert (caught.value.code, caught.value.at) == (code, at)


class Changing(Lying):
    """A signer whose key is another one, once it has signed."""

    def __init__(self) -> None:
        keys = [signer_of(name, "Ed25519").public_key for name in ("holder", "issuer")]
        super().__init__(public_key=None, sign=signer_of("issuer", "Ed25519").sign)
        type(self).public_key = property(lambda _: keys.pop(), lambda _, value: None)


def test_the_message_is_checked_again_as_it_was_read() -> None:
    with pytest.raises(ProofGenerationError, match="does not match"):
        VCCOSE().secure(credential(), signer=Changing(), created=CREATED)


def test_what_json_cannot_say_is_not_made() -> None:
    with pytest.raises(ProofGenerationError, match="does not say"):
        VCCOSE().secure({**credential(), "a": float("nan")}, signer=signer_of("issuer", "Ed25519"), created=CREATED)


def test_algorithms_of_ones_own_table() -> None:
    without = {name: algorithm for name, algorithm in ALGORITHMS.items() if name != "Ed25519"}
    with pytest.raises(ProofGenerationError):
        VCCOSE(algorithms=without).secure(credential(), signer=signer_of("issuer", "Ed25519"), created=CREATED)


def test_a_credential_that_readers_would_refuse_is_not_made() -> None:
    securing = VCCOSE(limits=Limits(document_bytes=100))
    with pytest.raises(ProofGenerationError) as caught:
        securing.secure(credential(), signer=signer_of("issuer", "Ed25519"), created=CREATED)
    assert caught.value.code == "INPUT_TOO_LARGE"


def test_what_the_mechanisms_say_of_themselves() -> None:
    for securing, purpose in (
        (VCCOSE(), "assertionMethod"),
        (VPCOSE(nonce="12345678", audience="a"), "authentication"),
    ):
        assert (securing.data_model, securing.proof_purpose) == ("VCDM", purpose)
        assert securing.transformation.limits == LIMITS
        assert isinstance(signer_of("issuer", "Ed25519"), LocalSigner)


def test_floats_of_every_size_are_numbers() -> None:
    for encoded in (b"\xf9\x3e\x00", b"\xfa" + struct.pack(">f", 1.5), b"\xfb" + struct.pack(">d", 1.5)):
        header = b"\xa5\x0f\xa1\x04" + encoded + cbor2.dumps(HEADER)[1:]
        assert read(message(header), limits=LIMITS).payload == {"exp": 1.5}

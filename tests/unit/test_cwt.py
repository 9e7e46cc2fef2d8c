"""CBOR Web Tokens whose payload is their claims: read strictly, and in few items."""

from __future__ import annotations

from typing import Any

import cbor2
import pytest

from vc_core import LimitExceeded, Limits, ParsingError, ProofGenerationError, ProofVerificationError
from vc_core.securing.cose.cwt import MOST_ITEMS, read_cwt, type_of, write_cwt
from vc_core.securing.signed_data import check
from vectors.making.keys import did_of, method_of, private_key, signer_of
from vectors.making.messages import KID, TYP, header, message
from vectors.making.signing import without

TYPE = "application/example+cwt"
LIMITS = Limits()
CLAIMS = {2: "https://status.example/lists/1", 6: 1_769_850_000, 65533: {"bits": 1, "lst": b"\0" * 5000}}


def of(payload: bytes, protected: dict[Any, Any] | None = None) -> bytes:
    return message(header("example+cwt", protected), payload)


@pytest.mark.parametrize("key_type", ["Ed25519", "P-256", "P-384", "P-521", "secp256k1"])
def test_what_is_written_is_read(key_type: str) -> None:
    data = write_cwt(CLAIMS, typ=TYPE, signer=signer_of("issuer", key_type))
    token = read_cwt(data, typ=TYPE, limits=LIMITS)
    assert token.claims == CLAIMS
    issuer = did_of("issuer", key_type)
    assert (token.place.controller, token.place.url) == (issuer, method_of(issuer))
    check(token.signed, private_key("issuer", key_type).public_key)
    assert type_of(data, limits=LIMITS) == TYPE


def test_no_algorithm_of_cose_for_the_key() -> None:
    with pytest.raises(ProofGenerationError, match="no identifier"):
        write_cwt(CLAIMS, typ=TYPE, signer=signer_of("issuer", "RSA"))


def test_the_type_is_the_one_that_is_expected() -> None:
    for typ in (None, 7, b"x", "example+cwt", "application/other+cwt", [TYPE]):
        with pytest.raises(ProofVerificationError) as raised:
            read_cwt(of(cbor2.dumps(CLAIMS), {TYP: typ}), typ=TYPE, limits=LIMITS)
        assert raised.value.code == "TOKEN_TYPE_ERROR"
    data = message(without(header("example+cwt"), TYP), cbor2.dumps(CLAIMS))
    assert type_of(data, limits=LIMITS) is None
    with pytest.raises(ProofVerificationError):
        read_cwt(data, typ=TYPE, limits=LIMITS)


@pytest.mark.parametrize("kid", [None, 7, "text", b"\xff", b"", b"no url"])
def test_a_key_that_is_not_named_by_a_url(kid: Any) -> None:
    with pytest.raises(ProofVerificationError) as raised:
        read_cwt(of(cbor2.dumps(CLAIMS), {KID: kid}), typ=TYPE, limits=LIMITS)
    assert raised.value.code == "TOKEN_HEADER_ERROR"


def test_the_issuer_completes_a_fragment() -> None:
    data = of(cbor2.dumps({1: "did:web:issuer.example"}), {KID: b"#one"})
    assert read_cwt(data, typ=TYPE, limits=LIMITS).place.url == "did:web:issuer.example#one"
    for issuer in (b"did:web:issuer.example", 7, None, "no url"):
        with pytest.raises(ProofVerificationError):
            read_cwt(of(cbor2.dumps({1: issuer}), {KID: b"#one"}), typ=TYPE, limits=LIMITS)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xa1",
        b"\xa1\x01",
        b"\xa1\x01\x41",
        b"\xa0\x00",
        b"\xbf\xff",
        b"\xa1\x01\x5f\xff",
        b"\xa1\x01\x9f\xff",
        b"\xc0\xa0",
        b"\xa1\x01\xc1\x00",
        b"\xa1\x01\xdb" + b"\xff" * 8 + b"\x00",
        b"\xa2\x01\x00\x01\x00",
        b"\xa1\x41\x01\x00",
        b"\xa1\x80\x00",
        b"\x80",
        b"\x01",
        b"\xf6",
        b"\xbb" + b"\xff" * 8,
        b"\xa1\x01\x9b" + b"\x7f" + b"\xff" * 7,
        b"\xa1\x01\x5b" + b"\x7f" + b"\xff" * 7,
        b"\xa1\x01\xfc",
        b"\xa1\x01\xff",
        b"\xa1\x01\x1c",
    ],
)
def test_claims_that_are_no_map_of_cbor(payload: bytes) -> None:
    with pytest.raises((ParsingError, LimitExceeded)):
        read_cwt(of(payload), typ=TYPE, limits=LIMITS)


def test_items_are_counted_and_bytes_are_not() -> None:
    room = MOST_ITEMS - 1  # the map is one
    within = dict.fromkeys(range(room // 2), 0)
    assert len(read_cwt(of(cbor2.dumps(within)), typ=TYPE, limits=LIMITS).claims) == room // 2
    for claims in (
        dict.fromkeys(range(room // 2 + 1), 0),
        {0: [0] * room},
        {0: dict.fromkeys(range(room // 2), 0)},
    ):
        with pytest.raises(LimitExceeded, match="items"):
            read_cwt(of(cbor2.dumps(claims)), typ=TYPE, limits=LIMITS)
    long = read_cwt(of(cbor2.dumps({0: b"\0" * 1_000_000})), typ=TYPE, limits=LIMITS)
    assert len(long.claims[0]) == 1_000_000


def test_nesting_is_bounded() -> None:
    deep: Any = 0
    for _ in range(LIMITS.depth + 5):
        deep = [deep]
    with pytest.raises(ParsingError):
        read_cwt(of(cbor2.dumps({0: deep})), typ=TYPE, limits=LIMITS)

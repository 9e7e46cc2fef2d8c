"""Whatever the bytes: a token or an error of ours; and what is changed in a message is seen, or says nothing."""

from __future__ import annotations

import json
from typing import Any

import cbor2
from hypothesis import given, settings
from hypothesis import strategies as st

from vc_core import CODES, Limits, ProofVerificationError, VCError
from vc_core.document import read_json
from vc_core.securing.cose import VPCOSE, read
from vc_core.securing.signed_data import check
from vc_core.securing.token import Token
from vectors.making.credentials import CREATED
from vectors.making.keys import signer_of

LIMITS = Limits()
SIGNER = signer_of("holder", "Ed25519")
PRESENTATION: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiablePresentation"],
}
MESSAGE = VPCOSE(nonce="n-0S6_WzA2Mj", audience="https://verifier.example").secure(
    PRESENTATION, signer=SIGNER, created=CREATED
)
TOKEN = read(MESSAGE, limits=LIMITS)
HEADER = cbor2.loads(cbor2.loads(MESSAGE, tag_hook=lambda tag, _: tag).value[0])


def token_of(data: bytes) -> Token | None:
    """The token, if it can be read; else there was an error of ours, with a known code and one printable line."""
    try:
        token = read(data, limits=LIMITS)
    except VCError as error:
        caught = error
    else:
        assert json.dumps([dict(token.header), token.payload, token.claims], allow_nan=False)
        assert token.claims == read_json(token.text, limits=LIMITS)
        return token
    assert caught.code in CODES
    assert caught.detail.isprintable()
    assert len(caught.detail) < 500
    return None


def still_holds(data: bytes) -> bool:
    """Whether the message is valid; if so, it says what it said before."""
    token = token_of(data)
    if token is None:
        return False
    try:
        check(token.signed, SIGNER.public_key)
    except ProofVerificationError:
        return False
    assert token == TOKEN
    return True


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_bytes(data: bytes) -> None:
    for start in (b"", b"\xd2\x84", b"\x84"):
        token_of(start + data)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64 - 1)
    | st.floats()
    | st.text(max_size=8)
    | st.binary(max_size=8)
    | st.sampled_from([*HEADER, *HEADER.values()])
    | st.builds(cbor2.CBORTag, st.integers(0, 300), st.integers(0, 9)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(-20, 40) | st.text(max_size=3), inner),
    max_leaves=8,
)
labels = st.sampled_from([*HEADER, 2, 5, 13, 33, 99, -1]) | st.text(max_size=3)
headers = st.dictionaries(labels, values, max_size=5)


@settings(max_examples=150)
@given(headers, headers, st.binary(max_size=20) | st.just(json.dumps(PRESENTATION).encode()), st.sampled_from([18, 98]))
def test_messages(protected: dict[Any, Any], unprotected: dict[Any, Any], payload: bytes, tag: int) -> None:
    parts = [cbor2.dumps({**HEADER, **protected}), unprotected, payload, bytes(64)]
    token = token_of(cbor2.dumps(cbor2.CBORTag(tag, parts)))
    assert token is None or (tag == 18 and unprotected.keys().isdisjoint(HEADER))


@settings(max_examples=60)
@given(st.recursive(values, lambda inner: st.lists(inner, min_size=4, max_size=4), max_leaves=8))
def test_data_items(value: Any) -> None:
    assert token_of(cbor2.dumps(value)) is None


def test_every_bit_of_a_message() -> None:
    assert still_holds(MESSAGE)
    held = [
        (position, bit)
        for position in range(len(MESSAGE))
        for bit in range(8)
        if still_holds(MESSAGE[:position] + bytes([MESSAGE[position] ^ 1 << bit]) + MESSAGE[position + 1 :])
    ]
    assert held == []


def test_every_byte_gone_twice_or_new() -> None:
    held = [
        position
        for position in range(1, len(MESSAGE))  # the first is the tag, which may be left out
        for middle in (b"", MESSAGE[position : position + 1] * 2, b"\x00" + MESSAGE[position : position + 1])
        if still_holds(MESSAGE[:position] + middle + MESSAGE[position + 1 :])
    ]
    assert held == []
    assert still_holds(MESSAGE[1:])
    assert not any(still_holds(MESSAGE[:length]) for length in range(len(MESSAGE)))


@settings(max_examples=100)
@given(headers)
def test_an_unprotected_header_changes_nothing(unprotected: dict[Any, Any]) -> None:
    tag = cbor2.loads(MESSAGE, tag_hook=lambda tag, _: tag)
    protected, _, payload, signature = tag.value
    still_holds(cbor2.dumps(cbor2.CBORTag(18, [protected, unprotected, payload, signature])))

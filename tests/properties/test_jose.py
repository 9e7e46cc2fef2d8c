"""Tokens of any content: read as another library reads them, one text for each, and no errors but our own."""

from __future__ import annotations

import json
import warnings
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from did import PrivateKey, PublicKey
from did.multibase import encode_base64url
from vc_core import ALGORITHMS, Limits, LocalSigner, ProofVerificationError, VCError
from vc_core.errors import CODES
from vc_core.securing.jose import JWS, read_jws, signed_data, write_jws
from vc_core.securing.signed_data import check
from vc_core.securing.vc_jwt import JWT_PROFILES, problems_of_claims, read

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from joserfc import jws as oracle
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey, OKPKey, RSAKey

pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # by RFC 9864; older readers know no other name

LIMITS = Limits()
KID = "did:example:issuer#key-1"

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=8,
)
headers = st.dictionaries(st.sampled_from(["typ", "cty", "x", "é"]), st.text(st.characters(codec="utf-8"), max_size=9))


@cache
def signer_of(algorithm: str) -> LocalSigner:
    return LocalSigner(PrivateKey.generate(ALGORITHMS[algorithm].key_type), KID, algorithm=algorithm)


@cache
def oracle_key(algorithm: str) -> Any:
    kind = {"Ed25519": OKPKey, "RSA": RSAKey}.get(ALGORITHMS[algorithm].key_type, ECKey)
    return kind.import_key(dict(signer_of(algorithm).private_key.jwk))


def registry_of(*names: str) -> Any:
    return oracle.JWSRegistry(algorithms=list(names), strict_check_header=False)


def names_of(algorithm: str) -> tuple[str, ...]:
    return ("EdDSA", "Ed25519") if algorithm == "Ed25519" else (algorithm,)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@settings(max_examples=20)
@given(header=headers, payload=st.binary(max_size=100))
def test_joserfc_reads_what_we_write(algorithm: str, header: dict[str, str], payload: bytes) -> None:
    signer = signer_of(algorithm)
    for name in names_of(algorithm):
        text = write_jws({**header, "kid": KID}, payload, signer=signer, fully_specified=name == algorithm)
        theirs = oracle.deserialize_compact(text, oracle_key(algorithm), registry=registry_of(name))
        ours = read_jws(text, limits=LIMITS)
        assert theirs.payload == ours.payload == payload
        assert theirs.headers() == ours.header == {"alg": name, **header, "kid": KID}
        check(signed_data(ours, KID), signer.public_key)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@settings(max_examples=20)
@given(header=headers, payload=st.binary(max_size=100))
def test_we_read_what_joserfc_writes(algorithm: str, header: dict[str, str], payload: bytes) -> None:
    for name in names_of(algorithm):
        complete = {"alg": name, **header}
        text = oracle.serialize_compact(complete, payload, oracle_key(algorithm), registry=registry_of(name))
        ours = read_jws(text.encode(), limits=LIMITS)
        assert (ours.header, ours.payload) == (complete, payload)
        check(signed_data(ours, KID), signer_of(algorithm).public_key)


@settings(max_examples=100)
@given(st.data())
def test_what_we_accept_joserfc_accepts(data: st.DataObject) -> None:
    """A token with a few characters changed: where our signature check holds, so does theirs; where not, neither."""
    signer = signer_of("Ed25519")
    text = bytearray(write_jws({"kid": KID}, b'{"iss":"did:example:issuer"}', signer=signer))
    for _ in range(data.draw(st.integers(0, 2))):
        position = data.draw(st.integers(0, len(text) - 1))
        text[position] = data.draw(st.sampled_from(b"ABCDwxyz0189-_=."))
    try:
        check(signed_data(read_jws(bytes(text), limits=LIMITS), KID), signer.public_key)
    except VCError:
        return
    theirs = oracle.deserialize_compact(bytes(text), oracle_key("Ed25519"), algorithms=["EdDSA"])
    assert theirs.payload == b'{"iss":"did:example:issuer"}'


@given(st.binary(max_size=60), st.binary(max_size=60), st.binary(max_size=70))
def test_one_text_for_each_token(header: bytes, payload: bytes, signature: bytes) -> None:
    """What is read, encoded again, is the text that was read."""
    own = json.dumps({"alg": "EdDSA", "x": header.hex()}).encode()
    text = b".".join(encode_base64url(each).encode() for each in (own, payload, signature))
    jws = read_jws(text, limits=LIMITS)
    assert (jws.payload, jws.signature) == (payload, signature)
    assert text == encoded(jws, own)


def encoded(jws: JWS, header: bytes) -> bytes:
    return b".".join(encode_base64url(each).encode() for each in (header, jws.payload, jws.signature))


@given(st.text("ABCDwxyz0189-_=+/ \n!", max_size=24), st.text("ABCDwxyz0189-_=+/ \n!", max_size=24))
@example("AA", "AB")
@example("AA==", "AAA=")
def test_whatever_is_accepted_has_no_other_spelling(payload: str, signature: str) -> None:
    header = encode_base64url(b'{"alg":"EdDSA"}')
    try:
        jws = read_jws(f"{header}.{payload}.{signature}".encode(), limits=LIMITS)
    except VCError as error:
        assert error.code == "PARSING_ERROR"  # noqa: PT017
    else:
        assert (encode_base64url(jws.payload), encode_base64url(jws.signature)) == (payload, signature)


def token_or_error(text: bytes) -> None:
    """Reads the text as a token with all its rules; an error is one of ours, short and printable."""
    try:
        token = read(text, limits=LIMITS)
    except VCError as error:
        assert error.code in CODES  # noqa: PT017
        assert error.detail.isprintable()  # noqa: PT017
        assert len(error.detail) < 500  # noqa: PT017
        return
    for profile in JWT_PROFILES.values():
        for problem in problems_of_claims(token, profile):
            assert problem.code in CODES
            assert problem.detail.isprintable()
            assert len(problem.detail) < 500
    with pytest.raises(ProofVerificationError):
        check(
            token.signed,
            PublicKey("Ed25519", bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")),
        )


@given(st.binary(max_size=200))
def test_any_bytes(text: bytes) -> None:
    token_or_error(text)


@given(st.binary(max_size=60), st.binary(max_size=60), st.binary(max_size=70))
def test_any_parts(header: bytes, payload: bytes, signature: bytes) -> None:
    token_or_error(b".".join(encode_base64url(each).encode() for each in (header, payload, signature)))


NAMES = ("@context", "id", "type", "issuer", "holder", "credentialSubject", "issuanceDate", "validFrom", "issued")
TEXTS = ("did:example:issuer", "2026-01-01T00:00:00Z", "2026-13-01T00:00:00Z", "VerifiableCredential", "")
values = st.sampled_from(TEXTS) | json_values | st.floats(allow_nan=False, allow_infinity=False)
documents = st.dictionaries(
    st.sampled_from([*NAMES, "expirationDate", "verifiableCredential", "credentialSchema"]),
    values | st.lists(values | st.dictionaries(st.sampled_from(["id", "name"]), values), max_size=3),
)


@settings(max_examples=300)
@given(
    header=st.dictionaries(st.sampled_from(["typ", "cty", "kid", "crit", "jwk"]), values),
    typ=st.sampled_from(["JWT", "vc+jwt", "vp+jwt", None]),
    claim=st.sampled_from(["vc", "vp", "x"]),
    document=documents | values,
    payload=st.dictionaries(st.sampled_from(["iss", "sub", "jti", "nbf", "iat", "exp", "aud", *NAMES]), values),
    data=st.data(),
)
def test_any_claims(
    header: dict[str, Any], typ: str | None, claim: str, document: Any, payload: dict[str, Any], data: st.DataObject
) -> None:
    """Headers and claims that are nearly right, of all types."""
    complete = {"alg": data.draw(st.sampled_from(["EdDSA", "ES256", "none"])), "kid": KID, "typ": typ, **header}
    if data.draw(st.booleans()):
        complete = {"alg": "EdDSA", "kid": KID, **({} if typ is None else {"typ": typ})}
    if complete.get("typ") is None:
        complete.pop("typ", None)
    whole = {**payload, claim: document} if typ in ("JWT", None) else payload
    parts = [json.dumps(each).encode() for each in (complete, whole)]
    token_or_error(b".".join(encode_base64url(each).encode() for each in (*parts, bytes(64))))


def test_the_oracle_would_notice() -> None:
    """A signature that does not hold is refused by it, too."""
    text = write_jws({"kid": KID}, b"payload", signer=signer_of("ES256"))
    with pytest.raises(JoseError):
        oracle.deserialize_compact(text[:-4] + b"AAAA", oracle_key("ES256"), algorithms=["ES256"])

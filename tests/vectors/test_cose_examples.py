"""Messages that others made: RFC 9052, the examples of the COSE working group, and the test suite of VC-JOSE-COSE."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import cbor2
import pytest

from did import PublicKey
from vc_core import Limits, ParsingError, ProofVerificationError
from vc_core.securing.cose import read
from vc_core.securing.cose.sign1 import read_sign1
from vc_core.securing.signed_data import SignedData, check

P_256 = {
    "kty": "EC",
    "crv": "P-256",
    "x": "usWxHK2PmfnHKwXPS54m0kTcGJ90UiglWiGahtagnv8",
    "y": "IBOL-C3BttVivg-lSreASjpkttcsz-1rb7btKLv8EX4",
}
P_384 = {
    "kty": "EC",
    "crv": "P-384",
    "x": "kTJyP2KSsBBhnb4kjWmMF7WHVsY55xUPgb7k64rDcjatChoZ1nvjKmYmPh5STRKc",
    "y": "mM0weMVU2DKsYDxDJkEP9hZiRZtB8fPfXbzINZj_fF7YQRynNWedHEyzAJOX2e8s",
}
R = "eae868ecc176883766c5dc5ba5b8dca25dab3c2e56a551ce5705b793914348e1"
CONTENT = b"This is the content."


def message(protected: str, unprotected: str, signature: str, *, tag: str = "d2", content: bytes = CONTENT) -> bytes:
    """The message of these parts, in the notation of the examples; protected header and content are short."""
    header, made = bytes.fromhex(protected), bytes.fromhex(signature)
    parts = [bytes([0x40 + len(header)]), header, bytes.fromhex(unprotected), bytes([0x40 + len(content)]), content]
    return bytes.fromhex(tag) + b"\x84" + b"".join(parts) + bytes([0x58, len(made)]) + made


def holds(data: bytes, jwk: dict[str, str], algorithm: str) -> bool:
    parsed = read_sign1(data, limits=Limits())
    assert parsed.payload[:-1] == CONTENT[:-1]
    try:
        check(SignedData(parsed.signed, algorithm, parsed.signature, ""), PublicKey.from_jwk(jwk))
    except ProofVerificationError:
        return False
    return True


RFC_9052_C_2_1 = message(
    "a10126",
    "a104423131",
    "8eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e"
    "2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36",
)
S = "9f43d6c6ba654472da301b645b293c9ba939295b97c4bdb847782bff384c5794"
S_OF_HEADER_WITH_CONTENT_TYPE = "72727f48461fabbba2e343492ddecac3983686250bc68e9f1a7a07d41225b59f"
S_WITH_EXTERNAL_DATA = "55388b10c4f1b59a6733eab416870a945111a4b2fbdbef33a77234b1deff2f9b"
NOTHING_PROTECTED = message(
    "a0", "a2012604423131", R + "1a02e5f0344bf2d4ee5c7fd75a68a9f5e0b3cc1f1fc1409c189566586ff9d610"
)
P_384_SIGNATURE = (
    "b8f85eff78c88f5351ced2f1887b79b296490795594b62e41e22529bb90208b7d8cddd4a46d0e9c986464d83d0a5d1ed"
    "f39b3e2c5750364230d0e8d76460d8808e76c83830fbbd1978cc174066eb437f17887979ecf027dcc9d51baf6c4fd8c0"
)


@pytest.mark.parametrize(
    ("data", "jwk", "algorithm", "expected"),
    [
        pytest.param(RFC_9052_C_2_1, P_256, "ES256", True, id="RFC 9052, C.2.1"),
        pytest.param(
            message("a201260300", "a104423131", R + S_OF_HEADER_WITH_CONTENT_TYPE), P_256, "ES256", True, id="sig-01"
        ),
        pytest.param(message("a1013822", "a1044450333834", P_384_SIGNATURE), P_384, "ES384", True, id="sig-02"),
        pytest.param(message("a10126", "a104423131", R + S, tag=""), P_256, "ES256", True, id="pass-03: no tag"),
        pytest.param(
            message("a10126", "a104423131", R + S_WITH_EXTERNAL_DATA), P_256, "ES256", False, id="pass-02: external"
        ),
        pytest.param(
            message("a10126", "a104423131", R + S, content=CONTENT[:-1] + b"/"), P_256, "ES256", False, id="fail-02"
        ),
        pytest.param(message("a1013903e6", "a104423131", R + S), P_256, "ES256", False, id="fail-03"),
        pytest.param(message("a201260300", "a104423131", R + S), P_256, "ES256", False, id="fail-06"),
        pytest.param(NOTHING_PROTECTED, P_256, "ES256", True, id="pass-01: an empty header"),
    ],
)
def test_signatures_of_the_working_group(data: bytes, jwk: dict[str, str], algorithm: str, expected: bool) -> None:
    assert holds(data, jwk, algorithm) is expected


def test_another_tag_is_no_message() -> None:
    with pytest.raises(ParsingError):  # fail-01
        read_sign1(message("a10126", "a104423131", R + S, tag="d903e6"), limits=Limits())


def test_none_of_them_is_a_credential() -> None:
    for data in (RFC_9052_C_2_1, NOTHING_PROTECTED):
        with pytest.raises(ProofVerificationError) as caught:
            read(data, limits=Limits())
        assert caught.value.code == "TOKEN_HEADER_ERROR"


class OfSuite(NamedTuple):
    """A message of w3c/vc-jose-cose-test-suite, taken apart: its payload is one of the JSON files beside it."""

    protected: dict[int, Any]
    signature: str
    key: str
    algorithm: str
    code: str


SUITE = {
    "credential-minimal-cose-signed": OfSuite(
        {1: -7, 3: "application/vc", 4: b"73voMXFNmNlOEpuYCSJlh8eN0dscykoO6gBukgRS1uU", 16: "application/vc+cose"},
        signature=(
            "b375b558df37c95bbf1e813260ccbb4dc9ae6fdccbe793c39df731e721b8d814"
            "ded20750f84d15f41dc1d60319cadf5d0c4199549ca777cbf3b5656bedde0a93"
        ),
        key="vm-p256.json",
        algorithm="ES256",
        code="TOKEN_HEADER_ERROR",
    ),
    "credential-cose-bad-media-type": OfSuite(
        {1: -35, 3: "very/bad", 4: b"96qBnDpvS6x8YSCH_xmnLlXZMkDhHBr8lj99u5aog7s", 16: "really/bad"},
        signature=(
            "f4ca8999310355d406032a27f797e5ca628e8b8077606eb56da91eb5f14809fb470cac23cc15704066dbd4add5d6f9a5"
            "6a873cc044f85c667a1e909b0fd5e6d636e70f60dfa2786e47773266e6147a3775752200304223f01ef9bf16c4a96d42"
        ),
        key="vm-p384.json",
        algorithm="ES384",
        code="TOKEN_TYPE_ERROR",
    ),
}


def payload_of_suite(folder: Path) -> bytes:
    """`credential-minimal.json` with its members in the order of the signed one."""
    tree = json.loads((folder / "credential-minimal.json").read_text())
    subject = tree["credentialSubject"]
    degree: dict[str, Any] = {name: subject["degree"][name] for name in ("name", "type")}
    ordered = {name: tree[name] for name in ("@context", "type", "id", "issuer", "validFrom")}
    ordered["credentialSubject"] = {"degree": degree, "id": subject["id"]}
    ordered["credentialSchema"] = tree["credentialSchema"]
    return json.dumps(ordered, separators=(",", ":")).encode()


@pytest.mark.parametrize("name", SUITE)
def test_the_suite_of_vc_jose_cose(conformance: Path, name: str) -> None:
    """Both signatures hold, and both messages are refused.

    One for its media types, as the suite expects. The other, which the suite accepts, for the bare name of its key with
    no issuer in the header to complete it: section 4.2 of VC-JOSE-COSE requires an absolute URL there.
    """
    folder, case = conformance / "conformance/vc-jose-cose", SUITE[name]
    parts = [cbor2.dumps(case.protected), {}, payload_of_suite(folder), bytes.fromhex(case.signature)]
    data = cbor2.dumps(cbor2.CBORTag(18, parts))
    jwk = json.loads((folder / case.key).read_text())["publicKeyJwk"]
    parsed = read_sign1(data, limits=Limits())
    check(SignedData(parsed.signed, case.algorithm, parsed.signature, ""), PublicKey.from_jwk(jwk))
    with pytest.raises(ProofVerificationError) as caught:
        read(data, limits=Limits())
    assert caught.value.code == case.code

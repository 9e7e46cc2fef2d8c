"""RFC 7520, RFC 8037, RFC 7797 and RFC 7515: the examples that are compact tokens with a signature, and the others.

Shared secrets (RFC 7520, 4.4 and 4.5), PS384 (4.2), header parameters that are not protected (4.6 and 4.7), several
signatures (4.8) and payloads that are not encoded (RFC 7797) are nothing that a credential is secured with here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from did import PrivateKey, PublicKey
from vc_core import ALGORITHMS, Limits, LocalSigner, ProofVerificationError, VCError
from vc_core.securing.jose import read_jws, signed_data, write_jws
from vc_core.securing.signed_data import check

LIMITS = Limits()
PUBLIC = ("kty", "crv", "x", "y", "n", "e")


def case(conformance: Path, name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((conformance / "conformance/jose/cookbook" / f"{name}.json").read_text())
    return value


def public_key(jwk: dict[str, Any]) -> PublicKey:
    return PublicKey.from_jwk({name: jwk[name] for name in PUBLIC if name in jwk})


def code_of(text: bytes) -> str:
    with pytest.raises(VCError) as caught:
        signed_data(read_jws(text, limits=LIMITS), "did:example:a#b")
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "algorithm"),
    [
        ("jws/4_1.rsa_v15_signature", "RS256"),
        ("jws/4_3.ecdsa_signature", "ES512"),
        ("curve25519/jws", "Ed25519"),
    ],
)
def test_a_signature_of_the_cookbook(conformance: Path, name: str, algorithm: str) -> None:
    example = case(conformance, name)
    text = example["output"]["compact"].encode()
    jws = read_jws(text, limits=LIMITS)
    assert jws.header == example["signing"]["protected"]
    assert jws.payload == example["input"]["payload"].encode()
    assert jws.signing_input == example["signing"]["sig-input"].encode()
    signed = signed_data(jws, "did:example:a#b")
    assert signed.algorithm == algorithm
    key = public_key(example["input"]["key"])
    check(signed, key)
    other = signed._replace(data=signed.data + b"A")
    with pytest.raises(ProofVerificationError):
        check(other, key)


def test_the_signature_of_rfc_8037_is_made_again(conformance: Path) -> None:
    example = case(conformance, "curve25519/jws")
    key = {name: value for name, value in example["input"]["key"].items() if name != "use"}
    signer = LocalSigner(PrivateKey.from_jwk(key), "did:example:a#b")
    made = write_jws({}, example["input"]["payload"].encode(), signer=signer)
    assert made.decode() == example["output"]["compact"]


@pytest.mark.parametrize(
    "name",
    [
        "jws/4_2.rsa-pss_signature",
        "jws/4_4.hmac-sha2_integrity_protection",
        "jws/4_5.signature_with_detached_content",
        "rfc7797/hmac-sha2_b64_false",
    ],
)
def test_a_compact_token_that_is_refused(conformance: Path, name: str) -> None:
    example = case(conformance, name)
    assert example["input"]["alg"] not in ALGORITHMS
    assert code_of(example["output"]["compact"].encode()) == "TOKEN_HEADER_ERROR"


def test_the_json_serializations_are_refused(conformance: Path) -> None:
    folder = conformance / "conformance/jose/cookbook"
    seen = 0
    for path in sorted(folder.glob("*/*.json")):
        output = json.loads(path.read_text()).get("output", {})
        for form in ("json", "json_flat"):
            if form in output:
                assert code_of(json.dumps(output[form]).encode()) == "PARSING_ERROR", path.name
                seen += 1
    assert seen == 21


PAYLOAD = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
CLAIMS = b'{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}'

RFC_7515: dict[str, tuple[dict[str, str], str, bytes]] = {
    "A.2": (
        {
            "kty": "RSA",
            "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yR"
            "T-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS"
            "-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2et"
            "hFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
            "e": "AQAB",
        },
        (
            f"eyJhbGciOiJSUzI1NiJ9.{PAYLOAD}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-"
            "0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBM"
            "Hlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6"
            "LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
        ),
        CLAIMS,
    ),
    "A.3": (
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        },
        (
            f"eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}."
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
        ),
        CLAIMS,
    ),
    "A.4": (
        {
            "kty": "EC",
            "crv": "P-521",
            "x": "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk",
            "y": "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2",
        },
        (
            "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDK"
            "B34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn"
        ),
        b"Payload",
    ),
}


@pytest.mark.parametrize("appendix", RFC_7515)
def test_an_example_of_rfc_7515(appendix: str) -> None:
    jwk, text, payload = RFC_7515[appendix]
    jws = read_jws(text.encode(), limits=LIMITS)
    assert jws.payload == payload
    check(signed_data(jws, "did:example:a#b"), PublicKey.from_jwk(jwk))


def test_the_other_examples_of_rfc_7515() -> None:
    """A.1, a shared secret, and A.5, no security at all."""
    secret = f"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{PAYLOAD}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    for text in (secret, f"eyJhbGciOiJub25lIn0.{PAYLOAD}."):
        assert code_of(text.encode()) == "TOKEN_HEADER_ERROR"

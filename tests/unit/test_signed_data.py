"""The narrow waist: which key makes which signature, and every other combination refused."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from did import InvalidKey, PrivateKey, PublicKey, StaticResolver, did_key
from did.multibase import encode_base58btc, encode_base64url, join_multicodec
from did.rsa import encode_private, write_private
from status import NO_STATUS_LISTS
from vc_core import (
    ALGORITHMS,
    ANY_ISSUER,
    CRYPTOSUITES,
    ED25519_OPENSSL,
    PINNED_CONTEXTS,
    DataIntegrity,
    Limits,
    LocalSigner,
    Policy,
    ProofGenerationError,
    ProofVerificationError,
    verify,
)
from vc_core.securing.cryptosuites.cryptosuite import Transformation
from vc_core.securing.signed_data import ED25519, Algorithm, SignedData, check, sign

SECRETS = {
    "Ed25519": bytes(range(32)),
    "P-256": bytes(range(1, 33)),
    "P-384": bytes(range(1, 49)),
    "P-521": bytes(range(1, 66)) + b"\0",
    "secp256k1": bytes(range(2, 34)),
}
KEYS = {name: PrivateKey(name, secret) for name, secret in SECRETS.items()}
ALGORITHM_OF = {
    "Ed25519": "Ed25519",
    "P-256": "ES256",
    "P-384": "ES384",
    "P-521": "ES512",
    "secp256k1": "ES256K",
}
BACKENDS = [ED25519, ED25519_OPENSSL]
CURVES = ["P-256", "P-384", "P-521", "secp256k1"]
DATA = b"what was signed"

ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_ORDER = {
    "P-256": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "P-384": 2**384 - 0x389CB27E0BC8D220A7E5F24DB74F58851313E695333AD68D,
    "P-521": 2**521 - 0x5AE79787C40D069948033FEB708F65A2FC44A36477663B851449048E16EC79BF7,
    "secp256k1": 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141,
}
FIELD = {
    "P-256": 2**256 - 2**224 + 2**192 + 2**96 - 1,
    "P-384": 2**384 - 2**128 - 2**96 + 2**32 - 1,
    "P-521": 2**521 - 1,
    "secp256k1": 2**256 - 2**32 - 977,
}
SMALL_ORDER = [
    bytes.fromhex(text)
    for text in (
        "00" * 32,
        "00" * 31 + "80",
        "01" + "00" * 31,
        "01" + "00" * 30 + "80",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "ec" + "ff" * 30 + "7f",
        "ec" + "ff" * 31,
        "ed" + "ff" * 30 + "7f",
        "ed" + "ff" * 31,
        "ee" + "ff" * 30 + "7f",
        "ee" + "ff" * 31,
    )
]
"""Every encoding of the eight points of small order on edwards25519; six of them are not canonical."""


def size_of(key_type: str) -> int:
    return len(SECRETS[key_type])


def holds(signature: bytes, key: PublicKey, algorithm: Algorithm | str, data: bytes = DATA) -> bool:
    name = algorithm if isinstance(algorithm, str) else algorithm.name
    table = ALGORITHMS if isinstance(algorithm, str) else {name: algorithm}
    try:
        check(SignedData(data, name, signature, "did:example:a#b"), key, algorithms=table)
    except ProofVerificationError as error:
        return error.code != "PROOF_VERIFICATION_ERROR"
    return True


def signature_of(key_type: str, algorithm: str | None = None) -> bytes:
    return ALGORITHMS[algorithm or ALGORITHM_OF[key_type]].sign(KEYS[key_type], DATA)


@pytest.mark.parametrize("key_type", KEYS)
def test_a_signature_holds_for_its_data_and_its_key_only(key_type: str) -> None:
    key, algorithm = KEYS[key_type], ALGORITHM_OF[key_type]
    signature = signature_of(key_type)

    assert len(signature) == ALGORITHMS[algorithm].signature_length
    assert holds(signature, key.public_key, algorithm)
    assert not holds(signature, key.public_key, algorithm, b"something else")
    assert not holds(signature, PrivateKey(key_type, SECRETS[key_type][::-1]).public_key, algorithm)
    for position in range(len(signature)):
        changed = bytearray(signature)
        changed[position] ^= 1
        assert not holds(bytes(changed), key.public_key, algorithm), position


@pytest.mark.parametrize("key_type", KEYS)
def test_signatures_are_deterministic(key_type: str) -> None:
    assert signature_of(key_type) == signature_of(key_type)


def test_a_signature_with_p_521_is_that_of_rfc_6979() -> None:
    """Appendix A.2.7, SHA-512, of which the nonces of all curves follow."""
    secret = (
        "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA8"
        "96EB32F1F47C70855836A6D16FCC1466F6D8FBEC67DB89EC0C08B0E996B83538"
    )
    r = (
        "00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F174E"
        "25A1EE9017B5D450606ADD152B534931D7D4E8455CC91F9B15BF05EC36E377FA"
    )
    s = (
        "00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF2826"
        "23EAA63E5B5C0723D8B8C37FF0777B1A20F8CCB1DCCC43997F1EE0E44DA4A67A"
    )
    key = PrivateKey("P-521", bytes.fromhex(secret))

    assert ALGORITHMS["ES512"].sign(key, b"sample") == bytes.fromhex(r + s)


# -- key types and algorithms ----------------------------------------------------------------------

KEY_TYPES = ["Ed25519", "P-256", "P-384", "P-521", "secp256k1", "X25519", "P-224"]
NAMES = ["Ed25519", "ES256", "ES384", "ES512", "ES256K", "PS256", "RS256", "HS256", "none"]


@dataclass(frozen=True)
class ForeignKey:
    """Stands for a key of a type that cannot be had: what `check` would see if one were made all the same."""

    type: str
    raw: bytes = bytes(32)
    handle: Any = None


def best_attempt(key_type: str, name: str) -> bytes:
    """The signature most likely to pass: by that key, with the hash and the length of that algorithm."""
    length = (ALGORITHMS[name].signature_length or 256) if name in ALGORITHMS else 64
    if key_type == "Ed25519":
        return signature_of("Ed25519").ljust(length, b"\0")
    if key_type not in KEYS:
        return hashlib.sha512(DATA).digest().ljust(length, b"\0")
    hash_function = {"ES384": hashes.SHA384(), "ES512": hashes.SHA512()}.get(name, hashes.SHA256())
    r, s = decode_dss_signature(KEYS[key_type].handle.sign(DATA, ec.ECDSA(hash_function)))
    size = max(length // 2, size_of(key_type))
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


@pytest.mark.parametrize("key_type", KEY_TYPES)
@pytest.mark.parametrize("name", NAMES)
def test_each_algorithm_takes_one_key_type(key_type: str, name: str) -> None:
    key: Any = KEYS[key_type].public_key if key_type in KEYS else ForeignKey(key_type)

    assert holds(best_attempt(key_type, name), key, name) == (ALGORITHM_OF.get(key_type) == name)


@pytest.mark.parametrize("multicodec", [0xEC, 0x1203, 0xEA, 0xEB, 0x1206])  # X25519, Ed448, BLS12-381, SM2
def test_a_key_of_another_type_cannot_be_had(multicodec: int) -> None:
    for length in (32, 48, 49, 67, 96):
        with pytest.raises(InvalidKey):
            PublicKey.from_multikey("z" + encode_base58btc(join_multicodec(multicodec, b"\x02" + bytes(length - 1))))


def test_an_algorithm_that_is_not_in_the_table_cannot_run() -> None:
    signed = SignedData(DATA, "Ed25519", signature_of("Ed25519"), "did:example:a#b")

    for table in ({}, {"ES256": ALGORITHMS["ES256"]}, MappingProxyType({})):
        with pytest.raises(ProofVerificationError, match="not accepted"):
            check(signed, KEYS["Ed25519"].public_key, algorithms=table)


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        ALGORITHMS["none"] = ED25519  # type: ignore[index]  # that it has no such operation is what is tested


# -- ECDSA -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("curve", CURVES)
def test_r_and_s_lie_between_zero_and_the_order(curve: str) -> None:
    n, p, size = CURVE_ORDER[curve], FIELD[curve], size_of(curve)
    signature = signature_of(curve)
    r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
    out_of_range = [(0, 0), (0, s), (r, 0), (n, s), (r, n), (n, n), (p, s), (r, p), (n, 0), (0, n)]
    out_of_range += [(n + 1, s), (r, n + 1), (256**size - 1, s), (r, 256**size - 1)]

    accepted = [
        pair
        for pair in out_of_range
        if holds(b"".join(each.to_bytes(size, "big") for each in pair), KEYS[curve].public_key, ALGORITHM_OF[curve])
    ]

    assert accepted == []


@pytest.mark.parametrize("curve", CURVES)
def test_a_signature_has_one_length_and_one_form(curve: str) -> None:
    size, key, algorithm = size_of(curve), KEYS[curve].public_key, ALGORITHM_OF[curve]
    signature = signature_of(curve)
    r, s = signature[:size], signature[size:]
    others = {
        "DER": encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big")),
        "padded halves": b"\0" + r + b"\0" + s,
        "padded by two": bytes(2) + r + bytes(2) + s,
        "one byte less": signature[:-1],
        "one byte more": signature + b"\0",
        "one byte before": b"\0" + signature,
        "twice": signature * 2,
        "half": r,
        "nothing": b"",
    }

    assert holds(signature, key, algorithm)
    assert [name for name, other in others.items() if holds(other, key, algorithm)] == []


@pytest.mark.parametrize("curve", CURVES)
def test_a_high_s_is_accepted_as_the_specification_has_it(curve: str) -> None:
    size, n = size_of(curve), CURVE_ORDER[curve]
    signature = signature_of(curve)
    flipped = signature[:size] + (n - int.from_bytes(signature[size:], "big")).to_bytes(size, "big")

    assert flipped != signature
    assert holds(flipped, KEYS[curve].public_key, ALGORITHM_OF[curve])


@pytest.mark.parametrize(
    ("curve", "hash_function", "accepted"),
    [
        ("P-384", hashes.SHA384(), True),
        ("P-384", hashes.SHA256(), False),
        ("P-384", hashes.SHA512(), False),
        ("P-521", hashes.SHA512(), True),
        ("P-521", hashes.SHA384(), False),
        ("P-521", hashes.SHA256(), False),
        ("P-256", hashes.SHA256(), True),
        ("P-256", hashes.SHA384(), False),
        ("secp256k1", hashes.SHA256(), True),
        ("secp256k1", hashes.SHA512(), False),
    ],
)
def test_each_curve_has_one_hash(curve: str, hash_function: hashes.HashAlgorithm, accepted: bool) -> None:
    size = size_of(curve)
    r, s = decode_dss_signature(KEYS[curve].handle.sign(DATA, ec.ECDSA(hash_function)))

    assert holds(r.to_bytes(size, "big") + s.to_bytes(size, "big"), KEYS[curve].public_key, ALGORITHM_OF[curve]) == (
        accepted
    )


# -- RSA -------------------------------------------------------------------------------------------


def rsa_key(bits: int) -> PrivateKey:
    return PrivateKey("RSA", write_private(rsa.generate_private_key(65537, bits)))


RSA, OTHER_RSA = rsa_key(2048), rsa_key(2048)
SHA256 = hashes.SHA256()


def pss(mask: hashes.HashAlgorithm = SHA256, salt: int = 32) -> padding.PSS:
    return padding.PSS(padding.MGF1(mask), salt_length=salt)


def rsa_key_of_2049_bits() -> PrivateKey:
    """One bit more than whole bytes: the encoded message of PSS is a byte shorter than the modulus."""
    p, q = (rsa.generate_private_key(65537, bits).private_numbers().p for bits in (2050, 2048))
    d = pow(65537, -1, (p - 1) * (q - 1))
    return PrivateKey("RSA", encode_private(p * q, 65537, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p)))


@pytest.mark.parametrize(("bits", "length"), [(2048, 256), (2049, 257), (2054, 257), (2056, 257), (2058, 258)])
def test_an_rsa_signature_is_as_long_as_the_modulus(bits: int, length: int) -> None:
    key = rsa_key_of_2049_bits() if bits == 2049 else rsa_key(bits)

    assert key.public_key.handle.key_size == bits
    for name in ("PS256", "RS256"):
        signature = ALGORITHMS[name].sign(key, DATA)
        assert ALGORITHMS[name].signature_length is None
        assert len(signature) == length
        assert holds(signature, key.public_key, name)
        for other in (b"", signature[:-1], b"\0" + signature, signature * 2):
            with pytest.raises(ProofVerificationError, match=f"of {name} has {length} bytes, not {len(other)}"):
                check(SignedData(DATA, name, other, "did:example:a#b"), key.public_key)


@pytest.mark.parametrize("name", ["PS256", "RS256"])
def test_an_rsa_signature_holds_for_its_data_and_its_key_only(name: str) -> None:
    signature = ALGORITHMS[name].sign(RSA, DATA)
    n = RSA.public_key.handle.public_numbers().n
    number = int.from_bytes(signature, "big")

    assert holds(signature, RSA.public_key, name)
    assert not holds(signature, RSA.public_key, name, b"something else")
    assert not holds(signature, OTHER_RSA.public_key, name)
    for position in range(0, 256, 5):
        changed = bytearray(signature)
        changed[position] ^= 1
        assert not holds(bytes(changed), RSA.public_key, name), position
    others = [b"", b"\0" + signature, signature + b"\0", signature[:-1], signature[1:], signature * 2, bytes(256)]
    others += [(n - number).to_bytes(256, "big"), (1).to_bytes(256, "big"), (n - 1).to_bytes(256, "big")]
    others += [n.to_bytes(256, "big"), (number + n).to_bytes(257, "big"), b"\xff" * 256]
    assert [other for other in others if holds(other, RSA.public_key, name)] == []


@pytest.mark.parametrize(
    ("scheme", "hash_function", "accepted"),
    [
        (pss(), SHA256, {"PS256"}),
        (padding.PKCS1v15(), SHA256, {"RS256"}),
        (pss(salt=0), SHA256, set()),
        (pss(salt=20), SHA256, set()),
        (pss(salt=31), SHA256, set()),
        (pss(salt=33), SHA256, set()),
        (pss(salt=222), SHA256, set()),
        (pss(mask=hashes.SHA1()), SHA256, set()),
        (pss(mask=hashes.SHA512()), SHA256, set()),
        (pss(mask=hashes.SHA384(), salt=48), hashes.SHA384(), set()),
        (pss(), hashes.SHA512(), set()),
        (padding.PKCS1v15(), hashes.SHA1(), set()),
        (padding.PKCS1v15(), hashes.SHA384(), set()),
        (padding.PKCS1v15(), hashes.SHA512(), set()),
    ],
)
def test_each_rsa_algorithm_has_one_scheme(
    scheme: padding.AsymmetricPadding, hash_function: hashes.HashAlgorithm, accepted: set[str]
) -> None:
    signature = RSA.handle.sign(DATA, scheme, hash_function)

    assert {name for name in ALGORITHMS if holds(signature, RSA.public_key, name)} == accepted


def test_only_ps256_is_salted() -> None:
    assert ALGORITHMS["RS256"].sign(RSA, DATA) == ALGORITHMS["RS256"].sign(RSA, DATA)
    assert ALGORITHMS["PS256"].sign(RSA, DATA) != ALGORITHMS["PS256"].sign(RSA, DATA)


def test_an_rsa_signature_is_not_one_of_another_key_type() -> None:
    signature = ALGORITHMS["PS256"].sign(RSA, DATA)

    for key in KEYS.values():
        assert not holds(signature, key.public_key, "PS256")
    for name in ALGORITHM_OF.values():
        assert not holds(signature[: ALGORITHMS[name].signature_length], RSA.public_key, name)


# -- Ed25519 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("backend", BACKENDS, ids=["libsodium", "OpenSSL"])
def test_both_backends_verify(backend: Algorithm) -> None:
    key = KEYS["Ed25519"]

    assert holds(backend.sign(key, DATA), key.public_key, backend)
    assert not holds(backend.sign(key, DATA), key.public_key, backend, b"something else")


@pytest.mark.parametrize("backend", BACKENDS, ids=["libsodium", "OpenSSL"])
@pytest.mark.parametrize("length", [0, 32, 63, 65, 128])
def test_an_ed25519_signature_has_64_bytes(backend: Algorithm, length: int) -> None:
    signature = (signature_of("Ed25519") * 2)[:length]

    assert not holds(signature, KEYS["Ed25519"].public_key, backend)


@pytest.mark.parametrize("backend", BACKENDS, ids=["libsodium", "OpenSSL"])
@pytest.mark.parametrize("times", [1, 2, 8, 14])
def test_s_is_below_the_order(backend: Algorithm, times: int) -> None:
    signature = signature_of("Ed25519")
    s = int.from_bytes(signature[32:], "little") + times * ORDER

    assert not holds(signature[:32] + s.to_bytes(32, "little"), KEYS["Ed25519"].public_key, backend)


LOADERS: dict[str, Callable[[bytes], PublicKey]] = {
    "raw": lambda raw: PublicKey("Ed25519", raw),
    "Multikey": lambda raw: PublicKey.from_multikey("z" + encode_base58btc(join_multicodec(0xED, raw))),
    "JWK": lambda raw: PublicKey.from_jwk({"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(raw)}),
}


@pytest.mark.parametrize("form", LOADERS)
def test_the_fourteen_encodings_of_small_order_are_no_keys(form: str) -> None:
    good = KEYS["Ed25519"].public_key

    assert LOADERS[form](good.raw) == good
    for encoding in SMALL_ORDER:
        with pytest.raises(InvalidKey):
            LOADERS[form](encoding)


@pytest.mark.parametrize("backend", BACKENDS, ids=["libsodium", "OpenSSL"])
def test_an_r_of_small_order_is_refused_where_the_equation_holds(backend: Algorithm) -> None:
    """The signer alone can make this signature: R is the identity, and S the hash times the secret scalar."""
    key = KEYS["Ed25519"]
    scalar = bytearray(hashlib.sha512(key.secret).digest()[:32])
    scalar[0] &= 248
    scalar[31] = scalar[31] & 127 | 64
    identity = SMALL_ORDER[2]
    challenge = hashlib.sha512(identity + key.public_key.raw + DATA).digest()
    s = int.from_bytes(challenge, "little") * int.from_bytes(scalar, "little") % ORDER
    signature = identity + s.to_bytes(32, "little")

    ed25519.Ed25519PublicKey.from_public_bytes(key.public_key.raw).verify(signature, DATA)  # the equation holds
    assert not holds(signature, key.public_key, backend)


@pytest.mark.parametrize("backend", BACKENDS, ids=["libsodium", "OpenSSL"])
def test_no_signature_with_an_r_of_small_order_or_beyond_the_field_holds(backend: Algorithm) -> None:
    s = signature_of("Ed25519")[32:]
    beyond = [(2**255 - 19 + y | sign).to_bytes(32, "little") for y in range(19) for sign in (0, 1 << 255)]

    assert len(SMALL_ORDER) == len(set(SMALL_ORDER)) == 14
    assert not any(
        holds(r + each, KEYS["Ed25519"].public_key, backend) for r in SMALL_ORDER + beyond for each in (s, bytes(32))
    )


# -- key types and cryptosuites --------------------------------------------------------------------

PAIRS = {
    ("eddsa-jcs-2022", "Ed25519"),
    ("eddsa-rdfc-2022", "Ed25519"),
    ("Ed25519Signature2020", "Ed25519"),
    ("ecdsa-jcs-2019", "P-256"),
    ("ecdsa-jcs-2019", "P-384"),
    ("ecdsa-rdfc-2019", "P-256"),
    ("ecdsa-rdfc-2019", "P-384"),
}
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def document_for(key_type: str) -> tuple[dict[str, Any], LocalSigner]:
    issuer = did_key(KEYS[key_type].public_key)
    claims = {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://w3id.org/security/suites/ed25519-2020/v1",
        ],
        "type": ["VerifiableCredential"],
        "issuer": issuer,
        "credentialSubject": {"id": "did:example:learner"},
    }
    return claims, LocalSigner(KEYS[key_type], f"{issuer}#{issuer.removeprefix('did:key:')}")


@pytest.mark.parametrize("suite", CRYPTOSUITES)
@pytest.mark.parametrize("key_type", KEYS)
def test_each_suite_signs_with_its_key_types_only(suite: str, key_type: str) -> None:
    claims, signer = document_for(key_type)
    securing = DataIntegrity(cryptosuite=suite)

    if (suite, key_type) in PAIRS:
        assert json.loads(securing.secure(claims, signer=signer, created=NOW))["issuer"] == claims["issuer"]
    else:
        with pytest.raises(ProofGenerationError):
            securing.secure(claims, signer=signer, created=NOW)


@pytest.mark.parametrize("suite", CRYPTOSUITES)
@pytest.mark.parametrize("key_type", KEYS)
def test_each_suite_verifies_with_its_key_types_only(suite: str, key_type: str) -> None:
    """The proof is made by hand, with the hash that such a key would have: only the pair decides."""
    claims, signer = document_for(key_type)
    cryptosuite = CRYPTOSUITES[suite]
    named = {} if cryptosuite.proof_type == suite else {"cryptosuite": suite}
    proof = {
        "type": cryptosuite.proof_type,
        **named,
        "verificationMethod": signer.verification_method,
        "proofPurpose": "assertionMethod",
    }
    options = proof if cryptosuite.canonicalization.covers_json else {**proof, "@context": claims["@context"]}
    hash_algorithm = "sha384" if key_type == "P-384" else "sha256"
    transformation = Transformation(PINNED_CONTEXTS, Limits())
    data = b"".join(
        hashlib.new(
            hash_algorithm, cryptosuite.canonicalization.canonicalize(each, hash_algorithm, transformation)
        ).digest()
        for each in (options, claims)
    )
    signed = {**claims, "proof": {**proof, "proofValue": "z" + encode_base58btc(signer.sign(data))}}

    result = verify(
        json.dumps(signed).encode(),
        resolver=StaticResolver(),
        status=NO_STATUS_LISTS,
        policy=Policy(accepted_issuers=ANY_ISSUER),
        now=NOW,
    )

    assert bool(result) == ((suite, key_type) in PAIRS)
    if not result:
        assert [(problem.code, problem.missing) for problem in result.problems] == [
            ("PROOF_TRANSFORMATION_ERROR", None)
        ]


# -- signers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("key_type", KEYS)
def test_a_local_signer_signs_with_the_algorithm_of_its_key(key_type: str) -> None:
    signer = LocalSigner(KEYS[key_type], "did:example:a#b")

    signed = sign(DATA, signer)

    assert signer.algorithm == ALGORITHM_OF[key_type]
    assert signed == SignedData(DATA, signer.algorithm, signature_of(key_type), "did:example:a#b")


@pytest.mark.parametrize("chosen", ["", "PS256", "RS256"])
def test_a_local_signer_of_an_rsa_key_signs_with_ps256_unless_told_otherwise(chosen: str) -> None:
    signer = LocalSigner(RSA, "did:example:a#b", algorithm=chosen)
    name = chosen or "PS256"

    signed = sign(DATA, signer)

    assert signer.algorithm == signed.algorithm == name
    assert {each for each in ALGORITHMS if holds(signed.signature, RSA.public_key, each)} == {name}
    assert LocalSigner.of_did_key(RSA, algorithm=chosen).algorithm == name


@pytest.mark.parametrize("key_type", [*KEYS, "RSA"])
@pytest.mark.parametrize("name", [*ALGORITHMS, "EdDSA", "HS256", "none", "PS512", "ps256", " "])
def test_a_local_signer_signs_with_an_algorithm_of_its_key_only(key_type: str, name: str) -> None:
    key = RSA if key_type == "RSA" else KEYS[key_type]

    if name in ALGORITHMS and ALGORITHMS[name].key_type == key_type:
        assert LocalSigner(key, "did:example:a#b", algorithm=name).algorithm == name
        return
    with pytest.raises(ProofGenerationError, match=f"a key of type {key_type} signs with"):
        LocalSigner(key, "did:example:a#b", algorithm=name)
    with pytest.raises(ProofGenerationError):
        LocalSigner.of_did_key(key, algorithm=name)


def test_a_local_signer_does_not_show_its_secret() -> None:
    key = PrivateKey("Ed25519", bytes(range(100, 132)))
    shown = repr(LocalSigner(key, "did:example:a#b"))

    assert key.secret.hex() not in shown
    assert repr(key.secret) not in shown
    assert "did:example:a#b" in shown


@dataclass
class BrokenSigner:
    """A device that answers with what it was given."""

    answer: bytes
    algorithm: str = "Ed25519"
    verification_method: str = "did:example:a#b"
    public_key: PublicKey = KEYS["Ed25519"].public_key

    def sign(self, data: bytes) -> bytes:
        return self.answer


@pytest.mark.parametrize(
    "signer",
    [
        BrokenSigner(b""),
        BrokenSigner(bytes(64)),
        BrokenSigner(signature_of("Ed25519") + b"\0"),
        BrokenSigner(signature_of("Ed25519"), public_key=PrivateKey("Ed25519", bytes(range(1, 33))).public_key),
        BrokenSigner(signature_of("Ed25519"), algorithm="ES256"),
        BrokenSigner(signature_of("Ed25519"), algorithm="EdDSA"),
        BrokenSigner(signature_of("P-256"), algorithm="ES256"),
        BrokenSigner(ALGORITHMS["RS256"].sign(RSA, DATA), algorithm="PS256", public_key=RSA.public_key),
        BrokenSigner(ALGORITHMS["PS256"].sign(RSA, DATA), algorithm="PS256", public_key=OTHER_RSA.public_key),
    ],
    ids=[
        "nothing",
        "zeros",
        "too long",
        "another key",
        "another algorithm",
        "another name",
        "another key type",
        "another scheme",
        "another RSA key",
    ],
)
def test_a_signature_that_does_not_verify_is_never_handed_out(signer: BrokenSigner) -> None:
    with pytest.raises(ProofGenerationError, match="does not verify"):
        sign(DATA, signer)

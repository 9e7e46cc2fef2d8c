"""`issue`: signers that live elsewhere, signers that fail or lie, and claims that break a rule."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from did import PrivateKey, PublicKey, StaticResolver, did_key
from status import NO_STATUS_LISTS
from vc_core import (
    CRYPTOSUITES,
    DataIntegrity,
    LocalSigner,
    Policy,
    ProofGenerationError,
    Signer,
    VCError,
    Verdict,
    issue,
    verify,
)
from vectors.making.credentials import (
    CONTEXTS,
    CREATED,
    DATA_INTEGRITY,
    SUITES,
    V1,
    V2,
    small,
    version_1,
    version_2,
)
from vectors.making.keys import did_of, method_of, private_key, signer_of

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
ISSUER = did_of("issuer", "Ed25519")
SIGNER = signer_of("issuer", "Ed25519")
JCS = DataIntegrity(cryptosuite="eddsa-jcs-2022")

# A device that makes its own key and gives away nothing but signatures. It is built on another library's interface.
DEVICE = """
import sys
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

curve, hash_function, size = {
    "Ed25519": (None, None, 32),
    "P-256": (ec.SECP256R1(), hashes.SHA256(), 32),
    "P-384": (ec.SECP384R1(), hashes.SHA384(), 48),
}[sys.argv[1]]
key = ec.generate_private_key(curve) if curve else ed25519.Ed25519PrivateKey.generate()
print(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).hex(), flush=True)
for line in sys.stdin:
    data = bytes.fromhex(line)
    if curve:
        r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hash_function)))
        signature = r.to_bytes(size, "big") + s.to_bytes(size, "big")
    else:
        signature = key.sign(data)
    print(signature.hex(), flush=True)
"""
ALGORITHM_OF = {"Ed25519": "Ed25519", "P-256": "ES256", "P-384": "ES384"}


class Device:
    """A `Signer` in front of another process, which alone has the private key."""

    def __init__(self, key_type: str) -> None:
        self.algorithm = ALGORITHM_OF[key_type]
        self._process = subprocess.Popen(
            [sys.executable, "-c", DEVICE, key_type], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.public_key = PublicKey.from_pem(self._answer())
        self.verification_method = method_of(did_key(self.public_key))

    def _answer(self) -> bytes:
        assert self._process.stdout is not None
        return bytes.fromhex(self._process.stdout.readline())

    def sign(self, data: bytes) -> bytes:
        assert self._process.stdin is not None
        self._process.stdin.write(data.hex() + "\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        self._process.communicate(timeout=10)


@pytest.fixture(params=sorted(ALGORITHM_OF))
def device(request: pytest.FixtureRequest) -> Iterator[Device]:
    started = Device(request.param)
    yield started
    started.close()


def verdict_on(credential: bytes, issuer: str) -> Verdict:
    policy = Policy(accepted_issuers=frozenset({issuer}), contexts=CONTEXTS)
    return verify(credential, resolver=StaticResolver(), status=NO_STATUS_LISTS, policy=policy, now=NOW).verdict


@pytest.mark.parametrize("form", ["jcs", "rdfc"])
def test_a_key_in_another_process_signs(device: Device, form: str) -> None:
    suite = {"Ed25519": f"eddsa-{form}-2022"}.get(device.algorithm, f"ecdsa-{form}-2019")
    issuer = did_key(device.public_key)
    securing = DataIntegrity(cryptosuite=suite, contexts=CONTEXTS)
    credential = issue(version_2(issuer), signer=device, securing=securing, created=CREATED)
    assert verdict_on(credential, issuer) is Verdict.VERIFIED
    assert verdict_on(credential.replace(b'"credits":3', b'"credits":9'), issuer) is Verdict.REJECTED


@pytest.mark.parametrize(("suite", "key_type"), SUITES)
def test_issuing_twice_gives_the_same_bytes(suite: str, key_type: str) -> None:
    """So nothing of a signature, also of ECDSA, depends on a random number (RFC 6979, RFC 8032)."""
    issuer = did_of("issuer", key_type)
    securing = DataIntegrity(cryptosuite=suite, contexts=CONTEXTS)
    signer = signer_of("issuer", key_type)
    first, second = (issue(version_2(issuer), signer=signer, securing=securing, created=CREATED) for _ in range(2))
    assert first == second
    assert verdict_on(first, issuer) is Verdict.VERIFIED


@dataclass
class Liar:
    """A signer that says one thing and does another; by default it is honest."""

    algorithm: str = SIGNER.algorithm
    verification_method: str = SIGNER.verification_method
    public_key: PublicKey = field(default_factory=lambda: SIGNER.public_key)
    secret: PrivateKey = field(default_factory=lambda: private_key("issuer", "Ed25519"))
    signs_instead: bytes | None = None
    answer: bytes | None = None

    def sign(self, data: bytes) -> bytes:
        if self.answer is not None:
            return self.answer
        method = self.verification_method
        return LocalSigner(self.secret, method).sign(self.signs_instead or data)


STRANGER = private_key("stranger", "Ed25519")
LIES: dict[str, Liar] = {
    "another private key": Liar(secret=STRANGER),
    "other data": Liar(signs_instead=b"something else"),
    "zeros": Liar(answer=bytes(64)),
    "the neutral element": Liar(answer=b"\x01" + bytes(63)),
    "nothing": Liar(answer=b""),
    "a byte too few": Liar(answer=bytes(63)),
    "a byte too many": Liar(answer=bytes(65)),
    "another algorithm": Liar(algorithm="ES256"),
    "no algorithm": Liar(algorithm="none"),
    "an algorithm of no suite": Liar(algorithm="ES256K"),
    "a public key that is not in its DID": Liar(secret=STRANGER, public_key=STRANGER.public_key),
    "the DID of another": Liar(verification_method=method_of(did_of("stranger", "Ed25519"))),
    "a key of another type": Liar(public_key=private_key("issuer", "P-256").public_key),
    "a DID that is none": Liar(verification_method="did:key:zzz#zzz"),
    "a DID URL without a fragment": Liar(verification_method=ISSUER),
    "a fragment that is not there": Liar(verification_method=ISSUER + "#other"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_signer_that_lies_is_found_out(lie: str) -> None:
    with pytest.raises(VCError):
        issue(small(ISSUER), signer=LIES[lie], securing=JCS, created=CREATED)


def test_an_honest_one_is_believed() -> None:
    credential = issue(small(ISSUER), signer=Liar(), securing=JCS, created=CREATED)
    assert verdict_on(credential, ISSUER) is Verdict.VERIFIED


def test_the_signer_is_asked_for_its_public_key_and_not_believed_about_did_web() -> None:
    """Whether a did:web has the key cannot be known here, but what is signed is still checked with the public key."""
    method = "did:web:university.example#key-1"
    assert issue(
        small("did:web:university.example"), signer=Liar(verification_method=method), securing=JCS, created=CREATED
    )
    with pytest.raises(ProofGenerationError):
        issue(
            small("did:web:university.example"),
            signer=Liar(verification_method=method, secret=STRANGER),
            securing=JCS,
            created=CREATED,
        )


class BrokenDevice(Exception):
    """What an external signer may raise."""


def test_a_device_that_breaks_is_heard() -> None:
    @dataclass
    class Broken(Liar):
        def sign(self, data: bytes) -> bytes:
            raise BrokenDevice

    with pytest.raises(BrokenDevice):
        issue(small(ISSUER), signer=Broken(), securing=JCS, created=CREATED)


class Sub(dict[str, Any]):
    """A dictionary that could answer differently the second time."""


BROKEN_CLAIMS: dict[str, tuple[Mapping[Any, Any], str]] = {
    "no context": ({"@context": None}, "MALFORMED_VALUE_ERROR"),
    "an unknown context": ({"@context": [V2, "https://unknown.example/v1"]}, "UNKNOWN_CONTEXT"),
    "an inline context": ({"@context": [V2, {"@vocab": "https://x.example/"}]}, "UNKNOWN_CONTEXT"),
    "a context inside": ({"credentialSubject": {"@context": {}, "id": "urn:x:1"}}, "UNKNOWN_CONTEXT"),
    "another type": ({"type": ["Credential"]}, "MALFORMED_VALUE_ERROR"),
    "a relative id": ({"id": "1"}, "MALFORMED_VALUE_ERROR"),
    "no issuer": ({"issuer": None}, "MALFORMED_VALUE_ERROR"),
    "no subject": ({"credentialSubject": []}, "MALFORMED_VALUE_ERROR"),
    "an empty subject": ({"credentialSubject": {}}, "MALFORMED_VALUE_ERROR"),
    "a period that ends first": (
        {"validFrom": "2027-01-01T00:00:00Z", "validUntil": "2026-01-01T00:00:00Z"},
        "MALFORMED_VALUE_ERROR",
    ),
    "a time without zone": ({"validFrom": "2027-01-01T00:00:00"}, "MALFORMED_VALUE_ERROR"),
    "a status without type": ({"credentialStatus": {"id": "urn:x:1"}}, "MALFORMED_VALUE_ERROR"),
    "a status index that is a number": (
        {
            "credentialStatus": {
                "type": ["BitstringStatusListEntry"],
                "statusPurpose": "revocation",
                "statusListIndex": 7,
                "statusListCredential": "https://status.example/1",
            }
        },
        "STATUS_VERIFICATION_ERROR",
    ),
    "a schema without id": ({"credentialSchema": {"type": "JsonSchema"}}, "MALFORMED_VALUE_ERROR"),
    "a name that is a number": ({"name": 7}, "MALFORMED_VALUE_ERROR"),
    "a resource without digest": ({"relatedResource": {"id": "urn:x:1"}}, "MALFORMED_VALUE_ERROR"),
    "a proof that is none": ({"proof": 7}, "PARSING_ERROR"),
    "a proof that is no proof": ({"proof": {"type": "X"}}, "PROOF_VERIFICATION_ERROR"),
    "a tuple": ({"name": ("a",)}, "PARSING_ERROR"),
    "a decimal": ({"name": Decimal(1)}, "PARSING_ERROR"),
    "bytes": ({"name": b"a"}, "PARSING_ERROR"),
    "a kind of dictionary": ({"credentialSubject": Sub(id="urn:x:1")}, "PARSING_ERROR"),
    "a number for a name": ({7: "a"}, "PARSING_ERROR"),
    "NaN": ({"credentialSubject": {"x": float("nan")}}, "PARSING_ERROR"),
    "2^53": ({"credentialSubject": {"x": 2**53}}, "PARSING_ERROR"),
    "half a surrogate pair": ({"name": "\ud800"}, "PARSING_ERROR"),
    "half a surrogate pair as a name": ({"\ud800": 1}, "PARSING_ERROR"),
}


@pytest.mark.parametrize("rule", BROKEN_CLAIMS)
def test_claims_that_break_a_rule_are_not_issued(rule: str) -> None:
    members, code = BROKEN_CLAIMS[rule]
    with pytest.raises(VCError) as raised:
        issue({**small(ISSUER), **members}, signer=SIGNER, securing=JCS, created=CREATED)
    assert raised.value.code == code


@pytest.mark.parametrize("name", ["@context", "type", "issuer", "credentialSubject"])
def test_claims_without_a_member_that_every_credential_has(name: str) -> None:
    claims = {key: value for key, value in small(ISSUER).items() if key != name}
    with pytest.raises(ProofGenerationError) as raised:
        issue(claims, signer=SIGNER, securing=JCS, created=CREATED)
    assert raised.value.code == "MALFORMED_VALUE_ERROR"


def test_claims_in_a_circle() -> None:
    claims = small(ISSUER)
    claims["credentialSubject"]["self"] = claims["credentialSubject"]
    with pytest.raises(VCError) as raised:
        issue(claims, signer=SIGNER, securing=JCS, created=CREATED)
    assert raised.value.code in {"NESTING_TOO_DEEP", "INPUT_TOO_LARGE"}


@pytest.mark.parametrize(
    ("member", "value"),
    [("admin", True), ("alsoKnownAs", None), ("achievement", {"id": "relative"}), ("heading", []), ("@nest", {"x": 1})],
)
def test_an_rdfc_suite_issues_nothing_that_it_does_not_cover(member: str, value: Any) -> None:
    claims = version_2(ISSUER)
    claims["credentialSubject"][member] = value
    with pytest.raises(VCError) as raised:
        issue(
            claims,
            signer=SIGNER,
            securing=DataIntegrity(cryptosuite="eddsa-rdfc-2022", contexts=CONTEXTS),
            created=CREATED,
        )
    assert raised.value.code in {"DATA_LOSS_DETECTION_ERROR", "PROOF_TRANSFORMATION_ERROR"}


def test_an_expired_credential_can_be_issued() -> None:
    """Issuing is about rules and not about the clock: a credential of the past may be needed again."""
    claims = {**small(ISSUER), "validUntil": "2020-01-01T00:00:00Z"}
    credential = issue(claims, signer=SIGNER, securing=JCS, created=CREATED)
    assert verdict_on(credential, ISSUER) is Verdict.REJECTED


def test_the_claims_are_left_alone() -> None:
    claims = {**small(ISSUER), "@context": [V1], "issuanceDate": "2026-01-01T00:00:00Z"}
    del claims["name"]
    before = copy.deepcopy(claims)
    credential = json.loads(issue(claims, signer=SIGNER, securing=JCS, created=CREATED))
    assert claims == before
    assert credential["@context"] == [V1, DATA_INTEGRITY], "the context that defines the proof's terms"


def test_a_context_is_injected_only_where_it_is_missing() -> None:
    assert json.loads(issue(small(ISSUER), signer=SIGNER, securing=JCS, created=CREATED))["@context"] == [V2]


@pytest.mark.parametrize("name", CRYPTOSUITES)
def test_a_suite_does_not_sign_with_a_key_of_another_type(name: str) -> None:
    takes = {key_type for suite, key_type in SUITES if suite == name}
    for key_type in {"Ed25519", "P-256", "P-384", "secp256k1"} - takes:
        with pytest.raises(ProofGenerationError):
            issue(
                version_1(did_of("issuer", key_type)),
                signer=signer_of("issuer", key_type),
                securing=DataIntegrity(cryptosuite=name, contexts=CONTEXTS),
                created=CREATED,
            )


def test_there_is_no_such_suite() -> None:
    with pytest.raises(ProofGenerationError):
        issue(small(ISSUER), signer=SIGNER, securing=DataIntegrity(cryptosuite="none"), created=CREATED)


def test_a_moment_without_a_zone_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="time zone"):
        issue(small(ISSUER), signer=SIGNER, securing=JCS, created=datetime(2026, 1, 1))  # noqa: DTZ001  (the mistake)


def test_a_private_key_stays_in_its_signer() -> None:
    signer: Signer = SIGNER
    secret = private_key("issuer", "Ed25519").secret
    assert secret.hex() not in repr(signer)
    assert repr(secret) not in repr(signer)

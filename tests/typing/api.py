"""The typed surface, checked by mypy and never run: what a caller may write, and what the types of it are."""

from datetime import UTC, datetime
from typing import assert_type

from did import DIDDocument, PrivateKey, PublicKey, StaticResolver, did_key
from status import NO_STATUS_LISTS
from vc_core import (
    ANY_ISSUER,
    Credential,
    DataIntegrity,
    Evidence,
    LocalSigner,
    Policy,
    Signer,
    Verdict,
    VerificationResult,
    issue,
    verify,
)


class HardwareSigner:
    """A signer of one's own needs no base class."""

    algorithm = "ES256"
    verification_method = "did:web:example.org#key-1"

    def __init__(self, public_key: PublicKey) -> None:
        self.public_key = public_key

    def sign(self, data: bytes) -> bytes:
        return data[:64]


def use(key: PrivateKey, data: bytes, now: datetime) -> None:
    signer: Signer = HardwareSigner(key.public_key)
    signer = LocalSigner(key, did_key(key.public_key))
    assert_type(
        issue({"name": "x"}, signer=signer, securing=DataIntegrity(cryptosuite="eddsa-jcs-2022"), created=now), bytes
    )
    policy = Policy(accepted_issuers=ANY_ISSUER)
    result = verify(
        data,
        resolver=StaticResolver(),
        status=NO_STATUS_LISTS,
        policy=policy,
        now=datetime.now(UTC),
        evidence=Evidence(),
    )
    assert_type(result, VerificationResult)
    assert_type(result.verdict, Verdict)
    assert_type(result.credential, Credential)
    assert_type(StaticResolver().resolve("did:key:z6Mk"), DIDDocument)

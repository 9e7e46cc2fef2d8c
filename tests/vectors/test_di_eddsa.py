"""The vectors of Data Integrity EdDSA Cryptosuites 1.0: every value on the way, in both directions.

The issuer of the published credentials is a URL, and the key that of a did:key. So they are verified by a
policy that does not ask whose key signed; with one that does, they are refused for that reason alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from did import PrivateKey, StaticResolver
from did.multibase import encode_base58btc
from status import NO_STATUS_LISTS
from vc_core import (
    ALGORITHMS,
    ANY_ISSUER,
    CRYPTOSUITES,
    ED25519_OPENSSL,
    Contexts,
    DataIntegrity,
    Limits,
    LocalSigner,
    Outcome,
    Policy,
    VerificationResult,
    datetimestamp,
    issue,
    verify,
)
from vc_core.securing.cryptosuites.cryptosuite import Transformation
from vc_core.securing.proof import read_proofs

NOW = datetime(2026, 1, 1, tzinfo=UTC)

SETS = [
    pytest.param("eddsa-rdfc-2022", "vc-di-eddsa/eddsa-rdfc-2022", "DataInt", "unsigned", id="rdfc-alumni"),
    pytest.param(
        "eddsa-rdfc-2022", "vc-di-eddsa/eddsa-rdfc-2022/employ", "DataInt", "employmentAuth", id="rdfc-employ"
    ),
    pytest.param("eddsa-jcs-2022", "vc-di-eddsa/eddsa-jcs-2022", "JCS", "unsigned", id="jcs"),
    pytest.param("Ed25519Signature2020", "vc-di-eddsa/Ed25519Signature2020", "EdSig", "unsigned", id="2020"),
]
every_set = pytest.mark.parametrize(("suite", "folder", "suffix", "unsigned"), SETS)


@pytest.fixture(scope="module")
def key(conformance: Path) -> PrivateKey:
    pair = json.loads((conformance / "conformance/vc-di-eddsa/keyPair.json").read_text())
    key = PrivateKey.from_multikey(pair["privateKeyMultibase"])
    assert key.public_key.multikey == pair["publicKeyMultibase"]
    return key


def verified(document: dict[str, Any], contexts: Contexts, **options: Any) -> VerificationResult:
    policy = Policy(
        **{"accepted_issuers": ANY_ISSUER, "require_issuer_control": False, "contexts": contexts, **options}
    )
    return verify(
        json.dumps(document).encode(),
        resolver=StaticResolver(),
        status=NO_STATUS_LISTS,
        policy=policy,
        now=NOW,
    )


@every_set
def test_every_value_on_the_way(
    suite: str,
    folder: str,
    suffix: str,
    unsigned: str,
    vector: Callable[..., Any],
    contexts: Contexts,
    key: PrivateKey,
) -> None:
    published = vector(folder, suffix, unsigned)
    signed, cryptosuite = published.json("signed"), CRYPTOSUITES[suite]
    transformation = Transformation(contexts, Limits())

    def canonical(document: dict[str, Any]) -> bytes:
        return cryptosuite.canonicalization.canonicalize(document, "sha256", transformation)

    document = {name: value for name, value in signed.items() if name != "proof"}
    assert canonical(document).decode() == published.text("canonDoc")
    assert canonical(published.json("proofConfig")).decode() == published.text("proofCanon")
    assert hashlib.sha256(canonical(document)).hexdigest() == published.text("docHash")
    assert hashlib.sha256(canonical(published.json("proofConfig"))).hexdigest() == published.text("proofHash")

    (proof,) = read_proofs(signed, cryptosuites=CRYPTOSUITES, limits=Limits())
    signed_data = proof.signed_data(signed, key.public_key, transformation)
    assert signed_data.data.hex() == published.text("combinedHash")
    assert signed_data.signature.hex() == published.text("sigHex")
    assert signed_data.algorithm == "Ed25519"

    signature = ALGORITHMS["Ed25519"].sign(key, bytes.fromhex(published.text("combinedHash")))
    assert signature.hex() == published.text("sigHex")
    assert "z" + encode_base58btc(signature) == published.text("sigBTC58") == signed["proof"]["proofValue"]


@every_set
def test_issuing_gives_the_published_document(
    suite: str,
    folder: str,
    suffix: str,
    unsigned: str,
    vector: Callable[..., Any],
    contexts: Contexts,
    key: PrivateKey,
) -> None:
    published = vector(folder, suffix, unsigned)
    signed = published.json("signed")

    issued = issue(
        published.unsigned,
        signer=LocalSigner(key, signed["proof"]["verificationMethod"]),
        securing=DataIntegrity(cryptosuite=suite, contexts=contexts),
        created=datetimestamp.parse(signed["proof"]["created"]),
    )

    assert json.loads(issued) == signed


@every_set
@pytest.mark.parametrize("backend", [ALGORITHMS["Ed25519"], ED25519_OPENSSL], ids=["libsodium", "OpenSSL"])
def test_the_published_document_verifies(
    suite: str,
    folder: str,
    suffix: str,
    unsigned: str,
    backend: Any,
    vector: Callable[..., Any],
    contexts: Contexts,
) -> None:
    signed = vector(folder, suffix, unsigned).json("signed")

    result = verified(signed, contexts, algorithms={"Ed25519": backend})

    assert result.problems == ()
    assert result.securing == suite
    assert result.credential.proven_by[0].verification_method == signed["proof"]["verificationMethod"]
    if suite == "eddsa-jcs-2022":
        assert result.credential.claims == {name: value for name, value in signed.items() if name != "proof"}


@every_set
def test_whose_key_signed_is_another_question(
    suite: str, folder: str, suffix: str, unsigned: str, vector: Callable[..., Any], contexts: Contexts
) -> None:
    result = verified(vector(folder, suffix, unsigned).json("signed"), contexts, require_issuer_control=True)

    assert [problem.code for problem in result.problems] == ["ISSUER_MISMATCH"]


@every_set
def test_a_changed_document_is_refused(
    suite: str, folder: str, suffix: str, unsigned: str, vector: Callable[..., Any], contexts: Contexts
) -> None:
    signed = vector(folder, suffix, unsigned).json("signed")
    proof = signed["proof"]
    changes: dict[str, dict[str, Any]] = {
        "a claim": {**signed, "name": "Another"},
        "a claim less": {name: value for name, value in signed.items() if name != "description"},
        "when it was made": {**signed, "proof": {**proof, "created": "2023-02-24T23:36:39Z"}},
        "an option more": {**signed, "proof": {**proof, "nonce": "1"}},
        "the signature": {**signed, "proof": {**proof, "proofValue": proof["proofValue"][:-1] + "1"}},
    }

    for what, changed in changes.items():
        result = verified(changed, contexts)
        assert {problem.code for problem in result.problems} == {"PROOF_VERIFICATION_ERROR"}, what


@every_set
def test_another_suite_than_the_one_that_signed_is_refused(
    suite: str, folder: str, suffix: str, unsigned: str, vector: Callable[..., Any], contexts: Contexts
) -> None:
    signed = vector(folder, suffix, unsigned).json("signed")
    named_by_type = {"type": "Ed25519Signature2020", "cryptosuite": None}

    for other in ("eddsa-rdfc-2022", "eddsa-jcs-2022", "Ed25519Signature2020"):
        name = (
            named_by_type if other == "Ed25519Signature2020" else {"type": "DataIntegrityProof", "cryptosuite": other}
        )
        proof = {key: value for key, value in {**signed["proof"], **name}.items() if value is not None}
        assert bool(verified({**signed, "proof": proof}, contexts)) == (other == suite), other


def test_the_name_of_a_suite_is_no_type_of_a_proof_nor_the_reverse(
    vector: Callable[..., Any], contexts: Contexts
) -> None:
    signed = vector("vc-di-eddsa/eddsa-jcs-2022", "JCS", "unsigned").json("signed")
    named = {name: value for name, value in signed["proof"].items() if name not in ("type", "cryptosuite")}

    for name in (
        {"type": "eddsa-jcs-2022"},
        {"type": "eddsa-jcs-2022", "cryptosuite": "eddsa-jcs-2022"},
        {"type": "DataIntegrityProof", "cryptosuite": "Ed25519Signature2020"},
        {"type": "dataIntegrityProof", "cryptosuite": "eddsa-jcs-2022"},
        {"type": "DataIntegrityProof", "cryptosuite": "EDDSA-JCS-2022"},
        {"type": "DataIntegrityProof", "cryptosuite": "eddsa-2022"},
    ):
        result = verified({**signed, "proof": {**named, **name}}, contexts)
        assert [problem.code for problem in result.problems] == ["PROOF_VERIFICATION_ERROR"], name
        assert [each.check for each in result.checks if each.outcome is Outcome.FAILED] == ["proof"], name


def test_a_context_put_behind_the_signed_ones_is_refused(vector: Callable[..., Any], contexts: Contexts) -> None:
    """The specification lets a document go on where the contexts of its JCS proof end; nobody signed that end."""
    signed = vector("vc-di-eddsa/eddsa-jcs-2022", "JCS", "unsigned").json("signed")
    longer = [*signed["@context"], "https://w3id.org/security/data-integrity/v2"]
    proof = signed["proof"]

    for changed in (
        {**signed, "@context": longer},
        {**signed, "proof": {**proof, "@context": longer}},
        {**signed, "proof": {**proof, "@context": longer[:1]}},
        {**signed, "proof": {**proof, "@context": longer[0]}},
        {**signed, "proof": {**proof, "@context": None}},
    ):
        problems = verified(changed, contexts).problems
        assert [(problem.code, problem.at) for problem in problems] == [("PROOF_VERIFICATION_ERROR", "/@context")]


def test_a_context_inside_of_an_rdfc_proof_is_refused(vector: Callable[..., Any], contexts: Contexts) -> None:
    """It would be replaced by the document's before anything is hashed, so nobody signed it."""
    signed = vector("vc-di-eddsa/eddsa-rdfc-2022", "DataInt", "unsigned").json("signed")

    problems = verified({**signed, "proof": {**signed["proof"], "@context": signed["@context"]}}, contexts).problems

    assert [(problem.code, problem.at) for problem in problems] == [("PROOF_VERIFICATION_ERROR", "/proof/@context")]


def test_an_empty_table_verifies_nothing(vector: Callable[..., Any], contexts: Contexts) -> None:
    signed = vector("vc-di-eddsa/eddsa-jcs-2022", "JCS", "unsigned").json("signed")

    for options in ({"cryptosuites": {}}, {"algorithms": {}}):
        assert [problem.code for problem in verified(signed, contexts, **options).problems] == [
            "PROOF_VERIFICATION_ERROR"
        ]

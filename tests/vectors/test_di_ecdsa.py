"""The vectors of Data Integrity ECDSA Cryptosuites 1.0: every value on the way, in both directions.

The vectors were signed with the nonces of RFC 6979, and `s` as it came; so signing gives them exactly. With
P-384 the canonicalization itself runs with SHA-384, which shows in the vector with several blank nodes. As
with the vectors of EdDSA, the issuer is not the controller of the key. The selective-disclosure suite
belongs to a later version.
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
    Contexts,
    DataIntegrity,
    Limits,
    LocalSigner,
    Policy,
    VerificationResult,
    datetimestamp,
    issue,
    verify,
)
from vc_core.securing.cryptosuites.cryptosuite import Transformation
from vc_core.securing.proof import read_proofs

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HASH = {"P-256": "sha256", "P-384": "sha384"}
ALGORITHM = {"P-256": "ES256", "P-384": "ES384"}
ORDER = {
    "P-256": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "P-384": 2**384 - 0x389CB27E0BC8D220A7E5F24DB74F58851313E695333AD68D,
}

SETS = [
    pytest.param(
        suite,
        curve,
        f"{suite}-{curve.replace('-', '').lower()}{folder}",
        f"{ending}{curve.replace('-', '')}",
        unsigned,
        id=f"{suite}-{curve}{folder}",
    )
    for curve in ("P-256", "P-384")
    for suite, folder, ending, unsigned in (
        ("ecdsa-rdfc-2019", "", "ECDSA", "unsigned"),
        ("ecdsa-rdfc-2019", "/employ", "ECDSA", "employmentAuth"),
        ("ecdsa-jcs-2019", "", "JCSECDSA", "unsigned"),
    )
]
every_set = pytest.mark.parametrize(("suite", "curve", "folder", "suffix", "unsigned"), SETS)


@pytest.fixture(scope="module")
def keys(conformance: Path) -> dict[str, PrivateKey]:
    found = {}
    for curve in HASH:
        name = f"{curve.replace('-', '').lower()}KeyPair.json"
        pair = json.loads((conformance / "conformance/vc-di-ecdsa" / name).read_text())
        found[curve] = PrivateKey.from_multikey(pair["secretKeyMultibase"])
        assert found[curve].public_key.multikey == pair["publicKeyMultibase"]
    return found


def verified(document: dict[str, Any], contexts: Contexts) -> VerificationResult:
    policy = Policy(accepted_issuers=ANY_ISSUER, require_issuer_control=False, contexts=contexts)
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
    curve: str,
    folder: str,
    suffix: str,
    unsigned: str,
    vector: Callable[..., Any],
    contexts: Contexts,
    keys: dict[str, PrivateKey],
) -> None:
    published = vector(f"vc-di-ecdsa/{folder}", suffix, unsigned)
    signed, cryptosuite, key = published.json("signed"), CRYPTOSUITES[suite], keys[curve]
    transformation = Transformation(contexts, Limits())

    def canonical(document: dict[str, Any]) -> bytes:
        return cryptosuite.canonicalization.canonicalize(document, HASH[curve], transformation)

    def hashed(document: dict[str, Any]) -> str:
        return hashlib.new(HASH[curve], canonical(document)).hexdigest()

    document = {name: value for name, value in signed.items() if name != "proof"}
    assert canonical(document).decode() == published.text("canonDoc")
    assert canonical(published.json("proofConfig")).decode() == published.text("proofCanon")
    assert hashed(document) == published.text("docHash")
    assert hashed(published.json("proofConfig")) == published.text("proofHash")

    (proof,) = read_proofs(signed, cryptosuites=CRYPTOSUITES, limits=Limits())
    signed_data = proof.signed_data(signed, key.public_key, transformation)
    assert signed_data.data.hex() == published.text("combinedHash")
    assert signed_data.signature.hex() == published.text("sigHex")
    assert signed_data.algorithm == ALGORITHM[curve]

    signature = ALGORITHMS[ALGORITHM[curve]].sign(key, bytes.fromhex(published.text("combinedHash")))
    assert signature.hex() == published.text("sigHex")
    assert "z" + encode_base58btc(signature) == published.text("sigBTC58") == signed["proof"]["proofValue"]


@every_set
def test_issuing_gives_the_published_document(
    suite: str,
    curve: str,
    folder: str,
    suffix: str,
    unsigned: str,
    vector: Callable[..., Any],
    contexts: Contexts,
    keys: dict[str, PrivateKey],
) -> None:
    published = vector(f"vc-di-ecdsa/{folder}", suffix, unsigned)
    signed = published.json("signed")

    issued = issue(
        published.unsigned,
        signer=LocalSigner(keys[curve], signed["proof"]["verificationMethod"]),
        securing=DataIntegrity(cryptosuite=suite, contexts=contexts),
        created=datetimestamp.parse(signed["proof"]["created"]),
    )

    assert json.loads(issued) == signed


@every_set
def test_the_published_document_verifies_and_a_changed_one_does_not(
    suite: str,
    curve: str,
    folder: str,
    suffix: str,
    unsigned: str,
    vector: Callable[..., Any],
    contexts: Contexts,
) -> None:
    signed = vector(f"vc-di-ecdsa/{folder}", suffix, unsigned).json("signed")
    proof = signed["proof"]
    changes: list[dict[str, Any]] = [
        {**signed, "name": "Another"},
        {**signed, "proof": {**proof, "created": "2023-02-24T23:36:39Z"}},
        {**signed, "proof": {**proof, "nonce": "1"}},
        {**signed, "proof": {**proof, "proofValue": proof["proofValue"][:-1] + "1"}},
    ]

    assert verified(signed, contexts).problems == ()
    for changed in changes:
        assert {problem.code for problem in verified(changed, contexts).problems} == {"PROOF_VERIFICATION_ERROR"}


@every_set
def test_the_other_form_of_the_signature_holds_as_well(
    suite: str,
    curve: str,
    folder: str,
    suffix: str,
    unsigned: str,
    vector: Callable[..., Any],
    contexts: Contexts,
) -> None:
    """Of `s` and `n - s` neither is preferred by the specification: a signature identifies no document."""
    published = vector(f"vc-di-ecdsa/{folder}", suffix, unsigned)
    signed, size = published.json("signed"), int(curve[2:]) // 8
    signature = bytes.fromhex(published.text("sigHex"))
    flipped = signature[:size] + (ORDER[curve] - int.from_bytes(signature[size:], "big")).to_bytes(size, "big")

    result = verified({**signed, "proof": {**signed["proof"], "proofValue": "z" + encode_base58btc(flipped)}}, contexts)

    assert flipped != signature
    assert result.problems == ()


def test_only_sha_384_labels_reproduce_the_vector_with_several_blank_nodes(
    vector: Callable[..., Any], contexts: Contexts
) -> None:
    published = vector("vc-di-ecdsa/ecdsa-rdfc-2019-p384/employ", "ECDSAP384", "employmentAuth")
    canonicalize = CRYPTOSUITES["ecdsa-rdfc-2019"].canonicalization.canonicalize
    transformation = Transformation(contexts, Limits())

    assert canonicalize(published.unsigned, "sha384", transformation).decode() == published.text("canonDoc")
    assert canonicalize(published.unsigned, "sha256", transformation).decode() != published.text("canonDoc")


def test_a_p_256_key_in_the_place_of_a_p_384_key_is_refused(
    vector: Callable[..., Any], contexts: Contexts, keys: dict[str, PrivateKey]
) -> None:
    signed = vector("vc-di-ecdsa/ecdsa-jcs-2019-p384", "JCSECDSAP384", "unsigned").json("signed")
    other = keys["P-256"].public_key.multikey

    result = verified(
        {**signed, "proof": {**signed["proof"], "verificationMethod": f"did:key:{other}#{other}"}}, contexts
    )

    assert [problem.code for problem in result.problems] == ["PROOF_VERIFICATION_ERROR"]

"""Proof sets and proof chains: the published ones reproduced and verified, and what is no chain refused."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from did import PrivateKey, StaticResolver
from status import NO_STATUS_LISTS
from vc_core import (
    ANY_ISSUER,
    Contexts,
    DataIntegrity,
    LocalSigner,
    Policy,
    VCError,
    VerificationResult,
    datetimestamp,
    issue,
    verify,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
STEPS = [
    ("proofSetConfigSigned1", "signedProofSet1", 1),
    ("proofSetConfigSigned2", "signedProofSet2", 2),
    ("proofChainConfigSigned1", "signedProofChain1", 3),
    ("proofChainConfigSigned2", "signedProofChain2", 4),
]


@pytest.fixture(scope="module")
def published(conformance: Path) -> dict[str, Any]:
    folder = conformance / "conformance/vc-di-eddsa/proof-set-chain"
    return {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}


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


def proofs_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    return document["proof"] if isinstance(document["proof"], list) else [document["proof"]]


def problems(document: dict[str, Any], contexts: Contexts) -> list[tuple[str, str]]:
    return [(problem.code, problem.at) for problem in verified(document, contexts).problems]


@pytest.mark.parametrize(("proof", "document", "key"), STEPS)
def test_each_step_of_the_published_chain_is_reproduced(
    proof: str, document: str, key: int, published: dict[str, Any], contexts: Contexts
) -> None:
    before = STEPS[key - 2][1] if key > 1 else "unsigned"
    config = published[proof]
    secret = published["multiKeyPairs"][f"keyPair{key}"]["privateKeyMultibase"]

    issued = json.loads(
        issue(
            published[before],
            signer=LocalSigner(PrivateKey.from_multikey(secret), config["verificationMethod"]),
            securing=DataIntegrity(
                cryptosuite="eddsa-rdfc-2022",
                proof_id=config.get("id"),
                previous_proof=config.get("previousProof"),
                contexts=contexts,
            ),
            created=datetimestamp.parse(config["created"]),
        )
    )

    assert proofs_of(issued)[-1] == config
    assert issued == published[document]


@pytest.mark.parametrize("document", [document for _, document, _ in STEPS])
def test_the_published_sets_and_chains_verify(document: str, published: dict[str, Any], contexts: Contexts) -> None:
    result = verified(published[document], contexts)

    assert result.problems == ()
    assert [each.verification_method for each in result.credential.proven_by] == [
        proof["verificationMethod"] for proof in proofs_of(published[document])
    ]


def test_every_proof_of_a_set_has_to_hold(published: dict[str, Any], contexts: Contexts) -> None:
    for position in range(4):
        document = copy.deepcopy(published["signedProofChain2"])
        proof = document["proof"][position]
        proof["created"] = "2023-02-20T00:00:00Z"

        found = problems(document, contexts)

        assert ("PROOF_VERIFICATION_ERROR", f"/proof/{position}") in found, position
        assert len(found) == (2 if position < 3 else 1), "whoever names the changed proof does not hold either"


def test_the_order_of_the_proofs_does_not_matter(published: dict[str, Any], contexts: Contexts) -> None:
    document = {**published["signedProofChain2"], "proof": published["signedProofChain2"]["proof"][::-1]}

    assert problems(document, contexts) == []


def test_a_proof_that_is_named_cannot_be_taken_away(published: dict[str, Any], contexts: Contexts) -> None:
    proofs = published["signedProofChain2"]["proof"]

    for position in range(3):
        document = {**published["signedProofChain2"], "proof": proofs[:position] + proofs[position + 1 :]}
        assert [code for code, _ in problems(document, contexts)] == ["PROOF_VERIFICATION_ERROR"]


def test_a_proof_that_nobody_names_can_be_taken_away(published: dict[str, Any], contexts: Contexts) -> None:
    """A set does not protect its size: who needs two signers asks for the methods in the result."""
    chain = published["signedProofChain2"]

    result = verified({**chain, "proof": chain["proof"][:3]}, contexts)

    assert result
    assert len(result.credential.proven_by) == 3


ID = "urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544"


@pytest.mark.parametrize(
    ("previous", "named"),
    [
        (None, "/proof/1/previousProof"),
        (1, "/proof/1/previousProof"),
        (True, "/proof/1/previousProof"),
        ({"id": ID}, "/proof/1/previousProof"),
        ([], "/proof/1/previousProof"),
        ("", "/proof/1/previousProof"),
        ([ID, ID], "/proof/1/previousProof"),
        ([ID, 1], "/proof/1/previousProof"),
        ([[ID]], "/proof/1/previousProof"),
        ("urn:uuid:nobody", "/proof/1/previousProof"),
        ([ID, "urn:uuid:nobody"], "/proof/1/previousProof"),
        ("urn:uuid:itself", "/proof"),
        ([ID, "urn:uuid:itself"], "/proof"),
    ],
)
def test_what_is_no_previous_proof(previous: Any, named: str, published: dict[str, Any], contexts: Contexts) -> None:
    document = copy.deepcopy(published["signedProofSet2"])
    document["proof"][1] |= {"id": "urn:uuid:itself", "previousProof": previous}

    assert problems(document, contexts) == [("PROOF_VERIFICATION_ERROR", named)]


def test_a_single_proof_is_reported_at_its_own_place(published: dict[str, Any], contexts: Contexts) -> None:
    proof = published["signedProofSet1"]["proof"]
    document = {**published["signedProofSet1"], "proof": {**proof, "previousProof": "urn:uuid:nobody"}}

    assert problems(document, contexts) == [("PROOF_VERIFICATION_ERROR", "/proof/previousProof")]


def test_proofs_that_name_each_other_are_no_chain(published: dict[str, Any], contexts: Contexts) -> None:
    document = copy.deepcopy(published["signedProofChain2"])
    first, _, third, _ = document["proof"]
    first["previousProof"] = third["id"]

    assert problems(document, contexts) == [("PROOF_VERIFICATION_ERROR", "/proof")]


def test_two_proofs_with_one_id_are_refused(published: dict[str, Any], contexts: Contexts) -> None:
    document = copy.deepcopy(published["signedProofSet2"])
    document["proof"][1]["id"] = document["proof"][0]["id"]

    assert problems(document, contexts) == [("PROOF_VERIFICATION_ERROR", "/proof/1/id")]


def test_the_same_proof_twice_is_refused(published: dict[str, Any], contexts: Contexts) -> None:
    """Two signatures by one key are not those of two signers, whatever their order of members."""
    proof = published["signedProofSet1"]["proof"]
    document = {**published["signedProofSet1"], "proof": [proof, dict(reversed(proof.items()))]}

    assert problems(document, contexts) == [("PROOF_VERIFICATION_ERROR", "/proof/1")]


@pytest.mark.parametrize(("count", "code"), [(16, "PROOF_VERIFICATION_ERROR"), (17, "TOO_MANY_PROOFS")])
def test_the_number_of_proofs_has_a_limit(count: int, code: str, published: dict[str, Any], contexts: Contexts) -> None:
    proof = published["signedProofSet1"]["proof"]
    document = {
        **published["signedProofSet1"],
        "proof": [{**proof, "id": f"urn:uuid:{number}"} for number in range(count)],
    }

    assert {each for each, _ in problems(document, contexts)} == {code}


def test_a_chain_is_extended_only_from_a_proof_that_is_there(published: dict[str, Any], contexts: Contexts) -> None:
    pair = published["multiKeyPairs"]["keyPair4"]
    did = f"did:key:{pair['publicKeyMultibase']}"
    signer = LocalSigner(PrivateKey.from_multikey(pair["privateKeyMultibase"]), f"{did}#{pair['publicKeyMultibase']}")
    securing = DataIntegrity(cryptosuite="eddsa-rdfc-2022", previous_proof="urn:uuid:nobody", contexts=contexts)

    with pytest.raises(VCError, match="not there"):
        issue(published["signedProofSet1"], signer=signer, securing=securing, created=NOW)


SUITES = ("eddsa-jcs-2022", "eddsa-rdfc-2022", "Ed25519Signature2020")
NO_SET = {
    (first, "Ed25519Signature2020"): "its terms need a context that the first proof does not cover"
    for first in ("eddsa-jcs-2022", "eddsa-rdfc-2022")
}
NO_CHAIN = {
    **NO_SET,
    ("Ed25519Signature2020", "Ed25519Signature2020"): "its context does not define previousProof",
}


@pytest.mark.parametrize("first", SUITES)
@pytest.mark.parametrize("second", SUITES)
@pytest.mark.parametrize("chained", [False, True], ids=["set", "chain"])
def test_sets_and_chains_of_different_suites(
    first: str, second: str, chained: bool, published: dict[str, Any], contexts: Contexts
) -> None:
    pair = published["multiKeyPairs"]["keyPair1"]
    did = f"did:key:{pair['publicKeyMultibase']}"
    signer = LocalSigner(PrivateKey.from_multikey(pair["privateKeyMultibase"]), f"{did}#{pair['publicKeyMultibase']}")
    claims = {  # without the context of the examples, which defines whatever term there is
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": did,
        "credentialSubject": {"id": "did:example:learner"},
    }
    securing = DataIntegrity(cryptosuite=first, proof_id=ID, contexts=contexts)
    one = json.loads(issue(claims, signer=signer, securing=securing, created=NOW))
    securing = DataIntegrity(cryptosuite=second, previous_proof=ID if chained else None, contexts=contexts)

    if (first, second) in (NO_CHAIN if chained else NO_SET):
        with pytest.raises(VCError):
            issue(one, signer=signer, securing=securing, created=NOW)
        return
    both = json.loads(issue(one, signer=signer, securing=securing, created=NOW))

    assert problems(both, contexts) == []
    both["proof"][0]["created"] = "2025-12-31T00:00:00Z"
    assert {at for _, at in problems(both, contexts)} == ({"/proof/0", "/proof/1"} if chained else {"/proof/0"})


# -- the fixtures of the implementation suites -----------------------------------------------------


def test_the_fixtures_with_previous_proofs(conformance: Path, contexts: Contexts) -> None:
    """Four must verify and eight must not; all have contexts written out, which have to be allowed."""
    found: dict[str, bool] = {}
    for path in sorted((conformance / "conformance/vc-di-previous-proof").glob("*.json")):
        document = json.loads(path.read_text())
        result = verified(document, contexts, allow_inline_contexts=True)
        found[path.stem] = bool(result)
        if "Fail" in path.stem:
            places = [(problem.code, problem.at) for problem in result.problems]
            assert ("PROOF_VERIFICATION_ERROR", "/proof/1/previousProof") in places, path.stem
        assert {problem.code for problem in verified(document, contexts).problems} >= {"UNKNOWN_CONTEXT"}, path.stem

    assert len(found) == 12
    assert {name for name, holds in found.items() if holds} == {
        f"{version}-previousProof{form}Ok-SimpleSigned2" for version in ("1.1", "2.0") for form in ("Array", "String")
    }

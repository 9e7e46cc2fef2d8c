"""Open Badges 3.0: the vector of the specification, and micro-credentials from the Netherlands and Slovenia.

Of CLR 2.0 the data holds canonical N-Quads only, neither the document nor the context they were made from.
So the proof's N-Quads can be reproduced; of the document's it can only be shown that they are in canonical
form.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from did import PrivateKey, PublicKey, StaticResolver, did_key
from status import NO_STATUS_LISTS
from vc_core import (
    ANY_ISSUER,
    CRYPTOSUITES,
    PINNED_CONTEXTS,
    Contexts,
    DataIntegrity,
    Limits,
    LocalSigner,
    Policy,
    ProofGenerationError,
    ProofTransformationError,
    ProofVerificationError,
    Verdict,
    VerificationResult,
    issue,
    verify,
)
from vc_core.canonical import nquads, rdfc
from vc_core.securing.cryptosuites.cryptosuite import Transformation
from vc_core.securing.proof import read_proofs
from vc_core.securing.signed_data import check

NOW = datetime(2026, 6, 1, tzinfo=UTC)
KEY = PrivateKey("Ed25519", bytes(range(32)))
ISSUER = did_key(KEY.public_key)
SIGNER = LocalSigner(KEY, f"{ISSUER}#{ISSUER.removeprefix('did:key:')}")
TRANSFORMATION = Transformation(PINNED_CONTEXTS, Limits())
EDUCREDENTIAL = (
    "https://raw.githubusercontent.com/educredentials/obv3-examples/refs/heads/main/contexts/educredential.json"
)
SLOVENE = "mynextid-open-badge-mc-example"


@pytest.fixture(scope="module")
def folder(conformance: Path) -> Path:
    return conformance / "elm/samples/openbadges"


@pytest.fixture(scope="module")
def vector(folder: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((folder / "ob3-eddsa-rdfc-2022-vector.json").read_text())
    return value


@pytest.fixture(scope="module")
def samples(folder: Path) -> dict[str, dict[str, Any]]:
    """The micro-credentials, each with an issuer whose key we have."""
    found = {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*micro*.json"))}
    found[SLOVENE] = json.loads((folder / f"{SLOVENE}.json").read_text())
    return {name: {**claims, "issuer": {**claims["issuer"], "id": ISSUER}} for name, claims in found.items()}


@pytest.fixture(scope="module")
def educredential(conformance: Path) -> Contexts:
    """With the Dutch extension as it is published: a key `context` in it should be `@context`."""
    return PINNED_CONTEXTS | {EDUCREDENTIAL: (conformance / "elm/contexts/educredential-context.json").read_bytes()}


def canonical(document: dict[str, Any]) -> bytes:
    return CRYPTOSUITES["eddsa-rdfc-2022"].canonicalization.canonicalize(document, "sha256", TRANSFORMATION)


def verified(document: bytes, contexts: Contexts) -> VerificationResult:
    policy = Policy(accepted_issuers=ANY_ISSUER, contexts=contexts)
    return verify(document, resolver=StaticResolver(), status=NO_STATUS_LISTS, policy=policy, now=NOW)


# -- the vectors -----------------------------------------------------------------------------------


def test_the_vector_of_the_specification(folder: Path, vector: dict[str, Any]) -> None:
    signed = vector["securedCredential"]
    document = {name: value for name, value in signed.items() if name != "proof"}
    options = {name: value for name, value in signed["proof"].items() if name != "proofValue"}
    options["@context"] = signed["@context"]

    assert canonical(document).decode() == (folder / "ob3-document-canon.nq").read_text()
    assert canonical(options).decode() == (folder / "ob3-proof-canon.nq").read_text()
    assert hashlib.sha256(canonical(document)).hexdigest() == vector["documentHashHex"]
    assert hashlib.sha256(canonical(options)).hexdigest() == vector["proofHashHex"]

    key = PublicKey.from_multikey(vector["publicKeyMultibase"])
    (proof,) = read_proofs(signed, cryptosuites=CRYPTOSUITES, limits=Limits())
    check(proof.signed_data(signed, key, TRANSFORMATION), key)
    changed = {**signed, "name": "Another Badge"}
    with pytest.raises(ProofVerificationError):
        check(proof.signed_data(changed, key, TRANSFORMATION), key)


def test_the_vector_is_verified_with_the_document_of_its_issuer(vector: dict[str, Any]) -> None:
    """The issuer is an https URL: its controlled identifier document is evidence, and without it nothing is known."""
    signed = vector["securedCredential"]
    issuer, url = signed["issuer"]["id"], signed["proof"]["verificationMethod"]
    method = {
        "id": url,
        "type": "Multikey",
        "controller": issuer,
        "publicKeyMultibase": vector["publicKeyMultibase"],
    }
    documents = {issuer: {"id": issuer, "verificationMethod": [method], "assertionMethod": [url]}}
    policy = Policy(accepted_issuers=frozenset({issuer}), contexts=PINNED_CONTEXTS)
    data = json.dumps(signed).encode()

    def problems(resolver: StaticResolver) -> tuple[Verdict, set[str]]:
        result = verify(data, resolver=resolver, status=NO_STATUS_LISTS, policy=policy, now=NOW)
        return result.verdict, {problem.code for problem in result.problems}

    assert problems(StaticResolver(documents)) == (Verdict.VERIFIED, set())
    assert problems(StaticResolver()) == (Verdict.UNDECIDED, {"NOT_FOUND"})


def test_the_n_quads_of_clr_2(folder: Path, vector: dict[str, Any]) -> None:
    """The proof's are those of Open Badges, made by the same key at the same time with the same terms."""
    proof = (folder / "clr2-proof-canon.nq").read_text()
    document = (folder / "clr2-document-canon.nq").read_text()
    options = {name: value for name, value in vector["securedCredential"]["proof"].items() if name != "proofValue"}

    assert canonical({**options, "@context": ["https://w3id.org/security/data-integrity/v2"]}).decode() == proof
    for text in (proof, document):
        assert rdfc.canonicalize(nquads.parse(text), work_limit=10_000).nquads == text


# -- the samples -----------------------------------------------------------------------------------


def test_the_samples_are_eleven(samples: dict[str, Any]) -> None:
    assert len(samples) == 11


def test_every_sample_under_jcs(samples: dict[str, dict[str, Any]], educredential: Contexts) -> None:
    securing = DataIntegrity(cryptosuite="eddsa-jcs-2022", contexts=educredential)
    for name, claims in samples.items():
        secured = issue(claims, signer=SIGNER, securing=securing, created=NOW)

        result = verified(secured, educredential)

        assert result.problems == (), name
        assert result.credential.claims == claims, name
        assert not verified(
            secured.replace(b'"EQF level 4"', b'"EQF level 7"').replace(b"Data Science", b"Law"),
            educredential,
        )


def test_a_context_that_was_not_supplied_is_refused(samples: dict[str, dict[str, Any]]) -> None:
    securing = DataIntegrity(cryptosuite="eddsa-jcs-2022")
    for name, claims in samples.items():
        if name == SLOVENE:
            continue
        with pytest.raises(ProofGenerationError) as caught:
            issue(claims, signer=SIGNER, securing=securing, created=NOW)
        assert (caught.value.code, caught.value.at) == ("UNKNOWN_CONTEXT", "/@context/2"), name


def test_the_slovene_sample_under_rdfc(samples: dict[str, dict[str, Any]]) -> None:
    """Open Badges 3.0 spells some datatypes with `https`; they are the datatypes of literals all the same."""
    secured = issue(samples[SLOVENE], signer=SIGNER, securing=DataIntegrity(cryptosuite="eddsa-rdfc-2022"), created=NOW)

    result = verified(secured, PINNED_CONTEXTS)

    assert result.problems == ()
    assert canonical(result.credential.claims) == canonical(samples[SLOVENE])
    for claim, other in (
        (b'"hashed":true', b'"hashed":false'),
        (b'"creditsAvailable":5', b'"creditsAvailable":6'),
    ):
        assert claim in secured
        assert not verified(secured.replace(claim, other), PINNED_CONTEXTS)


def mended(claims: dict[str, Any]) -> dict[str, Any]:
    """A Dutch sample with the context that defines its schema type, and its credits as an integer."""
    subject = claims["credentialSubject"]
    achievement = {
        name: int(value) if isinstance(value, float) else value for name, value in subject["achievement"].items()
    }
    contexts = [*claims["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
    return {**claims, "@context": contexts, "credentialSubject": {**subject, "achievement": achievement}}


def test_the_dutch_samples_are_no_sound_json_ld(
    samples: dict[str, dict[str, Any]], educredential: Contexts, conformance: Path
) -> None:
    """Their context has a slip; a term of theirs is in no context; and `3.0` is written by some as `3`, by some not.

    With all three mended they are issued under RDFC, and not before.
    """
    published = (conformance / "elm/contexts/educredential-context.json").read_bytes()
    sound = PINNED_CONTEXTS | {EDUCREDENTIAL: published.replace(b'"context"', b'"@context"')}
    found = set()
    for name, claims in samples.items():
        if name == SLOVENE:
            continue
        for contexts in (educredential, sound):
            securing = DataIntegrity(cryptosuite="eddsa-rdfc-2022", contexts=contexts)
            with pytest.raises(ProofTransformationError) as caught:
                issue(claims, signer=SIGNER, securing=securing, created=NOW)
            found.add((caught.value.code, caught.value.at))
        assert verified(issue(mended(claims), signer=SIGNER, securing=securing, created=NOW), sound), name

    assert found == {
        ("PROOF_TRANSFORMATION_ERROR", "/@context/2"),
        ("DATA_LOSS_DETECTION_ERROR", "/credentialSchema/0/type"),
        ("PROOF_TRANSFORMATION_ERROR", "/credentialSubject/achievement/ECTS"),
    }

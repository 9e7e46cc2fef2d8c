"""The European Commission's own micro-credential sample (Annex I), from claims to verdict.

The published file is a credential as it is before it is sealed: data model 1.1, without a date of issuance
and with a place holder for the issuer. As a sealer does, `sealed` puts in both and changes nothing else.
The context of the European Learning Model is known by name only, which is enough for a JCS suite; an RDFC
suite needs its terms.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from did import PrivateKey, StaticResolver, did_key
from status import NO_STATUS_LISTS
from vc_core import (
    CRYPTOSUITES,
    PINNED_CONTEXTS,
    Contexts,
    DataIntegrity,
    Limits,
    LocalSigner,
    Policy,
    ProofGenerationError,
    ProofTransformationError,
    VerificationResult,
    issue,
    verify,
)
from vc_core.cli import main
from vc_core.securing.cryptosuites.cryptosuite import Transformation

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
TIME = "2026-01-31T12:00:00Z"
EDC = "http://data.europa.eu/snb/model/context/edc-ap"
SECRETS = {"Ed25519": bytes(range(32)), "P-256": bytes(range(1, 33)), "P-384": bytes(range(1, 49))}
SUITES = [
    ("eddsa-jcs-2022", "Ed25519"),
    ("eddsa-rdfc-2022", "Ed25519"),
    ("Ed25519Signature2020", "Ed25519"),
    ("ecdsa-jcs-2019", "P-256"),
    ("ecdsa-jcs-2019", "P-384"),
    ("ecdsa-rdfc-2019", "P-256"),
    ("ecdsa-rdfc-2019", "P-384"),
]
every_suite = pytest.mark.parametrize(("suite", "key_type"), SUITES)


def signer_of(key_type: str) -> LocalSigner:
    key = PrivateKey(key_type, SECRETS[key_type])
    issuer = did_key(key.public_key)
    return LocalSigner(key, f"{issuer}#{issuer.removeprefix('did:key:')}")


def issuer_of(signer: LocalSigner) -> str:
    return did_key(signer.public_key)


@pytest.fixture(scope="module")
def sample(conformance: Path) -> dict[str, Any]:
    path = conformance / "elm/samples/edc-unsealed/Sample-MC-Annex1-unsigned.jsonld"
    value: dict[str, Any] = json.loads(path.read_text())
    return value


@pytest.fixture(scope="module")
def edc_file(conformance: Path) -> Path:
    return conformance / "elm/contexts/edc-ap-3.2.jsonld"


@pytest.fixture(scope="module")
def edc(edc_file: Path) -> Contexts:
    """The pinned contexts and that of the European Learning Model 3.2."""
    return PINNED_CONTEXTS | {EDC: edc_file.read_bytes()}


def sealed(sample: dict[str, Any], issuer: str) -> dict[str, Any]:
    return {**sample, "issuer": {**sample["issuer"], "id": issuer}, "issued": TIME, "issuanceDate": TIME}


@pytest.fixture(scope="module")
def secured(sample: dict[str, Any], edc: Contexts) -> Callable[[str, str], bytes]:
    """Gives the sample as it is issued with a suite and a type of key; each is issued once."""
    issued: dict[tuple[str, str], bytes] = {}

    def with_suite(suite: str, key_type: str) -> bytes:
        if (suite, key_type) not in issued:
            signer = signer_of(key_type)
            securing = DataIntegrity(cryptosuite=suite, contexts=edc)
            issued[suite, key_type] = issue(
                sealed(sample, issuer_of(signer)), signer=signer, securing=securing, created=NOW
            )
        return issued[suite, key_type]

    return with_suite


def verified(credential: bytes, key_type: str, contexts: Contexts) -> VerificationResult:
    policy = Policy(accepted_issuers=frozenset({issuer_of(signer_of(key_type))}), contexts=contexts)
    return verify(credential, resolver=StaticResolver(), status=NO_STATUS_LISTS, policy=policy, now=NOW)


def changed_leaves(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every leaf, as its place and another value of the same kind."""
    if isinstance(value, dict | list):
        for step, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from changed_leaves(child, (*place, step))
    else:
        yield (
            place,
            f"{value}x" if isinstance(value, str) else (not value if isinstance(value, bool) else value + 1),
        )


def with_leaf(document: dict[str, Any], place: tuple[str | int, ...], value: Any) -> bytes:
    """The text of the document with another value at one place; the document itself is as it was."""
    owner: Any = document
    for step in place[:-1]:
        owner = owner[step]
    before, owner[place[-1]] = owner[place[-1]], value
    text = json.dumps(document).encode()
    owner[place[-1]] = before
    return text


def test_as_it_is_published_it_lacks_what_the_sealer_adds(sample: dict[str, Any], edc: Contexts) -> None:
    with pytest.raises(ProofGenerationError) as caught:
        issue(
            sample,
            signer=signer_of("Ed25519"),
            securing=DataIntegrity(cryptosuite="eddsa-jcs-2022"),
            created=NOW,
        )

    assert (caught.value.code, caught.value.at) == ("MALFORMED_VALUE_ERROR", "/issuanceDate")
    assert sample["issuer"]["id"] == "urn:epass:org:1"


@every_suite
def test_it_is_issued_and_verified(
    suite: str, key_type: str, secured: Callable[..., bytes], sample: dict[str, Any], edc: Contexts
) -> None:
    signer = signer_of(key_type)
    claims = sealed(sample, issuer_of(signer))
    credential = json.loads(secured(suite, key_type))
    proof = credential.pop("proof")

    result = verified(secured(suite, key_type), key_type, edc)

    assert result.problems == ()
    assert (result.issuer, result.valid_from, result.securing) == (issuer_of(signer), TIME, suite)
    assert credential == {**claims, "@context": [*claims["@context"], CRYPTOSUITES[suite].context]}
    assert proof["created"] == TIME
    assert result.credential.types == ("VerifiableCredential", "EuropeanDigitalCredential")


@every_suite
def test_the_claims_that_are_handed_out_are_those_that_were_signed(
    suite: str, key_type: str, secured: Callable[..., bytes], edc: Contexts
) -> None:
    signed = json.loads(secured(suite, key_type))
    del signed["proof"]
    claims = verified(secured(suite, key_type), key_type, edc).credential.claims
    canonicalization = CRYPTOSUITES[suite].canonicalization

    def canonical(document: dict[str, Any]) -> bytes:
        return canonicalization.canonicalize(document, "sha256", Transformation(edc, Limits()))

    assert canonical(claims) == canonical(signed)
    assert canonicalization.covers_json == (claims == signed)


@pytest.mark.parametrize(("suite", "step"), [("eddsa-jcs-2022", 1), ("eddsa-rdfc-2022", 12)])
def test_changing_any_leaf_is_refused(suite: str, step: int, secured: Callable[..., bytes], edc: Contexts) -> None:
    credential = json.loads(secured(suite, "Ed25519"))
    leaves = list(changed_leaves(credential))

    undetected = [
        place for place, value in leaves[::step] if verified(with_leaf(credential, place, value), "Ed25519", edc)
    ]

    assert len(leaves) > 300
    assert undetected == []


@pytest.mark.parametrize(("suite", "key_type"), SUITES[3:])
def test_changing_what_matters_most_is_refused_under_the_other_suites(
    suite: str, key_type: str, secured: Callable[..., bytes], edc: Contexts
) -> None:
    credential = json.loads(secured(suite, key_type))
    subject = credential["credentialSubject"]
    changes: list[dict[str, Any]] = [
        {"credentialSubject": {**subject, "dateOfBirth": "1999-10-02T22:00:00Z"}},
        {"credentialSubject": {**subject, "hasClaim": {**subject["hasClaim"], "title": {"en": "Another"}}}},
        {"issuer": {**credential["issuer"], "legalName": {"en": "Another"}}},
        {"validFrom": "2020-01-01T00:00:00Z"},
        {"proof": {**credential["proof"], "created": "2026-01-30T12:00:00Z"}},
    ]

    for change in changes:
        result = verified(json.dumps(credential | change).encode(), key_type, edc)
        assert [problem.code for problem in result.problems] == ["PROOF_VERIFICATION_ERROR"], change


def test_a_jcs_suite_needs_the_name_of_the_context_and_an_rdfc_suite_its_terms(
    secured: Callable[..., bytes], sample: dict[str, Any]
) -> None:
    signer = signer_of("Ed25519")
    securing = DataIntegrity(cryptosuite="eddsa-rdfc-2022")

    assert verified(secured("eddsa-jcs-2022", "Ed25519"), "Ed25519", PINNED_CONTEXTS)
    assert [
        (problem.code, problem.missing)
        for problem in verified(secured("eddsa-rdfc-2022", "Ed25519"), "Ed25519", PINNED_CONTEXTS).problems
    ] == [("UNKNOWN_CONTEXT", EDC)]
    with pytest.raises(ProofTransformationError, match="known by name only") as caught:
        issue(sealed(sample, issuer_of(signer)), signer=signer, securing=securing, created=NOW)
    assert (caught.value.code, caught.value.at) == ("UNKNOWN_CONTEXT", "/@context/1")


def test_another_version_of_the_context_gives_another_meaning(conformance: Path, secured: Callable[..., bytes]) -> None:
    """Versions 3.1 and 3.2 share a URL and differ in terms that are used. JCS signs terms, not meanings."""
    other = PINNED_CONTEXTS | {EDC: (conformance / "elm/contexts/edc-ap-3.1.jsonld").read_bytes()}

    result = verified(secured("eddsa-rdfc-2022", "Ed25519"), "Ed25519", other)

    assert [problem.code for problem in result.problems] == ["PROOF_VERIFICATION_ERROR"]
    assert verified(secured("eddsa-jcs-2022", "Ed25519"), "Ed25519", other)


# -- the command line ------------------------------------------------------------------------------


@pytest.mark.parametrize("suite", ["eddsa-jcs-2022", "eddsa-rdfc-2022"])
def test_the_same_from_the_command_line(
    suite: str, sample: dict[str, Any], edc_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, claims, credential, tampered = (tmp_path / name for name in ("key.jwk", "claims", "credential", "tampered"))
    context = f"{EDC}={edc_file}"
    assert main(["key", "generate", "--out", str(key)]) == 0
    issuer = did_key(PrivateKey.from_jwk(json.loads(key.read_bytes())).public_key)
    claims.write_text(json.dumps(sealed(sample, issuer)))

    issuing = ["issue", str(claims), "--key", str(key), "--securing", suite, "--created", TIME]
    assert main([*issuing, "--context", context, "-o", str(credential)]) == 0
    tampered.write_text(credential.read_text().replace("Andromeda", "Cassiopeia"))
    capsys.readouterr()

    verifying = ["--issuer", issuer, "--at", TIME, "--json", "--context", context]
    assert main(["verify", str(credential), *verifying]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "verified"
    assert main(["verify", str(tampered), *verifying]) == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "PROOF_VERIFICATION_ERROR"
    assert main(["verify", str(credential), "--issuer", "did:example:another", *verifying[2:]]) == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "UNACCEPTED_ISSUER"


def test_the_command_line_says_what_an_unsealed_file_lacks(
    conformance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "key.jwk"
    assert main(["key", "generate", "--out", str(key)]) == 0
    capsys.readouterr()

    sample = conformance / "elm/samples/edc-unsealed/Sample-MC-Annex1-unsigned.jsonld"
    assert main(["issue", str(sample), "--key", str(key), "--securing", "eddsa-jcs-2022"]) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert "urn:epass:org:1" in err
    assert "--verification-method" in err

    method = "did:web:example.org#key"
    assert (
        main(["issue", str(sample), "--key", str(key), "--securing", "eddsa-jcs-2022", "--verification-method", method])
        == 2
    )
    assert "issuanceDate" in capsys.readouterr().err

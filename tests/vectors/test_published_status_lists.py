"""Status lists that others published, opened as served: W3C's examples, those of EBSI, and IETF's tokens.

What was published without a signature is signed here, and nothing else of it is changed.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import did
from status import OpenedList, StatusEntry, StatusListLengthError, StatusVerificationError
from vc_core import (
    ANY_ISSUER,
    JWTVC,
    DataIntegrity,
    Evidence,
    LocalSigner,
    Policy,
    VerificationResult,
    issue,
    verify,
)
from vc_core.resources import named_objects
from vc_core.status_lists import open_list, status_lists

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
KEY = did.PrivateKey("P-256", bytes(range(1, 33)))
POLICY = Policy(accepted_issuers=ANY_ISSUER)
URL = "https://status.example/lists/1"


def document(issuer: str, key: did.PublicKey = KEY.public_key, fragment: str = "one") -> dict[str, Any]:
    method = {"id": f"{issuer}#{fragment}", "type": "JsonWebKey2020", "controller": issuer, "publicKeyJwk": key.jwk}
    return {"id": issuer, "verificationMethod": [method], "assertionMethod": [method["id"]]}


def signed(claims: dict[str, Any], securing: Any) -> bytes:
    signer = LocalSigner(KEY, f"{claims['issuer']}#one")
    return issue(claims, signer=signer, securing=securing, created=NOW)


def opened(body: bytes, issuer: str, url: str) -> OpenedList:
    return open_list(did.StaticResolver({issuer: document(issuer)}), POLICY)(body, url=url, now=NOW)


def set_indexes(found: OpenedList) -> list[int]:
    return [index for index, value in enumerate(found.statuses) if value]


@pytest.fixture(scope="session")
def folder(conformance: Path) -> Path:
    return conformance / "conformance"


def test_lists_of_ebsi(folder: Path) -> None:
    """The sample that is named after the indexes 1 and 4 has 15 and 39."""
    listed = json.loads((folder / "ebsi/status_lists.json").read_text())
    sample = json.loads(
        (
            folder / "ebsi/credentials/vcdm1.1-revocation-statuslist-1.3.0__issuer-revocation-empty-bitstring.json"
        ).read_text()
    )
    seen = set()
    for each in listed:
        multibase = each["encodedList"].startswith("u")
        subject = sample["credentialSubject"] | {"encodedList": each["encodedList"]}
        claims = sample | {"credentialSubject": subject}
        if multibase:
            with pytest.raises(StatusVerificationError):
                opened(signed(claims, JWTVC()), claims["issuer"], claims["id"])
            subject = subject | {"type": "BitstringStatusList"}
            types = ["VerifiableCredential", "VerifiableAttestation", "BitstringStatusListCredential"]
            claims |= {"credentialSubject": subject, "type": types}
        found = opened(signed(claims, JWTVC()), claims["issuer"], claims["id"])
        assert found.format == ("bitstring" if multibase else "statuslist2021")
        assert len(found.statuses.data) == each["bytes"]
        assert set_indexes(found) == each["set_indexes_msb_first"], each["name"]
        seen.add(tuple(set_indexes(found)))
    assert seen == {(), (15, 39)}


def test_the_list_credentials_of_ebsi(folder: Path) -> None:
    """Both are credentials of the production format; a credential of the same issuer points into them."""
    for name, revoked in (("empty", set()), ("revoked-1-4", {15, 39})):
        path = f"ebsi/credentials/vcdm1.1-revocation-statuslist-1.3.0__issuer-revocation-{name}-bitstring.json"
        claims = json.loads((folder / path).read_text())
        issuer, url = claims["issuer"], claims["id"]
        body = signed(claims, JWTVC())
        resolver = did.StaticResolver({issuer: document(issuer)})
        lists = status_lists(Evidence(resources={url: body}), resolver=resolver, policy=POLICY)
        for index in (1, 4, 15, 16, 39):
            entry = {
                "id": f"{url}#{index}",
                "type": "StatusList2021Entry",
                "statusPurpose": "revocation",
                "statusListIndex": str(index),
                "statusListCredential": url,
            }
            small = {
                "@context": ["https://www.w3.org/2018/credentials/v1"],
                "type": ["VerifiableCredential"],
                "issuer": issuer,
                "issuanceDate": "2026-01-01T00:00:00Z",
                "credentialSubject": {"id": "did:example:learner"},
                "credentialStatus": entry,
            }
            result = verify(signed(small, JWTVC()), resolver=resolver, status=lists, policy=POLICY, now=NOW)
            assert {problem.code for problem in result.problems} == ({"REVOKED"} if index in revoked else set())


def test_encoded_lists(folder: Path) -> None:
    """Four of them are shorter than the specification demands: they are decoded, and nobody takes their word."""
    cases = json.loads((folder / "bitstring-status-list/encoded-lists.json").read_text())["lists"]
    issuers = {"did:web:issuer.example"}
    short = 0
    for each in cases:
        kind = "BitstringStatusList" if each["multibase_u"] else "StatusList2021"
        body = signed(list_claims(kind, encodedList=each["encodedList"]), JWTVC())
        found = opened(body, "did:web:issuer.example", URL)
        assert (len(found.statuses), set_indexes(found)) == (each["bits"], each["set_bits_msb_first"])
        entry = StatusEntry(f"{kind}Entry", "revocation", 0, URL)
        if "STATUS_LIST_LENGTH_ERROR" in each["expected"]:
            short += 1
            with pytest.raises(StatusListLengthError):
                found.value(entry, issuers=issuers, now=NOW)
        else:
            assert found.value(entry, issuers=issuers, now=NOW) == 0
    assert (short, len(cases)) == (4, 5)


def list_claims(kind: str, **subject: Any) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "id": URL,
        "type": ["VerifiableCredential", f"{kind}Credential"],
        "issuer": "did:web:issuer.example",
        "issuanceDate": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": f"{URL}#list", "type": kind, "statusPurpose": "revocation"} | subject,
    }


def test_the_examples_of_the_specification(folder: Path) -> None:
    """Its credentials point into its list, in which nothing is set; none of them has a signature of its own."""
    examples = json.loads((folder / "bitstring-status-list/spec-examples.json").read_text())["examples"]
    claims = [each["credential"] for each in examples]
    whole = [each for each in claims if "encodedList" in each.get("credentialSubject", {})]
    assert whole
    served = whole[0]
    issuer, url = served["issuer"], served["id"]
    body = signed(served, DataIntegrity(cryptosuite="ecdsa-rdfc-2019"))
    found = opened(body, issuer, url)
    assert set_indexes(found) == []
    entries = [
        entry
        for each in claims
        for _, entry in named_objects(each, "credentialStatus")
        if entry.get("statusListCredential") == url
    ]
    assert entries
    for entry in entries:
        assert found.value(StatusEntry.parse(entry), issuers={issuer}, now=NOW) == 0


@pytest.fixture(scope="session")
def tokens(folder: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((folder / "jose/token-status-list/vectors.json").read_text())
    return value


def test_the_published_token(tokens: dict[str, Any]) -> None:
    """Its `kid` is 12, the name of a key of whoever its claim `iss` names."""
    jwt = next(each["jwt"] for each in tokens["vectors"] if "jwt" in each)
    public = did.PublicKey.from_jwk({name: tokens["jwt_signing_key_public"][name] for name in ("kty", "crv", "x", "y")})
    issuer, url = "https://example.com", "https://example.com/statuslists/1"
    tree = document(issuer, public, "12")
    opener = open_list(did.StaticResolver({issuer: tree}), POLICY)
    found = opener(jwt.encode(), url=url, now=NOW)
    assert (found.issuer, found.format, found.statuses.size) == (issuer, "token", 1)
    values = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
    for index, value in enumerate(values):
        entry = StatusEntry.reference({"idx": index, "uri": url})
        assert found.value(entry, issuers={issuer}, now=NOW) == value
    assert found.ttl is not None
    assert found.ttl.total_seconds() == 43_200
    with pytest.raises(StatusVerificationError, match="not the list of that URL"):
        opener(jwt.encode(), url=f"{url}0", now=NOW)


def test_the_published_message_names_its_key_where_nobody_signed(tokens: dict[str, Any]) -> None:
    cwt = bytes.fromhex(
        next(each["cwt_hex"] for each in tokens["vectors"] if each["name"].startswith("status list token (CWT"))
    )
    with pytest.raises(StatusVerificationError, match="header parameter 4 is not in the protected header"):
        open_list(did.StaticResolver(), POLICY)(cwt, url="https://example.com/statuslists/1", now=NOW)


def of_ebsi(folder: Path, name: str, **members: Any) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads((folder / "ebsi/credentials" / name).read_text())
    return claims | members


def judged(claims: dict[str, Any], evidence: Evidence, **policy: Any) -> VerificationResult:
    issuer = claims["issuer"]
    resolver = did.StaticResolver({issuer: document(issuer)})
    rules = Policy(accepted_issuers=ANY_ISSUER, **policy)
    data = signed(claims, JWTVC(profile="EBSI"))
    lists = status_lists(evidence, resolver=resolver, policy=rules)
    return verify(data, resolver=resolver, status=lists, policy=rules, now=NOW, evidence=evidence)


def codes(result: VerificationResult) -> list[str]:
    return [problem.code for problem in result.problems]


def test_the_accreditations_of_ebsi(folder: Path) -> None:
    """The published samples, of an issuer with a well-formed DID and still valid, and what a registry says of them."""
    for name in ("accredited-to-accredit", "accredited-to-attest"):
        issuer = "did:ebsi:zvHWX359A3CvfJnCYaAiAde"
        path = f"vcdm1.1-accreditation-1.3.0__{name}.json"
        claims = of_ebsi(folder, path, issuer=issuer, expirationDate="2029-06-22T14:11:44Z")
        entry, subject = claims["credentialStatus"], claims["credentialSubject"]
        assert entry["type"] == "EbsiAccreditationEntry"
        registry = entry["id"].partition("/issuers/")[0]
        rules = {"status_registries": frozenset({registry})}
        assert codes(judged(claims, Evidence())) == ["STATUS_RETRIEVAL_ERROR"]
        assert codes(judged(claims, Evidence(), **rules)) == ["STATUS_RETRIEVAL_ERROR"]
        for issuer_type, found in (("TI", []), ("Revoked", ["REVOKED"])):
            record = {"did": subject["id"], "attribute": {"issuerType": issuer_type}}
            evidence = Evidence(resources={entry["id"]: json.dumps(record).encode()})
            assert codes(judged(claims, evidence, **rules)) == found


def test_what_the_pilot_registry_of_ebsi_answers(folder: Path) -> None:
    """As it was recorded: each attribute is one of the root entity, which is in force."""
    recorded = json.loads((folder / "ebsi/pilot_registry.json").read_text())
    subject = recorded["did"]
    attributes = {
        url: answer
        for url, answer in recorded["responses"].items()
        if answer["status"] == 200 and len(url.rpartition("/attributes/")[2]) == 64 and "/attributes/" in url
    }
    assert len(attributes) == 3
    path = "vcdm1.1-accreditation-1.3.0__accredited-to-attest.json"
    for url, answer in attributes.items():
        registry, _, attribute = url.partition(f"/issuers/{subject}/attributes/")
        claims = of_ebsi(folder, path, issuer="did:ebsi:zvHWX359A3CvfJnCYaAiAde", expirationDate="2029-06-22T14:11:44Z")
        claims["credentialSubject"] |= {"id": subject, "reservedAttributeId": attribute}
        claims["credentialStatus"] = {"id": url, "type": "EbsiAccreditationEntry"}
        evidence = Evidence(resources={url: json.dumps(answer["body"]).encode()})
        assert codes(judged(claims, evidence, status_registries=frozenset({registry}))) == []
        body = answer["body"] | {"attribute": answer["body"]["attribute"] | {"issuerType": "Revoked"}}
        evidence = Evidence(resources={url: json.dumps(body).encode()})
        assert codes(judged(claims, evidence, status_registries=frozenset({registry}))) == ["REVOKED"]


def test_a_status_that_nobody_knows_is_refused(folder: Path) -> None:
    path = "vcdm1.1-attestation-2.0.0__credential-status-array.json"
    issuer = "did:ebsi:zvHWX359A3CvfJnCYaAiAde"
    claims = of_ebsi(folder, path, issuer=issuer, expirationDate="2029-06-22T14:11:44Z")
    assert codes(judged(claims, Evidence())) == ["STATUS_VERIFICATION_ERROR"]
    assert codes(judged(claims, Evidence(), status="skip")) == []


def test_the_signed_sample_of_ebsi_points_into_a_list(folder: Path) -> None:
    """Its signature is EBSI's; its dates in text are refused, and its status, in a list that is gone, stays open."""
    examples = json.loads((folder / "ebsi/signed_examples.json").read_text())
    [sample] = [each for each in examples if "legacy sample" in each.get("note", "")]
    issuer, _, fragment = sample["kid"].partition("#")
    key = did.PublicKey.from_jwk(sample["publicKeyJwk"])
    resolver = did.StaticResolver({issuer: document(issuer, key, fragment)})
    lists = status_lists(Evidence(), resolver=resolver, policy=POLICY)
    result = verify(sample["jwt"].encode(), resolver=resolver, status=lists, policy=POLICY, now=NOW)
    assert "STATUS_RETRIEVAL_ERROR" in codes(result)
    [missing] = [problem.missing for problem in result.problems if problem.code == "STATUS_RETRIEVAL_ERROR"]
    assert missing is not None
    assert missing.endswith("/credentials/status/5")

"""The published examples as a verifier meets them: whole credentials, list credentials and tokens.

The examples of Bitstring Status List 1.0 and of EBSI are published without a proof; here each is secured by a key of
the issuer that it names. The tokens of the IETF's draft are verified as published.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import cbor2
import pytest

from did import PrivateKey, PublicKey, StaticResolver
from did.jwt_vc_issuer import jwt_vc_issuer
from status import (
    FORMATS,
    OpenedList,
    StatusEntry,
    StatusList,
    StatusListLengthError,
    StatusRetrievalError,
    StatusVerificationError,
)
from vc_core import (
    ANY_ISSUER,
    Contexts,
    DataIntegrity,
    Evidence,
    Limits,
    LocalSigner,
    Policy,
    ProofVerificationError,
    Securing,
    VerificationResult,
    issue,
    verify,
)
from vc_core.resources import named_objects
from vc_core.securing.cose.sign1 import read_sign1
from vc_core.securing.signed_data import SignedData, check
from vc_core.securing.vc_jwt import JWTVC
from vc_core.status_lists import open_list, status_lists
from vectors.making.tokens import codes

W3C_ISSUER: Final = "did:example:12345"
EBSI_ISSUER: Final = "did:ebsi:zvHWX359A3CvfJnCYaAiAde"
IETF_ISSUER: Final = "https://example.com"
OTHER_ISSUER: Final = "did:web:issuer.example"
KEY: Final = PrivateKey.generate("P-256")
NOW: Final = datetime(2026, 1, 31, 12, tzinfo=UTC)
REVOCATIONS: Final = "https://example.com/credentials/status/3"
SUSPENSIONS: Final = "https://example.com/credentials/status/4"
BOTH: Final = "https://example.com/credentials/status/5"


def read(conformance: Path, name: str) -> Any:
    return json.loads((conformance / "conformance" / name).read_bytes())


def signer(issuer: str) -> LocalSigner:
    return LocalSigner(KEY, f"{issuer}#1")


def document(issuer: str, key: PublicKey = KEY.public_key, fragment: str = "1") -> dict[str, Any]:
    """The document of an issuer that has the key, by default ours."""
    url = f"{issuer}#{fragment}"
    method = {"id": url, "type": "JsonWebKey", "controller": issuer, "publicKeyJwk": dict(key.jwk)}
    return {"id": issuer, "verificationMethod": [method], "assertionMethod": [url]}


RESOLVER: Final = StaticResolver({issuer: document(issuer) for issuer in (W3C_ISSUER, EBSI_ISSUER, OTHER_ISSUER)})
POLICY: Final = Policy(accepted_issuers=ANY_ISSUER)
EBSI: Final = JWTVC(profile="EBSI")


def opened(body: bytes, url: str, *, resolver: StaticResolver = RESOLVER, now: datetime = NOW) -> OpenedList:
    return open_list(resolver, POLICY)(body, url=url, now=now)


def set_indexes(found: OpenedList) -> list[int]:
    return [index for index, value in enumerate(found.statuses) if value]


# Bitstring Status List 1.0


@pytest.fixture(scope="module")
def examples(conformance: Path) -> list[dict[str, Any]]:
    """Four credentials and, between them, the same list twice, once with another context."""
    found = read(conformance, "bitstring-status-list/spec-examples.json")["examples"]
    return [each["credential"] for each in found]


def published(examples: list[dict[str, Any]]) -> dict[str, Any]:
    found = [each for each in examples if "BitstringStatusListCredential" in each["type"]]
    assert len(found) == 2
    assert found[0] | {"@context": None} == found[1] | {"@context": None}
    return found[0]


def list_at(
    example: Mapping[str, Any], url: str, purpose: str | list[str], changes: Mapping[int, int], contexts: Contexts
) -> bytes:
    """The list of the example, at another URL and for another purpose, with other bits."""
    subject = example["credentialSubject"]
    statuses = FORMATS["bitstring"].decode(subject["encodedList"], most_bytes=2**20).updated(changes)
    subject = subject | {"statusPurpose": purpose, "encodedList": FORMATS["bitstring"].encode(statuses)}
    return secured({**example, "id": url, "credentialSubject": subject}, contexts)


def secured(example: Mapping[str, Any], contexts: Contexts, cryptosuite: str = "ecdsa-jcs-2019") -> bytes:
    securing = DataIntegrity(cryptosuite=cryptosuite, contexts=contexts)
    return issue(example, signer=signer(W3C_ISSUER), securing=securing, created=NOW - timedelta(days=1))


def judged(credential: bytes, lists: Mapping[str, bytes], contexts: Contexts) -> VerificationResult:
    policy = Policy(accepted_issuers=frozenset({W3C_ISSUER}), contexts=contexts)
    found = status_lists(Evidence(resources=lists), resolver=RESOLVER, policy=policy)
    return verify(credential, resolver=RESOLVER, status=found, policy=policy, now=NOW)


def test_the_list_of_the_specification(examples: list[dict[str, Any]], contexts: Contexts) -> None:
    for cryptosuite in ("ecdsa-jcs-2019", "ecdsa-rdfc-2019"):
        found = opened(secured(published(examples), contexts, cryptosuite), REVOCATIONS)
        assert (found.issuer, found.format, found.purposes) == (W3C_ISSUER, "bitstring", {"revocation"})
        assert found.statuses == StatusList.of_length(131_072)
        entries = [
            StatusEntry.parse(entry)
            for each in examples
            for _, entry in named_objects(each, "credentialStatus")
            if entry["statusListCredential"] == REVOCATIONS
        ]
        assert entries
        assert [found.value(entry, issuers={W3C_ISSUER}, now=NOW) for entry in entries] == [0] * len(entries)


def test_examples_as_published(examples: list[dict[str, Any]], contexts: Contexts) -> None:
    """Without a proof no list is looked up, and none is opened."""
    for example in examples:
        result = judged(json.dumps(example).encode(), {}, contexts)
        assert not result
        assert "STATUS_RETRIEVAL_ERROR" not in codes(result)
    with pytest.raises(StatusVerificationError, match="not verified"):
        opened(json.dumps(published(examples)).encode(), REVOCATIONS)


@pytest.mark.parametrize("set_at", [(), (REVOCATIONS,), (SUSPENSIONS,), (BOTH,)])
def test_credentials_of_the_specification(
    examples: list[dict[str, Any]], contexts: Contexts, set_at: tuple[str, ...]
) -> None:
    """Against their lists, in which the bits of all their entries are set or, by default, none."""
    indexes = dict.fromkeys((94567, 23452, 12345), 1)
    lists = {
        url: list_at(published(examples), url, purpose, indexes if url in set_at else {}, contexts)
        for url, purpose in (
            (REVOCATIONS, "revocation"),
            (SUSPENSIONS, "suspension"),
            (BOTH, ["revocation", "suspension"]),
        )
    }
    credentials = [each for each in examples if "credentialStatus" in each]
    assert len(credentials) == 4
    for example in credentials:
        named = [example["credentialStatus"]] if isinstance(example["credentialStatus"], dict) else None
        entries = [StatusEntry.parse(each) for each in named or example["credentialStatus"]]
        code = {"revocation": "REVOKED", "suspension": "SUSPENDED"}
        expected = {code[entry.purpose] for entry in entries if entry.list_url in set_at}
        result = judged(secured(example, contexts), lists, contexts)
        assert codes(result) == expected, result.problems
        for entry in entries:
            others = {url: body for url, body in lists.items() if url != entry.list_url}
            undecided = judged(secured(example, contexts), others, contexts)
            assert "STATUS_RETRIEVAL_ERROR" in codes(undecided)
            assert {problem.missing for problem in undecided.problems} >= {entry.list_url}


def test_encoded_lists(conformance: Path) -> None:
    """Four of them are shorter than the specification demands: they are decoded, and nobody takes their word."""
    cases = read(conformance, "bitstring-status-list/encoded-lists.json")["lists"]
    short = 0
    for each in cases:
        kind = "BitstringStatusList" if each["multibase_u"] else "StatusList2021"
        claims = list_claims(kind, encodedList=each["encodedList"])
        body = issue(claims, signer=signer(OTHER_ISSUER), securing=JWTVC(), created=NOW)
        found = opened(body, REVOCATIONS)
        assert (len(found.statuses), set_indexes(found)) == (each["bits"], each["set_bits_msb_first"])
        entry = StatusEntry(f"{kind}Entry", "revocation", 0, REVOCATIONS)
        if "STATUS_LIST_LENGTH_ERROR" in each["expected"]:
            short += 1
            with pytest.raises(StatusListLengthError):
                found.value(entry, issuers={OTHER_ISSUER}, now=NOW)
        else:
            assert found.value(entry, issuers={OTHER_ISSUER}, now=NOW) == 0
    assert (short, len(cases)) == (4, 5)


def list_claims(kind: str, **subject: Any) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "id": REVOCATIONS,
        "type": ["VerifiableCredential", f"{kind}Credential"],
        "issuer": OTHER_ISSUER,
        "issuanceDate": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": f"{REVOCATIONS}#list", "type": kind, "statusPurpose": "revocation"} | subject,
    }


# Token Status List


@pytest.fixture(scope="module")
def tokens(conformance: Path) -> dict[str, Any]:
    found: dict[str, Any] = read(conformance, "jose/token-status-list/vectors.json")
    return found


def published_token(tokens: dict[str, Any], name: str) -> bytes:
    [vector] = [each for each in tokens["vectors"] if each["name"] == name]
    return vector["jwt"].encode() if "jwt" in vector else bytes.fromhex(vector["cwt_hex"])


@pytest.fixture(scope="module")
def ietf(tokens: dict[str, Any]) -> StaticResolver:
    """Knows the issuer by its metadata."""
    metadata = {"issuer": IETF_ISSUER, "jwks": {"keys": [tokens["jwt_signing_key_public"]]}}
    return StaticResolver({IETF_ISSUER: jwt_vc_issuer(metadata, IETF_ISSUER).json})


@pytest.mark.parametrize("known_by", ["its metadata", "its document"])
def test_status_list_token_as_jwt(tokens: dict[str, Any], ietf: StaticResolver, known_by: str) -> None:
    """Its `kid` is 12, the name of a key of whoever its claim `iss` names."""
    token, url = published_token(tokens, "status list token (JWT)"), "https://example.com/statuslists/1"
    if known_by == "its document":
        public = {name: tokens["jwt_signing_key_public"][name] for name in ("kty", "crv", "x", "y")}
        ietf = StaticResolver({IETF_ISSUER: document(IETF_ISSUER, PublicKey.from_jwk(public), "12")})
    found = opened(token, url, resolver=ietf)
    assert (found.url, found.issuer, found.format) == (url, IETF_ISSUER, "token")
    assert (found.statuses.size, found.statuses.data.hex()) == (1, "b9a3")
    values = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
    assert list(found.statuses) == values
    entries = [StatusEntry.reference({"idx": index, "uri": url}) for index in range(16)]
    assert [found.value(entry, issuers={IETF_ISSUER}, now=NOW) for entry in entries] == values
    assert found.ttl == timedelta(hours=12)
    assert found.valid_until is not None
    assert found.valid_until + timedelta(microseconds=1) == datetime.fromtimestamp(2291720170, UTC)
    assert found.valid_from == datetime.fromtimestamp(1686920170, UTC) - timedelta(seconds=60)
    for now in (datetime(2023, 1, 1, tzinfo=UTC), datetime(2043, 1, 1, tzinfo=UTC)):
        with pytest.raises(StatusRetrievalError):
            found.value(entries[0], issuers={IETF_ISSUER}, now=now)


def test_status_list_token_as_jwt_that_is_not_genuine(tokens: dict[str, Any], ietf: StaticResolver) -> None:
    token, url = published_token(tokens, "status list token (JWT)"), "https://example.com/statuslists/1"
    for changed in (token[:-9] + b"A" + token[-8:], token.replace(b".eyJleHAi", b".eyJleHAg")):
        assert changed != token
        with pytest.raises(StatusVerificationError):
            opened(changed, url, resolver=ietf)
    with pytest.raises(StatusVerificationError, match="not the list of that URL"):
        opened(token, f"{url}0", resolver=ietf)
    with pytest.raises(StatusRetrievalError):
        opened(token, url)


@pytest.mark.parametrize("name", ["status list token (CWT)", "referenced token (CWT)"])
def test_signatures_of_cwts(tokens: dict[str, Any], name: str) -> None:
    """The key is that of the JWT, which the draft does not say of its CWTs."""
    message = read_sign1(published_token(tokens, name), limits=Limits())
    assert message.protected[1] == -7
    key = PublicKey.from_jwk(tokens["jwt_signing_key_public"])
    signed = SignedData(message.signed, "ES256", message.signature, "")
    check(signed, key)
    with pytest.raises(ProofVerificationError):
        check(signed, KEY.public_key)


def test_status_list_token_as_cwt(tokens: dict[str, Any], ietf: StaticResolver) -> None:
    """It says what the JWT says, but nothing that is signed says whose key it is, so we refuse it.

    There is no claim `iss`, and its `kid` is not in the protected header.
    """
    token, url = published_token(tokens, "status list token (CWT)"), "https://example.com/statuslists/1"
    message = read_sign1(token, limits=Limits())
    assert (message.protected, message.unprotected) == ({1: -7, 16: "application/statuslist+cwt"}, {4: b"12"})
    assert cbor2.loads(message.payload) == {
        2: url,
        4: 2291720170,
        6: 1686920170,
        65533: {"bits": 1, "lst": bytes.fromhex("78dadbb918000217015d")},
        65534: 43200,
    }
    for resolver in (ietf, StaticResolver()):
        with pytest.raises(StatusVerificationError, match="header parameter 4 is not in the protected header"):
            opened(token, url, resolver=resolver)


def test_referenced_token_as_cwt(tokens: dict[str, Any], ietf: StaticResolver) -> None:
    """Its reference is into the list of the other examples. It is no credential of a kind that is verified here."""
    token = published_token(tokens, "referenced token (CWT)")
    claims = cbor2.loads(read_sign1(token, limits=Limits()).payload)
    entry = StatusEntry.reference(claims[65535]["status_list"])
    assert (entry.index, entry.list_url) == (0, "https://example.com/statuslists/1")
    listed = opened(published_token(tokens, "status list token (JWT)"), entry.list_url, resolver=ietf)
    assert listed.value(entry, issuers={claims[1]}, now=NOW) == 1
    policy = Policy(accepted_issuers=frozenset({IETF_ISSUER}))
    lists = status_lists(Evidence(), resolver=ietf, policy=policy)
    assert not verify(token, resolver=ietf, status=lists, policy=policy, now=NOW)


# EBSI


@pytest.mark.parametrize(
    ("name", "set_bits"), [("empty-bitstring", []), ("revoked-1-4-bitstring", [15, 39])], ids=["empty", "revoked-1-4"]
)
def test_list_credentials_of_ebsi(conformance: Path, name: str, set_bits: list[int]) -> None:
    """The name of the second says other bits than it has."""
    file = f"ebsi/credentials/vcdm1.1-revocation-statuslist-1.3.0__issuer-revocation-{name}.json"
    example = read(conformance, file)
    found = opened(ebsi_token(example), example["id"])
    assert (found.issuer, found.format, found.purposes) == (EBSI_ISSUER, "statuslist2021", {"revocation"})
    assert set_indexes(found) == set_bits
    assert len(found.statuses) == 131_072
    for index in (1, 4, 15, 16, 39):
        members = ebsi_entry(example["id"], index)
        entry = StatusEntry.parse(members)
        assert found.value(entry, issuers={EBSI_ISSUER}, now=NOW) == int(index in set_bits)
        result = judged_of_ebsi(
            {
                "@context": ["https://www.w3.org/2018/credentials/v1"],
                "type": ["VerifiableCredential"],
                "issuer": EBSI_ISSUER,
                "issuanceDate": "2026-01-01T00:00:00Z",
                "credentialSubject": {"id": "did:example:learner"},
                "credentialStatus": members,
            },
            Evidence(resources={example["id"]: ebsi_token(example)}),
            securing=JWTVC(),
        )
        assert codes(result) == ({"REVOKED"} if index in set_bits else set())
        with pytest.raises(StatusRetrievalError):  # it was valid until August 2026
            found.value(entry, issuers={EBSI_ISSUER}, now=datetime(2027, 1, 1, tzinfo=UTC))


def test_encoded_lists_of_ebsi(conformance: Path) -> None:
    """In base64 and base64url, in the list credential of EBSI; and in the later format, as an entry of that one."""
    file = "ebsi/credentials/vcdm1.1-revocation-statuslist-1.3.0__issuer-revocation-empty-bitstring.json"
    example = read(conformance, file)
    cases = read(conformance, "ebsi/status_lists.json")
    assert len(cases) == 4
    seen = set()
    for case in cases:
        later = case["encodedList"].startswith("u")
        subject = example["credentialSubject"] | {"encodedList": case["encodedList"]}
        changed = example | {"credentialSubject": subject}
        if later:
            with pytest.raises(StatusVerificationError):
                opened(ebsi_token(changed), example["id"])
            subject["type"] = "BitstringStatusList"
            changed["type"] = ["VerifiableCredential", "VerifiableAttestation", "BitstringStatusListCredential"]
        found = opened(ebsi_token(changed), example["id"])
        assert found.format == ("bitstring" if later else "statuslist2021")
        assert len(found.statuses.data) == case["bytes"]
        assert set_indexes(found) == case["set_indexes_msb_first"]
        seen.add(tuple(set_indexes(found)))
    assert seen == {(), (15, 39)}


def ebsi_token(example: Mapping[str, Any]) -> bytes:
    """The list credential as EBSI has it, a VC-JWT."""
    return issue(example, signer=signer(EBSI_ISSUER), securing=JWTVC(), created=datetime(2022, 8, 4, 11, tzinfo=UTC))


def ebsi_entry(url: str, index: int) -> dict[str, Any]:
    return {
        "id": f"{url}#{index}",
        "type": "StatusList2021Entry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": url,
    }


def of_ebsi(conformance: Path, name: str, **members: Any) -> dict[str, Any]:
    claims: dict[str, Any] = read(conformance, f"ebsi/credentials/{name}")
    return claims | members


def judged_of_ebsi(
    claims: dict[str, Any], evidence: Evidence, *, securing: Securing = EBSI, **policy: Any
) -> VerificationResult:
    rules = Policy(accepted_issuers=ANY_ISSUER, **policy)
    data = issue(claims, signer=signer(claims["issuer"]), securing=securing, created=NOW)
    lists = status_lists(evidence, resolver=RESOLVER, policy=rules)
    return verify(data, resolver=RESOLVER, status=lists, policy=rules, now=NOW, evidence=evidence)


def test_the_accreditations_of_ebsi(conformance: Path) -> None:
    """The published samples, of an issuer with a well-formed DID and still valid, and what a registry says of them."""
    for name in ("accredited-to-accredit", "accredited-to-attest"):
        path = f"vcdm1.1-accreditation-1.3.0__{name}.json"
        claims = of_ebsi(conformance, path, issuer=EBSI_ISSUER, expirationDate="2029-06-22T14:11:44Z")
        entry, subject = claims["credentialStatus"], claims["credentialSubject"]
        assert entry["type"] == "EbsiAccreditationEntry"
        registry = entry["id"].partition("/issuers/")[0]
        rules = {"status_registries": frozenset({registry})}
        assert codes(judged_of_ebsi(claims, Evidence())) == {"STATUS_RETRIEVAL_ERROR"}
        assert codes(judged_of_ebsi(claims, Evidence(), **rules)) == {"STATUS_RETRIEVAL_ERROR"}
        for issuer_type, found in (("TI", set()), ("Revoked", {"REVOKED"})):
            record = {"did": subject["id"], "attribute": {"issuerType": issuer_type}}
            evidence = Evidence(resources={entry["id"]: json.dumps(record).encode()})
            assert codes(judged_of_ebsi(claims, evidence, **rules)) == found


def test_what_the_pilot_registry_of_ebsi_answers(conformance: Path) -> None:
    """As it was recorded: each attribute is one of the root entity, which is in force."""
    recorded = read(conformance, "ebsi/pilot_registry.json")
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
        claims = of_ebsi(conformance, path, issuer=EBSI_ISSUER, expirationDate="2029-06-22T14:11:44Z")
        claims["credentialSubject"] |= {"id": subject, "reservedAttributeId": attribute}
        claims["credentialStatus"] = {"id": url, "type": "EbsiAccreditationEntry"}
        evidence = Evidence(resources={url: json.dumps(answer["body"]).encode()})
        assert codes(judged_of_ebsi(claims, evidence, status_registries=frozenset({registry}))) == set()
        body = answer["body"] | {"attribute": answer["body"]["attribute"] | {"issuerType": "Revoked"}}
        evidence = Evidence(resources={url: json.dumps(body).encode()})
        assert codes(judged_of_ebsi(claims, evidence, status_registries=frozenset({registry}))) == {"REVOKED"}


def test_a_status_that_nobody_knows_is_refused(conformance: Path) -> None:
    path = "vcdm1.1-attestation-2.0.0__credential-status-array.json"
    claims = of_ebsi(conformance, path, issuer=EBSI_ISSUER, expirationDate="2029-06-22T14:11:44Z")
    assert codes(judged_of_ebsi(claims, Evidence())) == {"STATUS_VERIFICATION_ERROR"}
    assert codes(judged_of_ebsi(claims, Evidence(), status="skip")) == set()


def test_the_signed_sample_of_ebsi_points_into_a_list(conformance: Path) -> None:
    """Its signature is EBSI's; its dates in text are refused, and its status, in a list that is gone, stays open."""
    examples = read(conformance, "ebsi/signed_examples.json")
    [sample] = [each for each in examples if "legacy sample" in each.get("note", "")]
    issuer, _, fragment = sample["kid"].partition("#")
    key = PublicKey.from_jwk(sample["publicKeyJwk"])
    resolver = StaticResolver({issuer: document(issuer, key, fragment)})
    lists = status_lists(Evidence(), resolver=resolver, policy=POLICY)
    result = verify(sample["jwt"].encode(), resolver=resolver, status=lists, policy=POLICY, now=NOW)
    assert "STATUS_RETRIEVAL_ERROR" in codes(result)
    [missing] = [problem.missing for problem in result.problems if problem.code == "STATUS_RETRIEVAL_ERROR"]
    assert missing is not None
    assert missing.endswith("/credentials/status/5")

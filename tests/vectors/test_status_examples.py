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
from status import FORMATS, OpenedList, StatusEntry, StatusList, StatusRetrievalError, StatusVerificationError
from vc_core import (
    ANY_ISSUER,
    Contexts,
    DataIntegrity,
    Evidence,
    Limits,
    LocalSigner,
    Policy,
    ProofVerificationError,
    VerificationResult,
    issue,
    verify,
)
from vc_core.securing.cose.sign1 import read_sign1
from vc_core.securing.signed_data import SignedData, check
from vc_core.securing.vc_jwt import JWTVC
from vc_core.status_lists import open_list, status_lists
from vectors.making.tokens import codes

W3C_ISSUER: Final = "did:example:12345"
EBSI_ISSUER: Final = "did:ebsi:zvHWX359A3CvfJnCYaAiAde"
IETF_ISSUER: Final = "https://example.com"
KEY: Final = PrivateKey.generate("P-256")
NOW: Final = datetime(2025, 1, 1, tzinfo=UTC)
REVOCATIONS: Final = "https://example.com/credentials/status/3"
SUSPENSIONS: Final = "https://example.com/credentials/status/4"
BOTH: Final = "https://example.com/credentials/status/5"


def read(conformance: Path, name: str) -> Any:
    return json.loads((conformance / "conformance" / name).read_bytes())


def signer(issuer: str) -> LocalSigner:
    return LocalSigner(KEY, f"{issuer}#1")


def document(issuer: str) -> dict[str, Any]:
    """The document of an issuer that has our key."""
    method = {"id": f"{issuer}#1", "type": "JsonWebKey", "controller": issuer, "publicKeyJwk": dict(KEY.public_key.jwk)}
    return {"id": issuer, "verificationMethod": [method], "assertionMethod": [f"{issuer}#1"]}


RESOLVER: Final = StaticResolver({issuer: document(issuer) for issuer in (W3C_ISSUER, EBSI_ISSUER)})


def opened(body: bytes, url: str, *, resolver: StaticResolver = RESOLVER, now: datetime = NOW) -> OpenedList:
    return open_list(resolver, Policy(accepted_issuers=ANY_ISSUER))(body, url=url, now=now)


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


def test_status_list_token_as_jwt(tokens: dict[str, Any], ietf: StaticResolver) -> None:
    token, url = published_token(tokens, "status list token (JWT)"), "https://example.com/statuslists/1"
    found = opened(token, url, resolver=ietf)
    assert (found.url, found.issuer, found.format) == (url, IETF_ISSUER, "token")
    assert (found.statuses.size, found.statuses.data.hex()) == (1, "b9a3")
    assert list(found.statuses) == [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
    assert found.ttl == timedelta(hours=12)
    assert found.valid_until is not None
    assert found.valid_until + timedelta(microseconds=1) == datetime.fromtimestamp(2291720170, UTC)
    assert found.valid_from == datetime.fromtimestamp(1686920170, UTC) - timedelta(seconds=60)
    entry = StatusEntry.reference({"idx": 0, "uri": url})
    assert found.value(entry, issuers={IETF_ISSUER}, now=NOW) == 1
    for now in (datetime(2023, 1, 1, tzinfo=UTC), datetime(2043, 1, 1, tzinfo=UTC)):
        with pytest.raises(StatusRetrievalError):
            found.value(entry, issuers={IETF_ISSUER}, now=now)


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
    with pytest.raises(StatusVerificationError, match="not in the protected header"):
        opened(token, url, resolver=ietf)


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
    assert [index for index, value in enumerate(found.statuses) if value] == set_bits
    assert len(found.statuses) == 131_072
    for index in (1, 4, 15, 39):
        entry = ebsi_entry(example["id"], index)
        assert found.value(entry, issuers={EBSI_ISSUER}, now=NOW) == int(index in set_bits)
        with pytest.raises(StatusRetrievalError):  # it was valid until August 2026
            found.value(entry, issuers={EBSI_ISSUER}, now=datetime(2027, 1, 1, tzinfo=UTC))


def test_encoded_lists_of_ebsi(conformance: Path) -> None:
    """In base64 and base64url, in the list credential of EBSI; and in the later format, as an entry of that one."""
    file = "ebsi/credentials/vcdm1.1-revocation-statuslist-1.3.0__issuer-revocation-empty-bitstring.json"
    example = read(conformance, file)
    cases = read(conformance, "ebsi/status_lists.json")
    assert len(cases) == 4
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
        assert [index for index, value in enumerate(found.statuses) if value] == case["set_indexes_msb_first"]


def ebsi_token(example: Mapping[str, Any]) -> bytes:
    """The list credential as EBSI has it, a VC-JWT."""
    return issue(example, signer=signer(EBSI_ISSUER), securing=JWTVC(), created=datetime(2022, 8, 4, 11, tzinfo=UTC))


def ebsi_entry(url: str, index: int) -> StatusEntry:
    return StatusEntry.parse(
        {
            "id": f"{url}#{index}",
            "type": "StatusList2021Entry",
            "statusPurpose": "revocation",
            "statusListIndex": str(index),
            "statusListCredential": url,
        }
    )

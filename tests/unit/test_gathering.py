"""Evidence from a network that answers late: what was not asked for is asked for again, and what failed is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import did
from status import NO_STATUS_LISTS
from vc_core import (
    NO_EVIDENCE,
    DataIntegrity,
    Evidence,
    LocalSigner,
    Policy,
    Verdict,
    VerificationResult,
    issue,
    verify,
)
from vc_core.gathering import Gathering
from vc_core.net import FetchError, FetchPostponed

NOW = datetime(2026, 2, 1, tzinfo=UTC)
SCHEMA = "https://schemas.example/1.json"
KEY = did.PrivateKey("Ed25519", bytes(range(32)))
ISSUER = did.did_key(KEY.public_key)
CREDENTIAL = issue(
    {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": ISSUER,
        "credentialSubject": {"id": "did:example:learner"},
        "credentialSchema": {"id": SCHEMA, "type": "JsonSchema"},
    },
    signer=LocalSigner.of_did_key(KEY),
    securing=DataIntegrity(cryptosuite="eddsa-jcs-2022"),
    created=NOW,
)
POLICY = Policy(accepted_issuers=frozenset({ISSUER}), resources="require")


@pytest.mark.parametrize(
    ("failure", "verdicts", "requests"),
    [
        (FetchPostponed("NO_TURN", "too many at once", url=SCHEMA), [Verdict.UNDECIDED, Verdict.VERIFIED], 2),
        (FetchError("CONNECTION_ERROR", "down", url=SCHEMA), [Verdict.UNDECIDED, Verdict.UNDECIDED], 1),
    ],
)
def test_one_verdict_asks_once_and_the_next_again_for_what_was_not_asked(
    failure: FetchError, verdicts: list[Verdict], requests: int
) -> None:
    asked: list[str] = []
    told: list[str] = []

    def fetch(url: str, *, accept: str) -> did.Response:
        asked.append(url)
        if len(asked) == 1:
            raise failure
        return did.Response(200, "application/json", b"{}", url)

    def judge(evidence: Evidence) -> VerificationResult:
        return verify(
            CREDENTIAL, resolver=gathering.resolver, status=NO_STATUS_LISTS, policy=POLICY, now=NOW, evidence=evidence
        )

    gathering = Gathering(did.StaticResolver(), fetch, supplied=NO_EVIDENCE, now=lambda: NOW, report=told.append)
    assert [gathering.settled(judge)[0].verdict for _ in range(2)] == verdicts
    assert len(asked) == requests
    assert SCHEMA in told[0]

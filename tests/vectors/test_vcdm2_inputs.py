"""The credentials of the data model's implementation suite, at issuance and at verification.

A name that ends in `-ok` must be accepted, one in `-fail` refused, and `-fail-or-inject` is refused here.
As the suite does, an issuer is put in where the input leaves it to the implementation, and dates where it
has place holders. Presentations, and `validVc.json` that is made to stand in one, belong to a later version
of this library.

Many inputs define terms in their own `@context`. By default that is refused; the tests allow it and pin
that.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from did import PrivateKey, StaticResolver, did_key
from status import NO_STATUS_LISTS
from vc_core import (
    Contexts,
    DataIntegrity,
    LocalSigner,
    Policy,
    Problem,
    VCError,
    VerificationResult,
    datetimestamp,
    issue,
    verify,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = PrivateKey("Ed25519", bytes(range(32)))
ISSUER = did_key(KEY.public_key)
SIGNER = LocalSigner(KEY, f"{ISSUER}#{ISSUER.removeprefix('did:key:')}")
DATES = {"PAST DATE": "2025-01-01T00:00:00Z", "FUTURE DATE": "2027-01-01T00:00:00Z"}

REFUSED_ALTHOUGH_OK = {
    "credential-proof-ok": "its proof names no method, and no proof is put beside one that cannot hold",
}
NO_PLACE_IN_RDF = {
    f"{owner}-{member}-language-direction-en-ok"
    for owner in ("credential", "issuer")
    for member in ("name", "description")
}
"""Values with a direction. No RDFC suite says how one becomes RDF, and verifiers differ: none is signed."""
UNSEEN_BY_JCS = {
    "credential-redef-type-fail": "what a context defines anew shows only when it is processed",
    "credential-redef-type2-fail": "what a context defines anew shows only when it is processed",
    "credential-type-mapped-nonurl-fail": "what a context maps a type to shows only when it is processed",
    "credential-type-unmapped-fail": "that no context defines a type shows only when they are processed",
}
"""A JCS suite signs JSON and processes no context. Each of these has an inline one, refused by default."""

suites = pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])


def filled(name: str, claims: dict[str, Any]) -> dict[str, Any]:
    """The claims as the suite would post them."""
    claims = {member: DATES.get(value, value) if isinstance(value, str) else value for member, value in claims.items()}
    if "issuer" not in claims and name != "credential-no-issuer-fail":
        claims["issuer"] = ISSUER
    elif name.startswith("issuer-") or name == "credential-issuer-object-ok":
        claims["issuer"] = {**claims["issuer"], "id": ISSUER}
    return claims


@pytest.fixture(scope="module")
def inputs(conformance: Path) -> dict[str, dict[str, Any]]:
    paths = [
        path
        for path in (conformance / "conformance/vcdm2-inputs").rglob("*.json")
        if path.name.startswith(("credential-", "issuer-"))
    ]
    return {path.stem: filled(path.stem, json.loads(path.read_text())) for path in sorted(paths)}


def moment_of(claims: dict[str, Any]) -> datetime:
    """A moment at which the claims are valid, where they say when."""
    for name in ("validUntil", "validFrom"):
        try:
            return datetimestamp.parse(claims[name])
        except (KeyError, VCError):
            pass
    return NOW


def verified(secured: bytes, now: datetime, contexts: Contexts, **options: Any) -> VerificationResult:
    """The verdict on data model and proof; the inputs' status entries are of types that nobody knows."""
    policy = Policy(
        **{"accepted_issuers": frozenset({ISSUER}), "status": "skip", "contexts": contexts}
        | {"allow_inline_contexts": True, **options}
    )
    return verify(secured, resolver=StaticResolver(), status=NO_STATUS_LISTS, policy=policy, now=now)


def securing(suite: str, contexts: Contexts, *, allow_inline_contexts: bool = True) -> DataIntegrity:
    return DataIntegrity(cryptosuite=suite, contexts=contexts, allow_inline_contexts=allow_inline_contexts)


def accepted(inputs: dict[str, dict[str, Any]], suite: str, contexts: Contexts) -> Iterator[str]:
    for name, claims in inputs.items():
        moment = moment_of(claims)
        try:
            secured = issue(claims, signer=SIGNER, securing=securing(suite, contexts), created=moment)
        except VCError:
            continue
        result = verified(secured, moment, contexts)
        assert result.problems == (), name
        assert result.issuer == ISSUER
        yield name


def test_the_inputs_are_all_there(inputs: dict[str, Any]) -> None:
    verdicts = [
        "ok" if name.endswith("-ok") else "fail" for name in inputs if name.endswith(("-ok", "-fail", "-inject"))
    ]

    assert len(inputs) == len(verdicts)
    assert (verdicts.count("ok"), verdicts.count("fail")) == (54, 41)


@suites
def test_what_is_issued_and_then_verified(suite: str, inputs: dict[str, Any], contexts: Contexts) -> None:
    expected = {name for name in inputs if name.endswith("-ok")} - set(REFUSED_ALTHOUGH_OK)
    if suite == "eddsa-jcs-2022":
        expected |= set(UNSEEN_BY_JCS)
    else:
        expected -= NO_PLACE_IN_RDF

    assert set(accepted(inputs, suite, contexts)) == expected


@suites
def test_what_somebody_else_issued_is_refused_as_well(suite: str, inputs: dict[str, Any], contexts: Contexts) -> None:
    """The claims are secured without a look at the data model, as a careless issuer would."""
    holds, unsigned = set(), set()
    for name, claims in inputs.items():
        if name.endswith("-ok"):
            continue
        try:
            secured = securing(suite, contexts).secure(claims, signer=SIGNER, created=NOW)
        except VCError:
            unsigned.add(name)
        else:
            if verified(secured, NOW, contexts):
                holds.add(name)

    assert holds == (set(UNSEEN_BY_JCS) if suite == "eddsa-jcs-2022" else set())
    if suite == "eddsa-jcs-2022":
        assert unsigned == {"credential-proof-missing-type-fail"}


@suites
def test_terms_of_ones_own_have_to_be_allowed(suite: str, inputs: dict[str, Any], contexts: Contexts) -> None:
    own = {
        name for name, claims in inputs.items() if any(isinstance(each, dict) for each in claims.get("@context", []))
    }
    refused = set()
    for name in own:
        with pytest.raises(VCError) as caught:
            issue(
                inputs[name],
                signer=SIGNER,
                securing=securing(suite, contexts, allow_inline_contexts=False),
                created=NOW,
            )
        if caught.value.code == "UNKNOWN_CONTEXT":
            refused.add(name)

    assert refused == own
    assert len(own) == 19
    assert set(UNSEEN_BY_JCS) < own


@suites
def test_terms_of_ones_own_are_refused_at_verification(suite: str, inputs: dict[str, Any], contexts: Contexts) -> None:
    secured = issue(
        inputs["credential-context-combo2-ok"], signer=SIGNER, securing=securing(suite, contexts), created=NOW
    )

    result = verified(secured, NOW, contexts, allow_inline_contexts=False)

    assert verified(secured, NOW, contexts)
    assert [(problem.code, problem.at) for problem in result.problems] == [("UNKNOWN_CONTEXT", "/@context/1")]


@suites
def test_a_credential_of_the_future_and_one_of_the_past(suite: str, inputs: dict[str, Any], contexts: Contexts) -> None:
    for name, code in (
        ("validfrom-far-future", "NOT_YET_VALID"),
        ("validuntil", "EXPIRED"),
        ("validuntil-tz", "EXPIRED"),
    ):
        secured = issue(inputs[f"credential-{name}-ok"], signer=SIGNER, securing=securing(suite, contexts), created=NOW)
        assert [problem.code for problem in verified(secured, NOW, contexts).problems] == [code], name


@suites
def test_a_status_that_nobody_knows_is_refused_unless_the_policy_skips_it(
    suite: str, inputs: dict[str, Any], contexts: Contexts
) -> None:
    secured = issue(inputs["credential-status-ok"], signer=SIGNER, securing=securing(suite, contexts), created=NOW)

    result = verified(secured, NOW, contexts, status="require")

    assert result.problems == (
        Problem(
            "STATUS_VERIFICATION_ERROR",
            "the status entry is of a type that is not understood",
            "/credentialStatus",
        ),
    )

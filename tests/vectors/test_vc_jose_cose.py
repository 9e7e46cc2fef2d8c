"""The cases of the W3C test suite for VC-JOSE-COSE, through the verbs that users have.

The keys are those of a controlled identifier document by an https URL, which is evidence; the tokens name them by the
`kid` of a JWK, which the claim `iss` completes. The clock stands at the time of each token.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from did import PrivateKey, StaticResolver
from status import NO_STATUS_LISTS
from vc_core import (
    VCJWT,
    VCSDJWT,
    VPJWT,
    Contexts,
    LocalSigner,
    Policy,
    PresentationPolicy,
    PresentationResult,
    ProofGenerationError,
    VerificationResult,
    issue,
    present,
    verify,
    verify_presentation,
)
from vc_core.securing import jose
from vectors.making.tokens import codes, header_of, payload_of

CONTROLLER: Final = "https://example.issuer/vc-jose-cose"
NONCE, AUDIENCE = "n-0S6_WzA2Mj", "https://verifier.example"
LATER: Final = datetime(2026, 1, 31, 12, tzinfo=UTC)
KEYS: Final = ("vm-p256.json", "vm-p384.json", "vm-p521.json", "vm-ed25519.json")

# What a case is refused for. All of them are expected to fail, but for one.
REFUSED: Final[Mapping[int, set[str]]] = {
    # One of its three credentials, the one in COSE, has a `kid` that is no URL, and no claim `iss` to complete it. That
    # is against the specification: "When iss is absent ... the kid MUST be an absolute URL" (section 4.1.2).
    7: {"TOKEN_HEADER_ERROR"},
    # The token is by the P-521 key, which the case does not supply. No member of it is unknown, as its name has it.
    9: {"INVALID_VERIFICATION_METHOD"},
    10: {"PARSING_ERROR"},  # no proof
    11: {"PARSING_ERROR"},  # no proof, and a credential that cannot be read
    12: {"PROOF_VERIFICATION_ERROR"},
    13: {"TOKEN_TYPE_ERROR"},
    14: {"TOKEN_TYPE_ERROR"},
    15: {"TOKEN_CLAIMS_ERROR"},
    16: {"PARSING_ERROR"},
    23: {"PROOF_VERIFICATION_ERROR"},
    24: {"TOKEN_TYPE_ERROR"},
    25: {"TOKEN_TYPE_ERROR"},
    26: {"TOKEN_TYPE_ERROR"},
}
REFUSED_AGAINST_EXPECTATION: Final = {7}
# Members that are not understood are to be ignored (VC-JOSE-COSE, section 3.1.3), so this one is issued as it is. A
# member without a meaning is refused under a cryptosuite that covers statements.
ISSUED_AGAINST_EXPECTATION: Final = {5}
# Its status entry does not say which list it is in, so no verifier could ever look it up (StatusList2021, section 4.1).
NOT_ISSUED: Final = {2: ("STATUS_VERIFICATION_ERROR", "/credentialStatus")}


@pytest.fixture(scope="module")
def folder(conformance: Path) -> Path:
    return conformance / "conformance/vc-jose-cose"


@pytest.fixture(scope="module")
def cases(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "cases.json").read_text())["cases"]
    assert [case["number"] for case in found] == list(range(1, 27))
    return found


def resolver(folder: Path, *names: str) -> StaticResolver:
    """Resolves the controller of these keys to a document that has them for both purposes."""
    methods = []
    for name in names:
        method = json.loads((folder / name).read_text())
        del method["secretKeyJwk"]
        methods.append(method)
    identifiers = [method["id"] for method in methods]
    controller = methods[0]["controller"]
    document = {
        "@context": "https://www.w3.org/ns/cid/v1",
        "id": controller,
        "verificationMethod": methods,
        "assertionMethod": identifiers,
        "authentication": identifiers,
    }
    return StaticResolver({controller: document})


def signer(folder: Path, name: str) -> LocalSigner:
    method = json.loads((folder / name).read_text())
    return LocalSigner(PrivateKey.from_jwk(method["secretKeyJwk"]), method["id"])


def moment_of(data: bytes) -> datetime:
    """The time at which the token says that it was made."""
    issued_at = payload_of(data).get("iat") if not data.startswith(b"{") else None
    if isinstance(issued_at, int):
        return datetime.fromtimestamp(issued_at, UTC)
    return LATER


def judge(folder: Path, case: Mapping[str, Any], contexts: Contexts) -> set[str]:
    """The codes of what is wrong with the input of a case."""
    data = (folder / case["input_file"]).read_bytes().strip()
    now = moment_of(data)
    if case["feature"].startswith("presentation"):
        return codes(judged(folder, data, contexts, now))
    policy = Policy(accepted_issuers=frozenset({CONTROLLER}), contexts=contexts)
    keys = resolver(folder, case["key_file"])
    return codes(verify(data, resolver=keys, status=NO_STATUS_LISTS, policy=policy, now=now))


def judged(folder: Path, data: bytes, contexts: Contexts, now: datetime) -> PresentationResult:
    """What is said of a presentation of the suite."""
    policy = Policy(accepted_issuers=frozenset({CONTROLLER}), contexts=contexts)
    # the credentials inside are by other keys; they are not about the holder, and the tokens have no nonce and no aud
    rules = PresentationPolicy(credentials=policy, nonce=None, audience=None, holder_binding="bearer")
    return verify_presentation(
        data, resolver=resolver(folder, *KEYS), status=NO_STATUS_LISTS, policy=rules, now=now, nonces=None
    )


def test_what_is_verified(folder: Path, cases: list[dict[str, Any]], contexts: Contexts) -> None:
    verifications = [case for case in cases if case["function"] == "verify"]
    assert len(verifications) == 18
    found = {case["number"]: judge(folder, case, contexts) for case in verifications}
    expected = {case["number"]: REFUSED.get(case["number"], set()) for case in verifications}
    assert found == expected
    successes = {case["number"] for case in verifications if case["expected"] == "success"}
    assert {number for number, problems in found.items() if not problems} == successes - REFUSED_AGAINST_EXPECTATION


def without_cose(payload: dict[str, Any]) -> None:
    """Takes the credential out that cannot be read."""
    del payload["verifiableCredential"][2]


def test_case_7_without_its_credential_in_cose(folder: Path, contexts: Contexts) -> None:
    """All else in it is in order. It expires in December 2024, and has not begun before."""
    data = (folder / "presentation-jose-multiple.txt").read_bytes().strip()
    payload, by = payload_of(data), signer(folder, "vm-p384.json")
    result = judged(folder, data, contexts, datetime.fromtimestamp(payload["iat"], UTC))
    assert [bool(each) for each in result.of_credentials] == [True, True, False]
    without_cose(payload)
    header = {name: value for name, value in header_of(data).items() if name != "alg"}
    data = jose.write_jws(header, json.dumps(payload).encode(), signer=by)
    keys, end = resolver(folder, *KEYS), datetime.fromtimestamp(payload["exp"], UTC)
    policy = Policy(accepted_issuers=frozenset({CONTROLLER}), contexts=contexts)

    def at(now: datetime, longest_age: timedelta = timedelta(hours=25)) -> set[str]:
        rules = PresentationPolicy(
            credentials=policy,
            nonce=None,
            audience=None,
            holder_binding="bearer",
            longest_age=longest_age,
            nonce_lifetime=timedelta(days=2),
        )
        return codes(
            verify_presentation(data, resolver=keys, status=NO_STATUS_LISTS, policy=rules, now=now, nonces=None)
        )

    assert at(end - timedelta(seconds=1)) == set()
    assert at(end + timedelta(seconds=60)) == {"EXPIRED"}
    assert at(end - timedelta(hours=25)) == {"NOT_YET_VALID"}
    assert at(end - timedelta(hours=1), timedelta(minutes=5)) == {"EXPIRED"}, "too old a presentation"


def test_the_key_of_case_9_verifies_it(folder: Path, cases: list[dict[str, Any]], contexts: Contexts) -> None:
    """With the key that made it, it is in order: there is nothing in it that is unknown."""
    assert judge(folder, cases[8] | {"key_file": "vm-p521.json"}, contexts) == set()


def test_what_is_issued(folder: Path, cases: list[dict[str, Any]], contexts: Contexts) -> None:
    issued: set[int] = set()
    refused: dict[int, tuple[str, str]] = {}
    for case in cases:
        if case["function"] != "issue":
            continue
        try:
            data = make(folder, case, contexts)
        except ProofGenerationError as error:
            refused[case["number"]] = error.code, error.at
            continue
        assert_verified(folder, case, data, contexts)
        issued.add(case["number"])
    assert refused == NOT_ISSUED
    assert issued == {1, 3, 4, 5, 17, 18, 19}
    assert {case["number"] for case in cases if case["number"] in issued and case["expected"] == "failure"} == (
        ISSUED_AGAINST_EXPECTATION
    )


def test_case_2_with_a_status_that_can_be_looked_up(folder: Path, contexts: Contexts) -> None:
    claims = json.loads((folder / "credential-full.json").read_text())
    claims["credentialStatus"]["statusListCredential"] = "https://example.edu/credentials/status/3"
    securing, by = VCJWT(contexts=contexts), signer(folder, "vm-p384.json")
    data = issue(claims, signer=by, securing=securing, created=LATER)
    policy = Policy(accepted_issuers=frozenset({CONTROLLER}), contexts=contexts)
    keys = resolver(folder, "vm-p384.json")
    result = verify(data, resolver=keys, status=NO_STATUS_LISTS, policy=policy, now=LATER)
    assert codes(result) == {"STATUS_RETRIEVAL_ERROR"}
    skipping = replace(policy, status="skip")
    found = verify(data, resolver=keys, status=NO_STATUS_LISTS, policy=skipping, now=LATER).credential.claims
    assert found == claims | {"iat": int(LATER.timestamp())}


def make(folder: Path, case: Mapping[str, Any], contexts: Contexts) -> bytes:
    """What we make of the document and the key of a case."""
    document, by = json.loads((folder / case["input_file"]).read_text()), signer(folder, case["key_file"])
    if case["feature"] == "credential_jose":
        return issue(document, signer=by, securing=VCJWT(contexts=contexts), created=LATER)
    if case["feature"] == "credential_sdjwt":
        securing = VCSDJWT(contexts=contexts, disclosable=frozenset(map(pointer, case["disclosure_paths"])))
        return issue(document, signer=by, securing=securing, created=LATER)
    # a presentation as an SD-JWT is not made: it would hide from the verifier what the holder shows
    return present(
        [json.dumps(each).encode() for each in document["verifiableCredential"]],
        signer=by,
        securing=VPJWT(nonce=NONCE, audience=AUDIENCE, contexts=contexts),
        created=LATER,
        holder=document["holder"],
        presentation_id=document["id"],
    )


def pointer(path: str) -> str:
    """`a.b[0]` as a JSON pointer."""
    return "/" + path.replace("[", "/").replace("]", "").replace(".", "/")


def assert_verified(folder: Path, case: Mapping[str, Any], data: bytes, contexts: Contexts) -> None:
    document = json.loads((folder / case["input_file"]).read_text())
    policy = Policy(accepted_issuers=frozenset({CONTROLLER}), contexts=contexts, status="skip")
    keys = resolver(folder, case["key_file"])
    assert header_of(data)["alg"] == json.loads((folder / case["key_file"]).read_text())["publicKeyJwk"]["alg"]
    if case["feature"].startswith("credential"):
        result = verify(data, resolver=keys, status=NO_STATUS_LISTS, policy=policy, now=LATER)
        assert result.problems == (), case["number"]
        assert_disclosed(result, document, case, data)
        return
    assert header_of(data)["typ"] == "vp+jwt"
    payload = payload_of(data)
    for name in ("id", "holder", "verifiableCredential"):
        assert payload[name] == document[name]
    rules = PresentationPolicy(credentials=policy, nonce=NONCE, audience=frozenset({AUDIENCE}), holder_binding="bearer")
    result = verify_presentation(
        data, resolver=resolver(folder, *KEYS), status=NO_STATUS_LISTS, policy=rules, now=LATER, nonces=None
    )
    # what the suite presents is in order, but for a credential whose first letter was lost, and that of case 7
    broken = {3: {"PARSING_ERROR"}, 4: {"TOKEN_HEADER_ERROR"}}
    assert codes(result) == broken.get(case["number"], set())


def assert_disclosed(
    result: VerificationResult, document: dict[str, Any], case: Mapping[str, Any], data: bytes
) -> None:
    """All was disclosed, `iat` added where there was none; of what can be hidden, nothing stands in the payload."""
    assert result.credential.claims == {"iat": int(LATER.timestamp()), **document}
    text = json.dumps(payload_of(data))
    for path in case.get("disclosure_paths", ()):
        value: Any = document
        for step in pointer(path).split("/")[1:]:
            value = value[int(step)] if isinstance(value, list) else value[step]
        assert json.dumps(value) not in text, path


def test_the_key_of_a_did(folder: Path, contexts: Contexts) -> None:
    """The last of the keys has the same JWK under a DID, which is not computed."""
    name = "vm-did-ed25519.json"
    claims = json.loads((folder / "credential-minimal.json").read_text()) | {"issuer": "did:example:vc-jose-cose"}
    data = issue(claims, signer=signer(folder, name), securing=VCJWT(contexts=contexts), created=LATER)
    policy = Policy(accepted_issuers=frozenset({"did:example:vc-jose-cose"}), contexts=contexts)

    def problems(*names: str) -> set[str]:
        keys = resolver(folder, *names)
        return codes(verify(data, resolver=keys, status=NO_STATUS_LISTS, policy=policy, now=LATER))

    assert problems(name) == set()
    assert problems("vm-ed25519.json") == {"NOT_FOUND"}, "the same key, but in the document of another"


def test_signatures_do_not_hold_under_other_keys(folder: Path, cases: list[dict[str, Any]], contexts: Contexts) -> None:
    for number, key in ((6, "vm-p384.json"), (8, "vm-p256.json"), (20, "vm-p521.json"), (21, "vm-p384.json")):
        assert judge(folder, cases[number - 1] | {"key_file": key}, contexts) == {"INVALID_VERIFICATION_METHOD"}

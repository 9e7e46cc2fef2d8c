"""A resolver that leads to the network is asked for the keys of those who may count, and for so many at most."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import did
from status import NO_STATUS_LISTS
from vc_core import (
    ANY_ISSUER,
    VCJWT,
    VPJWT,
    DataIntegrity,
    Limits,
    LocalSigner,
    Policy,
    PresentationPolicy,
    Securing,
    Verdict,
    issue,
    present,
    verify,
    verify_presentation,
)

ISSUER, OTHER = "did:web:university.example", "did:web:other.example"
KEY = did.PrivateKey("Ed25519", bytes(range(32)))
NOW = datetime(2026, 2, 1, tzinfo=UTC)
JCS = DataIntegrity(cryptosuite="eddsa-jcs-2022")
NONCE, AUDIENCE = "0123456789", "https://employer.example"


class Web:
    """Knows every did:web, all with one key, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, datetime | None]] = []

    def resolve(self, identifier: str, *, at: datetime | None = None) -> did.DIDDocument:
        if identifier.startswith("did:key:"):
            return did.resolve(identifier)
        self.asked.append((identifier, at))
        url = f"{identifier}#key"
        method = {
            "id": url,
            "type": "Multikey",
            "controller": identifier,
            "publicKeyMultibase": KEY.public_key.multikey,
        }
        document = {"id": identifier, "verificationMethod": [method], "assertionMethod": [url], "authentication": [url]}
        return did.DIDDocument.parse(document, identifier)


def credential(issuer: str, signer: str, securing: Securing = JCS, created: datetime = NOW) -> bytes:
    claims = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": issuer,
        "credentialSubject": {"id": "did:web:learner.example"},
    }
    url = signer if "#" in signer else f"{signer}#key"
    return issue(claims, signer=LocalSigner(KEY, url), securing=securing, created=created)


@pytest.mark.parametrize("securing", [JCS, VCJWT()], ids=["proof", "token"])
def test_nobody_is_asked_for_an_issuer_that_is_not_accepted(securing: Securing) -> None:
    web = Web()
    policy = Policy(accepted_issuers=frozenset({ISSUER}))
    result = verify(credential(OTHER, OTHER, securing), resolver=web, status=NO_STATUS_LISTS, policy=policy, now=NOW)
    assert [problem.code for problem in result.problems] == ["UNACCEPTED_ISSUER"]
    assert "the verdict does not depend on the key" in next(
        c.because for c in result.checks if c.check == "verification method"
    )
    assert web.asked == []
    assert verify(credential(ISSUER, ISSUER, securing), resolver=web, status=NO_STATUS_LISTS, policy=policy, now=NOW)
    assert web.asked == [(ISSUER, None)]


@pytest.mark.parametrize("securing", [JCS, VCJWT()], ids=["proof", "token"])
@pytest.mark.parametrize("key", [OTHER, "https://intranet.example/admin"])
def test_nobody_is_asked_for_a_key_that_cannot_be_the_issuers(key: str, securing: Securing) -> None:
    web = Web()
    data = credential(ISSUER, key, securing)
    policy = Policy(accepted_issuers=ANY_ISSUER)
    result = verify(data, resolver=web, status=NO_STATUS_LISTS, policy=policy, now=NOW)
    assert (result.verdict, [problem.code for problem in result.problems]) == (Verdict.REJECTED, ["ISSUER_MISMATCH"])
    assert web.asked == []
    anybody = Policy(accepted_issuers=ANY_ISSUER, require_issuer_control=False)
    assert verify(data, resolver=web, status=NO_STATUS_LISTS, policy=anybody, now=NOW)
    assert web.asked == [(key, None)]


def test_a_key_that_is_in_its_did_is_looked_at_all_the_same() -> None:
    """It costs no request, and so everything that is wrong is told."""
    stranger = LocalSigner.of_did_key(KEY).verification_method
    data = credential(ISSUER, stranger).replace(b"learner", b"teacher")
    result = verify(data, resolver=Web(), status=NO_STATUS_LISTS, policy=Policy(accepted_issuers=frozenset()), now=NOW)
    found = [problem.code for problem in result.problems]
    assert found == ["UNACCEPTED_ISSUER", "ISSUER_MISMATCH", "PROOF_VERIFICATION_ERROR"]


def presented(credentials: list[bytes], *, web: Web, most: int, nonce: str = NONCE, **settings: Any) -> list[str]:
    data = present(
        credentials,
        holder="did:web:learner.example",
        signer=LocalSigner(KEY, "did:web:learner.example#key"),
        securing=VPJWT(nonce=NONCE, audience=AUDIENCE),
        created=NOW,
    )
    policy = PresentationPolicy(
        credentials=Policy(accepted_issuers=ANY_ISSUER, limits=Limits(identifiers=most), **settings),
        nonce=nonce,
        audience=frozenset({AUDIENCE}),
        holder_binding="subject",
    )
    result = verify_presentation(data, resolver=web, status=NO_STATUS_LISTS, policy=policy, now=NOW, nonces=None)
    return [problem.code for problem in result.problems]


def test_a_presentation_has_so_many_identifiers_asked_for_and_no_more() -> None:
    """The holder counts, an issuer of two credentials counts once, and one whose key is in its DID not at all."""
    of_web = [credential(f"did:web:{n % 3}.example", f"did:web:{n % 3}.example") for n in range(4)]
    of_key = [credential(did.did_key(KEY.public_key), LocalSigner.of_did_key(KEY).verification_method)]
    web = Web()
    assert presented(of_web + of_key, web=web, most=4) == []
    assert set(web.asked) == {("did:web:learner.example", None), *((f"did:web:{n}.example", None) for n in range(3))}
    web = Web()
    assert presented(of_web, web=web, most=3) == ["TOO_MANY_IDENTIFIERS"]
    assert len(set(web.asked)) == 3


def test_an_identifier_of_many_times_is_many() -> None:
    web = Web()
    at_times = [credential(ISSUER, ISSUER, created=NOW - timedelta(days=n)) for n in range(10)]
    assert set(presented(at_times, web=web, most=5, keys_as_of="issuance")) == {"TOO_MANY_IDENTIFIERS"}
    assert len(web.asked) == 5


def with_proofs_of(*signers: str, damaged: bool = False) -> bytes:
    """A credential of the issuer with a proof by each of the signers; with `damaged`, the issuer's does not hold."""
    data = json.loads(credential(ISSUER, ISSUER))
    own = data.pop("proof")
    others = [
        json.loads(JCS.secure(dict(data), signer=LocalSigner(KEY, f"{signer}#key"), created=NOW))["proof"]
        for signer in signers
    ]
    if damaged:
        own["proofValue"] = others[0]["proofValue"]
    return json.dumps({**data, "proof": [*others, own]}).encode()


def test_strangers_are_asked_for_their_keys_if_the_proof_of_the_issuer_holds() -> None:
    strangers = [f"did:web:{number}.example" for number in range(15)]
    policy = Policy(accepted_issuers=frozenset({ISSUER}))
    web = Web()
    good = with_proofs_of(*strangers)
    assert verify(good, resolver=web, status=NO_STATUS_LISTS, policy=policy, now=NOW)
    assert web.asked == [(name, None) for name in (ISSUER, *strangers)]
    web = Web()
    bad = with_proofs_of(*strangers, damaged=True)
    result = verify(bad, resolver=web, status=NO_STATUS_LISTS, policy=policy, now=NOW)
    assert [problem.code for problem in result.problems] == ["PROOF_VERIFICATION_ERROR"]
    assert (result.verdict, web.asked) == (Verdict.REJECTED, [(ISSUER, None)])


def test_a_presentation_that_is_refused_anyway_asks_nobody() -> None:
    web = Web()
    assert presented([credential(ISSUER, ISSUER)], web=web, most=9, nonce="another") == ["INVALID_CHALLENGE_ERROR"]
    assert web.asked == []


@pytest.mark.parametrize("issuer", [None, 5, {}, {"id": 5}, []])
def test_nobody_is_asked_where_there_is_no_issuer(issuer: Any) -> None:
    web = Web()
    data = json.loads(credential(ISSUER, ISSUER)) | {"issuer": issuer}
    policy = Policy(accepted_issuers=frozenset({ISSUER}), require_issuer_control=False)
    assert not verify(json.dumps(data).encode(), resolver=web, status=NO_STATUS_LISTS, policy=policy, now=NOW)
    assert web.asked == []


def test_what_is_no_identifier_is_not_remembered() -> None:
    """Whoever sends a long one does not fill a cache with it."""
    resolver = did.LiveResolver(_never)
    for name in ("did:web:" + "a" * 9_000_000, "https://" + "a" * 9_000_000, "nonsense", "did:web:a.example#b"):
        with pytest.raises(did.InvalidDID):
            resolver.resolve(name)
    assert not resolver._failures
    assert not resolver._flights


def _never(url: str, *, accept: str) -> did.Response:
    raise AssertionError(url)

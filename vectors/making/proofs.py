"""The forms that a proof may not have, the options that are not the expected ones, and broken chains."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import V2, Claims, accepting, changed, in_proof, secure, small, text
from vectors.making.keys import did_of

_SPEC: Final = "data-integrity-proofs"
_FAILED: Final = "PROOF_VERIFICATION_ERROR"
_ISSUER: Final = did_of("issuer", "Ed25519")


def cases() -> Iterator[Case]:
    """The cases about proofs that do not depend on the cryptosuite."""
    document = secure(small(_ISSUER), challenge="c")
    yield from _members(document)
    yield from _lists(document)
    yield from _options()
    yield from _chains()
    yield from _confusions(document)


def _case(name: str, title: str, document: bytes, *codes: str, **members: Any) -> Case:
    members = {"policy": accepting(), "reference": "Verifiable Credential Data Integrity 1.0, section 4.4"} | members
    return Case(spec=_SPEC, name=name, title=title, document=document, codes=codes, **members)


def _members(document: Claims) -> Iterator[Case]:
    """Each member of a proof missing, or of the wrong form."""
    for name in ("type", "cryptosuite", "proofPurpose", "verificationMethod", "proofValue"):
        without = in_proof(document, lambda proof: proof.pop(name))  # noqa: B023  (called at once)
        yield _case(f"{name}-missing", f"the proof has no {name}", without, _FAILED)
    wrong: dict[str, tuple[str, dict[str, Any]]] = {
        "purpose-unknown": ("a proof purpose that nobody knows", {"proofPurpose": "everything"}),
        "purpose-list": ("the proof purpose is a list", {"proofPurpose": ["assertionMethod"]}),
        "method-list": ("the verification method is a list", {"verificationMethod": [_ISSUER]}),
        "created-without-zone": ("created has no time zone", {"created": "2026-01-15T09:30:00"}),
        "created-number": ("created is a number", {"created": 1768469400}),
        "expires-before-created": ("the proof expires before it was created", {"expires": "2026-01-01T00:00:00Z"}),
        "domain-number": ("the domain is a number", {"domain": 7}),
        "challenge-list": ("the challenge is a list", {"challenge": ["c"]}),
        "nonce-object": ("the nonce is an object", {"nonce": {}}),
        "value-empty": ("proofValue is empty", {"proofValue": ""}),
        "value-base64": ("proofValue is in another base", {"proofValue": "uAAAA"}),
        "value-not-base58": ("proofValue has a letter that base58 does not have", {"proofValue": "z0OIl"}),
        "value-long": ("proofValue has a thousand characters", {"proofValue": "z" + "1" * 1_000}),
        "type-unknown": ("a proof type that nobody knows", {"type": "EverythingProof2030"}),
        "type-list": ("the proof type is a list", {"type": ["DataIntegrityProof"]}),
        "suite-unknown": ("a cryptosuite that nobody knows", {"cryptosuite": "none"}),
        "suite-as-type": ("the cryptosuite stands as the type", {"type": "eddsa-jcs-2022"}),
        "suite-list": ("the cryptosuite is a list", {"cryptosuite": ["eddsa-jcs-2022"]}),
    }
    for name, (title, members) in wrong.items():
        yield _case(name, title, text({**document, "proof": {**document["proof"], **members}}), *_codes(name))


def _codes(name: str) -> tuple[str, ...]:
    if name == "purpose-unknown":
        return (_FAILED, "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD")
    return (_FAILED,)


def _lists(document: Claims) -> Iterator[Case]:
    proof = document["proof"]
    yield _case("list-of-one", "a list with one proof is a proof set", text({**document, "proof": [proof]}))
    yield _case("none", "there is no proof", text({k: v for k, v in document.items() if k != "proof"}), "PARSING_ERROR")
    for name, title, value in (
        ("null", "the proof is null", None),
        ("text", "the proof is a text", "proof"),
        ("empty-list", "the list of proofs is empty", []),
        ("nested-list", "a list of proofs in a list", [[proof]]),
        ("list-with-null", "a proof of a list is null", [proof, None]),
    ):
        yield _case(f"proof-{name}", title, text({**document, "proof": value}), "PARSING_ERROR")
    yield _case("proof-empty-object", "the proof is an empty object", text({**document, "proof": {}}), _FAILED)
    yield _case("same-proof-twice", "one proof stands twice", text({**document, "proof": [proof, proof]}), _FAILED)
    many = [{**proof, "id": f"urn:example:{number}"} for number in range(33)]
    yield _case("33-proofs", "more proofs than are looked at", text({**document, "proof": many}), "TOO_MANY_PROOFS")


def _options() -> Iterator[Case]:
    """Validly signed proofs whose options are not what the verifier expects."""

    def signed(name: str, title: str, *codes: str, policy: Claims | None = None, **options: Any) -> Case:
        secured = text(secure(small(_ISSUER), **options))
        return _case(name, title, secured, *codes, policy=policy or accepting())

    yield signed(
        "purpose-authentication",
        "a proof made to log in is shown as one about claims",
        _FAILED,
        proof_purpose="authentication",
    )
    yield signed("created-in-the-future", "a proof of tomorrow", _FAILED, created=datetime(2026, 2, 1, 12, tzinfo=UTC))
    yield signed(
        "created-within-skew", "a proof of 30 seconds ahead", created=datetime(2026, 1, 31, 12, 0, 30, tzinfo=UTC)
    )
    yield signed("expired", "the proof has expired", _FAILED, expires=datetime(2026, 1, 31, 11, tzinfo=UTC))
    yield signed("expires-later", "the proof expires later", expires=datetime(2026, 1, 31, 13, tzinfo=UTC))
    challenge, domain = "INVALID_CHALLENGE_ERROR", "INVALID_DOMAIN_ERROR"
    expecting = accepting(challenge="c")
    yield signed("challenge-missing", "no challenge, where one is expected", challenge, policy=expecting)
    yield signed("challenge-another", "another challenge", challenge, policy=expecting, challenge="C")
    yield signed("challenge-expected", "the expected challenge", policy=expecting, challenge="c")
    at_a = accepting(domain=["a.example"])
    yield signed("domain-missing", "no domain, where one is expected", domain, policy=at_a)
    yield signed("domain-another", "another domain", domain, policy=at_a, domain="a.example.evil.example")
    yield signed("domain-one-more", "the expected domain and one more", domain, policy=at_a, domain=["a.example", "b"])
    yield signed("domain-expected", "the expected domain", policy=at_a, domain="a.example")


def _chains() -> Iterator[Case]:
    """Previous proofs that are missing, doubled, or go round in a circle."""
    reference = "Verifiable Credential Data Integrity 1.0, section 4.5"
    first = secure(small(_ISSUER), proof_id="urn:example:1")
    second = secure(first, name="stranger", proof_id="urn:example:2", previous_proof="urn:example:1")
    third = secure(second, name="holder", proof_id="urn:example:3", previous_proof=["urn:example:1", "urn:example:2"])
    yield _case("chain-of-three", "a chain of three proofs", text(third), reference=reference)

    def link(position: int, value: object) -> Callable[[Claims], None]:
        return lambda document: document["proof"][position].update(previousProof=value)

    def pop(position: int, *names: str) -> Callable[[Claims], None]:
        return lambda document: [document["proof"][position].pop(name) for name in names] and None

    broken: dict[str, tuple[str, Callable[[Claims], object]]] = {
        "dangling": ("the previous proof is not there", link(1, "urn:example:9")),
        "itself": ("a proof is its own previous proof", link(1, "urn:example:2")),
        "circle": ("two proofs are each other's previous proof", link(0, "urn:example:2")),
        "long-circle": ("three proofs in a circle", link(0, "urn:example:3")),
        "twice": ("the same previous proof twice", link(2, ["urn:example:1", "urn:example:1"])),
        "empty": ("an empty list of previous proofs", link(2, [])),
        "number": ("the previous proof is a number", link(1, 1)),
        "object": ("the previous proof is an object", link(1, {"id": "urn:example:1"})),
        "null-in-list": ("null in the list of previous proofs", link(2, ["urn:example:1", None])),
        "no-id": ("the previous proof has no id", pop(0, "id")),
        "removed-link": ("a proof of a chain claims to be alone", pop(1, "previousProof")),
        "removed-middle": ("the middle proof was removed", lambda document: document["proof"].pop(1)),
        "reordered-names": (
            "the previous proofs in another order",
            lambda document: document["proof"][2]["previousProof"].reverse(),
        ),
        "same-id": ("two proofs have one id", lambda document: document["proof"][1].update(id="urn:example:1")),
    }
    for name, (title, change) in broken.items():
        yield _case(f"chain-{name}", title, changed(third, change), _FAILED, reference=reference)
    reordered = changed(third, lambda document: document["proof"].reverse())
    yield _case("chain-in-another-order", "the list of proofs has no order of its own", reordered, reference=reference)


def _confusions(document: Claims) -> Iterator[Case]:
    """A proof that is shown as one of another suite, or with contexts of its own."""
    for suite in ("eddsa-rdfc-2022", "ecdsa-jcs-2019", "Ed25519Signature2020"):
        members = {"type": suite} if suite == "Ed25519Signature2020" else {"cryptosuite": suite}
        proof = {**document["proof"], **members}
        if suite != "ecdsa-jcs-2019":
            proof.pop("@context")
        if suite == "Ed25519Signature2020":
            proof.pop("cryptosuite")
        codes = {
            "eddsa-rdfc-2022": (_FAILED,),
            "ecdsa-jcs-2019": ("PROOF_TRANSFORMATION_ERROR",),
            "Ed25519Signature2020": ("DATA_LOSS_DETECTION_ERROR",),
        }[suite]
        yield _case(
            f"shown-as-{suite}",
            f"a proof of eddsa-jcs-2022, shown as one of {suite}",
            text({**document, "proof": proof}),
            *codes,
        )
    another = in_proof(
        document, lambda proof: proof.update({"@context": [V2, "https://w3id.org/security/data-integrity/v2"]})
    )
    yield _case("context-of-its-own", "the proof has other contexts than the document", another, _FAILED)
    yield _case(
        "no-accepted-suite",
        "the policy accepts no cryptosuite",
        text(document),
        _FAILED,
        policy=accepting(cryptosuites=[]),
    )
    yield _case(
        "no-accepted-algorithm",
        "the policy accepts no signature algorithm",
        text(document),
        _FAILED,
        policy=accepting(algorithms=[]),
    )

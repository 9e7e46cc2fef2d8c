"""Every cryptosuite with every key type: what is accepted, and what is refused for each reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from did.multibase import decode_multibase, encode_base58btc
from vectors.making.case import Case
from vectors.making.credentials import (
    CREATED,
    SUITES,
    Claims,
    changed,
    in_proof,
    secure,
    text,
    version_1,
    version_2,
    with_terms,
)
from vectors.making.keys import TYPES, did_of, method_of

_SPEC: Final = "data-integrity"
_TAMPERED: Final = "PROOF_VERIFICATION_ERROR"


def cases() -> Iterator[Case]:
    """The cases of every cryptosuite with every key type."""
    for suite, key_type in SUITES:
        yield from _accepted(suite, key_type)
        yield from _chains(suite, key_type)
        yield from _claims_changed(suite, key_type)
        yield from _proof_changed(suite, key_type)
        yield from _keys_changed(suite, key_type)


def _case(suite: str, key_type: str, name: str, title: str, document: bytes, **members: Any) -> Case:
    members = {"policy": with_terms(did_of("issuer", key_type)), "reference": _reference(suite)} | members
    return Case(
        spec=_SPEC,
        name=f"{suite}-{key_type}-{name}",
        title=f"{suite} with a key of type {key_type}: {title}",
        document=document,
        covers={"cryptosuite": suite, "key": key_type},
        **members,
    )


def _reference(suite: str) -> str:
    if suite == "Ed25519Signature2020":
        return "Data Integrity EdDSA Cryptosuites 1.0, appendix A.1"
    section = "3.3" if "-jcs-" in suite else "3.2"
    return f"Data Integrity {'EdDSA' if suite.startswith('eddsa') else 'ECDSA'} Cryptosuites 1.0, section {section}"


def _accepted(suite: str, key_type: str) -> Iterator[Case]:
    issuer, stranger = did_of("issuer", key_type), did_of("stranger", key_type)
    one = secure(version_2(issuer), suite, key_type)
    yield _case(suite, key_type, "accepted-version-2", "a credential of data model 2.0", text(one))
    first = secure(version_1(issuer), suite, key_type)
    yield _case(suite, key_type, "accepted-version-1", "a credential of data model 1.1", text(first))
    both = secure(one, suite, key_type, name="stranger")
    yield _case(suite, key_type, "accepted-proof-set", "two proofs beside each other, by two signers", text(both))
    dated = secure(version_2(issuer), suite, key_type, proof_id="urn:example:only", domain=["a.example"], challenge="c")
    yield _case(
        suite,
        key_type,
        "accepted-challenge-and-domain",
        "a proof with a domain and a challenge, both of them expected",
        text(dated),
        policy=with_terms(issuer, challenge="c", domain=["a.example"]),
    )
    one_bad = changed(both, lambda document: document["proof"][1].update(proofValue=one["proof"]["proofValue"]))
    yield _case(
        suite,
        key_type,
        "proof-set-with-one-bad-proof",
        "one proof of two does not hold",
        one_bad,
        policy=with_terms(issuer, stranger),
        codes=(_TAMPERED,),
    )


def _chains(suite: str, key_type: str) -> Iterator[Case]:
    if suite == "Ed25519Signature2020":
        return  # its context has no term for previousProof
    issuer = did_of("issuer", key_type)
    links = secure(version_2(issuer), suite, key_type, proof_id="urn:example:first")
    chain = secure(links, suite, key_type, name="stranger", previous_proof="urn:example:first")
    yield _case(suite, key_type, "accepted-proof-chain", "a proof that covers the one before it", text(chain))
    removed = changed(chain, lambda document: document["proof"].pop(0))
    yield _case(
        suite,
        key_type,
        "chain-without-its-first-proof",
        "the first proof of a chain was removed",
        removed,
        codes=(_TAMPERED,),
    )
    swapped = changed(chain, lambda document: document["proof"][0].update(_other_proof(suite, key_type)))
    yield _case(
        suite,
        key_type,
        "chain-with-another-first-proof",
        "the first proof of a chain was replaced by another valid proof",
        swapped,
        codes=(_TAMPERED,),
    )


def _other_proof(suite: str, key_type: str) -> Claims:
    """A proof with the same id over the same claims by the same key, made at another time."""
    again = secure(
        version_2(did_of("issuer", key_type)),
        suite,
        key_type,
        proof_id="urn:example:first",
        created=CREATED + timedelta(seconds=1),
    )
    proof: Claims = again["proof"]
    return proof


def _claims_changed(suite: str, key_type: str) -> Iterator[Case]:
    document = secure(version_2(did_of("issuer", key_type)), suite, key_type)
    changes = {
        "claim-changed": ("a claim was changed", lambda each: _achievement(each).update(credits=30)),
        "claim-removed": ("a claim was removed", lambda each: _achievement(each).pop("passed")),
        "claim-added": ("a claim was added", lambda each: _achievement(each).update(specifiedBy="urn:example:x")),
        "list-reordered": ("an ordered list was reordered", lambda each: _achievement(each)["outcome"].reverse()),
        "language-changed": ("a text was moved to another language", _move_text),
        "subject-changed": ("another subject", lambda each: each["credentialSubject"].update(id="did:example:thief")),
        "type-added": ("a type was added", lambda each: each["type"].append("Achievement")),
        "validity-extended": ("the validity was extended", lambda each: each.update(validUntil="2039-01-15T09:30:00Z")),
        "status-added": ("a status entry was added", lambda each: each.update(credentialStatus=_STATUS)),
    }
    for name, (title, change) in changes.items():
        yield _case(suite, key_type, name, title, changed(document, change), reference=_SECURED, codes=(_TAMPERED,))


_SECURED: Final = "Verifiable Credential Data Integrity 1.0, section 4.5"
_STATUS: Final[Claims] = {"type": "BitstringStatusListEntry", "statusPurpose": "message"}


def _achievement(document: Claims) -> Claims:
    achievement: Claims = document["credentialSubject"]["achievement"]
    return achievement


def _move_text(document: Claims) -> None:
    title = _achievement(document)["title"]
    title["lv"], title["lt"] = title["lt"], title["lv"]


def _proof_changed(suite: str, key_type: str) -> Iterator[Case]:
    document = secure(
        version_2(did_of("issuer", key_type)), suite, key_type, challenge="c", proof_id="urn:example:only"
    )
    another = secure(version_1(did_of("issuer", key_type)), suite, key_type)
    changes = {
        "created-changed": ("created was changed", lambda proof: proof.update(created="2026-01-15T09:30:01Z")),
        "created-removed": ("created was removed", lambda proof: proof.pop("created")),
        "expires-added": ("an expiry was added", lambda proof: proof.update(expires="2027-01-15T09:30:00Z")),
        "domain-added": ("a domain was added", lambda proof: proof.update(domain="a.example")),
        "challenge-changed": ("the challenge was changed", lambda proof: proof.update(challenge="d")),
        "nonce-added": ("a nonce was added", lambda proof: proof.update(nonce="n")),
        "id-removed": ("the id was removed", lambda proof: proof.pop("id")),
        "proof-of-another": ("the proof is that of another credential", lambda proof: proof.update(another["proof"])),
        "value-truncated": ("proofValue is one byte short", _truncate),
        "value-changed": ("one bit of proofValue was changed", _flip),
    }
    for name, (title, change) in changes.items():
        yield _case(suite, key_type, name, title, in_proof(document, change), reference=_SECURED, codes=(_TAMPERED,))


def _truncate(proof: Claims) -> None:
    proof["proofValue"] = "z" + encode_base58btc(decode_multibase(proof["proofValue"])[:-1])


def _flip(proof: Claims) -> None:
    signature = bytearray(decode_multibase(proof["proofValue"]))
    signature[40] ^= 1
    proof["proofValue"] = "z" + encode_base58btc(bytes(signature))


def _keys_changed(suite: str, key_type: str) -> Iterator[Case]:
    issuer, stranger = did_of("issuer", key_type), did_of("stranger", key_type)
    document = secure(version_2(issuer), suite, key_type)
    yield _case(
        suite,
        key_type,
        "key-of-another",
        "the proof names the key of somebody else, whom the policy accepts as well",
        in_proof(document, lambda proof: proof.update(verificationMethod=method_of(stranger))),
        policy=with_terms(issuer, stranger),
        codes=("ISSUER_MISMATCH", _TAMPERED),
    )
    by_stranger = secure(version_2(issuer), suite, key_type, name="stranger")
    yield _case(
        suite,
        key_type,
        "signed-by-another",
        "somebody else signed in the issuer's name, with a key of their own",
        text(by_stranger),
        reference="Verifiable Credentials Data Model 2.0, section 4.7",
        codes=("ISSUER_MISMATCH",),
    )
    for other in TYPES:
        if (suite, other) in SUITES:
            continue
        renamed = {**document["proof"], "verificationMethod": method_of(did_of("issuer", other))}
        yield _case(
            suite,
            key_type,
            f"key-of-type-{other}",
            f"the proof names a key of type {other}",
            text({**document, "proof": renamed}),
            reference=_reference(suite),
            codes=("ISSUER_MISMATCH", "PROOF_TRANSFORMATION_ERROR"),
        )

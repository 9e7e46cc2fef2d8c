"""A proof is for one document, one key, one suite and one purpose: everything else it is shown as is refused."""

from __future__ import annotations

import copy
import hashlib
import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from did import DIDDocument, StaticResolver, did_key
from did.multibase import decode_multibase, encode_base58btc, encode_base64url
from status import NO_STATUS_LISTS
from vc_core import Limits, Outcome, Policy, Verdict, VerificationResult, verify
from vc_core.canonical import jcs
from vectors.making.credentials import (
    CONTEXTS,
    CREATED,
    DATA_INTEGRITY,
    SUITES,
    V2,
    Claims,
    changed,
    in_proof,
    secure,
    small,
    text,
    version_1,
    version_2,
)
from vectors.making.keys import TYPES, did_of, method_of, private_key

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
ISSUER, STRANGER, HOLDER = (did_of(name, "Ed25519") for name in ("issuer", "stranger", "holder"))
NAMES = sorted({suite for suite, _ in SUITES})
FAILED: Final = "PROOF_VERIFICATION_ERROR"


def result_of(document: Claims | bytes, *issuers: str, resolver: Any = None, **policy: Any) -> VerificationResult:
    accepted = frozenset(issuers or {did_of("issuer", key_type) for key_type in TYPES})
    return verify(
        document if isinstance(document, bytes) else text(document),
        resolver=resolver or StaticResolver(),
        status=NO_STATUS_LISTS,
        policy=Policy(accepted_issuers=accepted, contexts=CONTEXTS, **policy),
        now=NOW,
    )


def codes(result: VerificationResult) -> set[str]:
    return {problem.code for problem in result.problems}


class TestKeysAndSuites:
    """C5, P8: only the pairs of the table are accepted, whatever the proof calls itself."""

    @pytest.mark.parametrize("suite", NAMES)
    def test_every_key_type_under_every_suite(self, suite: str) -> None:
        accepted = set()
        for made, key_type in SUITES:
            document = secure(version_2(did_of("issuer", key_type)), made, key_type)
            for named in TYPES:
                renamed = copy.deepcopy(document)
                renamed["proof"]["verificationMethod"] = method_of(did_of("issuer", named))
                renamed["issuer"]["id"] = did_of("issuer", named)
                as_suite(renamed, suite)
                if result_of(renamed):
                    accepted.add((made, key_type, named))
        assert accepted == {(suite, key_type, key_type) for name, key_type in SUITES if name == suite}

    def test_a_proof_under_every_other_suite(self) -> None:
        for (made, key_type), shown_as in itertools.product(SUITES, NAMES):
            document = secure(version_2(did_of("issuer", key_type)), made, key_type)
            as_suite(document, shown_as)
            assert bool(result_of(document)) is (made == shown_as), (made, shown_as)

    @pytest.mark.parametrize(
        "name",
        [
            "Ed25519Signature2018",
            "EcdsaSecp256k1Signature2019",
            "JsonWebSignature2020",
            "bbs-2023",
            "",
            "EDDSA-JCS-2022",
        ],
    )
    def test_suites_that_are_not_in_the_table(self, name: str) -> None:
        for proof in ({"cryptosuite": name}, {"type": name}):
            document = secure(small(ISSUER))
            document["proof"] |= proof
            assert codes(result_of(document)) == {FAILED}

    def test_a_hash_that_does_not_belong_to_the_curve(self) -> None:
        """C9: P-384 goes with SHA-384, for the data and inside of the signature."""
        for inner, outer in (("sha256", hashes.SHA384()), ("sha384", hashes.SHA256()), ("sha256", hashes.SHA256())):
            document = secure(small(did_of("issuer", "P-384")), "ecdsa-jcs-2019", "P-384")
            options = {name: value for name, value in document["proof"].items() if name != "proofValue"}
            claims = {name: value for name, value in document.items() if name != "proof"}
            data = b"".join(hashlib.new(inner, jcs.canonicalize(each)).digest() for each in (options, claims))
            signature = private_key("issuer", "P-384").handle.sign(data, ec.ECDSA(outer))
            r, s = decode_dss_signature(signature)
            document["proof"]["proofValue"] = "z" + encode_base58btc(r.to_bytes(48, "big") + s.to_bytes(48, "big"))
            assert codes(result_of(document)) == {FAILED}


def as_suite(document: Claims, suite: str) -> None:
    """Shows the proof as one of another suite, with the members that such a proof has."""
    proof = document["proof"]
    proof.pop("cryptosuite", None)
    proof.pop("@context", None)
    if suite == "Ed25519Signature2020":
        proof["type"] = suite
    else:
        proof |= {"type": "DataIntegrityProof", "cryptosuite": suite}
    if "-jcs-" in suite:
        proof["@context"] = document["@context"]


N = {"P-256": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551}


class TestSignatures:
    """C1, C2, E1, E3, P7: one signature has one writing."""

    @pytest.mark.parametrize("suite", ["ecdsa-jcs-2019", "ecdsa-rdfc-2019"])
    def test_ecdsa(self, suite: str) -> None:
        document = secure(version_2(did_of("issuer", "P-256")), suite, "P-256")
        signature = decode_multibase(document["proof"]["proofValue"])
        r, s, n = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"), N["P-256"]

        def accepts(value: bytes) -> bool:
            proof = {**document["proof"], "proofValue": "z" + encode_base58btc(value)}
            return bool(result_of({**document, "proof": proof}))

        def pair(first: int, second: int) -> bytes:
            return first.to_bytes(32, "big") + second.to_bytes(32, "big")

        assert accepts(pair(r, s))
        assert accepts(pair(r, n - s)), "both are valid (FIPS 186-5): no signature is an identifier"
        numbers = {0, 1, n - 1, n, r, s}
        for pair_of_numbers in itertools.product(numbers, numbers):
            assert not accepts(pair(*pair_of_numbers)) or pair_of_numbers == (r, s)
        assert not accepts(encode_dss_signature(r, s))
        assert not accepts(pair(r, s) + b"\0")
        assert not accepts(b"\0" + pair(r, s))
        assert not accepts(b"\0" * 16 + signature[:32] + b"\0" * 16 + signature[32:])
        assert not accepts(signature[:63])
        assert not accepts(b"")

    @pytest.mark.parametrize("suite", ["eddsa-jcs-2022", "eddsa-rdfc-2022", "Ed25519Signature2020"])
    def test_ed25519(self, suite: str) -> None:
        document = secure(version_2(ISSUER), suite)
        signature = decode_multibase(document["proof"]["proofValue"])
        order = 2**252 + 27742317777372353535851937790883648493

        def accepts(value: bytes) -> bool:
            proof = {**document["proof"], "proofValue": "z" + encode_base58btc(value)}
            return bool(result_of({**document, "proof": proof}))

        s = int.from_bytes(signature[32:], "little")
        assert accepts(signature)
        for other in (s + order, s + 2 * order, order, 0, order - s):
            assert not accepts(signature[:32] + other.to_bytes(32, "little"))
        for bit in range(0, 512, 7):
            flipped = int.from_bytes(signature, "big") ^ 1 << bit
            assert not accepts(flipped.to_bytes(64, "big"))
        for neutral in (b"\1" + bytes(31), bytes(32), b"\xee" + b"\xff" * 30 + b"\x7f"):
            assert not accepts(neutral + bytes(32))
            assert not accepts(neutral + signature[32:])
        assert not accepts(signature + b"\0")
        assert not accepts(signature[:-1])

    def test_one_writing(self) -> None:
        document = secure(small(ISSUER))
        value = document["proof"]["proofValue"]
        raw = decode_multibase(value)
        others = [
            value + "1", "z1" + value[1:], value[1:], "Z" + value[1:], value + " ", " " + value, value + "\n",
            value + "\0", "u" + encode_base64url(raw), "f" + raw.hex(), "m" + encode_base64url(raw),
            "zz" + value[1:], value * 2, "z", "", raw.hex(), [value], {"@value": value}, None, 7, True,
            "z" + "1" * 10**6,
        ]  # fmt: skip
        for other in others:
            result = result_of({**document, "proof": {**document["proof"], "proofValue": other}})
            assert codes(result) == {FAILED}, other
            assert len(result.problems[0].detail) < 500


OPTIONS: Final[dict[str, list[Any]]] = {
    "created": ["2026-01-15T09:30:01Z", "2026-01-15T09:30:00+00:00", "2026-01-15T09:30:00.0Z"],
    "expires": ["2027-01-15T09:30:01Z"],
    "domain": ["other.example", ["d.example", "other.example"], []],
    "challenge": ["other", "C"],
    "proofPurpose": [
        "authentication",
        "capabilityInvocation",
        "assertionmethod",
        "https://w3id.org/security#assertionMethod",
    ],
    "id": ["urn:example:other"],
    "verificationMethod": [method_of(STRANGER), ISSUER, "#key", method_of(ISSUER) + " "],
    "type": ["DataIntegrityproof", ["DataIntegrityProof"]],
}
ADDED: Final[Claims] = {
    "nonce": "n", "previousProof": "urn:example:only", "jws": "x", "proof": {}, "revoked": "2020-01-01T00:00:00Z",
    "@type": "DataIntegrityProof", "@id": "urn:example:x", "x-evil": 1, "creator": ISSUER, "issuer": STRANGER,
    "https://w3id.org/security#expiration": "2020-01-01T00:00:00Z", "controller": STRANGER, "publicKeyMultibase": "z",
    "validUntil": "2099-01-01T00:00:00Z", "@nest": {"expires": "2099-01-01T00:00:00Z"}, "@reverse": {}, "@graph": [],
    "verificationMethods": [], "@index": "x", "@value": "x", "signatureValue": "x",
}  # fmt: skip


@pytest.mark.parametrize(("suite", "key_type"), SUITES)
class TestOptions:
    """P6: every option is covered by the proof."""

    @pytest.fixture
    def document(self, suite: str, key_type: str) -> Claims:
        return secure(
            version_2(did_of("issuer", key_type)),
            suite,
            key_type,
            expires=datetime(2027, 1, 15, 9, 30, tzinfo=UTC),
            domain="d.example",
            challenge="c",
            proof_id="urn:example:only",
        )

    def test_it_is_accepted_as_it_is(self, document: Claims) -> None:
        assert result_of(document, challenge="c", domain=frozenset({"d.example"}))

    def test_each_option_changed_or_removed(self, document: Claims) -> None:
        accepted = []
        for name, values in OPTIONS.items():
            for value in values:
                if result_of(in_proof(document, lambda proof: proof.update({name: value}))):  # noqa: B023  (called at once)
                    accepted.append((name, value))  # noqa: PERF401  (the answer decides)
            if result_of(in_proof(document, lambda proof: proof.pop(name))):  # noqa: B023  (called at once)
                accepted.append((name, "removed"))
        assert accepted == []

    def test_each_other_member_added(self, document: Claims) -> None:
        accepted = [
            name for name, value in ADDED.items() if result_of(in_proof(document,
            lambda proof: proof.update({name: value})))  # noqa: B023  (called at once)
        ]  # fmt: skip
        assert accepted == []

    def test_a_proof_of_another_document_or_another_time(self, document: Claims, suite: str, key_type: str) -> None:
        other = secure(version_1(did_of("issuer", key_type)), suite, key_type)
        assert codes(result_of({**document, "proof": other["proof"]})) & {FAILED, "DATA_LOSS_DETECTION_ERROR"}
        later = secure(version_2(did_of("issuer", key_type)), suite, key_type, created=CREATED.replace(second=1))
        value = later["proof"]["proofValue"]
        assert codes(result_of(in_proof(document, lambda proof: proof.update(proofValue=value)))) == {FAILED}


class TestContextsOfAProof:
    """A JCS proof repeats the contexts of its document; no other proof has contexts of its own."""

    def test_another_list(self) -> None:
        document = secure(version_2(ISSUER))
        contexts = document["@context"]
        others = [
            [V2], [*contexts, DATA_INTEGRITY], contexts[::-1], [], None, V2, {}, [{"@vocab": "urn:x:"}], contexts[0],
            [contexts], {"@vocab": "urn:x:"},
        ]  # fmt: skip
        for other in others:
            assert not result_of(in_proof(document, lambda proof: proof.update({"@context": other}))), other  # noqa: B023
        assert not result_of(in_proof(document, lambda proof: proof.pop("@context")))

    def test_the_document_has_another_list(self) -> None:
        document = secure(version_2(ISSUER))
        for both in (True, False):

            def extend(each: Claims, both: bool = both) -> None:
                each["@context"].append(DATA_INTEGRITY)
                if both:
                    each["proof"]["@context"].append(DATA_INTEGRITY)

            assert codes(result_of(changed(document, extend))) == {FAILED}

    @pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "Ed25519Signature2020"])
    def test_a_list_that_nothing_covers(self, suite: str) -> None:
        document = secure(version_2(ISSUER), suite)
        for contexts in (document["@context"], [V2], [], {"@vocab": "urn:x:"}, None):
            assert not result_of(in_proof(document, lambda proof: proof.update({"@context": contexts})))  # noqa: B023


class TestSets:
    """P4: all proofs have to hold, one of them by the issuer, and each counts once."""

    def test_a_list_of_one_is_that_one(self) -> None:
        document = secure(small(ISSUER))
        assert result_of({**document, "proof": [document["proof"]]})

    def test_good_and_bad(self) -> None:
        good, other = secure(small(ISSUER)), secure(small(ISSUER), name="stranger")
        bad = {**other["proof"], "created": "2026-01-15T09:30:01Z"}
        for proofs in ([good["proof"], bad], [bad, good["proof"]]):
            result = result_of({**good, "proof": proofs})
            assert codes(result) == {FAILED}
            assert [problem.at for problem in result.problems] == [f"/proof/{proofs.index(bad)}"]

    def test_nobody_of_them_is_the_issuer(self) -> None:
        document = secure(secure(small(ISSUER), name="stranger"), name="holder")
        assert codes(result_of(document)) == {"ISSUER_MISMATCH"}

    def test_the_same_proof_twice(self) -> None:
        document = secure(small(ISSUER))
        for again in (document["proof"], dict(reversed(document["proof"].items()))):
            assert codes(result_of({**document, "proof": [document["proof"], again]})) == {FAILED}

    def test_the_same_key_twice_is_one_signer(self) -> None:
        """Two proofs by one key hold, and say who made them: whoever counts signers counts controllers."""
        document = secure(secure(small(ISSUER)), created=CREATED.replace(second=1))
        proven = result_of(document).credential.proven_by
        assert len(proven) == 2
        assert {each.controller for each in proven} == {ISSUER}

    @pytest.mark.parametrize("count", [Limits().proofs + 1, 1_000, 10_000])
    def test_more_than_anybody_needs(self, count: int) -> None:
        document = secure(small(ISSUER))
        document["proof"] = [{**document["proof"], "id": f"urn:x:{number}"} for number in range(count)]
        assert codes(result_of(document)) == {"TOO_MANY_PROOFS"}

    @pytest.mark.parametrize("value", [[], [[]], [None], None, "proof", 7, True, {}, [{}], {"0": {}}])
    def test_forms_that_are_no_proof(self, value: Any) -> None:
        assert codes(result_of({**secure(small(ISSUER)), "proof": value})) <= {"PARSING_ERROR", FAILED}
        assert result_of({**secure(small(ISSUER)), "proof": value}).verdict is Verdict.REJECTED

    def test_nested_lists(self) -> None:
        document = secure(small(ISSUER))
        for value in ([[document["proof"]]], [[document["proof"]], document["proof"]], {"proof": document["proof"]}):
            assert not result_of({**document, "proof": value})

    def test_a_proof_that_covers_json_does_not_vouch_for_one_that_does_not(self) -> None:
        """Anybody can add a proof of their own, under any suite: it must not change what the issuer's proof covers."""
        document = secure(version_2(ISSUER), "eddsa-rdfc-2022")
        before = result_of(document).credential.claims
        document["credentialSubject"] = [document["credentialSubject"]]
        document["credentialSubject"][0]["achievement"]["credits"] = {
            "@type": "http://www.w3.org/2001/XMLSchema#integer",
            "@value": "3",
        }
        added = secure(document, "eddsa-jcs-2022", name="stranger")
        assert result_of(added).credential.claims == before


class TestChains:
    """P5: a proof holds only together with those that it extends."""

    @pytest.fixture(params=["eddsa-jcs-2022", "eddsa-rdfc-2022"])
    def chain(self, request: pytest.FixtureRequest) -> Claims:
        first = secure(version_2(ISSUER), request.param, proof_id="urn:example:1")
        second = secure(first, request.param, name="stranger", proof_id="urn:example:2", previous_proof="urn:example:1")
        third: Claims = secure(
            second, request.param, name="holder", proof_id="urn:example:3", previous_proof=["urn:example:2"]
        )
        return third

    def test_the_chain_as_it_was_made(self, chain: Claims) -> None:
        result = result_of(chain)
        assert [each.controller for each in result.credential.proven_by] == [ISSUER, STRANGER, HOLDER]

    def test_its_order_in_the_list_means_nothing(self, chain: Claims) -> None:
        assert result_of(changed(chain, lambda each: each["proof"].reverse()))

    def test_the_last_links_can_be_taken_away(self, chain: Claims) -> None:
        """No proof says what comes after it."""
        assert result_of(changed(chain, lambda each: each["proof"].pop()))

    @pytest.mark.parametrize("position", [0, 1])
    def test_no_other_link_can(self, chain: Claims, position: int) -> None:
        assert codes(result_of(changed(chain, lambda each: each["proof"].pop(position)))) == {FAILED}

    BROKEN: Final[dict[str, Callable[[list[Claims]], object]]] = {
        "dangling": lambda proofs: proofs[1].update(previousProof="urn:example:9"),
        "itself": lambda proofs: proofs[1].update(previousProof="urn:example:2"),
        "a circle of two": lambda proofs: proofs[0].update(previousProof="urn:example:2"),
        "a circle of three": lambda proofs: proofs[0].update(previousProof="urn:example:3"),
        "twice the same": lambda proofs: proofs[2].update(previousProof=["urn:example:2", "urn:example:2"]),
        "one more": lambda proofs: proofs[2].update(previousProof=["urn:example:1", "urn:example:2"]),
        "another": lambda proofs: proofs[2].update(previousProof="urn:example:1"),
        "none": lambda proofs: proofs[1].pop("previousProof"),
        "an empty list": lambda proofs: proofs[1].update(previousProof=[]),
        "null": lambda proofs: proofs[1].update(previousProof=None),
        "an object": lambda proofs: proofs[1].update(previousProof={"id": "urn:example:1"}),
        "nested lists": lambda proofs: proofs[1].update(previousProof=[["urn:example:1"]]),
        "two with one id": lambda proofs: proofs[2].update(id="urn:example:1"),
        "ids swapped": lambda proofs: (proofs[0].update(id="urn:example:2"), proofs[1].update(id="urn:example:1")),
        "the id is gone": lambda proofs: proofs[0].pop("id"),
        "another first proof": lambda proofs: proofs[0].update(created="2026-01-15T09:30:01Z"),
        "another first value": lambda proofs: proofs[0].update(proofValue=proofs[1]["proofValue"]),
        "the name by its IRI": lambda proofs: proofs[1].update(
            {"https://w3id.org/security#previousProof": proofs[1].pop("previousProof")}
        ),
    }

    UNREADABLE: Final = frozenset({"dangling", "itself", "a circle of two", "a circle of three", "twice the same"})
    """What is refused before anything is computed."""

    @pytest.mark.parametrize("how", BROKEN)
    def test_broken_in_some_way(self, chain: Claims, how: str) -> None:
        result = result_of(changed(chain, lambda each: self.BROKEN[how](each["proof"])))
        assert result.verdict is Verdict.REJECTED
        assert codes(result) <= {FAILED, "PROOF_TRANSFORMATION_ERROR", "DATA_LOSS_DETECTION_ERROR"}
        if how in self.UNREADABLE:
            assert next(check.outcome for check in result.checks if check.check == "proof") is Outcome.FAILED

    def test_a_replaced_first_proof_that_holds_by_itself(self, chain: Claims) -> None:
        suite = chain["proof"][0]["cryptosuite"]
        other = secure(version_2(ISSUER), suite, proof_id="urn:example:1", created=CREATED.replace(second=1))
        result = result_of(changed(chain, lambda each: each["proof"].__setitem__(0, other["proof"])))
        assert [(problem.code, problem.at) for problem in result.problems] == [(FAILED, "/proof/1")]


RELATIONSHIPS = ("authentication", "assertionMethod", "keyAgreement", "capabilityInvocation", "capabilityDelegation")


class TestMethods:
    """P1, P2, P3: the key may do what the proof is for, and belongs to whom the document says."""

    WEB = "did:web:university.example"

    class Handed:
        """A resolver that answers with one document, whatever it is asked for."""

        def __init__(self, document: Claims, did: str) -> None:
            self.document = DIDDocument.parse(document, did)

        def resolve(self, did: str) -> DIDDocument:
            return self.document

    def document(self, did: str = WEB, **members: Any) -> Claims:
        method = {
            "id": f"{did}#1",
            "type": "Multikey",
            "controller": members.pop("controller", did),
            "publicKeyMultibase": private_key("issuer", "Ed25519").public_key.multikey,
        }
        return {"id": did, "verificationMethod": [method], "assertionMethod": [f"{did}#1"]} | members

    def verify(
        self, document: Claims, purpose: str = "assertionMethod", expected: str = "assertionMethod"
    ) -> VerificationResult:
        secured = secure(small(self.WEB), method=f"{self.WEB}#1", proof_purpose=purpose)
        resolver = self.Handed(document, document["id"])
        return result_of(secured, self.WEB, resolver=resolver, proof_purpose=expected)

    def test_every_relationship_for_every_purpose(self) -> None:
        for listed, purpose, expected in itertools.product(RELATIONSHIPS, repeat=3):
            document = self.document(assertionMethod=[]) | {listed: [f"{self.WEB}#1"]}
            result = self.verify(document, purpose, expected)
            assert bool(result) is (listed == purpose == expected), (listed, purpose, expected)
            if listed != purpose:
                assert "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD" in codes(result)

    def test_a_document_of_somebody_else(self) -> None:
        """The resolver was tricked: the document is that of another DID."""
        for document in (self.document("did:web:evil.example"), self.document("did:web:university.example:x")):
            assert codes(self.verify(document)) == {"INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"}

    def test_a_method_of_somebody_else_in_the_document(self) -> None:
        evil = "did:web:evil.example"
        assert codes(self.verify(self.document(controller=evil))) == {"INVALID_VERIFICATION_METHOD"}
        listed = self.document() | {"verificationMethod": self.document(evil)["verificationMethod"]}
        assert codes(self.verify(listed)) == {"INVALID_VERIFICATION_METHOD"}
        secured = secure(small(self.WEB), method=f"{evil}#1")
        stolen = self.document(evil) | {"id": self.WEB, "assertionMethod": [f"{evil}#1"]}
        result = result_of(secured, self.WEB, resolver=self.Handed(stolen, self.WEB))
        assert result.verdict is Verdict.REJECTED

    def test_a_signature_by_somebody_else_in_the_issuers_name(self) -> None:
        assert codes(result_of(secure(small(ISSUER), name="stranger"))) == {"ISSUER_MISMATCH"}
        assert result_of(secure(small(ISSUER), name="stranger"), require_issuer_control=False)

    def test_names_of_methods(self) -> None:
        multikey = ISSUER.removeprefix("did:key:")
        names = [
            ISSUER, f"#{multikey}", f"{ISSUER}#", f"{ISSUER}#{multikey}#", f"{ISSUER}?a#{multikey}",
            f"{ISSUER}/#{multikey}", f"{ISSUER}#{multikey} ", f" {ISSUER}#{multikey}",
            f"{ISSUER}\n#{multikey}", f"{ISSUER.upper()}#{multikey}", f"did:key:1.1:{multikey}#{multikey}",
            f"{ISSUER};x#{multikey}", f"{ISSUER}#{multikey[:-1]}", "did:key:#", "#", "",
            f"https://{ISSUER}#{multikey}", f"{ISSUER}%23{multikey}", f"{ISSUER}#Z{multikey[1:]}",
            "did:jwk:e30#0", "did:jwk:#0", "did:key:z" + "1" * 5_000 + "#x", ISSUER + "#" + "x" * 10**6,
            "did:" * 10_000 + "#x",
        ]  # fmt: skip
        for name in names:
            document = secure(small(ISSUER))
            document["proof"]["verificationMethod"] = name
            result = result_of(document)
            assert result.verdict is Verdict.REJECTED, name
            assert all(len(problem.detail) < 500 for problem in result.problems)

    def test_a_method_that_was_revoked_or_has_expired(self) -> None:
        for member, when, accepted in (
            ("revoked", "2026-01-31T12:00:00Z", False),
            ("revoked", "2026-01-31T12:00:01Z", True),
            ("expires", "2026-01-31T12:00:00Z", False),
            ("expires", "2026-01-31T12:00:01Z", True),
            ("expires", "2026-01-31", False),
        ):
            document = self.document()
            document["verificationMethod"][0][member] = when
            assert bool(self.verify(document)) is accepted, (member, when)

    def test_two_names_of_one_key_are_two_issuers(self) -> None:
        key = private_key("issuer", "Ed25519").public_key
        web = small(did_key(key))
        document = secure(web, method=f"{self.WEB}#1")
        result = result_of(document, did_key(key), self.WEB, resolver=self.Handed(self.document(), self.WEB))
        assert codes(result) == {"ISSUER_MISMATCH"}


class TestExpectations:
    """P2, V1: what the policy expects is there, exactly."""

    @pytest.mark.parametrize("challenge", [None, "C", "c ", "", ["c"], "cc"])
    def test_another_challenge(self, challenge: Any) -> None:
        document = secure(small(ISSUER), challenge="c")
        if challenge is None:
            document["proof"].pop("challenge")
        else:
            document["proof"]["challenge"] = challenge
        assert not result_of(document, challenge="c")

    @pytest.mark.parametrize("domain", [None, "D.example", "d.example.evil", ["d.example", "e.example"], "d.example/"])
    def test_another_domain(self, domain: Any) -> None:
        result = result_of(secure(small(ISSUER), domain=domain), domain=frozenset({"d.example"}))
        assert codes(result) == {"INVALID_DOMAIN_ERROR"}

    def test_domains_are_a_set(self) -> None:
        document = secure(small(ISSUER), domain=["b.example", "a.example"])
        assert result_of(document, domain=frozenset({"a.example", "b.example"}))
        assert not result_of(document, domain=frozenset({"a.example"}))

    def test_each_proof_of_a_set(self) -> None:
        document = secure(secure(small(ISSUER), challenge="c"), name="stranger")
        assert codes(result_of(document, challenge="c")) == {"INVALID_CHALLENGE_ERROR"}


def test_nothing_is_signed() -> None:
    """P11: a proof over nothing proves nothing."""
    for claims in ({}, {"@context": [V2]}, {"@context": [V2], "type": []}):
        for suite in ("eddsa-jcs-2022", "eddsa-rdfc-2022"):
            proof = {**secure(small(ISSUER), suite)["proof"]}
            assert result_of({**claims, "proof": proof}).verdict is Verdict.REJECTED
    empty = secure({"@context": [V2]})
    assert codes(result_of(empty)) == {"MALFORMED_VALUE_ERROR", "ISSUER_MISMATCH"}
    assert json.loads(text(empty))["proof"]

"""What contexts and keywords could do to a document under an unchanged signature, and do not."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Container
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from did import StaticResolver
from status import StatusEntry
from vc_core import DataIntegrity, Policy, VCError, Verdict, VerificationResult, issue, verify
from vectors.making.credentials import (
    CONTEXTS,
    CREATED,
    DATA_INTEGRITY,
    TERMS,
    V1,
    V2,
    Claims,
    changed,
    in_proof,
    secure,
    version_2,
)
from vectors.making.keys import did_of, signer_of

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
ISSUER = did_of("issuer", "Ed25519")
CREDENTIALS: Final = "https://www.w3.org/2018/credentials#"
TERM: Final = "https://vectors.example/terms#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
STATUS_TERM: Final = "https://www.w3.org/ns/credentials/status#"

ENTRY: Final[Claims] = {
    "id": "https://status.example/1#7",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "7",
    "statusListCredential": "https://status.example/1",
}
CLAIMS: Final = version_2(ISSUER) | {"credentialStatus": ENTRY, "validUntil": "2026-01-20T00:00:00Z"}
"""A credential that has expired and that its status list revokes: whoever hides either makes it valid again."""
SUITES = ["eddsa-jcs-2022", "eddsa-rdfc-2022", "Ed25519Signature2020"]


class Revoked:
    """A status list on which every bit is set."""

    def look_up(self, entry: StatusEntry, *, issuers: Container[str], now: datetime) -> int:
        return 1


def result_of(data: bytes, **policy: Any) -> VerificationResult:
    members = {"accepted_issuers": frozenset({ISSUER}), "contexts": CONTEXTS} | policy
    return verify(data, resolver=StaticResolver(), status=Revoked(), policy=Policy(**members), now=NOW)


def codes(result: VerificationResult) -> set[str]:
    return {problem.code for problem in result.problems}


@pytest.fixture(params=SUITES)
def revoked(request: pytest.FixtureRequest) -> Claims:
    return secure(CLAIMS, request.param)


@pytest.fixture(params=SUITES)
def valid(request: pytest.FixtureRequest) -> Claims:
    return secure(version_2(ISSUER), request.param)


def test_revoked_and_expired_as_it_is(revoked: Claims) -> None:
    assert codes(result_of(changed(revoked, lambda each: None))) == {"REVOKED", "EXPIRED"}


def rename(path: tuple[str, ...], to: str) -> Callable[[Claims], None]:
    """Another name for a member, in the same place of its object."""

    def change(document: Claims) -> None:
        owner: Any = document
        for name in path[:-1]:
            owner = owner[name]
        members = {to if name == path[-1] else name: value for name, value in owner.items()}
        owner.clear()
        owner.update(members)

    return change


def date(document: Claims, name: str) -> Claims:
    return {"@type": XSD + "dateTime", "@value": document.pop(name)}


HIDING: Final[dict[str, Callable[[Claims], Any]]] = {
    "the status by its IRI": rename(("credentialStatus",), CREDENTIALS + "credentialStatus"),
    "the status by a compact IRI": rename(("credentialStatus",), "cred:credentialStatus"),
    "the status in @nest": lambda each: each.update({"@nest": {"credentialStatus": each.pop("credentialStatus")}}),
    "the status in an alias of @nest": lambda each: each.update(
        details={"credentialStatus": each.pop("credentialStatus")}
    ),
    "the status in @included": lambda each: each.update(
        {"@included": [{"id": each["id"], "credentialStatus": each.pop("credentialStatus")}]}
    ),
    "the status in @graph": lambda each: each.update(
        {"@graph": [{"id": each["id"], "credentialStatus": each.pop("credentialStatus")}]}
    ),
    "the status by @reverse": lambda each: each.update(
        {"@reverse": {CREDENTIALS + "credentialStatus": [each.pop("credentialStatus")]}}
    ),
    "the status in the subject": lambda each: each["credentialSubject"].update(
        alsoKnownAs={"id": each["id"], "credentialStatus": each.pop("credentialStatus")}
    ),
    "the status is removed": lambda each: each.pop("credentialStatus"),
    "the status is null": lambda each: each.update(credentialStatus=None),
    "the status is an empty list": lambda each: each.update(credentialStatus=[]),
    "the status is only named": lambda each: each.update(credentialStatus=ENTRY["id"]),
    "the status is a set": lambda each: each.update(credentialStatus={"@set": [each["credentialStatus"]]}),
    "the status is a list": lambda each: each.update(credentialStatus={"@list": [each["credentialStatus"]]}),
    "the status is a graph": lambda each: each.update(credentialStatus={"@graph": [each["credentialStatus"]]}),
    "the purpose by its IRI": rename(("credentialStatus", "statusPurpose"), STATUS_TERM + "statusPurpose"),
    "the type of the status by the keyword": rename(("credentialStatus", "type"), "@type"),
    "the type of the status by its IRI": lambda each: each["credentialStatus"].update(
        type=STATUS_TERM + "BitstringStatusListEntry"
    ),
    "the purpose with a language": lambda each: each["credentialStatus"].update(
        statusPurpose={"@value": "revocation", "@language": "en"}
    ),
    "the purpose twice": lambda each: each["credentialStatus"].update(statusPurpose=["revocation", "x"]),
    "another purpose": lambda each: each["credentialStatus"].update(statusPurpose="message"),
    "the end by its IRI": lambda each: each.update({CREDENTIALS + "validUntil": date(each, "validUntil")}),
    "the end with its type": lambda each: each.update(validUntil=date(each, "validUntil")),
    "the end in @nest": lambda each: each.update({"@nest": {"validUntil": each.pop("validUntil")}}),
    "the end as that of version 1": rename(("validUntil",), "expirationDate"),
    "the end in a list with a later one": lambda each: each.update(
        validUntil=[each["validUntil"], "2099-01-01T00:00:00Z"]
    ),
    "the issuer by its IRI": rename(("issuer",), CREDENTIALS + "issuer"),
    "the issuer twice": lambda each: each.update(issuer=[each["issuer"], did_of("stranger", "Ed25519")]),
}


@pytest.mark.parametrize("how", HIDING)
def test_nothing_hides_a_member_from_its_rule(revoked: Claims, how: str) -> None:
    """L8, L9: with only one of status and end hidden, the other would still be found. So neither may be missing."""
    result = result_of(changed(revoked, HIDING[how]))
    assert result.verdict is Verdict.REJECTED
    decisive = codes(result) - {"REVOKED", "EXPIRED"}
    assert decisive or codes(result) == {"REVOKED", "EXPIRED"}, "the rules still see it, or the proof does not hold"


CONTEXTS_INSTEAD: Final[dict[str, Callable[[list[Any]], Any]]] = {
    "a vocabulary behind": lambda own: [*own, {"@vocab": TERM}],
    "a vocabulary in between": lambda own: [own[0], {"@vocab": "urn:x:"}, *own[1:]],
    "a base": lambda own: [*own, {"@base": "https://x.example/"}],
    "a language": lambda own: [*own, {"@language": "lt"}],
    "an alias": lambda own: [*own, {"hidden": CREDENTIALS + "credentialStatus"}],
    "an alias of a keyword": lambda own: [*own, {"nest": "@nest", "graph": "@graph"}],
    "an alias of proof": lambda own: [
        *own,
        {"evidence2": {"@id": "https://w3id.org/security#proof", "@container": "@graph"}},
    ],
    "a term redefined": lambda own: [*own, {"validUntil": TERM + "note"}],
    "a type redefined": lambda own: [*own, {"Achievement": TERM + "Learner"}],
    "a prefix": lambda own: [*own, {"did": TERM, "urn": TERM, "https": TERM}],
    "null behind": lambda own: [*own, None],
    "null before": lambda own: [None, *own],
    "null in between": lambda own: [own[0], None, *own[1:]],
    "an import": lambda own: [*own, {"@import": TERMS}],
    "an empty object": lambda own: [*own, {}],
    "an object that propagates nothing": lambda own: [*own, {"@propagate": False}],
    "an object without protection": lambda own: [*own, {"@protected": False}],
    "a list in the list": lambda own: [own],
    "a text": lambda own: own[0],
    "an object": lambda own: {"@vocab": TERM},
    "a number": lambda own: [*own, 1],
    "true": lambda own: [*own, True],
    "nothing": lambda own: [],
    "null": lambda own: None,
    "twice the same": lambda own: [*own, own[-1]],
    "the last one missing": lambda own: own[:-1],
    "the first one missing": lambda own: own[1:],
    "the order reversed": lambda own: own[::-1],
    "the other base context": lambda own: [V1, *own[1:]],
    "both base contexts": lambda own: [own[0], V1, *own[1:]],
    "an unknown one": lambda own: [*own, "https://unknown.example/v1"],
    "http for https": lambda own: [own[0], TERMS.replace("https", "http")],
    "upper case": lambda own: [own[0], TERMS.replace("vectors", "VECTORS")],
    "a slash": lambda own: [own[0], TERMS + "/"],
    "a fragment": lambda own: [own[0], TERMS + "#"],
    "a query": lambda own: [own[0], TERMS + "?"],
    "a space": lambda own: [own[0], TERMS + " "],
    "an address": lambda own: [own[0], "http://169.254.169.254/latest"],
    "a file": lambda own: [own[0], "file:///etc/passwd"],
    "a relative file": lambda own: [own[0], "credentials-v2.jsonld"],
    "data": lambda own: [own[0], "data:application/ld+json,{}"],
}


@pytest.mark.parametrize("how", CONTEXTS_INSTEAD)
def test_other_contexts_for_the_document(valid: Claims, how: str) -> None:
    """L2, L5, L7. The contexts say what the terms mean: with others, it is another document."""

    def change(each: Claims) -> None:
        each["@context"] = CONTEXTS_INSTEAD[how](each["@context"])

    def change_both(each: Claims) -> None:
        change(each)
        if "@context" in each["proof"]:
            each["proof"]["@context"] = copy.deepcopy(each["@context"])

    for result in (result_of(changed(valid, change)), result_of(changed(valid, change_both))):
        assert result.verdict is Verdict.REJECTED


@pytest.mark.parametrize("how", [how for how in CONTEXTS_INSTEAD if how != "an empty object"])
def test_other_contexts_where_inline_ones_are_allowed(valid: Claims, how: str) -> None:
    """A policy that allows them does not allow that they change what was signed."""

    def change(each: Claims) -> None:
        each["@context"] = CONTEXTS_INSTEAD[how](each["@context"])

    before = result_of(changed(valid, lambda each: None), allow_inline_contexts=True)
    result = result_of(changed(valid, change), allow_inline_contexts=True)
    if result:
        claims, expected = result.credential.claims, before.credential.claims
        assert {**claims, "@context": None} == {**expected, "@context": None}


@pytest.mark.parametrize(
    "context",
    [
        {"title": TERM + "note"},
        {"@vocab": TERM},
        TERMS,
        V2,
        [],
        None,
        {},
        [TERMS],
        {"@base": None},
        {"@language": "lt"},
    ],
    ids=json.dumps,
)
@pytest.mark.parametrize("place", ["credentialSubject", "achievement", "title", "issuer", "proof", "name"])
def test_a_context_inside(valid: Claims, context: Any, place: str) -> None:
    def change(each: Claims) -> None:
        subject = each["credentialSubject"]
        owners = {
            "credentialSubject": subject,
            "achievement": subject["achievement"],
            "title": subject["achievement"]["title"],
        }
        owner = owners.get(place) or each[place]
        if place == "proof" and "@context" in owner and owner["@context"] == context:
            context_of_proof = [*owner["@context"], DATA_INTEGRITY]
            owner["@context"] = context_of_proof
        else:
            owner["@context"] = context

    assert result_of(changed(valid, change)).verdict is Verdict.REJECTED


def test_a_context_inside_that_is_spelled_with_an_escape() -> None:
    """A quick search of the bytes for the name must not be what decides."""
    claims = version_2(ISSUER)
    claims["credentialSubject"]["achievement"]["@context"] = {"title": TERM + "note"}
    signed = changed(secure(claims), lambda each: None)
    assert codes(result_of(signed)) == {"UNKNOWN_CONTEXT"}
    first, second, third = (position for position in range(len(signed)) if signed.startswith(b'"@context"', position))
    for spelling in (b'"\\u0040context"', b'"@c\\u006fntext"', b'"\\u0040\\u0063ontext"'):
        for chosen in ([second], [first], [third], [first, second], [second, third], [first, second, third]):
            data = signed
            for position in reversed(chosen):
                data = data[:position] + spelling + data[position + len(b'"@context"') :]
            assert codes(result_of(data)) == {"UNKNOWN_CONTEXT"}, (spelling, chosen)


LOSSES: Final[dict[str, Any]] = {
    "an undefined term": {"x-evil": 1},
    "an undefined term with an empty value": {"x-evil": []},
    "an undefined type": {"type": ["Learner", "Evil"]},
    "a relative type": {"type": ["Learner", "./Evil"]},
    "a relative id": {"achievement": {"id": "17", "type": "Achievement"}},
    "a blank node": {"id": "_:b0"},
    "a blank node below": {"achievement": {"id": "_:b0", "type": "Achievement"}},
    "null": {"alsoKnownAs": None},
    "null in a list": {"alsoKnownAs": ["x", None]},
    "an empty list": {"alsoKnownAs": []},
    "a list in a list": {"alsoKnownAs": [["x"]]},
    "a keyword that there is not": {"@evil": 1},
    "an index": {"@index": "x"},
    "a direction": {"alsoKnownAs": {"@value": "x", "@direction": "ltr"}},
    "an index of a value": {"alsoKnownAs": {"@value": "x", "@index": "x"}},
    "null as a value": {"alsoKnownAs": {"@value": None}},
    "a list as a value": {"alsoKnownAs": {"@value": ["x"]}},
    "JSON as a value": {"alsoKnownAs": {"@value": {"x": 1}, "@type": "@json"}},
    "an id that is a number": {"achievement": {"id": 1}},
    "an id with a space": {"achievement": {"id": "urn:x: y"}},
    "an id that ends a statement": {"achievement": {"id": "urn:x> <urn:p> <urn:o> .\n<urn:x"}},
    "a type that ends a statement": {"type": ["Learner", "urn:x> .\n<urn:a> <urn:b> <urn:c"]},
    "a datatype that ends a statement": {"alsoKnownAs": {"@value": "x", "@type": "urn:x> .\n<urn:a> <urn:b> <urn:c"}},
    "the term by its IRI": {TERM + "alsoKnownAs": "x"},
    "@graph": {"@graph": []},
    "@included": {"@included": []},
    "@reverse": {"@reverse": {}},
    "@nest": {"@nest": {}},
    "@set": {"alsoKnownAs": {"@set": ["x"]}},
    "@list": {"alsoKnownAs": {"@list": ["x"]}},
}
TAGS = [
    "en .\n<urn:a> <urn:b> \"true", "en> .", "en ", " en", "e n", 'en"', "en\\", "en\x00", "en\n", "en\r",
    "en\t", "en\u2028", "-", "en-", "-en", "e_n", "ē", "a" * 9, "en--us", "1", "", "x" * 1000, "en@lv", "^^",
    "<urn:x>", "_:b0", "@none", "en.", "\u202een",
]  # fmt: skip


@pytest.mark.parametrize("suite", SUITES[1:])
class TestWhatAnRdfSuiteDoesNotCover:
    """L1, L3, L4: nothing is dropped in silence, neither when issuing nor when verifying."""

    @pytest.mark.parametrize("what", LOSSES)
    def test_it_is_refused_at_both_ends(self, suite: str, what: str) -> None:
        claims = version_2(ISSUER)
        claims["credentialSubject"] |= LOSSES[what]
        with pytest.raises(VCError) as raised:
            issue(
                claims,
                signer=signer_of("issuer", "Ed25519"),
                securing=DataIntegrity(cryptosuite=suite, contexts=CONTEXTS),
                created=CREATED,
            )
        assert raised.value.detail.isprintable()
        secured = secure(version_2(ISSUER), suite)
        result = result_of(changed(secured, lambda each: each["credentialSubject"].update(LOSSES[what])))
        assert codes(result) <= {"DATA_LOSS_DETECTION_ERROR", "PROOF_TRANSFORMATION_ERROR", "MALFORMED_VALUE_ERROR"}
        assert result.verdict is Verdict.REJECTED

    @pytest.mark.parametrize("tag", TAGS, ids=ascii)
    def test_language_tags(self, suite: str, tag: str) -> None:
        secured = secure(version_2(ISSUER), suite)
        for place in (
            lambda each: each["credentialSubject"].update(alsoKnownAs={"@value": "x", "@language": tag}),
            lambda each: each["credentialSubject"]["achievement"]["title"].update({tag: "x"}),
            lambda each: each["name"].update({"@language": tag}),
            lambda each: each["issuer"].update(name={"@value": "x", "@language": tag}),
        ):
            result = result_of(changed(secured, place))
            assert result.verdict is Verdict.REJECTED
            assert all(problem.detail.isprintable() for problem in result.problems)

    def test_a_member_of_the_proof(self, suite: str) -> None:
        secured = secure(version_2(ISSUER), suite)
        for name, value in (
            {"x-evil": 1, "@index": "x", "@nest": {}, "@reverse": {}, TERM + "x": 1} | LOSSES["null"]
        ).items():
            result = result_of(in_proof(secured, lambda proof: proof.update({name: value})))  # noqa: B023  (called at once)
            assert codes(result) <= {"DATA_LOSS_DETECTION_ERROR", "PROOF_TRANSFORMATION_ERROR"}
            assert not result

    def test_a_member_moved_to_another_node_of_the_same_name(self, suite: str) -> None:
        """Two objects with one id are one thing: where its members stand must not decide what is read."""
        claims = version_2(ISSUER)
        claims["credentialSubject"]["achievement"]["specifiedBy"] = {"id": ISSUER, "alsoKnownAs": "x"}
        secured = secure(claims, suite)
        before = result_of(changed(secured, lambda each: None)).credential.claims

        def move(each: Claims) -> None:
            other = each["credentialSubject"]["achievement"]["specifiedBy"]
            each["issuer"]["alsoKnownAs"] = other.pop("alsoKnownAs")

        result = result_of(changed(secured, move))
        assert not result or result.credential.claims == before

    def test_types_are_those_that_were_signed(self, suite: str) -> None:
        secured = secure(version_2(ISSUER), suite)
        for types in (
            ["MicroCredential", "VerifiableCredential"],
            ["VerifiableCredential", TERM + "MicroCredential"],
            ["VerifiableCredential", "MicroCredential", TERM + "MicroCredential"],
            ["VerifiableCredential", "MicroCredential", "VerifiableCredential"],
        ):
            result = result_of(changed(secured, lambda each: each.update(type=types)))  # noqa: B023  (called at once)
            if result:
                assert set(result.credential.types) == {"VerifiableCredential", "MicroCredential"}
                assert set(result.credential.claims["type"]) == {"VerifiableCredential", "MicroCredential"}


@pytest.mark.parametrize("suite", SUITES[1:])
@pytest.mark.parametrize(
    ("name", "definition"),
    [
        ("expires", {"@id": "https://w3id.org/security#expiration", "@type": XSD + "dateTime"}),
        ("created", {"@id": "http://purl.org/dc/terms/created", "@type": XSD + "dateTime"}),
        ("challenge", "https://w3id.org/security#challenge"),
        ("domain", "https://w3id.org/security#domain"),
    ],
)
def test_another_name_for_an_option_of_a_proof(suite: str, name: str, definition: Any) -> None:
    """Even where a context that the policy knows, or the document's own, gives it that name."""
    moment = datetime(2026, 1, 31, 11, tzinfo=UTC)
    secured = secure(version_2(ISSUER), suite, expires=moment, domain="d.example", challenge="c")
    url, terms = "https://others.example/v1", {"x": definition}
    for context in (url, terms):

        def change(each: Claims, context: Any = context) -> None:
            each["@context"].append(context)
            each["proof"]["x"] = each["proof"].pop(name)

        known = CONTEXTS | {url: json.dumps({"@context": terms}).encode()}
        result = result_of(changed(secured, change), contexts=known, allow_inline_contexts=True)
        assert codes(result) == {"DATA_LOSS_DETECTION_ERROR"}


@pytest.mark.parametrize("suite", SUITES[1:])
def test_names_are_those_of_the_contexts_that_the_claims_name(suite: str) -> None:
    """What the contexts make of a document is signed under an RDF suite, and not their list: a context that the policy
    knows can be added, and then may give a property another name. The claims say under which contexts they are read.
    """
    claims = version_2(ISSUER)
    claims["credentialSubject"]["heading"] = "Datu ētika"
    secured = secure(claims, suite)
    url = "https://others.example/v1"
    known = CONTEXTS | {url: json.dumps({"@context": {"h": TERM + "heading"}}).encode()}

    def add(each: Claims) -> None:
        each["@context"].append(url)

    def add_and_rename(each: Claims) -> None:
        add(each)
        each["credentialSubject"]["h"] = each["credentialSubject"].pop("heading")

    assert not result_of(changed(secured, add), contexts=known), "it has one name, and not two"
    found = result_of(changed(secured, add_and_rename), contexts=known).credential.claims
    assert found["@context"] == [*secured["@context"], url]
    assert found["credentialSubject"]["h"] == "Datu ētika"
    assert not result_of(changed(secured, add_and_rename)), "unless the policy knows that context"


def test_a_document_with_an_unknown_context_is_refused_under_a_suite_that_covers_json() -> None:
    """K11: nobody can say what its terms mean."""
    claims = version_2(ISSUER)
    claims["@context"] = [V2, "https://unknown.example/v1"]
    data = changed(secure(claims), lambda each: None)
    assert codes(result_of(data)) == {"UNKNOWN_CONTEXT"}
    assert result_of(data, contexts=CONTEXTS | {"https://unknown.example/v1": b'{"@context": {}}'})


@pytest.mark.parametrize("suite", SUITES[1:])
def test_another_name_for_the_size_of_a_status(suite: str) -> None:
    """With its size hidden, the entry would be looked up one bit wide."""
    claims = version_2(ISSUER) | {
        "credentialStatus": ENTRY
        | {"statusSize": 2, "statusMessage": [{"status": f"0x{value}", "message": "m"} for value in range(4)]}
    }
    secured = secure(claims, suite)
    terms = {"size2": {"@id": STATUS_TERM + "statusSize", "@type": XSD + "integer"}}

    def change(each: Claims) -> None:
        each["@context"].append(terms)
        each["credentialStatus"]["size2"] = each["credentialStatus"].pop("statusSize")

    assert codes(result_of(changed(secured, lambda each: None), allow_inline_contexts=True)) == {"REVOKED"}
    result = result_of(changed(secured, change), allow_inline_contexts=True)
    assert codes(result) == {"PROOF_TRANSFORMATION_ERROR"}

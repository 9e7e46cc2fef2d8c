"""The rules of the data model. What breaks them is validly signed, so that nothing else is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import V1, V2, Claims, accepting, secure, small, text
from vectors.making.keys import did_of

_SPEC: Final = "data-model"
_MALFORMED: Final = "MALFORMED_VALUE_ERROR"
_ISSUER: Final = did_of("issuer", "Ed25519")


def cases() -> Iterator[Case]:
    """The cases about the data model, versions 2.0 and 1.1."""
    yield from _forms()
    yield from _version_1()
    yield from _validity_periods()
    yield from _issuers()


def _case(name: str, title: str, claims: Claims, *codes: str, **members: Any) -> Case:
    members = {"policy": accepting(), "reference": "Verifiable Credentials Data Model 2.0, section 4"} | members
    return Case(spec=_SPEC, name=name, title=title, document=text(secure(claims)), codes=codes, **members)


def _forms() -> Iterator[Case]:
    schema, related = {"id": "https://x.example/s", "type": "Unheard"}, {"id": "https://x.example/r"}
    wrong: dict[str, tuple[str, Claims]] = {
        "type-another": ("type does not name VerifiableCredential", {"type": ["Credential"]}),
        "type-number": ("a type is a number", {"type": ["VerifiableCredential", 7]}),
        "type-iri": (
            "the type is named by its IRI",
            {"type": ["https://www.w3.org/2018/credentials#VerifiableCredential"]},
        ),
        "id-relative": ("the id is relative", {"id": "credentials/1"}),
        "id-list": ("there are two ids", {"id": ["urn:example:1", "urn:example:2"]}),
        "issuer-number": ("the issuer is a number", {"issuer": 7}),
        "issuer-without-id": ("the issuer has no id", {"issuer": {"name": "X"}}),
        "subject-text": ("the subject is a text", {"credentialSubject": "did:example:learner"}),
        "subject-empty": ("the subject has no claims", {"credentialSubject": {}}),
        "subjects-none": ("the list of subjects is empty", {"credentialSubject": []}),
        "subject-id-relative": ("the subject's id is relative", {"credentialSubject": {"id": "learner"}}),
        "status-text": ("the status is a text", {"credentialStatus": "https://x.example/1"}),
        "status-without-type": ("the status has no type", {"credentialStatus": {"id": "urn:example:1"}}),
        "schema-without-id": ("a schema has no id", {"credentialSchema": {"type": "JsonSchema"}}),
        "schema-of-schemas": ("a list of schemas in a list", {"credentialSchema": [[schema]]}),
        "terms-without-type": ("the terms of use have no type", {"termsOfUse": {"id": "urn:example:1"}}),
        "evidence-text": ("the evidence is a text", {"evidence": ["seen"]}),
        "refresh-number": ("the refresh service is a number", {"refreshService": 7}),
        "name-number": ("the name is a number", {"name": 7}),
        "name-with-more": ("the name is more than a value with a language", {"name": {"@value": "x", "more": "y"}}),
        "name-language": ("the name is in no language", {"name": {"@value": "x", "@language": "lv lt"}}),
        "name-direction": ("the name has a direction that there is not", {"name": {"@value": "x", "@direction": "up"}}),
        "related-without-digest": ("a related resource has no digest", {"relatedResource": [related]}),
        "related-twice": ("a related resource stands twice", {"relatedResource": [related | {"digestSRI": "x"}] * 2}),
    }
    for name, (title, members) in wrong.items():
        codes = (_MALFORMED,) if name != "issuer-number" else (_MALFORMED, "ISSUER_MISMATCH")
        codes = codes if name != "issuer-without-id" else (_MALFORMED, "ISSUER_MISMATCH")
        codes = codes if name != "status-without-type" else (_MALFORMED, "STATUS_VERIFICATION_ERROR")
        yield _case(name, title, small(_ISSUER) | members, *codes)
    for name in ("type", "credentialSubject"):
        claims = {key: value for key, value in small(_ISSUER).items() if key != name}
        yield _case(f"{name}-missing", f"there is no {name}", claims, _MALFORMED)
    without = {key: value for key, value in small(_ISSUER).items() if key != "issuer"}
    yield _case("issuer-missing", "there is no issuer", without, _MALFORMED, "ISSUER_MISMATCH")
    subjects = [{"id": "did:example:a"}, {"id": "did:example:b"}]
    yield _case("two-subjects", "two subjects", small(_ISSUER) | {"credentialSubject": subjects})


def _version_1() -> Iterator[Case]:
    reference = "Verifiable Credentials Data Model 1.1, section 4.6"
    claims = {**small(_ISSUER), "@context": [V1]}
    del claims["name"]
    yield _case("version-1-without-date", "issuanceDate is missing", claims, _MALFORMED, reference=reference)
    both = {**small(_ISSUER), "@context": [V2, V1]}
    yield _case("two-base-contexts", "both base contexts in one credential", both, _MALFORMED)


def _validity_periods() -> Iterator[Case]:
    reference = "Verifiable Credentials Data Model 2.0, section 4.9"

    def period(name: str, title: str, *codes: str, **members: str | int) -> Case:
        return _case(name, title, small(_ISSUER) | members, *codes, reference=reference)

    yield period("valid-from-now", "valid from this second on", validFrom="2026-01-31T12:00:00Z")
    yield period("valid-until-now", "valid until this second", validUntil="2026-01-31T12:00:00Z")
    yield period("valid-from-skew", "valid from 60 seconds ahead, the clock skew", validFrom="2026-01-31T12:01:00Z")
    yield period("valid-from-later", "valid from 61 seconds ahead", "NOT_YET_VALID", validFrom="2026-01-31T12:01:01Z")
    yield period("valid-until-skew", "valid until 60 seconds ago", validUntil="2026-01-31T11:59:00Z")
    yield period("valid-until-before", "valid until 61 seconds ago", "EXPIRED", validUntil="2026-01-31T11:58:59Z")
    yield period("other-zone", "an end in another time zone", validUntil="2026-01-31T14:00:00+02:00")
    yield period(
        "ends-before-it-begins",
        "it ends before it begins",
        _MALFORMED,
        "NOT_YET_VALID",
        validFrom="2027-01-01T00:00:00Z",
        validUntil="2026-06-01T00:00:00Z",
    )
    for name, value in (
        ("without-zone", "2026-02-01T00:00:00"),
        ("date", "2026-02-01"),
        ("week", "2026-W05-1T00:00:00Z"),
        ("no-such-day", "2026-02-30T00:00:00Z"),
        ("lower-case", "2026-02-01t00:00:00z"),
        ("comma", "2026-02-01T00:00:00,5Z"),
        ("leap-second", "2026-02-01T23:59:60Z"),
        ("overflow", "9999-12-31T23:59:59-14:00"),
        ("empty", ""),
        ("spaces", " 2026-02-01T00:00:00Z "),
        ("other-digits", "२०२६-02-01T00:00:00Z"),
        ("number", 1769860800),
    ):
        yield period(f"time-{name}", f"the end is no dateTimeStamp: {value!r}", _MALFORMED, validUntil=value)
    old = {**small(_ISSUER), "@context": [V1], "issuanceDate": "2026-01-01T00:00:00Z"}
    del old["name"]
    version_1 = "Verifiable Credentials Data Model 1.1, sections 4.6 and 4.7"
    yield _case(
        "version-1-expired",
        "expirationDate is over",
        old | {"expirationDate": "2026-01-02T00:00:00Z"},
        "EXPIRED",
        reference=version_1,
    )
    yield _case(
        "version-1-not-yet",
        "issuanceDate lies ahead",
        old | {"issuanceDate": "2026-03-01T00:00:00Z"},
        "NOT_YET_VALID",
        reference=version_1,
    )
    yield _case(
        "members-of-both-versions",
        "the members of both versions disagree: both count",
        small(_ISSUER) | {"validUntil": "2027-01-01T00:00:00Z", "expirationDate": "2026-01-02T00:00:00Z"},
        "EXPIRED",
        reference=reference,
    )


def _issuers() -> Iterator[Case]:
    stranger = did_of("stranger", "Ed25519")
    reference = "Verifiable Credentials Data Model 2.0, section 4.7"
    yield _case(
        "issuer-unaccepted",
        "the policy does not accept the issuer",
        small(_ISSUER),
        "UNACCEPTED_ISSUER",
        policy=accepting(stranger),
        reference=reference,
    )
    yield _case(
        "issuer-none-accepted",
        "the policy accepts no issuer",
        small(_ISSUER),
        "UNACCEPTED_ISSUER",
        policy={"acceptedIssuers": []},
        reference=reference,
    )
    yield _case(
        "issuer-any",
        "the policy accepts every issuer",
        small(_ISSUER),
        policy={"acceptedIssuers": "any"},
        reference=reference,
    )
    yield _case(
        "issuer-not-the-signer",
        "the issuer is not who signed",
        small(stranger),
        "ISSUER_MISMATCH",
        policy=accepting(stranger),
        reference=reference,
    )
    yield _case(
        "issuer-control-not-asked",
        "the issuer is not who signed, and the policy does not ask",
        small(stranger),
        policy=accepting(stranger, requireIssuerControl=False),
        reference=reference,
    )

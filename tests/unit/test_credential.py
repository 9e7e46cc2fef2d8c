"""The rules of the data model, one by one: each with the code and the place that it is reported with."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from vc_core import PINNED_CONTEXTS, Contexts, Limits, Problem
from vc_core import credential as data_model
from vc_core.credential import V1, V2, problems_of_data_model
from vc_core.resources import named_objects
from vc_core.securing.cryptosuites.cryptosuite import Transformation

KNOWN = Transformation(PINNED_CONTEXTS, Limits())
INLINE = Transformation(PINNED_CONTEXTS, Limits(), allow_inline_contexts=True)
ABSENT = object()
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def tree(version: int = 2, **members: Any) -> dict[str, Any]:
    """A credential that follows the rules, with these members in place of its own."""
    own = {
        "@context": [V2] if version == 2 else [V1],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "MicroCredential"],
        "issuer": "did:example:issuer",
        "credentialSubject": {"id": "did:example:learner", "name": "A"},
        **({"issuanceDate": "2026-01-01T00:00:00Z"} if version == 1 else {}),
        **members,
    }
    return {name: value for name, value in own.items() if value is not ABSENT}


def found(problems: Iterator[Problem]) -> list[tuple[str, str]]:
    listed = list(problems)
    assert all(problem.detail.isprintable() and problem.missing is None for problem in listed)
    return [(problem.code, problem.at) for problem in listed]


def malformed(*places: str) -> list[tuple[str, str]]:
    return [("MALFORMED_VALUE_ERROR", place) for place in places]


# -- contexts --------------------------------------------------------------------------------------

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"


@pytest.mark.parametrize("values", [[V1], [V2], [V2, EXAMPLES], [V2, EXAMPLES, DATA_INTEGRITY], [V1, DATA_INTEGRITY]])
def test_known_contexts_behind_the_base_context(values: list[str]) -> None:
    assert found(data_model.problems_of_contexts(tree(**{"@context": values}), KNOWN)) == []


@pytest.mark.parametrize(
    "value",
    [
        ABSENT,
        None,
        V2,
        {"@vocab": "https://example.org/"},
        [],
        [[V2]],
        [EXAMPLES],
        [EXAMPLES, V2],
        [{"@vocab": "https://example.org/"}, V2],
        ["https://www.w3.org/ns/credentials/v2/"],
        ["HTTPS://www.w3.org/ns/credentials/v2"],
        ["http://www.w3.org/ns/credentials/v2"],
        [None, V2],
        [1],
    ],
)
def test_the_base_context_comes_first(value: Any) -> None:
    problems = data_model.problems_of_contexts(tree(**{"@context": value}), KNOWN)

    assert found(problems) == malformed("/@context")


@pytest.mark.parametrize("value", [V1, V2, DATA_INTEGRITY])
def test_a_context_stands_once_and_beside_no_other_base_context(value: str) -> None:
    problems = data_model.problems_of_contexts(tree(**{"@context": [V2, DATA_INTEGRITY, value]}), KNOWN)

    assert found(problems) == malformed("/@context/2")


@pytest.mark.parametrize(
    "value",
    [
        "https://example.org/unknown/v1",
        f"{DATA_INTEGRITY}/",
        DATA_INTEGRITY.replace("https", "http"),
        DATA_INTEGRITY.upper(),
        f"{DATA_INTEGRITY}#",
        f" {DATA_INTEGRITY}",
        "https ://not-a-url",
        "file:///etc/hostname",
        "data:application/ld+json,{}",
        "",
        "\n",
        None,
        123192875,
        True,
        [DATA_INTEGRITY],
        {"@vocab": "https://example.org/"},
        {},
    ],
)
def test_an_unknown_context_is_refused(value: Any) -> None:
    problems = data_model.problems_of_contexts(tree(**{"@context": [V2, value]}), KNOWN)

    assert found(problems) == [("UNKNOWN_CONTEXT", "/@context/1")]


def test_every_unknown_context_is_named() -> None:
    problems = data_model.problems_of_contexts(tree(**{"@context": [V2, "a:b", EXAMPLES, "c:d"]}), KNOWN)

    assert found(problems) == [("UNKNOWN_CONTEXT", "/@context/1"), ("UNKNOWN_CONTEXT", "/@context/3")]


def test_a_supplied_context_is_known() -> None:
    supplied = Contexts() | {V2: b'{"@context": {}}', "https://example.org/v1": b'{"@context": {}}'}

    contexts = [V2, "https://example.org/v1", EXAMPLES]
    problems = data_model.problems_of_contexts(tree(**{"@context": contexts}), Transformation(supplied, Limits()))

    assert found(problems) == [("UNKNOWN_CONTEXT", "/@context/2")]


@pytest.mark.parametrize("value", [{"@vocab": "https://example.org/"}, {"name": None}, {}])
def test_inline_contexts_have_to_be_allowed(value: Any) -> None:
    document = tree(**{"@context": [V2, value]})

    assert found(data_model.problems_of_contexts(document, KNOWN)) == [("UNKNOWN_CONTEXT", "/@context/1")]
    assert found(data_model.problems_of_contexts(document, INLINE)) == []


@pytest.mark.parametrize("value", [None, 1, True, [V2], "a:b"])
def test_allowing_inline_contexts_allows_nothing_else(value: Any) -> None:
    problems = data_model.problems_of_contexts(tree(**{"@context": [V2, value]}), INLINE)

    assert found(problems) == [("UNKNOWN_CONTEXT", "/@context/1")]


def test_the_number_of_contexts_has_a_limit() -> None:
    three = Transformation(PINNED_CONTEXTS, Limits(contexts=3), allow_inline_contexts=True)
    contexts = [V2, {"a": "b:c"}, {"d": "e:f"}, {"g": "h:i"}]

    assert found(data_model.problems_of_contexts(tree(**{"@context": contexts[:3]}), three)) == []
    assert found(data_model.problems_of_contexts(tree(**{"@context": contexts}), three)) == [
        ("WORK_LIMIT_EXCEEDED", "/@context")
    ]


NESTED = [
    {"credentialSubject": {"@context": {"@vocab": "https://example.org/"}}},
    {"credentialSubject": [{"a": 1}, {"a": [[{"@context": None}]]}]},
    {"evidence": {"type": "T", "x": {"y": {"@context": DATA_INTEGRITY}}}},
]


@pytest.mark.parametrize("members", NESTED)
def test_a_context_inside_of_the_document_is_refused(members: dict[str, Any]) -> None:
    document = tree(**members)

    assert [code for code, _ in found(data_model.problems_of_contexts(document, KNOWN))] == ["UNKNOWN_CONTEXT"]
    assert found(data_model.problems_of_contexts(document, INLINE)) == []


def test_a_proof_has_a_context_of_its_own() -> None:
    document = tree(proof={"@context": [V2], "type": "DataIntegrityProof"})

    assert found(data_model.problems_of_contexts(document, KNOWN)) == []


def test_a_caller_who_knows_may_spare_the_look_inside() -> None:
    document = tree(**NESTED[0])

    assert found(data_model.problems_of_contexts(document, KNOWN, look_inside=False)) == []


# -- types, identifiers, issuer, subject -----------------------------------------------------------


@pytest.mark.parametrize("version", [1, 2])
def test_a_credential_that_follows_the_rules(version: int) -> None:
    assert found(data_model.problems_of_data_model(tree(version))) == []


BOTH_VERSIONS: list[tuple[dict[str, Any], str]] = [
    ({"type": ABSENT}, "/type"),
    ({"type": None}, "/type"),
    ({"type": []}, "/type"),
    ({"type": ""}, "/type"),
    ({"type": "MicroCredential"}, "/type"),
    ({"type": ["MicroCredential"]}, "/type"),
    ({"type": "verifiableCredential"}, "/type"),
    ({"type": ["VerifiableCredential", 1]}, "/type"),
    ({"type": ["VerifiableCredential", None]}, "/type"),
    ({"type": [["VerifiableCredential"]]}, "/type"),
    ({"type": {"VerifiableCredential": 1}}, "/type"),
    ({"id": None}, "/id"),
    ({"id": ""}, "/id"),
    ({"id": 1}, "/id"),
    ({"id": "no-url"}, "/id"),
    ({"id": "https ://example.org"}, "/id"),
    ({"id": "https://example.org/a b"}, "/id"),
    ({"id": "urn:a\n"}, "/id"),
    ({"id": "urn:"}, "/id"),
    ({"id": "1urn:a"}, "/id"),
    ({"id": ["urn:a"]}, "/id"),
    ({"issuer": ABSENT}, "/issuer"),
    ({"issuer": None}, "/issuer"),
    ({"issuer": []}, "/issuer"),
    ({"issuer": ["did:example:issuer"]}, "/issuer"),
    ({"issuer": 1}, "/issuer"),
    ({"issuer": True}, "/issuer"),
    ({"issuer": "no-url"}, "/issuer"),
    ({"issuer": {}}, "/issuer/id"),
    ({"issuer": {"id": None}}, "/issuer/id"),
    ({"issuer": {"id": "no-url"}}, "/issuer/id"),
    ({"issuer": {"id": ["did:example:issuer"]}}, "/issuer/id"),
    ({"credentialSubject": ABSENT}, "/credentialSubject"),
    ({"credentialSubject": None}, "/credentialSubject"),
    ({"credentialSubject": "did:example:learner"}, "/credentialSubject"),
    ({"credentialSubject": 1}, "/credentialSubject"),
    ({"credentialSubject": {}}, "/credentialSubject"),
    ({"credentialSubject": []}, "/credentialSubject"),
    ({"credentialSubject": [{"name": "A"}, {}]}, "/credentialSubject/1"),
    ({"credentialSubject": [{"name": "A"}, "B"]}, "/credentialSubject/1"),
    ({"credentialSubject": {"id": "no-url"}}, "/credentialSubject/id"),
    ({"credentialSubject": {"id": None}}, "/credentialSubject/id"),
    ({"credentialSubject": {"id": ["did:example:a", "did:example:b"]}}, "/credentialSubject/id"),
    ({"credentialSubject": [{"id": "did:example:a"}, {"id": 2}]}, "/credentialSubject/1/id"),
]


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(("members", "at"), BOTH_VERSIONS)
def test_rules_of_both_versions(version: int, members: dict[str, Any], at: str) -> None:
    assert found(data_model.problems_of_data_model(tree(version, **members))) == malformed(at)


GOOD: list[dict[str, Any]] = [
    {"type": "VerifiableCredential"},
    {"id": ABSENT},
    {"id": "https://example.org/āžē?a=b#c"},
    {"issuer": "https://example.org/issuer"},
    {"issuer": {"id": "did:example:issuer", "name": "Issuer"}},
    {"credentialSubject": [{"name": "A"}, {"id": "did:example:b"}]},
]


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("members", GOOD)
def test_what_both_versions_allow(version: int, members: dict[str, Any]) -> None:
    assert found(data_model.problems_of_data_model(tree(version, **members))) == []


def test_every_problem_is_found() -> None:
    document = tree(type=[], id=None, issuer=None, credentialSubject=None, credentialStatus=None, name=1)

    assert found(data_model.problems_of_data_model(document)) == malformed(
        "/type", "/id", "/issuer", "/credentialSubject", "/credentialStatus", "/name"
    )


# -- objects with a type ---------------------------------------------------------------------------

TYPED = ["credentialStatus", "credentialSchema", "termsOfUse", "evidence", "refreshService"]
ID = "https://example.org/1"


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("name", TYPED)
@pytest.mark.parametrize("entry_type", ["T", ["T"], ["T", "U"]])
def test_objects_with_a_type(version: int, name: str, entry_type: Any) -> None:
    entry = {"id": ID, "type": entry_type}

    assert found(data_model.problems_of_data_model(tree(version, **{name: entry}))) == []
    assert found(data_model.problems_of_data_model(tree(version, **{name: [entry, entry]}))) == []
    assert found(data_model.problems_of_data_model(tree(version, **{name: []}))) == []


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("name", TYPED)
@pytest.mark.parametrize("entry_type", [ABSENT, None, "", [], 1, {}, ["T", 1], ["T", ""], [["T"]]])
def test_objects_without_a_type(version: int, name: str, entry_type: Any) -> None:
    entry = {"id": ID} if entry_type is ABSENT else {"id": ID, "type": entry_type}

    assert found(data_model.problems_of_data_model(tree(version, **{name: entry}))) == malformed(f"/{name}")
    assert found(data_model.problems_of_data_model(tree(version, **{name: [{"id": ID, "type": "T"}, entry]}))) == (
        malformed(f"/{name}/1")
    )


@pytest.mark.parametrize("name", TYPED)
@pytest.mark.parametrize("value", [None, "T", 1, True])
def test_what_is_no_object(name: str, value: Any) -> None:
    assert found(data_model.problems_of_data_model(tree(**{name: value}))) == malformed(f"/{name}")
    assert found(data_model.problems_of_data_model(tree(**{name: [value]}))) == malformed(f"/{name}/0")


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("name", TYPED)
@pytest.mark.parametrize("identifier", [None, "no-url", 1, [ID, ID], ""])
def test_an_identifier_is_one_url(version: int, name: str, identifier: Any) -> None:
    problems = data_model.problems_of_data_model(tree(version, **{name: {"type": "T", "id": identifier}}))

    assert found(problems) == malformed(f"/{name}/id")


NEED_AN_IDENTIFIER = {1: {"credentialStatus", "credentialSchema", "refreshService"}, 2: {"credentialSchema"}}


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("name", TYPED)
def test_which_objects_need_an_identifier(version: int, name: str) -> None:
    problems = found(data_model.problems_of_data_model(tree(version, **{name: {"type": "T"}})))

    assert problems == (malformed(f"/{name}/id") if name in NEED_AN_IDENTIFIER[version] else [])


# -- version 1.1 only ------------------------------------------------------------------------------


def test_version_1_1_needs_an_issuance_date() -> None:
    assert found(data_model.problems_of_data_model(tree(1, issuanceDate=ABSENT))) == malformed("/issuanceDate")
    assert found(data_model.problems_of_data_model(tree(2, issuanceDate=ABSENT))) == []


def test_version_1_1_has_no_rules_for_names_and_related_resources() -> None:
    assert found(data_model.problems_of_data_model(tree(1, name=1, description={}, relatedResource=["a"]))) == []


# -- version 2.0 only ------------------------------------------------------------------------------

LANGUAGE_VALUES: list[Any] = [
    "Mikroapliecinājums",
    "",
    {"@value": "Mikroapliecinājums"},
    {"@value": "Mikroapliecinājums", "@language": "lv"},
    {"@value": "مؤهل", "@language": "ar", "@direction": "rtl"},
    {"@value": "x", "@direction": "ltr", "@language": "lv-Latn-LV"},
    [{"@value": "a", "@language": "lv"}, {"@value": "b", "@language": "lt"}, "c"],
    [],
]
NO_LANGUAGE_VALUES: list[Any] = [
    None,
    1,
    True,
    {},
    {"en": "name"},
    {"@language": "en"},
    {"@value": 1},
    {"@value": None, "@language": "en"},
    {"@value": "a", "@language": "en", "url": "https://example.org"},
    {"@value": "a", "@type": "http://www.w3.org/2001/XMLSchema#string"},
    {"@value": "a", "@language": None},
    {"@value": "a", "@language": ""},
    {"@value": "a", "@language": "en_GB"},
    {"@value": "a", "@language": "en .\n<urn:a> <urn:b> <urn:c>"},
    {"@value": "a", "@language": "toolongtag"},
    {"@value": "a", "@language": "en-"},
    {"@value": "a", "@language": ["en"]},
    {"@value": "a", "@direction": "up"},
    {"@value": "a", "@direction": None},
    {"@value": "a", "@direction": ["ltr"]},
]


@pytest.mark.parametrize("name", ["name", "description"])
@pytest.mark.parametrize("value", LANGUAGE_VALUES)
def test_names_and_descriptions(name: str, value: Any) -> None:
    issuer = {"id": "did:example:issuer", name: value}

    assert found(data_model.problems_of_data_model(tree(**{name: value}, issuer=issuer))) == []


@pytest.mark.parametrize("name", ["name", "description"])
@pytest.mark.parametrize("value", NO_LANGUAGE_VALUES)
def test_what_is_no_name_and_no_description(name: str, value: Any) -> None:
    issuer = {"id": "did:example:issuer", name: [value]}

    assert found(data_model.problems_of_data_model(tree(**{name: value}))) == malformed(f"/{name}")
    assert found(data_model.problems_of_data_model(tree(issuer=issuer))) == malformed(f"/issuer/{name}")


SRI = {"digestSRI": "sha384-NSOcNpmdIVUxIJGvGUoe22FjTWrXiaXlsZ8q6912LdnR3KraQO2n75Ica4wK4Qeg"}


@pytest.mark.parametrize(
    "value",
    [
        [],
        {"id": ID, **SRI},
        [{"id": ID, **SRI}, {"id": f"{ID}2", "digestMultibase": "uEi", "mediaType": "text/plain"}],
        [{"id": ID, "digestSRI": None, "digestMultibase": "uEi"}],
    ],
)
def test_related_resources(value: Any) -> None:
    assert found(data_model.problems_of_data_model(tree(relatedResource=value))) == []


@pytest.mark.parametrize(
    ("value", "places"),
    [
        ("https://example.org", ["/relatedResource"]),
        (None, ["/relatedResource"]),
        (["https://example.org", 1], ["/relatedResource/0", "/relatedResource/1"]),
        ({**SRI}, ["/relatedResource/id"]),
        ([{"id": None, **SRI}], ["/relatedResource/0/id"]),
        ([{"id": "no-url", **SRI}], ["/relatedResource/0/id"]),
        ([{"id": ID}], ["/relatedResource/0"]),
        ([{"id": ID, "digestSRI": ["sha384-a"]}], ["/relatedResource/0"]),
        ([{"id": ID, **SRI}, {"id": f"{ID}2", **SRI}, {"id": ID, **SRI}], ["/relatedResource/2"]),
        ([{}], ["/relatedResource/0/id", "/relatedResource/0"]),
    ],
)
def test_what_are_no_related_resources(value: Any, places: list[str]) -> None:
    assert found(data_model.problems_of_data_model(tree(relatedResource=value))) == malformed(*places)


# -- the validity period ---------------------------------------------------------------------------

SECOND = timedelta(seconds=1)
TEXT = "2026-06-01T00:00:00Z"


def period(now: datetime = NOW, skew: int = 0, **members: Any) -> list[tuple[str, str]]:
    clock_skew = timedelta(seconds=skew)
    return found(data_model.problems_of_validity_period(members, now=now, clock_skew=clock_skew))


@pytest.mark.parametrize("name", ["validFrom", "issuanceDate"])
def test_the_period_begins_with_its_first_second(name: str) -> None:
    assert period(NOW, **{name: TEXT}) == []
    assert period(NOW - SECOND, **{name: TEXT}) == [("NOT_YET_VALID", f"/{name}")]
    assert period(NOW - 60 * SECOND, 60, **{name: TEXT}) == []
    assert period(NOW - 61 * SECOND, 60, **{name: TEXT}) == [("NOT_YET_VALID", f"/{name}")]


@pytest.mark.parametrize("name", ["validUntil", "expirationDate"])
def test_the_period_ends_with_its_last_second(name: str) -> None:
    assert period(NOW, **{name: TEXT}) == []
    assert period(NOW + SECOND, **{name: TEXT}) == [("EXPIRED", f"/{name}")]
    assert period(NOW + 60 * SECOND, 60, **{name: TEXT}) == []
    assert period(NOW + 61 * SECOND, 60, **{name: TEXT}) == [("EXPIRED", f"/{name}")]


def test_a_credential_without_a_period_is_always_valid() -> None:
    assert period() == []


def test_a_period_of_one_moment() -> None:
    assert period(NOW, validFrom=TEXT, validUntil="2026-06-01T02:00:00+02:00") == []


def test_a_period_ends_after_it_begins() -> None:
    earlier = "2026-05-31T23:59:59Z"

    assert period(NOW, 60, validFrom=TEXT, validUntil=earlier) == malformed("/validUntil")
    assert period(NOW, 60, issuanceDate=TEXT, expirationDate=earlier) == malformed("/expirationDate")
    assert period(NOW, 60, validFrom=TEXT, expirationDate=earlier) == malformed("/expirationDate")


def test_a_period_ends_after_the_later_of_two_beginnings() -> None:
    begins = {"validFrom": "2026-05-01T00:00:00Z", "issuanceDate": TEXT}

    assert period(NOW, 60, **begins, validUntil="2026-05-31T23:59:59Z") == malformed("/validUntil")
    assert period(NOW, 60, **begins, validUntil=TEXT) == []


def test_all_members_of_both_versions_count() -> None:
    late, early = "2026-07-01T00:00:00Z", "2026-05-01T00:00:00Z"

    assert period(validFrom=early, issuanceDate=late) == [("NOT_YET_VALID", "/issuanceDate")]
    assert period(validFrom=late, issuanceDate=early) == [("NOT_YET_VALID", "/validFrom")]
    assert period(validUntil=late, expirationDate=early) == [("EXPIRED", "/expirationDate")]
    assert period(validUntil=early, expirationDate=late) == [("EXPIRED", "/validUntil")]


@pytest.mark.parametrize("name", ["validFrom", "validUntil", "issuanceDate", "expirationDate"])
@pytest.mark.parametrize("value", [None, "", "2026-06-01", "2026-06-01T00:00:00", 1, True, [TEXT], {"@value": TEXT}])
def test_what_is_no_moment(name: str, value: Any) -> None:
    assert period(**{name: value}) == malformed(f"/{name}")


def test_a_bad_moment_does_not_hide_another_problem() -> None:
    assert period(validFrom=1, validUntil="2025-01-01T00:00:00Z") == [
        ("MALFORMED_VALUE_ERROR", "/validFrom"),
        ("EXPIRED", "/validUntil"),
    ]


# -- reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("issuer", "identifier"),
    [
        ("did:a:b", "did:a:b"),
        ({"id": "did:a:b"}, "did:a:b"),
        ({}, None),
        (None, None),
        ({"id": 1}, None),
        ([], None),
    ],
)
def test_the_issuers_identifier(issuer: Any, identifier: str | None) -> None:
    assert data_model.issuer_of({"issuer": issuer}) == identifier
    assert data_model.issuer_of({}) is None


@pytest.mark.parametrize(
    ("value", "types"),
    [("A", ("A",)), (["B", "A"], ("B", "A")), (["A", 1, None], ("A",)), (None, ()), ({}, ())],
)
def test_the_types_in_their_order(value: Any, types: tuple[str, ...]) -> None:
    assert data_model.types_of({"type": value}) == types


def test_the_narrowest_period_as_it_is_written() -> None:
    document = {
        "validFrom": "2026-01-01T01:00:00+02:00",
        "issuanceDate": "2026-01-01T00:00:00Z",
        "validUntil": "2027-01-01T00:00:00Z",
        "expirationDate": "2027-01-01T00:00:00+01:00",
    }

    assert data_model.validity_period_of(document) == ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00+01:00")
    assert data_model.validity_period_of({"validFrom": TEXT}) == (TEXT, None)
    assert data_model.validity_period_of({}) == (None, None)


def test_named_objects_come_with_their_places() -> None:
    entry = {"id": ID}

    assert list(named_objects({"evidence": entry}, "evidence")) == [("/evidence", entry)]
    assert list(named_objects({"evidence": [1, entry]}, "evidence")) == [("/evidence/1", entry)]
    assert list(named_objects({"evidence": "x"}, "evidence")) == []
    assert list(named_objects({}, "evidence")) == []


def test_nothing_is_changed_by_looking() -> None:
    document = tree(credentialStatus=[{"type": "T"}], issuer={"id": "no-url"}, relatedResource=[{}])
    before = json.dumps(document)

    for problems in (
        data_model.problems_of_contexts(document, KNOWN),
        data_model.problems_of_data_model(document),
        data_model.problems_of_validity_period(document, now=NOW),
    ):
        list(problems)

    assert json.dumps(document) == before


@pytest.mark.parametrize("name", ["credentialSubject", "credentialStatus", "evidence", "relatedResource"])
def test_a_member_with_very_many_entries_gives_one_problem(name: str) -> None:
    """Whoever sends a document does not decide how long the list of its problems is."""
    tree = {"@context": ["https://www.w3.org/ns/credentials/v2"], name: [{}] * 100_000}
    found = [problem for problem in problems_of_data_model(tree) if problem.at.startswith(f"/{name}")]
    assert [(problem.code, problem.at) for problem in found] == [("WORK_LIMIT_EXCEEDED", f"/{name}")]

"""Schemas and related resources: judged as they were handed in, and nothing else is ever looked for."""

import base64
import hashlib
import json
import socket
from pathlib import Path
from typing import Any

import pytest

from did.multibase import encode_base58btc, encode_base64url
from vc_core import Evidence, Limits, Problem
from vc_core.document import Json
from vc_core.errors import LimitExceeded
from vc_core.resources import SCHEMA_TYPES, described, problems_of_digest, problems_of_schema

DATA = b'{"type": "object"}\n'
URL = "https://example.org/schema.json"
AT = "/credentialSchema"


# -- digests ---------------------------------------------------------------------------------------


def sri(algorithm: str, data: bytes = DATA) -> str:
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def digest(algorithm: str) -> bytes:
    return hashlib.new(algorithm, DATA).digest()


MULTIHASH = {"sha256": b"\x12\x20", "sha384": b"\x20\x30", "sha512": b"\x13\x40"}


def found(entry: dict[str, Any], data: bytes = DATA) -> list[tuple[str, str]]:
    return [(problem.code, problem.at) for problem in problems_of_digest(entry, data, "/relatedResource/0")]


@pytest.mark.parametrize("algorithm", MULTIHASH)
def test_the_digest_of_the_same_bytes(algorithm: str) -> None:
    multihash = MULTIHASH[algorithm] + digest(algorithm)
    texts = [
        {"digestSRI": sri(algorithm)},
        {"digestSRI": sri(algorithm).replace("+", "-").replace("/", "_")},
        {"digestMultibase": "u" + encode_base64url(multihash)},
        {"digestMultibase": "z" + encode_base58btc(multihash)},
        {"digestMultibase": "u" + encode_base64url(digest(algorithm))},
        {"digestMultibase": "z" + encode_base58btc(digest(algorithm))},
        {"digestSRI": sri(algorithm), "digestMultibase": "u" + encode_base64url(multihash)},
    ]

    for entry in texts:
        assert found(entry) == []
        assert found(entry, DATA + b" ") == [
            ("RELATED_RESOURCE_DIGEST_ERROR", f"/relatedResource/0/{name}") for name in entry
        ]


def test_one_wrong_digest_of_two_is_enough() -> None:
    entry = {
        "digestSRI": sri("sha256"),
        "digestMultibase": "u" + encode_base64url(hashlib.sha256(b"other").digest()),
    }

    assert found(entry) == [("RELATED_RESOURCE_DIGEST_ERROR", "/relatedResource/0/digestMultibase")]


def test_no_digest_is_no_problem_here() -> None:
    assert found({"id": URL}) == []


@pytest.mark.parametrize(
    "text",
    [
        None,
        1,
        [],
        "",
        "sha256",
        "sha256-",
        "sha256-*",
        "sha256-" + base64.b64encode(digest("sha512")).decode(),
        "sha256-YQ",
        "sha256-YQ==\n",
        "sha256-ā",
        f"md5-{base64.b64encode(hashlib.md5(DATA).digest()).decode()}",
        f"sha1-{base64.b64encode(hashlib.sha1(DATA).digest()).decode()}",
        "SHA256" + sri("sha256")[6:],
        sri("sha256").replace("-", ":", 1),
        f"{sri('sha256')} {sri('sha512')}",
        "sha512-" + "A" * 1_000_000,
    ],
)
def test_what_is_no_subresource_integrity(text: Any) -> None:
    assert found({"digestSRI": text}) == [("MALFORMED_VALUE_ERROR", "/relatedResource/0/digestSRI")]


@pytest.mark.parametrize(
    "text",
    [
        None,
        1,
        [],
        "",
        "u",
        "z",
        "z0OIl",
        "u*",
        "m" + base64.b64encode(digest("sha256")).decode(),
        "f" + digest("sha256").hex(),
        "u" + encode_base64url(digest("sha256")) + "=",
        "u" + encode_base64url(hashlib.sha1(DATA).digest()),
        "u" + encode_base64url(b"\x11\x14" + hashlib.sha1(DATA).digest()),
        "u" + encode_base64url(b"\x12\x20" + digest("sha256")[:-1]),
        "u" + encode_base64url(b"\x12\x1f" + digest("sha256")[:-1]),
        "u" + encode_base64url(b"\x12\x20" + digest("sha256") + b"\0"),
        "u" + encode_base64url(b"\x20\x20" + digest("sha256")),
        "u" + "A" * 100_000,
        "z" + "1" * 100_000,
    ],
)
def test_what_is_no_multibase_digest(text: Any) -> None:
    assert found({"digestMultibase": text}) == [("MALFORMED_VALUE_ERROR", "/relatedResource/0/digestMultibase")]


def test_a_bare_digest_that_begins_like_a_multihash_is_a_digest() -> None:
    value = b"\x12\x20" + bytes(30)

    assert found({"digestMultibase": "u" + encode_base64url(value)}) == [
        ("RELATED_RESOURCE_DIGEST_ERROR", "/relatedResource/0/digestMultibase")
    ]


def test_the_published_digests_name_the_context_of_the_candidate_recommendation(conformance: Path) -> None:
    """The suite of the data model pins the older file; the Recommendation's own has another digest."""
    published = json.loads((conformance / "conformance/vcdm2-inputs/related-resource.json").read_text())
    candidate = (conformance / "contexts/historic/credentials-v2-cr2.jsonld").read_bytes()
    recommendation = (conformance / "contexts/credentials-v2.jsonld").read_bytes()

    assert hashlib.sha256(candidate).hexdigest().startswith("24a18c90")
    assert hashlib.sha256(recommendation).hexdigest().startswith("59955ced")
    for name in ("digestSRI", "digestMultibase"):
        accepted = {"id": published["resource"], name: published["accepted"][name]}
        rejected = {"id": published["resource"], name: published["rejected"][name]}
        mismatch = [("RELATED_RESOURCE_DIGEST_ERROR", f"/relatedResource/0/{name}")]
        assert found(accepted, candidate) == []
        assert found(accepted, recommendation) == mismatch
        assert found(rejected, candidate) == mismatch
        assert found(rejected, recommendation) == mismatch


# -- schemas ---------------------------------------------------------------------------------------


def validate(schema: Any, claims: dict[str, Any], others: dict[str, Any] | None = None, **entry: Any) -> list[Problem]:
    documents = {URL: schema, **(others or {})}
    resources = {
        url: value if isinstance(value, bytes) else json.dumps(value).encode() for url, value in documents.items()
    }
    named = {"id": URL, "type": "JsonSchema", **entry}
    return list(problems_of_schema(claims, named, evidence=Evidence(resources=resources), limits=Limits(), at=AT))


def outcome(problems: list[Problem]) -> list[tuple[str, str, str | None]]:
    assert all(problem.detail.isprintable() and len(problem.detail) < 300 for problem in problems)
    return [(problem.code, problem.at, problem.missing) for problem in problems]


SUBJECT = {"required": ["credentialSubject"], "properties": {"credentialSubject": {"required": ["ECTS"]}}}


def test_the_schema_types_that_are_understood() -> None:
    assert {"JsonSchema", "FullJsonSchemaValidator2021"} == SCHEMA_TYPES


def test_claims_that_follow_their_schema() -> None:
    assert validate(SUBJECT, {"credentialSubject": {"ECTS": 3}}) == []
    assert validate(True, {}) == []


@pytest.mark.parametrize(
    ("schema", "claims", "at"),
    [
        (SUBJECT, {}, ""),
        (SUBJECT, {"credentialSubject": {}}, "/credentialSubject"),
        ({"properties": {"a/b~c": {"items": {"type": "string"}}}}, {"a/b~c": ["x", 1]}, "/a~1b~0c/1"),
        ({"properties": {"a": {"format": "date-time"}}}, {"a": "yesterday"}, "/a"),
        ({"properties": {"a": {"pattern": "^(a+)+$"}}}, {"a": "a" * 60 + "b"}, "/a"),
        (False, {}, ""),
        ({"$schema": "http://json-schema.org/draft-07/schema#", "required": ["a"]}, {}, ""),
        ({"$schema": "https://json-schema.org/draft/2020-12/schema", "required": ["a"]}, {}, ""),
    ],
)
def test_claims_that_do_not(schema: Any, claims: dict[str, Any], at: str) -> None:
    assert outcome(validate(schema, claims)) == [("SCHEMA_VALIDATION_ERROR", at, None)]


@pytest.mark.parametrize(
    "schema",
    [
        b"",
        b"{",
        b'{"type": "object", "type": "array"}',
        b"\xff",
        [],
        3,
        "text",
        None,
        {"type": "nonsense"},
        {"properties": {"a": {"pattern": "("}}},
        {"$ref": "#/nowhere"},
    ],
)
def test_a_schema_that_cannot_be_used_speaks_against_the_credential(schema: Any) -> None:
    assert outcome(validate(schema, {"a": "b"})) == [("SCHEMA_VALIDATION_ERROR", AT, None)]


def test_a_schema_that_is_not_the_signed_one_is_not_used() -> None:
    problems = validate(False, {}, digestSRI=sri("sha256", b"true"))

    assert outcome(problems) == [("RELATED_RESOURCE_DIGEST_ERROR", f"{AT}/digestSRI", None)]
    assert validate(b"true", {}, digestSRI=sri("sha256", b"true")) == []


def test_a_reference_is_looked_up_in_the_evidence() -> None:
    other = "https://example.org/attestation.json"
    claims = {"credentialSubject": {"ECTS": 3}}

    assert validate({"$ref": other}, claims, {other: SUBJECT}) == []
    assert validate({"$ref": f"{other}#/$defs/s"}, claims, {other: {"$defs": {"s": SUBJECT}}}) == []
    assert outcome(validate({"$ref": other}, {}, {other: SUBJECT})) == [("SCHEMA_VALIDATION_ERROR", "", None)]
    assert outcome(validate({"$ref": other}, {}, {other: b"{"})) == [("SCHEMA_VALIDATION_ERROR", AT, None)]


@pytest.mark.parametrize("reference", ["https://example.org/other.json", "http://[::1]/a", "file:///etc/hostname"])
def test_a_reference_that_was_not_supplied_leaves_the_question_open(reference: str) -> None:
    expected = [("SCHEMA_RETRIEVAL_ERROR", AT, reference)]

    assert outcome(validate({"$ref": reference}, {})) == expected
    assert outcome(validate({"$schema": reference}, {})) == expected


def test_a_reference_is_never_fetched(socket_enabled: None) -> None:
    """A server listens, and nobody calls. Blocked sockets alone would prove nothing of a compiled library."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        reference = f"http://127.0.0.1:{server.getsockname()[1]}/schema.json"
        schemas: list[dict[str, Any]] = [
            {"$ref": reference},
            {"$schema": reference},
            {"$id": reference, "$ref": "other.json"},
            {"properties": {"a": {"$ref": f"{reference}#/$defs/a"}}},
        ]
        for schema in schemas:
            assert [problem.at for problem in validate(schema, {"a": 1})] == [AT]
        with pytest.raises(BlockingIOError):
            server.accept()


def test_without_the_extra_nothing_can_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "jsonschema_rs", None)

    assert outcome(validate(True, {})) == [("MISSING_DEPENDENCY", AT, "vc-core[schema]")]


def test_very_many_different_descriptions_of_one_thing_are_refused() -> None:
    """They are put together only under a budget, and never in part."""
    entry: dict[str, Json] = {"id": "urn:example:1", "type": "JsonSchema"}
    tree: dict[str, Json] = {"credentialSchema": entry, "x": [{"id": "urn:example:1", "a": n} for n in range(17)]}
    with pytest.raises(LimitExceeded, match="differ"):
        described([("/credentialSchema", entry)], tree)
    tree["x"] = [{"id": "urn:example:1", "a": n, "b": [1]} for n in (0, 1, 0)]
    ((_, merged),) = described([("/credentialSchema", entry)], tree)
    assert (merged["type"], sorted(merged["a"]), merged["b"]) == ("JsonSchema", [0, 1], [1])

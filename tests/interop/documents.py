"""The documents that both sides secure, without issuer and proof, by name, and the context that they use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"
TERMS = "https://terms.example/interop/v1"

_XSD = "http://www.w3.org/2001/XMLSchema#"
_TERM = "https://terms.example/interop#"

# Terms for every kind of mapping that a JSON-LD context can hold and a credential may use.
CONTEXT = json.dumps(
    {
        "@context": {
            "@version": 1.1,
            "id": "@id",
            "type": "@type",
            "Achievement": {"@id": _TERM + "Achievement", "@context": {"level": _TERM + "achievementLevel"}},
            "LearningCredential": _TERM + "LearningCredential",
            "Module": _TERM + "Module",
            "title": _TERM + "title",
            "note": _TERM + "note",
            "module": {"@id": _TERM + "module", "@type": "@id"},
            "sequence": {"@id": _TERM + "sequence", "@container": "@list"},
            "titles": {"@id": _TERM + "titles", "@container": "@language"},
            "notes": {"@id": _TERM + "notes", "@container": ["@language", "@set"]},
            "untagged": {"@id": _TERM + "untagged", "@language": None},
            "latvian": {"@id": _TERM + "latvian", "@language": "lv"},
            "hebrew": {"@id": _TERM + "hebrew", "@language": "he", "@direction": "rtl"},
            "byIndex": {"@id": _TERM + "byIndex", "@container": "@index"},
            "byId": {"@id": _TERM + "byId", "@container": "@id"},
            "byType": {"@id": _TERM + "byType", "@container": "@type"},
            "claims": {"@id": _TERM + "claims", "@container": "@graph"},
            "partOf": {"@reverse": _TERM + "part", "@type": "@id"},
            "grade": {"@id": _TERM + "grade", "@type": "@vocab"},
            "Excellent": _TERM + "Excellent",
            "raw": {"@id": _TERM + "raw", "@type": "@json"},
            "number": _TERM + "number",
            "double": {"@id": _TERM + "double", "@type": _XSD + "double"},
            "decimal": {"@id": _TERM + "decimal", "@type": _XSD + "decimal"},
            "date": {"@id": _TERM + "date", "@type": _XSD + "date"},
            "details": "@nest",
            "ķermeņa_masa": _TERM + "ķermeņa_masa",
            "ąžuolas": _TERM + "ąžuolas",
            "学校": _TERM + "学校",
            "\U0001f393": _TERM + "cap",
            "\ufb33": _TERM + "dalet",
            "\ue000": _TERM + "private",
        }
    }
)


def _two(subject: object, **more: object) -> dict[str, object]:
    """A credential of data model 2.0 about `subject`."""
    document: dict[str, object] = {
        "@context": [V2, TERMS],
        "type": ["VerifiableCredential", "LearningCredential"],
        "validFrom": "2025-01-01T00:00:00Z",
        "credentialSubject": subject,
    }
    return document | more


def _one(subject: object, **more: object) -> dict[str, object]:
    """A credential of data model 1.1 about `subject`."""
    document: dict[str, object] = {
        "@context": [V1, TERMS, DATA_INTEGRITY],
        "type": ["VerifiableCredential", "LearningCredential"],
        "issuanceDate": "2025-01-01T00:00:00Z",
        "credentialSubject": subject,
    }
    return document | more


def _number(value: float) -> dict[str, object]:
    return _two({"id": "urn:example:learner", "number": value})


TEXT: dict[str, Mapping[str, Any]] = {
    "minimal 2.0": _two({"id": "urn:example:learner"}, **{"@context": [V2]}, type=["VerifiableCredential"]),
    "type as a string": _two({"id": "urn:example:learner"}, **{"@context": [V2]}, type="VerifiableCredential"),
    "latvian text": _two(
        {"id": "urn:example:learner", "title": "Mākslīgā intelekta pamati: ķēdes, ģipsis, šķūnis, ņemšana"},
        name={"@value": "Mikrokvalifikācija „Datu ētika”", "@language": "lv"},
    ),
    "lithuanian text": _two(
        {"id": "urn:example:learner", "title": "Ąžuolynė, ėjimas, įžanga, šių, ūkis, žąsys"},
        name={"@value": "Mikrokredencialas „Duomenų etika“", "@language": "lt"},
    ),
    "name in three languages": _two(
        {"id": "urn:example:learner"},
        name=[
            {"@value": "Datu ētika", "@language": "lv"},
            {"@value": "Duomenų etika", "@language": "lt"},
            {"@value": "Data ethics", "@language": "en-GB"},
        ],
    ),
    "language map": _two(
        {"id": "urn:example:learner", "titles": {"lv": "Ētika", "lt": "Etika", "en": ["Ethics", "Morals"]}}
    ),
    "language map as a set": _two({"id": "urn:example:learner", "notes": {"lv": ["Viens", "Divi"], "@none": ["3"]}}),
    "language of the term": _two({"id": "urn:example:learner", "latvian": "Ētika", "untagged": "Etika"}),
    "language tag in capitals": _two({"id": "urn:example:learner"}, name={"@value": "Ētika", "@language": "LV"}),
    "direction": _two(
        {"id": "urn:example:learner", "hebrew": "תעודה"},
        name={"@value": "HTML و CSS: تصميم", "@language": "ar", "@direction": "rtl"},
    ),
    "direction without language": _two({"id": "urn:example:learner"}, name={"@value": "تصميم", "@direction": "rtl"}),
    "composed and decomposed": _two({"id": "urn:example:learner", "title": ["\u0101", "a\u0304"]}),
    "astral text": _two({"id": "urn:example:learner", "title": "\U0001f393 \U00020000 \U0001f469\u200d\U0001f52c"}),
    "control characters": _two(
        {
            "id": "urn:example:learner",
            "title": '\x00\x01\b\t\n\x0b\f\r\x0e\x1f"\\/\x7f\x80\x85\u2028\u2029\ufeff\ufffd',
        }
    ),
    "noncharacters": _two({"id": "urn:example:learner", "title": "\ufffe\uffff"}),
    "empty string": _two({"id": "urn:example:learner", "title": ""}),
    "keys beyond ascii": _two(
        {"id": "urn:example:learner", "ķermeņa_masa": "70 kg", "ąžuolas": "žalias", "学校": "大学"}
    ),
    "astral key beside a key above U+E000": _two(
        {"id": "urn:example:learner", "\ufb33": "after the astral one", "\U0001f393": "before"}
    ),
    "private use key": _two({"id": "urn:example:learner", "\ue000": "private use"}),
}

GRAPHS: dict[str, Mapping[str, Any]] = {
    "several subjects": _two([{"id": "urn:example:a", "title": "a"}, {"id": "urn:example:b", "title": "b"}]),
    "anonymous subject": _two({"title": "nobody"}),
    "issuer as an object": _two(
        {"id": "urn:example:learner"}, issuer={"name": "Latvijas Universitāte", "description": "Rīga"}
    ),
    "validity with offsets": _two(
        {"id": "urn:example:learner"},
        validFrom="2025-01-01T00:00:00.250+02:00",
        validUntil="2035-06-30T23:59:59-03:00",
    ),
    "status entry": _two(
        {"id": "urn:example:learner"},
        credentialStatus={
            "id": "https://status.example/1#94567",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "94567",
            "statusListCredential": "https://status.example/1",
        },
    ),
    "evidence and terms of use": _two(
        {"id": "urn:example:learner"},
        evidence=[{"id": "https://evidence.example/7", "type": "Achievement", "title": "Eksāmens"}],
        termsOfUse={"type": "Achievement", "title": "Tikai mācībām"},
    ),
    "identical anonymous nodes": _two(
        {"id": "urn:example:learner", "module": [{"type": "Module", "title": "same"} for _ in range(4)]}
    ),
    "two isomorphic branches that differ at the leaf": _two(
        {
            "id": "urn:example:learner",
            "module": [
                {"module": [{"module": {"title": "x"}}, {"module": {"title": "x"}}]},
                {"module": [{"module": {"title": "x"}}, {"module": {"title": "y"}}]},
            ],
        }
    ),
    "deep anonymous chain": _two(
        {
            "id": "urn:example:learner",
            "module": {"module": {"module": {"module": {"module": {"title": "bottom"}}}}},
        }
    ),
    "cycle of labelled blank nodes": _two(
        {
            "id": "urn:example:learner",
            "module": [{"id": "_:a", "module": {"id": "_:b", "module": {"id": "_:c", "module": "_:a"}}}],
        }
    ),
    "list": _two({"id": "urn:example:learner", "sequence": ["a", "b", "a", {"title": "anonymous"}]}),
    "list of lists": _two({"id": "urn:example:learner", "sequence": [["a"], [], ["b", ["c"]]]}),
    "empty list": _two({"id": "urn:example:learner", "sequence": []}),
    "empty set": _two({"id": "urn:example:learner", "title": []}),
    "repeated values": _two({"id": "urn:example:learner", "title": ["a", "a", "b"]}),
    "booleans": _two({"id": "urn:example:learner", "title": [True, False]}),
    "null value": _two({"id": "urn:example:learner", "title": None}),
    "empty object": _two({"id": "urn:example:learner", "module": {}}),
    "index map": _two({"id": "urn:example:learner", "byIndex": {"first": {"title": "a"}, "second": {"title": "b"}}}),
    "id map": _two({"id": "urn:example:learner", "byId": {"urn:example:1": {"title": "a"}}}),
    "type map": _two({"id": "urn:example:learner", "byType": {"Module": {"title": "a"}}}),
    "graph container": _two({"id": "urn:example:learner", "claims": {"id": "urn:example:x", "title": "inside"}}),
    "reverse property": _two({"id": "urn:example:learner", "partOf": "urn:example:programme"}),
    "vocabulary value": _two({"id": "urn:example:learner", "grade": "Excellent"}),
    "type-scoped term": _two({"id": "urn:example:learner", "type": "Achievement", "level": "6"}),
    "nested properties": _two({"id": "urn:example:learner", "details": {"title": "nested"}}),
    "typed values": _two(
        {
            "id": "urn:example:learner",
            "date": "2024-02-29",
            "title": {"@value": "P3M", "@type": _XSD + "duration"},
        }
    ),
    "identifiers beyond ascii": _two({"id": "https://universitāte.example/kurss/ētika?q=%C4%93#ķ", "title": "IRI"}),
    "json literal": _two(
        {
            "id": "urn:example:learner",
            "raw": {
                "\ufb33": '\u20ac$\x0f\nA\'B"\\\\"/',
                "\U0001f600": [None, True, {}, [], "\u2028"],
                "b": {"\r": 1, "\n": -1},
                "a": [56.5, 0.1, 4.5, 0.002],
            },
        }
    ),
    "json literal of a string": _two({"id": "urn:example:learner", "raw": "text"}),
    "json literal of null": _two({"id": "urn:example:learner", "raw": None}),
}

LOSSY: dict[str, Mapping[str, Any]] = {
    "undefined term": _two({"id": "urn:example:learner", "notDefined": "x"}),
    "undefined type": _two({"id": "urn:example:learner", "type": "NotDefined"}),
    "relative identifier": _two({"id": "urn:example:learner", "module": "kurss/1"}),
    "malformed language tag": _two({"id": "urn:example:learner"}, name={"@value": "x", "@language": "lv_LV!"}),
    "redefined protected term": _two(
        {"id": "urn:example:learner"}, **{"@context": [V2, {"name": "https://terms.example/other"}]}
    ),
    "context in the document": _two(
        {"id": "urn:example:learner", "own": "x"}, **{"@context": [V2, TERMS, {"own": _TERM + "own"}]}
    ),
    "context that nobody has": _two({"id": "urn:example:learner"}, **{"@context": [V2, "https://unknown.example/v1"]}),
}

NUMBERS: dict[str, Mapping[str, Any]] = {
    "2^53 - 1": _number(9007199254740991),
    "-(2^53 - 1)": _number(-9007199254740991),
    "2^53": _number(9007199254740992),
    "2^53 + 1": _number(9007199254740993),
    "0": _number(0),
    "-0.0": _number(-0.0),
    "5.0": _number(5.0),
    "0.1": _number(0.1),
    "1.5": _number(1.5),
    "-1.5": _number(-1.5),
    "123456789.125": _number(123456789.125),
    "1e-6": _number(1e-6),
    "1e-7": _number(1e-7),
    "1.5e-7": _number(1.5e-7),
    "5e-324": _number(5e-324),
    "1e16": _number(1e16),
    "1e20": _number(1e20),
    "1e21": _number(1e21),
    "1.5e300": _number(1.5e300),
    "1.7976931348623157e308": _number(1.7976931348623157e308),
    "double from an integer": _two({"id": "urn:example:learner", "double": 5}),
    "double from a fraction": _two({"id": "urn:example:learner", "double": 0.1}),
    "double from a string": _two({"id": "urn:example:learner", "double": "0.10"}),
    "decimal from an integer": _two({"id": "urn:example:learner", "decimal": 5}),
    "decimal from a fraction": _two({"id": "urn:example:learner", "decimal": 1.5}),
    "decimal from a string": _two({"id": "urn:example:learner", "decimal": "1.50"}),
    "numbers in a json literal": _two(
        {"id": "urn:example:learner", "raw": [0.0, -0.0, 5.0, 1e-6, 1e-7, 1e21, 1.5, 9007199254740991]}
    ),
}

DATA_MODEL_1: dict[str, Mapping[str, Any]] = {
    "minimal 1.1": _one(
        {"id": "urn:example:learner"}, **{"@context": [V1, DATA_INTEGRITY]}, type=["VerifiableCredential"]
    ),
    "1.1 without a context for the proof": _one(
        {"id": "urn:example:learner"}, **{"@context": [V1]}, type=["VerifiableCredential"]
    ),
    "1.1 text": _one({"id": "urn:example:learner", "title": "Mākslīgā intelekta pamati", "titles": {"lt": "Ąžuolynė"}}),
    "1.1 period with offsets": _one(
        {"id": "urn:example:learner"},
        issuanceDate="2025-01-01T00:00:00.250+02:00",
        expirationDate="2035-06-30T23:59:59-03:00",
    ),
    "1.1 issuer as an object": _one({"id": "urn:example:learner"}, issuer={"title": "Vilniaus universitetas"}),
    "1.1 anonymous nodes": _one(
        {"id": "urn:example:learner", "module": [{"type": "Module", "title": "same"} for _ in range(3)]}
    ),
    "1.1 keys beyond ascii": _one({"id": "urn:example:learner", "ķermeņa_masa": "70 kg", "\U0001f393": "y"}),
    "1.1 numbers": _one({"id": "urn:example:learner", "number": [0.1, -7, 1.5, True]}),
    "1.1 json literal": _one({"id": "urn:example:learner", "raw": {"\U0001f600": [1, None], "\ufb33": {}}}),
    "1.1 undefined term": _one({"id": "urn:example:learner", "notDefined": "x"}),
}

DOCUMENTS = TEXT | GRAPHS | LOSSY | NUMBERS | DATA_MODEL_1

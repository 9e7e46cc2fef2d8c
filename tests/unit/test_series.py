"""Documents that are the same but for a few fields: where these stand, which may differ, and what is read of them."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from vc_core import ANY_ISSUER, Limits, Policy
from vc_core.canonical import jcs
from vc_core.document import SecuredDocument, read_json
from vc_core.errors import ParsingError
from vc_core.series import Known, Read, Series
from vc_core.series import known as module
from vc_core.series.fields import is_identifier, may_differ
from vc_core.series.leaves import Leaf, Path, is_integer, leaves_of
from vectors.making.credentials import Claims, text

LIMITS = Limits()
MEMORY = object()


# Leaves


def found(data: bytes) -> list[tuple[Path, bytes, bool]]:
    """The leaves of a text, each with the bytes between its positions."""
    leaves = leaves_of(data)
    assert leaves is not None
    return [(leaf.path, data[leaf.start : leaf.end], leaf.is_integer) for leaf in leaves]


def test_the_leaves_are_the_strings_and_the_integers_with_what_leads_to_them() -> None:
    data = ' {"a" : "x", "b":\n{"c":[1, "y",{"d":"z"},[ [] ,{}, -7]], "e":{}},"f":"ē \\" \\\\" ,"":"" }'.encode()
    assert found(data) == [
        (("a",), b"x", False),
        (("b", "c", 0), b"1", True),
        (("b", "c", 1), b"y", False),
        (("b", "c", 2, "d"), b"z", False),
        (("b", "c", 3, 2), b"-7", True),
        (("f",), 'ē \\" \\\\'.encode(), False),
        (("",), b"", False),
    ]


def test_what_looks_like_structure_inside_of_a_string_is_none() -> None:
    data = rb'{"a":"{\"b\":[1,2]}","c":",","d":"]","e:":"\\","f":["[",{"{":"}"}]}'
    assert [path for path, *_ in found(data)] == [("a",), ("c",), ("d",), ("e:",), ("f", 0), ("f", 1, "{")]


def test_other_values_are_no_leaves_but_count_in_arrays() -> None:
    data = b'{"a":[null,true,1.5,-0,01e2,1E3,1234567890123456,false,"x"],"b":null,"c":2}'
    assert found(data) == [(("a", 8), b"x", False), (("c",), b"2", True)]


@pytest.mark.parametrize("name", [r"\u0061", r"a\"", r"a\/b"])
def test_there_are_no_leaves_where_a_name_is_written_with_escapes(name: str) -> None:
    assert leaves_of(f'{{"{name}":"x"}}'.encode()) is None
    assert leaves_of(f'{{"b":{{"{name}":1}}}}'.encode()) is None
    assert leaves_of(f'{{"b":"{name}"}}'.encode()) is not None


def test_every_leaf_of_a_document_is_found_where_it_is_read() -> None:
    tree = {"x": ["a", {"y": 1, "z": ["", 0, None]}], "ž": {"": {"k": "v"}}}
    for options in ({}, {"indent": 2}, {"separators": (",", ":")}, {"ensure_ascii": False}):
        data = json.dumps({"x": tree["x"]} if not options or "indent" in options else tree, **options)
        if "\\" in data:
            continue
        read = json.loads(data)
        for path, leaf, number in found(data.encode()):
            value: Any = read
            for step in path:
                value = value[step]
            assert json.loads(leaf if number else b'"' + leaf + b'"') == value


@pytest.mark.parametrize("number", ["0", "1", "-1", "10", "999999999999999", "-999999999999999"])
def test_integers_as_they_are_written(number: str) -> None:
    assert is_integer(number.encode())
    assert jcs.canonicalize(json.loads(number)) == number.encode()


@pytest.mark.parametrize(
    "number", ["", "-", "-0", "01", "-01", "1e3", "1.0", "+1", " 1", "1 ", "1\n", "1000000000000000", "١", "1_0", "0x1"]
)
def test_integers_that_could_be_written_in_another_way(number: str) -> None:
    assert not is_integer(number.encode())


# Fields


FIELDS_OF_DOCUMENTS: list[Path] = [
    ("id",),
    ("name",),
    ("description",),
    ("issued",),
    ("validFrom",),
    ("validUntil",),
    ("issuanceDate",),
    ("expirationDate",),
    ("credentialSubject", "id"),
    ("credentialSubject", "type"),
    ("credentialSubject", 3, "achievement", "title", "lv"),
    ("credentialStatus", "id"),
    ("credentialStatus", "statusListIndex"),
    ("credentialStatus", 1, "id"),
    ("credentialStatus", 1, "statusListIndex"),
    ("proof", "id"),
    ("proof", "created"),
    ("proof", "nonce"),
    ("proof", "proofValue"),
]
FIELDS_OF_TOKENS: list[Path] = [
    *[path for path in FIELDS_OF_DOCUMENTS if path[0] != "proof"],
    *[("vc", *path) for path in FIELDS_OF_DOCUMENTS if path[0] != "proof"],
    ("iat",),
    ("nbf",),
    ("exp",),
    ("jti",),
    ("sub",),
    ("status", "status_list", "idx"),
]
NO_FIELDS: list[Path] = [
    ("@context",),
    ("@context", 0),
    ("@context", 2, "name"),
    ("type",),
    ("type", 0),
    ("issuer",),
    ("issuer", "id"),
    ("issuer", "name"),
    ("name", "@value"),
    ("name", "@language"),
    ("description", 0),
    ("validFrom", 0),
    ("credentialSchema", "id"),
    ("credentialSchema", 0, "type"),
    ("credentialStatus", "type"),
    ("credentialStatus", "statusPurpose"),
    ("credentialStatus", "statusListCredential"),
    ("credentialStatus", 0, "type"),
    ("credentialStatus", 0, 0, "id"),
    ("credentialStatus", "statusSize"),
    ("credentialSubject", "@id"),
    ("credentialSubject", "achievement", "@type"),
    ("credentialSubject", 0, "@context", "name"),
    ("relatedResource", "id"),
    ("relatedResource", 0, "digestSRI"),
    ("termsOfUse", "id"),
    ("evidence", 0, "id"),
    ("refreshService", "id"),
    ("proof", "type"),
    ("proof", "cryptosuite"),
    ("proof", "verificationMethod"),
    ("proof", "proofPurpose"),
    ("proof", "expires"),
    ("proof", "challenge"),
    ("proof", "domain"),
    ("proof", "domain", 0),
    ("proof", "previousProof"),
    ("proof", "@context"),
    ("proof", 0, "created"),
    ("iss",),
    ("aud",),
    ("aud", 0),
    ("nonce",),
    ("cnf", "kid"),
    ("vct",),
    ("status", "status_list", "uri"),
    ("status", "idx"),
    ("payload",),
    ("signatures", 0, "signature"),
    ("anything",),
    (0,),
    (0, "id"),
]
OF_A_TOKEN_ONLY: set[Path] = set(FIELDS_OF_TOKENS) - set(FIELDS_OF_DOCUMENTS)


def test_what_may_differ_between_documents() -> None:
    assert [path for path in FIELDS_OF_DOCUMENTS if not may_differ(path, of_token=False)] == []
    assert [path for path in (*NO_FIELDS, *OF_A_TOKEN_ONLY) if may_differ(path, of_token=False)] == []


def test_what_may_differ_between_payloads_of_tokens() -> None:
    others = [*NO_FIELDS, *[("vc", *path) for path in NO_FIELDS], ("vc",), ("vc", "vc", "id")]
    proofs: list[Path] = [("proof", "created"), ("proof", "proofValue"), ("vc", "proof", "created")]
    claims: list[Path] = [("vc", "iat"), ("vc", "jti"), ("vc", "status", "status_list", "idx"), ("exp", 0)]
    assert [path for path in FIELDS_OF_TOKENS if not may_differ(path, of_token=True)] == []
    assert [path for path in (*others, *proofs, *claims) if may_differ(path, of_token=True)] == []


def test_which_fields_are_identifiers() -> None:
    of_documents: set[Path] = {
        ("id",),
        ("credentialSubject", "id"),
        ("credentialSubject", 3, "id"),
        ("credentialStatus", "id"),
        ("credentialStatus", 1, "id"),
    }
    every: set[Path] = {*FIELDS_OF_DOCUMENTS, *FIELDS_OF_TOKENS, *NO_FIELDS, *of_documents}
    every |= {("vc", *path) for path in of_documents}
    every |= {("credentialSubject", "achievement", "id"), ("credentialSubject", 0, "knows", 0, "id")}
    assert {path for path in every if is_identifier(path, of_token=False)} == of_documents
    of_tokens = {*of_documents, *[("vc", *path) for path in of_documents], ("jti",), ("sub",)}
    assert {path for path in every if is_identifier(path, of_token=True)} == of_tokens


# Series


def issuer(name: str) -> str:
    """An identifier as long as that of a key, which fills the bytes that a series is found by."""
    return f"did:example:{name}:{'x' * 80}"


CLAIMS: Claims = {
    "@context": ["https://contexts.example/1"],
    "id": "urn:x:1",
    "issuer": issuer("university"),
    "credentialSubject": {"id": "did:example:1", "name": "Jānis", "credits": 3, "list": ["a", {"n": -5}], "half": "x"},
    "proof": {
        "type": "DataIntegrityProof",
        "created": "2026-01-15T09:30:00Z",
        "verificationMethod": "did:example:university#1",
        "proofValue": "z1",
    },
}
FIRST = text(CLAIMS)


def series_of(data: bytes, *, is_payload: bool = False) -> Series:
    """The series of a document in which everything differs that may."""
    document = SecuredDocument.read(data, limits=LIMITS)
    fields = [leaf for leaf in leaves_of(data) or () if may_differ(leaf.path, of_token=is_payload)]
    series = Series.of(document, fields, is_payload=is_payload)
    assert series is not None
    return series


def without_proof(tree: Claims) -> Claims:
    return {name: value for name, value in tree.items() if name != "proof"}


def assert_read_alike(series: Series, data: bytes) -> Read:
    """The series reads the document, and as every document is read."""
    read, document = series.read(data), SecuredDocument.read(data, limits=LIMITS)
    assert read is not None
    assert read.document.data == data
    assert read.document.tree == document.tree
    assert json.dumps(read.document.tree) == json.dumps(document.tree)  # in the same order, and 1 is not true
    assert read.document.canonical == jcs.canonicalize(without_proof(document.tree))
    proof = document.tree["proof"]
    assert isinstance(proof, dict)
    assert read.options == jcs.canonicalize({name: proof[name] for name in proof if name != "proofValue"})
    return read


ODD = "\x7f\x80\x9f\xa0\xad\u200b\u200d\u2028\u2029\u202e\ufeff\ue000\uffff\U0010ffff"
"""What is not printable, and yet written without escapes."""


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"urn:x:1": "urn:x:2"},
        {"Jānis": "Ąžuolė"},
        {"Jānis": ""},
        {"Jānis": "名前 😀 \ufb01 e\u0301 O'Brien </script> {[:,]}"},
        {"Jānis": "x" * 10_000},
        *[{"Jānis": f"a{odd}b"} for odd in ODD],
        {"Jānis": "\x7f", '["a"': '["\xa0"', '"x"': '"\u200d"'},
        {'"credits":3': '"credits":0'},
        {'"credits":3': '"credits":-999999999999999'},
        {'{"n":-5}': '{"n":999999999999999}'},
        {'["a"': '["credits"'},
        {"2026-01-15T09:30:00Z": "", "z1": ""},
        {"urn:x:1": "did:example:1", "did:example:1": "urn:x:1", '"x"': '"z1"'},
    ],
)
def test_what_a_series_reads_is_what_is_read_otherwise(texts: dict[str, str]) -> None:
    data = FIRST.decode()
    for old, new in texts.items():
        assert old in data
        data = data.replace(old, new)
    assert_read_alike(series_of(FIRST), data.encode())


def test_the_spaces_of_the_first_document_are_those_of_all() -> None:
    spaced = json.dumps(CLAIMS, ensure_ascii=False, indent=1).encode() + b"\n"
    series = series_of(spaced)
    assert_read_alike(series, spaced.replace(b"urn:x:1", b"urn:x:77").replace(b": 3", b": 12"))
    assert series.read(FIRST) is None
    assert series.read(spaced.replace(b": 3", b":3")) is None
    assert series.read(spaced.replace(b"3,", b"3 ,")) is None
    assert series.read(spaced[:-1]) is None


def test_a_series_without_fields_is_one_document() -> None:
    series = Series.of(SecuredDocument.read(FIRST, limits=LIMITS), (), is_payload=False)
    assert series is not None
    assert assert_read_alike(series, FIRST).values == []
    for other in (FIRST + b" ", FIRST[:-1], b" " + FIRST, b"", FIRST.replace(b"urn:x:1", b"urn:x:2")):
        assert series.read(other) is None


def test_the_values_are_those_of_the_fields_in_their_order() -> None:
    series = series_of(FIRST)
    data = FIRST.replace(b"urn:x:1", b"urn:x:2").replace(b'"credits":3', b'"credits":4')
    read = series.read(data)
    assert read is not None
    values = {leaf.path: value for leaf, value in zip(series.fields, read.values, strict=True)}
    assert values["id",] == "urn:x:2"
    assert values["credentialSubject", "credits"] == 4
    assert {series.fields[number].path for number in series.identifiers} == {("id",), ("credentialSubject", "id")}


def test_the_payload_of_a_token_has_no_canonical_form_and_no_options() -> None:
    payload = text({"iss": "did:example:issuer", "jti": "urn:x:1", "vc": without_proof(CLAIMS), "half": 0.5})
    tree = read_json(payload, limits=LIMITS)
    assert isinstance(tree, dict)
    fields = [leaf for leaf in leaves_of(payload) or () if may_differ(leaf.path, of_token=True)]
    series = Series.of(SecuredDocument(payload, tree, None), fields, is_payload=True)
    assert series is not None
    data = payload.replace(b"urn:x:1", b"urn:x:2").replace(b'"credits":3', b'"credits":4')
    read = series.read(data)
    assert read is not None
    assert (read.document.tree, read.document.canonical, read.options) == (json.loads(data), None, b"{}")
    paths = {("jti",), ("vc", "id"), ("vc", "credentialSubject", "id")}
    assert {series.fields[number].path for number in series.identifiers} == paths


def in_name(name: bytes) -> bytes:
    return FIRST.replace("Jānis".encode(), name)


def in_credits(number: bytes) -> bytes:
    return FIRST.replace(b'"credits":3', b'"credits":' + number)


@pytest.mark.parametrize(
    "data",
    [
        *[in_name(bytes([octet])) for octet in range(0x20)],
        *[in_name(escape) for escape in (rb"\n", rb"\u0041", rb"\\", b"\\", rb"\"", rb"\/", rb"a\ud800b")],
        *[in_name(b"a" + odd + b"b") for odd in (b"\x80", b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80")],
        in_name(b"\xc4").replace(b'"half":"x"', b'"half":"\x81"'),  # which together would be one character
        in_name(b"\xf0\x9f").replace(b'"list":["a"', b'"list":["\x98\x80"'),
        in_name(b'"'),
        in_name(b'x","y":"'),
        in_name(b'x"}'),
        *[in_credits(number) for number in (b"01", b"-0", b"-", b"1e3", b"3.0", b"+3", b"", b" 3", b"3 ", b"1" * 16)],
        *[in_credits(other) for other in (b"null", b"true", b'"3"', b"[3]", b"{}", b"3,4", b'3,"x":4', b"\xd9\xa3")],
        FIRST.replace("Jānis".encode(), b"").replace(b'"name":""', b'"name":null'),
        FIRST.replace("Jānis".encode(), b"").replace(b'"name":""', b'"name":1'),
        FIRST.replace(b'"name"', b'"Name"'),
        FIRST.replace(b"https://contexts.example/1", b"https://contexts.example/2"),
        FIRST.replace(b"did:example:university", b"did:example:other"),
        FIRST.replace(b"DataIntegrityProof", b"DataIntegrity"),
        FIRST + b" ",
        FIRST + b"}",
        b" " + FIRST,
        b"\xef\xbb\xbf" + FIRST,
        b"",
        b"{}",
        FIRST[: len(FIRST) // 2],
        text(CLAIMS | {"x": 1}),
        text(CLAIMS | {"proof": [CLAIMS["proof"]]}),
        text(dict(reversed(CLAIMS.items()))),
    ],
    ids=lambda data: f"{data[60:200]!r}"[2:][:60],
)
def test_what_a_series_does_not_read(data: bytes) -> None:
    assert data != FIRST
    assert series_of(FIRST).read(data) is None


def test_every_shorter_text_is_of_no_series() -> None:
    series = series_of(FIRST)
    assert [end for end in range(len(FIRST)) if series.read(FIRST[:end]) is not None] == []


def test_every_other_byte_is_read_as_it_is_otherwise_or_not_at_all() -> None:
    """Which the fields cannot tell from what has to be the same is another document."""
    series, read_at_all = series_of(FIRST), 0
    for position in range(len(FIRST)):
        for octet in b'"\\,}]:01a \x00\x7f\x80\xc3\xff':
            data = FIRST[:position] + bytes([octet]) + FIRST[position + 1 :]
            read = series.read(data)
            if read is not None:
                document = SecuredDocument.read(data, limits=LIMITS)
                assert (read.document.tree, read.document.canonical) == (document.tree, document.canonical)
                read_at_all += 1
    assert read_at_all > 100


def test_a_document_with_more_fields_than_that_has_no_series() -> None:
    for number, expected in ((32, True), (33, False)):
        data = text({"credentialSubject": {"list": ["x"] * number}})
        document = SecuredDocument.read(data, limits=LIMITS)
        assert (Series.of(document, leaves_of(data) or (), is_payload=False) is not None) is expected


def test_what_has_no_field_in_it_is_shared_and_the_first_stays_as_it_was() -> None:
    series = series_of(FIRST)
    before = copy.deepcopy(series.first.tree)
    read = series.read(FIRST.replace(b"urn:x:1", b"urn:x:2").replace(b'"a"', b'"b"'))
    assert read is not None
    assert series.first.tree == before
    assert read.document.tree["@context"] is series.first.tree["@context"]
    assert read.document.tree["credentialSubject"] is not series.first.tree["credentialSubject"]


# Known


def claims(number: int, **members: Any) -> Claims:
    subject = {"id": f"did:example:{number}", "name": f"Nr. {number}", "credits": number % 7}
    return copy.deepcopy({**CLAIMS, "id": f"urn:x:{number}", "credentialSubject": subject} | members)


def document(number: int, **members: Any) -> SecuredDocument:
    return SecuredDocument.read(text(claims(number, **members)), limits=LIMITS)


def taught(*documents: SecuredDocument, memory: Any = MEMORY) -> Known:
    known = Known()
    for each in documents:
        learn(known, each, memory)
    return known


def learn(known: Known, each: SecuredDocument, memory: Any = MEMORY, *, is_payload: bool = False) -> None:
    """As after the verification of a document, of the issuer that it names."""
    issuer = each.tree["issuer"]
    issuer = issuer["id"] if isinstance(issuer, dict) else issuer
    known.learn(each, memory, issuer=str(issuer), is_payload=is_payload)


def finds(known: Known, each: SecuredDocument, *, is_payload: bool = False) -> bool:
    return known.find(each.data, is_payload=is_payload) is not None


def kept(known: Known) -> list[SecuredDocument]:
    """The documents that are kept."""
    return [entry.document for entries in known._entries.values() for entry in entries]


def test_the_second_document_makes_the_series() -> None:
    assert not finds(taught(), document(1))
    assert not finds(taught(document(1)), document(1))
    known = taught(document(1), document(2))
    found = known.find(document(3).data, is_payload=False)
    assert found is not None
    memory, series, read = found
    assert memory is MEMORY
    assert (series.first.data, read.document.tree) == (document(1).data, document(3).tree)
    assert {leaf.path for leaf in series.fields} == {
        ("id",),
        *[("credentialSubject", name) for name in ("id", "name", "credits")],
    }
    assert kept(known) == [series.first]


def test_the_same_document_twice_is_a_series_too() -> None:
    known = taught(document(1), document(1))
    assert finds(known, document(1))
    assert not finds(known, document(2))


def test_a_further_document_widens_the_series() -> None:
    known = taught(document(1), document(2))
    later: Claims = {"proof": {**CLAIMS["proof"], "created": "2026-01-16T09:30:00Z", "proofValue": "z2"}}
    assert not finds(known, document(3, **later))
    learn(known, document(3, **later))
    assert finds(known, document(4, **later))
    assert finds(known, document(4))
    assert len(kept(known)) == 1


def test_a_series_keeps_the_fields_that_a_further_document_has_in_common_with_the_first() -> None:
    known = taught(document(1), document(2))
    later: Claims = {"proof": {**CLAIMS["proof"], "proofValue": "z2"}}
    learn(known, document(1, **later))
    assert finds(known, document(3, **later))
    assert finds(known, document(3))


def replaced(*path: str | int, value: Any) -> SecuredDocument:
    """Another document with this value in one place."""
    tree = claims(2, credentialSchema={"id": "urn:x:schema", "type": "JsonSchema"})
    inner: Any = tree
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return SecuredDocument.read(text(tree), limits=LIMITS)


@pytest.mark.parametrize(
    "other",
    [
        replaced("@context", 0, value="https://contexts.example/2"),
        replaced("issuer", value=issuer("another")),
        replaced("credentialSchema", "id", value="urn:x:another"),
        replaced("proof", "type", value="Ed25519Signature2020"),
        replaced("proof", "verificationMethod", value="did:example:university#2"),
        replaced("credentialSubject", "credits", value="2"),
        replaced("credentialSubject", "credits", value=2.5),
        replaced("credentialSubject", "name", value=None),
        replaced("credentialSubject", "name", value=["Nr. 2"]),
        replaced("credentialSubject", "more", value="x"),
        replaced("credentialSubject", value=[claims(2)["credentialSubject"]]),
        SecuredDocument.read(replaced("name", value="x").data.replace(b'"x"', b'""  '), limits=LIMITS),
    ],
    ids=[
        *("@context", "issuer", "credentialSchema", "proof type", "verificationMethod", "text for integer", "float"),
        *("null", "array", "another member", "array of subjects", "spaces"),
    ],
)
def test_documents_that_differ_in_anything_else_are_of_no_series(other: SecuredDocument) -> None:
    schema: Claims = {"credentialSchema": {"id": "urn:x:schema", "type": "JsonSchema"}}
    first = document(1, **schema)
    known = taught(first, other)
    assert not finds(known, first)
    assert not finds(known, other)
    assert len(kept(known)) == 2
    learn(known, document(3, **schema))
    assert finds(known, document(4, **schema))
    assert not finds(known, other)


def test_what_is_remembered_of_both_has_to_be_the_same() -> None:
    known = Known()
    learn(known, document(1), ("one",))
    learn(known, document(2), ("another",))
    assert not finds(known, document(3))
    learn(known, document(3), ("another",))
    found = known.find(document(4).data, is_payload=False)
    assert found is not None
    assert found[0] == ("another",)


def test_a_document_and_the_payload_of_a_token_are_never_of_one_series() -> None:
    known = taught(document(1), document(2))
    assert finds(known, document(3))
    assert not finds(known, document(3), is_payload=True)
    for number in (1, 2):
        assert not finds(known, document(3), is_payload=True)
        learn(known, document(number), is_payload=True)
    assert finds(known, document(3), is_payload=True)
    assert len(known._entries) == 2


def test_fields_with_escapes_or_names_with_escapes_make_no_series() -> None:
    escaped = [text(claims(number)).replace(b"Nr.", rb"\u004er.") for number in range(3)]
    named = [text(claims(number)).replace(b'"credits"', rb'"\u0063redits"') for number in range(3)]
    for data in (escaped, named):
        first, second, third = (SecuredDocument.read(each, limits=LIMITS) for each in data)
        assert not finds(taught(first, second), third)


def test_a_series_that_reads_anything_else_than_was_read_is_not_kept() -> None:
    """Whoever hands in a tree that is not that of the bytes gets no series of it."""
    wrong = replace(document(2), tree=document(3).tree)
    assert not finds(taught(document(1), wrong), document(4))
    assert not finds(taught(wrong, document(1)), document(4))
    assert not finds(taught(document(1), replace(document(2), canonical=b"{}")), document(4))


def test_documents_that_are_longer_than_that_are_not_kept() -> None:
    room = (1 << 15) - len(text(claims(1, pages="")))
    for length, expected in ((room, True), (room + 1, False)):
        known = taught(*[document(number, pages="x" * length) for number in (1, 2)])
        assert finds(known, document(3, pages="x" * length)) is expected
        assert bool(kept(known)) is expected


def with_values(values: int, number: int = 1, name: str = "university") -> SecuredDocument:
    """A document that counts as having so many values."""
    least = text(claims(number, issuer=issuer(name), more=[0]))
    more = values - sum(least.count(mark) for mark in (b",", b"[", b"{"))
    return document(number, issuer=issuer(name), more=[0] * (1 + more))


def test_documents_of_more_values_than_that_are_not_kept() -> None:
    for values, expected in ((1_024, True), (1_025, False)):
        known = taught(with_values(values), with_values(values, 2))
        assert finds(known, with_values(values, 3)) is expected
        assert bool(kept(known)) is expected


def test_the_oldest_are_forgotten_beyond_some_megabytes() -> None:
    """All of the issuers that were met first; and none before there is need."""
    size = len(with_values(1_000, name="000").data) + 256 * 1_000
    room = (1 << 25) // size
    assert 50 < room < 200
    known = Known()
    for number in range(room):
        learn(known, with_values(1_000, name=f"{number:03}"))
    assert len(kept(known)) == room
    for number in range(room, room + 20):
        learn(known, with_values(1_000, name=f"{number:03}"))
        assert known._bytes == size * room <= 1 << 25
    expected = [issuer(f"{number:03}") for number in range(20, room + 20)]
    assert [each.tree["issuer"] for each in kept(known)] == expected


def test_what_is_made_of_an_issuer_that_is_forgotten_is_forgotten_with_it() -> None:
    known = taught(*[with_values(900, number, name=name) for name in ("000", "001") for number in (1, 2)])
    assert all(finds(known, with_values(900, 3, name=name)) for name in ("000", "001"))
    number = 2
    while finds(known, with_values(900, 3, name="000")):
        learn(known, with_values(900, name=f"{number:03}"))
        number += 1
        assert number < 200
    assert number > 100
    assert finds(known, with_values(900, 3, name="001"))


def in_form(form: int, number: int) -> SecuredDocument:
    """A document that is of a series with those of the same form alone."""
    return document(number, termsOfUse={"type": f"T{form}"})


def forms(known: Known) -> list[Any]:
    return [each.tree["termsOfUse"] for each in kept(known)]


def size_of(known: Known) -> int:
    """What all that is kept counts as."""
    values = [sum(each.data.count(mark) for mark in (b",", b"[", b"{")) for each in kept(known)]
    return sum(len(each.data) for each in kept(known)) + 256 * sum(values)


def test_of_one_issuer_the_oldest_without_a_series_are_forgotten() -> None:
    known = taught(in_form(1, 0), in_form(0, 0), in_form(0, 1), *[in_form(form, 0) for form in range(2, 40)])
    assert forms(known) == [{"type": f"T{form}"} for form in (*range(39, 8, -1), 0)]
    assert finds(known, in_form(0, 2))
    assert known._bytes == size_of(known)


def test_of_one_issuer_with_a_series_for_each_the_oldest_is_forgotten() -> None:
    known = taught(*[in_form(form, number) for form in range(32) for number in (1, 2)])
    assert all(finds(known, in_form(form, 3)) for form in range(32))
    for number in (1, 2):
        learn(known, in_form(32, number))
    assert [form for form in range(33) if not finds(known, in_form(form, 3))] == [0]
    assert len(kept(known)) == 32
    assert known._bytes == size_of(known)


@pytest.mark.parametrize(("values", "price"), [(20, 16), (33, 16), (34, 17), (800, 400)])
def test_the_work_on_documents_that_are_of_no_series_is_bounded(
    monkeypatch: pytest.MonkeyPatch, values: int, price: int
) -> None:
    """At first all are looked at; then one in as many as one costs."""
    tries = 0

    def counted(*arguments: Any, **options: Any) -> Any:
        nonlocal tries
        tries += 1
        return wider(*arguments, **options)

    wider = module._wider
    monkeypatch.setattr(module, "_wider", counted)
    known = taught(with_values(values))
    assert tries == 0  # there is nothing to compare the first one with
    for number in range(1, 2_001):
        each = replace(with_values(values), tree={**with_values(values).tree, "x": number})
        known.learn(each, number, issuer=issuer("university"), is_payload=False)
        if number <= 1_024 // price:
            assert tries == number
    assert (1_024 + 1_999) // price - 1 <= tries <= (1_024 + 1_999) // price


def test_documents_of_other_forms_are_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[bytes] = []

    def counted(data: bytes) -> tuple[Leaf, ...] | None:
        looked_at.append(data)
        return leaves_of(data)

    monkeypatch.setattr(module, "leaves_of", counted)
    documents = [document(1, **{f"member{number}": "x"}) for number in range(10)]
    taught(*documents)
    expected = [documents[1], documents[0], *documents[2:]]  # of the first one the form is not known before
    assert looked_at == [each.data for each in expected]


def test_credit_does_not_grow_beyond_what_there_was_at_first() -> None:
    known = Known()
    for number in range(3_000):
        known.learn(with_values(800), MEMORY, issuer=issuer("university"), is_payload=False)
        known._entries.clear()
        assert known._credit == 1_024, number


def test_a_series_is_made_however_many_others_were_met_before() -> None:
    known = taught(*[in_form(number, number) for number in range(500)])
    number = 0
    while not finds(known, document(1)):
        learn(known, document(number))
        number += 1
        assert number <= 50


def course(texts: int, name: str, number: int) -> SecuredDocument:
    """A credential of a course that is described in so many texts."""
    described = {f"text{each}": f"{name} {each}" for each in range(texts)}
    return document(number, credentialSubject={"id": f"did:example:{number}", "course": described})


@pytest.mark.parametrize(("texts", "series"), [(10, 1), (11, 2)])
def test_what_differs_in_many_fields_gets_a_series_of_its_own(texts: int, series: int) -> None:
    """With the two identifiers it is twelve fields that one series may have."""
    known = taught(*[course(texts, name, number) for name in ("a", "b") for number in (1, 2)])
    assert len(kept(known)) == series
    assert all(finds(known, course(texts, name, 3)) for name in ("a", "b"))


def fields_of(known: Known) -> list[int]:
    """How many fields each of the series has."""
    series = [entry.series for entries in known._entries.values() for entry in entries]
    return sorted(len(each.fields) for each in series if each is not None)


def test_with_room_for_no_other_series_one_is_widened() -> None:
    known = taught(*[course(11, f"{name}", number) for name in range(32) for number in (1, 2)])
    assert fields_of(known) == [2] * 32
    learn(known, course(11, "another", 1))
    assert fields_of(known) == [2] * 31 + [13]
    assert finds(known, course(11, "another", 2))


def at_depth(depth: int, call: Callable[[], Any]) -> Any:
    """What a call answers for which so many others wait."""
    return call() if depth == 0 else at_depth(depth - 1, call)


def deep(value: Any, levels: int) -> Any:
    """The value within so many objects."""
    for _ in range(levels):
        value = {"a": value}
    return value


def test_little_room_for_learning_raises_nothing() -> None:
    """However many calls are under way; `learn` itself needs a few."""
    texts = [text(claims(number, credentialSubject={"deep": deep(number, 200)})) for number in range(3)]
    documents = [SecuredDocument.read(each, limits=Limits(depth=254)) for each in texts]
    met, deepest = 0, sys.getrecursionlimit() - len(inspect.stack()) - 10
    for depth in range(deepest - 600, deepest, 3):
        known = taught(documents[0])
        at_depth(depth, partial(learn, known, documents[1]))
        assert not known._learning.locked()
        met += finds(known, documents[2])
        assert kept(known)[0] is documents[0]
        learn(known, documents[2])
        assert finds(known, documents[2])
    assert 20 < met < 180


def test_nobody_waits_for_somebody_who_learns() -> None:
    known = taught(document(1))
    with known._learning:
        learn(known, document(2))
        assert not finds(known, document(3))
    learn(known, document(2))
    assert finds(known, document(3))


def test_an_error_while_learning_leaves_the_next_one_to_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    known = taught(document(1))

    def failing(_data: bytes) -> None:
        raise ParsingError("broken")

    with monkeypatch.context() as patch:
        patch.setattr("vc_core.series.known.leaves_of", failing)
        with pytest.raises(ParsingError):
            learn(known, document(2))
    learn(known, document(2))
    assert finds(known, document(3))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda known: pickle.loads(pickle.dumps(known))])
def test_a_copy_knows_nothing(copied: Callable[[Known], Known]) -> None:
    known = taught(document(1), document(2))
    other = copied(known)
    assert type(other) is Known
    assert kept(other) == []
    assert not finds(other, document(3))
    learn(other, document(1))
    assert (len(kept(other)), len(kept(known))) == (1, 1)


def test_a_policy_with_other_rules_knows_nothing() -> None:
    policy = Policy(accepted_issuers=ANY_ISSUER)
    learn(policy.known, document(1))
    for other in (replace(policy), replace(policy, status="skip"), Policy(accepted_issuers=ANY_ISSUER)):
        assert other.known is not policy.known
        assert kept(other.known) == []
    assert policy == replace(policy)  # what is known is no part of the rules
    assert "known" not in repr(policy)
    with pytest.raises(TypeError, match="known"):
        Policy(accepted_issuers=ANY_ISSUER, known=Known())  # type: ignore[call-arg]  # which is what is shown


def test_the_mark_of_this_process_in_a_document_makes_no_series(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can know it; if it is met all the same, nothing is made of it."""
    monkeypatch.setattr("vc_core.series.series._MARK", "did:example:1")
    assert Series.of(SecuredDocument.read(FIRST, limits=LIMITS), (), is_payload=False) is None


# Issuers


@pytest.mark.parametrize(
    ("members", "name"),
    [
        ('"issuer":"did:web:a.example","validFrom":"x"', b"did:web:a.example"),
        ('"issuer":"did:web:a.example"', b"did:web:a.example"),
        ('"issuer" :  {"id": "did:web:a.example", "name": "A"}', b"did:web:a.example"),
        ('"issuer":{"name":"A","id":"did:web:a.example"}', b"did:web:a.example"),
        ('"issuer":{"name":{"en":"A","lv":"A"},"id":"did:web:a.example"},"id":"did:b"', b"did:web:a.example"),
        ('"id":"did:b","issuer":"did:web:a.example"', b"did:web:a.example"),
        ('"x":{"issuer":"did:b"},"issuer":"did:web:a.example"', b"did:b"),
        (f'"issuer":"did:{"x" * 498}"', b"did:" + b"x" * 498),
        ('"issuer":"https://a.example","name":"A"', b'"issuer":"https://a.example"'),
        ('"issuer":{"id":"https://a.example","name":"A"}', b'"issuer":{"id":"https://a.example"'),
        ('"name":"A"', b""),
    ],
)
def test_the_bytes_that_say_who_issued_a_document(members: str, name: bytes) -> None:
    assert module._issuer(f"{{{members}}}".encode()) == name


def test_a_series_is_found_by_the_issuer() -> None:
    """One issuer's many documents do not slow down the search for those of another."""
    known = taught(document(1), document(2))
    learn(known, document(1, issuer=issuer("another")))
    names = [issuer(name).encode() for name in ("university", "another")]
    assert list(known._entries) == [(False, name) for name in names]
    assert [len(entries) for entries in known._entries.values()] == [1, 1]
    assert finds(known, document(3))


@pytest.mark.parametrize(
    "named",
    [
        "did:web:a.example",
        {"id": "did:web:a.example"},
        {"id": "did:web:a.example", "name": "A"},
        {"name": "A", "id": "did:web:a.example"},
        {"name": {"@value": "A, B", "@language": "en"}, "url": "https://a.example", "id": "did:web:a.example"},
        f"did:web:{'a' * 494}",
    ],
    ids=lambda named: str(named)[:40],
)
def test_however_an_issuer_is_named(named: str | Claims) -> None:
    known = taught(*[document(number, issuer=named) for number in (1, 2)])
    assert finds(known, document(3, issuer=named))


def test_an_issuer_with_a_very_long_identifier_teaches_nothing() -> None:
    known = taught(*[document(number, issuer=f"did:web:{'a' * 600}") for number in (1, 2)])
    assert known._entries == {}


def test_what_seems_to_be_of_another_issuer_teaches_nothing() -> None:
    """Nobody fills the place that is kept for somebody else."""

    def of(number: int, *, first: bool) -> SecuredDocument:
        tree = claims(number)
        tree["credentialSubject"]["issuer"] = issuer("another")
        subject: Claims = {"credentialSubject": tree.pop("credentialSubject")}
        return SecuredDocument.read(text(subject | tree if first else tree | subject), limits=LIMITS)

    known = taught(*[of(number, first=True) for number in (1, 2)])
    assert known._entries == {}
    assert not finds(known, of(3, first=True))
    known = taught(*[of(number, first=False) for number in (1, 2)])
    assert finds(known, of(3, first=False))


def test_a_document_without_an_issuer_teaches_nothing() -> None:
    """It may be another claim of a token that says who that is."""
    known = Known()
    for number in (1, 2):
        tree = {name: value for name, value in claims(number).items() if name != "issuer"}
        each = SecuredDocument.read(text(tree | {"iss": "did:web:a.example"}), limits=LIMITS)
        known.learn(each, MEMORY, issuer="did:web:a.example", is_payload=True)
    assert known._entries == {}


def test_an_issuer_that_is_no_unicode_teaches_nothing() -> None:
    known = Known()
    known.learn(document(1), MEMORY, issuer="did:web:\ud800", is_payload=False)
    assert known._entries == {}

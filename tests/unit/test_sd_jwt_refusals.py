"""SD-JWTs that are refused, each in the compact and in the JSON serialization, with the same code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from did import PrivateKey
from did.multibase import encode_base64url
from vc_core import Limits, VCError
from vc_core.securing.jose import write_jws
from vc_core.securing.sd_jwt import SDJWT, processed, read, read_sd_jwt
from vc_core.securing.sd_jwt.processing import process
from vc_core.securing.signed_data import LocalSigner, check

LIMITS = Limits()
ISSUER = LocalSigner.of_did_key(PrivateKey("Ed25519", bytes(range(32))))
FORMS = ("compact", "flattened", "general")


def disclosure(*elements: Any, **options: Any) -> str:
    return encode_base64url(json.dumps(list(elements), **options).encode())


def digest(text: str, name: str = "sha256") -> str:
    return encode_base64url(hashlib.new(name, text.encode()).digest())


def token(
    payload: dict[str, Any] | bytes,
    *disclosures: str,
    form: str = "compact",
    kb_jwt: bytes | None = None,
    **header: Any,
) -> bytes:
    """A signed SD-JWT VC with this payload, however odd."""
    if isinstance(payload, dict):
        plain = {"vct": "urn:example:type", "iss": "https://issuer.example", **payload}
        payload = json.dumps(plain).encode()
    full = {"typ": "dc+sd-jwt", "kid": ISSUER.verification_method, **header}
    return SDJWT(write_jws(full, payload, signer=ISSUER), disclosures, kb_jwt, form).write()


NAME, CITY = disclosure("s1", "name", "Ada"), disclosure("s2", "city", "Rīga")
FIRST, SECOND = disclosure("s3", "first"), disclosure("s4", "second")
WITH_NAME = {"_sd": [digest(NAME)]}

Shape = tuple[dict[str, Any] | bytes, Sequence[str], str]


def hidden(*elements: Any, **options: Any) -> Shape:
    """One disclosure, whatever it is, whose digest stands where that of a member of an object does."""
    text = disclosure(*elements, **options)
    return {"_sd": [digest(text)]}, [text], "DISCLOSURE_ERROR"


def in_array(*elements: Any) -> Shape:
    text = disclosure(*elements)
    return {"list": [{"...": digest(text)}]}, [text], "DISCLOSURE_ERROR"


def raw(text: bytes, code: str) -> Shape:
    encoded = encode_base64url(text)
    return {"_sd": [digest(encoded)]}, [encoded], code


def of(text: str, code: str = "PARSING_ERROR") -> Shape:
    return {"_sd": [digest(text)]}, [text], code


def nested(name: str) -> Shape:
    inner = disclosure("s5", name, 1)
    outer = disclosure("s6", "outer", {"_sd": [digest(inner)]})
    return {"_sd": [digest(outer)]}, [outer, inner], "DISCLOSURE_ERROR"


def chain(length: int) -> Shape:
    """Disclosures one within the other."""
    texts = [disclosure("s", "leaf", 1)]
    for level in range(length):
        texts.append(disclosure("s", f"level{level}", {"_sd": [digest(texts[-1])]}))
    return {"_sd": [digest(texts[-1])]}, texts, "NESTING_TOO_DEEP"


OUTER = disclosure("s7", "outer", {"_sd": [digest(NAME)]})
OUTER_LIST = disclosure("s8", "outer", [{"...": digest(FIRST)}])
NOT_CANONICAL = NAME[:-1] + {"A": "B", "Q": "R", "g": "h", "w": "x"}.get(NAME[-1], "!")

SHAPES: dict[str, Shape] = {
    # S1: disclosures that nothing refers to
    "no digest at all": ({}, [NAME], "DISCLOSURE_ERROR"),
    "another digest": ({"_sd": [digest(CITY)]}, [NAME], "DISCLOSURE_ERROR"),
    "one of two": (WITH_NAME, [NAME, CITY], "DISCLOSURE_ERROR"),
    "its parent is held back": ({"_sd": [digest(OUTER)]}, [NAME], "DISCLOSURE_ERROR"),
    "the digest is of another hash algorithm": ({"_sd": [digest(NAME, "sha384")]}, [NAME], "DISCLOSURE_ERROR"),
    "the digest is written with padding": ({"_sd": [digest(NAME) + "="]}, [NAME], "DISCLOSURE_ERROR"),
    "the digest is a text, not in an array _sd": ({"x": [digest(NAME)]}, [NAME], "DISCLOSURE_ERROR"),
    # S2: digests and disclosures that stand twice
    "a disclosure twice": (WITH_NAME, [NAME, NAME], "DISCLOSURE_ERROR"),
    "a digest twice in _sd": ({"_sd": [digest(NAME)] * 2}, [NAME], "DISCLOSURE_ERROR"),
    "a digest twice in an array": ({"a": [{"...": digest(FIRST)}] * 2}, [FIRST], "DISCLOSURE_ERROR"),
    "a digest on two levels": ({**WITH_NAME, "x": WITH_NAME}, [NAME], "DISCLOSURE_ERROR"),
    "a digest in _sd and in an array": ({**WITH_NAME, "a": [{"...": digest(NAME)}]}, [NAME], "DISCLOSURE_ERROR"),
    "a digest in the payload and in a disclosure": (
        {"_sd": [digest(OUTER), digest(NAME)]},
        [OUTER, NAME],
        "DISCLOSURE_ERROR",
    ),
    "a digest twice, of what is not disclosed": ({"_sd": [digest(NAME)] * 2}, [], "DISCLOSURE_ERROR"),
    "a digest twice, one of them in a disclosure, of what is not disclosed": (
        {"_sd": [digest(OUTER_LIST)], "a": [{"...": digest(FIRST)}]},
        [OUTER_LIST],
        "DISCLOSURE_ERROR",
    ),
    # S3: names, places and forms
    "the name _sd": hidden("s", "_sd", ["x"]),
    "the name ...": hidden("s", "...", "x"),
    "the name _sd_alg": hidden("s", "_sd_alg", "sha-256"),
    "the name _sd, nested": nested("_sd"),
    "the name ..., nested": nested("..."),
    "a name that is there already": ({**WITH_NAME, "name": "Eve"}, [NAME], "DISCLOSURE_ERROR"),
    "a name that another disclosure has": (
        {"_sd": [digest(NAME), digest(disclosure("s9", "name", "Eve"))]},
        [NAME, disclosure("s9", "name", "Eve")],
        "DISCLOSURE_ERROR",
    ),
    "two elements in place of three": hidden("s", "value"),
    "three elements in place of two": in_array("s", "name", "value"),
    "one element": hidden("s"),
    "four elements": hidden("s", "name", "value", "more"),
    "no element": hidden(),
    "a salt that is a number": hidden(1, "name", "value"),
    "a salt that is null": hidden(None, "name", "value"),
    "a name that is a number": hidden("s", 1, "value"),
    "a name that is null": hidden("s", None, "value"),
    "a salt of an element that is a number": in_array(1, "value"),
    "a slot with another member": ({"a": [{"...": digest(FIRST), "x": 1}]}, [FIRST], "DISCLOSURE_ERROR"),
    "a slot with another member, not disclosed": ({"a": [{"...": digest(FIRST), "x": 1}]}, [], "DISCLOSURE_ERROR"),
    "a slot with a number": ({"a": [{"...": 1}]}, [], "DISCLOSURE_ERROR"),
    "a slot with null": ({"a": [{"...": None}]}, [], "DISCLOSURE_ERROR"),
    "a slot in a slot": ({"a": [{"...": {"...": digest(FIRST)}}]}, [FIRST], "DISCLOSURE_ERROR"),
    "a slot that a disclosure is": in_array("s", {"...": digest(FIRST)}),
    "... outside of an array": ({"x": {"...": digest(FIRST)}}, [FIRST], "DISCLOSURE_ERROR"),
    "... at the top": ({"...": digest(FIRST)}, [FIRST], "DISCLOSURE_ERROR"),
    "_sd that is a text": ({"_sd": digest(NAME)}, [NAME], "DISCLOSURE_ERROR"),
    "_sd that is an object": ({"_sd": {digest(NAME): 1}}, [NAME], "DISCLOSURE_ERROR"),
    "_sd that is null": ({"_sd": None}, [], "DISCLOSURE_ERROR"),
    "_sd with a number": ({"_sd": [1]}, [], "DISCLOSURE_ERROR"),
    "_sd with an array": ({"_sd": [[digest(NAME)]]}, [NAME], "DISCLOSURE_ERROR"),
    "_sd_alg in an object": ({"x": {"_sd_alg": "sha-256"}}, [], "DISCLOSURE_ERROR"),
    "_sd_alg in a disclosure": hidden("s", "x", {"_sd_alg": "sha-256"}),
    # S4: claims that others rely on
    **{
        f"{name} in a disclosure": hidden("s", name, 1)
        for name in ("nbf", "exp", "aud", "cnf", "status", "vct#integrity")
    },
    **{f"{name} in part hidden": ({name: {"_sd": ["x"]}}, [], "DISCLOSURE_ERROR") for name in ("cnf", "status")},
    "cnf in part disclosed": ({"cnf": WITH_NAME}, [NAME], "DISCLOSURE_ERROR"),
    # S8: hash algorithms
    **{
        f"_sd_alg {value!r}": ({**WITH_NAME, "_sd_alg": value}, [NAME], "DISCLOSURE_ERROR")
        for value in ("sha-256-32", "md5", "sha-1", "SHA-256", "sha256", "sha3-256", "", None, 1, ["sha-256"])
    },
    "a weak hash algorithm without disclosures": ({"_sd_alg": "sha-256-32"}, [], "DISCLOSURE_ERROR"),
    # S11: disclosures that are no strict JSON
    "a member twice": raw(b'["s","x",{"a":1,"a":2}]', "PARSING_ERROR"),
    "a member twice, five levels down": raw(b'["s","x",[[[[{"a":1,"a":2}]]]]]', "PARSING_ERROR"),
    "an object": raw(b'{"0":"s","1":"x","2":1}', "DISCLOSURE_ERROR"),
    "a text": raw(b'"s"', "DISCLOSURE_ERROR"),
    "no JSON": raw(b"[", "PARSING_ERROR"),
    "two values": raw(b'["s","x",1] ["s","x",1]', "PARSING_ERROR"),
    "NaN": raw(b'["s","x",NaN]', "PARSING_ERROR"),
    "a large integer": raw(b'["s","x",9007199254740993]', "PARSING_ERROR"),
    "a lone surrogate": raw(rb'["s","x","\ud800"]', "PARSING_ERROR"),
    "invalid UTF-8": raw(b'["s","x","\xff"]', "PARSING_ERROR"),
    "a byte order mark": raw(b'\xef\xbb\xbf["s","x",1]', "PARSING_ERROR"),
    "UTF-16": raw('["s","x",1]'.encode("utf-16"), "PARSING_ERROR"),
    "an empty disclosure": of(""),
    "padding": of(NAME + "="),
    "bits left over": of(NOT_CANONICAL),
    "white space": of(NAME + "\n"),
    "a foreign character": of(NAME[:-1] + "+"),
    # S10
    "disclosures in disclosures, 100 deep": chain(100),
    "a deep value": (*hidden("s", "x", json.loads("[" * 70 + "]" * 70))[:2], "NESTING_TOO_DEEP"),
    "a digest of itself": ({"_sd": ["x"]}, [disclosure("s", "self", {"_sd": ["x"]})], "DISCLOSURE_ERROR"),
}


def code_of(data: bytes, read: Callable[..., Any] = read, limits: Limits = LIMITS) -> str:
    with pytest.raises(VCError) as caught:
        read(data, limits=limits)
    assert len(caught.value.detail) < 300
    assert caught.value.detail.isprintable()
    return caught.value.code


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_refused(shape: str, form: str) -> None:
    payload, disclosures, code = SHAPES[shape]
    assert code_of(token(payload, *disclosures, form=form)) == code


def test_there_are_many_of_them() -> None:
    assert len(SHAPES) >= 80


@pytest.mark.parametrize("form", FORMS)
def test_what_they_are_made_of_is_accepted(form: str) -> None:
    payload = {"_sd": [digest(OUTER), digest(CITY), digest("decoy")], "a": [{"...": digest(FIRST)}, 1, {"...": "x"}]}
    read_back = read(token(payload, CITY, OUTER, FIRST, NAME, form=form), limits=LIMITS)
    check(read_back.signed, ISSUER.public_key)
    assert read_back.claims == {
        "vct": "urn:example:type",
        "iss": "https://issuer.example",
        "outer": {"name": "Ada"},
        "city": "Rīga",
        "a": ["first", 1],
    }
    assert read_back.text == b""
    assert read_back.disclosed == (("city",), ("outer",), ("a", 0), ("outer", "name"))


@pytest.mark.parametrize("name", ["vct", "iss"])
def test_vct_and_iss_do_not_come_out_of_a_disclosure(name: str) -> None:
    text = disclosure("s", name, "https://issuer.example")
    claims = {"vct": "urn:x:y", "iss": "https://issuer.example"}
    del claims[name]
    assert code_of(token(json.dumps({**claims, "_sd": [digest(text)]}).encode(), text)) == "DISCLOSURE_ERROR"


@pytest.mark.parametrize(
    ("name", "value"),
    [("sha-384", "sha384"), ("sha-512", "sha512"), ("sha-256", "sha256")],
)
def test_hash_algorithms_that_are_accepted(name: str, value: str) -> None:
    data = token({"_sd": [digest(NAME, value)], "_sd_alg": name}, NAME)
    assert read(data, limits=LIMITS).claims["name"] == "Ada"
    assert "_sd_alg" not in read(data, limits=LIMITS).claims


COMPACT = token(WITH_NAME, NAME)
FLATTENED = json.loads(token(WITH_NAME, NAME, form="flattened"))
GENERAL = json.loads(token(WITH_NAME, NAME, form="general"))
SIGNED = GENERAL["signatures"][0]

NOT_SERIALIZED: dict[str, tuple[bytes, str]] = {
    "no tilde": (COMPACT.partition(b"~")[0], "PARSING_ERROR"),
    "nothing": (b"", "PARSING_ERROR"),
    "a tilde": (b"~", "PARSING_ERROR"),
    "no tilde at the end": (COMPACT[:-1], "PARSING_ERROR"),
    "two tildes at the end": (COMPACT + b"~", "DISCLOSURE_ERROR"),
    "a tilde at the beginning": (b"~" + COMPACT, "PARSING_ERROR"),
    "a line break at the end": (COMPACT + b"\n", "PARSING_ERROR"),
    "a space at the beginning": (b" " + COMPACT, "PARSING_ERROR"),
    "a disclosure beyond ASCII": (COMPACT + "ā~".encode(), "PARSING_ERROR"),
    "a JSON array": (b"[]", "PARSING_ERROR"),
    "an empty object": (b"{}", "PARSING_ERROR"),
    "JSON and the compact form": (json.dumps(FLATTENED).encode() + b"~", "PARSING_ERROR"),
    "the compact form and JSON": (COMPACT + json.dumps(FLATTENED).encode(), "PARSING_ERROR"),
}
NOT_SERIALIZED_IN_JSON: dict[str, tuple[Any, str]] = {
    "another member": ({**FLATTENED, "x": 1}, "PARSING_ERROR"),
    "both JSON forms": ({**FLATTENED, **GENERAL}, "PARSING_ERROR"),
    "a header beside the signatures": ({**GENERAL, "header": {}}, "PARSING_ERROR"),
    "two signatures": ({**GENERAL, "signatures": [SIGNED, SIGNED]}, "PARSING_ERROR"),
    "no signature": ({**GENERAL, "signatures": []}, "PARSING_ERROR"),
    "signatures that are an object": ({**GENERAL, "signatures": SIGNED}, "PARSING_ERROR"),
    "a signature that is a text": ({**GENERAL, "signatures": ["x"]}, "PARSING_ERROR"),
    "a second payload": ({**GENERAL, "signatures": [{**SIGNED, "payload": "e30"}]}, "PARSING_ERROR"),
    "a payload that is an object": ({**FLATTENED, "payload": {}}, "PARSING_ERROR"),
    "protected that is null": ({**FLATTENED, "protected": None}, "PARSING_ERROR"),
    "a dot in a part": ({**FLATTENED, "protected": f"{FLATTENED['protected']}.e30"}, "PARSING_ERROR"),
    "parts that are joined": (
        {"protected": FLATTENED["protected"] + "." + FLATTENED["payload"], "payload": "", "signature": "AA"},
        "PARSING_ERROR",
    ),
    "a header that is a list": ({**FLATTENED, "header": []}, "PARSING_ERROR"),
    "an unprotected alg": ({**FLATTENED, "header": {"alg": "none"}}, "TOKEN_HEADER_ERROR"),
    "an unprotected typ": ({**FLATTENED, "header": {"typ": "dc+sd-jwt"}}, "TOKEN_HEADER_ERROR"),
    "an unprotected crit": ({**FLATTENED, "header": {"crit": []}}, "TOKEN_HEADER_ERROR"),
    "an unprotected jwk": ({**FLATTENED, "header": {"jwk": {}}}, "TOKEN_HEADER_ERROR"),
    "disclosures that are a text": ({**FLATTENED, "header": {"disclosures": NAME}}, "PARSING_ERROR"),
    "a disclosure that is an array": ({**FLATTENED, "header": {"disclosures": [["s", "x", 1]]}}, "PARSING_ERROR"),
    "two disclosures in one": ({**FLATTENED, "header": {"disclosures": [f"{NAME}~{CITY}"]}}, "DISCLOSURE_ERROR"),
    "an empty key binding": (
        {**FLATTENED, "header": {"disclosures": [NAME], "kb_jwt": ""}},
        "PARSING_ERROR",
    ),
    "a key binding that is null": ({**FLATTENED, "header": {"kb_jwt": None}}, "PARSING_ERROR"),
}


@pytest.mark.parametrize("name", NOT_SERIALIZED)
def test_serializations_that_are_refused(name: str) -> None:
    data, code = NOT_SERIALIZED[name]
    assert code_of(data) == code


@pytest.mark.parametrize("name", NOT_SERIALIZED_IN_JSON)
def test_json_serializations_that_are_refused(name: str) -> None:
    tree, code = NOT_SERIALIZED_IN_JSON[name]
    assert code_of(json.dumps(tree).encode()) == code


def test_a_member_of_the_json_serialization_twice() -> None:
    text = json.dumps(FLATTENED)
    assert code_of((text[:-1] + f', "payload": "{FLATTENED["payload"]}"}}').encode()) == "PARSING_ERROR"


def test_an_unprotected_kid_says_nothing() -> None:
    tree = {**FLATTENED, "header": {**FLATTENED["header"], "kid": "did:example:other#key"}}
    assert read(json.dumps(tree).encode(), limits=LIMITS).kid == ISSUER.verification_method


def test_a_header_without_disclosures_may_be_left_out() -> None:
    tree = json.loads(token({}, form="flattened"))
    del tree["header"]
    assert read(json.dumps(tree).encode(), limits=LIMITS).disclosed == ()


def test_a_token_is_bytes() -> None:
    with pytest.raises(TypeError):
        read(COMPACT.decode(), limits=LIMITS)


def resigned(**header: Any) -> bytes:
    """The token under another header, which no signer would write."""
    protected = encode_base64url(json.dumps({"typ": "dc+sd-jwt", "kid": "did:example:a#b", **header}).encode())
    return b".".join((protected.encode(), *COMPACT.split(b".")[1:]))


@pytest.mark.parametrize(
    "header",
    [
        *({"alg": alg} for alg in ("none", "None", "nOnE", "NONE", None, ["ES256"], "HS256", "HS512", "RS1", "x")),
        *({"alg": "EdDSA", name: value} for name, value in (("jwk", {}), ("jku", "x"), ("x5c", []), ("crit", ["x"]))),
        *({"alg": "EdDSA", name: value} for name, value in (("b64", True), ("zip", "DEF"), ("kid", 1))),
    ],
)
def test_headers_that_are_refused(header: dict[str, Any]) -> None:
    """S12: neither the algorithm nor the key is the token's to choose."""
    assert code_of(resigned(**header)) == "TOKEN_HEADER_ERROR"


def test_a_header_without_an_algorithm() -> None:
    assert code_of(resigned()) == "TOKEN_HEADER_ERROR"


class TestBombs:
    """S10: what costs much is refused before the cost is paid."""

    def test_a_million_disclosures(self) -> None:
        text = b"WyJzIiwxXQ"
        jwt = COMPACT.partition(b"~")[0]
        data = jwt + b"~" + (text + b"~") * 900_000
        assert code_of(data) == "TOO_MANY_DISCLOSURES"
        header = b'"header":{"disclosures":[' + b",".join([b'"WyI"'] * 1_000_000) + b"]}"
        assert code_of(b"{" + header + b"," + json.dumps(FLATTENED).encode()[1:]) == "TOO_MANY_DISCLOSURES"
        assert code_of(b"~" * 1_000_000) == "TOO_MANY_DISCLOSURES"

    def test_one_disclosure_too_many(self) -> None:
        texts = [disclosure("s", f"claim{number}", number) for number in range(11)]
        payload = {"_sd": [digest(text) for text in texts]}
        limits = Limits(disclosures=10)
        for form in FORMS:
            assert len(read(token(payload, *texts[:10], form=form), limits=limits).disclosed) == 10
            assert code_of(token(payload, *texts, form=form), limits=limits) == "TOO_MANY_DISCLOSURES"

    def test_a_disclosure_of_ten_megabytes(self) -> None:
        value = "x" * (10 * 1024 * 1024)
        text = disclosure("s", "name", value)
        assert code_of(COMPACT.replace(NAME.encode(), text.encode())) == "INPUT_TOO_LARGE"

    def test_a_large_disclosure_within_the_limits(self) -> None:
        text = disclosure("s", "name", [1, 2] * 500_000)
        assert len(read(token({"_sd": [digest(text)]}, text), limits=LIMITS).claims["name"]) == 1_000_000

    def test_a_long_name_around_a_thousand_disclosures(self) -> None:
        texts = [disclosure("s", f"n{number}", 1) for number in range(999)]
        outer = disclosure("s", "x" * 3_000_000, {"_sd": [digest(text) for text in texts]})
        data = token({"_sd": [digest(outer)]}, outer, *texts)
        assert len(read(data, limits=LIMITS).disclosed) == 1000

    def test_a_million_digests(self) -> None:
        data = token({"_sd": [str(number) for number in range(500_000)]})
        assert read(data, limits=LIMITS).claims.keys() == {"vct", "iss"}

    def test_depth_counts_what_is_disclosed(self) -> None:
        inner = disclosure("s", "x", {"a": {"b": 1}})
        payload = {"o": {"o": {"_sd": [digest(inner)]}}}
        assert read(token(payload, inner), limits=Limits(depth=5)).disclosed == (("o", "o", "x"),)
        assert code_of(token(payload, inner), limits=Limits(depth=4)) == "NESTING_TOO_DEEP"
        empty = disclosure("s", "x", {})
        deeper = {"o": {"o": {"_sd": [digest(empty)]}}}
        assert code_of(token(deeper, empty), limits=Limits(depth=3)) == "NESTING_TOO_DEEP"


def test_the_lower_level_has_limits_of_its_own() -> None:
    texts = (NAME, CITY)
    payload = {"_sd": [digest(text) for text in texts]}
    with pytest.raises(VCError) as caught:
        process(payload, texts, limits=Limits(disclosures=1))
    assert caught.value.code == "TOO_MANY_DISCLOSURES"


def test_the_lower_level_knows_no_kinds() -> None:
    data = token(b'{"_sd":["x"],"a":1}', typ="example+sd-jwt")
    assert processed(read_sd_jwt(data, limits=LIMITS), limits=LIMITS).claims == {"a": 1}
    assert code_of(data) == "TOKEN_TYPE_ERROR"

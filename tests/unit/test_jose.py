"""Compact JSON Web Signatures: one text has one reading, and a header cannot choose what is done with it."""

import base64
import hashlib
import hmac
import importlib.util
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

import vc_core
from did import PrivateKey
from did.multibase import encode_base64url
from vc_core import ALGORITHMS, Limits, LocalSigner, ParsingError, ProofGenerationError, ProofVerificationError, VCError
from vc_core.errors import LimitExceeded
from vc_core.securing import jose
from vc_core.securing.jose import JWS, claims_set, key_place, read_jws, signed_data, write_jws
from vc_core.securing.signed_data import check

KEY = PrivateKey("Ed25519", bytes(range(32)))
SIGNER = LocalSigner.of_did_key(KEY)
KID = SIGNER.verification_method
LIMITS = Limits()
CLAIMS = {"iss": "did:example:issuer", "sub": "did:example:subject"}

JWK = KEY.public_key.jwk
DER = bytes.fromhex("302a300506032b6570032100") + KEY.public_key.raw
PEM = b"-----BEGIN PUBLIC KEY-----\n" + base64.b64encode(DER) + b"\n-----END PUBLIC KEY-----\n"
SSH_BLOB = b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + KEY.public_key.raw


def b64(data: bytes | str) -> bytes:
    return encode_base64url(data.encode() if isinstance(data, str) else data).encode()


def text_of(header: Any, payload: Any = CLAIMS, signature: bytes = bytes(64)) -> bytes:
    """A token of these parts; texts and bytes are taken as they are, other values as JSON."""
    parts = [each if isinstance(each, str | bytes) else json.dumps(each) for each in (header, payload)]
    return b".".join([*map(b64, parts), b64(signature)])


def signed(header: dict[str, Any], payload: bytes = b"{}") -> bytes:
    """A token with whatever header, and a signature that holds."""
    signing_input = b64(json.dumps(header)) + b"." + b64(payload)
    return signing_input + b"." + b64(SIGNER.sign(signing_input))


def read(text: bytes) -> JWS:
    return read_jws(text, limits=LIMITS)


def refusal(work: Callable[[], object]) -> VCError:
    with pytest.raises(VCError) as caught:
        work()
    assert caught.value.detail.isprintable()
    assert len(caught.value.detail) < 500
    assert caught.value.missing is None
    return caught.value


def test_the_parts_are_read() -> None:
    text = signed({"alg": "EdDSA", "kid": KID, "typ": "JWT", "unknown": 1}, b"not even JSON")
    jws = read(text)
    assert jws.header == {"alg": "EdDSA", "kid": KID, "typ": "JWT", "unknown": 1}
    assert (jws.payload, jws.signing_input) == (b"not even JSON", text.rpartition(b".")[0])
    check(signed_data(jws, KID), KEY.public_key)


def test_an_empty_payload_is_a_payload() -> None:
    assert read(signed({"alg": "EdDSA"}, b"")).payload == b""


def test_only_bytes_are_a_token() -> None:
    with pytest.raises(TypeError, match="bytes"):
        read_jws("a.b.c", limits=LIMITS)  # type: ignore[arg-type]


# The algorithm


ALGS = ("none", "None", "nOnE", "NONE", "", "EdDSA\n", None, ["ES256"])


@pytest.mark.parametrize("signature", [b"", bytes(64)], ids=["empty", "valid"])
@pytest.mark.parametrize("alg", [*ALGS, "missing"])
def test_a_token_without_an_algorithm_is_refused(alg: Any, signature: bytes) -> None:
    header = {"kid": KID} if alg == "missing" else {"kid": KID, "alg": alg}
    signing_input = text_of(header).rpartition(b".")[0]
    text = signing_input + b"." + b64(SIGNER.sign(signing_input) if signature else b"")
    assert refusal(lambda: signed_data(read(text), KID)).code == "TOKEN_HEADER_ERROR"
    assert refusal(lambda: read(signing_input)).code == "PARSING_ERROR"  # no third part at all


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param(PEM, id="PEM"),
        pytest.param(b" " + PEM, id="PEM after a space"),
        pytest.param(b"\xef\xbb\xbf" + PEM, id="PEM after a byte order mark"),
        pytest.param(PEM.replace(b"\n", b"\r\n"), id="PEM with CRLF"),
        pytest.param(DER, id="DER"),
        pytest.param(json.dumps(JWK).encode(), id="JWK"),
        pytest.param(KEY.public_key.raw, id="raw"),
        pytest.param(b"ssh-ed25519 " + base64.b64encode(SSH_BLOB), id="SSH"),
    ],
)
@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
def test_a_public_key_is_no_shared_secret(alg: str, secret: bytes) -> None:
    signing_input = b64(json.dumps({"alg": alg, "kid": KID})) + b"." + b64(json.dumps(CLAIMS))
    code = hmac.digest(secret, signing_input, getattr(hashlib, alg.replace("HS", "sha")))
    assert refusal(lambda: signed_data(read(signing_input + b"." + b64(code)), KID)).code == "TOKEN_HEADER_ERROR"


def test_there_is_no_code_for_shared_secrets() -> None:
    """Neither among the algorithms nor anywhere in the packages."""
    assert not [name for name, each in ALGORITHMS.items() if name.startswith("HS") or each.key_type == "oct"]
    package = Path(vc_core.__file__).parent
    sources = [path for name in ("vc_core", "did", "status") for path in (package.parent / name).rglob("*.py")]
    assert len(sources) > 50
    code = re.compile(r"\bHMAC\(|\bhmac\.(?!compare_digest)|from hmac|primitives import .*\bhmac\b")
    assert [path.name for path in sources if code.search(path.read_text())] == []


@pytest.mark.parametrize("name", sorted({*ALGORITHMS, "EdDSA"}))
def test_the_names_of_algorithms(name: str) -> None:
    assert signed_data(read(text_of({"alg": name})), KID).algorithm == ("Ed25519" if name == "EdDSA" else name)


@pytest.mark.parametrize(
    "name", ["eddsa", "es256", "Ed448", "ES256 ", "HS256", "RS1", "ESB256", "dir", "EdDSA\0", "x" * 999]
)
def test_other_names_of_algorithms(name: str) -> None:
    assert refusal(lambda: signed_data(read(text_of({"alg": name})), KID)).code == "TOKEN_HEADER_ERROR"


# The header


@pytest.mark.parametrize("value", [JWK, "https://attacker.example/keys", [], "", None, True])
@pytest.mark.parametrize("name", ["jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256"])
def test_no_key_comes_from_a_header(name: str, value: Any) -> None:
    """Not even beside a signature that holds under the right key; nothing is fetched: no test here has sockets."""
    error = refusal(lambda: read(signed({"alg": "EdDSA", "kid": KID, name: value})))
    assert error.code == "TOKEN_HEADER_ERROR"
    assert name in error.detail


CRITS: tuple[Any, ...] = ([], ["exp"], ["alg"], ["exp", "exp"], ["absent"], "exp", None, {"exp": True})


@pytest.mark.parametrize("crit", CRITS)
def test_crit_is_refused_whatever_it_holds(crit: Any) -> None:
    error = refusal(lambda: read(signed({"alg": "EdDSA", "kid": KID, "exp": 1, "crit": crit})))
    assert error.code == "TOKEN_HEADER_ERROR"


@pytest.mark.parametrize("value", [False, True, None, "false", 0])
@pytest.mark.parametrize("crit", [{}, {"crit": ["b64"]}])
def test_b64_is_refused_whatever_it_holds(value: Any, crit: dict[str, Any]) -> None:
    header = {"alg": "EdDSA", "kid": KID, "b64": value, **crit}
    assert refusal(lambda: read(signed(header))).code == "TOKEN_HEADER_ERROR"
    detached = b64(json.dumps(header)) + b".." + b64(bytes(64))
    assert refusal(lambda: read(detached)).code == "TOKEN_HEADER_ERROR"
    unencoded = b64(json.dumps(header)) + b".$x." + b64(bytes(64))
    assert refusal(lambda: read(unencoded)).code == "TOKEN_HEADER_ERROR"


@pytest.mark.parametrize("header", [{"zip": "DEF"}, {"enc": "A256GCM"}, {"zip": None}])
def test_compression_and_encryption_are_refused(header: dict[str, Any]) -> None:
    assert refusal(lambda: read(signed({"alg": "EdDSA", **header}))).code == "TOKEN_HEADER_ERROR"


@pytest.mark.parametrize("value", [None, 1, True, [], {}, ["JWT"]])
@pytest.mark.parametrize("name", ["typ", "cty", "kid"])
def test_some_parameters_are_texts(name: str, value: Any) -> None:
    assert refusal(lambda: read(text_of({"alg": "EdDSA", name: value}))).code == "TOKEN_HEADER_ERROR"


@pytest.mark.parametrize("header", [[], "alg", 1, None, True, [{"alg": "EdDSA"}]])
def test_a_header_is_an_object(header: Any) -> None:
    assert refusal(lambda: read(text_of(json.dumps(header)))).code == "PARSING_ERROR"


def test_headers_are_shared_and_cannot_be_changed() -> None:
    text = text_of({"alg": "EdDSA", "kid": KID})
    first, second = read(text).header, read(text).header
    assert first is second
    with pytest.raises(TypeError):
        first["alg"] = "none"  # type: ignore[index]


def test_a_header_that_could_be_changed_is_not_shared() -> None:
    text = text_of({"alg": "EdDSA", "vctm": [{"of": "somebody"}]})
    first, second = read(text).header, read(text).header
    assert first == second
    assert first["vctm"] is not second["vctm"]


def test_the_headers_that_are_kept_are_few_and_short() -> None:
    kept = jose._known_header
    kept.cache_clear()
    read(text_of({"alg": "EdDSA", "x": "y" * 4000}))
    assert kept.cache_info().currsize == 0
    read(text_of({"alg": "EdDSA", "x": "y" * 1000}))
    assert kept.cache_info().currsize == 1
    assert kept.cache_info().maxsize == jose._place_of_kid.cache_info().maxsize == 1024


# The text


def spelled_out(part: bytes) -> Iterator[tuple[str, bytes]]:
    """Other texts that a lenient reader takes for the same bytes."""
    rest = len(part) % 4
    assert rest in (2, 3)
    assert b"-" in part or b"_" in part
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = alphabet.index(part[-1:])
    yield "padding", part + b"=" * (4 - rest)
    yield "trailing bits", part[:-1] + alphabet[last + 1 : last + 2]
    yield "white space", part[:4] + b"\n" + part[4:]
    yield "the other alphabet", part.replace(b"-", b"+").replace(b"_", b"/")
    yield "a foreign character", part[:4] + b"!" + part[4:]
    yield "a character that is not ASCII", part[:4] + "é".encode() + part[4:]
    yield "a space at the end", part + b" "
    yield "too much padding", part + b"="


PARTS = (b64(b'{"alg":"EdDSA","x":"~~~???>>>"} '), b64(b'["~~~???>>>"]'), b64(b"\xfb\xff\xfe" * 21 + b"\0"))


@pytest.mark.parametrize("position", [0, 1, 2])
def test_each_part_has_one_encoding(position: int) -> None:
    read(b".".join(PARTS))
    for name, other in spelled_out(PARTS[position]):
        text = b".".join([*PARTS[:position], other, *PARTS[position + 1 :]])
        assert refusal(lambda text=text: read(text)).code == "PARSING_ERROR", name  # type: ignore[misc]


def test_the_readings_of_both_decoders(monkeypatch: pytest.MonkeyPatch) -> None:
    """With and without the optional parser: the same bytes, and the same refusals."""
    for fast in (True, False):
        monkeypatch.setattr(jose, "_FAST", fast)
        for length in range(70):
            data = hashlib.shake_128(bytes([length])).digest(length)
            assert jose.decode_part(b64(data), "part") == data
        for bad in (
            b"A",
            b"AAAAA",
            b"AA==",
            b"AAA=",
            b"AB",
            b"AAB",
            b"=",
            b"====",
            b"AAAA\n",
            b"+AAA",
            b'A"AA',
            b"A\\AA",
        ):
            assert refusal(lambda bad=bad: jose.decode_part(bad, "part")).code == "PARSING_ERROR"  # type: ignore[misc]


def test_works_where_msgspec_cannot_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "msgspec", None)
    spec = importlib.util.spec_from_file_location("jose_without_msgspec", jose.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module._FAST is False
    assert module.decode_part(b"AA", "part") == b"\0"
    with pytest.raises(ParsingError):
        module.decode_part(b"AA==", "part")


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 1_000_000])
def test_a_token_has_two_dots(count: int) -> None:
    assert refusal(lambda: read(b"." * count)).code == "PARSING_ERROR"
    assert refusal(lambda: read(b".".join([b64(b"{}")] * (min(count, 9) + 1)))).code == "PARSING_ERROR"


def test_an_encrypted_token_is_not_supported() -> None:
    header = {"alg": "PBES2-HS512+A256KW", "enc": "A256GCM", "p2c": 10**9, "p2s": "AA", "zip": "DEF"}
    text = b".".join([b64(json.dumps(header)), *[b64(b"x" * 40)] * 4])
    assert "encrypted" in refusal(lambda: read(text)).detail


def test_sizes_are_looked_at_first() -> None:
    small = replace(LIMITS, document_bytes=1000, token_header_bytes=100)
    for text, limits in (
        (b"!" * (LIMITS.token_header_bytes + 1) + b".e30.AA", LIMITS),
        (text_of({"alg": "EdDSA", "kid": "k" * 1_000_000}), LIMITS),
        (b"!" * (LIMITS.document_bytes + 1), LIMITS),
        (text_of({"alg": "EdDSA"}, bytes(1000)), small),
        (text_of({"alg": "EdDSA", "x": "y" * 100}), small),
    ):
        error = refusal(lambda text=text, limits=limits: read_jws(text, limits=limits))  # type: ignore[misc]
        assert isinstance(error, LimitExceeded)
        assert error.code == "INPUT_TOO_LARGE"
    assert read_jws(text_of({"alg": "EdDSA", "x": "y" * 40}), limits=small).header["x"] == "y" * 40


def test_the_depth_of_a_header_is_limited() -> None:
    header = '{"alg":"EdDSA","x":' + "[" * 9 + "]" * 9 + "}"
    assert read_jws(text_of(header), limits=replace(LIMITS, depth=10)).header["alg"] == "EdDSA"
    assert refusal(lambda: read_jws(text_of(header), limits=replace(LIMITS, depth=9))).code == "NESTING_TOO_DEEP"
    shallow = text_of({"alg": "EdDSA"})
    assert read_jws(shallow, limits=replace(LIMITS, depth=1)) == read(shallow)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"payload": "e30", "protected": "e30", "signature": "AA"}).encode(),
        json.dumps({"payload": "e30", "signatures": [{"protected": "e30", "signature": "AA"}] * 2}).encode(),
        b'{"payload":"e30","payload":"e30","protected":"e30","signature":"AA"}',
        b'{"  ' + text_of({"alg": "EdDSA"}) + b'":0,"payload":"e30","protected":"e30","signature":"AA"}',
        b' {"x":"' + text_of({"alg": "EdDSA"}) + b'"}',
    ],
    ids=["flattened", "two signatures", "two payloads", "JSON and compact", "compact in JSON"],
)
def test_json_is_no_compact_serialization(text: bytes) -> None:
    assert refusal(lambda: read(text)).code == "PARSING_ERROR"


@pytest.mark.parametrize(
    "text", [text_of({"alg": "EdDSA"}) + b"\n", b" " + text_of({"alg": "EdDSA"}), b"\xef\xbb\xbfe30.e30.AA"]
)
def test_nothing_stands_around_a_token(text: bytes) -> None:
    assert refusal(lambda: read(text)).code == "PARSING_ERROR"


# JSON in it


def nested(depth: int) -> str:
    inner = '"a":1,"a":2'
    return inner if depth == 0 else f'"o":{"[" * (depth - 1)}{{{inner}}}{"]" * (depth - 1)}'


@pytest.mark.parametrize("depth", [0, 1, 5])
def test_a_member_stands_once(depth: int) -> None:
    assert refusal(lambda: read(text_of('{"alg":"EdDSA",' + nested(depth) + "}"))).code == "PARSING_ERROR"
    payload = ("{" + nested(depth) + "}").encode()
    assert refusal(lambda: claims_set(payload, limits=LIMITS)).code == "PARSING_ERROR"


def test_the_algorithm_stands_once() -> None:
    assert "duplicate" in refusal(lambda: read(text_of('{"alg":"none","alg":"EdDSA"}'))).detail


DOCUMENT = '{"iss":"did:example:é"}'
ENCODINGS = {
    "UTF-16 little": DOCUMENT.encode("utf-16-le"),
    "UTF-16 big": DOCUMENT.encode("utf-16-be"),
    "UTF-16 with a mark": DOCUMENT.encode("utf-16"),
    "UTF-32": DOCUMENT.encode("utf-32-le"),
    "UTF-8 with a mark": DOCUMENT.encode("utf-8-sig"),
    "overlong": b'{"iss":"\xc1\xa1"}',
    "CESU-8": b'{"iss":"\xed\xa0\xbd\xed\xb8\x80"}',
    "Latin-1": DOCUMENT.encode("latin-1"),
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_json_is_utf_8(name: str) -> None:
    assert refusal(lambda: claims_set(ENCODINGS[name], limits=LIMITS)).code == "PARSING_ERROR"
    header = ENCODINGS[name].replace(b"iss", b"alg") if b"iss" in ENCODINGS[name] else ENCODINGS[name]
    assert refusal(lambda: read(text_of(header))).code == "PARSING_ERROR"


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b"1", b"null", b'"{}"', b"{}{}", b"{} x", b"{'a':1}", b'{"exp":NaN}', b'{"exp":1e400}']
)
def test_claims_are_an_object(payload: bytes) -> None:
    with pytest.raises(ParsingError):
        claims_set(payload, limits=LIMITS)


# The key


@pytest.mark.parametrize(
    ("kid", "iss", "controller", "url"),
    [
        (KID, None, KID.partition("#")[0], KID),
        ("did:web:a.example#key-1", "did:web:b.example", "did:web:a.example", "did:web:a.example#key-1"),
        ("https://a.example/issuers/1#k", None, "https://a.example/issuers/1", "https://a.example/issuers/1#k"),
        ("#key-1", "did:web:a.example", "did:web:a.example", "did:web:a.example#key-1"),
        ("key-1", "did:web:a.example", "did:web:a.example", "did:web:a.example#key-1"),
        ("73voMXFNmNlOEpuYCSJlh8eN0dscykoO6gBukgRS1uU", "https://a.example", "https://a.example", None),
    ],
)
def test_where_the_key_is(kid: str, iss: str | None, controller: str, url: str | None) -> None:
    payload: dict[str, Any] = {} if iss is None else {"iss": iss}
    assert key_place({"kid": kid}, payload) == (controller, kid, url or f"{iss}#{kid}")


@pytest.mark.parametrize(
    ("kid", "iss"),
    [
        (None, "did:web:a.example"),
        ("", "did:web:a.example"),
        ("#", "did:web:a.example"),
        ("##a", "did:web:a.example"),
        ("a#b#c", "did:web:a.example"),
        ("a#b", "did:web:a.example"),
        ("did:web:a.example", "did:web:a.example"),
        ("did:web:a.example#", "did:web:a.example"),
        ("did:web:a.example#a b", "did:web:a.example"),
        ("did:web:a.example#a#b", "did:web:a.example"),
        ("did:web:a\n.example#a", "did:web:a.example"),
        ("k y", "did:web:a.example"),
        ("ké", "did:web:a.example"),
        ("k%zz", "did:web:a.example"),
        ("key-1", None),
        ("key-1", 7),
        ("key-1", ""),
        ("key-1", "nobody"),
        ("key-1", "did:web:a.example#x"),
        ("#key-1", ["did:web:a.example"]),
        ("did:web:a.example#" + "k" * 5000, "did:web:a.example"),
    ],
)
def test_where_no_key_is(kid: str | None, iss: Any) -> None:
    header = {} if kid is None else {"kid": kid}
    assert refusal(lambda: key_place(header, {} if iss is None else {"iss": iss})).code == "TOKEN_HEADER_ERROR"


# Writing


def test_what_is_written_is_read() -> None:
    text = write_jws({"kid": KID, "typ": "JWT"}, b"payload", signer=SIGNER)
    jws = read(text)
    assert jws.header == {"alg": "EdDSA", "kid": KID, "typ": "JWT"}
    assert jws.payload == b"payload"
    check(signed_data(jws, KID), KEY.public_key)
    assert text == write_jws({"kid": KID, "typ": "JWT"}, b"payload", signer=SIGNER)


def test_the_algorithm_is_that_of_the_signer() -> None:
    assert read(write_jws({"alg": "none", "kid": KID}, b"", signer=SIGNER)).header["alg"] == "EdDSA"


def test_the_new_name_of_the_algorithm() -> None:
    text = write_jws({"kid": KID}, b"payload", signer=SIGNER, fully_specified=True)
    assert read(text).header["alg"] == "Ed25519"
    check(signed_data(read(text), KID), KEY.public_key)


def test_only_accepted_algorithms_sign() -> None:
    with pytest.raises(ProofGenerationError, match="not accepted"):
        write_jws({}, b"", signer=SIGNER, algorithms=MappingProxyType({}))


def test_a_changed_token_does_not_verify() -> None:
    text = write_jws({"kid": KID}, b"payload", signer=SIGNER)
    header, payload, signature = text.split(b".")
    for other in (
        b".".join([b64('{"alg":"EdDSA"}'), payload, signature]),
        b".".join([header, b64(b"Payload"), signature]),
        b".".join([header, payload, b64(bytes(64))]),
        b".".join([header, payload, b64(b"")]),
    ):
        with pytest.raises(ProofVerificationError):
            check(signed_data(read(other), KID), KEY.public_key)

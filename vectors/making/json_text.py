"""Texts that are not the one JSON that everybody reads alike, and inputs beyond the limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import accepting, secure, small, text
from vectors.making.keys import did_of

_SPEC: Final = "json"
_PARSING: Final = "PARSING_ERROR"
_ISSUER: Final = did_of("issuer", "Ed25519")


def cases() -> Iterator[Case]:
    """The cases about JSON as text."""
    yield from _same_document()
    yield from _other_documents()
    yield from _limits()


def _case(name: str, title: str, document: bytes, *codes: str, **members: Any) -> Case:
    members = {"policy": accepting(), "reference": "RFC 8259 and RFC 7493 (I-JSON)"} | members
    return Case(spec=_SPEC, name=name, title=title, document=document, codes=codes, **members)


def _same_document() -> Iterator[Case]:
    """Other ways to write what was signed (RFC 8785)."""
    claims = small(_ISSUER) | {
        "credentialSubject": {"id": "did:example:learner", "ratio": 1e21, "zero": 0, "😀": 1, "דּ": 2}
    }
    document = secure(claims)
    compact = text(document)
    yield _case("compact", "compact JSON", compact, reference="RFC 8785")
    spread = compact.replace(b",", b" ,\r\n\t").replace(b'":', b'" : ') + b"\n"
    yield _case("white-space", "white space between the tokens", spread, reference="RFC 8785")
    escaped = compact.replace(b"did:example:learner", b"did:ex\\u0061mple:learner").replace(b'"id"', b'"\\u0069d"')
    yield _case("escapes", "letters written as escapes", escaped, reference="RFC 8785")
    yield _case(
        "numbers",
        "numbers in another notation",
        compact.replace(b"1e+21", b"1000000000000000000000.0").replace(b'"zero":0', b'"zero":-0.0'),
        reference="RFC 8785, section 3.2.2.3",
    )
    yield _case(
        "order", "members in another order", text(dict(reversed(document.items()))), reference="RFC 8785, section 3.2.3"
    )
    changed = compact.replace(b'"zero":0', b'"zero":0.5')
    yield _case("number-changed", "a number was changed", changed, "PROOF_VERIFICATION_ERROR", reference="RFC 8785")
    composed = text(secure(small(_ISSUER) | {"name": "Apliecība"})).replace("ī".encode(), "i\u0304".encode())
    yield _case(
        "normalization",
        "letters are not normalised",
        composed,
        "PROOF_VERIFICATION_ERROR",
        reference="RFC 8785, section 3.1",
    )


def _other_documents() -> Iterator[Case]:
    compact = text(secure(small(_ISSUER)))
    name = '"name":"Mikroapliecinājums"'.encode()

    def replaced(value: str | bytes) -> bytes:
        return compact.replace(name, value if isinstance(value, bytes) else value.encode())

    texts: dict[str, tuple[str, bytes]] = {
        "empty": ("no bytes at all", b""),
        "null": ("null", b"null"),
        "list": ("a list with a credential", b"[" + compact + b"]"),
        "number": ("a number", b"1"),
        "string": ("a text", b'"' + b"x" * 20 + b'"'),
        "trailing-comma": ("a comma too many", compact[:-1] + b",}"),
        "trailing-text": ("text after the end", compact + b"x"),
        "two-documents": ("two documents", compact * 2),
        "cut-off": ("the end is missing", compact[:-1]),
        "duplicate-member": ("a member stands twice", compact[:-1] + b',"name":"x"}'),
        "duplicate-member-equal": ("a member stands twice, with the same value", compact[:-1] + b"," + name + b"}"),
        "duplicate-by-escape": ("a member stands twice, once with an escape", compact[:-1] + b',"n\\u0061me":"x"}'),
        "duplicate-proof": ("the proof stands twice", compact[:-1] + b',"proof":{}}'),
        "duplicate-deep": ("a member stands twice, deep inside", replaced('"x":[{"y":{"z":1,"z":1}}]')),
        "integer-large": ("the integer 2^53", replaced('"x":9007199254740992')),
        "integer-negative": ("the integer -2^53", replaced('"x":-9007199254740992')),
        "integer-huge": ("an integer of 5000 digits", replaced('"x":' + "1" * 5000)),
        "number-infinite": ("a number beyond a double", replaced('"x":1e400')),
        "nan": ("NaN", replaced('"x":NaN')),
        "infinity": ("Infinity", replaced('"x":-Infinity')),
        "leading-zero": ("a leading zero", replaced('"x":01')),
        "plus": ("a plus sign", replaced('"x":+1')),
        "hexadecimal": ("a hexadecimal number", replaced('"x":0x1')),
        "single-quotes": ("single quotes", replaced("'x':1")),
        "comment": ("a comment", replaced("/* x */" + name.decode())),
        "control-character": ("a line break in a string", replaced('"x":"a\nb"')),
        "lone-surrogate": ("half of a surrogate pair", replaced('"x":"\\ud800"')),
        "lone-surrogate-name": ("half of a surrogate pair in a name", replaced('"\\udc00":1')),
        "surrogate-bytes": ("a surrogate in UTF-8", replaced(b'"x":"\xed\xa0\x80"')),
        "overlong": ("overlong UTF-8", replaced(b'"x":"\xc0\xaf"')),
        "latin-1": ("ISO 8859-1", replaced(b'"x":"\xe4"')),
        "byte-order-mark": ("a byte order mark", b"\xef\xbb\xbf" + compact),
        "utf-16": ("UTF-16", compact.decode().encode("utf-16")),
        "utf-32": ("UTF-32", compact.decode().encode("utf-32-le")),
        "bytes": ("bytes that are no text", bytes(range(256))),
    }
    for key, (title, data) in texts.items():
        yield _case(key, title, data, _PARSING)


def _limits() -> Iterator[Case]:
    compact = text(secure(small(_ISSUER)))
    reference = "Verifiable Credentials Data Model 2.0, section 8 (Security Considerations)"
    small_policy = accepting(limits={"documentBytes": len(compact) - 1})
    yield _case(
        "limit-bytes",
        "one byte more than the limit",
        compact,
        "INPUT_TOO_LARGE",
        policy=small_policy,
        reference=reference,
    )
    at_limit = accepting(limits={"documentBytes": len(compact)})
    yield _case("limit-bytes-reached", "as many bytes as the limit", compact, policy=at_limit, reference=reference)
    yield _case(
        "limit-depth",
        "nested deeper than the limit",
        b'{"a":' * 65 + b"1" + b"}" * 65,
        "NESTING_TOO_DEEP",
        reference=reference,
    )
    yield _case(
        "limit-depth-lists",
        "a thousand lists in each other",
        b"[" * 1000 + b"]" * 1000,
        "NESTING_TOO_DEEP",
        reference=reference,
    )
    proofs = secure(secure(small(_ISSUER)), name="stranger")
    yield _case(
        "limit-proofs",
        "more proofs than the limit",
        text(proofs),
        "TOO_MANY_PROOFS",
        policy=accepting(limits={"proofs": 1}),
        reference=reference,
    )
    contexts = secure(
        small(_ISSUER) | {"@context": [*small(_ISSUER)["@context"], "https://w3id.org/security/data-integrity/v2"]}
    )
    yield _case(
        "limit-contexts",
        "more contexts than the limit",
        text(contexts),
        "WORK_LIMIT_EXCEEDED",
        policy=accepting(limits={"contexts": 1}),
        reference=reference,
    )

"""The text of a token: its parts, their encoding, their JSON and their sizes. All of it is signed as it stands."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import accepting, small, text
from vectors.making.keys import did_of
from vectors.making.signing import compact, encoded, header, over

_ISSUER: Final = did_of("issuer", "Ed25519")
_PARSING: Final = "PARSING_ERROR"
_ALPHABET: Final = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
_HEADER: Final = text(header("vc+jwt", {"~": "~~~"}))
_PAYLOAD: Final = text(small(_ISSUER) | {"name": "Mikroapliecinājums ~~~"})
"""Both with characters whose base64url has letters of its own, and neither of a length that three divides."""


def cases() -> Iterator[Case]:
    """The cases about the text of a token."""
    yield from _encodings()
    yield from _parts()
    yield from _json()
    yield from _sizes()


def _case(name: str, title: str, document: bytes, *codes: str, **members: Any) -> Case:
    members = {
        "policy": accepting(),
        "reference": "RFC 7515, section 5.2",
        "covers": {"envelope": "vc+jwt"},
    } | members
    return Case(spec="jose", name=name, title=title, document=document, codes=codes, **members)


def _spare_bits(part: bytes) -> bytes:
    """The last character replaced by the next of those that stand for the same bytes."""
    last = _ALPHABET[_ALPHABET.index(chr(part[-1])) | 1]
    return part[:-1] + last.encode()


_OTHERWISE: Final[dict[str, tuple[str, Callable[[bytes], bytes]]]] = {
    "padded": ("padding", lambda part: part + b"=" * (-len(part) % 4)),
    "spare-bits": ("a bit set that belongs to no byte", _spare_bits),
    "line-break": ("a line break in it", lambda part: part[:8] + b"\n" + part[8:]),
    "plain-alphabet": (
        "the letters + and / of plain base64",
        lambda part: part.translate(bytes.maketrans(b"-_", b"+/")),
    ),
    "foreign": ("a character in it that is of no alphabet", lambda part: part[:8] + b"!" + part[8:]),
}


def _encodings() -> Iterator[Case]:
    """Other texts that careless readers decode to the same bytes."""
    parts = encoded(_HEADER), encoded(_PAYLOAD)
    yield _case("encoding", "each part in its one encoding", over(b".".join(parts)))
    for name, (title, change) in _OTHERWISE.items():
        for position, part in enumerate(("header", "payload", "signature")):
            token = over(b".".join(change(each) if position == at else each for at, each in enumerate(parts)))
            if part == "signature":
                first, _, last = token.rpartition(b".")
                token = first + b"." + change(last)
            yield _case(
                f"encoding-{part}-{name}", f"the {part} has {title}", token, _PARSING, reference="RFC 7515, section 2"
            )


def _parts() -> Iterator[Case]:
    token = over(b".".join((encoded(_HEADER), encoded(_PAYLOAD))))
    head, payload, signature = token.split(b".")
    wrong: dict[str, tuple[str, bytes]] = {
        "two": ("two parts", head + b"." + payload),
        "four": ("four parts", token + b"." + signature),
        "five": ("five parts, as of an encrypted token", token + b"." + signature + b"." + signature),
        "only-dots": ("nothing but dots", b".."),
        "many": ("ten thousand dots", token + b"." * 10_000),
        "no-bytes": ("a signature of a length that no bytes have", token + b"AAA"),
        "line-break-behind": ("a line break behind the token", token + b"\n"),
        "space-before": ("a space before the token", b" " + token),
        "json-behind": ("a JSON object behind the token", token + b"{}"),
        "quoted": ("the token as a JSON text", b'"' + token + b'"'),
    }
    for name, (title, document) in wrong.items():
        yield _case(f"parts-{name}", title, document, _PARSING)
    yield _case(
        "parts-detached",
        "the payload is not in the token",
        head + b".." + signature,
        _PARSING,
        reference="RFC 7515, appendix F",
    )
    flattened = text({"payload": payload.decode(), "protected": head.decode(), "signature": signature.decode()})
    yield _case(
        "json-serialization",
        "the JSON serialization, which a JWT does not have",
        flattened,
        "TOKEN_TYPE_ERROR",
        reference="RFC 7519, section 3",
    )
    signed = {"protected": head.decode(), "signature": signature.decode()}
    two = text({"payload": payload.decode(), "signatures": [signed, signed]})
    yield _case(
        "json-serialization-two",
        "the JSON serialization with two signatures",
        two,
        _PARSING,
        reference="RFC 7519, section 3",
    )


def _json() -> Iterator[Case]:
    """Headers and payloads that not every reader reads alike."""
    reference = "RFC 7515, section 4"
    duplicate = b'{"alg":"none",' + _HEADER[1:]
    yield _case(
        "json-header-alg-twice", "the header has alg twice", compact(duplicate, _PAYLOAD), _PARSING, reference=reference
    )
    for name, title, data in (
        ("member-twice", "the payload has the issuer twice", b'{"issuer":"did:example:other",' + _PAYLOAD[1:]),
        ("subject-twice", "the subject has its id twice", _PAYLOAD.replace(b'{"id":', b'{"id":"did:example:x","id":')),
        ("nan", "a number of the payload is NaN", b'{"exp":NaN,' + _PAYLOAD[1:]),
        ("huge-number", "a number of the payload is beyond every double", b'{"exp":1e400,' + _PAYLOAD[1:]),
        ("byte-order-mark", "the payload begins with a byte order mark", b"\xef\xbb\xbf" + _PAYLOAD),
        ("utf-16", "the payload is in UTF-16", _PAYLOAD.decode().encode("utf-16-le")),
        ("utf-32", "the payload is in UTF-32", _PAYLOAD.decode().encode("utf-32-be")),
        ("overlong", "the payload has an overlong character", _PAYLOAD.replace(b"~", b"\xc1\xbe")),
        (
            "surrogates",
            "the payload has two surrogates, in three bytes each",
            _PAYLOAD.replace(b"~", b"\xed\xa0\xbd\xed\xb8\x80"),
        ),
        ("list", "the payload is a list", b"[" + _PAYLOAD + b"]"),
        ("text", "the payload is a text", b'"did:example:learner"'),
        ("empty", "the payload is empty", b""),
    ):
        yield _case(f"json-payload-{name}", title, compact(_HEADER, data), _PARSING, reference="RFC 7519, section 7.2")
    for name, title, data in (
        ("list", "the header is a list", b"[" + _HEADER + b"]"),
        ("utf-16", "the header is in UTF-16", _HEADER.decode().encode("utf-16-le")),
        ("garbled", "the header is no JSON", _HEADER[:-1]),
    ):
        yield _case(f"json-header-{name}", title, compact(data, _PAYLOAD), _PARSING, reference=reference)


def _sizes() -> Iterator[Case]:
    def limited(name: str, title: str, document: bytes, *codes: str, **limits: int) -> Case:
        policy = accepting(limits=limits)
        return _case(f"size-{name}", title, document, *codes, policy=policy, reference="RFC 8259, section 9")

    token = compact(_HEADER, _PAYLOAD)
    head = len(encoded(_HEADER))
    too_large = "INPUT_TOO_LARGE"
    yield limited("token", "as many bytes as the limit allows", token, documentBytes=len(token))
    yield limited("token-larger", "one byte more than the limit allows", token, too_large, documentBytes=len(token) - 1)
    yield limited("header", "a header as long as the limit allows", token, tokenHeaderBytes=head)
    yield limited("header-larger", "a header of one byte more than that", token, too_large, tokenHeaderBytes=head - 1)
    deep = small(_ISSUER) | {"credentialSubject": {"id": "did:example:learner", "knows": [[[[[[["x"]]]]]]]}}
    nested = compact(_HEADER, deep)
    yield limited("depth", "a payload nested deeper than the limit", nested, "NESTING_TOO_DEEP", depth=8)

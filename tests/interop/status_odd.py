"""Status entries and W3C lists that are out of the ordinary, each secured, and what both sides do with them.

Where nothing else is said the list has one bit set, at `SET`, and the credential has another index: it is good. Every
difference is pinned, with its reason.
"""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sides import CREATED, ED25519
from status_sides import LENGTH, LIST, credential, entry

SET: Final = 5
INDEX: Final = 6
BITS: Final = bytes([1 << 7 - SET]) + bytes(LENGTH // 8 - 1)

Change = Callable[[Any], Any]


def same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Odd:
    """A credential and its list, and what the sides do: the code of our refusal, a part of the message of theirs.

    Empty is acceptance. `claims` are members of the list credential and `subject` of its subject that replace those of
    a good one; None leaves one out. `served` changes the secured list. `because` says why the sides differ, if they do.
    """

    name: str
    entry: Change = same
    claims: Mapping[str, Any] = field(default_factory=dict)
    subject: Mapping[str, Any] = field(default_factory=dict)
    served: Callable[[str], str] = same
    ours: str = ""
    theirs: str = ""
    because: str = ""
    kind: str = "bitstring"

    def credential(self) -> dict[str, Any]:
        return credential(self.entry(entry(self.kind, INDEX)), ED25519.did, kind=self.kind, model=self._model)

    def list_credential(self) -> dict[str, Any]:
        name = "BitstringStatusList" if self.kind == "bitstring" else "StatusList2021"
        like = credential({}, ED25519.did, kind=self.kind, model=self._model)
        subject = {"id": f"{LIST}#list", "type": name, "statusPurpose": "revocation"}
        subject |= {"encodedList": ("u" if self.kind == "bitstring" else "") + text_of(gzipped(BITS))}
        own = {"id": LIST, "type": ["VerifiableCredential", f"{name}Credential"]}
        claims = {name: value for name, value in like.items() if name != "credentialStatus"}
        return replaced(claims | own, {"credentialSubject": replaced(subject, self.subject), **self.claims})

    @property
    def _model(self) -> str:
        return "2.0" if self.kind == "bitstring" else "1.1"


def replaced(members: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """The members with others instead and besides, and without those that are None."""
    return {name: value for name, value in {**members, **others}.items() if value is not None}


def gzipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def text_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _with(**members: Any) -> Change:
    """The entry with other members."""
    return lambda one: replaced(one, members)


def _besides(**members: Any) -> Change:
    """The entry, and a second one."""
    return lambda one: [one, replaced(one, members)]


def _index(value: object) -> Change:
    return _with(statusListIndex=value)


def _encoded(data: bytes) -> dict[str, str]:
    return {"encodedList": "u" + text_of(data)}


def _encoded_2021(data: bytes) -> dict[str, str]:
    return {"encodedList": text_of(data)}


def _messages(size: int) -> list[dict[str, str]]:
    return [{"status": hex(value), "message": f"message {value}"} for value in range(1 << size)]


def _own_purpose(purpose: str) -> dict[str, Any]:
    """A bit that is set, in a list of another purpose."""
    return {"entry": _with(statusPurpose=purpose, statusListIndex=str(SET)), "subject": {"statusPurpose": purpose}}


def _unsecured(text: str) -> str:
    return json.dumps({name: value for name, value in json.loads(text).items() if name != "proof"})


GZIPPED: Final = gzipped(BITS)
MIXED: Final = gzip.compress(BITS[: LENGTH // 16] + bytes(range(256)) + BITS[: LENGTH // 16], mtime=0)
"""A list whose text has characters of both alphabets of base64, and padding."""
OF_TWO_BITS: Final = bytes([0, 0b1000]) + bytes(LENGTH // 4 - 2)
"""A list of values of two bits, of which the one at `INDEX` is 2."""

_SET: Final = "a bit is set"
_VERIFICATION: Final = "STATUS_VERIFICATION_ERROR"
_MALFORMED: Final = "MALFORMED_VALUE_ERROR"
_LENGTH: Final = "STATUS_LIST_LENGTH_ERROR"
_RETRIEVAL: Final = "STATUS_RETRIEVAL_ERROR"
_NO_INTEGER: Final = '"statusListIndex" must be an integer'
_PURPOSE: Final = "does not match the status purpose"
_HEADER: Final = "incorrect header check"
_NO_U: Final = 'must start with the character "u"'

_DIGITS: Final = "an index is a text of decimal digits (section 2.1); what readers take in different ways is refused"
_TEXT: Final = "an index is a text (section 2.1); a number is refused"
_PURPOSES: Final = "a list may have several purposes (section 2.2); the other side expects one"
_TYPES: Final = "a type may stand in an array (VCDM 2.0, section 4.5); the other side expects a text"
_UNKNOWN: Final = "we refuse entries of a type that we do not know; the other side looks at those of its own type"
_INFORMS: Final = (
    "its value is information (section 2.1); the other side reports the bit and leaves the rest to its caller"
)
_NAMED: Final = "a list has the URL that it is served at as its id, so that one list cannot stand in for another"
_BITS: Final = "the other side reads values of one bit"
_TTL: Final = "a ttl that is no time is refused; the other side does not use it"
_SHORTEST: Final = "a list has 131,072 values at least (section 3.2), or its index tells whose it is"
_ONE_TEXT: Final = "the encoding is base64url without padding (section 2.2), and nothing else is read"
_ONE_STREAM: Final = "an encoded list is one gzip stream and nothing else (section 3.3), so that all read the same bits"

W3C: Final = (
    Odd("as it should be"),
    Odd("bit that is set", _index(str(SET)), ours="REVOKED", theirs=_SET),
    # entries
    Odd("index as a number", _index(INDEX), ours=_VERIFICATION, because=_TEXT),
    Odd("index as a double", _index(6.5), ours=_VERIFICATION, because=_TEXT),
    Odd("index in an array", _index(["6"]), ours=_VERIFICATION, because=_TEXT),
    Odd("index with a sign", _index("+6"), ours=_VERIFICATION, because=_DIGITS),
    Odd("index with a space before", _index(" 6"), ours=_VERIFICATION, because=_DIGITS),
    Odd("index with a space behind", _index("6 "), ours=_VERIFICATION, because=_DIGITS),
    Odd("index with a leading zero", _index("06"), ours=_VERIFICATION, because=_DIGITS),
    Odd("index with a fraction", _index("6.0"), ours=_VERIFICATION, because=_DIGITS),
    Odd("index with an exponent", _index("6e0"), ours=_VERIFICATION, because=_DIGITS),
    Odd("index with letters behind", _index("6abc"), ours=_VERIFICATION, because=_DIGITS),
    Odd("index in hexadecimal", _index("0x6"), ours=_VERIFICATION, because=_DIGITS),
    Odd("negative index", _index("-1"), ours=_VERIFICATION, theirs="must be a non-negative integer"),
    Odd("empty index", _index(""), ours=_VERIFICATION, theirs=_NO_INTEGER),
    Odd("no index", _index(None), ours=_VERIFICATION, theirs=_NO_INTEGER),
    Odd("index in other digits", _index("٦"), ours=_VERIFICATION, theirs=_NO_INTEGER),
    Odd("index beyond the list", _index(str(LENGTH)), ours="RANGE_ERROR", theirs="out of range"),
    Odd("index of 11 digits", _index("99999999999"), ours=_VERIFICATION, theirs="out of range"),
    Odd("last index", _index(str(LENGTH - 1))),
    Odd("entry without id", _with(id=None)),
    Odd("entry with the id of its list", _with(id=LIST), ours=_VERIFICATION, theirs="must not be"),
    Odd("no purpose", _with(statusPurpose=None), ours=_VERIFICATION, theirs="must be a string"),
    Odd("purpose in an array", _with(statusPurpose=["revocation"]), ours=_VERIFICATION, theirs="must be a string"),
    Odd("other purpose than the list", _with(statusPurpose="suspension"), ours=_VERIFICATION, theirs=_PURPOSE),
    Odd("no list", _with(statusListCredential=None), ours=_VERIFICATION, theirs="must be a string"),
    Odd("list at a URL of its own", _with(statusListCredential=f"{LIST}/2"), ours=_RETRIEVAL, theirs="Could not load"),
    Odd("second entry whose bit is set", _besides(statusListIndex=str(SET)), ours="REVOKED", theirs=_SET),
    Odd("second entry of an unknown type", _besides(type="SomeStatus"), ours=_VERIFICATION, because=_UNKNOWN),
    Odd("entry of an unknown type", _with(type="SomeStatus"), ours=_VERIFICATION, theirs="must be"),
    Odd("entry of the older format", _with(type="StatusList2021Entry"), ours=_VERIFICATION, theirs="must include"),
    Odd("statusReference", _with(statusReference="https://issuer.example/codes")),
    Odd("statusSize that is 0", _with(statusSize=0), ours=_VERIFICATION, because=_BITS),
    Odd("statusSize without messages", _with(statusSize=2), ours=_VERIFICATION, because=_BITS),
    Odd(
        "value of two bits in a list that is too short for them",
        _with(statusSize=2, statusMessage=_messages(2)),
        ours=_LENGTH,
        because=_BITS,
    ),
    Odd(
        "value of two bits",
        _with(statusSize=2, statusMessage=_messages(2)),
        subject=_encoded(gzipped(OF_TWO_BITS)),
        ours="REVOKED",
        because=_BITS,
    ),
    Odd(
        "message of two bits",
        _with(statusSize=2, statusMessage=_messages(2), statusPurpose="message"),
        subject={"statusPurpose": "message", **_encoded(gzipped(OF_TWO_BITS))},
    ),
    # purposes
    Odd("suspension", **_own_purpose("suspension"), ours="SUSPENDED", theirs=_SET),
    Odd("refresh", **_own_purpose("refresh"), theirs=_SET, because=_INFORMS),
    Odd("purpose of somebody", **_own_purpose("withdrawal"), ours=_VERIFICATION, theirs=_SET),
    Odd(
        "list of two purposes",
        subject={"statusPurpose": ["revocation", "suspension"]},
        theirs=_PURPOSE,
        because=_PURPOSES,
    ),
    Odd("list without a purpose", subject={"statusPurpose": None}, ours=_VERIFICATION, theirs=_PURPOSE),
    # list credentials
    Odd("list that is not secured", served=_unsecured, ours=_VERIFICATION, theirs="not verified"),
    Odd("list with another id", claims={"id": f"{LIST}/2"}, ours=_VERIFICATION, because=_NAMED),
    Odd("list without id", claims={"id": None}, ours=_VERIFICATION, because=_NAMED),
    Odd("list without beginning", claims={"validFrom": None}),
    Odd("list of a later time", claims={"validFrom": "2999-01-01T00:00:00Z"}, ours=_RETRIEVAL, theirs="not verified"),
    Odd("list of an earlier time", claims={"validUntil": CREATED}, ours=_RETRIEVAL, theirs="not verified"),
    Odd(
        "list with a status of its own",
        claims={"credentialStatus": entry("bitstring", 9)},
        ours=_VERIFICATION,
        theirs="not verified",
    ),
    Odd("list that says no type", claims={"type": ["VerifiableCredential"]}, ours=_VERIFICATION, theirs="must include"),
    Odd("list with an issuer object", claims={"issuer": {"id": ED25519.did}}),
    Odd("subject without type", subject={"type": None}, ours=_VERIFICATION, theirs="Status list type must be"),
    Odd(
        "subject whose type is in an array",
        subject={"type": ["BitstringStatusList"]},
        theirs="Status list type must be",
        because=_TYPES,
    ),
    Odd("subject without id", subject={"id": None}),
    Odd("ttl", subject={"ttl": 300_000}),
    Odd("ttl that is negative", subject={"ttl": -1}, ours=_VERIFICATION, because=_TTL),
    Odd("ttl that is a text", subject={"ttl": "300000"}, ours=_VERIFICATION, because=_TTL),
    # encoded lists
    Odd("no encodedList", subject={"encodedList": None}, ours=_VERIFICATION, theirs="Cannot read properties"),
    Odd("empty encodedList", subject={"encodedList": ""}, ours=_MALFORMED, theirs=_NO_U),
    Odd("no multibase header", subject=_encoded_2021(GZIPPED), ours=_MALFORMED, theirs=_NO_U),
    Odd("another multibase", subject={"encodedList": "f" + GZIPPED.hex()}, ours=_MALFORMED, theirs=_NO_U),
    Odd(
        "padding",
        subject={"encodedList": "u" + base64.urlsafe_b64encode(MIXED).decode()},
        ours=_MALFORMED,
        because=_ONE_TEXT,
    ),
    Odd(
        "plain base64",
        subject={"encodedList": "u" + base64.b64encode(MIXED).decode().rstrip("=")},
        ours=_MALFORMED,
        because=_ONE_TEXT,
    ),
    Odd(
        "line break",
        subject={"encodedList": f"u{text_of(GZIPPED)[:20]}\n{text_of(GZIPPED)[20:]}"},
        ours=_MALFORMED,
        because=_ONE_TEXT,
    ),
    Odd("short list", subject=_encoded(gzipped(BITS[:1024])), ours=_LENGTH, because=_SHORTEST),
    Odd("long list", subject=_encoded(gzipped(BITS + bytes(LENGTH)))),
    Odd("name of a file", subject=_encoded(b"\x1f\x8b\x08\x08" + bytes(6) + b"name\0" + GZIPPED[10:])),
    Odd("two streams", subject=_encoded(GZIPPED + GZIPPED), ours=_MALFORMED, because=_ONE_STREAM),
    Odd("zlib stream", subject=_encoded(zlib.compress(BITS)), ours=_MALFORMED, because=_ONE_STREAM),
    Odd("bytes behind the stream", subject=_encoded(GZIPPED + b"xx"), ours=_MALFORMED, theirs=_HEADER),
    Odd("deflated data", subject=_encoded(zlib.compress(BITS)[2:-4]), ours=_MALFORMED, theirs=_HEADER),
    Odd("no compression", subject=_encoded(BITS), ours=_MALFORMED, theirs=_HEADER),
    Odd("stream that ends early", subject=_encoded(GZIPPED[:-9]), ours=_MALFORMED, theirs="buffer error"),
    Odd("wrong checksum", subject=_encoded(GZIPPED[:-8] + bytes(8)), ours=_MALFORMED, theirs="incorrect data check"),
    # Status List 2021
    Odd("2021", kind="statuslist2021"),
    Odd("2021 bit that is set", _index(str(SET)), ours="REVOKED", theirs=_SET, kind="statuslist2021"),
    Odd("2021 index as a number", _index(INDEX), ours=_VERIFICATION, because=_TEXT, kind="statuslist2021"),
    Odd("2021 index with a leading zero", _index("06"), ours=_VERIFICATION, because=_DIGITS, kind="statuslist2021"),
    Odd("2021 entry without id", _with(id=None), ours=_MALFORMED, theirs="must be a string", kind="statuslist2021"),
    Odd(
        "2021 list without beginning",
        claims={"issuanceDate": None},
        ours=_VERIFICATION,
        theirs='"issuanceDate" property is require',
        kind="statuslist2021",
    ),
    Odd(
        "2021 list with another id",
        claims={"id": f"{LIST}/2"},
        ours=_VERIFICATION,
        because=_NAMED,
        kind="statuslist2021",
    ),
    Odd(
        "2021 short list",
        subject=_encoded_2021(gzipped(BITS[:1024])),
        ours=_LENGTH,
        because=_SHORTEST,
        kind="statuslist2021",
    ),
    Odd("2021 multibase header", subject=_encoded(GZIPPED), ours=_MALFORMED, theirs=_HEADER, kind="statuslist2021"),
    Odd("2021 padding", subject={"encodedList": base64.urlsafe_b64encode(MIXED).decode()}, kind="statuslist2021"),
    Odd("2021 plain base64", subject={"encodedList": base64.b64encode(MIXED).decode()}, kind="statuslist2021"),
    Odd(
        "2021 two streams",
        subject=_encoded_2021(GZIPPED + GZIPPED),
        ours=_MALFORMED,
        because=_ONE_STREAM,
        kind="statuslist2021",
    ),
    Odd(
        "2021 zlib stream",
        subject=_encoded_2021(zlib.compress(BITS)),
        ours=_MALFORMED,
        because=_ONE_STREAM,
        kind="statuslist2021",
    ),
)

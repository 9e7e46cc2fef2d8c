"""Status List Tokens in CBOR that are out of the ordinary, under signatures that hold, and what both sides do.

The other side is `@owf/token-status-list`. Its caller looks at the subject and the type, and at no time.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import cbor2
from jwt_cases import signature_of
from peer import Peer, PeerError
from status_odd import replaced, same
from status_sides import LIST, MADE, MOMENT, opened, values_of
from token_keys import key_of

from status import StatusError

BITS: Final = bytes([0b10]) + bytes(255)
STREAM: Final = zlib.compress(BITS, 9)
ISSUED: Final = int(MADE.timestamp())

ALG, CRIT, KID, TYP = 1, 2, 4, 16
ISS, SUB, EXP, IAT, TTL, STATUS_LIST = 1, 2, 4, 6, 65534, 65533
_KEY: Final = key_of("ES256")
_KID: Final = _KEY.kid.encode()


@dataclass(frozen=True, slots=True)
class OddCWT:
    """A token, and what the sides do: the code of our refusal, a part of the message of theirs; empty is acceptance.

    The mappings are members that replace those of a good one, by their labels; None leaves one out. `message` changes
    the message after it was made.
    """

    name: str
    claims: Mapping[int | str, Any] = field(default_factory=dict)
    status_list: Mapping[str, Any] = field(default_factory=dict)
    protected: Mapping[int, Any] = field(default_factory=dict)
    unprotected: Mapping[int, Any] = field(default_factory=dict)
    message: Callable[[bytes], bytes] = same
    ours: str = ""
    theirs: str = ""
    because: str = ""

    def token(self) -> bytes:
        header = replaced({ALG: -7, KID: _KID, TYP: "application/statuslist+cwt"}, self.protected)
        listed = {"bits": 1, "lst": STREAM, "aggregation_uri": "https://issuer.example/status"}
        claims = {SUB: LIST, EXP: ISSUED + 10**8, IAT: ISSUED, TTL: 43_200}
        claims |= {STATUS_LIST: replaced(listed, self.status_list)}
        encoded, payload = cbor2.dumps(header), cbor2.dumps(replaced(claims, self.claims))
        signature = signature_of(cbor2.dumps(["Signature1", encoded, b"", payload]), _KEY)
        made = cbor2.CBORTag(18, [encoded, dict(self.unprotected), payload, signature])
        return self.message(cbor2.dumps(made))

    def ours_say(self) -> str:
        try:
            return "" if values_of(opened(self.token()), [0, 1, 2]) == [0, 1, 0] else "other values"
        except StatusError as refusal:
            return refusal.code

    def theirs_say(self, peer: Peer) -> str:
        asked = {"token": self.token().hex(), "key": _KEY.to_verify, "url": LIST, "indexes": [0, 1, 2]}
        try:
            return "" if peer.ask("cwt-read", **asked)["values"] == [0, 1, 0] else "other values"
        except PeerError as refusal:
            return str(refusal)


_VERIFICATION: Final = "STATUS_VERIFICATION_ERROR"
_MALFORMED: Final = "MALFORMED_VALUE_ERROR"
_EXPECTED: Final = "to be defined"
_NUMBER: Final = "Expected number"
_VALUE: Final = "Expected value"

_OPTIONAL: Final = (
    "the claim may be left out (sections 4.3 and 5.2); the other side expects it, or that it is undefined"
)
_UNDEFINED: Final = "a claim is of its type, or it is left out; what is undefined is no number"
_UNTAGGED: Final = "the tag may be left out where the kind of message is known (RFC 9052, section 2)"
_PROTECTED: Final = "what says which key and algorithm are meant is signed; the other side is handed the key"
_TYPED: Final = "the type is explicit (section 5.2); the other side takes it for granted"
_ISSUER: Final = "an issuer that is named is whose key it is; the other side is handed the key"
_CRITICAL: Final = "an extension that is critical is understood or refused (RFC 9052, section 3.1)"
_TIME: Final = "the time is looked at with the list; the other side leaves it to its caller"
_TTL: Final = "a ttl is a positive number (section 5.2)"
_SIZES: Final = "bits is an integer (section 4.3); another notation of it is refused"
_ONE_STREAM: Final = "lst is one zlib stream and nothing else (section 4.1), so that all read the same bits"

CWTS: Final = (
    OddCWT("as it should be"),
    OddCWT("iss", {ISS: _KEY.did}),
    OddCWT("iss of somebody else", {ISS: "https://other.example"}, ours=_VERIFICATION, because=_ISSUER),
    OddCWT("claim besides", {-70_000: "x"}),
    OddCWT("claim besides that has a name", {"x": "y"}),
    OddCWT("iat with a fraction", {IAT: ISSUED + 0.5}),
    OddCWT("iat with a tag", {IAT: cbor2.CBORTag(1, ISSUED)}, ours=_VERIFICATION, theirs=_NUMBER),
    OddCWT("iat as a text", {IAT: str(ISSUED)}, ours=_VERIFICATION, theirs=_NUMBER),
    OddCWT("no iat", {IAT: None}, ours=_VERIFICATION, theirs=_EXPECTED),
    OddCWT("no sub", {SUB: None}, ours=_VERIFICATION, theirs=_EXPECTED),
    OddCWT("no exp", {EXP: None}, theirs=_EXPECTED, because=_OPTIONAL),
    OddCWT("exp that is undefined", {EXP: cbor2.undefined}, ours=_VERIFICATION, because=_UNDEFINED),
    OddCWT("expired", {EXP: int(MOMENT.timestamp())}, ours="STATUS_RETRIEVAL_ERROR", because=_TIME),
    OddCWT("no ttl", {TTL: None}, theirs=_EXPECTED, because=_OPTIONAL),
    OddCWT("ttl that is undefined", {TTL: cbor2.undefined}, ours=_VERIFICATION, because=_UNDEFINED),
    OddCWT("ttl of 0", {TTL: 0}, ours=_VERIFICATION, because=_TTL),
    OddCWT("ttl as a text", {TTL: "43200"}, ours=_VERIFICATION, theirs=_NUMBER),
    OddCWT("no status_list", {STATUS_LIST: None}, ours=_VERIFICATION, theirs="Error"),
    OddCWT("status_list in a byte string", {STATUS_LIST: cbor2.dumps({})}, ours=_VERIFICATION, theirs="Expected map"),
    OddCWT("no aggregation_uri", status_list={"aggregation_uri": None}, theirs=_EXPECTED, because=_OPTIONAL),
    OddCWT("aggregation_uri that is undefined", status_list={"aggregation_uri": cbor2.undefined}),
    OddCWT("three bits a value", status_list={"bits": 3}, ours=_VERIFICATION, theirs=_VALUE),
    OddCWT("bits as a text", status_list={"bits": "1"}, ours=_VERIFICATION, theirs=_VALUE),
    OddCWT("bits as a double", status_list={"bits": 1.0}, ours=_VERIFICATION, because=_SIZES),
    OddCWT("lst as a text", status_list={"lst": "eNo"}, ours=_VERIFICATION, theirs="received string"),
    OddCWT("gzip stream", status_list={"lst": gzip.compress(BITS)}, ours=_MALFORMED, because=_ONE_STREAM),
    OddCWT("bytes behind the stream", status_list={"lst": STREAM + b"x"}, ours=_MALFORMED, because=_ONE_STREAM),
    OddCWT("two streams", status_list={"lst": STREAM + STREAM}, ours=_MALFORMED, because=_ONE_STREAM),
    OddCWT("no typ", protected={TYP: None}, ours=_VERIFICATION, because=_TYPED),
    OddCWT("no kid", protected={KID: None}, ours=_VERIFICATION, because=_PROTECTED),
    OddCWT("unsigned kid", protected={KID: None}, unprotected={KID: _KID}, ours=_VERIFICATION, because=_PROTECTED),
    OddCWT("unsigned alg", protected={ALG: None}, unprotected={ALG: -7}, ours=_VERIFICATION, because=_PROTECTED),
    OddCWT("critical extension", protected={CRIT: [99], 99: 1}, ours=_VERIFICATION, because=_CRITICAL),
    OddCWT("no tag", message=lambda token: token[1:], theirs="payload", because=_UNTAGGED),
    OddCWT("byte behind the message", message=lambda token: token + b"\0", ours=_VERIFICATION, theirs="end of buffer"),
)

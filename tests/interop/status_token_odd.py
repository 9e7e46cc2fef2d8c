"""Status List Tokens out of the ordinary, and references to them, under signatures that hold, and what both sides do.

The other side is `@sd-jwt/sd-jwt-vc`, which verifies a credential with its status. Where nothing else is said the list
has one bit set, at `SET`, and the credential has another index: it is good.
"""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from jwt_cases import signed
from peer import Peer, PeerError
from sd_jwt_cases import VCT
from status_odd import INDEX, SET, replaced, text_of
from status_sides import LIST, MADE, MOMENT, reference
from token_keys import key_of

BITS: Final = bytes([1 << SET]) + bytes(255)
LENGTH: Final = len(BITS) * 8
STREAM: Final = zlib.compress(BITS, 9)
MIXED: Final = zlib.compress(bytes(1) + bytes(range(256)) * 2 + bytes(20), 9)
"""A list whose text has characters of both alphabets of base64, and padding."""
ISSUED: Final = int(MADE.timestamp())
NOW: Final = int(MOMENT.timestamp())

_KEY: Final = key_of("ES256")


@dataclass(frozen=True, slots=True)
class OddToken:
    """A reference, a token, and what the sides do: the code of our refusal, a part of the message of theirs.

    Empty is acceptance. The mappings are members that replace those of a good one: of the reference, the token's header
    and claims, and its claim `status_list`; None leaves one out. `status` replaces the whole claim of the credential.
    """

    name: str
    reference: Mapping[str, Any] = field(default_factory=dict)
    header: Mapping[str, Any] = field(default_factory=dict)
    claims: Mapping[str, Any] = field(default_factory=dict)
    status_list: Mapping[str, Any] = field(default_factory=dict)
    status: Any = None
    ours: str = ""
    theirs: str = ""
    because: str = ""

    def credential(self) -> bytes:
        """An SD-JWT VC."""
        status = {"status_list": replaced(reference(INDEX)["status_list"], self.reference)}
        claims = {"vct": VCT, "iss": _KEY.did, "iat": ISSUED}
        claims["status"] = status if self.status is None else self.status
        return _signed({"typ": "dc+sd-jwt"}, claims) + b"~"

    def token(self) -> bytes:
        listed = replaced({"bits": 1, "lst": text_of(STREAM)}, self.status_list)
        claims = replaced({"sub": LIST, "iat": ISSUED, "status_list": listed}, self.claims)
        return _signed({"typ": "statuslist+jwt", **self.header}, claims)

    def theirs_say(self, peer: Peer, credential: bytes, token: bytes) -> str:
        asked = {"token": credential.decode(), "key": _KEY.to_verify, "lists": {LIST: token.decode()}, "now": NOW}
        try:
            peer.ask("sd-jwt-check", **asked)
        except PeerError as refusal:
            return str(refusal)
        return ""


def _signed(header: Mapping[str, Any], claims: Mapping[str, Any]) -> bytes:
    header = replaced({"alg": _KEY.alg, "kid": _KEY.kid}, header)
    return signed(json.dumps(header).encode(), json.dumps(claims).encode(), _KEY)


def _idx(value: object) -> dict[str, object]:
    return {"idx": value}


def _bits(value: object) -> dict[str, object]:
    return {"bits": value}


def _lst(data: bytes | str) -> dict[str, str]:
    return {"lst": data if isinstance(data, str) else text_of(data)}


_VERIFICATION: Final = "STATUS_VERIFICATION_ERROR"
_MALFORMED: Final = "MALFORMED_VALUE_ERROR"
_RETRIEVAL: Final = "STATUS_RETRIEVAL_ERROR"
_INVALID: Final = "Status is not valid"
_BOUNDS: Final = "Index out of bounds"
_FAILED: Final = "Decompression failed"
_NOT_YET: Final = "not yet valid"

_IDX: Final = "idx is an integer (section 6.2); a number in another notation, or a text, is refused"
_URI: Final = "uri is a text (section 6.2)"
_MECHANISM: Final = "a mechanism of status that we do not know is refused, and not passed over"
_SIZES: Final = "bits is an integer (section 4.2); another notation of it is refused"
_ONE_TEXT: Final = "lst is base64url without padding (section 4.2), and nothing else is read"
_ONE_STREAM: Final = "lst is one zlib stream and nothing else (section 4.1), so that all read the same bits"
_REQUIRED: Final = (
    "sub is where the token is published, and iat is required (section 5.1); left to the caller elsewhere"
)
_DATES: Final = "claims that are dates are numbers (section 5.1); the other side leaves others to its caller"
_TTL: Final = "a ttl is a positive number (section 5.1); the other side does not use it"
_TYPED: Final = "the type is explicit (section 5.1); the other side leaves it to its caller"
_NO_KEY: Final = "the key comes from the document of the issuer, by its kid; the other side is handed the key"
_ISSUER: Final = "an issuer that is named is whose key it is; the other side is handed the key"
_CRITICAL: Final = "an extension that is critical is understood or refused (RFC 7515, section 4.1.11)"

TOKENS: Final = (
    OddToken("as it should be"),
    OddToken("bit that is set", _idx(SET), ours="REVOKED", theirs=_INVALID),
    # references
    OddToken("idx as a text", _idx(str(INDEX)), ours=_VERIFICATION, because=_IDX),
    OddToken("idx as a double", _idx(6.0), ours=_VERIFICATION, because=_IDX),
    OddToken("idx between two places", _idx(6.5), ours=_VERIFICATION, theirs=_INVALID),
    OddToken("idx that is true", _idx(True), ours=_VERIFICATION, theirs=_INVALID),
    OddToken("negative idx", _idx(-1), ours=_VERIFICATION, theirs=_BOUNDS),
    OddToken("no idx", _idx(None), ours=_VERIFICATION, theirs=_INVALID),
    OddToken("idx beyond the list", _idx(LENGTH), ours="RANGE_ERROR", theirs=_BOUNDS),
    OddToken("last idx", _idx(LENGTH - 1)),
    OddToken("no uri", {"uri": None}, ours=_VERIFICATION, theirs="was not handed over"),
    OddToken("uri in an array", {"uri": [LIST]}, ours=_VERIFICATION, because=_URI),
    OddToken("member besides", {"note": "x"}),
    OddToken("another mechanism", status={"other": {}}, ours=_VERIFICATION, because=_MECHANISM),
    OddToken(
        "another mechanism besides", status={**reference(INDEX), "other": {}}, ours=_VERIFICATION, because=_MECHANISM
    ),
    OddToken("no reference", status={"status_list": None}, ours=_VERIFICATION, because=_MECHANISM),
    # the type of values
    OddToken("two bits a value", _idx(2), status_list=_bits(2), ours="SUSPENDED", theirs=_INVALID),
    OddToken("three bits a value", status_list=_bits(3), ours=_VERIFICATION, theirs=_FAILED),
    OddToken("sixteen bits a value", status_list=_bits(16), ours=_VERIFICATION, theirs=_FAILED),
    OddToken("bits as a text", status_list=_bits("1"), ours=_VERIFICATION, theirs=_FAILED),
    OddToken("bits as a double", status_list=_bits(1.0), ours=_VERIFICATION, because=_SIZES),
    OddToken("bits that are true", status_list=_bits(True), ours=_VERIFICATION, theirs=_FAILED),
    OddToken("no bits", status_list=_bits(None), ours=_VERIFICATION, theirs=_FAILED),
    # lists
    OddToken("no lst", status_list={"lst": None}, ours=_VERIFICATION, theirs="Cannot read properties"),
    OddToken("empty lst", status_list=_lst(""), ours=_MALFORMED, theirs=_FAILED),
    OddToken("list of nothing", status_list=_lst(zlib.compress(b"")), ours="STATUS_LIST_LENGTH_ERROR", theirs=_BOUNDS),
    OddToken("base64url", status_list=_lst(MIXED)),
    OddToken("padding", status_list=_lst(base64.urlsafe_b64encode(MIXED).decode()), ours=_MALFORMED, because=_ONE_TEXT),
    OddToken(
        "plain base64",
        status_list=_lst(base64.b64encode(MIXED).decode().rstrip("=")),
        ours=_MALFORMED,
        because=_ONE_TEXT,
    ),
    OddToken(
        "line break",
        status_list=_lst(f"{text_of(STREAM)[:5]}\n{text_of(STREAM)[5:]}"),
        ours=_MALFORMED,
        because=_ONE_TEXT,
    ),
    OddToken("gzip stream", status_list=_lst(gzip.compress(BITS)), ours=_MALFORMED, because=_ONE_STREAM),
    OddToken("bytes behind the stream", status_list=_lst(STREAM + b"x"), ours=_MALFORMED, because=_ONE_STREAM),
    OddToken("two streams", status_list=_lst(STREAM + STREAM), ours=_MALFORMED, because=_ONE_STREAM),
    OddToken("deflated data", status_list=_lst(STREAM[2:-4]), ours=_MALFORMED, theirs=_FAILED),
    OddToken("no compression", status_list=_lst(BITS), ours=_MALFORMED, theirs=_FAILED),
    OddToken("stream that ends early", status_list=_lst(STREAM[:-3]), ours=_MALFORMED, theirs=_FAILED),
    OddToken("wrong checksum", status_list=_lst(STREAM[:-4] + bytes(4)), ours=_MALFORMED, theirs=_FAILED),
    OddToken("aggregation_uri", status_list={"aggregation_uri": "https://issuer.example/status"}),
    # tokens
    OddToken("no status_list", claims={"status_list": None}, ours=_VERIFICATION, theirs="Cannot read properties"),
    OddToken("no sub", claims={"sub": None}, ours=_VERIFICATION, because=_REQUIRED),
    OddToken("another sub", claims={"sub": f"{LIST}/2"}, ours=_VERIFICATION, because=_REQUIRED),
    OddToken("no iat", claims={"iat": None}, ours=_VERIFICATION, because=_REQUIRED),
    OddToken("iat as a text", claims={"iat": str(ISSUED)}, ours=_VERIFICATION, because=_DATES),
    OddToken("exp as a text", claims={"exp": "never"}, ours=_VERIFICATION, because=_DATES),
    OddToken("iat to come", claims={"iat": NOW + 3600}, ours=_RETRIEVAL, theirs=_NOT_YET),
    OddToken("nbf to come", claims={"nbf": NOW + 3600}, ours=_RETRIEVAL, theirs=_NOT_YET),
    OddToken("expired", claims={"exp": NOW - 3600}, ours=_RETRIEVAL, theirs="expired"),
    OddToken("ttl", claims={"ttl": 43_200}),
    OddToken("ttl with a fraction", claims={"ttl": 1.5}),
    OddToken("ttl of 0", claims={"ttl": 0}, ours=_VERIFICATION, because=_TTL),
    OddToken("ttl that is negative", claims={"ttl": -1}, ours=_VERIFICATION, because=_TTL),
    OddToken("ttl as a text", claims={"ttl": "43200"}, ours=_VERIFICATION, because=_TTL),
    OddToken("iss", claims={"iss": _KEY.did}),
    OddToken("iss of somebody else", claims={"iss": "https://other.example"}, ours=_VERIFICATION, because=_ISSUER),
    OddToken("no typ", header={"typ": None}, ours=_VERIFICATION, because=_TYPED),
    OddToken("another typ", header={"typ": "JWT"}, ours=_VERIFICATION, because=_TYPED),
    OddToken("typ in full", header={"typ": "application/statuslist+jwt"}),
    OddToken("typ in capitals", header={"typ": "STATUSLIST+JWT"}),
    OddToken("no kid", header={"kid": None}, claims={"iss": _KEY.did}, ours=_VERIFICATION, because=_NO_KEY),
    OddToken("key in the header", header={"jwk": _KEY.public_jwk}, ours=_VERIFICATION, because=_NO_KEY),
    OddToken("critical extension", header={"crit": ["x"], "x": 1}, ours=_VERIFICATION, because=_CRITICAL),
)

"""SD-JWTs that are out of the ordinary, under signatures that hold, and what every side does with them.

Every difference is pinned, with its reason. Where they are `asked` to, verifiers expect a key binding, its nonce and
its audience.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jwt_cases import signed
from sd_jwt_cases import VCT
from sd_jwt_sides import AUDIENCE, NONCE, NOW
from token_keys import Key, key_of

_SECOND: Final = int(NOW.timestamp())


@dataclass(frozen=True, slots=True)
class Odd:
    """One token and what the sides do: the code of our refusal, a part of the message of theirs.

    Empty is acceptance. `because` says why the sides differ, where they do.
    """

    name: str
    token: Callable[[], str]
    ours: str = ""
    javascript: str = ""
    reference: str = ""
    because: str = ""
    asked: bool = False


def issuer() -> Key:
    return key_of("ES256")


def holder() -> Key:
    return key_of("ES256", "holder")


def text_of(disclosure: object) -> str:
    """A disclosure as it is sent."""
    octets = disclosure if isinstance(disclosure, bytes) else json.dumps(disclosure).encode()
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def digest_of(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


NAME: Final = text_of(["c2FsdCBvZiB0aGUgbmFtZQ", "given_name", "Līga"])
ELEMENT: Final = text_of(["c2FsdCBvZiBlbGVtZW50cw", "LV"])
INNER: Final = text_of(["c2FsdCBvZiB0aGUgaW5uZXI", "country", "LV"])
OUTER: Final = text_of(["c2FsdCBvZiB0aGUgb3V0ZXI", "address", {"_sd": [digest_of(INNER)]}])


def made(
    claims: Mapping[str, Any] | None = None,
    disclosures: tuple[str, ...] = (),
    *,
    header: Mapping[str, Any] | None = None,
    end: str = "~",
) -> Callable[[], str]:
    """A token with these claims besides, or instead; None leaves one out."""

    def token() -> str:
        parameters = {"alg": "ES256", "typ": "dc+sd-jwt", "kid": issuer().kid, **(header or {})}
        payload = {"vct": VCT, "iss": issuer().did, "cnf": {"jwk": holder().public_jwk}, **(claims or {})}
        jwt = signed(_json(parameters), _json(payload), issuer())
        return "~".join((jwt.decode(), *disclosures)) + end

    return token


def _json(members: Mapping[str, Any]) -> bytes:
    return json.dumps({name: value for name, value in members.items() if value is not None}).encode()


def hidden(*disclosures: str, **others: Any) -> dict[str, Any]:
    """Claims of which these, and no others, are disclosures at the top."""
    return {"_sd": [digest_of(each) for each in disclosures], "_sd_alg": "sha-256", **others}


def bound(
    token: Callable[[], str],
    claims: Mapping[str, Any] | None = None,
    *,
    header: Mapping[str, Any] | None = None,
    key: str = "holder",
    about: Callable[[str], str] = lambda token: token,
) -> Callable[[], str]:
    """The token with a key binding that has these claims besides, or instead, and is about another token, if so."""

    def presented() -> str:
        unbound = token()
        parameters = {"alg": "ES256", "typ": "kb+jwt", **(header or {})}
        payload = {
            "iat": _SECOND,
            "aud": AUDIENCE,
            "nonce": NONCE,
            "sd_hash": digest_of(about(unbound)),
            **(claims or {}),
        }
        return unbound + signed(_json(parameters), _json(payload), key_of("ES256", key)).decode()

    return presented


def _disclosing(disclosure: object, **others: Any) -> Callable[[], str]:
    """A token with one disclosure, whatever it is."""
    text = text_of(disclosure)
    return made(hidden(text, **others), (text,))


def _slot(disclosure: str) -> dict[str, str]:
    return {"...": digest_of(disclosure)}


_GOOD: Final = made(hidden(NAME), (NAME,))
_BOTH: Final = made(hidden(NAME, INNER), (NAME, INNER))
_ONE_OF_TWO: Final = made(hidden(NAME, INNER), (NAME,))


def _with_both(token: str) -> str:
    return f"{token}{INNER}~"


def _with_one(token: str) -> str:
    return token.removesuffix(f"{INNER}~")


def _in_reverse(token: str) -> str:
    return token.replace(f"{NAME}~{INNER}", f"{INNER}~{NAME}")


_DISCLOSURE: Final = "DISCLOSURE_ERROR"
_KEY_BINDING: Final = "KEY_BINDING_ERROR"
_NONCE: Final = "INVALID_CHALLENGE_ERROR"
_AUDIENCE: Final = "INVALID_DOMAIN_ERROR"
_TYPE: Final = "TOKEN_TYPE_ERROR"
_PARSING: Final = "PARSING_ERROR"

_DUPLICATE: Final = "Duplicate"
_INVALID: Final = "Invalid Key Binding Jwt"
_SIGNATURE: Final = "Invalid JWT Signature"
_SD_HASH: Final = "Invalid sd_hash"
_DIGEST: Final = "Invalid digest"

_ONCE: Final = "every disclosure has its one digest, every digest is there once (RFC 9901, 7.1, steps 4 and 5)"
_SHAPE: Final = "digests and disclosures have one form in objects and one in arrays (RFC 9901, 4.2 and 7.1, step 3)"
_RESERVED: Final = "no claim has a name that digests have (RFC 9901, 4.1 and 7.1, step 3)"
_HASH: Final = "one side computes whatever its hash function knows; others have a list (RFC 9901, 9.4)"
_VC: Final = "a rule of SD-JWT VC, or ours for it, that the others leave to their caller"
_HIDDEN: Final = "what decides on the validity is not hidden (RFC 9901, 9.7, and SD-JWT VC)"
_TIMES: Final = "the reference implementation does not look at times (RFC 9901, 7.1, step 6)"
_AGE: Final = "others leave the times of a key binding to their caller (RFC 9901, 7.3, step 5)"
_ASKED: Final = "others ignore a key binding unless they are asked for it; we want it verified as what it is"
_READING: Final = "one text has one reading, and readers take this one in different ways"
_END: Final = "an SD-JWT without a key binding ends with a tilde (RFC 9901, section 4)"

ODD: Final = (
    Odd("as usual", _GOOD),
    Odd("recursive", made(hidden(OUTER), (OUTER, INNER))),
    # disclosures and digests
    Odd("a disclosure that belongs nowhere", made(hidden(NAME), (NAME, INNER)), _DISCLOSURE, because=_ONCE),
    Odd("a disclosure inside of a hidden one", made(hidden(OUTER), (INNER,)), _DISCLOSURE, because=_ONCE),
    Odd("a disclosure twice", made(hidden(NAME), (NAME, NAME)), _DISCLOSURE, "", _DUPLICATE, _ONCE),
    Odd("a digest twice", made(hidden(NAME, NAME), (NAME,)), _DISCLOSURE, "", _DUPLICATE, _ONCE),
    Odd("a digest in two places", made(hidden(NAME, inside=hidden(NAME)), (NAME,)), _DISCLOSURE, "", _DUPLICATE, _ONCE),
    Odd("there already", made(hidden(NAME, given_name="A"), (NAME,)), _DISCLOSURE, "", "Duplicate key", _SHAPE),
    Odd("an element for a member", made(hidden(ELEMENT), (ELEMENT,)), _DISCLOSURE, "", "unpack", _SHAPE),
    Odd("a member for an element", made({"a": [_slot(NAME)]}, (NAME,)), _DISCLOSURE, "", "unpack", _SHAPE),
    Odd("a digest that is no text", made({"_sd": [1]}), _DISCLOSURE, because=_SHAPE),
    Odd("digests that are no array", made({"_sd": digest_of(NAME)}), _DISCLOSURE, "", _DUPLICATE, _SHAPE),
    Odd("beside a digest", made({"a": [{**_slot(ELEMENT), "b": 1}]}, (ELEMENT,)), _DISCLOSURE, because=_SHAPE),
    Odd("three dots in an object", made({"a": {"...": "x"}}), _DISCLOSURE, because=_RESERVED),
    Odd("a disclosure of _sd", _disclosing(["salt", "_sd", ["x"]]), _DISCLOSURE, because=_RESERVED),
    Odd("a disclosure of three dots", _disclosing(["salt", "...", "x"]), _DISCLOSURE, because=_RESERVED),
    Odd("a disclosure of four", _disclosing(["salt", "a", "b", "c"]), _DISCLOSURE, "Invalid disclosure", "unpack"),
    Odd("a disclosure of one", _disclosing(["salt"]), _DISCLOSURE, "Invalid disclosure", "unpack"),
    Odd("an object", _disclosing({"0": "s", "1": "a", "2": 3}), _DISCLOSURE, "Invalid disclosure", "", _SHAPE),
    Odd("a salt that is no text", _disclosing([17, "a", "b"]), _DISCLOSURE, because=_SHAPE),
    Odd("a name that is no text", _disclosing(["salt", 17, "b"]), _DISCLOSURE, because=_SHAPE),
    Odd("a disclosure that is no JSON", _disclosing(b'["salt", "a", '), _PARSING, "SyntaxError", "JSONDecodeError"),
    Odd("white space in a disclosure", _disclosing(b' [ "salt" ,\r\n"a",\t"b" ] ')),
    Odd("a name twice", _disclosing(b'["salt", "a", {"b": 1, "b": 2}]'), _PARSING, because=_READING),
    Odd("half a surrogate pair", _disclosing(b'["salt", "a", "\\ud800"]'), _PARSING, because=_READING),
    Odd("padding", made(hidden(INNER + "="), (INNER + "=",)), _PARSING, because=_READING),
    Odd("MD5", made(hidden(NAME, _sd_alg="md5"), (NAME,)), _DISCLOSURE, "", "Invalid hash algorithm", _HASH),
    Odd(
        "a hash that is cut",
        made(hidden(NAME, _sd_alg="sha-256-32"), (NAME,)),
        _DISCLOSURE,
        "Digest method not supported",
        "Invalid hash algorithm",
    ),
    Odd("the usual hash algorithm unsaid", made(hidden(NAME, _sd_alg=None), (NAME,))),
    Odd("a hash algorithm further inside", made({"a": {"_sd_alg": "sha-256"}}), _DISCLOSURE, because=_RESERVED),
    # the token
    Odd("no tilde at the end", made(hidden(NAME), (NAME,), end=""), _PARSING, "Invalid JWT", "", _END),
    Odd("no tilde at all", made(end=""), _TYPE, "", "unpack", _END),
    Odd("two tildes at the end", made(end="~~"), _DISCLOSURE, "SyntaxError", "JSONDecodeError"),
    Odd("no typ", made(header={"typ": None}), _TYPE, because=_VC),
    Odd("the typ of a JWT", made(header={"typ": "JWT"}), _TYPE, because=_VC),
    Odd("the older typ", made(header={"typ": "vc+sd-jwt"})),
    Odd("no vct", made({"vct": None}), "MALFORMED_VALUE_ERROR", because=_VC),
    Odd("no iss", made({"iss": None}), "ISSUER_MISMATCH, MALFORMED_VALUE_ERROR", because=_VC),
    Odd("a hidden vct", _disclosing(["salt", "vct", VCT], vct=None), _DISCLOSURE, because=_HIDDEN),
    Odd("a hidden cnf", _disclosing(["salt", "cnf", {}], cnf=None), _DISCLOSURE, because=_HIDDEN),
    Odd("a hidden exp", _disclosing(["salt", "exp", _SECOND + 60]), _DISCLOSURE, because=_HIDDEN),
    Odd("a hidden status", _disclosing(["salt", "status", {"a": 1}]), _DISCLOSURE, because=_HIDDEN),
    Odd("a part of cnf hidden", made({"cnf": {"jwk": {}, **hidden(NAME)}}, (NAME,)), _DISCLOSURE, because=_HIDDEN),
    Odd("expired", made({"exp": _SECOND - 3600}), "EXPIRED", "JWT is expired", "", _TIMES),
    Odd("not yet valid", made({"nbf": _SECOND + 3600}), "NOT_YET_VALID", "not yet valid", "", _TIMES),
    Odd("issued in the future", made({"iat": _SECOND + 3600}), "NOT_YET_VALID", "not yet valid", "", _TIMES),
    Odd("expires now", made({"exp": _SECOND})),
    # key binding
    Odd("bound as usual", bound(_GOOD), asked=True),
    Odd("not bound", _GOOD, _KEY_BINDING, "Key Binding JWT not exist", "Invalid JWS Object", asked=True),
    Odd("bound where nobody asks", bound(_GOOD), _KEY_BINDING, because=_ASKED),
    Odd("another nonce", bound(_GOOD, {"nonce": "x"}), _NONCE, "Invalid Nonce", "Invalid nonce", asked=True),
    Odd("no nonce", bound(_GOOD, {"nonce": None}), _KEY_BINDING, _INVALID, "KeyError", asked=True),
    Odd("another audience", bound(_GOOD, {"aud": "x"}), _AUDIENCE, "audience", "Invalid audience", asked=True),
    Odd(
        "an audience in an array",
        bound(_GOOD, {"aud": [AUDIENCE]}),
        _KEY_BINDING,
        "audience",
        "Invalid audience",
        asked=True,
    ),
    Odd("another key", bound(_GOOD, key="thief"), _KEY_BINDING, _SIGNATURE, "Verification failed", asked=True),
    Odd("the issuer's key", bound(_GOOD, key="issuer"), _KEY_BINDING, _SIGNATURE, "Verification failed", asked=True),
    Odd("a day ago", bound(_GOOD, {"iat": _SECOND - 86400}), _KEY_BINDING, because=_AGE, asked=True),
    Odd("in the future", bound(_GOOD, {"iat": _SECOND + 3600}), _KEY_BINDING, because=_AGE, asked=True),
    Odd("a binding that expired", bound(_GOOD, {"exp": _SECOND - 3600}), _KEY_BINDING, because=_AGE, asked=True),
    Odd("without a time", bound(_GOOD, {"iat": None}), _KEY_BINDING, _INVALID, "", _AGE, asked=True),
    Odd("under another typ", bound(_GOOD, header={"typ": "JWT"}), _KEY_BINDING, _INVALID, "Invalid header", asked=True),
    Odd("without a typ", bound(_GOOD, header={"typ": None}), _KEY_BINDING, _INVALID, "KeyError", asked=True),
    Odd("without sd_hash", bound(_GOOD, {"sd_hash": None}), _KEY_BINDING, _INVALID, "KeyError", asked=True),
    Odd("a disclosure left out", bound(_ONE_OF_TWO, about=_with_both), _KEY_BINDING, _SD_HASH, _DIGEST, asked=True),
    Odd("a disclosure put in", bound(_BOTH, about=_with_one), _KEY_BINDING, _SD_HASH, _DIGEST, asked=True),
    Odd("in another order", bound(_BOTH, about=_in_reverse), _KEY_BINDING, _SD_HASH, _DIGEST, asked=True),
    Odd("to another token", bound(_GOOD, about=lambda _: made()()), _KEY_BINDING, _SD_HASH, _DIGEST, asked=True),
    Odd(
        "no key of a holder", bound(made({"cnf": None})), _KEY_BINDING, "TypeError", "No holder public key", asked=True
    ),
    Odd("a kid of a holder", bound(made({"cnf": {"kid": "1"}})), _KEY_BINDING, "TypeError", "malformed", asked=True),
)

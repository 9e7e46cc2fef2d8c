"""Credentials of many series at once, as they were issued and after changes, all by chance."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from benches.leaf_changes import EVIL, places, replaced, without
from benches.verify_and_issue import open_badge
from vc_core import JWTVC, VCJWT, DataIntegrity, Securing
from vc_core.cli.demo.courses import COURSES
from vc_core.cli.demo.credentials import micro_credential
from vc_core.errors import VCError
from vectors.making.credentials import CONTEXTS, Claims, small, version_1, version_2
from vectors.making.keys import did_of, signer_of
from vectors.making.tokens import encoded, payload_bytes

NOW: Final = datetime(2026, 1, 31, 12, tzinfo=UTC)
WEB: Final = "did:web:university.example"
"""An issuer whose identifier is short, and whose key, `holder`'s, is looked up."""
SCHEMA: Final = "https://schemas.example/1"

_TEXTS: Final = (
    "Jānis Bērziņš", "Ąžuolė", "O'Brien", "x", "", "名前", "a\u2028b", "e\u0301", "😀", "ﬁ", "tab\there", 'q"uote',
    "back\\slash", "nul\x00", "del\x7f", "soft\xadhy", "\ufeffbom", "\uffff", "\ue000", "</script>", "@id", "@context",
    '{"a":1}', '","id":"urn:z', "null", "0", "urn:x:y", "http://a b", "did:example:1", "2026-01-15T09:30:00Z",
    "2031-01-15T09:30:00+02:00", "2026-02-30T00:00:00Z", "yesterday", "7", "07", "z" + "1" * 64, "x" * 1_100,
    "no\xa0break", "\u200d",
)  # fmt: skip
_SCALARS: Final[tuple[Any, ...]] = (
    *_TEXTS, 0, 1, -1, 7, 10**14, 10**15 - 1, 10**15, 2**53 - 1, -(2**53) + 1, 1.5, 1e300, True, False, None,
    1_768_469_400, 1_900_000_000, [], {}, [None], {"id": "urn:x:y"},
)  # fmt: skip
_PIECES: Final = (
    b" ", b"\n", b'"', b"\\", b"\\u0041", b"\\/", b"\xc3\xa4", b"\xc3", b"\xa4", b"\xff", b"\xf0\x9f\x98\x80",
    b"\xef\xbf\xbf", b"",
    b",", b"}", b"]", b":", b"0", b"-", b"1e3", b".0", b"null", b'","x":"y', b'","id":"urn:z:z', b'"@context":[],',
)  # fmt: skip
_WORDS: Final = (
    b"2026", b"did:", b"urn:", b"Verifiable", b"00Z", b"credentialSubject", b'"id"', b"Ed25519", b"proof", b'"name"',
    b"z",
)  # fmt: skip


class Mechanism(NamedTuple):
    """How credentials are secured, by whom, and which claims can be."""

    name: str
    key_type: str
    securing: Callable[..., Securing]
    forms: tuple[Callable[[str, random.Random], Claims], ...]
    weight: int

    @property
    def is_token(self) -> bool:
        """Whether the claims are in a token, and have no proof of their own."""
        return self.name in ("vc+jwt", "jwt_vc")


def _micro(issuer: str, chance: random.Random) -> Claims:
    claims = micro_credential(chance.randrange(60) * len(COURSES), issuer)  # of one course
    return claims | {"description": _text(chance)} if chance.random() < 0.1 else claims


def _badge(issuer: str, chance: random.Random) -> Claims:
    claims: Claims = open_badge(issuer, chance.randrange(60))
    claims["credentialSubject"]["achievement"]["name"] = _text(chance)
    return claims


def _small(issuer: str, chance: random.Random) -> Claims:
    claims = small(issuer)
    if chance.random() < 0.8:
        name = {"name": "Daugavkrasta universitāte (piemērs)"}
        claims["issuer"] = name | {"id": issuer} if chance.random() < 0.3 else {"id": issuer} | name
    claims["name"] = _text(chance)
    claims["credentialSubject"] = _subject(chance) | {"name": _text(chance)}
    if chance.random() < 0.1:
        claims["credentialSubject"] = [claims["credentialSubject"], _subject(chance) | {"description": "x"}]
    return _with_times(claims, chance)


def _learner(issuer: str, chance: random.Random) -> Claims:
    claims = version_2(issuer)
    claims["credentialSubject"] |= _subject(chance)
    claims["credentialSubject"]["achievement"]["credits"] = chance.choice((*range(20), -4, 10**14, 10**15, 1.5))
    claims["credentialStatus"] = {
        "id": f"urn:x:{chance.randrange(100)}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(chance.randrange(1, 100)),
        "statusListCredential": "https://status.example/1",
    }
    if chance.random() < 0.1:
        claims["credentialSchema"] = {"id": SCHEMA, "type": "JsonSchema"}
    return _with_times(claims, chance)


def _of_version_1(issuer: str, chance: random.Random) -> Claims:
    claims = version_1(issuer)
    claims["credentialSubject"] |= _subject(chance)
    claims["id"] = f"urn:x:{chance.randrange(1_000)}"
    return claims


def _registered(issuer: str, chance: random.Random) -> Claims:
    claims = _small(issuer, chance)
    subject = claims["credentialSubject"]
    claims["id"] = f"urn:x:{chance.randrange(1_000)}"
    more: Claims = {
        "iss": issuer,
        "jti": claims["id"],
        "sub": (subject[0] if isinstance(subject, list) else subject)["id"],
        "exp": 1_900_000_000 + chance.randrange(100),
        "nbf": 1_768_000_000 + chance.randrange(100),
        "status": {"status_list": {"idx": chance.randrange(1, 50), "uri": "https://status.example/2"}},
    }
    return claims | more


def _text(chance: random.Random) -> str:
    return chance.choice(_TEXTS) if chance.random() < 0.2 else f"Nr. {chance.randrange(1_000)}"


def _subject(chance: random.Random) -> Claims:
    return {"id": f"did:example:{chance.randrange(1_000)}"}


def _with_times(claims: Claims, chance: random.Random) -> Claims:
    claims["validFrom"] = f"2026-01-{chance.randrange(10, 28)}T09:30:00Z"
    if chance.random() < 0.1:
        claims["validUntil"] = chance.choice(("2027-01-01T00:00:00Z", "2026-02-20T00:00:00Z", "2031-01-01T00:00:00Z"))
    return claims


def _suite(name: str) -> Callable[..., Securing]:
    return lambda **options: DataIntegrity(cryptosuite=name, **options)


_JSON: Final = (_micro, _badge, _small, _learner)
_RDF: Final = (_small, _small, _learner)
MECHANISMS: Final = (
    Mechanism("eddsa-jcs-2022", "Ed25519", _suite("eddsa-jcs-2022"), _JSON, 6),
    Mechanism("ecdsa-jcs-2019, P-256", "P-256", _suite("ecdsa-jcs-2019"), _JSON, 4),
    Mechanism("ecdsa-jcs-2019, P-384", "P-384", _suite("ecdsa-jcs-2019"), _JSON, 1),
    Mechanism("eddsa-rdfc-2022", "Ed25519", _suite("eddsa-rdfc-2022"), _RDF, 2),
    Mechanism("ecdsa-rdfc-2019, P-256", "P-256", _suite("ecdsa-rdfc-2019"), _RDF, 1),
    Mechanism("vc+jwt", "Ed25519", VCJWT, (_badge, _small, _learner, _registered, _registered), 5),
    Mechanism("jwt_vc", "P-256", JWTVC, (_micro, _of_version_1), 4),
)


def credentials(chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Credentials without an end, with their mechanisms. Some come again, as they were and changed."""
    pool = [_issued(chance) for _ in range(_POOL)]
    broken = pool.copy()
    while True:
        place = chance.randrange(_POOL)
        mechanism, claims, data = pool[place]
        match chance.randrange(12):
            case 0:
                pool[place] = _issued(chance)
            case 1 | 2:
                data = _issued_after_a_change(mechanism, claims, chance) or data
                broken[place] = mechanism, claims, data
            case 3 | 4:
                mechanism, _, data = broken[place]
            case 5 | 6 | 7 | 8:
                data = _changed(mechanism, data, pool[chance.randrange(_POOL)][2], chance)
        yield mechanism.name, data


_POOL: Final = 400
_Issued = tuple[Mechanism, Claims, bytes]


def _issued(chance: random.Random) -> _Issued:
    """A credential that follows the rules, its claims with it."""
    mechanism = chance.choices(MECHANISMS, [each.weight for each in MECHANISMS])[0]
    claims = chance.choice(mechanism.forms)(_issuer(mechanism, chance), chance)
    return mechanism, claims, _secured(mechanism, claims, chance)


def _issuer(mechanism: Mechanism, chance: random.Random) -> str:
    is_web = mechanism.key_type == "Ed25519" and chance.random() < 0.3
    return WEB if is_web else did_of("issuer", mechanism.key_type)


def _secured(mechanism: Mechanism, claims: Claims, chance: random.Random) -> bytes:
    """The claims by a key of their issuer, whatever they are. Raises `VCError` for what cannot be secured."""
    issuer = claims.get("issuer")
    by_web = WEB in (issuer, issuer.get("id") if isinstance(issuer, dict) else None)
    signer = signer_of("holder", "Ed25519", f"{WEB}#1") if by_web else signer_of("issuer", mechanism.key_type)
    created = NOW - timedelta(seconds=chance.choice((0, 0, 1, 2, 86_400)))
    return mechanism.securing(contexts=CONTEXTS).secure(claims, signer=signer, created=created)


def _issued_after_a_change(mechanism: Mechanism, claims: Claims, chance: random.Random) -> bytes | None:
    """A signed credential that breaks a rule, or says something else; None where it cannot be secured."""
    try:
        return _secured(mechanism, _changed_tree(claims, chance, likely=True), chance)
    except (VCError, TypeError, ValueError, KeyError, AttributeError):
        return None  # what is no object any more, say


def _changed(mechanism: Mechanism, data: bytes, other: bytes, chance: random.Random) -> bytes:
    """The credential after it was changed, under the signature that it has; a token mostly in its payload."""
    if not mechanism.is_token or chance.random() < 0.1:
        return _changed_document(data, other, chance)
    header, _, signature = data.split(b".")
    payload = _changed_document(payload_bytes(data), other, chance)
    return b".".join((header, encoded(payload), signature))


def _changed_document(data: bytes, other: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 2))):
        start = chance.randrange(len(data) + 1)
        match chance.randrange(8):
            case 0:
                data = data[:start] + chance.randbytes(1) + data[start + 1 :]
            case 1:
                data = data[:start] + data[start + chance.choice((1, 1, 2, 40)) :]
            case 2:
                data = data[:start] + chance.choice(_PIECES) + data[start:]
            case 3:
                begin = chance.randrange(len(other))
                data = data[:start] + other[begin : begin + 30] + data[start + 30 :]
            case 4:
                data = data.replace(chance.choice(_WORDS), chance.choice((*_WORDS, b"2031", b"")), 1)
            case 5:
                data = _with_another_text(data, chance)
            case _:
                data = _with_another_tree(data, chance)
    return data


def _with_another_text(data: bytes, chance: random.Random) -> bytes:
    """With another text between the quotation marks of some string."""
    quotes = [position for position, octet in enumerate(data) if octet == _QUOTE]
    if len(quotes) < 2:
        return data
    number = chance.randrange(len(quotes) - 1)
    return data[: quotes[number] + 1] + chance.choice(_TEXTS).encode() + data[quotes[number + 1] :]


_QUOTE: Final = ord('"')


def _with_another_tree(data: bytes, chance: random.Random) -> bytes:
    """Read, changed in one place or in none, and written in some way."""
    try:
        tree = json.loads(data)
        if chance.random() < 0.8:
            tree = _changed_tree(tree, chance)
        separators = (",", ":") if chance.random() < 0.8 else (", ", ": ")
        return json.dumps(tree, ensure_ascii=chance.random() < 0.2, separators=separators).encode()
    except (ValueError, RecursionError):
        return data


def _changed_tree(tree: Any, chance: random.Random, *, likely: bool = False) -> Any:
    """With one change; a `likely` one is of a member that may differ in a series."""
    if likely and chance.random() < 0.7:
        found = [(path, value) for path, value in places(tree) if path and path[-1] in _LIKELY]
        path, _ = chance.choice(found)
        return replaced(tree, path, chance.choice(_SCALARS if chance.random() < 0.3 else _TEXTS))
    found = list(places(tree))
    path, value = chance.choice(found)
    match chance.randrange(5):
        case 0 if path:
            return without(tree, path)
        case 1 if isinstance(value, dict):
            return replaced(tree, path, {**value, **dict([chance.choice(EVIL)])})
        case 2:
            return replaced(tree, path, chance.choice(found)[1])
        case 3:
            return replaced(tree, path, [value, value] if chance.random() < 0.3 else [value])
        case _:
            return replaced(tree, path, chance.choice(_SCALARS))


_LIKELY: Final = frozenset(
    {
        "id", "name", "description", "issued", "validFrom", "validUntil", "issuanceDate", "expirationDate", "credits",
        "iat", "nbf", "exp", "jti", "sub", "idx", "statusListIndex", "created", "issuer", "iss",
    }
)  # fmt: skip

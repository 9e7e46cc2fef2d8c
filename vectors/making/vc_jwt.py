"""Credentials as JSON Web Tokens: the claim `vc` of the data model 1.1, and the payload of version 2.0."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import V1, V2, Claims, accepting, small, text
from vectors.making.keys import did_of
from vectors.making.signing import compact, header, seconds, with_payload, without

_ISSUER: Final = did_of("issuer", "Ed25519")
_STRANGER: Final = did_of("stranger", "Ed25519")
_CLAIMS: Final = "TOKEN_CLAIMS_ERROR"
_TYPE: Final = "TOKEN_TYPE_ERROR"
_MALFORMED: Final = "MALFORMED_VALUE_ERROR"
_JWT_ENCODING: Final = "Verifiable Credentials Data Model 1.1, section 6.3.1"
_JOSE: Final = "VC-JOSE-COSE 1.0, section 3.1.3"


def cases() -> Iterator[Case]:
    """The cases about credentials as JSON Web Tokens."""
    yield from _version_1()
    yield from _said_once()
    yield from _said_twice()
    yield from _kinds()
    yield from _version_2()
    yield from _issuers()
    yield from _times()
    yield from _named()


def _case(kind: str, name: str, title: str, document: bytes, *codes: str, **members: Any) -> Case:
    members = {
        "policy": accepting(),
        "reference": _JWT_ENCODING if kind == "jwt_vc" else _JOSE,
        "covers": {"envelope": kind},
    } | members
    prefix = "version-1" if kind == "jwt_vc" else "version-2"
    return Case(
        spec="vc-jwt", name=f"{prefix}-{name}", title=f"{kind}: {title}", document=document, codes=codes, **members
    )


def _credential() -> Claims:
    return {
        "@context": [V1],
        "id": "urn:uuid:0a2b9c1e-6a1b-4b8e-8d1f-5b3f1e9c7d22",
        "type": ["VerifiableCredential"],
        "issuer": _ISSUER,
        "issuanceDate": "2026-01-15T09:30:00Z",
        "expirationDate": "2029-01-15T09:30:00Z",
        "credentialSubject": {"id": "did:example:learner"},
    }


def _payload() -> Claims:
    """The credential in `vc`, and what it says again in the claims of the token."""
    return {
        "iss": _ISSUER,
        "sub": "did:example:learner",
        "jti": "urn:uuid:0a2b9c1e-6a1b-4b8e-8d1f-5b3f1e9c7d22",
        "nbf": seconds("2026-01-15T09:30:00Z"),
        "exp": seconds("2029-01-15T09:30:00Z"),
        "vc": _credential(),
    }


def _jwt(payload: Claims, **members: object) -> bytes:
    return compact(header("JWT", members), payload)


def _vc(**members: object) -> Claims:
    """The payload after a change to the credential in it."""
    return _payload() | {"vc": _credential() | members}


def _version_1() -> Iterator[Case]:
    token = _jwt(_payload())
    yield _case("jwt_vc", "accepted", "each claim beside the member that says the same", token)
    yield _case("jwt_vc", "typ-absent", "there is no typ", compact(without(header("JWT"), "typ"), _payload()))
    yield _case("jwt_vc", "typ-small", "typ is in small letters", _jwt(_payload(), typ="jwt"))
    failed = "PROOF_VERIFICATION_ERROR"
    tampered = with_payload(token, _vc(name="Doktora grāds"))
    yield _case("jwt_vc", "claim-changed", "a claim was changed", tampered, failed)
    by_another = compact(header("JWT"), _payload(), name="stranger")
    yield _case("jwt_vc", "key-of-another", "somebody else signed under the issuer's name", by_another, failed)
    excluded = accepting(envelopes=["vc+jwt"])
    yield _case(
        "jwt_vc", "not-accepted", "the policy accepts another kind of token only", token, _TYPE, policy=excluded
    )
    purpose = accepting(proofPurpose="authentication")
    yield _case("jwt_vc", "purpose", "the policy asks for a token for authentication", token, failed, policy=purpose)
    of_version_2 = {"iss": _ISSUER, "vc": small(_ISSUER)}
    yield _case("jwt_vc", "data-model-2", "the claim vc has the data model 2.0", _jwt(of_version_2))


def _said_once() -> Iterator[Case]:
    """Members that stand in the claims of the token only, or in the credential only."""
    bare = {
        "@context": [V1],
        "type": ["VerifiableCredential"],
        "credentialSubject": {"name": "Anna"},
    }
    yield _case(
        "jwt_vc", "claims-only", "what claims can say stands in the claims only", _jwt(_payload() | {"vc": bare})
    )
    named = _vc(issuer={"name": "Pavyzdžio universitetas"})
    yield _case("jwt_vc", "issuer-without-id", "the issuer has no id but iss", _jwt(named))
    only_iss = {"iss": _ISSUER, "vc": _credential()}
    yield _case("jwt_vc", "credential-only", "there is no claim but iss, which is required", _jwt(only_iss))
    expired = {"iss": _ISSUER, "exp": seconds("2026-01-31T11:58:00Z"), "vc": without(_credential(), "expirationDate")}
    yield _case("jwt_vc", "exp-only", "exp is over, and there is no expirationDate", _jwt(expired), "EXPIRED")
    later = {"iss": _ISSUER, "nbf": seconds("2026-01-31T12:02:00Z"), "vc": without(_credential(), "issuanceDate")}
    yield _case("jwt_vc", "nbf-only", "nbf lies ahead, and there is no issuanceDate", _jwt(later), "NOT_YET_VALID")
    undated = {"iss": _ISSUER, "vc": without(_credential(), "issuanceDate")}
    yield _case("jwt_vc", "no-beginning", "neither nbf nor issuanceDate is there", _jwt(undated), _MALFORMED)


def _said_twice() -> Iterator[Case]:
    """Claims that say something else than the credential. Whoever reads one of them only is told the other thing."""
    other = "did:example:other"
    wrong: dict[str, tuple[str, Claims]] = {
        "sub": ("sub is not the id of the subject", _payload() | {"sub": other}),
        "jti": ("jti is not the id", _payload() | {"jti": "urn:uuid:1"}),
        "nbf": ("nbf is not issuanceDate", _payload() | {"nbf": seconds("2026-01-15T09:30:01Z")}),
        "exp": ("exp is later than expirationDate", _payload() | {"exp": seconds("2039-01-15T09:30:00Z")}),
        "expirationDate": ("expirationDate is later than exp", _vc(expirationDate="2039-01-15T09:30:00Z")),
        "iss": ("iss is not the issuer, whose key signed", _payload() | {"iss": _STRANGER}),
        "sub-number": ("sub is a number", _payload() | {"sub": 7}),
        "jti-list": ("jti is a list", _payload() | {"jti": ["urn:uuid:0a2b9c1e-6a1b-4b8e-8d1f-5b3f1e9c7d22"]}),
        "iss-absent": ("there is no iss", without(_payload(), "iss")),
        "subjects": (
            "sub is the id of no subject of two",
            _vc(credentialSubject=[{"id": "did:example:a"}, {"id": "did:example:b"}]),
        ),
    }
    for name, (title, payload) in wrong.items():
        yield _case("jwt_vc", f"differs-{name}", title, _jwt(payload), _CLAIMS)
    both = accepting(_ISSUER, _STRANGER)
    yield _case(
        "jwt_vc",
        "differs-issuer",
        "the issuer is not iss, whose key signed, and the policy accepts both",
        _jwt(_vc(issuer=_STRANGER)),
        _CLAIMS,
        "ISSUER_MISMATCH",
        policy=both,
    )
    fraction = _vc(issuanceDate="2026-01-15T09:30:00.750Z")
    yield _case("jwt_vc", "fraction", "nbf is the beginning of the second of issuanceDate", _jwt(fraction))
    other_zone = _vc(expirationDate="2029-01-15T11:30:00+02:00")
    yield _case("jwt_vc", "other-zone", "exp is expirationDate, which stands in another time zone", _jwt(other_zone))
    expired = {"expirationDate": "2026-01-20T00:00:00Z"}
    payload = _vc(**expired) | {"exp": seconds("2026-01-20T00:00:00Z")}
    yield _case("jwt_vc", "expired", "exp and expirationDate are over", _jwt(payload), "EXPIRED")


def _kinds() -> Iterator[Case]:
    """Tokens that are no credential, and places where none is looked for."""
    identity = {
        "iss": _ISSUER,
        "sub": "did:example:learner",
        "aud": "client",
        "nonce": "n",
        "exp": seconds("2027-01-01T00:00:00Z"),
    }
    presentation = {"@context": [V1], "type": ["VerifiablePresentation"], "holder": _ISSUER}
    wrong: dict[str, tuple[str, Claims, str]] = {
        "neither": ("neither vc nor vp: an identity token", identity, _TYPE),
        "both": ("both vc and vp", _payload() | {"vp": presentation}, _TYPE),
        "presentation": ("a presentation", {"iss": _ISSUER, "vp": presentation}, _TYPE),
        "beside": ("the credential stands beside the claims, and not in vc", identity | _credential(), _TYPE),
        "vc-text": ("vc is a text", _payload() | {"vc": text(_credential()).decode()}, _CLAIMS),
        "vc-list": ("vc is a list", _payload() | {"vc": [_credential()]}, _CLAIMS),
    }
    for name, (title, payload, code) in wrong.items():
        yield _case("jwt_vc", f"kind-{name}", title, _jwt(payload), code)
    as_version_1 = compact(header("JWT"), small(_ISSUER))
    yield _case(
        "vc+jwt", "typ-jwt", "a credential of version 2.0 as the payload of a token of type JWT", as_version_1, _TYPE
    )


def _version_2() -> Iterator[Case]:
    def token(name: str, title: str, members: Claims, *codes: str, **others: Any) -> Case:
        return _case("vc+jwt", name, title, compact(header("vc+jwt"), small(_ISSUER) | members), *codes, **others)

    same = {"iss": _ISSUER, "sub": "did:example:learner", "jti": "urn:uuid:2", "id": "urn:uuid:2"}
    yield token("accepted", "claims that say the same as the members", same)
    yield token("unknown-claim", "a claim that nobody knows is ignored", {"x_session": 7})
    for name, title, members in (
        ("sub", "sub is not the id of the subject", {"sub": "did:example:other"}),
        ("jti", "jti is not the id", {"jti": "urn:uuid:1", "id": "urn:uuid:2"}),
        ("vc", "there is a claim vc", {"vc": small(_ISSUER)}),
        ("vp", "there is a claim vp", {"vp": {}}),
        ("iss", "iss is not the issuer, whose key signed", {"iss": _STRANGER}),
    ):
        yield token(f"differs-{name}", title, members, _CLAIMS, reference=_JOSE if name != "iss" else _ISS)
    version_1 = {"@context": [V1], "issuanceDate": "2026-01-15T09:30:00Z"}
    old = without(small(_ISSUER), "name") | version_1
    yield _case("vc+jwt", "data-model-1", "a credential of the data model 1.1", compact(header("vc+jwt"), old), _CLAIMS)
    yield token(
        "context-unknown", "a context that is not known", {"@context": [V2, "https://x.example/c"]}, "UNKNOWN_CONTEXT"
    )
    yield token("data-model", "type does not name VerifiableCredential", {"type": ["Diploma"]}, _MALFORMED)
    signed = compact(header("vc+jwt"), small(_ISSUER))
    excluded = accepting(envelopes=["jwt_vc", "vc+cose"])
    yield _case(
        "vc+jwt", "not-accepted", "the policy accepts other kinds of tokens only", signed, _TYPE, policy=excluded
    )
    old_type = compact(header("vc+ld+jwt"), small(_ISSUER))
    yield _case("vc+jwt", "typ-of-draft", "typ is the name that an older draft had", old_type)
    bound = compact(header("vc+jwt"), small(_ISSUER) | {"aud": "https://verifier.example", "nonce": "n-0S6_WzA2Mj"})
    expected = {"challenge": "n-0S6_WzA2Mj", "domain": ["https://verifier.example"]}
    yield _case(
        "vc+jwt", "nonce-and-audience", "nonce and audience are those expected", bound, policy=accepting(**expected)
    )
    for name, code in (("challenge", "INVALID_CHALLENGE_ERROR"), ("domain", "INVALID_DOMAIN_ERROR")):
        other = expected | {name: "another" if name == "challenge" else ["https://another.example"]}
        yield _case("vc+jwt", f"{name}-another", f"another {name} is expected", bound, code, policy=accepting(**other))


_ISS: Final = "VC-JOSE-COSE 1.0, section 4.1.2"


def _issuers() -> Iterator[Case]:
    """The issuer is whose key signed, is whom the policy accepts, and is `iss` wherever that stands."""
    unaccepted = compact(header("vc+jwt", name="stranger"), small(_STRANGER), name="stranger")
    yield _case("vc+jwt", "issuer-unaccepted", "the policy does not accept the issuer", unaccepted, "UNACCEPTED_ISSUER")
    replicated = compact(header("vc+jwt", {"iss": _ISSUER}), small(_ISSUER))
    yield _case("vc+jwt", "iss-in-header", "the header has iss, which is the issuer", replicated, reference=_ISS)
    differing = compact(header("vc+jwt", {"iss": _STRANGER}), small(_ISSUER))
    yield _case(
        "vc+jwt",
        "iss-in-header-differs",
        "the header has iss, which is not the issuer",
        differing,
        _CLAIMS,
        reference=_ISS,
    )
    foreign = compact(header("vc+jwt", name="stranger"), small(_ISSUER), name="stranger")
    policy = accepting(requireIssuerControl=False)
    yield _case(
        "vc+jwt",
        "issuer-control-not-asked",
        "the key is of somebody else, and the policy does not ask",
        foreign,
        policy=policy,
    )


def _times() -> Iterator[Case]:
    """`exp`, `nbf` and `iat`. The clock stands at 12:00, and may be wrong by 60 seconds unless the policy says 0."""
    exact = accepting(clockSkew=0)
    now = seconds("2026-01-31T12:00:00Z")

    def token(name: str, title: str, claims: Claims, *codes: str, policy: Claims | None = None) -> Case:
        signed = compact(header("vc+jwt"), small(_ISSUER) | claims)
        reference = "RFC 7519, section 4.1"
        return _case("vc+jwt", name, title, signed, *codes, policy=policy or accepting(), reference=reference)

    yield token("exp-after", "one second before exp", {"exp": now + 1}, policy=exact)
    yield token("exp-now", "at exp", {"exp": now}, "EXPIRED", policy=exact)
    yield token("exp-fraction", "half a second before exp", {"exp": now + 0.5}, policy=exact)
    yield token("exp-skew", "59 seconds after exp", {"exp": now - 59})
    yield token("exp-beyond-skew", "60 seconds after exp", {"exp": now - 60}, "EXPIRED")
    yield token("nbf-now", "at nbf", {"nbf": now}, policy=exact)
    yield token("nbf-later", "one second before nbf", {"nbf": now + 1}, "NOT_YET_VALID", policy=exact)
    yield token("nbf-skew", "60 seconds before nbf", {"nbf": now + 60})
    yield token("iat-later", "two minutes before iat", {"iat": now + 120}, "NOT_YET_VALID")
    yield token(
        "iat-text", "iat is a dateTimeStamp, as in examples of the specification", {"iat": "2026-01-31T11:59:00Z"}
    )
    yield token(
        "iat-text-later", "iat is a dateTimeStamp that lies ahead", {"iat": "2026-01-31T12:02:00Z"}, "NOT_YET_VALID"
    )
    yield token("iat-garbled", "iat is a text that is no time", {"iat": "yesterday"}, _CLAIMS)
    wrong: dict[str, tuple[str, object]] = {
        "true": ("true", True),
        "text": ("a text", str(now + 1000)),
        "null": ("null", None),
        "zero": ("zero", 0),
        "negative": ("negative", -1),
        "year-10000": ("the first second of the year 10000", 253_402_300_800),
        "milliseconds": ("a number of milliseconds", now * 1000),
        "date": ("a dateTimeStamp", "2029-01-15T09:30:00Z"),
        "list": ("a list", [now + 1000]),
    }
    for name, (title, value) in wrong.items():
        yield token(f"exp-{name}", f"exp is {title}", {"exp": value}, _MALFORMED)


def _named() -> Iterator[Case]:
    """What a credential names is looked up as everywhere else."""
    url = "https://status.example/lists/1"
    entry = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListCredential": url}
    lists = {"statusLists": {url: {"length": 131_072, "values": {"7": 1}}}}

    def token(name: str, title: str, claims: Claims, *codes: str, **members: Any) -> Case:
        return _case("vc+jwt", name, title, compact(header("vc+jwt"), small(_ISSUER) | claims), *codes, **members)

    for name, title, index, codes in (
        ("status-clear", "the status list says nothing against it", "8", ()),
        ("status-revoked", "the status list says that it is revoked", "7", ("REVOKED",)),
    ):
        yield token(name, title, {"credentialStatus": entry | {"statusListIndex": index}}, *codes, evidence=lists)
    missing = {"credentialStatus": entry | {"statusListIndex": "8"}}
    yield token("status-missing", "the status list was not handed in", missing, "STATUS_RETRIEVAL_ERROR", missing=True)
    schema = "https://schemas.example/learner.json"
    strict = '{"properties": {"credentialSubject": {"required": ["degree"]}}}'
    served = {"resources": {schema: {"text": strict}}}
    named = {"credentialSchema": {"id": schema, "type": "JsonSchema"}}
    yield token("schema", "it does not follow its schema", named, "SCHEMA_VALIDATION_ERROR", evidence=served)

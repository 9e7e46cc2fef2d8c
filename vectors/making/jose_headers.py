"""Headers of tokens: whose key they name, what kind of token they say it is, and what no token may have in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import Claims, accepting, small, text
from vectors.making.keys import did_of, method_of, private_key
from vectors.making.signing import compact, encoded, header, over, without

_ISSUER: Final = did_of("issuer", "Ed25519")
_STRANGER: Final = did_of("stranger", "Ed25519")
_WEB: Final = "did:web:university.example"
_HEADER: Final = "TOKEN_HEADER_ERROR"
_TYPE: Final = "TOKEN_TYPE_ERROR"


def cases() -> Iterator[Case]:
    """The cases about header parameters."""
    yield from _keys_of_their_own()
    yield from _extensions()
    yield from _types()
    yield from _key_identifiers()
    yield from _documents()


def _case(name: str, title: str, document: bytes, *codes: str, **members: Any) -> Case:
    members = {"policy": accepting(), "covers": {"envelope": "vc+jwt"}} | members
    return Case(spec="jose", name=name, title=title, document=document, codes=codes, **members)


def _token(**members: object) -> bytes:
    return compact(header("vc+jwt", members), small(_ISSUER))


def _keys_of_their_own() -> Iterator[Case]:
    """Parameters that bring a key, or say where one is to be had."""
    reference = "RFC 8725, section 3.10"
    own = {
        "jwk": private_key("issuer", "Ed25519").public_key.jwk,
        "jku": "https://university.example/jwks.json",
        "x5u": "https://university.example/certificate.pem",
        "x5c": ["MIIB"],
        "x5t": "dGh1bWJwcmludCBvZiAyMCBvYw",
        "x5t#S256": encoded(bytes(32)).decode(),
    }
    for name, value in own.items():
        yield _case(
            f"header-{name.replace('#', '-')}",
            f"there is a header parameter {name}, and kid names the key of the issuer, who signed",
            _token(**{name: value}),
            _HEADER,
            reference=reference,
        )
    attack = header("vc+jwt", {"jwk": private_key("stranger", "Ed25519").public_key.jwk})
    for name, title, head in (
        ("header-jwk-of-another", "jwk is the key of somebody else, who signed", attack),
        ("header-jwk-only", "jwk is the key of somebody else, who signed, and there is no kid", without(attack, "kid")),
    ):
        token = compact(head, small(_ISSUER), name="stranger")
        yield _case(name, title, token, _HEADER, reference=reference)


def _extensions() -> Iterator[Case]:
    """Extensions that have to be understood, payloads that are signed in another form, compression."""
    critical: dict[str, tuple[str, Claims]] = {
        "empty": ("an empty list", {"crit": []}),
        "unknown": ("an extension that nobody knows", {"crit": ["https://x.example/x"], "https://x.example/x": 1}),
        "absent": ("a parameter that is not there", {"crit": ["https://x.example/x"]}),
        "registered": ("a parameter of the specification itself", {"crit": ["alg"]}),
        "text": ("a text", {"crit": "exp"}),
        "null": ("null", {"crit": None}),
    }
    for name, (title, members) in critical.items():
        yield _case(
            f"crit-{name}",
            f"crit is, or holds, {title}",
            _token(**members),
            _HEADER,
            reference="RFC 7515, section 4.1.11",
        )
    for name, title, members in (
        ("b64-true", "b64 is true", {"b64": True}),
        ("b64-false-not-critical", "b64 is false, and crit does not name it", {"b64": False}),
    ):
        yield _case(name, title, _token(**members), _HEADER, reference="RFC 7797, section 3")
    head = encoded(text(header("vc+jwt", {"b64": False, "crit": ["b64"]})))
    payload = text(small(_ISSUER))
    _, _, signature = over(head + b"." + payload).rpartition(b".")
    unencoded = b".".join((head, encoded(payload), signature))
    yield _case(
        "b64-false",
        "b64 is false, and the payload was signed as it is",
        unencoded,
        _HEADER,
        reference="RFC 7797, section 3",
    )
    for name, value in (("zip", "DEF"), ("enc", "A128GCM")):
        token = _token(**{name: value})
        yield _case(
            f"header-{name}", f"there is a header parameter {name}", token, _HEADER, reference="RFC 8725, section 3.6"
        )
    token = _token(**{"https://x.example/x": {"any": ["thing"]}})
    yield _case(
        "header-unknown", "a header parameter that nobody knows is ignored", token, reference="RFC 7515, section 4"
    )


def _types() -> Iterator[Case]:
    """`typ` and `cty`: which kind of token this is."""
    reference = "VC-JOSE-COSE 1.0, section 3.1.1"
    media_types = "RFC 7515, sections 4.1.9 and 4.1.10"
    yield _case("typ-full", "typ is the whole media type", _token(typ="application/vc+jwt"), reference=media_types)
    yield _case("typ-case", "typ is in large letters", _token(typ="VC+JWT"), reference=media_types)
    yield _case("cty", "cty is vc", _token(cty="vc"), reference=reference)
    yield _case("cty-full", "cty is the whole media type", _token(cty="application/vc"), reference=media_types)
    yield _case("cty-of-presentation", "cty is vp", _token(cty="vp"), _TYPE, reference=reference)
    for name, value in (
        ("jwt", "JWT"),
        ("key-binding", "kb+jwt"),
        ("status-list", "statuslist+jwt"),
        ("proof-of-possession", "dpop+jwt"),
        ("sd-jwt", "vc+sd-jwt"),
        ("media-type-of-another-tree", "text/vc+jwt"),
        ("empty", ""),
    ):
        yield _case(f"typ-{name}", f"typ is {value!r}", _token(typ=value), _TYPE, reference="RFC 8725, section 3.11")
    absent = compact(without(header("vc+jwt"), "typ"), small(_ISSUER))
    yield _case(
        "typ-absent",
        "there is no typ, and the payload is a document",
        absent,
        _TYPE,
        reference="RFC 8725, section 3.11",
    )
    for name in ("typ", "cty"):
        token = _token(**{name: 7})
        yield _case(f"{name}-number", f"{name} is a number", token, _HEADER, reference=media_types)


def _key_identifiers() -> Iterator[Case]:
    """`kid`: an absolute URL of a key, or the fragment of one in the document of `iss`."""
    reference = "VC-JOSE-COSE 1.0, section 4.1"
    absent = compact(without(header("vc+jwt"), "kid"), small(_ISSUER))
    yield _case("kid-absent", "there is no kid", absent, _HEADER, reference=reference)
    fragment = method_of(_ISSUER).partition("#")[2]
    wrong: dict[str, tuple[str, object]] = {
        "number": ("a number", 7),
        "empty": ("empty", ""),
        "did": ("a DID without a fragment", _ISSUER),
        "empty-fragment": ("a DID with an empty fragment", f"{_ISSUER}#"),
        "two-fragments": ("a URL with two fragments", f"{method_of(_ISSUER)}#x"),
        "space": ("a URL with a space", f"{_ISSUER}#key 1"),
        "long": ("a URL of five thousand characters", f"{_ISSUER}#{'x' * 5_000}"),
        "fragment": ("a fragment, and there is no iss", f"#{fragment}"),
        "name": ("a name, and there is no iss", fragment),
    }
    for name, (title, kid) in wrong.items():
        yield _case(f"kid-{name}", f"kid is {title}", _token(kid=kid), _HEADER, reference=reference)
    for name, title, kid in (
        ("fragment-of-iss", "a fragment in the document of iss", f"#{fragment}"),
        ("name-of-iss", "a name in the document of iss", fragment),
    ):
        token = compact(header("vc+jwt", {"kid": kid}), small(_ISSUER) | {"iss": _ISSUER})
        yield _case(f"kid-{name}", f"kid is {title}", token, reference=reference)
    for name, title, iss in (
        ("iss-no-url", "no URL", "the university"),
        ("iss-fragment", "a URL with a fragment", f"{_ISSUER}#x"),
    ):
        token = compact(header("vc+jwt", {"kid": fragment}), small(_ISSUER) | {"iss": iss})
        yield _case(f"kid-{name}", f"kid is a name, and iss is {title}", token, _HEADER, reference=reference)
    of_stranger = compact(header("vc+jwt", name="stranger"), small(_ISSUER), name="stranger")
    yield _case(
        "kid-of-another",
        "kid is the key of somebody else, who signed, and whom the policy accepts as well",
        of_stranger,
        "ISSUER_MISMATCH",
        policy=accepting(_ISSUER, _STRANGER),
        reference="Verifiable Credentials Data Model 2.0, section 4.7",
    )
    query = _token(kid=method_of(_ISSUER).replace("#", "?versionId=1#"))
    yield _case(
        "kid-query",
        "kid is a DID URL with a query",
        query,
        "INVALID_DID",
        reference="Controlled Identifiers 1.0, section 3.3",
    )


def _documents() -> Iterator[Case]:
    """Keys in documents that were handed in."""
    payload = small(_WEB) | {"iss": _WEB}
    members: dict[str, Any] = {"policy": accepting(_WEB)}
    key = private_key("issuer", "Ed25519").public_key.jwk

    def method(fragment: str, **jwk: str) -> Claims:
        members = {"type": "JsonWebKey", "controller": _WEB, "publicKeyJwk": key | jwk}
        return {"id": f"{_WEB}#{fragment}", **members}

    def named(name: str, title: str, kid: str, *codes: str, methods: list[Claims], **relationships: list[str]) -> Case:
        relationships = relationships or {"assertionMethod": [each["id"] for each in methods]}
        document = {"id": _WEB, "verificationMethod": methods, **relationships}
        token = compact(header("vc+jwt", {"kid": kid}), payload)
        evidence = {"didDocuments": {_WEB: document}}
        reference = "RFC 7515, section 4.1.4"
        return _case(name, title, token, *codes, evidence=evidence, reference=reference, **members)

    yield named("document", "kid is the URL of a method", f"{_WEB}#one", methods=[method("one")])
    yield named("document-kid-of-jwk", "kid is that of the JWK", "two", methods=[method("one", kid="two")])
    twice = [method("one", kid="two"), method("two")]
    ambiguous = "INVALID_VERIFICATION_METHOD"
    yield named(
        "document-kid-twice",
        "kid is that of one JWK and the fragment of another method",
        "two",
        ambiguous,
        methods=twice,
    )
    yield named("document-kid-nowhere", "kid is that of no method", "three", ambiguous, methods=twice)
    yield named(
        "document-for-authentication",
        "the key may be used for authentication only",
        f"{_WEB}#one",
        "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD",
        methods=[method("one")],
        authentication=[f"{_WEB}#one"],
    )
    token = compact(header("vc+jwt", {"kid": f"{_WEB}#one"}), payload)
    yield _case(
        "document-missing",
        "the document of the issuer is not among the evidence",
        token,
        "NOT_FOUND",
        missing=True,
        reference="DID Resolution 1.0, section 10",
        **members,
    )

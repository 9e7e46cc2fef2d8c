"""The rules of the European Blockchain Services Infrastructure for credentials as JSON Web Tokens.

Two profiles: that for attestations, and that which the accreditations in the Trusted Issuers Registry keep.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import V1, Claims, accepting
from vectors.making.keys import did_of, private_key
from vectors.making.signing import compact, header, seconds, without

_ISSUER: Final = did_of("issuer", "Ed25519")
_LEGAL_ENTITY: Final = "did:ebsi:zsSgDXeYPhZ3AuKhTFneDf1"
_SUBJECT: Final = "did:ebsi:zzVWLVDDAaTjGpMHBCKYwV3"
_CLAIMS: Final = "TOKEN_CLAIMS_ERROR"
_HEADER: Final = "TOKEN_HEADER_ERROR"
_MALFORMED: Final = "MALFORMED_VALUE_ERROR"
_SCHEMA: Final = (
    "https://api-pilot.ebsi.eu/trusted-schemas-registry/v3/schemas/zDpWGUBenmqXzurskry9Nsk6vq2R8thh9VSeoRqguoyMD"
)
ISSUED: Final = "2026-01-15T09:30:00Z"
BEGIN: Final = "2026-01-16T00:00:00Z"
END: Final = "2029-01-15T09:30:00Z"


def attestation(issuer: str = _ISSUER, subject: str = _SUBJECT) -> Claims:
    """A credential that keeps the rules."""
    return {
        "@context": [V1],
        "id": "urn:uuid:cbd39a67-5f46-4c5a-b8a5-9a0d7e6e6b71",
        "type": ["VerifiableCredential", "VerifiableAttestation"],
        "issuer": issuer,
        "issuanceDate": BEGIN,
        "issued": ISSUED,
        "validFrom": BEGIN,
        "expirationDate": END,
        "credentialSubject": {"id": subject},
        "credentialSchema": {"id": _SCHEMA, "type": "FullJsonSchemaValidator2021"},
    }


def payload(credential: Claims) -> Claims:
    """The claims of a token for it."""
    return {
        "iss": credential["issuer"],
        "sub": credential["credentialSubject"]["id"],
        "jti": credential["id"],
        "iat": seconds(ISSUED),
        "nbf": seconds(BEGIN),
        "exp": seconds(END),
        "vc": credential,
    }


def cases() -> Iterator[Case]:
    """The cases about the rules of EBSI."""
    yield from _accepted()
    yield from _headers()
    yield from _claims()
    yield from _credentials()
    yield from _registry()


def _case(name: str, title: str, claims: Claims, *codes: str, head: Claims | None = None, **members: Any) -> Case:
    members = {
        "policy": accepting(jwtProfile="EBSI"),
        "reference": "EBSI, Verifiable Attestations of the data model 1.1 as JWT",
        "covers": {"envelope": "jwt_vc"},
        "document": compact(head or header("JWT"), claims),
    } | members
    return Case(spec="vc-jwt", name=f"ebsi-{name}", title=f"EBSI: {title}", codes=codes, **members)


def _with(**members: object) -> Claims:
    return payload(attestation()) | {"vc": attestation() | members}


def _accepted() -> Iterator[Case]:
    yield _case("accepted", "an attestation", payload(attestation()))
    method = f"{_LEGAL_ENTITY}#one"
    key = {"type": "JsonWebKey2020", "publicKeyJwk": private_key("issuer", "P-256").public_key.jwk}
    document = {
        "id": _LEGAL_ENTITY,
        "verificationMethod": [{"id": method, "controller": _LEGAL_ENTITY} | key],
        "assertionMethod": [method],
    }
    head = header("JWT", {"kid": method}, key_type="P-256")
    yield _case(
        "accepted-legal-entity",
        "an attestation by a legal entity, with a key of type P-256",
        {},
        document=compact(head, payload(attestation(_LEGAL_ENTITY)), key_type="P-256"),
        policy=accepting(_LEGAL_ENTITY, jwtProfile="EBSI"),
        evidence={"didDocuments": {_LEGAL_ENTITY: document}},
        covers={"envelope": "jwt_vc", "algorithm": "ES256", "key": "P-256", "method": "ebsi"},
    )
    endless = without(payload(attestation()), "exp") | {"vc": without(attestation(), "expirationDate")}
    yield _case("accepted-endless", "an attestation without an end", endless)
    fractions = _with(
        issued="2026-01-15T09:30:00.250Z", issuanceDate="2026-01-16T00:00:00.5Z", validFrom="2026-01-16T00:00:00.5Z"
    )
    yield _case("accepted-fractions", "the claims are the seconds in which the times of the attestation lie", fractions)
    issuer = {"id": _ISSUER, "name": "Pavyzdžio universitetas"}
    yield _case("accepted-issuer-object", "the issuer is an object", _with(issuer=issuer))


def _headers() -> Iterator[Case]:
    claims = payload(attestation())
    head = header("JWT")
    yield _case("typ-absent", "there is no typ", claims, "TOKEN_TYPE_ERROR", head=without(head, "typ"))
    yield _case("typ-small", "typ is in small letters", claims, "TOKEN_TYPE_ERROR", head=head | {"typ": "jwt"})
    relative = head | {"kid": f"#{head['kid'].partition('#')[2]}"}
    yield _case("kid-relative", "kid is a fragment", claims, _HEADER, head=relative)
    issuer = did_of("issuer", "P-384")
    yield _case(
        "alg-ES384",
        "alg is ES384, which EBSI does not have",
        {},
        _HEADER,
        document=compact(header("JWT", key_type="P-384"), payload(attestation(issuer)), key_type="P-384"),
        policy=accepting(issuer, jwtProfile="EBSI"),
    )


def _claims() -> Iterator[Case]:
    claims = payload(attestation())
    for name in ("jti", "iat", "nbf", "exp", "sub"):
        yield _case(f"{name}-absent", f"there is no {name}", without(claims, name), _CLAIMS)
    yield _case("iat-not-issued", "iat is not the second of issued", claims | {"iat": seconds(BEGIN)}, _CLAIMS)
    yield _case("nbf-not-validFrom", "nbf is not the second of validFrom", claims | {"nbf": seconds(ISSUED)}, _CLAIMS)
    yield _case(
        "exp-not-expirationDate", "exp is not the second of expirationDate", claims | {"exp": seconds(END) + 1}, _CLAIMS
    )
    yield _case("iat-fraction", "iat is not a whole second", claims | {"iat": seconds(ISSUED) + 0.5}, _CLAIMS)
    yield _case(
        "jti-empty",
        "jti is empty, as is the id",
        claims | {"jti": "", "vc": attestation() | {"id": ""}},
        _CLAIMS,
        _MALFORMED,
    )
    nobody = attestation() | {"credentialSubject": {"name": "Anna"}}
    yield _case("sub-of-nobody", "there is a sub, and the subject has no id", claims | {"vc": nobody}, _CLAIMS)


def _credentials() -> Iterator[Case]:
    """What the general rules leave open."""
    claims = payload(attestation())
    for name in ("issued", "validFrom", "credentialSchema"):
        yield _case(f"{name}-absent", f"there is no {name}", claims | {"vc": without(attestation(), name)}, _CLAIMS)
    wrong: dict[str, tuple[str, Claims]] = {
        "type": ("the types do not name VerifiableAttestation", {"type": ["VerifiableCredential"]}),
        "type-order": (
            "VerifiableCredential is not the first type",
            {"type": ["VerifiableAttestation", "VerifiableCredential"]},
        ),
        "beginnings": (
            "validFrom and issuanceDate are one time in two texts",
            {"issuanceDate": "2026-01-16T00:00:00.0Z"},
        ),
    }
    for name, (title, members) in wrong.items():
        yield _case(name, title, _with(**members), _CLAIMS)


def _registry() -> Iterator[Case]:
    """Accreditations are renewed: `iat` and `nbf` are then later than what the credential says."""
    policy = accepting(jwtProfile="EBSI registry")
    renewed = payload(attestation()) | {"iat": seconds("2026-01-20T00:00:00Z"), "nbf": seconds("2026-01-20T00:00:00Z")}
    yield _case("registry-renewed", "an accreditation that was renewed", renewed, policy=policy)
    yield _case("renewed", "an accreditation that was renewed, under the rules for attestations", renewed, _CLAIMS)
    yield _case(
        "general", "an accreditation that was renewed, under the general rules", renewed, _CLAIMS, policy=accepting()
    )
    longer = renewed | {"exp": seconds(END) + 1}
    yield _case("registry-longer", "exp of an accreditation is not its expirationDate", longer, _CLAIMS, policy=policy)
    untimely = without(renewed, "iat")
    yield _case("registry-iat-absent", "an accreditation without iat", untimely, _CLAIMS, policy=policy)

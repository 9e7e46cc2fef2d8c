"""What is in a presentation, and whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import Claims, accepting, secure, text
from vectors.making.disclosures import digest, sd_jwt, vc
from vectors.making.keys import method_of, private_key
from vectors.making.messages import header as cose_header
from vectors.making.messages import message
from vectors.making.presentations import case
from vectors.making.presenting import (
    HOLDER,
    ISSUER,
    STRANGER,
    as_jwt_vc,
    as_vc_jwt,
    bindable,
    bound,
    claims,
    document,
    enveloped,
    expecting,
    policy,
    presentation,
)
from vectors.making.signing import compact, encoded, header, without

_FAILED: Final = "PROOF_VERIFICATION_ERROR"
_HOLDER: Final = "HOLDER_BINDING_ERROR"
_MALFORMED: Final = "MALFORMED_VALUE_ERROR"
_PARSING: Final = "PARSING_ERROR"
_CLAIMS: Final = "TOKEN_CLAIMS_ERROR"
_TYPE: Final = "TOKEN_TYPE_ERROR"
_JCS: Final = "eddsa-jcs-2022"
_VP: Final = "Verifiable Credentials Data Model 2.0, section 4.13"


def cases() -> Iterator[Case]:
    """The cases about credentials in presentations, and their holders."""
    yield from _kinds_of_credentials()
    yield from _bad_credentials()
    yield from _identifiers()
    yield from _no_credentials()
    yield from _holders()
    yield from _confirmations()


def _holding(name: str, title: str, credentials: list[Any], *codes: str, kind: str = "vp+jwt", **members: Any) -> Case:
    members = {"reference": _VP} | members
    return case(kind, name, title, presentation(kind, document(kind, credentials)), *codes, **members)


def _kinds_of_credentials() -> Iterator[Case]:
    selective = sd_jwt(claims() | {"_sd": [digest("decoy")]}, head=header("vc+sd-jwt"))
    plain = sd_jwt(vc(sub=HOLDER))
    cose = message(cose_header("vc+cose"), claims())
    every = [
        secure(claims()),
        as_vc_jwt(),
        enveloped(selective, "application/vc+sd-jwt"),
        enveloped(plain, "application/dc+sd-jwt"),
        enveloped(cose, "application/vc+cose"),
        enveloped(as_jwt_vc().encode(), "application/jwt"),
    ]
    yield _holding("every-kind", "credentials of every kind", every)
    yield _holding("every-kind-jcs", "credentials of every kind, in a presentation with a proof", every, kind=_JCS)
    old = [as_jwt_vc(), secure(claims()), selective.decode()]
    yield _holding(
        "every-kind-1",
        "tokens, and a credential with a proof, in a presentation of the data model 1.1",
        old,
        kind="jwt_vp",
    )
    none = presentation("vp+jwt", without(document("vp+jwt"), "verifiableCredential"))
    yield case("vp+jwt", "no-credentials", "no credentials: the holder shows a key only", none, reference=_VP)


def _bad_credentials() -> Iterator[Case]:
    """One of several credentials is not verified, and neither is the presentation then."""
    good = as_vc_jwt()
    tampered = secure(claims()) | {"name": "Doktora grāds"}
    yield _holding(
        "one-tampered", "of three credentials, the claims of one were changed", [good, tampered, good], _FAILED
    )
    yield _holding(
        "one-key-of-another", "one credential was signed by somebody else", [good, as_vc_jwt(name="stranger")], _FAILED
    )
    expired = as_vc_jwt(validUntil="2026-01-20T00:00:00Z")
    yield _holding("one-expired", "one credential is over", [good, expired], "EXPIRED")
    foreign = compact(header("vc+jwt", name="stranger"), claims() | {"issuer": STRANGER}, name="stranger")
    unaccepted = [good, enveloped(foreign, "application/vc+jwt")]
    yield _holding(
        "one-unaccepted", "the policy does not accept the issuer of one credential", unaccepted, "UNACCEPTED_ISSUER"
    )
    url = "https://status.example/lists/1"
    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListCredential": url,
        "statusListIndex": "7",
    }
    revoked = [good, as_vc_jwt(credentialStatus=entry)]
    lists = {"statusLists": {url: {"length": 131_072, "values": {"7": 1}}}}
    yield _holding("one-revoked", "one credential is revoked", revoked, "REVOKED", evidence=lists)
    yield _holding(
        "one-status-missing",
        "the status list of one credential was not handed in",
        revoked,
        "STATUS_RETRIEVAL_ERROR",
        missing=True,
    )
    limited = policy(limits={"credentials": 2})
    yield _holding("many", "as many credentials as the limit allows", [good] * 2, policy=limited)
    yield _holding("too-many", "one credential more than the limit", [good] * 3, "TOO_MANY_CREDENTIALS", policy=limited)


def _identifiers() -> Iterator[Case]:
    """Keys that are in the documents of several identifiers."""
    issuers = [f"did:web:{name}.example" for name in ("university", "academy", "college")]
    key = private_key("issuer", "Ed25519").public_key.multikey
    methods = {issuer: f"{issuer}#key-1" for issuer in issuers}
    documents = {
        issuer: {
            "id": issuer,
            "verificationMethod": [{"id": method, "type": "Multikey", "controller": issuer, "publicKeyMultibase": key}],
            "assertionMethod": [method],
        }
        for issuer, method in methods.items()
    }
    held = [secure(claims() | {"issuer": issuer}, method=method) for issuer, method in methods.items()]
    limited = {"evidence": {"didDocuments": documents}, "policy": accepting(*issuers, limits={"identifiers": 2})}
    computed = as_vc_jwt()
    yield _holding(
        "as-many-identifiers",
        "issuers whose documents are had, as many as the limit",
        [held[0], held[1], held[0]],
        **limited,
    )
    yield _holding(
        "too-many-identifiers", "one such issuer more than the limit", held, "TOO_MANY_IDENTIFIERS", **limited
    )
    unlimited = {"policy": accepting(ISSUER, limits={"identifiers": 0})}
    yield _holding("computed", "a key that is in its DID is not looked for", [computed], **unlimited)


def _no_credentials() -> Iterator[Case]:
    """What stands among the credentials and is none."""
    wrong: dict[str, tuple[str, Any]] = {
        "unsecured": ("a credential without a proof", claims()),
        "number": ("a number", 7),
        "text": ("the text of a credential with a proof", text(secure(claims())).decode()),
        "url": ("the URL of a credential", {"id": "https://university.example/credentials/1"}),
        "media-type": (
            "a token of another media type",
            enveloped(compact(header("vc+jwt"), claims()), "application/pdf"),
        ),
    }
    for name, (title, entry) in wrong.items():
        yield _holding(f"entry-{name}", f"among the credentials stands {title}", [as_vc_jwt(), entry], _PARSING)
    unsigned = b".".join((encoded(text(header("vc+jwt", {"alg": "none"}))), encoded(text(claims())), b""))
    entry = enveloped(unsigned, "application/vc+jwt")
    yield _holding(
        "entry-alg-none", "among the credentials stands a token with the alg none", [entry], "TOKEN_HEADER_ERROR"
    )
    inner = enveloped(presentation("vp+jwt"), "application/vp+jwt")
    yield _holding("entry-presentation", "among the credentials stands a presentation", [inner], _TYPE)
    named = inner | {"type": "EnvelopedVerifiablePresentation"}
    yield _holding(
        "entry-presentation-enveloped",
        "among the credentials stands a presentation in an envelope of its own type",
        [named],
        _PARSING,
    )
    presented = enveloped(bound(bindable("vc+sd-jwt")), "application/vc+sd-jwt")
    yield _holding(
        "entry-key-binding", "among the credentials stands one with a key binding", [presented], "KEY_BINDING_ERROR"
    )


def _holders() -> Iterator[Case]:
    def holding(name: str, title: str, tree: Claims, *codes: str, **members: Any) -> Case:
        return case("vp+jwt", name, title, presentation("vp+jwt", tree), *codes, **({"reference": _VP} | members))

    tree = document("vp+jwt")
    yield holding("holder-absent", "no holder is named: it is whose key signed", without(tree, "holder"))
    yield holding("holder-object", "the holder is an object", tree | {"holder": {"id": HOLDER, "name": "Anna"}})
    yield holding("holder-no-url", "the holder is a name", tree | {"holder": "Anna"}, _MALFORMED, _HOLDER)
    for name, title, subject in (
        ("two-subjects", "the holder is one subject of two", [{"id": HOLDER}, {"id": STRANGER}]),
        ("subject-without-id", "the subject has no id", {"name": "Anna"}),
        ("subject-similar", "the id of the subject begins with the holder", {"id": f"{HOLDER}#x"}),
    ):
        credential = as_vc_jwt(claims() | {"credentialSubject": subject})
        yield _holding(name, title, [credential], _HOLDER)


def _confirmations() -> Iterator[Case]:
    """The claim `cnf` of a token has the key whose holder it was issued to."""
    reference = "VC-JOSE-COSE 1.0, section 4.1.3; RFC 7800, section 3"
    key, other = (private_key(name, "Ed25519").public_key.jwk for name in ("holder", "stranger"))

    def confirmed(
        name: str, title: str, cnf: object, *codes: str, subject: str = "did:example:learner", rule: str = "cnf"
    ) -> Case:
        credential = as_vc_jwt(claims(subject), cnf=cnf)
        return _holding(f"cnf-{name}", title, [credential], *codes, presentation=expecting(rule), reference=reference)

    yield confirmed("jwk", "cnf has the key that signed the presentation", {"jwk": key})
    yield confirmed("kid", "cnf has the URL of that key", {"kid": method_of(HOLDER)})
    yield confirmed("another", "cnf has the key of somebody else", {"jwk": other}, _HOLDER)
    yield confirmed("another-kid", "cnf has the URL of the key of somebody else", {"kid": method_of(STRANGER)}, _HOLDER)
    yield confirmed(
        "two", "cnf has the key, and the URL of another one", {"jwk": key, "kid": method_of(STRANGER)}, _HOLDER
    )
    yield confirmed(
        "thumbprint",
        "cnf has a thumbprint, which is not looked up",
        {"jkt": private_key("holder", "Ed25519").public_key.thumbprint},
        _HOLDER,
    )
    yield confirmed(
        "not-asked", "cnf has the key, and the policy asks for the subject", {"jwk": key}, _HOLDER, rule="subject"
    )
    yield confirmed(
        "or-subject",
        "cnf has the key of somebody else, and the holder is the subject",
        {"jwk": other},
        subject=HOLDER,
        rule="subject or cnf",
    )
    yield _holding(
        "cnf-absent", "there is no cnf", [as_vc_jwt()], _HOLDER, presentation=expecting("cnf"), reference=reference
    )
    embedded = secure(claims() | {"cnf": {"jwk": key}})
    yield _holding(
        "cnf-of-document",
        "cnf stands in a credential with a proof, where it has no such meaning",
        [embedded],
        _HOLDER,
        kind=_JCS,
        presentation=expecting("cnf"),
        reference=reference,
    )

"""The forms of presentations: their proofs and claims, their envelopes, and those that nobody signed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import V2, Claims, changed, secure, text
from vectors.making.disclosures import digest, disclosure, sd_jwt
from vectors.making.ebsi import END, attestation, payload
from vectors.making.keys import private_key
from vectors.making.messages import header as cose_header
from vectors.making.messages import message
from vectors.making.presentations import case
from vectors.making.presenting import (
    AUDIENCE,
    HOLDER,
    MADE,
    NONCE_TEXT,
    STRANGER,
    as_jwt_vc,
    as_vc_jwt,
    bindable,
    bound,
    claims,
    document,
    enveloped,
    expecting,
    old_claims,
    policy,
    presentation,
    unasked,
)
from vectors.making.signing import compact, encoded, header, seconds, without

_FAILED: Final = "PROOF_VERIFICATION_ERROR"
_HOLDER: Final = "HOLDER_BINDING_ERROR"
_MALFORMED: Final = "MALFORMED_VALUE_ERROR"
_PARSING: Final = "PARSING_ERROR"
_CLAIMS: Final = "TOKEN_CLAIMS_ERROR"
_TYPE: Final = "TOKEN_TYPE_ERROR"
_JCS: Final = "eddsa-jcs-2022"
_VP: Final = "Verifiable Credentials Data Model 2.0, section 4.13"


def cases() -> Iterator[Case]:
    """The cases about single kinds of presentations."""
    yield from _proofs()
    yield from _tokens()
    yield from _hidden()
    yield from _web_holders()
    yield from _unsigned()
    yield from _enveloped()
    yield from _ebsi()


def _proofs() -> Iterator[Case]:
    """Challenge, domain and purpose of the proof of a presentation."""
    challenge, domain = "INVALID_CHALLENGE_ERROR", "INVALID_DOMAIN_ERROR"

    def proven(name: str, title: str, *codes: str, **options: Any) -> Case:
        return case(_JCS, name, title, presentation(_JCS, **options), *codes)

    yield proven("challenge-longer", "the challenge begins with that expected", challenge, nonce=f"{NONCE_TEXT}x")
    yield proven("challenge-case", "the challenge is in large letters", challenge, nonce=NONCE_TEXT.upper())
    yield proven("domain-list", "the domain is a list of one", audience=[AUDIENCE])
    yield proven(
        "domain-more", "there is another domain beside that expected", domain, audience=[AUDIENCE, "https://x.example"]
    )
    yield proven("domain-slash", "the domain has a slash at the end", domain, audience=f"{AUDIENCE}/")
    two = expecting() | {"audience": [AUDIENCE, "https://x.example"]}
    yield case(
        _JCS, "domain-one-of-two", "one domain of two that are expected", presentation(_JCS), domain, presentation=two
    )
    yield proven("purpose", "the proof is for assertions", _FAILED, proof_purpose="assertionMethod")
    document_ = presentation(_JCS)
    removed = changed(_tree(document_), lambda tree: tree["verifiableCredential"].pop())
    yield case(_JCS, "credential-removed", "a credential was removed", removed, _FAILED)
    added = changed(_tree(document_), lambda tree: tree["verifiableCredential"].append(secure(claims(), name="issuer")))
    yield case(_JCS, "credential-added", "a credential was added", added, _FAILED)
    type_ = presentation(_JCS, document(_JCS, type=["Presentation"]))
    yield case(_JCS, "type", "type does not name VerifiablePresentation", type_, _MALFORMED, reference=_VP)
    context = presentation(_JCS, document(_JCS, **{"@context": [V2, "https://w3id.org/security/data-integrity/v2"]}))
    yield case(_JCS, "context", "the presentation has contexts of its own", context, reference=_VP)
    unknown = document("vp+jwt", **{"@context": [V2, "https://x.example/c"]})
    yield case(
        "vp+jwt",
        "context-unknown",
        "a context that is not known",
        presentation("vp+jwt", unknown),
        "UNKNOWN_CONTEXT",
        reference=_VP,
    )
    codes = (_MALFORMED, _FAILED, challenge, domain, "EXPIRED")
    yield case(
        _JCS, "credential", "a credential, shown where a presentation is asked for", text(secure(claims())), *codes
    )


def _tree(data: bytes) -> Claims:
    tree: Claims = json.loads(data)
    return tree


def _tokens() -> Iterator[Case]:
    """Claims of presentations that are tokens."""
    kind = "vp+jwt"
    reference = "VC-JOSE-COSE 1.0, section 3.1.3; RFC 7519, section 4.1"
    now = seconds("2026-01-31T12:00:00Z")

    def claimed(name: str, title: str, *codes: str, **added: Any) -> Case:
        return case(kind, name, title, presentation(kind, **added), *codes, reference=reference)

    yield claimed("aud-list", "the audience is a list of one", audience=[AUDIENCE])
    yield claimed(
        "aud-two",
        "the audience is a list of two, one of them expected",
        "INVALID_DOMAIN_ERROR",
        audience=[AUDIENCE, "https://x.example"],
    )
    yield claimed("nonce-list", "the nonce is a list", "INVALID_CHALLENGE_ERROR", nonce=[NONCE_TEXT])
    yield claimed("exp-over", "exp is over", "EXPIRED", exp=now - 60)
    yield claimed("iat-absent", "there is no iat, which is not required", made=None)
    yield claimed("iss", "iss is the holder", iss=HOLDER)
    yield claimed("iss-differs", "iss is not the holder, whose key signed", _CLAIMS, iss=STRANGER)
    yield claimed("jti-differs", "jti is not the id", _CLAIMS, jti="urn:uuid:1", id="urn:uuid:2")
    yield claimed("vp", "there is a claim vp", _CLAIMS, vp={})
    old = document("jwt_vp", credentials=[as_vc_jwt()])
    yield case(
        kind,
        "data-model-1",
        "a presentation of the data model 1.1",
        presentation(kind, old),
        _CLAIMS,
        reference=reference,
    )
    yield case(
        kind,
        "longest-age",
        "made ten minutes ago, which is allowed",
        presentation(kind, made="2026-01-31T11:50:00Z"),
        presentation=expecting(longestAge=600),
    )
    yield case(
        kind,
        "nothing-expected",
        "the verifier gave out no nonce, and checks none",
        presentation(kind),
        presentation=unasked(),
    )
    yield case(
        kind,
        "nothing-there",
        "the verifier gave out no nonce, and there is none",
        presentation(kind, nonce=None, audience=None),
        presentation=unasked(),
    )
    for credential_kind, data in (
        ("jwt_vc", as_jwt_vc().encode()),
        ("vc+jwt", compact(header("vc+jwt"), claims())),
        ("vc+cose", message(cose_header("vc+cose"), claims())),
    ):
        covers = {"envelope": credential_kind}
        short = credential_kind.replace("_", "-").replace("+", "-")
        title = f"a {credential_kind}, shown where a presentation is asked for"
        yield case(kind, f"is-{short}", title, data, _TYPE, covers=covers, reference="RFC 8725, section 3.11")
    kb_jwt = bound(bindable("dc+sd-jwt")).rpartition(b"~")[2]
    yield case(
        kind,
        "is-key-binding",
        "a key binding alone, shown as a presentation",
        kb_jwt,
        _TYPE,
        reference="RFC 8725, section 3.11",
    )
    _, said, _ = presentation(kind).split(b".")
    forged = b".".join((encoded(text(header(kind, {"alg": "none"}, name="holder"))), said, b""))
    yield case(kind, "alg-none", "alg is none", forged, "TOKEN_HEADER_ERROR", reference="RFC 8725, section 3.2")


def _hidden() -> Iterator[Case]:
    """What says for whom, when and in answer to what a presentation was made may not be hidden."""
    kind = "vp+sd-jwt"
    values = {"nonce": NONCE_TEXT, "aud": AUDIENCE, "iat": seconds(MADE)}
    for name, value in values.items():
        text = disclosure(name, value)
        said = without(values, name) | {"_sd": [digest(text)]}
        data = sd_jwt(document(kind) | said, text, head=header(kind, name="holder"), name="holder")
        title = f"{name} comes out of a disclosure"
        yield case(kind, f"hidden-{name}", title, data, "DISCLOSURE_ERROR", reference="RFC 9901, section 9.7")


def _web_holders() -> Iterator[Case]:
    """Holders whose keys are in a document that was handed in."""
    kind, purpose = "vp+jwt", "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"
    web = "did:web:learner.example"
    method = f"{web}#one"
    key = {"type": "JsonWebKey", "controller": web, "publicKeyJwk": private_key("holder", "Ed25519").public_key.jwk}
    tree = document(kind, [as_vc_jwt(claims(web))], holder=web)
    said = {"aud": AUDIENCE, "nonce": NONCE_TEXT, "iat": seconds(MADE)}
    signed = compact(header(kind, {"kid": method}, name="holder"), tree | said, name="holder")
    for name, title, relationship, codes in (
        ("key-for-authentication", "the document of the holder has the key for authentication", "authentication", ()),
        (
            "key-for-assertions",
            "the document of the holder has the key for assertions only",
            "assertionMethod",
            (purpose,),
        ),
    ):
        own = {"id": web, "verificationMethod": [{"id": method} | key], relationship: [method]}
        evidence = {"didDocuments": {web: own}}
        yield case(
            kind, name, title, signed, *codes, evidence=evidence, reference="Controlled Identifiers 1.0, section 3.3"
        )
    yield case(
        kind,
        "holder-missing",
        "the document of the holder was not handed in",
        signed,
        "NOT_FOUND",
        missing=True,
        reference="DID Resolution 1.0, section 10",
    )


def _unsigned() -> Iterator[Case]:
    """Presentations without a proof, which show nothing but their credentials."""
    allowed = unasked("bearer", allowUnsigned=True)
    tree = document(_JCS)

    def unsigned(name: str, title: str, data: bytes, *codes: str, expected: Claims = allowed) -> Case:
        return case(_JCS, f"unsigned-{name}", title, data, *codes, presentation=expected, reference=_VP)

    yield unsigned("refused", "there is no proof", text(tree), _PARSING, expected=expecting())
    yield unsigned(
        "bearer",
        "there is no proof, and the policy accepts whoever has the credential",
        text(tree),
        _PARSING,
        expected=unasked("bearer"),
    )
    yield unsigned("allowed", "there is no proof, which the policy allows", text(tree))
    tampered = document(_JCS, [secure(claims()) | {"name": "Doktora grāds"}])
    yield unsigned(
        "bad-credential", "the policy allows none, and the claims of a credential were changed", text(tampered), _FAILED
    )
    bare = document(_JCS, [claims()])
    yield unsigned(
        "bare-credential", "the policy allows none, and a credential has no proof either", text(bare), _PARSING
    )
    broken = changed(_tree(presentation(_JCS)), lambda each: each.update(id="urn:uuid:1"))
    yield unsigned("bad-proof", "the policy allows none, and there is one that does not hold", broken, _FAILED)
    none = text(tree | {"proof": []})
    yield unsigned("empty-proof", "the policy allows none, and there is an empty list of proofs", none, _PARSING)
    forged = b".".join((encoded(text(header("vp+jwt", {"alg": "none"}))), encoded(text(tree)), b""))
    yield unsigned("alg-none", "the policy allows none, and a token has the alg none", forged, "TOKEN_HEADER_ERROR")


def _enveloped() -> Iterator[Case]:
    """Presentations of the type `EnvelopedVerifiablePresentation`."""
    reference = "Verifiable Credentials Data Model 2.0, section 4.13.2"
    kind = "EnvelopedVerifiablePresentation"
    for each in ("vp+jwt", "vp+sd-jwt", "vp+cose"):
        held = text(enveloped(presentation(each), f"application/{each}", kind))
        yield case(each, "enveloped", "in its envelope", held, reference=reference)
    general = text(enveloped(presentation("jwt_vp"), "application/jwt", kind))
    yield case("jwt_vp", "enveloped", "in an envelope, under the media type of every JWT", general, reference=reference)
    wrong: dict[str, tuple[str, Claims, str]] = {
        "media-type": (
            "the media type is that of a credential",
            enveloped(presentation("vp+jwt"), "application/vc+jwt", kind),
            _PARSING,
        ),
        "credential": (
            "it holds a credential",
            enveloped(compact(header("vc+jwt"), claims()), "application/vc+jwt", kind),
            _TYPE,
        ),
        "type": (
            "the type is that of an enveloped credential",
            enveloped(presentation("vp+jwt"), "application/vp+jwt"),
            _MALFORMED,
        ),
    }
    for name, (title, document_, code) in wrong.items():
        codes = (code,) if name != "type" else (code, _PARSING)
        yield case("vp+jwt", f"enveloped-{name}", title, text(document_), *codes, reference=reference)


def _ebsi() -> Iterator[Case]:
    """The rules of EBSI for presentations."""
    reference = "EBSI, Verifiable Presentations of the data model 1.1 as JWT"
    token = compact(header("JWT"), payload(attestation(subject=HOLDER))).decode()
    tree = document("jwt_vp", [token])
    end = seconds("2026-01-31T12:05:00Z")
    own: Claims = {"sub": HOLDER, "nbf": seconds(MADE), "exp": end}

    def shown(name: str, title: str, *codes: str, presented: Claims = tree, **changes: Any) -> Case:
        data = presentation("jwt_vp", presented, **(own | changes))
        return case(
            "jwt_vp", f"ebsi-{name}", title, data, *codes, policy=policy(jwtProfile="EBSI"), reference=reference
        )

    yield shown("accepted", "a presentation of an attestation")
    yield shown("no-credentials", "a presentation of nothing, which shows a key", presented=document("jwt_vp", []))
    yield shown("sub", "sub is not iss", _CLAIMS, sub=STRANGER)
    yield shown("iat-fraction", "iat is not a whole second", _CLAIMS, iat=seconds(MADE) + 0.5)
    yield shown("aud-list", "the audience is a list of one", _CLAIMS, audience=[AUDIENCE])
    yield shown("jti", "jti is not the id", _CLAIMS, jti="urn:uuid:1")
    milliseconds = seconds(END) * 1000
    yield shown("exp-milliseconds", "exp is a number of milliseconds", _CLAIMS, _MALFORMED, exp=milliseconds)
    bare = document("jwt_vp", [secure(claims())])
    yield shown("document", "a credential is no token", _CLAIMS, presented=bare)
    general = document("jwt_vp", [as_jwt_vc(old_claims() | {"id": "urn:uuid:1"})])
    yield shown("no-attestation", "a credential keeps the general rules only", _CLAIMS, presented=general)
    named = document("jwt_vp", [token], holder={"id": HOLDER})
    yield shown("holder-object", "the holder is an object", _CLAIMS, presented=named, iss=HOLDER)

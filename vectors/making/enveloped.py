"""Credentials of the type `EnvelopedVerifiableCredential`: a token in a `data:` URL, and nothing else that counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import V1, V2, Claims, accepting, small, text
from vectors.making.keys import did_of
from vectors.making.signing import compact, header

_ISSUER: Final = did_of("issuer", "Ed25519")
_PARSING: Final = "PARSING_ERROR"


def enveloped(token: str, media_type: str = "application/vc+jwt", members: Claims | None = None) -> Claims:
    """The object that holds a token; `members` are put in its place."""
    own = {"@context": V2, "id": f"data:{media_type},{token}", "type": "EnvelopedVerifiableCredential"}
    return own | (members or {})


def cases() -> Iterator[Case]:
    """The cases about enveloped credentials."""
    token = compact(header("vc+jwt"), small(_ISSUER)).decode()
    yield _case("accepted", "a token in its envelope", enveloped(token))
    yield _case(
        "lists",
        "the context and the type are lists",
        enveloped(token, members={"type": ["EnvelopedVerifiableCredential"], "@context": [V2]}),
    )
    more = {"issuer": "did:example:other", "credentialSubject": {"id": "did:example:thief"}}
    yield _case(
        "more-members",
        "members beside the token, which nobody signed, are not looked at",
        enveloped(token, members=more),
    )
    yield _case("media-type-jwt", "the media type of every JWT", enveloped(token, "application/jwt"))
    wrong: dict[str, tuple[str, Claims]] = {
        "of-presentation": ("the media type is that of a presentation", enveloped(token, "application/vp+jwt")),
        "of-sd-jwt": ("the media type is that of an SD-JWT", enveloped(token, "application/vc+sd-jwt")),
        "text": ("the media type is text/plain", enveloped(token, "text/plain")),
        "charset": ("the media type has a parameter", enveloped(token, "application/vc+jwt;charset=utf-8")),
        "base64": ("the token is said to be in base64", enveloped(token, "application/vc+jwt;base64")),
        "none": ("there is no media type", enveloped(token, "")),
        "not-data": (
            "the id is an https URL",
            enveloped(token, members={"id": "https://university.example/credentials/1"}),
        ),
        "no-token": ("the URL holds nothing", enveloped("")),
        "version-1": ("the context is that of the data model 1.1", enveloped(token, members={"@context": [V1]})),
        "document": ("the URL holds the credential itself", enveloped(text(small(_ISSUER)).decode())),
    }
    for name, (title, document) in wrong.items():
        yield _case(name, title, document, _PARSING)
    tampered = compact(header("vc+jwt"), small(_ISSUER), name="stranger").decode()
    yield _case("key-of-another", "somebody else signed the token", enveloped(tampered), "PROOF_VERIFICATION_ERROR")
    presentation = {"@context": [V2], "type": ["VerifiablePresentation"], "holder": _ISSUER}
    held = compact(header("vp+jwt"), presentation).decode()
    yield _case(
        "presentation", "the token is a presentation", enveloped(held, "application/vp+jwt"), "TOKEN_TYPE_ERROR"
    )
    yield _case(
        "presentation-as-jwt",
        "the token is a presentation, under the media type of every JWT",
        enveloped(held, "application/jwt"),
        "TOKEN_TYPE_ERROR",
    )
    both = enveloped(token, members={"type": ["VerifiableCredential", "EnvelopedVerifiableCredential"]})
    title = "the type is that of a credential, too, which has neither a subject nor a proof"
    yield _case("another-type", title, both, _PARSING)


def _case(name: str, title: str, document: Claims, *codes: str, **members: Any) -> Case:
    return Case(
        spec="vc-jwt",
        name=f"enveloped-{name}",
        title=f"in an envelope: {title}",
        reference="Verifiable Credentials Data Model 2.0, section 4.13.1",
        document=text(document),
        codes=codes,
        policy=accepting(),
        covers={"envelope": "vc+jwt"},
        **members,
    )

"""Verification methods: the DIDs that contain a key, documents that are handed in, and keys that may not be used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import Claims, accepting, in_proof, secure, small, text
from vectors.making.keys import all_dids, did_of, method_of, private_key

_SPEC: Final = "controlled-identifiers"
_WEB: Final = "did:web:university.example"
_METHOD: Final = f"{_WEB}#key-1"
_EBSI: Final = "did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA"


def cases() -> Iterator[Case]:
    """The cases about DIDs and verification methods."""
    yield from _self_describing()
    yield from _documents()
    yield from _json_web_keys()
    yield from _https_urls()
    yield from _registered()
    yield from _names()


def _case(name: str, title: str, document: bytes, *codes: str, **members: Any) -> Case:
    members = {"reference": "Controlled Identifiers 1.0, section 3.3"} | members
    return Case(spec=_SPEC, name=name, title=title, document=document, codes=codes, **members)


def _self_describing() -> Iterator[Case]:
    for key_type, suite in (("Ed25519", "eddsa-jcs-2022"), ("P-256", "ecdsa-jcs-2019"), ("P-384", "ecdsa-jcs-2019")):
        for words, did in all_dids("issuer", key_type).items():
            method = method_of(did)
            document = secure(small(did), suite, key_type, method=method)
            name = words.replace(":", "-").replace(" ", "-")
            covers = {"method": did.split(":")[1], "key": key_type}
            yield _case(
                f"{name}-{key_type}",
                f"the issuer is a {words}, of type {key_type}",
                text(document),
                policy=accepting(did),
                covers=covers,
                reference="DID 1.1, section 3.1",
            )
            yield _case(
                f"{name}-{key_type}-another-key",
                f"the issuer is a {words}, of type {key_type}, and somebody else signed",
                text(secure(small(did), suite, key_type, method=method, name="stranger")),
                "PROOF_VERIFICATION_ERROR",
                policy=accepting(did),
                covers=covers,
                reference="DID 1.1, section 3.1",
            )


def _document(**members: Any) -> Claims:
    """The DID document of the issuer under did:web, with one method."""
    key = private_key("issuer", "Ed25519").public_key.multikey
    method = {"id": _METHOD, "type": "Multikey", "controller": _WEB, "publicKeyMultibase": key}
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": _WEB,
        "verificationMethod": [method | members.pop("method", {})],
        "assertionMethod": [_METHOD],
    } | members


def _documents() -> Iterator[Case]:
    secured = secure(small(_WEB), method=_METHOD)

    def with_document(name: str, title: str, document: Claims, *codes: str) -> Case:
        return _case(
            name,
            title,
            text(secured),
            *codes,
            policy=accepting(_WEB),
            evidence={"didDocuments": {_WEB: document}},
            covers={"method": "web"},
        )

    invalid, malformed = "INVALID_VERIFICATION_METHOD", "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"
    yield with_document("document", "the DID document is among the evidence", _document())
    for relationship in ("authentication", "keyAgreement", "capabilityInvocation", "capabilityDelegation"):
        yield with_document(
            f"only-{relationship}",
            f"the key may be used for {relationship} only",
            _document(**{"assertionMethod": [], relationship: [_METHOD]}),
            "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD",
        )
    yield with_document(
        "of-another-did", "the document is that of another DID", _document(id="did:web:evil.example"), f"{malformed}_ID"
    )
    yield with_document("malformed", "the document's methods are no list", _document(verificationMethod={}), malformed)
    yield with_document(
        "secret", "the document holds a private key", _document(method={"privateKeyMultibase": "z1"}), malformed
    )
    yield with_document("no-method", "the document does not have the method", _document(verificationMethod=[]), invalid)
    yield with_document(
        "controller",
        "the method has another controller",
        _document(method={"controller": "did:web:evil.example"}),
        invalid,
    )
    yield with_document(
        "method-type", "the method is of a type that nobody knows", _document(method={"type": "Key2099"}), invalid
    )
    yield with_document(
        "key-garbled", "the key cannot be decoded", _document(method={"publicKeyMultibase": "z6Mk"}), invalid
    )
    yield with_document(
        "key-small-order",
        "the key is a point of small order",
        _document(method={"publicKeyMultibase": "z6MkeTG3bFFSLYVU7VqhgZxqr6YzpaGrQtFMh1uvqGy1vDnP"}),
        invalid,
    )
    yield with_document(
        "two-keys",
        "the method has two keys",
        _document(method={"publicKeyJwk": private_key("issuer", "Ed25519").public_key.jwk}),
        invalid,
    )
    for name in ("revoked", "expires"):
        yield with_document(
            f"{name}-before",
            f"the method has {name} in the past",
            _document(method={name: "2026-01-31T11:00:00Z"}),
            invalid,
        )
        yield with_document(
            f"{name}-after", f"the method has {name} in the future", _document(method={name: "2026-01-31T13:00:00Z"})
        )
        yield with_document(
            f"{name}-no-time", f"the method has {name}, which is no time", _document(method={name: "soon"}), invalid
        )
    yield _case(
        "document-missing",
        "the DID document is not among the evidence",
        text(secured),
        "NOT_FOUND",
        missing=True,
        policy=accepting(_WEB),
        covers={"method": "web"},
    )
    tampered = text({**secured, "name": "Doktora grāds"})
    yield _case(
        "document-missing-tampered",
        "nothing is known without the DID document, be it that the claims were changed",
        tampered,
        "NOT_FOUND",
        missing=True,
        policy=accepting(_WEB),
        covers={"method": "web"},
    )
    yield _case(
        "document-missing-expired",
        "a conclusive problem outranks missing evidence",
        text(secure(small(_WEB) | {"validUntil": "2026-01-20T00:00:00Z"}, method=_METHOD)),
        "NOT_FOUND",
        "EXPIRED",
        policy=accepting(_WEB),
        covers={"method": "web"},
    )


def _json_web_keys() -> Iterator[Case]:
    """JWKs that are more, or less, than one public key for signatures."""
    invalid = "INVALID_VERIFICATION_METHOD"
    key = private_key("issuer", "P-256")
    right = key.public_key.jwk
    keys: dict[str, tuple[str, object, tuple[str, ...]]] = {
        "accepted": ("a key", right, ()),
        "for-signatures": ("a key for signatures", right | {"use": "sig", "key_ops": ["verify"], "alg": "ES256"}, ()),
        "private": ("a private key", key.jwk, ("INVALID_CONTROLLED_IDENTIFIER_DOCUMENT",)),
        "use": ("a key for encryption", right | {"use": "enc"}, (invalid,)),
        "operations": ("a key for making signatures", right | {"key_ops": ["sign"]}, (invalid,)),
        "algorithm": ("a key for the algorithm of another curve", right | {"alg": "ES384"}, (invalid,)),
        "curve": ("a key with the name of another curve", right | {"crv": "P-384"}, (invalid,)),
        "kty": ("a key with the kty of another", right | {"kty": "OKP"}, (invalid,)),
        "padded": ("a coordinate with padding", right | {"x": right["x"] + "="}, (invalid,)),
        "longer": ("a coordinate with a zero before it", right | {"x": "AA" + right["x"]}, (invalid,)),
        "off-the-curve": ("coordinates of no point of the curve", right | {"y": right["x"]}, (invalid,)),
        "symmetric": ("a shared secret", {"kty": "oct", "k": right["x"]}, ("INVALID_CONTROLLED_IDENTIFIER_DOCUMENT",)),
        "text": ("a text", "key", (invalid,)),
    }
    secured = text(secure(small(_WEB), "ecdsa-jcs-2019", "P-256", method=_METHOD))
    for name, (title, jwk, codes) in keys.items():
        method = {"id": _METHOD, "type": "JsonWebKey", "controller": _WEB, "publicKeyJwk": jwk}
        document = _document() | {"verificationMethod": [method]}
        yield _case(
            f"jwk-{name}",
            f"the JWK of the method is, or has, {title}",
            secured,
            *codes,
            policy=accepting(_WEB),
            evidence={"didDocuments": {_WEB: document}},
            reference="Controlled Identifiers 1.0, section 2.2.3; RFC 7517, section 4",
        )


def _https_urls() -> Iterator[Case]:
    """Issuers that are https URLs, whose documents are handed in."""
    url = "https://university.example/issuers/1"
    method = f"{url}#key-1"
    document = _document(id=url, method={"id": method, "controller": url}, assertionMethod=[method])
    secured = secure(small(url), method=method)
    evidence = {"didDocuments": {url: document}}

    def named(name: str, title: str, data: bytes, *codes: str, **members: Any) -> Case:
        reference = "Controlled Identifiers 1.0, sections 2.1 and 3.3"
        return _case(
            f"https-{name}", title, data, *codes, **({"policy": accepting(url), "reference": reference} | members)
        )

    yield named(
        "document",
        "the issuer is an https URL, and its document is among the evidence",
        text(secured),
        evidence=evidence,
    )
    yield named(
        "missing",
        "the issuer is an https URL, and its document is not among the evidence",
        text(secured),
        "NOT_FOUND",
        missing=True,
    )
    tampered = text({**secured, "name": "Doktora grāds"})
    yield named(
        "tampered",
        "the issuer is an https URL, and the claims were changed",
        tampered,
        "PROOF_VERIFICATION_ERROR",
        evidence=evidence,
    )
    of_another = {"didDocuments": {url: document | {"id": "https://evil.example/issuers/1"}}}
    code = "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"
    yield named(
        "of-another",
        "the issuer is an https URL, and the document that of another one",
        text(secured),
        code,
        evidence=of_another,
    )
    for name, title, other in (
        (
            "user",
            "the key is named by an https URL with the name of a user",
            "https://user@university.example/issuers/1",
        ),
        ("space", "the key is named by an https URL with a space", "https://university.example/issuers 1"),
    ):
        renamed = in_proof(secured, lambda proof: proof.update(verificationMethod=f"{other}#key-1"))  # noqa: B023  (called at once)
        yield named(name, title, renamed, "INVALID_DID", evidence=evidence)


def _registered() -> Iterator[Case]:
    """A legal entity, whose keys have the names that the registry gives them."""
    key = private_key("issuer", "P-256").public_key
    for fragment, words in ((key.thumbprint, "its thumbprint"), ("keys-1", "its number")):
        method = f"{_EBSI}#{fragment}"
        entry = {"id": method, "type": "JsonWebKey2020", "controller": _EBSI, "publicKeyJwk": key.jwk}
        document = {"id": _EBSI, "verificationMethod": [entry], "assertionMethod": [method]}
        for signer, ending, codes in (
            ("issuer", "", ()),
            ("stranger", ", and somebody else signed", ("PROOF_VERIFICATION_ERROR",)),
        ):
            yield _case(
                f"did-ebsi-{words.split()[-1]}" + ("-another-key" if codes else ""),
                f"the issuer is a did:ebsi whose key is named by {words}{ending}",
                text(secure(small(_EBSI), "ecdsa-jcs-2019", "P-256", method=method, name=signer)),
                *codes,
                policy=accepting(_EBSI),
                evidence={"didDocuments": {_EBSI: document}},
                covers={"method": "ebsi"},
            )


def _names() -> Iterator[Case]:
    """Names of verification methods that name none."""
    issuer = did_of("issuer", "Ed25519")
    secured = secure(small(issuer))
    url = "INVALID_VERIFICATION_METHOD_URL"
    names: dict[str, tuple[str, str, str]] = {
        "no-fragment": ("a DID without a fragment", issuer, url),
        "empty-fragment": ("an empty fragment", issuer + "#", url),
        "relative": ("a relative URL", "#" + issuer.removeprefix("did:key:"), "INVALID_DID"),
        "another-fragment": (
            "a fragment that is not in the document",
            issuer + "#another",
            "INVALID_VERIFICATION_METHOD",
        ),
        "two-fragments": ("two fragments", method_of(issuer) + "#x", url),
        "not-a-did": ("a URL that is no DID URL", "http://university.example/keys#1", "INVALID_DID"),
        "query": ("a DID URL with a query", method_of(issuer).replace("#", "?a=b#"), "INVALID_DID"),
        "garbled-key": ("a did:key that holds no key", "did:key:z6MkAAAA#z6MkAAAA", "INVALID_DID"),
        "key-agreement": (
            "a did:key for key agreement",
            "did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc#z",
            "INVALID_DID",
        ),
        "jwk-list-as-curve": (
            "a did:jwk whose curve is a list",
            "did:jwk:eyJrdHkiOiJFQyIsImNydiI6WyJQLTI1NiJdfQ#0",
            "INVALID_VERIFICATION_METHOD",
        ),
    }
    for name, (title, method, code) in names.items():
        named = in_proof(secured, lambda proof: proof.update(verificationMethod=method))  # noqa: B023  (called at once)
        yield _case(
            f"named-by-{name}", f"the verification method is named by {title}", named, code, policy=accepting(issuer)
        )
    unknown = in_proof(secured, lambda proof: proof.update(verificationMethod="did:unheard:of#1"))
    yield _case(
        "method-unheard-of",
        "the key is of a DID method for which nothing was handed in",
        unknown,
        "NOT_FOUND",
        missing=True,
        policy=accepting(issuer, requireIssuerControl=False),
    )
    yield _case(
        "method-unheard-of-and-not-the-issuers",
        "the key is of a DID method for which nothing was handed in, and whatever it is, not the issuer's",
        unknown,
        "ISSUER_MISMATCH",
        policy=accepting(issuer),
    )

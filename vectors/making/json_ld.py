"""JSON-LD: contexts that nobody knows, terms that mean nothing, and claims that hide from the rules.

Under an RDFC suite the RDF statements are signed and not the JSON. Every case that is refused here without a change
of the statements would otherwise let somebody hide a member from a verifier that reads JSON.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import (
    CONTEXTS,
    V2,
    Claims,
    accepting,
    changed,
    secure,
    small,
    text,
    version_2,
    with_terms,
)
from vectors.making.keys import did_of

_SPEC: Final = "json-ld"
_ISSUER: Final = did_of("issuer", "Ed25519")
_FAILED: Final = "PROOF_VERIFICATION_ERROR"
_UNKNOWN: Final = "UNKNOWN_CONTEXT"
_LOSS: Final = "DATA_LOSS_DETECTION_ERROR"
_REFUSED: Final = "PROOF_TRANSFORMATION_ERROR"
_CREDENTIALS: Final = "https://www.w3.org/2018/credentials#"


def cases() -> Iterator[Case]:
    """The cases about contexts and terms."""
    yield from _contexts()
    yield from _losses()


def _case(name: str, title: str, document: bytes, *codes: str, **members: Any) -> Case:
    members = {"policy": with_terms(), "reference": "Verifiable Credential Data Integrity 1.0, section 4.6"} | members
    return Case(spec=_SPEC, name=name, title=title, document=document, codes=codes, **members)


def _contexts() -> Iterator[Case]:
    """Contexts of validly signed documents that the verifier cannot accept, under a suite that covers JSON."""
    data_model = "Verifiable Credentials Data Model 2.0, section 4.3"
    shapes: dict[str, tuple[str, Any, str]] = {
        "unknown": ("a context that nobody knows", [V2, "https://unknown.example/v1"], _UNKNOWN),
        "http": ("a known context by another scheme", [V2, "http://w3id.org/security/data-integrity/v2"], _UNKNOWN),
        "slash": ("a known context with a slash", [V2, "https://w3id.org/security/data-integrity/v2/"], _UNKNOWN),
        "upper-case": (
            "a known context in other letters",
            [V2, "https://W3ID.org/security/data-integrity/v2"],
            _UNKNOWN,
        ),
        "file": ("a file", [V2, "file:///etc/passwd"], _UNKNOWN),
        "data": ("a data URL", [V2, "data:application/ld+json,%7B%22@context%22:%7B%7D%7D"], _UNKNOWN),
        "inline": ("an inline context", [V2, {"degree": "https://x.example/degree"}], _UNKNOWN),
        "vocabulary": ("an inline vocabulary", [V2, {"@vocab": "https://x.example/"}], _UNKNOWN),
        "null": ("null, which forgets the contexts before it", [V2, None], _UNKNOWN),
        "number": ("a number", [V2, 1], _UNKNOWN),
        "nested": ("a list in the list", [V2, [V2]], _UNKNOWN),
        "text": ("one text and no list", V2, "MALFORMED_VALUE_ERROR"),
        "empty": ("an empty list", [], "MALFORMED_VALUE_ERROR"),
        "another-first": (
            "the base context is not the first",
            ["https://w3id.org/security/data-integrity/v2", V2],
            "MALFORMED_VALUE_ERROR",
        ),
        "twice": ("a context twice", [V2, V2], "MALFORMED_VALUE_ERROR"),
    }
    for name, (title, contexts, code) in shapes.items():
        claims = small(_ISSUER) | {"@context": contexts}
        yield _case(
            f"context-{name}",
            f"@context is {title}",
            text(secure(claims)),
            code,
            reference=data_model,
            policy=accepting(),
        )
    missing = {key: value for key, value in small(_ISSUER).items() if key != "@context"}
    yield _case(
        "context-missing",
        "there is no @context",
        text(secure(missing)),
        "MALFORMED_VALUE_ERROR",
        reference=data_model,
        policy=accepting(),
    )
    inside = secure(small(_ISSUER) | {"credentialSubject": {"@context": {"x": "https://x.example/x"}, "x": 1}})
    yield _case(
        "context-inside",
        "a context inside of the subject",
        text(inside),
        _UNKNOWN,
        reference=data_model,
        policy=accepting(),
    )
    escaped = text(inside).replace(b'{"@context":{"x"', b'{"\\u0040context":{"x"')
    yield _case(
        "context-inside-escaped",
        "a context inside of the subject, spelled with an escape",
        escaped,
        _UNKNOWN,
        reference=data_model,
        policy=accepting(),
    )


def _losses() -> Iterator[Case]:
    document = secure(version_2(_ISSUER) | {"credentialStatus": _status()}, "eddsa-rdfc-2022")
    yield _case(
        "status-under-rdfc",
        "the status is found under an RDFC suite",
        text(document),
        "STATUS_RETRIEVAL_ERROR",
        missing=True,
    )

    def subject(**members: Any) -> Callable[[Claims], object]:
        return lambda each: each["credentialSubject"].update(members)

    def top(**members: Any) -> Callable[[Claims], object]:
        return lambda each: each.update({name.replace("at_", "@"): value for name, value in members.items()})

    added: dict[str, tuple[str, Callable[[Claims], object], str]] = {
        "undefined-term": ("a member that no context defines", subject(admin=True), _LOSS),
        "undefined-type": ("a type that no context defines", subject(type=["Learner", "Admin"]), _LOSS),
        "relative-id": ("a relative id", subject(achievement={"id": "17", "type": "Achievement"}), _LOSS),
        "null": ("a member that is null", subject(alsoKnownAs=None), _LOSS),
        "keyword-like": ("a member that looks like a keyword", subject(**{"@admin": True}), _REFUSED),
        "hostile-language": (
            "a language tag with a statement in it",
            subject(heading={"@value": "x", "@language": "en .\n<urn:a> <urn:b> <urn:c"}),
            _LOSS,
        ),
        "undefined-in-proof": (
            "a member of the proof that no context defines",
            lambda each: each["proof"].update(admin=True),
            _LOSS,
        ),
    }
    for name, (title, change, code) in added.items():
        yield _case(
            f"rdfc-{name}",
            title,
            changed(document, change),
            code,
            reference="Verifiable Credential Data Integrity 1.0, section 5.9",
        )
    yield from _hiding(document)


def _status() -> Claims:
    return {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://status.example/1",
    }


def _hiding(document: Claims) -> Iterator[Case]:
    """The same statements in JSON that keeps a member from the rules about it."""

    def rename(name: str, to: str) -> Callable[[Claims], object]:
        return lambda each: each.update({to: each.pop(name)})

    def move(name: str, under: str) -> Callable[[Claims], object]:
        return lambda each: each.update({under: {name: each.pop(name)}})

    moment = {"@type": "http://www.w3.org/2001/XMLSchema#dateTime", "@value": document["validUntil"]}

    def expand_end(each: Claims) -> None:
        del each["validUntil"]
        each[f"{_CREDENTIALS}validUntil"] = moment

    hidden: dict[str, tuple[str, Callable[[Claims], object]]] = {
        "status-by-iri": (
            "the status is named by its IRI",
            rename("credentialStatus", f"{_CREDENTIALS}credentialStatus"),
        ),
        "end-by-iri": ("the end of validity is named by its IRI", expand_end),
        "status-nested": ("the status is nested", move("credentialStatus", "@nest")),
        "status-nested-by-alias": ("the status is nested by an alias", move("credentialStatus", "details")),
        "type-twice": (
            "a type is given by the keyword",
            lambda each: each.update({"type": each["type"][:1], "@type": each["type"][1:]}),
        ),
    }
    for name, (title, change) in hidden.items():
        yield _case(f"hidden-{name}", title, changed(document, change), _REFUSED)
    yield from _hiding_in_proofs()
    yield from _hiding_the_size_of_a_status()
    yield from _known_contexts()


def _hiding_in_proofs() -> Iterator[Case]:
    """A proof has no members but its own: some context could give another name to one of them."""
    expired = secure(version_2(_ISSUER), "eddsa-rdfc-2022", expires=datetime(2026, 1, 31, 11, tzinfo=UTC))
    by_iri = copy.deepcopy(expired)
    by_iri["proof"][_EXPIRATION] = {"@type": _DATE_TIME, "@value": by_iri["proof"].pop("expires")}
    yield _case("hidden-proof-expiry", "the proof's expiry is named by its IRI", text(by_iri), _LOSS)
    by_alias = copy.deepcopy(expired)
    by_alias["@context"].append(_OTHERS)
    by_alias["proof"]["exp"] = by_alias["proof"].pop("expires")
    policy = _knowing({"exp": {"@id": _EXPIRATION, "@type": _DATE_TIME}})
    title = "the proof's expiry has another name under a known context"
    yield _case("hidden-proof-expiry-by-alias", title, text(by_alias), _LOSS, policy=policy)


def _hiding_the_size_of_a_status() -> Iterator[Case]:
    """With its size under another name, a status of two bits would be looked up as one of a single bit."""
    messages = [{"status": f"0x{value}", "message": "piemērs"} for value in range(4)]
    entry = _status() | {"statusSize": 2, "statusMessage": messages}
    document = secure(version_2(_ISSUER) | {"credentialStatus": entry}, "eddsa-rdfc-2022")
    document["@context"].append(_OTHERS)
    document["credentialStatus"]["size"] = document["credentialStatus"].pop("statusSize")
    terms = {"size": {"@id": _STATUS_SIZE, "@type": "http://www.w3.org/2001/XMLSchema#integer"}}
    title = "the size of the status has another name under a known context"
    yield _case("hidden-status-size-by-alias", title, text(document), _REFUSED, policy=_knowing(terms))


def _knowing(terms: Claims) -> dict[str, Any]:
    """A policy that knows one more context."""
    policy = with_terms()
    return policy | {"contexts": policy["contexts"] | {_OTHERS: {"text": json.dumps({"@context": terms})}}}


def _known_contexts() -> Iterator[Case]:
    """The list of contexts is covered by no proof over RDF statements, only what they make of the document is."""
    document = secure(version_2(_ISSUER), "eddsa-rdfc-2022")
    added = changed(document, lambda each: each["@context"].append(_MULTIKEY))
    yield _case("known-context-added", "a known context was added that changes no statement", added)
    policy = _knowing({"alsoKnownAs": "https://x.example/alias"})
    claims = version_2(_ISSUER)
    claims["credentialSubject"]["alsoKnownAs"] = "Līga"
    other = secure(claims, "eddsa-rdfc-2022")
    meaning = changed(other, lambda each: each["@context"].append(_OTHERS))
    yield _case(
        "known-context-protected", "a known context redefines a protected term", meaning, _REFUSED, policy=policy
    )
    for limit in ("quads", "canonicalizationWork"):
        title = f"more work than the limit {limit} allows"
        limited = with_terms(limits={limit: 3})
        yield _case(f"limit-{limit}", title, text(document), "WORK_LIMIT_EXCEEDED", policy=limited)
    by_name = small(_ISSUER) | {"@context": [V2, _BY_NAME]}
    for suite, codes in (("eddsa-jcs-2022", ()), ("eddsa-rdfc-2022", (_UNKNOWN,))):
        secured = secure(by_name, suite, contexts=CONTEXTS | {_BY_NAME: b'{"@context": {}}'})
        title = f"a context that verifiers know by name, and was not handed in, under {suite}"
        yield _case(f"context-by-name-{suite}", title, text(secured), *codes, missing=bool(codes), policy=accepting())
    without = changed(document, lambda each: each["@context"].pop())
    yield _case("context-removed", "the context of the claims was removed", without, _LOSS)
    reset = changed(document, lambda each: each["@context"].reverse())
    yield _case("contexts-reordered", "the base context is not the first any more", reset, "MALFORMED_VALUE_ERROR")


_MULTIKEY: Final = "https://w3id.org/security/multikey/v1"
_BY_NAME: Final = "https://www.w3.org/ns/odrl.jsonld"
_STATUS_SIZE: Final = "https://www.w3.org/ns/credentials/status#statusSize"
_EXPIRATION: Final = "https://w3id.org/security#expiration"
_DATE_TIME: Final = "http://www.w3.org/2001/XMLSchema#dateTime"
_OTHERS: Final = "https://others.example/v1"

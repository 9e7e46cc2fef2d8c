"""Credentials as SD-JWTs: ways of hiding claims, signatures, serializations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import Claims, accepting, text
from vectors.making.disclosures import ISSUER, digest, disclosure, in_json, of_text, salt, sd_jwt, slot, vc
from vectors.making.keys import private_key
from vectors.making.signing import compact, encoded, header, seconds

_DISCLOSURE: Final = "DISCLOSURE_ERROR"
_PARSING: Final = "PARSING_ERROR"
_PROCESSING: Final = "RFC 9901, section 7.1"

_TITLE: Final = disclosure("title", "Datu ētika")
_CREDITS: Final = disclosure("credits", 3)
_FIRST: Final = disclosure("Atpazīst datus")
_OUTER: Final = disclosure("achievement", {"_sd": [digest(_TITLE)], "credits": 3})
_HOLDER: Final = {"jwk": private_key("holder", "Ed25519").public_key.jwk}


def cases() -> Iterator[Case]:
    """The cases about SD-JWTs of any kind."""
    yield from _accepted()
    yield from _signatures()
    yield from _compact()
    yield from _json()
    yield from _limits()


def _case(name: str, title: str, document: bytes, *codes: str, **members: Any) -> Case:
    members = {"policy": accepting(), "reference": _PROCESSING, "covers": {"envelope": "dc+sd-jwt"}} | members
    return Case(spec="sd-jwt", name=name, title=title, document=document, codes=codes, **members)


def _accepted() -> Iterator[Case]:
    """One form of hiding each."""
    plain = sd_jwt(vc(title="Datu ētika"))
    yield _case("nothing-hidden", "nothing is hidden", plain, reference="RFC 9901, section 4")
    flat = vc(_sd=[digest(_CREDITS), digest(_TITLE)])
    yield _case("flat", "two members of the payload are disclosed", sd_jwt(flat, _TITLE, _CREDITS))
    yield _case(
        "flat-order", "the disclosures stand in another order", sd_jwt(flat | {"jti": "urn:uuid:1"}, _CREDITS, _TITLE)
    )
    some = flat | {"jti": "urn:uuid:2"}
    yield _case("flat-one", "one of two members is disclosed", sd_jwt(some, _CREDITS))
    none = flat | {"jti": "urn:uuid:3"}
    yield _case("flat-none", "none of two members is disclosed", sd_jwt(none))
    structured = vc(achievement={"_sd": [digest(_TITLE)], "credits": 3})
    yield _case(
        "structured",
        "a member of an object is disclosed",
        sd_jwt(structured, _TITLE),
        reference="RFC 9901, section 6.2",
    )
    recursive = vc(_sd=[digest(_OUTER)])
    yield _case(
        "recursive",
        "a disclosed object has a disclosed member",
        sd_jwt(recursive, _TITLE, _OUTER),
        reference="RFC 9901, section 6.3",
    )
    outer_only = recursive | {"jti": "urn:uuid:4"}
    yield _case(
        "recursive-outer", "of a disclosed object, the hidden member is not disclosed", sd_jwt(outer_only, _OUTER)
    )
    array = vc(outcome=[slot(_FIRST), "Pagrindžia pasirinkimą", {"...": digest("decoy")}])
    yield _case(
        "array",
        "an element of an array is disclosed, and another is not",
        sd_jwt(array, _FIRST),
        reference="RFC 9901, section 4.2.2",
    )
    decoys = vc(_sd=[digest(_TITLE), digest("decoy")], achievement={"_sd": [digest("another decoy")]})
    yield _case(
        "decoys",
        "digests of nothing stand beside those of claims",
        sd_jwt(decoys, _TITLE),
        reference="RFC 9901, section 4.2.5",
    )
    yield _case("empty", "a list of digests is empty", sd_jwt(vc(_sd=[])), reference="RFC 9901, section 4.2.4.1")
    spaced = of_text(f'[ "{salt("title")}" ,\t"title",\r\n "Datu \\u0113tika"]')
    yield _case(
        "spaced",
        "a disclosure has white space and an escape",
        sd_jwt(vc(_sd=[digest(spaced)]), spaced),
        reference="RFC 9901, section 4.2.1",
    )


def _signatures() -> Iterator[Case]:
    hidden = vc(_sd=[digest(_TITLE)])
    token = sd_jwt(hidden, _TITLE)
    failed = "PROOF_VERIFICATION_ERROR"
    by_another = sd_jwt(hidden, _TITLE, name="stranger")
    yield _case("key-of-another", "somebody else signed under the issuer's name", by_another, failed)
    head, _, rest = token.partition(b".")
    _, _, rest = rest.partition(b".")
    changed = b".".join((head, encoded(text(vc(_sd=[digest(_TITLE)], credits=30))), rest))
    yield _case("claim-added", "a claim was added", changed, failed)
    foreign = sd_jwt(vc(iss=ISSUER), head=header("dc+sd-jwt", name="stranger"), name="stranger")
    yield _case("signed-by-another", "somebody else signed with a key of their own", foreign, "ISSUER_MISMATCH")
    for alg in ("none", "HS256"):
        unsigned = sd_jwt(hidden, _TITLE, head=header("dc+sd-jwt", {"alg": alg}))
        yield _case(f"alg-{alg}", f"alg is {alg}", unsigned, "TOKEN_HEADER_ERROR", reference="RFC 9901, section 9.1")
    bound = {
        "iat": seconds("2026-01-31T11:59:00Z"),
        "aud": "https://verifier.example",
        "nonce": "n-0S6_WzA2Mj",
        "sd_hash": digest(token.decode()),
    }
    kb_jwt = compact({"alg": "EdDSA", "typ": "kb+jwt"}, bound, name="holder")
    yield _case(
        "key-binding",
        "a key binding is there, which nobody asked for",
        sd_jwt(hidden | {"cnf": _HOLDER}, _TITLE) + kb_jwt,
        "KEY_BINDING_ERROR",
        reference="RFC 9901, sections 7.2 and 7.3",
    )


def _compact() -> Iterator[Case]:
    """The compact serialization ends with a tilde where there is no key binding."""
    token = sd_jwt(vc(_sd=[digest(_TITLE)]), _TITLE)
    jwt = token.partition(b"~")[0]
    wrong: dict[str, tuple[str, bytes, str]] = {
        "no-last-tilde": ("there is no tilde behind the last disclosure", token[:-1], _PARSING),
        "no-tilde": ("there is no tilde at all", jwt, "TOKEN_TYPE_ERROR"),
        "two-tildes": ("there is a tilde more at the end", token + b"~", _DISCLOSURE),
        "first-tilde": ("there is a tilde before the token", b"~" + token, _PARSING),
        "line-break": ("there is a line break behind the token", token + b"\n", _PARSING),
        "letters": ("a disclosure has letters beyond ASCII", token + "ē~".encode(), _PARSING),
    }
    for name, (title, document, code) in wrong.items():
        yield _case(f"compact-{name}", title, document, code, reference="RFC 9901, section 4")


def _json() -> Iterator[Case]:
    """The JSON serializations, in which disclosures stand in a header that is not signed."""
    reference = "RFC 9901, section 8"
    token = sd_jwt(vc(_sd=[digest(_TITLE)]), _TITLE)
    for name, general in (("flattened", False), ("general", True)):
        yield _case(
            f"json-{name}", f"the {name} JSON serialization", in_json(token, general=general), reference=reference
        )
    with_kid = in_json(token, kid="did:example:other#key")
    yield _case("json-kid", "a kid that is not signed has no meaning", with_kid, reference=reference)
    header_error = "TOKEN_HEADER_ERROR"
    unsigned: Claims = {"alg": "none", "typ": "dc+sd-jwt", "jwk": _HOLDER["jwk"]}
    for name, value in unsigned.items():
        document = in_json(token, **{name: value})
        yield _case(
            f"json-unprotected-{name}",
            f"the header that is not signed has {name}",
            document,
            header_error,
            reference=reference,
        )
    flattened, general = json.loads(in_json(token)), json.loads(in_json(token, general=True))
    [signed] = general["signatures"]
    wrong: dict[str, tuple[str, Claims]] = {
        "two-signatures": ("there are two signatures", general | {"signatures": [signed, signed]}),
        "no-signatures": ("the list of signatures is empty", general | {"signatures": []}),
        "two-payloads": (
            "there is a payload beside each signature, too",
            general | {"signatures": [signed | {"payload": "e30"}]},
        ),
        "both-forms": ("both JSON serializations in one", flattened | general),
        "more": ("there is a member that nobody knows", flattened | {"x": 1}),
        "dot": ("a part holds a dot", flattened | {"protected": flattened["protected"] + ".e30"}),
        "disclosures-text": ("the disclosures are a text", flattened | {"header": {"disclosures": _TITLE}}),
        "key-binding-empty": (
            "the key binding is empty",
            flattened | {"header": {"disclosures": [_TITLE], "kb_jwt": ""}},
        ),
    }
    for name, (title, tree) in wrong.items():
        yield _case(f"json-{name}", title, text(tree), _PARSING, reference=reference)
    joined = flattened | {"header": {"disclosures": [f"{_TITLE}~{_CREDITS}"]}}
    yield _case("json-joined", "two disclosures stand in one text", text(joined), _DISCLOSURE, reference=reference)
    unreferenced = in_json(token, disclosures=[_TITLE, _CREDITS])
    yield _case(
        "json-unreferenced", "a disclosure has no digest in the token", unreferenced, _DISCLOSURE, reference=reference
    )


def _limits() -> Iterator[Case]:
    reference = "RFC 8259, section 9"
    texts = [disclosure(f"claim-{number}", number) for number in range(4)]
    token = sd_jwt(vc(_sd=[digest(each) for each in texts]), *texts)
    for name, document in (("compact", token), ("json", in_json(token))):
        policy = accepting(limits={"disclosures": 4})
        yield _case(
            f"limit-{name}",
            f"as many disclosures as the limit allows, {name}",
            document,
            policy=policy,
            reference=reference,
        )
        policy = accepting(limits={"disclosures": 3})
        yield _case(
            f"limit-{name}-more",
            f"one disclosure more than the limit, {name}",
            document,
            "TOO_MANY_DISCLOSURES",
            policy=policy,
            reference=reference,
        )
    chain = [disclosure("end", 1)]
    for level in range(20):
        chain.append(disclosure(f"level-{level}", {"_sd": [digest(chain[-1])]}))
    deep = sd_jwt(vc(_sd=[digest(chain[-1])]), *chain)
    policy = accepting(limits={"depth": 10})
    yield _case(
        "limit-depth",
        "disclosures within disclosures, deeper than the limit",
        deep,
        "NESTING_TOO_DEEP",
        policy=policy,
        reference=reference,
    )

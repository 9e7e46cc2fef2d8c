"""The rules of the Verifiable Credentials Data Model, versions 2.0 and 1.1, on a parsed document.

Each function yields the problems it finds and changes nothing. They look at JSON only; what terms mean is the business
of the contexts, all of which have to be known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from types import MappingProxyType
from typing import Final

from did.errors import shown
from vc_core import datetimestamp
from vc_core.document import Json
from vc_core.errors import ParsingError
from vc_core.result import Problem
from vc_core.securing.cryptosuites.cryptosuite import Transformation

V1: Final = "https://www.w3.org/2018/credentials/v1"
V2: Final = "https://www.w3.org/ns/credentials/v2"
_BASES: Final = frozenset({V1, V2})

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\x7f]+").fullmatch
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_BEGINNINGS: Final = ("validFrom", "issuanceDate")
_ENDS: Final = ("validUntil", "expirationDate")
_PERIOD: Final = _BEGINNINGS + _ENDS
_WITH_TYPE: Final = ("credentialStatus", "credentialSchema", "termsOfUse", "evidence", "refreshService")
_NEEDS_ID: Final[Mapping[int, frozenset[str]]] = MappingProxyType(
    {
        1: frozenset({"credentialStatus", "credentialSchema", "refreshService"}),
        2: frozenset({"credentialSchema"}),
    }
)
"""The members whose objects need an identifier, by version."""
MOST_ENTRIES: Final = 1000
"""Subjects, and objects in each of the members with rules of their own. It bounds the problems of a document, too."""
_MOST_PROBLEMS: Final = 100
"""Problems of one member that are told."""
_OUTSIDE: Final = frozenset({"@context", "proof"})
"""The members with rules for contexts of their own."""


def problems_of_contexts(
    tree: dict[str, Json], transformation: Transformation, *, look_inside: bool = True
) -> list[Problem]:
    """`@context`: the base context first, every other one known, none nested (VCDM 2.0, section 4.3; VC-DI, 4.6).

    `look_inside` is False for a document that is known to have no other member `@context`.
    """
    values = tree.get("@context")
    if not isinstance(values, list) or not values or values[0] not in (V1, V2):
        detail = "@context is not a list that begins with the context of the Verifiable Credentials Data Model"
        return [_malformed(detail, "/@context")]
    if len(values) > transformation.limits.contexts:
        return [Problem("WORK_LIMIT_EXCEEDED", f"more than {transformation.limits.contexts} contexts", "/@context")]
    problems: list[Problem] = []
    for position, value in enumerate(() if _are_known(values, transformation.known) else values):
        if position and (value in (V1, V2) or value in values[:position]):
            detail = "a context stands twice, or beside another base context"
            problems.append(_malformed(detail, f"/@context/{position}"))
        elif isinstance(value, str):
            if value not in transformation.known:
                detail = f"the context {shown(value)} is not known here"
                problems.append(Problem("UNKNOWN_CONTEXT", detail, f"/@context/{position}"))
        elif not (isinstance(value, dict) and transformation.allow_inline_contexts):
            detail = "a context is neither a URL nor accepted here"
            problems.append(Problem("UNKNOWN_CONTEXT", detail, f"/@context/{position}"))
    if look_inside and not transformation.allow_inline_contexts:
        problems += _nested_contexts([value for name, value in tree.items() if name not in _OUTSIDE])
    return problems


def _are_known(contexts: list[Json], known: frozenset[str]) -> bool:
    """Whether there is nothing to say of these contexts, of which the first is a base context."""
    try:
        different: set[object] = set(contexts)
    except TypeError:  # what cannot be hashed is no URL either
        return False
    return len(different) == len(contexts) and different <= known and not different >= _BASES


def _nested_contexts(pending: list[Json]) -> Iterator[Problem]:
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            if "@context" in value:
                yield Problem("UNKNOWN_CONTEXT", "a context inside of the document changes what its terms mean")
                return
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)


def problems_of_data_model(tree: dict[str, Json]) -> list[Problem]:
    """Types, identifiers, issuer, subject and the objects that need a type (VCDM 2.0, section 4; VCDM 1.1, 4 and 5)."""
    problems: list[Problem] = []
    contexts = tree.get("@context")
    version = 2 if isinstance(contexts, list) and V2 in contexts else 1
    if not _are_types(tree.get("type"), "VerifiableCredential"):
        problems.append(_malformed("type has to name VerifiableCredential, in a text or a list of texts", "/type"))
    if "id" in tree and not is_url(tree["id"]):
        problems.append(_not_a_url("/id"))
    issuer = tree.get("issuer")
    if not is_url(issuer.get("id") if isinstance(issuer, dict) else issuer):
        problems.append(_not_a_url("/issuer/id" if isinstance(issuer, dict) else "/issuer"))
    subject = tree.get("credentialSubject")
    if not _is_subject(subject):
        problems += islice(_subjects(subject), _MOST_PROBLEMS)
    for name in _WITH_TYPE:
        if name in tree:
            found = _typed_objects(name, tree[name], needs_id=name in _NEEDS_ID[version])
            problems += islice(found, _MOST_PROBLEMS)
    if version == 1:
        if "issuanceDate" not in tree:
            problems.append(_malformed("issuanceDate is missing", "/issuanceDate"))
        return problems
    for name in ("name", "description"):
        for at, owner in (("", tree), ("/issuer", issuer)):
            if isinstance(owner, dict) and name in owner and not _are_language_values(owner[name]):
                problems.append(_malformed(f"{name} is neither text nor a value with a language", f"{at}/{name}"))
    if "relatedResource" in tree:
        problems += islice(_related_resources(tree["relatedResource"]), _MOST_PROBLEMS)
    return problems


def _malformed(detail: str, at: str) -> Problem:
    return Problem("MALFORMED_VALUE_ERROR", detail, at)


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _are_types(value: Json, required: str | None = None) -> bool:
    """Whether this is a text, or a list of texts, at least one, with the required one among them."""
    types = value if isinstance(value, list) else [value]
    for each in types:
        if not isinstance(each, str) or not each:
            return False
    return required in types if required is not None else bool(types)


def is_url(value: Json) -> bool:
    """Whether this is one absolute URL (VCDM 2.0, section 4.4)."""
    return isinstance(value, str) and _URL(value) is not None


def _not_a_url(at: str) -> Problem:
    return _malformed("this is not one absolute URL", at)


def _is_subject(value: Json) -> bool:
    return isinstance(value, dict) and bool(value) and ("id" not in value or is_url(value["id"]))


def _subjects(value: Json) -> Iterator[Problem]:
    if value == []:
        yield _malformed("there is no subject", "/credentialSubject")
    if _are_too_many(value):
        yield _too_many("/credentialSubject")
        return
    for position, subject in enumerate(value if isinstance(value, list) else (value,)):
        at = f"/credentialSubject/{position}" if isinstance(value, list) else "/credentialSubject"
        if not isinstance(subject, dict) or not subject:
            yield _malformed("a subject is not an object with claims", at)
        elif not _is_subject(subject):
            yield _not_a_url(f"{at}/id")


def _are_too_many(value: Json) -> bool:
    return isinstance(value, list) and len(value) > MOST_ENTRIES


def _too_many(at: str) -> Problem:
    return Problem("WORK_LIMIT_EXCEEDED", f"there are more than {MOST_ENTRIES} entries", at)


def _typed_objects(name: str, value: Json, *, needs_id: bool) -> Iterator[Problem]:
    if _are_too_many(value):
        yield _too_many(f"/{name}")
        return
    for position, entry in enumerate(_list(value)):
        at = f"/{name}/{position}" if isinstance(value, list) else f"/{name}"
        if not isinstance(entry, dict):
            yield _malformed(f"an entry of {name} is not an object", at)
            continue
        if not _are_types(entry.get("type")):
            yield _malformed(f"an entry of {name} has no type", at)
        if ("id" in entry or needs_id) and not is_url(entry.get("id")):
            yield _not_a_url(f"{at}/id")


def _are_language_values(value: Json) -> bool:
    """Whether this is text, or one or more values with a language and a direction (VCDM 2.0, section 11.1)."""
    if isinstance(value, str):
        return True
    for each in value if isinstance(value, list) else (value,):
        if not isinstance(each, str) and not (isinstance(each, dict) and _is_language_value(each)):
            return False
    return True


def _is_language_value(value: dict[str, Json]) -> bool:
    language, direction = value.get("@language", "en"), value.get("@direction", "ltr")
    return (
        isinstance(value.get("@value"), str)
        and value.keys() <= {"@value", "@language", "@direction"}
        and isinstance(language, str)
        and _LANGUAGE.fullmatch(language) is not None
        and direction in ("ltr", "rtl")
    )


def _related_resources(value: Json) -> Iterator[Problem]:
    """`relatedResource`: unique URLs, each with a digest (VCDM 2.0, section 5.3)."""
    if _are_too_many(value):
        yield _too_many("/relatedResource")
        return
    seen: set[str] = set()
    for position, entry in enumerate(_list(value)):
        at = f"/relatedResource/{position}" if isinstance(value, list) else "/relatedResource"
        if not isinstance(entry, dict):
            yield _malformed("a related resource is not an object", at)
            continue
        identifier = entry.get("id")
        if not is_url(identifier):
            yield _not_a_url(f"{at}/id")
        if isinstance(identifier, str):
            if identifier in seen:
                yield _malformed("a related resource stands twice", at)
            seen.add(identifier)
        if not any(isinstance(entry.get(name), str) for name in ("digestSRI", "digestMultibase")):
            yield _malformed("a related resource has no digest", at)


def problems_of_validity_period(
    tree: dict[str, Json], *, now: datetime, clock_skew: timedelta = timedelta(0)
) -> list[Problem]:
    """The period in which the credential is valid includes `now`, give or take `clock_skew`.

    Both ends are inclusive (VCDM 2.0, section 4.9). Where the members of both versions of the data model stand in one
    credential, all of them count.
    """
    problems: list[Problem] = []
    begins: list[datetime] = []
    for name in _PERIOD:
        if name not in tree:
            continue
        value = tree[name]
        try:
            moment = datetimestamp.parse(value if isinstance(value, str) else "")
        except ParsingError as error:
            problems.append(Problem(error.code, error.detail, f"/{name}"))
            continue
        if name in _BEGINNINGS:
            begins.append(moment)
            if moment > now and moment - now > clock_skew:
                problems.append(Problem("NOT_YET_VALID", f"the credential is valid from {value} on", f"/{name}"))
        else:
            if moment < now and now - moment > clock_skew:
                problems.append(Problem("EXPIRED", f"the credential was valid until {value}", f"/{name}"))
            if begins and moment < max(begins):
                problems.append(_malformed("the validity period ends before it begins", f"/{name}"))
    return problems


def issuer_of(tree: dict[str, Json]) -> str | None:
    """The issuer's identifier, where it is a text."""
    issuer = tree.get("issuer")
    identifier = issuer.get("id") if isinstance(issuer, dict) else issuer
    return identifier if isinstance(identifier, str) else None


def types_of(tree: dict[str, Json]) -> tuple[str, ...]:
    """The types, in their order."""
    return tuple(each for each in _list(tree.get("type")) if isinstance(each, str))


def validity_period_of(tree: dict[str, Json]) -> tuple[str | None, str | None]:
    """The latest beginning and the earliest end that the credential gives, as it writes them."""
    begins = [text for name in _BEGINNINGS if isinstance(text := tree.get(name), str)]
    ends = [text for name in _ENDS if isinstance(text := tree.get(name), str)]
    if len(begins) > 1:
        begins = [max(begins, key=datetimestamp.parse)]
    if len(ends) > 1:
        ends = [min(ends, key=datetimestamp.parse)]
    return begins[0] if begins else None, ends[0] if ends else None


def problems_of_presentation(tree: dict[str, Json], *, most: int) -> list[Problem]:
    """Types, identifier, holder and the number of credentials (VCDM 2.0, section 4.13; VCDM 1.1, section 4.10)."""
    problems: list[Problem] = []
    if not _are_types(tree.get("type"), "VerifiablePresentation"):
        problems.append(_malformed("type has to name VerifiablePresentation, in a text or a list of texts", "/type"))
    if "id" in tree and not is_url(tree["id"]):
        problems.append(_not_a_url("/id"))
    if "holder" in tree and not is_url(holder_of(tree)):
        problems.append(_not_a_url("/holder"))
    credentials = tree.get("verifiableCredential", [])
    if isinstance(credentials, list) and len(credentials) > most:
        detail = f"there are more than {most} credentials"
        problems.append(Problem("TOO_MANY_CREDENTIALS", detail, "/verifiableCredential"))
    return problems


def holder_of(tree: dict[str, Json]) -> str | None:
    """The holder's identifier, where it is a text."""
    holder = tree.get("holder")
    identifier = holder.get("id") if isinstance(holder, dict) else holder
    return identifier if isinstance(identifier, str) else None

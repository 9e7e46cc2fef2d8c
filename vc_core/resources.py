"""Credential schemas and related resources: documents that a credential names, judged as they were handed in.

Nothing is fetched, neither a schema nor what a schema refers to.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from did import DIDError
from did.errors import shown
from did.multibase import decode_multibase
from vc_core.document import Json, read_json
from vc_core.errors import LimitExceeded, ParsingError, ProofVerificationError, VCError
from vc_core.evidence import Evidence
from vc_core.limits import Limits
from vc_core.result import Problem

SCHEMA_TYPES: Final = frozenset({"JsonSchema", "FullJsonSchemaValidator2021"})
"""Verifiable Credentials JSON Schema Specification, and the name that EBSI's credentials of version 1.1 use."""

_MOST_VALUES: Final = 16
"""Different values that one member of one thing may have in its descriptions."""
_MULTIHASH: Final[Mapping[bytes, str]] = MappingProxyType(
    {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}
)
"""The code of the hash function, then the length of the digest (Multihash)."""
_BY_LENGTH: Final[Mapping[int, str]] = MappingProxyType({32: "sha256", 48: "sha384", 64: "sha512"})


def named_objects(tree: Mapping[str, Json], name: str) -> list[tuple[str, dict[str, Json]]]:
    """The objects in the member `name`, each with its JSON pointer."""
    value = tree.get(name, [])
    if isinstance(value, dict):
        return [(f"/{name}", value)]
    entries = value if isinstance(value, list) else []
    return [(f"/{name}/{position}", entry) for position, entry in enumerate(entries) if isinstance(entry, dict)]


def described(
    entries: Sequence[tuple[str, dict[str, Json]]], tree: dict[str, Json]
) -> list[tuple[str, dict[str, Json]]]:
    """The entries, each with the members of all objects in `tree` that have its identifier.

    To RDF they are one thing. A member that they have with different values gets a list of these; raises
    `LimitExceeded` for very many.
    """
    wanted = {identifier for _, entry in entries if isinstance(identifier := entry.get("id"), str)}
    members: dict[str, dict[str, list[Json]]] = {identifier: {} for identifier in wanted}
    pending: list[Json] = [tree]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, dict):
            identifier = value.get("id")
            if isinstance(identifier, str) and identifier in wanted:
                for name, said in value.items():
                    known = members[identifier].setdefault(name, [])
                    if said not in known:
                        known.append(said)
                    if len(known) > _MOST_VALUES:
                        raise LimitExceeded(f"more than {_MOST_VALUES} descriptions of {shown(identifier)} differ")
            pending.extend(value.values())
    return [
        (at, {**entry, **{name: _one_or_all(said) for name, said in members.get(str(entry.get("id")), {}).items()}})
        for at, entry in entries
    ]


def _one_or_all(said: list[Json]) -> Json:
    if len(said) == 1:
        return said[0]
    return [each for value in said for each in (value if isinstance(value, list) else [value])]


def problems_of_digest(entry: Mapping[str, Json], data: bytes, at: str) -> Iterator[Problem]:
    """The digests of `entry` that `data` does not have (VCDM 2.0, section 5.3).

    `digestSRI` is Subresource Integrity text; `digestMultibase` a multihash, or the bare digest of some issuers.
    """
    for name in ("digestSRI", "digestMultibase"):
        if name not in entry:
            continue
        text = entry[name]
        try:
            read = _sri if name == "digestSRI" else _multibase
            hash_algorithm, digest = read(text if isinstance(text, str) else "")
        except VCError as error:
            yield Problem(error.code, error.detail, f"{at}/{name}")
            continue
        if hashlib.new(hash_algorithm, data).digest() != digest:
            detail = "the resource that was handed in is not the one that the credential names"
            yield Problem("RELATED_RESOURCE_DIGEST_ERROR", detail, f"{at}/{name}")


def _sri(text: str) -> tuple[str, bytes]:
    algorithm, _, encoded = text.partition("-")
    try:
        digest = base64.b64decode(encoded.replace("-", "+").replace("_", "/"), validate=True)
    except ValueError:
        digest = b""
    if _BY_LENGTH.get(len(digest)) != algorithm:
        raise ProofVerificationError(f"{shown(text)} is no digestSRI", code="MALFORMED_VALUE_ERROR")
    return algorithm, digest


def _multibase(text: str) -> tuple[str, bytes]:
    try:
        value = decode_multibase(text)
    except DIDError as error:
        raise ProofVerificationError(error.detail, code="MALFORMED_VALUE_ERROR") from error
    header = _MULTIHASH.get(value[:2])
    if header is not None and len(value) == 2 + value[1]:
        return header, value[2:]
    if len(value) in _BY_LENGTH:
        return _BY_LENGTH[len(value)], value
    raise ProofVerificationError(f"{shown(text)} is no digestMultibase", code="MALFORMED_VALUE_ERROR")


def problems_of_schema(
    claims: dict[str, Json], entry: Mapping[str, Json], *, evidence: Evidence, limits: Limits, at: str
) -> Iterator[Problem]:
    """What the claims have against the supplied JSON Schema that `entry` names (a type of `SCHEMA_TYPES`).

    A reference from the schema to another document is looked up in the evidence as well.
    """
    url = str(entry.get("id"))
    data = evidence.resources[url]
    digests = list(problems_of_digest(entry, data, at))
    yield from digests
    if digests:
        return
    try:
        yield from _validate(claims, read_json(data, limits=limits), evidence, limits, at)
    except ParsingError as error:
        yield Problem("SCHEMA_VALIDATION_ERROR", f"the schema cannot be read: {error.detail}", at)


def _validate(claims: dict[str, Json], schema: Json, evidence: Evidence, limits: Limits, at: str) -> Iterator[Problem]:
    try:
        import jsonschema_rs
    except ImportError:
        detail = "checking a schema needs the extra vc-core[schema]"
        yield Problem("MISSING_DEPENDENCY", detail, at, missing="vc-core[schema]")
        return

    absent: list[str] = []

    def retrieve(url: str) -> Json:
        if url not in evidence.resources:
            absent.append(url)
            raise ValueError(f"{shown(url)} is not among the evidence")
        return read_json(evidence.resources[url], limits=limits)

    if not isinstance(schema, dict | bool):
        yield Problem("SCHEMA_VALIDATION_ERROR", "the schema is neither an object nor a boolean", at)
        return
    try:
        validator = jsonschema_rs.validator_for(schema, retriever=retrieve, validate_formats=True)
        error = next(iter(validator.iter_errors(claims)), None)
    except (ValueError, TypeError, VCError, jsonschema_rs.ReferencingError) as problem:
        if absent:
            detail = f"the schema refers to {shown(absent[0])}, which was not supplied"
            yield Problem("SCHEMA_RETRIEVAL_ERROR", detail, at, missing=absent[0])
        else:
            yield Problem("SCHEMA_VALIDATION_ERROR", f"the schema cannot be used: {_line(str(problem))}", at)
        return
    if error is not None:
        place, rule = (
            "".join(f"/{_escaped(str(step))}" for step in path) for path in (error.instance_path, error.schema_path)
        )
        yield Problem("SCHEMA_VALIDATION_ERROR", f"the rule {shown(rule, 160)} of the schema is broken", place)


def _line(text: str) -> str:
    return shown(text, 160)


def _escaped(step: str) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return step.replace("~", "~0").replace("/", "~1")

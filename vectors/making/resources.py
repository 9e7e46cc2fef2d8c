"""What a credential names and the verifier was given, or not: schemas, related resources."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any, Final

from did.multibase import encode_base58btc
from vectors.making.case import Case
from vectors.making.credentials import Claims, accepting, secure, small, text
from vectors.making.keys import did_of

_ISSUER: Final = did_of("issuer", "Ed25519")
_SCHEMA: Final = "https://schemas.example/learner.json"
_PICTURE: Final = "https://pictures.example/badge.svg"
_SVG: Final = '<svg xmlns="http://www.w3.org/2000/svg"/>'


def cases() -> Iterator[Case]:
    """The cases about credential schemas and related resources."""
    yield from _schemas()
    yield from _related()


def _case(spec: str, name: str, title: str, claims: Claims, *codes: str, **members: Any) -> Case:
    members = {"policy": accepting()} | members
    document = text(secure(small(_ISSUER) | claims))
    return Case(spec=spec, name=name, title=title, document=document, codes=codes, **members)


def _schemas() -> Iterator[Case]:
    schema = '{"properties": {"credentialSubject": {"required": ["id"]}}}'
    strict = '{"properties": {"credentialSubject": {"required": ["degree"]}}}'

    def named(
        name: str, title: str, *codes: str, entry: Claims | None = None, served: str | None = None, **members: Any
    ) -> Case:
        supplied = {} if served is None else {"resources": {_SCHEMA: {"text": served}}}
        claims = {"credentialSchema": {"id": _SCHEMA, "type": "JsonSchema"} | (entry or {})}
        reference = "Verifiable Credentials Data Model 2.0, section 4.11"
        return _case("schema", name, title, claims, *codes, reference=reference, evidence=supplied, **members)

    failed, unavailable = "SCHEMA_VALIDATION_ERROR", "SCHEMA_RETRIEVAL_ERROR"
    require = accepting(resources="require")
    yield named("followed", "the claims follow the schema", served=schema)
    yield named(
        "types-in-a-list",
        "the type of the schema stands in a list",
        entry={"type": ["JsonSchema"]},
        served=schema,
        policy=require,
    )
    yield named(
        "types-in-a-list-not-followed",
        "the same, and the claims do not follow it",
        failed,
        entry={"type": ["JsonSchema"]},
        served=strict,
    )
    yield named("not-followed", "the claims do not follow the schema", failed, served=strict)
    yield named("no-schema", "the schema is none", failed, served='{"type": 7}')
    yield named("not-json", "the schema is no JSON", failed, served="{")
    yield named(
        "refers-outside",
        "the schema refers to a document that was not handed in",
        unavailable,
        missing=True,
        served='{"$ref": "https://schemas.example/other.json"}',
    )
    yield named("not-supplied", "the schema was not handed in, and need not be")
    yield named(
        "not-supplied-required",
        "the schema was not handed in, and has to be",
        unavailable,
        policy=require,
        missing=True,
    )
    yield named(
        "of-another-type",
        "a schema of a type that is not checked, and has to be",
        unavailable,
        entry={"type": "Unheard"},
        policy=require,
        missing=True,
    )
    digest = "sha256-" + base64.b64encode(hashlib.sha256(schema.encode()).digest()).decode()
    yield named("digest", "the digest of the schema is right", entry={"digestSRI": digest}, served=schema)
    yield named(
        "digest-of-another",
        "the schema is not the one that was named",
        "RELATED_RESOURCE_DIGEST_ERROR",
        entry={"digestSRI": digest},
        served=schema + " ",
    )


def _related() -> Iterator[Case]:
    right = hashlib.sha384(_SVG.encode()).digest()
    sri = "sha384-" + base64.b64encode(right).decode()
    multihash = "z" + encode_base58btc(b"\x20\x30" + right)

    def related(
        name: str,
        title: str,
        *codes: str,
        served: str | None = _SVG,
        policy: Claims | None = None,
        missing: bool = False,
        **digests: Any,
    ) -> Case:
        supplied = {} if served is None else {"resources": {_PICTURE: {"text": served}}}
        claims = {"relatedResource": [{"id": _PICTURE, "mediaType": "image/svg+xml"} | digests]}
        reference = "Verifiable Credentials Data Model 2.0, section 5.3"
        return _case(
            "related-resources",
            name,
            title,
            claims,
            *codes,
            reference=reference,
            evidence=supplied,
            policy=policy or accepting(),
            missing=missing,
        )

    wrong = "RELATED_RESOURCE_DIGEST_ERROR"
    yield related("sri", "digestSRI is right", digestSRI=sri)
    yield related("multibase", "digestMultibase is right", digestMultibase=multihash)
    yield related("sri-wrong", "digestSRI is that of another resource", wrong, digestSRI=sri, served=_SVG + " ")
    yield related(
        "multibase-wrong", "digestMultibase is that of another resource", wrong, digestMultibase=multihash, served=""
    )
    yield related(
        "one-wrong",
        "one digest of two is wrong",
        wrong,
        digestSRI=sri,
        digestMultibase=multihash[:-1] + ("2" if multihash[-1] != "2" else "3"),
    )
    yield related(
        "no-digest-of-that-name",
        "digestSRI of a function that is not accepted",
        "MALFORMED_VALUE_ERROR",
        digestSRI="md5-1B2M2Y8AsgTpgAmY7PhCfg==",
    )
    yield related(
        "no-multihash", "digestMultibase is of no known length", "MALFORMED_VALUE_ERROR", digestMultibase="zAAAA"
    )
    yield related("not-supplied", "the resource was not handed in, and need not be", digestSRI=sri, served=None)
    yield related(
        "not-supplied-required",
        "the resource was not handed in, and has to be",
        "RELATED_RESOURCE_RETRIEVAL_ERROR",
        digestSRI=sri,
        served=None,
        policy=accepting(resources="require"),
        missing=True,
    )

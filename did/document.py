"""DID documents: how one is read, and the way from a DID URL to a key that may be used for a purpose.

DID 1.1, section 5; Controlled Identifiers 1.0, sections 2 and 3.3, of whose documents those of DIDs are one kind and
those of https URLs the other that is read. What is not about keys is kept and never followed: services, other names,
controllers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from types import MappingProxyType
from typing import Final, Self, TypeAlias, cast

from did.errors import InvalidDID, InvalidDIDDocument, InvalidVerificationMethod, shown
from did.ijson import LARGEST_INTEGER
from did.jwk import has_private_members
from did.keys import PublicKey
from did.url import MAX_DID_URL, check_identifier, split_url
from did.verification_method import VerificationMethod, read_public_key

__all__ = [
    "FOR_SIGNATURES",
    "MAX_DEPTH",
    "MAX_VALUES",
    "RELATIONSHIPS",
    "DIDDocument",
    "Json",
    "VerificationMethod",
]

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
_Methods: TypeAlias = dict[str, dict[str, Json]]

MAX_VALUES: Final = 10_000
"""JSON values in the largest document."""

MAX_DEPTH: Final = 32
"""Nested arrays and objects in the deepest document."""

RELATIONSHIPS: Final = (
    "authentication",
    "assertionMethod",
    "keyAgreement",
    "capabilityInvocation",
    "capabilityDelegation",
)
"""The verification relationships (DID 1.1, section 5.3)."""

FOR_SIGNATURES: Final = tuple(name for name in RELATIONSHIPS if name != "keyAgreement")
"""Those that are about signatures."""
_AUTHORISED_FOR_NOTHING: Final[dict[str, frozenset[str]]] = dict.fromkeys(RELATIONSHIPS, frozenset())

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+:[!-~]++")
_PRIVATE: Final = re.compile(r"(?:private|secret)Key")
_WRONG_ID: Final = "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"
_WRONG_URL: Final = "INVALID_VERIFICATION_METHOD_URL"
_WRONG_RELATIONSHIP: Final = "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"


@dataclass(frozen=True, slots=True)
class DIDDocument:
    """The document of the DID or https URL `id`, made by `parse`; nothing in it can be changed.

    `controllers` are those that the document names. `source` is the URL that it was fetched from, empty if it was not.
    """

    id: str
    controllers: tuple[str, ...]
    source: str = field(compare=False)
    _metadata: dict[str, Json] = field(repr=False, compare=False)
    _tree: dict[str, Json] = field(repr=False, hash=False)
    _methods: _Methods = field(repr=False, compare=False)
    _relationships: dict[str, frozenset[str]] = field(repr=False, compare=False)
    _decoded: dict[str, VerificationMethod] = field(repr=False, compare=False)

    @classmethod
    def parse(
        cls,
        document: object,
        did: str,
        *,
        keys: Mapping[str, PublicKey] = MappingProxyType({}),
        source: str = "",
        metadata: object = None,
    ) -> Self:
        """The document of `did`, a DID or an https URL, in a JSON object, which is copied.

        Raises `InvalidDID` if `did` is neither, and `InvalidDIDDocument` if the object is not a conforming
        document, is not the document of `did`, holds private keys, or is too large. Keys are decoded when
        they are first used, so methods of unknown types do no harm. `keys` are some that are decoded already,
        by the ids of their methods. `metadata` is a JSON object of DID document metadata, None for none.
        """
        check_identifier(did)
        tree = _copied(document)
        if not isinstance(tree, dict):
            raise InvalidDIDDocument("the DID document is not an object")
        if tree.get("id") != did:
            raise InvalidDIDDocument(
                f"the document's id is {shown(tree.get('id'), 256)}, not {shown(did, 256)}", code=_WRONG_ID
            )
        methods: _Methods = {}
        for method in _list(tree, "verificationMethod"):
            _add_method(methods, method, did)
        relationships = {name: _authorised(tree, name, methods, did) for name in RELATIONSHIPS}
        own = {method_id: method for method_id, method in methods.items() if _document_url(method_id) == did}
        decoded = {method_id: _with_key(method_id, own[method_id], key) for method_id, key in keys.items()}
        return cls(did, _controllers(tree), source, _metadata(metadata), tree, own, relationships, decoded)

    @classmethod
    def of_key(cls, did: str, contexts: list[Json], method: dict[str, Json], key: PublicKey) -> Self:
        """The document of a DID that is a key for signatures: `method` is the one in it, and `key` the one in that.

        It is the document that `parse` makes of the same JSON. Nothing is checked or copied: who made the DID has
        chosen a key that was checked already, and nothing else in it.
        """
        method_id = cast("str", method["id"])
        ids = [method_id]
        tree: dict[str, Json] = {"@context": contexts, "id": did, "verificationMethod": [method]}
        tree |= {name: cast("Json", ids) for name in FOR_SIGNATURES}
        decoded = {method_id: _with_key(method_id, method, key)}
        authorised = _AUTHORISED_FOR_NOTHING | dict.fromkeys(FOR_SIGNATURES, frozenset(ids))
        return cls(did, (), "", {}, tree, {method_id: method}, authorised, decoded)

    @property
    def json(self) -> dict[str, Json]:
        """The whole document; a new object each time."""
        return cast("dict[str, Json]", _copied(self._tree))

    @property
    def metadata(self) -> dict[str, Json]:
        """What is known about the document: its DID document metadata (DID Resolution 1.0, section 4.3); a copy."""
        return cast("dict[str, Json]", _copied(self._metadata))

    def verification_method(self, did_url: str, *, relationship: str) -> VerificationMethod:
        """The method that the absolute URL `did_url` names, if the document authorises it for `relationship`.

        Controlled Identifiers 1.0, section 3.3. Raises `InvalidVerificationMethod` with the code of that
        section, or `InvalidDIDDocument` if the URL is one of another document.
        """
        method = self._methods.get(did_url)
        if method is None:
            raise self._not_found(did_url)
        if did_url not in self._relationships.get(relationship, ()):
            raise InvalidVerificationMethod(
                f"{shown(did_url, 256)} is not authorised for {shown(relationship)}", code=_WRONG_RELATIONSHIP
            )
        decoded = self._decoded.get(did_url)
        if decoded is None:
            decoded = self._decoded[did_url] = _with_key(did_url, method, read_public_key(method))
        return decoded

    def verification_method_of_kid(self, kid: str, *, relationship: str) -> VerificationMethod:
        """The one method authorised for `relationship` that has the `kid` in its JWK, or as the fragment of its id.

        Raises `InvalidVerificationMethod` if there is none, or more than one: which of them is meant is not guessed.
        """
        authorised = self._relationships.get(relationship, frozenset())
        found = [
            method_id
            for method_id, method in self._methods.items()
            if method_id in authorised and kid in {method_id.partition("#")[2], _kid(method)}
        ]
        if len(found) != 1:
            raise InvalidVerificationMethod(
                f"{len(found)} methods authorised for {shown(relationship)} have the kid {shown(kid, 256)}, not one"
            )
        return self.verification_method(found[0], relationship=relationship)

    def _not_found(self, did_url: str) -> InvalidVerificationMethod | InvalidDIDDocument:
        try:
            _, fragment = split_url(did_url)
        except InvalidDID as error:
            return InvalidVerificationMethod(error.detail, code=_WRONG_URL)
        if not fragment:
            return InvalidVerificationMethod(f"{shown(did_url, 256)} has no fragment", code=_WRONG_URL)
        if _document_url(did_url) != self.id:
            return InvalidDIDDocument(
                f"{shown(did_url, 256)} is not in the document of {shown(self.id, 256)}", code=_WRONG_ID
            )
        return InvalidVerificationMethod(f"{shown(did_url, 256)} is not in its document")


def _document_url(did_url: str) -> str:
    return did_url.partition("#")[0]


def _kid(method: dict[str, Json]) -> str | None:
    jwk = method.get("publicKeyJwk")
    kid = jwk.get("kid") if isinstance(jwk, dict) else None
    return kid if isinstance(kid, str) else None


def _copied(value: object) -> Json:
    """A deep copy of strict JSON: exact types, numbers of RFC 7493, texts that are Unicode, no private keys."""
    budget = MAX_VALUES

    def copy(value: object, depth: int) -> Json:
        nonlocal budget
        budget -= 1
        if budget < 0 or depth > MAX_DEPTH:
            raise InvalidDIDDocument(f"the document has over {MAX_VALUES} values or over {MAX_DEPTH} levels")
        kind = type(value)
        if kind is str:
            return _text(cast("str", value))
        if kind is dict:
            members = cast("dict[object, object]", value)
            return {_name(name): copy(member, depth + 1) for name, member in members.items()}
        if kind is list:
            return [copy(entry, depth + 1) for entry in cast("list[object]", value)]
        if value is None or kind is bool or _is_number(value):
            return cast("bool | int | float | None", value)
        raise InvalidDIDDocument(f"the document holds {shown(value)}, which is not JSON")

    return copy(value, 0)


def _is_number(value: object) -> bool:
    if type(value) is int:
        return -LARGEST_INTEGER <= value <= LARGEST_INTEGER
    return type(value) is float and isfinite(value)


def _metadata(metadata: object) -> dict[str, Json]:
    if metadata is None:
        return {}
    copy = _copied(metadata)
    if not isinstance(copy, dict):
        raise InvalidDIDDocument("the metadata of the DID document are not an object")
    return copy


def _text(value: str) -> str:
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise InvalidDIDDocument("the document holds a text that is not Unicode") from error
    return value


def _name(name: object) -> str:
    if type(name) is not str:
        raise InvalidDIDDocument(f"the document has a member named {shown(name)}, which is not JSON")
    if _PRIVATE.match(name):
        raise _private_key()
    return _text(name)


def _private_key() -> InvalidDIDDocument:
    return InvalidDIDDocument("the document holds a private key: that key has to be taken as compromised")


def _list(tree: Mapping[str, Json], name: str) -> list[Json]:
    entries = tree.get(name, [])
    if not isinstance(entries, list):
        raise InvalidDIDDocument(f"the document's {name} is not a list")
    return entries


def _controllers(tree: Mapping[str, Json]) -> tuple[str, ...]:
    controller = tree.get("controller", [])
    entries = controller if isinstance(controller, list) else [controller]
    return tuple(_url(entry, "the document's controller") for entry in entries)


def _url(value: Json, what: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_DID_URL or not _URL.fullmatch(value):
        raise InvalidDIDDocument(f"{what} is {shown(value)}, which is not a URL")
    return value


def _method_id(value: Json, did: str) -> str:
    """The absolute form of a method's id, or of a reference to one; `#...` is of this document."""
    if not isinstance(value, str):
        raise InvalidDIDDocument(f"the id of a verification method is {shown(value)}, which is not a URL")
    absolute = did + value if value.startswith("#") else value
    try:
        _, fragment = split_url(absolute)
    except InvalidDID as error:
        raise InvalidDIDDocument(f"the id of a verification method: {error.detail}") from error
    if not fragment:
        raise InvalidDIDDocument(f"the id of a verification method, {shown(value, 256)}, has no fragment")
    return absolute


def _add_method(methods: _Methods, method: Json, did: str) -> str:
    """The absolute id of `method`, which stands in `methods` from now on."""
    if not isinstance(method, dict):
        raise InvalidDIDDocument("a verification method is not an object")
    method_id = _method_id(method.get("id"), did)
    if method_id in methods:
        raise InvalidDIDDocument(f"two verification methods have the id {shown(method_id, 256)}")
    for name, otherwise in (("type", None), ("expires", ""), ("revoked", "")):
        if not isinstance(method.get(name, otherwise), str):
            raise InvalidDIDDocument(f"the {name} of {shown(method_id, 256)} is not a text")
    _url(method.get("controller"), f"the controller of {shown(method_id, 256)}")
    jwk = method.get("publicKeyJwk")
    if isinstance(jwk, dict) and has_private_members(jwk):
        raise _private_key()
    methods[method_id] = method
    return method_id


def _authorised(tree: Mapping[str, Json], relationship: str, methods: _Methods, did: str) -> frozenset[str]:
    """The ids of the methods that are in the relationship, by value or by reference."""
    authorised: set[str] = set()
    for entry in _list(tree, relationship):
        if isinstance(entry, dict):
            authorised.add(_add_method(methods, entry, did))
        elif isinstance(entry, str) and entry in methods:
            authorised.add(entry)
        else:
            authorised.add(_method_id(entry, did))
    return frozenset(authorised)


def _with_key(method_id: str, method: dict[str, Json], public_key: PublicKey) -> VerificationMethod:
    """The verification method with its key; that the other members are texts was checked by `_add_method`."""
    texts = cast("dict[str, str]", method)
    return VerificationMethod(
        method_id, texts["type"], texts["controller"], public_key, texts.get("expires"), texts.get("revoked")
    )

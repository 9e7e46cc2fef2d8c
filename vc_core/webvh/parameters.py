"""The parameters of a log: what each entry changes about who may write the next one (did:webvh 1.0, Parameters)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Self, cast

from did.errors import InvalidDIDDocument, MethodNotSupported, shown
from vc_core.document import Json
from vc_core.webvh.signatures import multihash

METHOD: Final = "did:webvh:1.0"
"""The only version of the method that is read."""

MAX_KEYS: Final = 64
"""Entries of the longest list in the parameters: keys, hashes, witnesses, watchers."""

_DID_KEY: Final = "did:key:"


class Witnesses(NamedTuple):
    """Those of whom at least `threshold` have to approve an entry, as the Multikeys of their did:key."""

    threshold: int
    keys: tuple[str, ...]

    @property
    def json(self) -> dict[str, Json]:
        """The parameter as DID document metadata, where numbers are texts."""
        return {"threshold": str(self.threshold), "witnesses": [{"id": _DID_KEY + key} for key in self.keys]}


class Parameters(NamedTuple):
    """The parameters after an entry: those that it sets, and the others as they were before it."""

    scid: str
    update_keys: tuple[str, ...]
    next_key_hashes: tuple[str, ...] = ()
    witness: Witnesses | None = None
    watchers: tuple[str, ...] = ()
    portable: bool = False
    deactivated: bool = False
    ttl: int = 3600

    @classmethod
    def first(cls, members: Mapping[str, Json]) -> Self:
        """Those of the first entry. Raises as `updated` does, and for one without method, SCID or keys."""
        for name in ("method", "scid", "updateKeys"):
            if name not in members:
                raise InvalidDIDDocument(f"the first parameters have no {name}")
        return cls(**_read(members))

    def updated(self, members: Mapping[str, Json]) -> Self:
        """Those after an entry with the parameters `members`.

        Raises `InvalidDIDDocument` for a parameter that is unknown, malformed or may not change like that, for keys
        to which the entry before was not committed, and for any change after a deactivation; `MethodNotSupported` for
        another version of the method.
        """
        if self.deactivated:
            raise InvalidDIDDocument("the DID was deactivated in the entry before")
        if "scid" in members:
            raise InvalidDIDDocument("only the first entry has an scid")
        after = self._replace(**_read(members))
        if after.portable and not self.portable:
            raise InvalidDIDDocument("a DID is portable from its first entry, or never")
        if self.next_key_hashes:
            if not {"updateKeys", "nextKeyHashes"} <= members.keys():
                raise InvalidDIDDocument("with pre-rotation each entry has updateKeys and nextKeyHashes")
            for key in after.update_keys:
                if multihash(key.encode()) not in self.next_key_hashes:
                    raise InvalidDIDDocument(f"the entry before is not committed to the key {shown(key, 128)}")
        return after


def _read(members: Mapping[str, Json]) -> dict[str, Any]:
    """The values of the parameters by the names of their fields, each of the form that it has to have."""
    values: dict[str, Any] = {}
    for name, value in members.items():
        if name == "method":
            _check_method(value)
            continue
        if name not in _FORMS:
            raise InvalidDIDDocument(f"{shown(name)} is no parameter")
        field, read, default = _FORMS[name]
        try:
            values[field] = read(default if value is None else value)
        except _MalformedError as error:
            raise InvalidDIDDocument(f"the parameter {name} is not {error}") from error
    return values


class _MalformedError(Exception):
    """A value is not what the text of the error says."""


_NOT_WITNESSES: Final = f"a threshold with 1 to {MAX_KEYS} different witnesses, at least as many, each a did:key"


def _check_method(value: Json) -> None:
    if not isinstance(value, str):
        raise InvalidDIDDocument("the parameter method is not a text")
    if value != METHOD:
        raise MethodNotSupported(f"the log is one of {shown(value)}, and only {METHOD} is supported")


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise _MalformedError("a text")
    return value


def _texts(value: Json) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MAX_KEYS or not all(isinstance(each, str) for each in value):
        raise _MalformedError(f"a list of at most {MAX_KEYS} texts")
    texts = tuple(cast("list[str]", value))
    if len(set(texts)) != len(texts):
        raise _MalformedError("a list of different texts")
    return texts


def _truth(value: Json) -> bool:
    if not isinstance(value, bool):
        raise _MalformedError("true or false")
    return value


def _seconds(value: Json) -> int:
    if type(value) is not int or not 0 <= value <= 2**31:
        raise _MalformedError("a number of seconds from 0 to 2^31")
    return value


def _witnesses(value: Json) -> Witnesses | None:
    if value == {}:
        return None
    match value:
        case {"threshold": threshold, "witnesses": list(entries), **others} if not others and type(threshold) is int:
            keys = {_witness(entry): None for entry in entries}
            if 1 <= threshold <= len(keys) == len(entries) <= MAX_KEYS:
                return Witnesses(threshold, tuple(keys))
    raise _MalformedError(_NOT_WITNESSES)


def _witness(entry: Json) -> str:
    match entry:
        case {"id": str(did), **others} if did.startswith(_DID_KEY) and not others:
            return did.removeprefix(_DID_KEY)
    raise _MalformedError(_NOT_WITNESSES)


_FORMS: Final[Mapping[str, tuple[str, Callable[[Json], object], Json]]] = MappingProxyType(
    {
        "scid": ("scid", _text, None),
        "updateKeys": ("update_keys", _texts, []),
        "nextKeyHashes": ("next_key_hashes", _texts, []),
        "witness": ("witness", _witnesses, {}),
        "watchers": ("watchers", _texts, []),
        "portable": ("portable", _truth, None),
        "deactivated": ("deactivated", _truth, None),
        "ttl": ("ttl", _seconds, 3600),
    }
)
"""Each parameter: its field, how it is read, and what null stands for, which early logs have in the place of it."""

"""The DID methods. A caller adds one with `METHODS | {"name": resolve}`."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from did.methods import jwk, key
from did.methods.method import Fetch, Method

__all__ = ["METHODS", "Fetch", "Method"]

METHODS: Final[MappingProxyType[str, Method]] = MappingProxyType(
    {
        "jwk": jwk.resolve,
        "key": key.resolve,
    }
)

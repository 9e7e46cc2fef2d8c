"""The DID methods. A caller adds one with `METHODS | {"name": resolve}`."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from did.methods import jwk, key, web
from did.methods.ebsi import ebsi_method
from did.methods.method import Fetch, Method, Postponed, Response

__all__ = [
    "COMPUTED",
    "METHODS",
    "SELF_DESCRIBING",
    "WITHOUT_HISTORY",
    "Fetch",
    "Method",
    "Postponed",
    "Response",
    "ebsi_method",
]

SELF_DESCRIBING: Final[MappingProxyType[str, Method]] = MappingProxyType(
    {
        "jwk": jwk.resolve,
        "key": key.resolve,
    }
)
"""The methods that find the document in the DID itself."""

COMPUTED: Final = tuple(f"did:{name}:" for name in SELF_DESCRIBING)
"""How a DID of one of these begins."""

METHODS: Final[MappingProxyType[str, Method]] = MappingProxyType(
    {
        "ebsi": ebsi_method(),
        "jwk": jwk.resolve,
        "key": key.resolve,
        "web": web.resolve,
    }
)
"""Every method. did:ebsi finds nothing before it is told a registry: `METHODS | {"ebsi": ebsi_method(registry)}`."""

WITHOUT_HISTORY: Final[frozenset[Method]] = frozenset({jwk.resolve, key.resolve, web.resolve})
"""Those whose answer does not depend on the time that is asked for."""

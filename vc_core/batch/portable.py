"""Policies, evidence and functions as bytes that another process of this library makes the same objects from.

Read-only tables cannot be pickled, nor can the operations of the published algorithms: the former are taken apart, the
latter go by their names. Whatever else is packed has to be what `pickle` takes, from a module that can be imported.

Unpacking can run code, so only what the process that started this one has packed may be unpacked: it could run code
here anyway. Nothing goes the other way in this form.
"""

from __future__ import annotations

import io
import pickle
from types import FunctionType, MappingProxyType
from typing import Any

from vc_core.policy import ANY_ISSUER, AnyIssuer
from vc_core.securing.cryptosuites import CRYPTOSUITES, Cryptosuite
from vc_core.securing.signed_data import ALGORITHMS, Algorithm


def packed(value: object) -> bytes:
    """`value` as bytes; raises TypeError if something in it cannot go to another process, such as a lock."""
    stream = io.BytesIO()
    try:
        _Packer(stream, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise TypeError(
            f"a resolver, status lists or a policy that cannot go to another process: {error}. Those of the network "
            "stay in theirs: gather the evidence first, or use one worker"
        ) from error
    return stream.getvalue()


def unpacked(data: bytes) -> Any:
    """The object that was packed."""
    return pickle.loads(data)  # noqa: S301  (bytes of our own, from this process or its parent)


class _Packer(pickle.Pickler):
    def reducer_override(self, value: object) -> Any:
        """How to make `value` again; NotImplemented leaves it to pickle."""
        match value:
            case MappingProxyType():
                return _read_only, (dict(value),)
            case Algorithm() if ALGORITHMS.get(value.name) is value:
                return _algorithm, (value.name,)
            case Cryptosuite() if CRYPTOSUITES.get(value.name) is value:
                return _cryptosuite, (value.name,)
            case AnyIssuer() if value is ANY_ISSUER:
                return _any_issuer, ()
            case type() | FunctionType() if value.__module__ == "__main__":
                raise TypeError(f"{value.__qualname__!r} is of the program itself: put it in a module")
        return NotImplemented


def _read_only(table: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(table)


def _algorithm(name: str) -> Algorithm:
    return ALGORITHMS[name]


def _cryptosuite(name: str) -> Cryptosuite:
    return CRYPTOSUITES[name]


def _any_issuer() -> AnyIssuer:
    return ANY_ISSUER

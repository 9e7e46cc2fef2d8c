"""The securing mechanisms by the names that `--securing` takes, each with the options that it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import click

from did import PublicKey
from vc_core import (
    CRYPTOSUITES,
    JWTVC,
    JWTVP,
    SDJWTVC,
    VCCOSE,
    VCJWT,
    VCSDJWT,
    VPCOSE,
    VPJWT,
    VPSDJWT,
    DataIntegrity,
    Securing,
)
from vc_core.cli.exit_codes import InputError


class Mechanism(NamedTuple):
    """What makes the mechanism of its options, and which it has, by their keywords, beside those that all have."""

    make: Callable[..., Securing]
    options: frozenset[str] = frozenset()


def securing(mechanisms: Mapping[str, Mechanism], name: str, options: Mapping[str, Any], **common: Any) -> Securing:
    """The mechanism `name` with those of the options that were given, and what all mechanisms of the table have.

    Raises `click.UsageError` for an option that this mechanism does not have, and `InputError` for a value that it
    cannot have.
    """
    mechanism, chosen = mechanisms[name], given(options)
    for keyword in chosen.keys() - mechanism.options:
        raise unfit(keyword, name)
    try:
        return mechanism.make(**chosen, **common)
    except ValueError as error:
        raise InputError(f"{name} cannot be made: {error}") from error


def given(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given, by their keywords."""
    return {keyword: value for keyword, value in options.items() if value is not None and value != ()}


def unfit(keyword: str, name: str) -> click.UsageError:
    """The error for an option of the running command, by its keyword, that does not go with `name`."""
    context = click.get_current_context()
    option = next(each.opts[0] for each in context.command.params if each.name == keyword)
    return click.UsageError(f"{option} does not go with {name}.", context)


def _selective(
    mechanism: Callable[..., Securing],
    *,
    disclosable: tuple[str, ...] = (),
    decoys: int | None = None,
    holder_key: PublicKey | None = None,
    **others: Any,
) -> Securing:
    """An SD-JWT mechanism; the decoys are mixed into each object and array of which something may be kept back."""
    places = {pointer.rpartition("/")[0] for pointer in disclosable} or {""}
    return mechanism(
        disclosable=frozenset(disclosable),
        decoys={} if decoys is None else dict.fromkeys(places, decoys),
        key_binding=holder_key,
        **others,
    )


def _authentication(cryptosuite: str, *, nonce: str, audience: str, **others: Any) -> Securing:
    """A Data Integrity proof for a presentation, where the nonce is a challenge, and the audience a domain."""
    return DataIntegrity(
        cryptosuite=cryptosuite, proof_purpose="authentication", challenge=nonce, domain=audience, **others
    )


_EXPIRES: Final = frozenset({"expires"})
_SELECTIVE: Final = frozenset({"disclosable", "decoys", "holder_key", "expires"})

ISSUING: Final[Mapping[str, Mechanism]] = MappingProxyType(
    {
        **{name: Mechanism(partial(DataIntegrity, cryptosuite=name), _EXPIRES) for name in CRYPTOSUITES},
        "jwt_vc": Mechanism(JWTVC, frozenset({"profile"})),
        "vc+jwt": Mechanism(VCJWT, _EXPIRES),
        "vc+sd-jwt": Mechanism(partial(_selective, VCSDJWT), _SELECTIVE),
        "dc+sd-jwt": Mechanism(partial(_selective, SDJWTVC), _SELECTIVE | {"type_metadata"}),
        "vc+cose": Mechanism(VCCOSE, _EXPIRES),
    }
)
"""The mechanisms for credentials; all of them have contexts."""

PRESENTING: Final[Mapping[str, Mechanism]] = MappingProxyType(
    {
        **{name: Mechanism(partial(_authentication, name), _EXPIRES) for name in CRYPTOSUITES},
        "jwt_vp": Mechanism(JWTVP, _EXPIRES | {"profile"}),
        "vp+jwt": Mechanism(VPJWT, _EXPIRES),
        "vp+sd-jwt": Mechanism(VPSDJWT, _EXPIRES),
        "vp+cose": Mechanism(VPCOSE, _EXPIRES),
    }
)
"""The mechanisms for presentations; all of them have contexts, a nonce and an audience."""

WITH_CLAIM_STATUS: Final = frozenset({"vc+jwt", "vc+sd-jwt", "dc+sd-jwt"})
"""The mechanisms whose credentials can have the claim `status` of a token, beside any others."""

LISTS: Final[Mapping[str, Mapping[str, Mechanism]]] = MappingProxyType(
    {
        "bitstring": MappingProxyType(
            {name: each for name, each in ISSUING.items() if name in {*CRYPTOSUITES, "jwt_vc", "vc+jwt", "vc+cose"}}
        ),
        "statuslist2021": MappingProxyType(
            {name: each for name, each in ISSUING.items() if name in {*CRYPTOSUITES, "jwt_vc"}}
        ),
    }
)
"""The mechanisms for status lists that are credentials, by their format. Those of the format token are tokens."""

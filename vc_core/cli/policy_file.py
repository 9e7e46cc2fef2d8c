"""The file of `--policy`: the settings of `vc_core.Policy` as JSON, under their names in camel case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeVar

from vc_core import ALGORITHMS, ANY_ISSUER, CRYPTOSUITES, ENVELOPES, Json, Limits
from vc_core.cli.exit_codes import InputError
from vc_core.cli.terminal import printable
from vc_core.document import read_json
from vc_core.errors import VCError
from vc_core.policy import LARGEST_CLOCK_SKEW
from vc_core.securing.vc_jwt import JWT_PROFILES

Entry = TypeVar("Entry")


class Setting(NamedTuple):
    """A member of the file: the policy's keyword, how to read the value, and what form it has to have.

    Reading an unfit value raises TypeError.
    """

    keyword: str
    read: Callable[[Json], Any]
    form: str


def read_policy(data: bytes) -> dict[str, Any]:
    """The keyword arguments for `Policy` that the JSON file `data` sets; raises `InputError`.

    A member that is not in `SETTINGS` is refused: a setting with a slip in its name must not seem in force.
    """
    try:
        tree = read_json(data, limits=Limits())
    except VCError as error:
        raise InputError(f"the policy cannot be read: {error.detail}") from error
    if not isinstance(tree, dict):
        raise InputError("the policy is not a JSON object")
    settings: dict[str, Any] = {}
    for name, value in tree.items():
        setting = SETTINGS.get(name)
        if setting is None:
            raise InputError(f"the policy has no setting {printable(name[:64])}; there are {', '.join(SETTINGS)}")
        try:
            settings[setting.keyword] = setting.read(value)
        except TypeError as error:
            raise InputError(f"the policy's {name} has to be {setting.form}") from error
    return settings


def _boolean(value: Json) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _text(value: Json) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError
    return value


def _texts(value: Json) -> frozenset[str]:
    if not isinstance(value, list):
        raise TypeError
    return frozenset(_text(each) for each in value)


def _issuers(value: Json) -> Any:
    return ANY_ISSUER if value == "any" else _texts(value)


def _one_of(*words: str) -> Callable[[Json], str]:
    def read(value: Json) -> str:
        if not isinstance(value, str) or value not in words:
            raise TypeError
        return value

    return read


def _part_of(table: Mapping[str, Entry]) -> Callable[[Json], Mapping[str, Entry]]:
    def read(value: Json) -> Mapping[str, Entry]:
        names = _texts(value)
        if not names <= table.keys():
            raise TypeError
        return MappingProxyType({name: table[name] for name in table if name in names})

    return read


def _number(value: Json) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError
    return value


def _clock_skew(value: Json) -> timedelta:
    if _number(value) > LARGEST_CLOCK_SKEW.seconds:
        raise TypeError
    return timedelta(seconds=_number(value))


def _limits(value: Json) -> Limits:
    if not isinstance(value, dict) or not value.keys() <= _LIMITS.keys():
        raise TypeError
    return Limits(**{_LIMITS[name]: _number(limit) for name, limit in value.items()})


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


_LIMITS: Final = {_camel_case(each.name): each.name for each in fields(Limits)}

SETTINGS: Final[Mapping[str, Setting]] = MappingProxyType(
    {
        "acceptedIssuers": Setting("accepted_issuers", _issuers, 'a list of identifiers, or "any"'),
        "requireIssuerControl": Setting("require_issuer_control", _boolean, "true or false"),
        "keysAsOf": Setting("keys_as_of", _one_of("now", "issuance"), '"now" or "issuance"'),
        "proofPurpose": Setting("proof_purpose", _text, "a text"),
        "challenge": Setting("challenge", _text, "a text"),
        "domain": Setting("domain", _texts, "a list of texts"),
        "status": Setting("status", _one_of("require", "skip"), '"require" or "skip"'),
        "statusIssuers": Setting("status_issuers", _texts, "a list of identifiers"),
        "statusRegistries": Setting("status_registries", _texts, "a list of URLs"),
        "resources": Setting("resources", _one_of("require", "if supplied"), '"require" or "if supplied"'),
        "cryptosuites": Setting("cryptosuites", _part_of(CRYPTOSUITES), f"a list of {', '.join(CRYPTOSUITES)}"),
        "envelopes": Setting("envelopes", _part_of(ENVELOPES), f"a list of {', '.join(ENVELOPES)}"),
        "algorithms": Setting("algorithms", _part_of(ALGORITHMS), f"a list of {', '.join(ALGORITHMS)}"),
        "jwtProfile": Setting("jwt_profile", _one_of(*JWT_PROFILES), f"one of {', '.join(JWT_PROFILES)}"),
        "allowInlineContexts": Setting("allow_inline_contexts", _boolean, "true or false"),
        "clockSkewSeconds": Setting(
            "clock_skew", _clock_skew, f"a whole number from 0 to {LARGEST_CLOCK_SKEW.seconds}"
        ),
        "limits": Setting("limits", _limits, f"an object with whole numbers for {', '.join(_LIMITS)}"),
    }
)

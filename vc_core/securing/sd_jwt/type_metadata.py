"""Type metadata: what the type of an SD-JWT VC says about its claims (draft-ietf-oauth-sd-jwt-vc, sections 4 to 7).

The documents are handed in, none is fetched. What they say about display is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from did.errors import shown
from vc_core.document import Json, read_json
from vc_core.errors import LimitExceeded, ProofVerificationError, VCError
from vc_core.limits import Limits
from vc_core.result import Problem
from vc_core.securing.sd_jwt.integrity import has_integrity
from vc_core.securing.sd_jwt.paths import Path, pointer_to

ClaimPath: TypeAlias = tuple[str | int | None, ...]
"""Names of members and positions in arrays; None stands for every position (section 7.1)."""

_MOST_DOCUMENTS: Final = 8
"""Types that extend each other in a row."""
_MOST_CLAIMS: Final = 1000
"""Claims that one document describes."""
_MOST_SELECTED: Final = 100_000
"""Claims of a credential that the paths of all rules lead to, together."""


class ClaimRule(NamedTuple):
    """What a type says about the claims at `path`: whether they have to be there, and may or have to be hidden."""

    path: ClaimPath
    mandatory: bool
    sd: Literal["always", "allowed", "never"]


def claim_rules(vct: str, integrity: Json, documents: Mapping[str, bytes], *, limits: Limits) -> tuple[ClaimRule, ...]:
    """The rules of the type `vct` and of the types that it extends; `documents` are their metadata, by their `vct`.

    `integrity` is the claim `vct#integrity`, or None. Raises `ProofVerificationError` with code TYPE_METADATA_ERROR for
    documents that are malformed, not the ones named, or contradict each other, and types that extend themselves; with
    code TYPE_METADATA_RETRIEVAL_ERROR and `missing` for one that is not among the documents.
    """
    chain: list[tuple[ClaimRule, ...]] = []
    seen: set[str] = set()
    name: Json = vct
    while name is not None:
        if not isinstance(name, str) or name in seen or len(seen) == _MOST_DOCUMENTS:
            detail = f"the type extends itself, or more than {_MOST_DOCUMENTS} types in a row, or what is no type"
            raise _error(detail)
        seen.add(name)
        document = _document(name, integrity, documents, limits)
        chain.append(_rules_of(document))
        name, integrity = document.get("extends"), document.get("extends#integrity")
    rules: dict[ClaimPath, ClaimRule] = {}
    for extending in reversed(chain):
        for rule in extending:
            extended = rules.get(rule.path, rule)
            if extended.sd not in ("allowed", rule.sd) or extended.mandatory > rule.mandatory:
                raise _error(f"a type weakens the rule of another for the claim {_shown_path(rule.path)}")
            rules[rule.path] = rule
    return tuple(rules.values())


def _document(name: str, integrity: Json, documents: Mapping[str, bytes], limits: Limits) -> dict[str, Json]:
    if name not in documents:
        detail = f"the metadata of the type {shown(name)} were not supplied"
        raise ProofVerificationError(detail, code="TYPE_METADATA_RETRIEVAL_ERROR", at="/vct", missing=name)
    data = documents[name]
    try:
        meant = integrity is None or (isinstance(integrity, str) and has_integrity(data, integrity))
        document = read_json(data, limits=limits)
    except VCError as error:
        raise _error(f"the metadata of the type {shown(name)} cannot be used: {error.detail}") from error
    if not meant:
        raise _error(
            f"the metadata that were supplied for the type {shown(name)} do not have the digest that is asked for"
        )
    if not isinstance(document, dict) or document.get("vct") != name:
        raise _error(f"the metadata that were supplied for the type {shown(name)} are not about it")
    return document


def _rules_of(document: Mapping[str, Json]) -> tuple[ClaimRule, ...]:
    claims = document.get("claims", [])
    if not isinstance(claims, list) or len(claims) > _MOST_CLAIMS:
        raise _error(f"the claims of a type are not an array of at most {_MOST_CLAIMS}")
    return tuple(map(_rule, claims))


def _rule(claim: Json) -> ClaimRule:
    match claim:
        case {"path": [_, *_] as path, **others}:
            match {"mandatory": False, "sd": "allowed", **others}:
                case {"mandatory": bool(mandatory), "sd": "always" | "allowed" | "never" as sd}:
                    return ClaimRule(tuple(map(_component, path)), mandatory, sd)
    raise _error("a claim of a type has no path, or its mandatory or sd has a value that is not defined")


def _component(value: Json) -> str | int | None:
    if value is None or isinstance(value, str) or (type(value) is int and value >= 0):
        return value
    raise _error("a path has a component that is neither a name, a position, nor null")


def problems_of_claims(
    claims: dict[str, Json], disclosed: Iterable[Path], rules: Iterable[ClaimRule], *, complete: bool
) -> list[Problem]:
    """What the claims break of the rules of their type (code TYPE_METADATA_ERROR).

    `disclosed` are the paths of those that are disclosed selectively. Where the claims are not `complete`, a missing
    one is a problem only if the rules let nobody hide it, nor anything that it stands in.
    """
    rules, selective = tuple(rules), frozenset(disclosed)
    by_path = {rule.path: rule for rule in rules}
    problems: list[Problem] = []
    selected = 0
    for rule in rules:
        levels: list[list[tuple[Path, Json]]] = [[((), claims)]]
        for component in rule.path:
            levels.append(
                [((*at, token), below) for at, value in levels[-1] for token, below in _below(value, component)]
            )
            if (selected := selected + len(levels[-1])) > _MOST_SELECTED:
                raise LimitExceeded(f"the rules of the type lead to more than {_MOST_SELECTED} claims")
        for path, _ in levels[-1]:
            if rule.sd != "allowed" and (path in selective) != (rule.sd == "always"):
                what = "has to be" if rule.sd == "always" else "may not be"
                detail = f"the type says that this claim {what} selectively disclosable"
                problems.append(Problem("TYPE_METADATA_ERROR", detail, pointer_to(path)))
        if rule.mandatory and (complete or _is_visible(rule.path, by_path)) and _is_missing(rule.path, levels, by_path):
            detail = f"the type says that there has to be a claim {_shown_path(rule.path)}"
            problems.append(Problem("TYPE_METADATA_ERROR", detail))
    return problems


def always_disclosable(claims: dict[str, Json], rules: Iterable[ClaimRule]) -> frozenset[Path]:
    """The paths of the claims of which the rules say that they have to be selectively disclosable."""
    paths: set[Path] = set()
    for rule in rules:
        if rule.sd == "always":
            level: list[tuple[Path, Json]] = [((), claims)]
            for component in rule.path:
                level = [((*at, token), below) for at, value in level for token, below in _below(value, component)]
            paths.update(path for path, _ in level)
    return frozenset(paths)


def _below(value: Json, component: str | int | None) -> Iterable[tuple[str | int, Json]]:
    """What the component of a path selects in one value, each with the name or position (section 7.1)."""
    if isinstance(value, dict):
        return [(component, value[component])] if isinstance(component, str) and component in value else ()
    if isinstance(value, list):
        if component is None:
            return enumerate(value)
        if isinstance(component, int) and component < len(value):
            return [(component, value[component])]
    return ()


def _is_visible(path: ClaimPath, rules: Mapping[ClaimPath, ClaimRule]) -> bool:
    """Whether neither the claim nor anything it stands in may be hidden."""
    beginnings = (path[:length] for length in range(1, len(path) + 1))
    return all(each in rules and rules[each].sd == "never" for each in beginnings)


def _is_missing(path: ClaimPath, levels: list[list[tuple[Path, Json]]], rules: Mapping[ClaimPath, ClaimRule]) -> bool:
    """Whether something lacks the claim. What is optional, and an array without elements, needs no parts."""
    for length in range(1, len(path)):
        if not levels[length]:
            optional = path[:length] in rules and not rules[path[:length]].mandatory
            return path[length - 1] is not None and not optional
    return len({at[:-1] for at, _ in levels[-1]}) < len(levels[-2])


def _shown_path(path: ClaimPath) -> str:
    return shown("/".join("*" if component is None else str(component)[:64] for component in path[:16]))


def _error(detail: str, *, at: str = "/vct") -> ProofVerificationError:
    return ProofVerificationError(detail, code="TYPE_METADATA_ERROR", at=at)

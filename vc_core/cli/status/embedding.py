"""`vc-core issue --status-list`: an index in each list, and the entries for them in the claims."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Final

from did.errors import shown
from status.store import ListInfo, Store
from vc_core import Json
from vc_core.cli.exit_codes import InputError
from vc_core.cli.mechanisms import WITH_CLAIM_STATUS
from vc_core.cli.options import now
from vc_core.cli.status.stores import actor_or_user, list_of, open_store
from vc_core.cli.terminal import note, printable
from vc_core.status_lists import context_of_entries, status_claims

_V2: Final = "https://www.w3.org/ns/credentials/v2"


def with_status(
    claims: dict[str, Json],
    name: str,
    *,
    urls: Sequence[str],
    store: str,
    actor: str | None,
    attempt: Callable[[dict[str, Json]], object],
) -> dict[str, Json]:
    """The claims with an entry for each of the lists at `urls`, to be secured by the mechanism `name`.

    The credential is called by its `id`, for an SD-JWT VC its `jti`; one that has none gets a name for the store
    alone, which is told. What it is called has the same index again. Before any index is given, `attempt` is called
    with the claims and an index that nobody gets: what it raises is passed on, and so no index is lost to claims that
    cannot be issued. Raises `InputError`, also before, and `StoreError`.
    """
    identifier = claims.get("jti" if name == "dc+sd-jwt" else "id")
    called = identifier if isinstance(identifier, str) and identifier else uuid.uuid4().urn
    with open_store(store) as opened:
        infos = [list_of(opened, url) for url in dict.fromkeys(urls)]
        _check(claims, name, infos)
        who = actor_or_user(actor)
        provisional = claims
        for info in infos:
            provisional = _with_entry(provisional, info, info.length - 1)
        attempt(provisional)
        for info in infos:
            claims = _with_entry(claims, info, _allocated(opened, info, called, who))
    return claims


def _check(claims: dict[str, Json], name: str, infos: Sequence[ListInfo]) -> None:
    """Raises `InputError` for a list that such a credential cannot refer to."""
    tokens = [info.url for info in infos if info.format == "token"]
    others = [info.url for info in infos if info.format != "token"]
    if others and name == "dc+sd-jwt":
        raise InputError(f"{printable(others[0])} is for W3C credentials: dc+sd-jwt takes a list of the format token")
    if tokens and name not in WITH_CLAIM_STATUS:
        raise InputError(f"{printable(tokens[0])} is for tokens: {name} takes a list of the format bitstring")
    if len(tokens) > 1 or (tokens and "status" in claims):
        raise InputError("a token has one claim status, and so one list of the format token")
    for entry in _entries(claims):
        if isinstance(entry, dict) and entry.get("statusListCredential") in others:
            raise InputError(f"the claims refer to the list {shown(entry['statusListCredential'])} already")


def _allocated(store: Store, info: ListInfo, called: str, actor: str) -> int:
    index = store.allocate(info.url, credential=called, actor=actor, at=now())
    note(printable(f"Status: index {index} of {info.url}, of the credential {called}."))
    return index


def _with_entry(claims: dict[str, Json], info: ListInfo, index: int) -> dict[str, Json]:
    made = status_claims(info, index)
    if "credentialStatus" not in made:
        return claims | made
    entry, before = made["credentialStatus"], _entries(claims)
    added = [*before, *(entry if isinstance(entry, list) else [entry])]
    claims = claims | {"credentialStatus": added if len(added) > 1 else added[0]}
    contexts, context = claims.get("@context"), context_of_entries(info)
    if isinstance(contexts, list) and context not in contexts and (_V2 not in contexts or info.format != "bitstring"):
        claims["@context"] = [*contexts, context]
    return claims


def _entries(claims: dict[str, Json]) -> list[Json]:
    value = claims.get("credentialStatus", [])
    return value if isinstance(value, list) else [value]

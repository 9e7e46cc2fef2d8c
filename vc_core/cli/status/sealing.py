"""How `vc-core status publish` makes bytes of a list, and looks at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, Final, cast

from did import Resolver, StaticResolver
from status import StatusError
from status.store import ListInfo, Published, Snapshot, Store
from vc_core import Evidence, Signer, VCError
from vc_core.canonical.contexts import PINNED
from vc_core.cli.exit_codes import InputError
from vc_core.cli.mechanisms import LISTS, securing
from vc_core.cli.options import now
from vc_core.cli.terminal import printable
from vc_core.status_lists import ListSecuring, check_list, seal_list

_TOKENS: Final = ("statuslist+jwt", "statuslist+cwt")
LIST_SECURINGS: Final = tuple(dict.fromkeys([*(name for table in LISTS.values() for name in table), *_TOKENS]))
"""The names of the mechanisms that a list can be secured by, in one format or another."""
HAS_PROFILE: Final = "jwt_vc"
"""The one of them that has a profile."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """How one list becomes bytes."""

    info: ListInfo
    signer: Signer
    securing: ListSecuring
    valid_for: timedelta | None
    ttl: timedelta | None
    ebsi_schema: str | None

    @classmethod
    def of(
        cls,
        info: ListInfo,
        names: tuple[str, ...],
        signer: Signer,
        valid_for: timedelta | None,
        ttl: timedelta | None,
        profile: str | None,
        ebsi_schema: str | None,
    ) -> Sealing:
        """With the first mechanism that is for a list of this format. Raises `InputError` for what does not go."""
        table: Mapping[str, Any] = LISTS.get(info.format, dict.fromkeys(_TOKENS))
        name = next((each for each in names if each in table), None)
        if name is None:
            raise InputError(
                f"{printable(info.url)} has the format {info.format}: say --securing with one of {', '.join(table)}"
            )
        if info.format == "statuslist2021" and ttl is not None:
            raise InputError("a list of the format statuslist2021 cannot say how long it may be kept: leave out --ttl")
        kept = info.ttl if ttl is None else ttl
        if kept is not None and valid_for is not None and kept > valid_for:
            raise InputError(f"{printable(info.url)} could be kept for longer than it is valid for")
        if info.format == "token":
            return cls(info, signer, cast("ListSecuring", name), valid_for, ttl, None)
        options = {"profile": profile} if name == HAS_PROFILE else {}
        mechanism = securing(LISTS[info.format], name, options, contexts=PINNED)
        return cls(info, signer, mechanism, valid_for, ttl, ebsi_schema)

    def published(
        self, store: Store, folder: str, name: str | None, *, clock_was_ahead: bool
    ) -> Published | StatusError | VCError:
        """What became of it; others are published even if this one cannot be."""
        publish = partial(store.publish, seal=self.seal, check=self.check, clock_was_ahead=clock_was_ahead)
        try:
            return publish(self.info.url, folder, name=name, at=now())
        except (StatusError, VCError) as error:
            return error

    def seal(self, snapshot: Snapshot) -> bytes:
        """See `status.store.Seal`."""
        return seal_list(
            self._said(snapshot),
            signer=self.signer,
            securing=self.securing,
            lifetime=self.valid_for,
            ebsi_schema=self.ebsi_schema,
        )

    def check(self, body: bytes, snapshot: Snapshot) -> None:
        """See `status.store.Check`."""
        issuer = self.signer.verification_method.partition("#")[0]
        check_list(body, self._said(snapshot), issuer=issuer, resolver=_resolver(self.signer))

    def _said(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with the time to live that was asked for."""
        return snapshot if self.ttl is None else replace(snapshot, info=replace(snapshot.info, ttl=self.ttl))


def _resolver(signer: Signer) -> Resolver:
    """Knows the DID of the signer: by itself, or else what its document has to say for the list to be verified.

    Whether it does say so, only the network knows: `status check` with the published URL finds out.
    """
    controller = signer.verification_method.partition("#")[0]
    if controller.startswith(("did:key:", "did:jwk:")):
        return StaticResolver()
    method = {
        "id": signer.verification_method,
        "type": "JsonWebKey",
        "controller": controller,
        "publicKeyJwk": signer.public_key.jwk,
    }
    document = {"id": controller, "verificationMethod": [method], "assertionMethod": [method["id"]]}
    return Evidence(did_documents={controller: cast("Any", document)}).resolver()

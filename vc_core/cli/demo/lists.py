"""The status lists of the demo: a store in a temporary folder, as an issuer has one, and what is published from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from did import StaticResolver
from status.store import ListInfo, Store
from vc_core import Json
from vc_core.cli.demo.cases import SECURING, Case, Issuer, ListName
from vc_core.cli.demo.credentials import name_of
from vc_core.status_lists import check_list, seal_list, status_claims

_HOST: Final = "https://status.example"
_ACTOR: Final = "registrar"
_PURPOSES: Final[Mapping[ListName, str]] = MappingProxyType(
    {"revocation": "revocation", "suspension": "suspension", "withheld": "revocation"}
)

Numbered = tuple[int, Case, Issuer]
"""A credential of the demo: its number, its case and its issuer."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of all issuers, in a store."""

    store: Store
    issuers: tuple[Issuer, ...]

    def create(self, now: datetime) -> None:
        """Afterwards each issuer has a list of each name, in which nothing is set."""
        for issuer in self.issuers:
            for name, purpose in _PURPOSES.items():
                self.store.create(
                    _url(issuer, name),
                    format="bitstring",
                    purposes=[purpose],
                    ttl=timedelta(minutes=15),
                    actor=_ACTOR,
                    at=now,
                )

    def allocate(self, credentials: Iterable[Numbered], now: datetime) -> dict[int, list[Json]]:
        """The status entries of each credential, by its number: one for each list that its case has."""
        wanted: defaultdict[str, dict[int, str]] = defaultdict(dict)
        for number, case, issuer in credentials:
            for name in case.lists:
                wanted[_url(issuer, name)][number] = name_of(number, issuer.did)
        infos = {info.url: info for info in self.store.lists()}
        entries: defaultdict[int, list[Json]] = defaultdict(list)
        for url, names in wanted.items():
            indexes = self.store.allocate_many(url, list(names.values()), actor=_ACTOR, at=now)
            for number, index in zip(names, indexes, strict=True):
                entries[number].append(_entry(infos[url], index))
        return entries

    def set(self, credentials: Iterable[Numbered], now: datetime) -> int:
        """Afterwards those are revoked or suspended whose case says so. How many changes that took, one by one.

        Everybody who has an index in a list for suspension was suspended at first.
        """
        count = 0
        for number, case, issuer in credentials:
            if "suspension" in case.lists:
                count += self._set(issuer, "suspension", number, 1, "under review", now)
                if case.set_in is None:
                    count += self._set(issuer, "suspension", number, 0, "the review found nothing", now)
            if case.set_in == "revocation":
                count += self._set(issuer, "revocation", number, 1, "awarded by mistake", now)
        return count

    def _set(self, issuer: Issuer, name: ListName, number: int, value: int, reason: str, now: datetime) -> int:
        url = _url(issuer, name)
        index = self.store.index_of(url, name_of(number, issuer.did))
        self.store.set(url, index, value, actor=_ACTOR, reason=reason, at=now)
        return 1

    def publish(self, folder: Path, now: datetime) -> dict[str, bytes]:
        """The lists as they are published, signed by their issuers, by URL; without those that are withheld."""
        published = {}
        for issuer in self.issuers:
            for name in _PURPOSES:
                file = self.store.publish(
                    _url(issuer, name),
                    folder,
                    seal=partial(seal_list, signer=issuer.signer, securing=SECURING, lifetime=timedelta(days=7)),
                    check=partial(check_list, issuer=issuer.did, resolver=StaticResolver()),
                    at=now,
                )
                if name != "withheld":
                    published[file.url] = file.path.read_bytes()
        return published


def _url(issuer: Issuer, name: ListName) -> str:
    return f"{_HOST}/{issuer.institution.code}-{name}"


def _entry(info: ListInfo, index: int) -> Json:
    return status_claims(info, index)["credentialStatus"]

"""The network, for the commands that may use it: their options, and what they make of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Final

import click

from did import METHODS, Fetch, LiveResolver, Method, Resolver, Response, ebsi_method, universal_method
from vc_core import NO_EVIDENCE, Evidence, VCError
from vc_core.cli.exit_codes import ExitCode, InputError
from vc_core.cli.files import read_file
from vc_core.cli.options import now
from vc_core.cli.terminal import printable
from vc_core.webvh import webvh_method

_LARGEST_EVIDENCE: Final = 256 * 1024 * 1024
_LARGEST_CERTIFICATES: Final = 1024 * 1024

_OPTIONS: Final = (
    click.option("--offline", is_flag=True, help="Fetch nothing: only what is supplied is known."),
    click.option(
        "--evidence", metavar="FILE", help="JSON with didDocuments and resources, which are then not fetched."
    ),
    click.option(
        "--ebsi-registry",
        metavar="URL",
        help="The DID Registry for did:ebsi, such as https://api-pilot.ebsi.eu/did-registry/v5. There is no default.",
    ),
    click.option(
        "--resolver",
        "universal",
        metavar="URL",
        help="A universal resolver for the DID methods that are not built in. It is believed.",
    ),
    click.option(
        "--allow-host",
        "allowances",
        multiple=True,
        metavar="HOST:PORT",
        help="Unsafe, for development: also ask this host, whose addresses are those of this machine; "
        "with =private behind it, of the private network. May be repeated.",
    ),
    click.option(
        "--tls-ca",
        metavar="FILE",
        help="The certification authorities (PEM) to trust, in place of those of the operating system.",
    ),
)


@dataclass(frozen=True, slots=True)
class Network:
    """What may be reached: `fetch` is None where nothing may, and `methods` are those that DIDs are resolved by."""

    fetch: Fetch | None
    methods: Mapping[str, Method]

    def resolver(self, evidence: Evidence, now: datetime) -> Resolver:
        """A resolver that knows the documents of the evidence, in their versions of `now`, and may get others.

        Raises `did.DIDError` for a document in the evidence that is not the one of its DID.
        """
        if self.fetch is None:
            return evidence.resolver(now=now)
        return LiveResolver(self.fetch, methods=self.methods, pinned=evidence.did_documents, now=now)


def network_options(command: Callable[..., ExitCode]) -> Callable[..., ExitCode]:
    """The command with the options of the network; in place of them it gets `network` and `supplied`, the evidence."""

    @wraps(command)
    def with_network(
        *,
        offline: bool,
        evidence: str | None,
        ebsi_registry: str | None,
        universal: str | None,
        allowances: tuple[str, ...],
        tls_ca: str | None,
        **others: Any,
    ) -> ExitCode:
        methods = _methods(ebsi_registry, universal)
        network = Network(None if offline else _fetch(allowances, tls_ca), methods)
        return command(network=network, supplied=_evidence(evidence), **others)

    for option in reversed(_OPTIONS):
        with_network = option(with_network)
    return with_network


def _methods(ebsi_registry: str | None, universal: str | None) -> Mapping[str, Method]:
    """The methods of DIDs. Those that are built in are not left to the universal resolver, which could say anything."""
    methods: Mapping[str, Method] = METHODS | {"webvh": webvh_method(now=now)}
    try:
        if ebsi_registry is not None:
            methods = {**methods, "ebsi": ebsi_method(ebsi_registry)}
        if universal is None:
            return methods
        built_in = {name: method for name, method in methods.items() if name != "ebsi" or ebsi_registry is not None}
        return _AnyMethod(built_in, universal_method(universal))
    except ValueError as error:
        raise InputError(f"--ebsi-registry or --resolver cannot be used: {error}") from error


class _AnyMethod(Mapping[str, Method]):
    """A table in which every name that is not in it has one and the same method."""

    def __init__(self, methods: Mapping[str, Method], other: Method) -> None:
        self._methods, self._other = methods, other

    def __getitem__(self, name: str) -> Method:
        return self._methods.get(name, self._other)

    def __iter__(self) -> Iterator[str]:
        return iter(self._methods)

    def __len__(self) -> int:
        return len(self._methods)


def _fetch(allowances: tuple[str, ...], tls_ca: str | None) -> Fetch:
    """The way to the network. Without the extra `net` it leads nowhere, and says so where something is missing."""
    from vc_core.net import Fetcher, FetchError, trust  # sockets and TLS, which few commands need

    purposes = dict(_allowance(each) for each in allowances)
    try:
        tls = None if tls_ca is None else trust(read_file(tls_ca, largest=_LARGEST_CERTIFICATES))
    except ValueError as error:
        raise InputError(f"{printable(str(tls_ca))} cannot be used: {error}") from error
    try:
        return Fetcher(allowances=purposes, tls=tls)
    except ValueError as error:
        raise InputError(f"--allow-host cannot be used: {error}") from error
    except FetchError as error:
        return _nowhere(error.code, error.detail)


def _nowhere(code: str, detail: str) -> Fetch:
    """What answers every request with the error that nothing can be fetched."""
    from vc_core.net import FetchError

    def fetch(url: str, *, accept: str) -> Response:  # noqa: ARG001  (nobody is asked)
        raise FetchError(code, detail, url=url)

    return fetch


def _allowance(text: str) -> tuple[str, str]:
    """A host with its port, and what its addresses are for."""
    host, _, purpose = text.partition("=")
    return host, purpose or "loopback"


def _evidence(file: str | None) -> Evidence:
    if file is None:
        return NO_EVIDENCE
    try:
        return Evidence.read(read_file(file, largest=_LARGEST_EVIDENCE))
    except VCError as error:
        raise InputError(f"the evidence in {printable(file)} cannot be used: {error.detail}") from error

"""`vc-core resolve`: the document of a DID."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

import click

import did
from vc_core import Evidence
from vc_core.cli import terminal
from vc_core.cli.exit_codes import ExitCode
from vc_core.cli.network import Network, network_options
from vc_core.cli.options import now, time

_EXIT_CODES: Final[Mapping[str, ExitCode]] = MappingProxyType(
    {
        "INVALID_DID": ExitCode.INPUT_ERROR,
        "INVALID_OPTIONS": ExitCode.INPUT_ERROR,
        "INVALID_DID_DOCUMENT": ExitCode.REJECTED,
    }
)
"""How an error of DID Resolution ends the command; every other one says that the document could not be had."""


@click.command(
    epilog="Exit codes: 0 resolved, 1 deactivated or the document is invalid, 2 malformed DID, "
    "3 the document cannot be had: not found, no answer, or a method that is not known here."
)
@click.argument("identifier", metavar="DID")
@click.option(
    "--at", callback=time, metavar="TIME", help="The document as it was then, where the method has a history."
)
@network_options
@click.option("--json", "as_json", is_flag=True, help="Print it on one line.")
def resolve(*, identifier: str, at: datetime | None, network: Network, supplied: Evidence, as_json: bool) -> ExitCode:
    """Print the document of a DID, or of an https URL that names one.

    The resolution result is JSON, with its metadata (DID Resolution 1.0). did:key and did:jwk need no network;
    did:web, did:webvh, did:ebsi and https URLs do.
    """
    result = did.resolution_result(identifier, network.resolver(supplied, now()), at=at)
    terminal.json_result(result, indent=None if as_json else 2)
    return _exit_code(result)


def _exit_code(result: Mapping[str, Any]) -> ExitCode:
    """How the command ends, which is told in a line for people if there is no document."""
    match result:
        case {"didResolutionMetadata": {"error": {"type": str(kind), "title": str(title), "detail": str(detail)}}}:
            terminal.note(f"vc-core: {title}: {detail}")
            return _EXIT_CODES.get(kind.rpartition("#")[2], ExitCode.UNDECIDED)
        case {"didDocument": None}:
            terminal.note("vc-core: The DID is deactivated: it has no document any more")
            return ExitCode.REJECTED
    return ExitCode.DONE

"""`vc-core resolve`: the document of a DID."""

from __future__ import annotations

import click

import did
from vc_core.cli import terminal
from vc_core.cli.exit_codes import ExitCode


@click.command(epilog="Exit codes: 0 resolved, 1 not found or method not supported, 2 malformed DID.")
@click.argument("identifier", metavar="DID")
def resolve(*, identifier: str) -> ExitCode:
    """Print the document of a DID.

    The resolution result is JSON, with its metadata (DID Resolution 1.0). Only methods that need no network
    are resolved: did:key and did:jwk.
    """
    result = did.resolution_result(identifier, did)
    terminal.json_result(result, indent=2)
    match result["didResolutionMetadata"]:
        case {"error": {"type": str(kind), "title": str(title), "detail": str(detail)}}:
            terminal.note(f"vc-core: {title}: {detail}")
            return ExitCode.INPUT_ERROR if kind.endswith("#INVALID_DID") else ExitCode.REJECTED
    return ExitCode.DONE

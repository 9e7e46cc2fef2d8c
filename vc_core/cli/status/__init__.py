"""`vc-core status`: the issuer's status lists, from their creation to the look of what is published."""

from __future__ import annotations

import click

from vc_core.cli.status.allocate import allocate
from vc_core.cli.status.check import check
from vc_core.cli.status.create import create
from vc_core.cli.status.history import history
from vc_core.cli.status.list_lists import list_lists
from vc_core.cli.status.publish import publish
from vc_core.cli.status.set_values import set_values

__all__ = ["status"]


@click.group(
    no_args_is_help=False,
    commands={
        "create": create,
        "allocate": allocate,
        "set": set_values,
        "publish": publish,
        "check": check,
        "list": list_lists,
        "history": history,
    },
)
def status() -> None:
    """Keep status lists: who is revoked, and that verifiers learn of it.

    STORE is a file, or a PostgreSQL database, postgresql://HOST/NAME. Say it in the environment variable
    VC_CORE_STATUS_STORE where a password is in it: what stands on a command line, others can read.
    """

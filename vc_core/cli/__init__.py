"""The command line, `vc-core`. It holds no rule: it reads arguments, calls one verb, and prints the outcome.

Others script against it. Results go to standard output, words for people to standard error, and the exit code
says how it ended: 0 verified or done, 1 rejected, 2 input or command line unusable, 3 undecided. Of several
files the worst counts: an input error, then a rejection, then an undecided one. Whatever goes wrong is one
line on standard error, never a traceback.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import Final

import click

from did import DIDError
from status import StatusError
from vc_core import __version__
from vc_core.cli.demo import demo
from vc_core.cli.exit_codes import ExitCode, exit_code_of
from vc_core.cli.issue import issue
from vc_core.cli.key import key
from vc_core.cli.present import present
from vc_core.cli.resolve import resolve
from vc_core.cli.status import status
from vc_core.cli.terminal import note, prepare_streams, printable
from vc_core.cli.verify import verify
from vc_core.cli.verify_batch import verify_batch
from vc_core.errors import VCError

__all__ = ["main"]

_DATABASE: Final = re.compile(r"(postgres(?:ql)?://)[^\s'\"]*")
"""The name of a store that may have a password in it; no message quotes more of it than how it begins."""


@click.group(
    name="vc-core",
    commands={
        command.name: command
        for command in (demo, key, issue, verify, verify_batch, present, resolve, status)
        if command.name
    },
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=False,
    epilog="Exit codes: 0 verified or done, 1 rejected, 2 usage or input error, 3 undecided.",
)
@click.version_option(__version__, prog_name="vc-core", message="%(prog)s %(version)s")
def commands() -> None:
    """Issue, present and verify European learning credentials, and revoke them.

    Only verify, verify-batch, resolve and status check use the network, and with --offline nothing does. To see it at
    work:
    vc-core demo
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command, by default that of the process, and returns its exit code."""
    prepare_streams()
    try:
        words = list(sys.argv[1:] if arguments is None else arguments)
        with commands.make_context("vc-core", words) as context:
            code: ExitCode = commands.invoke(context)
        if sys.stdout:  # there is none where the process was started without
            sys.stdout.flush()
    except click.exceptions.Exit as end:  # help was asked for, and given
        return end.exit_code
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "vc-core"
        return _failed(f"{path}: {error.format_message()} See {path} --help.")
    except click.ClickException as error:
        return _failed(f"vc-core: {error.format_message()}")
    except VCError as error:
        return _failed(f"vc-core: {error.detail} ({error.code}{error.at and f', at {error.at}'})")
    except StatusError as error:
        return _failed(f"vc-core: {error.detail} ({error.code})", exit_code_of(error))
    except DIDError as error:
        return _failed(f"vc-core: {error.detail} ({error.code})")
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # the flush at the end of the process goes there
        return ExitCode.INPUT_ERROR
    except OSError as error:
        return _failed(f"vc-core: {error.strerror or error}")
    except KeyboardInterrupt:
        return _failed("vc-core: interrupted", ExitCode.INTERRUPTED)
    except Exception as error:  # noqa: BLE001  (the last resort: a fault of ours is one line too)
        return _failed(f"vc-core: a fault of vc-core itself, please report it: {type(error).__name__}: {error}")
    return code


def _failed(line: str, code: ExitCode = ExitCode.INPUT_ERROR) -> ExitCode:
    note(printable(_DATABASE.sub(r"\1...", " ".join(line.split()))))
    return code

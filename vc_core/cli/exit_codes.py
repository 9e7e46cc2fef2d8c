"""How a command ends: its exit code, and the error that ends it early."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

import click

from status import StatusError
from vc_core.errors import VCError
from vc_core.result import Verdict


class ExitCode(IntEnum):
    """What the exit code of every command says; part of the contract of the command line."""

    DONE = 0
    """Verified, or done."""
    REJECTED = 1
    """Rejected, or, for a DID, not resolved."""
    INPUT_ERROR = 2
    """The command line, a file or a setting cannot be used; nothing is said about what could not be read."""
    UNDECIDED = 3
    """Evidence is missing; more of it may decide the matter."""
    INTERRUPTED = 130
    """Stopped from the keyboard (128 + SIGINT)."""


OF_VERDICT: Final = {
    Verdict.VERIFIED: ExitCode.DONE,
    Verdict.REJECTED: ExitCode.REJECTED,
    Verdict.UNDECIDED: ExitCode.UNDECIDED,
}

_OF_STORE: Final[Mapping[str, ExitCode]] = MappingProxyType(
    {
        "REVOCATION_IS_FINAL": ExitCode.REJECTED,
        "LIST_FULL": ExitCode.REJECTED,
        "SUPERSEDED": ExitCode.REJECTED,
        "UNKNOWN_PUBLICATION": ExitCode.REJECTED,
        "CLOCK_BEHIND": ExitCode.REJECTED,
        "STORE_BUSY": ExitCode.UNDECIDED,
        "OUTCOME_UNKNOWN": ExitCode.UNDECIDED,
        "STATUS_RETRIEVAL_ERROR": ExitCode.UNDECIDED,
    }
)
"""The codes of errors that are not about the input: what is asked for is refused, or may go another time."""

_PRECEDENCE: Final = (ExitCode.INPUT_ERROR, ExitCode.REJECTED, ExitCode.UNDECIDED, ExitCode.DONE)


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """The exit code for several inputs: an input error first, then rejected, then undecided, then done."""
    found = frozenset(codes)
    return next((code for code in _PRECEDENCE if code in found), ExitCode.DONE)


def exit_code_of(error: StatusError | VCError) -> ExitCode:
    """How a command ends that cannot do what it was asked for."""
    return _OF_STORE.get(error.code, ExitCode.INPUT_ERROR)


class InputError(click.ClickException):
    """Something handed to the command cannot be used; the message is one line and says what to do."""

    exit_code = ExitCode.INPUT_ERROR

"""Why a job cannot begin, or cannot go on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from vc_core.errors import VCError

JOB_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "INPUT_UNREADABLE": "The input cannot be read",
        "INPUT_CHANGED": "The input was changed while it was read",
        "JOB_CHANGED": "The job was begun with something else: input, policy, evidence, time, settings or version",
        "JOB_LOCKED": "Another process works on the job",
        "JOB_UNWRITABLE": "The job's folder cannot be written to, or is full",
        "NOT_A_JOB": "The folder holds something else, or a job that is damaged",
        "WORKER_UNUSABLE": "A worker process cannot be started, or fails",
        "ENGINE_UNUSABLE": "The cluster cannot be used",
        "MISSING_DEPENDENCY": "An optional part of this library is not installed",
    }
)
"""The codes of a `JobError`. No one of them says anything of a credential."""


class JobError(VCError):
    """A job cannot begin or go on, for the reason `code`, a key of `JOB_CODES`.

    What the job has done until then stands; the same job goes on from there once the reason is gone.
    """

    default_code = "JOB_UNWRITABLE"

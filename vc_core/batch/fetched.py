"""What was fetched for a job: numbered files in its folder, and a verifier that learns from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final, NamedTuple, get_args

from vc_core import datetimestamp
from vc_core.batch.errors import JobError
from vc_core.batch.folder import Folder, writing
from vc_core.batch.verification import Kind, Missing, Verifier
from vc_core.errors import VCError
from vc_core.evidence import Evidence

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


class Kept(NamedTuple):
    """What a file has: what was asked for, what was had of it, and how long that took."""

    asked: list[Missing]
    had: Evidence
    seconds: float


def place(folder: Folder, number: int) -> Path:
    """Where the file of this number is."""
    return folder.evidence / f"{number:06}.json"


def read(folder: Folder, number: int) -> Kept | None:
    """What is in the file; None if there is no such file."""
    file = place(folder, number)
    with writing(file):
        if not file.exists():
            return None
        data = file.read_bytes()
    try:
        tree = json.loads(data)
        asked = [_missing(*each) for each in tree["asked"]]
        return Kept(asked, Evidence.read(tree["evidence"].encode()), float(tree["seconds"]))
    except (ValueError, TypeError, KeyError, AttributeError, VCError) as error:
        raise JobError(f"the evidence in {file.name!r} is damaged", code="NOT_A_JOB") from error


def written(kept: Kept) -> bytes:
    """The content of a file."""
    asked = [[each.name, each.at and each.at.isoformat(), each.kind] for each in kept.asked]
    return json.dumps({"asked": asked, "seconds": kept.seconds, "evidence": kept.had.write().decode()}).encode()


def _missing(name: str, at: str | None, kind: Kind) -> Missing:
    if kind not in KINDS:
        raise ValueError(kind)
    return Missing(name, None if at is None else datetimestamp.parse(at), kind)


class GrowingVerifier:
    """A verifier that knows the first so many files of what was fetched for the job."""

    def __init__(self, verifier: Verifier, folder: Folder) -> None:
        self._verifier, self._folder = verifier, folder
        self._number = 0

    def knowing(self, number: int) -> Verifier:
        """The verifier, with the evidence of the files up to this number at least."""
        while self._number < number:
            if not self._learns():
                raise JobError("fetched evidence is no longer there", code="NOT_A_JOB")
        return self._verifier

    def learn_all(self) -> None:
        """Afterwards it knows all files that are there."""
        while self._learns():
            pass

    def _learns(self) -> bool:
        """Whether there was a file more."""
        kept = read(self._folder, self._number + 1)
        if kept is None:
            return False
        self._verifier.add(kept.had)
        self._number += 1
        return True

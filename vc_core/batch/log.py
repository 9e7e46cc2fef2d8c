"""When how much of a job was done: for a chart, and for nothing that decides anything."""

from __future__ import annotations

import json
import time
from threading import Lock
from typing import NamedTuple

from vc_core.batch.folder import Folder, writing

_FILE = "progress.jsonl"


class Moment(NamedTuple):
    """So many records were done so many seconds after the run of this number began."""

    run: int
    seconds: float
    records: int


class Log:
    """Appends to the log of a job, for one run of it."""

    def __init__(self, folder: Folder) -> None:
        self._place = folder.path / _FILE
        self._began = time.monotonic()
        self._lock = Lock()
        self._run = max((moment.run for moment in rates(folder)), default=0) + 1
        self._records = 0

    def add(self, records: int) -> None:
        """So many more records are done."""
        with self._lock, writing(self._place):
            self._records += records
            moment = Moment(self._run, round(time.monotonic() - self._began, 3), self._records)
            with self._place.open("a", encoding="ascii") as file:
                file.write(json.dumps(moment._asdict()) + "\n")


def rates(folder: Folder) -> list[Moment]:
    """All moments of the log, without those whose lines are torn."""
    place = folder.path / _FILE
    with writing(place):
        lines = place.read_bytes().splitlines() if place.exists() else []
    return [moment for line in lines if (moment := _moment(line)) is not None]


def _moment(line: bytes) -> Moment | None:
    try:
        match json.loads(line):
            case {"run": int(run), "seconds": float(seconds), "records": int(records)}:
                return Moment(run, seconds, records)
    except ValueError:
        pass
    return None

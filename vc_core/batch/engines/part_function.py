"""What a worker of one machine is asked, and what it answers: bytes both ways."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

import msgspec

from vc_core.batch.arrow import pa
from vc_core.batch.fetched import GrowingVerifier
from vc_core.batch.folder import Folder
from vc_core.batch.parts import written
from vc_core.batch.pieces import Lines, Piece
from vc_core.batch.rows import received, received_batch, sent
from vc_core.batch.verification import Missing, Verification, Verifier


class JudgeLines(msgspec.Struct, frozen=True, array_like=True, tag=0):
    """To make the rows of the records in lines; `known` is how many files of fetched evidence are to be known."""

    known: int
    lines: Lines


class JudgeRecords(msgspec.Struct, frozen=True, array_like=True, tag=1):
    """The same for records, as they are `sent`."""

    known: int
    records: bytes


class WriteRows(msgspec.Struct, frozen=True, array_like=True, tag=2):
    """To make one file of rows, as they are `sent`."""

    rows: list[bytes]


Request: TypeAlias = JudgeLines | JudgeRecords | WriteRows
Answer: TypeAlias = tuple[int, bytes, dict[int, tuple[Missing, ...]]]
"""How many rows, the rows as they are `sent`, and by their index what was missing for which."""

_REQUEST: Final[msgspec.msgpack.Decoder[Request]] = msgspec.msgpack.Decoder(Request)
_ANSWER: Final[msgspec.msgpack.Decoder[Answer]] = msgspec.msgpack.Decoder(Answer)


def request(work: Piece | pa.RecordBatch, *, known: int) -> JudgeLines | JudgeRecords:
    """The request to judge what is in a piece, or in a batch of records."""
    if isinstance(work, Lines):
        return JudgeLines(known, work)
    return JudgeRecords(known, sent(work if isinstance(work, pa.RecordBatch) else work.records()))


def asked(request: Request) -> bytes:
    """The request as the work of a worker."""
    return msgspec.msgpack.encode(request)


def answered(data: bytes) -> Answer:
    """What a worker answered that was to judge. To a request to write the answer is the file."""
    return _ANSWER.decode(data)


@dataclass(frozen=True)
class PartFunction:
    """What is packed for a worker. It has its verifier when it is unpacked, with the evidence that is there by then.

    So evidence that does not fit into the worker is known before there is any record that might be to blame for it.
    """

    verification: Verification
    folder: Folder

    @cached_property
    def verifier(self) -> GrowingVerifier:
        """Made once."""
        return GrowingVerifier(Verifier(self.verification), self.folder)

    def __reduce__(self) -> tuple[object, ...]:
        """For `pickle`."""
        return _ready, (self.verification, self.folder)

    def __call__(self, work: bytes) -> bytes:
        """The answer to a request."""
        request: Request = _REQUEST.decode(work)
        match request:
            case JudgeLines():
                return self._judged(request.known, request.lines.records())
            case JudgeRecords():
                return self._judged(request.known, received_batch(request.records))
            case WriteRows():
                return written(pa.concat_tables(map(received, request.rows)))

    def _judged(self, known: int, records: pa.RecordBatch) -> bytes:
        rows, missing = self.verifier.knowing(known).verified(records)
        return msgspec.msgpack.encode((len(rows), sent(rows), missing))


def _ready(verification: Verification, folder: Folder) -> PartFunction:
    function = PartFunction(verification, folder)
    function.verifier.learn_all()
    return function

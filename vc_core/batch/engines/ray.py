"""Ray Data: the part function in `map_batches`, for a pipeline of one's own, and for a job of this library.

    from vc_core.batch.engines.ray import verified_dataset
    rows = verified_dataset(ray.data.read_parquet("credentials"), Verification(policy, now, evidence))
    rows.write_parquet("verdicts")

It needs the extra `ray` wherever it runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from vc_core.batch.arrow import pa
from vc_core.batch.engines.groups import FILES, in_groups, made
from vc_core.batch.errors import JobError
from vc_core.batch.job import Run
from vc_core.batch.parts import Part
from vc_core.batch.portable import packed
from vc_core.batch.rows import RECORDS, ROWS
from vc_core.batch.verification import Verification, verify_batches

if TYPE_CHECKING:
    from ray.data import Dataset

_BATCH: Final = 1024


def verified_dataset(records: Dataset, verification: Verification) -> Dataset:
    """The rows of `records`, a dataset with the columns `position`, a number, and `credential`, binary.

    A position is whatever number tells a record from another. Rows come in any order. Ray does the tasks of a worker
    that dies again.
    """
    return records.map_batches(
        partial(_verified, packed(verification)), batch_format="pyarrow", batch_size=_BATCH, zero_copy_batch=True
    )


def ray(run: Run, found: Iterator[Part]) -> None:
    """The engine of a job: some parts at a time, spread over the cluster."""
    try:
        import ray.data
    except ImportError as error:
        raise JobError("this engine needs Ray: install vc-core[ray]", code="MISSING_DEPENDENCY") from error

    verification = packed(run.job.verification)

    def verified(tasks: list[pa.RecordBatch]) -> pa.Table:
        tables: Any = [pa.Table.from_batches([task]) for task in tasks]  # each becomes a task of Ray
        files = ray.data.from_arrow(tables).map_batches(
            partial(_made, verification), batch_format="pyarrow", batch_size=1, zero_copy_batch=True
        )
        batches: Iterable[Any] = files.iter_batches(batch_format="pyarrow", batch_size=None)
        return pa.concat_tables(list(batches))

    in_groups(run, found, verified)


def _made(verification: bytes, tasks: pa.Table) -> pa.Table:
    return pa.Table.from_batches(made(verification, iter(tasks.to_batches())), schema=FILES)


def _verified(verification: bytes, records: pa.Table) -> pa.Table:
    """The part function for one table."""
    batches = records.select(RECORDS.names).cast(RECORDS).to_batches()
    return pa.Table.from_batches(verify_batches(verification, iter(batches)), schema=ROWS)

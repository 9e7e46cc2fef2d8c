"""Apache Spark: the part function in `mapInArrow`, for a pipeline of one's own, and for a job of this library.

    from vc_core.batch.engines.spark import verified_frame
    rows = verified_frame(spark.read.parquet("credentials"), Verification(policy, now, evidence))
    rows.write.parquet("verdicts")

It needs the extra `spark` where it is called, and vc-core[batch] where the executors run.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from vc_core.batch.arrow import pa
from vc_core.batch.engines.groups import TASKS, in_groups, made
from vc_core.batch.errors import JobError
from vc_core.batch.job import Run
from vc_core.batch.parts import Part
from vc_core.batch.portable import packed
from vc_core.batch.rows import RECORDS
from vc_core.batch.verification import Verification, verify_batches

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

SCHEMA: Final = (
    "position bigint, input_sha256 string, verdict string, "
    "problems array<struct<code: string, detail: string, at: string>>, "
    "checks array<struct<check: string, outcome: string, because: string>>, id string, issuer string, "
    "securing string, verification_method string, checked_at timestamp, claimed_issuer string"
)
"""`vc_core.batch.rows.ROWS` in the words of Spark SQL."""


_FILES: Final = "number bigint, rows bigint, file binary"
"""`vc_core.batch.engines.groups.FILES` in the same words."""


def verified_frame(records: DataFrame, verification: Verification) -> DataFrame:
    """The rows of `records`, a frame with the columns `position`, a number, and `credential`, binary.

    A position is whatever number tells a record from another. The verification, with its evidence, goes to each
    executor once for each task. No row is lost or doubled by an executor that dies: Spark does its tasks again.
    """
    frame = records.select(records["position"].cast("bigint"), records["credential"].cast("binary"))
    return frame.mapInArrow(partial(_fitting, packed(verification)), SCHEMA)


def spark(run: Run, found: Iterator[Part]) -> None:
    """The engine of a job: some parts at a time, spread over the session of this process."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise JobError("this engine needs PySpark: install vc-core[spark]", code="MISSING_DEPENDENCY") from error

    try:
        session: Any = SparkSession.builder.getOrCreate()
    except Exception as error:  # of what kind, depends on what is there of Java, and on where the session is
        reason = str(error).partition("\n")[0][:200]
        raise JobError(f"there is no session of Spark: {reason!r}; it needs Java", code="ENGINE_UNUSABLE") from error

    verification = packed(run.job.verification)

    def verified(tasks: list[pa.RecordBatch]) -> pa.Table:
        frame = session.createDataFrame(pa.Table.from_batches(tasks))
        return frame.mapInArrow(partial(_made, verification), _FILES).toArrow()

    in_groups(run, found, verified)


def _made(verification: bytes, batches: Iterator[Any]) -> Iterator[Any]:
    return made(verification, (_cast(batch, TASKS) for batch in batches))


def _fitting(verification: bytes, batches: Iterator[Any]) -> Iterator[Any]:
    """The part function between the forms that Spark gives the columns."""
    return verify_batches(verification, (_cast(batch, RECORDS) for batch in batches))


def _cast(batch: Any, schema: pa.Schema) -> pa.RecordBatch:
    columns = [column.cast(field.type) for column, field in zip(batch.columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=schema)

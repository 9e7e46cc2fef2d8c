"""pyarrow, which only the extra `batch` brings."""

from __future__ import annotations

from vc_core.batch.errors import JobError

try:
    import pyarrow as pa
    import pyarrow.compute
    import pyarrow.parquet  # noqa: F401  (it is used as pa.parquet, like pa.compute)
except ImportError as error:
    raise JobError(
        "jobs need pyarrow, which is not installed: install vc-core[batch]", code="MISSING_DEPENDENCY"
    ) from error

__all__ = ["pa"]

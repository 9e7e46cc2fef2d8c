"""Many credentials at once: `verify_many` for those in memory, jobs for those in files.

>>> from datetime import UTC, datetime
>>> from did import StaticResolver
>>> from status import NO_STATUS_LISTS
>>> from vc_core import ANY_ISSUER, Policy
>>> from vc_core.batch import verify_many
>>> results = verify_many(
...     [b"{}", b"not JSON"],
...     resolver=StaticResolver(),
...     status=NO_STATUS_LISTS,
...     policy=Policy(accepted_issuers=ANY_ISSUER),
...     now=datetime(2026, 1, 31, 12, tzinfo=UTC),
... )
>>> [result.verdict.value for result in results]
['rejected', 'rejected']
"""

from vc_core.batch.errors import JOB_CODES, JobError
from vc_core.batch.many import verify_many
from vc_core.batch.worker import WorkerLimits

__all__ = ["JOB_CODES", "JobError", "WorkerLimits", "verify_many"]

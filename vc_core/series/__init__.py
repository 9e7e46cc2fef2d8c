"""Documents that are the same but for a few fields: what was found of one of them is found of all.

`Series` reads such documents by comparing them with the first, `Known` keeps the series that were met, and `fields`
says where they may differ. That nothing else depends on the fields is the business of `vc_core.shortcut`.
"""

from vc_core.series.known import Known
from vc_core.series.series import Read, Series

__all__ = ["Known", "Read", "Series"]

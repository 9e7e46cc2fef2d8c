"""did:webvh: a DID whose document has a history that can be checked, on the web (did:webvh DID Method 1.0).

It is above the rest of the resolution, since its logs are secured as credentials are; a caller adds it to a table of
methods with `METHODS | {"webvh": webvh_method(now=...)}`. Sections of the specification are named by their titles.
"""

from vc_core.webvh.identifier import log_url
from vc_core.webvh.method import webvh_method

__all__ = ["log_url", "webvh_method"]

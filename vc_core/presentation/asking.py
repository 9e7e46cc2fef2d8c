"""Who may be asked for the keys of a presentation: whoever wrote it shall not have us ask all the world."""

from __future__ import annotations

from datetime import datetime

from did import DIDDocument, Resolver
from did.methods import COMPUTED
from vc_core.errors import LimitExceeded


class BoundedResolver:
    """Asks `inner` for the documents of `most` identifiers; of one, as of another time, counts as of another.

    Those that are computed from the identifier are not counted.
    """

    __slots__ = ("_asked", "_inner", "_most")

    def __init__(self, inner: Resolver, most: int) -> None:
        self._inner, self._most = inner, most
        self._asked: set[tuple[str, datetime | None]] = set()

    def resolve(self, did: str, *, at: datetime | None = None) -> DIDDocument:
        """What `inner` answers. Raises `LimitExceeded` with the code TOO_MANY_IDENTIFIERS if it is not asked."""
        if not did.startswith(COMPUTED) and (did, at) not in self._asked:
            if len(self._asked) >= self._most:
                detail = f"keys of more than {self._most} identifiers would have to be looked for"
                raise LimitExceeded(detail, code="TOO_MANY_IDENTIFIERS")
            self._asked.add((did, at))
        return self._inner.resolve(did) if at is None else self._inner.resolve(did, at=at)

"""What a published list says of itself. Nothing of it is verified: it is for who publishes, and to know what to ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from status import StatusVerificationError
from vc_core import datetimestamp
from vc_core.credential import types_of, validity_period_of
from vc_core.errors import VCError
from vc_core.limits import Limits
from vc_core.securing.cose.cwt import read_cwt
from vc_core.securing.envelopes import ENVELOPED_CREDENTIAL, read
from vc_core.securing.jose import claims_set, read_jws
from vc_core.securing.jwt import numeric_date
from vc_core.status_lists.credentials import LIST_TYPES, duration
from vc_core.status_lists.making import media_type
from vc_core.status_lists.tokens import COSE, CWT_CLAIMS, CWT_TYPE, is_list_token


class Description(NamedTuple):
    """A list as it describes itself: where it is published, as what, for how long it is in force and can be kept."""

    url: str
    media_type: str
    valid_until: datetime | None
    ttl: timedelta | None


def describe(body: bytes, *, limits: Limits = Limits()) -> Description | None:  # noqa: B008  (a frozen value)
    """What the list in these bytes says of itself, None if they are no list. Never raises for what it reads."""
    try:
        return _of_token(body, limits) if is_list_token(body, limits=limits) else _of_credential(body, limits)
    except (VCError, StatusVerificationError):
        return None


def _of_token(body: bytes, limits: Limits) -> Description | None:
    claims: Mapping[Any, Any]
    if body.startswith(COSE):
        labelled = read_cwt(body, typ=CWT_TYPE, limits=limits).claims
        claims = {name: labelled[label] for label, name in CWT_CLAIMS.items() if label in labelled}
    else:
        claims = claims_set(read_jws(body, limits=limits).payload, limits=limits)
    until = numeric_date(claims["exp"]) if "exp" in claims else None
    return _description(body, claims.get("sub"), until, claims.get("ttl"), timedelta(seconds=1))


def _of_credential(body: bytes, limits: Limits) -> Description | None:
    token, document = read(body, ENVELOPED_CREDENTIAL, limits=limits)
    tree = token.claims if token is not None else document.tree if document is not None else {}
    if LIST_TYPES.keys().isdisjoint(types_of(tree)):
        return None
    subject = tree.get("credentialSubject")
    if isinstance(subject, list) and len(subject) == 1:
        subject = subject[0]
    ttl = subject.get("ttl") if isinstance(subject, dict) else None
    _, until = validity_period_of(tree)
    end = None if until is None else datetimestamp.parse(until)
    return _description(body, tree.get("id"), end, ttl, timedelta(milliseconds=1))


def _description(body: bytes, url: object, until: datetime | None, ttl: object, unit: timedelta) -> Description | None:
    if not isinstance(url, str):
        return None
    return Description(url, media_type(body), until, None if ttl is None else duration(ttl, unit, least=0))

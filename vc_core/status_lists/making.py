"""Status lists made: what a store has of a list, secured for publishing, and checked as whoever fetches it will do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from did import Resolver
from status import FORMATS, StatusVerificationError
from status.store import Snapshot
from vc_core import datetimestamp
from vc_core.document import Json, write_json
from vc_core.issue import Securing, issue
from vc_core.limits import Limits
from vc_core.policy import ANY_ISSUER, Policy
from vc_core.securing.cose.cwt import write_cwt
from vc_core.securing.envelopes import ENVELOPED_CREDENTIAL, read
from vc_core.securing.jose import write_jws
from vc_core.securing.signed_data import Signer
from vc_core.securing.vc_jwt import JWTVC
from vc_core.status_lists.credentials import LIST_TYPES
from vc_core.status_lists.opening import open_list
from vc_core.status_lists.tokens import COSE, CWT_CLAIMS, CWT_TYPE, JWT_TYPE, is_list_token

ListSecuring: TypeAlias = Securing | Literal["statuslist+jwt", "statuslist+cwt"]
"""How a list is secured: as a credential, or as a Status List Token of one of the two kinds."""

_V1: Final = "https://www.w3.org/2018/credentials/v1"
_V2: Final = "https://www.w3.org/ns/credentials/v2"
_CONTEXTS: Final[Mapping[tuple[str, str], list[Json]]] = MappingProxyType(
    {
        ("2.0", "bitstring"): [_V2],
        ("1.1", "bitstring"): [_V1, "https://www.w3.org/ns/credentials/status/v1"],
        ("1.1", "statuslist2021"): [_V1, "https://w3id.org/vc/status-list/2021/v1"],
    }
)
_FORMAT_TYPES: Final = {name: (credential, subject) for credential, (subject, name) in LIST_TYPES.items()}


def list_credential(
    snapshot: Snapshot,
    *,
    issuer: str,
    lifetime: timedelta | None = None,
    data_model: Literal["1.1", "2.0"],
    ebsi_schema: str | None = None,
) -> dict[str, Json]:
    """The claims of the list credential for `snapshot`, of its format "bitstring" or "statuslist2021".

    The terms of the latter are of the data model 1.1, and it is defined for no other; raises `ValueError`.
    It is valid from `snapshot.at`, for `lifetime` if that is given. With `ebsi_schema`, the URL of the schema in a
    Trusted Schemas Registry, it has the members that EBSI asks of every attestation, which are of the data model 1.1.
    """
    info = snapshot.info
    if (data_model, info.format) not in _CONTEXTS:
        raise ValueError(f"a list of the format {info.format} is no credential of the data model {data_model}")
    credential_type, subject_type = _FORMAT_TYPES[info.format]
    begin = datetimestamp.text(snapshot.at)
    subject: dict[str, Json] = {
        "id": f"{info.url}#list",
        "type": subject_type,
        "statusPurpose": info.purposes[0] if len(info.purposes) == 1 else list(info.purposes),
        "encodedList": FORMATS[info.format].encode(snapshot.statuses),
    }
    if info.ttl is not None and info.format == "bitstring":
        subject["ttl"] = info.ttl // timedelta(milliseconds=1)
    beginning, end = ("validFrom", "validUntil") if data_model == "2.0" else ("issuanceDate", "expirationDate")
    claims: dict[str, Json] = {
        "@context": list(_CONTEXTS[data_model, info.format]),
        "id": info.url,
        "type": ["VerifiableCredential", credential_type],
        "issuer": issuer,
        beginning: begin,
        "credentialSubject": subject,
    }
    if lifetime is not None:
        claims[end] = datetimestamp.text(snapshot.at + lifetime)
    if ebsi_schema is not None:
        claims["type"] = ["VerifiableCredential", "VerifiableAttestation", credential_type]
        claims |= {"issued": begin, "validFrom": begin}
        claims["credentialSchema"] = {"id": ebsi_schema, "type": "FullJsonSchemaValidator2021"}
    return claims


def seal_list(
    snapshot: Snapshot,
    *,
    signer: Signer,
    securing: ListSecuring,
    lifetime: timedelta | None = None,
    ebsi_schema: str | None = None,
    aggregation_uri: str | None = None,
) -> bytes:
    """The list as it is published, issued by the controller of the signer's key, for `status.store.Store.publish`.

    A list of the format "token" is a Status List Token, and only such a one; `aggregation_uri` is where all lists of
    the issuer are named. Raises `VCError`, and `ValueError` for a securing mechanism that is not for the format.
    """
    if (snapshot.info.format == "token") != isinstance(securing, str):
        raise ValueError(f"a list of the format {snapshot.info.format} is not secured in this way")
    if isinstance(securing, str):
        return _token(snapshot, signer, securing, lifetime, aggregation_uri)
    claims = list_credential(
        snapshot,
        issuer=signer.verification_method.partition("#")[0],
        lifetime=lifetime,
        data_model="1.1" if isinstance(securing, JWTVC) or snapshot.info.format == "statuslist2021" else "2.0",
        ebsi_schema=ebsi_schema,
    )
    return issue(claims, signer=signer, securing=securing, created=snapshot.at)


def _token(
    snapshot: Snapshot, signer: Signer, kind: str, lifetime: timedelta | None, aggregation_uri: str | None
) -> bytes:
    """The Status List Token (sections 5.1 and 5.2). The key is named by its URL, so that no claim `iss` is needed."""
    info, layout = snapshot.info, FORMATS["token"]
    encode = layout.encode if kind == JWT_TYPE else layout.encode_bytes
    listed: dict[str, Any] = {"bits": info.size, "lst": encode(snapshot.statuses)}
    if aggregation_uri is not None:
        listed["aggregation_uri"] = aggregation_uri
    claims: dict[str, Any] = {"sub": info.url, "iat": _numeric_date(snapshot.at), "status_list": listed}
    if lifetime is not None:
        claims["exp"] = _numeric_date(snapshot.at + lifetime)
    if info.ttl is not None:
        claims["ttl"] = max(1, info.ttl // timedelta(seconds=1))
    if kind == JWT_TYPE:
        header: dict[str, Json] = {"typ": JWT_TYPE, "kid": signer.verification_method}
        return write_jws(header, write_json(claims), signer=signer)
    labelled = {label: claims[name] for label, name in CWT_CLAIMS.items() if name in claims}
    return write_cwt(labelled, typ=CWT_TYPE, signer=signer)


def _numeric_date(moment: datetime) -> int | float:
    """The whole second, if nothing is lost by it: versions that follow each other closely differ in the fraction."""
    return moment.timestamp() if moment.microsecond else int(moment.timestamp())


def check_list(body: bytes, snapshot: Snapshot, *, issuer: str, resolver: Resolver) -> None:
    """Returns if whoever fetches `body` sees the list of `snapshot`, by `issuer`, for `status.store.Store.publish`.

    It is opened as any list, with the key that `resolver` finds. Raises `StatusError`.
    """
    policy = Policy(accepted_issuers=ANY_ISSUER, clock_skew=timedelta(0))
    info = snapshot.info
    opened = open_list(resolver, policy)(body, url=info.url, now=snapshot.at)
    size = opened.statuses.size if info.format == "token" else info.size  # elsewhere the entries say it
    said = (opened.issuer, opened.format, opened.purposes, opened.statuses.data, size, opened.valid_from)
    if said != (issuer, info.format, frozenset(info.purposes), snapshot.statuses.data, info.size, snapshot.at):
        raise StatusVerificationError("the list does not say what it was made to say", url=info.url)


def media_type(body: bytes) -> str:
    """What a list in these bytes is served as: the media type of the mechanism that secures it. Raises `VCError`."""
    limits = Limits()
    if is_list_token(body, limits=limits):
        return CWT_TYPE if body.startswith(COSE) else f"application/{JWT_TYPE}"
    token, _ = read(body, ENVELOPED_CREDENTIAL, limits=limits)
    if token is None:
        return "application/vc"
    return "application/jwt" if token.securing == "jwt_vc" else f"application/{token.securing}"

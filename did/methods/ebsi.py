"""did:ebsi, version 1: legal entities in the DID Registry of the European Blockchain Services Infrastructure.

The registry is chosen by who configures the resolver, never by a DID.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from did.document import DIDDocument
from did.errors import InvalidDID, InvalidEncoding, NotFound, shown
from did.methods.fetched import fetched_document
from did.methods.method import Fetch, Method
from did.multibase import decode_base58btc
from did.url import DIDURL, check_base
from did.version_time import version_time

ACCEPT: Final = "application/did+ld+json"
"""The registry serves this media type and `application/did+json`, and refuses whoever asks for neither."""

SUBJECT_BYTES: Final = 16
_LONGEST_IDENTIFIER: Final = 64


def ebsi_method(registry: str | None = None) -> Method:
    """The method did:ebsi over one DID Registry, such as `https://api-pilot.ebsi.eu/did-registry/v5`.

    Versions 4 and 5 of its API are read alike. Without a registry, DIDs are checked and no document is found.
    Raises `ValueError` if `registry` is not an https URL that a path can be added to.
    """
    if registry is not None:
        check_base(registry)

    def resolve(did: DIDURL, fetch: Fetch | None = None, /, *, at: datetime | None = None) -> DIDDocument:
        """The document of a did:ebsi as the registry has it, with the keys that were in force at `at`, or are now.

        A key that was replaced or revoked is in the document of a time before that, and not in the present one. The
        ids of keys are taken as they stand. Raises `InvalidDID` where `check_ebsi` does; otherwise as
        `fetched_document` does.
        """
        check_ebsi(did)
        if registry is None:
            raise NotFound("no DID Registry was named in which a did:ebsi could be looked up")
        url = f"{registry}/identifiers/{did.did}"
        if at is not None:
            url += f"?valid-at={version_time(at)}"
        return fetched_document(did.did, url, fetch, accept=ACCEPT)

    return resolve


def check_ebsi(did: DIDURL) -> None:
    """Returns if the DID is one of version 1: `z`, and in base58btc the byte 1 and 16 more. Raises `InvalidDID`."""
    identifier = did.method_specific_id
    if ":" in identifier:
        raise _invalid(did, "names a network, which is reserved and has no meaning yet")
    if not identifier.startswith("z"):
        raise _invalid(did, "is not in base58btc, which begins with z")
    if len(identifier) > _LONGEST_IDENTIFIER:
        raise _invalid(did, f"has more than {_LONGEST_IDENTIFIER} characters")
    try:
        data = decode_base58btc(identifier[1:])
    except InvalidEncoding as error:
        raise _invalid(did, f"cannot be decoded: {error.detail}") from error
    if not data or data[0] == 0:
        raise _invalid(did, "has no version")
    if data[0] != 1:
        raise _invalid(did, f"is of version {data[0]}, of which there are no documents: version 1 is read")
    if len(data) != 1 + SUBJECT_BYTES:
        raise _invalid(did, f"has {len(data) - 1} bytes behind its version, not {SUBJECT_BYTES}")


def _invalid(did: DIDURL, detail: str) -> InvalidDID:
    return InvalidDID(f"{shown(did.did, 256)} {detail}")

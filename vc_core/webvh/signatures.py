"""Hashes and proofs, as did:webvh 1.0 permits them: SHA-256, and eddsa-jcs-2022 by keys that are their own names."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Final

from did.errors import shown
from did.keys import PublicKey
from did.multibase import encode_base58btc
from vc_core.canonical.contexts import Contexts
from vc_core.document import Json
from vc_core.errors import ProofVerificationError
from vc_core.limits import Limits
from vc_core.securing.cryptosuites import CRYPTOSUITES
from vc_core.securing.cryptosuites.cryptosuite import Transformation
from vc_core.securing.proof import read_proofs
from vc_core.securing.signed_data import check

LIMITS: Final = Limits(document_bytes=512 * 1024, proofs=4)
"""The caps on one entry of a log, and on its proofs."""

_PURPOSE: Final = "assertionMethod"
_SUITES: Final = {"eddsa-jcs-2022": CRYPTOSUITES["eddsa-jcs-2022"]}
_TRANSFORMATION: Final = Transformation(Contexts(), LIMITS)
_SHA_256: Final = b"\x12\x20"
"""The multihash prefix of SHA-256: its code, and the length of its digests."""


def multihash(data: bytes) -> str:
    """The SHA-256 multihash of `data` in base58btc, without a multibase header."""
    return encode_base58btc(_SHA_256 + hashlib.sha256(data).digest())


def verification_method(key: str) -> str:
    """The DID URL under which proofs name the Multikey `key`: the one of its did:key."""
    return f"did:key:{key}#{key}"


def signers(secured: dict[str, Json], *, among: Collection[str], now: datetime) -> tuple[str, ...]:
    """The Multikeys that made the proofs of `secured`, at least one, in the order of the proofs.

    Each proof has to be for assertions, not expired at `now`, and by one of the keys `among`. Raises
    `ProofVerificationError` for one that is not, or does not hold, `InvalidKey` for a key that is none, and what
    `read_proofs` raises.
    """
    keys = {verification_method(key): key for key in among}
    found: list[str] = []
    for proof in read_proofs(secured, cryptosuites=_SUITES, limits=LIMITS):
        if proof.purpose != _PURPOSE:
            raise ProofVerificationError(f"the proof is for {shown(proof.purpose)}, not for {_PURPOSE}")
        if proof.expires is not None and proof.expires <= now:
            raise ProofVerificationError("the proof has expired")
        name = keys.get(proof.verification_method)
        if name is None:
            raise ProofVerificationError(f"{shown(proof.verification_method, 128)} is not authorised to sign this")
        key = PublicKey.from_multikey(name)
        check(proof.signed_data(secured, key, _TRANSFORMATION), key)
        found.append(name)
    return tuple(found)

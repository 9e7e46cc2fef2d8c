"""Data Integrity ECDSA Cryptosuites 1.0: the key decides the curve and the hash."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from vc_core.securing.cryptosuites.cryptosuite import (
    DATA_INTEGRITY_CONTEXTS,
    DATA_INTEGRITY_V2,
    JCS,
    RDFC,
    Cryptosuite,
    KeyUse,
)

_NIST_CURVES: Final = MappingProxyType({"P-256": KeyUse("ES256", "sha256"), "P-384": KeyUse("ES384", "sha384")})

ECDSA_JCS_2019: Final = Cryptosuite(
    name="ecdsa-jcs-2019",  # section 3.3
    proof_type="DataIntegrityProof",
    canonicalization=JCS,
    keys=_NIST_CURVES,
    context=DATA_INTEGRITY_V2,
    contexts=DATA_INTEGRITY_CONTEXTS,
)
ECDSA_RDFC_2019: Final = Cryptosuite(
    name="ecdsa-rdfc-2019",  # section 3.2
    proof_type="DataIntegrityProof",
    canonicalization=RDFC,
    keys=_NIST_CURVES,
    context=DATA_INTEGRITY_V2,
    contexts=DATA_INTEGRITY_CONTEXTS,
)

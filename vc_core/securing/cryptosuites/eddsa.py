"""Data Integrity EdDSA Cryptosuites 1.0, and the suite they replaced."""

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

_ED25519: Final = MappingProxyType({"Ed25519": KeyUse("Ed25519", "sha256")})
_ED25519_2020: Final = "https://w3id.org/security/suites/ed25519-2020/v1"

EDDSA_JCS_2022: Final = Cryptosuite(
    name="eddsa-jcs-2022",  # section 3.3
    proof_type="DataIntegrityProof",
    canonicalization=JCS,
    keys=_ED25519,
    context=DATA_INTEGRITY_V2,
    contexts=DATA_INTEGRITY_CONTEXTS,
)
EDDSA_RDFC_2022: Final = Cryptosuite(
    name="eddsa-rdfc-2022",  # section 3.2
    proof_type="DataIntegrityProof",
    canonicalization=RDFC,
    keys=_ED25519,
    context=DATA_INTEGRITY_V2,
    contexts=DATA_INTEGRITY_CONTEXTS,
)
ED25519_SIGNATURE_2020: Final = Cryptosuite(
    name="Ed25519Signature2020",  # appendix A.1
    proof_type="Ed25519Signature2020",
    canonicalization=RDFC,
    keys=_ED25519,
    context=_ED25519_2020,
    contexts=frozenset({_ED25519_2020}),
)

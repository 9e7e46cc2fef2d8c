"""The cryptosuites, by name. What is not in the table that a policy holds cannot run."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from vc_core.securing.cryptosuites.cryptosuite import Cryptosuite
from vc_core.securing.cryptosuites.ecdsa import ECDSA_JCS_2019, ECDSA_RDFC_2019
from vc_core.securing.cryptosuites.eddsa import ED25519_SIGNATURE_2020, EDDSA_JCS_2022, EDDSA_RDFC_2022

CRYPTOSUITES: Final[MappingProxyType[str, Cryptosuite]] = MappingProxyType(
    {
        "eddsa-jcs-2022": EDDSA_JCS_2022,
        "eddsa-rdfc-2022": EDDSA_RDFC_2022,
        "ecdsa-jcs-2019": ECDSA_JCS_2019,
        "ecdsa-rdfc-2019": ECDSA_RDFC_2019,
        "Ed25519Signature2020": ED25519_SIGNATURE_2020,
    }
)

__all__ = ["CRYPTOSUITES", "Cryptosuite"]

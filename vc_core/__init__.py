"""Issue and verify credentials; see `verify` and `issue`.

>>> from datetime import UTC, datetime
>>> from did import PrivateKey, StaticResolver, did_key
>>> from status import NO_STATUS_LISTS
>>> from vc_core import DataIntegrity, LocalSigner, Policy, issue, verify
>>> key = PrivateKey.generate("Ed25519")
>>> issuer = did_key(key.public_key)
>>> noon = datetime(2026, 1, 31, 12, tzinfo=UTC)
>>> credential = issue(
...     {
...         "@context": ["https://www.w3.org/ns/credentials/v2"],
...         "type": ["VerifiableCredential"],
...         "issuer": issuer,
...         "name": "Mikroapliecinājums",
...         "credentialSubject": {"id": "did:example:learner"},
...     },
...     signer=LocalSigner.of_did_key(key),
...     securing=DataIntegrity(cryptosuite="eddsa-jcs-2022"),
...     created=noon,
... )
>>> policy = Policy(accepted_issuers=frozenset({issuer}))
>>> result = verify(credential, resolver=StaticResolver(), status=NO_STATUS_LISTS, policy=policy, now=noon)
>>> result.verdict
<Verdict.VERIFIED: 'verified'>
>>> result.credential.claims["name"]
'Mikroapliecinājums'
"""

from vc_core.canonical.contexts import PINNED as PINNED_CONTEXTS
from vc_core.canonical.contexts import Contexts
from vc_core.document import Json
from vc_core.errors import (
    CODES,
    LimitExceeded,
    ParsingError,
    ProofGenerationError,
    ProofTransformationError,
    ProofVerificationError,
    VCError,
    VerificationError,
)
from vc_core.evidence import NO_EVIDENCE, Evidence
from vc_core.issue import Securing, issue
from vc_core.limits import Limits
from vc_core.nonces import MemoryNonces, Nonces, SQLiteNonces
from vc_core.policy import ANY_ISSUER, Policy
from vc_core.present import present
from vc_core.presentation import PresentationPolicy, is_presentation, verify_presentation
from vc_core.result import (
    Check,
    Credential,
    Outcome,
    Presentation,
    PresentationResult,
    Problem,
    ProvenMethod,
    Verdict,
    VerificationResult,
)
from vc_core.securing import sd_jwt
from vc_core.securing.cose import VCCOSE, VPCOSE
from vc_core.securing.cryptosuites import CRYPTOSUITES, Cryptosuite
from vc_core.securing.data_integrity import DataIntegrity
from vc_core.securing.envelopes import ENVELOPES, Envelope
from vc_core.securing.sd_jwt import SDJWTVC, VCSDJWT, VPSDJWT
from vc_core.securing.signed_data import ALGORITHMS, ED25519_OPENSSL, Algorithm, LocalSigner, Signer
from vc_core.securing.vc_jwt import JWTVC, JWTVP, VCJWT, VPJWT
from vc_core.verify import verify

__version__ = "0.1.0"

__all__ = [
    "ALGORITHMS",
    "ANY_ISSUER",
    "CODES",
    "CRYPTOSUITES",
    "ED25519_OPENSSL",
    "ENVELOPES",
    "JWTVC",
    "JWTVP",
    "NO_EVIDENCE",
    "PINNED_CONTEXTS",
    "SDJWTVC",
    "VCCOSE",
    "VCJWT",
    "VCSDJWT",
    "VPCOSE",
    "VPJWT",
    "VPSDJWT",
    "Algorithm",
    "Check",
    "Contexts",
    "Credential",
    "Cryptosuite",
    "DataIntegrity",
    "Envelope",
    "Evidence",
    "Json",
    "LimitExceeded",
    "Limits",
    "LocalSigner",
    "MemoryNonces",
    "Nonces",
    "Outcome",
    "ParsingError",
    "Policy",
    "Presentation",
    "PresentationPolicy",
    "PresentationResult",
    "Problem",
    "ProofGenerationError",
    "ProofTransformationError",
    "ProofVerificationError",
    "ProvenMethod",
    "SQLiteNonces",
    "Securing",
    "Signer",
    "VCError",
    "Verdict",
    "VerificationError",
    "VerificationResult",
    "is_presentation",
    "issue",
    "present",
    "sd_jwt",
    "verify",
    "verify_presentation",
]

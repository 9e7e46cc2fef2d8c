"""The errors of vc_core, and the table of problem codes.

Every error that leaves this package is a `VCError` with a stable `code`; nothing of a dependency's own
escapes. Codes are the specifications' words where they have one:

- Verifiable Credentials Data Model 2.0, section 7.2 (Problem Details)
- Verifiable Credential Data Integrity 1.0, section 2.4.3 (Securing Data Losslessly) and 4.7 (Processing Errors)
- Controlled Identifiers 1.0, section 3.5; DID Resolution 1.0, section 11
- Bitstring Status List 1.0, section 3.5 (Processing Errors)

    VCError
    ├── ParsingError              the bytes are not what we read
    ├── LimitExceeded             a cap of `Limits` was reached
    ├── ProofTransformationError  a document cannot be canonicalized without loss
    ├── ProofVerificationError    a proof does not hold
    ├── ProofGenerationError      a credential cannot be issued
    └── VerificationError         claims were asked of a credential that is not verified
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, NamedTuple

_VCDM = "https://www.w3.org/TR/vc-data-model#"
_SECURITY = "https://w3id.org/security#"
_DID = "https://www.w3.org/ns/did#"
_STATUS = "https://www.w3.org/ns/credentials/status-list#"


class ProblemCode(NamedTuple):
    """What a code stands for: the problem type URL of the specification that owns it, and a title."""

    type: str
    title: str


CODES: Mapping[str, ProblemCode] = MappingProxyType(
    {
        # Verifiable Credentials Data Model 2.0
        "PARSING_ERROR": ProblemCode(_VCDM + "PARSING_ERROR", "The input cannot be read"),
        "MALFORMED_VALUE_ERROR": ProblemCode(_VCDM + "MALFORMED_VALUE_ERROR", "A value has the wrong form"),
        "RANGE_ERROR": ProblemCode(_VCDM + "RANGE_ERROR", "A value is out of range"),
        "CRYPTOGRAPHIC_SECURITY_ERROR": ProblemCode(
            _VCDM + "CRYPTOGRAPHIC_SECURITY_ERROR", "The securing mechanism failed"
        ),
        # Verifiable Credential Data Integrity 1.0
        "PROOF_GENERATION_ERROR": ProblemCode(_SECURITY + "PROOF_GENERATION_ERROR", "No proof can be made"),
        "PROOF_VERIFICATION_ERROR": ProblemCode(_SECURITY + "PROOF_VERIFICATION_ERROR", "The proof does not hold"),
        "PROOF_TRANSFORMATION_ERROR": ProblemCode(
            _SECURITY + "PROOF_TRANSFORMATION_ERROR", "The document cannot be transformed for its proof"
        ),
        "DATA_LOSS_DETECTION_ERROR": ProblemCode(
            _SECURITY + "DATA_LOSS_DETECTION_ERROR", "The proof would not cover all of the document"
        ),
        "INVALID_DOMAIN_ERROR": ProblemCode(_SECURITY + "INVALID_DOMAIN_ERROR", "The domain is not the expected one"),
        "INVALID_CHALLENGE_ERROR": ProblemCode(
            _SECURITY + "INVALID_CHALLENGE_ERROR", "The challenge is not the expected one"
        ),
        # Controlled Identifiers 1.0
        "INVALID_VERIFICATION_METHOD_URL": ProblemCode(
            _SECURITY + "INVALID_VERIFICATION_METHOD_URL", "The verification method is not named by a valid URL"
        ),
        "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID": ProblemCode(
            _SECURITY + "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID", "The document is not the one asked for"
        ),
        "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT": ProblemCode(
            _SECURITY + "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT", "The controlled identifier document is malformed"
        ),
        "INVALID_VERIFICATION_METHOD": ProblemCode(
            _SECURITY + "INVALID_VERIFICATION_METHOD", "The verification method cannot be used"
        ),
        "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD": ProblemCode(
            _SECURITY + "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD",
            "The verification method is not authorised for this purpose",
        ),
        # DID Resolution 1.0
        "INVALID_DID": ProblemCode(_DID + "INVALID_DID", "The DID is malformed"),
        "INVALID_DID_URL": ProblemCode(_DID + "INVALID_DID_URL", "The DID URL is malformed"),
        "INVALID_DID_DOCUMENT": ProblemCode(_DID + "INVALID_DID_DOCUMENT", "The DID document is malformed"),
        "METHOD_NOT_SUPPORTED": ProblemCode(_DID + "METHOD_NOT_SUPPORTED", "The DID method is not supported"),
        "NOT_FOUND": ProblemCode(_DID + "NOT_FOUND", "The DID document was not found"),
        "INVALID_OPTIONS": ProblemCode(_DID + "INVALID_OPTIONS", "An option of the resolution is malformed"),
        "FEATURE_NOT_SUPPORTED": ProblemCode(
            _DID + "FEATURE_NOT_SUPPORTED", "An option of the resolution is not supported"
        ),
        "REPRESENTATION_NOT_SUPPORTED": ProblemCode(
            _DID + "REPRESENTATION_NOT_SUPPORTED", "The media type of the resolution is not supported"
        ),
        # Bitstring Status List 1.0
        "STATUS_RETRIEVAL_ERROR": ProblemCode(_STATUS + "STATUS_RETRIEVAL_ERROR", "The status list cannot be had"),
        "STATUS_VERIFICATION_ERROR": ProblemCode(
            _STATUS + "STATUS_VERIFICATION_ERROR", "The status cannot be established"
        ),
        "STATUS_LIST_LENGTH_ERROR": ProblemCode(_STATUS + "STATUS_LIST_LENGTH_ERROR", "The status list is too short"),
        "REVOKED": ProblemCode(_STATUS + "STATUS_VERIFICATION_ERROR", "The credential is revoked"),
        "SUSPENDED": ProblemCode(_STATUS + "STATUS_VERIFICATION_ERROR", "The credential is suspended"),
        # Our own, each with the specifications' code it refines
        "DEACTIVATED": ProblemCode(_DID + "NOT_FOUND", "The DID is deactivated"),
        "INPUT_TOO_LARGE": ProblemCode(_VCDM + "PARSING_ERROR", "The input is larger than the limit"),
        "NESTING_TOO_DEEP": ProblemCode(_VCDM + "PARSING_ERROR", "The input is nested deeper than the limit"),
        "TOO_MANY_PROOFS": ProblemCode(_SECURITY + "PROOF_VERIFICATION_ERROR", "There are more proofs than the limit"),
        "WORK_LIMIT_EXCEEDED": ProblemCode(
            _SECURITY + "PROOF_TRANSFORMATION_ERROR", "Canonicalization would need more work than the limit"
        ),
        "UNKNOWN_CONTEXT": ProblemCode(
            _SECURITY + "PROOF_TRANSFORMATION_ERROR", "A JSON-LD context is not among the known ones"
        ),
        "MISSING_DEPENDENCY": ProblemCode(
            _SECURITY + "PROOF_TRANSFORMATION_ERROR", "An optional part of this library is not installed"
        ),
        "UNACCEPTED_ISSUER": ProblemCode(_VCDM + "CRYPTOGRAPHIC_SECURITY_ERROR", "The issuer is not accepted"),
        "ISSUER_MISMATCH": ProblemCode(_VCDM + "CRYPTOGRAPHIC_SECURITY_ERROR", "The key does not belong to the issuer"),
        "NOT_YET_VALID": ProblemCode(_VCDM + "RANGE_ERROR", "The validity period has not begun"),
        "EXPIRED": ProblemCode(_VCDM + "RANGE_ERROR", "The validity period is over"),
        "SCHEMA_RETRIEVAL_ERROR": ProblemCode(
            _VCDM + "MALFORMED_VALUE_ERROR", "The credential schema was not supplied"
        ),
        "SCHEMA_VALIDATION_ERROR": ProblemCode(
            _VCDM + "MALFORMED_VALUE_ERROR", "The credential does not follow its schema"
        ),
        "RELATED_RESOURCE_RETRIEVAL_ERROR": ProblemCode(
            _VCDM + "MALFORMED_VALUE_ERROR", "A related resource was not supplied"
        ),
        "RELATED_RESOURCE_DIGEST_ERROR": ProblemCode(
            _VCDM + "CRYPTOGRAPHIC_SECURITY_ERROR", "A related resource is not the one that was signed"
        ),
        "TOKEN_TYPE_ERROR": ProblemCode(
            _VCDM + "CRYPTOGRAPHIC_SECURITY_ERROR", "The token is of a kind that is not accepted here"
        ),
        "TOKEN_HEADER_ERROR": ProblemCode(
            _VCDM + "CRYPTOGRAPHIC_SECURITY_ERROR", "A header parameter of the token is missing, wrong or not supported"
        ),
        "TOKEN_CLAIMS_ERROR": ProblemCode(
            _VCDM + "MALFORMED_VALUE_ERROR", "The claims of the token and of what it secures do not agree"
        ),
        "DISCLOSURE_ERROR": ProblemCode(
            _VCDM + "CRYPTOGRAPHIC_SECURITY_ERROR", "A disclosure does not belong to the token"
        ),
        "TOO_MANY_DISCLOSURES": ProblemCode(_VCDM + "PARSING_ERROR", "There are more disclosures than the limit"),
        "KEY_BINDING_ERROR": ProblemCode(
            _VCDM + "CRYPTOGRAPHIC_SECURITY_ERROR", "The key binding is missing, not asked for, or does not hold"
        ),
        "HOLDER_BINDING_ERROR": ProblemCode(
            _VCDM + "CRYPTOGRAPHIC_SECURITY_ERROR", "The credential is not shown to be the holder's"
        ),
        "NONCE_SPENT_ERROR": ProblemCode(_SECURITY + "INVALID_CHALLENGE_ERROR", "The nonce has been used before"),
        "NONCE_STORE_ERROR": ProblemCode(
            _SECURITY + "INVALID_CHALLENGE_ERROR", "The store of spent nonces cannot be used"
        ),
        "TOO_MANY_CREDENTIALS": ProblemCode(_VCDM + "PARSING_ERROR", "There are more credentials than the limit"),
        "TOO_MANY_IDENTIFIERS": ProblemCode(
            _VCDM + "PARSING_ERROR", "There are keys of more identifiers than the limit"
        ),
        "TYPE_METADATA_RETRIEVAL_ERROR": ProblemCode(
            _VCDM + "MALFORMED_VALUE_ERROR", "The type metadata of the credential were not supplied"
        ),
        "TYPE_METADATA_ERROR": ProblemCode(
            _VCDM + "MALFORMED_VALUE_ERROR", "The credential does not follow its type metadata"
        ),
        "WORKER_CRASHED": ProblemCode(_DID + "INTERNAL_ERROR", "The process that verified it ended"),
        "INTERNAL_ERROR": ProblemCode(_DID + "INTERNAL_ERROR", "This library failed"),
    }
)


class VCError(Exception):
    """Something is wrong with an input, for the reason `code` (a key of `CODES`).

    `detail` is one line for people, safe to print: no control characters, no unbounded quotes. `at` is a
    JSON pointer (RFC 6901) into the input, empty for the whole; it is made of the input's own names and not safe to
    print as it is. `missing` names evidence (a URL, an extra
    of this distribution) without which nothing can be said; it is None where the error is conclusive.
    """

    default_code: ClassVar[str] = "INTERNAL_ERROR"

    def __init__(self, detail: str, *, code: str | None = None, at: str = "", missing: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = self.default_code if code is None else code
        self.at = at
        self.missing = missing


class ParsingError(VCError):
    """The bytes are not the strict JSON, or not the object, that was asked for."""

    default_code = "PARSING_ERROR"


class LimitExceeded(VCError):
    """A cap of `Limits` was reached; `code` says which kind."""

    default_code = "WORK_LIMIT_EXCEEDED"


class ProofTransformationError(VCError):
    """A document cannot be brought into the form that is signed without losing or guessing something."""

    default_code = "PROOF_TRANSFORMATION_ERROR"


class ProofVerificationError(VCError):
    """A proof is malformed, or does not hold."""

    default_code = "PROOF_VERIFICATION_ERROR"


class ProofGenerationError(VCError):
    """A credential cannot be issued as asked."""

    default_code = "PROOF_GENERATION_ERROR"


class VerificationError(VCError):
    """Claims were asked of a result that is not verified; `result` holds every problem."""

    default_code = "PROOF_VERIFICATION_ERROR"

    def __init__(self, detail: str, *, result: object) -> None:
        super().__init__(detail)
        self.result = result

"""The two kinds of messages, made: each has been read back, and its signature and claims checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import floor
from typing import Any, ClassVar, Final, Literal

from did.errors import shown
from vc_core.canonical.contexts import PINNED, Contexts
from vc_core.document import Json, write_json
from vc_core.errors import ProofGenerationError, VCError
from vc_core.limits import Limits
from vc_core.securing.cose import reading
from vc_core.securing.cose.sign1 import write_sign1
from vc_core.securing.cryptosuites.cryptosuite import Transformation
from vc_core.securing.signed_data import ALGORITHMS, Algorithm, Signer, check


@dataclass(frozen=True, slots=True, kw_only=True)
class _COSESecuring:
    """What both kinds have. `alg` is an identifier of RFC 9053, or of RFC 9864 if it is `fully_specified`."""

    data_model: ClassVar[Literal["VCDM"]] = "VCDM"
    proof_purpose: ClassVar[str] = "assertionMethod"

    fully_specified: bool = False
    algorithms: Mapping[str, Algorithm] = field(default_factory=lambda: ALGORITHMS)
    contexts: Contexts = PINNED
    allow_inline_contexts: bool = False
    limits: Limits = Limits()  # noqa: RUF009  (a frozen value)

    @property
    def transformation(self) -> Transformation:
        """The contexts and the limits that claims are secured under."""
        return Transformation(self.contexts, self.limits, allow_inline_contexts=self.allow_inline_contexts)

    def _message(self, kind: str, claims: dict[str, Json], cwt_claims: Mapping[int, Any], signer: Signer) -> bytes:
        """The message, as it is verified. Raises `ProofGenerationError` with the code of what is wrong."""
        contexts = claims.get("@context")
        if not isinstance(contexts, list) or contexts[:1] != [_V2]:
            raise ProofGenerationError("this token secures what is of the data model 2.0", at="/@context")
        header: dict[int, Any] = {
            reading.ALG: self._alg(signer),
            reading.CONTENT_TYPE: f"application/{kind[:2]}",
            reading.KID: signer.verification_method.encode(),
            reading.TYP: f"application/{kind}",
        }
        present = {label: value for label, value in cwt_claims.items() if value is not None}
        if present:
            header[reading.CWT_CLAIMS] = present
        message = write_sign1(header, write_json(claims), signer=signer, algorithms=self.algorithms)
        try:
            token = reading.read(message, limits=self.limits)
            check(token.signed, signer.public_key, algorithms=self.algorithms)
        except VCError as error:
            raise ProofGenerationError(error.detail, code=error.code, at=error.at) from error
        if token.securing != kind or token.claims != claims or token.kid != signer.verification_method:
            raise ProofGenerationError("the token does not say what it was made to say")
        return message

    def _alg(self, signer: Signer) -> int:
        found = [label for label, (_, name) in reading.COSE_ALGORITHMS.items() if name == signer.algorithm]
        if not found:
            raise ProofGenerationError(f"COSE has no identifier here for the algorithm {shown(signer.algorithm)}")
        return found[-1] if self.fully_specified else found[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class VCCOSE(_COSESecuring):
    """Secures a credential of the data model 2.0 as the payload (VC-JOSE-COSE, section 3.3.1).

    `expires` is when the signature expires, not the credential; it becomes the CWT claim `exp`.
    """

    expires: datetime | None = None

    def secure(self, claims: dict[str, Json], *, signer: Signer, created: datetime) -> bytes:
        """The credential as it is, with the CWT claims `iat`, the second in which it is signed, and, if set, `exp`.

        Raises `ProofGenerationError`.
        """
        cwt_claims = {reading.EXP: _seconds(self.expires), reading.IAT: _seconds(created)}
        return self._message("vc+cose", claims, cwt_claims, signer)


@dataclass(frozen=True, slots=True, kw_only=True)
class VPCOSE(_COSESecuring):
    """Secures a presentation of the data model 2.0 as the payload (VC-JOSE-COSE, section 3.3.2).

    The payload being the presentation itself, `nonce` and `audience` become CWT claims in the protected header (section
    3.3.3, RFC 9597): `nonce` (10) with the UTF-8 form of the text, which has 8 to 64 bytes (RFC 9711, section 4.1), and
    `aud` (3). `expires` is a point in time, or counted from the making.
    """

    proof_purpose: ClassVar[str] = "authentication"

    nonce: str
    audience: str
    expires: datetime | timedelta | None = None

    def __post_init__(self) -> None:
        if (
            not isinstance(self.audience, str)
            or not self.audience
            or not reading.SHORTEST_NONCE <= len(self.nonce.encode()) <= reading.LONGEST_NONCE
        ):
            raise ValueError("a presentation has an audience, and a nonce of 8 to 64 bytes")

    def secure(self, claims: dict[str, Json], *, signer: Signer, created: datetime) -> bytes:
        """The presentation as it is, with the CWT claims `aud`, `nonce`, `iat` and, if it expires, `exp`.

        Raises `ProofGenerationError`.
        """
        end = created + self.expires if isinstance(self.expires, timedelta) else self.expires
        cwt_claims = {
            reading.AUD: self.audience,
            reading.EXP: _seconds(end),
            reading.IAT: _seconds(created),
            reading.NONCE: self.nonce.encode(),
        }
        return self._message("vp+cose", claims, cwt_claims, signer)


_V2: Final = "https://www.w3.org/ns/credentials/v2"


def _seconds(moment: datetime | None) -> int | None:
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError("a point in time needs a time zone")
    return floor(moment.timestamp())

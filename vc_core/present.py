"""Presenting: credentials in, a presentation out that its holder signed and that has already been verified."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from vc_core import credential as data_model
from vc_core.document import Json, SecuredDocument, copy_json
from vc_core.errors import ProofGenerationError
from vc_core.issue import Securing, check_method
from vc_core.limits import Limits
from vc_core.securing.envelopes import (
    ENVELOPED_CREDENTIAL,
    ENVELOPES,
    data_url,
    is_enveloped,
    is_token,
    read_token,
)
from vc_core.securing.signed_data import Signer
from vc_core.securing.vc_jwt import JWTVP


def present(
    credentials: Sequence[bytes],
    *,
    signer: Signer,
    securing: Securing,
    created: datetime,
    holder: str | None = None,
    presentation_id: str | None = None,
) -> bytes:
    """A presentation of the credentials that `signer` secured at `created`, an aware time, for authentication.

    `securing` names the mechanism, and for whom and in answer to what: `DataIntegrity` with proof_purpose
    "authentication", a domain and a challenge, or a mechanism for presentations, with an audience and a nonce. `holder`
    is the DID of the signer's verification method by default. Each credential stands in the presentation as it was
    given: as a document with its proofs, or as a token, which nobody verified here. The presentation has been read
    back and its signature verified. Raises `ProofGenerationError`, or another `VCError` for a credential that cannot be
    read.

    An SD-JWT with its key binding is a presentation by itself: see `vc_core.securing.sd_jwt`.
    """
    if created.tzinfo is None:
        raise ValueError("created needs a time zone")
    if securing.proof_purpose != "authentication":
        detail = (
            f"a presentation is for authentication, not for {securing.proof_purpose}: see the mechanisms named VP..."
        )
        raise ProofGenerationError(detail)
    limits = securing.transformation.limits
    version = 1 if isinstance(securing, JWTVP) else 2
    tree: dict[str, Json] = {
        "@context": [data_model.V1 if version == 1 else data_model.V2],
        "type": ["VerifiablePresentation"],
        **({} if presentation_id is None else {"id": presentation_id}),
        "holder": holder or signer.verification_method.partition("#")[0],
        **({"verifiableCredential": [_entry(each, version, limits) for each in credentials]} if credentials else {}),
    }
    for problem in data_model.problems_of_presentation(tree, most=limits.credentials):
        raise ProofGenerationError(problem.detail, code=problem.code, at=problem.at)
    check_method(signer, securing.proof_purpose)
    return securing.secure(tree, signer=signer, created=created)


def _entry(credential: bytes, version: int, limits: Limits) -> Json:
    """The credential in the form in which a presentation of that version of the data model holds it."""
    if not is_token(credential):
        document = SecuredDocument.read(credential, limits=limits)
        if "proof" not in document.tree and not is_enveloped(document.tree, ENVELOPED_CREDENTIAL):
            raise ProofGenerationError("a credential has no proof", at="/verifiableCredential")
        return copy_json(document.tree, limits=limits)
    token = read_token(credential, limits=limits)
    if ENVELOPES[token.securing].is_presentation or token.key_binding is not None:
        raise ProofGenerationError("a presentation is no credential", at="/verifiableCredential")
    if version == 1:
        if token.securing.endswith("+cose"):
            raise ProofGenerationError("data model 1.1 has no place for COSE", at="/verifiableCredential")
        return credential.decode("ascii")
    return {
        "@context": data_model.V2,
        "id": data_url(credential, token.securing),
        "type": ENVELOPED_CREDENTIAL,
    }

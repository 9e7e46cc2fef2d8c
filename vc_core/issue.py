"""Issuing: claims in, a secured credential out that has already been verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Final, Literal, Protocol

from did import DIDError, MethodNotSupported, NotFound, StaticResolver
from status import ENTRY_TYPES, StatusEntry, StatusError
from vc_core import credential as data_model
from vc_core.checks.accreditations import ACCREDITATION_ENTRY, names_accreditation
from vc_core.checks.status import REFERENCE
from vc_core.document import Json, copy_json
from vc_core.errors import ProofGenerationError
from vc_core.resources import named_objects
from vc_core.result import Problem
from vc_core.securing.cryptosuites.cryptosuite import Transformation
from vc_core.securing.data_integrity import DataIntegrity
from vc_core.securing.sd_jwt.sd_jwt_vc import problems_of_sd_jwt_vc
from vc_core.securing.signed_data import Signer

_SELF_DESCRIBING: Final = StaticResolver()
"""Knows the keys of the DIDs that contain them."""


class Securing(Protocol):
    """A securing mechanism with its options, such as `DataIntegrity`."""

    @property
    def data_model(self) -> Literal["VCDM", "SD-JWT VC"]:
        """Whose rules the claims follow."""
        ...

    @property
    def transformation(self) -> Transformation:
        """The contexts and the limits that claims are issued under."""
        ...

    @property
    def proof_purpose(self) -> str:
        """The verification relationship that the signer's key needs."""
        ...

    def secure(self, claims: dict[str, Json], *, signer: Signer, created: datetime) -> bytes:
        """The secured document, its signature checked on these very bytes with the signer's public key."""
        ...


def issue(claims: Mapping[str, Json], *, signer: Signer, securing: Securing, created: datetime) -> bytes:
    """The claims as a credential that `signer` secured at `created`, an aware time.

    The claims follow the data model of the mechanism and are not changed, except that the context that defines an
    embedded proof's terms is appended where it is missing. The credential has been read back and its signature
    verified. Raises `ProofGenerationError` with the code of the first rule that the claims break, and its place; and
    another `VCError` for claims that are no JSON, too large, or that the securing mechanism cannot cover.
    """
    if created.tzinfo is None:
        raise ValueError("created needs a time zone")
    if securing.proof_purpose == "authentication" and not isinstance(securing, DataIntegrity):
        raise ProofGenerationError("this mechanism is for presentations: see present")
    tree = copy_json(claims, limits=securing.transformation.limits)
    if not isinstance(tree, dict):
        raise ProofGenerationError("claims are not an object", code="PARSING_ERROR")
    if securing.data_model == "VCDM":
        problems: Iterator[Problem] = _problems(tree, securing.transformation, created)
    else:
        problems = chain(problems_of_sd_jwt_vc(tree), _problems_of_reference(tree))
    for problem in problems:
        raise ProofGenerationError(problem.detail, code=problem.code, at=problem.at)
    check_method(signer, securing.proof_purpose)
    return securing.secure(tree, signer=signer, created=created)


def _problems(tree: dict[str, Json], transformation: Transformation, created: datetime) -> Iterator[Problem]:
    """What the data model has against the claims. They may be of the past, or of the future."""
    yield from data_model.problems_of_contexts(tree, transformation)
    yield from data_model.problems_of_data_model(tree)
    for problem in data_model.problems_of_validity_period(tree, now=created):
        if problem.code == "MALFORMED_VALUE_ERROR":
            yield problem
    for at, entry in named_objects(tree, "credentialStatus"):
        types = data_model.types_of(entry)
        if not ENTRY_TYPES.isdisjoint(types):
            try:
                StatusEntry.parse(entry)
            except StatusError as error:
                yield Problem(error.code, error.detail, at)
        elif ACCREDITATION_ENTRY in types and not names_accreditation(entry, tree):
            detail = "the status entry does not name the attribute that is reserved for the subject"
            yield Problem("STATUS_VERIFICATION_ERROR", detail, at)


def _problems_of_reference(claims: dict[str, Json]) -> Iterator[Problem]:
    """What is wrong with the reference of a token to a status list, where there is one."""
    status = claims.get("status")
    if isinstance(status, dict) and REFERENCE in status:
        reference = status[REFERENCE]
        try:
            StatusEntry.reference(reference if isinstance(reference, dict) else {})
        except StatusError as error:
            yield Problem(error.code, error.detail, f"/status/{REFERENCE}")


def check_method(signer: Signer, relationship: str) -> None:
    """Refuses a verification method that contains another key than the signer's, or none for this purpose."""
    url = signer.verification_method
    try:
        document = _SELF_DESCRIBING.resolve(url.partition("#")[0])
        key = document.verification_method(url, relationship=relationship).public_key
    except (NotFound, MethodNotSupported):
        return  # nothing can be known about it here
    except DIDError as error:
        raise ProofGenerationError(f"the verification method: {error.detail}", code=error.code) from error
    if key != signer.public_key:
        raise ProofGenerationError("the verification method names another key than the signer's")

"""An SD-JWT VC and the metadata of its type, as they were handed in (draft-ietf-oauth-sd-jwt-vc, sections 4 to 7)."""

from __future__ import annotations

from collections.abc import Mapping

from vc_core.errors import VCError
from vc_core.limits import Limits
from vc_core.result import Problem
from vc_core.securing.sd_jwt.type_metadata import claim_rules, problems_of_claims
from vc_core.securing.token import Token


def problems_of_type_metadata(
    token: Token, *, evidence: Mapping[str, bytes], limits: Limits
) -> tuple[list[Problem], list[Problem]]:
    """What the token breaks of the rules of its type; and, apart from that, the metadata that were not supplied.

    `evidence` holds the metadata of the type, and of those it extends, by their `vct`. A mandatory claim that is absent
    is a problem only where nobody can have hidden it.
    """
    vct = token.payload.get("vct")
    if not isinstance(vct, str):
        return [], []  # which is a problem of its claims already
    try:
        rules = claim_rules(vct, token.payload.get("vct#integrity"), evidence, limits=limits)
        return problems_of_claims(token.payload, token.disclosed, rules, complete=False), []
    except VCError as error:
        problem = Problem.of(error)
        return ([], [problem]) if problem.missing is not None else ([problem], [])

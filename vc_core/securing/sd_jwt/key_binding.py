"""Key binding: whose key the holder's is, and whether a key-binding JWT is fresh, for us, and about what is presented.

RFC 9901, sections 4.3 and 7.3; RFC 7800, section 3. Its signature is checked as any other: `signed_data.check` with the
`signed` of the key binding and the key of `holder_key`, and no other key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from did import DIDURL, DIDError, PublicKey
from did.errors import shown
from vc_core.document import Json
from vc_core.errors import ParsingError, ProofVerificationError
from vc_core.result import Problem
from vc_core.securing.jwt import numeric_date, problems_of_times
from vc_core.securing.token import Token

TYPE: Final = "kb+jwt"
"""The header parameter `typ` of every key-binding JWT."""


def holder_key(payload: Mapping[str, Json]) -> PublicKey | str:
    """The key that the claim `cnf` says is the holder's; or the DID URL of one that has still to be resolved.

    The latter needs the relationship `authentication` in the document of the DID. Raises `ProofVerificationError` with
    code KEY_BINDING_ERROR where there is no `cnf`, or one with anything but one `jwk` or one `kid` that is a DID URL.
    """
    match payload.get("cnf"):
        case {"jwk": jwk, **others} if not others:
            try:
                return PublicKey.from_jwk(jwk)
            except DIDError as error:
                raise _error(f"the key in cnf cannot be used: {error.detail}", at="/cnf/jwk") from error
        case {"kid": str(kid), **others} if not others:
            try:
                url = DIDURL.parse(kid)
            except DIDError as error:
                raise _error(f"the kid in cnf is {error.detail}", at="/cnf/kid") from error
            if url.fragment:
                return kid
    raise _error("cnf is missing, or holds neither one jwk nor one kid with the DID URL of a key", at="/cnf")


def problems_of_key_binding(
    token: Token,
    *,
    nonce: str | None,
    audience: frozenset[str] | None,
    now: datetime,
    clock_skew: timedelta,
    longest_age: timedelta,
) -> list[Problem]:
    """What is wrong with the key binding of `token`; that there is none is wrong as well.

    It is not made in the future nor more than `longest_age` ago, give or take `clock_skew`. Its `nonce` is the expected
    one (INVALID_CHALLENGE_ERROR), and its one audience the only one expected (INVALID_DOMAIN_ERROR); None leaves the
    value unchecked, not that there is one. All else is a KEY_BINDING_ERROR. Its signature is not looked at.
    """
    binding = token.key_binding
    if binding is None:
        return [_problem("there is no key binding")]
    problems: list[Problem] = []
    claims = binding.claims
    if binding.header.get("typ") != TYPE:
        problems.append(_problem(f"the header parameter 'typ' of a key binding is {TYPE}"))
    problems += _problems_of_age(claims, now=now, clock_skew=clock_skew, longest_age=longest_age)
    for name, code, expected in (
        ("nonce", "INVALID_CHALLENGE_ERROR", None if nonce is None else {nonce}),
        ("aud", "INVALID_DOMAIN_ERROR", audience),
    ):
        value = claims.get(name)
        if not isinstance(value, str):
            problems.append(_problem(f"the claim {name} of the key binding is missing, or not one text"))
        elif expected is not None and {value} != expected:
            problems.append(Problem(code, f"the claim {name} of the key binding is {shown(value)}"))
    if claims.get("sd_hash") != binding.sd_hash:
        problems.append(_problem("the key binding is about other disclosures, or another token, than it came with"))
    return problems


def _problems_of_age(
    claims: Mapping[str, Json], *, now: datetime, clock_skew: timedelta, longest_age: timedelta
) -> list[Problem]:
    problems = [
        _problem(f"in the key binding, {each.detail}")
        for each in problems_of_times(claims, now=now, clock_skew=clock_skew)
    ]
    if "iat" not in claims:
        return [*problems, _problem("the key binding does not say when it was made")]
    try:
        made = numeric_date(claims["iat"])
    except ParsingError:
        return problems  # which have it already
    if now - made > longest_age + clock_skew:
        problems.append(_problem(f"the key binding was made at {made.isoformat()}, too long ago"))
    return problems


def _problem(detail: str) -> Problem:
    return Problem("KEY_BINDING_ERROR", detail)


def _error(detail: str, *, at: str) -> ProofVerificationError:
    return ProofVerificationError(detail, code="KEY_BINDING_ERROR", at=at)

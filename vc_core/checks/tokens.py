"""The checks of enveloping mechanisms: JOSE, SD-JWT and COSE."""

from __future__ import annotations

from vc_core import datetimestamp
from vc_core.checks.signatures import NO_METHOD
from vc_core.document import Json
from vc_core.errors import ParsingError, ProofVerificationError
from vc_core.examination import Examination, Finding
from vc_core.result import Problem
from vc_core.securing.jwt import problems_of_times
from vc_core.securing.signed_data import check
from vc_core.securing.vc_jwt import JWT_PROFILES, TEXTUAL_IAT, problems_of_claims


def token(examination: Examination) -> Finding:
    """The token is of a kind and for a purpose that the policy accepts, and what it says twice it says the same."""
    token, policy = examination.token, examination.policy
    if token is None:
        return "the token could not be read"
    if token.securing not in policy.envelopes:
        return [Problem("TOKEN_TYPE_ERROR", f"the policy accepts no token of the kind {token.securing}")]
    problems = problems_of_claims(token, JWT_PROFILES[policy.jwt_profile])
    if "proof" in token.claims and examination.is_vcdm:
        problems.append(Problem("TOKEN_CLAIMS_ERROR", "a proof inside of a token is not checked", "/proof"))
    if token.purpose != policy.proof_purpose:
        detail = f"the token is for {token.purpose}, not for {policy.proof_purpose}"
        problems.append(Problem("PROOF_VERIFICATION_ERROR", detail))
    return problems


def nonce_and_audience(examination: Examination) -> Finding:
    """The token is made for this verifier: `nonce` and `aud` are the challenge and the domain that the policy expects.

    A token that is made for somebody is not for one who does not say who they are (RFC 7519, section 4.1.3). A nonce
    that the policy does not expect is left unchecked.
    """
    payload = {} if examination.token is None else examination.token.payload
    challenge, domain = examination.policy.challenge, examination.policy.domain
    if challenge is None and not domain and "nonce" not in payload and "aud" not in payload:
        return None
    problems: list[Problem] = []
    if challenge is not None and payload.get("nonce") != challenge:
        problems.append(Problem("INVALID_CHALLENGE_ERROR", "the nonce is missing or another one", "/nonce"))
    if _texts(payload.get("aud")) != domain if domain else "aud" in payload and not examination.any_audience:
        problems.append(Problem("INVALID_DOMAIN_ERROR", "the audience is missing or another one", "/aud"))
    if problems:
        return problems
    expectations = (("nonce", "nonce", challenge), ("audience", "aud", domain))
    names = [name for name, claim, expected in expectations if claim in payload and not expected]
    return f"the policy expects no {' and no '.join(names)}" if names else None


def _texts(value: Json) -> frozenset[str]:
    """A text, or a list of different texts, as a set; empty for anything else."""
    values = value if isinstance(value, list) else [value]
    texts = frozenset(each for each in values if isinstance(each, str))
    return texts if len(texts) == len(values) else frozenset()


def no_key_binding(examination: Examination) -> Finding:
    """No key binding is there: it belongs to a credential that is presented, with a nonce that somebody expects."""
    token = examination.token
    if token is None or token.key_binding is None:
        return None
    return [
        Problem("KEY_BINDING_ERROR", "a key binding is there, which only a presentation has: see verify_presentation")
    ]


def signature(examination: Examination) -> Finding:
    """The key that the token names made its signature."""
    token = examination.token
    if token is None or not examination.methods:
        return NO_METHOD
    try:
        check(token.signed, examination.methods[0].public_key, algorithms=examination.policy.algorithms)
    except ProofVerificationError as error:
        return [Problem.of(error)]
    examination.signature_holds = True
    return None


def problems_of_token_times(examination: Examination) -> list[Problem]:
    """What the registered claims about time have against the time of the verification (RFC 7519, section 4.1).

    The `iat` of some kinds may be a dateTimeStamp, as it is in examples of W3C.
    """
    token = examination.token
    if token is None:
        return []
    payload, now, skew = token.payload, examination.now, examination.policy.clock_skew
    issued_at = payload.get("iat")
    if not isinstance(issued_at, str) or token.securing not in TEXTUAL_IAT:
        return problems_of_times(payload, now=now, clock_skew=skew)
    others = {name: value for name, value in payload.items() if name != "iat"}
    problems = problems_of_times(others, now=now, clock_skew=skew)
    try:
        if datetimestamp.parse(issued_at) > now + skew:
            problems.append(Problem("NOT_YET_VALID", "the token was made in the future", "/iat"))
    except ParsingError:
        pass  # which is found where the claims are compared
    return problems

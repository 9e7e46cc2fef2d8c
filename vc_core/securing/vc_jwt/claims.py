"""What a token says twice, it says the same: once in its registered claims, once in what it secures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
from types import MappingProxyType
from typing import Final

from did.errors import shown
from vc_core import datetimestamp
from vc_core.document import Json
from vc_core.errors import ParsingError
from vc_core.result import Problem
from vc_core.securing.token import Token
from vc_core.securing.vc_jwt import ebsi


@dataclass(frozen=True, slots=True)
class JWTProfile:
    """Rules for the claims of tokens of the data model 1.1.

    `times` says which claim has to be the time of which member of the credential, the first that it has. `ebsi` adds
    the rules of `vc_core.securing.vc_jwt.ebsi`, and such a claim is then exactly the second in which that time is.
    """

    name: str
    times: Mapping[str, tuple[str, ...]]
    ebsi: bool = False


JWT_PROFILES: Final[Mapping[str, JWTProfile]] = MappingProxyType(
    {
        "general": JWTProfile(
            "general", MappingProxyType({"nbf": ("issuanceDate", "validFrom"), "exp": ("expirationDate",)})
        ),
        "EBSI": JWTProfile(
            "EBSI",
            MappingProxyType({"iat": ("issued",), "nbf": ("validFrom",), "exp": ("expirationDate",)}),
            ebsi=True,
        ),
        "EBSI registry": JWTProfile("EBSI registry", MappingProxyType({"exp": ("expirationDate",)}), ebsi=True),
    }
)
"""The profiles by name.

`general` is section 6.3.1 of the Verifiable Credentials Data Model 1.1. `EBSI` are the rules of the European Blockchain
Services Infrastructure for attestations and presentations. `EBSI registry` are those that the accreditations in its
Trusted Issuers Registry keep: there `iat` and `nbf` are the times of a renewal, not those of the credential.
"""

_CREDENTIALS: Final = frozenset({"jwt_vc", "vc+jwt", "vc+sd-jwt", "vc+cose"})
_PRESENTATIONS: Final = frozenset({"jwt_vp", "vp+jwt", "vp+sd-jwt", "vp+cose"})
TEXTUAL_IAT: Final = frozenset({"vc+jwt", "vp+jwt", "vc+sd-jwt", "vp+sd-jwt"})
"""The kinds of tokens whose `iat` may be a dateTimeStamp, as in the examples that W3C published."""
_SAID_TWICE: Final = frozenset({"iss", "sub", "jti", "iat"})
_CLAIM: Final[Mapping[str, str]] = MappingProxyType({"jwt_vc": "vc", "jwt_vp": "vp"})
"""The claim that holds the document, in tokens of the data model 1.1."""


def problems_of_claims(token: Token, profile: JWTProfile) -> list[Problem]:
    """What the claims of a token have against what it secures, with the place in the token's payload.

    `iss`, `sub` and `jti` are texts. Where both are present, they are the issuer or holder, the identifier of a
    subject, and the identifier of the document. In tokens of the data model 1.1 `iss` is required, and the times of
    the `profile` agree; in the others `nbf` and `exp` are about the token (VC-JOSE-COSE, section 3.1.3). Other kinds
    of tokens say nothing twice. Codes are TOKEN_CLAIMS_ERROR and, for the rules of EBSI on the header,
    TOKEN_HEADER_ERROR and TOKEN_TYPE_ERROR.
    """
    securing, payload = token.securing, token.payload
    if securing not in _CREDENTIALS and securing not in _PRESENTATIONS:
        return []
    claim = _CLAIM.get(securing)
    if claim is None and _SAID_TWICE.isdisjoint(payload) and "iss" not in token.header:
        return []
    document = payload[claim] if claim is not None else token.claims
    if not isinstance(document, dict):
        return [_problem(f"the claim '{claim}' is not an object", f"/{claim}")]
    problems = [
        _problem(f"the claim '{name}' is not a text", f"/{name}")
        for name in ("iss", "sub", "jti")
        if name in payload and not isinstance(payload[name], str)
    ]
    member = "issuer" if securing in _CREDENTIALS else "holder"
    party = document.get(member)
    if isinstance(party, dict):
        party = party.get("id")
    if "iss" not in payload:
        if claim is not None:
            problems.append(_problem("the claim 'iss' is missing", "/iss"))
    elif party is not None and party != payload["iss"]:
        problems.append(_differs("iss", f"the {member}"))
    if "iss" in token.header and party is not None and token.header["iss"] != party:
        detail = f"the header parameter 'iss' is not the {member} of what the token secures"
        problems.append(Problem("TOKEN_CLAIMS_ERROR", detail, f"/{member}"))
    if "jti" in payload and "id" in document and payload["jti"] != document["id"]:
        problems.append(_differs("jti", "the id"))
    if securing in _CREDENTIALS:
        problems += _problems_of_subject(payload, document.get("credentialSubject"))
    if securing == "jwt_vc":
        problems += _problems_of_times(payload, document, profile)
    if securing in TEXTUAL_IAT and isinstance(payload.get("iat"), str) and _seconds(payload["iat"]) is None:
        problems.append(_problem("the claim 'iat' is neither a NumericDate nor a dateTimeStamp", "/iat"))
    if profile.ebsi and claim is not None:
        problems += ebsi.problems_of_header(token)
        problems += ebsi.RULES[securing](payload, document)
    return problems


def _problem(detail: str, at: str) -> Problem:
    return Problem("TOKEN_CLAIMS_ERROR", detail, at)


def _differs(claim: str, what: str) -> Problem:
    return _problem(f"the claim '{claim}' is not {what} of what the token secures", f"/{claim}")


def _problems_of_subject(payload: dict[str, Json], subject: Json) -> list[Problem]:
    """`sub` names the subject; of several subjects one of those with an identifier."""
    if "sub" not in payload:
        return []
    identifiers = ebsi.identifiers_of(subject)
    if payload["sub"] in identifiers or (not identifiers and not (isinstance(subject, list) and len(subject) > 1)):
        return []
    return [_differs("sub", "the identifier of a subject")]


def _problems_of_times(payload: dict[str, Json], credential: dict[str, Json], profile: JWTProfile) -> list[Problem]:
    problems: list[Problem] = []
    for claim, names in profile.times.items():
        for name in names:
            if name in credential:
                break
        else:
            continue
        value = payload.get(claim)
        if claim not in payload or (profile.ebsi and not ebsi.is_seconds(value)):
            continue  # what EBSI says to that is said there
        if not _is_time(value, credential[name], whole_seconds=profile.ebsi):
            detail = f"the claim '{claim}', {shown(value)}, is not {name}, {shown(credential[name])}"
            problems.append(_problem(detail, f"/{claim}"))
    return problems


def _is_time(value: Json, text: Json, *, whole_seconds: bool) -> bool:
    """Whether the NumericDate is the time that the text is, or the beginning of the second that it is in."""
    seconds = _seconds(text)
    if seconds is None or type(value) not in (int, float):
        return False
    return value == floor(seconds) or (value == seconds and not whole_seconds)


def _seconds(text: Json) -> float | None:
    """The NumericDate of a dateTimeStamp; None for anything else."""
    try:
        return datetimestamp.parse(text).timestamp() if isinstance(text, str) else None
    except ParsingError:
        return None

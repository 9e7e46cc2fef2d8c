"""Credentials and presentations that are JSON Web Tokens.

Four kinds: `jwt_vc` and `jwt_vp` hold the document in a claim (Verifiable Credentials Data Model 1.1, section 6.3.1);
in `vc+jwt` and `vp+jwt` the payload is the document (Securing Verifiable Credentials using JOSE and COSE, section 3.1).

    token = read(text, limits=Limits())
    problems = problems_of_claims(token, JWT_PROFILES["EBSI"])
    text = issue(claims, signer=signer, securing=VCJWT(), created=now)
"""

from vc_core.securing.vc_jwt.claims import JWT_PROFILES, TEXTUAL_IAT, JWTProfile, problems_of_claims
from vc_core.securing.vc_jwt.issuing import JWTVC, JWTVP, VCJWT, VPJWT
from vc_core.securing.vc_jwt.reading import of_payload, read, read_enveloping_jwt, read_jwt_vc, read_jwt_vp

__all__ = [
    "JWTVC",
    "JWTVP",
    "JWT_PROFILES",
    "TEXTUAL_IAT",
    "VCJWT",
    "VPJWT",
    "JWTProfile",
    "of_payload",
    "problems_of_claims",
    "read",
    "read_enveloping_jwt",
    "read_jwt_vc",
    "read_jwt_vp",
]

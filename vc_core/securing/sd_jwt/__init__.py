"""Selective disclosure for JSON Web Tokens (RFC 9901): SD-JWT VCs, and W3C credentials as SD-JWTs, with key binding.

`read` makes a token of bytes; `SDJWTVC` and `VCSDJWT` secure claims; `select` and `bind` are what a holder does before
a presentation; `problems_of_key_binding` and `holder_key` are for who receives one.
"""

from vc_core.securing.sd_jwt.holder import bind, select
from vc_core.securing.sd_jwt.issuing import SDJWTVC, VCSDJWT, VPSDJWT
from vc_core.securing.sd_jwt.key_binding import holder_key, problems_of_key_binding
from vc_core.securing.sd_jwt.reading import processed, read
from vc_core.securing.sd_jwt.sd_jwt_vc import problems_of_sd_jwt_vc
from vc_core.securing.sd_jwt.serialization import SDJWT, read_sd_jwt

__all__ = [
    "SDJWT",
    "SDJWTVC",
    "VCSDJWT",
    "VPSDJWT",
    "bind",
    "holder_key",
    "problems_of_key_binding",
    "problems_of_sd_jwt_vc",
    "processed",
    "read",
    "read_sd_jwt",
    "select",
]

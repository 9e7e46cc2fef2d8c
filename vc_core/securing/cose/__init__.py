"""Credentials and presentations that are COSE_Sign1 messages (VC-JOSE-COSE, section 3.3).

Two kinds: the payload of a `vc+cose` is the JSON of a credential, that of a `vp+cose` of a presentation.

    token = read(message, limits=Limits())
    message = issue(claims, signer=signer, securing=VCCOSE(), created=now)

CBOR is read and written by cbor2, the extra `vc-core[cose]`. It is loaded at the first use, and sees nothing but the
header maps, which are small.
"""

from vc_core.securing.cose.issuing import VCCOSE, VPCOSE
from vc_core.securing.cose.reading import read

__all__ = ["VCCOSE", "VPCOSE", "read"]

"""What every enveloping mechanism takes out of its bytes: the claims, and the signature that has to hold over them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from vc_core import datetimestamp
from vc_core.document import Json
from vc_core.errors import ParsingError
from vc_core.securing.jwt import numeric_date
from vc_core.securing.signed_data import SignedData


class KeyBinding(NamedTuple):
    """The key-binding JWT of an SD-JWT (RFC 9901, section 4.3), read and not yet judged.

    `sd_hash` is what its claim `sd_hash` has to be, computed over the SD-JWT as it was presented.
    """

    header: Mapping[str, Json]
    claims: Mapping[str, Json]
    signed: SignedData
    sd_hash: str


class Token(NamedTuple):
    """A secured token, read strictly. Nothing in it is trusted until `signed` holds under the key of `kid`.

    `securing` is its kind, a key of `vc_core.securing.envelopes.ENVELOPES`. `claims` are the credential or
    presentation: a document of the Verifiable Credentials Data Model, or the claims of an SD-JWT VC, with what was
    disclosed put in its place. `payload` are the claims of the token itself, of which `claims` may be a part or the
    whole.

    `kid` is the header parameter of that name, `controller` the identifier whose document holds the key: that of an
    absolute `kid`, else the claim `iss`. `purpose` is the verification relationship the key needs. `text` is the JSON
    of the payload where all of the claims are in it, else empty. `disclosed` says where the claims stand that came out
    of disclosures: the names of members and positions in arrays that lead there.
    """

    securing: str
    header: Mapping[str, Json]
    payload: dict[str, Json]
    claims: dict[str, Json]
    signed: SignedData
    controller: str
    kid: str
    purpose: str = "assertionMethod"
    key_binding: KeyBinding | None = None
    text: bytes = b""
    disclosed: tuple[tuple[str | int, ...], ...] = ()

    @property
    def verification_method(self) -> str:
        """The absolute URL of the key: `kid`, or a fragment `kid` in the document of the controller."""
        return self.signed.verification_method

    @property
    def identifier(self) -> str:
        """The DID, or the URL of a document, in which the key is to be."""
        return self.verification_method.partition("#")[0]

    @property
    def created(self) -> datetime | None:
        """When the token says that it was made (`iat`); None where it does not, or not in a way that can be read."""
        value = self.payload.get("iat")
        try:
            return datetimestamp.parse(value) if isinstance(value, str) else numeric_date(value)
        except ParsingError:
            return None

    @property
    def at(self) -> str:
        """Where a problem with the token itself is: in no member of the claims."""
        return ""

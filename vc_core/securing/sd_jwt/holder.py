"""What a holder does with an SD-JWT: discloses a part of it, and binds it to one occasion (RFC 9901, section 7.2)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from did.errors import shown
from vc_core.document import Json, write_json
from vc_core.errors import ProofGenerationError, ProofVerificationError
from vc_core.limits import Limits
from vc_core.securing import jose
from vc_core.securing.sd_jwt.disclosure import digest
from vc_core.securing.sd_jwt.key_binding import TYPE, holder_key
from vc_core.securing.sd_jwt.paths import Path, path_in
from vc_core.securing.sd_jwt.reading import processed
from vc_core.securing.sd_jwt.serialization import SDJWT, read_sd_jwt
from vc_core.securing.signed_data import Signer, check


def select(data: bytes, *, disclose: Collection[str] | Callable[[Path], bool], limits: Limits) -> bytes:
    """The SD-JWT with those of its disclosures that are chosen, in the same serialization and order.

    `disclose` are JSON pointers into the claims with all disclosures in place; or it answers for the path of each claim
    that can be disclosed (names of members and positions in arrays from the top down) whether it shall be. What a
    chosen claim stands in is disclosed with it; what can be disclosed inside of it has to be chosen as well.

    Raises `ProofGenerationError` for a pointer at which nothing stands, with code KEY_BINDING_ERROR for a token that is
    already bound, and what reading it raises. The issuer's signature is not checked.
    """
    sd_jwt = _unbound(data, limits)
    token = processed(sd_jwt, limits=limits)
    wanted = filter(disclose, token.disclosed) if callable(disclose) else _paths(token.claims, disclose)
    needed = {path[:length] for path in wanted for length in range(1, len(path) + 1)}
    chosen = (text for text, path in zip(sd_jwt.disclosures, token.disclosed, strict=True) if path in needed)
    return sd_jwt._replace(disclosures=tuple(chosen)).write()


def _paths(claims: dict[str, Json], pointers: Collection[str]) -> list[Path]:
    paths = []
    for pointer in pointers:
        path = path_in(claims, pointer)
        if path is None:
            raise ProofGenerationError(
                f"there is no claim at {shown(pointer)}, which has to be a JSON pointer such as /name", at=pointer
            )
        paths.append(path)
    return paths


def bind(
    data: bytes,
    *,
    signer: Signer,
    nonce: str,
    audience: str,
    created: datetime,
    limits: Limits,
) -> bytes:
    """The SD-JWT with a key-binding JWT that `signer`, the holder, made at `created`, an aware time (section 4.3).

    `nonce` and `audience` are the verifier's. The serialization stays as it is. Raises `ProofGenerationError` with code
    KEY_BINDING_ERROR for a token that is already bound and for a signer whose key is not the one of the claim `cnf`.
    The issuer's signature is not checked.
    """
    if not nonce or not audience or created.tzinfo is None:
        raise ValueError("a nonce and an audience are not empty, and a point in time needs a time zone")
    sd_jwt = _unbound(data, limits)
    token = processed(sd_jwt, limits=limits)
    try:
        key = holder_key(token.claims)
    except ProofVerificationError as error:
        raise ProofGenerationError(error.detail, code=error.code, at=error.at) from error
    if key not in (signer.public_key, signer.verification_method):
        raise ProofGenerationError("the claim cnf names another key than the signer's", code="KEY_BINDING_ERROR")
    claims: dict[str, Json] = {
        "iat": int(created.timestamp()),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": digest(sd_jwt.without_key_binding, token.hash_algorithm),
    }
    kb_jwt = jose.write_jws({"typ": TYPE}, write_json(claims), signer=signer)
    bound = sd_jwt._replace(kb_jwt=kb_jwt).write()
    read_back = read_sd_jwt(bound, limits=limits).kb_jwt
    signed = jose.signed_data(jose.read_jws(read_back or b"", limits=limits), signer.verification_method)
    check(signed, signer.public_key)
    return bound


def _unbound(data: bytes, limits: Limits) -> SDJWT:
    sd_jwt = read_sd_jwt(data, limits=limits)
    if sd_jwt.kb_jwt is not None:
        raise ProofGenerationError("the token has a key binding already", code="KEY_BINDING_ERROR")
    return sd_jwt

"""Every signature algorithm of tokens: what is accepted, and what is refused for each reason."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from vectors.making.case import Case
from vectors.making.credentials import Claims, accepting, small, text
from vectors.making.keys import did_of, private_key
from vectors.making.signing import (
    NAMES,
    compact,
    encoded,
    header,
    over,
    pss,
    signature_of,
    with_payload,
    with_signature,
    without,
)

_ISSUER: Final = did_of("issuer", "Ed25519")
_REFUSED: Final = "PROOF_VERIFICATION_ERROR"
_HEADER: Final = "TOKEN_HEADER_ERROR"
_ORDERS: Final = {
    "Ed25519": 2**252 + 27742317777372353535851937790883648493,
    "ES256": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "ES384": 2**384 - 0x389CB27E0BC8D220A7E5F24DB74F58851313E695333AD68D,
    "ES512": 2**521 - 0x5AE79787C40D069948033FEB708F65A2FC44A36477663B851449048E16EC79BF7,
    "ES256K": 2**256 - 0x14551231950B75FC4402DA1732FC9BEBF,
}
"""The orders of the groups."""


def cases() -> Iterator[Case]:
    """The cases about `alg` and signatures."""
    for alg, algorithm, key_type in NAMES:
        yield from _each(alg, algorithm, key_type)
        if algorithm.startswith("ES"):
            yield from _ecdsa(algorithm, key_type)
    yield from _forged()
    yield from _confused()
    yield from _unsigned()
    yield from _shared_secrets()


def _case(name: str, title: str, document: bytes, *codes: str, **members: Any) -> Case:
    members = {
        "policy": accepting(),
        "reference": "RFC 7515, section 5.2",
        "covers": {"envelope": "vc+jwt"},
    } | members
    return Case(spec="jose", name=name, title=title, document=document, codes=codes, **members)


def _covers(algorithm: str, key_type: str) -> dict[str, str]:
    return {"envelope": "vc+jwt", "algorithm": algorithm, "key": key_type}


def _token(alg: str, algorithm: str, key_type: str, *, name: str = "issuer") -> bytes:
    head = header("vc+jwt", {"alg": alg}, key_type=key_type)
    return compact(head, small(did_of("issuer", key_type)), name=name, key_type=key_type, algorithm=algorithm)


def _each(alg: str, algorithm: str, key_type: str) -> Iterator[Case]:
    issuer = did_of("issuer", key_type)
    members = {"policy": accepting(issuer), "covers": _covers(algorithm, key_type), "reference": _reference(alg)}
    token = _token(alg, algorithm, key_type)
    signature = signature_of(token)
    name = f"alg-{alg}"
    yield _case(f"{name}-accepted", f"{alg}: a credential", token, **members)
    changed = with_payload(token, small(issuer) | {"name": "Doktora grāds"})
    yield _case(f"{name}-claim-changed", f"{alg}: a claim was changed", changed, _REFUSED, **members)
    if alg == "Ed25519":
        return  # the other cases of this algorithm are under its older name
    flipped = with_signature(token, bytes([signature[0] ^ 1]) + signature[1:])
    yield _case(
        f"{name}-signature-changed", f"{alg}: one bit of the signature was changed", flipped, _REFUSED, **members
    )
    short = with_signature(token, signature[:-1])
    yield _case(f"{name}-signature-short", f"{alg}: the signature is one byte short", short, _REFUSED, **members)
    by_another = _token(alg, algorithm, key_type, name="stranger")
    yield _case(f"{name}-key-of-another", f"{alg}: somebody else signed", by_another, _REFUSED, **members)


def _reference(alg: str) -> str:
    if alg == "ES256K":
        return "RFC 8812, section 3.2"
    if alg in ("EdDSA", "Ed25519"):
        return "RFC 8037, section 3.1" if alg == "EdDSA" else "RFC 9864, section 2.2"
    return f"RFC 7518, section 3.{3 if alg == 'RS256' else 5 if alg == 'PS256' else 4}"


def _ecdsa(alg: str, key_type: str) -> Iterator[Case]:
    """The signature is r and s, of one length, beside each other; both are more than zero and less than the order."""
    members = {
        "policy": accepting(did_of("issuer", key_type)),
        "covers": _covers(alg, key_type),
        "reference": _reference(alg),
    }
    token = _token(alg, alg, key_type)
    signature = signature_of(token)
    size = len(signature) // 2
    r, s = (int.from_bytes(half, "big") for half in (signature[:size], signature[size:]))
    zero = with_signature(token, bytes(2 * size))
    yield _case(f"alg-{alg}-zero", f"{alg}: r and s are zero", zero, _REFUSED, **members)
    der = with_signature(token, encode_dss_signature(r, s))
    yield _case(f"alg-{alg}-der", f"{alg}: the signature is a DER structure", der, _REFUSED, **members)
    negated = with_signature(token, signature[:size] + (_ORDERS[alg] - s).to_bytes(size, "big"))
    yield _case(
        f"alg-{alg}-s-negated", f"{alg}: s was negated, which makes it another valid signature", negated, **members
    )


def _forged() -> Iterator[Case]:
    token = _token("EdDSA", "Ed25519", "Ed25519")
    signature = signature_of(token)
    s = int.from_bytes(signature[32:], "little") + _ORDERS["Ed25519"]
    yield _case(
        "alg-EdDSA-s-too-large",
        "EdDSA: the order was added to S",
        with_signature(token, signature[:32] + s.to_bytes(32, "little")),
        _REFUSED,
        covers=_covers("Ed25519", "Ed25519"),
        reference="RFC 8032, section 5.1.7",
    )
    token = _token("PS256", "PS256", "RSA")
    signed = pss(token.rpartition(b".")[0], private_key("issuer", "RSA"), salt_bytes=20)
    yield _case(
        "alg-PS256-short-salt",
        "PS256: the salt has 20 bytes",
        with_signature(token, signed),
        _REFUSED,
        policy=accepting(did_of("issuer", "RSA")),
        covers=_covers("PS256", "RSA"),
        reference="RFC 7518, section 3.5",
    )


def _confused() -> Iterator[Case]:
    """A header that names another algorithm than the one that signed."""
    for named, made, key_type in (
        ("PS256", "RS256", "RSA"),
        ("RS256", "PS256", "RSA"),
        ("ES256", "Ed25519", "Ed25519"),
        ("EdDSA", "ES256", "P-256"),
        ("ES256K", "ES256", "P-256"),
        ("ES256", "ES256K", "secp256k1"),
        ("ES512", "ES384", "P-384"),
    ):
        algorithm = "Ed25519" if named == "EdDSA" else named
        yield _case(
            f"alg-{made}-named-{named}",
            f"alg is {named}, and the key of type {key_type} signed with {made}",
            _token(named, made, key_type),
            _REFUSED,
            policy=accepting(did_of("issuer", key_type)),
            covers=_covers(algorithm, key_type),
            reference="RFC 8725, section 3.1",
        )
    yield _case(
        "alg-not-accepted",
        "the policy accepts ES256 only, and EdDSA signed",
        _token("EdDSA", "Ed25519", "Ed25519"),
        _REFUSED,
        policy=accepting(algorithms=["ES256"]),
        covers=_covers("Ed25519", "Ed25519"),
        reference="RFC 8725, section 3.1",
    )
    for alg in ("RS384", "Ed448", "es256", "dir"):
        yield _case(
            f"alg-named-{alg}",
            f"alg is {alg}, which is not in the list of algorithms",
            _token(alg, "Ed25519", "Ed25519"),
            _HEADER,
            reference="RFC 8725, section 3.1",
        )


def _unsigned() -> Iterator[Case]:
    """Tokens that nobody has to have signed."""
    reference = "RFC 8725, section 3.2"
    signed = header("vc+jwt")
    payload = text(small(_ISSUER))

    def unsecured(head: Claims, signature: bytes = b"") -> bytes:
        return b".".join((encoded(text(head)), encoded(payload), encoded(signature)))

    for alg in ("none", "None", "NONE", "nOnE"):
        head = signed | {"alg": alg}
        yield _case(
            f"none-{_spelled(alg)}", f"alg is {alg}, without a signature", unsecured(head), _HEADER, reference=reference
        )
    for name, title, head in (
        ("absent", "there is no alg", without(signed, "alg")),
        ("null", "alg is null", signed | {"alg": None}),
        ("list", "alg is a list of names", signed | {"alg": ["EdDSA"]}),
        ("empty", "alg is empty", signed | {"alg": ""}),
    ):
        yield _case(f"alg-{name}", title, over(unsecured(head)[:-1]), _HEADER, reference=reference)
    head = signed | {"alg": "none"}
    valid = over(unsecured(head)[:-1])
    yield _case("none-signed", "alg is none, with a signature by the issuer", valid, _HEADER, reference=reference)
    yield _case(
        "signature-empty", "alg is EdDSA, with an empty signature", unsecured(signed), _REFUSED, reference=reference
    )
    yield _case(
        "signature-absent", "there is no third part", unsecured(signed)[:-1], "PARSING_ERROR", reference=reference
    )


def _spelled(alg: str) -> str:
    """A name for a file, on any disk, of a text in large and small letters."""
    return "".join("l" if letter.isupper() else "s" for letter in alg) if alg != "none" else "none"


def _shared_secrets() -> Iterator[Case]:
    """The public key of the issuer, which everybody has, as a secret."""
    key = private_key("issuer", "P-256").public_key
    issuer = did_of("issuer", "P-256")
    secrets = {
        "raw": key.raw,
        "pem": key.to_pem(),
        "jwk": json.dumps(key.jwk, separators=(",", ":")).encode(),
    }
    for name, secret in secrets.items():
        for alg in ("HS256", "HS512") if name == "pem" else ("HS256",):
            head = encoded(text(header("vc+jwt", {"alg": alg}, key_type="P-256")))
            signing_input = head + b"." + encoded(text(small(issuer)))
            tag = hmac.new(secret, signing_input, getattr(hashlib, alg.replace("HS", "sha"))).digest()
            yield _case(
                f"{alg}-{name}",
                f"alg is {alg}, with the issuer's public key ({name}) as the secret",
                signing_input + b"." + encoded(tag),
                _HEADER,
                policy=accepting(issuer),
                reference="RFC 8725, section 3.1",
            )

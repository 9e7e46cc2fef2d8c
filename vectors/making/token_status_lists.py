"""Token Status Lists (draft-ietf-oauth-status-list): tokens that refer to lists, and lists that are tokens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import cbor2

from vectors.making.case import Case
from vectors.making.credentials import Claims, accepting, small
from vectors.making.disclosures import sd_jwt, vc
from vectors.making.keys import method_of
from vectors.making.messages import CWT_CLAIMS, TYP, message
from vectors.making.messages import header as cose_header
from vectors.making.signing import compact, encoded, header, seconds, without
from vectors.making.status import LIST
from vectors.making.status_lists import BAD, ISSUER, OPEN, STRANGER, case, list_claims, resource

_VALUES: Final = "eNoTMGJhYNjAgBMAABs2APc"
"""64 values of four bits: those with the indexes 1, 2, 3, 4 and 11 are these numbers, and the others 0."""
_VALUES_IN_BYTES: Final = bytes.fromhex("78da1330626160d8c0801300001b3600f7")
_ISSUED: Final = seconds("2026-01-15T09:30:00Z")
_STATUS: Final = 65535
_LABELS: Final = {"iss": 1, "sub": 2, "exp": 4, "nbf": 5, "iat": 6, "status_list": 65533, "ttl": 65534}


def cases() -> Iterator[Case]:
    """The cases about Token Status Lists."""
    yield from _values()
    yield from _references()
    yield from _tokens()
    yield from _messages()


def _reference(index: Any, **members: Any) -> Claims:
    return {"status_list": {"idx": index, "uri": LIST} | members}


def _case(name: str, title: str, served: bytes, *codes: str, status: Any = None, **members: Any) -> Case:
    reference = "Token Status List, section 8.3"
    document = sd_jwt(vc(status=status or _reference(1)))
    members = {"reference": reference, "document": document} | members
    return case(f"token-{name}", title, served, *codes, **members)


def _claims(**members: Any) -> Claims:
    claims = {"sub": LIST, "iat": _ISSUED, "status_list": {"bits": 4, "lst": _VALUES}} | members
    return {name: value for name, value in claims.items() if value is not None}


def _jwt(*, name: str = "issuer", head: Claims | None = None, **members: Any) -> bytes:
    return compact(head or header("statuslist+jwt", name=name), _claims(**members), name=name)


def _cwt(protected: dict[int, Any] | None = None, *, name: str = "issuer", **members: Any) -> bytes:
    claims = _claims(**{"status_list": {"bits": 4, "lst": _VALUES_IN_BYTES}} | members)
    payload = cbor2.dumps({_LABELS[each]: value for each, value in claims.items()}, canonical=True)
    return message(cose_header("statuslist+cwt", protected, name=name), payload, name=name)


def _values() -> Iterator[Case]:
    """What each value says of a credential."""
    said = {0: (), 1: ("REVOKED",), 2: ("SUSPENDED",), 3: (BAD,), 4: (BAD,), 11: (BAD,)}
    for kind, served in (("jwt", _jwt()), ("cwt", _cwt())):
        for index, codes in said.items():
            title = f"the value {index} in a list that is a {kind.upper()}"
            yield _case(f"{kind}-value-{index}", title, served, *codes, status=_reference(index))
        yield _case(f"{kind}-last", "the last index", served, status=_reference(63))
        yield _case(f"{kind}-beyond", "the index after the last one", served, "RANGE_ERROR", status=_reference(64))
    one_bit = _jwt(status_list={"bits": 1, "lst": "eNrbuRgAAhcBXQ"})
    for index, codes in ((0, ("REVOKED",)), (1, ()), (8, ("REVOKED",)), (15, ("REVOKED",))):
        title = f"the published list of one bit, at index {index}"
        yield _case(f"published-{index}", title, one_bit, *codes, status=_reference(index))


def _references() -> Iterator[Case]:
    """The claim `status`."""
    served = _jwt()
    yield _case("missing", "the list was not handed in", served, OPEN, evidence={})
    yield _case("skipped", "the policy skips the status", served, evidence={}, policy=accepting(status="skip"))
    wrong: dict[str, tuple[str, Any]] = {
        "idx-negative": ("a negative index", _reference(-1)),
        "idx-text": ("the index is a text", _reference("1")),
        "idx-true": ("the index is true", _reference(index=True)),
        "idx-fraction": ("the index is a fraction", _reference(1.5)),
        "uri-number": ("the URI is a number", _reference(1, uri=7)),
        "reference-text": ("the reference is a text", {"status_list": LIST}),
        "mechanism-unknown": ("a mechanism that nobody knows", {"identifier_list": {"id": "01", "uri": LIST}}),
        "mechanisms": ("one more mechanism that nobody knows", _reference(0) | {"identifier_list": {"id": "01"}}),
    }
    for name, (title, status) in wrong.items():
        yield _case(name, title, served, BAD, status=status)
    jwt_vc = {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": ["VerifiableCredential"],
        "issuer": ISSUER,
        "issuanceDate": "2026-01-15T09:30:00Z",
        "credentialSubject": {"id": "did:example:learner"},
    }
    payload = {"iss": ISSUER, "sub": "did:example:learner", "nbf": _ISSUED, "vc": jwt_vc, "status": _reference(1)}
    of_jwt_vc = compact(header("JWT"), payload)
    yield _case("of-jwt-vc", "a jwt_vc refers to the list", served, "REVOKED", document=of_jwt_vc)
    of_vc_jwt = compact(header("vc+jwt"), small(ISSUER) | {"status": _reference(1)})
    yield _case("of-vc-jwt", "a vc+jwt refers to the list", served, "REVOKED", document=of_vc_jwt)
    for index, codes in ((0, ()), (1, ("REVOKED",))):
        of_cose = message(cose_header("vc+cose", {CWT_CLAIMS: {_STATUS: _reference(index)}}), small(ISSUER))
        title = f"a vc+cose refers to the value {index}"
        yield _case(f"of-vc-cose-{index}", title, served, *codes, document=of_cose)
    unknown = message(cose_header("vc+cose", {CWT_CLAIMS: {_STATUS: {"identifier_list": {"id": b"1"}}}}), small(ISSUER))
    yield _case(
        "of-vc-cose-unknown", "a vc+cose refers to a mechanism that nobody knows", served, BAD, document=unknown
    )
    yield _case("to-credential", "the list is a credential", compact(header("vc+jwt"), list_claims()), BAD)


def _tokens() -> Iterator[Case]:
    """The list as a JWT."""
    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "1",
        "statusListCredential": LIST,
    }
    document = sd_jwt(small(ISSUER) | {"credentialStatus": entry}, head=header("vc+sd-jwt"))
    yield _case("of-entry", "an entry of credentialStatus points to it", _jwt(), BAD, document=document)
    foreign = _jwt(name="stranger")
    yield _case("issuer-other", "the list is by another issuer", foreign, BAD)
    named = accepting(statusIssuers=[STRANGER])
    yield _case("issuer-named", "the list is by an issuer that the policy names", foreign, "REVOKED", policy=named)
    yield _case("iss", "the list names its issuer", _jwt(iss=ISSUER), "REVOKED")
    yield _case("iss-other", "the list names another issuer than that of its key", _jwt(iss=STRANGER), BAD)
    fragment = header("statuslist+jwt", {"kid": "#" + method_of(ISSUER).partition("#")[2]})
    yield _case("kid-fragment", "kid is a fragment, which iss completes", _jwt(head=fragment, iss=ISSUER), "REVOKED")
    yield _case("kid-fragment-alone", "kid is a fragment, and there is no iss", _jwt(head=fragment), BAD)
    borrowed = compact(header("statuslist+jwt"), _claims(), name="stranger")
    yield _case("tampered", "the signature is by another key", borrowed, BAD)
    full = header("application/statuslist+jwt")
    yield _case("typ-full", "typ is written in full", _jwt(head=full), "REVOKED")
    yield _case("typ-absent", "there is no typ", _jwt(head=without(header("-"), "typ")), BAD)
    yield _case("typ-other", "typ is JWT", _jwt(head=header("JWT")), BAD)
    over = seconds("2026-01-31T12:00:00Z")
    yield _case("expired", "the list expires at the very second: there may be another", _jwt(exp=over), OPEN)
    yield _case("expires", "the list expires in a second", _jwt(exp=over + 1), "REVOKED")
    yield _case("ahead", "the list was made in the future", _jwt(iat=over + 120), OPEN)
    yield _case("not-before", "the list is not to be used yet", _jwt(nbf=over + 120), OPEN)
    wrong: dict[str, tuple[str, Claims]] = {
        "sub-other": ("the list of another URL", {"sub": "https://status.example/lists/2"}),
        "sub-absent": ("there is no sub", {"sub": None}),
        "iat-absent": ("there is no iat", {"iat": None}),
        "iat-text": ("iat is a text", {"iat": "2026-01-15T09:30:00Z"}),
        "exp-text": ("exp is a text", {"exp": "2029-01-15T09:30:00Z"}),
        "ttl-zero": ("ttl is 0", {"ttl": 0}),
        "ttl-text": ("ttl is a text", {"ttl": "43200"}),
        "list-absent": ("there is no list", {"status_list": None}),
        "bits-absent": ("nothing says how many bits a value has", {"status_list": {"lst": _VALUES}}),
        "bits-three": ("values of three bits", {"status_list": {"bits": 3, "lst": _VALUES}}),
        "bits-text": ("bits is a text", {"status_list": {"bits": "4", "lst": _VALUES}}),
        "lst-absent": ("there is no lst", {"status_list": {"bits": 4}}),
        "lst-number": ("lst is a number", {"status_list": {"bits": 4, "lst": 7}}),
    }
    for name, (title, members) in wrong.items():
        yield _case(name, title, _jwt(**members), BAD)
    malformed = {
        "lst-gzip": ("lst is compressed as in Bitstring Status Lists", "H4sIAAAAAAACAwMAAAAAAAAAAAA"),
        "lst-cut": ("lst is cut off", encoded(_VALUES_IN_BYTES[:-4]).decode()),
        "lst-longer": ("bytes follow the list", encoded(_VALUES_IN_BYTES + bytes(3)).decode()),
    }
    for name, (title, value) in malformed.items():
        listed = {"bits": 4, "lst": value}
        yield _case(name, title, _jwt(status_list=listed), "MALFORMED_VALUE_ERROR")


def _messages() -> Iterator[Case]:
    """The list as a CWT."""
    yield _case("cwt-issuer-other", "the list is by another issuer", _cwt(name="stranger"), BAD)
    yield _case("cwt-sub-other", "the list of another URL", _cwt(sub=ISSUER), BAD)
    yield _case("cwt-expired", "the list has expired", _cwt(exp=_ISSUED + 1), OPEN)
    yield _case("cwt-ttl", "the list may be kept for twelve hours", _cwt(ttl=43_200), "REVOKED")
    in_text = _cwt(status_list={"bits": 4, "lst": _VALUES})
    yield _case("cwt-lst-text", "lst is a text", in_text, BAD)
    yield _case("cwt-typ-other", "the type is that of a credential", _cwt({TYP: "application/vc+cose"}), BAD)
    yield _case("cwt-typ-short", "the type is not written in full", _cwt({TYP: "statuslist+cwt"}), BAD)
    borrowed = message(cose_header("statuslist+cwt"), cbor2.dumps({}), name="stranger")
    yield _case("cwt-tampered", "the signature is by another key", borrowed, BAD)
    many = message(cose_header("statuslist+cwt"), cbor2.dumps(dict.fromkeys(range(1000), 0)))
    yield _case("cwt-items", "there are a thousand claims", many, BAD)
    cut = message(cose_header("statuslist+cwt"), cbor2.dumps({2: LIST})[:-1])
    yield _case("cwt-cut", "the claims are cut off", cut, BAD)
    unbounded = message(cose_header("statuslist+cwt"), b"\xbf\xff")
    yield _case("cwt-indefinite", "the claims are a map of indefinite length", unbounded, BAD)
    listed = resource(_cwt())
    yield _case(
        "cwt-elsewhere",
        "the list was handed in under another URL",
        b"",
        OPEN,
        evidence={"resources": {f"{LIST}0": listed}},
    )

"""Status lists as they are served: W3C list credentials, which the verifier has to open itself.

An encoded list stands here as text, since not every compressor writes the same bytes.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import V1, V2, Claims, accepting, changed, in_proof, secure, small, text
from vectors.making.disclosures import sd_jwt
from vectors.making.keys import did_of
from vectors.making.messages import header as cose_header
from vectors.making.messages import message
from vectors.making.signing import compact, header, seconds
from vectors.making.status import LIST, entry

ISSUER: Final = did_of("issuer", "Ed25519")
STRANGER: Final = did_of("stranger", "Ed25519")
OTHER: Final = "https://status.example/lists/2"
BAD, OPEN = "STATUS_VERIFICATION_ERROR", "STATUS_RETRIEVAL_ERROR"

SEVENTH: Final = "uH4sIAAAAAAACA-3BIQEAAAACIP1_2hkWoAEAAAAAAAAAAAAAAAAAAADeBjn7xTYAQAAA"
"""131,072 bits, of which the one with index 7 is set."""
_NONE: Final = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
_WIDE: Final = "uH4sIAAAAAAACA-3BAQEAAAjDoEWxf0qDHKgLAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAANY9480i7ACAAAA"
"""131,072 values of two bits, of which that with index 9 is 2."""


def cases() -> Iterator[Case]:
    """The cases about list credentials."""
    yield from _kinds()
    yield from _purposes()
    yield from _issuers()
    yield from _signatures()
    yield from _periods()
    yield from _members()


def list_claims(subject: Mapping[str, Any] = MappingProxyType({}), **members: Any) -> Claims:
    """The claims of a list for revocation; what is given is put in its place, and None leaves out."""
    listed = {
        "id": f"{LIST}#list",
        "type": "BitstringStatusList",
        "statusPurpose": "revocation",
        "encodedList": SEVENTH,
    } | dict(subject)
    claims = {
        "@context": [V2],
        "id": LIST,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": ISSUER,
        "validFrom": "2026-01-15T09:30:00Z",
        "credentialSubject": {name: value for name, value in listed.items() if value is not None},
    } | members
    return {name: value for name, value in claims.items() if value is not None}


def case(
    name: str,
    title: str,
    served: bytes | Claims,
    *codes: str,
    status: Any = None,
    document: bytes | None = None,
    **members: Any,
) -> Case:
    """A credential whose status stands in the list that was served, at index 7 unless another is given."""
    body = served if isinstance(served, bytes) else text(served)
    members = {
        "policy": accepting(),
        "reference": "Bitstring Status List 1.0, section 3.2",
        "evidence": {"resources": {LIST: resource(body)}},
        "missing": codes == (OPEN,),
    } | members
    credential = document or text(secure(small(ISSUER) | {"credentialStatus": status or entry()}))
    return Case(spec="status-lists", name=name, title=title, document=credential, codes=codes, **members)


def resource(body: bytes) -> dict[str, str]:
    """The bytes as evidence has them."""
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}


def version_1(**subject: Any) -> Claims:
    """The same list in the data model 1.1."""
    claims = list_claims(subject, validFrom=None, issuanceDate="2026-01-15T09:30:00Z")
    return claims | {"@context": [V1, "https://www.w3.org/ns/credentials/status/v1"]}


def as_jwt_vc(claims: Claims) -> bytes:
    """A list credential of the data model 1.1 as a token."""
    subject = claims["credentialSubject"]
    payload = {"iss": claims["issuer"], "sub": subject["id"], "jti": claims["id"], "vc": claims}
    return compact(header("JWT"), payload | {"nbf": seconds("2026-01-15T09:30:00Z")})


def _kinds() -> Iterator[Case]:
    """A list may be secured in any way in which a credential may be."""
    claims = list_claims()
    kinds: dict[str, bytes | Claims] = {
        "eddsa-jcs-2022": secure(claims),
        "eddsa-rdfc-2022": secure(claims, "eddsa-rdfc-2022"),
        "vc-jwt": compact(header("vc+jwt"), claims),
        "jwt-vc": as_jwt_vc(version_1()),
        "vc-sd-jwt": sd_jwt(claims, head=header("vc+sd-jwt")),
        "vc-cose": message(cose_header("vc+cose"), claims),
    }
    for kind, served in kinds.items():
        yield case(f"{kind}-revoked", f"the list is secured as {kind}, and its bit is set", served, "REVOKED")
        clear = entry(statusListIndex="8")
        yield case(f"{kind}-clear", f"the list is secured as {kind}, and its bit is not set", served, status=clear)
    enveloped = {
        "@context": [V2],
        "id": "data:application/vc+jwt," + compact(header("vc+jwt"), claims).decode(),
        "type": "EnvelopedVerifiableCredential",
    }
    yield case("enveloped", "the list is a token in an EnvelopedVerifiableCredential", enveloped, "REVOKED")
    last = entry(statusListIndex="131071")
    yield case("last", "the last index of the list", secure(claims), status=last)
    beyond = entry(statusListIndex="131072")
    yield case("beyond", "the index after the last one", secure(claims), "RANGE_ERROR", status=beyond)
    yield case("missing", "the list was not handed in", secure(claims), OPEN, evidence={})
    yield case("skipped", "the policy skips the status", secure(claims), evidence={}, policy=accepting(status="skip"))


def _purposes() -> Iterator[Case]:
    suspended, both = (
        secure(list_claims({"statusPurpose": value})) for value in ("suspension", ["revocation", "suspension"])
    )
    of_suspension = entry(statusPurpose="suspension")
    yield case("suspension", "a list for suspension", suspended, "SUSPENDED", status=of_suspension)
    yield case(
        "purposes", "a list for two purposes, of which this is the second", both, "SUSPENDED", status=of_suspension
    )
    yield case("purpose-wrong", "the list is for another purpose than the entry", suspended, BAD)
    yield case("purpose-absent", "the list has no purpose", secure(list_claims({"statusPurpose": None})), BAD)
    yield case(
        "purpose-empty", "the list has an empty list of purposes", secure(list_claims({"statusPurpose": []})), BAD
    )
    refresh = secure(list_claims({"statusPurpose": "refresh"}))
    yield case("refresh", "a newer credential is to be had", refresh, status=entry(statusPurpose="refresh"))
    other = secure(list_claims({"statusPurpose": "recall"}))
    yield case("purpose-other", "a purpose that nobody knows", other, BAD, status=entry(statusPurpose="recall"))
    wide = secure(list_claims({"statusPurpose": "message", "encodedList": _WIDE}))
    messages = [{"status": hex(value), "message": "m"} for value in range(4)]
    of_two_bits = entry(statusPurpose="message", statusSize=2, statusListIndex="9", statusMessage=messages)
    yield case("message", "a message of two bits", wide, status=of_two_bits)
    narrow = secure(list_claims({"statusPurpose": "message"}))
    yield case(
        "message-short",
        "values of two bits in a list that has half as many of them as it should",
        narrow,
        "STATUS_LIST_LENGTH_ERROR",
        status=of_two_bits,
    )
    sized = secure(list_claims({"statusSize": 2, "encodedList": _WIDE}))
    yield case("size-other", "the list says that its values are of another size", sized, BAD)
    revoked = entry(statusListCredential=OTHER, statusPurpose="suspension")
    second = secure(list_claims({"statusPurpose": "suspension", "id": f"{OTHER}#list"}, id=OTHER))
    evidence = {"resources": {LIST: resource(text(secure(list_claims()))), OTHER: resource(text(second))}}
    clear = entry(statusListIndex="8")
    yield case("second", "the second of two lists", b"", "SUSPENDED", status=[clear, revoked], evidence=evidence)
    unknown = entry(type="CredentialStatusList2017", id="https://status.example/3")
    listed = secure(list_claims())
    yield case(
        "third-unknown",
        "one entry of three is of a type that nobody knows",
        listed,
        BAD,
        status=[clear, clear, unknown],
    )


def _issuers() -> Iterator[Case]:
    foreign = secure(list_claims(issuer=STRANGER), name="stranger")
    yield case("issuer-other", "the list is by another issuer", foreign, BAD)
    named = accepting(statusIssuers=[STRANGER])
    yield case("issuer-named", "the list is by an issuer that the policy names", foreign, "REVOKED", policy=named)
    clear = entry(statusListIndex="8")
    yield case("issuer-named-clear", "the same, and the bit is not set", foreign, status=clear, policy=named)
    both = accepting(ISSUER, STRANGER)
    yield case(
        "issuer-accepted",
        "the list is by another issuer that the policy accepts for credentials",
        foreign,
        BAD,
        policy=both,
    )
    borrowed = secure(list_claims(), name="stranger")
    yield case("issuer-mismatch", "the list names the issuer and is signed by another one", borrowed, BAD)
    uncontrolled = accepting(requireIssuerControl=False)
    yield case(
        "issuer-mismatch-policy",
        "the same, where the policy does not ask whose key signed a credential",
        borrowed,
        BAD,
        policy=uncontrolled,
    )
    unknown = secure(list_claims(issuer="did:web:lists.example"), method="did:web:lists.example#one")
    named = accepting(statusIssuers=["did:web:lists.example"])
    yield case("issuer-unknown", "the DID document of the list's issuer was not handed in", unknown, OPEN, policy=named)


def _signatures() -> Iterator[Case]:
    signed = secure(list_claims())
    yield case("unsigned", "nobody signed the list", list_claims(), BAD)
    tampered = changed(signed, lambda claims: claims["credentialSubject"].update(encodedList=_NONE))
    yield case("tampered", "the list was exchanged under its proof", tampered, BAD)
    purpose = secure(list_claims(), proof_purpose="authentication")
    yield case("authentication", "the proof of the list is for authentication", purpose, BAD)
    broken = in_proof(signed, lambda proof: proof.update(proofValue="z1"))
    yield case("proof-broken", "the proof of the list is none", broken, BAD)
    challenged = secure(list_claims(), challenge="n-0S6_WzA2Mj", domain="https://verifier.example")
    yield case("challenge", "the proof of the list has a challenge, which is nobody's here", challenged, "REVOKED")
    token = compact(header("vc+jwt"), list_claims())
    yield case("vc-jwt-tampered", "the token of the list was changed", token[:-6] + b"AAAAAA", BAD)
    yield case("vc-jwt-unsigned", "the token of the list has no signature", token.rpartition(b".")[0] + b".", BAD)
    yield case("presentation", "what is served is a presentation", compact(header("vp+jwt"), list_claims()), BAD)
    yield case("no-json", "what is served is an error page", b"<html></html>", BAD)
    yield case("empty", "what is served is empty", b"", BAD)


def _periods() -> Iterator[Case]:
    over = secure(list_claims(validUntil="2026-01-31T11:00:00Z"))
    yield case("expired", "the list is no longer valid: there may be another", over, OPEN)
    ahead = secure(list_claims(validFrom="2026-01-31T13:00:00Z"))
    yield case("not-yet-valid", "the list is not valid yet", ahead, OPEN)
    skewed = secure(list_claims(validFrom="2026-01-31T12:00:30Z"))
    yield case("skewed", "the list becomes valid within what clocks may differ", skewed, "REVOKED")
    token = compact(header("vc+jwt"), list_claims() | {"exp": seconds("2026-01-31T11:00:00Z")})
    yield case("vc-jwt-expired", "the token that the list is in is no longer valid", token, OPEN)
    hour = datetime(2026, 1, 31, 13, tzinfo=UTC)
    signed_later = secure(list_claims(), created=hour)
    yield case("proof-later", "the proof of the list was made an hour later: there was another", signed_later, OPEN)
    short = secure(list_claims(), expires=hour - timedelta(hours=2))
    yield case("proof-expired", "the proof of the list has expired: there may be another", short, OPEN)
    malformed = secure(list_claims(validUntil="next week"))
    yield case("until-text", "the list is valid until something that is no time", malformed, BAD)
    for name, value in (("negative", -1), ("text", "300000"), ("true", True)):
        yield case(f"ttl-{name}", f"ttl is {value!r}", secure(list_claims({"ttl": value})), BAD)
    yield case("ttl-zero", "ttl is 0: it is fetched each time", secure(list_claims({"ttl": 0})), "REVOKED")
    yield case("ttl", "ttl is 300,000 milliseconds", secure(list_claims({"ttl": 300_000})), "REVOKED")


def _unread() -> Iterator[Case]:
    """A status of the credential that is in a place, or of a kind, that nobody reads."""
    served, vc_jwt = secure(list_claims()), small(ISSUER)
    for name, value in (("other", {"identifier_list": {"id": "7", "uri": LIST}}), ("unknown", {"x": 1})):
        credential = compact(header("vc+jwt"), vc_jwt | {"status": value})
        yield case(f"claim-{name}", "the claim status is of a kind that is not read", served, BAD, document=credential)
    term = compact(header("vc+jwt"), vc_jwt | {"status": "https://example.org/awarded"})
    yield case("claim-term", "the document has a term that is called status", served, document=term)
    beside = {"iss": ISSUER, "vct": "https://example.org/types/course", "credentialStatus": entry()}
    yield case(
        "beside-sd-jwt-vc",
        "an SD-JWT VC has a credentialStatus, which is no claim of it",
        served,
        BAD,
        document=sd_jwt(beside, head=header("dc+sd-jwt")),
    )


def _members() -> Iterator[Case]:
    own = secure(list_claims(credentialStatus=entry()))
    yield case("own-status", "the list has a status that stands in itself", own, BAD)
    other = secure(list_claims(credentialStatus=entry(statusListCredential=OTHER)))
    yield case("other-status", "the list has a status that stands in another list", other, BAD)
    token = compact(header("vc+jwt"), list_claims(status={"status_list": {"idx": 7, "uri": OTHER}}))
    yield case("own-status-claim", "the token of the list has a status of its own", token, BAD)
    yield from _unread()
    yield case("url-other", "the list of another URL", secure(list_claims(id=OTHER)), BAD)
    yield case("url-absent", "the list has no id", secure(list_claims(id=None)), BAD)
    plain = secure(list_claims(type=["VerifiableCredential"]))
    yield case("type-absent", "the credential is not of the type of lists", plain, BAD)
    both = ["VerifiableCredential", "BitstringStatusListCredential", "StatusList2021Credential"]
    of_both = compact(header("vc+jwt"), list_claims({"type": ["BitstringStatusList", "StatusList2021"]}, type=both))
    yield case("type-both", "the list is of the types of two kinds of lists", of_both, BAD)
    for name, value in (("absent", None), ("earlier", "StatusList2021")):
        yield case(
            f"subject-type-{name}", f"the type of the subject is {value}", secure(list_claims({"type": value})), BAD
        )
    two = secure(list_claims(credentialSubject=[list_claims()["credentialSubject"]] * 2))
    yield case("subjects", "the list credential has two subjects", two, BAD)
    one = secure(list_claims(credentialSubject=[list_claims()["credentialSubject"]]))
    yield case("subject-in-list", "the subject stands in a list by itself", one, "REVOKED")
    subject = secure(list_claims({"id": "did:example:list"}))
    yield case("subject-id", "the id of the subject is any", subject, "REVOKED")

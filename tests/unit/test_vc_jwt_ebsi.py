"""The rules of EBSI for attestations and presentations: each broken alone, and its place named."""

import copy
import json
from typing import Any

import pytest

from did import PrivateKey
from vc_core import Limits, LocalSigner
from vc_core.securing.jose import write_jws
from vc_core.securing.vc_jwt import JWT_PROFILES, problems_of_claims, read

DID = "did:ebsi:zZeKyEJfUTGwajhNyNX928z"
KID = f"{DID}#So1HIRt0Kqf0_BSwqv4VMNgkax3mCF9IjcQJwMnB3bs"
SIGNER = LocalSigner(PrivateKey("P-256", bytes(range(1, 33))), KID)
HOLDER, OTHER = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "did:ebsi:zvHWX359A3CvfJnCYaAiAde"
V1 = "https://www.w3.org/2018/credentials/v1"

ATTESTATION: dict[str, Any] = {
    "iss": DID,
    "sub": HOLDER,
    "jti": "urn:uuid:1",
    "nbf": 1767312000,
    "iat": 1767225600,
    "exp": 1798761600,
    "vc": {
        "@context": [V1],
        "id": "urn:uuid:1",
        "type": ["VerifiableCredential", "VerifiableAttestation"],
        "issuer": DID,
        "issuanceDate": "2026-01-02T00:00:00Z",
        "issued": "2026-01-01T00:00:00Z",
        "validFrom": "2026-01-02T00:00:00Z",
        "validUntil": "2050-01-01T00:00:00Z",
        "expirationDate": "2027-01-01T00:00:00Z",
        "credentialSubject": {"id": HOLDER},
        "credentialSchema": {"id": "https://schemas.example/1", "type": "FullJsonSchemaValidator2021"},
    },
}
PRESENTATION: dict[str, Any] = {
    "iss": DID,
    "sub": DID,
    "aud": "did:ebsi:zwNAE5xThBpmGJUWAY23kgx",
    "jti": "urn:uuid:2",
    "nonce": "n-0S6_WzA2Mj",
    "iat": 1767312000,
    "nbf": 1767312000,
    "exp": 1767312900,
    "vp": {
        "@context": [V1],
        "id": "urn:uuid:2",
        "type": ["VerifiablePresentation"],
        "holder": DID,
        "verifiableCredential": ["eyJ.eyJ.AA"],
    },
}
ABSENT = object()


def changed(payload: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    """The payload with another value at the place, or without it."""
    result = copy.deepcopy(payload)
    *outer, last = place.split("/")[1:]
    target = result
    for name in outer:
        target = target[name]
    if value is ABSENT:
        del target[last]
    else:
        target[last] = value
    return result


def problems_of(payload: dict[str, Any], profile: str, header: dict[str, Any] | None = None) -> set[tuple[str, str]]:
    own = {"typ": "JWT", "kid": KID} if header is None else header
    text = write_jws(own, json.dumps(payload).encode(), signer=SIGNER)
    problems = problems_of_claims(read(text, limits=Limits()), JWT_PROFILES[profile])
    assert all(problem.detail.isprintable() and not problem.missing for problem in problems)
    return {(problem.code, problem.at) for problem in problems}


def places(payload: dict[str, Any], profile: str = "EBSI") -> set[str]:
    found = problems_of(payload, profile)
    assert {code for code, _ in found} <= {"TOKEN_CLAIMS_ERROR"}
    return {place for _, place in found}


@pytest.mark.parametrize("profile", JWT_PROFILES)
@pytest.mark.parametrize("payload", [ATTESTATION, PRESENTATION], ids=["attestation", "presentation"])
def test_what_follows_the_rules(payload: dict[str, Any], profile: str) -> None:
    assert places(payload, profile) == set()


def test_what_is_left_to_the_issuer() -> None:
    """More claims, more members, more types and contexts, an issuer with a name, no end, no identified subject."""
    for place, value in {
        "/more": 1,
        "/nonce": "x",
        "/vc/more": {},
        "/vc/type": ["VerifiableCredential", "X", "VerifiableAttestation", "Y"],
        "/vc/@context": [V1, "https://example.org/v1"],
        "/vc/issuer": {"id": DID, "name": "University"},
        "/vc/validUntil": ABSENT,
    }.items():
        assert places(changed(ATTESTATION, place, value)) == set(), place
    assert places(changed(changed(ATTESTATION, "/exp", ABSENT), "/vc/expirationDate", ABSENT)) == set()
    assert places(changed(ATTESTATION, "/vc/expirationDate", ABSENT)) == set()  # exp is then not compared
    assert places(changed(changed(ATTESTATION, "/sub", ABSENT), "/vc/credentialSubject", {"a": 1})) == set()


ATTESTATION_FAULTS: list[tuple[str, Any, str]] = [
    *((f"/{name}", ABSENT, f"/{name}") for name in ("iss", "sub", "jti", "nbf", "iat", "exp")),
    *((f"/{name}", 0, f"/{name}") for name in ("nbf", "iat", "exp")),
    *((f"/{name}", "", f"/{name}") for name in ("iss", "sub", "jti")),
    *((f"/{name}", True, f"/{name}") for name in ("nbf", "iat", "exp")),
    ("/nbf", "2026-01-02T00:00:00Z", "/nbf"),
    ("/nbf", 1767312001, "/nbf"),
    ("/nbf", 1767312000.5, "/nbf"),
    ("/nbf", 1767312000000, "/nbf"),
    ("/iat", 1767225601, "/iat"),
    ("/exp", 1798761601, "/exp"),
    ("/iss", OTHER, "/iss"),
    ("/sub", OTHER, "/sub"),
    ("/jti", "urn:uuid:9", "/jti"),
    ("/vc/issuer", OTHER, "/iss"),
    ("/vc/id", "urn:uuid:9", "/jti"),
    ("/vc/credentialSubject/id", OTHER, "/sub"),
    ("/vc/credentialSubject", {"a": 1}, "/sub"),
    *(
        (f"/vc/{name}", ABSENT, f"/vc/{name}")
        for name in (
            *("id", "issuer", "issuanceDate", "issued", "validFrom", "@context", "type"),
            "credentialSubject",
            "credentialSchema",
        )
    ),
    ("/vc/validFrom", "2026-01-02T00:00:00.000Z", "/vc/validFrom"),
    ("/vc/issuanceDate", "2026-01-02T01:00:00+01:00", "/vc/validFrom"),
    ("/vc/issued", "2026-01-01", "/vc/issued"),
    ("/vc/issued", 1767225600, "/vc/issued"),
    ("/vc/validUntil", "some day", "/vc/validUntil"),
    ("/vc/expirationDate", "2027-01-01T00:00:00", "/vc/expirationDate"),
    ("/vc/@context", V1, "/vc/@context"),
    ("/vc/@context", ["https://www.w3.org/ns/credentials/v2"], "/vc/@context"),
    ("/vc/@context", ["https://example.org/v1", V1], "/vc/@context"),
    ("/vc/@context", [], "/vc/@context"),
    ("/vc/type", "VerifiableCredential", "/vc/type"),
    ("/vc/type", ["VerifiableAttestation", "VerifiableCredential"], "/vc/type"),
    ("/vc/type", ["VerifiableCredential"], "/vc/type"),
]


@pytest.mark.parametrize(("place", "value", "expected"), ATTESTATION_FAULTS)
def test_an_attestation_that_breaks_a_rule(place: str, value: Any, expected: str) -> None:
    assert expected in places(changed(ATTESTATION, place, value))


def test_times_are_cut_to_seconds() -> None:
    payload = changed(ATTESTATION, "/vc/issued", "2026-01-01T00:00:00.999Z")
    assert places(payload) == set()
    assert places(changed(payload, "/iat", 1767225600.999)) == {"/iat"}
    assert places(changed(payload, "/iat", 1767225601)) == {"/iat"}
    assert places(changed(payload, "/iat", 1767225600.0)) == set()


@pytest.mark.parametrize(
    ("sub", "subject", "is_wrong"),
    [
        (HOLDER, [{"id": HOLDER}], False),
        (HOLDER, [{"id": OTHER}, {"id": HOLDER}], False),
        (HOLDER, [{"a": 1}, {"id": HOLDER}], False),
        (OTHER, [{"id": HOLDER}], True),
        (ABSENT, [{"id": HOLDER}], True),
        (ABSENT, [{"a": 1}, {"id": HOLDER}], True),
        (ABSENT, [{"a": 1}], False),
        (ABSENT, [{"a": 1}, {"b": 1}], False),
        (ABSENT, [], False),
        (HOLDER, [{"a": 1}], True),
        (HOLDER, [{"a": 1}, {"b": 1}], True),
        (HOLDER, [], True),
        (ABSENT, {"a": 1}, False),
        (HOLDER, {"a": 1}, True),
        (ABSENT, {"id": HOLDER}, True),
    ],
)
def test_several_subjects(sub: Any, subject: Any, is_wrong: bool) -> None:
    payload = changed(changed(ATTESTATION, "/sub", sub), "/vc/credentialSubject", subject)
    assert places(payload) == ({"/sub"} if is_wrong else set())


def test_a_renewed_accreditation_in_the_registry() -> None:
    """Its `iat` and `nbf` are not those of the credential; everything else is as for other attestations."""
    renewed = {**ATTESTATION, "iat": 1770000000, "nbf": 1770000000}
    assert places(renewed) == {"/iat", "/nbf"}
    assert places(renewed, "general") == {"/nbf"}
    assert places(renewed, "EBSI registry") == set()
    for place, value, expected in ATTESTATION_FAULTS:
        if not (place in ("/nbf", "/iat") and isinstance(value, int | float) and value > 1):
            assert expected in places(changed(renewed, place, value), "EBSI registry"), place


PRESENTATION_FAULTS: list[tuple[str, Any, str]] = [
    *((f"/{name}", ABSENT, f"/{name}") for name in ("iss", "sub", "aud", "iat", "nbf", "exp")),
    *((f"/{name}", 0, f"/{name}") for name in ("iat", "nbf", "exp")),
    *((f"/{name}", 10**11, f"/{name}") for name in ("iat", "nbf", "exp")),
    *((f"/{name}", 1767312000.5, f"/{name}") for name in ("iat", "nbf", "exp")),
    *((f"/{name}", "1767312000", f"/{name}") for name in ("iat", "nbf", "exp")),
    *((f"/{name}", True, f"/{name}") for name in ("iat", "nbf", "exp")),
    *((f"/{name}", "", f"/{name}") for name in ("iss", "sub", "aud", "jti")),
    ("/exp", 1767311999, "/exp"),
    ("/iss", OTHER, "/iss"),
    ("/sub", OTHER, "/sub"),
    ("/aud", ["did:ebsi:zwNAE5xThBpmGJUWAY23kgx"], "/aud"),
    ("/aud", 1, "/aud"),
    ("/jti", "urn:uuid:9", "/jti"),
    ("/vp/id", ABSENT, "/jti"),
    ("/vp/holder", OTHER, "/iss"),
    ("/vp/holder", {"id": DID}, "/vp/holder"),
    *((f"/vp/{name}", ABSENT, f"/vp/{name}") for name in ("@context", "type", "holder", "verifiableCredential")),
    ("/vp/@context", V1, "/vp/@context"),
    ("/vp/@context", ["https://www.w3.org/ns/credentials/v2"], "/vp/@context"),
    ("/vp/type", "VerifiablePresentation", "/vp/type"),
    ("/vp/type", ["X", "VerifiablePresentation"], "/vp/type"),
    ("/vp/verifiableCredential", "eyJ.eyJ.AA", "/vp/verifiableCredential"),
    ("/vp/verifiableCredential", [{"type": "VerifiableCredential"}], "/vp/verifiableCredential"),
    ("/vp/verifiableCredential", ["eyJ.eyJ.AA", None], "/vp/verifiableCredential"),
]


@pytest.mark.parametrize("profile", ["EBSI", "EBSI registry"])
@pytest.mark.parametrize(("place", "value", "expected"), PRESENTATION_FAULTS)
def test_a_presentation_that_breaks_a_rule(place: str, value: Any, expected: str, profile: str) -> None:
    assert expected in places(changed(PRESENTATION, place, value), profile)


def test_what_is_left_to_the_holder() -> None:
    for place, value in {
        "/nonce": ABSENT,  # the verifier compares it
        "/exp": 1767312000,
        "/vp/verifiableCredential": [],
        "/vp/more": 1,
    }.items():
        assert places(changed(PRESENTATION, place, value)) == set(), place
    assert places(changed(changed(PRESENTATION, "/jti", ABSENT), "/vp/id", ABSENT)) == set()
    assert places(changed(PRESENTATION, "/jti", ABSENT)) == set()


@pytest.mark.parametrize("payload", [ATTESTATION, PRESENTATION], ids=["attestation", "presentation"])
@pytest.mark.parametrize(
    ("header", "code", "at"),
    [
        ({"kid": KID}, "TOKEN_TYPE_ERROR", ""),
        ({"kid": KID, "typ": "jwt"}, "TOKEN_TYPE_ERROR", ""),
        ({"kid": KID, "typ": "application/JWT"}, "TOKEN_TYPE_ERROR", ""),
        ({"typ": "JWT", "kid": KID.partition("#")[2]}, "TOKEN_HEADER_ERROR", ""),
        ({"typ": "JWT", "kid": "#" + KID.partition("#")[2]}, "TOKEN_HEADER_ERROR", ""),
        ({"typ": "JWT", "kid": "https://university.example/issuer#key-1"}, "TOKEN_HEADER_ERROR", ""),
        ({"typ": "JWT", "kid": f"{OTHER}#key-1"}, "TOKEN_CLAIMS_ERROR", "/iss"),
    ],
)
def test_a_header_that_breaks_a_rule(header: dict[str, Any], code: str, at: str, payload: dict[str, Any]) -> None:
    assert problems_of(payload, "EBSI", header) == {(code, at)}
    assert problems_of(payload, "general", header) == set()


@pytest.mark.parametrize(
    ("alg", "is_accepted"),
    [("ES256", True), ("ES256K", True), ("EdDSA", True), ("Ed25519", True), ("ES384", False), ("RS256", False)],
)
def test_the_algorithms(alg: str, is_accepted: bool) -> None:
    text = write_jws({"typ": "JWT", "kid": KID}, json.dumps(ATTESTATION).encode(), signer=SIGNER)
    token = read(text, limits=Limits())
    token = token._replace(header={**token.header, "alg": alg})
    codes = [problem.code for problem in problems_of_claims(token, JWT_PROFILES["EBSI"])]
    assert codes == ([] if is_accepted else ["TOKEN_HEADER_ERROR"])


def test_what_is_of_the_data_model_2_has_the_general_rules() -> None:
    document = {"@context": ["https://www.w3.org/ns/credentials/v2"], "issuer": DID}
    header = {"typ": "vc+jwt", "kid": KID}
    assert problems_of(document, "EBSI", header) == set()
    assert problems_of({**document, "iss": OTHER}, "EBSI", header) == {("TOKEN_CLAIMS_ERROR", "/iss")}

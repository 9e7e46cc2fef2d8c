"""Tokens that are made: what is in them, and what is refused before anybody gets it."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from did import PrivateKey
from vc_core import ALGORITHMS, Limits, LocalSigner, ParsingError, ProofGenerationError
from vc_core.securing.jose import write_jws
from vc_core.securing.signed_data import check
from vc_core.securing.token import Token
from vc_core.securing.vc_jwt import JWT_PROFILES, JWTVC, JWTVP, VCJWT, VPJWT, issuing, problems_of_claims, read

DID = "did:ebsi:zZeKyEJfUTGwajhNyNX928z"
KEY = PrivateKey("P-256", bytes(range(1, 33)))
SIGNER = LocalSigner(KEY, f"{DID}#key-1")
CREATED = datetime(2026, 1, 31, 12, 30, 15, 900_000, tzinfo=UTC)
SECOND = 1769862615
V1, V2 = "https://www.w3.org/2018/credentials/v1", "https://www.w3.org/ns/credentials/v2"

CREDENTIAL: dict[str, Any] = {
    "@context": [V1],
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential", "VerifiableAttestation"],
    "issuer": {"id": DID, "name": "Latvijas Universitāte"},
    "issuanceDate": "2026-01-02T00:00:00.25Z",
    "expirationDate": "2027-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:subject", "credits": 1.5},
}
ATTESTATION: dict[str, Any] = {
    **CREDENTIAL,
    "issuer": DID,
    "issued": "2026-01-01T00:00:00Z",
    "validFrom": "2026-01-02T00:00:00.25Z",
    "credentialSchema": {"id": "https://schemas.example/1", "type": "FullJsonSchemaValidator2021"},
}
CREDENTIAL_2: dict[str, Any] = {
    "@context": [V2],
    "type": ["VerifiableCredential"],
    "issuer": DID,
    "validFrom": "2026-01-02T00:00:00Z",
    "credentialSubject": {"id": "did:example:subject"},
}
PRESENTATION: dict[str, Any] = {"@context": [V1], "type": ["VerifiablePresentation"], "verifiableCredential": []}
PRESENTATION_2: dict[str, Any] = {**PRESENTATION, "@context": [V2]}
HOLDER = {"holder": DID}


def made(securing: Any, claims: dict[str, Any], signer: LocalSigner = SIGNER) -> Token:
    """The token, made without a change to the claims and read by the public reader."""
    given = copy.deepcopy(claims)
    text = securing.secure(given, signer=signer, created=CREATED)
    assert given == claims
    assert text.decode("ascii").strip() == text.decode("ascii")
    token = read(text, limits=Limits())
    check(token.signed, signer.public_key)
    assert problems_of_claims(token, JWT_PROFILES[securing.profile]) == []
    assert token.kid == token.verification_method == signer.verification_method
    assert token.purpose == securing.proof_purpose
    return token


def refusal(work: Callable[[], object]) -> ProofGenerationError:
    with pytest.raises(ProofGenerationError) as caught:
        work()
    return caught.value


def presentation_of(**options: Any) -> JWTVP:
    return JWTVP(nonce="n-0S6_WzA2Mj", audience="did:ebsi:verifier", **options)


# Credentials


def test_a_credential_of_the_data_model_1_1() -> None:
    token = made(JWTVC(), CREDENTIAL)
    assert token.securing == "jwt_vc"
    assert token.header == {"alg": "ES256", "typ": "JWT", "kid": f"{DID}#key-1"}
    assert token.payload == {
        "iss": DID,
        "sub": "did:example:subject",
        "jti": "urn:uuid:1",
        "nbf": 1767312000,
        "iat": SECOND,
        "exp": 1798761600,
        "vc": CREDENTIAL,
    }
    assert token.claims == CREDENTIAL


def test_what_a_credential_does_not_say() -> None:
    bare = {name: CREDENTIAL[name] for name in ("@context", "type", "issuer", "issuanceDate")}
    payload = made(JWTVC(), {**bare, "credentialSubject": [{"a": 1}, {"id": "did:example:b"}]}).payload
    assert set(payload) == {"iss", "sub", "nbf", "iat", "vc"}
    assert payload["sub"] == "did:example:b"
    assert set(made(JWTVC(), {**bare, "credentialSubject": {"a": 1}}).payload) == {"iss", "nbf", "iat", "vc"}


def test_an_attestation() -> None:
    payload = made(JWTVC(profile="EBSI"), ATTESTATION).payload
    assert (payload["iat"], payload["nbf"], payload["exp"]) == (1767225600, 1767312000, 1798761600)
    assert payload["vc"] == ATTESTATION


@pytest.mark.parametrize(
    ("name", "code", "at"),
    [
        ("issued", "TOKEN_CLAIMS_ERROR", "/vc/issued"),
        ("id", "TOKEN_CLAIMS_ERROR", "/jti"),
        ("credentialSchema", "TOKEN_CLAIMS_ERROR", "/vc/credentialSchema"),
        ("validFrom", "TOKEN_CLAIMS_ERROR", "/vc/validFrom"),
    ],
)
def test_an_attestation_that_breaks_a_rule(name: str, code: str, at: str) -> None:
    claims = {key: value for key, value in ATTESTATION.items() if key != name}
    error = refusal(lambda: JWTVC(profile="EBSI").secure(claims, signer=SIGNER, created=CREATED))
    assert (error.code, error.at) == (code, at)
    assert JWTVC().secure(claims, signer=SIGNER, created=CREATED)


def test_an_attestation_by_another_key() -> None:
    other = LocalSigner(KEY, "did:ebsi:zvHWX359A3CvfJnCYaAiAde#key-1")
    error = refusal(lambda: JWTVC(profile="EBSI").secure(ATTESTATION, signer=other, created=CREATED))
    assert error.at == "/iss"
    p384 = LocalSigner(PrivateKey("P-384", bytes(range(1, 49))), f"{DID}#key-1")
    error = refusal(lambda: JWTVC(profile="EBSI").secure(ATTESTATION, signer=p384, created=CREATED))
    assert error.code == "TOKEN_HEADER_ERROR"


def test_a_date_that_is_none() -> None:
    with pytest.raises(ParsingError) as caught:
        JWTVC().secure({**CREDENTIAL, "issuanceDate": "yesterday"}, signer=SIGNER, created=CREATED)
    assert caught.value.code == "MALFORMED_VALUE_ERROR"


def test_a_credential_without_an_issuer() -> None:
    error = refusal(lambda: JWTVC().secure({**CREDENTIAL, "issuer": {}}, signer=SIGNER, created=CREATED))
    assert (error.code, error.at) == ("TOKEN_CLAIMS_ERROR", "/iss")


def test_a_credential_of_the_data_model_2_0() -> None:
    token = made(VCJWT(), CREDENTIAL_2)
    assert token.securing == "vc+jwt"
    assert token.header == {"alg": "ES256", "typ": "vc+jwt", "cty": "vc", "kid": f"{DID}#key-1"}
    assert token.payload == {**CREDENTIAL_2, "iat": int(CREATED.timestamp())}


def test_a_signature_that_expires() -> None:
    expires = datetime(2027, 1, 1, tzinfo=UTC)
    payload = made(VCJWT(expires=expires), CREDENTIAL_2).payload
    assert payload == {**CREDENTIAL_2, "iat": int(CREATED.timestamp()), "exp": 1798761600}
    error = refusal(lambda: VCJWT(expires=expires).secure({**CREDENTIAL_2, "exp": 5}, signer=SIGNER, created=CREATED))
    assert error.at == "/exp"


def test_registered_claims_of_the_callers_own() -> None:
    payload = made(VCJWT(), {**CREDENTIAL_2, "iss": DID, "iat": 1}).payload
    assert (payload["iss"], payload["iat"]) == (DID, 1)
    error = refusal(lambda: VCJWT().secure({**CREDENTIAL_2, "iss": DID + "x"}, signer=SIGNER, created=CREATED))
    assert (error.code, error.at) == ("TOKEN_CLAIMS_ERROR", "/iss")
    for name in ("vc", "vp"):
        error = refusal(lambda name=name: VCJWT().secure({**CREDENTIAL_2, name: 1}, signer=SIGNER, created=CREATED))
        assert (error.code, error.at) == ("TOKEN_CLAIMS_ERROR", f"/{name}")


@pytest.mark.parametrize(
    ("securing", "claims"),
    [
        (JWTVC(), CREDENTIAL_2),
        (VCJWT(), CREDENTIAL),
        (presentation_of(), PRESENTATION_2),
        (VPJWT(nonce="n", audience="a"), PRESENTATION),
        (VCJWT(), {**CREDENTIAL_2, "@context": V2}),
        (VCJWT(), {**CREDENTIAL_2, "@context": [V1, V2]}),
        (JWTVC(), {**CREDENTIAL, "@context": ["https://example.org/v1", V1]}),
        (VCJWT(), {}),
    ],
)
def test_each_token_is_for_one_data_model(securing: Any, claims: dict[str, Any]) -> None:
    assert refusal(lambda: securing.secure(claims, signer=SIGNER, created=CREATED)).at == "/@context"


# Presentations


def test_a_presentation_of_the_data_model_1_1() -> None:
    token = made(presentation_of(), {**PRESENTATION, **HOLDER, "id": "urn:uuid:2"})
    assert token.securing == "jwt_vp"
    assert token.payload == {
        "iss": DID,
        "jti": "urn:uuid:2",
        "aud": "did:ebsi:verifier",
        "nonce": "n-0S6_WzA2Mj",
        "iat": SECOND,
        "vp": {**PRESENTATION, **HOLDER, "id": "urn:uuid:2"},
    }


def test_a_presentation_without_a_holder() -> None:
    token = made(presentation_of(), PRESENTATION)
    assert token.payload["iss"] == DID
    assert token.payload["vp"] == PRESENTATION
    assert token.claims == {**PRESENTATION, "holder": DID}


@pytest.mark.parametrize("expires", [timedelta(minutes=5), CREATED + timedelta(minutes=5)])
def test_when_a_presentation_ends(expires: datetime | timedelta) -> None:
    assert made(presentation_of(expires=expires), PRESENTATION).payload["exp"] == SECOND + 300
    securing = VPJWT(nonce="n", audience="a", expires=expires)
    assert made(securing, PRESENTATION_2).payload["exp"] == SECOND + 300


def test_a_presentation_of_the_data_model_2_0() -> None:
    token = made(VPJWT(nonce="n-0S6_WzA2Mj", audience="https://verifier.example"), PRESENTATION_2)
    assert token.securing == "vp+jwt"
    assert token.header == {"alg": "ES256", "typ": "vp+jwt", "cty": "vp", "kid": f"{DID}#key-1"}
    assert token.payload == {
        **PRESENTATION_2,
        "aud": "https://verifier.example",
        "nonce": "n-0S6_WzA2Mj",
        "iat": SECOND,
    }
    error = refusal(
        lambda: VPJWT(nonce="n", audience="a").secure({**PRESENTATION_2, "nonce": "x"}, signer=SIGNER, created=CREATED)
    )
    assert error.at == "/nonce"


def attestation(begin: str, end: str | None) -> str:
    claims = {**ATTESTATION, "validFrom": begin, "issuanceDate": begin, "expirationDate": end}
    if end is None:
        del claims["expirationDate"]
    text = JWTVC(profile="EBSI").secure(claims, signer=SIGNER, created=CREATED)
    return text.decode("ascii")


def test_the_default_period_of_a_presentation() -> None:
    """From when the last of the credentials begins until the first ends; what cannot be read has no say."""
    credentials: list[Any] = [
        attestation("2026-01-02T00:00:00Z", "2027-01-01T00:00:00Z"),
        attestation("2026-01-03T00:00:00Z", "2028-01-01T00:00:00Z"),
        attestation("2026-01-01T00:00:00Z", None),
        "not.a.token",
        "\ud800",
    ]
    claims = {**PRESENTATION, **HOLDER, "verifiableCredential": credentials[:4]}
    payload = made(presentation_of(profile="EBSI"), claims).payload
    assert (payload["nbf"], payload["iat"], payload["exp"]) == (1767398400, SECOND, 1798761600)
    assert payload["sub"] == payload["iss"] == DID
    assert presentation_of()._periods(credentials) == presentation_of()._periods(credentials[:3])
    assert presentation_of()._periods([1, None, {}]) == presentation_of()._periods(None) == ([], [])


def test_a_presentation_ends_before_its_credentials() -> None:
    claims = {
        **PRESENTATION,
        **HOLDER,
        "verifiableCredential": [attestation("2026-01-02T00:00:00Z", "2027-01-01T00:00:00Z")],
    }
    end = datetime(2027, 1, 1, tzinfo=UTC)
    assert made(presentation_of(profile="EBSI", expires=end), claims).payload["exp"] == 1798761600
    late = presentation_of(profile="EBSI", expires=end + timedelta(seconds=1))
    assert "not after" in refusal(lambda: late.secure(claims, signer=SIGNER, created=CREATED)).detail


def test_a_presentation_without_credentials() -> None:
    """It shows control of the DID; its end has to be given."""
    claims = {**PRESENTATION, **HOLDER}
    endless = presentation_of(profile="EBSI")
    assert "end" in refusal(lambda: endless.secure(claims, signer=SIGNER, created=CREATED)).detail
    payload = made(presentation_of(profile="EBSI", expires=timedelta(seconds=90)), claims).payload
    assert (payload["nbf"], payload["exp"]) == (SECOND, SECOND + 90)


def test_a_holder_who_does_not_sign() -> None:
    other = {**PRESENTATION, "holder": "did:ebsi:zvHWX359A3CvfJnCYaAiAde"}
    securing = presentation_of(profile="EBSI", expires=timedelta(seconds=90))
    assert refusal(lambda: securing.secure(other, signer=SIGNER, created=CREATED)).at == "/iss"


# What is the same for all


SECURINGS = (
    (JWTVC, CREDENTIAL, {}),
    (VCJWT, CREDENTIAL_2, {}),
    (JWTVP, PRESENTATION, {"nonce": "n", "audience": "a"}),
    (VPJWT, PRESENTATION_2, {"nonce": "n", "audience": "a"}),
)


@pytest.mark.parametrize("key_type", ["Ed25519", "P-256", "P-384", "P-521", "secp256k1"])
@pytest.mark.parametrize(("kind", "claims", "options"), SECURINGS)
def test_every_key(kind: Any, claims: dict[str, Any], options: dict[str, Any], key_type: str) -> None:
    signer = LocalSigner(PrivateKey.generate(key_type), f"{DID}#key-1")
    token = made(kind(**options), claims, signer)
    assert token.signed.algorithm == signer.algorithm
    if key_type == "Ed25519":
        assert token.header["alg"] == "EdDSA"
        assert made(kind(**options, fully_specified=True), claims, signer).header["alg"] == "Ed25519"


@pytest.mark.parametrize(("kind", "claims", "options"), SECURINGS)
def test_what_is_made_is_verified(kind: Any, claims: dict[str, Any], options: dict[str, Any]) -> None:
    """A signer whose answer is wrong, a key in no document, an algorithm that is not accepted, a limit."""

    class Broken:
        algorithm, verification_method, public_key = "ES256", SIGNER.verification_method, SIGNER.public_key

        def sign(self, data: bytes) -> bytes:
            return SIGNER.sign(data + b"!")

    refusal(lambda: kind(**options).secure(claims, signer=Broken(), created=CREATED))
    nowhere = LocalSigner(KEY, DID)
    error = refusal(lambda: kind(**options).secure(claims, signer=nowhere, created=CREATED))
    assert error.code == "TOKEN_HEADER_ERROR"
    only = {"Ed25519": ALGORITHMS["Ed25519"]}
    refusal(lambda: kind(**options, algorithms=only).secure(claims, signer=SIGNER, created=CREATED))
    small = kind(**options, limits=Limits(document_bytes=100))
    assert refusal(lambda: small.secure(claims, signer=SIGNER, created=CREATED)).code == "INPUT_TOO_LARGE"


def test_the_token_itself_is_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only what was signed: the very bytes that are returned."""

    def write(*args: Any, **options: Any) -> bytes:
        signing_input, _, signature = write_jws(*args, **options).rpartition(b".")
        return signing_input + b"." + bytes(reversed(signature[:-2])) + signature[-2:]

    monkeypatch.setattr(issuing, "write_jws", write)
    error = refusal(lambda: VCJWT().secure(CREDENTIAL_2, signer=SIGNER, created=CREATED))
    assert error.code == "PROOF_VERIFICATION_ERROR"


@pytest.mark.parametrize(("kind", "options"), [(kind, options) for kind, _, options in SECURINGS])
def test_options(kind: Any, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="profile is one of 'general', 'EBSI', 'EBSI registry'"):
        kind(**options, profile="ebsi")
    securing = kind(**options, limits=Limits(depth=9), allow_inline_contexts=True)
    assert securing.data_model == "VCDM"
    assert securing.transformation.limits == Limits(depth=9)
    assert securing.transformation.allow_inline_contexts
    for name in options:
        with pytest.raises(ValueError, match="a presentation has a nonce and an audience"):
            kind(**{**options, name: ""})


@pytest.mark.parametrize("securing", [JWTVC(), presentation_of()])
def test_times_have_a_zone(securing: Any) -> None:
    claims = CREDENTIAL if isinstance(securing, JWTVC) else PRESENTATION
    with pytest.raises(ValueError, match="time zone"):
        securing.secure(claims, signer=SIGNER, created=CREATED.replace(tzinfo=None))


def test_json_is_kept() -> None:
    claims = {**CREDENTIAL_2, "credentialSubject": {"a": [1, 1.5, None, True, "é\u2028\U0001f600", {}]}}
    assert json.loads(made(VCJWT(), claims).text) == claims | {"iat": int(CREATED.timestamp())}

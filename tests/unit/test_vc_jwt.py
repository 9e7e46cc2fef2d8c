"""Four kinds of tokens: how they are told apart, and what each of them secures."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from did import PrivateKey
from did.multibase import encode_base64url
from vc_core import Limits, LocalSigner, ProofVerificationError, VCError
from vc_core.securing.jose import JWS, read_jws, write_jws
from vc_core.securing.signed_data import check
from vc_core.securing.token import Token
from vc_core.securing.vc_jwt import read, read_enveloping_jwt, read_jwt_vc, read_jwt_vp

KEY = PrivateKey("Ed25519", bytes(range(32)))
SIGNER = LocalSigner.of_did_key(KEY)
KID = SIGNER.verification_method
ISSUER = KID.partition("#")[0]
LIMITS = Limits()
V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"

CREDENTIAL: dict[str, Any] = {
    "@context": [V1],
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential"],
    "issuer": ISSUER,
    "issuanceDate": "2026-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:subject", "name": "Zane Bērziņa"},
}
CREDENTIAL_2: dict[str, Any] = {
    "@context": [V2],
    "type": ["VerifiableCredential"],
    "issuer": ISSUER,
    "validFrom": "2026-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:subject"},
}
PRESENTATION: dict[str, Any] = {"@context": [V1], "type": ["VerifiablePresentation"], "verifiableCredential": []}


def text_of(header: dict[str, Any], payload: Any) -> bytes:
    return write_jws({"kid": KID, **header}, json.dumps(payload).encode(), signer=SIGNER)


def token_of(header: dict[str, Any], payload: Any) -> Token:
    token = read(text_of(header, payload), limits=LIMITS)
    check(token.signed, KEY.public_key)
    return token


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(VCError) as caught:
        work()
    assert caught.value.detail.isprintable()
    assert len(caught.value.detail) < 500
    return caught.value.code


# Kinds


@pytest.mark.parametrize("typ", [{"typ": "JWT"}, {"typ": "jwt"}, {"typ": "application/JWT"}, {}])
def test_a_credential_in_a_claim(typ: dict[str, str]) -> None:
    token = token_of(typ, {"iss": ISSUER, "vc": CREDENTIAL})
    assert (token.securing, token.purpose) == ("jwt_vc", "assertionMethod")
    assert token.claims == CREDENTIAL
    assert token.payload == {"iss": ISSUER, "vc": CREDENTIAL}
    assert (token.controller, token.kid, token.verification_method) == (ISSUER, KID, KID)
    assert json.loads(token.text) == token.payload
    assert token.header["alg"] == "EdDSA"
    assert token.key_binding is None


def test_a_presentation_in_a_claim() -> None:
    token = token_of({"typ": "JWT"}, {"iss": ISSUER, "jti": "urn:uuid:2", "vp": PRESENTATION})
    assert (token.securing, token.purpose) == ("jwt_vp", "authentication")
    assert token.claims == {**PRESENTATION, "holder": ISSUER, "id": "urn:uuid:2"}


@pytest.mark.parametrize("cty", [{}, {"cty": "vc"}, {"cty": "application/vc"}, {"cty": "VC"}])
@pytest.mark.parametrize("typ", ["vc+jwt", "application/vc+jwt", "VC+JWT", "vc+ld+jwt"])
def test_a_credential_as_the_payload(typ: str, cty: dict[str, str]) -> None:
    token = token_of({"typ": typ, **cty}, CREDENTIAL_2)
    assert (token.securing, token.purpose) == ("vc+jwt", "assertionMethod")
    assert token.claims is token.payload
    assert token.claims == CREDENTIAL_2


@pytest.mark.parametrize("cty", [{}, {"cty": "vp"}, {"cty": "application/vp"}])
def test_a_presentation_as_the_payload(cty: dict[str, str]) -> None:
    token = token_of({"typ": "vp+jwt", **cty}, PRESENTATION)
    assert (token.securing, token.purpose) == ("vp+jwt", "authentication")
    assert token.claims == PRESENTATION


OTHER_TYPES = (
    *("kb+jwt", "statuslist+jwt", "at+jwt", "dc+sd-jwt", "vc+sd-jwt", "vp+sd-jwt", "example+sd-jwt", "logout+jwt"),
    *("vc+cose", "vc", "vc+jwt; charset=utf-8", "text/vc+jwt", "application/application/vc+jwt", " vc+jwt", "vc-jwt"),
    *("", "JWT ", "JOSE", "jwt_vc", "vc+\u212aw"),
)


@pytest.mark.parametrize("typ", OTHER_TYPES)
@pytest.mark.parametrize("payload", [CREDENTIAL_2, {"iss": ISSUER, "vc": CREDENTIAL}], ids=["payload", "claim"])
def test_other_tokens_are_refused(typ: str, payload: dict[str, Any]) -> None:
    assert code_of(lambda: token_of({"typ": typ}, payload)) == "TOKEN_TYPE_ERROR"


@pytest.mark.parametrize("typ", [{}, {"typ": "JWT"}])
@pytest.mark.parametrize(
    "payload",
    [{}, CREDENTIAL_2, {"iss": ISSUER, "sub": "did:example:subject"}, {"vc": CREDENTIAL, "vp": PRESENTATION}],
    ids=["nothing", "credential as payload", "ID token", "both"],
)
def test_a_jwt_has_one_of_two_claims(typ: dict[str, str], payload: dict[str, Any]) -> None:
    assert code_of(lambda: token_of(typ, payload)) == "TOKEN_TYPE_ERROR"


@pytest.mark.parametrize(
    ("typ", "cty"),
    [
        *(("vc+jwt", cty) for cty in ("vp", "bad+cty", "", "vc+jwt", "JWT", "application/json", "vc;x=y", "text/vc")),
        ("vp+jwt", "vc"),
    ],
)
def test_another_content_is_refused(typ: str, cty: str) -> None:
    assert code_of(lambda: token_of({"typ": typ, "cty": cty}, CREDENTIAL_2)) == "TOKEN_TYPE_ERROR"


@pytest.mark.parametrize("typ", ["vc+jwt", "vp+jwt"])
@pytest.mark.parametrize("name", ["vc", "vp"])
@pytest.mark.parametrize("value", [None, {}, "oops", CREDENTIAL])
def test_a_payload_that_is_the_document_has_no_claim_for_one(typ: str, name: str, value: Any) -> None:
    assert code_of(lambda: token_of({"typ": typ}, {**CREDENTIAL_2, name: value})) == "TOKEN_CLAIMS_ERROR"


@pytest.mark.parametrize("name", ["vc", "vp"])
@pytest.mark.parametrize("value", [None, [], [CREDENTIAL], "e30", 1, True])
def test_what_a_claim_holds_is_an_object(name: str, value: Any) -> None:
    with pytest.raises(ProofVerificationError) as caught:
        token_of({"typ": "JWT"}, {"iss": ISSUER, name: value})
    assert (caught.value.code, caught.value.at) == ("TOKEN_CLAIMS_ERROR", f"/{name}")


def test_a_header_of_one_kind_with_the_claims_of_another() -> None:
    """The readers for one kind, given the tokens of the others."""
    texts = {
        "jwt_vc": text_of({"typ": "JWT"}, {"iss": ISSUER, "vc": CREDENTIAL}),
        "jwt_vp": text_of({"typ": "JWT"}, {"iss": ISSUER, "vp": PRESENTATION}),
        "vc+jwt": text_of({"typ": "vc+jwt"}, CREDENTIAL_2),
        "vp+jwt": text_of({"typ": "vp+jwt"}, PRESENTATION),
        "both": text_of({"typ": "vc+jwt"}, {"iss": ISSUER, "vc": CREDENTIAL}),
        "two": text_of({"typ": "JWT"}, {"iss": ISSUER, "vc": CREDENTIAL, "vp": PRESENTATION}),
    }
    readers: dict[str, tuple[Callable[..., Token], set[str]]] = {
        "read_jwt_vc": (read_jwt_vc, {"jwt_vc"}),
        "read_jwt_vp": (read_jwt_vp, {"jwt_vp"}),
        "read_enveloping_jwt": (read_enveloping_jwt, {"vc+jwt", "vp+jwt"}),
    }
    for name, (reader, kinds) in readers.items():
        for kind, text in texts.items():
            jws: JWS = read_jws(text, limits=LIMITS)
            if kind in kinds:
                assert reader(jws, limits=LIMITS).securing == kind
            else:
                assert code_of(lambda r=reader, j=jws: r(j, limits=LIMITS)) in (  # type: ignore[misc]
                    "TOKEN_TYPE_ERROR",
                    "TOKEN_CLAIMS_ERROR",
                ), (name, kind)


# The key, the algorithm, the payload


def test_a_key_in_the_document_of_the_issuer() -> None:
    token = token_of({"typ": "JWT", "kid": "key-1"}, {"iss": "did:web:a.example", "vc": CREDENTIAL})
    assert (token.controller, token.kid) == ("did:web:a.example", "key-1")
    assert token.verification_method == "did:web:a.example#key-1"


@pytest.mark.parametrize("typ", ["JWT", "vc+jwt"])
def test_a_key_that_is_nowhere(typ: str) -> None:
    assert code_of(lambda: token_of({"typ": typ, "kid": "key-1"}, {"vc": {}} if typ == "JWT" else {})) == (
        "TOKEN_HEADER_ERROR"
    )


def test_an_algorithm_that_is_not_supported() -> None:
    _, payload, signature = text_of({"typ": "vc+jwt"}, CREDENTIAL_2).split(b".")
    header = encode_base64url(json.dumps({"alg": "none", "typ": "vc+jwt", "kid": KID}).encode()).encode()
    for third in (signature, b""):
        assert code_of(lambda t=third: read(b".".join([header, payload, t]), limits=LIMITS)) == (  # type: ignore[misc]
            "TOKEN_HEADER_ERROR"
        )


@pytest.mark.parametrize("typ", ["JWT", "vc+jwt", "vp+jwt"])
@pytest.mark.parametrize("payload", [b"[]", b"", b'{"vc":{},"vc":{}}', b'{"exp":NaN}', '{"iss":"a"}'.encode("utf-16")])
def test_a_payload_that_cannot_be_read(typ: str, payload: bytes) -> None:
    text = write_jws({"kid": KID, "typ": typ}, payload, signer=SIGNER)
    assert code_of(lambda: read(text, limits=LIMITS)) == "PARSING_ERROR"


# What only the token says


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in CREDENTIAL.items() if name not in names}


def claims_of(payload: dict[str, Any], credential: dict[str, Any]) -> dict[str, Any]:
    return token_of({"typ": "JWT"}, {**payload, "vc": credential}).claims


def test_everything_may_stand_in_the_token_only() -> None:
    claims = claims_of(
        {"iss": ISSUER, "sub": "did:example:subject", "jti": "urn:uuid:1", "nbf": 1767225600, "exp": 1798761600},
        {"@context": [V1], "type": ["VerifiableCredential"], "credentialSubject": {"name": "Zane Bērziņa"}},
    )
    assert claims == {**CREDENTIAL, "expirationDate": "2027-01-01T00:00:00Z"}


def test_nothing_is_replaced() -> None:
    payload = {"iss": "did:example:other", "sub": "did:example:other", "jti": "urn:uuid:9", "nbf": 9, "exp": 9}
    credential = {**CREDENTIAL, "expirationDate": "2027-01-01T00:00:00Z"}
    assert claims_of(payload, credential) == credential


@pytest.mark.parametrize(
    ("issuer", "expected"),
    [
        ({"name": "University"}, {"id": ISSUER, "name": "University"}),
        ({}, ISSUER),
        ({"id": "did:example:other"}, {"id": "did:example:other"}),
        (None, None),
        ("", ""),
        ([], []),
    ],
)
def test_where_the_issuer_goes(issuer: Any, expected: Any) -> None:
    assert claims_of({"iss": ISSUER}, {**CREDENTIAL, "issuer": issuer})["issuer"] == expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ({"name": "Zane"}, {"id": "did:example:s", "name": "Zane"}),
        ({}, {"id": "did:example:s"}),
        ([{"name": "Zane"}], [{"id": "did:example:s", "name": "Zane"}]),
        ([{"name": "Zane"}, {"name": "Jonas"}], [{"name": "Zane"}, {"name": "Jonas"}]),
        ([{"id": "did:example:a"}, {"name": "Jonas"}], [{"id": "did:example:a"}, {"name": "Jonas"}]),
        ([], []),
        ("did:example:a", "did:example:a"),
        (None, None),
    ],
)
def test_where_the_subject_goes(subject: Any, expected: Any) -> None:
    claims = claims_of({"iss": ISSUER, "sub": "did:example:s"}, {**CREDENTIAL, "credentialSubject": subject})
    assert claims["credentialSubject"] == expected


@pytest.mark.parametrize("name", ["iss", "sub", "jti"])
@pytest.mark.parametrize("value", [1, None, True, [ISSUER], {"id": ISSUER}])
def test_only_texts_are_put_in_their_place(name: str, value: Any) -> None:
    bare = without("issuer", "credentialSubject", "id")
    payload: dict[str, Any] = {"iss": ISSUER, name: value}
    claims = claims_of(payload, bare)
    assert claims == (bare if name == "iss" else {**bare, "issuer": ISSUER})


@pytest.mark.parametrize("value", ["2026-01-01T00:00:00Z", True, 0, -1, 10**12, None, [], 1e300])
def test_only_numeric_dates_are_put_in_their_place(value: Any) -> None:
    bare = without("issuanceDate")
    assert claims_of({"iss": ISSUER, "nbf": value, "exp": value}, bare) == bare


def test_a_fraction_of_a_second() -> None:
    claims = claims_of({"iss": ISSUER, "nbf": 1767225600.25}, without("issuanceDate"))
    assert claims["issuanceDate"] == "2026-01-01T00:00:00.250000Z"


def test_the_data_model_2_has_no_such_dates() -> None:
    """A credential of the data model 2.0 in the claim `vc`: the token's times stay the token's."""
    claims = claims_of({"iss": ISSUER, "nbf": 1767225600, "exp": 1798761600}, CREDENTIAL_2)
    assert claims == CREDENTIAL_2


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"iss": ISSUER}, {"holder": ISSUER}),
        ({"iss": ISSUER, "sub": "did:example:s", "nbf": 5, "exp": 6}, {"holder": ISSUER}),
        ({"iss": 7, "jti": None}, {}),
    ],
)
def test_what_only_a_token_says_of_a_presentation(payload: dict[str, Any], expected: dict[str, Any]) -> None:
    assert token_of({"typ": "JWT"}, {**payload, "vp": PRESENTATION}).claims == {**PRESENTATION, **expected}


def test_what_was_read_stays_as_it_was() -> None:
    """The claims are a copy where something was put into them; the payload is what was signed."""
    token = token_of({"typ": "JWT"}, {"iss": ISSUER, "sub": "did:example:s", "vc": {"credentialSubject": {"a": 1}}})
    assert token.payload["vc"] == {"credentialSubject": {"a": 1}}
    assert token.claims == {"issuer": ISSUER, "credentialSubject": {"id": "did:example:s", "a": 1}}
    assert json.loads(token.text) == token.payload

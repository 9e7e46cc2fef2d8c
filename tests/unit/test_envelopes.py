"""What a token is, its own bytes say; and what holds a token is nothing but what holds it."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

import pytest

from vc_core import ENVELOPES, Limits, ParsingError, ProofVerificationError, VCError, Verdict
from vc_core.document import write_json
from vc_core.securing.envelopes import (
    ENVELOPED_CREDENTIAL,
    ENVELOPED_PRESENTATION,
    data_url,
    is_token,
    read,
    read_enveloped,
    read_token,
)
from vectors.making.credentials import V1, V2, Claims, text
from vectors.making.tokens import (
    AUDIENCE,
    CREDENTIAL_KINDS,
    EMBEDDED,
    NONCE,
    PRESENTATION_KINDS,
    bound,
    claims_of,
    codes,
    credential,
    presentation,
    signed,
    verdict,
    verdict_on_presentation,
)

LIMITS = Limits()
TOKENS: Final = [kind for kind in CREDENTIAL_KINDS if kind not in EMBEDDED]
PRESENTED: Final = [kind for kind in PRESENTATION_KINDS if kind not in EMBEDDED]


def enveloped(url: Any, kind: Any = ENVELOPED_CREDENTIAL, context: Any = V2, **members: Any) -> Claims:
    return {"@context": context, "id": url, "type": kind, **members}


def url_of(kind: str) -> str:
    return data_url(credential(kind), kind)


@pytest.mark.parametrize("kind", TOKENS)
def test_every_kind_is_known_from_its_bytes(kind: str) -> None:
    data = credential(kind)
    assert is_token(data)
    assert read_token(data, limits=LIMITS).securing == kind
    token, document = read(data, ENVELOPED_CREDENTIAL, limits=LIMITS)
    assert document is None
    assert token is not None
    assert token.securing == kind


@pytest.mark.parametrize("kind", PRESENTED)
def test_every_kind_of_presentation_is_known_from_its_bytes(kind: str) -> None:
    assert read_token(presentation(kind, []), limits=LIMITS).securing == kind


def test_the_table_has_the_kinds_that_are_read() -> None:
    assert set(ENVELOPES) == {*TOKENS, *PRESENTED}
    assert all(envelope.name == name for name, envelope in ENVELOPES.items())
    assert {name for name, envelope in ENVELOPES.items() if envelope.is_presentation} == set(PRESENTED)
    assert {name for name, envelope in ENVELOPES.items() if envelope.data_model == "SD-JWT VC"} == {"dc+sd-jwt"}


@pytest.mark.parametrize("space", [b" ", b"\n", b"\r\n\t" * 100])
def test_white_space_makes_no_token_of_json(space: bytes) -> None:
    data = space + credential("eddsa-jcs-2022") + space
    assert not is_token(data)
    assert verdict(data)


@pytest.mark.parametrize("kind", ["jwt_vc", "vc+jwt", "dc+sd-jwt"])
@pytest.mark.parametrize("around", [(b" ", b""), (b"", b" "), (b"\n", b""), (b"", b"\n"), (b"\xef\xbb\xbf", b"")])
def test_white_space_around_a_token_is_refused(kind: str, around: tuple[bytes, bytes]) -> None:
    before, after = around
    assert codes(verdict(before + credential(kind) + after)) <= {"PARSING_ERROR", "TOKEN_TYPE_ERROR"}


@pytest.mark.parametrize("kind", TOKENS)
@pytest.mark.parametrize("encoded", [False, True])
def test_an_enveloped_credential_is_the_token_in_it(kind: str, encoded: bool) -> None:
    data = credential(kind)
    if encoded:
        media_type = "jwt" if kind == "jwt_vc" else kind
        url = f"data:application/{media_type};base64,{base64.b64encode(data).decode()}"
    elif kind == "vc+cose":
        return
    else:
        url = url_of(kind)
    for types in (ENVELOPED_CREDENTIAL, [ENVELOPED_CREDENTIAL]):
        for context in (V2, [V2], [V2, "https://unheard-of.example"]):
            result = verdict(text(enveloped(url, types, context)))
            assert result.problems == ()
            assert result.securing == kind
            assert result == verdict(data)
            assert result.credential == verdict(data).credential
            assert result.credential.claims == verdict(data).credential.claims


@pytest.mark.parametrize("kind", TOKENS)
def test_what_stands_beside_a_token_is_not_looked_at(kind: str) -> None:
    """It is signed by nobody, and none of it is handed out."""
    said = {"credentialSubject": {"id": "did:example:thief"}, "validUntil": "1999-01-01T00:00:00Z", "proof": {}}
    result = verdict(text(enveloped(url_of(kind), **said)))
    assert result.credential.claims == verdict(credential(kind)).credential.claims


@pytest.mark.parametrize("kind", PRESENTED)
def test_an_enveloped_presentation_is_the_token_in_it(kind: str) -> None:
    data = presentation(kind, [credential("vc+jwt")])
    result = verdict_on_presentation(text(enveloped(data_url(data, kind), ENVELOPED_PRESENTATION)))
    assert result.problems == ()
    assert result == verdict_on_presentation(data)
    assert result.presentation == verdict_on_presentation(data).presentation


MEDIA_TYPES: Final = ("vc+jwt", "vp+jwt", "vc+sd-jwt", "vp+sd-jwt", "dc+sd-jwt", "vc+cose", "vp+cose", "jwt")
ALSO: Final = {"jwt_vc": {"jwt"}, "jwt_vp": {"jwt"}, "vc+jwt": {"vc+jwt", "jwt"}, "vp+jwt": {"vp+jwt", "jwt"}}


@pytest.mark.parametrize("kind", TOKENS)
def test_the_media_type_is_that_of_the_token(kind: str) -> None:
    encoded = base64.b64encode(credential(kind)).decode()
    for media_type in MEDIA_TYPES:
        result = verdict(text(enveloped(f"data:application/{media_type};base64,{encoded}")))
        assert bool(result) is (media_type in ALSO.get(kind, {kind})), media_type
        assert codes(result) <= {"PARSING_ERROR"}


@pytest.mark.parametrize("kind", PRESENTED)
def test_the_media_type_is_that_of_the_presentation(kind: str) -> None:
    encoded = base64.b64encode(presentation(kind, [])).decode()
    for media_type in MEDIA_TYPES:
        document = enveloped(f"data:application/{media_type};base64,{encoded}", ENVELOPED_PRESENTATION)
        assert bool(verdict_on_presentation(text(document))) is (media_type in ALSO.get(kind, {kind})), media_type


TOKEN = credential("vc+jwt").decode()


@pytest.mark.parametrize(
    "url",
    [
        None,
        7,
        [f"data:application/vc+jwt,{TOKEN}"],
        {"@id": f"data:application/vc+jwt,{TOKEN}"},
        "",
        "data:",
        "data:,",
        f"data:,{TOKEN}",
        f"data:;base64,{base64.b64encode(TOKEN.encode()).decode()}",
        TOKEN,
        f"application/vc+jwt,{TOKEN}",
        f"DATA:application/vc+jwt,{TOKEN}",
        f" data:application/vc+jwt,{TOKEN}",
        f"https://vc.example/application/vc+jwt,{TOKEN}",
        f"data:application/VC+JWT,{TOKEN}",
        f"data:text/plain,{TOKEN}",
        f"data:text/html,{TOKEN}",
        f"data:application/json,{TOKEN}",
        f"data:application/vc,{TOKEN}",
        f"data:application/vc+ld+jwt,{TOKEN}",
        f"data:application/kb+jwt,{TOKEN}",
        f"data:application/vc+jwt;charset=utf-8,{TOKEN}",
        f"data:application/vc+jwt;base64;base64,{base64.b64encode(TOKEN.encode()).decode()}",
        f"data:application/vc+jwt;BASE64,{base64.b64encode(TOKEN.encode()).decode()}",
        f"data:application/vc+jwt;base64,{TOKEN}",
        f"data:application/vc+jwt;base64,{base64.urlsafe_b64encode(b'~~~' + TOKEN.encode()).decode()}",
        f"data:application/vc+jwt;base64,{base64.b64encode(TOKEN.encode()).decode()}!",
        f"data:application/vc+jwt;base64,{base64.b64encode(TOKEN.encode() + b' ').decode()}",
        f"data:application/vc+jwt,{TOKEN}#fragment",
        f"data:application/vc+jwt, {TOKEN}",
        f"data:application/vc+jwt,%65{TOKEN[1:]}",
        f"data:application/vc+jwt,{TOKEN},{TOKEN}",
        f"data:application/vc+jwt;{TOKEN}",
        f"data:application/vc+jwt,{TOKEN[:-1]}ā",
    ],
    ids=lambda url: repr(url)[:40],
)
def test_other_urls_hold_no_token(url: Any) -> None:
    assert codes(verdict(text(enveloped(url)))) == {"PARSING_ERROR"}


def test_base64_as_browsers_read_it() -> None:
    """Padding may be left out, and white space is passed over: the token is the same."""
    for extra in (b"", b"x", b"xy"):
        claims = claims_of("vc+jwt") | {"name": extra.decode()}
        data = base64.b64encode(credential("vc+jwt", claims)).decode()
        for written in (data, data.rstrip("="), data + "\n", data[:40] + "\r\n " + data[40:]):
            assert verdict(text(enveloped(f"data:application/vc+jwt;base64,{written}")))


@pytest.mark.parametrize("context", [None, [], V1, [V1], {}, {"@vocab": V2}, [[V2]], V2 + "#", "", 7])
def test_only_data_model_2_has_enveloped_credentials(context: Any) -> None:
    document = enveloped(url_of("vc+jwt"), context=context)
    assert codes(verdict(text(document))) == {"PARSING_ERROR"}
    del document["@context"]
    assert codes(verdict(text(document))) == {"PARSING_ERROR"}


@pytest.mark.parametrize(
    "types",
    [
        "VerifiableCredential",
        ["VerifiableCredential", ENVELOPED_CREDENTIAL],
        [ENVELOPED_CREDENTIAL, ENVELOPED_CREDENTIAL],
        [ENVELOPED_CREDENTIAL, "x"],
        [[ENVELOPED_CREDENTIAL]],
        {"@id": ENVELOPED_CREDENTIAL},
        "https://www.w3.org/2018/credentials#EnvelopedVerifiableCredential",
        ENVELOPED_CREDENTIAL.lower(),
        ENVELOPED_PRESENTATION,
        None,
    ],
)
def test_no_other_type_holds_a_token(types: Any) -> None:
    """Such a document is one with embedded proofs, of which it has none; and there is no other type beside it."""
    result = verdict(text(enveloped(url_of("vc+jwt"), types)))
    assert result.verdict is Verdict.REJECTED
    assert "PARSING_ERROR" in codes(result)
    beside = isinstance(types, list) and ENVELOPED_CREDENTIAL in types
    assert ("/type" if beside else "/proof") in {problem.at for problem in result.problems}


def test_a_token_does_not_stand_in_the_object_for_the_other_kind() -> None:
    vc, vp = credential("vc+jwt"), presentation("vp+jwt", [])
    for data, kind, judge in (
        (vp, ENVELOPED_CREDENTIAL, verdict),
        (vc, ENVELOPED_PRESENTATION, verdict_on_presentation),
        (bound(credential("vc+sd-jwt")), ENVELOPED_PRESENTATION, verdict_on_presentation),
    ):
        securing = read_token(data, limits=LIMITS).securing
        assert codes(judge(text(enveloped(data_url(data, securing), kind)))) == {"TOKEN_TYPE_ERROR"}


def nested(levels: int) -> str:
    """The `data:` URL of a credential in the envelope of an envelope, and so on."""
    url = url_of("vc+jwt")
    for level in range(levels):
        inner = write_json(enveloped(url))
        if level % 2:
            url = f"data:application/vc+jwt;base64,{base64.b64encode(inner).decode()}"
        else:
            url = f"data:application/vc+sd-jwt;base64,{base64.b64encode(inner).decode()}"
    return url


@pytest.mark.parametrize("levels", [1, 2, 10])
def test_an_envelope_holds_no_envelope(levels: int) -> None:
    result = verdict(text(enveloped(nested(levels))))
    assert result.verdict is Verdict.REJECTED
    assert codes(result) == {"PARSING_ERROR"}
    inside = presentation("vp+jwt", [text(enveloped(nested(levels)))])
    assert codes(verdict_on_presentation(inside)) == {"PARSING_ERROR"}


def test_fifty_envelopes_as_objects() -> None:
    document: Any = url_of("vc+jwt")
    for _ in range(50):
        document = enveloped(document)
    assert codes(verdict(json.dumps(document).encode())) == {"PARSING_ERROR"}


def test_fifty_presentations_in_one_another() -> None:
    """A presentation is no credential, also where a token holds it; so none is looked into."""
    data, largest = presentation("vp+jwt", []), 0
    for _ in range(50):
        holding = {
            "@context": [V2],
            "type": "VerifiablePresentation",
            "verifiableCredential": enveloped(data_url(data, "vp+jwt")),
        }
        if len(data) > 200_000:
            break
        data = signed({"typ": "vp+jwt"}, {**holding, "nonce": NONCE, "aud": AUDIENCE}, name="holder")
        largest += 1
    assert largest > 10
    result = verdict_on_presentation(data)
    assert codes(result) == {"TOKEN_TYPE_ERROR"}
    assert [problem.at for problem in result.problems] == ["/verifiableCredential/id"]


def test_reading_raises_the_errors_of_the_family() -> None:
    with pytest.raises(ParsingError):
        read_enveloped({}, limits=LIMITS)
    with pytest.raises(ProofVerificationError):
        read(text(enveloped(url_of("vc+jwt"), ENVELOPED_PRESENTATION)), ENVELOPED_PRESENTATION, limits=LIMITS)
    with pytest.raises(VCError) as caught:
        read_token(credential("vc+jwt"), limits=Limits(document_bytes=10))
    assert caught.value.code == "INPUT_TOO_LARGE"


SERIALIZED = credential("vc+sd-jwt", serialization="json")


def test_a_token_in_json_is_a_token() -> None:
    assert not is_token(SERIALIZED)
    assert verdict(SERIALIZED).securing == "vc+sd-jwt"


@pytest.mark.parametrize("member", ["proof", "@context", "type", "issuer", "credentialSubject", "verifiableCredential"])
def test_a_token_in_json_is_no_document_as_well(member: str) -> None:
    """Whoever reads the one and whoever reads the other would see different things."""
    document = json.loads(credential("eddsa-jcs-2022"))
    result = verdict(text({**json.loads(SERIALIZED), member: document.get(member, [])}))
    assert result.verdict is Verdict.REJECTED
    assert "PARSING_ERROR" in codes(result)


@pytest.mark.parametrize("name", ["payload", "signature", "signatures", "protected"])
def test_a_document_with_the_members_of_a_token(name: str) -> None:
    """One such member is one that nobody signed. With the members of both it is neither."""
    signed_document = json.loads(credential("eddsa-jcs-2022"))
    result = verdict(text({**signed_document, name: json.loads(SERIALIZED).get(name, [])}))
    assert codes(result) == {"PROOF_VERIFICATION_ERROR"}
    both = {**signed_document, **json.loads(SERIALIZED)}
    assert codes(verdict(text(both))) == {"PARSING_ERROR"}

"""`vc-core verify` for presentations: what has to be said, and what is printed."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import vc_core
from did import PrivateKey, did_key
from vc_core import (
    JWTVC,
    JWTVP,
    SDJWTVC,
    VCCOSE,
    VCJWT,
    VCSDJWT,
    VPCOSE,
    VPJWT,
    DataIntegrity,
    Limits,
    LocalSigner,
    Securing,
    SQLiteNonces,
    sd_jwt,
)
from vc_core.cli import main
from vc_core.nonces import NoncesUnavailable

NOON = "2026-01-31T12:00:00Z"
MOMENT = datetime(2026, 1, 31, 12, tzinfo=UTC)
NONCE, AUDIENCE = "nonce-12345678", "https://verifier.example"
ASKED = ("--nonce", NONCE, "--audience", AUDIENCE)
FOR_US = {"nonce": NONCE, "audience": AUDIENCE}
MEMBERS = ["verdict", "problems", "checks", "holder", "securing", "credentials", "file"]
CREDENTIALS = {
    "eddsa-jcs-2022": DataIntegrity(cryptosuite="eddsa-jcs-2022"),
    "jwt_vc": JWTVC(),
    "vc+jwt": VCJWT(),
    "vc+sd-jwt": VCSDJWT(),
    "dc+sd-jwt": SDJWTVC(),
    "vc+cose": VCCOSE(),
}
PRESENTATIONS = {
    "eddsa-jcs-2022": DataIntegrity(
        cryptosuite="eddsa-jcs-2022", proof_purpose="authentication", challenge=NONCE, domain=AUDIENCE
    ),
    "jwt_vp": JWTVP(**FOR_US),
    "vp+jwt": VPJWT(**FOR_US),
    "vp+cose": VPCOSE(**FOR_US),
}
KINDS = (*PRESENTATIONS, "kb+jwt", "enveloped")


class Parties:
    """An issuer, a holder, and the folder in which a verifier finds what it receives."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.issuer_key, self.holder_key = PrivateKey.generate("Ed25519"), PrivateKey.generate("Ed25519")
        self.issuer, self.holder = did_key(self.issuer_key.public_key), did_key(self.holder_key.public_key)

    def credential(self, securing: Securing, **more: Any) -> bytes:
        if securing.data_model == "SD-JWT VC":
            claims: dict[str, Any] = {"iss": self.issuer, "vct": "https://example.org/type", "sub": self.holder}
        elif isinstance(securing, JWTVC):
            claims = {"@context": ["https://www.w3.org/2018/credentials/v1"], "issuanceDate": "2026-01-01T00:00:00Z"}
        else:
            claims = {"@context": ["https://www.w3.org/ns/credentials/v2"]}
        if securing.data_model == "VCDM":
            claims |= {"type": ["VerifiableCredential"], "issuer": self.issuer}
            claims |= {"credentialSubject": {"id": self.holder}}
        signer = LocalSigner.of_did_key(self.issuer_key)
        return vc_core.issue(claims | more, signer=signer, securing=securing, created=MOMENT)

    def presentation(self, name: str = "vp+jwt", *credentials: bytes) -> bytes:
        signer = LocalSigner.of_did_key(self.holder_key)
        if name == "kb+jwt":
            data = self.credential(SDJWTVC(key_binding=self.holder_key.public_key))
            return sd_jwt.bind(data, signer=signer, created=MOMENT, limits=Limits(), **FOR_US)
        if name == "enveloped":
            return enveloped(self.presentation("vp+jwt"), "EnvelopedVerifiablePresentation", "vp+jwt")
        securing = PRESENTATIONS[name]
        own = credentials or (self.credential(JWTVC() if name == "jwt_vp" else VCJWT()),)
        return vc_core.present(own, signer=signer, securing=securing, created=MOMENT)

    def unsigned(self) -> bytes:
        entry = json.loads(enveloped(self.credential(VCJWT()), "EnvelopedVerifiableCredential", "vc+jwt"))
        contexts = ["https://www.w3.org/ns/credentials/v2"]
        tree = {"@context": contexts, "type": ["VerifiablePresentation"], "verifiableCredential": [entry]}
        return json.dumps(tree).encode()

    def write(self, data: bytes, name: str = "file") -> str:
        (self.path / name).write_bytes(data)
        return str(self.path / name)

    def verify(self, *arguments: str) -> int:
        return main(["verify", "--issuer", self.issuer, "--at", NOON, *arguments])


def enveloped(token: bytes, kind: str, media_type: str) -> bytes:
    url = f"data:application/{media_type},{token.decode()}"
    return json.dumps({"@context": "https://www.w3.org/ns/credentials/v2", "type": kind, "id": url}).encode()


@pytest.fixture
def parties(tmp_path: Path) -> Parties:
    return Parties(tmp_path)


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("vc-core")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize("name", KINDS)
def test_a_presentation_is_recognised_and_what_is_missing_is_said(
    name: str, parties: Parties, capsys: pytest.CaptureFixture[str]
) -> None:
    file = parties.write(parties.presentation(name))
    nonce, audience = "--nonce TEXT (or --any-nonce)", "--audience TEXT (or --any-audience)"
    binding = "--holder-binding subject|cnf|subject-or-cnf|bearer"
    for options, missing in (
        ((), [nonce, audience, binding]),
        (ASKED[:2], [audience, binding]),
        (("--challenge", NONCE, "--domain", AUDIENCE), [binding]),
    ):
        assert parties.verify(file, *options) == 2
        assert one_line(capsys) == f"vc-core: {file} is a presentation: say {' and '.join(missing)}\n"
    rule = "cnf" if name == "kb+jwt" else "subject"
    assert parties.verify(file, *ASKED, "--holder-binding", rule) == 0
    assert parties.verify(file, "--challenge", NONCE, "--domain", AUDIENCE, "--holder-binding", "subject-or-cnf") == 0
    assert parties.verify(file, *ASKED[2:], "--nonce", "another-nonce", "--holder-binding", rule) == 1
    assert parties.verify(file, *ASKED[:2], "--audience", "https://other.example", "--holder-binding", rule) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--holder-binding", "subject"), "For presentations, say --nonce TEXT (or --any-nonce) and --audience"),
        (("--any-nonce",), "For presentations, say --audience TEXT (or --any-audience) and --holder-binding"),
        (("--any-audience", "--nonce", "n"), "For presentations, say --holder-binding subject|cnf|"),
        (("--nonces", "store", *ASKED), "For presentations, say --holder-binding"),
        (("--allow-unsigned",), "For presentations, say --nonce"),
        ((*ASKED, "--any-nonce", "--holder-binding", "bearer"), "Say --nonce or --any-nonce, not both."),
        ((*ASKED, "--any-audience", "--holder-binding", "bearer"), "Say --audience or --any-audience, not both."),
        (("--any-nonce", "--nonces", "store", *ASKED[2:], "--holder-binding", "cnf"), "there is none"),
        ((*ASKED, "--allow-unsigned", "--holder-binding", "subject"), "the policy for presentations cannot be used"),
        ((*ASKED, "--allow-unsigned", "--holder-binding", "bearer"), "the policy for presentations cannot be used"),
        (("--nonce", "", *ASKED[2:], "--holder-binding", "cnf"), "the policy cannot be used"),
    ],
)
def test_choices_that_are_missing_or_contradict_each_other(
    options: tuple[str, ...], words: str, parties: Parties, capsys: pytest.CaptureFixture[str]
) -> None:
    assert parties.verify(str(parties.path / "absent"), *options) == 2
    assert words in one_line(capsys)


@pytest.mark.parametrize("name", CREDENTIALS)
def test_a_credential_is_no_presentation(name: str, parties: Parties, capsys: pytest.CaptureFixture[str]) -> None:
    """Who asks for a presentation is not answered by a credential that somebody has got hold of."""
    file = parties.write(parties.credential(CREDENTIALS[name]))
    assert parties.verify(file) == 0
    for rule in ("subject", "cnf", "subject-or-cnf"):
        assert parties.verify(file, *ASKED, "--holder-binding", rule) == 1
    assert parties.verify(file, *ASKED, "--holder-binding", "bearer") == 1
    capsys.readouterr()
    assert parties.verify(file, "--any-nonce", "--any-audience", "--holder-binding", "subject", "--json") == 1
    assert json.loads(capsys.readouterr().out)["verdict"] == "rejected"


@pytest.mark.parametrize("name", CREDENTIALS)
def test_an_answer_that_is_expected_is_not_forgotten_for_a_credential(name: str, parties: Parties) -> None:
    file = parties.write(parties.credential(CREDENTIALS[name]))
    assert parties.verify(file, *ASKED[:2]) == 1
    assert parties.verify(file, *ASKED[2:]) == 1


def test_an_enveloped_credential_is_no_presentation(parties: Parties) -> None:
    file = parties.write(enveloped(parties.credential(VCJWT()), "EnvelopedVerifiableCredential", "vc+jwt"))
    assert parties.verify(file) == 0
    assert parties.verify(file, "--any-nonce", "--any-audience", "--holder-binding", "bearer") == 1


def test_nonce_and_audience_are_challenge_and_domain_of_a_credential(parties: Parties) -> None:
    asked = DataIntegrity(cryptosuite="eddsa-jcs-2022", challenge=NONCE, domain=AUDIENCE)
    file = parties.write(parties.credential(asked))
    for nonce in ("--nonce", "--challenge"):
        for audience in ("--audience", "--domain"):
            assert parties.verify(file, nonce, NONCE, audience, AUDIENCE) == 0
            assert parties.verify(file, nonce, "other", audience, AUDIENCE) == 1
            assert parties.verify(file, nonce, NONCE, audience, "other") == 1


def test_a_verified_presentation_names_its_holder_and_issuers(
    parties: Parties, capsys: pytest.CaptureFixture[str]
) -> None:
    own = (parties.credential(VCJWT()), parties.credential(VCCOSE()))
    file = parties.write(parties.presentation("vp+jwt", *own))
    assert parties.verify(file, *ASKED, "--holder-binding", "subject") == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"verified  {file}\n  holder       {parties.holder}\n  securing     vp+jwt\n")
    words = " ".join(out.split())
    assert f"credential 1 verified, vc+jwt, issued by {parties.issuer}" in words
    assert f"credential 2 verified, vc+cose, issued by {parties.issuer}" in words
    assert "not checked nonce: no store of spent nonces was handed in" in words
    assert "all credentials, status: the credential has no credentialStatus" in words
    assert err == ""


def test_a_rejected_presentation_names_nobody(parties: Parties, capsys: pytest.CaptureFixture[str]) -> None:
    bad = parties.credential(VCJWT(), validUntil="2020-01-01T00:00:00Z")
    proved = parties.credential(DataIntegrity(cryptosuite="eddsa-jcs-2022"))
    file = parties.write(parties.presentation("vp+jwt", bad, proved))
    assert parties.verify(file, *ASKED, "--holder-binding", "subject") == 1
    out = capsys.readouterr().out
    assert out.startswith(
        f"rejected  {file}\n  credential 1 rejected, vc+jwt\n  credential 2 verified, eddsa-jcs-2022\n"
    )
    assert "EXPIRED, at /verifiableCredential/0/validUntil" in " ".join(out.split())
    assert "all credentials, status: the credential has no credentialStatus" in " ".join(out.split())
    assert "credential 1, type metadata: only an SD-JWT VC has type metadata" in " ".join(out.split())
    assert parties.issuer not in out
    assert parties.holder not in out


def test_json_of_presentations(parties: Parties, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = parties.write(parties.presentation()), parties.write(b"{}", "bad")
    assert parties.verify(good, bad, *ASKED, "--holder-binding", "subject", "--json") == 1
    out, err = capsys.readouterr()
    first, second = map(json.loads, out.splitlines())
    assert err == ""
    assert list(first) == list(second) == MEMBERS
    assert [each["file"] for each in (first, second)] == [good, bad]
    assert (first["verdict"], first["holder"], first["securing"]) == ("verified", parties.holder, "vp+jwt")
    assert [each["securing"] for each in first["credentials"]] == ["vc+jwt"]
    assert (second["verdict"], second["holder"], second["credentials"]) == ("rejected", None, [])


def test_a_nonce_is_spent_once(parties: Parties, capsys: pytest.CaptureFixture[str]) -> None:
    file, store = parties.write(parties.presentation()), str(parties.path / "store")
    options = (*ASKED, "--holder-binding", "subject", "--nonces", store)
    assert parties.verify(file, *options, "--at", "2026-02-01T12:00:00Z") == 1
    assert parties.verify(file, *options) == 0
    capsys.readouterr()
    assert parties.verify(file, *options, "--json") == 1
    assert [each["code"] for each in json.loads(capsys.readouterr().out)["problems"]] == ["NONCE_SPENT_ERROR"]
    other = str(parties.path / "other")
    assert parties.verify(file, file, *ASKED, "--holder-binding", "subject", "--nonces", other) == 1
    words = [line.split()[0] for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert words == ["verified", "rejected"]
    assert parties.verify(file, *ASKED, "--holder-binding", "subject") == 0


def test_a_store_that_cannot_be_used_is_one_line(parties: Parties, capsys: pytest.CaptureFixture[str]) -> None:
    file = parties.write(parties.presentation())
    text = parties.write(b"no database " * 100, "text")
    for store in (str(parties.path), text, str(parties.path / "absent" / "store"), ""):
        assert parties.verify(file, *ASKED, "--holder-binding", "subject", "--nonces", store) == 2, store
        assert "is no store of nonces: " in one_line(capsys)
    assert Path(text).read_bytes() == b"no database " * 100


def test_a_store_that_breaks_later_leaves_the_matter_open(
    parties: Parties, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_arguments: object, **_more: object) -> bool:
        raise NoncesUnavailable("the disk is gone")

    monkeypatch.setattr(SQLiteNonces, "spend", broken)
    file, store = parties.write(parties.presentation()), str(parties.path / "store")
    assert parties.verify(file, *ASKED, "--holder-binding", "subject", "--nonces", store) == 3
    assert "the disk is gone" in capsys.readouterr().out


def test_unsafe_choices_have_to_be_named_and_are_reported(parties: Parties, capsys: pytest.CaptureFixture[str]) -> None:
    file = parties.write(parties.presentation())
    assert parties.verify(file, "--any-nonce", "--any-audience", "--holder-binding", "bearer") == 0
    words = " ".join(capsys.readouterr().out.split())
    assert "nonce and audience: the policy expects no nonce and no audience" in words
    assert "holder binding: the policy accepts whoever has the credentials" in words


def test_an_unsigned_presentation(parties: Parties, capsys: pytest.CaptureFixture[str]) -> None:
    file = parties.write(parties.unsigned())
    unsafe = ("--any-nonce", "--any-audience", "--holder-binding", "bearer")
    assert parties.verify(file) == 2
    assert parties.verify(file, *unsafe) == 1
    capsys.readouterr()
    assert parties.verify(file, *unsafe, "--allow-unsigned") == 0
    assert "holder       nobody is named\n  securing     nobody signed\n" in capsys.readouterr().out


def test_an_sd_jwt_without_a_binding_is_for_bearers_only(parties: Parties) -> None:
    file = parties.write(parties.credential(SDJWTVC(key_binding=parties.holder_key.public_key)))
    unsafe = ("--any-nonce", "--any-audience", "--holder-binding")
    assert parties.verify(file, *unsafe, "bearer") == 0
    for rule in ("subject", "cnf", "subject-or-cnf"):
        assert parties.verify(file, *unsafe, rule) == 1


def test_a_policy_file_may_hold_what_is_expected(parties: Parties) -> None:
    file = parties.write(parties.presentation())
    settings = {"acceptedIssuers": [parties.issuer], "challenge": NONCE, "domain": [AUDIENCE]}
    policy = parties.write(json.dumps(settings).encode(), "policy")
    arguments = ["verify", file, "--at", NOON, "--policy", policy, "--holder-binding", "subject"]
    assert main(arguments) == 0
    assert main([*arguments, "--nonce", "other"]) == 1
    assert main([*arguments, "--any-nonce"]) == 2
    for more in ({"envelopes": ["vp+jwt"]}, {"envelopes": ["vc+jwt"]}, {"algorithms": ["ES256"]}):
        parties.write(json.dumps(settings | more).encode(), "policy")
        assert main(arguments) == 1


def test_of_several_files_the_worst_counts(parties: Parties, capsys: pytest.CaptureFixture[str]) -> None:
    credential, presentation = parties.write(parties.credential(VCJWT())), parties.write(parties.presentation(), "vp")
    assert parties.verify(presentation, credential) == 2
    out, err = capsys.readouterr()
    assert out.startswith(f"verified  {credential}\n")
    assert err.startswith(f"vc-core: {presentation} is a presentation: ")
    assert parties.verify(presentation, credential, *ASKED, "--holder-binding", "subject") == 1


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\n \t\r\n"])
def test_white_space_at_the_end_of_a_file_is_no_part_of_a_token(end: bytes, parties: Parties) -> None:
    for name in ("vc+jwt", "jwt_vc", "vc+sd-jwt", "dc+sd-jwt", "eddsa-jcs-2022"):
        assert parties.verify(parties.write(parties.credential(CREDENTIALS[name]) + end)) == 0
    for name in ("vp+jwt", "jwt_vp"):
        file = parties.write(parties.presentation(name) + end)
        assert parties.verify(file, *ASKED, "--holder-binding", "subject") == 0
    assert parties.verify(parties.write(parties.credential(VCCOSE()) + end)) == 1


def test_other_white_space_is_refused(parties: Parties) -> None:
    token = parties.credential(VCJWT())
    for data in (b"\n" + token, token + b"\x0c", token + b"\xc2\xa0", token.replace(b".", b".\n", 1), token + b"\0\n"):
        assert parties.verify(parties.write(data)) == 1


def test_what_is_too_large_is_not_cut(parties: Parties, capsys: pytest.CaptureFixture[str]) -> None:
    """White space up to the limit does not hide what comes behind it."""
    token, limit = parties.credential(VCJWT()), Limits().document_bytes
    presented = ("--any-nonce", "--any-audience", "--holder-binding", "bearer")
    for data, code in ((token.ljust(limit), 0), (token.ljust(limit + 1), 1), (token.ljust(limit + 10) + b"x", 1)):
        assert parties.verify(parties.write(data)) == code
        assert parties.verify(parties.write(data), *presented) == 1
    capsys.readouterr()
    assert parties.verify(parties.write(b"x" * (limit + 1)), "--json") == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "INPUT_TOO_LARGE"


@pytest.mark.parametrize(
    "content",
    [
        *(
            b"",
            b"\n",
            b"\xff\xfe\x00",
            bytes(range(256)),
            b"{}",
            b"[" * 100_000,
            b'"text"',
            b"...",
            b"a.b.c",
            b"a.b.c~",
        ),
        *(
            b"~" * 5000,
            b"\xd2",
            b"\x84",
            b"\xd2\x84" * 50_000,
            b"\x84\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\x9f" * 5000,
        ),
        *(b'{"type":"VerifiablePresentation"}', b'{"payload":"","signatures":[]}', b'{"a":' * 5000),
        b'{"type":"EnvelopedVerifiablePresentation","id":"data:application/vp+jwt,\x1b"}',
    ],
    ids=range(20),
)
def test_whatever_the_bytes_the_answer_is_a_verdict(
    content: bytes, parties: Parties, capsys: pytest.CaptureFixture[str]
) -> None:
    file = parties.write(content, "file\x1b[2J")
    assert parties.verify(file, *ASKED, "--holder-binding", "subject") == 1
    out, err = capsys.readouterr()
    assert out.startswith("rejected  ")
    assert r"file\x1b[2J" in out
    assert "\x1b" not in out
    assert err == ""
    assert parties.verify(file) in {1, 2}
    assert "\x1b" not in "".join(capsys.readouterr())


def test_a_folder_is_an_input_error(parties: Parties, capsys: pytest.CaptureFixture[str]) -> None:
    assert parties.verify(str(parties.path), *ASKED, "--holder-binding", "subject") == 2
    assert one_line(capsys) == f"vc-core: cannot read {parties.path}: Is a directory\n"


def test_a_header_that_brings_a_key_is_refused(parties: Parties, capsys: pytest.CaptureFixture[str]) -> None:
    _, payload, signature = parties.credential(VCJWT()).split(b".")
    header = {"alg": "EdDSA", "typ": "vc+jwt", "jwk": parties.issuer_key.public_key.jwk}
    encoded = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=")
    assert parties.verify(parties.write(b".".join((encoded, payload, signature)))) == 1
    assert "TOKEN_HEADER_ERROR" in capsys.readouterr().out

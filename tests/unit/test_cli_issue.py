"""`vc-core issue`, and that `vc-core verify` accepts what it makes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import did
from vc_core import CRYPTOSUITES
from vc_core.cli import main

KEY_TYPES = {"eddsa-jcs-2022": "Ed25519", "ecdsa-jcs-2019": "P-256"}
CLAIMS = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "name": "Mikroapliecinājums",
    "credentialSubject": {"id": "did:example:learner"},
}


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The file of a private Ed25519 key."""
    file = tmp_path / "key"
    assert main(["key", "generate", "--out", str(file)]) == 0
    return file


def issuer_of(key: Path) -> str:
    return did.did_key(did.PrivateKey.from_jwk(json.loads(key.read_bytes())).public_key)


@pytest.fixture
def claims(tmp_path: Path, key: Path) -> Path:
    """The file of claims whose issuer is the key."""
    file = tmp_path / "claims"
    file.write_text(json.dumps(CLAIMS | {"issuer": issuer_of(key)}))
    return file


def issue(claims: Path, key: Path, *more: str) -> int:
    return main(["issue", str(claims), "--key", str(key), "--securing", "eddsa-jcs-2022", *more])


def test_a_credential_is_issued_and_verifies(
    claims: Path, key: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    capsys.readouterr()
    assert issue(claims, key, "--created", "2026-01-31T12:00:00Z", "-o", str(out)) == 0
    printed, said = capsys.readouterr()
    assert printed == ""
    assert said == f"Wrote {out}.\n"
    credential = json.loads(out.read_bytes())
    issuer = issuer_of(key)
    proof = credential.pop("proof")
    assert credential == CLAIMS | {"issuer": issuer}
    assert proof["cryptosuite"] == "eddsa-jcs-2022"
    assert proof["created"] == "2026-01-31T12:00:00Z"
    assert proof["verificationMethod"] == f"{issuer}#{issuer.removeprefix('did:key:')}"
    assert main(["verify", str(out), "--issuer", issuer]) == 0


def test_without_a_file_the_credential_goes_to_standard_output(
    claims: Path, key: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    capsysbinary.readouterr()
    assert issue(claims, key) == 0
    out, err = capsysbinary.readouterr()
    assert json.loads(out)["name"] == "Mikroapliecinājums"
    assert out.endswith(b"}\n")
    assert err == b""


def test_claims_come_from_standard_input(claims: Path, key: Path, tmp_path: Path) -> None:
    kept = os.dup(0)
    with claims.open("rb") as file:
        os.dup2(file.fileno(), 0)
    try:
        assert issue(Path("-"), key, "-o", str(tmp_path / "out")) == 0
    finally:
        os.dup2(kept, 0)
        os.close(kept)
    assert (tmp_path / "out").exists()


def test_every_cryptosuite_can_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["issue", "x", "--key", "x", "--securing", "nonsense"]) == 2
    err = capsys.readouterr().err
    assert all(name in err for name in CRYPTOSUITES)


@pytest.mark.parametrize("securing", KEY_TYPES)
def test_a_suite_takes_its_own_key_type(securing: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, claims, out = tmp_path / "key", tmp_path / "claims", tmp_path / "out"
    main(["key", "generate", "--type", KEY_TYPES[securing], "--out", str(key)])
    claims.write_text(json.dumps(CLAIMS | {"issuer": issuer_of(key)}))
    arguments = ["issue", str(claims), "--key", str(key), "-o", str(out), "--securing"]
    assert main([*arguments, securing]) == 0
    assert main(["verify", str(out), "--issuer", issuer_of(key)]) == 0
    out.unlink()
    capsys.readouterr()
    assert main([*arguments, next(name for name in KEY_TYPES if name != securing)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not out.exists()


def test_another_verification_method_can_be_named(claims: Path, key: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert issue(claims, key, "--verification-method", "did:web:example.org#key-1", "-o", str(out)) == 0
    assert json.loads(out.read_bytes())["proof"]["verificationMethod"] == "did:web:example.org#key-1"


def test_a_context_from_a_file_makes_its_terms_known(
    claims: Path, key: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "https://example.org/context?version=1"
    tree = json.loads(claims.read_bytes())
    tree["@context"].append(url)
    claims.write_text(json.dumps(tree))
    context, out = tmp_path / "context", tmp_path / "out"
    context.write_text('{"@context": {"grade": "https://example.org/grade"}}')
    capsys.readouterr()
    assert issue(claims, key, "-o", str(out)) == 2
    assert "UNKNOWN_CONTEXT" in capsys.readouterr().err
    assert issue(claims, key, "-o", str(out), "--context", f"{url}={context}") == 0
    assert main(["verify", str(out), "--any-issuer"]) == 1
    assert main(["verify", str(out), "--any-issuer", "--context", f"{url}={context}"]) == 0


def test_a_context_that_cannot_be_used_is_one_line(
    claims: Path, key: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_text('{"@context": {}}')
    bad.write_text("[]")
    url, known = "https://example.org/context", CLAIMS["@context"][0]
    for contexts, words in (
        ([f"{url}={bad}"], "a file of --context cannot be used"),
        ([f"{url}={good}", f"{url}={good}"], "names the same URL twice"),
        ([f"{known}={good}"], "cannot be replaced"),
        ([f"{url}={tmp_path / 'absent'}"], "No such file"),
    ):
        capsys.readouterr()
        assert issue(claims, key, *(part for each in contexts for part in ("--context", each))) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert words in err
        assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "the claims in {} cannot be read"),
        ('{"a": 1, "a": 1}', "the claims in {} cannot be read"),
        ("[]", "the claims in {} are not a JSON object"),
        ("{}", "MALFORMED_VALUE_ERROR"),
    ],
)
def test_unfit_claims_are_one_line(
    content: str, words: str, key: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    claims, out = tmp_path / "claims", tmp_path / "out"
    claims.write_text(content)
    capsys.readouterr()
    assert issue(claims, key, "-o", str(out)) == 2
    err = capsys.readouterr().err
    assert words.format(claims) in err
    assert err.count("\n") == 1
    assert not out.exists()


def test_a_problem_of_the_claims_is_named_with_its_place(
    claims: Path, key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = json.loads(claims.read_bytes())
    claims.write_text(json.dumps(tree | {"validFrom": "yesterday"}))
    capsys.readouterr()
    assert issue(claims, key) == 2
    err = capsys.readouterr().err
    assert "'yesterday'" in err
    assert "(MALFORMED_VALUE_ERROR, at /validFrom)" in err


def test_a_failed_run_leaves_the_old_file(claims: Path, key: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_bytes(b"old")
    assert issue(claims, key, "--verification-method", "nonsense", "-o", str(out)) == 2
    assert out.read_bytes() == b"old"


@pytest.mark.parametrize("name", [did.did_key, did.did_key_jwk_jcs, did.did_jwk])
def test_the_issuer_may_be_any_did_of_the_key(name: object, key: Path, tmp_path: Path) -> None:
    issuer = name(did.PrivateKey.from_jwk(json.loads(key.read_bytes())).public_key)
    file, out = tmp_path / "claims", tmp_path / "out"
    file.write_text(json.dumps(CLAIMS | {"issuer": issuer}))
    assert issue(file, key, "-o", str(out)) == 0
    assert main(["verify", str(out), "--issuer", issuer]) == 0


def test_an_issuer_that_is_no_did_of_the_key_needs_a_verification_method(
    key: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "claims"
    file.write_text(json.dumps(CLAIMS | {"issuer": "did:web:example.org"}))
    assert issue(file, key) == 2
    assert "--verification-method" in capsys.readouterr().err
    assert issue(file, key, "--verification-method", "did:web:example.org#key-1") == 0


def test_a_dash_is_standard_output(claims: Path, key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert issue(claims, key, "-o", "-") == 0
    assert json.loads(capsys.readouterr().out)["name"] == CLAIMS["name"]


def test_a_key_is_not_read_from_standard_input(claims: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["issue", str(claims), "--key", "-", "--securing", "eddsa-jcs-2022"]) == 2
    assert "not from standard input" in capsys.readouterr().err


def test_without_standard_output_nothing_is_lost_in_silence(
    claims: Path, key: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout", None)
    assert issue(claims, key) == 2
    assert "no standard output" in capsys.readouterr().err


def test_neither_the_key_nor_the_claims_are_overwritten(
    claims: Path, key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in (key, claims):
        before = file.read_bytes()
        assert issue(claims, key, "-o", str(file)) == 2
        assert file.read_bytes() == before

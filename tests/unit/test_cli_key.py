"""`vc-core key generate` and `vc-core key show`."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

import did
from did.key_types import KEY_TYPES
from vc_core.cli import main

DIDS = ("didKey", "didKeyJwkJcs", "didJwk")
TYPES = ("Ed25519", "P-256", "P-384", "P-521", "secp256k1", "RSA")


def test_every_key_type_can_be_generated() -> None:
    assert set(TYPES) == set(KEY_TYPES)


@pytest.mark.parametrize("key_type", TYPES)
def test_a_generated_key_is_a_private_jwk_for_its_owner_only(
    key_type: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "key"
    assert main(["key", "generate", "--type", key_type, "--out", str(file)]) == 0
    out, err = capsys.readouterr()
    key = did.PrivateKey.from_jwk(json.loads(file.read_bytes()))
    assert key.type == key_type
    assert out == did.did_key(key.public_key) + "\n"
    assert str(file) in err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_two_keys_are_never_the_same(tmp_path: Path) -> None:
    for name in ("a", "b"):
        main(["key", "generate", "--out", str(tmp_path / name)])
    assert (tmp_path / "a").read_bytes() != (tmp_path / "b").read_bytes()
    assert json.loads((tmp_path / "a").read_bytes())["crv"] == "Ed25519"


def test_a_key_is_never_overwritten_nor_written_through_a_link(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "key").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("key", "link"):
        assert main(["key", "generate", "--out", str(tmp_path / name)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err == f"vc-core: {tmp_path / name} is there already and is never overwritten: name another file\n"
    assert (tmp_path / "key").read_bytes() == b"old"
    assert not (tmp_path / "elsewhere").exists()


def test_a_private_key_is_not_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["key", "generate", "--out", "-"]) == 2
    assert "not printed" in capsys.readouterr().err
    file = tmp_path / "key"
    main(["key", "generate", "--out", str(file)])
    secret = json.loads(file.read_bytes())["d"]
    for arguments in (["key", "show", str(file), *more] for more in ([], ["--json"], ["--jwk"])):
        assert main(arguments) == 0
    out, err = capsys.readouterr()
    assert secret not in out + err
    assert '"d"' not in out


@pytest.mark.parametrize("key_type", TYPES)
def test_every_name_that_is_shown_is_of_this_key(
    key_type: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "key"
    main(["key", "generate", "--type", key_type, "--out", str(file)])
    public_key = did.PrivateKey.from_jwk(json.loads(file.read_bytes())).public_key
    capsys.readouterr()
    assert main(["key", "show", str(file), "--json"]) == 0
    names = json.loads(capsys.readouterr().out)
    assert list(names) == ["type", *DIDS, "publicKeyMultibase", "publicKeyJwk"]
    assert names["type"] == key_type
    for name in DIDS:
        document = did.resolve(names[name])
        method = document.json["verificationMethod"][0]["id"]
        assert document.verification_method(method, relationship="assertionMethod").public_key == public_key
    assert len({names[name] for name in DIDS}) == 3
    assert did.PublicKey.from_multikey(names["publicKeyMultibase"]) == public_key
    assert did.PublicKey.from_jwk(names["publicKeyJwk"]) == public_key
    assert main(["key", "show", str(file), "--jwk"]) == 0
    assert json.loads(capsys.readouterr().out) == names["publicKeyJwk"]
    assert main(["key", "show", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6
    assert f"{'did:jwk':<16}{names['didJwk']}" in lines


def test_a_key_that_others_can_open_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "key"
    main(["key", "generate", "--out", str(file)])
    file.chmod(0o640)
    capsys.readouterr()
    assert main(["key", "show", str(file)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"run chmod 600 {file}" in err


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"\xff",
        b"[" * 5000,
        b'{"kty":"OKP","crv":"Ed25519","x":"secret-part","d":"secret-part"}',
        b"x" * 20_000,
    ],
)
def test_what_is_no_private_jwk_is_refused_and_not_quoted(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "key"
    file.write_bytes(content)
    file.chmod(0o600)
    assert main(["key", "show", str(file)]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"vc-core: {file} does not hold a private JWK: ")
    assert err.count("\n") == 1
    assert "secret-part" not in err


def test_a_public_jwk_is_no_private_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "key"
    file.write_text(json.dumps(did.PrivateKey.generate("P-256").public_key.jwk))
    file.chmod(0o600)
    assert main(["key", "show", str(file)]) == 2
    assert "does not hold a private JWK" in capsys.readouterr().err

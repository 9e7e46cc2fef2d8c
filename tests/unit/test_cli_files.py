"""Reading and writing of files by the command line."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from vc_core.cli.exit_codes import InputError
from vc_core.cli.files import read_file, read_secret, refuse_to_replace, write_file, write_secret
from vc_core.cli.terminal import printable


def test_at_most_one_byte_more_than_the_limit_is_read(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x" * 100)
    assert read_file(str(file), largest=10) == b"x" * 11
    assert read_file(str(file), largest=100) == b"x" * 100
    assert len(read_file("/dev/zero", largest=1000)) == 1001


def test_a_file_that_cannot_be_read_is_an_input_error_with_its_name(tmp_path: Path) -> None:
    for path, reason in (
        (str(tmp_path / "absent"), "No such file or directory"),
        (str(tmp_path), "Is a directory"),
        ("a\0b", "null"),
    ):
        with pytest.raises(InputError, match=reason) as caught:
            read_file(path, largest=10)
        assert printable(path) in caught.value.format_message()


def test_minus_is_standard_input_which_stays_open(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"abc")
    kept = os.dup(0)
    with source.open("rb") as file:
        os.dup2(file.fileno(), 0)
    try:
        assert read_file("-", largest=10) == b"abc"
        assert os.fstat(0).st_size == 3
    finally:
        os.dup2(kept, 0)
        os.close(kept)


def test_a_new_secret_is_for_its_owner_only(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        write_secret(str(tmp_path / "key"), b"secret")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert read_secret(str(tmp_path / "key"), largest=100) == b"secret"
    assert [each.name for each in tmp_path.iterdir()] == ["key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o602, 0o610, 0o777])
def test_a_secret_that_others_can_open_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    key = tmp_path / "key"
    key.write_bytes(b"secret")
    key.chmod(mode)
    with pytest.raises(InputError, match=rf"mode 0{mode:o}.*run chmod 600 {key}"):
        read_secret(str(key), largest=100)


def test_a_secret_is_read_through_a_link_and_judged_by_its_target(tmp_path: Path) -> None:
    key, link = tmp_path / "key", tmp_path / "link"
    key.write_bytes(b"secret")
    link.symlink_to(key)
    key.chmod(0o600)
    assert read_secret(str(link), largest=100) == b"secret"
    key.chmod(0o644)
    with pytest.raises(InputError):
        read_secret(str(link), largest=100)


def test_a_secret_that_cannot_be_read_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="absent: No such file or directory"):
        read_secret(str(tmp_path / "absent"), largest=100)


def test_a_secret_never_takes_a_place_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "file")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    before = {each.name for each in tmp_path.iterdir()}
    for name in sorted(before):
        with pytest.raises(InputError, match="is there already"):
            write_secret(str(tmp_path / name), b"secret")
    assert {each.name for each in tmp_path.iterdir()} == before
    assert (tmp_path / "file").read_bytes() == b"old"
    assert not (tmp_path / "nowhere").exists()


def test_a_secret_in_a_folder_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file or directory"):
        write_secret(str(tmp_path / "absent" / "key"), b"secret")


def test_a_file_replaces_a_regular_file_whole(tmp_path: Path) -> None:
    file = tmp_path / "out"
    write_file(str(file), b"first")
    inode = file.stat().st_ino
    with file.open("rb") as reader:
        write_file(str(file), b"second")
        assert reader.read() == b"first"
    assert file.read_bytes() == b"second"
    assert file.stat().st_ino != inode
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


def test_a_file_follows_the_mask_of_the_user(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write_file(str(tmp_path / "out"), b"")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o640


def test_only_a_regular_file_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"old")
    (tmp_path / "link").symlink_to(target)
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "link", tmp_path / "pipe", tmp_path, Path("/dev/null")):
        with pytest.raises(InputError, match="is not a regular file"):
            write_file(str(path), b"new")
    assert target.read_bytes() == b"old"
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_nothing_is_left_behind_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    (tmp_path / "out").write_bytes(b"old")
    for write, name in ((write_file, "out"), (write_secret, "key")):
        with pytest.raises(InputError, match="No space left on device"):
            write(str(tmp_path / name), b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out").read_bytes() == b"old"


def test_a_file_that_others_cannot_read_stays_so(tmp_path: Path) -> None:
    file = tmp_path / "out"
    file.touch(mode=0o600)
    write_file(str(file), b"new")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", 0o600)


def test_what_is_read_is_not_written(tmp_path: Path) -> None:
    file, other = tmp_path / "in", tmp_path / "other"
    file.write_bytes(b"in")
    refuse_to_replace(None, str(file))
    refuse_to_replace("-", str(file), "-")
    refuse_to_replace(str(other), str(file))
    other.symlink_to(file)
    for out in (file, other):
        with pytest.raises(InputError, match="name another file"):
            refuse_to_replace(str(out), "-", str(file))

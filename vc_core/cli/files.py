"""Files of the command line: bounded reading, and writing that leaves either the whole file or none."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from pathlib import Path
from typing import BinaryIO, Final

import click

from vc_core.cli.exit_codes import InputError
from vc_core.cli.terminal import note, printable
from vc_core.securing.envelopes import is_token

STANDARD_STREAM: Final = "-"
"""The name that stands for standard input, and for standard output."""


def read_file(path: str, *, largest: int) -> bytes:
    """At most `largest` + 1 bytes of the file, or of standard input for `-`; raises `InputError`.

    The one byte more tells whoever reads them that there was too much, whatever kind of file it is.
    """
    try:
        with _open(path) as file:
            return file.read(largest + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {printable(path)}: {_reason(error)}") from error


def read_secured(path: str, *, largest: int) -> bytes:
    """As `read_file`, without the white space that ends a file with a token in text.

    It is no part of a token, and the library takes none that has it. JSON may end so, and a message in binary
    is left as it is; so is a file that is too large, of which the rest was not read.
    """
    data = read_file(path, largest=largest)
    is_text = data[:1].isascii() and is_token(data)
    return data.rstrip(b" \t\r\n") if is_text and len(data) <= largest else data


def write_secured(out: str | None, data: bytes) -> None:
    """Afterwards the file, or standard output for None and `-`, has the credential or presentation.

    Text ends with a line feed; a message in binary does not, and is not shown on a terminal. Raises `InputError`.
    """
    is_text = data[:1].isascii()
    if out is not None and out != STANDARD_STREAM:
        write_file(out, data + b"\n" if is_text else data)
        note(f"Wrote {printable(out)}.")
    elif not sys.stdout:
        raise InputError("there is no standard output to write to: name a file with -o")
    elif not is_text and sys.stdout.isatty():
        raise InputError("what was made is binary and is not shown on a terminal: name a file with -o")
    else:
        click.echo(data, nl=is_text)


def read_secret(path: str, *, largest: int) -> bytes:
    """As `read_file`, for a file that holds a secret: one that others than its owner can open is refused."""
    try:
        with _open(path) as file:
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and stat.S_ISREG(mode) and mode & (stat.S_IRWXG | stat.S_IRWXO):
                name = printable(path)
                raise InputError(
                    f"{name} is to hold a private key, and others can open it (mode {stat.S_IMODE(mode):04o}): "
                    f"run chmod 600 {name}, and make a new key if somebody may have read this one"
                )
            return file.read(largest + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {printable(path)}: {_reason(error)}") from error


def write_secret(path: str, data: bytes) -> None:
    """Afterwards a new file holds `data`, readable by its owner only; raises `InputError`.

    Whatever stands at `path` already is left as it is and refused, a link that leads nowhere too.
    """
    try:
        _write(Path(path), data, mode=0o600, replace=False)
    except FileExistsError as error:
        raise InputError(f"{printable(path)} is there already and is never overwritten: name another file") from error
    except (OSError, ValueError) as error:
        raise InputError(f"cannot write {printable(path)}: {_reason(error)}") from error


def write_file(path: str, data: bytes) -> None:
    """Afterwards the file holds `data`, in place of what it held before; raises `InputError`.

    At no moment does it hold a part. Only a regular file is replaced: no link, device or folder. Nobody can read the
    new one who could not read the old one.
    """
    target = Path(path)
    try:
        old = target.lstat().st_mode if os.path.lexists(target) else None
        if old is not None and not stat.S_ISREG(old):
            raise InputError(f"cannot write {printable(path)}: it is there and is not a regular file")
        _write(target, data, mode=0o666 if old is None else stat.S_IMODE(old), replace=True)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot write {printable(path)}: {_reason(error)}") from error


def refuse_to_replace(out: str | None, *inputs: str) -> None:
    """Raises `InputError` if the file to write is one of those that are read."""
    for name in inputs:
        if out not in {None, STANDARD_STREAM} and name != STANDARD_STREAM and _are_same(str(out), name):
            raise InputError(f"{printable(str(out))} is what this command reads: name another file to write")


def _are_same(one: str, other: str) -> bool:
    try:
        return Path(one).samefile(other)
    except (OSError, ValueError):
        return False  # one of them is not there


def _open(path: str) -> BinaryIO:
    return open(0, "rb", closefd=False) if path == STANDARD_STREAM else Path(path).open("rb")


def _write(target: Path, data: bytes, *, mode: int, replace: bool) -> None:
    """Writes a draft in the target's folder, then gives it the target's name in one step.

    Without `replace` the name is given as a hard link, which fails where the name is taken, whatever has it.
    """
    draft = target.parent / f".vc-core-{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        if replace:
            draft.replace(target)
        else:
            os.link(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    _sync(target.parent)


def _sync(folder: Path) -> None:
    """The new name survives a loss of power, where folders can be synchronised."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or printable(str(error))

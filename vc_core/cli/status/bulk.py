"""Many changes from a file: lines with a credential or an index, comma-separated values, or JSON lines.

Nothing of a file is used unless all of it can be: whatever is wrong is told with its line.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from vc_core.cli.exit_codes import InputError
from vc_core.cli.files import read_file
from vc_core.cli.terminal import note, printable

_LARGEST: Final = 256 * 1024 * 1024
_MOST_LINES: Final = 2_000_000
_LONGEST_LINE: Final = 16_384
_MOST_TOLD: Final = 10
_NAMES: Final = frozenset({"credential", "index", "value", "list"})
_CLAIMS: Final = frozenset({"credentialStatus", "status"})
"""What the lines of `status allocate` have beside these; it decides nothing."""
_BARE: Final = ""
"""No name of a member or column: that the index stands alone on its line."""
_NUMBER: Final = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a line asks for: the index, or that of a credential, or both, which then have to agree; and a value.

    With `is_bare` nothing says that the index is one, and not what a credential is called.
    """

    line: int
    credential: str | None
    index: int | None
    value: int | None
    is_bare: bool = False


class Faults:
    """What is wrong with a file, by its lines."""

    def __init__(self, file: str) -> None:
        self._file = printable(file)
        self._told: list[str] = []
        self._count = 0

    def add(self, line: int, detail: str) -> None:
        """Keeps one; of many only the first ones."""
        self._count += 1
        if self._count <= _MOST_TOLD:
            self._told.append(f"vc-core: {self._file}, line {line}: {printable(detail)}")

    def check(self) -> None:
        """Tells them and raises `InputError`, if there are any."""
        if self._count:
            for each in self._told:
                note(each)
            lines = "1 line" if self._count == 1 else f"{self._count} lines"
            raise InputError(f"nothing was done: {lines} of {self._file} cannot be used")


def read_lines(file: str) -> list[tuple[int, str]]:
    """The lines of a text file that are not empty, each with its number; raises `InputError`."""
    data = read_file(file, largest=_LARGEST)
    if len(data) > _LARGEST:
        raise InputError(f"{printable(file)} is larger than {_LARGEST >> 20} MiB: divide it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{printable(file)}, line {place}: it is not UTF-8") from error
    lines = [(number, line) for number, raw in enumerate(text.split("\n"), start=1) if (line := raw.strip())]
    if not lines:
        raise InputError(f"{printable(file)} has no lines")
    if len(lines) > _MOST_LINES:
        raise InputError(f"{printable(file)} has more than {_MOST_LINES} lines: divide it")
    return lines


def read_changes(file: str, faults: Faults, *, url: str) -> list[Wanted]:
    """What the lines of the file ask for; those that cannot be read are among the faults. Raises `InputError`.

    A line is an index or the id of a credential. Where the first line names columns (credential, index, value, list),
    the others are comma- or semicolon-separated; where it begins with a brace, each is a JSON object with these
    members. A line that is of another list than `url` is a fault.
    """
    lines = read_lines(file)
    read, rest = _form(lines)
    found = []
    for number, line in rest:
        try:
            found.append(_wanted(number, read(_short(line)), url))
        except InputError as error:
            faults.add(number, error.format_message())
    return found


def _form(lines: list[tuple[int, str]]) -> tuple[Callable[[str], dict[str, Any]], Iterable[tuple[int, str]]]:
    """How a line is read, and the lines that are to be."""
    first = lines[0][1]
    if first.startswith("{"):
        return _json, lines
    separator = ";" if ";" in first else ","
    columns = [each.strip().strip('"') for each in first[:_LONGEST_LINE].split(separator)]
    if _NAMES.issuperset(columns) and {"credential", "index"} & set(columns) and len(set(columns)) == len(columns):
        return lambda line: _cells(line, columns, separator), lines[1:]
    return _plain, lines


def _short(line: str) -> str:
    if len(line) > _LONGEST_LINE:
        raise InputError(f"it is longer than {_LONGEST_LINE} characters")
    return line


def _plain(line: str) -> dict[str, Any]:
    return {"index": line, _BARE: True} if _NUMBER.fullmatch(line) else {"credential": line}


def _cells(line: str, columns: list[str], separator: str) -> dict[str, Any]:
    try:
        (cells,) = csv.reader([line], delimiter=separator, strict=True)
    except (csv.Error, ValueError) as error:
        raise InputError("its values cannot be told apart") from error
    if len(cells) != len(columns):
        raise InputError(f"it has {len(cells)} values, and there are {len(columns)} columns")
    return {name: text for name, cell in zip(columns, cells, strict=True) if (text := cell.strip())}


def _json(line: str) -> dict[str, Any]:
    try:
        tree = json.loads(line, object_pairs_hook=_members)
    except (ValueError, RecursionError) as error:
        raise InputError("it is not a JSON object") from error
    if not isinstance(tree, dict):
        raise InputError("it is not a JSON object")
    return {name: value for name, value in tree.items() if name not in _CLAIMS and name != _BARE}


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise InputError("it has a member twice")
    return members


def _wanted(line: int, members: dict[str, Any], url: str) -> Wanted:
    is_bare = members.pop(_BARE, None) is True
    unknown = members.keys() - _NAMES
    if unknown:
        raise InputError(f"there is no {min(unknown)[:64]!r}, only {', '.join(sorted(_NAMES))}")
    if members.get("list", url) != url:
        raise InputError("it is of another list")
    credential, index, value = (members.get(name) for name in ("credential", "index", "value"))
    if credential is None and index is None:
        raise InputError("it has neither a credential nor an index")
    if credential is not None and (not isinstance(credential, str) or not credential):
        raise InputError("its credential is not a text")
    return Wanted(line, credential, _number(index, "index"), _number(value, "value"), is_bare)


def _number(value: Any, name: str) -> int | None:
    if value is None or (type(value) is int and value >= 0):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value)
    raise InputError(f"its {name} is not a number")

"""A folder of published lists, served over HTTP: a WSGI application (PEP 3333) for any server. It opens no socket.

application = serving_application("public/status", now=lambda: datetime.now(UTC))
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Final, NamedTuple, TypeAlias
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from vc_core.limits import Limits
from vc_core.status_lists.description import Description, describe

FILE_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")
"""What `Store.publish` calls files: no folder, no hidden file, no draft."""

_KEPT: Final = 64 * 1024 * 1024
"""Bytes of lists that are kept in memory."""
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NOT_A_FILE: Final = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENXIO})
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_COMMON: Final = [("X-Content-Type-Options", "nosniff"), ("Access-Control-Allow-Origin", "*")]
"""Lists are public: a wallet in a browser may read them, too (Token Status List, section 8.1)."""

_Answer: TypeAlias = tuple[str, list[tuple[str, str]], bytes]
_Version: TypeAlias = tuple[int, ...]


def serving_application(
    folder: str | os.PathLike[str],
    *,
    now: Callable[[], datetime],
    ttl: timedelta = timedelta(seconds=300),
    limits: Limits = Limits(),  # noqa: B008  (a frozen value)
) -> WSGIApplication:
    """The application that serves the status lists in `folder`, each at its name, and nothing else that is there.

    A list is served with the media type of what secures it, for `Cache-Control` with its own `ttl` (or the one given
    here) but not beyond its end, and with the SHA-256 of its bytes as `ETag`. `now` gives the time.
    """
    return _Serving(Path(folder), now, ttl, limits)


class _Body(NamedTuple):
    """A list as it was read: the version of the file, its bytes, and what they are."""

    version: _Version
    data: bytes
    etag: str
    modified: float
    description: Description


@dataclass(frozen=True, slots=True)
class _Serving:
    """The application."""

    folder: Path
    now: Callable[[], datetime]
    ttl: timedelta
    limits: Limits
    kept: OrderedDict[str, _Body] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def __call__(self, environment: WSGIEnvironment, start_response: StartResponse, /) -> Iterable[bytes]:
        status, headers, body = self._answer(environment)
        start_response(status, [*headers, *_COMMON])
        return [] if environment["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer(self, environment: WSGIEnvironment) -> _Answer:
        if environment["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return _error("405 Method Not Allowed", ("Allow", "GET, HEAD"))
        if any(each.partition("=")[0] == "time" for each in environment.get("QUERY_STRING", "").split("&")):
            return _error("501 Not Implemented")  # only the list of now is here (Token Status List, section 8.4)
        slash, name = environment.get("PATH_INFO", "")[:1], environment.get("PATH_INFO", "")[1:]
        try:
            found = self._read(name) if slash == "/" and FILE_NAME.fullmatch(name) else None
        except OSError:
            return _error("503 Service Unavailable", ("Retry-After", "10"))
        if found is None:
            return _error("404 Not Found", ("Cache-Control", "no-cache"))
        headers = [
            ("ETag", found.etag),
            ("Cache-Control", self._cache_control(found.description)),
            ("Last-Modified", _http_date(found.modified)),
        ]
        # The time in If-Modified-Since has whole seconds, in which two versions can follow each other, and the second
        # can hold a revocation: only the digest says that nothing is new.
        if _names(environment.get("HTTP_IF_NONE_MATCH", ""), found.etag):
            return "304 Not Modified", headers, b""
        content = [("Content-Type", found.description.media_type), ("Content-Length", str(len(found.data)))]
        return "200 OK", [*headers, *content], found.data

    def _cache_control(self, description: Description) -> str:
        ttl = self.ttl if description.ttl is None else description.ttl
        if description.valid_until is not None:
            ttl = min(ttl, description.valid_until - self.now())
        seconds = ttl // timedelta(seconds=1)
        return f"public, max-age={seconds}" if seconds > 0 else "no-cache"

    def _read(self, name: str) -> _Body | None:
        """The list of that name as it is now; None if there is none, or something else. Raises OSError."""
        try:
            with open(self.folder / name, "rb", opener=_open) as file:
                return self._body(name, file)
        except OSError as error:
            if error.errno in _NOT_A_FILE:
                return None
            raise

    def _body(self, name: str, file: BinaryIO) -> _Body | None:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode) or about.st_size > self.limits.document_bytes:
            return None
        version = (about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns)
        with self.lock:
            known = self.kept.get(name)
            if known is not None and known.version == version:
                self.kept.move_to_end(name)
                return known
        data = file.read()
        description = describe(data, limits=self.limits)
        if description is None:
            return None
        etag = f'"{hashlib.sha256(data).hexdigest()}"'
        return self._kept(name, _Body(version, data, etag, about.st_mtime, description))

    def _kept(self, name: str, body: _Body) -> _Body:
        with self.lock:
            self.kept[name] = body
            self.kept.move_to_end(name)
            while sum(len(each.data) for each in self.kept.values()) > _KEPT:
                self.kept.popitem(last=False)
        return body


def _open(path: str, flags: int) -> int:
    """Follows no link, and waits for nobody."""
    return os.open(path, flags | _NO_LINK)


def _error(status: str, *headers: tuple[str, str]) -> _Answer:
    text = status.encode() + b"\n"
    return status, [*headers, ("Content-Type", "text/plain"), ("Content-Length", str(len(text)))], text


def _names(condition: str, etag: str) -> bool:
    """Whether the value of If-None-Match names the entity tag (RFC 9110, section 13.1.2)."""
    tags = [each.strip().removeprefix("W/") for each in condition.split(",")]
    return etag in tags or tags == ["*"]


def _http_date(seconds: float) -> str:
    """An HTTP-date (RFC 9110, section 5.6.7), whatever the locale."""
    moment = datetime.fromtimestamp(int(seconds), UTC)
    return f"{_DAYS[moment.weekday()]}, {moment:%d} {_MONTHS[moment.month - 1]} {moment:%Y %H:%M:%S} GMT"

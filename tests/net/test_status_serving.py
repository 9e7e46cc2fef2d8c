"""Published lists over HTTP on this machine: what a verifier and its caches are told."""

from __future__ import annotations

import http.client
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import WSGIApplication
from wsgiref.validate import validator

import pytest

import did
from status.store import Store
from vc_core import VCCOSE, VCJWT, DataIntegrity, LocalSigner
from vc_core.status_lists import ListSecuring, check_list, seal_list, serving_application

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
HOST = "https://status.example/lists"
KEY = did.PrivateKey("Ed25519", bytes(range(32)))
ISSUER = did.did_key(KEY.public_key)
SIGNER = LocalSigner.of_did_key(KEY)
KINDS: dict[str, tuple[str, ListSecuring, str]] = {
    "embedded": ("bitstring", DataIntegrity(cryptosuite="eddsa-jcs-2022"), "application/vc"),
    "jwt": ("bitstring", VCJWT(), "application/vc+jwt"),
    "cose": ("bitstring", VCCOSE(), "application/vc+cose"),
    "ebsi": ("statuslist2021", DataIntegrity(cryptosuite="eddsa-jcs-2022"), "application/vc"),
    "token-jwt": ("token", "statuslist+jwt", "application/statuslist+jwt"),
    "token-cwt": ("token", "statuslist+cwt", "application/statuslist+cwt"),
}


@dataclass
class Published:
    """A folder with lists, and the clock of the application that serves it."""

    store: Store
    folder: Path
    now: datetime = NOON

    @cached_property
    def application(self) -> WSGIApplication:
        return serving_application(self.folder, now=lambda: self.now)

    def publish(self, name: str, *, at: datetime = NOON, lifetime: timedelta | None = timedelta(days=7)) -> Path:
        return self.store.publish(
            f"{HOST}/{name}",
            self.folder,
            seal=partial(seal_list, signer=SIGNER, securing=KINDS[name][1], lifetime=lifetime),
            check=partial(check_list, issuer=ISSUER, resolver=did.StaticResolver()),
            at=at,
        ).path

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """What the application answers over a real connection, one for each request."""
        with running(self) as port:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.putrequest(method, path, skip_accept_encoding=True)
            for header, value in headers.items():
                connection.putheader(header.replace("_", "-"), value)
            connection.endheaders()
            response = connection.getresponse()
            body = response.read()
            connection.close()
        return Answer(response.status, dict(response.getheaders()), body)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing is written on standard error."""


@contextmanager
def running(published: Published) -> Iterator[int]:
    """The port of a server with the application, which breaks if the application breaks the rules of WSGI."""
    server = make_server("127.0.0.1", 0, validator(published.application), server_class=WSGIServer, handler_class=Quiet)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    try:
        yield server.server_port
    finally:
        thread.join(10)
        server.server_close()


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Published]:
    """A store with a list of every kind, and an empty folder."""
    folder = tmp_path / "public"
    folder.mkdir()
    with Store.open(tmp_path / "store") as store:
        for name, (form, _, _) in KINDS.items():
            purposes = () if form == "token" else ("revocation",)
            ttl = None if form == "statuslist2021" else timedelta(minutes=15)
            store.create(f"{HOST}/{name}", format=form, purposes=purposes, ttl=ttl, actor="test", at=NOON)
        yield Published(store, folder)


@pytest.mark.parametrize("name", KINDS)
def test_a_list_of_every_kind_is_served_as_what_it_is(published: Published, name: str) -> None:
    data = published.publish(name).read_bytes()
    answer = published.get(f"/{name}")
    assert answer.status == 200
    assert answer.body == data
    assert answer.headers["Content-Type"] == KINDS[name][2]
    assert answer.headers["Content-Length"] == str(len(data))
    assert answer.headers["Cache-Control"] == f"public, max-age={300 if name == 'ebsi' else 900}"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert re.fullmatch(r'"[0-9a-f]{64}"', answer.headers["ETag"])


def test_head_has_the_headers_of_get_and_no_body(published: Published) -> None:
    published.publish("embedded")
    got, head = published.get("/embedded"), published.get("/embedded", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert {**head.headers, "Date": ""} == {**got.headers, "Date": ""}


def test_what_a_cache_has_is_not_sent_again(published: Published) -> None:
    published.publish("embedded")
    etag = published.get("/embedded").headers["ETag"]
    for condition in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = published.get("/embedded", If_None_Match=condition)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["ETag"] == etag
        assert answer.headers["Cache-Control"] == "public, max-age=900"
    assert published.get("/embedded", If_None_Match='"other"').status == 200


def test_a_new_version_is_served_at_once_also_within_the_same_second(published: Published) -> None:
    file = published.publish("embedded")
    os.utime(file, (NOON.timestamp(), NOON.timestamp()))
    first = published.get("/embedded")
    index = published.store.allocate(f"{HOST}/embedded", credential="urn:x", actor="test", at=NOON)
    published.store.set(f"{HOST}/embedded", index, 1, actor="test", reason="test", at=NOON)
    file = published.publish("embedded")
    os.utime(file, (NOON.timestamp(), NOON.timestamp()))
    again = published.get(
        "/embedded", If_None_Match=first.headers["ETag"], If_Modified_Since=first.headers["Last-Modified"]
    )
    assert again.status == 200
    assert again.body == file.read_bytes() != first.body
    only_time = published.get("/embedded", If_Modified_Since=first.headers["Last-Modified"])
    assert (only_time.status, only_time.body) == (200, again.body)
    assert again.headers["Last-Modified"] == first.headers["Last-Modified"] == "Sat, 31 Jan 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (timedelta(0), "public, max-age=900"),
        (timedelta(days=7) - timedelta(seconds=60), "public, max-age=60"),
        (timedelta(days=7) - timedelta(milliseconds=500), "no-cache"),
        (timedelta(days=9), "no-cache"),
    ],
)
@pytest.mark.parametrize("name", ["embedded", "token-jwt"])
def test_nothing_is_kept_beyond_its_end(published: Published, name: str, after: timedelta, said: str) -> None:
    published.publish(name)
    published.now = NOON + after
    answer = published.get(f"/{name}")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, said)


def test_a_list_without_an_end_is_kept_for_its_time_to_live(published: Published) -> None:
    published.publish("embedded", lifetime=None)
    published.now = NOON + timedelta(days=3660)
    assert published.get("/embedded").headers["Cache-Control"] == "public, max-age=900"


def test_nothing_but_lists_leaves_the_folder(published: Published, tmp_path: Path) -> None:
    data = published.publish("embedded").read_bytes()
    (tmp_path / "secret").write_bytes(data)
    (published.folder / "key.jwk").write_text('{"kty": "OKP", "d": "secret"}')
    (published.folder / "page.html").write_text("<html></html>")
    (published.folder / "empty").write_bytes(b"")
    (published.folder / ".embedded.2.draft").write_bytes(data)
    (published.folder / "sub").mkdir()
    (published.folder / "sub" / "list").write_bytes(data)
    (published.folder / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(published.folder / "pipe")
    paths = (
        *("/", "//", "/nothing", "/key.jwk", "/page.html", "/empty", "/.embedded.2.draft", "/sub", "/sub/list"),
        *("/link", "/pipe", "/../secret", "/..%2fsecret", "/%2e%2e/secret", "/./embedded", "/embedded/"),
        *("/embedded%00", "/embedded%0a", "/EMBEDDED/..", "/" + "a" * 5000, "/C:%5cwindows", "/sub%2flist"),
    )
    answers = {path: published.get(path) for path in paths}
    assert {path: answer.status for path, answer in answers.items() if answer.status != 404} == {}
    assert all(b"secret" not in answer.body for answer in answers.values())
    assert published.get("/embedded").body == data


def test_a_file_that_is_too_large_is_no_list(published: Published) -> None:
    with (published.folder / "huge").open("wb") as file:
        file.truncate(10 * 1024**3)
    assert published.get("/huge").status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_lists_are_only_read(published: Published, method: str) -> None:
    published.publish("embedded")
    answer = published.get("/embedded", method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_a_list_of_another_time_is_not_pretended(published: Published) -> None:
    published.publish("token-jwt")
    assert published.get("/token-jwt?time=1686925000").status == 501
    assert published.get("/token-jwt?times=1").status == 200


def test_a_folder_that_cannot_be_read_is_said_to_come_back(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    published.publish("embedded")
    application = serving_application(published.folder, now=lambda: NOON)
    said: list[str] = []

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    body = application(
        {"REQUEST_METHOD": "GET", "PATH_INFO": "/embedded"}, lambda status, _headers: said.append(status)
    )
    assert said == ["503 Service Unavailable"]
    assert list(body) == [b"503 Service Unavailable\n"]


def test_what_is_read_often_is_read_once_and_memory_is_bounded(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    import vc_core.status_lists.serving as module

    for name in ("embedded", "jwt"):
        published.publish(name)
    described: list[bytes] = []
    describe = module.describe

    def counted(data: bytes, **arguments: object) -> object:
        described.append(data)
        return describe(data, **arguments)

    monkeypatch.setattr(module, "describe", counted)
    application = serving_application(published.folder, now=lambda: NOON)

    def get(name: str) -> bytes:
        return b"".join(application({"REQUEST_METHOD": "GET", "PATH_INFO": f"/{name}"}, lambda *_: None))

    assert len({get("embedded") for _ in range(3)}) == 1
    assert len(described) == 1
    monkeypatch.setattr(module, "_KEPT", max(len(get(name)) for name in ("embedded", "jwt")))
    application = serving_application(published.folder, now=lambda: NOON)
    described.clear()
    for _ in range(3):
        get("embedded")
        get("jwt")
    assert len(described) >= 5

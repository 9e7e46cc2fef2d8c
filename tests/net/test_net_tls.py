"""A host proves its name with TLS 1.2 or later, or nothing is asked of it."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.net.loopback import Authority, Server, fetcher, ok
from vc_core.net import Fetcher, FetchError, trust
from vc_core.net.connection import proves_the_host, system_trust

DAY = timedelta(days=1)
Start = Callable[..., Server]


def old(authority: Authority, version: ssl.TLSVersion) -> ssl.SSLContext:
    """A server of that version of TLS, with whatever it needs to be spoken at all."""
    context = authority.server("host.test")
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    return context


def refusal(authority: Authority, server: Server, url: str = "https://host.test:{port}/") -> FetchError:
    fetch = fetcher(authority, {"host.test": server})
    with pytest.raises(FetchError) as caught:
        fetch(url.format(port=server.port), accept="*/*")
    assert caught.value.detail.isprintable()
    return caught.value


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_certified_host(authority: Authority, start: Start, version: ssl.TLSVersion) -> None:
    tls = authority.server("host.test")
    tls.minimum_version = tls.maximum_version = version
    server = start(ok(b'{"id": 1}'), tls=tls)
    url = f"https://host.test:{server.port}/did.json"
    response = fetcher(authority, {"host.test": server})(url, accept="application/did")
    assert response == (200, "application/json", b'{"id": 1}', url)
    assert f"Host: host.test:{server.port}\r\n".encode() in server.requests[0]


@pytest.mark.parametrize(
    ("certificate", "reason"),
    [
        (lambda authority: authority.server("host.test", begins=-2 * DAY, ends=-DAY), "expired"),
        (lambda authority: authority.server("host.test", begins=DAY, ends=2 * DAY), "not yet valid"),
        (lambda authority: authority.server("host.test", signed=False), "self-signed"),
        (lambda _: Authority().server("host.test"), "issuer"),
        (lambda authority: authority.server("other.test"), "mismatch"),
        (lambda authority: authority.server("*.host.test"), "mismatch"),
        (lambda authority: authority.server("127.0.0.1"), "mismatch"),
        (lambda authority: old(authority, ssl.TLSVersion.TLSv1_1), "version"),
        (lambda authority: old(authority, ssl.TLSVersion.TLSv1), "version"),
    ],
)
def test_a_host_that_does_not_prove_its_name(
    authority: Authority, start: Start, certificate: Callable[[Authority], ssl.SSLContext], reason: str
) -> None:
    server = start(tls=certificate(authority))
    error = refusal(authority, server)
    assert error.code == "TLS_ERROR"
    assert reason in error.detail.lower()
    assert server.accepted == 1  # it is not tried again
    assert server.requests == []


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_the_old_servers_of_these_tests_do_speak(authority: Authority, version: ssl.TLSVersion) -> None:
    client = authority.client()
    client.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        client.minimum_version = ssl.TLSVersion.TLSv1
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(to_client, to_server, server_hostname="host.test")
    theirs = old(authority, version).wrap_bio(to_server, to_client, server_side=True)
    for side in (ours, theirs, ours, theirs, ours):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    assert ours.version() == {ssl.TLSVersion.TLSv1: "TLSv1", ssl.TLSVersion.TLSv1_1: "TLSv1.1"}[version]


def test_a_host_of_the_system_s_authorities_is_not_ours(authority: Authority, start: Start) -> None:
    server = start()
    fetch = fetcher(authority, {"host.test": server}, tls=None)
    with pytest.raises(FetchError) as caught:
        fetch(f"https://host.test:{server.port}/", accept="*/*")
    assert caught.value.code == "TLS_ERROR"


@pytest.mark.parametrize("bare", [ok(), b"", b"\x15\x03\x01\x00\x02\x02\x28", b"SSH-2.0-x\r\n", bytes(100)])
def test_a_host_without_tls(authority: Authority, start: Start, bare: bytes) -> None:
    assert refusal(authority, start(bare, tls=None)).code in {"TLS_ERROR", "CONNECTION_ERROR"}


def test_http_is_not_asked(authority: Authority, start: Start) -> None:
    server = start(tls=None)
    assert refusal(authority, server, "http://host.test:{port}/").code == "BAD_URL"
    assert server.accepted == 0


def test_an_address_that_is_allowed_is_proven_as_well(authority: Authority, start: Start) -> None:
    for tls, outcome in ((authority.server("127.0.0.1"), "200"), (authority.server("host.test"), "TLS_ERROR")):
        server = start(tls=tls)
        fetch = fetcher(authority, {"127.0.0.1": server})
        try:
            found = str(fetch(f"https://127.0.0.1:{server.port}/", accept="*/*").status)
        except FetchError as error:
            found = error.code
        assert found == outcome


def lenient(authority: Authority, change: Callable[[ssl.SSLContext], None]) -> ssl.SSLContext:
    context = authority.client()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        change(context)
    return context


def no_name(context: ssl.SSLContext) -> None:
    context.check_hostname = False


def no_certificate(context: ssl.SSLContext) -> None:
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE


def optional(context: ssl.SSLContext) -> None:
    context.verify_mode = ssl.CERT_OPTIONAL


def old_version(context: ssl.SSLContext) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_1


def any_version(context: ssl.SSLContext) -> None:
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED


def any_end(context: ssl.SSLContext) -> None:
    context.options |= ssl.OP_IGNORE_UNEXPECTED_EOF


@pytest.mark.parametrize("change", [no_name, no_certificate, optional, old_version, any_version, any_end])
def test_a_context_that_does_not_check_is_refused(
    authority: Authority, change: Callable[[ssl.SSLContext], None]
) -> None:
    with pytest.raises(ValueError, match="prove"):
        Fetcher(tls=lenient(authority, change))


def test_the_default_context(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", f"{tmp_path}/keys")
    context = system_trust()
    assert proves_the_host(context)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.keylog_filename is None
    assert context.cert_store_stats()["x509_ca"] > 0


def test_trust_in_named_authorities_only(authority: Authority, start: Start) -> None:
    server = start(ok(b"1"))
    url = f"https://host.test:{server.port}/"
    tls = trust(authority.pem)
    assert proves_the_host(tls)
    assert len(tls.get_ca_certs()) == 1
    assert fetcher(authority, {"host.test": server}, tls=tls)(url, accept="*/*").body == b"1"
    with pytest.raises(FetchError) as caught:
        fetcher(authority, {"host.test": server}, tls=trust(Authority().pem))(url, accept="*/*")
    assert caught.value.code == "TLS_ERROR"


@pytest.mark.parametrize(
    "data", [b"", b"text", b"\xff", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_what_is_no_certificate_is_not_trusted(data: bytes) -> None:
    with pytest.raises(ValueError, match="certificate"):
        trust(data)

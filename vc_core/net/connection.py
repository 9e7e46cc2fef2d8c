"""A TLS connection to one address, every wait of which ends at a deadline."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from did.errors import plain
from vc_core.net.addresses import Address
from vc_core.net.deadline import Deadline
from vc_core.net.errors import FetchError
from vc_core.net.url import HttpsURL

_READ: Final = 64 * 1024


class Unanswered(Exception):
    """A connection failed before there was a byte of an answer, so that it is safe to ask again."""


def system_trust() -> ssl.SSLContext:
    """TLS 1.2 or later with the certification authorities that the operating system trusts.

    No variable of the environment makes it write the secrets of a connection to a file.
    """
    context = _no_trust()
    context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    return context


def trust(authorities: bytes) -> ssl.SSLContext:
    """The same with the authorities of these certificates (PEM) and no others. Raises `ValueError` if there is none."""
    context = _no_trust()
    try:
        context.load_verify_locations(cadata=authorities.decode("ascii"))
    except (ssl.SSLError, UnicodeDecodeError) as error:
        raise ValueError("these are no certificates in PEM") from error
    if not context.get_ca_certs():
        raise ValueError("there is no certificate of an authority in it")
    return context


def _no_trust() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF  # which some releases of Python set: an answer could be cut short
    context.set_alpn_protocols(["http/1.1"])
    return context


def proves_the_host(tls: ssl.SSLContext) -> bool:
    """Whether a context demands a certificate, the name of the host in it, TLS 1.2 or later, and a proper end."""
    return (
        tls.verify_mode is ssl.CERT_REQUIRED
        and tls.check_hostname
        and tls.minimum_version >= ssl.TLSVersion.TLSv1_2
        and not tls.options & ssl.OP_IGNORE_UNEXPECTED_EOF
    )


class Connection:
    """A connection on which one request is sent."""

    __slots__ = ("_answered", "_deadline", "_stream")

    def __init__(self, stream: ssl.SSLSocket, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline
        self._answered = False

    def send(self, data: bytes) -> None:
        """Send all of the data. Raises `Unanswered`, and `FetchError` with code TLS_ERROR or DEADLINE_EXCEEDED."""
        left = self._deadline.left()
        with _named_errors(self._deadline):
            self._stream.settimeout(left)
            self._stream.sendall(data)

    def receive(self) -> bytes:
        """What arrives next; nothing once the other side said that this is all.

        A connection that ends without a word is an error, so that an answer cannot be cut short by who is in between.
        Raises `Unanswered`, or `FetchError` with code CONNECTION_ERROR once there was a byte; and with code TLS_ERROR
        or DEADLINE_EXCEEDED.
        """
        left = self._deadline.left()
        try:
            with _named_errors(self._deadline):
                self._stream.settimeout(left)
                data = self._stream.recv(_READ)
        except Unanswered as error:
            if self._answered:
                raise FetchError("CONNECTION_ERROR", f"the connection broke within the answer: {error}") from error
            raise
        if not data and not self._answered:
            raise Unanswered("the host ended the connection without an answer")
        self._answered = True
        return data


@contextmanager
def connected(
    address: Address, url: HttpsURL, *, tls: ssl.SSLContext, seconds: float, deadline: Deadline
) -> Iterator[Connection]:
    """A connection to this address that is proven to lead to the host of the URL. It is closed at the end.

    Nothing is looked up: the address is the one that was checked. `seconds` are for TCP alone, since there may be other
    addresses to try. Raises `Unanswered`, and `FetchError` with code TLS_ERROR or DEADLINE_EXCEEDED.
    """
    with _socket(address) as plain:
        try:
            plain.settimeout(seconds)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # the request does not wait for an ACK
            plain.connect((str(address), url.port))
        except OSError as error:
            raise Unanswered(_reason(error)) from error
        left = deadline.left()
        with _named_errors(deadline):
            plain.settimeout(left)
            stream = tls.wrap_socket(plain, server_hostname=url.host, suppress_ragged_eofs=False)
        with stream:
            yield Connection(stream, deadline)


def _socket(address: Address) -> socket.socket:
    try:
        return socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET, socket.SOCK_STREAM)
    except OSError as error:
        raise Unanswered(_reason(error)) from error


_CUT_OFF: Final = "UNEXPECTED_EOF_WHILE_READING"
"""OpenSSL's word for it, of which some releases of Python make no error of its own."""


@contextmanager
def _named_errors(deadline: Deadline) -> Iterator[None]:
    """What TLS raises as an error of ours, where no `FetchError` is raised inside; a broken connection as `Unanswered`.

    The time is over when the socket says so: it was given all that was left.
    """
    try:
        yield
    except TimeoutError as error:
        raise deadline.exceeded() from error
    except ssl.SSLError as error:
        if isinstance(error, ssl.SSLEOFError) or error.reason == _CUT_OFF:
            raise Unanswered("it ended without a word") from error
        raise FetchError("TLS_ERROR", f"no TLS connection with the host: {_reason(error)}") from error
    except OSError as error:
        raise Unanswered(_reason(error)) from error


def _reason(error: OSError) -> str:
    """In a few words of the operating system or of OpenSSL."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return plain(error.verify_message, 128)
    if isinstance(error, ssl.SSLError):
        return plain(error.reason or "an error of TLS", 128)
    return plain(error.strerror or str(error), 128)

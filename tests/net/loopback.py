"""Hosts on this machine: a certification authority of our own, and servers that answer with the bytes they are told."""

from __future__ import annotations

import socket
import ssl
import struct
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from vc_core.net import Fetcher

DAY = timedelta(days=1)
ADDRESS = "127.0.0.1"
Stream = socket.socket
Answer = bytes | Callable[["Server", Stream], None]


def ok(body: bytes = b"{}", *headers: str, status: str = "200 OK") -> bytes:
    """A well-formed answer."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


class Authority:
    """A certification authority, and what it certifies."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Authority of the tests")
        self._certificate = _certificate(self._name, self._key, self._name, self._key)

    @property
    def pem(self) -> bytes:
        """The certificate of this authority."""
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    def client(self) -> ssl.SSLContext:
        """A context that trusts this authority and no other."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_verify_locations(cadata=self.pem.decode())
        return context

    def server(
        self, *names: str, begins: timedelta = -DAY, ends: timedelta = DAY, signed: bool = True
    ) -> ssl.SSLContext:
        """A context with a certificate for these names, valid for that time from now, self-signed if not `signed`."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(names[0])
        issuer, issuer_key = (self._name, self._key) if signed else (subject, key)
        certificate = _certificate(subject, key, issuer, issuer_key, names=names, begins=begins, ends=ends)
        pem = certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            chain = Path(folder, "chain.pem")
            chain.write_bytes(pem)
            context.load_cert_chain(chain)
        return context


class Server:
    """A host on a port of its own. Each connection is answered in a thread; leaving the `with` block ends them all.

    `answer` is sent once the head of a request has arrived, or, if it is a function, called with the server and the
    stream. Without `tls` it is called at once, with the bare connection.
    """

    def __init__(self, answer: Answer, *, tls: ssl.SSLContext | None) -> None:
        self.answer = answer
        self.requests: list[bytes] = []
        self.accepted = 0
        self.stopped = Event()
        self._tls = tls
        self._threads: list[Thread] = []
        self._listener = socket.create_server((ADDRESS, 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Nobody listens any more, and what is being answered ends as soon as it can."""
        self.stopped.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept
        self._threads[0].join(10)
        self._listener.close()
        for thread in list(self._threads):
            thread.join(10)

    def drip(self, stream: Stream, data: bytes, *, seconds: float) -> None:
        """Send the data byte by byte, with a pause before each, until the other side or the test is over."""
        for byte in data:
            if self.stopped.wait(seconds):
                return
            stream.sendall(bytes([byte]))

    def _start(self, target: Callable[..., None], *arguments: Any) -> None:
        self._threads[1:] = [thread for thread in self._threads[1:] if thread.is_alive()]
        thread = Thread(target=target, args=arguments, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _accept(self) -> None:
        while not self.stopped.is_set():
            try:
                bare, _ = self._listener.accept()
            except OSError:
                return
            if self.stopped.is_set():
                bare.close()
                return
            self.accepted += 1
            self._start(self._serve, bare)

    def _serve(self, bare: Stream) -> None:
        bare.settimeout(10)
        bare.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with bare, suppress(OSError):
            if self._tls is None:
                self._say(bare)
                return
            with self._tls.wrap_socket(bare, server_side=True) as stream:
                self.requests.append(_head(stream))
                self._say(stream)
                with suppress(OSError, ValueError):  # the latter from one that is closed
                    stream.unwrap()  # says that this is all

    def _say(self, stream: Stream) -> None:
        if isinstance(self.answer, bytes):
            stream.sendall(self.answer)
        else:
            self.answer(self, stream)


def reset(stream: Stream) -> None:
    """End the connection with a TCP reset."""
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    stream.close()


def _head(stream: Stream) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        data = stream.recv(65536)
        if not data:
            break
        head += data
    return head


def fetcher(authority: Authority, servers: Mapping[str, Server], **options: Any) -> Fetcher:
    """A fetcher that knows these hosts, each under its own name and port, and allows them; and no others."""

    def lookup(host: str) -> list[str]:
        if host in servers:
            return [ADDRESS]
        raise OSError("there is no such host in this test")

    allowances = {f"{host}:{server.port}": "loopback" for host, server in servers.items()}
    return Fetcher(**{"lookup": lookup, "allowances": allowances, "tls": authority.client()} | options)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    names: tuple[str, ...] = (),
    begins: timedelta = -DAY,
    ends: timedelta = DAY,
) -> x509.Certificate:
    """As RFC 5280 wants it; for an authority if it is for no name."""
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    builder = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
        .add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=bool(names), key_cert_sign=not names, crl_sign=not names, **usage),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if names:
        alternatives = [_alternative(name) for name in names]
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)

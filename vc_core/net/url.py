"""The URLs that are fetched: a part of RFC 3986 with one reading, so that what is checked is what is asked."""

from __future__ import annotations

import re
from collections.abc import Container
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import Final
from urllib.parse import urljoin

from did.errors import shown
from vc_core.net.errors import FetchError

HTTPS_PORT: Final = 443
_MAX_PORT: Final = 65535
_MAX_URL: Final = 2048
_MAX_HOST: Final = 253
_LABEL: Final = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}")
_NAME: Final = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z]){_LABEL}")
_ORIGIN: Final = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[^\[\]:%]+)(?::(?P<port>[1-9][0-9]{0,4}))?")
_CHARACTER: Final = r"[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2}"
_URL: Final = re.compile(
    rf"https://(?P<authority>[^/?#]*)(?P<target>(?:/(?:{_CHARACTER})*)?(?:\?(?:{_CHARACTER}|\?)*)?)"
)
_SCHEME: Final = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")
_DOTS: Final = re.compile(r"/(?:\.|%2[Ee]){1,2}(?=[/?]|$)")


@dataclass(frozen=True, slots=True)
class HttpsURL:
    """A place to ask: `host` as it is looked up and as the certificate has to name it, `port`, and `target`."""

    host: str
    port: int
    target: str
    """The path and the query as they were written, the path `/` if there was none."""

    @classmethod
    def parse(cls, text: str, *, allowed: Container[str] = ()) -> HttpsURL:
        """The URL of this text. Raises `FetchError` with code BAD_URL or HOST_NOT_ALLOWED.

        It is an https URL in printable ASCII, without user information, dot segments and a fragment. Its host is a
        domain name of at least two labels of letters, digits and hyphens, in any case; an internationalised name is
        written with A-labels (RFC 5890). The last label begins with a letter: no top-level domain does otherwise, and
        among the other texts are those that resolvers read as IP addresses. The port is 443.

        The hosts of which `host:port` is in `allowed`, in lower case and with the port always, are excepted: they may
        be any name or an IP address (RFC 3986, section 3.2.2).
        """
        match = _URL.fullmatch(text) if len(text) <= _MAX_URL and text.isascii() else None
        if match is None or _DOTS.search(match["target"].partition("?")[0]):
            raise FetchError("BAD_URL", f"not an https URL without a fragment and dot segments: {shown(text)}")
        authority = match["authority"].lower()
        if "@" in authority:
            raise FetchError("BAD_URL", "the URL has user information")  # which is not repeated: it may be a secret
        origin = _ORIGIN.fullmatch(authority)
        if origin is None:
            raise FetchError("BAD_URL", f"neither a host nor a host and a port: {shown(authority)}")
        host, port = origin["host"], int(origin["port"] or HTTPS_PORT)
        if f"{host}:{port}" not in allowed:
            if len(host) > _MAX_HOST or not _NAME.fullmatch(host):
                raise FetchError("HOST_NOT_ALLOWED", f"not a domain name: {shown(host)}")
            if port != HTTPS_PORT:
                raise FetchError("HOST_NOT_ALLOWED", f"the port of {shown(host)} is not {HTTPS_PORT} but {port}")
        target = match["target"]
        return cls(host.strip("[]"), port, target if target.startswith("/") else f"/{target}")

    @property
    def origin(self) -> str:
        """The host and the port, the latter always; an IPv6 address stands in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def authority(self) -> str:
        """The host, and the port if it is not 443."""
        return self.origin.removesuffix(f":{HTTPS_PORT}")

    def __str__(self) -> str:
        return f"https://{self.authority}{self.target}"

    def joined(self, reference: str) -> str:
        """The text of a URL, not checked yet, that a reference in an answer from here means (RFC 3986, section 5.2)."""
        try:
            return reference if _SCHEME.match(reference) else urljoin(str(self), reference)
        except ValueError as error:
            raise FetchError("BAD_URL", f"not a reference: {shown(reference)}") from error


def is_origin(text: str) -> bool:
    """Whether the text is a host and a port as `HttpsURL.origin` has them; any name or IP address may be the host."""
    match = _ORIGIN.fullmatch(text)
    if match is None or match["port"] is None or int(match["port"]) > _MAX_PORT:
        return False
    host = match["host"]
    if not host.startswith("["):
        return len(host) <= _MAX_HOST and _HOST.fullmatch(host) is not None
    with suppress(ValueError):
        return str(IPv6Address(host[1:-1])) == host[1:-1]
    return False

"""A relative reference below the endpoint of a service (RFC 3986, section 5; DID Resolution 1.0, section 13.7.1)."""

from __future__ import annotations

import re
from typing import Final

from did.errors import InvalidDID, InvalidDIDDocument, shown
from did.percent import percent_decoded
from did.url import run

_URL: Final = re.compile(
    r"(?P<root>[A-Za-z][A-Za-z0-9+.-]*+:(?://[^/?#]++)?)(?P<path>[^?#]*+)(?P<query>\?[^#]*+)?(?P<fragment>\#.*+)?"
)
_REFERENCE: Final = re.compile(r"(?P<path>[^?#]*+)(?P<query>\?[^#]*+)?(?P<fragment>\#.*+)?")
_CHARACTERS: Final = re.compile(run(r"A-Za-z0-9._~!$&'()*+,;=:@/?#\[\]-"))
_LAYERS: Final = 4
"""How often something may be percent-encoded: nobody has a use for more."""


def below(endpoint: str, reference: str | None, fragment: str | None) -> str:
    """The URL of `reference` at the URL `endpoint`, with `fragment`; None is for a part that there is not.

    What RFC 3986 makes of a reference is the answer where it is the endpoint or lies below it. Where it does not, the
    path of the reference is appended to that of the endpoint, as in the example of DID Resolution 1.0, section 5.5.2.
    So no answer lies beside the endpoint, and dot segments are refused in whatever encoding.

    Raises `InvalidDIDDocument` if `endpoint` is not a URL, and `InvalidDID` with the code INVALID_DID_URL for a
    reference with a scheme or an authority, or one that leads out, or if there would be two fragments.
    """
    base = _URL.fullmatch(endpoint) if _CHARACTERS.fullmatch(endpoint) else None
    if base is None:
        raise InvalidDIDDocument(f"the endpoint of a service, {shown(endpoint, 256)}, is not a URL")
    path, query, ends = base["path"], base["query"], [base["fragment"] or ""]
    if reference is not None:
        relative = _REFERENCE.fullmatch(reference) if _CHARACTERS.fullmatch(reference) else None
        first = reference.partition("/")[0].partition("?")[0].partition("#")[0]
        if relative is None or reference.startswith("//") or ":" in first:
            raise _invalid(f"{shown(reference, 256)} is not a relative reference without an authority")
        if "://" not in base["root"] and reference:
            raise _invalid(f"there is nothing below the endpoint {shown(endpoint, 256)}")
        query = relative["query"] or (None if relative["path"] else query)
        path, ends = _joined(path, relative["path"]), [relative["fragment"] or ""]
        _check_path(path)
    if fragment is not None:
        ends.append(f"#{fragment}")
    if len([end for end in ends if end]) > 1:
        raise _invalid("the URL of the endpoint, or the reference, has a fragment of its own")
    return base["root"] + path + (query or "") + "".join(ends)


def _joined(base: str, path: str) -> str:
    """The path of a reference with `path`, below the path `base`."""
    if not path:
        return base
    folder = base.rstrip("/") + "/"
    resolved = path if path.startswith("/") else base[: base.rfind("/") + 1] + path
    if not base or resolved == base or resolved.startswith(folder):
        return resolved if resolved.startswith("/") else f"/{resolved}"
    return folder + path.removeprefix("/")


def _check_path(path: str) -> None:
    """Returns if nobody who decodes the path, once or more often, finds dot segments or something unprintable in it."""
    text, decoded = path, percent_decoded(path)
    for _ in range(_LAYERS):
        if decoded is None or decoded == text:
            break
        text, decoded = decoded, percent_decoded(decoded)
    if decoded != text:
        raise _invalid(f"the path {shown(path, 256)} is not UTF-8, or percent-encoded many times over")
    segments = text.replace("\\", "/").split("/")
    if not {".", ".."}.isdisjoint(segments) or "\\" in text or any(each < " " or each == "\x7f" for each in text):
        raise _invalid(f"the path {shown(path, 256)} leads out of the endpoint, or may be read so")


def _invalid(detail: str) -> InvalidDID:
    return InvalidDID(detail, code="INVALID_DID_URL")

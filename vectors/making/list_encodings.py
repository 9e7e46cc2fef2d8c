"""How the list in a list credential is encoded: the texts that are refused, and those of Status List 2021."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import V1, Claims, accepting, secure
from vectors.making.signing import decoded, encoded
from vectors.making.status import entry
from vectors.making.status_lists import BAD, SEVENTH, as_jwt_vc, case, list_claims

_SHORT: Final = "uH4sIAAAAAAACA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAICzAQmvhYr_PwAA"
"""131,064 bits."""
_LONG: Final = "uH4sIAAAAAAACA-3BAQEAAACAkP6v7ggKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABim_B8BAIAAAA"
"""262,144 bits."""
_EMPTY: Final = bytes.fromhex("1f8b080000000000000303000000000000000000")
"""No bits at all, compressed."""
_2021: Final = "H4sIAAAAAAAAE+3CMREAAAgAobd/aW3hAkdTFwAAAAAAAAAAAAAAAAAAAHi0N5xmiABAAAA"
"""131,072 bits, of which 15 and 39 are set, as EBSI publishes it."""


def cases() -> Iterator[Case]:
    """The cases about encoded lists."""
    yield from _encodings()
    yield from _earlier()


def _encodings() -> Iterator[Case]:
    malformed, list_bytes = "MALFORMED_VALUE_ERROR", decoded(SEVENTH[1:].encode())
    wrong: dict[str, tuple[str, Any, str]] = {
        "absent": ("there is no encodedList", None, BAD),
        "number": ("encodedList is a number", 7, BAD),
        "no-multibase": ("encodedList has no multibase header", SEVENTH[1:], malformed),
        "other-multibase": ("encodedList has another multibase header", "z" + SEVENTH[1:], malformed),
        "padded": ("encodedList is padded", SEVENTH + "=", malformed),
        "plain": ("encodedList is in the alphabet of base64", SEVENTH.replace("-", "+").replace("_", "/"), malformed),
        "cut": ("encodedList is cut off", SEVENTH[:-8], malformed),
        "longer": ("bytes follow the list", _text(list_bytes + bytes(3)), malformed),
        "twice": ("two lists follow each other", _text(list_bytes * 2), malformed),
        "empty-first": ("an empty list comes before the list", _text(_EMPTY + list_bytes), malformed),
        "zlib": ("encodedList is compressed as in Token Status Lists", "ueNrbuRgAAhcBXQ", malformed),
        "raw": ("encodedList is not compressed", "u" + "AAAA" * 8, malformed),
    }
    for name, (title, value, code) in wrong.items():
        yield case(f"encoded-{name}", title, secure(list_claims({"encodedList": value})), code)
    short = secure(list_claims({"encodedList": _SHORT}))
    yield case("short", "the list has eight bits fewer than 131,072", short, "STATUS_LIST_LENGTH_ERROR")
    long = secure(list_claims({"encodedList": _LONG}))
    yield case("long", "the list has 262,144 bits", long)
    within, over = (accepting(limits={"statusListBytes": size}) for size in (32_768, 32_767))
    yield case("long-within-limit", "the list is as long as the limit", long, policy=within)
    yield case("long-over-limit", "the list is longer than the limit", long, malformed, policy=over)


def _text(compressed: bytes) -> str:
    return "u" + encoded(compressed).decode()


def _earlier() -> Iterator[Case]:
    """Status List 2021, which EBSI uses."""

    def listed(listing: str, **members: Any) -> bytes:
        subject = {"type": "StatusList2021", "encodedList": listing}
        types = ["VerifiableCredential", "StatusList2021Credential"]
        claims = list_claims(subject, type=types, validFrom=None, issuanceDate="2026-01-15T09:30:00Z")
        return as_jwt_vc(claims | {"@context": [V1, "https://w3id.org/vc/status-list/2021/v1"]} | members)

    def of(index: int, **members: Any) -> Claims:
        return entry(type="StatusList2021Entry", statusListIndex=str(index), **members)

    url_safe = _2021.replace("+", "-").replace("/", "_")
    for name, listing in (("base64", _2021), ("base64url", url_safe), ("padded", _2021 + "=")):
        yield case(f"2021-{name}-set", f"Status List 2021 in {name}, bit 15", listed(listing), "REVOKED", status=of(15))
        yield case(f"2021-{name}-clear", f"Status List 2021 in {name}, bit 16", listed(listing), status=of(16))
    mixed = _2021.replace("+", "-", 1)
    yield case("2021-mixed", "Status List 2021 in two alphabets", listed(mixed), "MALFORMED_VALUE_ERROR", status=of(15))
    yield case("2021-other-entry", "an entry of the other type points to it", listed(_2021), BAD)
    bitstring = secure(list_claims())
    yield case("2021-entry", "an entry of it points to a list of the other type", bitstring, BAD, status=of(7))
    yield case(
        "2021-multibase",
        "Status List 2021 with a multibase header",
        listed(SEVENTH),
        "MALFORMED_VALUE_ERROR",
        status=of(7),
    )

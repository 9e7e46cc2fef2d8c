"""Digests and disclosures of SD-JWTs that are not what they have to be, and claims that may not be hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import Claims, accepting
from vectors.making.disclosures import ISSUER, TYPE, digest, disclosure, of_text, salt, sd_jwt, slot, vc
from vectors.making.keys import private_key
from vectors.making.signing import encoded, header, seconds

_DISCLOSURE: Final = "DISCLOSURE_ERROR"
_PARSING: Final = "PARSING_ERROR"
_PROCESSING: Final = "RFC 9901, section 7.1"

_TITLE: Final = disclosure("title", "Datu ētika")
_CREDITS: Final = disclosure("credits", 3)
_FIRST: Final = disclosure("Atpazīst datus")
_OUTER: Final = disclosure("achievement", {"_sd": [digest(_TITLE)], "credits": 3})
_HOLDER: Final = {"jwk": private_key("holder", "Ed25519").public_key.jwk}


def cases() -> Iterator[Case]:
    """The cases about digests and disclosures."""
    yield from _digests()
    yield from _disclosures()
    yield from _texts()
    yield from _hash_algorithms()
    yield from _never_hidden()


def _case(name: str, title: str, document: bytes, *codes: str, **members: Any) -> Case:
    members = {"policy": accepting(), "reference": _PROCESSING, "covers": {"envelope": "dc+sd-jwt"}} | members
    return Case(spec="sd-jwt", name=name, title=title, document=document, codes=codes, **members)


def _digests() -> Iterator[Case]:
    """Digests that stand twice or in no form of their own, and disclosures that belong to none."""
    hidden = [digest(_TITLE)]
    twice: dict[str, tuple[str, Claims, list[str]]] = {
        "unreferenced": ("a disclosure has no digest in the token", {"_sd": hidden}, [_TITLE, _CREDITS]),
        "unreferenced-only": ("there are no digests, and one disclosure", {}, [_TITLE]),
        "unreferenced-parent": (
            "the object that a disclosure belongs in is held back",
            {"_sd": [digest(_OUTER)]},
            [_TITLE],
        ),
        "disclosure-twice": ("a disclosure stands twice", {"_sd": hidden}, [_TITLE, _TITLE]),
        "twice-in-one-list": ("a digest stands twice in a list", {"_sd": hidden * 2}, [_TITLE]),
        "twice-in-two-objects": ("a digest stands in two objects", {"_sd": hidden, "x": {"_sd": hidden}}, [_TITLE]),
        "twice-in-an-array": ("a digest stands twice in an array", {"x": [slot(_FIRST), slot(_FIRST)]}, [_FIRST]),
        "list-and-array": ("a digest stands in a list and in an array", {"_sd": hidden, "x": [slot(_TITLE)]}, [_TITLE]),
        "twice-in-a-disclosure": (
            "a digest stands in the payload and in a disclosure",
            {"_sd": [digest(_OUTER), *hidden]},
            [_OUTER, _TITLE],
        ),
        "twice-of-nothing": ("a digest of what is not disclosed stands twice", {"_sd": hidden * 2}, []),
    }
    for name, (title, members, disclosed) in twice.items():
        yield _case(f"digest-{name}", title, sd_jwt(vc(**members), *disclosed), _DISCLOSURE)
    wrong: dict[str, tuple[str, Claims, list[str]]] = {
        "list-text": ("_sd is a text", {"_sd": digest(_TITLE)}, [_TITLE]),
        "list-null": ("_sd is null", {"_sd": None}, []),
        "list-number": ("_sd holds a number", {"_sd": [7]}, []),
        "slot-number": ("an element of an array holds a number for a digest", {"x": [{"...": 7}]}, []),
        "slot-with-more": (
            "an element of an array holds more than a digest",
            {"x": [slot(_FIRST) | {"y": 1}]},
            [_FIRST],
        ),
        "slot-outside": ("what stands for an element of an array stands in no array", {"x": slot(_FIRST)}, [_FIRST]),
    }
    for name, (title, members, disclosed) in wrong.items():
        yield _case(
            f"digest-{name}", title, sd_jwt(vc(**members), *disclosed), _DISCLOSURE, reference="RFC 9901, section 4.2.4"
        )


def _disclosures() -> Iterator[Case]:
    """Disclosures that are not what their place demands."""

    def member(name: str, title: str, *content: object) -> Case:
        text = disclosure(*content)
        return _case(f"disclosure-{name}", title, sd_jwt(vc(_sd=[digest(text)]), text), _DISCLOSURE)

    yield member("named-sd", "the name is _sd", "_sd", [digest(_TITLE)])
    yield member("named-dots", "the name is ...", "...", digest(_FIRST))
    yield member("named-sd-alg", "the name is _sd_alg", "_sd_alg", "sha-256")
    yield member("of-element", "an element of an array in the place of a member", "Atpazīst datus")
    yield member("four", "four elements", "title", "Datu ētika", "more")
    yield member("one", "nothing but a salt")
    yield member("name-number", "the name is a number", 7, "Datu ētika")
    present = sd_jwt(vc(title="Doktora grāds", _sd=[digest(_TITLE)]), _TITLE)
    yield _case("disclosure-present", "a claim of the name is there already", present, _DISCLOSURE)
    other = disclosure("title", "Doktora grāds")
    both = vc(_sd=[digest(_TITLE), digest(other)])
    yield _case("disclosure-same-name", "two disclosures have one name", sd_jwt(both, _TITLE, other), _DISCLOSURE)
    in_array = vc(x=[slot(_TITLE)])
    yield _case(
        "disclosure-of-member", "a member in the place of an element of an array", sd_jwt(in_array, _TITLE), _DISCLOSURE
    )
    inner = disclosure("_sd", [])
    outer = disclosure("achievement", {"_sd": [digest(inner)]})
    nested = sd_jwt(vc(_sd=[digest(outer)]), outer, inner)
    yield _case("disclosure-named-sd-nested", "in a disclosed object, the name of a member is _sd", nested, _DISCLOSURE)
    object_ = of_text('{"0":"salt","1":"title","2":"Datu ētika"}')
    yield _case(
        "disclosure-object", "an object in place of an array", sd_jwt(vc(_sd=[digest(object_)]), object_), _DISCLOSURE
    )


def _texts() -> Iterator[Case]:
    """Texts of disclosures that careless readers decode. Each has its digest in the token."""

    def garbled(name: str, title: str, disclosed: str) -> Case:
        token = sd_jwt(vc(_sd=[digest(disclosed)]), disclosed)
        return _case(f"text-{name}", title, token, _PARSING, reference="RFC 9901, section 4.2.1")

    salted = f'["{salt("title")}","title",'
    yield garbled("member-twice", "a member of the value stands twice", of_text(salted + '{"a":1,"a":2}]'))
    yield garbled("nan", "the value is NaN", of_text(salted + "NaN]"))
    yield garbled("no-json", "it is no JSON", of_text(salted))
    yield garbled("surrogate", "the value is half of a character", of_text(salted + '"\\ud83d"]'))
    yield garbled("empty", "it is empty", "")
    padded = next(each for each in (_TITLE, _CREDITS, _FIRST) if len(each) % 4)
    yield garbled("padded", "it has padding", padded + "=" * (-len(padded) % 4))
    last = {"A": "B", "Q": "R", "g": "h", "w": "x"}
    yield garbled(
        "spare-bits",
        "it has a bit set that belongs to no byte",
        padded[:-1] + last.get(padded[-1], chr(ord(padded[-1]) + 1)),
    )
    yield garbled("line-break", "it has a line break", f"{_TITLE[:8]}\n{_TITLE[8:]}")
    utf_16 = encoded((salted + "1]").encode("utf-16")).decode()
    yield garbled("utf-16", "it is in UTF-16", utf_16)


def _hash_algorithms() -> Iterator[Case]:
    reference = "RFC 9901, section 4.1.1"
    for name in ("sha-256", "sha-384", "sha-512"):
        payload = vc(_sd=[digest(_TITLE, name.replace("-", ""))], _sd_alg=name)
        yield _case(f"hash-{name}", f"the digests are by {name}", sd_jwt(payload, _TITLE), reference=reference)
    for name, title, value in (
        ("truncated", "sha-256-32", "sha-256-32"),
        ("md5", "md5", "md5"),
        ("case", "SHA-256", "SHA-256"),
        ("number", "a number", 256),
        ("null", "null", None),
    ):
        payload = vc(_sd=[digest(_TITLE)], _sd_alg=value)
        yield _case(f"hash-{name}", f"_sd_alg is {title}", sd_jwt(payload, _TITLE), _DISCLOSURE, reference=reference)
    mixed = vc(_sd=[digest(_TITLE, "sha384")])
    yield _case(
        "hash-another",
        "a digest is by another function than _sd_alg says",
        sd_jwt(mixed, _TITLE),
        _DISCLOSURE,
        reference=reference,
    )
    nested = vc(_sd=[digest(_TITLE)], achievement={"_sd_alg": "sha-256"})
    yield _case(
        "hash-nested",
        "_sd_alg stands in an object of the payload",
        sd_jwt(nested, _TITLE),
        _DISCLOSURE,
        reference=reference,
    )


def _never_hidden() -> Iterator[Case]:
    """Claims that decide whether a credential counts."""
    reference = "RFC 9901, section 9.7; SD-JWT VC, section 2.2.2.2"
    values = {
        "iss": ISSUER,
        "nbf": seconds("2026-01-15T09:30:00Z"),
        "exp": seconds("2029-01-15T09:30:00Z"),
        "aud": "https://verifier.example",
        "vct": TYPE,
        "cnf": _HOLDER,
        "status": {"status_list": {"idx": 7, "uri": "https://status.example/lists/1"}},
    }
    for name, value in values.items():
        text = disclosure(name, value)
        payload = {key: each for key, each in vc(_sd=[digest(text)]).items() if key != name}
        head = header("dc+sd-jwt")
        yield _case(
            f"hidden-{name}",
            f"{name} comes out of a disclosure",
            sd_jwt(payload, text, head=head),
            _DISCLOSURE,
            reference=reference,
        )
    partly = disclosure("jwk", _HOLDER["jwk"])
    yield _case(
        "hidden-in-cnf",
        "a part of cnf comes out of a disclosure",
        sd_jwt(vc(cnf={"_sd": [digest(partly)]}), partly),
        _DISCLOSURE,
        reference=reference,
    )
    over = disclosure("validUntil", "2020-01-01T00:00:00Z")
    yield _case(
        "hidden-unregistered",
        "a claim of another name says that it is over, which means nothing here",
        sd_jwt(vc(_sd=[digest(over)]), over),
    )

"""The pinned contexts, and sets of contexts."""

from __future__ import annotations

import hashlib
import json
import pickle
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

from vc_core.canonical import contexts as module
from vc_core.canonical.contexts import PINNED, Contexts
from vc_core.errors import LimitExceeded, ParsingError, ProofTransformationError

V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
ELM = "http://data.europa.eu/snb/model/context/edc-ap"
OWN = "https://terms.example/own/v1"
OWN_BYTES = b'{"@context": {"own": "https://terms.example/own#own"}}'

MANIFEST = json.loads(resources.files("vc_core.canonical.contexts").joinpath("manifest.json").read_bytes())
FILES = {url: entry for url, entry in MANIFEST.items() if "file" in entry}


@pytest.mark.parametrize("url", FILES)
def test_a_pinned_context_is_the_one_of_the_manifest(url: str) -> None:
    assert url in PINNED
    assert isinstance(PINNED[url]["@context"], dict | list)
    assert PINNED.sha256(url) == FILES[url]["sha256"]


def test_the_manifest_says_where_each_file_is_from() -> None:
    for entry in FILES.values():
        assert entry["package"].startswith(("npm:", "pypi:"))
        assert entry["version"][0].isdigit()
        assert entry["path"]
        assert entry["licence"] in {"W3C-20150513", "BSD-3-Clause", "MIT"}
    assert len(FILES) == 25
    names = {entry["file"] for entry in FILES.values()}
    folder = resources.files("vc_core.canonical.contexts")
    assert names == {file.name for file in folder.iterdir() if file.name.endswith(".jsonld")}


def test_pinned_contexts_say_what_their_publishers_say(conformance: Path) -> None:
    index = json.loads((conformance / "contexts" / "index.json").read_bytes())
    compared = 0
    for url, entry in FILES.items():
        published = (conformance / "contexts" / index[url]["file"]).read_bytes()
        assert PINNED[url] == json.loads(published), url
        if "publishedSha256" in entry:
            assert hashlib.sha256(published).hexdigest() == entry["publishedSha256"], url
            compared += 1
    assert compared == 5


@pytest.mark.parametrize(
    "url",
    [
        "http://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/V2",
        "HTTPS://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/v2/",
        "https://www.w3.org/ns/credentials/v2#",
        "https://www.w3.org/ns/credentials/v2?",
        "https://www.w3.org/ns/credentials/./v2",
        "https://www.w3.org/ns/credentials/x/../v2",
        "https://www.w3.org:443/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/%76%32",
        " https://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/v2\n",
        "credentials-v2.jsonld",
        "file:///etc/passwd",
        "data:application/ld+json,{}",
        "http://127.0.0.1/",
        "https://w3id.org/security/data-integrity/v2/../v1",
        "",
    ],
)
def test_only_the_exact_url_is_known(url: str) -> None:
    assert url not in PINNED
    with pytest.raises(ProofTransformationError, match="not known") as caught:
        PINNED[url]
    assert (caught.value.code, caught.value.missing) == ("UNKNOWN_CONTEXT", None)


def test_something_else_than_a_url_is_not_a_context() -> None:
    assert None not in PINNED
    assert {"@vocab": "https://x.example/"} not in PINNED


def test_a_context_that_is_known_by_name_only_has_to_be_supplied() -> None:
    assert ELM in PINNED
    assert ELM not in list(PINNED)
    for use in (lambda: PINNED[ELM], lambda: PINNED.sha256(ELM)):
        with pytest.raises(ProofTransformationError, match=f"--context {ELM}=FILE") as caught:
            use()
        assert (caught.value.code, caught.value.missing) == ("UNKNOWN_CONTEXT", ELM)
    supplied = PINNED | {ELM: OWN_BYTES}
    assert supplied[ELM] == json.loads(OWN_BYTES)


@pytest.mark.parametrize("position", [0, 1_000, -1])
def test_one_changed_byte_of_a_file_is_noticed(monkeypatch: pytest.MonkeyPatch, position: int) -> None:
    read = module._read

    def changed(name: str) -> bytes:
        data = bytearray(read(name))
        if name == "credentials-v2.jsonld":
            data[position] ^= 1
        return bytes(data)

    monkeypatch.setattr(module, "_read", changed)
    module._file.cache_clear()
    try:
        assert PINNED[V1]
        with pytest.raises(ProofTransformationError, match=r"credentials-v2\.jsonld .* was changed"):
            PINNED[V2]
    finally:
        module._file.cache_clear()


def test_an_added_context_is_known_and_the_set_before_stays_as_it_was() -> None:
    more = PINNED | {OWN: OWN_BYTES}
    assert OWN in more
    assert OWN not in PINNED
    assert list(more) == sorted([*PINNED, OWN])
    assert more.sha256(OWN) == hashlib.sha256(OWN_BYTES).hexdigest()
    again = more | {OWN + "/2": OWN_BYTES}
    assert OWN in again
    assert list(Contexts()) == []
    assert V2 not in Contexts() | {OWN: OWN_BYTES}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'"text"',
        b'"@context"',
        b'["@context"]',
        b'{"context": {}}',
        b'{"@context": {}, "@context": {}}',
        b'{"@context": {"a": NaN}}',
        b'\xef\xbb\xbf{"@context": {}}',
        b'{"@context": {"a": "\\ud800"}}',
        '{"@context": {}}'.encode("utf-16"),
        b'{"@context": {}} {}',
    ],
)
def test_what_is_no_context_cannot_be_added(data: bytes) -> None:
    with pytest.raises(ParsingError):
        PINNED | {OWN: data}


def test_a_context_that_is_nested_too_deep_cannot_be_added() -> None:
    with pytest.raises(LimitExceeded):
        PINNED | {OWN: b'{"@context": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"}


def test_a_pinned_context_cannot_be_replaced() -> None:
    with pytest.raises(ParsingError, match="cannot be replaced"):
        PINNED | {V2: OWN_BYTES}
    with pytest.raises(ParsingError, match="cannot be replaced"):
        (PINNED | {OWN: OWN_BYTES}) | {OWN: OWN_BYTES}


def test_a_context_is_given_as_bytes() -> None:
    for url, data in ((OWN, OWN_BYTES.decode()), (OWN, json.loads(OWN_BYTES)), (5, OWN_BYTES), (None, OWN_BYTES)):
        with pytest.raises(TypeError, match="its URL and its bytes"):
            PINNED | {url: data}  # type: ignore[dict-item]  (the mistake that is tested)


def test_the_document_belongs_to_the_caller() -> None:
    document = PINNED[V2]
    document["@context"] = {}
    assert PINNED[V2]["@context"] != {}


def test_contexts_are_immutable_values() -> None:
    more = PINNED | {OWN: OWN_BYTES}
    with pytest.raises(AttributeError):
        more._added = ()  # type: ignore[misc]  (the mistake that is tested)
    assert pickle.loads(pickle.dumps(more)) == more == PINNED | {OWN: bytes(OWN_BYTES)}
    assert hash(pickle.loads(pickle.dumps(PINNED))) == hash(PINNED)
    assert more != PINNED != Contexts()


def test_nothing_is_read_and_pyld_is_not_imported_before_use() -> None:
    program = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
import vc_core.canonical.contexts, vc_core.canonical.jsonld
assert not [name for name in opened if name.endswith(("manifest.json", ".jsonld"))], opened
assert "pyld" not in sys.modules
assert vc_core.canonical.contexts.PINNED["https://www.w3.org/ns/credentials/v2"]
assert [name for name in opened if name.endswith("credentials-v2.jsonld")]
assert not [name for name in opened if name.endswith("credentials-v1.jsonld")]
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_no_pinned_context_has_another_name_for_what_the_rules_look_for() -> None:
    """Each context alone, scoped ones included: an alias would hide a status or an expiry from the rules."""
    from vc_core.canonical.jsonld.terms import own_name_of

    aliases = []
    for url in PINNED:
        pending = [PINNED[url]["@context"]]
        while pending:
            context = pending.pop()
            if isinstance(context, list):
                pending += context
            for term, definition in context.items() if isinstance(context, dict) else ():
                iri = definition.get("@id") if isinstance(definition, dict) else definition
                if isinstance(iri, str) and own_name_of(iri) not in {"", term}:
                    aliases.append((url, term, iri))
                if isinstance(definition, dict):
                    pending.append(definition.get("@context"))
    assert aliases == []

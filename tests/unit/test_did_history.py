"""Documents over time, and evidence: what was answered once can be answered again, offline."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import did
from did.history import History
from vc_core import Evidence, ParsingError
from vc_core.canonical.jcs import canonicalize

WEB = "did:web:university.example"
OLD, NEW = (did.PrivateKey("Ed25519", bytes(range(first, first + 32))).public_key for first in (1, 2))
ROTATION = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def document(key: did.PublicKey | None = None, **members: Any) -> dict[str, Any]:
    if key is None:
        return {"id": WEB, **members}
    method = {"id": f"{WEB}#key-1", "type": "Multikey", "controller": WEB, "publicKeyMultibase": key.multikey}
    return {"id": WEB, "verificationMethod": [method], "assertionMethod": [method["id"]], **members}


def key_of(found: did.DIDDocument) -> did.PublicKey:
    return found.verification_method(f"{WEB}#key-1", relationship="assertionMethod").public_key


ROTATED = [
    {"document": document(OLD), "until": "2025-12-31T23:59:59Z"},
    {"document": document(NEW), "from": "2026-01-01T00:00:00Z"},
]


def test_a_key_that_was_replaced() -> None:
    """The document of the time before has the old key under the same name, and the present one has the new key."""
    resolver = did.StaticResolver({WEB: ROTATED})
    for before in (ROTATION - timedelta(days=365), ROTATION - SECOND, ROTATION - timedelta(microseconds=1)):
        assert key_of(resolver.resolve(WEB, at=before)) == OLD
    for after in (None, ROTATION, ROTATION + timedelta(days=365)):
        assert key_of(resolver.resolve(WEB, at=after)) == NEW


def test_a_document_by_itself_is_in_force_at_any_time() -> None:
    resolver = did.StaticResolver({WEB: document(OLD)})
    assert {id(resolver.resolve(WEB, at=at)) for at in (None, ROTATION, datetime.min.replace(tzinfo=UTC))} == {
        id(resolver.resolve(WEB))
    }


def names(entries: list[Any]) -> dict[str, Any]:
    """The name of the entry in force at each of some times."""
    history = History.read(
        [entry | {"document": document(name=str(number))} for number, entry in enumerate(entries)], WEB
    )
    found = {}
    for text in ("now", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"):
        try:
            found[text[:4]] = history.at(None if text == "now" else datetime.fromisoformat(text)).json["name"]
        except did.NotFound:
            found[text[:4]] = None
    return found


def test_what_is_not_known_is_said() -> None:
    history = History.read([], WEB)
    with pytest.raises(did.NotFound, match=f"'{WEB}' of 2026-01-01T00:00:00Z is not at hand"):
        history.at(ROTATION)
    with pytest.raises(did.NotFound, match=f"'{WEB}' is not at hand"):
        history.at(None)


def test_the_version_that_came_into_force_last_counts() -> None:
    assert names([{}, {}]) == {"now": "1", "2024": "1", "2025": "1", "2026": "1"}
    entries = [{"from": "2025-01-01T00:00:00Z"}, {}]
    assert names(entries) == {"now": "0", "2024": "1", "2025": "0", "2026": "0"}
    entries = [{"from": "2025-01-01T00:00:00Z", "until": "2025-01-01T00:00:00Z"}, {"from": "2025-06-01T00:00:00Z"}]
    assert names(entries) == {"now": "1", "2024": None, "2025": "0", "2026": "1"}
    assert names([{"until": "2025-01-01T00:00:00Z"}]) == {"now": None, "2024": "0", "2025": "0", "2026": None}
    assert names([]) == {"now": None, "2024": None, "2025": None, "2026": None}


@pytest.mark.parametrize(
    "value",
    [
        [document()],
        ["text"],
        [None],
        [{}],
        [{"document": document(), "error": {"code": "NOT_FOUND", "detail": "x"}}],
        [{"document": document(id="did:web:evil.example")}],
        [{"document": document(), "since": "2025-01-01T00:00:00Z"}],
        [{"document": document(), "from": "2025-01-01"}],
        [{"document": document(), "from": "2025-01-01T00:00:00"}],
        [{"document": document(), "from": "2025-01-01T00:00:00+00:00"}],
        [{"document": document(), "from": "2025-01-01T00:00:00.5Z"}],
        [{"document": document(), "from": "2025-02-30T00:00:00Z"}],
        [{"document": document(), "until": "2025-01-01T24:00:00Z"}],
        [{"document": document(), "until": 1735689600}],
        [{"document": document(), "source": 1}],
        [{"error": "NOT_FOUND"}],
        [{"error": {"code": "NOT_FOUND"}}],
        [{"error": {"code": "NOT_FOUND", "detail": "x", "more": 1}}],
        [{"error": {"code": "NOT_FOUND", "detail": "\x1b[31m"}}],
        "text",
        None,
    ],
)
def test_histories_of_another_form_are_refused(value: Any) -> None:
    with pytest.raises(did.InvalidDIDDocument) as caught:
        did.StaticResolver({WEB: value})
    assert caught.value.detail.isprintable()


def test_a_history_is_one_of_an_identifier() -> None:
    with pytest.raises(did.InvalidDID):
        did.StaticResolver({"university.example": []})


def test_a_time_has_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        did.StaticResolver({WEB: ROTATED}).resolve(WEB, at=datetime(2026, 1, 1))  # noqa: DTZ001  (is what is refused)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (did.NotFound, "NOT_FOUND"),
        (did.InvalidDID, "INVALID_DID"),
        (did.InvalidDIDDocument, "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"),
        (did.InvalidDIDDocument, "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"),
        (did.MethodNotSupported, "METHOD_NOT_SUPPORTED"),
        (did.Deactivated, "DEACTIVATED"),
        (did.FeatureNotSupported, "FEATURE_NOT_SUPPORTED"),
        (did.InvalidOptions, "INVALID_OPTIONS"),
        (did.DIDError, "SOMETHING_ELSE"),
    ],
)
def test_an_error_can_stand_in_the_place_of_a_document(kind: type[did.DIDError], code: str) -> None:
    resolver = did.StaticResolver({WEB: [{"error": {"code": code, "detail": "as it was"}}]})
    for at in (None, ROTATION):
        with pytest.raises(kind) as caught:
            resolver.resolve(WEB, at=at)
        assert (type(caught.value), caught.value.code, caught.value.detail) == (kind, code, "as it was")


class Source:
    """A resolver whose answers change, and can be an error."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, datetime | None]] = []
        self.answer: Any = document(OLD)

    def resolve(self, did_: str, *, at: datetime | None = None) -> did.DIDDocument:
        self.asked.append((did_, at))
        if isinstance(self.answer, did.DIDError):
            raise self.answer
        return did.DIDDocument.parse(self.answer, did_, source="https://university.example/.well-known/did.json")


NOW = datetime(2026, 2, 1, 12, 0, 0, 700_000, tzinfo=UTC)


def test_what_was_answered_once_is_answered_again() -> None:
    source = Source()
    recorder: did.Resolver = did.RecordingResolver(source, now=lambda: NOW)
    first = recorder.resolve(WEB)
    source.answer = document(NEW)
    assert recorder.resolve(WEB) is first
    assert key_of(recorder.resolve(WEB, at=NOW)) == NEW
    source.answer = did.NotFound("gone")
    assert recorder.resolve(WEB, at=NOW + timedelta(milliseconds=200)) is recorder.resolve(WEB, at=NOW)
    for _ in range(2):
        with pytest.raises(did.NotFound, match="gone"):
            recorder.resolve("did:web:other.example")
    assert source.asked == [(WEB, None), (WEB, NOW), ("did:web:other.example", None)]


def test_what_was_not_asked_is_asked_again() -> None:
    """Another failure is an answer, and stays one."""
    source = Source()
    recorder = did.RecordingResolver(source, now=lambda: NOW)
    for error in (did.NotAsked("too many at once"), did.NotAsked("too many at once"), did.Unavailable("down")):
        source.answer = error
        with pytest.raises(did.Unavailable, match=error.detail):
            recorder.resolve(WEB)
    source.answer = document(OLD)
    with pytest.raises(did.Unavailable, match="down"):
        recorder.resolve(WEB)
    assert len(source.asked) == 3
    assert [version["error"]["detail"] for version in recorder.recorded()[WEB]] == ["down"]


def test_what_was_recorded_gives_the_same_answers() -> None:
    source = Source()
    recorder = did.RecordingResolver(source, now=lambda: NOW)
    questions = [(WEB, ROTATION), (WEB, None), (WEB, NOW), ("did:web:a.example", None), ("did:web:b.example", ROTATION)]
    answers: list[Any] = [
        document(OLD),
        document(NEW),
        document(NEW, alsoKnownAs=["urn:x"]),
        did.Unavailable("'https://a.example' was not fetched: 'down'"),
        did.InvalidDIDDocument("another id", code="INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"),
    ]

    def outcome(resolver: did.Resolver, name: str, at: datetime | None) -> Any:
        try:
            found = resolver.resolve(name, at=at)
        except did.DIDError as error:
            return error.code, error.detail, isinstance(error, did.NotFound)
        return found.json, found.source

    given = []
    for question, answer in zip(questions, answers, strict=True):
        source.answer = answer
        given.append(outcome(recorder, *question))
    evidence = Evidence.read(Evidence(did_documents=recorder.recorded()).write())
    for now in (None, ROTATION - SECOND, NOW, NOW + timedelta(days=999)):
        replayed = evidence.resolver(now=now)
        assert [outcome(replayed, *question) for question in questions] == given
        for unknown in (("did:web:c.example", None), (WEB, ROTATION + SECOND), ("did:web:b.example", None)):
            with pytest.raises(did.NotFound):
                replayed.resolve(unknown[0], at=unknown[1])


def test_a_change_that_is_planned_comes_in_its_time() -> None:
    """The present of a history is the time of the verdict, also for a resolver of the network that has it pinned."""
    evidence = Evidence(did_documents={WEB: ROTATED})
    for now, key in ((ROTATION - SECOND, OLD), (ROTATION, NEW)):
        live = did.LiveResolver(_never, pinned=evidence.did_documents, now=now)
        for resolver in (evidence.resolver(now=now), live):
            assert key_of(resolver.resolve(WEB)) == key
    planned = [{"document": document(OLD)}, {"document": document(NEW), "from": "2030-01-01T00:00:00Z"}]
    assert key_of(did.StaticResolver({WEB: planned}, now=NOW).resolve(WEB)) == OLD
    over = [{"document": document(OLD), "from": "2020-01-01T00:00:00Z", "until": "2030-01-01T00:00:00Z"}]
    assert key_of(did.StaticResolver({WEB: over}, now=NOW).resolve(WEB)) == OLD
    for now in (datetime(2019, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC), None):
        with pytest.raises(did.NotFound):
            did.StaticResolver({WEB: over}, now=now).resolve(WEB)


def _never(url: str, *, accept: str) -> did.Response:
    raise AssertionError(url)


def test_what_a_record_says() -> None:
    source = Source()
    recorder = did.RecordingResolver(source, now=lambda: NOW)
    recorder.resolve(WEB, at=ROTATION)
    recorder.resolve(WEB)
    common = {
        "document": document(OLD),
        "source": "https://university.example/.well-known/did.json",
        "retrieved": "2026-02-01T12:00:00Z",
    }
    assert recorder.recorded() == {
        WEB: [
            {**common, "from": "2026-02-01T12:00:00Z"},
            {**common, "from": "2026-01-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"},
        ]
    }


def test_computed_documents_are_computed_again() -> None:
    recorder = did.RecordingResolver(did.StaticResolver(), now=lambda: NOW)
    for name in (did.did_key(OLD), did.did_jwk(OLD), did.did_key_jwk_jcs(did.PrivateKey.generate().public_key)):
        assert recorder.resolve(name) == did.resolve(name)
    assert recorder.recorded() == {}


def test_threads_get_one_answer() -> None:
    """Two that ask at the same time both ask on, and the first answer is that of both."""
    together = threading.Barrier(8)

    class Slow(Source):
        def resolve(self, did_: str, *, at: datetime | None = None) -> did.DIDDocument:
            together.wait(10)
            return super().resolve(did_, at=at)

    recorder = did.RecordingResolver(Slow(), now=lambda: NOW)
    found: list[did.DIDDocument] = []
    threads = [threading.Thread(target=lambda: found.append(recorder.resolve(WEB))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(found) == 8
    assert {id(each) for each in found} == {id(found[0])}


def test_the_file_of_evidence_has_digests_that_show_damage() -> None:
    file = Evidence(did_documents={WEB: ROTATED, "did:web:a.example": {"id": "did:web:a.example", "n": 1.50}}).write()
    tree = json.loads(file)
    [old, new] = tree["didDocuments"][WEB]
    assert [len(each["sha256"]) for each in (old, new)] == [64, 64]
    assert old["document"] == document(OLD)
    assert canonicalize(old["document"]) != canonicalize(new["document"])
    assert old["sha256"] != new["sha256"]
    read = Evidence.read(file)
    assert Evidence.read(read.write()) == read
    assert read.write() == file
    reordered = {**old, "document": dict(reversed(old["document"].items()))}
    tree["didDocuments"][WEB] = [reordered, new]
    assert Evidence.read(json.dumps(tree, indent=7).encode()).resolver().resolve(WEB).id == WEB
    for damaged in ({**old, "document": document(NEW)}, {**old, "sha256": "0" * 64}, {**old, "sha256": None}):
        tree["didDocuments"][WEB] = [damaged, new]
        with pytest.raises(ParsingError, match="sha256") as caught:
            Evidence.read(json.dumps(tree).encode())
        assert caught.value.at == "/didDocuments"


def test_a_digest_has_a_document() -> None:
    entry = {"error": {"code": "NOT_FOUND", "detail": "x"}}
    assert b"sha256" not in Evidence(did_documents={WEB: [dict(entry)]}).write()
    tree = {"didDocuments": {WEB: [{**entry, "sha256": "0" * 64}]}}
    with pytest.raises(ParsingError, match="sha256"):
        Evidence.read(json.dumps(tree).encode())


@pytest.mark.parametrize("value", [["text"], [[]], [None], "text", 1, None])
def test_the_file_of_evidence_has_documents_or_versions_of_them(value: Any) -> None:
    with pytest.raises(ParsingError) as caught:
        Evidence.read(json.dumps({"didDocuments": {WEB: value}}).encode())
    assert caught.value.at == "/didDocuments"


def test_resources_are_written_as_they_are() -> None:
    resources = {"https://a.example/text": "mācīšanās\r\n".encode(), "https://a.example/bytes": bytes(range(256))}
    evidence = Evidence(resources=resources)
    assert dict(Evidence.read(evidence.write()).resources) == resources
    with pytest.raises(ParsingError):
        Evidence(did_documents={WEB: {"id": WEB, "n": 2**53}}).write()

"""A presentation is for one verifier, for one occasion, and accepted once."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Container
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from vc_core import (
    DataIntegrity,
    MemoryNonces,
    Outcome,
    Policy,
    PresentationResult,
    SQLiteNonces,
    Verdict,
    VerificationError,
    present,
)
from vc_core.nonces import NoncesUnavailable
from vectors.making.credentials import Claims, text
from vectors.making.keys import signer_of
from vectors.making.tokens import (
    AUDIENCE,
    EMBEDDED,
    NONCE,
    NOW,
    PRESENTATION_KINDS,
    SD_JWT_KINDS,
    STRANGER,
    bound,
    claims_of,
    codes,
    credential,
    payload_of,
    presentation,
    rebound,
    resigned,
    verdict_on_presentation,
)

BOUND: Final = tuple(f"{kind} with key binding" for kind in SD_JWT_KINDS)
KINDS: Final = (*PRESENTATION_KINDS, *BOUND)
SECOND: Final = timedelta(seconds=1)
REPOSITORY: Final = Path(__file__).resolve().parent.parent.parent
SECONDS: Final = int(NOW.timestamp())


def presented(kind: str, **options: Any) -> bytes:
    """A presentation of one credential, by its holder."""
    if kind in BOUND:
        return bound(credential(kind.partition(" ")[0]), **options)
    return presentation(kind, [credential("vc+jwt")], **options)


def outcome(result: PresentationResult, name: str) -> tuple[Outcome, str]:
    [check] = [check for check in result.checks if check.check == name]
    return check.outcome, check.because


# It is for this occasion, and for this verifier


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_asked_for_is_accepted(kind: str) -> None:
    result = verdict_on_presentation(presented(kind))
    assert result.problems == ()
    assert result.verdict is Verdict.VERIFIED


OTHER_NONCES: Final = (NONCE + "x", NONCE[:-1], NONCE.swapcase(), NONCE + " ", "x" + NONCE, "another nonce")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("nonce", OTHER_NONCES)
def test_another_nonce(kind: str, nonce: str) -> None:
    """Longer, shorter, in other letters: only the very same text is the nonce."""
    assert codes(verdict_on_presentation(presented(kind, nonce=nonce))) == {"INVALID_CHALLENGE_ERROR"}
    assert codes(verdict_on_presentation(presented(kind), nonce=nonce)) == {"INVALID_CHALLENGE_ERROR"}


OTHER_AUDIENCES: Final = (
    *(AUDIENCE + "/", AUDIENCE + "x", AUDIENCE[:-1], AUDIENCE.swapcase(), AUDIENCE + " ", "https://else.example"),
    AUDIENCE.removeprefix("https://"),
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("audience", OTHER_AUDIENCES)
def test_another_audience(kind: str, audience: str) -> None:
    assert codes(verdict_on_presentation(presented(kind, audience=audience))) == {"INVALID_DOMAIN_ERROR"}
    assert codes(verdict_on_presentation(presented(kind), audience=frozenset({audience}))) == {"INVALID_DOMAIN_ERROR"}


def with_claims(kind: str, **claims: Any) -> bytes:
    """The presentation after these claims, None for none, were put in place and signed by the holder."""

    def change(payload: Claims) -> None:
        for name, value in claims.items():
            payload.pop(name)
            if value is not None:
                payload[name] = value

    if kind in BOUND:
        return rebound(presented(kind), change)
    return resigned(presented(kind), change, name="holder")


IN_JSON: Final = [kind for kind in KINDS if kind not in EMBEDDED and kind != "vp+cose"]
SHAPES: Final = (None, "", [], {}, True, 7, [""], [[NONCE]], {"nonce": NONCE})


@pytest.mark.parametrize("kind", IN_JSON)
def test_no_nonce_and_no_audience_in_a_token(kind: str) -> None:
    code = "KEY_BINDING_ERROR" if kind in BOUND else None
    for value in (*SHAPES, [NONCE], NONCE.encode().hex()):
        found = codes(verdict_on_presentation(with_claims(kind, nonce=value)))
        assert found <= {"INVALID_CHALLENGE_ERROR", code}, value
        assert found, value
    for value in (*SHAPES, [AUDIENCE, "https://else.example"], [AUDIENCE, AUDIENCE], [AUDIENCE, 7], [[AUDIENCE]]):
        found = codes(verdict_on_presentation(with_claims(kind, aud=value)))
        assert found <= {"INVALID_DOMAIN_ERROR", code}, value
        assert found, value


@pytest.mark.parametrize("kind", [kind for kind in IN_JSON if kind not in BOUND])
def test_audiences_are_compared_as_sets(kind: str) -> None:
    """One text, or a list of one: the same. All of several that are expected, in any order; and no others."""
    assert verdict_on_presentation(with_claims(kind, aud=[AUDIENCE]))
    two = with_claims(kind, aud=["https://else.example", AUDIENCE])
    assert verdict_on_presentation(two, audience=frozenset({AUDIENCE, "https://else.example"}))
    for expected in ({AUDIENCE}, {"https://else.example"}, {AUDIENCE, "https://else.example", "https://third.example"}):
        assert codes(verdict_on_presentation(two, audience=frozenset(expected))) == {"INVALID_DOMAIN_ERROR"}
    one = presented(kind)
    both = frozenset({AUDIENCE, "https://else.example"})
    assert codes(verdict_on_presentation(one, audience=both)) == {"INVALID_DOMAIN_ERROR"}


@pytest.mark.parametrize("kind", BOUND)
def test_a_key_binding_is_for_one_audience(kind: str) -> None:
    """It has room for one (RFC 9901, section 4.3), and is never for several that are expected together."""
    both = frozenset({AUDIENCE, "https://else.example"})
    assert codes(verdict_on_presentation(presented(kind), audience=both)) == {"INVALID_DOMAIN_ERROR"}
    for aud in ([AUDIENCE], [AUDIENCE, "https://else.example"]):
        for audience in (both, frozenset({AUDIENCE})):
            result = verdict_on_presentation(with_claims(kind, aud=aud), audience=audience)
            assert codes(result) & {"KEY_BINDING_ERROR", "INVALID_DOMAIN_ERROR"}


def embedded(kind: str, **options: Any) -> bytes:
    """A presentation with these options of its proof, instead of a challenge and a domain."""
    securing = DataIntegrity(cryptosuite=kind, proof_purpose="authentication", **options)
    return present([credential("vc+jwt")], signer=signer_of("holder", "Ed25519"), securing=securing, created=NOW)


@pytest.mark.parametrize("kind", EMBEDDED)
def test_no_challenge_and_no_domain_in_a_proof(kind: str) -> None:
    both = {"INVALID_CHALLENGE_ERROR", "INVALID_DOMAIN_ERROR"}
    assert codes(verdict_on_presentation(embedded(kind))) == both
    assert codes(verdict_on_presentation(embedded(kind, challenge=NONCE))) == {"INVALID_DOMAIN_ERROR"}
    assert codes(verdict_on_presentation(embedded(kind, domain=AUDIENCE))) == {"INVALID_CHALLENGE_ERROR"}
    more = embedded(kind, challenge=NONCE, domain=["https://else.example", AUDIENCE])
    assert codes(verdict_on_presentation(more)) == {"INVALID_DOMAIN_ERROR"}
    assert verdict_on_presentation(more, audience=frozenset({AUDIENCE, "https://else.example"}))
    assert verdict_on_presentation(embedded(kind, challenge=NONCE, domain=[AUDIENCE]))


@pytest.mark.parametrize("kind", EMBEDDED)
def test_a_challenge_or_domain_of_another_form(kind: str) -> None:
    """Signed or not: a proof with a challenge that is no text, or a domain that is no set of texts, is none."""
    document = json.loads(embedded(kind, challenge=NONCE, domain=AUDIENCE))
    for name, values in (
        ("challenge", ("", None, [NONCE], [], {}, 7, True)),
        ("domain", ("", None, [], [""], [AUDIENCE, AUDIENCE], [[AUDIENCE]], {}, 7)),
    ):
        for value in values:
            changed = {**document, "proof": {**document["proof"], name: value}}
            assert "PROOF_VERIFICATION_ERROR" in codes(verdict_on_presentation(text(changed))), (name, value)


@pytest.mark.parametrize("kind", EMBEDDED)
def test_every_proof_of_a_set_has_the_challenge(kind: str) -> None:
    """A proof without it, of an earlier occasion say, is not carried by another that has it."""
    first = json.loads(embedded(kind))
    second = json.loads(embedded(kind, challenge=NONCE, domain=AUDIENCE))
    for proofs in ([first["proof"], second["proof"]], [second["proof"], first["proof"]]):
        result = verdict_on_presentation(text({**second, "proof": proofs}))
        assert codes(result) == {"INVALID_CHALLENGE_ERROR", "INVALID_DOMAIN_ERROR"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_policy_does_not_expect_is_named(kind: str) -> None:
    result = verdict_on_presentation(presented(kind), nonce=None, audience=None, nonces=MemoryNonces())
    assert result.problems == ()
    assert outcome(result, "nonce") == (Outcome.NOT_CHECKED, "the policy expects no nonce")
    if kind not in BOUND:
        name = "challenge and domain" if kind in EMBEDDED else "nonce and audience"
        assert outcome(result, name)[0] is Outcome.NOT_CHECKED


# It is accepted once


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("make", [MemoryNonces, lambda: None])
def test_a_nonce_is_spent_once(kind: str, make: Callable[[], MemoryNonces | None]) -> None:
    store, data = make(), presented(kind)
    first, second = (verdict_on_presentation(data, nonces=store) for _ in range(2))
    assert first
    if store is None:
        assert second
        assert outcome(first, "nonce") == (Outcome.NOT_CHECKED, "no store of spent nonces was handed in")
        return
    assert codes(second) == {"NONCE_SPENT_ERROR"}
    assert second.verdict is Verdict.REJECTED
    with pytest.raises(VerificationError):
        _ = second.presentation
    assert second.holder is None
    assert all(second.of_credentials), "each of them is in order by itself"
    for each in second.of_credentials:
        with pytest.raises(VerificationError):
            _ = each.credential


def test_a_nonce_is_spent_whatever_it_comes_in() -> None:
    store = MemoryNonces()
    results = [verdict_on_presentation(presented(kind), nonces=store) for kind in KINDS]
    assert [bool(result) for result in results] == [True, *[False] * (len(KINDS) - 1)]
    assert verdict_on_presentation(presented("vp+jwt", nonce="another nonce"), nonce="another nonce", nonces=store)


def test_a_hundred_threads_present_the_same() -> None:
    store, data = MemoryNonces(), presented("vp+jwt")
    start, accepted = threading.Barrier(100), []

    def show() -> None:
        start.wait()
        if verdict_on_presentation(data, nonces=store):
            accepted.append(threading.get_ident())

    threads = [threading.Thread(target=show) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(accepted) == 1
    assert codes(verdict_on_presentation(data, nonces=store)) == {"NONCE_SPENT_ERROR"}


SHOW: Final = """
import sys
from vc_core import SQLiteNonces
from vectors.making.tokens import verdict_on_presentation
_, path, data = sys.argv
store = SQLiteNonces(path)
print(flush=True)
sys.stdin.readline()
print(sum(bool(verdict_on_presentation(data.encode(), nonces=store)) for _ in range(3)))
"""
"""A process that says when it is ready, waits, and then presents the same three times."""


def test_eight_processes_present_the_same(tmp_path: Path) -> None:
    """With one file. Afterwards it is still spent."""
    path, data = tmp_path / "nonces", presented("vp+jwt")
    SQLiteNonces(path)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SHOW, path, data.decode()],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(8)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    accepted = [int(process.communicate(timeout=60)[0]) for process in processes]
    assert [process.returncode for process in processes] == [0] * 8
    assert sum(accepted) == 1
    assert codes(verdict_on_presentation(data, nonces=SQLiteNonces(path))) == {"NONCE_SPENT_ERROR"}


class Untouched:
    """A store that nobody may ask."""

    def spend(self, nonce: str, *, until: datetime, now: datetime) -> bool:
        raise AssertionError("the nonce was spent")


@pytest.mark.parametrize("kind", KINDS)
def test_what_fails_spends_nothing(kind: str) -> None:
    data, store = presented(kind), Untouched()
    no_issuer = Policy(accepted_issuers=frozenset({STRANGER}))
    for result in (
        verdict_on_presentation(data, nonces=store, nonce="another nonce"),
        verdict_on_presentation(data, nonces=store, audience=frozenset({"https://else.example"})),
        verdict_on_presentation(data, nonces=store, credentials=no_issuer),
        verdict_on_presentation(data, nonces=store, now=NOW + timedelta(days=1)),
        verdict_on_presentation(data, nonces=store, now=NOW - timedelta(days=1)),
        verdict_on_presentation(presented(kind, name="stranger"), nonces=store) if kind not in BOUND else None,
        verdict_on_presentation(data[:-3] + b"AAA", nonces=store),
        verdict_on_presentation(b"", nonces=store),
    ):
        if result is not None:
            assert result.verdict is Verdict.REJECTED
            reason = outcome(result, "nonce")
            assert reason[0] is Outcome.NOT_CHECKED


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_undecided_spends_nothing(kind: str) -> None:
    """A second try, with the evidence that was missing, is accepted."""
    status = {"id": "https://status.example/1#7", **STATUS}
    if kind in BOUND:
        name = kind.partition(" ")[0]
        claims = claims_of(name)
        claims |= (
            {"credentialStatus": status}
            if name == "vc+sd-jwt"
            else {"status": {"status_list": {"idx": 7, "uri": "https://status.example/1"}}}
        )
        data = bound(credential(name, claims))
    else:
        data = presentation(kind, [credential("vc+jwt", claims_of("vc+jwt") | {"credentialStatus": status})])
    first = verdict_on_presentation(data, nonces=Untouched())
    assert first.verdict is Verdict.UNDECIDED
    assert codes(first) == {"STATUS_RETRIEVAL_ERROR"}
    if kind.startswith("dc+sd-jwt"):
        return  # there is no evidence of that kind
    store = MemoryNonces()
    assert verdict_on_presentation(data, nonces=store, status=NothingRevoked())
    assert codes(verdict_on_presentation(data, nonces=store, status=NothingRevoked())) == {"NONCE_SPENT_ERROR"}


STATUS: Final = {
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "7",
    "statusListCredential": "https://status.example/1",
}


class NothingRevoked:
    def look_up(self, entry: object, *, issuers: Container[str], now: datetime) -> int:
        return 0


def test_a_store_that_cannot_answer_leaves_the_verdict_open() -> None:
    class Broken:
        def spend(self, nonce: str, *, until: datetime, now: datetime) -> bool:
            raise NoncesUnavailable("injected")

    result = verdict_on_presentation(presented("vp+jwt"), nonces=Broken())
    assert result.verdict is Verdict.UNDECIDED
    assert codes(result) == {"NONCE_STORE_ERROR"}
    with pytest.raises(VerificationError):
        _ = result.presentation


def test_a_full_store_accepts_nothing() -> None:
    store = MemoryNonces(capacity=1)
    assert verdict_on_presentation(presented("vp+jwt"), nonces=store)
    other = verdict_on_presentation(presented("vp+jwt", nonce="another nonce"), nonce="another nonce", nonces=store)
    assert other.verdict is Verdict.UNDECIDED


def test_what_is_not_an_error_of_the_store_is_raised() -> None:
    class Failing:
        def spend(self, nonce: str, *, until: datetime, now: datetime) -> bool:
            raise ConnectionError("injected")

    with pytest.raises(ConnectionError):
        verdict_on_presentation(presented("vp+jwt"), nonces=Failing())


def test_the_store_is_asked_with_the_lifetime_of_the_policy() -> None:
    class Asked:
        def spend(self, nonce: str, *, until: datetime, now: datetime) -> bool:
            seen.append((nonce, until, now))
            return True

    seen: list[tuple[str, datetime, datetime]] = []
    later = NOW + SECOND
    assert verdict_on_presentation(presented("vp+jwt"), nonces=Asked(), now=later, nonce_lifetime=timedelta(hours=2))
    assert seen == [(NONCE, later + timedelta(hours=2), later)]


# When it was made


@pytest.mark.parametrize("kind", KINDS)
def test_how_old_a_presentation_may_be(kind: str) -> None:
    data, skew, age = presented(kind), timedelta(seconds=60), timedelta(minutes=5)
    code = "KEY_BINDING_ERROR" if kind in BOUND else "EXPIRED"
    assert verdict_on_presentation(data, now=NOW + age + skew)
    assert codes(verdict_on_presentation(data, now=NOW + age + skew + SECOND)) == {code}
    assert codes(verdict_on_presentation(data, now=NOW + 2 * SECOND + skew, longest_age=SECOND)) == {code}
    assert verdict_on_presentation(data, now=NOW + SECOND + skew, longest_age=SECOND)


@pytest.mark.parametrize("kind", KINDS)
def test_no_presentation_is_made_in_the_future(kind: str) -> None:
    later = NOW + timedelta(seconds=61)
    code = "KEY_BINDING_ERROR" if kind in BOUND else "PROOF_VERIFICATION_ERROR" if kind in EMBEDDED else "NOT_YET_VALID"
    assert codes(verdict_on_presentation(presented(kind, created=later))) == {code}
    assert verdict_on_presentation(presented(kind, created=later - SECOND))


@pytest.mark.parametrize("kind", IN_JSON)
def test_a_presentation_expires(kind: str) -> None:
    def ending(end: Any) -> bytes:
        def change(payload: Claims) -> None:
            payload["exp"] = end

        return rebound(presented(kind), change) if kind in BOUND else resigned(presented(kind), change, name="holder")

    code = "KEY_BINDING_ERROR" if kind in BOUND else "EXPIRED"
    assert verdict_on_presentation(ending(SECONDS - 59))
    assert codes(verdict_on_presentation(ending(SECONDS - 60))) == {code}
    for value in (None, "", True, [], "2026-01-31T13:00:00Z", -1, 0):
        found = codes(verdict_on_presentation(ending(value)))
        assert found == {"KEY_BINDING_ERROR" if kind in BOUND else "MALFORMED_VALUE_ERROR"}, value


@pytest.mark.parametrize("kind", EMBEDDED)
def test_a_proof_expires(kind: str) -> None:
    def ending(end: datetime) -> bytes:
        return embedded(kind, challenge=NONCE, domain=AUDIENCE, expires=end)

    later = NOW + timedelta(seconds=30)
    assert verdict_on_presentation(ending(later), now=later + timedelta(seconds=59))
    assert codes(verdict_on_presentation(ending(later), now=later + timedelta(seconds=60))) == {
        "PROOF_VERIFICATION_ERROR"
    }
    for before in (timedelta(0), SECOND):
        document = json.loads(ending(later))
        document["proof"]["expires"] = (NOW - before).isoformat().replace("+00:00", "Z")
        assert "PROOF_VERIFICATION_ERROR" in codes(verdict_on_presentation(text(document)))


@pytest.mark.parametrize("kind", [kind for kind in IN_JSON if kind not in BOUND])
def test_a_presentation_that_does_not_say_when_it_was_made(kind: str) -> None:
    """Nothing requires it. The nonce shows that it was made for this occasion."""
    result = verdict_on_presentation(with_claims(kind, iat=None))
    assert result
    assert outcome(result, "age") == (Outcome.NOT_CHECKED, "the presentation does not say when it was made")
    for value in (True, "soon", -1, {}):
        assert codes(verdict_on_presentation(with_claims(kind, iat=value))) & {
            "MALFORMED_VALUE_ERROR",
            "TOKEN_CLAIMS_ERROR",
        }


@pytest.mark.parametrize("kind", BOUND)
def test_a_key_binding_says_when_it_was_made(kind: str) -> None:
    for value in (None, True, "2026-01-31T12:00:00Z", "soon", -1, {}, 0):
        assert codes(verdict_on_presentation(with_claims(kind, iat=value))) == {"KEY_BINDING_ERROR"}, value


def test_the_payloads_are_what_these_tests_take_them_for() -> None:
    assert payload_of(presented("vp+jwt"))["nonce"] == NONCE
    assert payload_of(presented(BOUND[0]).rpartition(b"~")[2])["aud"] == AUDIENCE

"""The bar with a rate and the remaining time."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import pytest

from vc_core.cli import terminal


class Screen(io.StringIO):
    """A stream that says that it is a terminal, or not."""

    encoding = "utf-8"
    is_terminal = True

    def isatty(self) -> bool:
        return self.is_terminal


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What stands on a terminal after these numbers were drawn, by a clock that goes on by ten seconds each time."""
    seconds = iter(range(0, 100_000, 10))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(terminal, "monotonic", lambda: next(seconds))

    def draw_all(*numbers: tuple[int, float], is_terminal: bool = True) -> str:
        screen = Screen()
        screen.is_terminal = is_terminal
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stderr", screen)
            with terminal.shares("Verifying", unit="records") as draw:
                for done, share in numbers:
                    draw(done, share)
        return screen.getvalue()

    return draw_all


def test_the_bar_has_the_rate_and_the_time_that_is_left(drawn: Callable[..., str]) -> None:
    first, second, end = drawn((100, 0.25), (1_000_000, 0.5)).split("\r\x1b[K")[1:]
    assert first == f"Verifying  {'━' * 10}{'─' * 30}   25 %  10 records/s  0:30 left"
    assert second == f"Verifying  {'━' * 20}{'─' * 20}   50 %  50,000 records/s  0:20 left"
    assert end == ""


def test_what_was_done_before_is_no_part_of_the_rate(drawn: Callable[..., str]) -> None:
    _, second, third, _ = drawn((0, 0.5), (100, 0.6), (100, 1.1)).split("\r\x1b[K")[1:]
    assert second.endswith("60 %  5 records/s  1:20 left")
    assert third.endswith("100 %  3 records/s  0:00 left")


def test_a_long_time_is_in_hours(drawn: Callable[..., str]) -> None:
    assert "2:46:30 left" in drawn((1, 0.001))


def test_nothing_is_drawn_where_nobody_sees_it(drawn: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn((1, 0.5), is_terminal=False) == ""
    monkeypatch.setenv("TERM", "dumb")
    assert drawn((1, 0.5)) == ""

"""The page of the benches: its places are rewritten and nothing else, and the chart says what the tables say."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benches import __main__ as benches
from benches.case import Measured
from benches.chart import Group, svg
from benches.mechanisms import chart
from benches.peers import NO_PEERS, PEERS, RunningPeers, Time, installed
from benches.tables import Report, Table, inside, rewritten, write

ROOT = Path(__file__).resolve().parents[2]
PAGE = "Prose.\n\n<!-- a -->\n\nold\n\n<!-- end of a -->\n\nMore.\n<!-- a b -->\n\n<!-- end of a b -->\nEnd.\n"
GROUPS = [Group("one & two", {"ours": 0.674, "peer": 0.0312}), Group("three", {"peer": 2.5})]


def test_a_table_is_markdown() -> None:
    table = Table(("name", "kind", "µs"), [("a", "b", "1.0")], texts=2, notes=["No peer."])
    assert str(table) == "| name | kind | µs |\n| --- | --- | ---: |\n| a | b | 1.0 |\n\nNo peer."


def test_a_place_is_rewritten_and_nothing_else() -> None:
    page = rewritten(PAGE, "a", "| new |")
    assert page == PAGE.replace("old", "| new |")
    assert inside(page, "a") == "| new |"
    assert rewritten(page, "a", "old") == PAGE
    assert rewritten(rewritten(PAGE, "a b", "x"), "a b", "x") == rewritten(PAGE, "a b", "x")


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<!-- a -->\n",
        "<!-- end of a -->",
        "<!-- end of a -->\n<!-- a -->\n",
        "<!-- a -->\n<!-- end of a -->\n<!-- a -->\n<!-- end of a -->\n",
    ],
)
def test_a_page_without_the_place_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="has not exactly one place 'a'"):
        rewritten(page, "a", "x")
    assert inside("", "a") == ""


def test_a_file_is_written_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    write(file, "first")
    write(file, "zweite ✓")
    with pytest.raises(UnicodeEncodeError):
        write(file, "\ud800")
    assert file.read_text(encoding="utf-8") == "zweite ✓"
    assert [each.name for each in tmp_path.iterdir()] == ["page.md"]


def test_the_page_has_the_places_of_the_benches_and_no_other() -> None:
    page = (ROOT / "benches/README.md").read_text(encoding="utf-8")
    places = ["machine", *(place for named in benches.BENCHES.values() for place in named)]
    for place in places:
        assert inside(rewritten(page, place, "x"), place) == "x"
    assert sorted(re.findall(r"<!-- (?!end of )(.*?) -->", page)) == sorted(places)
    assert "(ratios.svg)" in page


def test_each_bench_of_the_list_has_tables() -> None:
    without = {"fetch", "store"}  # they import what their own tests bring
    for name in benches.BENCHES.keys() - without:
        assert callable(import_module(f"benches.{name}").tables)


def test_the_line_on_the_machine_is_that_of_a_whole_run(tmp_path: Path, monkeypatch) -> None:
    page = tmp_path / "README.md"
    page.write_text("<!-- machine -->\n\nold\n\n<!-- end of machine -->\n<!-- one -->\n<!-- end of one -->\n")
    monkeypatch.setattr(benches, "PAGE", page)
    report = Report({"one": Table(("a",), [("1",)])}, {"ratios.svg": "<svg/>"})
    monkeypatch.setattr(benches, "BENCHES", {"one": ("one",), "other": ("other",)})
    benches.publish([report], "new")
    text = page.read_text()
    assert inside(text, "machine") == "old"
    assert inside(text, "one").endswith("\n\nThis table: new")
    assert (tmp_path / "ratios.svg").read_text() == "<svg/>"
    monkeypatch.setattr(benches, "BENCHES", {"one": ("one",)})
    benches.publish([report], "new")
    assert inside(page.read_text(), "machine") == "new"
    assert "This table" not in page.read_text()


def test_the_chart_is_the_same_for_the_same_numbers_and_says_them() -> None:
    text = svg("Title <1>", "Caption", GROUPS)
    assert text == svg("Title <1>", "Caption", GROUPS)
    root = ET.fromstring(text)
    said = ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Title <1>", "Caption", "one & two", "0.67 ours", "0.031 peer", "three", "2.50 peer"} <= set(said)
    assert "prefers-color-scheme: dark" in text


def test_the_bars_are_as_long_as_the_numbers() -> None:
    bars = [each.attrib for each in ET.fromstring(svg("", "", GROUPS)).iter("{http://www.w3.org/2000/svg}rect")]
    ours, low, high = (float(each["width"]) for each in bars)
    assert ours / low == pytest.approx(0.674 / 0.0312, rel=0.01)
    assert ours < high < ours / 0.674 * 1.05
    assert [each["class"] for each in bars] == ["bar0", "bar1", "bar1"]


def test_the_cells_and_the_chart_of_a_mechanism_agree() -> None:
    peers = dict.fromkeys(PEERS) | {"didkit": Time(400.0, 390.0)}
    each = Measured("vc+jwt", "Ed25519", 3418, Time(40.0, 38.0), {"verify": Time(80.0, 95.0)}, peers)
    assert each.cells == ["vc+jwt", "Ed25519", "3418", "40.0", "80.0", "**0.50**", "0.40", "–", "–", "5.0 ×"]
    root = ET.fromstring(chart([each]))
    said = {"".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"vc+jwt, Ed25519", "0.50 vc-core, verify", "0.10 didkit"} <= said


def test_peers_that_cannot_be_installed_are_missing_for_a_reason(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    blocked = tmp_path / "file"
    blocked.write_text("")
    found = installed(blocked)
    assert found.missing.keys() == set(PEERS)
    assert found.missing["Digital Bazaar"] == "node and npm are not installed"
    assert (found.python, found.has_javascript, found.versions) == (None, False, ())
    with RunningPeers(NO_PEERS) as peers:
        assert list(peers.reasons) == [f"{name}: not asked for." for name in PEERS]

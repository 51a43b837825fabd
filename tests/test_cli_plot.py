"""`claims plot`: pictures in files and in the terminal, from the command line."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from charted_ledgers import (
    EVERYTHING,
    HOSTILE,
    MEASURE,
    SPREAD,
    THINGS,
    hostile,
    opened,
    statement,
)
from cli_tools import call, claims, is_refusal
from rich.cells import cell_len

from ledger.charts.gathered import MOST_ESTIMATES

CLAIMED = "These are claims, as recorded. Whether they are true, the ledger does not say."


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with one measure and everything that a chart of it can show."""
    return opened(EVERYTHING, tmp_path_factory.mktemp("full")).log.folder


@pytest.fixture(scope="module")
def spread(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a statement that several outlets tell."""
    return opened(SPREAD, tmp_path_factory.mktemp("spread")).log.folder


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 130 columns."""
    monkeypatch.setenv("COLUMNS", "130")


# ── files ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("estimates", "--measure", MEASURE), "Fighters in the valley (people), as claimed"),
        (("speakers",), "Statements by speaker over time"),
        (("spread", "exact"), "How a claim of Ana Alvarez spread"),
        (("chain", "exact"), "By which way a claim of Ana Alvarez came"),
    ],
)
@pytest.mark.sampled(2)
def test_every_chart_has_its_forms(
    full: Path, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    """A file gets the form that its name ends with, and nothing goes to standard output."""
    begins = {"svg": b"<svg", "html": b"<!doctype html>"}
    begins |= {"png": b"\x89PNG", "pdf": b"%PDF"} if words == ("speakers",) else {}
    for form, first in begins.items():
        file = tmp_path / f"chart.{form}"
        done = call("plot", *words, "-o", file, ledger=full)
        assert (done.code, done.out) == (0, b"")
        assert done.error == [f"Wrote {file}.", CLAIMED]
        assert file.read_bytes().startswith(first)
    assert says in (tmp_path / "chart.html").read_text("utf-8")
    root = ET.parse(tmp_path / "chart.svg").getroot()
    assert root.attrib["aria-label"].startswith(says)


def test_marks_on_a_page_lead_to_their_rows(full: Path, tmp_path: Path) -> None:
    """Every mark of a page leads to a row of its table, and every such row is there once."""
    for words in (("estimates",), ("speakers",), ("spread", "exact"), ("chain", "exact")):
        assert call("plot", *words, "-o", tmp_path / "chart.html", ledger=full).code == 0
        page = (tmp_path / "chart.html").read_text("utf-8")
        rows = re.findall(r'<tr id="([^"]+)">', page)
        assert len(rows) == len(set(rows))
        assert rows
        assert {link[1:] for link in re.findall(r'href="([^"]+)"', page)} <= set(rows)


def test_a_picture_as_a_process(full: Path, tmp_path: Path) -> None:
    """Run as others run it, an earlier moment is drawn as it stood, over what lies there."""
    file = tmp_path / "then.SVG"
    file.write_text("old")
    done = claims("plot", "estimates", "--as-of", "27", "-o", file, ledger=full)
    assert (done.code, done.out) == (0, b"")
    assert "Claims as recorded in 27 events" in file.read_text("utf-8")
    assert "Boris Berg claimed 800 people" in file.read_text("utf-8")


@pytest.mark.parametrize("name", ["chart.gif", "chart", "chart.svg.txt"])
def test_a_name_without_a_form_is_refused(full: Path, tmp_path: Path, name: str) -> None:
    """A file whose name says no form that there is, is a usage error."""
    done = call("plot", "speakers", "-o", tmp_path / name, ledger=full)
    assert is_refusal(done, 2)
    assert "End it with .svg, .png, .pdf or .html." in done.err
    assert not (tmp_path / name).exists()


def test_a_file_that_cannot_be_written_is_refused(full: Path, tmp_path: Path) -> None:
    """A folder that is not there is a refusal of three lines."""
    done = call("plot", "speakers", "-o", tmp_path / "no" / "x.svg", ledger=full)
    assert is_refusal(done, lines=2)


# ── which one ────────────────────────────────────────────────────────────────────────────────


def test_measures_are_found_as_everywhere(full: Path) -> None:
    """A measure is named by its id, the beginning of it or its label; the only one by nothing."""
    wanted = call("plot", "estimates", "--measure", MEASURE, ledger=full).out
    for name in ("fight", "Fighters in the valley"):
        assert call("plot", "estimates", "--measure", name, ledger=full).out == wanted
    assert call("plot", "estimates", ledger=full).out == wanted
    assert is_refusal(call("plot", "estimates", "--measure", "soldiers", ledger=full), lines=2)
    assert is_refusal(call("plot", "spread", "nothing-such", ledger=full), lines=2)


def test_several_measures_are_named(tmp_path: Path) -> None:
    """Where there are several measures, the error says which; where none, that there is none."""
    other = {"command": "define_measure", "measure_id": "tanks", "label": "Tanks", "unit": "tanks"}
    told = statement("more", "ana-alvarez", "5", reference_period="2020")
    told["estimates"][0]["measure_id"] = "tanks"
    with opened((*EVERYTHING, other, told), tmp_path / "two") as ledger:
        done = call("plot", "estimates", ledger=ledger.log.folder)
    assert is_refusal(done, 2)
    assert done.error[0] == "error: Which measure? There are fighters, tanks."
    with opened(THINGS, tmp_path / "none") as ledger:
        done = call("plot", "estimates", ledger=ledger.log.folder)
        assert is_refusal(done, 3, lines=2)
        assert call("plot", "speakers", ledger=ledger.log.folder).text == (
            "No statement is recorded.\n"
        )
        empty = call("plot", "estimates", "--measure", MEASURE, ledger=ledger.log.folder)
        assert empty.text == "Nobody is recorded to have claimed a number of it.\n"


# ── in the terminal ──────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("wide")
def test_the_legend_marks_what_is_disputed(full: Path) -> None:
    """Conflicts, denials, retractions and earlier forms stand in the legend of the text chart."""
    done = call("plot", "estimates", ledger=full)
    assert (done.code, done.error) == (0, [CLAIMED])
    legend = {line.split()[1]: line for line in done.text.splitlines() if "“" in line}
    assert "8,000  Boris Berg [before: 800], in Daily Planet" in legend["2018-03"]
    assert "11,000  Boris Berg [denied, ≠ 1 other]" in legend["2018-10"]
    assert "12,000  Ana Alvarez [retracted, ≠ 1 other]" in legend["2021-03"]
    assert "about 9,000  Ana Alvarez [≠ 2 others]" in legend["2020"]
    assert "[" not in legend["2019-02"]


@pytest.mark.usefixtures("wide")
def test_a_view_marks_conflicts_too(full: Path) -> None:
    """`claims view --plot` marks the rows that cannot both be true, among those that it draws."""
    drawn = call("view", "estimates_over_time", "--plot", ledger=full).text
    assert "about 9,000  Ana Alvarez [≠ 2 others]" in drawn
    few = call("view", "estimates_over_time", "--where", "best = 9000", "--plot", ledger=full)
    assert "[≠" not in few.text


def test_speakers_as_text(full: Path) -> None:
    """A line for each speaker: how many statements, and a bar where they were said."""
    lines = call("plot", "speakers", ledger=full).text.splitlines()
    assert lines[0].startswith("Statements by speaker, by when they were said; █ is")
    [chen] = [line for line in lines if line.startswith("Chen Cai")]
    assert chen.split()[2] == "5"
    assert "█" in chen
    assert len(lines) == 5


@pytest.mark.usefixtures("wide")
def test_spread_as_text(spread: Path) -> None:
    """A line for each report in order, with its mark, how much later it was and from whom."""
    lines = call("plot", "spread", "told", ledger=spread).text.splitlines()
    assert lines[0] == "4 reports in 4 outlets, which go back to 3 primary sources."
    assert [line.rpartition("· ")[2] for line in lines if "●" in line] == [
        "first", "4 days later", "about 27 days later",
    ]  # fmt: skip
    places = [line.index("●") for line in lines if "●" in line]
    assert places == sorted(set(places))
    assert lines[3] == "   by way of Wire"
    assert lines[-1] == " 4 Morning Star                no date"


def test_the_chain_as_text(spread: Path) -> None:
    """A tree from the speaker through those who passed it on to the sources."""
    assert call("plot", "chain", "told", ledger=spread).text == (
        "Ana Alvarez\n"
        "├─ Daily Planet, 2020-03-05 [page-1]\n"
        "├─ Wire\n"
        "│  ├─ Evening Post, 2020-03-09 [page-2]\n"
        "│  └─ Boris Berg\n"
        "│     └─ Late News, 2020-04 [page-4]\n"
        "└─ Morning Star [page-3]\n"
    )


def test_very_many_numbers_are_a_table(tmp_path: Path) -> None:
    """More numbers than are drawn one by one are told as ranges, a line for each span of time."""
    many = [
        statement(f"s{number}", "ana-alvarez", f"{number}", reference_period=f"201{number % 10}")
        for number in range(MOST_ESTIMATES + 1)
    ]
    with opened((*THINGS, *many), tmp_path) as ledger:
        lines = call("plot", "estimates", ledger=ledger.log.folder).text.splitlines()
    assert lines[1].startswith("121 claims by 1 speaker, too many to draw each")
    assert len(lines) == 13


@pytest.mark.slow
def test_hostile_texts_in_the_terminal(tmp_path: Path) -> None:
    """Whatever a source says, lines fit the width and steer nothing."""
    with opened(hostile(HOSTILE), tmp_path) as ledger:
        folder = ledger.log.folder
    said = [(name, f"said-{number}") for name in ("spread", "chain") for number in (0, 2, 3)]
    measures = [("estimates", "--measure", f"what-{number}") for number in (0, 2, 3)]
    for asked in (("speakers",), *said, *measures):
        done = call("plot", *asked, ledger=folder)
        assert done.code == 0
        assert max(map(cell_len, done.text.splitlines())) <= 100
        assert not set(done.text) & set("\u202e\u2066\x1b\t")

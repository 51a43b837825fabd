"""Speakers over time, the spread of a statement, the chain by which it came."""

from pathlib import Path

import pytest
from charted_ledgers import SPREAD, THINGS, Command, link, opened, speaker, statement

from ledger.asker import LedgerAsker
from ledger.charts import Chart, chain_chart, speakers_chart, spread_chart
from ledger.errors import UnknownId


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> LedgerAsker:
    """A ledger with a statement that several outlets tell."""
    return LedgerAsker(opened(SPREAD, tmp_path_factory.mktemp("spread")))


def texts(chart: Chart) -> list[str]:
    """What is written in a picture."""
    return [each["text"] for each in chart.spec["datasets"]["texts"]]


# ── speakers ─────────────────────────────────────────────────────────────────────────────────


def said(name: str, speaker_id: str, when: str | None) -> Command:
    """A statement without a number."""
    return statement(name, speaker_id, said_at=when)


TIMES = [("ana-alvarez", when) for when in ("2020-01-05", "2020-01-20", "2020-02", None)]
TIMES += [("boris-berg", "2020-01-11"), ("anna", "2020-01-12")]
SAYING = (
    *THINGS,
    speaker("Anna"),
    *(said(f"s{number}", *each) for number, each in enumerate(TIMES)),
    {"command": "judge_speakers", "left": "ana-alvarez", "right": "anna", "judgement": "same",
     "reason": "one passport"},
    {"command": "revise_statement", "statement_id": "s0", "said_at": "2020-03-05",
     "reason": "misread"},
)  # fmt: skip


def test_statements_are_counted_by_speaker_and_time(tmp_path: Path) -> None:
    """Speakers judged the same are one, corrections count, and what has no date is told apart."""
    with opened(SAYING, tmp_path) as ledger:
        chart = speakers_chart(LedgerAsker(ledger), link=link)
    counted = [(row["speaker"], row["since"], row["statements"]) for row in chart.rows]
    assert counted == [
        ("Ana Alvarez", "2020-01-12", 1),
        ("Ana Alvarez", "2020-01-20", 1),
        ("Ana Alvarez", "2020-02-15", 1),
        ("Ana Alvarez", "2020-03-05", 1),
        ("Ana Alvarez", "no date", 1),
        ("Boris Berg", "2020-01-11", 1),
    ]
    assert chart.subtitle[0] == (
        "6 statements of 2 speakers; a bar is a day, at the time when it was said; 1 without a"
        " date is not drawn."
    )
    assert {"Ana Alvarez", "5 statements", "Boris Berg", "1 statement"} <= set(texts(chart))
    assert chart.marks[0].href == "/speakers/ana-alvarez"


def test_the_speakers_of_most_statements_are_drawn(tmp_path: Path) -> None:
    """At most so many speakers are drawn, those with most statements, and the chart says so."""
    with opened(SAYING, tmp_path) as ledger:
        chart = speakers_chart(LedgerAsker(ledger), most=1)
    assert {row["speaker"] for row in chart.rows} == {"Ana Alvarez"}
    assert "those with most of 2" in chart.subtitle[0]


def test_long_times_have_long_bars(tmp_path: Path) -> None:
    """Over a century a bar is a year, so that bars stay apart."""
    more = [said("old", "chen-cai", "1921"), said("new", "chen-cai", "2020-05-05")]
    with opened((*SAYING, *more), tmp_path) as ledger:
        chart = speakers_chart(LedgerAsker(ledger))
    spans = [(row["since"], row["before"]) for row in chart.rows if row["speaker"] == "Chen Cai"]
    assert spans == [("1921-01-01", "1922-01-01"), ("2020-01-01", "2021-01-01")]


def test_nobody_said_anything(tmp_path: Path) -> None:
    """Without statements the picture says that there is nothing to draw."""
    with opened(THINGS, tmp_path) as ledger:
        chart = speakers_chart(LedgerAsker(ledger))
    assert chart.empty
    assert chart.subtitle[0] == "No statement is recorded."


# ── spread ───────────────────────────────────────────────────────────────────────────────────


def test_who_told_it_first_and_how_much_later(ask: LedgerAsker) -> None:
    """Reports stand in the order of publication, with how much later each was, and from whom."""
    chart = spread_chart(ask, "told", link=link)
    assert [(row["outlet"], row["lag"], row["via"]) for row in chart.rows] == [
        ("Daily Planet", "first", ""),
        ("Evening Post", "4 days later", "Wire"),
        ("Late News", "about 27 days later", "Wire → Boris Berg"),
        ("Morning Star", "", ""),
    ]
    assert chart.title == "How a claim of Ana Alvarez spread"
    assert chart.subtitle[1] == "4 reports in 4 outlets, which go back to 3 primary sources."
    assert {"first", "4 days later", "no date of publication"} <= set(texts(chart))
    assert [mark.href for mark in chart.marks] == [f"/sources/page-{n}" for n in (1, 2, 4, 3)]


def test_echoes_have_the_colour_of_their_source(ask: LedgerAsker) -> None:
    """Two reports that both go back to an agency look the same, and others do not."""
    symbols = spread_chart(ask, "told").spec["datasets"]["symbols"]
    colours = [each["colour"] for each in symbols if each["size"] == 130]
    assert len(colours) == 3
    assert colours[1] == colours[2] != colours[0]


def test_one_report_is_no_spread(ask: LedgerAsker) -> None:
    """A statement with one report has one row; one that is not there is refused."""
    chart = spread_chart(ask, "once")
    assert [row["lag"] for row in chart.rows] == ["first"]
    assert chart.subtitle[1] == "1 report in 1 outlet, which goes back to 1 primary source."
    with pytest.raises(UnknownId, match="nowhere"):
        spread_chart(ask, "nowhere")


# ── chain ────────────────────────────────────────────────────────────────────────────────────


def test_the_chain_leads_from_the_speaker_to_the_sources(ask: LedgerAsker) -> None:
    """Who passed it on stands between, nearest the speaker first, each once in a column."""
    chart = chain_chart(ask, "told", link=link)
    columns: dict[float, list[str]] = {}
    for each in chart.spec["datasets"]["texts"]:
        if each["size"] == 12:
            columns.setdefault(each["x"], []).append(each["text"])
    assert [sorted(columns[x]) for x in sorted(columns)] == [
        ["Ana Alvarez"],
        ["Wire"],
        ["Boris Berg"],
        ["Daily Planet", "Evening Post", "Late News", "Morning Star"],
    ]
    assert {mark.href for mark in chart.marks} == {
        "/speakers/ana-alvarez", "/speakers/wire", "/speakers/boris-berg",
        *(f"/sources/page-{number}" for number in (1, 2, 3, 4)),
    }  # fmt: skip


def test_boxes_stand_apart(ask: LedgerAsker) -> None:
    """No two boxes of a chain share a place."""
    boxes = [each for each in chain_chart(ask, "told").spec["datasets"]["lines"]
             if each["thick"] == 38 and each["x2"] - each["x"] > 4]  # fmt: skip
    assert len(boxes) == 7
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            apart = one["x2"] <= other["x"] or other["x2"] <= one["x"]
            assert apart or abs(one["y"] - other["y"]) >= 38


def test_every_report_has_an_arrow(ask: LedgerAsker) -> None:
    """Each step is drawn once: three from the speaker, two from the agency, one further."""
    symbols = chain_chart(ask, "told").spec["datasets"]["symbols"]
    assert len([each for each in symbols if each["shape"] == "triangle-right"]) == 6

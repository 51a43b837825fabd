"""Where the marks of a chart stand and what they say: heights, bounds, hedges, scales."""

import re

import pytest
from chart_tools import SEEDS, SPEAKERS, Chart, row

from ledger.cli.chart import draw_estimates


def test_numbers_stand_at_their_height() -> None:
    """A number given is a dot, an approximate one is not, both in the row of their tick."""
    chart = Chart([row("2016", "eq", 5000), row("2017", "about", 10000), row("2018", "eq", 0)])
    assert [up for _, up in chart.cells("●")] == [chart.tick("5,000"), chart.tick("0")]
    assert [up for _, up in chart.cells("≈")] == [chart.tick("10,000")]
    assert chart.tick("0") == 0


@pytest.mark.parametrize("comparator", ["gt", "ge"])
def test_open_above(comparator: str) -> None:
    """A lower bound leads from its number to the top, and nowhere is there a dot."""
    chart = Chart([row("2016", "eq", 2000), row("2017", comparator, 10000)])
    (base,) = chart.cells("┴")
    assert base[1] == chart.tick("10,000")
    assert re.fullmatch("│+▲", chart.above(base))
    assert chart.cells("▲") == [(base[0], len(chart.plot) - 1)]
    assert {column for column, _ in chart.cells("●")}.isdisjoint({base[0]})
    assert len(chart.cells("●")) == 1


@pytest.mark.parametrize("comparator", ["lt", "le"])
def test_open_below(comparator: str) -> None:
    """An upper bound leads from its number down to zero, and there is no dot."""
    chart = Chart([row("2016", "about", 2000), row("2017", comparator, 10000)])
    (base,) = chart.cells("┬")
    assert base[1] == chart.tick("10,000")
    assert re.fullmatch("│+▼", chart.below(base))
    assert chart.cells("▼") == [(base[0], chart.tick("0"))]
    assert not chart.cells("●")


@pytest.mark.parametrize("comparator", ["lt", "le"])
def test_upper_bound_near_zero_keeps_its_arrow(comparator: str) -> None:
    """Even where its number is within the lowest row, an open bound is an arrow."""
    chart = Chart([row("2016", "eq", 2000), row("2017", comparator, 20)])
    (base,) = chart.cells("┬")
    assert chart.below(base) == "▼"
    assert base[1] == 1


def test_between() -> None:
    """A range is a bar from its lower to its upper bound."""
    chart = Chart([row("2016", "eq", 10000), row("2017", "between", 5000, 10000)])
    bar = chart.cells("┃")
    assert len({column for column, _ in bar}) == 1
    assert [up for _, up in bar] == list(range(chart.tick("5,000"), chart.tick("10,000") + 1))
    narrow = Chart([row("2016", "eq", 10000), row("2017", "between", 5000, 5001)])
    assert len(narrow.cells("┃")) == 1
    assert not narrow.cells("●")[1:]


def test_periods_are_strokes() -> None:
    """A year is a stroke of its length, a day among years is not; an open side is an arrow."""
    chart = Chart(
        [row("2014", "eq", 5000), row("2018-06-05", "eq", 10000), row("2023", "eq", 1000)]
    )
    year, day = chart.plot[chart.tick("5,000")], chart.plot[chart.cells("●")[1][1]]
    assert 5 <= len(re.findall("[─●]", year)) <= 9
    assert re.search("─+●─+", year)
    assert "─" not in day
    later = Chart([row("2014/..", "eq", 5000), row("../2016", "eq", 10000)])
    assert re.search("●─+→$", later.plot[later.tick("5,000")])
    assert re.search("^←─+●", later.plot[later.tick("10,000")])


def test_marks_at_one_place_stay_apart() -> None:
    """Two speakers with the same number at the same time are two dots in the same row."""
    rows = [row("2018-05-01", "eq", 10, speaker=speaker) for speaker in SPEAKERS[:3]]
    chart = Chart([*rows, row("2018-05-01", "gt", 10), row("2012", "eq", 1)])
    dots = chart.cells("●")[-3:]
    assert {up for _, up in dots} == {chart.tick("10")}
    assert dots[-1][0] - dots[0][0] <= 6
    assert chart.lettered() == {"a", "b", "c", "d", "e"}


def test_one_claim_told_twice_shares_a_mark() -> None:
    """Reports of one number by one speaker for one time are one dot with all their letters."""
    twice = Chart([*SEEDS, row("2015-10", "eq", 3500, publisher="TASS")])
    assert len(twice.cells("●")) == 1
    assert any("ab" in line for line in twice.plot)
    often = Chart([row("2015-10", "eq", 3500, value_text=f"{at}") for at in range(5)])
    assert any("a–e" in line for line in often.plot)
    assert [line[0] for line in often.legend] == list("abcde")


def test_speakers_of_one_name_are_two() -> None:
    """Who speaks is told by the id: namesakes share neither a mark nor a colour."""
    rows = [row("2015-10", "eq", 3500, speaker_id=speaker) for speaker in ("one", "two")]
    assert len(Chart(rows).cells("●")) == 2
    legend = draw_estimates(rows, width=80, colour=True).split("\n")[-2:]
    assert len({re.search(r"\x1b\[38;5;(\d+)m", line)[1] for line in legend}) == 2  # type: ignore[index]  # both have one


@pytest.mark.parametrize(("largest", "log"), [(2000, False), (2010, True)])
def test_log_scale(largest: int, log: bool) -> None:  # noqa: FBT001  a parameter of the test
    """From 200 times the smallest number on the scale is logarithmic, and the title says so."""
    chart = Chart([row("2016", "eq", 10), row("2018", "eq", largest)])
    assert chart.title.endswith("as claimed, log scale" if log else "as claimed")
    assert ("100" in chart.labels) == log
    if log:
        assert chart.cells("●")[0][1] == chart.tick("10")


def test_zero_and_open_bounds_on_a_log_scale() -> None:
    """Zero has a tick of its own below the powers of ten; open bounds still reach the edges."""
    rows = [
        row("2015", "eq", 0),
        row("2016", "eq", 10),
        row("2017", "gt", 100_000),
        row("2018", "lt", 10),
    ]
    chart = Chart(rows)
    assert [up for _, up in chart.cells("●")] == [0, chart.tick("10")]
    assert chart.labels[0] == "0"
    assert chart.tick("100") > chart.tick("10") > 0
    assert chart.cells("▼")[0][1] == 0
    assert chart.cells("▲")[0][1] == len(chart.plot) - 1


def test_negative_numbers() -> None:
    """The axis reaches below zero if a number does, and an upper bound leads on beyond zero."""
    chart = Chart([row("2016", "eq", -300), row("2018", "lt", 2), row("2020", "eq", 500)])
    assert chart.labels[0].startswith("-")
    assert chart.cells("●")[0][1] < chart.tick("0")
    assert chart.cells("▼")[0][1] == 0

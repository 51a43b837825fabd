"""Where the marks of a chart stand in time, and the ticks below them."""

import re

import pytest
from chart_tools import WANT_OF_ROOM, Chart, row


def test_time_alone_is_shown_among_its_neighbours() -> None:
    """A month that stands alone takes a third of the axis."""
    chart = Chart([row("2018-05", "eq", 5)])
    assert 0.25 < len(chart.plot[chart.cells("●")[0][1]].strip()) / 78 < 0.4


def test_marks_stand_at_their_time() -> None:
    """A mark stands above the tick of its time."""
    days = [f"{year}-01-01" for year in range(2014, 2020)]
    chart = Chart([row(day, "eq", 1000 * at) for at, day in enumerate(days)])
    left = chart.lines[2 + len(chart.plot)].index("└") + 1
    stubs = [match.start() for match in re.finditer("┬", chart.lines[2 + len(chart.plot)])]
    assert [column + left for column, _ in chart.cells("●")] == stubs
    assert chart.times.split() == [day[:4] for day in days]


@pytest.mark.parametrize(
    ("period", "ticks"),
    [
        ("2018-02-05", "2018-02-05"),
        ("2018-02/2018-03", "2018-02-15"),
        ("2018-02/2018-11", "2018-07"),
        ("1990/2018", "2000"),
        ("0001/8510", "5000"),
        ("0001-01-01", "0001-01-01"),
        ("9999-12-31", "9999-12-29"),
    ],
)
def test_times_of_every_length(period: str, ticks: str) -> None:
    """The axis names days, months, years or centuries, as they have room."""
    first, _, last = period.partition("/")
    chart = Chart([row(first, "eq", 1), row(last or first, "eq", 2)])
    assert ticks in chart.times.split()


def test_dates_that_stand_in() -> None:
    """Where no period is known, the time of saying stands, then that of publishing, and says so."""
    chart = Chart(
        [
            row("2016-05", "eq", 5, said_at="2020", published="2021"),
            row(None, "eq", 6, said_at="2017-06", published="2021"),
            row(None, "eq", 7, published="2018-07"),
        ]
    )
    assert [line.split("  ")[1] for line in chart.legend] == [
        "2016-05",
        "said 2017-06",
        "published 2018-07",
    ]
    assert len(chart.cells("●")) == 3


def test_no_period_without_its_number() -> None:
    """A period whose mark found no room leaves no stroke behind."""
    crowd = [row("2018", "between", 0, 100, speaker=f"speaker {at}") for at in range(60)]
    chart = Chart([*crowd, row("2018", "lt", 50), row("2000-01-01", "eq", 1)])
    assert "less than 50" in "".join(chart.legend[chart.legend.index(WANT_OF_ROOM) :])
    assert "─" in chart.plot[chart.tick("100")]
    assert "─" not in chart.plot[chart.tick("50")]

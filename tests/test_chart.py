"""Estimates as a chart in text: no claim looks like a fact, no open bound like a number."""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from strategies import COMPARATORS, Estimate, estimates

from ledger.cli.chart import draw_estimates

Row = dict[str, Any]
Cell = tuple[int, int]

BOUNDS = {
    "eq": ("low", "best", "high"),
    "about": ("best",),
    "gt": ("low",),
    "ge": ("low",),
    "lt": ("high",),
    "le": ("high",),
    "unspecified": (),
}


def bounds(edtf: str | None) -> tuple[date | None, date | None]:
    """Give the bounds of a year, month, day or interval."""
    if edtf is None or edtf == "..":
        return None, None
    if "/" in edtf:
        first, last = edtf.split("/")
        return bounds(first)[0], bounds(last)[1]
    year, month, day = (*map(int, edtf.split("-")), None, None)[:3]
    assert year is not None
    return (
        date(year, month or 1, day or 1),
        date(year, month or 12, day or monthrange(year, month or 12)[1]),
    )


def row(when: str | None, comparator: str, *numbers: float, **given: Any) -> Row:  # noqa: ANN401  a column holds anything
    """Give a row of the view estimates_over_time."""
    between = comparator == "between"
    names = ("low", "high") if between else BOUNDS[comparator]
    values = numbers if between else numbers * len(names)
    drawn: Row = {
        "measure_id": "daesh-fighters",
        "measure": "Daesh fighters",
        "unit": "people",
        "comparator": comparator,
        **dict.fromkeys(("low", "best", "high")),
        **dict(zip(names, map(float, values), strict=True)),
        "speaker": "Zamir Kabulov",
        "publisher": "Press TV",
        "source_id": "press-tv-1",
        "value_text": "words as claimed",
        "quote": "the whole quote, with words as claimed",
    }
    dates = {"reference_period": when, "said_at": None, "published": None}
    for name, edtf in (dates | {name: given.pop(name) for name in dates if name in given}).items():
        earliest, latest = bounds(edtf)
        drawn |= {name: edtf, f"{name}_earliest": earliest, f"{name}_latest": latest}
    return drawn | given


SEEDS = [
    row("2015-10", "eq", 3500, value_text="stood at 3,500"),
    row("2017-12", "about", 10000, publisher="Times of Central Asia", value_text="about 10,000"),
    row("2017-12", "gt", 10000, publisher="Times of Central Asia", value_text="exceeds 10,000"),
]
WANT_OF_ROOM = "Not drawn, for want of room:"
SPEAKERS = ("Zamir Kabulov", "Pentagon", "Taliban spokesman", "TASS", "UN Secretary-General")
FORTY = [
    row(
        (
            f"{2014 + at % 10}",
            f"{2014 + at * 7 % 10}-{at % 12 + 1:02}",
            f"{2014 + at // 4}-0{at % 9 + 1}-11",
        )[at % 3],
        comparator,
        *((500 * (at % 23) + 500, 500 * (at % 23) + 4000)[: 2 if comparator == "between" else 1]),
        speaker=SPEAKERS[at % 5],
        value_text=f"telling {at}",
    )
    for at, comparator in enumerate((COMPARATORS * 6)[:40])
]


class Chart:
    """A chart in text, read as a person does: title, key, plot, legend."""

    def __init__(
        self, rows: Sequence[Mapping[str, Any]], *, width: int = 80, height: int = 18
    ) -> None:
        self.lines = draw_estimates(rows, width=width, height=height, colour=False).split("\n")
        axis = next(at for at, line in enumerate(self.lines) if line.lstrip().startswith("└"))
        self.title, self.key = self.lines[:2]
        left = self.lines[axis].index("└")
        self.labels = [line[:left].strip() for line in self.lines[2:axis]][::-1]
        self.plot = [line[left + 1 :] for line in self.lines[2:axis]][::-1]
        self.times = self.lines[axis + 1]
        self.legend = [line for line in self.lines[axis + 2 :] if line]

    def at(self, column: int, row: int) -> str:
        """Give the character of a cell, a space beyond what is drawn."""
        inside = 0 <= row < len(self.plot) and 0 <= column < len(self.plot[row])
        return self.plot[row][column] if inside else " "

    def cells(self, glyph: str) -> list[Cell]:
        """Give all cells with a character, from the left."""
        places = (
            (column, row)
            for row, line in enumerate(self.plot)
            for column, char in enumerate(line)
            if char == glyph
        )
        return sorted(places)

    def above(self, cell: Cell) -> str:
        """Give what stands above a cell, up to the next gap."""
        column, row = cell
        return "".join(self.at(column, up) for up in range(row + 1, len(self.plot))).split(" ")[0]

    def below(self, cell: Cell) -> str:
        """Give what stands below a cell, down to the next gap."""
        column, row = cell
        return "".join(self.at(column, down) for down in range(row - 1, -1, -1)).split(" ")[0]

    def tick(self, label: str) -> int:
        """Give the row of a number on the axis."""
        return self.labels.index(label)

    def lettered(self) -> set[str]:
        """Give all letters in the plot."""
        return set(re.findall("[A-Za-z]", "".join(self.plot)))


def test_seeds() -> None:
    """The plainest case is this picture, to the character."""
    assert draw_estimates(SEEDS, width=72, height=11, colour=False).split("\n") == [
        "Daesh fighters (people), as claimed",
        "● number  ≈ about  ▲ or more  ─ period",
        "20,000┤                                                              ▲",
        "      │                                                              │",
        "      │                                                              │",
        "      │                                                            b │",
        "10,000┤                                                           ─≈─┴c",
        "      │",
        "      │   a",
        "      │  ─●─",
        "     0┤",
        "      └─────────┬────────────┬────────────┬────────────┬────────────┬───",
        "             2016-01      2016-07      2017-01      2017-07      2018-01",
        "",
        "a  2015-10             3,500  Zamir Kabulov, in Press TV: “stood at 3,5…",
        "b  2017-12      about 10,000  Zamir Kabulov, in Times of Central Asia:…",
        "c  2017-12  more than 10,000  Zamir Kabulov, in Times of Central Asia:…",
    ]


def test_no_rows() -> None:
    """Without rows there is a sentence."""
    assert draw_estimates([], width=80, colour=True) == "There are no estimates to draw."


def test_title_says_that_it_is_a_claim() -> None:
    """A title too long for the line loses its own words, never those that say it is a claim."""
    assert Chart(SEEDS).title == "Daesh fighters (people), as claimed"
    long = Chart([row("2018", "eq", 1, measure="Fighters " * 30)], width=60)
    assert long.title.endswith("…, as claimed")
    assert cell_len(long.title) == 60


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("colour", [True, False])
def test_lines_fit(width: int, colour: bool) -> None:  # noqa: FBT001  a parameter of the test
    """No line is wider than asked for, ends in a space, or is left open at the end."""
    wide = [
        row("2018", "eq", 5000, speaker="\u97d3\u56fd" * 30),
        row("2018", "eq", 6000, speaker="x" * 200),
    ]
    for line in draw_estimates(SEEDS + FORTY + wide, width=width, colour=colour).split("\n"):
        bare = re.sub(r"\x1b\[[0-9;]*m", "", line)
        assert cell_len(bare) <= width
        assert bare == bare.rstrip()
        assert line == bare or line.endswith("\x1b[0m") or not line[-1].isspace()
    assert bare


def test_colour_is_one_for_each_speaker() -> None:
    """Only with colour there are escapes, and each speaker has one of their own everywhere."""
    assert "\x1b" not in draw_estimates(FORTY, width=80, colour=False)
    coloured = draw_estimates(FORTY, width=120, colour=True)
    named = {
        speaker: set(re.findall(rf"\x1b\[38;5;(\d+)m{speaker}", coloured)) for speaker in SPEAKERS
    }
    assert all(len(colours) == 1 for colours in named.values()), named
    assert len(set.union(*named.values())) == len(SPEAKERS)
    plotted = coloured[: coloured.index("└")]
    assert set(re.findall(r"\x1b\[38;5;(\d+)m", plotted)) == set.union(*named.values())


def test_colour_changes_no_character() -> None:
    """The same chart is drawn with colour and without."""
    bare = re.sub(r"\x1b\[[0-9;]*m", "", draw_estimates(FORTY, width=80, colour=True))
    assert bare == draw_estimates(FORTY, width=80, colour=False)


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


def test_what_cannot_be_drawn_is_named() -> None:
    """A row without a date or without a number is no mark, but a line below, with the reason."""
    rows = [*SEEDS, row(None, "eq", 42, value_text="p"), row("2016", "unspecified", value_text="q")]
    chart = Chart(rows)
    dateless = chart.legend.index("Not drawn, since no date is known:")
    numberless = chart.legend.index("Not drawn, since no number was given:")
    assert dateless == 3
    assert re.search("^– .* 42  Zamir Kabulov, in Press TV: “p”$", chart.legend[dateless + 1])
    assert re.search("^– .* no figure  Zamir .*“q”$", chart.legend[numberless + 1])
    assert chart.lettered() == {"a", "b", "c"}
    assert len(chart.cells("●")) == 1
    alone = draw_estimates([row(None, "eq", 42)], width=80, colour=False).split("\n")
    assert alone[0] == "Daesh fighters (people), as claimed"
    assert alone[2] == "Not drawn, since no date is known:"


def test_legend_tells_the_claims() -> None:
    """The legend says in order of time who claimed what, where, with hedge and words."""
    assert Chart(SEEDS[::-1], width=100).legend == [
        "a  2015-10             3,500  Zamir Kabulov, in Press TV: “stood at 3,500”",
        "b  2017-12      about 10,000  Zamir Kabulov, in Times of Central Asia: “about 10,000”",
        "c  2017-12  more than 10,000  Zamir Kabulov, in Times of Central Asia: “exceeds 10,000”",
    ]
    assert Chart(SEEDS[:1]).legend == [
        "a  2015-10  3,500  Zamir Kabulov, in Press TV: “stood at 3,500”"
    ]


def test_one_long_date_leaves_the_others_their_words() -> None:
    """A set of many dates is written out in its own line only."""
    long = row("2019", "eq", 5) | {"reference_period": "[2019-01,2019-03,2019-05,2019-07,2019-09]"}
    assert Chart([*SEEDS, long]).legend[0].endswith("Zamir Kabulov, in Press TV: “s…")
    assert "[2019-01,2019-03,2019-05,2019-07,2019-09]" in Chart([*SEEDS, long]).legend[3]


def test_legend_without_words_or_publisher() -> None:
    """The quote stands in for missing words, the source's id for a publisher without name."""
    rows = [
        row("2016", "eq", 1, value_text=None, quote="all\nof it"),
        row("2017", "eq", 2, publisher=None),
        row("2018", "eq", 3, speaker="TASS", publisher="TASS"),
    ]
    assert [line.split("  ", 3)[3] for line in Chart(rows).legend] == [
        "Zamir Kabulov, in Press TV: “all of it”",
        "Zamir Kabulov, in press-tv-1: “words as claimed”",
        "TASS: “words as claimed”",
    ]


def test_words_cannot_steer_the_terminal() -> None:
    """Escapes, line breaks and marks of direction in a quote are left out of the chart."""
    words = "\x1b[31mred\x07\n\u202eback\u2066wards\u200c"
    text = draw_estimates([row("2018", "eq", 5, value_text=words)], width=80, colour=False)
    assert text.endswith("“[31mred backwards\u200c”")
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e\u2066]", text)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_forty_rows(width: int) -> None:
    """Each of many rows has its own line and letter, and its mark in the plot."""
    chart = Chart(FORTY, width=width)
    letters = [line[0] for line in chart.legend]
    assert len(set(letters)) == len(letters) == len(FORTY)
    assert chart.lettered() == set(letters)
    assert chart.lettered().isdisjoint("loIO")
    marks = "".join(chart.plot)
    hedges = [told["comparator"] for told in FORTY]
    assert marks.count("●") == hedges.count("eq")
    assert marks.count("≈") == hedges.count("about")
    assert marks.count("▲") == marks.count("┴") == hedges.count("gt") + hedges.count("ge")
    assert marks.count("▼") == marks.count("┬") == hedges.count("lt") + hedges.count("le")
    for base in chart.cells("┴"):
        assert re.match("[│┼]*▲", chart.above(base))
    for base in chart.cells("┬"):
        assert re.match("[│┼]*▼", chart.below(base))


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


@pytest.mark.parametrize("height", [12, 18, 30])
def test_height(height: int) -> None:
    """The height is that of the plot with its axis."""
    chart = Chart(SEEDS, height=height)
    assert len(chart.plot) + 2 == height


def test_want_of_room_is_said() -> None:
    """A mark that would hide others is not squeezed in; its row says so."""
    crowd = [row("2018-05-01", "eq", 10, speaker=f"speaker {at}") for at in range(60)]
    chart = Chart([*crowd, row("2018-05-01/2030", "eq", 10), row("1950-01-01", "eq", 0)])
    said = chart.legend.index(WANT_OF_ROOM)
    drawn = 62 - len(chart.legend[said + 1 :])
    dots = chart.cells("●")
    assert 4 <= drawn == len(dots)
    stepped = [column for column, up in dots[1:] if up == dots[1][1]]
    assert max(stepped[:-1]) - min(stepped) <= 6
    assert len(chart.legend) == 63


def test_no_period_without_its_number() -> None:
    """A period whose mark found no room leaves no stroke behind."""
    crowd = [row("2018", "between", 0, 100, speaker=f"speaker {at}") for at in range(60)]
    chart = Chart([*crowd, row("2018", "lt", 50), row("2000-01-01", "eq", 1)])
    assert "less than 50" in "".join(chart.legend[chart.legend.index(WANT_OF_ROOM) :])
    assert "─" in chart.plot[chart.tick("100")]
    assert "─" not in chart.plot[chart.tick("50")]


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


def test_measures_have_charts_of_their_own() -> None:
    """Numbers of different measures or units never share an axis."""
    other = [
        row(
            "2019",
            "eq",
            0.25,
            measure_id="share",
            measure="Share held",
            unit="share",
            value_text="a quarter",
        )
    ]
    percent = [
        row("2019", "eq", 25, measure_id="share", measure="Share held", unit=None, value_text="25")
    ]
    text = draw_estimates([*SEEDS, *other, *percent], width=80, colour=False)
    charts = text.split("\n\n")
    titles = [line for line in text.split("\n") if "as claimed" in line]
    assert titles == [
        "Daesh fighters (people), as claimed",
        "Share held (share), as claimed",
        "Share held, as claimed",
    ]
    assert [chart for chart in charts if "0.2┤" in chart]
    assert text.count("\na  ") == 3


def test_key_explains_what_is_drawn() -> None:
    """The key has each kind of mark in the plot, and no other."""
    assert Chart(SEEDS).key == "● number  ≈ about  ▲ or more  ─ period"
    assert Chart(
        [row("2016-01-01", "lt", 5), row("2020", "eq", 9, reference_period="2020-01-01")]
    ).key == ("● number  ▼ or less")


@settings(deadline=None)
@given(claimed=st.lists(estimates(), min_size=1, max_size=12), width=st.integers(60, 130))
def test_any_rows(claimed: list[Estimate], width: int) -> None:
    """Whatever is claimed: the lines fit, each row has its own, and each open bound its arrow."""
    rows = [
        row(when, comparator, *numbers, speaker=speaker)
        for when, comparator, numbers, speaker in claimed
    ]
    text = draw_estimates(rows, width=width, colour=False)
    lines = text.split("\n")
    assert all(cell_len(line) <= width and line == line.rstrip() for line in lines)
    assert sum(": “words as claimed" in line or line.endswith("…") for line in lines) == len(rows)
    if "└" in text and WANT_OF_ROOM not in text:
        chart = Chart(rows, width=width)
        assert chart.times.strip()
        if "–" not in "".join(chart.plot):  # letters that share a mark
            assert chart.lettered() == {line[0] for line in lines if re.match("[A-Za-z]  ", line)}
        for base in chart.cells("┴"):
            assert re.match("[│┼]*▲", chart.above(base))
        for base in chart.cells("┬"):
            assert re.match("[│┼]*▼", chart.below(base))

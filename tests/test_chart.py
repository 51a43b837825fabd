"""Estimates as a chart in text: no claim looks like a fact, no open bound like a number."""

import re

import pytest
from chart_tools import FORTY, SEEDS, SPEAKERS, WANT_OF_ROOM, Chart, row
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from strategies import Estimate, estimates

from ledger.cli.chart import draw_estimates


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


@examples(40, 1_000)
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

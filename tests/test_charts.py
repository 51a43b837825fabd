"""The chart of estimates: no open bound is a number, and what is disputed or corrected shows."""

import random
import re
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from charted_ledgers import EVERYTHING, MEASURE, THINGS, link, opened, speaker, statement

from ledger.asker import LedgerAsker
from ledger.charts import Chart, estimates_chart
from ledger.charts.axes import Axis, day_axis, number_axis
from ledger.charts.claims import Period
from ledger.charts.excluding import excluding
from ledger.charts.gathered import MOST_ESTIMATES
from ledger.charts.palette import PAPER, SERIES, look
from ledger.charts.words import width_of
from ledger.errors import UnknownId

Item = dict[str, Any]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> LedgerAsker:
    """A ledger with everything that a chart can show."""
    return LedgerAsker(opened(EVERYTHING, tmp_path_factory.mktemp("full")))


@pytest.fixture(scope="module")
def chart(full: LedgerAsker) -> Chart:
    """Its chart."""
    return estimates_chart(full, MEASURE, link=link)


def drawn(chart: Chart, kind: str) -> list[Item]:
    """What is drawn of lines, symbols, texts or hits."""
    items: list[Item] = chart.spec["datasets"][kind]
    return items


def place(chart: Chart, statement_id: str) -> tuple[float, float]:
    """Where the mark of a statement's number stands, that of its latest form."""
    at = next(
        number
        for number, mark in enumerate(chart.marks)
        if mark.href == f"/statements/{statement_id}" and "claimed" in mark.words
    )
    hit = next(hit for hit in drawn(chart, "hits") if hit["role"] == f"hit-{at}")
    return hit["x"], hit["y"]


def words(chart: Chart, statement_id: str) -> str:
    """What the mark of a statement's number says."""
    [said] = [
        mark.words
        for mark in chart.marks
        if mark.href == f"/statements/{statement_id}" and "claimed" in mark.words
    ]
    return said


def symbols_at(chart: Chart, x: float, y: float) -> list[Item]:
    """The symbols at a place."""
    return [each for each in drawn(chart, "symbols") if (each["x"], each["y"]) == (x, y)]


# ── numbers and their hedges ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "head", "way"),
    [
        ("above", "triangle-up", -1),
        ("least", "triangle-up", -1),
        ("below", "triangle-down", 1),
        ("most", "triangle-down", 1),
    ],
)
def test_an_open_bound_is_an_arrow(chart: Chart, name: str, head: str, way: int) -> None:
    """An open bound has a stroke at the bound and an arrow that leads away, and never a dot."""
    x, y = place(chart, name)
    assert symbols_at(chart, x, y) == []
    [shaft] = [
        each
        for each in drawn(chart, "lines")
        if each["x"] == each["x2"] == x and each["y"] == y and not each["dash"]
    ]
    assert (shaft["y2"] - y) * way > 0
    [tip] = symbols_at(chart, x, shaft["y2"])
    assert tip["shape"] == head


def test_other_hedges_have_looks_of_their_own(chart: Chart) -> None:
    """A number is filled, one that is about right is hollow, a range is as high as it says."""
    [exact] = symbols_at(chart, *place(chart, "exact"))
    [rough] = symbols_at(chart, *place(chart, "rough"))
    assert exact["fill"] == exact["colour"]
    assert rough["fill"] == PAPER
    x, y = place(chart, "range")
    [bar] = [each for each in drawn(chart, "lines") if each["x"] == each["x2"] == x]
    scale = chart.spec["layer"][0]["encoding"]["y"]["scale"]
    per_person = (scale["range"][0] - scale["range"][1]) / scale["domain"][1]
    assert bar["y"] == y
    assert bar["y"] - bar["y2"] == pytest.approx(3000 * per_person)


def test_a_number_without_a_figure_stands_below_the_axis(chart: Chart) -> None:
    """Words without a figure are written, and stand beside no number."""
    _, y = place(chart, "vague")
    assert y > chart.spec["layer"][0]["encoding"]["y"]["scale"]["range"][0]
    assert any("“thousands”" in each["text"] for each in drawn(chart, "texts"))


@pytest.mark.parametrize(
    "label",
    ["3,500", "about 9,000", "more than 10,000", "at least 6,000", "less than 2,000",
     "at most 5,000", "4,000 to 7,000", "11,000, denied", "12,000, retracted"],
)  # fmt: skip
def test_hedges_are_written(chart: Chart, label: str) -> None:
    """Each number is written beside its mark with its hedge."""
    assert [each["text"] for each in drawn(chart, "texts")].count(label) == 1


def test_labels_hide_no_other(chart: Chart) -> None:
    """No label lies over another, in a chart that has room for them."""
    boxes = []
    for text in drawn(chart, "texts"):
        width = width_of(text["text"], text["size"])
        left = text["x"] - width * {"left": 0, "center": 0.5, "right": 1}[text["align"]]
        boxes.append((left, text["y"] - text["size"] / 2, left + width, text["y"] + 6))
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0]
            assert apart or one[3] <= other[1] or other[3] <= one[1]


def test_the_reference_period_is_a_stroke(chart: Chart) -> None:
    """The stroke of a period is as long as it; an open end leads to the edge with an arrow."""
    domain = chart.spec["layer"][0]["encoding"]["x"]["scale"]
    per_day = domain["range"][1] / (domain["domain"][1] - domain["domain"][0])
    strokes = {
        round((each["x2"] - each["x"]) / per_day)
        for each in drawn(chart, "lines")
        if each["opacity"] == 0.28
    }
    assert {366, 184, 28, 31, 30, 29} <= strokes
    _, y = place(chart, "most")
    assert [each["shape"] for each in drawn(chart, "symbols") if each["y"] == y] == [
        "triangle-right"
    ]


# ── who said it, and what became of it ───────────────────────────────────────────────────────


def test_a_mark_says_who_claimed_what_where(chart: Chart) -> None:
    """A mark says speaker, number, period, words, outlet and date, and never that it is so."""
    assert words(chart, "below") == (
        "Chen Cai claimed less than 2,000 people (2020-02); “there are < 2000”; reported by Daily"
        " Planet, published 2020-03-05; said 2020-02-03; cannot be true together with another"
        " claim."
    )


def test_every_speaker_has_a_colour_and_a_shape(chart: Chart) -> None:
    """The legend names each speaker, and no two of a few look the same."""
    texts = [each["text"] for each in drawn(chart, "texts")]
    assert {"Ana Alvarez", "Boris Berg", "Chen Cai"} <= set(texts)
    looks = [look(number) for number in range(2 * len(SERIES))]
    assert len(set(looks)) == len(looks)
    assert len({colour for colour, _ in looks[: len(SERIES)]}) == len(SERIES)


def luminance(colour: str) -> float:
    """The relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colours_stand_out_in_light_and_dark() -> None:
    """A speaker's colour stands out 3 : 1 from the ground and text 4.5 : 1, in the dark too."""
    from ledger.charts import chart_style

    blocks = re.findall(r":root \{(.*?)\}", chart_style(), re.DOTALL)
    light, dark, printed = (dict(re.findall(r"(--[\w-]+): (#\w{6})", block)) for block in blocks)
    assert set(light) == set(dark) == set(printed)
    assert [light[f"--series-{at}"] for at in range(1, len(SERIES) + 1)] == list(SERIES)
    for colours in (light, dark, printed):
        ground = luminance(colours["--chart-paper"])
        for name, colour in colours.items():
            least = 4.5 if name in {"--chart-ink", "--chart-soft", "--chart-alert"} else 3
            if name not in {"--chart-paper", "--chart-grid"}:
                high, low = sorted((ground, luminance(colour)), reverse=True)
                assert (high + 0.05) / (low + 0.05) >= least, name


def test_conflicts_are_joined(chart: Chart, full: LedgerAsker) -> None:
    """Every pair of the view `conflicts` is joined by a dashed line, and no other."""
    pairs = full.sql("select * from conflicts where measure_id = $id", id=MEASURE)
    dashed = [each for each in drawn(chart, "lines") if each["dash"] == [5, 4]]
    assert len(pairs) == len(dashed) == 4
    assert "cannot both be true" in [each["text"] for each in drawn(chart, "texts")]


def test_conflicts_are_those_of_the_view(tmp_path: Path) -> None:
    """What a chart takes to exclude each other is what the view `conflicts` has."""
    chance = random.Random(7)
    values = ["{}", "~{}", "> {}", ">= {}", "< {}", "<= {}", "{}..{}", "~-{}"]
    periods = ["2019", "2020", "2020-05", "2019-06/2020-06", "../2019", "2020/..", None]
    commands = [
        statement(
            f"s{number}", chance.choice(["ana-alvarez", "boris-berg"]),
            chance.choice(values).format(low := chance.choice([5, 10, 11, 20]), low + 5),
            reference_period=chance.choice(periods), source_id=chance.choice(["page-1", "page-2"]),
        )
        for number in range(40)
    ]  # fmt: skip
    commands[0]["estimates"].append(
        {"measure_id": MEASURE, "value": "999", "reference_period": "2019"}
    )
    with opened((*THINGS, *commands), tmp_path) as ledger:
        ask = LedgerAsker(ledger)
        rows = ask.sql("from estimates_over_time")
        pairs = ask.sql("select left_estimate_id, right_estimate_id from conflicts order by all")
    assert len(pairs) > 100
    assert excluding(rows) == [tuple(pair.values()) for pair in pairs]


def test_earlier_forms_are_ghosts(chart: Chart) -> None:
    """A number that was corrected stands behind, struck out, and says why it was corrected."""
    [struck] = [each["text"] for each in drawn(chart, "texts") if each["role"] == "struck"]
    assert struck == "800"
    [ghost] = [mark for mark in chart.marks if mark.words.startswith("Recorded before")]
    assert ghost.words == (
        "Recorded before as 800; corrected at position 27 by ana: a zero was lost."
    )
    assert "recorded before as 800" in words(chart, "wrong")
    assert "text-decoration" in chart.svg()


def test_denied_and_retracted_are_struck_out(chart: Chart) -> None:
    """What was denied is struck once and what was taken back twice; both are pale."""
    for name, strokes in (("denied", 1), ("taken-back", 2), ("exact", 0)):
        x, y = place(chart, name)
        across = [
            each
            for each in drawn(chart, "lines")
            if each["thick"] == 2 and each["x"] + each["x2"] == pytest.approx(2 * x)
            and each["y"] + each["y2"] == pytest.approx(2 * y) and each["y"] != each["y2"]
        ]  # fmt: skip
        assert len(across) == strokes
        assert symbols_at(chart, x, y)[0]["opacity"] == (0.5 if strokes else 1)
    assert "the statement was retracted" in words(chart, "taken-back")


def test_what_is_not_drawn_is_said(chart: Chart) -> None:
    """A claim without a date stands in the rows, and the subtitle says that it is not drawn."""
    assert chart.subtitle[0] == "12 claims by 3 speakers. 1 without a date is not drawn."
    assert [row["statement_id"] for row in chart.rows if row["when"] == "no date"] == ["undated"]
    assert len(chart.rows) == 12


def test_the_subtitle_says_that_these_are_claims(chart: Chart) -> None:
    """The picture says as of which size it holds, and that it shows claims."""
    assert chart.title == "Fighters in the valley (people), as claimed"
    assert chart.subtitle[1].startswith("Claims as recorded in 28 events, the last of 20")
    assert chart.subtitle[1].endswith("UTC; whether they are true is not said.")
    assert chart.subtitle[1] in [each["text"] for each in drawn(chart, "texts")]


# ── moments, sizes ───────────────────────────────────────────────────────────────────────────


def test_an_earlier_moment_has_its_own_chart(tmp_path: Path) -> None:
    """Before the correction the old number is drawn, without a ghost, at the size of then."""
    with opened(EVERYTHING, tmp_path) as ledger, ledger.as_of(27) as then:
        chart = estimates_chart(LedgerAsker(then), MEASURE, link=link)
    assert chart.subtitle[1].startswith("Claims as recorded in 27 events")
    assert "Boris Berg claimed 800 people" in words(chart, "wrong")
    assert not [each for each in drawn(chart, "texts") if each["role"] == "struck"]


def test_nothing_to_draw(tmp_path: Path) -> None:
    """A measure without numbers gives a picture that says so; none of that id is refused."""
    with opened(THINGS, tmp_path) as ledger:
        ask = LedgerAsker(ledger)
        chart = estimates_chart(ask, MEASURE)
        assert chart.empty
        assert "There is nothing to draw." in chart.svg()
        assert chart.rows == []
        with pytest.raises(UnknownId, match="elsewhere"):
            estimates_chart(ask, "elsewhere")


def test_thousands_of_numbers_are_drawn_as_ranges(tmp_path: Path) -> None:
    """Beyond some hundred numbers spans of time are drawn, the chart says so, in about a second."""
    count = MOST_ESTIMATES * 6
    commands = [
        statement(
            f"s{number}", "ana-alvarez", f"{'> ' if number % 3 == 0 else ''}{number + 1}",
            reference_period=f"20{10 + number % 9}-0{number % 8 + 1}",
        )
        for number in range(count)
    ]  # fmt: skip
    with opened((*THINGS, *commands), tmp_path) as ledger:
        ask = LedgerAsker(ledger)
        began = time.perf_counter()
        chart = estimates_chart(ask, MEASURE)
        svg = chart.svg()
        assert time.perf_counter() - began < 5
    assert len(svg) < 400_000
    assert chart.subtitle[0].startswith(f"{count} claims by 1 speaker, too many to draw each")
    assert sum(row["claims"] for row in chart.rows) == count
    assert sum(row["open_above"] for row in chart.rows) == count / 3
    assert min(row["least"] for row in chart.rows) == 1
    assert max(row["greatest"] for row in chart.rows) == count


def test_hundreds_of_marks_are_drawn_each(tmp_path: Path) -> None:
    """As many numbers as are drawn one by one each have a mark, the same ones one label."""
    many = [
        statement(f"s{number}", f"speaker-{number % 20}", f"{number % 10}", reference_period="2020")
        for number in range(MOST_ESTIMATES)
    ]
    people = [speaker(f"Speaker {number}") for number in range(20)]
    with opened((*THINGS, *people, *many), tmp_path) as ledger:
        chart = estimates_chart(LedgerAsker(ledger), MEASURE, link=link)
    assert len(chart.marks) == MOST_ESTIMATES
    assert len(chart.inline()) < 130_000
    assert "4 other speakers" in [each["text"] for each in drawn(chart, "texts")]


# ── axes ─────────────────────────────────────────────────────────────────────────────────────


def test_wide_spans_have_a_logarithmic_scale() -> None:
    """Numbers that span more than 200-fold stand on a scale of powers of ten, zero at its start."""
    axis = number_axis([0, 3, 90_000], 300, 0)
    assert axis.log
    assert axis.at(0) == 300
    assert axis.at(90_000) == pytest.approx(0)
    assert axis.at(300) - axis.at(3000) == pytest.approx(axis.at(3000) - axis.at(30_000))
    assert list(axis.ticks.values()) == ["0", "1", "10", "100", "1,000", "10,000"]
    assert not number_axis([1, 200], 300, 0).log


@pytest.mark.parametrize(
    "numbers", [[5.0], [0.0], [-5.0, 7.0], [1e-6, 2e-6], [0.25, 1 / 3], [1, 1e15], [0, 1e-5, 1e5]]
)
def test_scales_hold_their_numbers(numbers: list[float]) -> None:
    """Every number stands on the plot, the larger the higher, and a few round ticks are named."""
    axis = number_axis(numbers, 300, 0, headroom=30)
    places = [axis.at(number) for number in sorted(numbers)]
    assert places == sorted(places, reverse=True)
    assert all(29 <= place <= 300 for place in places)
    assert 1 <= len(axis.ticks) <= 9


@pytest.mark.parametrize(
    "days", [(737_000, 737_000), (1, 3_652_059), (737_000, 737_030), (600_000, 737_000)]
)
def test_axes_of_time_name_days_apart(days: tuple[int, int]) -> None:
    """From a day to ten thousand years, ticks stand within the axis and their labels apart."""
    axis: Axis = day_axis([Period(*days)], 0, 700)
    ticks = [(axis.at(day), width_of(label, 12)) for day, label in axis.ticks.items()]
    assert ticks
    assert all(0 <= place <= 700 for place, _ in ticks)
    for (one, width), (other, _) in pairwise(ticks):
        assert other - one > width

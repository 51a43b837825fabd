"""What is asked of a part of a ledger is worked out for that part alone."""

import json
import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from ledger import segments
from ledger.api import Ledger
from ledger.log import Log
from projections.build import rebuild

MEASURES, OF_EACH = 8, 12
COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "=": operator.eq, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge, "<>": operator.ne,
}  # fmt: skip
Row = tuple[Any, ...]


def statement(number: int) -> dict[str, Any]:
    """One that two outlets tell, with a number that contradicts all others of its measure."""
    report = {"quote": f"It was {number + 1} at least.", "quote_mode": "direct"}
    return {
        "command": "record_statement", "statement_id": f"s{number}", "speaker_id": "envoy",
        "proposition": f"It was {number + 1}.",
        "reports": [
            {"report_id": f"r{number}", "source_id": "one", **report},
            {"report_id": f"again{number}", "source_id": "two", **report},
        ],
        "estimates": [{
            "estimate_id": f"e{number}", "report_id": f"r{number}", "value": str(number + 1),
            "measure_id": f"m{number % MEASURES}", "reference_period": "2017",
        }],
    }  # fmt: skip


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger in several segments, the full ones sealed, but for the second."""
    home = tmp_path_factory.mktemp("asked")
    names: list[dict[str, Any]] = [
        {"command": "register_speaker", "speaker_id": "envoy", "name": "Envoy", "kind": "person"},
        *({"command": "cite_source", "source_id": each, "title": each} for each in ("one", "two")),
        *(
            {"command": "define_measure", "measure_id": f"m{number}", "label": f"m{number}"}
            for number in range(MEASURES)
        ),
    ]
    said = [statement(number) for number in range(MEASURES * OF_EACH)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(home / "config"))
        patch.setattr(segments, "SEGMENT_BYTES", 10_000)
        folder = home / "ledger"
        with Ledger.create(folder, origin="example.org/test", actor="ana") as ledger:
            for commands in (names, said[:20], said[20:40], said[40:60], said[60:]):
                ledger.submit(commands)
            second = Log.open(folder).segments()[1].path
            lines = second.read_bytes()
            ledger.seal()
            second.write_bytes(lines)  # as it lies there while it is being sealed
        rebuild(Log.open(folder))
        with Ledger.open(folder) as opened:
            yield opened


def asked(ledger: Ledger, select: str, as_of: int | None = None) -> list[Row]:
    """The rows of a select, as of a size."""
    views = ledger.views()
    views.set_as_of(as_of)
    try:
        return views.connection.execute(select).fetchall()
    finally:
        views.set_as_of(None)


def operators(ledger: Ledger, select: str, as_of: int | None = None) -> list[dict[str, Any]]:
    """What DuckDB did for a select."""
    [(_, text)] = asked(ledger, f"explain (analyze, format json) {select}", as_of)
    found: list[dict[str, Any]] = []

    def gather(operators: Sequence[dict[str, Any]]) -> None:
        for each in operators:
            found.append(each)
            gather(each.get("children", ()))

    gather(json.loads(text)["operator"])
    return found


def files_read(ledger: Ledger, select: str, as_of: int | None = None) -> int:
    """How many files of the log were read."""
    told = [each["extra_info"] for each in operators(ledger, select, as_of)]
    return sum(int(each.get("Total Files Read", 0)) for each in told)


def rows_made(ledger: Ledger, select: str) -> int:
    """How many rows were made on the way, those that were only read left out."""
    made = operators(ledger, select)
    return sum(each["intermediate_rows"] for each in made if "SCAN" not in each["type"])


# The segments begin at 0, 32, 52 and 72; the one at 32 lies there in both forms.
@pytest.mark.parametrize(
    ("condition", "files"),
    [
        ("position = 31", 1),
        ("position = 40", 2),
        ("position = 52", 1),
        ("position = 107", 1),
        ("position = 108", 1),
        ("position < 32", 1),
        ("position <= 32", 3),
        ("position >= 72", 1),
        ("position > 52", 2),
        ("true", 5),
    ],
)
def test_lines_are_read_from_segments_that_may_hold_them(
    large: Ledger, condition: str, files: int
) -> None:
    """However many segments there are; at an earlier moment none that came later is read."""
    segments_begin = [each.first for each in Log.open(large.log.folder).segments()]
    assert segments_begin == [0, 32, 52, 72]
    for view in ("events", "history"):
        assert files_read(large, f"from {view} where {condition}") == files
    assert files_read(large, f"from events where {condition}", as_of=32) <= min(files, 1)


@pytest.mark.parametrize("view", ["events", "history"])
@given(
    compared=st.sampled_from(sorted(COMPARISONS)),
    numbers=st.tuples(st.integers(-1, 109), st.integers(-1, 109)),
    as_of=st.none() | st.integers(0, 108),
)
@examples(few=12, many=150)
def test_lines_that_are_asked_for_are_those_of_the_whole_log(
    large: Ledger, view: str, compared: str, numbers: tuple[int, int], as_of: int | None
) -> None:
    """Which segments are read changes no row: they are those picked from all rows as of now."""
    whole = asked(large, f"select position, * from {view} order by all")
    stood = [row for row in whole if as_of is None or row[0] < as_of]
    one, other = numbers
    wanted: dict[str, Callable[[int], bool]] = {
        f"position {compared} {one}": lambda at: COMPARISONS[compared](at, one),
        f"position between {one} and {other}": lambda at: one <= at <= other,
    }
    for condition, holds in wanted.items():
        select = f"select position, * from {view} where {condition} order by all"
        assert asked(large, select, as_of) == [row for row in stood if holds(row[0])]


@pytest.mark.parametrize(
    ("view", "condition"),
    [
        ("conflicts", "measure_id = 'm3'"),
        ("corroboration", "statement_id = 's3'"),
        ("estimates", "measure_id = 'm3'"),
        ("estimates_over_time", "measure_id = 'm3'"),
        ("repetitions", "statement_id = 's3'"),
        ("reports", "statement_id = 's3'"),
        ("statements", "statement_id = 's3'"),
    ],
)
def test_what_is_asked_of_one_thing_is_worked_out_for_it_alone(
    large: Ledger, view: str, condition: str
) -> None:
    """It is found early among all, not picked from the rows of all."""
    assert large.views().connection.execute("select has_grown()").fetchall() == [(False,)]
    rows = asked(large, f"from {view}")
    some = asked(large, f"from {view} where {condition}")
    assert 0 < len(some) < len(rows) / 4
    assert rows_made(large, f"from {view} where {condition}") < rows_made(large, f"from {view}") / 4

"""Daily figures on their way in: days, measures, hedges, and several who wrote down the same."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from cli_tools import Outcome, call, events, log_bytes
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import ClaimsError, Refused, UsageFault
from ledger.importers import series
from ledger.importers.rows import Fault, Item, Row
from ledger.importers.series_cells import MOST_JSON_BYTES
from ledger.importers.series_words import words_at
from ledger.importers.settings import checked

MAPPING: dict[str, Any] = {
    "speaker": {"id": "staff", "name": "The Staff", "kind": "organization"},
    "series": "Losses",
    "transcriber": {"id": "eva", "name": "Eva", "kind": "person"},
    "date": "date",
    "measures": {
        "tank": {"id": "tanks-lost", "label": "Tanks lost", "unit": "tanks"},
        "fuel tank": {"id": "fuel-tanks-lost", "label": "Fuel tanks lost"},
        "men": {"id": "men-lost", "label": "Men lost", "hedge": "men*"},
    },
    "hedge_words": {"about": "about", "more": "gt", "almost": "lt"},
    "texts": ["where"],
    "ignore": ["day"],
}
DAY = {"date": "2022-02-25", "day": 2, "tank": 80, "fuel tank": 60, "men": 2800, "men*": "about"}

Cells = Mapping[str, Any]


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Path]:
    """Writes a JSON list of rows."""

    def write(*rows: Cells, name: str = "figures.json") -> Path:
        path = tmp_path / name
        path.write_text(json.dumps(rows), "utf-8")
        return path

    return write


@pytest.fixture
def mapped(tmp_path: Path) -> Callable[..., Path]:
    """Writes a mapping file."""

    def write(name: str = "m.yaml", **told: Any) -> Path:  # noqa: ANN401  settings
        path = tmp_path / name
        path.write_text(json.dumps(MAPPING | told), "utf-8")
        return path

    return write


def items_of(path: Path, **told: Any) -> list[Item]:  # noqa: ANN401  settings
    """The items of a file by the mapping of this module."""
    chosen = checked(series.SETTINGS, MAPPING | told, None)
    return list(series.read("series", [str(path)], chosen))


def guessed(path: Path, **told: Any) -> dict[str, Any]:  # noqa: ANN401  settings
    """The mapping that is guessed of a file."""
    return series.guess_with("series", [str(path)], {"speaker": "The Staff", **told})


def statement_of(item: Item) -> dict[str, Any]:
    """The statement of a row."""
    assert isinstance(item, Row), item
    return item.commands[0]


def fault_of(items: Sequence[Item]) -> Fault:
    """What is wrong with the only row."""
    [item] = items
    assert isinstance(item, Fault), item
    return item


def imported(folder: Path, file: Path, mapping: Path) -> Outcome:
    """Import a file; its report as JSON."""
    done = call("import", "series", file, "--mapping", mapping, "--json", ledger=folder)
    assert done.code == 0, done.err
    return done


# ── what becomes of a row ────────────────────────────────────────────────────────────────────


def test_a_day_is_one_statement_with_a_number_a_cell(made: Callable[..., Path]) -> None:
    """The speaker says it, the file is quoted for it, and each number has its words."""
    [item] = items_of(made(DAY | {"where": "Kyiv"}))

    statement = statement_of(item)
    [report] = statement["reports"]
    assert (statement["speaker_id"], statement["said_at"]) == ("staff", "2022-02-25")
    assert statement["proposition"] == "Losses: the figures of 2022-02-25."
    assert report["quote"] == "2022-02-25: tank 80; fuel tank 60; men about 2800; where Kyiv"
    assert (report["quote_mode"], report["via"]) == ("indirect", [{"speaker_id": "staff"}])
    numbers = [
        (each["measure_id"], each["value"], each["value_text"]) for each in statement["estimates"]
    ]
    assert numbers == [
        ("tanks-lost", "80", "tank 80"),
        ("fuel-tanks-lost", "60", "fuel tank 60"),
        ("men-lost", "about 2800", "men about 2800"),
    ]
    assert {each["reference_period"] for each in statement["estimates"]} == {"2022-02-25"}
    assert isinstance(item, Row)
    assert [each["command"] for each in item.shared] == [
        *["register_speaker"] * 2, *["define_measure"] * 3, "cite_source",
    ]  # fmt: skip
    assert item.shared[-1]["publisher_id"] == "eva"


@pytest.mark.parametrize(
    ("word", "value"), [("about", "about 5"), ("more", "> 5"), ("Almost", "< 5"), (None, "5")]
)
def test_a_hedge_stays_with_its_number(
    made: Callable[..., Path], word: str | None, value: str
) -> None:
    """What stands in the column beside it says how exact it is."""
    [item] = items_of(made({"date": "2022-03-01", "men": 5, "men*": word}))

    assert [each["value"] for each in statement_of(item)["estimates"]] == [value]


def test_an_empty_cell_is_no_number_and_a_nought_is_one(made: Callable[..., Path]) -> None:
    """Null, nothing and what is said to be empty say nothing."""
    [item] = items_of(
        made({"date": "2022-03-01", "tank": 0, "fuel tank": None, "men": "n/a"}), empty=["n/a"]
    )

    [estimate] = statement_of(item)["estimates"]
    assert (estimate["measure_id"], estimate["value"]) == ("tanks-lost", "0")


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ({"date": "2022-03-01", "tanks": 3}, "tanks", "does not say what the column 'tanks' is"),
        ({"tank": 3}, "date", "no date"),
        ({"date": "2022-03-01"}, None, "no figure"),
        ({"date": "2022-03-01", "tank": "many"}, "tank", "not a figure"),
        ({"date": "2022-03-01", "tank": "1,234"}, "tank", "may be 1234 or 1.234"),
        ({"date": "2022-03-01", "tank": [3]}, "tank", "holds a list"),
        ({"date": "2022-03-01", "tank": 1e5}, None, None),
        ({"date": "2022-03-01", "men": 3, "men*": "some say"}, "men", 'what "some say" in men*'),
        ({"date": "2022-03-01", "men": "> 3", "men*": "about"}, "men", "a hedge of its own"),
        ({"date": "03/04/2022", "tank": 3}, "date", "may be 2022-04-03 or 2022-03-04"),
    ],
)
def test_a_bad_row_is_refused_with_its_column(
    made: Callable[..., Path], row: Cells, column: str | None, words: str | None
) -> None:
    """Nothing is guessed, and nothing dropped."""
    items = items_of(made(row))
    if words is None:
        assert isinstance(items[0], Row)
        return

    fault = fault_of(items)
    assert (fault.number, fault.column) == (1, column)
    assert words in fault.what
    assert fault.way_out


def test_a_date_that_is_not_in_the_calendar_is_refused(
    folder: Path, made: Callable[..., Path], mapped: Callable[..., Path]
) -> None:
    """The 31st of February, by the rules for all dates; nothing is written."""
    before = log_bytes(folder)

    done = call("import", "series", made(DAY, {"date": "2022-02-31", "tank": 3}), "-m", mapped(),
                ledger=folder)  # fmt: skip

    assert done.code == 3
    assert "row 2, column date" in done.err
    assert log_bytes(folder) == before


def test_a_day_stands_once_in_a_file(made: Callable[..., Path]) -> None:
    """Of two rows for one day nobody can say which counts."""
    first, second = items_of(made(DAY, DAY | {"tank": 81}))

    assert isinstance(first, Row)
    assert "stands in row 1 already" in fault_of([second]).what


@given(
    st.lists(
        st.tuples(st.text("ab 1", min_size=1).map(str.strip), st.integers(0, 120)),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_the_words_of_a_number_are_found_at_their_own_place(
    cells: list[tuple[str, int]],
) -> None:
    """However the names of columns repeat each other: found where they stand, or not given."""
    quote, begins = "1: ", []
    for name, number in cells:
        begins.append(len(quote))
        quote += f"{name} {number}; "
    quote = quote.removesuffix("; ")

    for at, (name, number) in zip(begins, cells, strict=True):
        words = words_at(quote, at, at + len(f"{name} {number}"))
        if words is not None:
            first = quote.find(words)
            assert first <= at < first + len(words)
            assert f"{name} {number}" in words


# ── several who wrote down the same ──────────────────────────────────────────────────────────


def test_transcribers_of_one_series_report_one_statement(
    folder: Path,
    made: Callable[..., Path],
    mapped: Callable[..., Path],
    rows: Callable[..., list[Any]],
) -> None:
    """Each has a source, a report and numbers of its own; where they differ is a conflict."""
    other = mapped("o.yaml", transcriber={"id": "ben", "name": "Ben"}, page="link",
                   page_publisher={"name": "Ministry", "kind": "government"})  # fmt: skip
    link = {"link": "https://ministry.example/25"}
    imported(folder, made(DAY, name="a.json"), mapped())
    imported(folder, made(DAY | {"tank": 81} | link, name="b.json"), other)

    assert rows("select reports, estimates from claims_by_speaker where speaker_id = 'staff'") == [
        (2, 6)
    ]
    [[reports, outlets, sources, names]] = rows(
        "select reports, outlets, primary_sources, primary_source_names from corroboration"
    )
    assert (reports, outlets, sources, names) == (2, 2, 1, ["The Staff"])
    assert rows(
        "select measure_id, left_claimed, right_claimed from conflicts order by measure_id"
    ) in ([("tanks-lost", "80", "81")], [("tanks-lost", "81", "80")])
    assert rows(
        "select publisher, claimed from estimates_over_time where measure_id = 'tanks-lost'"
        " order by all"
    ) == [("Ben", "81"), ("Eva", "80")]
    assert rows("select publisher, words_added from repetitions order by nth") == [
        ("Eva", []), ("Ben", ["81"]),
    ]  # fmt: skip


def test_a_second_import_writes_nothing_whichever_file_comes_first(
    folder: Path, made: Callable[..., Path], mapped: Callable[..., Path]
) -> None:
    """Both the file that recorded a day and the one that added to it are known again."""
    one, two = made(DAY, name="a.json"), made(DAY | {"tank": 81}, name="b.json")
    maps = {one: mapped(), two: mapped("o.yaml", transcriber="Ben")}
    for file in (one, two):
        imported(folder, file, maps[file])
    before = log_bytes(folder)

    for file in (two, one):
        report = json.loads(imported(folder, file, maps[file]).out)
        assert (report["rows"], report["read"], report["events"]) == (1, 1, 0)
    assert log_bytes(folder) == before


def test_files_given_together_add_to_the_same_days(
    folder: Path, made: Callable[..., Path], mapped: Callable[..., Path]
) -> None:
    """Of people and of things: two files of one transcriber are two sources of one statement."""
    files = [made(DAY, name="a.json"), made({"date": "2022-02-25", "tank": 80}, name="b.json")]

    done = call("import", "series", *files, "-m", mapped(), "--json", ledger=folder)

    assert done.code == 0, done.err
    assert json.loads(done.out)["made"] == {
        "speaker": 2, "measure": 3, "source": 2, "statement": 1, "report": 2, "estimate": 4,
    }  # fmt: skip
    named = mapped("n.yaml", source={"title": "A"})
    assert call("import", "series", *files, "-m", named, ledger=folder).code == 2


def test_a_changed_cell_is_a_conflict_and_no_second_number(
    folder: Path, made: Callable[..., Path], mapped: Callable[..., Path]
) -> None:
    """What was recorded stands; who wants to change it revises it."""
    imported(folder, made(DAY), mapped())
    before = log_bytes(folder)

    done = call("import", "series", made(DAY | {"tank": 90}), "-m", mapped(), ledger=folder)

    assert done.code == 3
    assert "revise" in done.err
    assert log_bytes(folder) == before


# ── mappings ─────────────────────────────────────────────────────────────────────────────────


def test_a_guess_finds_date_counter_hedges_and_page(made: Callable[..., Path]) -> None:
    """All of it is shown, so that it can be changed."""
    link = "https://ministry.example/"
    found = guessed(
        made(*(DAY | {"date": f"2022-02-{at + 1}", "day": at, "page": f"{link}{at}"}
               for at in range(10, 20)))
    )  # fmt: skip

    assert (found["date"], found["page"], found["ignore"]) == ("date", "page", ["day"])
    assert found["measures"]["men"] == {"id": "men", "label": "men", "hedge": "men*"}
    assert found["hedge_words"] == {"about": "about"}
    assert "texts" not in found
    checked(series.SETTINGS, {"speaker": "The Staff", **found}, None)


def test_who_speaks_is_asked_for(folder: Path, made: Callable[..., Path]) -> None:
    """Nobody is taken for the speaker of figures because his name stands on the file."""
    file = made(DAY)
    with pytest.raises(UsageFault, match="says who claims its figures"):
        series.guess("series", [str(file)])

    done = call("import", "series", file, "--set", "speaker=The Staff", ledger=folder)

    assert done.code == 0, done.err
    assert "kind: organization" in done.err
    spoken = [each for each in events(folder) if each["type"] == "claims.statement.recorded.v1"]
    assert [each["data"]["speaker_id"] for each in spoken] == ["the-staff"]


def test_a_table_is_read_as_well(tmp_path: Path) -> None:
    """CSV with semicolons, decimals with commas, days before months."""
    path = tmp_path / "figures.csv"
    path.write_text("Tag;Panzer;Mann\n25.02.2022;80;2,5\n26.02.2022;;4,3\n", "utf-8")
    found = guessed(path)

    chosen = checked(series.SETTINGS, {"speaker": "Stab", **found}, None)
    first, second = series.read("series", [str(path)], chosen)

    assert isinstance(second, Row)
    assert (second.number, statement_of(second)["said_at"]) == (3, "2022-02-26")
    assert [each["value"] for each in statement_of(first)["estimates"]] == ["80", "2.5"]
    assert [each["value"] for each in statement_of(second)["estimates"]] == ["4.3"]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"measures": {"tank": {"id": "x", "label": "X"}, "men": {"id": "x", "label": "X"}}},
         "count the same measure"),
        ({"texts": ["tank"]}, "is named twice"),
        ({"measures": {}}, "measures"),
        ({"proposition": "Losses."}, "does not say its date"),
        ({"speaker": {"kind": "person"}}, "Nobody is named"),
        ({"hedge_words": {"about": "perhaps"}}, "is not a word for"),
    ],
)  # fmt: skip
def test_a_mapping_that_does_not_hold_together_is_refused(
    made: Callable[..., Path], told: dict[str, Any], words: str
) -> None:
    """Before a row is read."""
    with pytest.raises(Refused) as caught:
        items_of(made(DAY), **told)
    assert words in str(caught.value)


def test_a_measure_of_another_unit_is_another_measure(
    folder: Path, made: Callable[..., Path], mapped: Callable[..., Path]
) -> None:
    """Numbers in thousands never mix with numbers of one."""
    imported(folder, made(DAY), mapped())
    other = {
        **MAPPING["measures"],
        "tank": {"id": "tanks-lost", "label": "Tanks lost", "unit": "k"},
    }

    done = call("import", "series", made(DAY), "-m", mapped("o.yaml", measures=other),
                ledger=folder)  # fmt: skip

    assert done.code == 3
    assert "has the unit 'tanks', not 'k'" in done.err


# ── bad files ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"{}", "no JSON list"),
        (b"[1, 2", "no JSON list"),
        (b"[" * 100_000, "no JSON list"),
        (b'[{"date": NaN}]', "no JSON list"),
        (b'[{"date": "\\ud800"}]', "no JSON list"),
        (b"", "holds no table"),
        (b"date,tank,tank\n2022-03-01,1,2\n", "Two columns are called 'tank'"),
        (b"date,tanks\n2022-03-01,1\n", "does not say what the column 'tanks' is"),
        (b"date,tank\n2022-03-01,1\n", "No column is called"),
    ],
)
def test_a_file_that_is_no_series_is_refused_whole(tmp_path: Path, text: bytes, words: str) -> None:
    """With the file's name and a way out."""
    path = tmp_path / "bad"
    path.write_bytes(text)
    with pytest.raises(ClaimsError) as caught:
        items_of(path)
    assert words in str(caught.value)
    assert caught.value.way_out
    assert caught.value.place.file == str(path)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (b"3", "no object"),
        (b'{"date": "2022-03-01", "tank": 1, "tank": 2}', "stands twice"),
        (b'{"date": "2022-03-01", "tank": "\xff"}', "cannot be read"),
        (b'{"date": "2022-03-01", "tank": {"a": 1}}', "holds an object"),
        (b'{"date": "2022-03-01", "tank": 123456789012345678}', "beyond 2**53"),
    ],
)
def test_a_bad_item_spoils_no_other(tmp_path: Path, item: bytes, words: str) -> None:
    """The item after it is read."""
    path = tmp_path / "bad.json"
    path.write_bytes(b'[%b, {"date": "2022-03-02", "tank": 1}]' % item)

    bad, good = items_of(path)

    assert isinstance(good, Row)
    assert words in fault_of([bad]).what


def test_a_json_list_has_a_size_that_it_may_have(tmp_path: Path) -> None:
    """It is read whole, so a sentence says how much is read."""
    path = tmp_path / "long.json"
    with path.open("wb") as file:
        file.write(b"[")
        file.truncate(MOST_JSON_BYTES + 2)
    with pytest.raises(Refused, match="64 MiB"):
        items_of(path)

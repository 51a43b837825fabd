"""Tables on their way in: CSV, TSV and workbooks, good ones and all kinds of bad ones."""

import csv
import io
import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from bare_work import bare_seconds
from cli_tools import PROJECT, Outcome, arguments, call, claims, events, log_bytes
from conftest import SHARED
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from ledger.api import Ledger
from ledger.errors import ClaimsError, Refused, UsageFault
from ledger.importers import tables
from ledger.importers.package import check_package
from ledger.importers.rows import Fault, Item, Row
from ledger.importers.settings import checked
from ledger.importers.tables_dates import edtf_of, orders_in
from ledger.importers.tables_numbers import marks_in, value_of
from ledger.log import Log
from ledger.quantities import parse_value

MOST_WORK = 45.0  # times what a plain program spends on the lines made of rows; 17 to 27 was seen
EXAMPLE = PROJECT / "seeds" / "examples" / "figures.csv"
HEAD = ["Speaker", "Date", "Claim", "Fighters", "Source"]
SOUND = ["Zamir Kabulov", "2017-12", "There are more than 10000 of them.", "> 10000", "TASS"]

Cells = Sequence[Any]


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Path]:
    """Writes a CSV file of rows; the first is its header."""

    def write(*rows: Cells, name: str = "t.csv", encoding: str = "utf-8", mark: str = ",") -> Path:
        text = io.StringIO()
        csv.writer(text, delimiter=mark, lineterminator="\n").writerows(rows)
        path = tmp_path / name
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    return write


@pytest.fixture
def booked(tmp_path: Path) -> Callable[..., Path]:
    """Writes a workbook of sheets, each of rows."""

    def write(change: Callable[[Workbook], None] | None = None, **sheets: Sequence[Cells]) -> Path:
        book = Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        if change:
            change(book)
        path = tmp_path / "t.xlsx"
        book.save(path)
        return path

    return write


def items_of(path: Path, form: str = "csv", **told: Any) -> list[Item]:  # noqa: ANN401  settings
    """The items of a file, by the mapping that is guessed."""
    found = tables.guess_with(form, [str(path)], told)
    chosen = checked(tables.SETTINGS, found | told, None)
    return list(tables.read(form, [str(path)], chosen))


def statement_of(item: Item) -> dict[str, Any]:
    """The statement of a row."""
    assert isinstance(item, Row), item
    return item.commands[-1]


def fault_of(item: Item) -> Fault:
    """What is wrong with a row."""
    assert isinstance(item, Fault), item
    return item


# ── a user's first spreadsheet ───────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_a_first_spreadsheet_in_three_commands(tmp_path: Path) -> None:
    """As the README shows: a ledger, the file, the picture."""
    folder = tmp_path / "my-ledger"
    begun = claims("init", folder, "--origin", "example.org/my-ledger")
    imported = claims("import", "csv", EXAMPLE, ledger=folder)
    seen = claims("view", "estimates_over_time", "--plot", ledger=folder)

    assert [begun.code, imported.code, seen.code] == [0, 0, 0], imported.err + seen.err
    assert "6 rows: 6 read, 0 refused." in imported.err
    assert "publisher: Source" in imported.err
    assert "constant: indirect" in imported.err
    picture = seen.text
    assert picture.startswith("Fighters, as claimed")
    for words in ("more than 7,500", "about 5,000", "less than 4,000", "2,500 to 3,000"):
        assert words in picture
    assert "Lena Varga, in Harbour Gazette" in picture
    checks = [claims(*words, ledger=folder) for words in (["verify"], ["status"])]
    assert [each.code for each in checks] == [0, 0], [each.err for each in checks]


def test_the_example_is_marked_as_one() -> None:
    """Its folder says that it is invented."""
    assert "are invented" in (EXAMPLE.parent / "README.md").read_text("utf-8")


# ── what becomes of a row ────────────────────────────────────────────────────────────────────


def test_a_row_becomes_a_statement_with_its_source_and_number(made: Callable[..., Path]) -> None:
    """All its cells are kept: who, when, what, how many of what, where."""
    head = [*HEAD, "Published", "URL", "Topic", "Quote", "Note"]
    cells = ["https://tass.example/1", "daesh; north", "the number exceeds 10,000", "by phone"]
    [item] = items_of(made(head, [*SOUND, "2017-12-23", *cells]), decimal=".")

    assert isinstance(item, Row)
    statement = statement_of(item)
    [report], [estimate] = statement["reports"], statement["estimates"]
    assert statement["proposition"] == SOUND[2]
    assert (statement["said_at"], statement["topics"]) == ("2017-12", ["daesh", "north"])
    assert statement["note"] == "by phone"
    assert (report["quote"], report["quote_mode"]) == (cells[2], "direct")
    assert estimate["value"] == "> 10000"
    assert estimate["reference_period"] == "2017-12"
    shared = {raw["command"]: raw for raw in item.shared}
    assert shared["register_speaker"]["name"] == "Zamir Kabulov"
    assert shared["define_measure"]["label"] == "Fighters"
    assert shared["cite_source"]["url"] == "https://tass.example/1"
    assert shared["cite_source"]["published"] == "2017-12-23"


def test_without_a_quote_the_proposition_is_not_passed_off_as_one(
    made: Callable[..., Path],
) -> None:
    """The report is indirect, for a table without quotes and for a row without one."""
    [plain] = items_of(made(HEAD, SOUND))
    assert statement_of(plain)["reports"][0]["quote_mode"] == "indirect"
    first, second = items_of(made([*HEAD, "Quote"], [*SOUND, "we are many"], [*SOUND, ""]))
    assert [statement_of(each)["reports"][0]["quote_mode"] for each in (first, second)] == [
        "direct", "indirect",
    ]  # fmt: skip
    with pytest.raises(Refused, match="Without a column of quotes nothing is direct"):
        items_of(made(HEAD, SOUND), columns={
            "speaker": "Speaker", "proposition": "Claim", "quote_mode": {"constant": "direct"},
        })  # fmt: skip


def test_without_a_source_the_file_is_the_source(made: Callable[..., Path]) -> None:
    """It is named after the file; so it is for a row whose source is left empty."""
    [item] = items_of(made(HEAD[:4], SOUND[:4], name="figures 2018.csv"))
    assert isinstance(item, Row)
    cited = item.shared[1]
    assert (cited["source_id"], cited["title"]) == ("figures-2018-csv", "figures 2018.csv")
    assert statement_of(item)["reports"][0]["source_id"] == "figures-2018-csv"


def test_several_number_columns_are_several_estimates(made: Callable[..., Path]) -> None:
    """Each has its own measure; an empty cell is no number, and `n/a` is shown as empty."""
    head = ["Speaker", "Date", "Claim", "Killed", "Wounded"]
    file = made(head, ["A", "2018", "Some were.", "12", ""], ["A", "2019", "More.", "~20", "n/a"],
                ["A", "2020", "Many.", "1", "2"], ["A", "2021", "Few.", "3", "4"])  # fmt: skip
    guess = tables.guess("csv", [str(file)])
    assert guess["empty"] == ["n/a"]
    assert [each["measure"] for each in guess["columns"]["numbers"]] == [
        {"constant": "Killed"}, {"constant": "Wounded"},
    ]  # fmt: skip
    numbers = [
        [(each["measure_id"], each["value"]) for each in statement_of(item).get("estimates", [])]
        for item in items_of(file)
    ]
    assert numbers[:3] == [
        [("killed", "12")], [("killed", "~20")], [("killed", "1"), ("wounded", "2")],
    ]  # fmt: skip


def test_a_measure_column_says_what_is_counted(made: Callable[..., Path]) -> None:
    """Rows of other measures share the number column; a unit that differs is refused."""
    head = ["Who", "Claim", "Indicator", "Value", "Unit"]
    file = made(head, ["A", "a b", "Tanks", "3", "pieces"], ["A", "c d", "Planes", "4", ""],
                ["A", "e f", "Tanks", "5", "tonnes"])  # fmt: skip
    one, two, three = items_of(file)
    assert [statement_of(each)["estimates"][0]["measure_id"] for each in (one, two)] == [
        "tanks", "planes",
    ]  # fmt: skip
    fault = fault_of(three)
    assert fault.column == "Unit"
    assert "has the unit 'pieces', not 'tonnes'" in fault.what


def test_ids_are_those_of_the_cells(made: Callable[..., Path]) -> None:
    """The same cells give the same id in any order; any cell that counts makes another."""
    rows = [SOUND, ["Zamir Kabulov", "2017-11", *SOUND[2:]], [*SOUND[:3], "5", "TASS"]]
    ids = [statement_of(each)["statement_id"] for each in items_of(made(HEAD, *rows))]
    assert len(set(ids)) == 3
    back = [statement_of(each)["statement_id"] for each in items_of(made(HEAD, *rows[::-1]))]
    assert back == ids[::-1]
    elsewhere = items_of(made(HEAD, *rows, name="other.csv"))
    assert [statement_of(each)["statement_id"] for each in elsewhere] == ids


def test_a_column_of_ids_is_used_with_the_name_of_the_file(made: Callable[..., Path]) -> None:
    """Numbers as ids would clash with those of the next table."""
    [item] = items_of(made(["ID", *HEAD], ["17", *SOUND], name="kabul.csv"))
    assert statement_of(item)["statement_id"] == "kabul-17"


def test_a_row_whose_content_changed_under_its_id_is_a_conflict(
    folder: Path, made: Callable[..., Path]
) -> None:
    """It is refused with its row; the way out is a revision."""
    call("import", "csv", made(["ID", *HEAD], ["17", *SOUND]), ledger=folder)
    changed = made(["ID", *HEAD], ["17", *SOUND[:3], "> 9000", "TASS"])

    done = call("import", "csv", changed, ledger=folder)

    assert done.code == 3
    assert "row 2, column ID" in done.err
    assert "revise_statement" in done.err


# ── names ────────────────────────────────────────────────────────────────────────────────────


KNOWN = (
    {"command": "register_speaker", "speaker_id": "zk", "kind": "person", "name": "Zamir Kabulov",
     "aliases": ["Kabulow"]},
    {"command": "register_speaker", "speaker_id": "who", "kind": "organization",
     "name": "World Health Organization"},
    {"command": "register_speaker", "speaker_id": "ali-1", "kind": "person", "name": "Ali"},
    {"command": "register_speaker", "speaker_id": "ali-2", "kind": "person", "name": "Ali"},
    {"command": "define_measure", "measure_id": "daesh", "label": "Fighters", "unit": "people"},
)  # fmt: skip


def imported(folder: Path, file: Path, *words: str) -> Outcome:
    """Import a CSV file."""
    return call("import", "csv", "--json", "--skip-invalid", *words, file, ledger=folder)


def said_by(folder: Path) -> list[tuple[str, str]]:
    """Speaker and measure of every statement, in order."""
    recorded = [each["data"] for each in events(folder) if "statement.recorded" in each["type"]]
    return [(each["speaker_id"], each["estimates"][0]["measure_id"]) for each in recorded]


def test_names_of_the_ledger_are_found(ledger: Ledger, made: Callable[..., Path]) -> None:
    """By id, name or alias, whatever the case; the measure by its label."""
    ledger.submit(KNOWN)
    folder = ledger.log.folder
    names = ["zk", "ZAMIR KABULOV", "Kabulow", "Somebody Else"]

    done = imported(folder, made(HEAD, *([name, *SOUND[1:]] for name in names)))

    assert done.code == 0, done.err
    assert said_by(folder) == [("zk", "daesh")] * 3 + [("somebody-else", "daesh")]


def test_a_name_that_is_not_certain_is_refused(ledger: Ledger, made: Callable[..., Path]) -> None:
    """Two bear it, or its id belongs to somebody else; the mapping says who is meant."""
    ledger.submit(KNOWN)
    folder = ledger.log.folder
    file = made(HEAD, ["Ali", *SOUND[1:]], ["WHO", *SOUND[1:]], ["Who?", *SOUND[1:]])

    faults = json.loads(imported(folder, file).out)["refused"]

    assert [(each["number"], each["column"]) for each in faults] == [
        (2, "Speaker"), (3, "Speaker"), (4, "Speaker"),
    ]  # fmt: skip
    assert "may mean ali-1, ali-2" in faults[0]["what"]
    assert "World Health Organization has" in faults[1]["what"]
    assert "speakers:" in faults[1]["way_out"]


def test_the_mapping_says_who_is_meant(
    ledger: Ledger, made: Callable[..., Path], tmp_path: Path
) -> None:
    """By an id that the ledger has, or by somebody to be registered; unknown ids are refused."""
    ledger.submit(KNOWN)
    folder, mapping = ledger.log.folder, tmp_path / "m.yaml"
    mapping.write_text(
        "columns: {speaker: Speaker, said_at: Date, proposition: Claim, value: Fighters,"
        " measure: {constant: Kämpfer}}\n"
        "speakers:\n"
        "  Ali: ali-2\n"
        "  WHO: {id: who-band, name: The Who, kind: group}\n"
        "  Nobody: nobody-at-all\n"
        "measures: {Kämpfer: daesh}\n"
    )
    names = ["Ali", "WHO", "Nobody"]
    file = made(HEAD, *([name, *SOUND[1:]] for name in names))

    done = imported(folder, file, "--mapping", str(mapping))

    assert said_by(folder) == [("ali-2", "daesh"), ("who-band", "daesh")]
    [fault] = json.loads(done.out)["refused"]
    assert (fault["number"], fault["column"]) == (4, "Speaker")
    again = imported(folder, file, "--mapping", str(mapping))
    assert json.loads(again.out)["events"] == 0


def test_a_speaker_whose_name_was_revised_is_found_again(
    ledger: Ledger, made: Callable[..., Path]
) -> None:
    """A second import writes nothing though the speaker is called otherwise now."""
    folder, file = ledger.log.folder, made(HEAD, ["Kabulow", *SOUND[1:]])
    imported(folder, file)
    ledger.submit({"command": "revise_speaker", "speaker_id": "kabulow", "name": "Zamir Kabulov",
                   "reason": "spelling"})  # fmt: skip
    before = log_bytes(folder)

    again = imported(folder, file)

    assert json.loads(again.out)["unchanged"] == 1, again.err
    assert log_bytes(folder) == before


def test_a_publisher_that_speaks_too_is_one_speaker(
    folder: Path, made: Callable[..., Path]
) -> None:
    """TASS is the outlet of one row and the speaker of another."""
    head = ["Speaker", "Claim", "Outlet"]
    done = imported(folder, made(head, ["A", "a b", "TASS"], ["TASS", "c d", "A"]))
    report = json.loads(done.out)
    assert (report["refused"], report["made"]["speaker"]) == ([], 2)


# ── guessing ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        (["Who", "When", "Statement", "Number", "Link"],
         {"speaker": "Who", "said_at": "When", "proposition": "Statement", "value": "Number",
          "url": "Link"}),
        (["Sprecher", "Datum", "Aussage", "Anzahl", "Quelle"],
         {"speaker": "Sprecher", "said_at": "Datum", "proposition": "Aussage", "value": "Anzahl",
          "source": "Quelle"}),
        (["Orateur", "Date", "Affirmation", "Chiffre", "Lien"],
         {"speaker": "Orateur", "said_at": "Date", "proposition": "Affirmation",
          "value": "Chiffre", "url": "Lien"}),
        (["Quién", "Fecha", "Afirmación", "Cifra", "Enlace"],
         {"speaker": "Quién", "said_at": "Fecha", "proposition": "Afirmación", "value": "Cifra",
          "url": "Enlace"}),
        (["Quem", "Data", "Declaração", "Quantidade", "Fonte"],
         {"speaker": "Quem", "said_at": "Data", "proposition": "Declaração",
          "value": "Quantidade", "source": "Fonte"}),
        (["speaker_name", "Date of statement", "Claim (English)", "x", "Source URL"],
         {"speaker": "speaker_name", "said_at": "Date of statement",
          "proposition": "Claim (English)", "value": "x", "url": "Source URL"}),
        (["Speaker", "c1", "c2", "c3", "c4"],  # the cells tell
         {"speaker": "Speaker", "said_at": "c1", "proposition": "c2", "value": "c3",
          "source": "c4"}),
    ],
)  # fmt: skip
def test_columns_are_guessed_by_words_and_by_cells(
    made: Callable[..., Path], head: list[str], fields: dict[str, str]
) -> None:
    """In five languages; what no word tells the cells may tell."""
    rows = [
        ["Zamir", f"2018-02-{day:02}", f"There are {day} of them in the hills.", f"{day}00",
         f"https://news.example/{day}"]
        for day in range(1, 20)
    ]  # fmt: skip
    columns = tables.guess("csv", [str(made(head, *rows))])["columns"]
    assert {name: columns[name]["column"] for name in fields} == fields
    assert columns["reference_period"] == columns["said_at"]


def test_what_is_needed_and_cannot_be_guessed_is_asked_for(
    folder: Path, made: Callable[..., Path]
) -> None:
    """The way out names the setting, and works; the rest is still guessed."""
    file = made(["Col A", "Date", "Claim", "Fighters", "Source"], SOUND)

    done = call("import", "csv", file, ledger=folder)
    assert done.code == 2
    assert "--set columns.speaker=" in done.err
    assert "The columns are Col A, Date" in done.err
    again = call("import", "csv", "--set", "columns.speaker=Col A", file, ledger=folder)
    assert again.code == 0, again.err
    assert said_by(folder) == [("zamir-kabulov", "fighters")]
    constant = call("import", "csv", "--set", "columns.speaker.constant=Ana", file, ledger=folder)
    assert constant.code == 0, constant.err
    assert said_by(folder)[1] == ("ana", "fighters")


def test_a_table_without_header_is_told_from_one(made: Callable[..., Path]) -> None:
    """Its first row is no header; columns are numbers."""
    file = made(SOUND, SOUND)
    with pytest.raises(UsageFault, match="No column says who speaks"):
        tables.guess("csv", [str(file)])
    said = {"speaker": "#1", "proposition": "#3"}
    first, second = items_of(file, columns=said, header=0)
    assert [first.number, second.number] == [1, 2]
    assert statement_of(first)["proposition"] == SOUND[2]


def test_titles_above_the_header_and_blank_rows_are_passed_over(
    made: Callable[..., Path],
) -> None:
    """Row numbers stay those of the file."""
    file = made(["Figures of 2018"], [], HEAD, SOUND, ["", "", "", "", ""], [], SOUND)
    assert tables.guess("csv", [str(file)])["header"] == 3
    assert [item.number for item in items_of(file)] == [4, 7]


@pytest.mark.parametrize("mark", [";", "\t", "|", ","])
def test_the_delimiter_is_found(made: Callable[..., Path], mark: str) -> None:
    """Commas inside of cells do not mislead."""
    claim = "They are many, many more, they say."
    file = made(HEAD, *([*SOUND[:2], claim, *SOUND[3:]] for _ in range(5)), mark=mark)
    assert statement_of(items_of(file)[0])["proposition"] == claim
    assert tables.guess("csv", [str(file)]).get("delimiter", ",") == mark


def test_a_tsv_file_has_tabs(made: Callable[..., Path]) -> None:
    """Also where its cells have more commas than it has tabs."""
    file = made(["Who", "Claim"], *(["A", "a, b, c, d; e"] for _ in range(3)), mark="\t")
    assert len(items_of(file, "tsv")) == 3


# ── dates ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("2018-12-31", "2018-12-31"), ("2018-2-5", "2018-02-05"), ("2018/12/31", "2018-12-31"),
        ("31.12.2018", "2018-12-31"), ("1. 2. 2018", "2018-02-01"), ("12/31/2018", "2018-12-31"),
        ("31-12-2018", "2018-12-31"), ("02/02/2018", "2018-02-02"), ("Feb 2018", "2018-02"),
        ("Sept. 2018", "2018-09"), ("8 February 2018", "2018-02-08"), ("2018", "2018"),
        ("February 8, 2018", "2018-02-08"), ("8th of May 2018", "2018-05-08"),
        ("8. Februar 2018", "2018-02-08"), ("März 2018", "2018-03"),
        ("1er août 2018", "2018-08-01"),
        ("8 de febrero de 2018", "2018-02-08"), ("1º de março de 2018", "2018-03-01"),
        ("12.2018", "2018-12"), ("2018?", "2018?"), ("2018-XX", "2018-XX"), ("2015/..", "2015/.."),
        ("2018-12-31 00:00:00", "2018-12-31"), ("2018-12-31 14:05", "2018-12-31"),
        ("2018-12-31 14:05:33", "2018-12-31T14:05:33"),
        ("2018-12-31T14:05:33.25+0100", "2018-12-31T14:05:33+01:00"),
    ],
)  # fmt: skip
def test_dates_as_people_write_them(text: str, edtf: str) -> None:
    """Never more precise than they stand there."""
    assert edtf_of(text) == edtf


@pytest.mark.parametrize(
    ("text", "form", "edtf"),
    [
        ("03/02/2018", "%d/%m/%Y", "2018-02-03"), ("03/02/2018", "%m/%d/%Y", "2018-03-02"),
        ("31.12.18", "%d.%m.%y", "2018-12-31"), ("31.12.78", "%d.%m.%y", "1978-12-31"),
        ("2/2018", "%m/%Y", "2018-02"), ("3 févr. 2018", "%d %b %Y", "2018-02-03"),
        ("2018", "%d/%m/%Y", "2018"), ("Feb 2018", "%d/%m/%Y", "2018-02"),
        ("31.12.2018 14:05:09", "%d.%m.%Y %H:%M:%S", "2018-12-31T14:05:09"),
    ],
)  # fmt: skip
def test_dates_by_a_format(text: str, form: str, edtf: str) -> None:
    """As precise as the format; what is unmistakable beside it is read too."""
    assert edtf_of(text, form) == edtf


def test_a_date_that_is_not_of_its_format_is_refused() -> None:
    """Not silently turned round."""
    with pytest.raises(Refused, match="does not have the form"):
        edtf_of("12/31/2018", "%d/%m/%Y")


def test_the_order_of_day_and_month_is_that_of_the_column(made: Callable[..., Path]) -> None:
    """One cell decides for all; where none does it is asked for, and the way out works."""
    rows = [
        ["A", day, "They are many, they say.", "5", "TASS"] for day in ("02/03/2018", "13/03/2018")
    ]
    file = made(HEAD, *rows)
    assert tables.guess("csv", [str(file)])["columns"]["said_at"]["format"] == "%d/%m/%Y"
    assert statement_of(items_of(file)[0])["said_at"] == "2018-03-02"

    unclear = made(HEAD, rows[0])
    with pytest.raises(Refused) as refused:
        tables.guess("csv", [str(unclear)])
    assert "may be 2018-03-02 or 2018-02-03" in refused.value.what
    assert refused.value.place.field == "Date"
    assert "--set date_format=%m/%d/%Y" in refused.value.way_out
    [item] = items_of(unclear, date_format="%m/%d/%Y")
    assert statement_of(item)["said_at"] == "2018-02-03"


def test_a_column_that_mixes_both_orders_decides_nothing(made: Callable[..., Path]) -> None:
    """What is clear by itself is read, what is not is refused with its row."""
    days = ["13/03/2018", "03/13/2018", "02/03/2018"]
    rows = [["A", day, "They are many, they say.", "5", "TASS"] for day in days]
    one, two, three = items_of(made(HEAD, *rows))
    assert {statement_of(each)["said_at"] for each in (one, two)} == {"2018-03-13"}
    assert (fault_of(three).number, fault_of(three).column) == (4, "Date")


@given(
    st.dates(date(1000, 1, 1)), st.sampled_from(["%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y-%m-%d"])
)
def test_a_date_comes_back_by_its_format(day: date, form: str) -> None:
    """Whatever the day, the format that wrote it reads it, and no format reads it wrongly."""
    written = day.strftime(form).replace(day.strftime("%Y"), f"{day.year:04}")
    assert edtf_of(written, form) == day.isoformat()
    try:
        plain = edtf_of(written)
    except Refused:
        assert max(day.day, day.month) <= 12
    else:
        assert plain == day.isoformat()
    found = orders_in([written, "31/12/2018"])
    assert found.format is None or found.format == "%d/%m/%Y"


# ── numbers ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("3500", None, "3500"), ("10,000", ".", "10000"), ("10.000", ",", "10000"),
        ("1,5", None, "1.5"), ("1,5", ",", "1.5"), ("1.234,5", None, "1234.5"),
        ("1,234.5", None, "1234.5"), ("1.234.567", None, "1234567"), ("10 000", None, "10000"),
        ("10\u202f000", None, "10000"), ("10'000", None, "10000"), ("0.125", None, "0.125"),
        ("more than 10,000", ".", "more than 10000"), ("about 3,500", ".", "about 3500"),
        ("~3500", None, "~3500"), ("≈ 3500", None, "≈ 3500"), (">= 20", None, ">= 20"),
        ("über 10.000", ",", "more than 10000"), ("mindestens 20", None, "at least 20"),
        ("plus de 300", None, "more than 300"), ("cerca de 300", None, "about 300"),
        ("más de 300", None, "more than 300"), ("até 300", None, "at most 300"),
        ("2,000-2,500", ".", "2000..2500"), ("10–20", None, "10..20"), ("10..20", None, "10..20"),
        ("10,000+", ".", ">= 10000"), ("25%", None, "25%"), ("1,5 Mio.", ",", "1.5 million"),
        ("-5", None, "-5"), ("?", None, "?"),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, decimal: str | None, value: str) -> None:
    """The hedge stays, and how it stood is noted where the ledger's form does not show it."""
    found = value_of(text, decimal)
    assert found.value == value
    parse_value(found.value)
    try:
        plain = parse_value(text) == parse_value(value)
    except ClaimsError:
        plain = False
    assert found.note == (None if plain else f"In the table: {text}")


@pytest.mark.parametrize(
    ("cells", "decimal", "unclear"),
    [
        (["1,5", "10.000"], ",", None), (["1.5", "10,000"], ".", None),
        (["10,000"], None, "10,000"), (["3.512", "4.001"], None, "3.512"),
        (["10,000", "800"], ".", None), (["10.000", "800"], ",", None),
        (["3.512", "4"], None, "3.512"), (["1,5", "2.5"], None, None), (["7", "8"], None, None),
        (["1.234.567", "1.234"], ",", None), (["0,125", "1,250"], ",", None),
    ],
)  # fmt: skip
def test_the_sign_before_decimals_is_that_of_the_column(
    cells: list[str], decimal: str | None, unclear: str | None
) -> None:
    """Only a figure that can be read in one way decides."""
    assert marks_in(cells) == (decimal, unclear)


def test_a_german_comma_is_read_by_its_column_or_asked_for(
    folder: Path, made: Callable[..., Path]
) -> None:
    """`1,5` beside `10.000` decides; `10.000` alone is asked for; both ways out work."""
    head = ["Sprecher", "Datum", "Aussage", "Anzahl", "Quelle"]
    rows = [
        ["A", "31.12.2018", "Es sind viele, sagt er.", each, "dpa"] for each in ("1,5", "10.000")
    ]
    file = made(head, *rows, mark=";")
    assert [statement_of(each)["estimates"][0]["value"] for each in items_of(file)] == [
        "1.5", "10000",
    ]  # fmt: skip
    alone = made(head, rows[1], mark=";")
    done = call("import", "csv", alone, ledger=folder)
    assert done.code == 3
    assert '"10.000" may be 10000 or 10.000' in done.err
    assert "field Anzahl" in done.err
    assert call("import", "csv", "--set", "decimal=,", alone, ledger=folder).code == 0
    assert events(folder)[-1]["data"]["estimates"][0]["best"] == 10_000


def test_a_number_that_is_not_of_its_column_is_refused(made: Callable[..., Path]) -> None:
    """`1,5` where the column has decimal points."""
    cells = ["1.5", "2.5", "1,5", "1.2.3", "viele"]
    rows = [["A", "2018", "Es sind viele, sagt er.", each, "dpa"] for each in cells]
    columns = {"speaker": "Speaker", "proposition": "Claim", "measure": {"constant": "x"},
               "value": {"column": "Fighters", "decimal": "."}}  # fmt: skip
    items = items_of(made(HEAD, *rows), columns=columns)
    faults = [fault_of(each) for each in items[2:4]]
    assert [(each.number, each.column) for each in faults] == [(4, "Fighters"), (5, "Fighters")]
    assert '"1,5" is no number whose decimals stand after "."' in faults[0].what


# ── bad files ────────────────────────────────────────────────────────────────────────────────


def raw(path: Path, data: bytes) -> Path:
    """A file of bytes."""
    path.write_bytes(data)
    return path


TEXT = b"Speaker,Claim\n"


def test_bytes_of_another_encoding_spoil_their_row_alone(folder: Path, tmp_path: Path) -> None:
    """The byte and the row are told, and the encoding that the way out names is taken."""
    file = raw(tmp_path / "t.csv", TEXT + "A,vor\nB,für\nC,nach\n".encode("cp1252"))

    done = call("import", "csv", file, ledger=folder)

    assert done.code == 3
    assert (
        "row 3, column Claim: The row is not UTF-8: byte 0xfc at offset 23 of the file." in done.err
    )
    assert file.read_bytes()[23] == 0xFC
    assert "--set encoding=cp1252" in done.err
    again = call("import", "csv", "--set", "encoding=cp1252", file, ledger=folder)
    assert again.code == 0, again.err
    assert "für" in log_bytes(folder).decode()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_says_the_encoding(tmp_path: Path, encoding: str) -> None:
    """It is no part of the first column's name."""
    file = raw(tmp_path / "t.csv", "Speaker,Claim\nÄnne,größer\n".encode(encoding))
    [item] = items_of(file)
    assert statement_of(item)["proposition"] == "größer"
    assert tables.guess("csv", [str(file)]).get("encoding") == (
        None if encoding == "utf-8-sig" else encoding
    )


@pytest.mark.parametrize(
    ("data", "column", "said"),
    [
        (b"A\n", "Claim", "The row has 1 cell; the header has 2"),
        (b"A,b,c\n", None, "The row has 3 cells; the header has 2"),
        (b"A,b\0c\n", "Claim", "NUL"),
        (b'"A,b\n', None, "quotation mark"),
        (b'"A"x,b\n', None, "closing quotation mark"),
        (b"A," + b"x" * 10_000_000 + b"\n", "Claim", "more than 131,072 characters"),
        (b'"A, ""x""","' + b"x, " * 3_000_000 + b'"\n', "Claim", "more than 131,072 characters"),
        (b"x" * 10_000_000 + b",b\n", "Speaker", "more than 131,072 characters"),
        (b"A," + b"x" * 200_000 + b"\n", "Claim", "more than 131,072 characters"),
        (b",b\n", "Speaker", "no speaker"),
        (b"A,\n", "Claim", "does not say what is claimed"),
    ],
)  # fmt: skip
def test_a_bad_row_spoils_no_other(
    tmp_path: Path, data: bytes, column: str | None, said: str
) -> None:
    """It is one fault with its line and column; the rows before and after it are read."""
    file = raw(tmp_path / "t.csv", TEXT + b"First,one\n" + data + b"Last,two\n")
    first, bad, last = items_of(file)
    assert [statement_of(each)["proposition"] for each in (first, last)] == ["one", "two"]
    fault = fault_of(bad)
    assert (fault.number, fault.column) == (3, column)
    assert said in fault.what
    assert fault.way_out


def test_a_cell_is_too_long_whatever_others_let_the_csv_module_take(tmp_path: Path) -> None:
    """The module's own limit is one for the whole process, and libraries lift it."""
    file = raw(tmp_path / "t.csv", TEXT + b"A," + b"x" * 200_000 + b"\nLast,two\n")
    before = csv.field_size_limit(1 << 30)
    try:
        bad, last = items_of(file)
    finally:
        csv.field_size_limit(before)
    assert (fault_of(bad).column, statement_of(last)["proposition"]) == ("Claim", "two")


@pytest.mark.parametrize("cell", ["31 February 2018", "31.02.2018", "2018/02/31", "2018-02-31"])
def test_a_day_that_is_not_in_the_calendar_is_told_in_its_own_words(
    folder: Path, tmp_path: Path, cell: str
) -> None:
    """As the cell has it, with its row and column."""
    table = f"Speaker,Claim,Date\nA,b,2018-02-28\nA,c,{cell}\n".encode()

    done = call("import", "csv", raw(tmp_path / "t.csv", table), ledger=folder)

    assert done.code == 3
    assert f'row 3, column Date: "{cell}" is not in the calendar.' in done.err


def test_too_few_cells_name_the_first_that_is_missing(tmp_path: Path) -> None:
    """So a person sees where a delimiter was lost."""
    [item] = items_of(raw(tmp_path / "t.csv", b"Speaker,Claim,Note\nA,b\n"))
    assert fault_of(item).column == "Note"


def test_a_quotation_mark_that_is_never_closed_spoils_one_row(tmp_path: Path) -> None:
    """Not all that comes after it, however long the file."""
    rows = "".join(f"S{at},claim number {at}\n" for at in range(20_000))
    file = raw(tmp_path / "t.csv", TEXT + b'X,"open\n' + rows.encode())
    items = items_of(file)
    assert [item.number for item in items if isinstance(item, Fault)] == [2]
    assert len(items) == 20_001


def test_cells_of_several_lines_count_as_one_row(tmp_path: Path) -> None:
    """A row's number is the line on which it begins."""
    file = raw(tmp_path / "t.csv", TEXT + b'A,"one\ntwo"\nB,c\n')
    first, second = items_of(file)
    assert (first.number, second.number) == (2, 4)
    assert statement_of(first)["proposition"] == "one\ntwo"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems(tmp_path: Path, end: str) -> None:
    """LF, CRLF and CR."""
    file = raw(tmp_path / "t.csv", end.join(["Speaker,Claim", "A,b", "C,d"]).encode())
    assert [item.number for item in items_of(file)] == [2, 3]


def test_a_header_alone_is_a_table_of_no_rows(folder: Path, tmp_path: Path) -> None:
    """Nothing is read, nothing refused."""
    done = call("import", "csv", raw(tmp_path / "t.csv", ",".join(HEAD).encode()), ledger=folder)
    assert done.code == 0, done.err
    assert "0 rows: 0 read, 0 refused. Nothing new." in done.err


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b",,,\n"])
def test_a_file_without_a_table_is_refused(folder: Path, tmp_path: Path, data: bytes) -> None:
    """In a sentence."""
    done = call("import", "csv", raw(tmp_path / "t.csv", data), ledger=folder)
    assert done.code == 3
    assert "holds no table" in done.err


def test_names_of_columns_that_are_not_one(made: Callable[..., Path]) -> None:
    """Twice the same, empty or unknown: told, with a way to name them by number."""
    file = made(["Speaker", "Claim", "Note", "Note", ""], ["A", "b", "c", "d", "e"])
    assert "note" not in tables.guess("csv", [str(file)])["columns"]
    columns = {"speaker": "Speaker", "proposition": "Claim"}
    for wanted, said in (("Note", "2 columns are called"), ("Klaim", "No column is called"),
                         ("#9", "There is no column #9")):  # fmt: skip
        with pytest.raises(Refused, match=said):
            items_of(file, columns=columns | {"note": wanted})
    for wanted, cell in (("#4", "d"), ("#5", "e")):
        [item] = items_of(file, columns=columns | {"note": wanted})
        assert statement_of(item)["note"] == cell


# ── workbooks ────────────────────────────────────────────────────────────────────────────────


def test_a_workbook_gives_what_its_cells_show(booked: Callable[..., Path]) -> None:
    """Numbers, dates as precise as they are shown, texts; rows are those of the sheet."""

    def shown(book: Workbook) -> None:
        sheet = book["Data"]
        sheet["B3"].number_format = "mmm yyyy"
        sheet["B4"].number_format = "yyyy"

    days = [date(2018, 2, 3), date(2018, 2, 1), date(2018, 1, 1),
            datetime.fromisoformat("2018-02-03T14:05:09"), "Feb 2018"]  # fmt: skip
    numbers = [3500, 0.1 + 0.2, "~20", 12.0, "10 000"]
    rows = [["A", day, f"There are {at} of them.", number]
            for at, (day, number) in enumerate(zip(days, numbers, strict=True))]  # fmt: skip
    file = booked(shown, Data=[HEAD[:4], *rows])

    items = items_of(file, "xlsx")

    assert [item.number for item in items] == [2, 3, 4, 5, 6]
    said = [statement_of(each) for each in items]
    assert [each["said_at"] for each in said] == [
        "2018-02-03", "2018-02", "2018", "2018-02-03T14:05:09", "2018-02",
    ]  # fmt: skip
    assert [each["estimates"][0]["value"] for each in said] == ["3500", "0.3", "~20", "12", "10000"]


def test_a_workbook_and_its_csv_give_the_same_statements(
    booked: Callable[..., Path], made: Callable[..., Path]
) -> None:
    """But for the source, which is the file."""
    rows = [[*SOUND[:4], f"https://news.example/{at}"] for at in range(3)]
    book, table = items_of(booked(Data=[HEAD, *rows]), "xlsx"), items_of(made(HEAD, *rows))
    assert [statement_of(each) for each in book] == [statement_of(each) for each in table]


def test_one_of_several_sheets_is_asked_for(folder: Path, booked: Callable[..., Path]) -> None:
    """Empty ones do not count; the way out works; an unknown one is told."""
    file = booked(One=[HEAD, SOUND], Empty=[], Two=[HEAD, SOUND, SOUND])
    done = call("import", "xlsx", file, ledger=folder)
    assert done.code == 3
    assert "several sheets: One, Empty, Two" in done.err
    assert '--set sheet="One"' in done.err
    assert len(items_of(file, "xlsx", sheet="two")) == 2
    with pytest.raises(Refused, match="No sheet is called"):
        items_of(file, "xlsx", sheet="Three")
    single = booked(Empty=[], Two=[HEAD, SOUND])
    assert tables.guess("xlsx", [str(single)])["sheet"] == "Two"


def test_formulas_count_by_their_kept_values(booked: Callable[..., Path]) -> None:
    """One that nothing has worked out is a fault where its column is asked for; so is #N/A."""
    rows = [["A", "2018", "There are some of them.", value] for value in ("=1+2", 7, "#N/A", 8)]
    file = booked(Data=[[*HEAD[:4], "Unused"], *([*row, "=NOW()"] for row in rows)])
    one, two, three, four = items_of(file, "xlsx")
    assert (fault_of(one).number, fault_of(one).column) == (2, "Fighters")
    assert "formula has no value" in fault_of(one).what
    assert "error #N/A" in fault_of(three).what
    assert [statement_of(each)["estimates"][0]["value"] for each in (two, four)] == ["7", "8"]

    kept = file.with_name("kept.xlsx")
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(kept, "w") as after:
        for name in before.namelist():
            data = before.read(name).replace(b"<f>1+2</f><v />", b"<f>1+2</f><v>3</v>")
            after.writestr(name, data.replace(b"<f>1+2</f><v></v>", b"<f>1+2</f><v>3</v>"))
    assert statement_of(items_of(kept, "xlsx")[0])["estimates"][0]["value"] == "3"


def test_merged_cells_are_refused_or_filled(booked: Callable[..., Path]) -> None:
    """A cell under a merged one holds no value; `merged: fill` repeats the one that is shown."""
    rows = [["A", "2018", "There are some of them.", 1], ["", "2019", "There are more of them.", 2]]
    file = booked(lambda book: book["Data"].merge_cells("A2:A3"), Data=[HEAD[:4], *rows])
    first, second = items_of(file, "xlsx")
    assert isinstance(first, Row)
    assert (fault_of(second).number, fault_of(second).column) == (3, "Speaker")
    assert "merged with others, rows 2 to 3" in fault_of(second).what
    _, filled = items_of(file, "xlsx", merged="fill")
    assert statement_of(filled)["speaker_id"] == "a"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"Speaker,Claim\nA,b\n", "no Excel workbook"),
        (b"", "no Excel workbook"),
        (b"PK\x03\x04 and nothing else", "no Excel workbook"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (OLE + b"\0" * 600, "older kind"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused(
    folder: Path, tmp_path: Path, data: bytes, said: str
) -> None:
    """With what it is, and no traceback."""
    done = call("import", "xlsx", raw(tmp_path / "t.xlsx", data), ledger=folder)
    assert done.code == 3
    assert said in done.err
    assert len(done.error) == 3


def packed(path: Path, **parts: bytes) -> Path:
    """A zip of parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "/") + ".xml", data)
    return path


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """By the sizes that its directory tells, of one part or of all, and by what is read whole."""
    bomb = packed(tmp_path / "a.xlsx", xl__worksheets__sheet1=b"\0" * 50_000_000)
    with pytest.raises(Refused, match="zip bomb"):
        check_package(bomb)
    wide = tmp_path / "b.xlsx"
    with zipfile.ZipFile(wide, "w") as package:  # stored as it is
        package.writestr("xl/sharedStrings.xml", b" " * (65 << 20))
    with pytest.raises(Refused, match="would unpack to 65 MiB, where 64 are taken"):
        check_package(wide)
    entities = packed(tmp_path / "c.xlsx", xl__workbook=b'<!DOCTYPE x [<!ENTITY a "b">]><x/>')
    with pytest.raises(Refused, match="entities"):
        check_package(entities)


def test_a_directory_that_lies_about_sizes_does_not_help(
    tmp_path: Path, booked: Callable[..., Path]
) -> None:
    """No more is unpacked than it says, and that is not what was packed."""
    file = booked(Data=[HEAD, *([*SOUND] for _ in range(2_000))])
    with zipfile.ZipFile(file) as package:
        size = package.getinfo("xl/worksheets/sheet1.xml").file_size
    data = file.read_bytes()
    lying = raw(tmp_path / "l.xlsx", data.replace(size.to_bytes(4, "little"), b"\x00\x10\0\0"))
    with pytest.raises(Refused, match="damaged"):
        items_of(lying, "xlsx")


def test_a_workbook_cut_short_or_changed_is_refused(
    tmp_path: Path, booked: Callable[..., Path]
) -> None:
    """Whatever byte of it is wrong: rows come out or a refusal, never a traceback."""
    data = booked(Data=[HEAD, *([*SOUND] for _ in range(30))]).read_bytes()
    chance = random.Random(7)
    for at in range(60):
        changed = bytearray(data)
        for _ in range(3):
            changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        file = raw(
            tmp_path / "c.xlsx",
            bytes(changed[: len(data) if at % 2 else chance.randrange(len(data))]),
        )
        try:
            items_of(file, "xlsx")
        except ClaimsError:
            continue


def test_a_huge_cell_of_a_workbook_is_refused(tmp_path: Path, booked: Callable[..., Path]) -> None:
    """Ten megabytes in one cell: a refusal in flat memory."""
    file = booked(Data=[HEAD[:3], ["A", "2018", "HUGE"]])
    big = tmp_path / "big.xlsx"
    noise = random.Random(1).randbytes(5_000_000).hex().encode()
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(big, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(b"HUGE", noise))
    with pytest.raises(Refused, match="more than 1,048,576 bytes"):
        items_of(big, "xlsx")


# ── whatever comes ───────────────────────────────────────────────────────────────────────────


@examples(25, 60)
@given(data=st.binary(max_size=400), headed=st.booleans())
def test_any_bytes_are_rows_or_refusals(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, *, headed: bool
) -> None:
    """No bytes lead to a traceback, and no two items have one number."""
    file = tmp_path_factory.mktemp("any") / "t.csv"
    file.write_bytes((TEXT if headed else b"") + data)
    try:
        items = items_of(file)
    except ClaimsError:
        return
    numbers = [item.number for item in items]
    assert len(set(numbers)) == len(numbers)


WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\x85\u2028\u2029"),
    min_size=1, max_size=12,
).filter(str.strip)  # fmt: skip


@examples(20, 40)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=8))
def test_texts_come_through_word_for_word(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    """Whatever the cells hold: delimiters, quotation marks, any script."""
    file = tmp_path_factory.mktemp("any") / "t.csv"
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows([("Speaker", "Claim"), *rows])
    chosen = checked(
        tables.SETTINGS, {"columns": {"speaker": "Speaker", "proposition": "Claim"}}, None
    )
    said = [statement_of(each)["proposition"] for each in tables.read("csv", [str(file)], chosen)]
    assert said == [claim.strip() for _, claim in rows]


# ── real data, and much of it ────────────────────────────────────────────────────────────────


def test_real_fact_checks_as_a_plain_table(tmp_path: Path) -> None:
    """FACTCK.BR (jghm-f/FACTCK.BR, MIT) by a mapping of its own: every row is read or refused."""
    file = SHARED / "data" / "factckbr" / "FACTCKBR.tsv"
    if not file.exists():
        pytest.skip(f"{file} is not here")
    columns = {"speaker": {"constant": "unnamed"}, "speaker_kind": {"constant": "unnamed"},
               "proposition": "claimReviewed", "url": "URL",
               "published": "datePublished"}  # fmt: skip
    chosen = checked(tables.SETTINGS, {"columns": columns}, None)
    items = list(tables.read("tsv", [str(file)], chosen))
    with file.open("rb") as opened:
        lines = sum(1 for _ in opened) - 1
    assert len(items) >= 1_300
    assert len({item.number for item in items}) == len(items) <= lines


MEASURE = """
import resource, sys
from ledger.importers import tables
from ledger.importers.settings import checked
form, path = sys.argv[1], sys.argv[2]
chosen = checked(tables.SETTINGS, tables.guess(form, [path]), None)
peaks = []
for at, _ in enumerate(tables.read(form, [path], chosen), 1):
    if at % 20_000 == 0:
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(at, peaks[1], peaks[-1])
"""


def numbered(at: int) -> list[str]:
    """A row of many, all different."""
    return [f"Speaker {at % 997}", f"20{at % 20:02}-{1 + at % 12:02}",
            f"There are {at} in the valley.", str(at), f"https://news.example/{at}"]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("form", "rows"), [("csv", 1_000_000), ("xlsx", 200_000)])
def test_memory_stays_flat(tmp_path: Path, form: str, rows: int) -> None:
    """A million rows take hardly more than forty thousand."""
    file = tmp_path / f"many.{form}"
    if form == "csv":
        with file.open("w", newline="") as opened:
            csv.writer(opened).writerows([HEAD, *map(numbered, range(rows))])
    else:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Data")
        for row in [HEAD, *map(numbered, range(rows))]:
            sheet.append(row)
        book.save(file)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, form, str(file)], capture_output=True, text=True,
        check=True, env=os.environ,
    )  # fmt: skip
    read, early, late = map(int, done.stdout.split())
    assert read == rows
    assert late - early < 80_000, "kilobytes"


@pytest.mark.slow
def test_a_hundred_thousand_rows_take_little_work(folder: Path, made: Callable[..., Path]) -> None:
    """Processor time from file to ledger, against that of a plain program that reads its lines."""
    file = made(HEAD, *map(numbered, range(100_000)))
    before = os.times()
    words = arguments(["import", "csv", "--json", file], folder)
    done = subprocess.run(words, capture_output=True, check=True)
    after = os.times()
    assert json.loads(done.stdout)["made"]["statement"] == 100_000
    spent = after.children_user + after.children_system
    spent -= before.children_user + before.children_system
    bare = bare_seconds(Log.open(folder).lines())
    sys.stdout.write(f"{spent:.1f} s, {spent / bare:.2f} times the work of a plain program\n")
    assert spent < MOST_WORK * bare

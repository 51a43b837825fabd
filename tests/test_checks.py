"""The checks of the data, each on examples worked by hand: what it finds, and what it leaves alone.

The examples of all checks lie in one ledger, so that a near miss is one for every check.
"""

import csv
import io
import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from check_cases import BASE, EXAMPLES, Command
from cli_tools import PROJECT, call, is_refusal
from hypothesis import given, settings
from hypothesis import strategies as st
from test_quantities import quantities

from events.values import Quantity
from ledger.api import Ledger
from ledger.quantities import format_quantity
from projections import catalog
from projections.checks import SEVERITIES, checks, findings, macros, run_checks

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = tuple[Any, ...]

NAMES = [check.name for check in checks()]


class Worked:
    """The ledger of all examples: at size `near` with the near misses alone, then whole."""

    def __init__(self, folder: Path, config: Path) -> None:
        self.folder, self.config = folder, config
        (folder.parent / "article.txt").write_text("The words of k-cited stand elsewhere.\n")
        with (
            patch.dict(os.environ, XDG_CONFIG_HOME=str(config)),
            Ledger.create(folder, origin="example.org/checks", actor="ana") as ledger,
        ):
            self.submit(ledger, BASE)
            self.submit(ledger, [each for one in EXAMPLES.values() for each in one.near])
            self.near = ledger.size
            self.submit(ledger, [each for one in EXAMPLES.values() for each in one.given])
            self.size = ledger.size
            views = ledger.views()
            self.found = self.findings(views.connection)
            views.set_as_of(self.near)
            self.found_near = self.findings(views.connection)

    def submit(self, ledger: Ledger, commands: Sequence[Command]) -> None:
        """Submit commands; what a void hides is found first."""
        others = [each for each in commands if each["command"] != "void_record"]
        ledger.submit(others, documents=self.folder.parent)
        places = dict(
            ledger.views()
            .connection.execute("select subject, min(position) from events group by all")
            .fetchall()
        )
        ledger.submit([
            {**each, "position": places[each["position"]]}
            for each in commands
            if each["command"] == "void_record"
        ])  # fmt: skip

    @staticmethod
    def findings(connection: "DuckDBPyConnection") -> list[Row]:
        """What all checks find."""
        run_checks(connection, checks())
        return findings(connection).fetchall()


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Worked:
    """The ledger of all examples."""
    folder = tmp_path_factory.mktemp("checks")
    return Worked(folder / "ledger", folder / "config")


def test_every_check_has_an_example() -> None:
    """No check is without an example, and none has an example that is no check."""
    assert sorted(EXAMPLES) == sorted(NAMES)


def test_near_misses_are_left_alone(worked: Worked) -> None:
    """As of before the examples no check finds anything in the near misses of any check."""
    assert worked.found_near == []


@pytest.mark.parametrize("name", NAMES)
def test_a_check_finds_its_example(worked: Worked, name: str) -> None:
    """A check finds what it is for, says it in a sentence, and finds nothing else."""
    found = sorted((row[2], row[4]) for row in worked.found if row[1] == name)
    assert found == sorted(EXAMPLES[name].found)


def test_findings_have_a_place_and_a_way_out(worked: Worked) -> None:
    """Each finding has the severity of its check, a position of an event, and commands to run."""
    severities = {check.name: check.header["severity"] for check in checks()}
    for severity, name, subject, position, finding, way_out in worked.found:
        assert severity == severities[name]
        assert re.fullmatch(r"[a-z]+/[a-z0-9._-]+", subject)
        assert 0 < position < worked.size
        assert finding.endswith(".")
        assert "claims " in way_out
    order = [(SEVERITIES.index(row[0]), row[1], row[3], row[2]) for row in worked.found]
    assert order == sorted(order)


@pytest.mark.parametrize("check", checks(), ids=lambda check: check.name)
def test_the_header_of_a_check(check: catalog.Definition) -> None:
    """A check says what it finds, why that matters, what to do, and what it reads."""
    head = check.header
    assert head["check"] == check.name
    assert head["severity"] in SEVERITIES
    assert all(head[word] for word in ("finds", "why", "do"))
    read = set(re.findall(r"\b(?:forms|seen)\.[a-z_]+", check.select))
    assert check.needs == read


def test_what_is_void_is_not_looked_at(ledger: Ledger) -> None:
    """A statement that is void is no finding, and one again once the void is void."""
    said = next(each for each in EXAMPLES["said_in_future"].given)
    ledger.submit([*BASE, said])
    position = ledger.size - 1
    connection = ledger.views().connection
    chosen = [check for check in checks() if check.name == "said_in_future"]
    counts = []
    for hidden in (None, position, position + 1):
        if hidden is not None:
            ledger.submit({"command": "void_record", "position": hidden, "reason": "a slip"})
            connection = ledger.views().connection
        run_checks(connection, chosen)
        counts.append(len(findings(connection).fetchall()))
    assert counts == [1, 0, 1]


def test_the_way_out_leads_out(worked: Worked, tmp_path: Path, key_home: Path) -> None:
    """What a finding says to do can be done as it stands, and the finding is gone then."""
    with Ledger.create(tmp_path / "ledger", origin="example.org/out", actor="ana") as ledger:
        example = EXAMPLES["number_contradicts_words"]
        ledger.submit([*BASE, example.given[0]])
    place = tmp_path / "ledger"
    only = ("check", "--only", "number_contradicts_words")
    found = call(*only, "--format", "jsonl", ledger=place)
    assert found.code == 1
    way_out = found.objects[0]["way_out"]
    assert way_out == 'claims revise estimate/e-x-numeral --set "value=…" --reason "…"'
    words = ["revise", "estimate/e-x-numeral", "--set", "value=3000", "--reason", "misread"]
    assert call(*words, ledger=place).code == 0
    assert call(*only, ledger=place).code == 0


# ── reading numbers and hedges ───────────────────────────────────────────────────────────────


class Reader:
    """Asks the macros of the checks; many things at once, since planning takes long."""

    def __init__(self) -> None:
        import duckdb

        self.connection = duckdb.connect()
        for shared in macros():
            self.connection.execute(shared.select).fetchall()

    def rows(self, sql: str, pairs: Sequence[tuple[str, object]]) -> list[Row]:
        """The rows of a query on the table `pairs`, of words and something else as text."""
        given = [{"words": words, "other": str(other)} for words, other in pairs]
        pair = "select unnest($pairs::struct(words varchar, other varchar)[], recursive := true)"
        return self.connection.execute(
            f"with pairs as materialized ({pair}) {sql}", {"pairs": given}
        ).fetchall()

    def says(self, pairs: Sequence[tuple[str, float]]) -> list[bool]:
        """Whether some English words may say some numbers."""
        asked = "select says(numbers_said(words, true), cast(other as double), null) from pairs"
        return [said for (said,) in self.rows(asked, pairs)]


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """One reader for all; its connection goes with it, though hypothesis keeps the object."""
    made = Reader()
    yield made
    made.connection.close()
    del made.connection


ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def numeral(number: int) -> str:
    """A number in English words, as they are written."""
    for worth, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand")):
        if number >= worth:
            rest = number % worth
            return f"{numeral(number // worth)} {name}" + (f" {numeral(rest)}" if rest else "")
    if number >= 100:
        rest = number % 100
        return f"{ONES[number // 100]} hundred" + (f" and {numeral(rest)}" if rest else "")
    if number >= 20:
        return TENS[number // 10] + (f"-{ONES[number % 10]}" if number % 10 else "")
    return ONES[number]


@settings(max_examples=5, deadline=None)
@given(numbers=st.lists(st.integers(0, 10_000) | st.integers(0, 10**11), min_size=100))
def test_numerals_say_their_number(reader: Reader, numbers: list[int]) -> None:
    """English numerals of any size say their number, and not the next one."""
    assert all(reader.says([(f"{numeral(each)} men", each) for each in numbers]))
    assert not any(reader.says([(f"{numeral(each)} men", each + 1) for each in numbers]))


@settings(max_examples=5, deadline=None)
@given(drawn=st.lists(quantities(), min_size=50))
def test_what_the_ledger_writes_contradicts_nothing(reader: Reader, drawn: list[Quantity]) -> None:
    """A number beside the words that the ledger itself makes of it is never found."""
    worded = [(format_quantity(each), each) for each in drawn]
    pairs = [
        (words, bound)
        for words, each in worded
        for bound in (each.low, each.best, each.high)
        if bound is not None
    ]
    assert [pair for pair, said in zip(pairs, reader.says(pairs), strict=True) if not said] == []
    asked = """
        select words, other from pairs
        where not hedge_kept(
            hedge_said(before_number(words, words, 0), after_number(words, words, length(words))),
            other
        )
    """
    assert reader.rows(asked, [(words, each.comparator) for words, each in worded]) == []


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("two and a half million people", [2_500_000]),
        ("half a million", [500_000]),
        ("a dozen or two dozen men", [12, 24]),
        ("two or three hundred", [200, 300]),
        ("10 to 20 thousand", [10_000, 20_000]),
        ("12 345 men", [12_345]),
        ("٣٥٠٠ مقاتل", [3_500]),
        ("понад 3 тис. осіб", [3_000]),
        ("1 in 4", [0.25]),
        ("25 per cent", [0.25]),
        ("1.234.567,8", [1_234_567.8]),
        ("1,5 million", [1_500_000]),
    ],
)
def test_words_say_numbers(reader: Reader, words: str, numbers: list[float]) -> None:
    """Figures and numerals are read as people write them."""
    assert reader.says([(words, each) for each in (*numbers, 7)]) == [True] * len(numbers) + [False]


@pytest.mark.parametrize(
    "words", ["several hundred", "a third", "½ of them", "thousands", "no one", "a pair", "一百"]
)
def test_words_that_say_no_number(reader: Reader, words: str) -> None:
    """What cannot be read for certain says nothing, so that nothing is held against it."""
    asked = "select numbers_said(words, true) from pairs"
    assert reader.rows(asked, [(words, None)]) == [([],)]


# ── the command ──────────────────────────────────────────────────────────────────────────────


def test_check_groups_what_it_finds(worked: Worked) -> None:
    """Findings come under their check with counts, each with what to do; the exit code is 1."""
    only = ("--only", "hedge_contradicts_words", "--only", "share_out_of_range")
    said = call("check", *only, "--limit", "2", ledger=worked.folder)
    assert said.code == 1
    assert said.text.splitlines() == [
        "error share_out_of_range: 2 findings",
        *lines_of(worked, "share_out_of_range", 2),
        "",
        "warning hedge_contradicts_words: 4 findings",
        *lines_of(worked, "hedge_contradicts_words", 2),
        "  … and 2 more: claims check --only hedge_contradicts_words --limit 4",
    ]
    assert said.err == (f"6 findings by 2 checks of {worked.size} events: 2 errors, 4 warnings.\n")


def lines_of(worked: Worked, name: str, most: int) -> Iterator[str]:
    """The lines that say what a check found."""
    rows = [row for row in worked.found if row[1] == name][:most]
    for _, _, subject, position, finding, way_out in rows:
        yield f"  {subject} (position {position}): {finding}"
        yield f"    do: {way_out}"


def test_check_finds_nothing(worked: Worked) -> None:
    """Where nothing is found nothing is printed, and the exit code is 0."""
    only = ("--only", "said_in_future", "--only", "url_not_web")
    said = call("check", *only, "--as-of", str(worked.near), ledger=worked.folder)
    assert (said.code, said.out) == (0, b"")
    assert said.err == f"No finding by 2 checks of {worked.near} events.\n"


def test_check_in_other_formats(worked: Worked) -> None:
    """Every format has the same rows; a table shows the columns that people read."""
    only = ("check", "--only", "rating_off_scale")
    as_json = call(*only, "--format", "json", ledger=worked.folder)
    as_csv = call(*only, "--format", "csv", ledger=worked.folder)
    table = call(*only, "--format", "table", ledger=worked.folder)
    (row,) = json.loads(as_json.out)
    (cells,) = csv.DictReader(io.StringIO(as_csv.text))
    assert cells == {key: str(value) for key, value in row.items()}
    assert (row["severity"], row["subject"]) == ("error", "statement/j-rated")
    assert table.text.splitlines()[0].split() == [
        "severity", "check", "subject", "position", "finding",
    ]  # fmt: skip
    assert as_json.code == as_csv.code == table.code == 1


def test_check_of_a_severity(worked: Worked) -> None:
    """`--severity error` finds errors alone, `warning` also warnings, `note` all."""
    only = ("--only", "said_in_future", "--only", "url_not_web", "--only", "measure_without_unit")
    found = {}
    for least in ("error", "warning", "note"):
        said = call("check", *only, "--severity", least, "--format", "jsonl", ledger=worked.folder)
        found[least] = [row["severity"] for row in said.objects]
    assert found == {
        "error": ["error"],
        "warning": ["error", "warning"],
        "note": ["error", "warning", "note"],
    }


def test_check_list_names_every_check() -> None:
    """`--list` says of each check what it finds, why and what to do; it needs no ledger."""
    said = call("check", "--list")
    assert said.code == 0
    for check in checks():
        assert f"{check.header['severity']} {check.name}\n  finds: " in said.text
        assert f"  do: {check.header['do']}" in said.text


def test_check_knows_its_checks() -> None:
    """A check that is none is refused with the one that is meant."""
    said = call("check", "--only", "ratings_off_scale")
    assert is_refusal(said, 2)
    assert said.error[-1] == "   do: Did you mean rating_off_scale?"


@pytest.mark.slow
def test_the_seeds_give_notes_alone(tmp_path: Path) -> None:
    """The five texts of the seeds have true notes: sources and speakers that lack a name."""
    place = tmp_path / "demo"
    assert call("demo", place).code == 0
    said = call("check", "--format", "jsonl", ledger=place)
    assert [(row["check"], row["subject"]) for row in said.objects] == [
        ("source_without_origin", "source/news-desk-2023-02-12"),
        ("source_without_origin", "source/abu-ahmad-rtvi"),
        ("source_without_origin", "source/us-isis-k-2023-01-20"),
        ("speaker_unnamed", "speaker/unnamed-reports-2022-12"),
        ("speaker_unnamed", "speaker/unnamed-whatsapp-writers"),
        ("speaker_unnamed", "speaker/unnamed-russian-officials-2015-10"),
        ("speaker_unnamed", "speaker/unnamed-news-desk-2023-02-12"),
        ("speaker_unnamed", "speaker/unnamed-us-isis-k-2023-01-20"),
    ]
    assert (PROJECT / "projections" / "checks").is_dir()

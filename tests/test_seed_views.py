"""What the analyst's views show of the five seed texts."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.api import Ledger
from ledger.cli.recording import prepare_from_sheet
from ledger.sheets import read_sheets

SHEETS = Path(__file__).parents[1] / "seeds" / "sheets"

Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger of every sheet of the seeds."""
    home = tmp_path_factory.mktemp("seeds")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(home / "config"))
        with Ledger.create(home / "ledger", origin="example.org/seeds", actor="ana") as made:
            commands = read_sheets(sorted(SHEETS.glob("*.yaml")))
            made.append([prepare_from_sheet(each, SHEETS.parent) for each in commands])
            yield made


@pytest.fixture
def ask(seeds: Ledger) -> Ask:
    """Ask the seeds in SQL."""
    return lambda sql: seeds.query(sql).fetchall()


def test_one_utterance_in_two_translations(ask: Ask) -> None:
    """What Kabulov said in January 2023 is one statement, with reports from both outlets."""
    statement = "kabulov-2023-01-no-peace"
    assert ask(f"select count(*) from statements where statement_id = '{statement}'") == [(1,)]
    told = ask(f"""
        select source_id, lag_days, via_text, words_added
        from repetitions where statement_id = '{statement}' order by nth
    """)
    assert told[0] == ("us-isis-k-2023-01-20", 0, "TASS", [])
    assert told[-1] == ("news-desk-2023-02-12", 23, "Press TV", ["isn't", "troubled"])
    assert ask(f"""
        select outlets, primary_sources, primary_source_names
        from corroboration where statement_id = '{statement}'
    """) == [(2, 2, ["Press TV", "TASS"])]


def test_the_airport_toll_is_two_accounts(ask: Ask) -> None:
    """The toll at the airport stands in two statements of two sources."""
    assert ask("""
        select source_id, claimed from estimates_over_time
        where starts_with(measure_id, 'kabul-airport-attack-2021')
        order by source_id, low nulls last
    """) == [
        ("news-desk-2023-02-12", "13"),
        ("news-desk-2023-02-12", "less than 200"),
        ("us-isis-k-2023-01-20", "13"),
        ("us-isis-k-2023-01-20", "at least 170"),
    ]
    assert ask("""
        select count(distinct statement_id), count(distinct source_id) from estimates_over_time
        where measure_id = 'kabul-airport-attack-2021-us-military-killed'
    """) == [(2, 2)]


def test_a_series_is_no_conflict(ask: Ask) -> None:
    """The figures of 2015 and 2017 are one series of one measure, and nothing conflicts."""
    assert ask("""
        select distinct reference_period, claimed from militant_estimates
        where speaker_id = 'zamir-kabulov' and measure_id = 'daesh-fighters-afghanistan'
        order by all
    """) == [("2015-10", "3,500"), ("2017-12", "about 10,000"), ("2017-12", "more than 10,000")]
    assert ask("from conflicts") == []


def test_a_denial_told_only_by_the_accuser(ask: Ask) -> None:
    """That Washington and Brussels deny it is told only inside the accusation."""
    assert ask("""
        select statement_id, speaker, denied_speaker, quote, within, only_reported_by_other_side
        from denials
        where denied_statement_id = 'kabulov-2018-02-hand-in-flights'
    """) == [
        ("washington-brussels-deny-flights", "Washington", "Zamir Kabulov",
         "Washington and Brussels deny that", "kabulov-2018-02-hand-in-flights", True),
    ]  # fmt: skip

"""The analyst's views on 100,000 statements by 2,000 speakers, skewed as real ones are."""

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from events.record import Draft
from events.values import ImpreciseDate, Quote, Via
from events.vocabulary import (
    EstimateFields,
    MeasureDefined,
    ReportFields,
    SourceCaptured,
    SpeakerRegistered,
    SpeakersJudged,
    StatementRecorded,
    StatementRevised,
    StatementsRelated,
)
from ledger.api import Ledger
from ledger.compare import compare
from ledger.create import create_ledger
from ledger.writer import Writer
from projections import catalog

STATEMENTS = 100_000
SPEAKERS = 2_000
OUTLETS = 200
SOURCES = 5_000
MEASURES = 500
BATCH = 5_000
SECONDS = 4.0  # of processor time for one view; four times what it needs on idle cores
MEMORY_BYTES = 2_000_000_000
DIFF_SECONDS = 20.0  # for all that was recorded, over the last thousand events
WORDS = (
    "the", "number", "of", "militants", "exceeds", "what", "was", "told", "and", "continues", "to",
    "grow", "in", "north",
)  # fmt: skip


def draft(subject: str, data: Any) -> Draft:  # noqa: ANN401  the data of any event
    """An event of one recorder."""
    return Draft(data=data, subject=subject, actor="ana", agent="importer")


def skewed(chance: random.Random, count: int) -> int:
    """A number below `count`; low ones come much more often."""
    return int(count * chance.random() ** 3)


def day(chance: random.Random) -> ImpreciseDate:
    """A day, a month or a year between 2015 and 2024."""
    at = date(2015, 1, 1) + timedelta(days=chance.randrange(3_650))
    if chance.random() < 0.5:
        return ImpreciseDate(at.isoformat(), at, at)
    if chance.random() < 0.7:
        start = at.replace(day=1)
        return ImpreciseDate(f"{at:%Y-%m}", start, (start + timedelta(days=32)).replace(day=1)
                             - timedelta(days=1))  # fmt: skip
    return ImpreciseDate(f"{at:%Y}", date(at.year, 1, 1), date(at.year, 12, 31))


def things(chance: random.Random) -> Iterator[Draft]:
    """Speakers, outlets, sources and measures; one speaker in fifty judged the same as another."""
    for number in range(SPEAKERS + OUTLETS):
        name = f"speaker-{number}"
        kind: Any = "person" if number < SPEAKERS else "outlet"
        yield draft(f"speaker/{name}", SpeakerRegistered(speaker_id=name, kind=kind, name=name))
    for number in range(SOURCES):
        outlet = f"speaker-{SPEAKERS + skewed(chance, OUTLETS)}"
        yield draft(
            f"source/source-{number}",
            SourceCaptured(source_id=f"source-{number}", publisher_id=outlet, title=f"No {number}",
                           published=day(chance), captured=False),
        )  # fmt: skip
    for number in range(MEASURES):
        name = f"measure-{number}"
        yield draft(f"measure/{name}", MeasureDefined(measure_id=name, label=name,
                                                     tags=("militant-count",)))  # fmt: skip
    for number in range(0, SPEAKERS, 50):
        left, right = f"speaker-{number}", f"speaker-{number + 1}"
        yield draft(f"speaker/{left}", SpeakersJudged(left=left, right=right, judgement="same",
                                                     reason="one name"))  # fmt: skip


def reports(chance: random.Random, name: str) -> tuple[ReportFields, ...]:
    """One report, or for one statement in five several, some of them by way of an agency."""
    count = 1 if chance.random() < 0.8 else chance.randint(2, 5)
    agency = (Via(speaker_id=f"speaker-{SPEAKERS}"),)
    return tuple(
        ReportFields(
            report_id=f"{name}-r{at}", source_id=f"source-{skewed(chance, SOURCES)}",
            quote=Quote(" ".join(chance.choices(WORDS, k=20))), quote_mode="direct",
            anchor="unanchored", attributed_to=f"role {chance.randrange(3)}",
            via=agency if chance.random() < 0.5 else (),
        )
        for at in range(count)
    )  # fmt: skip


def numbers(chance: random.Random, name: str) -> tuple[EstimateFields, ...]:
    """A number for one statement in five."""
    if chance.random() > 0.2:
        return ()
    value = chance.randint(1, 20) * 1_000
    bounds: dict[str, Any] = chance.choice((
        {"comparator": "eq", "low": value, "best": value, "high": value,
         "low_inclusive": True, "high_inclusive": True},
        {"comparator": "about", "best": value},
        {"comparator": "gt", "low": value, "low_inclusive": False},
    ))  # fmt: skip
    return (
        EstimateFields(
            estimate_id=f"{name}-e", report_id=f"{name}-r0", basis="stated",
            measure_id=f"measure-{skewed(chance, MEASURES)}", reference_period=day(chance),
            **bounds,
        ),
    )  # fmt: skip


def statements(chance: random.Random) -> Iterator[Draft]:
    """Statements, with revisions, denials and retractions among them."""
    for number in range(STATEMENTS):
        name, who = f"statement-{number}", f"speaker-{skewed(chance, SPEAKERS)}"
        said: dict[str, Any] = {
            "statement_id": name, "speaker_id": who, "attribution": "stated",
            "said_at": day(chance), "speech_act": "assert", "proposition": f"Number {number}.",
        }  # fmt: skip
        if chance.random() < 0.02:
            said["alternatives"] = (f"speaker-{skewed(chance, SPEAKERS)}",)
        told, counted = reports(chance, name), numbers(chance, name)
        yield draft(f"statement/{name}", StatementRecorded(**said, reports=told, estimates=counted))
        if chance.random() < 0.01:
            said["said_at"] = day(chance)
            yield draft(f"statement/{name}", StatementRevised(**said, replaces=0, reason="misread"))
        if number and chance.random() < 0.02:
            kind: Any = chance.choice(("denies", "repeats", "retracts"))
            other = f"statement-{chance.randrange(number)}"
            yield draft(f"statement/{name}", StatementsRelated(
                from_=name, to=other, relation=kind, basis="stated"))  # fmt: skip


def fill(folder: Path) -> None:
    """Write the ledger straight into its log."""
    create_ledger(folder, origin="example.org/scale", actor="ana")
    chance = random.Random(20)  # the same ledger every time
    with Writer.open(folder, actor="ana") as writer:
        for made in (things(chance), statements(chance)):
            batch: list[Draft] = []
            for each in made:
                batch.append(each)
                if len(batch) == BATCH:
                    writer.append(batch)
                    batch = []
            writer.append(batch)


def measure(folder: Path) -> dict[str, Any]:
    """The seconds that each view takes with all its rows, a diff, and the memory of all."""
    with Ledger.open(folder) as ledger:
        views = ledger.views()
        seconds = {view.name: timed(views.connection, view.name) for view in catalog.views()}
        views.set_as_of(views.size // 2)
        halfway = {view.name: timed(views.connection, view.name) for view in catalog.views()}
        started = time.perf_counter()
        changed = len(compare(views, views.size - 1_000, views.size))
        diff = {"rows": changed, "seconds": time.perf_counter() - started}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak_bytes = peak if sys.platform == "darwin" else peak * 1024
    return {"now": seconds, "halfway": halfway, "diff": diff, "bytes": peak_bytes}


def timed(connection: Any, name: str) -> list[float]:  # noqa: ANN401  a DuckDB connection
    """The seconds until the last row of a view is here, and those of the processors."""
    started, worked = time.perf_counter(), time.process_time()
    reader = connection.execute(f"from {name}")
    while reader.fetchmany(100_000):
        pass
    return [time.perf_counter() - started, time.process_time() - worked]


@pytest.mark.slow
def test_each_view_answers_in_seconds(tmp_path: Path) -> None:
    """On 100,000 statements each view answers within its time, in less than 2 GB."""
    folder = tmp_path / "ledger"
    fill(folder)
    with Ledger.open(folder) as ledger:
        ledger.views()  # builds the view file, which is not measured
    done = subprocess.run(
        [sys.executable, __file__, str(folder)], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    for name in found["now"]:
        sys.stdout.write(
            f"{name:22} {found['now'][name][0]:6.2f} s ({found['now'][name][1]:.2f} s of work),"
            f" halfway {found['halfway'][name][0]:6.2f} s\n"
        )
    sys.stdout.write(f"diff {found['diff']}, memory {found['bytes'] / 1e6:,.0f} MB\n")
    assert found["diff"]["rows"]
    assert found["diff"]["seconds"] < DIFF_SECONDS
    assert found["bytes"] < MEMORY_BYTES
    reading_lines = ("events", "history")  # with the data of every line, as nobody asks them
    slow = {
        name: work
        for name, (_, work) in found["now"].items()
        if work > SECONDS and name not in reading_lines
    }
    assert not slow


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]))))

"""What it takes to verify a large ledger, work and memory: lines of about 1.2 KB, all cores."""

import json
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bare_work import bare_seconds
from cli_tools import arguments

from events.record import Draft
from events.values import ImpreciseDate, Quote, Span
from events.vocabulary import EstimateFields, ReportFields, StatementRecorded
from ledger.create import create_ledger
from ledger.heads import Auditor
from ledger.log import Log
from ledger.verify import verify_ledger
from ledger.workers import cores
from ledger.writer import Writer

EVENTS = 300_000
BATCH = 1_000
LINE_BYTES = 1_100  # at least, in the middle
MOST_WORK = 2.0  # times what a plain program spends on decoding and hashing; 0.9 was seen
MEMORY_BYTES = 120_000_000
WORDS = (
    "the", "number", "of", "militants", "exceeds", "what", "was", "told", "and", "continues", "to",
    "grow", "in", "northern", "provinces", "“according”", "sources",
)  # fmt: skip


def drafts(count: int) -> Iterator[Draft]:
    """Statements with a report and a number each."""
    chance = random.Random(4)  # the same ledger every time

    def words(count: int) -> str:
        return " ".join(chance.choices(WORDS, k=count))

    month = ImpreciseDate("2017-12", date(2017, 12, 1), date(2017, 12, 31))
    for number in range(count):
        name, report = f"statement-{number}", f"report-{number}"
        statement = StatementRecorded(
            statement_id=name, speaker_id=f"speaker-{number % 2_000}", attribution="stated",
            said_at=month, speech_act="assert", proposition=words(12), topics=("daesh",),
            reports=(ReportFields(
                report_id=report, source_id=f"source-{number % 5_000}", quote_mode="direct",
                quote=Quote(words(16), prefix=words(4), suffix=words(4), start=26, end=64),
                attributed_to="Kabulov", anchor="exact"),),
            estimates=(EstimateFields(
                estimate_id=f"estimate-{number}", report_id=report, measure_id="militants",
                comparator="gt", low=number, low_inclusive=False, basis="stated",
                value_text=Span("exceeds 10,000", 24, 38), reference_period=month),),
        )  # fmt: skip
        yield Draft(data=statement, subject=f"statement/{name}", actor="ana", key=f"{number:022d}")


def fill(folder: Path, count: int) -> None:
    """Write the ledger straight into its log."""
    create_ledger(folder, origin=f"example.org/{folder.name}", actor="ana")
    with Writer.open(folder, actor="ana", seal=False) as writer:
        batch: list[Draft] = []
        for each in drafts(count):
            batch.append(each)
            if len(batch) == BATCH:
                writer.append(batch)
                batch = []
        if batch:
            writer.append(batch)


def measure(folder: Path, *, forms: bool) -> dict[str, Any]:
    """The seconds and the memory that it takes, the processes that help included."""
    started = time.perf_counter()
    found = verify_ledger(folder, strict=True, auditor=Auditor(forms=forms))
    seconds = time.perf_counter() - started
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    unit = 1 if sys.platform == "darwin" else 1024
    return {
        "findings": len(found.findings),
        "size": found.size,
        "seconds": seconds,
        "work": sum(one.ru_utime + one.ru_stime for one in used),
        "bytes": max(most_held(used[0].ru_maxrss * unit), used[1].ru_maxrss * unit),
    }


def most_held(told: int) -> int:
    """The most memory that this process held; Linux tells that of the one before it, too."""
    status = Path("/proc/self/status")
    if not status.exists():
        return told
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return 1024 * int(line.split()[1])


def measured(folder: Path, how: str = "whole") -> dict[str, Any]:
    """The same in a process of its own."""
    words = [sys.executable, __file__, str(folder), how]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


@pytest.mark.slow
def test_a_large_ledger_is_verified_with_little_work_and_memory(tmp_path: Path) -> None:
    """Every line read, hashed and compared, in memory that does not grow with the log."""
    fill(tmp_path / "small", EVENTS // 10)
    fill(tmp_path / "large", EVENTS)
    size = sum(path.stat().st_size for path in (tmp_path / "large" / "log").iterdir())
    assert size > LINE_BYTES * EVENTS
    small, large = measured(tmp_path / "small"), measured(tmp_path / "large")
    alone = measured(tmp_path / "large", "log only")
    for name, one in (("every line whole", large), ("without the form of the data", alone)):
        sys.stdout.write(
            f"{name}: {one['size'] / one['seconds']:,.0f} events/s,"
            f" {one['size'] / one['work']:,.0f} for each second of a processor,"
            f" {one['bytes'] / 1e6:.0f} MB in the largest process (a tenth of the log, whole:"
            f" {small['bytes'] / 1e6:.0f} MB)\n"
        )
    assert (alone["findings"], alone["size"]) == (0, EVENTS + 1)
    assert (large["findings"], large["size"]) == (0, EVENTS + 1)
    bare = bare_seconds(Log.open(tmp_path / "large").lines())
    sys.stdout.write(f"whole: {large['work'] / bare:.2f} times the work of a plain program\n")
    assert large["work"] < MOST_WORK * bare
    assert large["bytes"] < MEMORY_BYTES
    assert large["bytes"] < 1.3 * small["bytes"]


def children(process: int) -> set[int]:
    """The processes that a process started and that are still there."""
    path = Path(f"/proc/{process}/task/{process}/children")
    return {int(one) for one in path.read_text().split()} if path.exists() else set()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are listed in /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_is_left_behind(tmp_path: Path, how: signal.Signals) -> None:
    """Those that read ahead end with the one that they read for, however it ends."""
    fill(tmp_path / "ledger", EVENTS // 5)
    words = arguments(["verify", "--log-only"], tmp_path / "ledger")
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as verifying:
        started: set[int] = set()
        while verifying.poll() is None and len(started) < min(cores(), 2):
            started |= children(verifying.pid)
        assert started, "it was done before anybody could look"
        verifying.send_signal(how)
        _, err = verifying.communicate(timeout=30)
    assert b"Traceback" not in err
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{one}").exists() for one in started) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [one for one in started if Path(f"/proc/{one}").exists()]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]), forms=sys.argv[2] == "whole")))

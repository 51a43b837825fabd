"""Readers of one ledger, alone and while others append to it and rebuild its views.

Each is a process of its own, as in `tests/readers_child.py`, which checks what they see; here it is
measured how long they wait.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks.generate import CHUNK
from benchmarks.loops import Answer, Stopwatch, answering, questions
from benchmarks.ready import ACTOR, drafts_of
from events.vocabulary import RecordVoided

READERS = 2
HEAD_START = 1.0  # seconds, of the writers before the readers
BATCH, PAUSE = 100, 0.1  # events, and seconds from batch to batch: a thousand events a second
ASKS_AN_OPENING = 5


def share(*, ledger: str, seed: int, first: int, seconds: float) -> Answer:
    """Readers alone, then readers beside a process that appends and one that rebuilds."""
    reader = {"ledger": ledger, "seconds": seconds, "chunks": first // CHUNK}
    alone = [ended(each) for each in [started("read_on", **reader) for _ in range(READERS)]]
    busy = seconds + HEAD_START + 1
    writers = [
        started("append_on", ledger=ledger, seed=seed, first=first, seconds=busy),
        started("rebuild_on", ledger=ledger, seconds=busy),
    ]
    time.sleep(HEAD_START)
    beside = [ended(each) for each in [started("read_on", **reader) for _ in range(READERS)]]
    appended, rebuilt = (ended(each)["count"] for each in writers)
    return {"alone": together(alone), "beside": together(beside), "appended": appended,
            "rebuilt": rebuilt}  # fmt: skip


def together(answers: list[Answer]) -> Answer:
    """The median and the longest of all readers, in milliseconds."""
    found: Answer = {}
    for what in ("asks", "opens"):
        laps = [1000 * lap for answer in answers for lap in answer[what]]
        found[what] = {"median": median(laps), "longest": max(laps), "count": len(laps)}
    return found


def started(work: str, **options: object) -> "subprocess.Popen[bytes]":
    """Begin a piece of work in a process of its own."""
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.child", work],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert child.stdin, "there is a pipe"
    child.stdin.write(json.dumps(options).encode())
    child.stdin.close()
    child.stdin = None
    return child


def ended(child: "subprocess.Popen[bytes]") -> Answer:
    """What it has to say; raises CalledProcessError."""
    said, _ = child.communicate()
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, child.args)
    answer: Answer = json.loads(said)
    return answer


def read_on(*, ledger: str, seconds: float, chunks: int) -> Answer:
    """Ask for one speaker's statements again and again, and now and then open the ledger anew."""
    from ledger.api import Ledger

    sql = questions(chunks)["one speaker's statements"]
    asks, opens = Stopwatch(), Stopwatch()
    with Ledger.open(ledger) as kept:
        answering(kept.views(), sql)()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for _ in range(ASKS_AN_OPENING):
                with asks.lap():
                    answering(kept.views(), sql)()
            with opens.lap(), Ledger.open(ledger) as fresh:
                fresh.views()
    return {"asks": asks.laps, "opens": opens.laps}


def append_on(*, ledger: str, seed: int, first: int, seconds: float) -> Answer:
    """Append batches at a steady pace, of events that name no position."""
    from ledger.writer import Writer

    until, count, number = time.monotonic() + seconds, 0, first // CHUNK
    with Writer.open(Path(ledger), actor=ACTOR, agent="importer") as writer:
        while time.monotonic() < until:
            made = [each for each in drafts_of(seed, number)
                    if not isinstance(each.data, RecordVoided)
                    and not hasattr(each.data, "replaces")]  # fmt: skip
            number += 1
            for at in range(0, len(made), BATCH):
                if time.monotonic() < until:
                    count += len(writer.append(made[at : at + BATCH]).lines)
                    time.sleep(PAUSE)
    return {"count": count}


def rebuild_on(*, ledger: str, seconds: float) -> Answer:
    """Rebuild the views again and again, at least once."""
    from ledger.api import Ledger
    from projections.build import rebuild

    until, count = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        with Ledger.open(ledger) as opened:
            rebuild(opened.log)
        count += 1
    return {"count": count}

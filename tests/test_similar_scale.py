"""Near matches in a ledger of 100,000 statements: the time and the memory that they take."""

import json
import os
import random
import subprocess
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from cli_tools import arguments

from ledger.api import Ledger
from ledger.errors import Place
from ledger.given import prepare
from ledger.near import near_sentences

Command = dict[str, Any]

STATEMENTS = 100_000
SPEAKERS = 2_000
PROLIFIC = 10_000  # statements of one speaker on one subject, in two months or without a date
EVERY = 100  # one statement in so many is told again, in other words
TOLD_AGAIN = STATEMENTS // EVERY
GIGABYTES = 2.0
SECONDS = 60.0


class Words:
    """Words as people use them: few very often, most of them seldom."""

    def __init__(self, count: int, chance: random.Random) -> None:
        self.chance = chance
        self.words = ["".join(self.syllables()) for _ in range(count)]
        self.weights = list(accumulate(1 / (rank + 10) for rank in range(count)))

    def syllables(self) -> Iterator[str]:
        """Two to four syllables."""
        for _ in range(self.chance.randint(2, 4)):
            yield self.chance.choice("bcdfghklmnprstvz") + self.chance.choice("aeiou")

    def some(self) -> list[str]:
        """Ten to twenty-five words."""
        count = self.chance.randint(10, 25)
        return self.chance.choices(self.words, cum_weights=self.weights, k=count)

    def again(self, words: list[str]) -> list[str]:
        """Words in another order, a fifth of them replaced."""
        told = list(words)
        for place in self.chance.sample(range(len(told)), len(told) // 5):
            told[place] = self.chance.choice(self.words)
        self.chance.shuffle(told)
        return told


def commands(seed: int = 1) -> Iterator[Command]:
    """Speakers and sources, then statements; those told again have an id that ends in `-again`."""
    chance = random.Random(seed)
    common, subject = Words(8_000, chance), Words(1_500, chance)
    for number in range(2):
        yield {"command": "cite_source", "source_id": f"source-{number}", "published": "2024"}
    for number in range(SPEAKERS):
        name = f"speaker-{number}"
        yield {"command": "register_speaker", "speaker_id": name, "kind": "person", "name": name}
    for number in range(STATEMENTS - TOLD_AGAIN):
        prolific = number < PROLIFIC
        speaker = 0 if prolific else 1 + number % (SPEAKERS - 1)
        day = date(2010, 1, 1) + timedelta(days=chance.randrange(60 if prolific else 5_000))
        said_at = None if chance.random() < (0.5 if prolific else 0.1) else day.isoformat()
        vocabulary = subject if prolific else common
        words = vocabulary.some()
        yield statement(f"told-{number}", speaker, said_at, words)
        if number % (EVERY - 1) == 0 and number // (EVERY - 1) < TOLD_AGAIN:
            yield statement(f"told-{number}-again", speaker, said_at, vocabulary.again(words), 1)


def statement(
    name: str, speaker: int, said_at: str | None, words: list[str], source: int = 0
) -> Command:
    """A statement whose quote is the words, and whose proposition is half of them."""
    fields = {"said_at": said_at} if said_at else {}
    return {
        "command": "record_statement", "statement_id": name, "speaker_id": f"speaker-{speaker}",
        "proposition": " ".join(words[::2]), **fields,
        "reports": [{"source_id": f"source-{source}", "quote": " ".join(words)}],
    }  # fmt: skip


def built(ledger: Ledger) -> Ledger:
    """A ledger with all commands appended, and its views built."""
    batch: list[Command] = []
    for command in commands():
        batch.append(command)
        if len(batch) == 25_000:
            ledger.submit(batch)
            batch.clear()
    ledger.submit(batch)
    ledger.close()
    ledger.views()
    return ledger


def measured(words: list[str], output: Path) -> tuple[float, float]:
    """Run a command as a process of its own; gives seconds and gigabytes at most."""
    began = time.perf_counter()
    with output.open("wb") as file:
        process = subprocess.Popen(words, stdout=file)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return time.perf_counter() - began, usage.ru_maxrss / 1e6


@pytest.mark.slow
def test_pairs_of_a_large_ledger(
    ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`claims similar` finds what was told again among 100,000 statements, fast and in bounds."""
    folder = built(ledger).log.folder
    output = tmp_path / "pairs.jsonl"
    words = arguments(["similar", "--format", "jsonl"], folder)
    seconds, gigabytes = measured(words, output)
    found = {
        (row["left_id"], row["right_id"])
        for row in map(json.loads, output.read_bytes().splitlines())
    }
    planted = {(left, right) for left, right in found if right == f"{left}-again"}
    with capsys.disabled():
        print(  # noqa: T201  the figures are what this is for
            f"\n{STATEMENTS:,} statements: {seconds:.1f} s, {gigabytes:.2f} GB, {len(found):,} "
            f"pairs, of them {len(planted):,} of {TOLD_AGAIN:,} told again"
        )
    assert seconds < SECONDS
    assert gigabytes < GIGABYTES
    assert len(planted) > 0.99 * TOLD_AGAIN
    assert len(found) < 1.05 * TOLD_AGAIN
    again = next(each for each in commands() if str(each.get("statement_id")).endswith("-again"))
    given = [prepare(again | {"statement_id": "new"}, Place(), tmp_path)]
    began = time.perf_counter()
    lines = near_sentences(ledger.views(), given)
    spent = time.perf_counter() - began
    with capsys.disabled():
        print(f"one statement of a speaker of {PROLIFIC:,}: {spent * 1000:.0f} ms")  # noqa: T201
    assert len(lines) >= 4
    assert spent < 2

"""Decides on the commands of a stream that the quick path leaves, each in its place.

What they name is looked up for many of them at once; what the quick path made since then is taken
from there.
"""

from collections.abc import Sequence
from pathlib import Path

from ledger.bulk.blocks import Block
from ledger.bulk.lookup import BulkLookup, Recent
from ledger.bulk.standing import Standing
from ledger.decide import Decision, decide
from ledger.errors import ClaimsError, Place
from ledger.given import Given, prepare
from ledger.inputs import Raw, decode_command
from ledger.known import Known
from ledger.log import Log
from ledger.terms import Recorder


class Giving:
    """Checks a line, or a program's command, as a command of the slow path.

    `file` is the name that errors show; `documents` the folder under which documents must lie.
    """

    def __init__(self, file: str | None, documents: Path) -> None:
        self.file = file
        self.documents = documents

    def give(self, block: Block, at: int, line: bytes | None = None) -> Given:
        """The command at an index of a block, or on its line; raises Refused with its place."""
        number = block.first + at
        if block.raws is not None and block.raws[at]:
            return prepare(dict(block.raws[at]), Place(line=number), self.documents)
        return self.give_line(block.lines[at] if line is None else line, number)

    def give_line(self, line: bytes, number: int) -> Given:
        """The command of a line; raises Refused with its place."""
        text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        try:
            raw: Raw = decode_command(text)
        except ClaimsError as error:
            raise error.at(file=self.file, line=number) from None
        return prepare(raw, Place(file=self.file, line=number), self.documents)


class Deciding:
    """The rule book for a run of commands, from the size that the log has now."""

    def __init__(self, standing: Standing, log: Log, recorder: Recorder) -> None:
        self.recorder = recorder
        self.known = Known(log.size)
        self.lookup = BulkLookup(standing, log)
        self.recent = Recent(self.lookup, self.known)

    def look_up(self, batch: Sequence[Given]) -> None:
        """Look up what these commands name, all at once; of repeated ones, where they stand."""
        self.lookup.fill_keys(self.known, {given.key for given in batch})
        new = [given for given in batch if given.key not in self.known.keys]
        if new:
            self.lookup.fill(self.known, new)

    def decide(self, given: Given, position: int) -> Decision:
        """Decide on a command whose event would stand at a position; raises with its place."""
        self.known.size = position
        try:
            if given.key not in self.known.keys:
                self.recent.take_in(given)
            decision = decide(given, self.known, self.recorder)
        except ClaimsError as error:
            raise given.placed(error) from None
        self.known.take(decision.drafts)
        return decision

"""What became of an import: every row of the source is read or refused, and the counts say so."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from ledger.importers.rows import Fault, Raw, Row

if TYPE_CHECKING:
    from ledger.importers.trial import Tried
    from ledger.session import Receipt

CHANGES = {
    "revise": "revision",
    "void": "void",
    "assess": "assessment",
    "relate": "relation",
    "judge": "judgement",
}  # fmt: skip  by the beginning of a command's verb: what it makes has no name of its own


class Report(msgspec.Struct, kw_only=True):
    """Counts of an import. `rows` = `read` + the number of `refused`.

    `made` counts what is new by noun; `events` those that were appended, or would be on a dry run;
    `unchanged` commands that stood already; `size` is that of the ledger afterwards. `counts` is
    what the rows that were read hold in their source's own words, `empty` how many of them record
    nothing by themselves. `sizes` are those that the ledger has after a row, where rows are moments
    of a history, by the row's own name: a commit's hash.
    """

    dry_run: bool = False
    rows: int = 0
    read: int = 0
    refused: list[Fault] = []
    events: int = 0
    unchanged: int = 0
    made: dict[str, int] = {}
    size: int = 0
    counts: dict[str, int] = {}
    empty: int = 0
    sizes: dict[str, int] = {}

    def finish(self, *, is_stopped: bool) -> None:
        """Put faults in the order of the rows, and count those that were read."""
        if is_stopped:
            self.sizes.clear()
        self.refused.sort(key=lambda fault: (fault.file or "", fault.number or 0))
        self.read = self.rows - len(self.refused)

    def hold(self, row: Row, times: int = 1) -> None:
        """Count what a row holds; with -1 not any more, since it is refused after all."""
        self.empty += times * (not row.commands and not row.shared)
        for name, size in row.size_after.items():
            self.sizes[name] = size
            if times < 0:
                del self.sizes[name]
        for name, count in row.counts.items():
            self.counts[name] = self.counts.get(name, 0) + times * count
            if not self.counts[name]:
                del self.counts[name]

    def appended(self, receipt: "Receipt", raws: Sequence[Raw]) -> None:
        """Take in the receipt of a batch of commands."""
        if receipt.first is not None and receipt.last is not None:
            self.events += receipt.last - receipt.first + 1
        self.unchanged += receipt.unchanged
        self._count(new_of(receipt, raws))

    def tried(self, tried: "Tried") -> None:
        """Take in what would become of commands; what rows share may be there, and says nothing."""
        for given, decision in zip(tried.given, tried.decisions, strict=True):
            self.events += len(decision.drafts)
            if decision.unchanged_at is None:
                self._count([nouns_of(given.command.VERB, decision.made)])
            elif not given.implied:
                self.unchanged += 1

    def _count(self, made: Iterable[Sequence[str]]) -> None:
        for nouns in made:
            for noun in nouns:
                self.made[noun] = self.made.get(noun, 0) + 1


def nouns_of(verb: str, names: Iterable[str]) -> list[str]:
    """What a command makes: the things that it names, or the one change that it is."""
    change = CHANGES.get(verb.partition("_")[0])
    return [change] if change else [name.partition("/")[0] for name in names]


def new_of(receipt: "Receipt", raws: Sequence[Raw]) -> Iterator[Sequence[str]]:
    """What the commands of a batch made; one that repeats another of its batch made nothing."""
    last = receipt.size - 1 if receipt.first is None else receipt.first - 1
    for raw, names, position in zip(raws, receipt.made, receipt.positions, strict=True):
        if position > last:
            yield nouns_of(raw["command"], names)
            last = position

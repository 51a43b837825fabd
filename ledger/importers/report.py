"""What became of an import: every row of the source is read or refused, and the counts say so."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from ledger.importers.rows import Fault, Row

if TYPE_CHECKING:
    from ledger.decide import Decision
    from ledger.session import Receipt


class Report(msgspec.Struct, kw_only=True):
    """Counts of an import. `rows` = `read` + the number of `refused`.

    `made` counts new things by noun; `events` those that were appended, or would be on a dry run;
    `unchanged` commands that stood already; `size` is that of the ledger afterwards. `counts` is
    what the rows that were read hold in their source's own words, `empty` how many of them record
    nothing by themselves.
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

    def finish(self) -> None:
        """Put faults in the order of the rows, and count those that were read."""
        self.refused.sort(key=lambda fault: (fault.file or "", fault.number or 0))
        self.read = self.rows - len(self.refused)

    def hold(self, row: Row, times: int = 1) -> None:
        """Count what a row holds; with -1 not any more, since it is refused after all."""
        self.empty += times * (not row.commands and not row.shared)
        for name, count in row.counts.items():
            self.counts[name] = self.counts.get(name, 0) + times * count
            if not self.counts[name]:
                del self.counts[name]

    def appended(self, receipt: "Receipt") -> None:
        """Take in the receipt of a batch."""
        if receipt.first is not None and receipt.last is not None:
            self.events += receipt.last - receipt.first + 1
        self.unchanged += receipt.unchanged
        self._count(new_of(receipt))

    def decided(self, decisions: Sequence["Decision"]) -> None:
        """Take in what would become of commands."""
        self.events += sum(len(decision.drafts) for decision in decisions)
        self.unchanged += sum(decision.unchanged_at is not None for decision in decisions)
        self._count(each.made for each in decisions if each.unchanged_at is None)

    def _count(self, made: Iterable[tuple[str, ...]]) -> None:
        counts = Counter(
            name.partition("/")[0] for names in made if not _is_judged(names) for name in names
        )
        self.made = dict(Counter(self.made) + counts)


def _is_judged(names: tuple[str, ...]) -> bool:
    """Whether a statement was assessed, related or revised: a new one comes with its reports."""
    return len(names) == 1 and names[0].startswith("statement/")


def new_of(receipt: "Receipt") -> Iterator[tuple[str, ...]]:
    """What the commands of a batch made; one that repeats another of its batch made nothing."""
    last = receipt.size - 1 if receipt.first is None else receipt.first - 1
    for names, position in zip(receipt.made, receipt.positions, strict=True):
        if position > last:
            yield names
            last = position

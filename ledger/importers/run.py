"""Imports rows: all are checked before any is appended, then they go the bulk path.

Rules kept here:
- what fits one batch (100,000 commands) is appended as one: all of it or nothing;
- what does not is appended in batches of whole rows, and can be imported again from its start,
  since what stands already is left as it is;
- a refused row stops the import before it began, unless invalid rows are to be skipped.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ledger.api import MAX_BATCH
from ledger.bulk.building import build_apart
from ledger.bulk.quick import Quick
from ledger.errors import ClaimsError
from ledger.importers.report import Report
from ledger.importers.rows import Fault, Item, Raw, Row, column_of
from ledger.importers.spool import Spool
from ledger.importers.trial import Trial, Tried
from ledger.inputs import parse_command
from ledger.known import Name

if TYPE_CHECKING:
    from ledger.api import Ledger

LARGE_BATCH = 20_000  # commands of a batch where one does not hold all of them: half a gigabyte
MOST_NAMES = 100_000

Told = Callable[[str, int], None]  # what is being done, and how many rows of it are done


@dataclass(frozen=True)
class Manner:
    """How an import goes about it; `options` are those of Writer.open."""

    dry_run: bool = False
    skip_invalid: bool = False
    documents: Path = Path()
    options: dict[str, Any] = field(default_factory=dict)
    told: Told = lambda _, __: None


def import_rows(ledger: "Ledger", items: Iterable[Item], manner: Manner) -> Report:
    """Import what a format's module read; the report says what became of every row.

    Nothing is written where rows are refused, unless they are to be skipped, or on a dry run.
    Raises what an append raises that is no row's fault: Busy, KeyMissing, Damaged …
    """
    return Import(ledger, manner).run(items)


class Import:
    """One import, from its first row to its report."""

    def __init__(self, ledger: "Ledger", manner: Manner) -> None:
        self.ledger = ledger
        self.manner = manner
        self.report = Report(dry_run=manner.dry_run)
        self._quick = Quick(ledger.recorder.actor, ledger.recorder.agent)
        self._names: dict[bytes, Name] = {}  # of shared commands that were checked
        self._told: set[Name] = set()  # what rows share, as far as rows were taken

    def run(self, items: Iterable[Item]) -> Report:
        """Check all rows, then append them."""
        report = self.report
        with Spool() as spool:
            for report.rows, item in enumerate(items, 1):
                self._check(item, spool)
                self.manner.told("read", report.rows)
            is_stopped = bool(report.refused) and not self.manner.skip_invalid
            self._append(spool, only_try=self.manner.dry_run or is_stopped)
        report.size = self.ledger.size
        is_stopped = bool(report.refused) and not self.manner.skip_invalid
        report.finish(is_stopped=is_stopped)
        return report

    def _check(self, item: Item, spool: Spool) -> None:
        if isinstance(item, Fault):
            self.report.refused.append(item)
            return
        try:
            shared = {self._name_of(raw) for raw in item.shared}
            for raw in item.commands:
                if self._quick.take(msgspec.json.encode(raw)) is None:
                    parse_command(raw)  # which tells what is wrong with it, if anything is
        except ClaimsError as error:
            column = column_of(item.columns, error.place.field)
            fault = Fault.of(error, item.number, column=column, file=item.file)
            self.report.refused.append(fault)
        else:
            if len(self._told) > MOST_NAMES:
                self._told.clear()
            self.report.hold(item)
            spool.add(item, len(shared - self._told) + len(item.commands))
            self._told |= shared

    def _name_of(self, raw: Raw) -> Name:
        """Which thing a shared command makes; checked once, however many rows share it."""
        said = msgspec.json.encode(raw)
        name = self._names.get(said)
        if name is None:
            if len(self._names) >= MOST_NAMES:
                self._names.clear()
            command = parse_command(raw)
            name = (command.NOUN, getattr(command, f"{command.NOUN}_id"))
            assert name[1], "what rows share is named, so that it is made once"
            self._names[said] = name
        return name

    # ── appending ────────────────────────────────────────────────────────────────────────────

    def _append(self, spool: Spool, *, only_try: bool) -> None:
        """Append the rows, or try them all, so that a person hears of every fault at once."""
        most = MAX_BATCH if spool.commands <= MAX_BATCH else LARGE_BATCH
        done = 0
        for batch in spool.batches(most):
            if done and not only_try:
                self.ledger.log.refresh()
                build_apart(self.ledger.log)  # it is due; else its tail would be taken in before
            taken = self._try(batch) if only_try else self._append_rows(batch)
            done += len(batch)
            self.manner.told("tried" if only_try else "appended", done)
            if not taken:
                return

    @cached_property
    def _trial(self) -> Trial:
        return self._new_trial()

    def _try(self, rows: Sequence[Row]) -> bool:
        tried = self._trial.rows(rows)
        self._refuse(rows, tried)
        if self.manner.dry_run:
            self.report.tried(tried)
        return True

    def _append_rows(self, rows: Sequence[Row], *, again: bool = True) -> bool:
        """Append whole rows as one batch; False where one is refused and none is to be skipped."""
        try:
            self._append_batch(rows)
        except ClaimsError as error:
            if error.place.line is None:  # no row's fault
                raise
            tried = self._new_trial().rows(rows)
            if not tried.faults:  # it is no fault any more: somebody else appended meanwhile
                if not again:
                    raise
                return self._append_rows(rows, again=False)
            self._refuse(rows, tried)
            if not self.manner.skip_invalid:
                return False
            sound = [row for at, row in enumerate(rows) if at not in tried.refused]
            return self._append_rows(sound)
        return True

    def _refuse(self, rows: Sequence[Row], tried: Tried) -> None:
        """Take in which rows are refused, and no longer what they hold."""
        self.report.refused += tried.faults
        for at in tried.refused:
            self.report.hold(rows[at], -1)

    def _append_batch(self, rows: Sequence[Row]) -> None:
        raws = [*self._new_shared(rows), *(raw for row in rows for raw in row.commands)]
        if not raws:
            return
        lines = [msgspec.json.encode(raw) for raw in raws]
        options = self.manner.options
        if rows[0].expect_size is not None:
            options = options | {"expect_size": rows[0].expect_size}
        for receipt in self.ledger.submit_many(
            lines, batch=len(lines), documents=self.manner.documents, **options
        ):
            self.report.appended(receipt, raws)

    def _new_shared(self, rows: Sequence[Row]) -> list[Raw]:
        """What rows share and the ledger does not have yet, each once: the first counts."""
        told: dict[Name, Raw] = {}
        for row in rows:
            for raw in row.shared:
                told.setdefault(self._name_of(raw), raw)
        if not told:
            return []
        known = self._new_trial().look_up(told)
        new = [name for name in told if known.thing(*name) is None]
        # Speakers first: a source that names one of them as its publisher would register it.
        return [told[name] for name in sorted(new, key=lambda name: name[0] != "speaker")]

    def _new_trial(self) -> Trial:
        return Trial(self.ledger, self.manner.documents)

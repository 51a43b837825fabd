"""A ledger as it stood at a size: what a report is taken from."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ledger.documents import DocumentStore

if TYPE_CHECKING:
    from ledger.api import Ledger
    from ledger.asker import Asker
    from ledger.log import Log


@dataclass(frozen=True)
class Stood:
    """The views at one size of a log, its lines and its documents; `size` counts events."""

    ask: "Asker"
    log: "Log"
    size: int

    @classmethod
    def of(cls, ledger: "Ledger") -> "Stood":
        """A ledger at one size, whatever is appended meanwhile; queries reach nothing else."""
        from ledger.asker import LedgerAsker
        from ledger.exporters.leaving import settled

        then = settled(ledger)
        then.views().lock_down()
        return cls(LedgerAsker(then), then.log, then.size)

    @cached_property
    def store(self) -> DocumentStore:
        """The captured documents."""
        return DocumentStore(self.log.folder)

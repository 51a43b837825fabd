"""Runs the checks of the data beside the requests, since all of them may take long."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from ledger.asker import Row
from projections.checks import checks, findings, run_checks

if TYPE_CHECKING:
    from projections.pinned import Pinned

PATIENCE = 0.5  # seconds that a request waits before it shows how far the checks are
_KEPT = 4  # moments whose findings are kept
_MOST = 200  # findings of one check that are kept


@dataclass
class Checked:
    """How far the checks of one moment are, and what they found once they are done."""

    total: int
    done: int = 0
    rows: list[Row] | None = None
    failed: str | None = None
    finished: Event = field(default_factory=Event)


class Checking:
    """Starts the checks of a moment the first time that somebody asks for them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._one = Lock()  # held while checks run: several moments' would only slow each other
        self._held: OrderedDict[str, Checked] = OrderedDict()

    def ask(self, views: "Pinned") -> Checked:
        """The findings at a moment, or how far they are."""
        with self._lock:
            checked = self._held.get(views.name)
            if checked is None:
                checked = self._held[views.name] = Checked(len(checks()))
                Thread(target=self._run, args=(views, checked), daemon=True).start()
                while len(self._held) > _KEPT:
                    self._held.popitem(last=False)
        checked.finished.wait(PATIENCE)
        return checked

    def _run(self, views: "Pinned", checked: Checked) -> None:
        def told(done: int, _total: int) -> None:
            checked.done = done

        try:
            with self._one:
                cursor = views.cursor()
                run_checks(cursor, checks(), told)
                found = findings(cursor, _MOST)
                checked.rows = [
                    dict(zip(found.columns, row, strict=True)) for row in found.fetchall()
                ]
        except Exception as error:
            checked.failed = f"{type(error).__name__}: {error}"
            raise
        finally:
            checked.finished.set()

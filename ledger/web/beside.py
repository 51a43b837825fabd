"""Work that may take long, done beside the requests that ask for it."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Any

PATIENCE = 0.5  # seconds that a request waits before it shows how far the work is
_KEPT = 4  # results that are kept


@dataclass
class Work:
    """How far some work is, and what came of it once it is finished."""

    done: int = 0
    result: Any = None
    failed: str | None = None
    is_wanted: bool = True  # no more, where so many others were asked for since
    finished: Event = field(default_factory=Event)


class Beside:
    """Does one kind of work, once for each key, one at a time, and keeps what came of it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._one = Lock()  # held while work is done: several would only slow each other
        self._held: OrderedDict[object, Work] = OrderedDict()

    def ask(self, key: object, do: Callable[[Work], Any]) -> Work:
        """The work of a key, begun when it is first asked for; waited for a little."""
        with self._lock:
            work = self._held.get(key)
            if work is None:
                work = self._held[key] = Work()
                Thread(target=self._run, args=(work, do), daemon=True).start()
                while len(self._held) > _KEPT:
                    self._held.popitem(last=False)[1].is_wanted = False
        work.finished.wait(PATIENCE)
        return work

    def _run(self, work: Work, do: Callable[[Work], Any]) -> None:
        try:
            with self._one:
                if work.is_wanted:  # else whoever still waits for it asks for it anew
                    work.result = do(work)
        except Exception as error:
            work.failed = f"{type(error).__name__}: {error}"
            raise
        finally:
            work.finished.set()

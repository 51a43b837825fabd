"""Work for a second thread, to be done while this one waits for the disk.

Python runs one thread at a time, but for calls that let go of its lock: those that write and sync
do. What is done beside them costs a batch no time.

Rules kept here:
- the thread is started when it is needed first, and ends with whoever started it;
- work has ended when the block beside which it was done is left; only an interruption of that very
  moment leaves it running, until `close`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

T = TypeVar("T")


class Beside:
    """One thread that does one thing at a time."""

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None

    def start(self, call: Callable[[], T]) -> "Future[T]":
        """Begin to do something."""
        if self._thread is None:
            from concurrent.futures import ThreadPoolExecutor

            self._thread = ThreadPoolExecutor(1, "beside")
        return self._thread.submit(call)

    def close(self) -> None:
        """Wait for what still runs, and end the thread."""
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None


class Task(Generic[T]):
    """Something that is done beside a block: a context manager around that."""

    def __init__(self, beside: Beside, call: Callable[[], T]) -> None:
        self._beside = beside
        self._call = call

    def __enter__(self) -> None:
        self._future = self._beside.start(self._call)

    def __exit__(self, *_: object) -> None:
        self._future.exception()  # waits for it

    def result(self) -> T:
        """What it gave, or raised, once the block was left."""
        return self._future.result()

"""Ctrl-C: what a person stops is no bug of ours, wherever in the program it is noticed."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

T = TypeVar("T")

STOPPED = 130  # the exit code of a process that SIGINT ended, as shells have it
_IN_A_QUERY = "Query interrupted"  # DuckDB tells it so, in the place of KeyboardInterrupt


def was_stopped(error: BaseException) -> bool:
    """Whether an error only says that a person stopped the command."""
    return isinstance(error, KeyboardInterrupt) or (
        isinstance(error, RuntimeError) and str(error) == _IN_A_QUERY
    )


def stoppable(connection: "DuckDBPyConnection", call: Callable[[], T]) -> T:
    """Do what asks a connection much, so that Ctrl-C ends it: DuckDB itself heeds no signal.

    The work is done in a second thread; Python tells this one of signals while it waits.
    """
    from concurrent.futures import Future
    from threading import Thread

    done: Future[T] = Future()

    def work() -> None:
        try:
            done.set_result(call())
        except BaseException as error:  # noqa: BLE001  it is raised again below
            done.set_exception(error)

    Thread(target=work, daemon=True).start()
    try:
        return done.result()
    except KeyboardInterrupt:
        connection.interrupt()
        done.exception()  # waits for it; to join a thread a second time does not (Python 3.11)
        raise

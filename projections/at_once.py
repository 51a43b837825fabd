"""Runs jobs on a database at once, each on a connection of its own.

One statement after another leaves a core idle wherever DuckDB plans, commits or writes what is
left: with two of them it works. Two that each take most of the memory bound have no room together.
"""

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future

    from duckdb import DuckDBPyConnection

T = TypeVar("T")

MOST_AT_ONCE = 2_000_000  # events: what is asked of a file of more is asked one after another
_AGAIN = 0.05  # seconds: an interruption is lost on a connection that has not begun yet


def at_once_if_small(
    connection: "DuckDBPyConnection", size: int, *jobs: "Callable[[DuckDBPyConnection], object]"
) -> None:
    """Run all jobs on a file of so many events, at once where the memory bound allows for that."""
    if size <= MOST_AT_ONCE:
        at_once(connection, *jobs)
    else:
        for job in jobs:
            job(connection)


def at_once(
    connection: "DuckDBPyConnection", *jobs: "Callable[[DuckDBPyConnection], object]"
) -> None:
    """Run all jobs to their ends, each in a thread; raises what the first that fails raises.

    They see neither temporary tables nor variables of the connection. Where one fails, or this
    thread is interrupted, the others are broken off.
    """
    from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

    cursors = [quiet_cursor(connection) for _ in jobs]
    with ThreadPoolExecutor(len(jobs), "at-once") as threads:
        running = {
            threads.submit(job, cursor): cursor for job, cursor in zip(jobs, cursors, strict=True)
        }
        try:
            ended = wait(running, return_when=FIRST_EXCEPTION).done
        finally:
            break_off(running)
    for cursor in cursors:
        cursor.close()
    for job in ended:
        job.result()


def quiet_cursor(connection: "DuckDBPyConnection") -> "DuckDBPyConnection":
    """Another connection to the same database; it tells nobody how far it is."""
    cursor = connection.cursor()
    cursor.execute("set enable_progress_bar = false")  # it would go to stdout
    return cursor


def break_off(running: "Mapping[Future[T], DuckDBPyConnection]") -> None:
    """Interrupt those that have not ended, until they have."""
    from concurrent.futures import wait

    while left := wait(running, timeout=0).not_done:
        for job in left:
            running[job].interrupt()
        wait(left, timeout=_AGAIN)

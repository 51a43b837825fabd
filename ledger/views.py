"""Opens a ledger's views, and says in its own words what can go wrong with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.errors import Busy, Damaged, Refused
from ledger.log import Log
from projections.build import build_file, quick_stamp, read_stamp
from projections.database import Database, lacks_much, read_built, usable_file
from projections.engine import engine
from projections.errors import ErasurePending, NewerEvents
from projections.layers import SCHEMAS


def open_views(log: Log) -> Database:
    """The views over all of a log; raises Refused where newer events make them impossible."""
    import duckdb  # noqa: F401  their connection gives relations, by its method `sql`

    with telling_newer():
        return Database.open(log)


def lack_much(log: Log) -> bool:
    """Whether the view file is to be built or merged before it is opened; raises nothing."""
    built = read_built(log, quick_stamp)
    return built is None or lacks_much(built, log.signed_size)


def build_views(log: Log) -> None:
    """Bring the view file up to date where it lacks much of a log; raises like above."""
    with telling_newer():
        usable_file(log, quick_stamp)


def open_view_file(log: Log) -> Database:
    """The views as the view file has them, which may lack the log's tail; raises like above."""
    with telling_newer():
        return Database.open_file(log)


def replayed(log: Log, size: int, keep: Path | None = None) -> Database:
    """The views built anew from the log's first `size` events alone; raises like `open_views`.

    They are kept as a DuckDB file where one is named that is not there yet; Refused where that
    cannot be.
    """
    with telling_newer():
        if keep is None:
            return Database.replay(log, size)
        with making(keep):
            if build_file(keep, log, size):
                raise ErasurePending
        return Database(log, read_stamp(keep))


@contextmanager
def telling_newer() -> Iterator[None]:
    """Turn events of unknown types, and lines that are none, into errors with the way out.

    A file that would hold what a redaction on its way erases is refused too.
    """
    try:
        yield
    except ErasurePending as error:
        raise Busy(
            "A redaction is on its way: what it names is still in the log's files.",
            way_out="Repeat this in a moment. If it was interrupted, the next append finishes it.",
        ) from error
    except NewerEvents as error:
        raise Refused(
            f"The log holds events that this version does not know: {error}.",
            way_out="Upgrade claims-ledger. `claims verify` checks the log even so.",
        ) from error
    except (engine.DataError, engine.InvalidInputException) as error:
        raise Damaged(
            f"The log cannot be made into views: {str(error).partition(chr(10))[0]}",
            way_out="Nothing was touched. `claims verify` lists what is wrong; a backup may help.",
        ) from error


@contextmanager
def making(file: Path) -> Iterator[None]:
    """Make a file that is not there yet, and leave no part of it where that fails; Refused."""
    if file.exists() or not file.parent.is_dir():
        why = "is there already" if file.exists() else "lies in a folder that is not there"
        raise Refused(f"{file} {why}.", way_out="Name a new file in a folder that is there.")
    if file.stem.lower() in SCHEMAS:
        raise Refused(
            f"{file.stem} is the name of a schema inside: in a file named so DuckDB tells them not"
            " apart.",
            way_out="Give the file another name, such as then.duckdb.",
        )
    try:
        yield
    except BaseException as error:
        file.unlink(missing_ok=True)
        if isinstance(error, OSError | engine.IOException):
            raise Refused(
                f"{file} cannot be written: {str(error).partition(chr(10))[0]}.",
                way_out="Name a new file in a folder that can be written to.",
            ) from error
        raise

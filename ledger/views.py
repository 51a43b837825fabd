"""Opens a ledger's views, and says in its own words what can go wrong with them."""

from collections.abc import Iterator
from contextlib import contextmanager

from ledger.errors import Refused
from ledger.log import Log
from projections.database import Database
from projections.errors import NewerEvents


def open_views(log: Log) -> Database:
    """The views over all of a log; raises Refused where newer events make them impossible."""
    with telling_newer():
        return Database.open(log)


def replayed(log: Log, size: int) -> Database:
    """The views built anew from the log's first `size` events alone; raises like `open_views`."""
    with telling_newer():
        return Database.replay(log, size)


@contextmanager
def telling_newer() -> Iterator[None]:
    """Turn events of unknown types into a refusal with the way out."""
    try:
        yield
    except NewerEvents as error:
        raise Refused(
            f"The log holds events that this version does not know: {error}.",
            way_out="Upgrade claims-ledger. `claims verify` checks the log even so.",
        ) from error

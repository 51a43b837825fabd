"""What is turned away before it is looked at, and what is wrong with a form, field by field."""

from collections.abc import Mapping
from typing import NamedTuple

from ledger.errors import ClaimsError


class Unfit(Exception):
    """A request that is not answered: the status of HTTP, what happened and what to do."""

    def __init__(self, status: int, what: str, way_out: str) -> None:
        super().__init__(what)
        self.status = status
        self.what = what
        self.way_out = way_out


class Fault(NamedTuple):
    """What is wrong with a field, and what to do; `where` is a file or the like, often nothing."""

    what: str
    way_out: str
    where: str = ""


class Faults(Exception):
    """What keeps a form from being recorded, by its fields; "" is the form as a whole."""

    def __init__(self, faults: Mapping[str, Fault], status: int = 422) -> None:
        super().__init__("; ".join(each.what for each in faults.values()))
        self.faults = dict(faults)
        self.status = status


def fault_of(error: ClaimsError, field: str) -> Fault:
    """An error as it is told beside a field; at none, with all that is known of its place."""
    return Fault(error.what, error.way_out, "" if field else str(error.place))

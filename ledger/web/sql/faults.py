"""How a query can fail beyond being wrong, and how failures travel between processes.

Refused
├── TakesTooLong    it did not end within its time
└── TakesTooMuch    it needs more memory, or gives more rows, than is allowed
"""

from typing import Self

import msgspec

from ledger.errors import Busy, ClaimsError, Damaged, DiskFailed, Refused, UsageFault


class TakesTooLong(Refused):
    """The query did not end within its time; it was stopped."""


class TakesTooMuch(Refused):
    """The query needs more memory or room than one may have, or its result is too large."""


KINDS: dict[str, type[ClaimsError]] = {
    kind.__name__: kind
    for kind in (
        Busy,
        ClaimsError,
        Damaged,
        DiskFailed,
        Refused,
        TakesTooLong,
        TakesTooMuch,
        UsageFault,
    )
}
_NARROWER = "Ask for less: fewer rows (limit 1000), fewer columns, a narrower where."


class Failure(msgspec.Struct, frozen=True):
    """A failure on its way to the server: the class and the sentences of an error."""

    kind: str
    what: str
    way_out: str = ""
    field: str | None = None

    @classmethod
    def of(cls, error: ClaimsError) -> Self:
        """What is to be told of an error; a kind that is not known travels as the one above it."""
        names = [each.__name__ for each in type(error).__mro__]
        kind = next(name for name in names if name in KINDS)
        return cls(kind, error.what, error.way_out, error.place.field)

    def error(self) -> ClaimsError:
        """The error to raise."""
        return KINDS[self.kind](self.what, field=self.field, way_out=self.way_out)


def too_long(seconds: float) -> TakesTooLong:
    """The error of a query that did not end."""
    return TakesTooLong(
        f"The query takes longer than {seconds:g} seconds, and was stopped.",
        field="SQL",
        way_out=_NARROWER,
    )


def too_much(memory: int) -> TakesTooMuch:
    """The error of a query that needs more memory; `memory` in bytes."""
    return TakesTooMuch(
        f"The query needs more than the {memory >> 20:,} MiB of memory that one may use, and was"
        " stopped.",
        field="SQL",
        way_out=_NARROWER,
    )


def too_large(rows: int, size: int) -> TakesTooMuch:
    """The error of a download that would have to be cut short; `size` in bytes."""
    return TakesTooMuch(
        f"The result has more than {rows:,} rows or {size >> 20:,} MiB. A file is whole or not at"
        " all.",
        field="SQL",
        way_out="Ask for a part of it, or use `claims query` on your own machine, which has no"
        " such bound.",
    )

"""Every way in which a command can fail, each with its exit code.

    ClaimsError                 70   a bug of ours, unless a kind below says otherwise
    ├── UsageFault               2   the command line was not understood
    ├── Refused                  3   input that cannot be recorded as it stands
    │   ├── UnknownId                an id that nothing in the ledger has
    │   ├── QuoteNotFound            words that do not stand in their source
    │   ├── QuoteAmbiguous           words that stand there more than once
    │   ├── BadOrigin                a name that a ledger cannot have
    │   ├── KeyMissing               the ledger's signing key is not here
    │   ├── KeyUnfit                 what lies in the key's place does not sign for the ledger
    │   └── ClockBehind              the last event lies too far ahead of the clock
    ├── Conflict                 4   the ledger holds something else than the command assumes
    │   ├── SizeDiffers              another size than the caller expected
    │   └── HeadForgotten            a log that does not extend the last head that was signed
    ├── Damaged                  5   the ledger on disk is not what was signed
    │   └── Differs                  one thing on disk is not what it should be
    ├── Busy                     6   another writer holds the ledger
    └── DiskFailed              74   the operating system refused a read or a write (EX_IOERR)

An error is three short lines: what happened, where, what to do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import ClassVar, Self


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a fault was met; whatever is known of file, line (from 1) and field."""

    file: str | None = None
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line else None
        field = f"field {self.field}" if self.field else None
        return ", ".join(part for part in (self.file, line, field) if part)


class ClaimsError(Exception):
    """A failure that a person is told about: what happened, where, what to do."""

    exit_code: ClassVar[int] = 70

    def __init__(self, what: str, *, field: str | None = None, way_out: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.place = Place(field=field)
        self.way_out = way_out

    def at(
        self, *, file: str | None = None, line: int | None = None, field: str | None = None
    ) -> Self:
        """Add where it happened; what is known already stays, `field` goes in front of it."""
        joined = join_fields(field, self.place.field)
        self.place = replace(
            self.place, file=self.place.file or file, line=self.place.line or line, field=joined
        )
        return self

    def sentences(self) -> list[str]:
        """The lines that a person sees: what, where, what to do."""
        return [text for text in (self.what, str(self.place), self.way_out) if text]

    def __str__(self) -> str:
        return "\n".join(self.sentences())


@contextmanager
def in_field(field: str) -> Iterator[None]:
    """Put a field in front of the place of what is raised inside."""
    try:
        yield
    except ClaimsError as error:
        raise error.at(field=field) from None


def join_fields(outer: str | None, inner: str | None) -> str | None:
    """Join two parts of a field's path: `reports[0]` and `quote` give `reports[0].quote`."""
    if outer and inner:
        return f"{outer}{inner}" if inner.startswith("[") else f"{outer}.{inner}"
    return outer or inner


class UsageFault(ClaimsError):
    """The command line asks for something that it cannot mean."""

    exit_code = 2


class Refused(ClaimsError):
    """The input cannot be recorded as it stands; nothing was written."""

    exit_code = 3


class UnknownId(Refused):
    """An id that nothing in the ledger has."""

    def __init__(self, noun: str, wanted: str, *, field: str | None = None) -> None:
        what = f"No {noun} has the id {wanted!r}." if noun else f"Nothing has the id {wanted!r}."
        first = f"Record the {noun} first, or look" if noun else "Look"
        super().__init__(
            what, field=field, way_out=f"{first} for what is meant: claims search {wanted}"
        )


class QuoteNotFound(Refused):
    """The words do not stand in the text of their source."""


class QuoteAmbiguous(Refused):
    """The words stand in the text more than once."""


class BadOrigin(Refused):
    """A name that a ledger cannot have."""

    def __init__(self, origin: str) -> None:
        super().__init__(
            f"{origin!r} cannot be the origin of a ledger.",
            field="origin",
            way_out="Take a name like `example.org/claims`: at most 200 letters A-Z a-z, digits and"
            " . _ ~ / - , the first a letter or digit, and few slashes.",
        )


class KeyMissing(Refused):
    """The ledger's signing key is not in this user's key folder."""

    def __init__(self, origin: str, file: str) -> None:
        super().__init__(
            f"The ledger {origin} can be read and verified here, but not appended to: its signing"
            " key is not in this user's key folder.",
            way_out="Bring it: `claims key export -o FILE` on the machine that has it, then"
            " `claims key import FILE` here.",
        )
        self.at(file=file)


class KeyUnfit(Refused):
    """What lies in the place of the signing key does not sign for this ledger."""

    def __init__(self, origin: str, file: str, why: str, *, way_out: str = "") -> None:
        super().__init__(
            f"The signing key of {origin} cannot be used: {why}.",
            way_out=way_out
            or "Bring the key that belongs to this ledger: `claims key import FILE --replace`."
            " Reading needs none.",
        )
        self.at(file=file)


class ClockBehind(Refused):
    """The last event lies too far ahead of the clock; both times as they stand in a line."""

    def __init__(self, last: str, now: str) -> None:
        super().__init__(
            f"The last event was recorded at {last}, but the clock says {now}.",
            way_out="Set the clock right, or give `--accept-clock` to record at the last time.",
        )


class Conflict(ClaimsError):
    """The ledger holds something else than the command assumes; nothing was written."""

    exit_code = 4


class SizeDiffers(Conflict):
    """The ledger has another size than the caller expected; sizes are counts of events."""

    def __init__(self, expected: int, found: int) -> None:
        super().__init__(
            f"The ledger has {found:,} events, where {expected:,} were expected.",
            way_out="Look at what was added meanwhile, then give the new size.",
        )


class HeadForgotten(Conflict):
    """The log does not extend the last head that was signed for its origin (a backup, a copy)."""

    def __init__(self, origin: str, *, remembered: int, found: int) -> None:
        how = "is an earlier state of" if found < remembered else "has another history than"
        super().__init__(
            f"This ledger ({found:,} events) {how} the ledger {origin} as it was last signed here"
            f" ({remembered:,} events).",
            way_out="Append to the ledger that was signed last; or, to go on from this one on"
            " purpose, give `--accept-restored --reason …`.",
        )


class Damaged(ClaimsError):
    """The ledger on disk is not what was signed; nothing was touched."""

    exit_code = 5


class Differs(Damaged):
    """One thing on disk is not what it should be; `position` where it is an event's line."""

    def __init__(
        self, thing: str, *, file: str, expected: str, found: str, position: int | None = None
    ) -> None:
        where = thing if position is None else f"{thing} (position {position})"
        super().__init__(
            f"{where}: expected {expected}, found {found}.",
            way_out="Nothing was touched. `claims verify` lists what is wrong; a backup may help.",
        )
        self.at(file=file)
        self.thing, self.position, self.expected, self.found = thing, position, expected, found


class Busy(ClaimsError):
    """Another writer holds the ledger."""

    exit_code = 6


class DiskFailed(ClaimsError):
    """The operating system refused a read or a write; nothing was acknowledged."""

    exit_code = 74

"""A command that stands in a sheet."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger.errors import Place
from ledger.inputs import Raw
from ledger.sheets.slots import Slot


@dataclass(frozen=True)
class SheetCommand:
    """A command of a sheet, as `parse_command` takes it.

    `place` is that of its entry, `places` those of its fields, by the command's names for them.
    `slots` has one entry for each thing that the command makes, the main one first, then its
    reports, then its estimates: where its id goes, or None where the sheet gives it. A command
    that is `implied` stands in no sheet: it registers a narrator; leave it out where the ledger
    has that speaker.
    """

    raw: Raw
    place: Place
    places: Mapping[str, Place] = field(default_factory=dict)
    slots: tuple[Slot | None, ...] = ()
    implied: bool = False

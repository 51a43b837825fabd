"""What becomes of sheets: the lines of the plan, and the batch that carries it out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from ledger.decide import Decision
from ledger.errors import Place
from ledger.given import Given
from ledger.session import Receipt
from ledger.sheets.differences import Change

State = Literal["new", "changed", "reinstated", "unchanged", "missing", "void"]


@dataclass(frozen=True)
class Orders:
    """What is to happen to what the ledger holds already: why it was wrong, and what is to go."""

    reason: str | None = None
    error: str | None = None
    void_missing: bool = False


@dataclass(frozen=True)
class Entry:
    """A line of a plan; `subject` is `<noun>/<id>`, or the noun alone where the id is still open.

    `kind` is the word for what has no id, and is about its subject. `position` is that of the form
    that stands, where nothing is to be done.
    """

    state: State
    subject: str
    gist: str
    place: Place
    changes: tuple[Change, ...] = ()
    position: int = 0
    kind: str = ""


@dataclass
class Plan:
    """What becomes of sheets: lines for people, and the batch that does it.

    `made` has one entry a command of the sheets: the names of its things as `<noun>/<id>`, or the
    place in `batch` of the command that makes them.
    """

    entries: list[Entry] = field(default_factory=list)
    batch: list[Given] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    made: dict[int, tuple[str, ...] | int] = field(default_factory=dict)

    @property
    def corrections(self) -> list[Entry]:
        """What touches history, and needs a reason."""
        return [each for each in self.entries if each.state in ("changed", "reinstated", "void")]

    def names_made(self, receipt: Receipt) -> Iterator[tuple[str, ...]]:
        """The things of each command of the sheets, once the batch is recorded."""
        for _, made in sorted(self.made.items()):
            yield receipt.made[made] if isinstance(made, int) else made

    def whole(self, receipt: Receipt) -> Receipt:
        """The receipt of the batch, with what stood already."""
        standing = [each for each in self.entries if each.state == "unchanged"]
        return msgspec.structs.replace(
            receipt,
            ids=receipt.ids + tuple(each.subject.partition("/")[2] for each in standing),
            positions=receipt.positions + tuple(each.position for each in standing),
            made=receipt.made + tuple((each.subject,) for each in standing),
            unchanged=receipt.unchanged + len(standing),
        )

"""What is to leave: the ledger as of one size, what was chosen of it, and its tables.

Rules kept here:
- all of an export is of one size of the log, whatever is appended meanwhile;
- with a statement leaves what it rests on: its reports, numbers, sources, and whoever is named;
- a condition that somebody writes reaches no file but the export's own room, and no network.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from ledger.errors import DiskFailed, Refused, UsageFault
from ledger.exporters.about import About
from projections import catalog, exports

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ledger.api import Ledger
    from ledger.log import Log
    from projections.exports import Exported


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody asks for; empty where it is everything.

    `where` is a condition on the only view that is named, else on statements. `first` is the
    position that lines of the log begin at.
    """

    views: tuple[str, ...] = ()
    where: str | None = None
    subjects: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    first: int = 0
    licence: str | None = None

    @property
    def narrows(self) -> bool:
        """Whether some statements are chosen, and not all of them leave."""
        things = self.subjects or self.speakers or self.measures
        return bool(things or (self.where and len(self.views) != 1))

    def words(self) -> str | None:
        """What was chosen, in words."""
        named = (("", self.subjects), ("speaker ", self.speakers), ("measure ", self.measures))
        told = [f"{what}{', '.join(ids)}" for what, ids in named if ids]
        told += [f"where {self.where}"] if self.where else []
        return "; ".join(told) or None


@dataclass
class Leaving:
    """An export on its way: `room` is the folder that queries may write to.

    `target` is where it is to lie in the end; None where it goes to standard output.
    """

    ledger: "Ledger"
    asked: Asked
    room: Path
    target: Path | None = None
    notes: list[str] = field(default_factory=list)  # what a person should know of it
    is_chosen: bool = False

    @classmethod
    def of(
        cls, ledger: "Ledger", asked: Asked, room: Path, target: Path | None = None
    ) -> "Leaving":
        """Look at a ledger at one size; raises Refused for a condition that is none."""
        made = cls(settled(ledger), asked, room, target)
        made.ledger.views().lock_down(room)
        made.choose()
        return made

    @property
    def log(self) -> "Log":
        """The log that it is from."""
        return self.ledger.log

    @property
    def connection(self) -> "DuckDBPyConnection":
        """The connection that answers as of the export's size."""
        return self.ledger.views().connection

    @cached_property
    def about(self) -> About:
        """Where the export comes from."""
        log, size = self.log, self.ledger.size
        return About(
            origin=log.origin, title=log.title, size=size, root=log.root_at(size).hex(),
            verifier_key=log.chain.key_for(max(min(size, log.signed_size), 1)).format(),
            recorded_until=log.stamp(size - 1).time if size else None,
            chosen=self.asked.words(), licence=self.asked.licence,
        )  # fmt: skip

    # ── what is chosen ───────────────────────────────────────────────────────────────────────

    def choose(self) -> None:
        """Keep to the statements that were asked for."""
        if not self.asked.narrows:
            return
        with told_of_condition(self.asked.where):
            exports.choose(self.connection, list(self._conditions()))
        self.is_chosen = True

    def _conditions(self) -> Iterator[str]:
        asked = self.asked
        if asked.subjects:
            yield " or ".join(map(_about, asked.subjects))
        for noun, names in (("speaker", asked.speakers), ("measure", asked.measures)):
            if names:
                yield " or ".join(_about(f"{noun}/{name}") for name in names)
        if asked.where and len(asked.views) != 1:
            yield asked.where

    # ── tables ───────────────────────────────────────────────────────────────────────────────

    def tables(self, usual: Sequence[str] = exports.USUAL) -> list["Table"]:
        """The tables that were named, else the usual ones."""
        where = self.asked.where if len(self.asked.views) == 1 else None
        with told_of_condition(where):
            return [
                Table(self, exports.exported(name), where)
                for name in dict.fromkeys(self.asked.views or usual)
            ]

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """The rows of a query of `projections/export/`, by the names of their columns."""
        rows = Table(self, exports.exported(name), None).rows()
        for row in rows:
            yield dict(zip(rows.columns, row, strict=True))


class Table:
    """A table of an export."""

    def __init__(self, leaving: Leaving, made: "Exported", where: str | None) -> None:
        self.made = made
        self.name = made.name
        self.connection = leaving.connection
        self._where = where
        self.sql = exports.select_of(
            leaving.connection, made, is_chosen=leaving.is_chosen, where=where
        )

    def telling(self) -> AbstractContextManager[None]:
        """A context in which what is wrong with the condition becomes a refusal."""
        return told_of_condition(self._where)

    @cached_property
    def kinds(self) -> list[tuple[str, str]]:
        """Its columns, each with its type in DuckDB."""
        with self.telling():
            relation = self.connection.sql(self.sql)
        return list(zip(relation.columns, map(str, relation.types), strict=True))

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        return [name for name, _ in self.kinds]

    def rows(self) -> exports.Rows:
        """Its rows; memory does not grow with them."""
        with self.telling():
            return exports.Rows(self.connection, self.sql)


def settled(ledger: "Ledger") -> "Ledger":
    """A ledger as of one size, whatever is appended meanwhile."""
    return ledger if ledger.moment is not None else ledger.as_of(ledger.size)


def check_views(names: Sequence[str]) -> None:
    """Refuse names that are no views; raises UsageFault with the nearest one."""
    import difflib

    known = [exports.FLAT, *(view.name for view in catalog.views())]
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else "`claims view` lists them."
            raise UsageFault(f"There is no view {name!r}.", field="--view", way_out=hint)


@contextmanager
def told_of_condition(where: str | None) -> Iterator[None]:
    """Turn what DuckDB says of a condition into a refusal, and the disk's own faults into those."""
    try:
        yield
    except duckdb.IOException as error:
        raise DiskFailed(
            f"The operating system refused: {str(error).strip().splitlines()[0]}",
            way_out="Make room or mend the disk, then repeat; nothing was exported.",
        ) from error
    except duckdb.Error as error:
        if where is None:
            raise  # a bug of ours
        raise Refused(
            f"{str(error).strip().splitlines()[0]}",
            field="--where",
            way_out="It is an SQL condition on the view, else on statements:"
            " \"said_at_earliest >= '2017-01-01'\".",
        ) from error


def _about(subject: str) -> str:
    """The condition on statements that hang on a thing `<noun>/<id>`."""
    noun, _, name = subject.partition("/")
    named = "'" + name.replace("'", "''") + "'"
    if noun == "statement":
        return f"statement_id = {named}"
    if noun == "speaker":
        one = f"select canonical_id from speakers where speaker_id = {named}"  # noqa: S608  quoted above
        same = f"select speaker_id from speakers where canonical_id in ({one})"  # noqa: S608  the same
        return f"speaker_id in ({same}) or list_contains(co_speakers, {named})"
    views = {"report": "reports", "estimate": "estimates", "source": "reports",
             "measure": "estimates"}  # fmt: skip
    return f"statement_id in (select statement_id from {views[noun]} where {noun}_id = {named})"  # noqa: S608  quoted above

"""What the columns of a series probably are: its date, its numbers, their hedges, a day counter.

Rules kept here:
- who claims the figures stands in no column, so it is asked for;
- a column is left out only where it counts the days of the date column; a text is quoted.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from ledger.errors import ClaimsError, UsageFault
from ledger.importers.names import id_of
from ledger.importers.rows import Raw
from ledger.importers.series_cells import form_of, observed, sample
from ledger.importers.settings import checked
from ledger.importers.tables_dates import ambiguous as ambiguous_date
from ledger.importers.tables_dates import edtf_of, is_date, order_of, orders_in
from ledger.importers.tables_forms import ENOUGH, is_url, share
from ledger.importers.tables_layout import guess_layout
from ledger.importers.tables_numbers import ambiguous as ambiguous_number
from ledger.importers.tables_numbers import is_number, marks_in
from ledger.importers.tables_settings import Layout
from ledger.quantities import parse_value

MOST_ROWS = 10_000  # that are looked at

# What words mean that stand beside a number, besides those that the ledger's short form knows.
_HEDGES = {"more": "gt", "less": "lt", "almost": "lt", "nearly": "lt", "exactly": "eq"}

Cells = Sequence[Mapping[str, str]]


def guess_series(path: Path, told: Raw) -> Raw:
    """The mapping of a file; `told` stays as it is. Raises UsageFault, Refused."""
    if "speaker" not in told:
        raise UsageFault(
            "Nothing in a file says who claims its figures.",
            way_out='Name the speaker: --set speaker="NAME". Who wrote them down is another:'
            ' --set transcriber="NAME".',
        )
    found: Raw = {}
    form = form_of(path)
    if form != "json":
        said = {name: told[name] for name in Layout.model_fields if name in told}
        found = guess_layout(form, path, said)
    layout = checked(Layout, {k: v for k, v in (found | told).items() if k in Layout.model_fields},
                     None)  # fmt: skip
    with observed(path, layout) as file:
        rows = sample(file.rows, MOST_ROWS)
    return found | Guessing(rows, told).found(path)


class Guessing:
    """Columns of a series, and what they are taken for."""

    def __init__(self, rows: Cells, told: Raw) -> None:
        self.rows = rows
        self.told = told
        names = dict.fromkeys(name for row in rows for name in row)
        self.cells = {
            name: [cell for row in rows if (cell := row.get(name, "")).strip()] for name in names
        }
        self.left = list(names)

    def found(self, path: Path) -> Raw:
        """The mapping, from the surest signs to the weakest."""
        column = self._date()
        made: Raw = {"series": path.stem, "date": column}
        made |= self._date_format(column)
        if page := self._only(is_url):
            made["page"] = page
        ignored = [name for name in self.left if self._counts_days(name, column)]
        self._take(ignored)
        numbers = [name for name in self.left if share(self.cells[name], is_number) >= ENOUGH]
        self._take(numbers)
        hedges, words = self._hedges(numbers)
        made["measures"] = {
            name: {"id": id_of(name), "label": name}
            | ({"hedge": hedges[name]} if name in hedges else {})
            for name in numbers
        }
        made |= {"hedge_words": words} if words else {}
        made |= self._decimal(numbers)
        made |= {"texts": self.left} if self.left else {}
        made |= {"ignore": ignored} if ignored else {}
        if not numbers and "measures" not in self.told:
            raise UsageFault(
                "No column holds numbers.", way_out="Name one: --set measures.COLUMN.label=LABEL."
            )
        return made

    # ── columns ──────────────────────────────────────────────────────────────────────────────

    def _date(self) -> str:
        """The column of the date: the one that was told, is called so, or alone holds dates."""
        told = self.told.get("date")
        dates = [name for name in self.left if share(self.cells[name], is_date) >= ENOUGH]
        called = [name for name in dates if name.casefold() == "date"]
        found = [told] if isinstance(told, str) else called or dates
        if len(found) != 1:
            what = "Several columns hold dates" if found else "No column holds dates"
            raise UsageFault(
                f"{what}: {', '.join(found or self.left)[:200]}.",
                way_out="Say which is the day of its row: --set date=COLUMN.",
            )
        self._take(found)
        return found[0]

    def _date_format(self, column: str) -> Raw:
        """Which of day and month comes first, where the cells show it; raises Refused where not."""
        if "date_format" in self.told:
            return {}
        orders = orders_in(self.cells.get(column, []))
        if orders.format:
            return {"date_format": orders.format}
        if orders.unclear and (order := order_of(orders.unclear)):
            raise ambiguous_date(orders.unclear, order.sign).at(field=column)
        return {}

    def _decimal(self, numbers: Sequence[str]) -> Raw:
        """The sign before decimals, where the cells show it; raises Refused where not."""
        if "decimal" in self.told:
            return {}
        marks = marks_in(cell for name in numbers for cell in self.cells[name])
        if marks.unclear:
            raise ambiguous_number(marks.unclear)
        return {"decimal": marks.decimal} if marks.decimal else {}

    def _only(self, shows: Any) -> str | None:  # noqa: ANN401  a predicate of cells
        """The only column left whose cells show something."""
        found = [name for name in self.left if share(self.cells[name], shows) >= ENOUGH]
        if len(found) != 1:
            return None
        self._take(found)
        return found[0]

    def _counts_days(self, name: str, column: str) -> bool:
        """Whether a column is the number of each row's day, counted from some day on."""
        differences = set()
        for row in self.rows:
            with suppress(ClaimsError, ValueError, KeyError):
                day = date.fromisoformat(edtf_of(row[column], self.told.get("date_format")))
                differences.add(day.toordinal() - int(row[name]))
        several = len(self.cells[name]) > 1
        return several and len(differences) == 1 and len(self.cells[name]) == len(self.rows)

    def _hedges(self, numbers: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
        """The hedge column of each number, known by its name; and what their words mean."""
        hedges: dict[str, str] = {}
        words: dict[str, str] = {}
        for name in list(self.left):
            said = {cell.strip() for cell in self.cells[name]}
            meant = {word: hedge_of(word) for word in sorted(said)}
            beside = [number for number in numbers if name.startswith(number)]
            if said and all(meant.values()) and beside:
                hedges[max(beside, key=len)] = name
                words |= {word: hedge for word, hedge in meant.items() if hedge}
                self._take([name])
        return hedges, words

    def _take(self, names: Sequence[str]) -> None:
        self.left = [name for name in self.left if name not in names]


def hedge_of(word: str) -> str | None:
    """What a word beside a number means; None where it is no hedge."""
    if known := _HEDGES.get(word.casefold()):
        return known
    with suppress(ClaimsError):
        return parse_value(f"{word.casefold()} 1").comparator
    return None

"""Which column is probably which field: by the words of the header, then by the cells.

Rules kept here:
- a column is one field at most; what is not clear is left out, and what is needed is asked for;
- what the cells do not decide (the order of day and month, the sign before decimals) is asked for.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ledger.errors import Refused, UsageFault
from ledger.importers.names import slug
from ledger.importers.tables_cells import folded
from ledger.importers.tables_columns import Header
from ledger.importers.tables_dates import ambiguous as ambiguous_date
from ledger.importers.tables_dates import is_date, order_of, orders_in
from ledger.importers.tables_forms import (
    DATES,
    ENOUGH,
    FORMS,
    NO_VALUE,
    are_outlets,
    is_sentence,
    is_url,
    says_any,
    share,
)
from ledger.importers.tables_numbers import ambiguous as ambiguous_number
from ledger.importers.tables_numbers import is_number, marks_in
from ledger.importers.tables_words import FIELD_OF, YEARS

MOST_ROWS = 10_000  # that are looked at
Raw = dict[str, Any]


def guess_columns(path: Path, header: Header, rows: Sequence[Sequence[str]], told: Raw) -> Raw:
    """The mapping of a table's columns; `told` stays as it is. Raises UsageFault, Refused."""
    given = told.get("columns")
    columns = Guessing(header, rows, given if isinstance(given, dict) else {})
    found: Raw = {"columns": columns.found()}
    if columns.empty:
        found["empty"] = sorted(columns.empty)
    columns.check_needed()
    found |= columns.decide(told)
    if "id" in found["columns"]:
        found["id_prefix"] = f"{slug(path.stem, 30)}-"
    return found


class Guessing:
    """Columns of a table, and what they are taken for."""

    def __init__(self, header: Header, rows: Sequence[Sequence[str]], told: Raw) -> None:
        self.header = header
        self.told = told
        self.empty: set[str] = set()
        self.cells = [self._cells_of(at, rows) for at in range(len(header.names))]
        self.fields: dict[str, int] = {}
        self.taken = {at for each in told.values() if (at := self._told_index(each)) is not None}
        self.columns: Raw = {}

    def found(self) -> Raw:
        """The mapping, from the surest signs to the weakest."""
        self._by_words()
        self._take("source", is_url)
        self._take("said_at", is_date)
        numbers = self._by_numbers()
        self._take_text()
        self.columns |= {name: {"column": self._name(at)} for name, at in self.fields.items()}
        self._add_numbers(numbers)
        self._add_constants()
        return self.columns

    # ── words and forms ──────────────────────────────────────────────────────────────────────

    def _by_words(self) -> None:
        """Columns whose whole name is a word of a field, then those whose name holds one."""
        names = [re.sub(r"[\W_]+", " ", folded(name)).strip() for name in self.header.names]
        for at, name in enumerate(names):
            self._claim(FIELD_OF.get(name), at)
        for at, name in enumerate(names):
            words = name.split()
            held = [" ".join(words[a:b]) for a in range(len(words))
                    for b in range(len(words), a, -1)]  # fmt: skip
            longest = max((each for each in held if each in FIELD_OF), key=len, default="")
            if len(longest) > 2 and len(words) <= 4:  # noqa: PLR2004  letters of a word that tells; words of a name
                self._claim(FIELD_OF.get(longest), at)

    def _claim(self, field: str | None, at: int) -> None:
        if field is None or at in self.taken or field in self.told or field in self.fields:
            return
        if not self._fits(field, at):
            return
        self.fields[field] = at
        self.taken.add(at)

    def _fits(self, field: str, at: int) -> bool:
        """Whether the cells of a column do not speak against a field."""
        cells = self.cells[at]
        if self._count(self.header.names[at]) > 1:
            return False  # two columns of one name
        if not cells:
            return True
        if field in FORMS:
            return share(cells, FORMS[field]) >= 1 - ENOUGH
        is_other = field in ("speaker", "proposition", "quote", "measure", "title", "publisher")
        return not is_other or max(share(cells, is_number), share(cells, is_date)) < ENOUGH

    def _take(self, field: str, shows: Callable[[str], bool]) -> None:
        """Take the only column left whose cells show a field."""
        if field in self.fields or field in self.told:
            return
        if field == "source" and {"url", "title"} & (self.fields.keys() | self.told.keys()):
            return
        found = [at for at in self._left() if share(self.cells[at], shows) >= ENOUGH]
        if len(found) == 1:
            self._claim(field, found[0])

    def _take_text(self) -> None:
        """Take the only column left that holds sentences for what is claimed."""
        if {"proposition", "quote"} & (self.fields.keys() | self.told.keys()):
            return
        found = [at for at in self._left() if share(self.cells[at], is_sentence) >= ENOUGH]
        if len(found) == 1:
            self._claim("proposition", found[0])

    def _by_numbers(self) -> list[int]:
        """The columns that hold numbers: that of the word, and those left."""
        if {"value", "numbers"} & self.told.keys():
            return []
        left = [
            at
            for at in self._left()
            if share(self.cells[at], is_number) >= ENOUGH
            and folded(self.header.names[at]) not in YEARS
            and self._count(self.header.names[at]) == 1
        ]
        self.taken |= set(left)
        named = self.fields.pop("value", None)
        return [*([named] if named is not None else []), *left]

    # ── what goes with them ──────────────────────────────────────────────────────────────────

    def _add_numbers(self, numbers: Sequence[int]) -> None:
        """Each number with its measure, unit and period."""
        period = self.columns.pop("reference_period", None) or self.columns.get("said_at")
        measure, unit = self.columns.pop("measure", None), self.columns.pop("unit", None)
        words = self.columns.pop("words", None)
        made = []
        for at in numbers:
            name = self._name(at)
            one: Raw = {"value": {"column": name}}
            one["measure"] = measure if measure and len(numbers) == 1 else {"constant": name}
            if unit and len(numbers) == 1:
                one["unit"] = unit
            if words and len(numbers) == 1:
                one["words"] = words
            if period:
                one["reference_period"] = dict(period)
            made.append(one)
        if len(made) == 1:
            self.columns |= {key: each for key, each in made[0].items() if key not in self.told}
        elif made:
            self.columns["numbers"] = made
        elif "value" in self.told:
            told_name = self._told_name(self.told["value"])
            self.columns["measure"] = measure or {"constant": told_name or "?"}
            self.columns |= {"unit": unit} if unit else {}
            self.columns |= {"reference_period": dict(period)} if period else {}

    def _add_constants(self) -> None:
        """What is assumed of all rows, so that it is seen."""
        both = self.columns.keys() | self.told.keys()
        if "speaker_kind" not in both:
            self.columns["speaker_kind"] = {"constant": "person"}
        if "quote" not in both:
            self.columns["quote_mode"] = {"constant": "indirect"}
        elif "quote_mode" not in both:
            self.columns["quote_mode"] = {"constant": "direct"}
        if "topics" in self.columns:
            cells = self.cells[self.fields["topics"]]
            for sign in (";", "|", ","):
                if any(sign in cell for cell in cells):
                    self.columns["topics"]["separator"] = sign
                    break
        both = self.columns.keys() | self.told.keys()
        if "source" in self.columns and not {"publisher", "url"} & both:
            cells = self.cells[self.fields["source"]]
            if "title" in both or are_outlets(cells):
                self.columns["publisher"] = self.columns.pop("source")

    def check_needed(self) -> None:
        """Raise UsageFault where a field that is needed cannot be guessed."""
        both = self.columns.keys() | self.told.keys()
        if "speaker" not in both:
            raise UsageFault(
                "No column says who speaks, by its name or its cells.",
                way_out="Name it: --set columns.speaker=COLUMN, or for all rows"
                f' --set columns.speaker.constant="NAME". {self.header.listed()}',
            )
        if not {"proposition", "quote"} & both:
            raise UsageFault(
                "No column says what is claimed, by its name or its cells.",
                way_out=f"Name it: --set columns.proposition=COLUMN. {self.header.listed()}",
            )

    def decide(self, told: Raw) -> Raw:
        """Say the forms of dates and numbers that their columns decide; raise Refused where not.

        What goes for columns that were told, and so cannot be added to, goes for the whole table.
        """
        whole: Raw = {}
        for name, column in [*self._all(), *self.told.items()]:
            at = self._told_index(column)
            place = whole if column is self.told.get(name) else column
            if at is None:
                continue
            if name in DATES and "date_format" not in told and "format" not in column:
                self._decide_date(place, at, "date_format" if place is whole else "format")
            elif name == "value" and "decimal" not in told and "decimal" not in column:
                self._decide_number(place, at)
        return whole

    def _decide_date(self, place: Raw, at: int, key: str) -> None:
        orders = orders_in(self.cells[at])
        if orders.format:
            place[key] = orders.format
        elif orders.unclear and (order := order_of(orders.unclear)):
            raise ambiguous_date(orders.unclear, order.sign).at(field=self._name(at))

    def _decide_number(self, place: Raw, at: int) -> None:
        marks = marks_in(self.cells[at])
        if marks.decimal:
            place["decimal"] = marks.decimal
        elif marks.unclear:
            raise ambiguous_number(marks.unclear).at(field=self._name(at))

    def _all(self) -> list[tuple[str, Any]]:
        single = [(name, each) for name, each in self.columns.items() if name != "numbers"]
        for number in self.columns.get("numbers", ()):
            single += number.items()
        return single

    # ── helpers ──────────────────────────────────────────────────────────────────────────────

    def _cells_of(self, at: int, rows: Sequence[Sequence[str]]) -> list[str]:
        cells = [row[at] for row in rows if at < len(row) and says_any(row[at])]
        silent = {cell.strip() for cell in cells if cell.strip().lower() in NO_VALUE}
        rest = [cell for cell in cells if cell.strip() not in silent]
        if silent and share(rest, lambda cell: is_number(cell) or is_date(cell)) >= ENOUGH:
            self.empty |= silent
            return rest
        return cells

    def _left(self) -> list[int]:
        return [at for at in range(len(self.cells)) if at not in self.taken and self.cells[at]]

    def _count(self, name: str) -> int:
        return sum(each.casefold() == name.casefold() for each in self.header.names)

    def _name(self, at: int) -> str:
        name = self.header.names[at]
        return name if name and self._count(name) == 1 else f"#{at + 1}"

    def _told_name(self, column: Any) -> str | None:  # noqa: ANN401  as it was given
        name = column.get("column") if isinstance(column, dict) else column
        return name if isinstance(name, str) and name else None

    def _told_index(self, column: Any) -> int | None:  # noqa: ANN401  as it was given
        name = self._told_name(column)
        try:
            return self.header.index("columns", name) if name else None
        except Refused:
            return None  # it is told when the mapping is used

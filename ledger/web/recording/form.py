"""The form: its fields as they were typed, and the rows of numbers in it.

Rules kept here:
- a field that the form does not have, or that stands twice, is refused, never passed over;
- what was typed is kept as it was typed, for as long as the form is shown again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Self

from events.ids import is_id, random_id
from ledger.web.recording.refusals import Unfit

# Of the whole form; the first three are not seen: its id, its seal, and the near matches shown.
FIELDS = frozenset((
    "form", "seal", "seen", "source", "quote", "place", "kind_of", "report_of", "speaker", "kind",
    "speaker_new", "said_at", "speech_act", "proposition", "topics", "language", "quote_mode",
    "attributed_to", "via", "note", "actor",
))  # fmt: skip
# Of a number; `unit` and `tags` are those of a new measure.
COLUMNS = ("measure", "value", "words", "period", "unit", "tags", "new")

_EMPTY = dict.fromkeys(COLUMNS, "")

LEAST_ROWS = 2
MOST_ROWS = 40
_USUAL = {"speech_act": "assert", "quote_mode": "direct", "kind": "person", "kind_of": "statement"}

Row = dict[str, str]


@dataclass(frozen=True)
class Form:
    """What stands in the form. Its id becomes that of the statement or report that it records.

    So a form that is sent twice records one thing, and one that was changed in between conflicts
    with what it recorded.
    """

    id: str
    values: dict[str, str] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()

    def __getitem__(self, name: str) -> str:
        """What was typed into a field, without the space around it; empty for nothing."""
        return self.values.get(name, _USUAL.get(name, "")).strip()

    def typed(self, name: str) -> str:
        """What was typed into a field, as it was."""
        return self.values.get(name, _USUAL.get(name, ""))

    def listed(self, name: str) -> list[str]:
        """What was typed into a field, parted by commas."""
        return [each.strip() for each in self[name].split(",") if each.strip()]

    def having(self, **values: str) -> Self:
        """The same form with other values in some fields."""
        return replace(self, values=self.values | values)

    def with_rows(self, count: int) -> Self:
        """The same form with at least so many rows."""
        missing = min(count, MOST_ROWS) - len(self.rows)
        return replace(self, rows=self.rows + tuple(dict(_EMPTY) for _ in range(missing)))

    @property
    def is_report(self) -> bool:
        """Whether it is a report of a statement that is there."""
        return self["kind_of"] == "report"

    @property
    def place(self) -> tuple[int, int] | None:
        """Where the quote was selected, in code points, half-open; None where it was typed."""
        start, dash, end = self["place"].partition("-")
        if not (dash and _is_count(start) and _is_count(end)) or int(start) >= int(end):
            return None
        return int(start), int(end)

    @property
    def seen(self) -> frozenset[str]:
        """The near matches that were shown beside it."""
        return frozenset(self.listed("seen"))

    def numbers(self) -> list[tuple[int, Row]]:
        """The rows that hold something, each with its number from 1."""
        stripped = [{name: text.strip() for name, text in row.items()} for row in self.rows]
        return [(at, row) for at, row in enumerate(stripped, 1) if any(row.values())]


def new_form(**values: str) -> Form:
    """An empty form, but for some values."""
    return Form(random_id(), dict(values)).with_rows(LEAST_ROWS)


def read_form(pairs: Iterable[tuple[str, str]]) -> tuple[Form, str]:
    """A form and the button that it was sent with; raises Unfit for what is no such form."""
    values: dict[str, str] = {}
    for name, text in pairs:
        if name in values:
            raise _unknown(f"The field {name[:60]!r} stands twice.")
        # HTML sends line breaks as CR LF, whatever they were (HTML 4.10.22.4).
        values[name] = text.replace("\r\n", "\n")
    order = values.pop("do", "check")
    cells = {name: values.pop(name) for name in list(values) if name not in FIELDS}
    if not is_id(values.get("form", "")):
        raise _unknown("The form has no id.")
    form = Form(values["form"], values, _rows(cells))
    return form.with_rows(max(len(form.rows), LEAST_ROWS)), order


def _rows(cells: dict[str, str]) -> tuple[Row, ...]:
    """The rows of numbers; their fields are named `measure-1`, `value-1` and so on."""
    rows: dict[int, Row] = {}
    for name, text in cells.items():
        column, _, number = name.partition("-")
        if not is_field(name):
            raise _unknown(f"The form has no field {name[:60]!r}.")
        rows.setdefault(int(number), {})[column] = text
    return tuple(_EMPTY | rows.get(at, {}) for at in range(1, max(rows, default=0) + 1))


def is_field(name: str) -> bool:
    """Whether the form has a field of a name."""
    column, _, number = name.partition("-")
    return name in FIELDS or (
        column in COLUMNS and _is_count(number) and 1 <= int(number) <= MOST_ROWS
    )


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12  # noqa: PLR2004  digits enough


def _unknown(what: str) -> Unfit:
    return Unfit(400, what, "Open the page again and fill it in anew.")

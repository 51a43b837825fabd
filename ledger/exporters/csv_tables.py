"""CSV: one flat table for a spreadsheet, or a file for each view (RFC 4180, UTF-8, commas).

A text that a spreadsheet would run as a formula begins with an apostrophe; `claims import csv`
takes it away again where `defused: true` is set. Beside the flat table lies a mapping by which its
rows come back: each report as a statement of its own, under the id of the report.
"""

from collections.abc import Mapping
from pathlib import Path

from ledger.exporters.about import as_json
from ledger.exporters.leaving import Leaving, Table
from ledger.exporters.log_lines import META
from ledger.exporters.whole import ABOUT
from projections import exports

MAPPING = ".mapping.yaml"
DEFUSED = (
    "A text that a spreadsheet would run as a formula begins with an apostrophe (') in front of"
    " it; without its first apostrophe it is the text again."
)


# The fields of `claims import csv`, and the columns of the flat table.
COLUMNS: dict[str, object] = {
    "id": "report_id",
    "proposition": "claimed_proposition",
    "words": "value_text",
    "topics": {"column": "topics", "separator": ";"},
    **{name: name for name in (
        "speaker", "speaker_kind", "said_at", "speech_act", "quote", "quote_mode", "attributed_to",
        "value", "measure", "unit", "reference_period", "title", "publisher", "published", "url",
        "language", "venue", "note",
    )},
}  # fmt: skip


def write(leaving: Leaving, place: Path) -> Mapping[str, bytes]:
    """Write one table to a file, or several into a folder."""
    tables = leaving.tables((exports.FLAT,) if not place.is_dir() else exports.USUAL)
    facts = leaving.about.facts() | {
        "formulas": DEFUSED,
        "tables": {table.name: described(table) for table in tables},
    }
    if not place.is_dir():
        write_table(tables[0], place)
        mapping = {MAPPING: as_yaml()} if tables[0].name == exports.FLAT else {}
        return {META: as_json(facts), **mapping}
    for table in tables:
        write_table(table, place / f"{table.name}.csv")
    (place / ABOUT).write_bytes(as_json(facts))
    return {}


def write_table(table: Table, path: Path) -> None:
    """Write one table as CSV."""
    with table.telling():
        exports.write_csv(table.connection, table.sql, table.kinds, path)


def as_yaml() -> bytes:
    """The mapping of the flat table, as `claims import csv --mapping` takes it."""
    from ledger.importers.settings import settings_text

    return settings_text({"columns": COLUMNS, "defused": True, "decimal": "."}).encode()


def described(table: Table) -> dict[str, object]:
    """What a table is, for whoever finds it."""
    return {"rows": table.made.grain, "about": table.made.why, "key": list(table.made.key)}

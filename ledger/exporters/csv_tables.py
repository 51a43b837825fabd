"""CSV: one flat table for a spreadsheet, or a file for each view (RFC 4180, UTF-8, commas).

A text that a spreadsheet would run as a formula begins with an apostrophe; `claims import csv`
takes it away again where `defused: true` is set. Beside the flat table lies a mapping by which its
rows come back: each report as a statement of its own, under the id of the report, with its number
where it claims one.
"""

from collections.abc import Mapping, Sequence
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
        return {META: as_json(facts), **mapping_beside(leaving, tables, defused=True)}
    for table in tables:
        write_table(table, place / f"{table.name}.csv")
    (place / ABOUT).write_bytes(as_json(facts))
    return {}


def write_table(table: Table, path: Path) -> None:
    """Write one table as CSV."""
    with table.telling():
        exports.write_csv(table.connection, table.sql, table.kinds, path)


def mapping_beside(
    leaving: Leaving, tables: Sequence[Table], **layout: object
) -> Mapping[str, bytes]:
    """The mapping of the flat table, as `claims import --mapping` takes it, where it is exported.

    What an import of it would leave out is said in the notes.
    """
    from ledger.importers.settings import settings_text

    flat = next((table for table in tables if table.name == exports.FLAT), None)
    if flat is None:
        return {}
    several = f"select count(*) from ({flat.sql}) where numbers_claimed != '' and measure is null"  # noqa: S608  our own SQL
    with flat.telling():
        [(count,)] = flat.connection.execute(several).fetchall()
    if count:
        rows = "1 row claims" if count == 1 else f"{count:,} rows claim"
        leaving.notes.append(
            f"{rows} several numbers, in numbers_claimed: `claims import` leaves these out; the"
            " export web-annotation brings all of them back."
        )
    return {MAPPING: settings_text({**layout, "columns": COLUMNS, "decimal": "."}).encode()}


def described(table: Table) -> dict[str, object]:
    """What a table is, for whoever finds it."""
    return {"rows": table.made.grain, "about": table.made.why, "key": list(table.made.key)}

"""A Frictionless data package: CSV files, and datapackage.json that says what is in them.

Table Schema of the columns, keys, links between the files, bytes and hashes. Texts are defused as
in all CSV (csv_tables): an apostrophe stands before what a spreadsheet would run.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ledger.exporters.about import as_json
from ledger.exporters.csv_tables import DEFUSED, write_table
from ledger.exporters.leaving import Leaving, Table
from projections.exports import exported, is_nested

DESCRIPTOR = "datapackage.json"


def write(leaving: Leaving, place: Path) -> Mapping[str, bytes]:
    """Write the files of the package into a folder."""
    tables = leaving.tables()
    (place / "data").mkdir()
    resources = [_write(table, place, tables) for table in tables]
    about = leaving.about
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": re.sub(r"[^a-z0-9._-]+", "-", about.origin.lower()).strip("-"),
        "title": about.name,
        "description": f"{about.notice} {about.sentence} {DEFUSED}",
        "created": about.recorded_until,
        "sources": [{"title": about.origin}],
        "licenses": [_licence(about.licence)] if about.licence else None,
        "claims:ledger": about.facts(),
        "resources": resources,
    }
    said = {name: value for name, value in package.items() if value is not None}
    (place / DESCRIPTOR).write_bytes(as_json(said))
    return {}


def _licence(text: str) -> dict[str, str]:
    """A licence as the standard has it: by its address, or by its name (Open Definition)."""
    if text.startswith(("http://", "https://")):
        return {"path": text}
    return {"name": re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-"), "title": text}


def _write(table: Table, place: Path, all_tables: Sequence[Table]) -> object:
    path = place / "data" / f"{table.name}.csv"
    write_table(table, path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": table.name.replace("_", "-"),
        "path": f"data/{table.name}.csv",
        "profile": "tabular-data-resource",
        "title": table.name,
        "description": f"{table.made.grain}: {table.made.why}",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "schema": _schema(table, {each.name for each in all_tables}),
    }


def _schema(table: Table, together: set[str]) -> dict[str, object]:
    fields = [_field(name, kind, required=name in table.made.key) for name, kind in table.kinds]
    schema: dict[str, object] = {"fields": fields, "missingValues": [""]}
    if table.made.key:
        schema["primaryKey"] = list(table.made.key)
    links = [
        {"fields": [column], "reference": {"resource": other.replace("_", "-"),
                                           "fields": [exported(other).key[0]]}}
        for column, other in table.made.links.items()
        if other in together and column not in LOOSE
    ]  # fmt: skip
    if links:
        schema["foreignKeys"] = links
    return schema


LOOSE = ("publisher_id",)  # it stays where the record of the publisher was void


def _field(name: str, kind: str, *, required: bool) -> dict[str, object]:
    made: dict[str, object] = {"name": name, "type": _type(kind)}
    if name == "claimed_proposition":
        made["description"] = "What the speaker claimed, in one neutral sentence; not a fact."
    if required:
        made["constraints"] = {"required": True}
    return made


def _type(kind: str) -> str:
    if is_nested(kind):
        return "array" if kind.endswith("]") else "object"
    if kind in ("DOUBLE", "FLOAT"):
        return "number"
    if kind.endswith("INT") or kind == "INTEGER":
        return "integer"
    if kind.startswith("TIMESTAMP"):
        return "datetime"
    return {"BOOLEAN": "boolean", "DATE": "date", "JSON": "any"}.get(kind, "string")

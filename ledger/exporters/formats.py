"""Which formats can be exported, and which module writes each; only that one is loaded."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, cast

from ledger.errors import UsageFault

if TYPE_CHECKING:
    from ledger.exporters.leaving import Leaving


class Exporter(Protocol):
    """What a module that writes a format has."""

    def write(self, leaving: "Leaving", place: Path) -> Mapping[str, bytes]:
        """Write the file `place`, or into the empty folder `place`; raises Refused.

        What comes back lies beside a file, under its name with these endings.
        """


# What a format makes: one file; one for each view, in a folder where there are several; a folder,
# or one zip of it.
Shape = Literal["file", "views", "folder"]


class Format(NamedTuple):
    """A format, and what it is for. `views` says whether it is made of views that can be named."""

    module: str
    about: str
    shape: Shape = "file"
    is_text: bool = False
    views: bool = True


FORMATS = {
    "jsonl": Format("log_lines", "the log's own lines, byte for byte", is_text=True, views=False),
    "csv": Format("csv_tables", "one flat table, or a file for each view", "views", is_text=True),
    "xlsx": Format("workbook", "an Excel workbook, a sheet for each view"),
    "parquet": Format("parquet_tables", "Parquet, a file for each view", "views"),
    "sqlite": Format("sqlite_file", "an SQLite file for Datasette, a table for each view"),
    "claimreview": Format(
        "reviews", "schema.org ClaimReview as JSON-LD: what others rate", is_text=True, views=False
    ),
    "web-annotation": Format(
        "annotations", "W3C Web Annotations: each report as marked words", is_text=True, views=False
    ),
    "datapackage": Format("data_package", "a Frictionless data package: CSV with schema", "folder"),
    "bundle": Format(
        "bundle", "a zip with documents, events and proofs, to be verified offline", views=False
    ),
}


def format_of(name: str) -> Format:
    """A format by its name; raises UsageFault where there is none."""
    if name not in FORMATS:
        raise UsageFault(
            f"{name!r} is no format that can be exported.", way_out=f"One of {', '.join(FORMATS)}."
        )
    return FORMATS[name]


def exporter(form: Format) -> Exporter:
    """The module that writes a format."""
    return cast("Exporter", import_module(f"ledger.exporters.{form.module}"))

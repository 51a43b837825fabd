"""Which formats can be imported, and which module reads each; only that one is loaded."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from ledger.errors import UsageFault
from ledger.importers.rows import Item
from ledger.importers.settings import Settings

if TYPE_CHECKING:
    from ledger.api import Ledger


class Importer(Protocol):
    """What a module that reads a format has. `form` is the name of the format."""

    SETTINGS: type[Settings]

    def guess(self, form: str, files: Sequence[str]) -> dict[str, Any]:
        """Settings to start from, as far as the files show them; raises Refused."""

    def read(self, form: str, files: Sequence[str], settings: Any) -> Iterator[Item]:  # noqa: ANN401  each has its own
        """The rows of the files, one after another, in flat memory; raises Refused.

        What is wrong with a row is given as a Fault; only what leaves nothing to read is raised.
        """


class Format(NamedTuple):
    """A format, and what it is for."""

    module: str
    about: str


FORMATS = {
    "csv": Format(
        "tables", "a table with commas or semicolons; a mapping says what its columns are"
    ),
    "tsv": Format("tables", "a table with tabs"),
    "xlsx": Format("tables", "a sheet of an Excel workbook"),
    "jsonl": Format("lines", "commands, one JSON object a line, as `claims append` takes them"),
    "claimreview": Format("claimreview", "schema.org ClaimReview: JSON-LD, feeds, or a flat table"),
    "factopolis": Format("factopolis", "a folder of Markdown with front matter"),
    "series": Format("series", "daily figures of one source: CSV or JSON, a measure a column"),
    "git-history": Format("git_history", "the git history of a CSV or JSON data file"),
    "web-annotation": Format("annotations", "W3C Web Annotations"),
}


def importer(form: str) -> Importer:
    """The module that reads a format; raises UsageFault where there is none."""
    if form not in FORMATS:
        raise UsageFault(
            f"{form!r} is no format that can be imported.", way_out=f"One of {', '.join(FORMATS)}."
        )
    return cast("Importer", import_module(f"ledger.importers.{FORMATS[form].module}"))


def guessed(
    module: Importer, form: str, files: Sequence[str], told: dict[str, Any]
) -> dict[str, Any]:
    """The settings that a module guesses; one with `guess_with` hears what is told already."""
    guess_with = getattr(module, "guess_with", None)
    found: dict[str, Any] = (
        guess_with(form, files, told) if guess_with else module.guess(form, files)
    )
    return found


def rows_of(
    module: Importer, ledger: "Ledger", form: str, files: Sequence[str], settings: Settings
) -> Iterator[Item]:
    """The rows of files; a module with `read_into` finds names in the ledger."""
    read_into = getattr(module, "read_into", None)
    rows: Iterator[Item] = (
        read_into(ledger, form, files, settings)
        if read_into
        else module.read(form, files, settings)
    )
    return rows

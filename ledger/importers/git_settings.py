"""What an import of the git history of a file is told, and what is guessed of it.

Rules kept here:
- the key is the first column that no version has twice or leaves empty; else it is asked for;
- without a column of speakers it is the repository that claims, and without one of claims the
  whole row is claimed: both are shown as settings.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from ledger.errors import ClaimsError, Refused, UsageFault
from ledger.importers.git_files import OUTER_KEY, Version, form_of, version_of
from ledger.importers.git_line import Step, steps_of
from ledger.importers.git_program import Repository
from ledger.importers.git_rows import WHOLE_ROW
from ledger.importers.rows import Raw
from ledger.importers.settings import checked
from ledger.importers.tables_columns import Header
from ledger.importers.tables_settings import Layout, TableSettings, Word, listed

MOST_ROWS = 10_000  # of the newest version, by which the mapping is guessed
SAMPLE_BYTES = 1 << 16


class GitSettings(TableSettings):
    """Which file of which branch, what is its key, and the mapping of its columns."""

    file: Word
    name: Word  # of the repository
    branch: Word = "HEAD"
    form: Literal["csv", "tsv", "json"] | None = None  # else by the end of the file's name
    key: Annotated[list[Word], BeforeValidator(listed), Field(min_length=1)]
    unreadable: Literal["refuse", "leave"] = "refuse"  # cells that are not what their column is


def guess_settings(folder: str, told: dict[str, Any]) -> dict[str, Any]:
    """Settings to start from, by all versions of the file; raises Refused, UsageFault."""
    path = told.get("file")
    if not path or not isinstance(path, str):
        raise UsageFault("Which file of the repository is it?", way_out="Name it: --set file=PATH.")
    repository = Repository(folder)
    name = str(told.get("name") or repository.folder.name.removesuffix(".git") or "repository")
    form = told.get("form")
    layout = checked(
        Layout, {each: told[each] for each in Layout.model_fields if each in told}, None
    )
    steps = steps_of(repository, str(told.get("branch") or "HEAD"), path)
    marks = layout_of(repository, steps, form, layout)
    found: Raw = {"name": name} | marks
    versions = versions_of(repository, steps, form, layout.model_copy(update=marks))
    newest, keys = surveyed(versions, path)
    if "key" not in told:
        found["key"] = [guessed_key(newest, keys)]
    key = listed(told.get("key") or found["key"])
    return found | guessed_columns(newest, list(key) if isinstance(key, list) else [], name, told)


def layout_of(
    repository: Repository, steps: Sequence[Step], form: str | None, layout: Layout
) -> Raw:
    """The delimiter of the newest version, where it is another than its form has."""
    from ledger.importers.tables_layout import delimiter_of

    last = next((step for step in reversed(steps) if step.blob and step.is_file), None)
    if last is None or last.blob is None or layout.delimiter:
        return {}
    kind = form_of(last.path, form)
    if kind != "csv":
        return {}
    with repository.blobs([last.blob]) as blobs:
        head = blobs.next()[:SAMPLE_BYTES].decode(layout.encoding, "replace")
    mark = delimiter_of(head, kind)
    return {} if mark == "," else {"delimiter": mark}


def versions_of(
    repository: Repository, steps: Sequence[Step], form: str | None, layout: Layout
) -> Iterator[Version | ClaimsError]:
    """The versions, oldest first; what is wrong with those that cannot be read."""
    there = [step for step in steps if step.blob and step.is_file]
    with repository.blobs([step.blob for step in there if step.blob]) as blobs:
        for step in there:
            try:
                yield version_of(blobs.next(), form_of(step.path, form), layout)
            except ClaimsError as error:
                yield error


def surveyed(versions: Iterable[Version | ClaimsError], path: str) -> tuple[Version, set[str]]:
    """The newest version, and the columns that are unique and filled in each; raises Refused."""
    newest: Version | None = None
    keys: set[str] | None = None
    trouble: ClaimsError | None = None
    for version in versions:
        if isinstance(version, ClaimsError):
            trouble = version
            continue
        newest = version
        if version.lines:
            unique = {
                name
                for at, name in enumerate(version.columns)
                if (keys is None or name in keys)
                and is_unique([x.cells[at] for x in version.lines])
            }
            keys = unique if keys is None else keys & unique
    if newest is None:
        raise Refused(
            f"No version of {path} can be read. {trouble.what if trouble else ''}".strip(),
            way_out="Give a CSV, TSV or JSON file, or say which it is: --set form=csv.",
        )
    return newest, keys or set()


def is_unique(cells: Sequence[str]) -> bool:
    """Whether no cell is empty, and none is there twice."""
    return all(map(str.strip, cells)) and len(set(cells)) == len(cells)


def guessed_key(newest: Version, keys: set[str]) -> str:
    """The first column that may be the key; raises UsageFault where there is none."""
    if OUTER_KEY in keys:
        return OUTER_KEY
    found = next((name for name in newest.columns if name in keys), None) or min(keys, default=None)
    if found is None:
        raise UsageFault(
            "No column tells the rows apart in every version of the file.",
            way_out="Name those that do together: --set key=COLUMN,COLUMN. The columns are"
            f" {', '.join(newest.columns)[:300]}.",
        )
    return found


def guessed_columns(newest: Version, key: list[str], name: str, told: dict[str, Any]) -> Raw:
    """The mapping of the newest version; raises Refused where its cells do not decide it."""
    from ledger.importers.tables_guess import Guessing

    given = told.get("columns")
    said = dict(given) if isinstance(given, dict) else {}
    header = Header(newest.columns)
    rows = [line.cells for line in newest.lines[:MOST_ROWS]]
    # What tells rows apart is no number that is claimed, and no speaker.
    guessing = Guessing(header, rows, said | {f"key {at}": each for at, each in enumerate(key)})
    columns = guessing.found()
    found: Raw = {"columns": columns}
    columns.pop("id", None)
    if "speaker" not in columns and "speaker" not in said:
        columns["speaker"] = {"constant": name}
        if "speaker_kind" not in said:
            columns["speaker_kind"] = {"constant": "outlet"}
    if not {"proposition", "quote"} & (columns.keys() | said.keys()):
        columns["proposition"] = {"column": WHOLE_ROW}
    if guessing.empty:
        found["empty"] = sorted(guessing.empty)
    return found | guessing.decide(told)

"""How DuckDB is told of the log's files: a segment changes its name when it is sealed.

Rules kept here:
- a name that is kept for later, as in a view file, stands for both forms of a segment;
- where both are there at once the plain one counts (`forms/log_lines.sql` sees to it).
"""

from collections.abc import Sequence
from pathlib import Path

SEALED = ".zst"
EITHER = ".jso*[lt]"  # matches .jsonl and .jsonl.zst, and nothing that is only being written
_SPECIAL = frozenset("*?[]{}\\")


def either_form(path: Path) -> str:
    """A pattern for a segment, plain or sealed; its path alone where a folder's name is a pattern.

    DuckDB would take such a name for a pattern, and refuses it to locked connections if escaped.
    """
    if not _SPECIAL.isdisjoint(str(path)):
        return str(path)
    return str(path.with_name(path.name.partition(".")[0] + EITHER))


def present_forms(files: Sequence[Path]) -> list[Path]:
    """The files of some segments as they lie now: those that are gone were sealed meanwhile."""
    return [
        sealed
        if not file.exists() and (sealed := file.with_name(file.name + SEALED)).exists()
        else file
        for file in files
    ]

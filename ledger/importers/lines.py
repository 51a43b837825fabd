"""Commands as they are, one JSON object a line: the same that `claims append` takes."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ledger.errors import ClaimsError, Refused
from ledger.importers.files import opened
from ledger.importers.rows import Fault, Item, Row
from ledger.importers.settings import Settings
from ledger.inputs import MAX_COMMAND_BYTES, decode_command

_BOM = b"\xef\xbb\xbf"


class LineSettings(Settings):
    """There is nothing to set."""


SETTINGS = LineSettings


def guess(form: str, files: Sequence[str]) -> dict[str, Any]:  # noqa: ARG001  as all formats
    """There is nothing to guess."""
    return {}


def read(form: str, files: Sequence[str], settings: LineSettings) -> Iterator[Item]:  # noqa: ARG001  as all formats
    """Each line that is not blank, as a row."""
    for name in files:
        yield from read_file(Path(name))


def read_file(path: Path) -> Iterator[Item]:
    """The commands of one file."""
    with opened(path) as file:
        number = 0
        while line := file.readline(MAX_COMMAND_BYTES + 2):
            number += 1
            if number == 1:
                line = line.removeprefix(_BOM)
            if not line.endswith(b"\n") and len(line) > MAX_COMMAND_BYTES:
                while (rest := file.readline(MAX_COMMAND_BYTES)) and not rest.endswith(b"\n"):
                    pass
            if line.strip():
                item = item_of(line.rstrip(b"\r\n"), number, str(path))
                if number == 1 and isinstance(item, Row):
                    refuse_events(item.commands[0], str(path))
                yield item


def refuse_events(command: dict[str, Any], file: str) -> None:
    """Refuse a log, or what `claims export jsonl` wrote, by its first line."""
    if "specversion" in command and "command" not in command:
        raise Refused(
            "The lines are events, as a log has them, and no commands.",
            way_out="What a ledger holds goes into another one by way of `claims export"
            " web-annotation` or csv; a whole ledger is its folder, copied.",
        ).at(file=file, line=1)


def item_of(line: bytes, number: int, file: str) -> Item:
    """The row of a line, or what is wrong with it."""
    try:
        return Row(number=number, commands=[decode_command(line)], file=file)
    except ClaimsError as error:
        return Fault.of(error, number, file=file)

"""The files that are imported: opened with a sentence where they cannot be."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ledger.errors import Refused


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file of bytes; raises Refused where there is none."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise Refused(
            f"{path} cannot be read: {(error.strerror or str(error)).lower()}.",
            way_out="Give the path of a file.",
        ) from error
    with file:
        yield file

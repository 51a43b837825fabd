"""Small files that are handed round, such as heads and proofs: read whole, written once."""

import sys
from pathlib import Path

from ledger.disk import create_file, telling
from ledger.errors import Refused, UsageFault

STANDARD_INPUT = Path("-")
_MAX_BYTES = 1 << 20  # a head with a hundred signatures and a proof has a tenth of that


def read_given(path: Path, field: str) -> bytes:
    """Read a file that a person names, `-` for standard input; raises UsageFault, Refused."""
    if path != STANDARD_INPUT and not path.is_file():
        raise UsageFault(
            f"There is no file {path}.", field=field, way_out="Name one that is there."
        )
    with telling(path):
        if path == STANDARD_INPUT:
            data = sys.stdin.buffer.read(_MAX_BYTES + 1)
        else:
            with path.open("rb") as file:
                data = file.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise Refused(
            f"{path} has more than {_MAX_BYTES:,} bytes.",
            field=field,
            way_out="No head and no proof is that long; name another file.",
        )
    return data


def check_new(path: Path, field: str) -> None:
    """Check that a file can be made under a name; raises Refused."""
    if path.exists() or not path.parent.is_dir():
        why = "is there already" if path.exists() else "lies in a folder that is not there"
        raise Refused(
            f"{path} {why}.", field=field, way_out="Name a new file in a folder that is there."
        )


def write_new(path: Path, data: bytes, field: str) -> None:
    """Write a file that is not there yet; raises Refused, DiskFailed."""
    check_new(path, field)
    with telling(path):
        create_file(path, data)  # which never replaces one, should it appear just now

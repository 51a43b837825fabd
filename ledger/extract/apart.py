"""Reads a document in a process of its own, which can neither hang this one nor eat its memory.

Rules kept here:
- the process has a bound of time, of processor time and of memory, and is ended in any case;
- its random seed is fixed, so that the same bytes give the same text;
- however it fails, a person hears of the document, not of the process.
"""

import os
import subprocess
import sys
from typing import NamedTuple

import msgspec

from ledger.errors import Refused
from ledger.extract.child import SAVE_TEXT, Answered, Asked
from ledger.extract.made import Extracted

_PROGRAM = "import sys; sys.path[:] = sys.argv[1:-1]; from ledger.extract.child import main; main()"


class Limits(NamedTuple):
    """What reading one document may take."""

    seconds: float = 120
    memory_bytes: int = 2 << 30


LIMITS = Limits()


def extract_apart(
    kind: str, data: bytes, name: str, charset: str | None = None, limits: Limits = LIMITS
) -> Extracted:
    """Let the module of a kind extract a text; raises Refused."""
    asked = Asked(kind, name, charset, max(1, round(limits.seconds)), limits.memory_bytes)
    made = run(asked, data, limits)
    try:
        answered = msgspec.json.decode(made, type=Answered)
    except msgspec.DecodeError as error:
        raise Refused(
            f"{name} cannot be read: the program that reads {kind} documents gave up on it.",
            way_out=SAVE_TEXT,
        ) from error
    if answered.extracted is None:
        raise Refused(answered.what, way_out=answered.way_out)
    return answered.extracted


def run(asked: Asked, data: bytes, limits: Limits) -> bytes:
    """What the program writes; raises Refused where it takes too long."""
    with subprocess.Popen(  # noqa: S603  our own program, by this very interpreter
        [sys.executable, "-c", _PROGRAM, *sys.path, msgspec.json.encode(asked).decode()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"},
    ) as child:
        try:
            return child.communicate(data, timeout=limits.seconds)[0]
        except subprocess.TimeoutExpired as error:
            raise Refused(
                f"{asked.name} takes longer than {limits.seconds:g} seconds to read.",
                way_out="Capture the pages that the statements stand in, as a document of their"
                " own; or save its text as a .txt file, and capture that.",
            ) from error
        finally:
            child.kill()

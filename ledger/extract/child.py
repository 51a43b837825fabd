"""The program that reads documents with libraries, in a process of its own.

It is given the kind, limits and a name; the document comes through its standard input, and what was
made of it, or why nothing was, goes out as one JSON object. It begins by limiting itself.
"""

import contextlib
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import msgspec

from ledger.errors import Refused
from ledger.extract.made import Extracted, checked

if TYPE_CHECKING:
    from collections.abc import Callable


class Asked(msgspec.Struct, frozen=True):
    """What the program is asked for: the module of a kind, and what it needs to know."""

    kind: str
    name: str
    charset: str | None
    cpu_seconds: int
    memory_bytes: int


class Answered(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of it: a text, or the two sentences of a refusal."""

    extracted: Extracted | None = None
    what: str = ""
    way_out: str = ""


SAVE_TEXT = "It is unusual. If you trust it, save its text as a .txt file, and capture that."
TOO_MUCH = "needs more memory than is allowed to read"
TOO_DEEP = "is nested too deeply to be read"


def limit(asked: Asked) -> None:
    """Bound what this process may take; where the system cannot, the time is bounded outside."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        for what, wanted in (
            (resource.RLIMIT_CPU, asked.cpu_seconds),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_AS, asked.memory_bytes),
        ):
            hard = resource.getrlimit(what)[1]
            most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(what, (most, most))


def answer(asked: Asked, data: bytes) -> Answered:
    """Read a document."""
    try:
        module = import_module(f"ledger.extract.{asked.kind}")
        extract: Callable[[bytes, str, str | None], Extracted] = module.extract
        made = extract(data, asked.name, asked.charset)
        checked(asked.name, made.text)
        return Answered(made)
    except Refused as error:
        return Answered(what=error.what, way_out=error.way_out)
    except MemoryError:
        return Answered(what=f"{asked.name} {TOO_MUCH}.", way_out=SAVE_TEXT)
    except RecursionError:
        return Answered(what=f"{asked.name} {TOO_DEEP}.", way_out=SAVE_TEXT)


def main() -> None:
    """Read what is asked, and the document after it; write the answer."""
    asked = msgspec.json.decode(sys.argv[-1], type=Asked)
    limit(asked)
    made = msgspec.json.encode(answer(asked, sys.stdin.buffer.read()))
    sys.stdout.buffer.write(made)

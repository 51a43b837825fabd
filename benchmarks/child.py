"""A process that does one piece of work: `python -m benchmarks.child WORK`, its options as JSON.

They come on standard input; the answer goes to standard output, as JSON. A library that is not
there is told as such, with exit code 0: {"missing": "…"}.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

from benchmarks import loops, sharing

WORKS: dict[str, Callable[..., dict[str, Any]]] = {
    "append": loops.append,
    "submit": loops.submit,
    "catch_up": loops.catch_up,
    "ask": loops.ask,
    "ask_bare": loops.ask_bare,
    "share": sharing.share,
    "read_on": sharing.read_on,
    "append_on": sharing.append_on,
    "rebuild_on": sharing.rebuild_on,
}


def main() -> None:
    """Do what is asked for."""
    options = json.load(sys.stdin)
    try:
        answer = WORKS[sys.argv[1]](**options)
    except ImportError as error:
        answer = {"missing": f"{error.name or error} is not installed"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()

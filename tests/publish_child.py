"""Processes that publish and are killed at their n-th change of the site: `… LEDGER SITE`.

Each has a copy of the site to publish to, `killed-N` beside it; the last was not killed any more.
"""

import os
import shutil
import signal
import sys
from itertools import count
from pathlib import Path
from typing import Any

from ledger.log import Log
from ledger.publish import Options, publish


def killed_at(step: int) -> None:
    """Kill this process for good right before its n-th rename or deletion."""
    left = [step]

    def counted(change: Any) -> Any:  # noqa: ANN401  any call of the operating system
        def call(*words: Any, **options: Any) -> Any:  # noqa: ANN401
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return change(*words, **options)

        return call

    os.replace = counted(os.replace)
    os.unlink = counted(os.unlink)


def publish_and_die(folder: Path, site: Path, step: int) -> None:
    """Publish a ledger to a site, as far as it comes."""
    log = Log.open(folder)
    killed_at(step)
    publish(log, site, Options(views=False))


if __name__ == "__main__":
    ledger, start = map(Path, sys.argv[1:])
    for number in count():
        copy = Path(shutil.copytree(start, start.with_name(f"killed-{number}")))
        child = os.fork()
        if child == 0:
            ended = 1
            try:
                publish_and_die(ledger, copy, number)
                ended = 0
            finally:
                os._exit(ended)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status != -signal.SIGKILL:
            sys.exit(status)

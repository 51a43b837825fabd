"""A process that publishes and is killed at its n-th change of the site: `… LEDGER SITE N`."""

import os
import signal
import sys
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


if __name__ == "__main__":
    folder, site, step = sys.argv[1:]
    log = Log.open(Path(folder))
    killed_at(int(step))
    publish(log, Path(site), Options(views=False))

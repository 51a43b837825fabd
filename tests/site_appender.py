"""A writer beside a server: appends one event after another, and says how long each took.

    site_appender.py LEDGER COUNT PREFIX

It prints one line: the seconds of every append as JSON.
"""

import json
import sys
import time
from pathlib import Path

from ledger.api import Ledger


def main() -> None:
    """Append, and tell."""
    folder, count, prefix = sys.argv[1:]
    taken = []
    with Ledger.open(Path(folder), actor="ana") as ledger:
        for number in range(int(count)):
            key = f"{prefix}-{number}"
            begun = time.perf_counter()
            ledger.submit(
                {"command": "register_speaker", "kind": "person", "speaker_id": key, "name": key}
            )
            taken.append(time.perf_counter() - begun)
            time.sleep(0.01)
    sys.stdout.write(json.dumps(taken) + "\n")


if __name__ == "__main__":
    main()

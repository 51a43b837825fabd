"""`python -m benchmarks.site LEDGER`: how quickly the pages of a ledger answer, many at once.

It starts `claims serve` on loopback, lets clients ask for pages by chance without a pause, each for
other things than before, and prints the median and the 99th percentile of each kind of page.
"""

import argparse
import http.client
import json
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Thread

from benchmarks.machine import machine
from ledger.api import Ledger

PORT = 8690
SAMPLE = 3_000  # things of each kind that are asked for

# Of each kind of page its address, where `{}` is the id of a thing, and the select of such ids.
PAGES = {
    "overview": ("/", None),
    "measures": ("/measures", None),
    "a measure": ("/measures/{}", "select measure_id from measures"),
    "speakers": ("/speakers", None),
    "a speaker": ("/speakers/{}", "select speaker_id from speakers"),
    "statements": ("/statements?before={}", "select position from statements"),
    "a statement": ("/statements/{}", "select statement_id from statements"),
    "sources": ("/sources?before={}", "select position from sources"),
    "a source": ("/sources/{}", "select source_id from sources"),
    "conflicts": ("/conflicts", None),
    "conflicts of a measure": ("/conflicts?measure={}", "select measure_id from measures"),
    "denials": ("/denials", None),
    "the log": ("/log?before={}", "select position from events where position > 0"),
    "an event": ("/log/{}", "select position from events"),
    "search": ("/search?q={}", "select name from speakers"),
}


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.site", description=__doc__)
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=20.0, help="at most 120")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument(
        "--as-of", type=int, nargs="*", default=[], help="ask as of these sizes too"
    )
    parser.add_argument("--only", nargs="+", choices=PAGES, default=list(PAGES))
    given = parser.parse_args()
    with served(given.ledger) as started:
        print(f"{json.dumps(machine(given.ledger))}\nthe first page after {started:.1f} s")  # noqa: T201
        for as_of in (None, *given.as_of):
            pages = addresses(given.only, things(given.ledger, given.seed, as_of), as_of)
            laps = ask(given.clients, min(given.seconds, 120.0), pages, given.seed)
            show(laps, given.clients, as_of)


def things(folder: Path, seed: int, as_of: int | None) -> dict[str, list[str]]:
    """Some ids of every kind of thing that there was at a moment, by chance."""
    with Ledger.open(folder) as opened:
        ledger = opened if as_of is None else opened.as_of(as_of)
        found = {}
        for name, (_, select) in PAGES.items():
            if select:
                sample = f"select * from ({select}) using sample {SAMPLE} rows (reservoir, {seed})"  # noqa: S608  selects of ours
                found[name] = [str(key) for (key,) in ledger.query(sample).fetchall()]
        return found


def addresses(
    only: list[str], ids: dict[str, list[str]], as_of: int | None
) -> list[tuple[str, list[str]]]:
    """Of each kind of page the addresses that may be asked for."""
    from urllib.parse import quote

    found = []
    for name in only:
        paths = [PAGES[name][0].format(quote(key)) for key in ids.get(name, [""])]
        if as_of is not None:
            paths = [f"{path}{'&' if '?' in path else '?'}as_of={as_of}" for path in paths]
        found.append((name, paths))
    return found


@contextmanager
def served(folder: Path) -> Iterator[float]:
    """A server of its own; gives the seconds until its first page had come."""
    claims = Path(sys.executable).with_name("claims")
    command = [str(claims), "--ledger", str(folder), "serve"]
    begun = time.perf_counter()
    with subprocess.Popen([*command, "--port", str(PORT)], stderr=subprocess.DEVNULL) as server:
        try:
            while True:
                try:
                    fetch(http.client.HTTPConnection("127.0.0.1", PORT, timeout=60), "/")
                    break
                except ConnectionError:
                    if server.poll() is not None or time.perf_counter() - begun > 120:
                        raise
                    time.sleep(0.05)
            yield time.perf_counter() - begun
        finally:
            server.terminate()


def fetch(connection: http.client.HTTPConnection, path: str) -> tuple[int, int]:
    """Ask for a page; gives status and length."""
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, len(answer.read())


Laps = dict[str, list[tuple[float, int, int]]]  # seconds, status and bytes, by kind of page


def ask(clients: int, seconds: float, pages: list[tuple[str, list[str]]], seed: int) -> Laps:
    """Let clients ask at once, each without a pause, until the time is over."""
    laps: Laps = defaultdict(list)
    until = time.perf_counter() + seconds

    def client(number: int) -> None:
        chance = random.Random(f"{seed} {number}")
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        while time.perf_counter() < until:
            name, paths = chance.choice(pages)
            begun = time.perf_counter()
            status, length = fetch(connection, chance.choice(paths))
            laps[name].append((time.perf_counter() - begun, status, length))

    threads = [Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return laps


def show(laps: Laps, clients: int, as_of: int | None) -> None:
    """Print a table."""
    moment = "now" if as_of is None else f"as of {as_of:,}"
    print(f"\n{clients} clients at once, {moment}; milliseconds")  # noqa: T201
    head = f"{'page':24}{'asked':>7}{'median':>9}{'99 %':>9}{'most':>9}{'bytes':>9}  not 200"
    print(head)  # noqa: T201
    every = [lap for found in laps.values() for lap in found]
    for name, found in [*sorted(laps.items()), ("all", every)]:
        times = sorted(1000 * seconds for seconds, _, _ in found)
        odd = sum(status != 200 for _, status, _ in found)
        print(  # noqa: T201
            f"{name:24}{len(times):7}{median(times):9.0f}{times[int(len(times) * 0.99)]:9.0f}"
            f"{times[-1]:9.0f}{median(length for *_, length in found):9.0f}  {odd or ''}"
        )


if __name__ == "__main__":
    main()

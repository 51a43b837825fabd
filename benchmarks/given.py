"""A ledger that an earlier run made, to be measured without making it again."""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.generate import CHUNK
from benchmarks.ready import drafts_of
from events.codec import decode_event
from ledger.keys import KeyFiles
from ledger.log import Log


class NotThatLedger(Exception):
    """A folder holds something else than the generator's events; the message says what."""


@dataclass(frozen=True)
class Given:
    """A ledger as it lies there; it is copied, since much is appended to it."""

    folder: Path
    origin: str

    def copy(self, place: Path, env: Mapping[str, str]) -> Path:
        """Copy it, and its key to where the processes that are measured look for it."""
        files = KeyFiles.of(self.origin)
        keys = Path(env["XDG_CONFIG_HOME"]) / files.folder.parent.name / files.folder.name
        keys.mkdir(parents=True, exist_ok=True)
        for path in (files.key, files.head):
            shutil.copy(path, keys)
        views = shutil.ignore_patterns("views", "lock")
        return Path(shutil.copytree(self.folder, place / "ledger", ignore=views))


def given_ledgers(folders: Iterable[Path], seed: int) -> dict[int, Given]:
    """Ledgers by their size; raises NotThatLedger, or what opening a log raises."""
    return dict(look(folder, seed) for folder in folders)


def look(folder: Path, seed: int) -> tuple[int, Given]:
    """How many events of the generator a ledger holds, of which the last thousand are looked at."""
    log = Log.open(folder)
    size = log.size - 1
    if size < CHUNK or size % CHUNK:
        raise NotThatLedger(f"{folder} holds {size:,} events beyond the first, not whole chunks")
    made = drafts_of(seed, size // CHUNK - 1)
    found = [decode_event(line) for line in log.lines(log.size - CHUNK, log.size)]
    if [each.data for each in found] != [each.data for each in made]:
        raise NotThatLedger(f"the last events of {folder} are not those of seed {seed}")
    if not KeyFiles.of(log.origin).key.exists():
        raise NotThatLedger(f"the key of {folder} is not in the key folder (XDG_CONFIG_HOME)")
    return size, Given(folder.resolve(), log.origin)

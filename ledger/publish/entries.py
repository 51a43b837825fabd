"""The entry bundles of a site: the lines, 256 to a file (C2SP tlog-tiles), and those withdrawn.

Rules kept here:
- a bundle that would hold the line of an erased event is not published, since that line would not
  hash to its tile; where the site has one, it is taken away;
- what was taken away is listed in `withdrawn.json`, with the events that ordered it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from ledger.leaves import MARK
from ledger.log import Log
from ledger.publish.hashes import SiteShort
from ledger.publish.staging import Staging
from ledger.tiles import TILE_WIDTH, bundle_path, encode_bundle

WITHDRAWN = "withdrawn.json"
_LENGTH_BYTES = 2  # before each entry of a bundle
_TOMBSTONE = re.compile(re.escape(MARK) + rb'([0-9]+),"leaf_hash":"[0-9a-f]{64}"\}\}$')


def read_groups(log: Log, size: int) -> Iterator[list[bytes]]:
    """The first `size` lines in groups of 256, the last one shorter."""
    waiting: list[bytes] = []
    for block in log.blocks(0, size):
        waiting += block[:-1].split(b"\n")
        whole = len(waiting) - len(waiting) % TILE_WIDTH
        for at in range(0, whole, TILE_WIDTH):
            yield waiting[at : at + TILE_WIDTH]
        del waiting[:whole]
    if waiting:
        yield waiting


class Bundles:
    """Makes the bundles that a site lacks; `trusted` lines lie below the head that it shows."""

    def __init__(self, staging: Staging, trusted: int) -> None:
        self._staging = staging
        self._trusted = trusted
        self.erased: dict[int, int] = {}  # position: that of the event that ordered it

    def take(self, index: int, lines: Sequence[bytes]) -> None:
        """Make the bundle of a group of lines, unless the site has it or must not have it."""
        gone = {
            index * TILE_WIDTH + at: int(found[1])
            for at, line in enumerate(lines)
            if MARK in line and (found := _TOMBSTONE.search(line))
        }
        if gone:
            self.erased.update(gone)
        elif not self._has(index, lines):
            self._staging.put(bundle_path(index, len(lines)), encode_bundle(lines))

    def expect(self, index: int, lines: Sequence[bytes]) -> None:
        """The same for a group of which the site must have the bundle; raises SiteShort."""
        before = self._staging.count
        self.take(index, lines)
        if self._staging.count > before:
            raise SiteShort(bundle_path(index, len(lines)))

    def _has(self, index: int, lines: Sequence[bytes]) -> bool:
        length = sum(map(len, lines)) + _LENGTH_BYTES * len(lines)
        covered = index * TILE_WIDTH + len(lines) <= self._trusted
        return covered and self._staging.length(bundle_path(index, len(lines))) == length


def bundles_with(site: Path, positions: Iterable[int]) -> Iterator[str]:
    """The bundles of a site, full and partial ones, that hold the lines of some positions."""
    first: dict[int, int] = {}
    for position in positions:
        index, at = divmod(position, TILE_WIDTH)
        first[index] = min(at, first.get(index, at))
    for index, at in sorted(first.items()):
        name = bundle_path(index)
        if (site / name).is_file():
            yield name
        for path in sorted((site / f"{name}.p").glob("*")):
            if path.name.isdigit() and int(path.name) > at:
                yield f"{name}.p/{path.name}"


def withdrawn_list(origin: str, size: int, erased: Mapping[int, int]) -> bytes:
    """The text of `withdrawn.json`: the bundles that are not served, and why."""
    bundles: dict[str, list[dict[str, int]]] = {}
    for position, ordered_by in sorted(erased.items()):
        index = position // TILE_WIDTH
        name = bundle_path(index, min(TILE_WIDTH, size - index * TILE_WIDTH))
        place = {"position": position, "redacted_by": ordered_by}
        bundles.setdefault(name, []).append(place)
    listed = {
        "origin": origin,
        "size": size,
        "why": "These bundles held events whose content was erased; log/ has the other lines.",
        "bundles": [{"bundle": name, "positions": gone} for name, gone in bundles.items()],
    }
    return msgspec.json.format(msgspec.json.encode(listed), indent=1) + b"\n"

"""Tombstones: each was ordered by an event in the log, and each order was carried out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from log_tools import ORIGIN, make_ledger
from tampering import lines_of, write_lines

from events.codec import decode_event, encode_tombstone
from events.record import Draft
from events.vocabulary import RecordRedacted, Redacted
from ledger.leaves import hash_of_line
from ledger.merkle import leaf_hash
from ledger.verify import verify_ledger
from ledger.writer import Writer

ORDER = 11  # the position of the event that orders to erase 3 and 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ledger with a redaction that was not carried out."""
    make_ledger(tmp_path / "l", *[2] * 5)
    data = RecordRedacted(positions=(3, 4), authority="a court", reason="an order")
    with Writer.open(tmp_path / "l", actor="ana") as writer:
        writer.append([Draft(data=data, subject=f"ledger/{ORIGIN}", actor="ana")])
    return tmp_path / "l"


def erase(folder: Path, position: int, by: int = ORDER) -> None:
    """Put a tombstone in the place of a line."""
    lines = lines_of(folder)
    line = lines[position]
    mark = Redacted(redacted_by=by, leaf_hash=leaf_hash(line).hex())
    lines[position] = encode_tombstone(decode_event(line), mark)
    assert hash_of_line(lines[position]) == leaf_hash(line)
    write_lines(folder, lines)


def found_in(folder: Path) -> list[tuple[int | None, str]]:
    """What is found, by position."""
    return [(one.position, one.found) for one in verify_ledger(folder, strict=True).findings]


def test_an_order_that_was_carried_out_is_counted(folder: Path) -> None:
    """The root proves the rest, and the tombstones are counted."""
    erase(folder, 3)
    erase(folder, 4)
    found = verify_ledger(folder, strict=True)
    assert (found.findings, found.redactions, found.size) == ((), 2, 12)


def test_an_order_that_was_not_carried_out_is_found(folder: Path) -> None:
    """What should be gone is still there; while the redaction is under way, that is said."""
    erase(folder, 3)
    assert found_in(folder) == [(4, "the event")]
    (folder / "redacting").write_text("{}")
    assert found_in(folder) == [(4, "the event, while a redaction is under way")]


@pytest.mark.parametrize(
    ("position", "by", "why"),
    [
        (5, ORDER, "position 11, which does not name this one"),
        (5, 10, "no redaction at position 10"),
        (5, 5, "position 5, which is not later"),
        (5, 2, "position 2, which is not later"),
        (5, 99, "no redaction at position 99"),
        (ORDER, ORDER, "position 11, which is not later"),
    ],
)
def test_a_tombstone_that_nobody_ordered_is_damage(
    folder: Path, position: int, by: int, why: str
) -> None:
    """The root does not tell: the kept leaf hash is right."""
    erase(folder, 3)
    erase(folder, 4)
    erase(folder, position, by)
    assert (position, why) in found_in(folder)


def test_a_leaf_hash_that_is_not_the_trees_is_damage(folder: Path) -> None:
    """A tombstone may not be put in the place of another line."""
    erase(folder, 3)
    erase(folder, 4)
    lines = lines_of(folder)
    kept = leaf_hash(b"another").hex().encode()
    lines[4] = lines[4][:-67] + kept + lines[4][-3:]
    write_lines(folder, lines)
    assert 4 in [position for position, _ in found_in(folder)]


@pytest.mark.parametrize(
    "forge",
    [
        lambda stamp, data: stamp + b'"subject":"x","actor":"y","agent":"person",' + data,
        lambda stamp, data: stamp + b'"note":"z",' + data,
    ],
)
def test_nothing_can_be_told_under_a_kept_leaf_hash(
    folder: Path, forge: Callable[[bytes, bytes], bytes]
) -> None:
    """A line that keeps the leaf hash of another must be a tombstone and nothing more."""
    lines = lines_of(folder)
    stamp, mark, rest = lines[5].partition(b'"subject":')
    assert mark
    assert rest
    kept = leaf_hash(lines[5]).hex().encode()
    data = b'"data":{"redacted_by":11,"leaf_hash":"%s"}}' % kept
    stamp = stamp.replace(b"speaker.registered.v1", b"speaker.praised.v1")
    lines[5] = forge(stamp, data)
    write_lines(folder, lines)
    assert 5 in [position for position, _ in found_in(folder)]

"""Verifies a published site with nothing of ours: `python site_verifier.py URL VKEY`.

Written from C2SP signed-note, tlog-checkpoint and tlog-tiles, RFC 6962 and RFC 9162 alone. Fetches
the checkpoint, every tile and every entry bundle that its size calls for, and checks the signature,
each entry against its leaf, each tile against those below it, the root, and proofs of inclusion
that are made of the tiles. Bundles that `withdrawn.json` lists must be gone. Prints what it saw;
ends with exit code 1 and the reason where something is wrong.
"""

import hashlib
import json
import sys
import urllib.error
import urllib.request
from base64 import b64decode
from collections.abc import Callable, Iterator

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTH = 256

Fetch = Callable[[str], bytes | None]  # a path in the site gives its bytes, or None when not there


class Wrong(Exception):
    """The site is not what its head says; the message says why."""


def sha256(*parts: bytes) -> bytes:
    """The hash of some bytes, one after another."""
    return hashlib.sha256(b"".join(parts)).digest()


def need(fetch: Fetch, path: str) -> bytes:
    """What must be there."""
    data = fetch(path)
    if data is None:
        raise Wrong(f"{path} is missing")
    return data


def check(holds: bool, why: str) -> None:  # noqa: FBT001  reads like an assertion
    """Raise Wrong unless something holds."""
    if not holds:
        raise Wrong(why)


# ── signed-note, tlog-checkpoint ─────────────────────────────────────────────────────────────


def open_checkpoint(note: bytes, vkey: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint whose signature by a key is right."""
    name, shown, encoded = vkey.split("+", 2)
    key = b64decode(encoded, validate=True)
    key_id = sha256(name.encode(), b"\n", key)[:4]
    check(key[0] == 1 and len(key) == 33 and key_id.hex() == shown, "the key is none")
    text, _, below = note.decode().rpartition("\n\n")
    signatures = [line.removeprefix("— ").split(" ") for line in below.splitlines()]
    found = [b64decode(one, validate=True) for who, one in signatures if who == name]
    found = [one for one in found if one[:4] == key_id]
    check(len(found) == 1, f"the checkpoint is not signed by {name}")
    try:
        Ed25519PublicKey.from_public_bytes(key[1:]).verify(found[0][4:], f"{text}\n".encode())
    except InvalidSignature as error:
        raise Wrong("the signature is wrong") from error
    origin, size, root = text.split("\n")[:3]
    check(origin == name and size == str(int(size)), "the checkpoint is malformed")
    return origin, int(size), b64decode(root, validate=True)


# ── tlog-tiles ───────────────────────────────────────────────────────────────────────────────


def place(kind: str, index: int, width: int) -> str:
    """The path of a tile or bundle: 1234067 is x001/x234/067."""
    digits = f"{index:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return f"tile/{kind}/{path}" + ("" if width == WIDTH else f".p/{width}")


def widths(count: int) -> Iterator[tuple[int, int]]:
    """Index and width of the files that hold `count` hashes or entries, the last one partial."""
    for index in range(-(-count // WIDTH)):
        yield index, min(WIDTH, count - index * WIDTH)


def expected_paths(size: int) -> set[str]:
    """The path of every tile and bundle of a tree of `size` entries."""
    paths = {place("entries", *one) for one in widths(size)}
    level, count = 0, size
    while count:
        paths |= {place(str(level), *one) for one in widths(count)}
        level, count = level + 1, count // WIDTH
    return paths


def read_tiles(fetch: Fetch, size: int) -> list[list[bytes]]:
    """The hashes of every level; those above the first must follow from the full tiles below."""
    rows: list[list[bytes]] = []
    count = size
    while count:
        row: list[bytes] = []
        for index, width in widths(count):
            path = place(str(len(rows)), index, width)
            data = need(fetch, path)
            check(len(data) == width * 32, f"{path} has {len(data)} bytes")
            row += [data[at : at + 32] for at in range(0, len(data), 32)]
        for at, one in enumerate(row if rows else []):
            full = rows[-1][at * WIDTH : (at + 1) * WIDTH]
            check(tree_hash(full) == one, f"hash {at} of level {len(rows)} does not follow")
        rows.append(row)
        count //= WIDTH
    return rows


def tree_hash(row: list[bytes]) -> bytes:
    """The root over the hashes of subtrees of one size (RFC 6962 section 2.1)."""
    if len(row) == 1:
        return row[0]
    split = 1 << (len(row) - 1).bit_length() - 1
    return sha256(b"\x01", tree_hash(row[:split]), tree_hash(row[split:]))


def read_entries(fetch: Fetch, leaves: list[bytes], withdrawn: set[str]) -> dict[int, bytes]:
    """The entries of every bundle that is served, each of which must hash to its leaf."""
    entries: dict[int, bytes] = {}
    for index, width in widths(len(leaves)):
        path = place("entries", index, width)
        if path in withdrawn:
            check(fetch(path) is None, f"{path} is served, though withdrawn")
            continue
        data, at = need(fetch, path), 0
        for position in range(index * WIDTH, index * WIDTH + width):
            length = int.from_bytes(data[at : at + 2], "big")
            entry = data[at + 2 : at + 2 + length]
            check(sha256(b"\x00", entry) == leaves[position], f"entry {position} is another")
            entries[position] = entry
            at += 2 + length
        check(at == len(data), f"{path} does not end with its last entry")
    return entries


# ── proofs ───────────────────────────────────────────────────────────────────────────────────


def range_hash(rows: list[list[bytes]], start: int, end: int) -> bytes:
    """The hash over the leaves from `start` to `end`, from the highest tiles that there are."""
    level = len(rows) - 1
    while (end - start) % WIDTH**level or start % WIDTH**level:
        level -= 1
    return tree_hash(rows[level][start // WIDTH**level : end // WIDTH**level])


def make_proof(rows: list[list[bytes]], position: int, start: int, end: int) -> list[bytes]:
    """The audit path of a leaf, the leaf's sibling first (RFC 6962 section 2.1.1)."""
    if end - start == 1:
        return []
    split = start + (1 << (end - start - 1).bit_length() - 1)
    if position < split:
        return [*make_proof(rows, position, start, split), range_hash(rows, split, end)]
    return [*make_proof(rows, position, split, end), range_hash(rows, start, split)]


def proven_root(leaf: bytes, position: int, size: int, path: list[bytes]) -> bytes:
    """The root to which an audit path leads (RFC 9162 section 2.1.3.2)."""
    first, last, found = position, size - 1, leaf
    for step in path:
        check(last > 0, "the proof is too long")
        if first & 1 or first == last:
            found = sha256(b"\x01", step, found)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            found = sha256(b"\x01", found, step)
        first, last = first >> 1, last >> 1
    check(last == 0, "the proof is too short")
    return found


# ── the whole ────────────────────────────────────────────────────────────────────────────────


def verify(fetch: Fetch, vkey: str) -> dict[str, object]:
    """Check a site whole; raises Wrong."""
    origin, size, root = open_checkpoint(need(fetch, "checkpoint"), vkey)
    rows = read_tiles(fetch, size)
    check(tree_hash(rows[0]) == root, "the tiles do not have the signed root")
    listed = json.loads(fetch("withdrawn.json") or b'{"bundles":[]}')["bundles"]
    withdrawn = {one["bundle"] for one in listed}
    entries = read_entries(fetch, rows[0], withdrawn)
    some = {0, 1, size // 3, size // 2, size - 2, size - 1, *range(255, size, 8191)}
    for position in some & entries.keys():
        leaf = sha256(b"\x00", entries[position])
        path = make_proof(rows, position, 0, size)
        check(proven_root(leaf, position, size, path) == root, f"entry {position} is not proven")
    seen = {"origin": origin, "size": size, "root": root.hex(), "entries": len(entries)}
    return {**seen, "withdrawn": sorted(withdrawn)}


def fetch_from(url: str) -> Fetch:
    """Fetches paths of a site over HTTP."""

    def fetch(path: str) -> bytes | None:
        try:
            with urllib.request.urlopen(f"{url.rstrip('/')}/{path}", timeout=30) as answer:
                data: bytes = answer.read()
                return data
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 404:
                return None
            raise

    return fetch


if __name__ == "__main__":
    try:
        sys.stdout.write(json.dumps(verify(fetch_from(sys.argv[1]), sys.argv[2])) + "\n")
    except Wrong as error:
        sys.exit(f"wrong: {error}")

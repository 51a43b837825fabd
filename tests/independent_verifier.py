"""Checks a ledger, or a proof from one, without any code of the project.

Written from docs/log-format.md alone, with the standard library, `cryptography` and `zstandard`:

    python independent_verifier.py LEDGER [VERIFIER_KEY]
    python independent_verifier.py FILE.tlog-proof VERIFIER_KEY

It prints what it proved and ends with 0, or names the first thing that is wrong and ends with 1.
"""

import base64
import hashlib
import io
import itertools
import json
import pathlib
import sys
from collections.abc import Iterator
from typing import Any

import zstandard
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Head = tuple[str, int, bytes]  # origin, size, root


def must(fact: object, what: str) -> None:
    """Go on where a fact holds."""
    if not fact:
        raise ValueError(what)


def unbase(text: str) -> bytes:
    """Read base64 in its one form."""
    data = base64.b64decode(text, validate=True)
    must(base64.b64encode(data).decode() == text, "base64 that is not in its one form")
    return data


def sha256(*parts: bytes) -> bytes:
    """Hash bytes that follow each other."""
    return hashlib.sha256(b"".join(parts)).digest()


def read_head(note: bytes, key_text: str) -> Head:
    """What a note says that was signed with a key (section 11)."""
    name, shown, encoded = key_text.split("+", 2)
    key = unbase(encoded)
    key_hash = sha256(name.encode(), b"\n", key)[:4]
    must(key[:1] == b"\x01" and key_hash.hex() == shown, f"{key_text} is no Ed25519 key")
    text, _, signatures = note.decode().partition("\n\n")
    origin, size, root = text.split("\n")
    for _, signer, data in (line.split(" ") for line in signatures.splitlines()):
        if signer == name == origin and unbase(data)[:4] == key_hash:
            public = Ed25519PublicKey.from_public_bytes(key[1:])
            public.verify(unbase(data)[4:], f"{text}\n".encode())
            return origin, int(size), unbase(root)
    raise ValueError(f"a head of {size} events is not signed by {key_text}")


def lines_of(folder: pathlib.Path) -> Iterator[tuple[int, str, bytes]]:
    """Position, segment and line of every event; a plain segment counts before a sealed one."""
    sealed = {path.name[:-4]: path for path in (folder / "log").glob("*.jsonl.zst")}
    plain = {path.name: path for path in (folder / "log").glob("*.jsonl")}
    position = 0
    for name, path in sorted((sealed | plain).items()):
        must(name == f"{position:020d}.jsonl", f"{name} where the log goes on at {position}")
        raw = path.open("rb")
        whole = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
        with raw, io.BufferedReader(whole) if path.suffix == ".zst" else raw as lines:
            for line in lines:
                yield position, name, line
                position += 1


class Checker:
    """Takes the lines of a ledger one by one, and remembers what they must agree with."""

    def __init__(self) -> None:
        self.stack: list[tuple[int, bytes]] = []  # complete subtrees: how many leaves, and root
        self.keys: list[tuple[int, str]] = []  # since which position a key signs
        self.batch, self.time, self.origin = range(0), "", ""
        self.erased: dict[int, int] = {}  # tombstones, and the events that they name
        self.ordered: dict[int, int] = {}  # what those events name
        self.gone: set[str] = set()  # documents that were erased
        self.texts: dict[str, list[tuple[int, str]]] = {}  # the documents of each source
        self.named: set[str] = set()
        self.quotes: list[tuple[int, str, Any]] = []

    def take(self, position: int, line: bytes) -> None:
        """Check the line that comes next (sections 3 and 9)."""
        event = json.loads(line)
        data, kind = event["data"], event["type"].removeprefix("claims.").removesuffix(".v1")
        if position == 0:
            self.origin, self.keys = data["origin"], [(-1, data["verifier_key"])]
        first, last = event.get("batch", f"{position}-{position}").split("-")
        batch = range(int(first), int(last) + 1)
        must(line.endswith(b"\n") and len(line) <= 65_536, "it has no newline, or is too long")
        must(event["source"] == self.origin, "it is of another ledger")
        must(event["sequence"] == f"{position:020d}", f"it says to be {event['sequence']}")
        within = position in self.batch
        must(batch == self.batch if within else batch.start == position, "it is of another batch")
        must(event["time"] == self.time if within else event["time"] >= self.time, "its time")
        self.batch, self.time, leaf = batch, event["time"], sha256(b"\x00", line[:-1])
        if "subject" not in event:  # a tombstone
            leaf, self.erased[position] = bytes.fromhex(data["leaf_hash"]), data["redacted_by"]
        elif kind == "record.redacted":
            self.ordered |= dict.fromkeys(data["positions"], position)
            self.gone |= set(data.get("documents", []))
        elif kind == "key.rotated":
            self.keys.append((position, data["verifier_key"]))
        elif kind in ("source.captured", "source.revised") and "sha256" in data:
            self.named |= {data["sha256"], data["text_sha256"]}
            self.texts.setdefault(data["source_id"], []).append((position, data["text_sha256"]))
        for each in data.get("reports", [data] if "quote" in data else []):
            self.quotes.append((position, each["source_id"], each["quote"]))
        self.stack.append((1, leaf))
        while len(self.stack) > 1 and self.stack[-1][0] == self.stack[-2][0]:
            (count, right), (_, left) = self.stack.pop(), self.stack.pop()
            self.stack.append((2 * count, sha256(b"\x01", left, right)))

    def root(self) -> bytes:
        """The root hash over the lines taken so far."""
        root = self.stack[-1][1]
        for _, left in reversed(self.stack[:-1]):
            root = sha256(b"\x01", left, root)
        return root

    def key_for(self, size: int) -> str:
        """The key that signs a head of so many events (section 11.3)."""
        return [key for since, key in self.keys if since < size][-1]

    def check_quotes(self, folder: pathlib.Path) -> int:
        """Check that the documents are those captured, and that every quote stands in its text."""
        texts: dict[str, str] = {}
        for sha in self.named - self.gone:
            data = (folder / "documents" / sha[:2] / sha).read_bytes()
            must(sha256(data).hex() == sha, f"document {sha} is not what was captured")
            texts[sha] = data.decode(errors="replace")
        for position, source, quote in self.quotes:
            forms = [sha for at, sha in self.texts.get(source, []) if at <= position]
            if "start" in quote and forms and forms[-1] in texts:
                found = texts[forms[-1]][quote["start"] : quote["end"]]
                must(found == quote["exact"], f"position {position}: other words stand there")
        return sum("start" in quote for _, _, quote in self.quotes)


def check_ledger(folder: pathlib.Path, key: str | None) -> Iterator[str]:
    """Check a whole ledger; gives sentences about what was proved."""
    checker, roots = Checker(), {}
    paths = [folder / "checkpoint", *(folder / "checkpoints").glob("*")]
    sizes = {path: int(path.read_bytes().split(b"\n")[1]) for path in paths}
    signed = sizes[paths[0]]
    for position, name, line in itertools.islice(lines_of(folder), signed):
        try:
            checker.take(position, line)
        except (ValueError, KeyError, TypeError) as fault:
            raise ValueError(f"{name}, position {position}: {fault}") from fault
        if position + 1 in sizes.values():
            roots[position + 1] = checker.root()
    for path, size in sizes.items():
        if size > signed:
            continue
        signers = {checker.key_for(size)}
        if path.suffix == ".rotation":
            signers = {checker.key_for(int(path.stem)), checker.key_for(int(path.stem) + 1)}
        for signer in signers:
            right = read_head(path.read_bytes(), signer) == (checker.origin, size, roots.get(size))
            must(right, f"{path.name}: the lines are not those that were signed")
    handed = {int(path.stem) for path in paths if path.suffix == ".rotation"}
    must(handed >= {since for since, _ in checker.keys[1:]}, "a key that the old one did not sign")
    must(key in (None, *(each for _, each in checker.keys)), "it is not a ledger of that key")
    must(checker.erased == checker.ordered, "what was erased is not what was ordered to be")
    quotes = checker.check_quotes(folder)
    yield f"{signed} events of {checker.origin}, root {roots[signed].hex()}"
    yield f"{len(checker.named - checker.gone)} documents, {quotes} anchored quotes"
    yield f"{len(checker.erased)} events and {len(checker.gone)} documents erased with a reason"
    yield f"signed by {checker.keys[-1][1]}" + ("" if key else ", by the ledger's own word")


def check_proof(data: bytes, key: str) -> Iterator[str]:
    """Check a C2SP tlog-proof of one event (RFC 9162 section 2.1.3.2)."""
    above, _, note = data.partition(b"\n\n")
    title, extra, number, *path = above.decode().split("\n")
    must(title == "c2sp.org/tlog-proof@v1" and extra[:6] == "extra ", "not a proof with its event")
    leaf, index = unbase(extra[6:]), int(number.removeprefix("index "))
    origin, size, root = read_head(note, key)
    node, last, found = index, size - 1, sha256(b"\x00", leaf)
    for each in map(unbase, path):
        must(last > 0, "the proof is too long")
        if node % 2 or node == last:
            found = sha256(b"\x01", each, found)
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            found = sha256(b"\x01", found, each)
        node, last = node >> 1, last >> 1
    must(index < size and last == 0 and found == root, "the event is not in that log")
    event = json.loads(leaf)
    must((event["source"], int(event["sequence"])) == (origin, index), "it is another event")
    yield f"event {index} of {origin} ({event['type']}, recorded {event['time']})"
    yield f"is in the log of {size} events with root {root.hex()}"


def main(target: str, key: str | None = None) -> int:
    """Check what is given, and say what came of it."""
    path = pathlib.Path(target)
    try:
        checks = (
            check_ledger(path, key) if path.is_dir() else check_proof(path.read_bytes(), key or "")
        )
        print("\n".join(checks))
    except (
        ValueError,
        KeyError,
        IndexError,
        OSError,
        InvalidSignature,
        zstandard.ZstdError,
    ) as fault:
        print(f"WRONG: {fault or 'a signature does not fit'}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Checks a bundle of a claims ledger: what is in it, and that it is what was signed.

    python check_bundle.py [BUNDLE.zip | FOLDER] [VERIFIER_KEY]

It needs Python and the package `cryptography`, and nothing of the program that made the bundle. It
prints what it proved and ends with 0, or names the first thing that is wrong and ends with 1.
Without a key it believes the one in the bundle, which shows only that the bundle fits together: get
the key from elsewhere.
"""

import base64
import hashlib
import json
import pathlib
import re
import struct
import sys
import zlib
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SUMS, EVENTS, HEAD, KEY, ABOUT = "SHA256SUMS", "events.jsonl", "checkpoint", "vkey", "about.json"
PROOFS, DOCUMENTS = "proofs/", "documents/"
PROOF_FORM = "c2sp.org/tlog-proof@v1"

_LOCAL, _ENTRY, _END = "<4s5H3L2H", "<4s6H3L5H2L", "<4s4H2LH"
_LOCAL_BYTES = struct.calcsize(_LOCAL)
_DAY = 0x21  # 1 January 1980: when a file was put there is of no account
_BLOCK = 1 << 20


def must(fact: object, what: str) -> None:
    """Go on where a fact holds."""
    if not fact:
        raise ValueError(what)


def counted(count: int, noun: str) -> str:
    """A count with its noun."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def sha256(*parts: bytes) -> bytes:
    """Hash bytes that follow each other."""
    return hashlib.sha256(b"".join(parts)).digest()


def unbase(text: str) -> bytes:
    """Read base64 in its one form."""
    data = base64.b64decode(text, validate=True)
    must(base64.b64encode(data).decode() == text, "base64 that is not in its one form")
    return data


# ── the zip: stored, so that each of its bytes follows from the files in it ──────────────────


def local_header(name: bytes, crc: int, size: int) -> bytes:
    """What stands before a file (APPNOTE 4.3.7)."""
    fixed = (b"PK\3\4", 20, 0, 0, 0, _DAY, crc, size, size, len(name), 0)
    return struct.pack(_LOCAL, *fixed) + name


def directory(entries: Iterable[tuple[bytes, int, int, int]], start: int) -> bytes:
    """What stands at the end: name, checksum, size and place of every file (4.3.12, 4.3.16)."""
    made = [
        struct.pack(
            _ENTRY, b"PK\1\2", 0x0314, 20, 0, 0, 0, _DAY, crc, size, size, len(name),
            0, 0, 0, 0, 0o100644 << 16, place,
        ) + name
        for name, crc, size, place in entries
    ]  # fmt: skip
    whole = b"".join(made)
    end = struct.pack(_END, b"PK\5\6", 0, 0, len(made), len(made), len(whole), start, 0)
    return whole + end


class Bundle:
    """The files of a bundle, by their names: in a zip, every byte of which is checked, or loose."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path
        self.places: dict[str, tuple[int, int]] = {}
        if path.is_dir():
            self.names = sorted(
                each.relative_to(path).as_posix() for each in path.rglob("*") if each.is_file()
            )
        else:
            self._open_zip()
            self.names = list(self.places)
        must(self.names == sorted(set(self.names)), "the files are not in order")

    def read(self, name: str) -> bytes:
        """The bytes of a file."""
        must(name in self.names, f"{name} is missing")
        if not self.places:
            return (self.path / name).read_bytes()
        place, size = self.places[name]
        with self.path.open("rb") as file:
            file.seek(place)
            return file.read(size)

    def _open_zip(self) -> None:
        entries: list[tuple[bytes, int, int, int]] = []
        with self.path.open("rb") as file:
            while (head := file.read(_LOCAL_BYTES))[:4] == b"PK\3\4":
                *_, size, _, length, _ = struct.unpack(_LOCAL, head)
                place, name = file.tell() - _LOCAL_BYTES, file.read(length)
                crc, left, begun = 0, size, file.tell()
                while left and (block := file.read(min(left, _BLOCK))):
                    crc, left = zlib.crc32(block, crc), left - len(block)
                right = head + name == local_header(name, crc, size)
                must(right and not left, f"the zip is damaged at {name.decode(errors='replace')}")
                entries.append((name, crc, size, place))
                self.places[name.decode()] = (begun, size)
            start = file.tell() - len(head)
            rest = head + file.read(64 << 20)
        must(self.places and rest == directory(entries, start), "the zip is damaged at its end")


# ── what was signed ──────────────────────────────────────────────────────────────────────────


def read_head(note: bytes, key_text: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a head that was signed with a key (C2SP tlog-checkpoint)."""
    name, shown, encoded = key_text.split("+", 2)
    key = unbase(encoded)
    key_hash = sha256(name.encode(), b"\n", key)[:4]
    must(key[:1] == b"\x01" and key_hash.hex() == shown, f"{key_text} is no Ed25519 key")
    text, _, signatures = note.decode().partition("\n\n")
    origin, size, root = text.split("\n")
    must(origin == name, f"the head is that of {origin}")
    for line in signatures.splitlines():
        _, signer, data = line.split(" ")
        if signer == name and unbase(data)[:4] == key_hash:
            public = Ed25519PublicKey.from_public_bytes(key[1:])
            public.verify(unbase(data)[4:], f"{text}\n".encode())
            return origin, int(size), unbase(root)
    raise ValueError(f"the head is not signed by {key_text}")


def root_of(index: int, size: int, found: bytes, path: list[bytes]) -> bytes | None:
    """The root that a leaf and its path lead to (RFC 9162 section 2.1.3.2)."""
    node, last = index, size - 1
    for each in path:
        must(last > 0, "the proof is too long")
        if node % 2 or node == last:
            found = sha256(b"\x01", each, found)
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            found = sha256(b"\x01", found, each)
        node, last = node >> 1, last >> 1
    return found if last == 0 and index < size else None


def check_proof(data: bytes, line: bytes, note: bytes, head: tuple[str, int, bytes]) -> int:
    """The position of a line that a proof shows to be in the log of a head."""
    above, _, below = data.partition(b"\n\n")
    form, *rest = above.decode().split("\n")
    must(form == PROOF_FORM and below == note, "it is no proof under this head")
    event = json.loads(line)
    if rest[0].startswith("extra "):
        must(unbase(rest.pop(0)[6:]) == line, "it proves another event")
        leaf = sha256(b"\x00", line)
    else:  # of an erased event its leaf hash is left
        must("redacted_by" in event["data"], "it hands no event on")
        leaf = bytes.fromhex(event["data"]["leaf_hash"])
    index = int(rest[0].removeprefix("index "))
    must(rest[0] == f"index {index}", "it says no position")
    origin, size, root = head
    must(
        root_of(index, size, leaf, [unbase(each) for each in rest[1:]]) == root, "it leads nowhere"
    )
    must((event["source"], event["sequence"]) == (origin, f"{index:020d}"), "it is another event")
    return index


# ── the whole ────────────────────────────────────────────────────────────────────────────────


def check(bundle: Bundle, key: str | None) -> Iterator[str]:
    """Check a bundle; gives sentences on what was proved."""
    sums = "".join(
        f"{sha256(bundle.read(name)).hex()}  {name}\n" for name in bundle.names if name != SUMS
    )
    must(SUMS in bundle.names, f"{bundle.path} is no bundle: give its zip, or the folder of it")
    told = bundle.read(SUMS).decode()
    other = sorted(set(sums.splitlines()) ^ set(told.splitlines()))
    must(not other, f"{other and other[0][66:]} is not what {SUMS} says")
    must(told == sums, f"{SUMS} is out of order")
    own_key = bundle.read(KEY).decode().strip()
    must(key in (None, own_key), "it was signed with another key than yours")
    note = bundle.read(HEAD)
    head = read_head(note, own_key)
    lines = bundle.read(EVENTS).splitlines(keepends=True)
    proofs = [name for name in bundle.names if name.startswith(PROOFS)]
    must(len(lines) == len(proofs), "there are not as many proofs as events")
    events = []
    for line, name in zip(lines, proofs, strict=True):
        must(line.endswith(b"\n"), "a line has no end")
        try:
            at = check_proof(bundle.read(name), line[:-1], note, head)
        except ValueError as fault:
            raise ValueError(f"{name}: {fault}") from fault
        must(name == f"{PROOFS}{at:020d}.tlog-proof", f"{name} is that of another position")
        events.append(json.loads(line))
    documents, quotes = check_documents(bundle, events)
    origin, size, root = head
    held = counted(len(events), "event")
    yield f"{held} proven in the log of {origin} with {counted(size, 'event')}, root {root.hex()}"
    yield f"{counted(documents, 'document')} as captured; {counted(quotes, 'quote')} in place"
    yield f"signed by {own_key}" + ("" if key else ", by the bundle's own word")


def check_documents(bundle: Bundle, events: list[dict]) -> tuple[int, int]:  # type: ignore[type-arg]  # JSON
    """That documents are those that the events name, and quotes stand where they are said to."""
    enclosed = {name.removeprefix(DOCUMENTS) for name in bundle.names
                if name.startswith(DOCUMENTS)}  # fmt: skip
    left_out = set(json.loads(bundle.read(ABOUT)).get("without_documents", []))
    texts: dict[str, str] = {}  # the latest text of a source
    named: set[str] = set()
    quotes = 0
    for event in events:
        data = event["data"]
        if "text_sha256" in data:
            texts[data["source_id"]] = data["text_sha256"]
            named |= {data["sha256"], data["text_sha256"]}
        for report in data.get("reports", [data] if "quote" in data else []):
            quote, sha = report["quote"], texts.get(report["source_id"])
            if "start" not in quote or sha is None or sha not in enclosed:
                continue
            text = bundle.read(DOCUMENTS + sha).decode()
            stands = text[quote["start"] : quote["end"]] == quote["exact"]
            must(stands, f"other words stand where {report['report_id']} quotes {sha}")
            quotes += 1
    for sha in sorted(enclosed):
        must(sha256(bundle.read(DOCUMENTS + sha)).hex() == sha, f"document {sha} was changed")
        must(re.fullmatch(r"[0-9a-f]{64}", sha) and sha in named, f"no event names {sha}")
    must(not named - enclosed - left_out, "a document is missing")
    return len(enclosed), quotes


def main(path: str = ".", key: str | None = None) -> int:
    """Check what is given, and say what came of it."""
    try:
        sys.stdout.write("\n".join(check(Bundle(pathlib.Path(path)), key)) + "\n")
    except InvalidSignature:
        sys.stdout.write("WRONG: the signature of the head does not fit\n")
        return 1
    except OSError as fault:
        sys.stdout.write(f"WRONG: {fault.filename} cannot be read: {fault.strerror}\n")
        return 1
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as fault:
        sys.stdout.write(f"WRONG: {fault}\n")
        return 1
    except struct.error as fault:
        sys.stdout.write(f"WRONG: the zip is cut short: {fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""A bundle: one zip of some statements, with all that is needed to verify them without the ledger.

README.md        what it is, what is claimed in it, how to check it
events.jsonl     the events' exact lines: of the statements, and of whoever and whatever they name
proofs/          for each line a C2SP tlog-proof, as `claims prove` writes it
checkpoint       the signed head that the proofs lead to; vkey: the log's verifier key
documents/       what was captured, by SHA-256: bytes and texts
about.json       origin, size and root, and what was chosen
check_bundle.py  checks all of this with Python and `cryptography` alone (bundle_check.py)
SHA256SUMS       the hash of every other file, as `sha256sum -c` reads it

Rules kept here:
- the zip is stored: its bytes follow from the files, so a changed byte shows wherever it stands;
- a proof goes out only under the signed head; what is not signed yet is refused.
"""

import hashlib
import shutil
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from ledger.documents import DocumentStore
from ledger.errors import Refused
from ledger.exporters import bundle_check as check
from ledger.exporters.about import as_json
from ledger.exporters.bundle_words import CHECK, README, readme
from ledger.exporters.leaving import Leaving
from ledger.prove import SignedHead, current_head, inclusion_proof
from projections import exports

MOST_EVENTS = 10_000
MOST_BYTES = 1 << 30  # of documents
_BLOCK = 1 << 20


def write(leaving: Leaving, place: Path) -> Mapping[str, bytes]:
    """Write the zip; raises Refused for what is too much, or not signed yet."""
    signed = signed_head(leaving)
    positions = positions_of(leaving)
    folder = place.with_name("bundle")
    (folder / check.PROOFS).mkdir(parents=True)
    (folder / check.DOCUMENTS).mkdir()
    _write_events(leaving, positions, signed, folder)
    without = _copy_documents(leaving, positions, folder)
    (folder / check.HEAD).write_bytes(signed.note)
    key = leaving.log.chain.key_for(signed.head.size).format()
    (folder / check.KEY).write_bytes(f"{key}\n".encode())
    facts = {
        **leaving.about.facts(), "events": len(positions),
        "head": {"size": signed.head.size, "root": signed.head.root.hex()},
        **({"without_documents": without} if without else {}),
    }  # fmt: skip
    (folder / check.ABOUT).write_bytes(as_json(facts))
    (folder / CHECK).write_bytes(Path(check.__file__).read_bytes())
    (folder / README).write_text(
        readme(leaving, len(positions), signed.head.size, key), encoding="utf-8"
    )
    (folder / check.SUMS).write_text("".join(_sums(folder)), encoding="utf-8")
    write_zip(folder, place)
    shutil.rmtree(folder)
    if without:
        leaving.notes.append(
            f"{len(without):,} documents are not at hand, and not in it; about.json names them."
        )
    return {}


def signed_head(leaving: Leaving) -> SignedHead:
    """The signed head that covers all of the export; raises Refused."""
    log, size = leaving.log, leaving.about.size
    if size > log.signed_size:
        raise Refused(
            f"The last {size - log.signed_size:,} of {size:,} events are not signed yet.",
            way_out=f"Wait until their writer has signed, or add --as-of {log.signed_size}.",
        )
    return current_head(log)


def positions_of(leaving: Leaving) -> list[int]:
    """The positions of the events that go into the bundle."""
    if leaving.is_chosen:
        rows = leaving.connection.execute(exports.query("positions")).fetchall()
        found = [int(position) for (position,) in rows]
    else:
        found = list(range(leaving.about.size))
    if len(found) > MOST_EVENTS:
        raise Refused(
            f"The bundle would hold {len(found):,} events; at most {MOST_EVENTS:,}.",
            way_out="Choose some statements: --subject, --speaker, --measure or --where.",
        )
    if not found:
        raise Refused("There is nothing to bundle.", way_out="Choose a later moment.")
    return found


def _write_events(leaving: Leaving, positions: list[int], signed: SignedHead, folder: Path) -> None:
    with (folder / check.EVENTS).open("wb") as file:
        for position in positions:
            proof = inclusion_proof(leaving.log, position, signed)
            file.write(leaving.log.line(position) + b"\n")
            name = f"{check.PROOFS}{position:020d}.tlog-proof"
            (folder / name).write_bytes(proof.format())


def _copy_documents(leaving: Leaving, positions: list[int], folder: Path) -> list[str]:
    """Copy the documents that events bring; gives those that are not there any more."""
    store = DocumentStore(leaving.log.folder)
    rows = leaving.connection.execute(
        exports.query("documents"), {"positions": positions}
    ).fetchall()
    names = [str(sha256) for (sha256,) in rows]
    held = {name: store.path(name) for name in names if store.path(name).is_file()}
    total = sum(path.stat().st_size for path in held.values())
    if total > MOST_BYTES:
        raise Refused(
            f"The documents have {total >> 20:,} MiB; a bundle holds {MOST_BYTES >> 20:,}.",
            way_out="Choose fewer statements: --subject, --speaker, --measure or --where.",
        )
    for name, path in held.items():
        shutil.copyfile(path, folder / check.DOCUMENTS / name)
    return [name for name in names if name not in held]


# ── the zip ──────────────────────────────────────────────────────────────────────────────────


def _files(folder: Path) -> list[tuple[str, Path]]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return sorted((path.relative_to(folder).as_posix(), path) for path in paths)


def _sums(folder: Path) -> Iterator[str]:
    """The lines of SHA256SUMS."""
    for name, path in _files(folder):
        with path.open("rb") as file:
            yield f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n"


def write_zip(folder: Path, place: Path) -> None:
    """Zip a folder, stored, so that every byte follows from the files."""
    entries: list[tuple[bytes, int, int, int]] = []
    with place.open("wb") as made:
        for name, path in _files(folder):
            crc = 0
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    crc = zlib.crc32(block, crc)
                size, start = file.tell(), made.tell()
                made.write(check.local_header(name.encode(), crc, size))
                file.seek(0)
                shutil.copyfileobj(file, made, _BLOCK)
            entries.append((name.encode(), crc, size, start))
        made.write(check.directory(entries, made.tell()))

"""A redaction erases what it covers, everywhere, and the rest of the log stays proven."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_tools import claims
from log_tools import NOON, drafts, snapshot
from redaction_tools import (
    COMMANDS,
    DENIAL,
    OF_STATEMENT,
    RELATION,
    SECRETS,
    SOURCE,
    STATEMENT,
    cells_with,
    erase,
    files_with,
    tell,
)

from events.codec import decode_event, encode_batch
from events.record import Draft, Event, Placing
from events.vocabulary import RecordRedacted, Redacted
from ledger import redact as redacting
from ledger import segments
from ledger.api import Ledger
from ledger.erase import record_and_erase
from ledger.errors import Conflict, Refused, SizeDiffers
from ledger.extent import Extent
from ledger.leaves import hashes_of_lines
from ledger.lines import check_line
from ledger.log import Log
from ledger.merkle import leaf_hash, root_of
from ledger.proofs import check_consistency, check_inclusion
from ledger.prove import prove_consistency, prove_inclusion
from ledger.publish import Options, publish
from ledger.redaction import Asked, Plan, make_plan
from ledger.segments import Mark
from ledger.verify import verify_ledger
from ledger.views import open_views
from ledger.writer import Writer


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with a statement that has to go, and what hangs on it."""
    with tell(tmp_path) as ledger:
        yield ledger


def event(ledger: Ledger, position: int) -> Event:
    """One event."""
    ledger.log.refresh()
    return decode_event(ledger.log.line(position))


def plan_of(ledger: Ledger, *subjects: str, positions: tuple[int, ...] = ()) -> Plan:
    """What a redaction would do."""
    ledger.log.refresh()
    with open_views(ledger.log) as views:
        return make_plan(views, ledger.log, Asked(subjects=subjects, positions=positions))


# ── what is covered ──────────────────────────────────────────────────────────────────────────


def test_a_statement_covers_all_that_is_about_it(told: Ledger) -> None:
    """Reports, numbers, revisions and ratings of a statement go with it; who denies it stays."""
    plan = plan_of(told, "statement/quill-said")
    assert plan.positions == OF_STATEMENT
    assert [each.position for each in plan.naming] == [RELATION]
    assert "statement/quill-said" in plan.naming[0].names


def test_voids_are_covered_with_what_they_are_about(told: Ledger) -> None:
    """A void of an event about a thing is about that thing, and so is a void of that void."""
    told.submit({"command": "void_record", "position": 12, "reason": "Xenia Quill asked"})
    told.submit({"command": "void_record", "position": 15, "reason": "Xenia Quill asked again"})
    assert plan_of(told, "statement/quill-said").positions == (*OF_STATEMENT, 15, 16)


def test_a_source_covers_its_own_events_and_offers_its_document(told: Ledger) -> None:
    """The statements that quote a source name it and stay, its document until it is asked for."""
    told.submit({"command": "assess_source", "source_id": "quill-source", "assessor": "Desk"})
    plan = plan_of(told, "source/quill-source")
    assert plan.positions == (SOURCE, 15)
    assert not plan.documents.erased
    assert len(plan.documents.kept) == 1
    assert [each.position for each in plan.naming] == [7, 10]


def test_a_position_covers_one_event(told: Ledger) -> None:
    """The plan says when something else counts again without the event."""
    plan = plan_of(told, positions=(12,))
    assert plan.positions == plan.reviving == (12,)
    assert plan_of(told, positions=(STATEMENT,)).reviving == ()


@pytest.mark.parametrize(
    ("target", "says"),
    [
        (0, "cannot be erased"),
        (99, "no event at position 99"),
        (-1, "no event at position -1"),
        ("report/quill-report", "name statement/quill-said, or position 7"),
        ("statement/nothing", "No statement has the id"),
        ("ledger/example.org/test", "cannot be erased"),
    ],
)
def test_what_cannot_be_erased_is_refused(told: Ledger, target: str | int, says: str) -> None:
    """What the ledger says of itself stays, a part of an event goes with the event alone."""
    before = snapshot(told.log.folder / "log")
    with pytest.raises(Refused) as refused:
        erase(told, target)
    assert says in str(refused.value)
    assert snapshot(told.log.folder / "log") == before


def test_an_order_cannot_be_erased(told: Ledger) -> None:
    """The event that ordered an erasure stays for good."""
    done = erase(told, STATEMENT)
    with pytest.raises(Refused, match=r"record\.redacted"):
        erase(told, done.first)


# ── what is left ─────────────────────────────────────────────────────────────────────────────


def test_a_tombstone_keeps_place_type_and_leaf_hash_alone(told: Ledger) -> None:
    """A tombstone has a new random id and nothing of the line but what the log itself wrote."""
    line = told.log.line(STATEMENT)
    old = decode_event(line)
    done = erase(told, STATEMENT)
    told.log.refresh()
    tombstone = told.log.line(STATEMENT)
    left = json.loads(tombstone)
    data = {"redacted_by": done.first, "leaf_hash": leaf_hash(line).hex()}
    assert left.pop("id") != old.id
    assert left == {
        **{key: json.loads(line)[key] for key in ("specversion", "type", "source", "sequence")},
        "time": json.loads(line)["time"],
        "data": data,
    }
    check_line(tombstone, told.log.origin)
    assert event(told, STATEMENT).data == Redacted(**data)


def test_a_tombstone_in_a_batch_keeps_its_batch(ledger: Ledger) -> None:
    """A line of a batch is known as one of it when it is erased."""
    ledger.submit(list(COMMANDS[:3]))
    erase(ledger, 2)
    assert event(ledger, 2).batch == range(1, 4)
    assert verify_ledger(ledger.log.folder).findings == ()


def test_the_order_says_on_whose_authority_and_why(told: Ledger) -> None:
    """The event names positions and documents; no key could confirm a guess at what they were."""
    done = erase(told, "statement/quill-said", "source/quill-source", documents=["quill-source"])
    order = event(told, done.first)
    assert isinstance(order.data, RecordRedacted)
    assert order.data.positions == (SOURCE, *OF_STATEMENT) == done.erased
    assert (order.data.authority, order.data.reason) == ("Court order 12/2026", "A private home")
    assert order.data.documents == done.documents
    assert (order.key, order.actor) == (None, told.recorder.actor)


def test_the_rest_of_the_log_stays_proven(told: Ledger) -> None:
    """Roots stay as they were; so do proofs and heads that somebody kept from before."""
    size, root = told.size, told.log.root_at(told.size)
    kept = leaf_hash(told.log.line(DENIAL))
    path = prove_inclusion(told.log, DENIAL, size)
    erase(told, "statement/quill-said")
    log = Log.open(told.log.folder)
    assert log.root_at(size) == root
    assert root_of(hashes_of_lines(log.lines(0, size))) == root
    check_inclusion(kept, DENIAL, size, path, root)
    proof = prove_consistency(log, size, log.signed_size)
    check_consistency(size, root, log.signed_size, log.checkpoint.root, proof)
    found = verify_ledger(log.folder)
    assert found.findings == ()
    assert found.redactions == len(OF_STATEMENT)


def test_without_the_stored_tree_the_root_is_the_same(told: Ledger) -> None:
    """The tree is computed from kept hashes where lines are gone, also by the next writer."""
    erase(told, "statement/quill-said")
    for path in (told.log.folder / "tree").iterdir():
        path.unlink()
    told.submit({"command": "register_speaker", "kind": "person", "name": "Ana"})
    assert verify_ledger(told.log.folder).findings == ()


# ── what is gone ─────────────────────────────────────────────────────────────────────────────


def test_nothing_of_it_is_left_under_the_ledger(told: Ledger, tmp_path: Path) -> None:
    """No byte is left in the log, documents, views or whatever a crash or a program left there."""
    folder, words = told.log.folder, " ".join(SECRETS).encode()
    assert cells_with(folder)
    segment = folder / "log" / f"{0:020d}.jsonl"
    for name in (
        "aside/00000000000000000003-1.torn", "views/ledger.duckdb.wal", "log/left.jsonl.new",
        "views/.building-x/ledger.duckdb", f"log/{segment.name}.zst",
    ):  # fmt: skip
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(words)
    assert len(files_with(folder)) >= 7
    erase(told, "statement/quill-said", "source/quill-source", RELATION, documents=["quill-source"])
    assert files_with(folder) == []
    assert told.query("from statements").fetchall()
    assert files_with(folder) == []
    assert cells_with(folder) == []
    assert not (folder / "redacting").exists()


@pytest.mark.slow
def test_a_published_site_no_longer_holds_it(told: Ledger, tmp_path: Path) -> None:
    """Bundles, segments and views that held it are withdrawn; a site that is gone is told of."""
    site, lost = tmp_path / "site", tmp_path / "lost"
    publish(told.log, site)
    publish(told.log, lost, Options(views=False))
    assert len(files_with(site)) > 2
    lost.rename(tmp_path / "elsewhere")
    done = erase(told, "statement/quill-said", "source/quill-source", RELATION)
    assert done.sites == (str(site),)
    assert [where for where, _ in done.unreached] == [str(lost)]
    assert files_with(site) == []
    assert (site / "withdrawn.json").exists()


def test_a_document_goes_only_with_every_source_that_names_it(told: Ledger, tmp_path: Path) -> None:
    """A second source of the same bytes is named, and has to be covered too."""
    (tmp_path / "again.txt").write_bytes((tmp_path / "secret.txt").read_bytes())
    again = {"command": "capture_source", "source_id": "again", "document": "again.txt"}
    told.submit(again, documents=tmp_path)
    with pytest.raises(Refused, match="source/again"):
        erase(told, "source/quill-source", documents=["quill-source"])
    with pytest.raises(Refused, match="not covered"):
        erase(told, "statement/quill-said", documents=["quill-source"])
    done = erase(told, "source/quill-source", "source/again", documents=["again"])
    (sha256,) = done.documents
    assert not (told.log.folder / "documents" / sha256[:2] / sha256).exists()
    assert verify_ledger(told.log.folder).findings == ()


def test_a_document_can_go_later_than_its_source(told: Ledger) -> None:
    """Once no source names it, a document is erased by its hash, and a second time nothing is."""
    (sha256,) = plan_of(told, "source/quill-source").documents.kept
    erase(told, "source/quill-source")
    done = erase(told, documents=[sha256])
    assert (done.erased, done.documents) == ((), (sha256,))
    assert erase(told, documents=[sha256]).first is None
    with pytest.raises(Refused, match="No document"):
        erase(told, documents=["0" * 64])


# ── again, and afterwards ────────────────────────────────────────────────────────────────────


def test_a_redaction_that_is_repeated_writes_nothing(told: Ledger) -> None:
    """What is erased already is passed over, by subject and by position."""
    done = erase(told, "statement/quill-said", RELATION)
    before = snapshot(told.log.folder / "log")
    again = erase(told, "statement/quill-said", STATEMENT)
    assert (again.first, again.size, again.unchanged) == (None, done.size, 2)
    assert snapshot(told.log.folder / "log") == before


def test_an_expected_size_and_an_agreed_plan_are_held_to(told: Ledger) -> None:
    """Where more was recorded than somebody saw, nothing is erased."""
    plan = plan_of(told, "statement/quill-said")
    with pytest.raises(SizeDiffers):
        erase(told, "statement/quill-said", expect_size=told.size - 1)
    told.submit({"command": "assess_statement", "statement_id": "quill-said", "assessor": "B"})
    with pytest.raises(Conflict, match="1 events, the first at position 15"):
        erase(told, "statement/quill-said", seen=plan)
    assert "quill-said" in event(told, STATEMENT).subject


@pytest.mark.parametrize(("field", "text"), [("authority", " "), ("reason", "x" * 1001)])
def test_an_order_must_be_given(told: Ledger, field: str, text: str) -> None:
    """An order says on whose authority and why."""
    order = {"authority": "court", "reason": "order", field: text}
    with pytest.raises(Refused) as refused:
        told.redact(STATEMENT, **order)
    assert refused.value.place.field == field


def test_many_positions_make_several_events(told: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line has room for so many positions; the order is then a batch of several events."""
    monkeypatch.setattr(redacting, "MAX_POSITIONS", 4)
    done = erase(told, "statement/quill-said")
    assert done.last == done.first + 1
    by = {position: event(told, position).data for position in OF_STATEMENT}
    assert [each.redacted_by - done.first for each in by.values()] == [0, 0, 0, 0, 1, 1]  # type: ignore[attr-defined]  # each is a Redacted
    assert verify_ledger(told.log.folder).findings == ()


def test_the_longest_order_fits_a_line() -> None:
    """The most positions and documents, in the longest words, make a line that fits."""
    words = "\N{GRINNING FACE}" * redacting.MAX_WORDS
    data = RecordRedacted(
        positions=tuple(range(10**18, 10**18 + redacting.MAX_POSITIONS)),
        documents=("f" * 64,) * redacting.MAX_DOCUMENTS,
        authority=words,
        reason=words,
        note=words,
    )
    order = Draft(data=data, subject=f"ledger/{'x' * 200}", actor=words)
    placing = Placing(origin="x" * 200, first=10**18, count=2, time=NOON)
    assert encode_batch([order, order], placing)


# ── others at work ───────────────────────────────────────────────────────────────────────────


def test_a_reader_that_was_open_reads_on(told: Ledger) -> None:
    """Lines lie elsewhere after a redaction by another process; a reader finds them again."""
    size, end = told.size, told.log.mark(told.size - 1)
    old = list(told.log.lines())
    reading = told.log.lines(STATEMENT)
    assert next(reading) == old[STATEMENT]
    assert told.query("from statements").fetchall()
    done = claims(
        "redact", "statement/quill-said", "--authority", "court", "--reason", "order", "--yes",
        ledger=told.log.folder,
    )  # fmt: skip
    assert done.code == 0, done.err
    assert list(reading) == old[STATEMENT + 1 :]  # it had the file open
    assert told.log.line(DENIAL) == old[DENIAL]  # before it looks again
    assert list(told.log.lines(DENIAL, DENIAL + 2)) == old[DENIAL : DENIAL + 2]
    told.log.refresh()
    assert told.log.size == size + 1
    assert told.log.tail(size - 1, end).count(b"\n") == 2
    assert [row[0] for row in told.query("select statement_id from statements").fetchall()] == [
        "denial"
    ]
    told.submit({"command": "register_speaker", "kind": "person", "name": "Ana"})
    assert told.size == size + 2


def test_lines_that_move_while_they_are_looked_up_are_found(
    told: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A segment that is replaced between finding a line and reading it is looked at again."""
    log = Log.open(told.log.folder)
    line = log.line(DENIAL)
    find = Extent.find

    def find_then_replace(extent: Extent, position: int) -> tuple[bytes, Mark]:
        found = find(extent, position)
        monkeypatch.setattr(Extent, "find", find)
        erase(told, "statement/quill-said")
        return found

    monkeypatch.setattr(Extent, "find", find_then_replace)
    assert next(log.lines(DENIAL)) == line


def test_one_writer_appends_after_it_erased(told: Ledger) -> None:
    """The writer goes on at the end of the file that took the place of the active segment."""
    with Writer.open(told.log.folder, actor="ana") as writer:
        data = RecordRedacted(positions=OF_STATEMENT, authority="court", reason="order")
        draft = Draft(data=data, subject=f"ledger/{writer.log.origin}", actor="ana")
        record_and_erase(writer, [draft])
        writer.append(drafts(3))
        assert writer.log.line(DENIAL) == told.log.line(DENIAL)
        assert list(writer.log.lines())[-3:] == list(writer.log.lines(writer.size - 3))
    assert verify_ledger(told.log.folder).findings == ()


def test_segments_before_the_active_one_are_rewritten(
    told: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only segments with an erased line are replaced, wherever they lie."""
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 1)
    for name in ("Ana", "Ben"):
        told.submit({"command": "register_speaker", "kind": "person", "name": name})
    before = {path.name: path.stat().st_ino for path in (told.log.folder / "log").iterdir()}
    assert len(before) == 3
    erase(told, STATEMENT, told.size - 1)
    after = {path.name: path.stat().st_ino for path in (told.log.folder / "log").iterdir()}
    changed = [number for number, name in enumerate(sorted(before)) if before[name] != after[name]]
    assert changed == [0, 2]
    assert verify_ledger(told.log.folder).findings == ()

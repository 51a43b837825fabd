"""What was erased is in no view, at no moment; nor is what hangs on it."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redaction_tools import (
    COMMANDS,
    DENIAL,
    OF_STATEMENT,
    RELATION,
    SECRETS,
    SOURCE,
    STATEMENT,
    erase,
    files_with,
    tell,
)
from strategies import EVERY_KIND, Command, histories
from test_time_travel import (
    ALL,
    FEW,
    append_history,
    assert_equal,
    new_ledger,
    thorough,
)

from events.record import Draft
from events.vocabulary import RecordRedacted
from ledger import erase as erasing
from ledger.api import Ledger
from ledger.erase import write_marker
from ledger.errors import Busy, ClaimsError, Conflict, Refused
from ledger.log import Log
from ledger.views import open_views, replayed
from ledger.writer import Writer
from projections import catalog
from projections.build import rebuild
from projections.database import Database
from projections.digest import digests
from projections.stamp import view_file

Rows = dict[str, list[tuple[Any, ...]]]

# These tell of voids and erasures themselves, or look at what is void: they may differ.
TELLING = {"events", "history", "voids", "redactions"}


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with a statement that has to go, and what hangs on it."""
    with tell(tmp_path) as ledger:
        yield ledger


def ids(ledger: Ledger, noun: str) -> list[str]:
    """The ids of the things of a noun that count."""
    connection = ledger.views().connection
    found = connection.execute(f"select {noun}_id from {noun}s order by 1").fetchall()
    return [name for (name,) in found]


# ── what hangs on it ─────────────────────────────────────────────────────────────────────────


def test_what_hangs_on_an_erased_event_does_not_count(told: Ledger) -> None:
    """Reports, numbers, relations and ratings of a statement that is gone are not shown."""
    erase(told, STATEMENT)
    assert ids(told, "statement") == ["denial"]
    assert ids(told, "report") == ["denied"]
    for view in ("estimates", "relations", "assessments", "denials", "militant_estimates"):
        assert told.views().connection.execute(f"from {view}").fetchall() == [], view


def test_what_stands_in_an_erased_source_does_not_count(told: Ledger) -> None:
    """A report hangs on its source, a number on its report; the statement stays, without any."""
    erase(told, SOURCE)
    assert ids(told, "statement") == ["denial", "quill-said"]
    assert ids(told, "report") == ["denied"]
    assert ids(told, "estimate") == []


def test_an_erased_revision_gives_way_to_the_form_before(told: Ledger) -> None:
    """Only the revision is gone; the thing is as it was recorded."""
    erase(told, 12)
    rows = told.query("select venue, revisions from statements where statement_id = 'quill-said'")
    assert rows.fetchall() == [(None, 0)]


def test_no_earlier_moment_shows_it(told: Ledger) -> None:
    """An erased event is gone from every moment, also from those before it was erased."""
    size = told.size
    erase(told, *OF_STATEMENT, SOURCE, RELATION)
    for moment in (size, told.log.last_time):
        with told.as_of(moment) as then:
            connection = then.views().connection
            for view in catalog.views():
                shown = repr(connection.execute(f"from {view.name}").fetchall())
                assert not any(secret in shown for secret in SECRETS), view.name


def test_an_erased_event_stands_in_events_and_redactions(told: Ledger) -> None:
    """What is left of it is shown: place, time and type, the order, and no subject."""
    done = erase(told, STATEMENT)
    sql = f"select type, subject, actor, agent, data ->> 'redacted_by' from events where position = {STATEMENT}"  # noqa: E501
    kind = "claims.statement.recorded.v1"
    assert told.query(sql).fetchall() == [(kind, None, None, None, str(done.first))]
    sql = "select target, type, authority, reason, position, actor from redactions"
    order = ("Court order 12/2026", "A private home", done.first, "ana")
    assert told.query(sql).fetchall() == [(STATEMENT, kind, *order)]
    sql = f"from history where position = {STATEMENT} or subject is null"
    assert told.query(sql).fetchall() == []


# ── erasing is like voiding, but for good ────────────────────────────────────────────────────


def others(database: Database, names: Sequence[str]) -> Rows:
    """The rows of those views that tell of neither voids nor erasures, without times."""
    found: Rows = {}
    for name in sorted(set(names) - TELLING):
        columns = database.connection.table(name).columns
        timeless = ", ".join(f'"{each}"' for each in columns if each != "recorded_at")
        rows = database.connection.execute(f"select {timeless} from {name}").fetchall()
        found[name] = sorted(rows, key=repr)
    return found


def test_erasing_hides_what_voiding_hides() -> None:
    """Views of a ledger whose events are erased are those of one in which they are void."""
    compare_erasing_with_voiding(EVERY_KIND, [9, 12, 17, 21, 25], FEW)


@pytest.mark.slow
@thorough
@given(history=histories, positions=st.lists(st.integers(1, 40), min_size=1, max_size=6))
def test_erasing_hides_what_voiding_hides_for_many_histories(
    history: list[Command], positions: list[int]
) -> None:
    """Erased and void events hide the same in all views, tried on many histories."""
    compare_erasing_with_voiding(history, positions, ALL)


def compare_erasing_with_voiding(
    history: Sequence[Command], positions: Sequence[int], names: Sequence[str]
) -> None:
    """Void events in one ledger and erase the same ones in its twin."""
    with (
        TemporaryDirectory() as one,
        TemporaryDirectory() as other,
        new_ledger(Path(one)) as void,
        new_ledger(Path(other)) as erased,
    ):
        for ledger in (void, erased):
            append_history(ledger, history)
        size = void.size
        possible = [position for position in dict.fromkeys(positions) if position < size]
        if gone := [position for position in possible if voided(void, position)]:
            erase(erased, *gone)
        left, right = void.views(), erased.views()
        assert_equal(others(left, names), others(right, names))


def voided(ledger: Ledger, position: int) -> bool:
    """Void an event as a whole; False where that is refused."""
    try:
        ledger.submit({"command": "void_record", "position": position, "reason": "gone"})
    except ClaimsError:
        return False
    return True


# ── one log, one set of views ────────────────────────────────────────────────────────────────


_later = st.integers(0, 3)


@pytest.mark.slow
def test_catching_up_rebuilding_and_replaying_agree() -> None:
    """The digest of a view is the same by every way, and as of a size that of its replay."""
    compare_all_ways(EVERY_KIND, [24, 9, 12, 21], 2, FEW)


@pytest.mark.slow
@thorough
@given(history=histories, positions=st.lists(st.integers(1, 30), min_size=1), later=_later)
def test_catching_up_rebuilding_and_replaying_agree_for_many_histories(
    history: list[Command], positions: list[int], later: int
) -> None:
    """The digest of each view is the same by every way, tried on many histories."""
    compare_all_ways(history, positions, later, ALL)


def compare_all_ways(
    history: Sequence[Command], positions: list[int], later: int, names: Sequence[str]
) -> None:
    """Erase events and go on; then compare the views as they caught up, rebuilt and replayed."""
    with TemporaryDirectory() as made, new_ledger(Path(made)) as ledger:
        append_history(ledger, history)
        ledger.views()
        erase(ledger, *sorted({each for each in positions if each < ledger.size}))
        for number in range(later):
            ledger.submit(
                {"command": "register_speaker", "kind": "person", "name": f"later {number}"}
            )
        live = ledger.views()
        caught_up = digests(live.connection, names)
        rebuild(ledger.log)
        with open_views(ledger.log) as rebuilt:
            assert digests(rebuilt.connection, names) == caught_up
        size = min(positions[0], ledger.size)
        live.set_as_of(size)
        with replayed(ledger.log, size) as then:
            assert digests(then.connection, names) == digests(live.connection, names)


def test_a_view_file_from_before_is_not_used(told: Ledger, tmp_path: Path) -> None:
    """A view file that a backup brought back has the right root and is thrown away even so."""
    told.query("from statements").fetchall()
    old = shutil.copy(view_file(told.log.folder), tmp_path / "old.duckdb")
    erase(told, *OF_STATEMENT, SOURCE, RELATION, documents=["quill-source"])
    view_file(told.log.folder).parent.mkdir(exist_ok=True)
    shutil.copy(old, view_file(told.log.folder))
    assert ids(told, "statement") == ["denial"]
    assert files_with(told.log.folder) == []


def test_views_that_were_open_begin_anew(told: Ledger) -> None:
    """Who had views open before, with and without a tail in memory, sees it no longer."""
    with open_views(Log.open(told.log.folder)) as early:
        told.submit({"command": "register_speaker", "kind": "person", "name": "Ana"})
        told.log.refresh()
        with open_views(told.log) as late:
            assert late.size > late.built.size
            erase(told, *OF_STATEMENT)
            for views in (early, late):
                views.log.refresh()  # type: ignore[attr-defined]  # a Log is more than projections ask for
                views.catch_up()
                found = views.connection.execute("select statement_id from statements").fetchall()
                assert found == [("denial",)]


def test_a_file_that_was_built_meanwhile_is_dropped(
    told: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that read lines before they were erased leaves no view file with them behind."""
    log = Log.open(told.log.folder)
    view_file(log.folder).unlink()
    since = Log.redacted_since

    def erase_first(self: Log, size: int) -> bool:
        monkeypatch.setattr(Log, "redacted_since", since)
        shutil.copy(view_file(log.folder), told.log.folder.parent / "built")
        erase(told, *OF_STATEMENT)
        shutil.copy(told.log.folder.parent / "built", view_file(log.folder).parent)
        return since(self, size)

    monkeypatch.setattr(Log, "redacted_since", erase_first)
    with open_views(log) as views:
        assert views.connection.execute("from statements").fetchall()
    assert not view_file(log.folder).exists()


# ── half-way ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def half_way(told: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """The same ledger when a redaction is recorded and signed, and no line is erased yet."""
    with Writer.open(told.log.folder, actor="ana") as writer:
        data = RecordRedacted(positions=OF_STATEMENT, authority="court", reason="order")
        draft = Draft(data=data, subject=f"ledger/{writer.log.origin}", actor="ana")
        write_marker(told.log.folder, writer.size, [data])
        writer.append([draft])
    told.log.refresh()
    return told


def test_a_redaction_on_its_way_is_not_shown(half_way: Ledger) -> None:
    """From the order on no view shows what it names, and no file is left that holds it."""
    folder = half_way.log.folder
    view_file(folder).unlink()
    assert ids(half_way, "statement") == ["denial"]
    assert half_way.query("select count(*) from events where subject is null").fetchall() == [
        (len(OF_STATEMENT),)
    ]
    assert not view_file(folder).exists()
    with pytest.raises(Busy), replayed(half_way.log, half_way.size, folder.parent / "x.duckdb"):
        pass
    assert not (folder.parent / "x.duckdb").exists()


def test_an_old_view_file_does_not_show_it_either(half_way: Ledger) -> None:
    """A view file that was built before is left alone, and what it holds is not shown."""
    assert ids(half_way, "statement") == ["denial"]


def test_the_next_writer_finishes_it_and_says_so(half_way: Ledger) -> None:
    """Whoever appends next erases first; the views are those of a redaction that was not cut."""
    with half_way.session() as session:
        assert any("was finished: 6 lines" in notice for notice in session.writer.notices)
    assert not (half_way.log.folder / erasing.MARKER).exists()
    assert ids(half_way, "statement") == ["denial"]
    assert half_way.query("from forms.unerased").fetchall() == []


# ── commands afterwards ──────────────────────────────────────────────────────────────────────


def test_a_command_that_is_given_again_records_anew(told: Ledger) -> None:
    """The key of an erased command is gone with it, so that it is not known as a repetition."""
    erase(told, "statement/quill-said", RELATION)
    receipt = told.submit(dict(COMMANDS[5]))
    assert receipt.unchanged == 0
    assert ids(told, "statement") == ["denial", "quill-said"]


def test_an_id_that_is_still_named_is_not_given_again(told: Ledger) -> None:
    """What hangs on an erased thing must not come to hang on another one."""
    erase(told, STATEMENT)
    with pytest.raises(Conflict, match="quill-said was erased"):
        told.submit(dict(COMMANDS[5]))
    erase(told, 4)  # the outlet that both sources name
    with pytest.raises(Conflict) as conflict:
        told.submit({"command": "cite_source", "source_id": "new", "publisher": "Herald"})
    assert conflict.value.place.field == "publisher"


@pytest.mark.parametrize(
    ("gone", "command", "says"),
    [
        (STATEMENT, {"command": "revise_statement", "statement_id": "quill-said", "venue": "x",
                     "reason": "y"}, "quill-said was erased"),
        (STATEMENT, {"command": "add_report", "statement_id": "quill-said",
                     "source_id": "other-source", "quote": "nobody"}, "quill-said was erased"),
        (SOURCE, {"command": "revise_report", "report_id": "quill-report-2",
                  "quote": "fighters", "reason": "y"}, "quill-source was erased"),
        (10, {"command": "revise_estimate", "estimate_id": "quill-estimate", "value": "5",
              "value_text": "5", "reason": "y"}, "quill-report-2 was erased"),
        (DENIAL, {"command": "void_record", "position": DENIAL, "reason": "y"}, "was erased"),
        (1, {"command": "register_speaker", "speaker_id": "officials", "kind": "group",
             "name": "Others"}, "officials was erased"),
    ],
)  # fmt: skip
@pytest.mark.sampled(3)
def test_what_hangs_on_an_erased_thing_is_not_changed(
    told: Ledger, gone: int, command: Command, says: str
) -> None:
    """A command about what is erased, or rests on it, is refused in words."""
    erase(told, gone)
    with pytest.raises((Refused, Conflict), match=says):
        told.submit(command)

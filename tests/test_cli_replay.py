"""Replaying the log, recording the digests of its views, and comparing them as an auditor does."""

import json
import shutil
import tempfile
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from cli_tools import FIVE, call, events, is_refusal, ndjson, speakers
from msgspec.structs import replace
from ready_ledgers import copy_with_views

from events.record import Draft
from events.vocabulary import ViewsAttested
from ledger.api import Ledger
from ledger.attest import Attested, attestations
from ledger.errors import UsageFault
from ledger.keys import KeyFiles
from ledger.log import Log
from ledger.moments import size_at
from ledger.writer import Writer
from projections import catalog
from projections.stamp import view_file

SIZE = 7


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of seven events, with its keys beside it, which are only copied."""
    place = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(place / "config"))
        with Ledger.create(place / "ledger", origin="example.org/test", actor="ana") as ledger:
            ledger.submit(FIVE)
            assert ledger.size == SIZE
    return place


@pytest.fixture(scope="module")
def honest(made: Path) -> ViewsAttested:
    """What an attestation of the ledger says."""
    with Ledger.open(made / "ledger") as ledger, ledger.replay() as views:
        return ViewsAttested(
            size=SIZE,
            root=ledger.log.root_at(SIZE).hex(),
            code=catalog.code_digest(),
            digests=views.digests(),
        )


@pytest.fixture
def folder(made: Path, key_home: Path, tmp_path: Path) -> Path:
    """A copy of the ledger, with its keys."""
    shutil.copytree(made / "config", key_home)
    return copy_with_views(made / "ledger", tmp_path / "ledger")


def append_event(folder: Path, data: Any) -> int:  # noqa: ANN401  the data of any event
    """Append an event as it is; gives its position."""
    with Writer.open(folder, actor="mallory") as writer:
        subject = f"ledger/{writer.log.origin}"
        return writer.append([Draft(data=data, subject=subject, actor="mallory")]).first


# ── replay ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_a_replay_prints_rows_and_digest_of_every_view(folder: Path, tmp_path: Path) -> None:
    """Every view has its rows and digest; the file that is kept has the same, built once."""
    file = tmp_path / "then.duckdb"

    table = call("replay", "--to", "6", ledger=folder)
    told = call("replay", "--to", "6", "--json", "--output", file, ledger=folder)

    (found,) = told.objects
    assert found["size"] == 6
    assert found["root"] == Log.open(folder).root_at(6).hex()
    assert found["code"] == catalog.code_digest()
    assert found["attested"] is None
    assert found["root"] in table.err
    lines = [line.split() for line in table.text.splitlines()[1:]]
    views = found["views"]
    assert lines == [[view["view"], str(view["rows"]), view["digest"]] for view in views]
    assert {view["view"] for view in views} == {view.name for view in catalog.views()}
    with duckdb.connect(file, read_only=True) as kept:
        for view in views:
            count = kept.execute(f"select count(*) from {view['view']}").fetchall()
            assert count == [(view["rows"],)], view["view"]


@pytest.mark.parametrize("name", ["facts", "seen", "forms", "Whole", "nothing"])
def test_a_file_is_not_named_like_a_schema_inside(folder: Path, tmp_path: Path, name: str) -> None:
    """DuckDB calls a file by its name, and could not tell it from the schema."""
    file = tmp_path / f"{name}.duckdb"
    done = call("replay", "--to", "6", "--output", file, ledger=folder)
    assert is_refusal(done, lines=2), done.error
    assert not file.exists()


def test_a_replay_leaves_nothing_but_what_was_asked_for(folder: Path, tmp_path: Path) -> None:
    """Without --output no file is made; a replay that fails keeps no part of one."""
    before = sorted(folder.rglob("*"))
    assert call("replay", "--to", "6", ledger=folder).code == 0
    assert sorted(folder.rglob("*")) == before
    file = tmp_path / "then.duckdb"
    (path,) = (folder / "log").iterdir()
    path.write_bytes(path.read_bytes().replace(b"measure.defined.v1", b"measure.defined.v9"))
    done = call("replay", "--to", "6", "--output", file, ledger=folder)
    assert is_refusal(done, lines=2), done.err
    assert not file.exists()


@pytest.mark.slow
def test_a_time_stands_for_the_size_it_had_then(folder: Path) -> None:
    """A time is looked up in the lines alone, to the same size that the views give."""
    told = call("replay", "--to", "2999-01-01", "--json", ledger=folder)
    assert told.objects[0]["size"] == 7
    assert "7 events" in told.err
    with Ledger.open(folder) as ledger:
        assert size_at(ledger.log, date(1999, 1, 1)) == 0
        for moment in [each.time for each in ledger.events()]:
            naive = moment.replace(tzinfo=None)
            sizes = {size_at(ledger.log, each) for each in (moment, naive)}
            assert sizes == {ledger.as_of(moment).size}
        day = list(ledger.events())[-1].time.date()
        assert size_at(ledger.log, day) == ledger.as_of(day).size == 7


@pytest.mark.slow
def test_a_doctored_view_file_changes_no_replay(folder: Path, honest: ViewsAttested) -> None:
    """A replay comes from the log alone, whatever the view file says."""
    assert call("rebuild", ledger=folder).code == 0
    with duckdb.connect(str(view_file(folder))) as doctored:
        doctored.execute("update facts.speakers set name = 'x'")
        doctored.execute("create or replace macro log_files() as ['/nowhere']")
    (found,) = call("replay", "--to", "2999-01-01", "--json", ledger=folder).objects
    assert {view["view"]: view["digest"] for view in found["views"]} == honest.digests


def test_a_damaged_log_is_told_in_three_lines(folder: Path) -> None:
    """A log that is no JSON any more ends with 5 and the way out, and with no traceback."""
    (path,) = (folder / "log").iterdir()
    path.write_bytes(path.read_bytes().replace(b'"data":{"speaker_id":"zamir', b'"data":["s]:"zam'))
    done = call("replay", "--to", "7", ledger=folder)
    assert is_refusal(done, 5, lines=done.err.count("\n"))
    assert len(done.error) <= 3


@pytest.mark.parametrize(
    "words", [(), ("--to", "3", "--attested"), ("--to", "3", "2"), ("2",), ("--to", "soon")]
)
def test_what_to_replay_must_be_said_once(folder: Path, words: tuple[str, ...]) -> None:
    """A size, a time or an attestation is named, and only one of them."""
    assert call("replay", *words, ledger=folder).code == 2


# ── attest ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_an_attestation_is_an_event_that_a_replay_confirms(folder: Path) -> None:
    """The digests are recorded with size, root and code; replaying to that size says the same."""
    done = call("attest", "--note", "end of the month", "--actor", "bo", ledger=folder)
    assert (done.code, done.text) == (0, ""), done.err
    event = events(folder)[-1]
    data = event["data"]
    assert (event["type"], event["actor"]) == ("claims.views.attested.v1", "bo")
    assert event["subject"] == "ledger/example.org/test"
    assert (data["size"], data["note"]) == (7, "end of the month")
    assert data["root"] == Log.open(folder).root_at(7).hex()
    assert data["digests"].keys() == {view.name for view in catalog.views()}

    by_size = call("replay", "--to", "7", "--json", ledger=folder)
    named = call("replay", "--attested", "7", "--json", ledger=folder)

    assert (by_size.code, named.code) == (0, 0)
    assert by_size.out == named.out
    compared = named.objects[0]["attested"]
    assert compared["verdict"] == "same"
    assert (compared["position"], compared["size"], compared["differences"]) == (7, 7, [])


@pytest.mark.slow
def test_attesting_again_is_allowed(folder: Path, honest: ViewsAttested) -> None:
    """Each attestation is an event of its own; the last is compared unless one is named."""
    assert append_event(folder, honest) == 7
    (receipt,) = call("attest", "--json", ledger=folder).objects
    assert (receipt["position"], receipt["size"]) == (8, 8)
    done = call("replay", "--attested", ledger=folder)
    assert (done.code, "Same as position 8 attested for size 8" in done.err) == (0, True)
    assert [each.position for each in attestations(Log.open(folder))] == [7, 8]


def test_without_an_attestation_there_is_nothing_to_compare(
    folder: Path, honest: ViewsAttested
) -> None:
    """No attestation, or none at a position, is refused with the way to one."""
    assert is_refusal(call("replay", "--attested", ledger=folder))
    append_event(folder, honest)
    for position in ("3", "8", "99999"):
        assert is_refusal(call("replay", "--attested", position, ledger=folder)), position


@pytest.mark.slow
def test_a_copy_elsewhere_without_key_confirms_the_attestation(
    folder: Path, honest: ViewsAttested, key_home: Path, tmp_path: Path
) -> None:
    """An auditor with a copy and no key replays it; attesting is refused, with the way out."""
    append_event(folder, honest)
    place = tmp_path / "elsewhere" / "ledger"
    shutil.move(folder, place)
    shutil.rmtree(key_home)
    done = call("replay", "--attested", ledger=place)
    assert done.code == 0, done.err
    assert "Same as" in done.err
    refused = call("attest", ledger=place)
    assert refused.code == 3
    assert "key" in refused.err


@pytest.mark.slow
def test_digests_that_differ_are_findings(folder: Path, honest: ViewsAttested) -> None:
    """An attestation of other digests, or of another root, ends with 1 and names what differs."""
    append_event(folder, replace(honest, digests=honest.digests | {"speakers": "00" * 32}))
    done = call("replay", "--attested", ledger=folder)
    assert done.code == 1
    assert f"speakers: attested {'00' * 32}, replayed {honest.digests['speakers']}" in done.text

    append_event(folder, replace(honest, root="11" * 32, code="other"))
    told = call("replay", "--attested", "--json", ledger=folder)
    assert told.code == 1
    (root,) = told.objects[0]["attested"]["differences"]
    assert (root["view"], root["attested"]) == ("root", "11" * 32)


@pytest.mark.slow
def test_digests_of_other_code_are_a_note(folder: Path, honest: ViewsAttested) -> None:
    """Digests made by other code may differ; where they do not, they are the same."""
    other = {"gone": "00" * 32, **honest.digests}
    append_event(folder, replace(honest, code="abc", digests=other))
    done = call("replay", "--attested", ledger=folder)
    assert done.code == 0
    assert "other code (abc); these views differ: gone" in done.err
    append_event(folder, replace(honest, code="abc"))
    assert "Same as" in call("replay", "--attested", ledger=folder).err


@pytest.mark.slow
def test_what_was_erased_since_is_a_note(folder: Path, honest: ViewsAttested) -> None:
    """After content was erased the digests of before differ, and that is no finding."""
    append_event(folder, honest)
    order = ("--authority", "court", "--reason", "x", "--yes")
    erased = call("redact", "statement/number-2017", *order, ledger=folder)
    assert erased.code == 0, erased.err
    done = call("replay", "--attested", ledger=folder)
    assert done.code == 0
    assert "before content was erased; these views differ: claims_by_speaker" in done.err
    assert call("attest", ledger=folder).code == 0
    assert "Same as" in call("replay", "--attested", ledger=folder).err


def test_an_attestation_beyond_the_log_is_refused(folder: Path, honest: ViewsAttested) -> None:
    """An attestation of a size that the log never had cannot be replayed."""
    append_event(folder, replace(honest, size=70))
    assert is_refusal(call("replay", "--attested", ledger=folder))


@pytest.mark.slow
def test_others_append_while_views_are_attested(
    folder: Path, honest: ViewsAttested, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was computed is attested, though the ledger grew before it could be recorded."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    done: list[Attested] = []

    def attest() -> None:
        with Ledger.open(folder, actor="bo") as ledger:
            done.append(ledger.attest())

    thread = threading.Thread(target=attest)
    with Ledger.open(folder, actor="ana").session() as session:
        thread.start()
        while not list((tmp_path / "temporary").glob("claims-views-*")):
            time.sleep(0.001)  # from here on the attestation has its size
        session.writer.append([
            Draft(data=honest, subject="ledger/x", actor="ana") for _ in range(3)
        ])  # fmt: skip
    thread.join()

    assert [(each.size, each.position) for each in done] == [(7, 10)]
    assert call("replay", "--attested", ledger=folder).code == 0


def test_an_earlier_moment_and_an_empty_note_are_refused(folder: Path) -> None:
    """What is attested is the ledger as it is now; a note says something."""
    with Ledger.open(folder) as ledger, pytest.raises(UsageFault):
        ledger.as_of(3).attest()
    assert call("attest", "--note", " ", ledger=folder).code == 3
    assert len(events(folder)) == 7


def test_attest_without_its_key_takes_no_time_to_say_so(folder: Path) -> None:
    """The key is asked for before anything is replayed."""
    KeyFiles.of("example.org/test").key.unlink()
    before = sorted(folder.rglob("*"))
    assert call("attest", ledger=folder).code == 3
    assert sorted(folder.rglob("*")) == before


def test_the_batch_of_an_attestation_is_read_like_any_other(
    folder: Path, honest: ViewsAttested, tmp_path: Path
) -> None:
    """After an attestation the ledger goes on: commands, views and history have it."""
    append_event(folder, honest)
    file = ndjson(tmp_path / "more.ndjson", speakers(2))
    assert call("append", file, ledger=folder).code == 0
    asked = "select count(*) as n from history where subject = 'ledger/example.org/test'"
    found = call("query", asked, "--format", "json", ledger=folder)
    assert json.loads(found.out) == [{"n": 2}]

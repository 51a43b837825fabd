"""`claims import git-history`: the ledger as of a commit is the file at that commit."""

import csv
import io
import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli_tools import Outcome, call, log_bytes
from git_histories import History
from git_tools import Building, Content, contents, git, line_of

from ledger.api import Ledger
from ledger.errors import SizeDiffers
from ledger.importers.formats import guessed, importer, rows_of
from ledger.importers.rows import Item
from ledger.importers.run import Manner, import_rows
from ledger.importers.settings import checked
from projections.database import Database

MAPPING = """
columns:
  speaker: who
  speaker_kind: {constant: person}
  said_at: date
  proposition: claim
  value: number
  measure: {constant: fighters}
  reference_period: date
  note: note
  venue: venue
decimal: "."
key: [id]
name: figures
"""

# The file as of a size: its path, its columns, and its rows with every cell.
AS_OF = """
    select source.title, source.note, list(report.quote) filter (report.quote is not null)
    from sources as source
    left join reports as report using (source_id)
    where source.source_id = $1
    group by all
"""


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    """A mapping of the table of `git_histories`."""
    path = tmp_path / "mapping.yaml"
    path.write_text(MAPPING, "utf-8")
    return path


def bring_in(ledger: Ledger, repository: Path, *words: str | Path) -> Outcome:
    """Import the history of a file."""
    return call("import", "git-history", repository, "--json", *words, ledger=ledger.log.folder)


def report_of(done: Outcome) -> Any:  # noqa: ANN401  JSON
    """What `--json` printed."""
    assert done.out, done.err
    return json.loads(done.out)


# ── what lies in git, read in another way than ours ──────────────────────────────────────────


def table_of(data: Content) -> tuple[list[str], list[list[str]]]:
    """The header of a CSV file, and its rows in one order."""
    assert data is not None
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return header, sorted(rows)


def sizes_of(views: Database, file_id: str) -> dict[str, int]:
    """The size of the ledger after each commit that is in it."""
    sql = "select source_id, position + 1 from sources where version_of = $1"
    rows = views.connection.execute(sql, [file_id]).fetchall()
    return {source_id.rpartition(".")[2]: size for source_id, size in rows}


def check_every_commit(
    ledger: Ledger, repository: Path, paths: dict[str, str], file_id: str
) -> int:
    """Compare the file at every commit of the line with the ledger as of it; gives how many.

    `paths` are those that the file has from a commit on.
    """
    views = ledger.views()
    sizes = sizes_of(views, file_id)
    line = line_of(repository)
    names: list[str] = []
    path = ""
    for sha in line:
        path = paths.get(sha, path)
        names.append(f"{sha}:{path}")
    size = None
    for name, data in zip(names, contents(repository, names), strict=True):
        sha, _, path = name.partition(":")
        size = sizes.get(sha, size)
        views.set_as_of(size)
        found = views.connection.execute(AS_OF, [file_id]).fetchone()
        assert found is not None
        title, columns, quotes = found
        rows = [json.loads(quote) for quote in quotes or []]
        if data is None:
            assert (columns, rows) == (None, []), name
            continue
        header, cells = table_of(data)
        assert title == path, name
        assert json.loads(columns) == header, name
        assert all(list(row) == header for row in rows), name
        assert sorted(list(row.values()) for row in rows) == cells, name
    views.set_as_of(None)
    assert set(sizes) <= set(line)
    return len(line)


def check_told_sizes(ledger: Ledger, told: dict[str, int], line: list[str], file_id: str) -> None:
    """What an import tells of commits is what stands in the ledger, also where one changed nothing.

    The query is that of the documents, asked again and again on one connection.
    """
    setting = documented("importing.md", "reset variable as_of").split(";")
    views, size = ledger.views().connection, 0
    for sha in line:
        for each in setting[:2]:
            views.execute(each.replace("git-repo-data.csv.<commit>", f"{file_id}.{sha}"))
        [own] = views.execute("select getvariable('as_of')").fetchone() or [None]
        size = own or size
        assert told.get(sha, size) == size, sha
    assert told.keys() <= set(line)
    assert len(told) > len(set(told.values())), "some of the commits changed nothing"


def documented(name: str, beginning: str) -> str:
    """The SQL of a document that begins so, word for word."""
    text = (Path(__file__).parents[1] / "docs" / name).read_text("utf-8")
    _, found, rest = text.partition(f"```sql\n{beginning}")
    assert found
    return beginning + rest.partition("```")[0]


# ── every commit ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("commits", [9, pytest.param(40, marks=pytest.mark.slow)])
def test_the_ledger_as_of_every_commit_is_the_file_at_it(
    ledger: Ledger, tmp_path: Path, mapping: Path, commits: int
) -> None:
    """Edits, reverts, renames, merges, columns, deletions: all of them compared."""
    history = History(seed=1, rows=15)
    history.go_on(commits)
    repository = history.write(tmp_path / "figures")

    done = bring_in(ledger, repository, "--mapping", mapping, "--set", f"file={history.path}")

    assert done.code == 0, done.err
    report = report_of(done)
    assert report["refused"] == []
    assert report["rows"] == report["read"]
    paths = history.paths(repository)
    assert check_every_commit(ledger, repository, paths, "git-figures-data.csv") > commits
    check_told_sizes(ledger, report["sizes"], line_of(repository), "git-figures-data.csv")
    again = bring_in(ledger, repository, "--mapping", mapping, "--set", f"file={history.path}")
    assert report_of(again)["sizes"] == report["sizes"]
    assert ledger.verify().findings == ()


def test_a_second_import_writes_nothing(ledger: Ledger, tmp_path: Path, mapping: Path) -> None:
    """The commits stand already, and the log is the same byte for byte."""
    history = History(seed=2, rows=10)
    history.go_on(25)
    words = ("--mapping", mapping, "--set", f"file={history.path}")
    repository = history.write(tmp_path / "figures")
    assert bring_in(ledger, repository, *words).code == 0
    before = log_bytes(ledger.log.folder)

    done = bring_in(ledger, repository, *words)

    assert done.code == 0, done.err
    assert report_of(done)["events"] == 0
    assert report_of(done)["unchanged"] > 25
    assert log_bytes(ledger.log.folder) == before


@pytest.mark.slow
def test_further_commits_alone_are_added(ledger: Ledger, tmp_path: Path, mapping: Path) -> None:
    """Half of a history, then the rest, is the same as all at once; renamed in between too."""
    history = History(seed=3, rows=10)
    history.go_on(8)
    repository = history.write(tmp_path / "figures")
    words = ("--mapping", mapping, "--set")
    assert bring_in(ledger, repository, *words, f"file={history.path}").code == 0
    before = log_bytes(ledger.log.folder)
    if not history.is_there:
        history.restore()
    history.rename()
    history.go_on(8)
    history.write(repository)

    done = bring_in(ledger, repository, *words, f"file={history.path}")

    assert done.code == 0, done.err
    assert log_bytes(ledger.log.folder).startswith(before)
    check_every_commit(ledger, repository, history.paths(repository), "git-figures-data.csv")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [11, 12])
def test_hundreds_of_commits(ledger: Ledger, tmp_path: Path, mapping: Path, seed: int) -> None:
    """500 commits of 50 rows, all compared; then again, and nothing is written."""
    history = History(seed)
    history.go_on(500)
    repository = history.write(tmp_path / "figures")
    words = ("--mapping", mapping, "--set", f"file={history.path}")

    done = bring_in(ledger, repository, *words)

    assert done.code == 0, done.err
    count = check_every_commit(
        ledger, repository, history.paths(repository), "git-figures-data.csv"
    )
    assert count > 400
    assert ledger.verify().findings == ()
    before = log_bytes(ledger.log.folder)
    assert report_of(bring_in(ledger, repository, *words))["events"] == 0
    assert log_bytes(ledger.log.folder) == before


# ── what is recorded ─────────────────────────────────────────────────────────────────────────


def table(*rows: str) -> bytes:
    """A table of three columns."""
    return "".join(f"{row}\n" for row in ("id,who,fighters", *rows)).encode()


def simple(folder: Path, *versions: bytes | None, path: str = "t.csv") -> Path:
    """A repository of one file with these versions."""
    building = Building()
    tip: int | None = None
    for at, data in enumerate(versions, 1):
        message = f"change {at}\n\nbecause {at}".encode()
        tip = building.commit({path: data}, parent=tip, message=message)
    return building.write(folder)


def told(ledger: Ledger, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query."""
    return ledger.query(sql).fetchall()


def test_a_changed_cell_is_a_revision_and_a_removed_row_a_void(
    ledger: Ledger, tmp_path: Path
) -> None:
    """Each bears the commit's author and message; what comes back is reinstated and revised."""
    versions = table("1,Ana,10", "2,Bo,20"), table("1,Ana,11"), table("1,Ana,11", "2,Bo,21")
    repository = simple(tmp_path / "repo", *versions)

    done = bring_in(ledger, repository, "--set", "file=t.csv")

    assert done.code == 0, done.err
    events = told(
        ledger,
        "select type, actor, data->>'reason' from events where position > 0 order by position",
    )
    kinds = [kind.removeprefix("claims.").removesuffix(".v1") for kind, _, _ in events]
    marked = kinds.index("source.captured", kinds.index("statement.recorded"))
    assert kinds[marked + 1 :] == [
        "record.voided", "report.revised", "statement.revised", "estimate.revised",
        "source.captured",
        "record.voided", "report.revised", "statement.revised", "estimate.revised",
        "source.captured",
    ]  # fmt: skip
    assert {actor for _, actor, _ in events} == {"Ana Ek <ana@example.org>"}
    reasons = [reason for _, _, reason in events if reason]
    assert set(reasons) == {"change 2\n\nbecause 2", "change 3\n\nbecause 3"}
    assert told(ledger, "select best from estimates order by best") == [(11,), (21,)]
    ends = told(ledger, "select author, published, title from sources where version_of is not null")
    assert ends[0][0] == "Ana Ek <ana@example.org>"
    assert ends[0][1].startswith("2023-11-14T") or ends[0][1].startswith("2023-11-15T")


def test_rows_in_another_order_make_no_events(ledger: Ledger, tmp_path: Path) -> None:
    """Order, quotation marks and line ends say nothing."""
    data = table("1,Ana,10", "2,Bo,20")
    other = b'"id","who","fighters"\r\n"2","Bo","20"\r\n"1","Ana","10"\r\n'
    repository = simple(tmp_path / "repo", data, other)

    report = report_of(bring_in(ledger, repository, "--set", "file=t.csv"))

    assert (report["rows"], report["read"]) == (2, 2)
    assert len(told(ledger, "from sources where version_of is not null")) == 1


def test_json_keeps_every_digit_and_the_order_of_fields(ledger: Ledger, tmp_path: Path) -> None:
    """A list of objects becomes an object of objects: the same rows, told in another way."""
    first = b'[{"id": "a", "n": 1.50, "in": {"x": [null, true]}}, {"n": 1e3, "id": "b"}]'
    second = b'{"a": {"id": "a", "n": 1.50}, "c": {"id": "c", "n": "\\ud800\\u0007"}}'
    building = Building()
    tip = building.commit({"d.json": first})
    building.commit({"d.json": second}, parent=tip)
    repository = building.write(tmp_path / "repo")

    done = bring_in(ledger, repository, "--set", "file=d.json", "--set", "unreadable=leave")

    assert done.code == 0, done.err
    sizes = list(sizes_of(ledger.views(), "git-repo-d.json").values())
    views = ledger.views()
    found = []
    for size in sizes:
        views.set_as_of(size)
        found.append(views.connection.execute(AS_OF, ["git-repo-d.json"]).fetchone())
    views.set_as_of(None)
    assert found[0] is not None
    assert found[0][1] == '"list"'
    assert sorted(found[0][2]) == [
        '{"id": "a", "n": 1.50, "in": {"x": [null, true]}}', '{"n": 1e3, "id": "b"}',
    ]  # fmt: skip
    assert found[1] is not None
    assert found[1][1] == '"object"'
    assert sorted(found[1][2]) == [
        '{"@key": "a", "id": "a", "n": 1.50}', '{"@key": "c", "id": "c", "n": "\\ud800\\u0007"}',
    ]  # fmt: skip


# ── versions that cannot be read ─────────────────────────────────────────────────────────────


BAD_TABLES = [
    (table("1,Ana"), "line 2: The row has 2 cells; the header has 3"),
    (table("1,Ana,1", "1,Bo,2"), "line 3: The row has the key '1' of that on line 2"),
    (table(",Ana,1"), "line 2: The row has no key"),
    (b"id,who,fighters\n1,\xff,2\n", "line 2: The row is not UTF-8"),
    (b"id,id,fighters\n1,2,3\n", "line 1: Two columns are called 'id'"),
    (b"nr,who,fighters\n1,2,3\n", "There is no column 'id'"),
    (b"id,fighters\n1,3\n", "No column is called 'who'"),
    (table("1,,10"), "line 2: The row has no speaker"),
    (table('1,"Ana,10'), "A quotation mark that opens here is not closed"),
    (table(f"1,{'A' * 70_000},10"), "cannot be written"),
    (table("1,Ana,a lot"), "line 2: "),
]
BAD_OBJECTS = [
    (b'[{"id": 1, "who": "A", "fighters": NaN}]', "it holds NaN"),
    (b'[{"id": 1, "id": 2}]', "two fields called 'id'"),
    (b'[{"id": 1},\n{"id": 1}]', "The row has the key '1'"),
    (b"[{\n", "line 2: The file is no JSON"),
    (b"[" * 100_000, "nested too deeply"),
    (b"[1]", "item 1 is no object"),
    (b'"x"', "no list of objects"),
    (b'{"a": {"@key": 1}}', "The object has a field @key"),
    (b'["\xff"]', "The file is not UTF-8, at byte 2"),
]


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [
        ("t.csv", table("1,Ana,{}"), BAD_TABLES),
        ("t.json", b'[{"id": 1, "who": "Ana", "fighters": {}}]', BAD_OBJECTS),
    ],
    ids=["csv", "json"],
)
@pytest.mark.sampled(2)
def test_a_version_that_cannot_be_read_is_a_fault_of_its_commit(
    ledger: Ledger, tmp_path: Path, path: str, good: bytes, bad: list[tuple[bytes, str]]
) -> None:
    """Nothing is written then; skipped, the next commit goes on from the last good one."""
    versions = [good.replace(b"{}", b"10")]
    for at, (data, _) in enumerate(bad):
        versions += [data, good.replace(b"{}", str(11 + at).encode())]
    repository = simple(tmp_path / "repo", *versions, path=path)
    words = ("--set", f"file={path}", "--set", "key=id")
    before = log_bytes(ledger.log.folder)

    done = bring_in(ledger, repository, *words)

    assert done.code == 3, done.err
    faults = report_of(done)["refused"]
    assert [fault["number"] for fault in faults] == [2 * at for at in range(1, len(bad) + 1)]
    for fault, (_, what) in zip(faults, bad, strict=True):
        assert what in fault["what"]
        assert fault["way_out"]
    assert log_bytes(ledger.log.folder) == before

    report = report_of(bring_in(ledger, repository, *words, "--skip-invalid"))
    assert report["rows"] == len(versions)
    assert report["read"] == len(bad) + 1
    assert told(ledger, "select best from estimates") == [(10 + len(bad),)]
    assert len(sizes_of(ledger.views(), f"git-repo-{path}")) == len(bad) + 1
    after = log_bytes(ledger.log.folder)
    assert report_of(bring_in(ledger, repository, *words, "--skip-invalid"))["events"] == 0
    assert log_bytes(ledger.log.folder) == after


def test_cells_that_are_no_numbers_can_be_left(ledger: Ledger, tmp_path: Path) -> None:
    """The row is recorded with all of its cells; its number is void while it is none."""
    versions = table("1,Ana,10"), table("1,Ana,1o"), table("1,Ana,12")
    repository = simple(tmp_path / "repo", *versions)
    words = ("--set", "file=t.csv", "--set", "key=id")
    refused = bring_in(ledger, repository, *words)
    assert refused.code == 3
    assert "--set unreadable=leave" in report_of(refused)["refused"][0]["way_out"]

    done = bring_in(ledger, repository, *words, "--set", "unreadable=leave")

    assert done.code == 0, done.err
    sizes = sorted(sizes_of(ledger.views(), "git-repo-t.csv").values())
    middle = ledger.as_of(sizes[1])
    assert middle.query("select best from estimates").fetchall() == []
    assert middle.query(
        "select quote, s.note from reports join statements s using (statement_id)"
    ).fetchall() == [('{"id": "1", "who": "Ana", "fighters": "1o"}', "Not read: fighters “1o”.")]
    middle.close()
    assert told(ledger, "select best from estimates") == [(12,)]
    assert told(ledger, "select note from statements") == [(None,)]


# ── where it is refused ──────────────────────────────────────────────────────────────────────


def test_a_file_without_a_key_is_refused_with_the_way_out(ledger: Ledger, tmp_path: Path) -> None:
    """No column is unique in all versions; two together are."""
    rows = "1,Ana,10", "1,Bo,10", "2,Ana,12"
    repository = simple(tmp_path / "repo", table(*rows))

    done = bring_in(ledger, repository, "--set", "file=t.csv")

    assert done.code == 2
    assert "--set key=" in done.err
    again = bring_in(ledger, repository, "--set", "file=t.csv", "--set", "key=id,who")
    assert again.code == 0, again.err
    assert len(told(ledger, "from statements")) == 3


def test_what_is_no_repository_or_no_file_of_it_is_refused(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with a sentence, and never a traceback."""
    building = Building()
    building.commit({"t.csv": table("1,Ana,10"), "words": b'["word"]'})
    repository = building.write(tmp_path / "repo")
    (repository / "inside").mkdir()
    (tmp_path / "plain").mkdir()
    for folder, words, said in [
        (tmp_path / "plain", ["file=t.csv"], "is no git repository"),
        (repository / "inside", ["file=t.csv"], "is no git repository"),
        (tmp_path / "nowhere", ["file=t.csv"], "There is no folder"),
        (repository, ["file=u.csv"], "has the file u.csv"),
        (repository, ["file=t.csv", "branch=--output=x"], "has no commit at '--output=x'"),
        (repository, ["file=t.csv", "branch=other"], "has no commit at 'other'"),
        (repository, ["file=t.csv", "columns.value=fightrs"], "Did you mean 'fighters'"),
        (repository, ["file=words", "form=json"], "The file is no list"),
        (repository, ["name=x"], "Which file of the repository is it?"),
    ]:
        done = bring_in(ledger, folder, *[w for word in words for w in ("--set", word)])
        assert done.code in (2, 3), done.err
        assert said in done.err
    monkeypatch.setenv("PATH", str(tmp_path))
    done = bring_in(ledger, repository, "--set", "file=t.csv")
    assert done.code == 3
    assert "There is no git program" in done.err


def test_a_name_that_the_file_has_no_more_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    """It says which name it has now."""
    building = Building()
    data = table("1,Ana,10", "2,Bo,20")
    tip = building.commit({"old.csv": data})
    building.commit({"old.csv": None, "new.csv": data}, parent=tip)
    repository = building.write(tmp_path / "repo")

    done = bring_in(ledger, repository, "--set", "file=old.csv")

    assert done.code == 3
    assert "--set file=new.csv" in done.err


def test_a_history_that_was_rewritten_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    """Another line of commits is not mixed with the one that was imported."""
    repository = simple(tmp_path / "repo", table("1,Ana,10"), table("1,Ana,11"))
    words = ("--set", "file=t.csv", "--set", "key=id")
    assert bring_in(ledger, repository, *words).code == 0
    before = log_bytes(ledger.log.folder)
    git(repository, "update-ref", "refs/heads/main", "main~1")

    shorter = bring_in(ledger, repository, *words)
    building = Building()
    building.commit({"t.csv": table("1,Ana,13")}, message=b"another")
    building.write(repository)
    other = bring_in(ledger, repository, *words)

    assert shorter.code == other.code == 3
    assert "does not" in shorter.err
    assert "a history that was rewritten" in other.err
    assert log_bytes(ledger.log.folder) == before


def test_another_mapping_is_not_mixed_with_the_first(ledger: Ledger, tmp_path: Path) -> None:
    """What was read in one way goes on in that way."""
    repository = simple(tmp_path / "repo", table("1,Ana,10"), table("1,Ana,11"))
    words = ("--set", "file=t.csv", "--set", "key=id")
    assert bring_in(ledger, repository, *words).code == 0

    done = bring_in(ledger, repository, *words, "--set", "columns.measure.constant=soldiers")

    assert done.code == 3
    assert "was read in another way" in done.err


def items_of(ledger: Ledger, repository: Path, **told_of: Any) -> Iterator[Item]:  # noqa: ANN401  settings
    """The rows of a repository's file, as the command reads them."""
    module, files = importer("git-history"), [str(repository)]
    found = guessed(module, "git-history", files, told_of) | told_of
    return rows_of(module, ledger, "git-history", files, checked(module.SETTINGS, found, None))


def test_an_append_in_between_stops_the_import(ledger: Ledger, tmp_path: Path) -> None:
    """Positions that were reckoned before somebody else appended are never used."""
    repository = simple(tmp_path / "repo", table("1,Ana,10", "2,Bo,3"), table("1,Ana,11"))

    def disturbed() -> Iterator[Item]:
        yield from items_of(ledger, repository, file="t.csv")
        with Ledger.open(ledger.log.folder, actor="bo") as other:
            other.submit({"command": "register_speaker", "kind": "person", "name": "Zoe"})

    with pytest.raises(SizeDiffers):
        import_rows(ledger, disturbed(), Manner())
    assert told(ledger, "from statements") == []


def test_an_interrupted_import_goes_on_where_it_stopped(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two of its batches; then all is as if it had never stopped."""
    monkeypatch.setattr("ledger.importers.run.MAX_BATCH", 40)
    monkeypatch.setattr("ledger.importers.run.LARGE_BATCH", 40)
    rows = [f"{at},Speaker {at % 3},{at}" for at in range(12)]
    versions = [table(*rows[: at + 1], *rows[at + 3 :]) for at in range(10)]
    repository = simple(tmp_path / "repo", *versions)
    more = {"file": "t.csv", "key": ["id"]}

    def stop(done: str, _rows: int) -> None:
        if done == "appended":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_rows(ledger, items_of(ledger, repository, **more), Manner(told=stop))
    half = len(sizes_of(ledger.views(), "git-repo-t.csv"))
    assert 0 < half < len(versions)
    report = import_rows(ledger, items_of(ledger, repository, **more), Manner())

    assert report.refused == []
    assert report.unchanged > 0
    assert check_every_commit(
        ledger, repository, {line_of(repository)[0]: "t.csv"}, "git-repo-t.csv"
    ) == len(versions)


# ── a hostile repository ─────────────────────────────────────────────────────────────────────


def test_a_repository_runs_nothing_of_its_own(ledger: Ledger, tmp_path: Path) -> None:
    """Hooks, filters, textconv, monitors, pagers and signature programs stay unused."""
    repository = simple(tmp_path / "repo", table("1,Ana,10"), table("1,Ana,11"))
    trap, sprung = tmp_path / "trap", tmp_path / "sprung"
    trap.write_text(f'#!/bin/sh\necho "$0 $@" >> {sprung}\ncat\n', "utf-8")
    trap.chmod(trap.stat().st_mode | stat.S_IXUSR)
    for name in (
        "core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "diff.external",
        "diff.trap.textconv", "diff.trap.command", "filter.trap.smudge", "filter.trap.clean",
        "gpg.program", "core.alternateRefsCommand", "alias.log", "alias.rev-parse",
        "credential.helper",
    ):  # fmt: skip
        value = f"!{trap}" if name.startswith("alias") else str(trap)
        git(repository, "config", name, value)
    git(repository, "config", "log.showSignature", "true")
    git(repository, "config", "log.mailmap", "true")
    (repository / ".git" / "info").mkdir(exist_ok=True)
    (repository / ".git" / "info" / "attributes").write_text("* diff=trap filter=trap\n", "utf-8")

    done = bring_in(ledger, repository, "--set", "file=t.csv", "--set", "key=id")

    assert done.code == 0, done.err
    assert not sprung.exists()


def test_hostile_paths_and_a_link_are_read_as_they_are(ledger: Ledger, tmp_path: Path) -> None:
    """A path that looks like an option; a link in the place of the file is a fault."""
    path = "--output=x\ttab.csv"
    building = Building()
    quoted = '"--output=x\\ttab.csv"'
    tip = building.commit({quoted: table("1,Ana,10")})
    tip = building.commit({quoted: b"/etc/passwd"}, parent=tip, mode="120000")
    building.commit({quoted: table("1,Ana,11")}, parent=tip)
    repository = building.write(tmp_path / "repo")

    done = bring_in(
        ledger, repository, "--set", f"file={path}", "--set", "key=id", "--skip-invalid"
    )

    assert done.code == 0, done.err
    (fault,) = report_of(done)["refused"]
    assert "It is a link" in fault["what"]
    assert told(ledger, "select best from estimates") == [(11,)]
    assert not (repository / "x").exists()
    assert [each.name for each in repository.iterdir()] == [".git"]

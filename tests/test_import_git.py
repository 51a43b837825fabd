"""`claims import git-history`: the ledger as of a commit is the file at that commit."""

from pathlib import Path

import pytest
from cli_tools import log_bytes
from git_histories import History
from git_imports import (
    AS_OF,
    bring_in,
    check_every_commit,
    report_of,
    simple,
    sizes_of,
    table,
    told,
)
from git_tools import Building, line_of

from ledger.api import Ledger

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


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    """A mapping of the table of `git_histories`."""
    path = tmp_path / "mapping.yaml"
    path.write_text(MAPPING, "utf-8")
    return path


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

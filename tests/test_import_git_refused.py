"""`claims import git-history`: what it refuses, where it stops, and what cannot harm it."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli_tools import log_bytes
from git_imports import (
    bring_in,
    check_every_commit,
    report_of,
    simple,
    sizes_of,
    table,
    told,
)
from git_tools import Building, git, line_of

from ledger.api import Ledger
from ledger.errors import SizeDiffers
from ledger.importers.formats import guessed, importer, rows_of
from ledger.importers.rows import Item
from ledger.importers.run import Manner, import_rows
from ledger.importers.settings import checked

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

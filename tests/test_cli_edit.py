"""`claims revise` in an editor: the form, what becomes of it, and where a refused text is kept."""

import os
import pty
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cli_tools import (
    CLAIMS,
    arguments,
    events,
    log_bytes,
)
from correct_tools import (
    REVISE,
    SIZE,
    STATEMENT,
    Rows,
    copied_desk,
    last,
)

from ledger.api import Ledger
from ledger.cli.editing import Shown, edited_file, form_text, read_back
from ledger.errors import ClaimsError, Refused, UsageFault
from ledger.sheets.yaml_nodes import read_yaml


@pytest.fixture
def desk(key_home: Path, tmp_path: Path) -> Path:
    """The folder of a ledger of two statements, with its key."""
    return copied_desk(tmp_path, key_home)


@pytest.fixture
def rows(desk: Path) -> Iterator[Rows]:
    """Ask that ledger in SQL; what was appended meanwhile is seen."""
    with Ledger.open(desk) as ledger:
        yield lambda sql: ledger.views().connection.execute(sql).fetchall()


def on_terminal(desk: Path, *words: str, **env: str) -> tuple[int, str]:
    """Run a command on a terminal of its own; gives its exit code and what it said."""
    call_words = arguments(words, desk)
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(env)
        os.environ.pop("VISUAL", None)
        os.execv(call_words[0], call_words)
    said = b""
    while block := read_block(terminal):
        said += block
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), said.decode().replace("\r\n", "\n")


def read_block(terminal: int) -> bytes:
    """What comes from a terminal; nothing when its child has ended."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which temporary files are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def editing(tmp_path: Path) -> Callable[[str], str]:
    """Make an editor of a few lines of Python, in which `text` is the form and `path` its file."""

    def editor(lines: str) -> str:
        script = tmp_path / "editor.py"
        script.write_text(
            "import pathlib, re, sys, subprocess\n"
            "path = pathlib.Path(sys.argv[-1])\ntext = path.read_text('utf-8')\n"
            f"{lines}\npath.write_text(text, 'utf-8') if path.exists() else None\n"
        )
        return f"{sys.executable} '{script}' --wait"

    return editor


def changing(**fields: str) -> str:
    """The lines of an editor that changes fields, or fills in those that are comments."""
    return "\n".join(
        f"text = re.sub(r'(?m)^(# )?{name}:.*$', {f'{name}: {value}'!r}, text, count=1)"
        for name, value in fields.items()
    )


pty_only = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")


@pty_only
def test_the_editor_shows_the_form_and_its_changes_are_recorded(
    desk: Path, temporary: Path, editing: Callable[[str], str], rows: Rows, tmp_path: Path
) -> None:
    """Changed, filled in and removed fields become the patch; the file is gone afterwards."""
    seen = tmp_path / "seen.yaml"
    lines = changing(reason='"page 3: another month"', error="transcription", said_at="2017-11",
                     audience="the press", speaker_id="Hamid Karzai")  # fmt: skip
    remove = "text = re.sub(r'(?m)^venue:.*\\n', '', text)"
    editor = editing(f"pathlib.Path({str(seen)!r}).write_text(text)\n{lines}\n{remove}")

    code, said = on_terminal(desk, "revise", "number-2017", EDITOR=editor)

    assert code == 0, said
    form = seen.read_text()
    assert f"(position {STATEMENT})" in form
    assert "\nsaid_at: 2017-12\n" in form
    assert "\n# audience:\n" in form
    assert "\ntopics:\n  - daesh\n" in form
    event = last(desk)
    data = event["data"]
    assert (data["replaces"], data["reason"], data["error"]) == (
        STATEMENT, "page 3: another month", "transcription",
    )  # fmt: skip
    assert rows("select speaker_id, said_at, audience, venue, topics from statements"
                " where statement_id = 'number-2017'") == [
        ("karzai", "2017-11", "the press", None, ["daesh"])
    ]  # fmt: skip
    assert "said_at: 2017-12 → 2017-11\n" in said
    assert list(temporary.iterdir()) == []


NOT_EDITED: dict[str, tuple[str, str]] = {
    "unchanged": ("", "The form was left unchanged; nothing was appended."),
    "emptied": ("text = ''", "The form was emptied; nothing was appended."),
    "only comments left": ("text = '# no\\n\\n'", "The form was emptied"),
    "removed": ("path.unlink()", "The form was emptied"),
    "ended badly": ("sys.exit(3)", "ended with 3; nothing was appended."),
}
SHOWN = Shown("statement", "s", 4, {
    "speaker_id": "kabulov", "said_at": "2017-12", "proposition": "P.", "venue": None,
    "topics": ["daesh"],
})  # fmt: skip


@pytest.mark.parametrize("case", NOT_EDITED)
def test_an_edit_that_was_none_ends_in_a_sentence(
    temporary: Path,
    editing: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
    case: str,
) -> None:
    """A form that comes back untouched or empty is refused, and leaves no file."""
    lines, words = NOT_EDITED[case]
    monkeypatch.setenv("VISUAL", editing(lines))

    with pytest.raises(ClaimsError, match=words), edited_file(SHOWN, form_text(SHOWN)):
        pytest.fail("this is no edit")
    assert list(temporary.iterdir()) == []


def test_an_editor_that_is_not_there_is_named(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The way out is another editor, or the options."""
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "no-such-editor -w")

    with (
        pytest.raises(UsageFault, match="'no-such-editor' cannot be run") as caught,
        edited_file(SHOWN, form_text(SHOWN)),
    ):
        pytest.fail("there is no editor")
    assert "--set FIELD=VALUE" in caught.value.way_out
    assert list(temporary.iterdir()) == []


MISREAD: dict[str, tuple[str, int | None, str]] = {
    # what: the file, the line and words of the refusal
    "a reason left empty": ("reason:\nsaid_at: 2016\n", 1, "reason is empty"),
    "only a reason": (
        "reason: x\nspeaker: kabulov\nsaid_at: 2017-12\nproposition: P.\ntopics: [daesh]\n", None,
        "No field was changed"),
    "an unknown key": ("reason: x\nspeeker: y\n", 2, "no such field"),
    "an id": ("reason: x\nstatement_id: y\n", 2, "An id stays"),
    "a comment that cut": ("reason: x\nvenue: Hall # 3\n", 2, "behind #"),
    "a quote left open": ('reason: x\nvenue: "Hall\n', 2, "YAML"),
    "a key twice": ("reason: x\nvenue: a\nvenue: b\n", 3, "twice"),
    "no number": ("reason: x\nlow: lots\n", 2, "lots"),
}  # fmt: skip


@pytest.mark.parametrize("case", MISREAD)
def test_what_a_form_cannot_mean_is_refused_with_its_line(tmp_path: Path, case: str) -> None:
    """A form is read with the care of a sheet."""
    text, line, words = MISREAD[case]
    shown = SHOWN
    if case == "no number":
        shown = Shown("estimate", "e", 1, {"value": "1", "low": None})
    path = tmp_path / "form.yaml"
    path.write_text(text)

    with pytest.raises(Refused, match=words) as caught:
        read_back(path, shown)
    assert caught.value.place.line == line
    assert caught.value.way_out


REFUSED_EDITS: dict[str, tuple[str, tuple[str, ...]]] = {
    "no date": (changing(reason="x", said_at="in June"), ("in June", "line 17, field said_at")),
    "no reason": (
        f"{changing(said_at='2016')}\ntext = text.replace('reason:\\n', '')",
        ("reason is missing",)),
    "an unknown speaker": (
        changing(reason="x", speaker_id="nobody"), ("nobody", "line 11, field speaker_id")),
}  # fmt: skip


@pty_only
@pytest.mark.parametrize("case", REFUSED_EDITS)
def test_a_refused_edit_is_kept_in_a_file_that_is_named(
    desk: Path, temporary: Path, editing: Callable[[str], str], case: str
) -> None:
    """Nobody types a form twice: each refusal names the field, and where the text lies."""
    lines, words = REFUSED_EDITS[case]
    before = log_bytes(desk)

    code, said = on_terminal(desk, "revise", "number-2017", EDITOR=editing(lines))

    assert code == 3, said
    assert all(word in said for word in words), said
    (kept,) = temporary.glob("*/*.yaml")
    assert f"Your text is kept in {kept}" in said
    assert "in the form that counts now" in kept.read_text()
    assert log_bytes(desk) == before


@pty_only
def test_a_change_in_between_is_a_conflict_of_both_forms(
    desk: Path, temporary: Path, editing: Callable[[str], str]
) -> None:
    """Who revises while another has the form open is not overwritten; the edit is kept."""
    other = [str(CLAIMS), "--ledger", str(desk), *REVISE, "--set", "said_at=2015",
             "--reason", "seen elsewhere", "--actor", "ben"]  # fmt: skip
    lines = f"subprocess.run({other!r}, check=True)\n{changing(reason='x', said_at='2016')}"

    code, said = on_terminal(desk, "revise", "number-2017", EDITOR=editing(lines))

    assert code == 4, said
    assert len(events(desk)) == SIZE + 1
    for words in (f"said_at at {STATEMENT}: 2017-12", f"said_at at {SIZE}: 2015",
                  "seen elsewhere", f"Position {SIZE} is by ben"):  # fmt: skip
        assert words in said
    (kept,) = temporary.glob("*/*.yaml")
    assert "said_at: 2016" in kept.read_text()
    assert str(kept) in said


@pty_only
def test_a_dry_run_in_the_editor_keeps_the_text(
    desk: Path, temporary: Path, editing: Callable[[str], str]
) -> None:
    """The plan is shown with what would change; the reason may come from the options."""
    before = log_bytes(desk)
    editor = editing(changing(value='">= 10000"'))

    code, said = on_terminal(
        desk, "revise", "e1", "--dry-run", "--reason", "read again", EDITOR=editor
    )

    assert code == 0, said
    assert "value: more than 10,000 → at least 10,000" in said
    assert log_bytes(desk) == before
    (kept,) = temporary.glob("*/*.yaml")
    assert f"Your text is kept in {kept}" in said


HARD: tuple[str, ...] = (
    "plain", "> 10000", "a: b", "a # b", "#", "- a", "[a]", "{a}", "null", "2017-12", "'", '"',
    "two\nlines", "\nbefore", "after\n", "a\n\n\nb", "  in\n    steps\n", "# a\n# b", "tab\tin",
    "\u201cquoted\u201d", "a\u2028b", "a\u0085b", "a\r\nb", "---", "...\nx", "%x", "\u00a0x",
    "x: |-\n  y",
)  # fmt: skip


@pytest.fixture
def forms() -> Iterator[Shown]:
    """Forms that hold every text that YAML may misread, in each kind of field."""
    return (
        Shown("speaker", "x", 1, {
            "kind": "person", "name": text, "aliases": [text, "b"], "identifiers": {"a": text},
            "memberships": [{"role": text, "from": "2001"}, {"organization": text}], "note": text,
        })
        for text in HARD
    )  # fmt: skip


def test_a_form_is_read_as_it_was_written(forms: Iterator[Shown], tmp_path: Path) -> None:
    """Every text, also of several lines and of YAML's own signs, comes back as it was."""
    path = tmp_path / "form.yaml"
    for shown in forms:
        path.write_bytes(form_text(shown, reason="r", error="span").encode())
        content = read_yaml(path, path.read_bytes()).content
        assert content == {"reason": "r", "error": "span", **shown.fields}
        with pytest.raises(Refused, match="No field was changed"):
            read_back(path, shown)


def test_one_changed_text_is_the_whole_patch(tmp_path: Path) -> None:
    """A list that is one text, and a field under its short name, are understood."""
    path = tmp_path / "form.yaml"
    shown = Shown("estimate", "e", 1, {"report_id": "r", "value": "more than 10", "note": None,
                                       "derived_from": None, "value_text": "10"})  # fmt: skip
    path.write_text("reason: r\nreport: r\nvalue: '> 11'\nwords: '10'\nderived_from: e2\n")

    edited = read_back(path, shown)

    assert edited.patch == {"value": "> 11", "derived_from": ["e2"]}
    assert edited.about == {"reason": "r"}

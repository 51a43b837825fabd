"""Claim sheets as text: what YAML would lose without a word is refused, with its line."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.errors import Conflict, Refused
from ledger.sheets import SheetCommand, Slot, read_sheets, write_ids
from ledger.sheets.yaml_nodes import MAX_SHEET_BYTES, read_yaml

HEAD = "source: {id: s, title: T}\n"
STATEMENT = HEAD + "statements:\n  - speaker: ana\n    proposition: P\n"
ESTIMATE = STATEMENT + "    quote: more than 10\n    estimates:\n      - measure: m\n"

BROKEN = {
    "sign without quotes": (ESTIMATE + "        value: > 10000\n", 8, '"> 10000"'),
    "question mark": (ESTIMATE + "        value: ?\n", 8, '"?"'),
    "sign in braces": (STATEMENT + "    estimates: [{measure: m, value: ?}]\n", 5, "quotes"),
    "block that is none": (ESTIMATE + "        value: >5\n        words: w\n", 8, "no line"),
    "range read as a list": (
        STATEMENT + "    quote: q\n    said_at: [..2023-01-20]\n", 6, '"[..2023-01-20]"',
    ),
    "brackets in front": (STATEMENT + "    quote: [US] officials\n", 5, '"[US] officials"'),
    "colon inside": (STATEMENT + "    quote: he said: no\n", 5, '"he said: no"'),
    "quotation marks in front": (STATEMENT + '    quote: "No" he said\n', 5, "'\"No\" he said'"),
    "quotation marks not closed": (STATEMENT + '    quote: "No\n    note: n\n', 5, "quotes"),
    "comment behind a quote": (STATEMENT + "    quote: Daesh # 1 enemy\n", 5, "comment"),
    "comment behind a proposition": (
        HEAD + "statements:\n  - proposition: P # x\n    speaker: a\n    quote: q\n", 3, "comment",
    ),
    "comment behind a title": ("source:\n  id: s\n  title: No # 1\n", 3, "comment"),
    "comment in a list": (STATEMENT + "    quote: q\n    topics:\n      - a # b\n", 7, "comment"),
    "comment in braces": ("source: {id: s, title: No # 1\n}\n", 1, "comment"),
    "comma in braces": (HEAD + "measures:\n  m: {label: A, B}\n", 3, "comma"),
    "key without value": ("source:\n  id: s\n  title:\n", 3, "title is empty"),
    "item without value": (HEAD + "statements:\n  -\n", 3, "empty"),
    "pair without braces": (STATEMENT + "    quote: q\n    topics: [a: b]\n", 6, "braces"),
    "key twice": ("source: {id: s}\nspeakers: {}\nsource: {id: t}\n", 3, "line 1"),
    "key twice in braces": ("source:\n  {id: s, title: T, id: s}\n", 2, "twice"),
    "anchor": ("source: {id: s}\nspeakers:\n  a: &x {name: A, kind: person}\n", 3, "quotes"),
    "alias": ("source:\n  id: s\n  title: *x\n", 3, '"*x"'),
    "tag": ("source:\n  id: s\n  title: !important this\n", 3, "quotes"),
    "list as a key": ("source: {id: s}\n? [a]\n: b\n", 2, "key is a word"),
    "two documents": ("source: {id: s}\n---\nsource: {id: t}\n", 2, "several documents"),
    "tab": ("source:\n\tid: s\n", 2, "spaces"),
    "nothing": ("", 1, "empty"),
    "comments alone": ("# nothing\n", 1, "empty"),
    "list at the top": ("- source\n", 1, "no keys"),
    "text at the top": ("source\n", 1, "no keys"),
    "control character": ("source:\n  id: s\n  title: a\x01b\n", 3, "U+0001"),
    "NUL": ("source:\n  id: s\0\n", 2, "U+0000"),
    "no character": ("source:\n  title: \ufffe\n", 2, "U+FFFE"),
    "half a character": ('source:\n  id: s\n  title: "\\ud83d"\n', 3, "half a character"),
    "code point too large": ('source: "\\Uffffffff"\n', None, "cannot read"),
    "unknown version": ("%YAML 9.9\n---\nsource: {id: s}\n", 1, "cannot read"),
    "nested beyond need": ("source:\n  " + "[" * 30 + "]" * 30 + "\n", 2, "nested"),
    "nested beyond reason": ("[" * 5000, None, "nested"),
    "CRLF lines are counted once": ("source:\r\n  id: s\r\n  title:\r\n", 3, "title is empty"),
    "line breaks of Unicode": ('source:\n  id: s\n  title: "\u2028"\n  note:\n', 4, "empty"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "word"), BROKEN.values(), ids=BROKEN.keys())
def test_what_yaml_would_lose_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int | None, word: str
) -> None:
    """A sheet that YAML understands differently from a person is refused at the line at fault."""
    sheet = written(tmp_path, text)
    with pytest.raises(Refused) as caught:
        read_sheets([sheet])
    assert word in str(caught.value)
    assert (caught.value.place.file, caught.value.place.line) == (str(sheet), line)
    assert caught.value.way_out


@pytest.mark.parametrize(
    ("data", "line", "word"),
    [
        (b"source:\n  title: caf\xe9\n", 2, "UTF-8"),
        ("source: {id: s}".encode("utf-16"), 1, "UTF-8"),
        (b"#" * (MAX_SHEET_BYTES + 1), None, "4 MiB"),
    ],
)
def test_bytes_that_are_no_sheet_are_refused(
    tmp_path: Path, data: bytes, line: int | None, word: str
) -> None:
    """Bytes that are not UTF-8, or too many, are refused before YAML sees them."""
    sheet = tmp_path / "s.yaml"
    sheet.write_bytes(data)
    with pytest.raises(Refused, match=word) as caught:
        read_sheets([sheet])
    assert caught.value.place.line == line


def test_a_sheet_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A path without a sheet is told with its name."""
    with pytest.raises(Refused, match=r"no such file[\s\S]*gone\.yaml"):
        read_sheets([tmp_path / "gone.yaml"])


@pytest.mark.parametrize(
    "text", ["2018?-02", "2018-02-08", "3500", "~3500", "null", "yes", "1.10", "~"]
)
def test_every_scalar_stays_what_was_written(tmp_path: Path, text: str) -> None:
    """YAML makes no date, number, truth or null of a text."""
    content = read_yaml(tmp_path, f"a: {text}\nb: [{text}]\n".encode()).content
    assert content == {"a": text, "b": [text]}


def test_comments_that_can_cut_nothing_are_allowed(tmp_path: Path) -> None:
    """A comment may stand behind an id, a date, a quoted text, a block sign, or by itself."""
    sheet = written(
        tmp_path,
        "source: {id: s} # one\n# two\nstatements: # three\n  - speaker: ana # four\n"
        '    said_at: 2018 # five\n    proposition: "P" # six\n'
        "    quote: >- # seven\n      q # eight\n",
    )
    (_, statement) = read_sheets([sheet])
    assert statement.raw["reports"][0]["quote"] == "q # eight"


def test_a_byte_order_mark_is_no_part_of_a_sheet(tmp_path: Path) -> None:
    """A sheet of an editor that marks its bytes is read like any other, and keeps the mark."""
    sheet = written(tmp_path, "\ufeffsource:\n  title: T\n")
    (source,) = read_sheets([sheet])
    write_ids(sheet, filled_in([source]))
    assert sheet.read_text("utf-8") == "\ufeffsource:\n  id: new0\n  title: T\n"


@examples(120, 500)
@given(
    st.lists(
        st.sampled_from(
            ["a", "b", ": ", "- ", "\n", "  ", *"{}[],\"'#?&*!%|>\\@`~", "---", "...", "\t", "\r\n"]
        ),
        max_size=25,
    )
)
def test_no_text_makes_the_reader_stumble(pieces: list[str]) -> None:
    """Whatever a file holds, it is read or refused, and everything read has a place."""
    try:
        read = read_yaml(Path("s.yaml"), "".join(pieces).encode())
    except Refused:
        return
    assert all(read.place(loc).line for loc in read.spots)


# ── writing ids ──────────────────────────────────────────────────────────────────────────────

NEW = re.compile(r"(?m)^ +(?:id|report): new\d+\r?\n|(?:id|report): new\d+(?:, |\r?\n *)")


def test_ids_go_where_a_person_would_write_them(tmp_path: Path) -> None:
    """An id stands first in its entry, behind `report_of`, and in braces before a comma."""
    sheet = written(
        tmp_path,
        "source: {title: T}\n"
        "statements:\n"
        "  - speaker: ana\n"
        "    proposition: P\n"
        "    quote: 10 or more\n"
        "    estimates:\n"
        "      - {measure: m, value: 10}\n"
        "      - measure: m\n"
        "        value: 10..20\n"
        "  - id: given # by hand\n"
        "    # not found yet\n"
        "    speaker: ana\n"
        "    proposition: P\n"
        "    quote: q\n"
        "  - {speaker: ana, proposition: P, reports: [{quote: q}, {quote: r}]}\n"
        "  - report_of: given\n"
        "    # told again\n"
        "    quote: q\n",
    )
    write_ids(sheet, filled_in(read_sheets([sheet])))
    assert sheet.read_text("utf-8") == (
        "source: {id: new0, title: T}\n"
        "statements:\n"
        "  - id: new1\n"
        "    report: new2\n"
        "    speaker: ana\n"
        "    proposition: P\n"
        "    quote: 10 or more\n"
        "    estimates:\n"
        "      - {id: new3, measure: m, value: 10}\n"
        "      - id: new4\n"
        "        measure: m\n"
        "        value: 10..20\n"
        "  - id: given # by hand\n"
        "    report: new5\n"
        "    # not found yet\n"
        "    speaker: ana\n"
        "    proposition: P\n"
        "    quote: q\n"
        "  - {id: new6, speaker: ana, proposition: P,"
        " reports: [{id: new7, quote: q}, {id: new8, quote: r}]}\n"
        "  - report_of: given\n"
        "    id: new9\n"
        "    # told again\n"
        "    quote: q\n"
    )


@settings(examples(50, 150), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_written_ids_change_nothing_else(tmp_path: Path, data: st.DataObject) -> None:
    """Without its ids a sheet of any layout is what it was, byte by byte; with them it has all."""
    sheet = tmp_path / "s.yaml"
    before = data.draw(sheets()).encode()
    sheet.write_bytes(before)
    commands = read_sheets([sheet])
    filled = filled_in(commands)
    write_ids(sheet, filled)
    after = sheet.read_bytes()
    assert NEW.sub("", after.decode()).encode() == before
    assert b"\r\n" not in before or not re.search(rb"(?<!\r)\n", after)
    again = read_sheets([sheet])
    assert [without_ids(each.raw) for each in again] == [without_ids(each.raw) for each in commands]
    assert {slot for each in again for slot in each.slots} == {None}
    content = read_yaml(sheet, sheet.read_bytes()).content
    for slot, given_id in filled:
        assert at(content, slot.loc)[slot.key] == given_id


def test_a_sheet_that_was_edited_meanwhile_is_left_alone(tmp_path: Path) -> None:
    """Ids are not written over an edit that was made while the sheet was being recorded."""
    sheet = written(tmp_path, "source:\n  title: T\n")
    filled = filled_in(read_sheets([sheet]))
    sheet.write_text("source:\n  title: Another: one\n")
    with pytest.raises(Conflict, match=r"changed[\s\S]*source id: new0"):
        write_ids(sheet, filled)
    assert sheet.read_text() == "source:\n  title: Another: one\n"


def test_a_layout_that_would_say_something_else_is_left_alone(tmp_path: Path) -> None:
    """Where a key is written in a way that ids would break, nothing is written."""
    text = "source:\n  ? title\n  : T\n"
    sheet = written(tmp_path, text)
    with pytest.raises(Refused, match="by hand"):
        write_ids(sheet, filled_in(read_sheets([sheet])))
    assert sheet.read_text() == text


def test_nothing_to_write_touches_nothing(tmp_path: Path) -> None:
    """A sheet that has all of its ids is not even opened."""
    write_ids(tmp_path / "gone.yaml", [])


def test_a_sheet_keeps_its_rights_and_its_link(tmp_path: Path) -> None:
    """A sheet that others may not read stays so, and a link to a sheet stays a link."""
    sheet = written(tmp_path, "source:\n  title: T\n")
    sheet.chmod(0o600)
    link = tmp_path / "link.yaml"
    link.symlink_to(sheet)
    write_ids(link, filled_in(read_sheets([link])))
    assert link.is_symlink()
    assert sheet.read_text() == "source:\n  id: new0\n  title: T\n"
    assert sheet.stat().st_mode & 0o777 == 0o600
    assert sorted(tmp_path.iterdir()) == [link, sheet]


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def written(folder: Path, text: str) -> Path:
    """A sheet with this text, line ends as given."""
    sheet = folder / "s.yaml"
    sheet.write_bytes(text.encode("utf-8"))
    return sheet


def filled_in(commands: Iterable[SheetCommand]) -> list[tuple[Slot, str]]:
    """An id for every slot; `new0`, `new1` … in the order of the commands."""
    slots = [slot for command in commands for slot in command.slots if slot]
    return [(slot, f"new{number}") for number, slot in enumerate(slots)]


def at(content: Any, loc: tuple[str | int, ...]) -> Any:  # noqa: ANN401  what YAML holds has no type
    """What a path leads to."""
    for step in loc:
        content = content[step]
    return content


def without_ids(value: Any) -> Any:  # noqa: ANN401  JSON has no type
    """A command without the ids that were written, and without what follows from them."""
    if isinstance(value, list):
        return [without_ids(each) for each in value]
    if not isinstance(value, dict):
        return value
    ids = ("source_id", "statement_id", "report_id", "estimate_id")
    return {name: without_ids(each) for name, each in value.items() if name not in ids}


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """Sheets in every layout: blocks and braces, with and without ids, comments, blank lines."""
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    noise = st.sampled_from(["", "# note: - {", "", "#"])
    lines: list[str] = [draw(st.sampled_from(["", "\ufeff"])) + "# begin"]

    def add(*more: str) -> None:
        for line in more:
            lines.append(line)
            if extra := draw(noise):
                lines.append(" " * draw(st.integers(0, 6)) + extra)

    lines += draw(st.sampled_from([["source: {title: T}"], ["source:", "  title: >-", "    T"]]))
    add("statements:")
    indent = " " * draw(st.integers(0, 3))
    for number in range(draw(st.integers(1, 4))):
        words = f"quote {number} of 10"
        own = [f"id: s{number}"] * draw(st.integers(0, 1))
        named = [f"report: r{number}"] * draw(st.integers(0, 1))
        estimate = draw(
            st.sampled_from([[], ["measure: m", "value: 10"], [f"id: e{number}", "measure: m"]])
        )
        if draw(st.booleans()):
            braces = f"estimates: [{{{', '.join(estimate)}}}]" if estimate else "note: n"
            entries = [*own, "speaker: ana", "proposition: P", *named, f'quote: "{words}"', braces]
            lines.append(f"{indent}- {{{', '.join(entries)}}}")
            continue
        first, *rest = draw(st.permutations([*own, "speaker: ana", "proposition: P", *named]))
        add(f"{indent}- {first}", *(f"{indent}  {each}" for each in rest))
        add(f"{indent}  quote: {words}")
        if estimate:
            dash, *more = estimate
            add(
                f"{indent}  estimates:",
                f"{indent}    - {dash}",
                *(f"{indent}      {e}" for e in more),
            )
    return newline.join(lines) + newline * draw(st.integers(0, 2))

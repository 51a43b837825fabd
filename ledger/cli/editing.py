"""Revising in an editor: a form as YAML, and what was changed of it read back.

The YAML is read as sheets are (every scalar is text, what YAML would cut short is refused). What
is refused stays in its file, which the error names: nobody's typing is lost.
"""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from ledger.errors import Place
    from ledger.sheets.yaml_nodes import SheetText

EDITORS = ("nano", "vi")  # where neither VISUAL nor EDITOR names one
ABOUT = ("reason", "error")  # what a revision says besides the fields

HEAD = """\
# {noun} {id}, in the form that counts now (position {position}).
# Change what we recorded wrongly, and say why under `reason`. To clear a field, remove its line.
# To fill in a field that is empty, remove the two characters "# " before it.
# All is text. A text that holds ": " or " #", or begins with a sign of YAML's, stands in quotes.
# To leave everything as it is, close this unchanged, or empty it.

"""
ERRORS = "# error: {first}\n#   (or {others})\n\n"


class Shown(NamedTuple):
    """A form as it is shown to be edited: whose, at which position, and its fields as written."""

    noun: str
    id: str
    position: int
    fields: dict[str, Any]


class Edited(NamedTuple):
    """What was changed in an editor: the patch, why, and where each thing stands in the file."""

    patch: dict[str, Any]
    about: dict[str, str]
    places: "dict[str, Place]"


# ── the form ─────────────────────────────────────────────────────────────────────────────────


def form_text(shown: Shown, reason: str | None = None, error: str | None = None) -> str:
    """The YAML of a form: what is empty stands there as a comment."""
    from events.vocabulary import ErrorKind, choices
    from ledger.written import BOUNDS, kinds_of

    first, *others = choices(ErrorKind)
    kinds = ERRORS.format(first=first, others=", ".join(others))
    lists, mappings = kinds_of(shown.noun, list), kinds_of(shown.noun, dict)
    lines = [HEAD.format(noun=shown.noun, id=shown.id, position=shown.position)]
    lines += [entry("reason", reason) if reason else "reason:\n"]
    lines += [f"error: {error}\n\n" if error else kinds]
    for name, value in shown.fields.items():
        if value is not None:
            lines.append(entry(name, value))
        elif name not in BOUNDS:
            empty = " []" if name in lists else " {}" if name in mappings else ""
            lines.append(f"# {name}:{empty}\n")
    return "".join(lines)


def entry(name: str, value: object, indent: str = "") -> str:
    """A key with what it holds."""
    if isinstance(value, list):
        items = "".join(item(each, f"{indent}  ") for each in value)
        return f"{indent}{name}:\n{items}"
    if isinstance(value, Mapping):
        inner = "".join(entry(key, each, f"{indent}  ") for key, each in value.items())
        return f"{indent}{scalar(name)}:\n{inner}"
    return f"{indent}{name if not indent else scalar(name)}: {scalar(str(value), indent)}\n"


def item(value: object, indent: str) -> str:
    """One item of a list."""
    if isinstance(value, Mapping):
        inner = "".join(entry(key, each, f"{indent}  ") for key, each in value.items())
        return f"{indent}- {inner.lstrip()}"
    return f"{indent}- {scalar(str(value), indent)}\n"


def scalar(text: str, indent: str = "") -> str:
    """A text as it is written in YAML; several lines as a block, where YAML keeps them as such."""
    from ledger.errors import Refused
    from ledger.sheets.starter import scalar as one_line
    from ledger.sheets.yaml_nodes import read_yaml

    if "\n" not in text:
        return one_line(text)
    block = "|-\n" + "\n".join(f"{indent}  {line}" if line else "" for line in text.split("\n"))
    try:
        kept = read_yaml(Path(), f"{indent}x: {block}\n".encode()).content == {"x": text}
    except Refused:
        kept = False
    return block if kept else one_line(text)


# ── the editor ───────────────────────────────────────────────────────────────────────────────


@contextmanager
def edited_file(shown: Shown, text: str, *, keep: bool = False) -> Iterator[Path]:
    """A file with the form, opened in the editor; gone afterwards, unless it is to be kept.

    An error that is raised inside keeps it too, and says where the text lies.
    """
    from ledger.errors import ClaimsError

    path = Path(mkdtemp(prefix="claims-")) / f"{shown.noun}-{shown.id}.yaml"
    path.write_text(text, encoding="utf-8")
    kept = False
    try:
        edit(path)
        refuse_untouched(path, text)
        kept = True
        yield path
        kept = keep
    except ClaimsError as error:
        if kept:
            error.way_out = f"{error.way_out} Your text is kept in {path}".strip()
        raise
    finally:
        if not kept:
            shutil.rmtree(path.parent)


def edit(path: Path) -> None:
    """Let the person edit a file; raises UsageFault where there is no editor, or it fails."""
    from ledger.errors import UsageFault

    words = editor()
    try:
        code = subprocess.run([*words, str(path)], check=False).returncode  # noqa: S603  the user's own editor
    except OSError as error:
        raise UsageFault(
            f"The editor {words[0]!r} cannot be run: {(error.strerror or str(error)).lower()}.",
            way_out="Set EDITOR to one that is there, or give the fields: --set FIELD=VALUE.",
        ) from None
    if code:
        raise UsageFault(
            f"The editor {words[0]!r} ended with {code}; nothing was appended.",
            way_out="Try again, or give the fields: --set FIELD=VALUE.",
        )


def editor() -> list[str]:
    """The editor with its options: VISUAL, else EDITOR, else nano or vi."""
    from ledger.errors import UsageFault

    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(named)
    except ValueError:
        words = [named]
    found = words or [name for name in EDITORS if shutil.which(name)][:1]
    if not found:
        raise UsageFault(
            "There is no editor.",
            way_out="Set EDITOR to the name of one, or give the fields: --set FIELD=VALUE.",
        )
    return found


def refuse_untouched(path: Path, text: str) -> None:
    """Raise Refused where the file came back as it was, or with nothing in it."""
    from ledger.errors import Refused

    try:
        data = path.read_bytes()
    except FileNotFoundError:
        data = b""
    if data == text.encode():
        raise Refused(
            "The form was left unchanged; nothing was appended.",
            way_out="To revise it, change a field, fill in the reason, and save.",
        )
    lines = (line.strip() for line in data.splitlines())
    if all(not line or line.startswith(b"#") for line in lines):
        raise Refused(
            "The form was emptied; nothing was appended.",
            way_out="To take the whole thing out of the views: claims void.",
        )


# ── back from the editor ─────────────────────────────────────────────────────────────────────


def read_back(path: Path, shown: Shown) -> Edited:
    """What was changed; raises Refused with the line for what cannot be meant."""
    from ledger.cli.patching import numbers_read
    from ledger.errors import Refused
    from ledger.inputs import path_of
    from ledger.sheets.yaml_nodes import read_yaml
    from ledger.written import kinds_of

    form = read_yaml(path, path.read_bytes())
    refuse_cut(form)
    content = in_full(form, shown)
    about = {name: content.pop(name) for name in ABOUT if name in content}
    lists = kinds_of(shown.noun, list)
    patch = {
        name: [value] if name in lists and isinstance(value, str) else value
        for name in shown.fields
        if (value := content.get(name) or None) != shown.fields[name]
    }
    if not patch:
        raise Refused(
            "No field was changed; nothing was appended.",
            way_out="Change the fields that were recorded wrongly.",
        )
    places = {path_of(loc): form.place(loc) for loc in form.spots}
    try:
        patch = numbers_read(patch)
    except Refused as refused:
        refused.place = places.get(refused.place.field or "", refused.place)
        raise
    return Edited(patch, about, places)


def in_full(form: "SheetText", shown: Shown) -> dict[str, Any]:
    """The content of an edited form under the full names of its fields; refuses other keys."""
    from ledger.cli.patching import field_named
    from ledger.errors import Refused, UsageFault

    content: dict[str, Any] = {}
    for name, value in form.content.items():
        try:
            field = name if name in ABOUT else field_named(shown.noun, name, "The form says")
        except UsageFault as fault:
            refused = Refused(fault.what, way_out=fault.way_out)
            refused.place = form.place((name,))
            raise refused from None
        content[field] = value
    return content


def refuse_cut(form: "SheetText") -> None:
    """Refuse a text behind which a comment stands: it may have been part of it."""
    from ledger.errors import Refused

    for loc in form.cut_short():
        refused = Refused(
            "YAML takes what stands behind # on this line for a comment.",
            way_out="Put the text in quotes where # is part of it; else remove the comment.",
        )
        refused.place = form.place(loc)
        raise refused

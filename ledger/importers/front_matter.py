"""The front matter of a Markdown file: the YAML between two lines `---` (TOML between `+++`).

Rules kept here:
- every scalar is text as it was written: no number, date or word is made into something else;
- an empty value is none; anchors and aliases, by which a few lines can swell to gigabytes, deep
  nesting and keys given twice are refused.
"""

import re
import tomllib
from itertools import accumulate
from pathlib import Path
from typing import Any
from warnings import catch_warnings

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ledger.errors import Refused
from ledger.importers.files import opened

MOST_BYTES = 1 << 20  # of a file
MOST_FRONT_BYTES = 1 << 16  # of its front matter; a line of the log has no more
MAX_DEPTH = 20
MOST_OPEN = 100  # brackets, those of a text too
_EMPTY = frozenset(("", "~", "null", "Null", "NULL"))

_FRONT = re.compile(
    rb"(?P<mark>---|\+\+\+)[ \t]*\r?\n(?P<front>.*?)(?<=\n)(?P=mark)[ \t]*(?:\r?\n|\Z)",
    re.DOTALL,
)
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_BRACKET = re.compile(r"[\[\]{}]")
_BOM = b"\xef\xbb\xbf"
_RAISED_BY_RUAMEL = (LookupError, ValueError, OverflowError, AttributeError, AssertionError)

Front = dict[str, Any]


def read_front(path: Path) -> Front:
    """The front matter of a file, empty where it has none; raises Refused with its line."""
    with opened(path) as file:
        data = file.read(MOST_BYTES + 1).removeprefix(_BOM)
    if len(data) > MOST_BYTES:
        raise Refused(
            f"The file has more than {MOST_BYTES >> 20} MiB.", way_out="Part it, or remove it."
        )
    found = _FRONT.match(data)
    if not found:
        if data.startswith((b"---\n", b"---\r")):
            raise Refused(
                "The front matter does not end.", way_out="Write a line --- after it."
            ).at(line=1)
        return {}
    if len(found["front"]) > MOST_FRONT_BYTES:
        raise Refused(
            f"The front matter has more than {MOST_FRONT_BYTES >> 10} KiB.",
            way_out="Shorten it: what is long stands in a document.",
        )
    text = decoded(found["front"])
    return of_toml(text) if found["mark"] == b"+++" else of_yaml(text)


def decoded(data: bytes) -> str:
    """Front matter as text; raises Refused."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Refused(
            f"The front matter is not UTF-8: byte 0x{data[error.start]:02x}.",
            way_out="Save the file as UTF-8.",
        ).at(line=data[: error.start].count(b"\n") + 2) from None
    if found := _FORBIDDEN.search(text):
        raise Refused(
            f"The front matter holds the control character U+{ord(found[0]):04X}.",
            way_out="Remove it.",
        ).at(line=text[: found.start()].count("\n") + 2)
    return text


# ── YAML ─────────────────────────────────────────────────────────────────────────────────────


def of_yaml(text: str) -> Front:
    """Front matter in YAML; raises Refused with a line of the file."""
    if most_open(text) > MOST_OPEN:  # reading them takes YAML longer than refusing them
        raise too_deep()
    try:
        with catch_warnings(action="ignore"):  # of anchors, which are refused below
            root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join((error.problem or "it is not YAML").split())
        raise Refused(
            f"YAML cannot read the front matter: {problem}.",
            way_out='Put a text in quotes when it holds ": " or " #" or begins with a sign.',
        ).at(line=mark.line + 2 if mark else None) from None
    except (YAMLError, *_RAISED_BY_RUAMEL):
        raise Refused("YAML cannot read the front matter.", way_out="Correct the file.") from None
    except RecursionError:
        raise too_deep() from None
    if root is None:
        return {}
    if not isinstance(root, MappingNode):
        raise Refused("The front matter has no keys.", way_out="Write `key: value`.").at(line=2)
    found: Front = content(root, 0)
    return found


def most_open(text: str) -> int:
    """How many brackets are open at once, wherever they stand."""
    signs = (1 if sign in "[{" else -1 for sign in _BRACKET.findall(text))
    return max(accumulate(signs), default=0)


def content(node: Node, depth: int) -> Any:  # noqa: ANN401  what a file holds is not known
    """The texts, lists and mappings of a node; raises Refused with a line of the file."""
    if depth > MAX_DEPTH:
        raise too_deep()
    line = node.start_mark.line + 2
    if node.anchor:
        raise Refused(
            f"The front matter names a part of itself, &{node.anchor}, to be put in elsewhere.",
            way_out="Write it out where it is meant.",
        ).at(line=line)
    if isinstance(node, SequenceNode):
        return [content(item, depth + 1) for item in node.value]
    if isinstance(node, ScalarNode):
        if _SURROGATE.search(node.value):
            raise Refused("A text holds half a character.", way_out="Correct it.").at(line=line)
        return None if not node.style and node.value in _EMPTY else node.value
    made: Front = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            raise Refused("A key is a word.", way_out="Put it in quotes.").at(line=line)
        if key.value in made:
            raise Refused(f"The key {key.value!r} stands twice.", way_out="Keep one of them.").at(
                line=key.start_mark.line + 2
            )
        made[key.value] = content(value, depth + 1)
    return made


def too_deep() -> Refused:
    """The refusal of lists in lists in lists."""
    return Refused(
        f"The front matter is nested more than {MAX_DEPTH} deep.", way_out="Correct the file."
    )


# ── TOML ─────────────────────────────────────────────────────────────────────────────────────


def of_toml(text: str) -> Front:
    """Front matter in TOML; raises Refused."""
    try:
        return {key: as_text(value, 0) for key, value in tomllib.loads(text).items()}
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Refused(
            f"The front matter is no TOML: {error}.", way_out="Correct the file."
        ) from None


def as_text(value: Any, depth: int) -> Any:  # noqa: ANN401  what TOML holds is not known
    """The scalars of a value as text."""
    if depth > MAX_DEPTH:
        raise too_deep()
    if isinstance(value, dict):
        return {key: as_text(each, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [as_text(each, depth + 1) for each in value]
    return value if isinstance(value, str) else str(value)

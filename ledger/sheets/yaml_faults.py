"""Says what YAML does not understand, in a sentence with the way out."""

import re

from ruamel.yaml.error import MarkedYAMLError

from ledger.errors import Refused

QUOTE_IT = (
    'Put a text in quotes when it holds ": " or " #", or begins with a sign of YAML\'s'
    ' (> | [ { ? * & ! % @ ` - " \'), such as value: "> 10000".'
)
_ENTRY = re.compile(r"\s*(?:- +)*(?P<key>[\w.-]+):\s+(?P<value>[^\s'{].*?)\s*")
_SIGN = re.compile(r"[>|\[?*&!%@`\"-]|.*: ")
_LONGEST_SHOWN = 60

# Faults that YAML notices only at the end of what it was reading; the beginning says more.
_SAID_AT_BEGINNING = (
    "while scanning a quoted scalar",
    "while parsing a flow mapping",
    "while parsing a flow sequence",
)


def syntax_refused(error: Exception, text: str) -> Refused:
    """What is told of a sheet that is not YAML."""
    if not isinstance(error, MarkedYAMLError):
        return Refused("YAML cannot read the sheet.", way_out=f"It says: {error!r}.")
    mark = error.problem_mark
    if mark is None or (error.context or "").startswith(_SAID_AT_BEGINNING):
        mark = error.context_mark or mark
    line = 1 if mark is None else len(re.findall(r"\r\n|\r|\n", text[: mark.index])) + 1
    written = re.split(r"\r\n|\r|\n", text)[line - 1]
    problem = " ".join((error.problem or "it is not YAML").split())
    if "another document" in problem:
        what, way_out = "The sheet holds several documents.", "Remove the line ---, or split it."
    elif "\\t" in problem:
        what, way_out = "A tab stands where YAML wants spaces.", "Indent with spaces."
    else:
        what, way_out = f"YAML cannot read this: {problem}.", quoting(written)
    return Refused(what, way_out=way_out).at(line=line)


def quoting(line: str) -> str:
    """How the text of a line is written so that YAML leaves it alone."""
    entry = _ENTRY.fullmatch(line)
    if entry and len(line) <= _LONGEST_SHOWN and _SIGN.match(entry["value"]):
        return f"Put the text in quotes: {entry['key']}: {in_quotes(entry['value'])}"
    return QUOTE_IT


def in_quotes(text: str) -> str:
    """A text in the quotes of YAML in which all of it stays as it is."""
    if text.isprintable() and ('"' in text or "\\" in text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_in_double_quotes, text)) + '"'


def _in_double_quotes(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def shortened(text: str) -> str:
    """As much of a text as a hint shows."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"

"""What a text may hold; a module of its own, since names and notes are texts beside commands."""

import re

from ledger.errors import Refused

# Control characters (Cc) but tab, newline, carriage return and U+0085; and surrogates (Cs).
_ODD = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


def check_text(text: str) -> None:
    """Refuse what no text of a source holds and what terminals and databases choke on."""
    found = _ODD.search(text)
    if found:
        is_surrogate = "\ud800" <= found[0] <= "\udfff"
        what = "lone surrogate" if is_surrogate else "control character"
        raise Refused(
            f"The text holds the {what} U+{ord(found[0]):04X}.",
            way_out="Remove it; every other character of Unicode is kept as it is.",
        )
    if not text.strip():
        raise Refused("The text is empty.", way_out="Leave the field out, or fill it.")

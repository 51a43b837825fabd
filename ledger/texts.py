"""What a text may hold; a module of its own, since names and notes are texts beside commands."""

import unicodedata

from ledger.errors import Refused


def check_text(text: str) -> None:
    """Refuse what no text of a source holds and what terminals and databases choke on."""
    for character in text:
        kind = unicodedata.category(character)
        if kind == "Cs" or (kind == "Cc" and character not in "\t\n\r\x85"):
            what = "lone surrogate" if kind == "Cs" else "control character"
            raise Refused(
                f"The text holds the {what} U+{ord(character):04X}.",
                way_out="Remove it; every other character of Unicode is kept as it is.",
            )
    if not text.strip():
        raise Refused("The text is empty.", way_out="Leave the field out, or fill it.")

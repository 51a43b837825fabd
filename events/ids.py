"""Names of things and of events."""

import os
import re
from base64 import b32encode

ID_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,99}$"
MOST_CHARACTERS = 100  # of an id
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
# Where in a UUID of version 7 its random digits stand, but for the dashes between them.
_RANDOM = (15, 16, 17, 19, 20, 21, 22, *range(24, 36))
_VARIANT_AT = 19
_VARIANT = str.maketrans("0123456789abcdef", "89ab" * 4)  # whose two highest bits are 10


def is_id(text: str) -> bool:
    """Whether a text may be the id of a thing (DESIGN 4.2)."""
    return _ID.fullmatch(text) is not None


def random_id() -> str:
    """A new id: 16 characters that hold 80 random bits."""
    return b32encode(os.urandom(10)).decode().lower()


def slug(name: str) -> str:
    """The id that a name suggests; empty when it has no letter or digit of the Latin script.

    >>> slug("The Times of Central Asia")
    'the-times-of-central-asia'
    """
    import unicodedata

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:100]


def uuid7s(count: int, milliseconds: int) -> list[str]:
    """New UUIDs of version 7 (RFC 9562 section 5.7) of one time, in milliseconds of Unix time.

    Apart from the time all bits are random, so the content of a redacted line cannot be confirmed
    by guessing; order among events is given by their positions, not by these ids.
    """
    noise = os.urandom(10 * count).hex()
    variants = noise.translate(_VARIANT)
    stamp = f"{milliseconds:012x}"
    head = f"{stamp[:8]}-{stamp[8:]}-7"
    return [
        f"{head}{noise[at : at + 3]}-{variants[at + 3]}{noise[at + 4 : at + 7]}"
        f"-{noise[at + 7 : at + 19]}"
        for at in range(0, 20 * count, 20)
    ]


def blank_uuid7(milliseconds: int) -> bytes:
    """The text of a UUID of version 7 of a time, whose random digits are still noughts."""
    stamp = f"{milliseconds:012x}"
    return f"{stamp[:8]}-{stamp[8:]}-7000-0000-000000000000".encode()


def fill_uuid7s(target: bytearray, first: int, every: int) -> None:
    """Fill in blank UUIDs that stand in a text from a byte on, one every so many bytes.

    They are those that `uuid7s` gives, but are made digit by digit, each for all of them at once.
    """
    noise = os.urandom(10 * (len(target) // every)).hex()
    for column, at in enumerate(_RANDOM):
        digits = noise[column::20]
        if at == _VARIANT_AT:
            digits = digits.translate(_VARIANT)
        target[first + at :: every] = digits.encode()

"""Names of things and of events."""

import os
import re
from base64 import b32encode

ID_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,99}$"
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_VARIANT = str.maketrans("0123456789abcdef", "89ab" * 4)


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
    variants = noise.translate(_VARIANT)  # the two highest bits of a digit say the variant, 10
    stamp = f"{milliseconds:012x}"
    head = f"{stamp[:8]}-{stamp[8:]}-7"
    return [
        f"{head}{noise[at : at + 3]}-{variants[at + 3]}{noise[at + 4 : at + 7]}"
        f"-{noise[at + 7 : at + 19]}"
        for at in range(0, 20 * count, 20)
    ]

"""Ids for what others never gave one: the same for the same content.

By them a second import finds what the first one made.
"""

import re
import unicodedata
from base64 import b32encode
from hashlib import blake2b

LONGEST = 100
_OTHER = re.compile(r"[^a-z0-9]+")


def slug(text: str, most: int = 60) -> str:
    """A name as an id: small letters without accents, the rest as `-`; empty where none is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _OTHER.sub("-", plain).strip("-")[:most].strip("-")


def id_of(text: str, most: int = 60) -> str:
    """A name as an id; what a slug would lose (other scripts, what is cut) is kept as a hash.

    Two names have one id only where they differ in case, accents, spaces or punctuation.
    """
    made = slug(text, most)
    letters = sum(map(str.isalnum, unicodedata.normalize("NFKD", text)))
    kept = sum(map(str.isalnum, made))
    return made if made and kept >= letters else f"{made}-{digest(text.casefold(), 8)}".lstrip("-")


def stable_id(prefix: str, *parts: str) -> str:
    """An id by which the same content is found again: the prefix, and 16 characters of a hash."""
    return f"{slug(prefix, LONGEST - 17)}-{digest(chr(31).join(parts), 16)}".lstrip("-")


def digest(text: str, length: int) -> str:
    """Some characters of a hash, 5 bits each."""
    made = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).digest()
    return b32encode(made).decode().lower()[:length]

"""Which of many names may be among those that were taken before: a bit for each hash.

It says yes of a few that are not: of 1 in 30 when 38 million were taken. What it says no of is none
of them, and need not be looked for (B. H. Bloom, 1970, with a single hash).
"""

from collections.abc import Iterable

_BITS = 1 << 30  # 128 MB, of which the system gives what is used
_MASK = (_BITS >> 3) - 1


class Seen:
    """Names that were taken; Python's own hash of a text is salted anew for each process."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, names: Iterable[str]) -> None:
        """Take names."""
        bits = self._bits = self._bits or bytearray(_MASK + 1)
        for digest in map(hash, names):
            bits[digest >> 3 & _MASK] |= 1 << (digest & 7)

    def among(self, names: Iterable[str]) -> list[str]:
        """Those of some names that may have been taken."""
        bits = self._bits
        return [
            name
            for name in (names if bits else ())
            if bits[(digest := hash(name)) >> 3 & _MASK] >> (digest & 7) & 1
        ]

"""What one query may take; the server gives these to the processes that it starts."""

import msgspec

_MIB = 1 << 20


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of a query, and of all of them together; sizes in bytes, times in seconds."""

    seconds: float = 10
    file_seconds: float = 30  # of a download
    rows: int = 10_000
    size: int = 16 * _MIB  # of the rows of a page, as they are sent
    file_rows: int = 1_000_000
    file_size: int = 256 * _MIB
    text_size: int = 16 << 10  # of the query itself, in UTF-8
    memory: int = 512 * _MIB  # that DuckDB may use
    headroom: int = 512 * _MIB  # address space beyond it, for rows on their way out
    spill: int = 512 * _MIB  # on disk, for what memory cannot hold
    at_once: int = 2  # queries; others wait
    wait_seconds: float = 20  # for one of those to end
    start_seconds: float = 120  # for views to be opened, or built


LIMITS = Limits()

"""DuckDB without the part of its Python package that only relations need: half of its start.

Rules kept here:
- whoever asks `connection.sql` imports `duckdb` itself: from then on every connection has it;
- a DuckDB that is laid out otherwise is imported whole.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb as engine
else:
    try:
        import _duckdb as engine
    except ImportError:
        import duckdb as engine

__all__ = ["engine"]

"""Views of a log in DuckDB: rebuilt from the log alone, and able to travel in time."""

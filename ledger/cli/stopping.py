"""Ctrl-C: what a person stops is no bug of ours, wherever in the program it is noticed."""

STOPPED = 130  # the exit code of a process that SIGINT ended, as shells have it
_IN_A_QUERY = "Query interrupted"  # DuckDB tells it so, in the place of KeyboardInterrupt


def was_stopped(error: BaseException) -> bool:
    """Whether an error only says that a person stopped the command."""
    return isinstance(error, KeyboardInterrupt) or (
        isinstance(error, RuntimeError) and str(error) == _IN_A_QUERY
    )

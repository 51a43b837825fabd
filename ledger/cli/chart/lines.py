"""Lines of a picture in text: cut and filled by the columns that they take in a terminal."""

from rich.cells import cell_len, set_cell_size

from ledger.charts.words import plain


def fit(text: str, width: int) -> str:
    """A text in one harmless line of at most so many columns."""
    return cut_to(plain(text), width)


def cut_to(line: str, width: int) -> str:
    """A line that is harmless already, cut to so many columns."""
    if cell_len(line) <= width:
        return line
    return set_cell_size(line, width - 1).rstrip() + "…"


def padded(text: str, width: int) -> str:
    """The same, filled with spaces."""
    return set_cell_size(fit(text, width), width)

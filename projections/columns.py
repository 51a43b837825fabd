"""What the columns of the views that people ask hold, in words."""

import tomllib
from functools import cache

from projections import catalog

_ENDS = {
    "_earliest": "first day of {}; null where open",
    "_latest": "last day of {}; null where open",
}
_SIDES = ("left", "right")


@cache
def _meanings() -> dict[str, str]:
    """The meaning of each column, and of `view.column` where it has one of its own there."""
    read = tomllib.loads((catalog.HERE / "columns.toml").read_text(encoding="utf-8"))
    own = read.pop("in")
    return read | {
        f"{view}.{column}": said
        for view, columns in own.items()
        for column, said in columns.items()
    }


def meaning(view: str, column: str) -> str:
    """What a column of a view holds; empty where nobody said it."""
    if said := _said(view, column):
        return said
    for end, words in _ENDS.items():
        if column.endswith(end):
            return words.format(column.removesuffix(end))
    side, _, name = column.partition("_")
    return f"{said}; of the {side} one" if side in _SIDES and (said := _said(view, name)) else ""


def _said(view: str, column: str) -> str:
    return _meanings().get(f"{view}.{column}") or _meanings().get(column, "")

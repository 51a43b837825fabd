"""The Claims Ledger: who said what, when, as reported by whom, provably.

`Ledger` is the way in from Python; `claims` is the command line.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ledger.api import Ledger
    from ledger.errors import ClaimsError

__all__ = ["ClaimsError", "Ledger"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  a module gives anything
    """Import what is asked for when it is asked for: `claims --help` needs none of it."""
    if name == "Ledger":
        from ledger.api import Ledger

        return Ledger
    if name == "ClaimsError":
        from ledger.errors import ClaimsError

        return ClaimsError
    raise AttributeError(name)

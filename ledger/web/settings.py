"""What `claims serve` was asked to do."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """A server's ledger, the names by which browsers may call it, and who may write.

    `token` is None where nothing may be written. `hosts` are names without a port.
    """

    folder: Path
    hosts: frozenset[str] = frozenset({"localhost", "127.0.0.1", "[::1]"})
    token: str | None = None
    actor: str = "unknown"

    @property
    def writable(self) -> bool:
        """Whether statements may be recorded in the browser."""
        return self.token is not None

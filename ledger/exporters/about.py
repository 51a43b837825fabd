"""What every export says of itself: from which ledger it is, and that it holds claims."""

from collections.abc import Iterator

import msgspec

CLAIMED = (
    "These are claims, as recorded: somebody claimed each of them. Whether they are true,"
    " the ledger does not say."
)
OWN = "urn:claims-ledger:v1:"  # what our own names begin with, in JSON-LD and elsewhere


class About(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where an export comes from.

    `size` counts the events that it was made of, `root` is their root hash (RFC 6962) in hex,
    `recorded_until` the time of the last of them. `chosen` says in words what of it is there.
    """

    origin: str
    size: int
    root: str
    verifier_key: str
    title: str | None = None
    recorded_until: str | None = None
    chosen: str | None = None
    licence: str | None = None
    notice: str = CLAIMED

    def facts(self) -> dict[str, str | int]:
        """What is known, by name; what is not known is left out."""
        found = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in found.items() if value is not None}

    def pairs(self, prefix: str = "") -> Iterator[tuple[str, str]]:
        """The same as texts."""
        return ((f"{prefix}{name}", str(value)) for name, value in self.facts().items())

    def json(self, **more: object) -> bytes:
        """The same as a JSON file."""
        return as_json({**self.facts(), **more})

    @property
    def name(self) -> str:
        """What to call the export."""
        return self.title or f"Claims of {self.origin}"

    @property
    def sentence(self) -> str:
        """Where it comes from, in one sentence."""
        part = f" ({self.chosen})" if self.chosen else ""
        size = "1 event" if self.size == 1 else f"{self.size:,} events"
        return f"Exported from {self.origin} at {size}{part}, root {self.root}."


def as_json(value: object) -> bytes:
    """A JSON file: indented, in UTF-8, with a newline at its end."""
    return msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2) + b"\n"

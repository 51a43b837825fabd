"""What can go wrong while projecting; the caller says it to a person."""


class NewerEvents(Exception):
    """The log holds events of types that this code does not know, so no view can be right."""

    def __init__(self, types: list[str]) -> None:
        super().__init__(", ".join(types))
        self.types = types


class Superseded(Exception):
    """Another program swapped in another view file between what was read of it and its use."""


class ErasurePending(Exception):
    """The lines hold what a redaction names: it is on its way, and no view file is to keep it."""

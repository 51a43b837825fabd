"""The envelope: what every line says besides its data (CloudEvents 1.0)."""

from datetime import datetime

import msgspec

from events.values import Value
from events.vocabulary import Agent


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An event that has been decided on but has no place in the log yet.

    `key` stands on the event that its command's verb names, so that a repetition is known.
    """

    data: Value
    subject: str
    actor: str
    agent: Agent = "person"
    key: str | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """An event at its position (from 0) in the log; `batch` is the half-open range it came in.

    Of an event that was redacted, `data` is a `Redacted`, and subject and actor are empty.
    """

    position: int
    id: str
    type: str
    time: datetime
    source: str
    data: Value
    subject: str = ""
    actor: str = ""
    agent: Agent = "person"
    batch: range | None = None
    key: str | None = None


class Placing(msgspec.Struct, frozen=True, kw_only=True):
    """What the log gives to the events of one batch: origin, first position, count and time.

    `time` is in UTC and the same for the whole batch.
    """

    origin: str
    first: int
    count: int
    time: datetime

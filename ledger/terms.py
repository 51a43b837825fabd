"""What a caller asks of a writer, who writes, and the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from events.vocabulary import Agent


def now_utc() -> datetime:
    """The clock, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Recorder:
    """Who writes, where a command does not say it."""

    actor: str
    agent: Agent = "person"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a caller asks of a writer.

    `expect_size` is a count of events; `accept_restored` is the reason for going on from a log
    that does not extend the remembered head, `accept_clock` goes on when the clock is far behind;
    `seal` lets a writer that filled a segment seal it before it closes, if that takes no time.
    """

    actor: str
    agent: Agent = "person"
    expect_size: int | None = None
    accept_restored: str | None = None
    accept_clock: bool = False
    seal: bool = True
    clock: Callable[[], datetime] = now_utc

"""What every chart says below its title: that it shows claims, and of which moment."""

from ledger.asker import Asker


def as_recorded(ask: Asker) -> str:
    """That these are claims, as recorded, with the size of the ledger and its last time (UTC)."""
    [now] = ask.named("chart_moment")
    size = counted(now["size"], "event")
    until = f", the last of {now['recorded_at']:%Y-%m-%d %H:%M} UTC" if now["size"] else ""
    return f"Claims as recorded in {size}{until}; whether they are true is not said."


def counted(count: int, noun: str) -> str:
    """A count with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"

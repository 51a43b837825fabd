"""Whether a folder may be published to: a new one, or the site of this very history.

Rules kept here:
- a folder that holds anything else than a site is refused, and so is the ledger itself;
- a site may only grow: the head that it shows must be an earlier head of this log, or the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.checkpoint import Checkpoint, parse_checkpoint
from ledger.disk import telling
from ledger.errors import Busy, Conflict, Refused, UsageFault
from ledger.locks import hold
from ledger.log import Log
from ledger.note import BadNote

CHECKPOINT = "checkpoint"
DOCUMENTS = "documents.html"
STAGING = ".publishing"
LOCK = ".publishing.lock"
NAMES = frozenset({
    CHECKPOINT, "checkpoints", "documents", DOCUMENTS, "index.html", "ledger.toml", "log", "tile",
    "views", "withdrawn.json", STAGING, LOCK,
})  # fmt: skip
OF_A_HOST = frozenset({".git", ".gitattributes", ".nojekyll", ".well-known", "CNAME", "robots.txt"})
_SHOWN = 5


def check_folder(site: Path, ledger: Path) -> None:
    """Check that a folder is new, empty or a site; raises UsageFault, Refused."""
    where, home = site.resolve(), ledger.resolve()
    if where == home or home in where.parents:
        raise UsageFault(
            f"{site} is the ledger, or lies in it.",
            way_out="Name a folder beside the ledger: what is published lies apart from it.",
        )
    if not site.exists():
        if not site.parent.is_dir():
            raise Refused(
                f"{site} lies in a folder that is not there.",
                way_out="Make the folder above it, or name another.",
            )
    elif not site.is_dir():
        raise Refused(f"{site} is a file.", way_out="Name a folder, a new one for instance.")
    else:
        _check_names({path.name for path in site.iterdir()} - OF_A_HOST, site)


def _check_names(found: set[str], site: Path) -> None:
    strange = sorted(found - NAMES)
    if strange:
        more = ", …" if len(strange) > _SHOWN else ""
        raise Refused(
            f"{site} holds other things: {', '.join(strange[:_SHOWN])}{more}.",
            way_out="Name a new or empty folder, or one that was published to before.",
        )
    if found and not found & {"tile", STAGING, LOCK}:
        raise Refused(
            f"{site} is not empty, and is no published site.",
            way_out="Name a new or empty folder, or one that was published to before.",
        )


def read_head(site: Path, log: Log) -> Checkpoint | None:
    """The head that a site shows, which this log extends; None where it shows none yet.

    Raises Refused where it cannot be read, Conflict where it is not an earlier head of this log.
    """
    path = site / CHECKPOINT
    try:
        head = parse_checkpoint(path.read_bytes())[1]
    except FileNotFoundError:
        return None
    except BadNote as error:
        raise Refused(
            f"The checkpoint of the site cannot be read: {error}.",
            way_out="Look how it came there; then remove the folder, and publish anew.",
        ).at(file=str(path)) from error
    why, way_out = _difference(head, log)
    if why:
        raise Conflict(f"The site {why}.", way_out=way_out).at(file=str(path))
    return head


def _difference(head: Checkpoint, log: Log) -> tuple[str, str]:
    """What keeps a log from being an extension of a head, and what to do; empty where nothing."""
    if head.origin != log.origin:
        return f"is that of another ledger, {head.origin}", "Name a folder of its own."
    if head.size > log.signed_size:
        why = f"shows {head.size:,} events; this ledger has signed {log.signed_size:,}"
        return why, "Publish from the ledger that was published last; this one is behind it."
    if head.root != log.root_at(head.size):
        why = f"shows another history: its root hash at {head.size:,} events is not this ledger's"
        return why, "Keep that checkpoint: with this ledger's it is evidence of two histories."
    return "", ""


@contextmanager
def holding(site: Path, wait_seconds: float) -> Iterator[None]:
    """Keep others from writing to the site meanwhile; raises Busy."""
    with telling(site):
        site.mkdir(exist_ok=True)
    try:
        held = hold([site / LOCK], wait_seconds)
    except Busy as error:
        raise Busy(
            f"Another process has been publishing to {site} for {wait_seconds:g} seconds.",
            way_out="Let it end, then repeat.",
        ).at(file=str(site / LOCK)) from error
    with held:
        yield

"""`publish`: brings a site to the signed head of a ledger, and writes only what is new.

Rules kept here:
- only what the signed head covers is published, and the lines that are new must lead to its root;
- the site is changed only when all of that is made (see `staging`), and not where content was
  erased meanwhile;
- where the site lacks what its own head covers, all of it is made anew.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ledger.disk import telling
from ledger.erasures import UNDER_WAY
from ledger.errors import Busy, Damaged
from ledger.kept import read_kept
from ledger.leaves import hashes_of_lines
from ledger.log import Log, root_differs
from ledger.publish.copies import (
    documents_named,
    stage_documents,
    stage_segments,
    stage_settings,
)
from ledger.publish.entries import WITHDRAWN, Bundles, bundles_with, read_groups, withdrawn_list
from ledger.publish.hashes import SiteShort, Tiles, superseded
from ledger.publish.known_sites import remember_site
from ledger.publish.page import Page, list_documents, make_page
from ledger.publish.parquet import FOLDER as VIEWS
from ledger.publish.parquet import PublishedView, stage_views
from ledger.publish.place import CHECKPOINT, DOCUMENTS, check_folder, holding, read_head
from ledger.publish.staging import Staging
from ledger.tiles import TILE_WIDTH

WAIT_SECONDS = 120.0

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Options:
    """What a site is to hold besides the log, and who is told how far it is (lines, of lines)."""

    documents: bool = False
    views: bool = True
    wait_seconds: float = WAIT_SECONDS
    progress: Progress | None = None


@dataclass(frozen=True)
class Published:
    """What a publication did; `earlier_size` is that of the head that the site showed before."""

    site: Path
    origin: str
    size: int
    root: str
    earlier_size: int
    files_written: int
    bytes_written: int
    files_removed: int
    bundles_withdrawn: int
    documents: int
    views: int
    remembered: bool


@dataclass
class _Lines:
    """What a pass over the lines gave: the documents that they name, and what was erased."""

    named: set[str] = field(default_factory=set)
    erased: dict[int, int] = field(default_factory=dict)


def publish(log: Log, site: Path, options: Options | None = None) -> Published:
    """Bring a site to the signed head that a log has now.

    Raises UsageFault or Refused where the folder is none for it, Conflict where the site shows
    another or a longer history, Busy, Damaged where the lines are not those that were signed,
    DiskFailed. The site is then as it was.
    """
    options = options or Options()
    with telling(site):
        check_folder(site, log.folder)
    with holding(site, options.wait_seconds):
        log.refresh()
        if (log.folder / UNDER_WAY).exists():
            raise _erasing(log)
        return publish_held(log, site, options)


def publish_held(log: Log, site: Path, options: Options) -> Published:
    """The same while the site is held already."""
    with telling(site):
        head = read_head(site, log)
        remembered = _remember(log.folder, site)
        with Staging(site) as staging:
            page = _stage(staging, log, head.size if head else 0, options)
            written, removed = staging.count, staging.removed
            if log.redacted_since(log.signed_size):
                raise _erasing(log)
            staging.commit()
        _tidy(site)
    return Published(
        site=site,
        origin=log.origin,
        size=log.signed_size,
        root=log.checkpoint.root.hex(),
        earlier_size=head.size if head else 0,
        files_written=written,
        bytes_written=staging.bytes_written,
        files_removed=removed,
        bundles_withdrawn=page.withdrawn,
        documents=len(page.documents or ()),
        views=len(page.views),
        remembered=remembered,
    )


def _erasing(log: Log) -> Busy:
    return Busy(
        "Content of the ledger is being erased: what was read of it must not be published.",
        way_out="Repeat this in a moment. If it was interrupted, the next append finishes it.",
    ).at(file=str(log.folder))


def _stage(staging: Staging, log: Log, trusted: int, options: Options) -> Page:
    lines = _stage_lines(staging, log, trusted, options)
    page = Page(
        parts=stage_segments(staging, log, trusted, lines.erased),
        kept=stage_settings(staging, log),
        views=_stage_views(staging, log, options),
        documents=_stage_documents(staging, log, options, lines),
        withdrawn=_stage_withdrawn(staging, log, lines),
    )
    note = signed_head(log)
    staging.put_changed("index.html", make_page(log, note, page))
    staging.put_changed(CHECKPOINT, note)
    return page


def _remember(ledger: Path, site: Path) -> bool:
    """Whether an erasure will know of the site; a ledger on a read-only medium cannot tell it."""
    try:
        remember_site(ledger, site)
    except OSError:
        return False
    return True


# ── the log ──────────────────────────────────────────────────────────────────────────────────


def _stage_lines(staging: Staging, log: Log, trusted: int, options: Options) -> _Lines:
    """Make tiles and bundles; all of them where the site lacks some that it should have."""
    try:
        return _stage_from(trusted - trusted % TILE_WIDTH, staging, log, trusted, options)
    except SiteShort:
        staging.clear()
        return _stage_from(0, staging, log, 0, options)


def _stage_from(start: int, staging: Staging, log: Log, trusted: int, options: Options) -> _Lines:
    """Read all lines; those from `start` on, a multiple of 256, are hashed and must be signed."""
    head, found = log.checkpoint, _Lines()
    tiles, bundles = Tiles(staging, trusted), Bundles(staging, trusted)
    if start:
        tiles.resume(log, start)
    for index, lines in enumerate(read_groups(log, head.size)):
        if index * TILE_WIDTH < start:
            bundles.expect(index, lines)
        else:
            bundles.take(index, lines)
            tiles.take(hashes_of_lines(lines))
        if options.documents:
            found.named.update(documents_named(log, index * TILE_WIDTH, lines))
        if options.progress:
            options.progress(index * TILE_WIDTH + len(lines), head.size)
    tiles.finish()
    if tiles.frontier.root() != head.root:
        raise root_differs(log.folder, head)
    found.erased = bundles.erased
    return found


# ── what goes with it ────────────────────────────────────────────────────────────────────────


def _stage_views(staging: Staging, log: Log, options: Options) -> list[PublishedView]:
    if options.views:
        return stage_views(staging, log)
    staging.drop_others(VIEWS)
    return []


def _stage_documents(
    staging: Staging, log: Log, options: Options, lines: _Lines
) -> list[str] | None:
    """The documents, and the page that links them, so that a copy by links is complete."""
    if options.documents:
        names = stage_documents(staging, log, lines.named)
        staging.put_changed(DOCUMENTS, list_documents(log, names))
        return names
    staging.drop_others("documents")
    staging.drop(DOCUMENTS)
    return None


def _stage_withdrawn(staging: Staging, log: Log, lines: _Lines) -> int:
    """List the bundles that are not served, and take away what an earlier publication wrote."""
    if not lines.erased:
        return 0
    for name in bundles_with(staging.site, lines.erased):
        staging.withdraw(name)
    staging.put_changed(WITHDRAWN, withdrawn_list(log.origin, log.signed_size, lines.erased))
    return len({position // TILE_WIDTH for position in lines.erased})


def signed_head(log: Log) -> bytes:
    """The signed head, with the signatures of others where the ledger keeps them for that size."""
    kept = read_kept(log.folder, log.signed_size, log.chain)
    if kept is None:
        return log.extent.note
    if kept.text != log.checkpoint.format():
        raise Damaged(
            f"A kept head of {log.signed_size:,} events has another root hash than the checkpoint,"
            " and the ledger's key signed both.",
            way_out="`claims verify` says which of them is that of the log.",
        ).at(file=str(log.folder / "checkpoints"))
    return kept.format()


def _tidy(site: Path) -> None:
    """Take away partial tiles and bundles whose full one is there (C2SP tlog-tiles allows it)."""
    for folder in list(superseded(site)):
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()

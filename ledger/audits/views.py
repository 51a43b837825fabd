"""Whether the views follow from the log and from nothing else: they are replayed, and compared.

Rules kept here:
- what counts is a replay of the signed log, made for this check and gone afterwards;
- the view file is held against it, and so is the last attestation by the same code;
- in a large ledger the views are not compared row by row, unless asked to be strict: their
  definitions and the rows of the tables that they are made of are, and nothing else goes into them.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING

import duckdb

from events.codec import NotAnEvent
from ledger.attest import Attestation, attestations, compare
from ledger.audits.view_file import StoredViews
from ledger.errors import Refused
from ledger.findings import Finding, Findings
from ledger.views import replayed
from projections import catalog
from projections.at_once import break_off
from projections.digest import Digest, digest_views
from projections.stamp import view_file

if TYPE_CHECKING:
    from ledger.log import Log
    from projections.database import Database

LARGE = 20_000  # events, beyond which the digests of all views take longer than all else
MEMORY = "2GB"  # what DuckDB holds of each of the two view files; left alone, most of the machine's

Progress = Callable[[int, int], None]


def check_views(log: "Log", findings: Findings, progress: Progress | None = None) -> int:
    """Check the view file and the attestations of a log whose lines are as they were signed.

    Gives the number of views that were compared; 0 where there is no view file and no attestation,
    since views are built when they are asked. `progress` is told of steps done and steps in all.
    """
    steps = _Steps(progress)
    try:
        return findings.attempt(lambda: _check_views(log, findings, steps)) or 0
    except (duckdb.Error, NotAnEvent) as error:
        findings.add(
            Finding(
                what=f"the log cannot be made into views: {_first_line(error)}",
                file=str(log.folder / "log"),
            )
        )
        return 0
    finally:
        steps.finish()


class _Steps:
    """Counts the steps of the check."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress = progress
        self.done = 0
        self.total = 1 + len(catalog.tables()) + len(catalog.views())

    def step(self) -> None:
        """Say that one more is done."""
        self.done += 1
        if self.progress:
            self.progress(min(self.done, self.total), self.total)

    def finish(self) -> None:
        """Say that all is done, whatever was passed over."""
        if self.progress:
            self.progress(self.total, self.total)


def _check_views(log: "Log", findings: Findings, steps: _Steps) -> int:
    checked = StoredViews(log, view_file(log.folder), findings)
    stored = _opened(checked) if checked.path.exists() else None
    if stored and stored.built.size > log.signed_size:  # it was merged since the log was looked at
        checked.log = log = copy(log)
        log.refresh()
    attested = _believed(log, findings)
    if stored is None and attested is None:
        return 0
    try:
        with replayed(log, log.signed_size) as fresh:
            steps.step()
            return _hold_against(fresh, checked, stored, attested, steps)
    except Refused as error:
        findings.notes.append(f"The views were not compared. {error.what}")
        return 0
    finally:
        if stored:
            stored.close()


def _opened(checked: StoredViews) -> "Database | None":
    """The view file; None where it is damaged, which is a finding, or of no use."""
    opened = None
    with _reading(checked):
        checked.check_bytes()
        opened = checked.open()
    return opened  # noqa: RET504  a fault within ends the block, not the function


def _hold_against(
    fresh: "Database",
    checked: StoredViews,
    stored: "Database | None",
    attested: Attestation | None,
    steps: _Steps,
) -> int:
    for each in (fresh, stored):
        if each is not None:
            each.bound_memory(MEMORY)
    small = fresh.size <= LARGE or checked.findings.strict
    sound = stored is not None and _check_stored(checked, stored, fresh, steps)
    held = attested is not None and (small or attested.said.size == fresh.size)
    now: dict[str, Digest] = {}
    if stored and sound and small:
        now = _check_digests(checked, stored, fresh, steps)
    elif held:
        now = _digests(fresh, steps)
    if attested and held:
        _check_attestation(checked, attested, fresh, now)
    return len(catalog.views())


def _check_stored(
    checked: StoredViews, stored: "Database", fresh: "Database", steps: _Steps
) -> bool:
    """Check what the views of the file are made of; whether all of that is as it should be."""
    built = stored.built
    known = built.size <= fresh.size
    root = checked.log.root_at(built.size).hex() if known else f"size {fresh.size} at most"
    if built.root != root:
        what = f"the root that the view file was built from, at size {built.size}"
        checked.wrong(what, root, built.root)
        return False
    sound = False
    with _reading(checked):
        made_alike = checked.check_definitions(stored, fresh)
        sound = made_alike and checked.check_tables(stored, fresh, steps.step)
    return sound  # noqa: RET504  the same


def _check_digests(
    checked: StoredViews, stored: "Database", fresh: "Database", steps: _Steps
) -> dict[str, Digest]:
    """Compare the views of the file with those of the replay; gives the digests of these.

    Both are asked at once: of few events most of it is to plan queries, which one core does.
    """
    with ThreadPoolExecutor(1, "digests") as threads:
        found = threads.submit(checked.digests, stored)
        try:
            now = _digests(fresh, steps)
            with _reading(checked):
                checked.check_digests(found.result(), now)
        except BaseException:
            break_off({found: stored.connection})
            raise
    return now


def _digests(fresh: "Database", steps: _Steps) -> dict[str, Digest]:
    now: dict[str, Digest] = {}
    for name, digest in digest_views(fresh.connection):
        now[name] = digest
        steps.step()
    return now


@contextmanager
def _reading(checked: StoredViews) -> Iterator[None]:
    """Turn what DuckDB cannot read of the view file into a finding."""
    try:
        yield
    except (duckdb.Error, OSError) as error:
        checked.wrong(f"the view file cannot be read: {_first_line(error)}")


def _believed(log: "Log", findings: Findings) -> Attestation | None:
    """The last attestation by this code; one that speaks of another log is a finding."""
    last = None
    for each in attestations(log):
        size = each.said.size
        root = log.root_at(size).hex() if size <= each.position else "a size before it"
        if each.said.root != root:
            findings.add(
                Finding(
                    what=f"the root that was attested for size {size}",
                    file=str(log.folder / "log"), position=each.position,
                    expected=root, found=each.said.root,
                )
            )  # fmt: skip
        elif each.said.code == catalog.code_digest() and size <= log.signed_size:
            last = each
    return last


def _check_attestation(
    checked: StoredViews, one: Attestation, fresh: "Database", now: dict[str, Digest]
) -> None:
    """Compare an attestation with the replay as of its size."""
    digests = {name: each.hex for name, each in now.items()}
    if one.said.size != fresh.size:
        fresh.set_as_of(one.said.size)
        digests = fresh.digests()
    compared = compare(checked.log, one, digests)
    for each in compared.differences if compared.verdict == "differs" else ():
        checked.findings.add(
            Finding(
                what=f"the view {each.view} as attested for size {one.said.size}",
                file=str(checked.log.folder / "log"), position=one.position,
                expected=f"digest {each.replayed}", found=f"{each.attested}",
            )
        )  # fmt: skip


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]

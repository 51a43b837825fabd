"""The git history of one data file: the ledger as of a commit is the file at that commit.

repository ─▶ git_line (commits) ─▶ git_files (versions) ─▶ git_rows (fields) ─▶ git_changes
              git_program                                                        (commands)
Rules kept here:
- a row of the import is a commit that touches the file; it is taken whole or refused whole, and
  after one that is refused the next goes on from the last that was taken;
- positions are those that the events will have in the ledger as it stands, or else nothing is
  appended: a row says which size it expects.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ledger.errors import ClaimsError, Refused, UsageFault
from ledger.importers.git_changes import Change, Changes, Recorded, commit_id, file_id_of
from ledger.importers.git_files import Key, Line, form_of, keyed, version_of
from ledger.importers.git_line import Step, steps_of
from ledger.importers.git_program import Blobs, Repository
from ledger.importers.git_rows import RowReader, Wanted, lacking
from ledger.importers.git_settings import GitSettings, guess_settings
from ledger.importers.rows import Fault, Item, Raw, Row
from ledger.importers.tables_names import Names, Sources
from ledger.importers.tables_parts import Lookups
from ledger.importers.trial import Trial

if TYPE_CHECKING:
    from ledger.api import Ledger

SETTINGS = GitSettings

_ELSEWHERE = {"file", "branch", "name"}  # settings that say where, not how, a file is read


def guess(form: str, files: Sequence[str]) -> dict[str, Any]:
    """There is nothing to guess before the file is named."""
    return guess_with(form, files, {})


def guess_with(form: str, files: Sequence[str], told: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001  as all formats
    """The settings of a repository's file."""
    return guess_settings(only(files), told)


def read(form: str, files: Sequence[str], settings: GitSettings) -> Iterator[Item]:  # noqa: ARG001  as all formats
    """A history is read against what a ledger holds of it already; see `read_into`."""
    raise UsageFault("A history is read into a ledger.", way_out="Use claims import git-history.")


def read_into(
    ledger: "Ledger",
    form: str,  # noqa: ARG001  as all formats
    files: Sequence[str],
    settings: GitSettings,
) -> Iterator[Item]:
    """The commits that touch the file, oldest first, each as one row."""
    folder = only(files)
    repository = Repository(folder)
    steps = steps_of(repository, settings.branch, settings.file)
    history = History(ledger, folder, settings, steps)
    with repository.blobs([step.blob for step in steps if step.blob and step.is_file]) as blobs:
        for number, step in enumerate(steps, 1):
            yield history.item(number, step, blobs)
    history.end()


def only(files: Sequence[str]) -> str:
    """The repository; raises UsageFault where several are named."""
    if len(files) != 1:
        raise UsageFault(
            "One repository at a time.", way_out="claims import git-history REPO --set file=PATH"
        )
    return files[0]


class History:
    """Goes along the commits of a file with what the ledger holds of it."""

    def __init__(
        self, ledger: "Ledger", folder: str, settings: GitSettings, steps: Sequence[Step]
    ) -> None:
        self.folder = folder
        self.settings = settings
        self.file_id = file_id_of(settings.name, steps[0].path)
        self.keys = f"git:{self.file_id}:{fingerprint(settings)}"
        self.recorded = Recorded()
        self.columns: dict[str, None] = {}  # of all versions
        self.found = Lookups(
            Names(ledger, "speaker", settings.speakers),
            Names(ledger, "measure", settings.measures), Sources(ledger), {},
        )  # fmt: skip
        self.trial = Trial(ledger, Path())
        self.base = self.trial.known.size
        self.size = self.base  # of the ledger as of the commit that was read last
        self.standing = deque(recorded_commits(ledger, self.file_id))

    def item(self, number: int, step: Step, blobs: Blobs) -> Item:
        """What becomes of a commit."""
        units = dict(self.found.units)
        try:
            changes = list(self._changes(step, blobs))
            return self._row(number, step, changes)
        except Stopped:
            raise
        except ClaimsError as error:
            self.found.units.clear()
            self.found.units.update(units)
            if self._is_next(step):
                raise self._differs(step) from error
            return fault_of(error, number, step, self.folder)

    def end(self) -> None:
        """Refuse a line that lacks commits of the ledger, and columns that no version has."""
        if self.standing:
            raise Refused(
                f"The ledger holds commit {self.standing[0][-40:]} of {self.file_id}, and the line"
                f" of {self.settings.branch} does not.",
                way_out=REWRITTEN,
            )
        if self.columns and (refused := lacking(self.settings, list(self.columns))):
            raise refused

    # ── a commit ─────────────────────────────────────────────────────────────────────────────

    def _changes(self, step: Step, blobs: Blobs) -> Iterator[Raw | Change]:
        changes = Changes(self.recorded, self.file_id, step.commit, self.keys)
        made: list[Change] = []
        if step.blob is None:
            if self.recorded.source is not None:
                made = list(changes.of(step.path, None, {}, {}))
        else:
            shape, lines, names = self._version(step, blobs)
            wanted, shared = self._wanted(lines, names)
            yield from self._new(shared, step)
            made = list(changes.of(step.path, shape, lines, wanted))
        yield from made
        if made:
            yield changes.end()

    def _version(self, step: Step, blobs: Blobs) -> tuple[str, dict[Key, Line], list[str]]:
        if not step.is_file:
            raise Refused("It is a link or a module there, and no file.")
        form = form_of(step.path, self.settings.form)
        version = version_of(blobs.next(), form, self.settings)
        self.columns |= dict.fromkeys(version.columns)
        return version.shape, keyed(version, self.settings.key), version.columns

    def _wanted(
        self, lines: dict[Key, Line], names: list[str]
    ) -> tuple[dict[Key, Wanted], list[Raw]]:
        """The fields of the rows that do not stand as they are, and whom and what they name."""
        new = {key: line for key, line in lines.items() if not self._stands(key, line)}
        shared: list[Raw] = []
        wanted: dict[Key, Wanted] = {}
        if new:
            reader = RowReader(self.file_id, self.settings, names, self.found)
            reader.look_up(list(new.values()))
            for key, line in new.items():
                made = reader.row(line, leave=self.settings.unreadable == "leave")
                wanted[key] = made.wanted
                shared += made.shared
        return wanted, shared

    def _stands(self, key: Key, line: Line) -> bool:
        held = self.recorded.rows.get(key)
        return held is not None and held.void is None and held.report["quote"] == line.said

    def _new(self, shared: list[Raw], step: Step) -> Iterator[Raw]:
        """What rows name and the ledger does not have yet, each once; speakers come first."""
        made: dict[tuple[str, str], Raw] = {}
        for raw in shared:
            noun = NOUNS[raw["command"]]
            made.setdefault((noun, raw[f"{noun}_id"]), raw)
        known = self.trial.look_up(made)
        for name in sorted(made, key=lambda name: name[0] != "speaker"):
            if known.thing(*name) is None:
                yield made[name] | {"actor": step.commit.author}

    def _row(self, number: int, step: Step, changes: list[Raw | Change]) -> Row:
        """The row of a commit, once the rule book took it; what it makes is remembered."""
        commands = [each.command if isinstance(each, Change) else each for each in changes]
        size = self.trial.known.size
        row = Row(number=number, commands=commands, file=self.folder, expect_size=size)
        tried = self.trial.rows([row])
        for fault in tried.faults:
            raise Refused(fault.what, field=fault.column, way_out=fault.way_out)
        if commands and self._stands_already(step) and size < self.trial.known.size:
            raise self._differs(step)
        for change, decision in zip(changes, tried.decisions, strict=True):
            size += len(decision.drafts)
            position = size - 1 if decision.unchanged_at is None else decision.unchanged_at
            self.size = position + 1  # a commit's last event is the source that stands for it
            if isinstance(change, Change):
                change.remember(position)
        self._forget(row.expect_size or 0)
        return msgspec.structs.replace(row, size_after={step.commit.sha: self.size})

    def _forget(self, first: int) -> None:
        """Forget what no later commit can ask for: memory grows with rows, not with commits."""
        known = self.trial.known
        known.keys.clear()
        for position in range(first, known.size):
            subject = known.events[position][0] if position in known.events else ""
            noun, _, name = subject.partition("/")
            thing = known.thing(noun, name)
            if thing and len(thing.forms) > 2:  # noqa: PLR2004  the first, which is its making, and the last
                middle = {at for at, _ in thing.forms[1:-1] if at >= self.base}
                thing.forms = [form for form in thing.forms if form[0] not in middle]
                for at in middle:
                    known.events.pop(at, None)

    # ── what the ledger holds of it ──────────────────────────────────────────────────────────

    def _is_next(self, step: Step) -> bool:
        own = commit_id(self.file_id, step.commit.sha)
        return bool(self.standing) and self.standing[0] == own

    def _stands_already(self, step: Step) -> bool:
        """Whether the ledger holds a commit; raises Stopped where it holds only later ones."""
        if self._is_next(step):
            self.standing.popleft()
            return True
        if self.standing:
            raise Stopped(
                f"Commit {step.commit.short} changes the file and is not in the ledger, but later"
                f" ones are: {self.standing[0][-40:]}.",
                way_out=REWRITTEN,
            )
        return False

    def _differs(self, step: Step) -> Refused:
        return Stopped(
            f"Commit {step.commit.short} is in the ledger, but was read in another way than now.",
            way_out="Give the mapping of the first time (--mapping FILE); one that is changed"
            " needs --set name=OTHER, or another ledger.",
        )


class Stopped(Refused):
    """What no single commit is at fault for."""


REWRITTEN = (
    "Name the branch that was imported, as --set branch=main; a history that was rewritten is"
    " another one: --set name=OTHER, or another ledger."
)
NOUNS = {"register_speaker": "speaker", "define_measure": "measure", "cite_source": "source"}


def recorded_commits(ledger: "Ledger", file_id: str) -> list[str]:
    """The sources of the commits that the ledger holds of a file, oldest first."""
    sql = "select source_id from sources where version_of = $1 order by position"
    rows = ledger.views().connection.execute(sql, [file_id]).fetchall()
    return [source_id for (source_id,) in rows if source_id.startswith(f"{file_id}.")]


def fingerprint(settings: GitSettings) -> str:
    """A hash of how a file is read: what is read in another way makes other events."""
    said = settings.model_dump(mode="json", exclude_defaults=True, exclude=_ELSEWHERE)
    text = msgspec.json.encode(said, order="sorted")
    return blake2b(text, digest_size=8).hexdigest()


def fault_of(error: ClaimsError, number: int, step: Step, folder: str) -> Fault:
    """What is wrong with a commit."""
    line = f", line {error.place.line}" if error.place.line else ""
    what = f"Commit {step.commit.short}, {step.path}{line}: {error.what}"
    way_out = error.way_out or (
        "--skip-invalid leaves the commit out: the next goes on from the last that can be read."
    )
    return Fault(number=number, what=what, way_out=way_out, column=error.place.field, file=folder)

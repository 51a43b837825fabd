"""What an audit collects: findings, which are wrong, and notes, which an honest writer leaves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from ledger.errors import ClaimsError, Differs

MAX_FINDINGS = 1000  # a ledger may be wholly wrong; nobody reads more

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong: what, in which file, at which position, and how it should be."""

    what: str
    file: str
    position: int | None = None
    expected: str = ""
    found: str = ""

    def __str__(self) -> str:
        where = self.file if self.position is None else f"{self.file}, position {self.position}"
        how = f": expected {self.expected}, found {self.found}" if self.expected else ""
        return f"{where}: {self.what}{how}"


@dataclass
class Findings:
    """Collects what is wrong in a ledger, so that one fault does not hide the next."""

    folder: Path
    strict: bool
    wrong: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: int = 0

    def attempt(self, check: Callable[[], T]) -> T | None:
        """What a check gives; None, and a finding, where it fails."""
        try:
            return check()
        except Differs as fault:
            self.differs(fault)
        except ClaimsError as fault:
            self.add(Finding(what=fault.what, file=fault.place.file or str(self.folder)))
        except OSError as error:
            file = str(error.filename or self.folder)
            self.add(Finding(what=f"cannot be read: {error.strerror or error}", file=file))
        return None

    def differs(self, fault: Differs) -> None:
        """Collect a fault."""
        self.add(
            Finding(
                what=fault.thing,
                file=fault.place.file or str(self.folder),
                position=fault.position,
                expected=fault.expected,
                found=fault.found,
            )
        )

    def add(self, finding: Finding) -> None:
        """Collect a finding."""
        if len(self.wrong) < MAX_FINDINGS:
            self.wrong.append(finding)
        else:
            self.left_out += 1

    def take(self, findings: Sequence[Finding], left_out: int) -> None:
        """Collect what another collected."""
        for finding in findings:
            self.add(finding)
        self.left_out += left_out

    def note(self, what: str, file: Path, position: int | None = None) -> None:
        """Collect what an honest writer may have left behind: wrong only to the strict."""
        if self.strict:
            self.add(Finding(what=what, file=str(file), position=position))
        else:
            self.notes.append(what)

"""What was measured: figures by work, contender and size, round by round, kept as JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import filterfalse
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

FORMAT = 1  # of the JSON file


class NotOneRun(Exception):
    """Figures cannot stand side by side; the message says why."""


class Spread(NamedTuple):
    """Several runs of one thing."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """Median, least and most."""
    return Spread(median(values), min(values), max(values))


@dataclass
class Figure:
    """One contender at one work and one size; an entry a round in each list that is not empty.

    `unit` is `events/s` (more is better), `s` or `ms` (less is better), or `ratio`.
    """

    work: str
    contender: str
    size: int
    unit: str
    values: list[float] = field(default_factory=list)
    events: list[int] = field(default_factory=list)  # how many were worked on
    cpu_seconds: list[float] = field(default_factory=list)
    peak_bytes: list[int] = field(default_factory=list)
    disk_bytes: list[int] = field(default_factory=list)
    pace: list[float] = field(default_factory=list)  # times a raw loop beside it
    note: str = ""


@dataclass
class Missing:
    """What was not measured, and why."""

    work: str
    contender: str
    size: int
    why: str


@dataclass
class Results:
    """A whole run."""

    measured_at: str
    seed: int
    rounds: int
    sizes: list[int]
    machine: dict[str, Any]
    versions: dict[str, str]
    figures: list[Figure] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    format: int = FORMAT
    renewed: list[str] = field(default_factory=list)  # what a later run measured, and when

    def renew(self, later: "Results") -> None:
        """Take from a later run the works that it has, each with all contenders at its size.

        Raises NotOneRun.
        """
        anew = {(each.work, each.size) for each in later.figures}
        if (self.seed, self.machine["processor"]) != (later.seed, later.machine["processor"]):
            raise NotOneRun("a later run has to have the same seed and processor")
        if not {size for _, size in anew} <= {*self.sizes}:
            raise NotOneRun("a later run has to have the same sizes, or some of them")

        def is_anew(each: Figure | Missing) -> bool:
            return (each.work, each.size) in anew

        self.figures[:] = [*filterfalse(is_anew, self.figures), *later.figures]
        self.missing[:] = [*filterfalse(is_anew, self.missing), *filter(is_anew, later.missing)]
        self.renewed.append(f"{later.works()}: {later.rounds} rounds, {later.measured_at}")

    def works(self) -> str:
        """What was measured, the works of the same sizes together."""
        sizes: dict[str, list[int]] = {}
        for work, size in sorted({(each.work, each.size) for each in self.figures}):
            sizes.setdefault(work, []).append(size)
        works: dict[str, list[str]] = {}
        for work in dict.fromkeys(each.work for each in self.figures):
            at = ", ".join(f"{size:,}" for size in sizes[work])
            works.setdefault(at, []).append(work)
        return "; ".join(f"{', '.join(names)} at {at}" for at, names in works.items())

    def find(self, work: str, contender: str, size: int) -> Figure | None:
        """A figure, where it was measured."""
        wanted = (work, contender, size)
        return next(
            (each for each in self.figures if (each.work, each.contender, each.size) == wanted),
            None,
        )

    def reason(self, work: str, contender: str, size: int) -> str:
        """Why a figure was not measured."""
        wanted = (work, contender, size)
        for each in self.missing:
            if (each.work, each.contender, each.size) == wanted:
                return each.why
        return "it was not asked for"

    def of_work(self, work: str, size: int) -> list[Figure]:
        """All contenders at one work and size."""
        return [each for each in self.figures if (each.work, each.size) == (work, size)]

    def ratio(self, work: str, left: str, right: str, size: int) -> Spread | None:
        """How `left` stands to `right`, round by round: above 1, left has the larger value."""
        ours, theirs = self.find(work, left, size), self.find(work, right, size)
        if ours is None or theirs is None:
            return None
        pairs = zip(ours.values, theirs.values, strict=False)
        return spread([one / other for one, other in pairs])

    def beside_raw(self, figure: Figure) -> Spread | None:
        """An append against the raw loop: in the same seconds where that was measured."""
        if figure.pace:
            return spread(figure.pace)
        return self.ratio(figure.work, figure.contender, "raw", figure.size)

    def advantage(self, left: Figure, right: Figure) -> float:
        """How often one store appends in the time of another's append, fairly compared.

        Where both had a raw loop beside them, that counts: a disk is now faster, now slower.
        """
        if left.pace and right.pace:
            return median(left.pace) / median(right.pace)
        found = self.ratio(left.work, left.contender, right.contender, left.size)
        return found.median if found else 0.0

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", "utf-8")


def read_results(path: Path) -> Results:
    """Read what `Results.write` wrote."""
    raw = json.loads(path.read_text("utf-8"))
    if raw["format"] != FORMAT:
        raise ValueError(f"{path} has format {raw['format']}; this version knows {FORMAT}")
    figures = [Figure(**each) for each in raw.pop("figures")]
    missing = [Missing(**each) for each in raw.pop("missing")]
    return Results(**raw, figures=figures, missing=missing)


def best(figures: Iterable[Figure]) -> Figure | None:
    """The figure with the highest median of those that count events a second."""
    return max(figures, key=lambda each: median(each.values), default=None)

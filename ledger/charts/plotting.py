"""Estimates on a plot.

Rules kept here:
- an open bound is an arrow away from it; a figure that is about right, a range and a number without
  a figure each have a look of their own;
- the time that a number refers to is a stroke as long as it; marks that would hide each other step
  aside in time, never along the numbers;
- what cannot both be true is joined, what was denied or taken back is struck out, and what was
  recorded before and corrected stands behind as a ghost.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from ledger.charts import glyphs
from ledger.charts.axes import LABEL_SIZE, Axis, day_axis, number_axis
from ledger.charts.claims import Claim, Period, Row, claim_of
from ledger.charts.drawing import Drawing, Mark
from ledger.charts.furniture import EDGE, Frame
from ledger.charts.gathered import Gathered, Link, Told, ghost_words
from ledger.charts.glyphs import Glyph
from ledger.charts.labels import Label, place_labels
from ledger.charts.looks import Looks
from ledger.charts.palette import ALERT, GHOST
from ledger.charts.room import Box, Room
from ledger.charts.words import cut, shorter, width_of

HEIGHT = 330  # pixels of the plot
_LOW = 70  # the same where nobody gave a figure
_STRIP = 34  # pixels below the numbers for those without a figure
_HEADROOM, _LITTLE = 40, 12  # above the largest number, with an arrow near it and without
_HIGH = 0.8  # of the largest number, from which on an arrow is near it
_BEHIND, _MOST_BEHIND = 0.12, 90  # of the plot, and pixels, for the labels of the last marks
_LEAST_ARROW = 14  # pixels
_STEP = 10  # pixels by which a mark steps aside
_REACH = 25  # and how far it may stand beside its time
_MOST_JOINED = 40  # pairs that cannot both be true; beyond them a ring stands for the lines
_ALONG = (0.5, 0.4, 0.6, 0.3, 0.7)  # where the sign on the line between two may stand
_MOST_LABELS = 90
_NAME = 26  # characters of a label


class Placed(NamedTuple):
    """A mark in its place; `ys` are those of its bounds."""

    told: Told
    x: float
    ys: list[float]

    @property
    def box(self) -> Box:
        """The room that it takes."""
        return glyphs.box_of(self.told.row["comparator"], self.x, self.ys)


class EstimatesPlot:
    """The plot of a measure: axes, and what is drawn between them."""

    def __init__(
        self, drawing: Drawing, estimates: Sequence[Told], gathered: Gathered, *, width: float
    ) -> None:
        self.drawing = drawing
        self.estimates = sorted(estimates, key=lambda each: each.claim.order())
        self.gathered = gathered
        self.ghosts = [
            (ghost, claim)
            for ghost in gathered.ghosts
            if (claim := claim_of(ghost | {"speaker": "", "speaker_id": "-"})).period.known()
        ]
        claims = [each.claim for each in estimates] + [claim for _, claim in self.ghosts]
        self._drawn: set[tuple[float, float, float, str]] = set()  # strokes of time
        self.comparators = {claim.quantity.comparator for claim in claims}
        figures = any(claim.numbers() for claim in claims)
        self.height = HEIGHT if figures else _LOW
        self.floor = self.height - (_STRIP if "unspecified" in self.comparators else 0)
        self.y = self._number_axis(claims)
        widest = max((width_of(each, LABEL_SIZE) for each in self.y.ticks.values()), default=0)
        self.frame = Frame(width, left=EDGE + max(widest + 14, 40))
        behind = min(self.frame.plot * _BEHIND, _MOST_BEHIND)
        self.x = day_axis([claim.period for claim in claims], 0, self.frame.plot, behind=behind)

    def _number_axis(self, claims: Sequence[Claim]) -> Axis:
        numbers = [number for claim in claims for number in claim.numbers()]
        if not numbers:
            return Axis(0, 1, self.floor, 0, {})
        rising = [claim for claim in claims if claim.quantity.comparator in glyphs.UP]
        highest = max((number for claim in rising for number in claim.numbers()), default=None)
        high = highest is not None and highest > _HIGH * max(numbers)
        return number_axis(numbers, self.floor, 0, headroom=_HEADROOM if high else _LITTLE)

    def draw(self, looks: Looks, link: Link) -> None:
        """Draw all of it, what lies behind first."""
        room = Room(Box(-4, -24, self.frame.plot + self.frame.right - 4, self.height))
        placed = self._place(room)
        self._draw_strip()
        for each in placed.values():
            self._draw_period(each, looks, room)
        self._draw_ghosts(placed, room, link)
        self._draw_conflicts(placed, room)
        for each in placed.values():
            self._draw_mark(each, looks, link)
        self._draw_labels(list(placed.values()), looks, room)

    def _draw_labels(self, placed: Sequence[Placed], looks: Looks, room: Room) -> None:
        """Name the marks, those that say the same once; none where there are very many."""
        said = Counter(each.told.claim for each in placed)
        if len(said) > _MOST_LABELS:
            return
        first = {each.told.claim: each for each in reversed(placed)}
        several = len(looks.order) > 1
        labels = [
            _label(each, looks, self._ends(claim.period), Saying(said[claim], several=several))
            for claim, each in first.items()
        ]
        place_labels(self.drawing, room, labels[::-1])

    def kinds(self) -> set[str]:
        """What kinds of marks there are; `MEANINGS` has them."""
        rows = [each.row for each in self.estimates]
        more = {
            "period": any(row["reference_period"] for row in rows),
            "denied": any(row["denied"] and not row["retracted"] for row in rows),
            "retracted": any(row["retracted"] for row in rows),
            "unequal": 0 < len(self._pairs()) <= _MOST_JOINED,
            "ring": len(self._pairs()) > _MOST_JOINED,
            "ghost": bool(self.ghosts),
        }
        return self.comparators | {kind for kind, is_there in more.items() if is_there}

    # ── places ───────────────────────────────────────────────────────────────────────────────

    def _place(self, room: Room) -> dict[str, Placed]:
        placed = {}
        for told in self.estimates:
            ys = self._heights(told.claim)
            box = glyphs.box_of(told.row["comparator"], 0, ys)
            x = next(
                (x for x in self._places(told.claim.period) if room.is_free(box.moved(x))),
                self.x.at(told.claim.period.middle()),
            )
            room.take(box.moved(x))
            placed[told.row["estimate_id"]] = Placed(told, x, ys)
        return placed

    def _heights(self, claim: Claim) -> list[float]:
        return [self.y.at(number) for number in claim.numbers()] or [self.height - _STRIP / 2]

    def _places(self, period: Period) -> Iterator[float]:
        """Where a mark may stand, the best place first: hardly beyond the time it refers to."""
        best = self.x.at(period.middle())
        first, last = self._ends(period)
        yield best
        for step in range(_STEP, int(last - first) + 2 * _REACH, _STEP):
            yield from (
                x for x in (best + step, best - step) if first - _REACH <= x <= last + _REACH
            )

    def _ends(self, period: Period) -> tuple[float, float]:
        first = 0.0 if period.first is None else self.x.at(period.first)
        last = self.frame.plot if period.last is None else self.x.at(period.last + 1)
        return first, last

    # ── what is drawn ────────────────────────────────────────────────────────────────────────

    def _draw_strip(self) -> None:
        if "unspecified" in self.comparators:
            self.drawing.line(0, self.floor, self.frame.plot, self.floor, dash=(2, 3))

    def _draw_period(self, placed: Placed, looks: Looks, room: Room) -> None:
        """Draw the time that a number refers to, at each bound."""
        row, period = placed.told.row, placed.told.claim.period
        if not (row["reference_period_earliest"] or row["reference_period_latest"]):
            return
        colour, _ = looks.of(row["speaker_id"])
        first, last = self._ends(period)
        for y in placed.ys:
            if (first, last, y, colour) in self._drawn:
                continue
            self._drawn.add((first, last, y, colour))
            self.drawing.line(first, y, last, y, colour=colour, thick=4, opacity=0.28)
            room.take(Box(first - 3, y - 3, last + 3, y + 3))
            for end, shape in ((period.first, "triangle-left"), (period.last, "triangle-right")):
                if end is None:
                    x = 4 if shape == "triangle-left" else self.frame.plot - 4
                    self.drawing.symbol(x, y, shape, colour=colour, size=50, opacity=0.6)

    def _draw_mark(self, placed: Placed, looks: Looks, link: Link) -> None:
        row = placed.told.row
        colour, shape = looks.of(row["speaker_id"])
        pale = row["retracted"] or row["denied"]
        glyph = Glyph(row["comparator"], colour, shape, pale, self._reach_of(row, placed.ys))
        glyphs.draw(self.drawing, glyph, placed.x, placed.ys)
        if pale:
            glyphs.strike(self.drawing, placed.x, placed.ys[0], twice=row["retracted"])
        mark = Mark(placed.told.sentence, link("statement", row["statement_id"]))
        self.drawing.hit(placed.x, placed.ys[0], mark)

    def _draw_ghosts(self, placed: dict[str, Placed], room: Room, link: Link) -> None:
        for ghost, claim in self.ghosts:
            ys, now = self._heights(claim), placed.get(ghost["estimate_id"])
            x = self.x.at(claim.period.middle())
            glyph = Glyph(ghost["comparator"], GHOST, pale=True, reach=self._reach_of(ghost, ys))
            glyphs.draw(self.drawing, glyph, x, ys)
            if now:
                self.drawing.line(x, ys[0], now.x, now.ys[0], colour=GHOST, dash=(1, 3), thick=1.5)
            mark = Mark(ghost_words(ghost), link("statement", ghost["statement_id"]))
            self.drawing.hit(x, ys[0], mark, size=16)
            box = glyphs.box_of(ghost["comparator"], x, ys)
            room.take(box)
            label = Label(box, ys[0], [shorter(ghost["claimed"])], GHOST, struck=True)
            place_labels(self.drawing, room, [label])

    def _draw_conflicts(self, placed: dict[str, Placed], room: Room) -> None:
        pairs = self._pairs()
        if len(pairs) > _MOST_JOINED:
            for name in dict.fromkeys(name for pair in pairs for name in pair):
                glyphs.ring(self.drawing, placed[name].x, placed[name].ys[0])
            return
        for left, right in ((placed[one], placed[other]) for one, other in pairs):
            y, y2 = min(product(left.ys, right.ys), key=lambda ys: abs(ys[0] - ys[1]))
            self.drawing.line(left.x, y, right.x, y2, colour=ALERT, dash=(5, 4), opacity=0.8)
            for share in _ALONG:
                place = (left.x + share * (right.x - left.x), y + share * (y2 - y))
                if room.is_free(box := Box(-7, -8, 7, 8).moved(*place)):
                    room.take(box)
                    glyphs.unequal(self.drawing, *place)
                    break

    def _pairs(self) -> list[tuple[str, str]]:
        """The pairs that cannot both be true, of those that are drawn."""
        drawn = {each.row["estimate_id"] for each in self.estimates}
        return [pair for pair in self.gathered.conflicts if drawn >= set(pair)]

    def _reach_of(self, row: Row, ys: Sequence[float]) -> float:
        """How long an arrow is: one that leads down ends near the axis."""
        if row["comparator"] not in glyphs.DOWN:
            return glyphs.ARROW
        return min(max(self.floor - ys[0], _LEAST_ARROW), glyphs.ARROW)


class Saying(NamedTuple):
    """How many times a claim was told, and whether others speak too."""

    times: int
    several: bool


def _label(placed: Placed, looks: Looks, ends: tuple[float, float], saying: Saying) -> Label:
    (first, last), box = ends, placed.box
    row, speaker = placed.told.row, cut(placed.told.speaker, _NAME)
    colour = looks.of(row["speaker_id"])[0]
    times = f" ×{saying.times}" if saying.times > 1 else ""
    if row["comparator"] == "unspecified":
        words = f"“{cut(row['value_text'] or '?', _NAME)}”{times}"
        lines = [f"{words}, {speaker}" if saying.several else words]
        box = box._replace(left=min(box.left, first), right=max(box.right, last))
    else:
        status = ", retracted" if row["retracted"] else ", denied" if row["denied"] else ""
        lines = [placed.told.claimed + times + status, *([speaker] if saying.several else [])]
    return Label(box, placed.ys[0], lines, colour)

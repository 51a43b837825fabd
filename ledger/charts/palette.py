"""The colours of a chart: fixed ones for a file, and the variables that a page sets instead.

The series keep apart for the colour-blind and stand out from white by 3 : 1 or more (WCAG 1.4.11).
A speaker beyond their number has a colour again, with another shape; `chart.css` sets the same for
the dark.
"""

PAPER = "#ffffff"
INK = "#1b2430"
SOFT = "#56616e"  # what stands beside: 6.2 : 1 on white
GRID = "#e3e7eb"
GHOST = "#87909b"  # what was recorded earlier
ALERT = "#b8002f"  # what cannot both be true

SERIES = (
    "#0068a8", "#c75000", "#00805e", "#a03c8c", "#7a6500", "#3b3a9e", "#7b4a2d", "#46748c",
)  # fmt: skip
SHAPES = (
    "circle",
    "square",
    "diamond",
    "M-1,-0.5L-0.5,-1L0.5,-1L1,-0.5L1,0.5L0.5,1L-0.5,1L-1,0.5Z",  # an octagon
    "M0,-1L0.35,-0.35L1,0L0.35,0.35L0,1L-0.35,0.35L-1,0L-0.35,-0.35Z",  # a star
    "cross",
)
MOST_LOOKS = 2 * len(SERIES)  # beyond them, speakers share one

VARIABLES = {
    PAPER: "--chart-paper", INK: "--chart-ink", SOFT: "--chart-soft", GRID: "--chart-grid",
    GHOST: "--chart-ghost", ALERT: "--chart-alert",
} | {colour: f"--series-{at}" for at, colour in enumerate(SERIES, 1)}  # fmt: skip


def variable(colour: str) -> str:
    """A colour as a page may set it; others stay."""
    name = VARIABLES.get(colour)
    return f"var({name}, {colour})" if name else colour


def look(at: int) -> tuple[str, str]:
    """The colour and the shape of the speaker of a number, from 0; the last is of all others."""
    if at >= MOST_LOOKS:
        return SOFT, "circle"
    return SERIES[at % len(SERIES)], SHAPES[(at + at // len(SERIES)) % len(SHAPES)]

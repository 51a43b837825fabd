"""The tables of a run, in Markdown."""

from collections.abc import Iterable, Sequence
from statistics import median

from benchmarks import names
from benchmarks.aims import AIMS, Aim
from benchmarks.peers import LEDGER, OURS, RAW, STORES
from benchmarks.results import Figure, Results, Spread, spread

QUIET_LOAD = 0.5  # of each core, by other work at the start
WHOLE = (
    names.BUILD,
    names.COMMANDS,
    names.AGAIN,
    names.SEAL,
    names.REBUILD,
    names.VERIFY,
    names.VERIFY_LOG,
)


def rows_of(rows: Iterable[Sequence[str]], *, numbers: int) -> str:
    """A table in Markdown; the last `numbers` columns are numbers."""
    made = [f"| {' | '.join(row)} |" for row in rows]
    columns = made[0].count(" | ") + 1
    made.insert(1, "|" + " --- |" * (columns - numbers) + " ---: |" * numbers)
    return "\n".join(made) + "\n"


def shown(found: Spread, form: str) -> str:
    """A median with its least and most, where they can be told apart."""
    number, closed, unit = form.partition("}")
    text, low, high = ((number + closed).format(each) for each in found)
    return f"{text}{unit}" if low == high else f"{text}{unit} ({low}–{high})"


def aims_table(results: Results) -> str:
    """Every aim, its floor, and what was measured at each size."""
    head = ["work", "aim", "floor", *(f"{size:,}" for size in results.sizes)]
    return rows_of([head, *(aim_row(aim, results) for aim in AIMS)], numbers=len(results.sizes))


def aim_row(aim: Aim, results: Results) -> list[str]:
    """One aim; a verdict stands where it was measured at the size that the aim is for."""
    cells = []
    for size in results.sizes:
        found = aim.measured(results, size)
        if found is None:
            cells.append("–")
            continue
        verdict = aim.verdict(found.median, size)
        cells.append(f"{shown(found, aim.show)}{', ' if verdict else ''}{verdict}")
    at = f" (from {aim.at:,} on)" if aim.at else ""
    return [aim.work + at, aim.show.format(aim.aim), aim.show.format(aim.floor), *cells]


def side_by_side(results: Results, work: str) -> str:
    """Every store at one work, the fastest first, and a sentence on who was faster than we."""
    size = results.sizes[-1]
    found = fastest_first(results, work, size)
    head = ["store", "events/s", "÷ raw", "CPU µs/event", "peak MB", "bytes on disk/event"]
    rows = [store_row(each, results) for each in found]
    lacking = [f"- {STORES[each.contender].label}: not measured, {each.why}.\n"
               for each in results.missing if (each.work, each.size) == (work, size)]  # fmt: skip
    if not rows:
        return "".join(lacking)
    listed = rows_of([head, *rows], numbers=5)
    return f"{listed}\n{''.join(lacking)}{winners(results, work, found)}\n"


def fastest_first(results: Results, work: str, size: int) -> list[Figure]:
    """The stores in the order of their speed against the raw loop, which comes first."""

    def speed(figure: Figure) -> float:
        beside = results.beside_raw(figure)
        return beside.median if beside else median(figure.values)

    found = results.of_work(work, size)
    raw = [each for each in found if each.contender == RAW]
    others = [each for each in found if each.contender != RAW]
    return [*raw, *sorted(others, key=speed, reverse=True)]


def store_row(figure: Figure, results: Results) -> list[str]:
    """One store."""
    beside = results.beside_raw(figure)
    worked = list(zip(figure.cpu_seconds, figure.events, strict=True))
    kept = [size / count for size, count in zip(figure.disk_bytes, figure.events, strict=True)]
    return [
        STORES[figure.contender].label,
        shown(spread(figure.values), "{:,.0f}"),
        "1" if figure.contender == RAW or beside is None else shown(beside, "{:.2f}"),
        f"{median(1e6 * cpu / count for cpu, count in worked):,.1f}",
        f"{median(figure.peak_bytes) / 1e6:,.0f}",
        f"{median(kept):,.0f}",
    ]


def winners(results: Results, work: str, found: Sequence[Figure]) -> str:
    """Which peers were faster than the ledger, said in a sentence."""
    ours = results.find(work, LEDGER, results.sizes[-1])
    peers = [each for each in found if each.contender not in OURS]
    if ours is None:
        return "The ledger itself was not measured."
    if not peers:
        return "No peer was measured."
    faster = [f"{STORES[each.contender].label} ({ratio:.2f} ×)" for each in peers
              if (ratio := results.advantage(each, ours)) > 1]  # fmt: skip
    if faster:
        return f"**Faster than the ledger here: {', '.join(faster)}.**"
    return "No peer was faster than the ledger here."


def whole_table(results: Results) -> str:
    """What the long works took: seconds, processors, memory."""
    head = ["work", "events", "seconds", "CPU seconds", "peak MB"]
    rows = [whole_row(each) for work in WHOLE for size in results.sizes
            for each in results.of_work(work, size)]  # fmt: skip
    return rows_of([head, *rows], numbers=4) if rows else ""


def whole_row(figure: Figure) -> list[str]:
    """One work; what was measured as a rate is shown as time."""
    taken = figure.values
    if figure.unit == "events/s":
        taken = [count / rate for count, rate in zip(figure.events, figure.values, strict=True)]
    name = figure.work if figure.contender == LEDGER else f"{figure.work}: {figure.contender}"
    return [
        name,
        f"{figure.events[0] if figure.events else figure.size:,}",
        shown(spread(taken), "{:,.2f}"),
        shown(spread(figure.cpu_seconds), "{:,.2f}"),
        f"{median(figure.peak_bytes) / 1e6:,.0f}",
    ]


def questions_table(results: Results) -> str:
    """The questions, beside a bare table where that can answer them."""
    head = ["question", *(f"{size:,}" for size in results.sizes)]
    asked = dict.fromkeys(
        (each.work, each.contender) for each in results.figures if each.work.startswith(names.ASK)
    )
    rows = []
    for work, contender in asked:
        cells = [results.find(work, contender, size) for size in results.sizes]
        beside = "" if contender == LEDGER else f" ({contender}: no corrections, no earlier state)"
        rows.append([
            work.removeprefix(f"{names.ASK}: ") + beside,
            *(shown(spread(each.values), "{:.3f} s") if each else "–" for each in cells),
        ])  # fmt: skip
    return rows_of([head, *rows], numbers=len(results.sizes)) if rows else ""


def sharing_table(results: Results) -> str:
    """How long readers wait, alone and beside others: the median, and the longest of all."""
    head = ["", "events", *(f"{which}, {how}" for how in (names.ALONE, names.BESIDE)
                            for which in (names.MEDIAN, names.LONGEST))]  # fmt: skip
    rows = [
        [work, f"{size:,}", *(shown(spread(each.values), "{:,.0f} ms") for each in cells if each)]
        for work in (names.ASKS, names.OPENS)
        for size in results.sizes
        if all(cells := [results.find(f"{work}: {which}", how, size)
                         for how in (names.ALONE, names.BESIDE)
                         for which in (names.MEDIAN, names.LONGEST)])
    ]  # fmt: skip
    return rows_of([head, *rows], numbers=5) if rows else ""


def missing_list(results: Results) -> str:
    """What was not measured, and why."""
    return "".join(
        f"- {each.work}, {each.contender}, at {each.size:,}: {each.why}.\n"
        for each in results.missing
    )


def machine_list(results: Results) -> str:
    """Where it was measured."""
    on = results.machine
    busy = (
        "**The machine was busy with other work: these figures say that the benchmark runs, and"
        " are not for quoting.** "
        if on["load"] > QUIET_LOAD * on["cores"]
        else ""
    )
    libraries = ", ".join(f"{name} {version}" for name, version in results.versions.items())
    renewed = "".join(f"\nMeasured anew: {what}.\n" for what in results.renewed)
    return (
        f"{busy}Measured {results.measured_at}, seed {results.seed}, {results.rounds} rounds, on"
        f" {on['cores']} cores ({on['processor']}), {on['memory_bytes'] / 2**30:.0f} GiB of memory,"
        f" {on['system']}, {on['file_system']}, where a sync of 1 kB takes"
        f" {on['sync_milliseconds']} ms; load at the start {on['load']}. {libraries}.\n{renewed}"
    )

"""Makes a report of some statements, and an exhibit of one: gathers, then renders."""

from ledger.report.gather import Gathered, gathered
from ledger.report.head import head_of, proofs_of
from ledger.report.page import render
from ledger.report.past import PastEvent, corrections_of, past_of
from ledger.report.pictures import measures_drawn, ways_drawn
from ledger.report.selection import Selection, chosen
from ledger.report.stood import Stood

_MOST_NAMED = 2  # speakers in a title


def make_report(at: Stood, selection: Selection) -> bytes:
    """A report of the statements that were asked for, as HTML; raises Refused, Damaged."""
    ids = chosen(at.ask, selection)
    found = gathered(at, ids)
    [totals] = at.ask.named("report_totals")
    return render(
        "report.html",
        title=selection.title or _title(at, found, selection),
        selected=selection.words(_labels(found)),
        found=found,
        totals=totals,
        head=head_of(at),
        charts=dict(measures_drawn(at, found, selection.measures)),
        corrections=corrections_of(at, ids, list(found.places)),
        command=selection.command(at.size),
    )


def make_exhibit(at: Stood, statement_id: str) -> bytes:
    """One statement with all that shows how it was recorded, as HTML; raises Damaged."""
    found = gathered(at, [statement_id])
    [statement] = found.statements
    past = past_of(at, [statement_id])
    proofs = proofs_of(at, _positions(found, past))
    return render(
        "exhibit.html",
        title=f"Exhibit: {statement['speaker']}, {statement_id}",
        found=found,
        statement=statement,
        charts=dict(ways_drawn(at, found)),
        head=head_of(at),
        past=past,
        did={event.position: event.did for event in past},
        proofs=proofs.made,
        unsigned=proofs.unsigned,
        left_out=proofs.left_out,
        command=f"claims exhibit --as-of {at.size} {statement_id} -o again.html",
    )


def _positions(found: Gathered, past: list[PastEvent]) -> list[int]:
    """The events about a statement in their order, then those that recorded its sources."""
    about = [event.position for event in past]
    return about + sorted({source["position"] for source in found.sources} - set(about))


# ── its name ─────────────────────────────────────────────────────────────────────────────────


def _labels(found: Gathered) -> dict[str, str]:
    """What measures and speakers are called, with their ids."""
    measures = {row["measure_id"]: row["label"] for row in found.measures}
    speakers = {row["speaker_id"]: row["speaker"] for row in found.statements}
    return {key: f"{name} ({key})" for key, name in (measures | speakers).items()}


def _title(at: Stood, found: Gathered, selection: Selection) -> str:
    """What a report is called whose question nobody named."""
    labels = [row["label"] for row in found.measures if row["measure_id"] in selection.measures]
    speakers = dict.fromkeys(row["speaker"] for row in found.statements)
    about = f" about {'; '.join(labels)}" if labels else ""
    by = f" by {' and '.join(speakers)}" if len(speakers) <= _MOST_NAMED else ""
    on = f" on {', '.join(selection.topics)}" if selection.topics else ""
    return f"Claims{about}{by}{on}" if about or by or on else f"Claims of {_ledger(at)}"


def _ledger(at: Stood) -> str:
    return at.log.title or at.log.origin

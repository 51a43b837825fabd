"""What to say while recording: which statements of a batch look like one that is there already."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ledger.commands import RecordStatement, RelateStatements
from ledger.dates import parse_date
from ledger.given import Given
from ledger.similar import Quoted, Sought, ask, lines_of, similar_to

if TYPE_CHECKING:
    from projections.database import Database

MOST_SOUGHT = 1_000  # statements of a batch; more are left to `claims similar`


def near_sentences(views: "Database", batch: Sequence[Given]) -> list[str]:
    """What to say of the statements of a batch that look like one already there; often nothing.

    Statements that stand already, and those that the batch itself relates to the other, are left
    out. It never raises for what the ledger holds: a hint must not keep anyone from recording.
    """
    from duckdb import Error

    try:
        new = new_statements(views, batch)
        if len(new) > MOST_SOUGHT:
            count = f"{len(new):,} statements were not compared with those there"
            return [f"{count}; `claims similar` lists near matches."]
        found = similar_to(views, [sought_of(each, batch) for each in new]) if new else []
    except Error:
        return []
    return [line for near in found for line in lines_of(near)]


def new_statements(views: "Database", batch: Sequence[Given]) -> list[RecordStatement]:
    """The statements of a batch that do not stand in the ledger yet."""
    given = [each for each in batch if isinstance(each.command, RecordStatement)]
    if not given:
        return []
    keys = {key for key, _ in ask(views, "positions_of_keys", keys=[each.key for each in given])}
    commands = [each.command for each in given if each.key not in keys]
    new = [command for command in commands if isinstance(command, RecordStatement)]
    named = [one.statement_id for one in new if one.statement_id]
    there = {row[0] for row in ask(views, "statements_ever", statements=named)}
    return [one for one in new if one.statement_id not in there]


def sought_of(command: RecordStatement, batch: Sequence[Given]) -> Sought:
    """A statement that a command records, as it is looked for."""
    said_at = parse_date(command.said_at) if command.said_at else None
    speakers = (command.speaker_id, *command.co_speakers, *command.alternatives)
    return Sought(
        speakers=speakers,
        proposition=command.proposition,
        quotes=tuple(
            Quoted(report.source_id, report.quote, report.attributed_to)
            for report in command.reports
        ),
        earliest=said_at.earliest if said_at else None,
        latest=said_at.latest if said_at else None,
        apart_from=related_to(command, batch),
    )


def related_to(command: RecordStatement, batch: Sequence[Given]) -> frozenset[str]:
    """The statements to which a batch relates one that it records."""
    ends = [
        (each.command.from_, each.command.to)
        for each in batch
        if isinstance(each.command, RelateStatements)
    ]
    related = {name for pair in ends if command.statement_id in pair for name in pair}
    return frozenset(related | ({command.within} if command.within else set()))

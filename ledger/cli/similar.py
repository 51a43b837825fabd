"""`claims similar`: statements that may be one utterance; what is said of them while recording."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.context import AsOf, open_as_of
from ledger.cli.output import FormatOption, Output, put_rows
from ledger.cli.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.given import Given
    from ledger.pairs import Pair
    from projections.database import Database

BRIEF = ("score", "left_id", "right_id", "left_words", "right_words")
MERGED = "Nothing is merged. The column commands says how to record the right one as a report."


def similar(
    speaker: Annotated[
        str | None, typer.Option("--speaker", help="Only statements of this one: id, or name.")
    ] = None,
    least: Annotated[
        float | None,
        typer.Option("--min", min=0, max=100, metavar="SCORE", help="The least score; else 65."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, help="At most so many pairs.")
    ] = None,
    as_of: AsOf = None,
    every: Annotated[bool, typer.Option("--all", help="Show every column in the table.")] = False,
    form: FormatOption = None,
    output: Output = None,
) -> None:
    """List pairs of statements that look like one utterance and are not related; best first.

    The score is how alike the words are, less what dates and sources say against it.

    \b
    claims similar
    claims similar --speaker "Zamir Kabulov" --min 50
    claims similar --limit 20 --format jsonl
    """
    from ledger.cli.publishing import progress_bar
    from ledger.pairs import similar_pairs
    from ledger.similar import THRESHOLD
    from projections import catalog

    views = open_as_of(as_of).views()
    speakers = None if speaker is None else [resolve(views, speaker, "speaker").id]
    with progress_bar("Comparing") as tell:
        pairs = similar_pairs(
            views, speakers=speakers, least=THRESHOLD if least is None else least, tell=tell
        )
    shown = {"pairs": rows_as_json(pairs[:limit])}
    rows = views.connection.sql(catalog.query("similar_rows"), params=shown)
    put_rows(rows, form, output, () if every else BRIEF)
    if pairs and form is None and output is None:
        typer.echo(MERGED, err=True)


def rows_as_json(pairs: "Sequence[Pair]") -> str:
    """Pairs as the rows that are shown."""
    import msgspec

    return msgspec.json.encode([row_of(pair) for pair in pairs]).decode()


def row_of(pair: "Pair") -> dict[str, Any]:
    """One pair, flat."""
    from ledger.similar import one_line

    left, right, score = pair.left, pair.right, pair.score
    return {
        "score": round(score.total, 1),
        "left_id": left.statement_id,
        "right_id": right.statement_id,
        "speaker": left.speaker,
        "left_said_at": left.said_at,
        "right_said_at": right.said_at,
        "left_words": one_line(score.left),
        "right_words": one_line(score.right),
        "words": round(score.words, 1),
        "dates": round(score.dates, 1),
        "source": round(score.source, 1),
        "commands": pair.commands,
    }


def put_near(views: "Database", batch: "Sequence[Given]") -> None:
    """Say, beside the data, which statements of a batch look like one that is there."""
    from ledger.near import near_sentences

    put_lines(near_sentences(views, batch))


def put_lines(lines: "Sequence[str]") -> None:
    """Say something, line by line, beside the data."""
    for line in lines:
        typer.echo(line, err=True)


COMMANDS = {"similar": similar}

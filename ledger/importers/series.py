"""Daily figures of one source: a row is a day, a column a measure, a cell a number.

file ─▶ series_cells (rows by column) ─▶ series_rows (the day's statement, report, numbers)
                 └─▶ series_guess (date, counter, hedges, measures)

Rules kept here:
- who claims the figures is told, never guessed; who wrote them down is another one;
- every column is a measure, a hedge, a text that is quoted, or left out on purpose.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.errors import ClaimsError, Refused, UsageFault
from ledger.importers.rows import Fault, Item, Raw
from ledger.importers.series_cells import Observed, observed
from ledger.importers.series_parts import check_columns, shared_of, source_of
from ledger.importers.series_rows import Dated, Reader
from ledger.importers.series_settings import SeriesSettings
from ledger.importers.tables import in_file

if TYPE_CHECKING:
    from ledger.api import Ledger

SETTINGS = SeriesSettings

TOGETHER = 1_000  # rows whose days are looked up at once
MOST_ROWS = 200_000  # their days are remembered; daily, these are 547 years


def guess(form: str, files: Sequence[str]) -> dict[str, Any]:
    """A mapping to start from; raises UsageFault, since nothing in a file says who speaks."""
    return guess_with(form, files, {})


def guess_with(form: str, files: Sequence[str], told: Raw) -> Raw:  # noqa: ARG001  as all formats
    """The same where some settings are told already."""
    from ledger.importers.series_guess import guess_series

    path = Path(files[0])
    with in_file(path):
        return guess_series(path, told)


def read(form: str, files: Sequence[str], settings: SeriesSettings) -> Iterator[Item]:
    """The rows of the files; who and what they name is taken for new."""
    return read_into(None, form, files, settings)


def read_into(
    ledger: "Ledger | None",
    form: str,  # noqa: ARG001  as all formats
    files: Sequence[str],
    settings: SeriesSettings,
) -> Iterator[Item]:
    """The rows of the files; days that the ledger has get a further report."""
    said = settings.source
    if len(files) > 1 and (said.id or said.title or said.url):
        raise UsageFault(
            "The mapping names one file as its source, and there are several.",
            way_out="Import them one after another, each with its own mapping.",
        )
    shared = shared_of(ledger, settings)
    recorded: dict[str, str] = {}  # each statement that this import records, with its report
    for name in files:
        path = Path(name)
        source = source_of(path, settings, shared.transcriber_id)
        with in_file(path), observed(path, settings) as file:
            if file.header:
                check_columns(file.header.names, settings.columns().keys())
                for column, setting in settings.columns().items():
                    file.header.index(setting, column)
            reader = Reader(path, settings, shared, source)
            for rows in batches(file.rows):
                yield from items(ledger, reader, rows, recorded)


def batches(rows: Iterator[Observed]) -> Iterator[list[Observed]]:
    """Some rows at a time; raises Refused where there are too many."""
    count = 0
    while some := list(islice(rows, TOGETHER)):
        count += len(some)
        if count > MOST_ROWS:
            raise Refused(
                f"The file has more than {MOST_ROWS:,} rows.",
                way_out="A series has one row a day; take `claims import csv` for another table.",
            )
        yield some


def items(
    ledger: "Ledger | None", reader: Reader, rows: Sequence[Observed], recorded: dict[str, str]
) -> Iterator[Item]:
    """The items of some rows, whose days are looked up together."""
    dated: list[Dated | Fault] = []
    for observation in rows:
        try:
            dated.append(reader.dated(observation))
        except ClaimsError as error:
            dated.append(Fault.of(error, observation.number, file=reader.file))
    standing = standing_of(ledger, [each for each in dated if isinstance(each, Dated)])
    for each in dated:
        if isinstance(each, Fault):
            yield each
            continue
        try:
            reader.check_once(each)
            first = standing.get(each.statement_id) or recorded.get(each.statement_id)
            row = reader.row(each, further=first not in (None, each.report_id))
        except ClaimsError as error:
            yield Fault.of(error, each.row.number, file=reader.file)
        else:
            recorded.setdefault(each.statement_id, each.report_id)
            yield row


def standing_of(ledger: "Ledger | None", dated: Sequence[Dated]) -> dict[str, str]:
    """Which statements the ledger has, each with the report that it was recorded with.

    Of several it is the one that a row has, else any of them.
    """
    if ledger is None or not dated:
        return {}
    sql = """
        select statement.statement_id,
            coalesce(
                any_value(report.report_id)
                    filter (list_contains($reports, report.report_id)),
                any_value(report.report_id),
                ''
            )
        from whole.statements as statement
        left join whole.reports as report
            on report.statement_id = statement.statement_id
            and report.position = statement.position
        where statement.statement_id in (select unnest($statements))
        group by statement.statement_id
    """
    asked = {
        "statements": [each.statement_id for each in dated],
        "reports": [each.report_id for each in dated],
    }
    return dict(ledger.views().connection.execute(sql, asked).fetchall())

"""Near matches of statements that are about to be recorded, found quickly from a desk.

Rules kept here:
- what is found is what `ledger/near.py` finds from the views; a test holds the two together;
- which forms of a statement count is told from its events, read from the log, since the views that
  know it of all statements take longer to plan than this takes.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from events.values import Value
from events.vocabulary import (
    ReportAdded,
    ReportFields,
    ReportRevised,
    SpeakerFields,
    SpeakersJudged,
    StatementFields,
    StatementRecorded,
)
from ledger.candidates import Beyond
from ledger.desk import Desk
from ledger.desk_lookup import DeskLookup
from ledger.known import Known, Thing
from ledger.log import Log
from ledger.similar import Near, Quoted, Sought, Told, lines_of, similar_to
from projections.engine import engine


def near_lines(recorded: Sequence[StatementRecorded], desk: Desk, log: Log) -> list[str]:
    """What to say of statements that stand nowhere yet and look like one that does.

    It never raises for what the ledger holds: a hint must not keep anyone from recording.
    """
    try:
        found = near_statements([sought_of(each) for each in recorded], desk, log)
    except engine.Error:
        return []
    return [line for near in found for line in lines_of(near)]


def near_statements(sought: Sequence[Sought], desk: Desk, log: Log) -> list[Near]:
    """Statements there that look like those sought, as `similar_to` finds them."""
    if not sought:
        return []
    lacking = desk.lacking()
    if any(isinstance(data, SpeakersJudged) for _, data in lacking):
        return similar_to(desk.caught_up(log), sought)
    return similar_to(desk.views, sought, beyond=beyond(lacking, Telling(desk, log)))


def sought_of(recorded: StatementRecorded) -> Sought:
    """A statement as it is looked for."""
    said_at = recorded.said_at
    return Sought(
        speakers=tuple(speakers_of(recorded)),
        proposition=recorded.proposition,
        quotes=tuple(map(quoted, recorded.reports)),
        earliest=said_at.earliest if said_at else None,
        latest=said_at.latest if said_at else None,
        apart_from=frozenset({recorded.within} if recorded.within else ()),
    )


def beyond(lacking: Sequence[tuple[int, Value]], telling: "Telling") -> Beyond:
    """What the views lack, as rows."""
    forms, reports, names = [], [], []
    for position, data in lacking:
        if isinstance(data, StatementFields):
            forms.append(form_row(position, data))
        if isinstance(data, StatementRecorded):
            reports += [quote_row(data.statement_id, report) for report in data.reports]
        if isinstance(data, ReportAdded | ReportRevised):
            reports.append(quote_row(data.statement_id, data))
        if isinstance(data, SpeakerFields):
            names.append((data.speaker_id, [data.name, *data.aliases]))
    return Beyond(forms, reports, names, telling.of)


class Telling:
    """Tells of statements as they count now."""

    def __init__(self, desk: Desk, log: Log) -> None:
        self.lookup = DeskLookup(desk, log)
        self.known = Known(desk.size)

    def of(self, statements: Iterable[str]) -> dict[str, Told]:
        """What is compared of those that count, by their ids."""
        wanted = list(statements)
        if not wanted:
            return {}
        lookup, known = self.lookup, self.known
        names = {("statement", name) for name in wanted}
        names |= {("report", name) for (name,) in lookup.reports_of_statements(wanted)}
        lookup.fill_all_things(known, names)
        forms = [form for name in wanted if (form := self.current("statement", name))]
        makers = {("speaker", form.speaker_id) for form in forms}
        lookup.fill_all_things(known, makers)
        told = (self.told(form) for form in forms if self.current("speaker", form.speaker_id))
        return {each.statement_id: each for each in told}

    def current(self, noun: str, name: str) -> Any:  # noqa: ANN401  the fields of that noun
        """The form of a thing that counts; None where the thing does not."""
        thing = self.known.thing(noun, name)
        if thing is None or (noun, name) in self.known.erased or self.is_hidden(thing):
            return None
        return self.known.current(thing)[1]

    def is_hidden(self, thing: Thing) -> bool:
        """Whether the making of a thing is void."""
        return self.known.is_hidden(thing.created, thing.part)

    def told(self, form: StatementFields) -> Told:
        """What is compared of a statement that counts, in its form."""
        speaker = self.current("speaker", form.speaker_id)
        said_at, thing = form.said_at, self.known.thing("statement", form.statement_id)
        assert thing is not None, "a form is of a thing"
        return Told(
            statement_id=form.statement_id,
            speaker=speaker.name,
            names=[speaker.name, *speaker.aliases],
            speakers=speakers_of(form),
            said_at=said_at.edtf if said_at else None,
            earliest=said_at.earliest if said_at else None,
            latest=said_at.latest if said_at else None,
            proposition=form.proposition,
            reports=[as_dict(report) for report in self.reports(form.statement_id)],
            recorded=thing.created,
        )

    def reports(self, statement_id: str) -> Iterator[ReportFields]:
        """The reports of a statement that count, by their ids."""
        names = sorted(
            name
            for (noun, name), thing in self.known.things.items()
            if noun == "report" and thing.statement_id == statement_id
        )
        for name in names:
            report = self.current("report", name)
            if report is not None and self.current("source", report.source_id):
                yield report


def speakers_of(form: StatementFields) -> list[str]:
    """All who may have made a statement."""
    return [form.speaker_id, *form.co_speakers, *form.alternatives]


def quoted(report: ReportFields) -> Quoted:
    """A report as it is compared."""
    return Quoted(report.source_id, report.quote.exact, report.attributed_to)


def as_dict(report: ReportFields) -> dict[str, Any]:
    """The same, as it is told."""
    return {
        "source_id": report.source_id,
        "words": report.quote.exact,
        "attributed_to": report.attributed_to,
    }


def form_row(position: int, form: StatementFields) -> dict[str, Any]:
    """A form of a statement, as a row of `near_since.sql`."""
    said_at = form.said_at
    return {
        "statement_id": form.statement_id,
        "position": position,
        "is_first": isinstance(form, StatementRecorded),
        "speaker_id": form.speaker_id,
        "voices": speakers_of(form),
        "earliest": said_at.earliest if said_at else None,
        "latest": said_at.latest if said_at else None,
        "words": form.proposition,
    }


def quote_row(statement_id: str, report: ReportFields) -> dict[str, Any]:
    """A form of a report, as a row of `near_since_quotes.sql`."""
    return {
        "statement_id": statement_id,
        "source_id": report.source_id,
        "quote": report.quote.exact,
        "attributed_to": report.attributed_to,
    }

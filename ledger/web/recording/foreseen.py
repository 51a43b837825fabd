"""What a form would make, in words, before anything is written."""

from collections.abc import Iterator, Sequence

from events.values import Quantity, Value
from events.vocabulary import (
    EstimateAdded,
    EstimateFields,
    MeasureDefined,
    ReportAdded,
    ReportFields,
    SpeakerRegistered,
    StatementRecorded,
)
from ledger.asker import Asker, Row
from ledger.decide import Decision
from ledger.quantities import format_quantity


def foreseen(decisions: Sequence[Decision], ask: Asker) -> list[Row]:
    """The things that decisions would make, each with what a person should look at."""
    made = [draft.data for each in decisions for draft in each.drafts]
    names = _Names(made, ask)
    return [row for data in made for row in _rows(data, names)]


def _rows(data: Value, names: "_Names") -> Iterator[Row]:
    if isinstance(data, SpeakerRegistered):
        yield {"what": "speaker", "name": data.name, "kind": data.kind, "id": data.speaker_id}
    elif isinstance(data, MeasureDefined):
        yield {"what": "measure", "name": data.label, "unit": data.unit, "id": data.measure_id}
    elif isinstance(data, StatementRecorded):
        yield _statement(data, names)
        yield from (_report(each) for each in data.reports)
        yield from (_number(each, names) for each in data.estimates)
    elif isinstance(data, ReportAdded):
        yield _report(data)
    elif isinstance(data, EstimateAdded):
        yield _number(data, names)


def _statement(data: StatementRecorded, names: "_Names") -> Row:
    return {
        "what": "statement",
        "speaker": names.of("speaker", data.speaker_id),
        "speech_act": data.speech_act,
        "proposition": data.proposition,
        "said_at": data.said_at.edtf if data.said_at else None,
    }


def _report(data: ReportFields) -> Row:
    return {"what": "report", "words": data.quote.exact, "anchor": data.anchor}


def _number(data: EstimateFields, names: "_Names") -> Row:
    bounds = Quantity(data.comparator, data.low, data.best, data.high)
    return {
        "what": "number",
        "claimed": format_quantity(bounds),
        "measure": names.of("measure", data.measure_id),
        "period": data.reference_period.edtf if data.reference_period else None,
        "words": data.value_text.exact if data.value_text else None,
    }


class _Names:
    """What speakers and measures are called, those that are only about to be made too."""

    def __init__(self, made: Sequence[Value], ask: Asker) -> None:
        self._ask = ask
        self._new: dict[tuple[str, str], str] = {}
        for each in made:
            if isinstance(each, SpeakerRegistered):
                self._new["speaker", each.speaker_id] = each.name
            elif isinstance(each, MeasureDefined):
                self._new["measure", each.measure_id] = each.label

    def of(self, noun: str, key: str) -> str:
        """What a thing is called; its id where it has no name."""
        if (noun, key) in self._new:
            return self._new[noun, key]
        name = {"speaker": "name", "measure": "label"}[noun]
        rows = self._ask.sql(f"select {name} as name from {noun}s where {noun}_id = $key", key=key)  # noqa: S608  names of ours
        return (rows[0]["name"] if rows else None) or key

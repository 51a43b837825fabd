"""From a form to commands, as `claims add` makes them; every fault is told of a field."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ledger.asker import Asker
from ledger.errors import (
    Busy,
    ClaimsError,
    ClockBehind,
    Conflict,
    HeadForgotten,
    Place,
    QuoteAmbiguous,
    Refused,
)
from ledger.given import Given, command_key, prepare
from ledger.inputs import Raw
from ledger.web.recording.form import Form, Row, is_field
from ledger.web.recording.naming import Naming
from ledger.web.recording.quoting import words_and_sides
from ledger.web.recording.refusals import Fault, Faults, fault_of

# The field of the form behind each field of the commands.
_OF_REPORT = {
    "source_id": "source", "quote": "quote", "prefix": "quote", "suffix": "quote",
    "quote_mode": "quote_mode", "attributed_to": "attributed_to", "via": "via",
}  # fmt: skip
_OF_STATEMENT = {
    "speaker_id": "speaker", "said_at": "said_at", "speech_act": "speech_act",
    "proposition": "proposition", "topics": "topics", "language": "language", "note": "note",
    "reports": "quote", "statement_id": "",
}  # fmt: skip
_OF_NUMBER = {
    "measure_id": "measure", "value": "value", "value_text": "words",
    "reference_period": "period",
}  # fmt: skip
_OF_NEW = {
    "speaker": {"name": "speaker", "kind": "kind", "speaker_id": "speaker"},
    "measure": {"label": "measure", "unit": "unit", "tags": "tags", "measure_id": "measure"},
}

_MISSING = {
    "source": ("Which source do the words stand in?", "Give its id or its title."),
    "quote": ("The words of the quote are missing.", "Copy them from the source."),
    "speaker": ("Who says it?", "Give a name, or the id of a speaker that is there."),
    "report_of": ("Which statement is it a report of?", "Give its id."),
    "actor": ("Who records this?", "Give a name; the ledger keeps it with what you record."),
}


def check_filled(form: Form) -> None:
    """Raise Faults for all that is missing at once."""
    wanted = ["source", "quote", "report_of" if form.is_report else "speaker", "actor"]
    faults = {name: Fault(*_MISSING[name]) for name in wanted if not form[name]}
    for at, row in form.numbers():
        if not row["measure"]:
            faults[f"measure-{at}"] = Fault("A number of what?", "Name what is counted.")
        if not row["value"]:
            faults[f"value-{at}"] = Fault(
                "The number is missing.", "Give it, such as > 10000; or ?"
            )
    if faults:
        raise Faults(faults)


def commands_of(form: Form, ask: Asker, text: str | None) -> list[Given]:
    """The commands that a form stands for, checked; raises ClaimsError with the form's field.

    `text` is that of its source, None where there is none.
    """
    naming = Naming(ask, form.id)
    with in_form("quote"):
        report = _report(form, naming, text)
    speaker = None if form.is_report else _speaker(form, naming)
    numbers = [_number(at, row, report["quote"], naming) for at, row in form.numbers()]
    if speaker is None:
        return _of_report(form, naming, report, numbers)
    raw = _given(
        command="record_statement",
        statement_id=form.id,
        speaker_id=speaker,
        said_at=form["said_at"],
        speech_act=form["speech_act"],
        proposition=form["proposition"] or form["quote"],
        topics=form.listed("topics"),
        language=form["language"],
        note=form["note"],
        reports=[report],
        estimates=numbers,
    )
    places = _places(_OF_STATEMENT) | _places(_OF_REPORT, before="reports[0].")
    for index, (at, _) in enumerate(form.numbers()):
        places |= _places(_OF_NUMBER, before=f"estimates[{index}].", after=f"-{at}")
    return [*_new_things(form, naming), _prepared(raw, places)]


def _of_report(form: Form, naming: Naming, report: Raw, numbers: list[Raw]) -> list[Given]:
    """The commands of a report of a statement that is there, and of the numbers in it.

    The report's own command stands for all of them: it is another one where a number is another.
    """
    raw = {"command": "add_report", "statement_id": form["report_of"], "report_id": form.id}
    raw |= report | _given(note=form["note"])
    raw["command_id"] = command_key(raw | {"numbers": numbers})
    own = {"statement_id": "report_of"}
    batch = [_prepared(raw, _places(_OF_REPORT | own | {"note": "note"}))]
    for (at, _), number in zip(form.numbers(), numbers, strict=True):
        asked = {"command": "add_estimate", "statement_id": form["report_of"], "report_id": form.id}
        places = _places(_OF_NUMBER, after=f"-{at}") | _places(own)
        batch.append(_prepared(asked | number, places))
    return [*_new_things(form, naming), *batch]


def _new_things(form: Form, naming: Naming) -> list[Given]:
    """The commands that make the speakers and measures that are new."""
    made = []
    rows = {row["measure"].lower(): at for at, row in reversed(form.numbers())}
    for raw in naming.commands:
        noun = "speaker" if "speaker_id" in raw else "measure"
        after = f"-{rows[raw['label'].lower()]}" if noun == "measure" else ""
        made.append(_prepared(raw, _places(_OF_NEW[noun], after=after)))
    return made


def _report(form: Form, naming: Naming, text: str | None) -> Raw:
    quote, (prefix, suffix) = words_and_sides(text, form["quote"], form.place)
    with in_form("via"):
        via = [naming.link(each) for each in form.listed("via")]
    return _given(
        source_id=form["source"],
        quote=quote,
        prefix=prefix,
        suffix=suffix,
        quote_mode=form["quote_mode"],
        attributed_to=form["attributed_to"],
        via=via,
    )


def _speaker(form: Form, naming: Naming) -> str:
    """Who says it; a new name is registered."""
    with in_form("speaker"):
        new = bool(form["speaker_new"])
        return naming.known_or_new("speaker", form["speaker"], {"kind": form["kind"]}, new=new)


def _number(at: int, row: Row, quote: str, naming: Naming) -> Raw:
    """A number of the form; where its words are not given, they are the whole quote."""
    tags = [each.strip() for each in row["tags"].split(",") if each.strip()]
    about = {"unit": row["unit"], "tags": tags}
    with in_form(f"measure-{at}"):
        new = bool(row["new"])
        measure = naming.known_or_new("measure", row["measure"], about, new=new)
    return _given(
        measure_id=measure,
        value=row["value"],
        value_text=row["words"] or quote,
        reference_period=row["period"],
    )


def _prepared(raw: Raw, places: dict[str, Place]) -> Given:
    return prepare(raw, Place(), Path(), places)


def _places(fields: dict[str, str], *, before: str = "", after: str = "") -> dict[str, Place]:
    """The fields of the form behind those of a command; "" is the form as a whole."""
    return {
        f"{before}{path}": Place(field=f"{name}{after}" if name else None)
        for path, name in fields.items()
    }


def _given(**fields: Any) -> Raw:  # noqa: ANN401  fields hold anything
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


@contextmanager
def in_form(field: str) -> Iterator[None]:
    """Tell what is raised inside of a field of the form, unless it names one itself."""
    try:
        yield
    except ClaimsError as error:
        if not error.place.field:
            error.place = Place(field=field)
        raise


def told(error: ClaimsError, status: int) -> Faults:
    """An error as the faults of a form; one of no field of it is one of the form as a whole."""
    field = error.place.field or ""
    if not is_field(field):
        field = ""
    if isinstance(error, QuoteAmbiguous):
        error = Refused(error.what, way_out="Choose below which of them is meant.")
    elif isinstance(error, Busy):
        error.way_out = "Record it again in a moment; what you typed is kept."
    elif isinstance(error, ClockBehind | HeadForgotten):
        error.way_out += " That is done on the command line; what you typed here is kept."
    elif isinstance(error, Conflict) and not field:  # the form's own id, which nobody typed
        error.way_out = "Correct what is recorded with `claims revise`; or begin a new form."
    return Faults({field: fault_of(error, field)}, status)

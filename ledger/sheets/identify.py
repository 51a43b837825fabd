"""Which things of the ledger the entries of sheets stand for, also where they have no id yet."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from ledger import commands as c
from ledger.given import Given
from ledger.inputs import Raw
from ledger.known import Known
from ledger.lookup import Lookup
from ledger.references import is_own
from ledger.sheets.convert import derived_id

Name = tuple[str, str]  # noun and id


def identified(batch: Sequence[Given], known: Known, lookup: Lookup) -> list[Given]:
    """The commands with the ids that their things have in the ledger, all of which is looked up.

    A command without an id that was given before stands for what it made then. Of a statement that
    is known, a report or a number without an id stands for one of those first recorded with it
    that no entry names: the one with the same words, else the next. A further one is new; its id
    follows from what it says.
    """
    lookup.fill(known, batch)
    repeated = [with_main_ids(given, known) for given in batch]
    load(known, lookup, repeated)
    own = set(own_names(repeated))
    made = [with_part_ids(given, known, own) for given in repeated]
    load(known, lookup, made)
    return made


def load(known: Known, lookup: Lookup, batch: Iterable[Given]) -> None:
    """Look up all that commands name, and everything that a named statement was recorded with."""
    names = {name for given in batch for name in given.wanted}
    lookup.fill_names(known, names)
    for noun, name in list(names):
        recorded = known.recorded(name) if noun == "statement" else None
        if recorded:
            names |= {("report", each.report_id) for each in recorded.reports}
            names |= {("estimate", each.estimate_id) for each in recorded.estimates}
    publishers = {
        ("speaker", publisher)
        for (noun, _), thing in known.things.items()
        if noun == "source" and (publisher := getattr(thing.forms[-1][1], "publisher_id", None))
    }
    lookup.fill_names(known, names | publishers)


def own_names(batch: Iterable[Given]) -> Iterable[Name]:
    """The things that the entries of sheets are about."""
    for given in batch:
        for reference in given.references:
            if is_own(given.command, reference):
                yield reference.noun, reference.id


def with_main_ids(given: Given, known: Known) -> Given:
    """A command with the ids of what it made when it was given before."""
    command: Any = given.command
    before = known.keys.get(given.key)
    own = f"{command.NOUN}_id"
    if before is None or getattr(command, own, "there") is not None:
        return given
    names = [name.partition("/")[2] for name in before.made]
    patch: Raw = {own: names[0]}
    if isinstance(command, c.RecordStatement):
        count = 1 + len(command.reports)
        patch["reports"] = filled(command.reports, "report_id", names[1:count])
        patch["estimates"] = filled(command.estimates, "estimate_id", names[count:])
    return replace(given, command=command.model_copy(update=patch))


def filled(parts: Sequence[Any], field: str, ids: Sequence[str]) -> list[Any]:
    """Parts with ids."""
    return [
        part.model_copy(update={field: name}) for part, name in zip(parts, ids, strict=True)
    ]  # fmt: skip


def with_part_ids(given: Given, known: Known, own: set[Name]) -> Given:
    """A command about a known statement with an id for each of its reports and numbers."""
    command = given.command
    recorded = known.recorded(getattr(command, "statement_id", None) or "")
    if not isinstance(command, c.RecordStatement) or recorded is None:
        return given
    reports = [each for each in recorded.reports if ("report", each.report_id) not in own]
    estimates = [each for each in recorded.estimates if ("estimate", each.estimate_id) not in own]
    about = {"statement_id": command.statement_id}
    patch = {
        "reports": filled(command.reports, "report_id", chosen(
            command.reports, reports, "report_id", same_words, {"command": "add_report", **about}
        )),
        "estimates": filled(command.estimates, "estimate_id", chosen(
            command.estimates, estimates, "estimate_id", same_number,
            {"command": "add_estimate", **about},
        )),
    }  # fmt: skip
    return replace(given, command=command.model_copy(update=patch))


def chosen(
    parts: Sequence[Any],
    free: list[Any],
    field: str,
    same: Callable[[Any, Any], bool],
    adding: Raw,
) -> list[str]:
    """The id of each part: its own, that of a free one, or one made of what it says."""
    ids: list[str | None] = [getattr(part, field) for part in parts]
    for fits in (same, lambda _part, _form: True):
        for at, part in enumerate(parts):
            form = next((each for each in free if ids[at] is None and fits(part, each)), None)
            if form is not None:
                free.remove(form)
                ids[at] = getattr(form, field)
    return [
        name or derived_id({**adding, **part.model_dump(mode="json", exclude_none=True)})
        for name, part in zip(ids, parts, strict=True)
    ]


def same_words(report: Any, form: Any) -> bool:  # noqa: ANN401  parts of commands and of events
    """Whether a report has the words of one in the ledger."""
    return bool(report.source_id == form.source_id and report.quote.split() == words_of(form.quote))


def same_number(estimate: Any, form: Any) -> bool:  # noqa: ANN401  the same
    """Whether an estimate has measure and words of one in the ledger."""
    said = (estimate.value_text or "").split()
    return bool(estimate.measure_id == form.measure_id and said == words_of(form.value_text))


def words_of(span: Any) -> list[str]:  # noqa: ANN401  a quote, a span or nothing
    """The words of a span, white space aside."""
    return span.exact.split() if span else []

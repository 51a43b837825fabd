"""What the form shows beside what was typed: the source, the statement, the place of the quote."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from events.vocabulary import QuoteMode, SpeakerKind, SpeechAct, choices
from ledger.anchor import find_quote
from ledger.asker import Row
from ledger.errors import ClaimsError, QuoteAmbiguous, Refused, UnknownId
from ledger.similar import Near
from ledger.web.keeper import Moment
from ledger.web.page import Page
from ledger.web.pages.lists import newest
from ledger.web.recording.commands import in_form
from ledger.web.recording.form import Form
from ledger.web.recording.naming import Naming
from ledger.web.recording.quoting import Place, places_of, selected, words_and_sides
from ledger.web.recording.refusals import Faults

_LISTED = 200  # names that a field proposes
_SOURCES = 50


@dataclass(frozen=True)
class Found:
    """What a form names, as the ledger stands; None for what it does not name, or wrongly."""

    moment: Moment
    source: Row | None
    statement: Row | None
    text: str | None
    missing: str | None  # why there is no text

    def filled(self, form: Form) -> Form:
        """A new form with the words that were selected."""
        place = self.text and form.place and selected(self.text, *form.place)
        return form.having(quote=place.words, place=place.name) if place else form.having(place="")

    def named(self, form: Form) -> Form:
        """The form with the ids of its source and its statement in their places."""
        return form.having(source=self.source["source_id"]) if self.source else form

    def check_things(self, form: Form) -> None:
        """Raise UnknownId for a source, or a statement to report, that is not there."""
        with in_form("source"):
            if self.source is None:
                Naming(self.moment.views, form.id).known("source", form["source"])
        if form.is_report and self.statement is None:
            raise UnknownId("statement", form["report_of"], field="report_of")

    def check_quote(self, form: Form) -> None:
        """Raise for words that do not stand in the source; that they stand twice is shown."""
        self.check_things(form)
        if self.text is None:
            raise Refused(
                self.missing or "There is no text to find them in.",
                field="quote",
                way_out="The words are kept as you give them, unchecked.",
            )
        words, (prefix, suffix) = words_and_sides(self.text, form["quote"], form.place)
        with in_form("quote"):
            try:
                find_quote(self.text, words, prefix=prefix, suffix=suffix)
            except QuoteAmbiguous:
                return

    def places(self, form: Form) -> list[Place]:
        """Where the words stand: the chosen place alone, or each that they may mean."""
        if self.text is None:
            return []
        found = places_of(self.text, form["quote"])
        chosen = form.place and selected(self.text, *form.place)
        if not chosen or chosen.words.split() != form["quote"].split():
            return found
        return found if chosen in found else [*found, chosen]

    def standing(self, places: Sequence[Place], form: Form) -> list[Row]:
        """The reports whose quotes share words with the chosen place, or with the only one."""
        chosen = [each for each in places if len(places) == 1 or each.name == form["place"]]
        if not chosen or self.source is None:
            return []
        [place] = chosen
        return self.moment.views.named(
            "record_standing",
            source=self.source["source_id"],
            first=place.start,
            last=place.end,
        )


@dataclass(frozen=True)
class Outcome:
    """What came of a button: faults, or what would be recorded and what there is like it."""

    order: str = ""
    faults: Faults | None = None
    would: Sequence[Row] | None = None
    near: Sequence[Near] = ()


def found_of(form: Form, moment: Moment) -> Found:
    """What a form names; what is named wrongly is told when it is checked."""
    source = _row(moment, "source", form["source"], form.id)
    statement = _row(moment, "statement", form["report_of"], form.id)
    text, missing = None, None
    if source is not None and source["text_sha256"] is None:
        missing = "This source is only cited: no document was captured to find the words in."
    elif source is not None:
        try:
            text = moment.store.text(source["text_sha256"])
        except ClaimsError as error:
            missing = f"{error.what} {error.way_out}"
    return Found(moment, source, statement, text, missing)


def _row(moment: Moment, noun: str, named: str, form_id: str) -> Row | None:
    """The row of what a form names by its id, or a source by its title."""
    key: str | None = named
    if noun == "source" and named:
        try:
            key = Naming(moment.views, form_id).known("source", named)
        except Refused:
            return None
    rows = moment.views.sql(f"from {noun}s where {noun}_id = $key", key=key) if key else []
    return rows[0] if rows else None


def start_page(moment: Moment) -> Page:
    """What to begin with: a source to open."""
    rows = newest(moment, "page_sources", moment.size, _SOURCES, publisher=None)
    return Page("record_start.html", "Record", {"sources": rows})


def shown(form: Form, found: Found, seal: str, outcome: Outcome) -> Page:
    """The page of a form, with what came of it."""
    wrong = outcome.faults.faults if outcome.faults else {}
    alike = {each.statement_id for each in outcome.near}
    places = found.places(form)
    data: dict[str, Any] = {
        "form": form,
        "seal": seal,
        "order": outcome.order,
        "source": found.source,
        "statement": found.statement,
        "missing": found.missing,
        "places": places,
        "standing": found.standing(places, form),
        "faults": wrong,
        "first_fault": next((name for name in _in_order(form) if name in wrong), None),
        "would": outcome.would,
        "near": outcome.near,
        "seen": ",".join(sorted(form.seen | alike)),
        "speakers": newest_of(found.moment, "speakers"),
        "measures": newest_of(found.moment, "measures"),
        "speech_acts": choices(SpeechAct),
        "speaker_kinds": choices(SpeakerKind),
        "quote_modes": choices(QuoteMode),
    }
    status = outcome.faults.status if outcome.faults else 200
    return Page("record.html", "Record", data, status=status)


def newest_of(moment: Moment, view: str) -> list[Row]:
    """The things of a view that were recorded last; how often each is named would take longer."""
    return moment.views.sql(f"from {view} order by position desc limit {_LISTED}")


def _in_order(form: Form) -> list[str]:
    """The fields from top to bottom; "" is what is told above them all."""
    rows = [
        f"{name}-{at}"
        for at in range(1, len(form.rows) + 1)
        for name in ("measure", "new", "value", "words", "period", "unit", "tags")
    ]
    return [
        "", "source", "quote", "quote_mode", "attributed_to", "via", "report_of", "speaker", "kind",
        "said_at", "speech_act", "proposition", "topics", "language", *rows, "note", "actor",
    ]  # fmt: skip

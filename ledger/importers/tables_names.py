"""Who and what the names in a table mean: as the mapping says, as the ledger knows, or new.

Rules kept here:
- a name that several things bear is asked for, never guessed;
- a new name gets an id that does not belong to anybody else.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from events.ids import is_id
from ledger.errors import Refused
from ledger.importers.names import id_of
from ledger.importers.rows import Raw
from ledger.importers.tables_settings import NewMeasure, NewSpeaker

if TYPE_CHECKING:
    from ledger.api import Ledger

Noun = Literal["speaker", "measure"]

MOST_KEPT = 100_000  # names; the ledger is asked again for more

_NAME = {"speaker": "name", "measure": "label"}
_ALIASES = {"speaker": "coalesce(aliases, [])", "measure": "[]"}
_VERB = {"speaker": "register_speaker", "measure": "define_measure"}


class Thing(NamedTuple):
    """A thing of the ledger, with its names; `unit` of a measure."""

    id: str
    names: tuple[str, ...]
    unit: str | None = None

    def called(self, text: str) -> bool:
        """Whether a text is one of its names, whatever the case."""
        return text.lower() in {name.lower() for name in self.names}


class Meant(NamedTuple):
    """What a name means: an id, and the command that makes it where it is new."""

    id: str
    make: Raw | None = None
    unit: str | None = None  # of a measure that the ledger has


class Names:
    """Finds names of one noun; `listed` is what the mapping says of them."""

    def __init__(
        self, ledger: "Ledger | None", noun: Noun,
        listed: Mapping[str, str | NewSpeaker] | Mapping[str, str | NewMeasure],
    ) -> None:  # fmt: skip
        self.ledger = ledger
        self.noun: Noun = noun
        self.listed = {name.strip().casefold(): meant for name, meant in listed.items()}
        self._found: dict[str, Meant | Refused] = {}

    def load(self, texts: Iterable[str]) -> None:
        """Look up names, all at once."""
        if len(self._found) > MOST_KEPT:
            self._found.clear()
        new = {text for text in texts if text and text not in self._found}
        if new:
            things = self._ask(new)
            self._found |= {text: self._meant(text, things) for text in new}

    def find(self, text: str) -> Meant:
        """What a name that was loaded means; raises Refused where that is not certain."""
        found = self._found[text]
        if isinstance(found, Refused):
            raise Refused(found.what, way_out=found.way_out)
        return found

    # ── deciding ─────────────────────────────────────────────────────────────────────────────

    def _meant(self, text: str, things: "Things") -> Meant | Refused:
        listed = self.listed.get(text.casefold())
        if isinstance(listed, str):
            known = things.by_id.get(listed)
            return Meant(listed, unit=known.unit if known else None)
        if listed is not None:
            return self._made(text, listed, things)
        if known := things.by_id.get(text):
            return Meant(known.id, unit=known.unit)
        called = things.by_name.get(text.lower(), [])
        if len(called) > 1:
            return self._several(text, called)
        if called:
            return Meant(called[0].id, unit=called[0].unit)
        return self._new(text, {}, id_of(text), things)

    def _made(
        self, text: str, listed: NewSpeaker | NewMeasure, things: "Things"
    ) -> Meant | Refused:
        said: dict[str, Any] = listed.model_dump(exclude_none=True, exclude_defaults=True)
        if isinstance(listed, NewSpeaker):
            said["kind"] = listed.kind
        name = said.setdefault(_NAME[self.noun], text)
        wanted = said.pop("id", None) or id_of(name)
        known = things.by_id.get(wanted)
        if known and known.called(name):
            return Meant(wanted, unit=known.unit)
        return self._new(name, said, wanted, things)

    def _new(self, name: str, said: Raw, made: str, things: "Things") -> Meant | Refused:
        known = things.by_id.get(made)
        if known and id_of(name) in set(map(id_of, known.names)):
            return Meant(made, unit=known.unit)
        if known:
            return Refused(
                f"{name!r} would get the id {made}, which {known.names[0]} has.",
                way_out=f"Say who or what is meant, in the mapping: {self.noun}s:"
                f' {{"{name}": {made}}}, or {{"{name}": {{id: another-id}}}}.',
            )
        return Meant(
            made,
            {"command": _VERB[self.noun], f"{self.noun}_id": made, _NAME[self.noun]: name, **said},
        )

    def _several(self, text: str, called: list[Thing]) -> Refused:
        ids = ", ".join(thing.id for thing in called)
        return Refused(
            f"{text!r} may mean {ids}.",
            way_out=f'Say which, in the mapping: {self.noun}s: {{"{text}": {called[0].id}}}.',
        )

    # ── asking ───────────────────────────────────────────────────────────────────────────────

    def _ask(self, texts: set[str]) -> "Things":
        """The things that may be meant."""
        if self.ledger is None:
            return Things({}, {})
        ids = {text for text in texts if is_id(text)} | set(map(id_of, texts))
        for text in texts:
            listed = self.listed.get(text.casefold())
            if isinstance(listed, str):
                ids.add(listed)
            elif listed is not None:
                name = getattr(listed, _NAME[self.noun]) or text
                ids.add(listed.id or id_of(name))
        return self._things(self.ledger, sorted({text.lower() for text in texts}), sorted(ids))

    def _things(self, ledger: "Ledger", folded: list[str], ids: list[str]) -> "Things":
        noun = self.noun
        unit = "unit" if noun == "measure" else "null"
        sql = f"""
            with things as materialized (
                select {noun}_id as id, [{_NAME[noun]}] || {_ALIASES[noun]} as names, {unit} as unit
                from forms.{noun}s
            )
            from things where id in (select unnest($ids))
            or list_has_any(list_transform(names, lambda name: lower(name)), $folded)
        """  # noqa: S608  names of ours
        rows = ledger.views().connection.execute(sql, {"ids": ids, "folded": folded}).fetchall()
        things = Things({}, {})
        for key, names, of in rows:
            things.add(Thing(key, tuple(names), of))
        earlier = f"""
            select {noun}_id, {_NAME[noun]} from whole.{noun}s
            where {noun}_id in (select unnest($ids))
        """  # noqa: S608  names of ours
        for key, name in ledger.views().connection.execute(earlier, {"ids": ids}).fetchall():
            things.know(key, name)
        return things


class Things(NamedTuple):
    """Things of the ledger, by id and by name in small letters."""

    by_id: dict[str, Thing]
    by_name: dict[str, list[Thing]]

    def add(self, thing: Thing) -> None:
        """Take in a thing under its names."""
        self.by_id[thing.id] = thing
        for name in {name.lower() for name in thing.names}:
            self.by_name.setdefault(name, []).append(thing)

    def know(self, key: str, name: str) -> None:
        """Take in a name that a thing was recorded with: it may have been revised or voided."""
        thing = self.by_id.get(key) or Thing(key, ())
        if name not in thing.names:
            self.by_id[key] = thing._replace(names=(*thing.names, name))


class Sources:
    """Finds which cells are ids of sources in the ledger."""

    def __init__(self, ledger: "Ledger | None") -> None:
        self.ledger = ledger
        self._known: dict[str, bool] = {}

    def load(self, texts: Iterable[str]) -> None:
        """Look up cells, all at once."""
        if len(self._known) > MOST_KEPT:
            self._known.clear()
        new = sorted({text for text in texts if is_id(text) and text not in self._known})
        if not new or self.ledger is None:
            return
        rows = self.ledger.views().connection.execute(
            "select source_id from forms.sources where source_id in (select unnest($ids))",
            {"ids": new},
        )
        there = {source_id for (source_id,) in rows.fetchall()}
        self._known |= {text: text in there for text in new}

    def is_id(self, text: str) -> bool:
        """Whether a cell that was loaded is the id of a source."""
        return self._known.get(text, False)

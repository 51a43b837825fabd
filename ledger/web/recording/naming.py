"""Things as they are named in a form: by an id or a name that stands, or by a name that is new.

Rules kept here:
- a name means what is called so, whatever the case; of several, the form must name one by its id;
- a new name that is like one already there may be a misspelling: it is refused until the form says
  that it means another; so is a new name that could be an id.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from events.ids import MOST_CHARACTERS, is_id, random_id, slug
from ledger.asker import Asker, Row
from ledger.errors import Refused, UnknownId
from ledger.texts import check_text

if TYPE_CHECKING:
    from ledger.inputs import Raw

_ALIKE = 85  # the score, of 100, from which a name may be a misspelling; `claims add` has the same
_SHOWN = 8
_LONGEST = 200  # characters that are compared; the time of it grows with them


class _Noun(NamedTuple):
    """How things of a noun are called, and made."""

    name: str
    aliases: str
    verb: str


_NOUNS = {
    "speaker": _Noun("name", "coalesce(aliases, [])", "register_speaker"),
    "measure": _Noun("label", "[]", "define_measure"),
    "source": _Noun("title", "[]", ""),
}


class Naming:
    """Finds what a form names, and keeps the commands that make what is new."""

    def __init__(self, ask: Asker, form_id: str) -> None:
        self._ask = ask
        self._form_id = form_id
        self._made: dict[tuple[str, str], str] = {}
        self.commands: list[Raw] = []

    def known(self, noun: str, text: str) -> str:
        """The id of what is there; raises UnknownId, or Refused where it may be several."""
        check_text(text)
        found = self._found(noun, text)
        if not found:
            raise UnknownId(noun, text)
        return found

    def known_or_new(self, noun: str, text: str, about: Row, *, new: bool) -> str:
        """The id of a speaker or measure; a name that nothing has is registered along the way.

        `about` is what else is known of a new one. Raises Refused.
        """
        check_text(text)
        if made := self._made.get((noun, text.lower())):
            return made
        if not new and (found := self._found(noun, text)):
            return found
        if not new:
            self._check_new(noun, text)
        one = _NOUNS[noun]
        key = self._new_id(noun, text)
        said = {name: value for name, value in about.items() if value}
        self.commands.append({"command": one.verb, f"{noun}_id": key, one.name: text} | said)
        self._made[noun, text.lower()] = key
        return key

    def link(self, text: str) -> str:
        """The id of a speaker or, failing that, a source by way of which words came."""
        check_text(text)
        if found := self._found("speaker", text) or self._found("source", text):
            return found
        raise UnknownId("speaker or source", text)

    def _found(self, noun: str, text: str) -> str | None:
        one = _NOUNS[noun]
        called = f"list_contains([lower(n) for n in [{one.name}] || {one.aliases}], lower($text))"
        rows: list[Any] = self._ask.sql(
            f"select {noun}_id as id from {noun}s where {noun}_id = $text or {called} order by 1",  # noqa: S608  names of ours
            text=text,
        )
        ids = [row["id"] for row in rows]
        if text in ids or len(ids) == 1:
            return text if text in ids else ids[0]
        if not ids:
            return None
        more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
        raise Refused(
            f"{text!r} may mean {', '.join(ids[:_SHOWN])}{more}.", way_out="Give one of these ids."
        )

    def _check_new(self, noun: str, text: str) -> None:
        near = self._nearest(noun, text)
        hint = f"Did you mean {near}? " if near else ""
        if is_id(text):
            raise Refused(
                f"No {noun} has the id or name {text!r}.",
                way_out=f"{hint}To make a new one, give its name as people write it.",
            )
        if near:
            raise Refused(
                f"{text!r} is new, but like a {noun} that is there.",
                way_out=f"{hint}If it is another one, say so below.",
            )

    def _nearest(self, noun: str, text: str) -> str | None:
        """The thing whose name or id a text is nearest to; None where nothing is near."""
        from rapidfuzz import fuzz, process, utils

        rows = self._ask.sql(f"select {noun}_id as id, {_NOUNS[noun].name} as name from {noun}s")  # noqa: S608  names of ours
        names = {(row["id"], 0): row["name"] or "" for row in rows}
        names |= {(row["id"], 1): row["id"] for row in rows}
        best = process.extractOne(
            text[:_LONGEST],
            names,
            scorer=fuzz.WRatio,
            processor=utils.default_process,
            score_cutoff=_ALIKE,
        )
        return best[2][0] if best else None

    def _new_id(self, noun: str, text: str) -> str:
        """An id made of a name; of one that is taken it goes on with the form's own."""
        made = slug(text) or random_id()
        taken = self._ask.sql(f"select 1 from {noun}s where {noun}_id = $made", made=made)  # noqa: S608  names of ours
        if not taken or not slug(text):
            return made
        tail = f"-{self._form_id[:6]}"
        return f"{made[: MOST_CHARACTERS - len(tail)]}{tail}"

"""Finds the thing that a person means: by its id, the beginning of it, or its name."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from projections.database import Database

SHOWN = 8  # of several that may be meant

# By what a thing is called, in columns of `forms.<noun>s`, the one that is shown first.
NAMES = {
    "statement": ("proposition",),
    "source": ("title",),
    "speaker": ("name", "aliases"),
    "measure": ("label",),
    "report": ("quote",),
    "estimate": ("claimed(comparator, low, best, high)",),
}


class Found(NamedTuple):
    """A thing that may be meant."""

    noun: str
    id: str
    name: str | None = None
    aliases: tuple[str, ...] = ()

    def called(self, text: str) -> bool:
        """Whether a text is its name, whatever the case."""
        return text.lower() in {f"{name}".lower() for name in (self.name, *self.aliases)}

    @property
    def subject(self) -> str:
        """`<noun>/<id>`."""
        return f"{self.noun}/{self.id}"


def candidates(views: "Database", text: str, noun: str | None = None) -> list[Found]:
    """Everything that a text may mean; an exact id beats a name, a name the beginning of an id."""
    kind, slash, name = text.rpartition("/")
    nouns = [noun] if noun else [kind] if slash and kind in NAMES else list(NAMES)
    if exact := with_id(views, name, nouns):
        return exact
    found = [each for each_noun in nouns for each in of_noun(views, each_noun, name)]
    return [each for each in found if each.called(name)] or found


def with_id(views: "Database", text: str, nouns: Sequence[str]) -> list[Found]:
    """Things of some nouns whose id is a text.

    Which nouns ever had one is asked of the tables first: that is planned in a fraction of the time
    of the forms, which are then asked for those nouns alone.
    """
    asked = " union all ".join(
        f"select '{noun}' from whole.{noun}s where {noun}_id = $text"  # noqa: S608  names of ours
        for noun in nouns
    )
    ever = {noun for (noun,) in views.connection.execute(asked, {"text": text}).fetchall()}
    likely = [noun for noun in nouns if noun in ever]
    return [each for noun in likely for each in of_noun(views, noun, text) if each.id == text]


def of_noun(views: "Database", noun: str, text: str) -> list[Found]:
    """Things of one noun whose id or name begins with a text.

    The forms hold the rows of the views that people ask, and are planned in half the time.
    """
    words = NAMES[noun]
    names = "coalesce(aliases, [])" if "aliases" in words else "[]"
    begins = f"list_bool_or([starts_with(lower(n), $folded) for n in [{words[0]}] || {names}])"
    sql = f"select {noun}_id, {words[0]}, {names} from forms.{noun}s"  # noqa: S608  names of ours
    rows = views.connection.execute(
        f"{sql} where starts_with({noun}_id, $text) or {begins} order by 1",
        {"text": text, "folded": text.lower()},
    ).fetchall()
    return [Found(noun, key, name, tuple(aliases)) for key, name, aliases in rows]


def resolve(views: "Database", text: str, noun: str | None = None) -> Found:
    """The one thing that a text means; raises UnknownId, or Refused where it means several."""
    from ledger.errors import UsageFault

    if not text.strip():
        raise UsageFault("Which one?", way_out="Give an id, the beginning of one, or a name.")
    return the_one(candidates(views, text, noun), text, noun)


def the_one(found: list[Found], text: str, noun: str | None = None) -> Found:
    """The only one of those that a text may mean; raises like `resolve`."""
    from ledger.errors import Refused, UnknownId

    if len(found) == 1:
        return found[0]
    if not found:
        raise UnknownId(noun or "", text)
    listed = ", ".join(each.id if noun else each.subject for each in found[:SHOWN])
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    raise Refused(
        f"{text!r} may mean {listed}{more}.",
        way_out="Give more of the id" + ("." if noun else ", or <noun>/<id>."),
    )


def subject_ever(views: "Database", text: str) -> str:
    """The subject that a text means, also of a thing that is void; raises like `resolve`."""
    from ledger.errors import UnknownId
    from projections import catalog

    try:
        return resolve(views, text).subject
    except UnknownId:
        rows = views.connection.execute(catalog.query("subjects_ever"), {"text": text}).fetchall()
        if len(rows) == 1:
            return str(rows[0][0])
        raise

"""Finds the thing that a person means: by its id, the beginning of it, or its name."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from projections.database import Database

SHOWN = 8  # of several that may be meant

# By which columns of its view a thing is called, the one that is shown first.
NAMES = {
    "statement": ("proposition",),
    "source": ("title",),
    "speaker": ("name", "aliases"),
    "measure": ("label",),
    "report": ("quote",),
    "estimate": ("claimed",),
}


class Found(NamedTuple):
    """A thing that may be meant."""

    noun: str
    id: str
    name: str | None

    @property
    def subject(self) -> str:
        """`<noun>/<id>`."""
        return f"{self.noun}/{self.id}"


def candidates(views: "Database", text: str, noun: str | None = None) -> list[Found]:
    """Everything that a text may mean; an exact id beats a name, a name the beginning of an id."""
    kind, slash, name = text.rpartition("/")
    nouns = [noun] if noun else [kind] if slash and kind in NAMES else list(NAMES)
    found = [each for each_noun in nouns for each in of_noun(views, each_noun, name)]
    exact = [each for each in found if each.id == name]
    named = [each for each in found if not each.id.startswith(name)]
    return exact or named or found


def of_noun(views: "Database", noun: str, text: str) -> list[Found]:
    """Things of one noun whose id begins with a text, or whose name is that text."""
    words = NAMES[noun]
    sql = f"select {noun}_id, {words[0]} from {noun}s where starts_with({noun}_id, $text)"  # noqa: S608  names of ours
    named = [f"lower({word}) = $folded" for word in words if word != "aliases"]
    if "aliases" in words:
        named.append("list_contains(list_transform(aliases, lambda each: lower(each)), $folded)")
    rows = views.connection.execute(
        f"{sql} or {' or '.join(named)} order by 1", {"text": text, "folded": text.lower()}
    ).fetchall()
    return [Found(noun, *row) for row in rows]


def resolve(views: "Database", text: str, noun: str | None = None) -> Found:
    """The one thing that a text means; raises UnknownId, or Refused where it means several."""
    from ledger.errors import Refused, UnknownId

    found = candidates(views, text, noun)
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

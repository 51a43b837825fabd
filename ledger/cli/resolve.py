"""Finds the thing that a person means: by its id, the beginning of it, or its name."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from projections.database import Database

SHOWN = 8  # of several that may be meant


class Found(NamedTuple):
    """A thing that may be meant."""

    noun: str
    id: str
    name: str | None

    @property
    def subject(self) -> str:
        """`<noun>/<id>`."""
        return f"{self.noun}/{self.id}"


def candidates(views: "Database", text: str) -> list[Found]:
    """Everything that a text may mean; an exact id beats a name, a name the beginning of an id."""
    from projections import catalog

    noun, slash, name = text.rpartition("/")
    rows = views.connection.execute(
        catalog.query("names_of_things"), {"text": name, "folded": name.lower()}
    ).fetchall()
    found = [Found(*row) for row in rows if not slash or row[0] == noun]
    exact = [each for each in found if each.id == name]
    named = [each for each in found if not each.id.startswith(name)]
    return exact or named or found


def resolve(views: "Database", text: str, noun: str | None = None) -> Found:
    """The one thing that a text means; raises UnknownId, or Refused where it means several."""
    from ledger.errors import Refused, UnknownId

    found = [each for each in candidates(views, text) if noun in (None, each.noun)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UnknownId(noun or "thing", text)
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

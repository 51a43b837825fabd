"""What the words of a command mean: which thing, which text, which link of a chain."""

from typing import TYPE_CHECKING, Any

from ledger.cli.resolve import NAMES, SHOWN, Found, candidates, with_id

if TYPE_CHECKING:
    from projections.database import Database


def meant(views: "Database", text: str, *nouns: str, field: str) -> Found:
    """The one thing of some nouns (of any, unless told) that a text means, also one that is void.

    That it is void is for the rules to say, who know the way back. Raises UnknownId and Refused
    with the field.
    """
    from ledger.errors import Refused, UnknownId, UsageFault

    if not text.strip():
        way_out = "Give an id, the beginning of one, or a name."
        raise UsageFault("Which one?", field=field, way_out=way_out)
    among = nouns or tuple(NAMES)
    noun, slash, name = text.partition("/")
    if not slash or noun not in NAMES:
        name = text
    elif noun in among:
        among = (noun,)
    else:
        wanted = " or a ".join(among)
        raise Refused(
            f"{text} is a {noun}; what is wanted is a {wanted}.",
            field=field,
            way_out=f"Give the id of a {wanted}.",
        )
    found = all_meant(views, name, among) or ever(views, name, among)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UnknownId(" or ".join(nouns), text, field=field)
    listed = ", ".join(each.id if len(nouns) == 1 else each.subject for each in found[:SHOWN])
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    rest = "." if len(nouns) == 1 else ", or <noun>/<id>."
    raise Refused(
        f"{text!r} may mean {listed}{more}.", field=field, way_out=f"Give more of the id{rest}"
    )


def all_meant(views: "Database", name: str, nouns: tuple[str, ...]) -> list[Found]:
    """What a text may mean; an exact id beats a name, a name the beginning of an id."""
    if exact := with_id(views, name, nouns):
        return exact
    found = [each for noun in nouns for each in candidates(views, name, noun)]
    return [each for each in found if each.called(name)] or found


def ever(views: "Database", name: str, nouns: tuple[str, ...]) -> list[Found]:
    """Things that were ever recorded under an id, void or not."""
    found = []
    for noun in nouns:
        sql = f"select 1 from seen.{noun}s where {noun}_id = $name limit 1"  # noqa: S608  names of ours
        if views.connection.execute(sql, {"name": name}).fetchone():
            found.append(Found(noun, name, None))
    return found


def link_meant(views: "Database", text: str, field: str = "--via") -> dict[str, str]:
    """A link of a chain, from the id or name of a speaker or, failing that, of a source."""
    if candidates(views, text, "speaker"):
        return {"speaker_id": meant(views, text, "speaker", field=field).id}
    found = meant(views, text, "speaker", "source", field=field)
    return {f"{found.noun}_id": found.id}


def links_meant(views: "Database", texts: list[str] | None) -> list[dict[str, str]]:
    """The chain by which a report came."""
    return [link_meant(views, text) for text in texts or ()]


def ids_meant(views: "Database", patch: dict[str, Any], fields: dict[str, str]) -> dict[str, Any]:
    """The same fields with ids where names or beginnings of ids were given.

    `fields` says what each is called where it was given.
    """
    from ledger.references import NOUN_OF_FIELD

    def meaning(name: str, value: Any) -> Any:  # noqa: ANN401  a field may hold anything
        if isinstance(value, list):
            return [meaning(name, each) for each in value]
        if name == "via" and isinstance(value, str):
            return link_meant(views, value, fields[name])
        if name in NOUN_OF_FIELD and isinstance(value, str):
            return meant(views, value, NOUN_OF_FIELD[name], field=fields[name]).id
        return value

    return {name: meaning(name, value) for name, value in patch.items()}

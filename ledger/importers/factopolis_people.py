"""People, parties and fact-checkers of Factopolis as speakers of the ledger."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ledger.errors import Refused
from ledger.importers.factopolis_pages import Known, list_of, parts_of, text_of
from ledger.importers.front_matter import Front
from ledger.importers.names import id_of
from ledger.importers.rows import Raw
from ledger.importers.tables_names import Names
from ledger.importers.tables_settings import NewSpeaker

if TYPE_CHECKING:
    from ledger.api import Ledger

# Names under which others know them. The same one is spelled in several ways.
_IDENTIFIERS = frozenset((
    "wikidata", "wikipedia", "web", "twitter", "facebook", "instagram", "youtube", "flickr",
    "medium", "tumblr", "pinterest", "snapchat", "linkedin", "googleplus", "soundcloud", "vimeo",
    "factcheckorg", "politifact", "snopes", "washington-post",
))  # fmt: skip
_SPELLINGS = {"washingtonpost": "washington-post", "washingtonPost": "washington-post"}
LONGEST_ID = 80

FACTOPOLIS: Raw = {
    "command": "register_speaker",
    "speaker_id": "factopolis",
    "kind": "outlet",
    "name": "Factopolis",
    "identifiers": {"web": "https://www.factopolis.com/"},
}


def person(slug: str, front: Front, groups: Mapping[str, Front]) -> Raw:
    """The command that registers a person, with offices and parties; raises Refused."""
    made = registered(slug, "person", front)
    memberships: list[Raw] = []
    for office in parts_of(front, "offices"):
        said = {"role": text_of(office, "title"), "from": text_of(office, "from"),
                "to": text_of(office, "thru")}  # fmt: skip
        memberships.append({name: value for name, value in said.items() if value})
    for name in list_of(front, "groups"):
        group = groups.get(name)
        organization = text_of(group, "title") if group else name
        memberships.append({"organization": organization or name})
    return made | ({"memberships": memberships} if memberships else {})


def group(slug: str, front: Front) -> Raw:
    """The command that registers a party."""
    return registered(id_of(text_of(front, "title") or slug), "organization", front)


def checker(slug: str, front: Front) -> Raw:
    """The command that registers a fact-checker; its id is that of an outlet of its name."""
    made = registered(id_of(text_of(front, "title") or slug), "outlet", front)
    short = text_of(front, "abbr")
    return made | ({"aliases": [short]} if short else {})


def registered(speaker_id: str, kind: str, front: Front) -> Raw:
    """The command that registers somebody by a page about them; raises Refused."""
    made: Raw = {
        "command": "register_speaker",
        "speaker_id": id_of(speaker_id, LONGEST_ID),
        "kind": kind,
        "name": text_of(front, "title", needed=True),
    }
    identifiers: dict[str, str] = {}
    for key in front:
        name = _SPELLINGS.get(key, key)
        if name in _IDENTIFIERS and (value := text_of(front, key)):
            identifiers.setdefault(name, value)
    return made | ({"identifiers": identifiers} if identifiers else {})


def issuer(front: Front, slug: str, base: str, known: Known) -> Raw:
    """The command that registers who took an assertion back, where it was not its speaker.

    Who has a position is taken for a person, who has a name alone for an organization, and who has
    no name for an unnamed speaker.
    """
    named, position = text_of(front, "id"), text_of(front, "position")
    if named:
        if named not in known.people:
            raise Refused(
                f"There is no person {named}.", field="retraction", way_out=f"Add person/{named}."
            )
        return person(named, known.people[named], known.groups)
    name = text_of(front, "name")
    for other, page in known.people.items():
        if name and text_of(page, "title") == name:
            return person(other, page, known.groups)
    made: Raw = {"command": "register_speaker"}
    if name:
        made |= {"speaker_id": id_of(name, LONGEST_ID), "name": name}
        made["kind"] = "person" if position else "organization"
    else:
        whom = text_of(known.people[slug], "title") or slug
        made |= {"speaker_id": id_of(f"unnamed {base}", LONGEST_ID), "kind": "unnamed"}
        made["name"] = f"{position or 'Somebody'}, for {whom}"
    return made | ({"memberships": [{"role": position}]} if position else {})


class Speakers:
    """Finds whether the ids of speakers belong to others already."""

    def __init__(self, ledger: "Ledger | None") -> None:
        self.ledger = ledger

    def refused(self, made: Mapping[str, Raw]) -> dict[str, Refused]:
        """Which of some registrations cannot be meant, by their keys."""
        listed: dict[str, str | NewSpeaker] = {
            key: NewSpeaker(id=raw["speaker_id"], name=raw["name"], kind=raw["kind"])
            for key, raw in made.items()
        }
        names = Names(self.ledger, "speaker", listed)
        names.load(listed)
        found: dict[str, Refused] = {}
        for key, raw in made.items():
            try:
                names.find(key)
            except Refused as refused:
                found[key] = Refused(
                    refused.what,
                    field="title",
                    way_out=f"Rename what has the id {raw['speaker_id']} in the ledger, or add this"
                    " name to its aliases where they are one: claims revise.",
                )
        return found

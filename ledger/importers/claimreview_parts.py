"""The parts of a review: days, addresses, people and ratings, and what is to be noted of them.

Rules kept here:
- what cannot be read is never put right by a guess: it is left out, and a note says what it was;
- an address without its slashes is read as browsers do, or by the address of the page that it is
  the beginning of.
"""

import math
import re
from typing import Any, NamedTuple, get_args

from events.vocabulary import SpeakerKind
from ledger.dates import parse_date
from ledger.errors import Refused
from ledger.importers.jsonld import Node, listed, nodes_in, own, text, types
from ledger.importers.rows import Raw
from ledger.importers.tables_cells import folded
from ledger.importers.tables_dates import edtf_of

MOST_NOTED = 200  # characters of what stood there
MOST_DIGITS = 15  # of a number that can be kept as it was written

KINDS: dict[str, SpeakerKind] = {
    "Person": "person", "GovernmentOrganization": "government", "GovernmentOffice": "government",
    "NewsMediaOrganization": "outlet", "Corporation": "organization", "NGO": "organization",
    "PoliticalParty": "organization", "PerformingGroup": "group", "MusicGroup": "group",
}  # fmt: skip

_TIME = r"[T ]\d\d[\d:.,]*\s?(?:Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?"
_ISO = re.compile(rf"(\d{{4}})(-?)(\d\d)\2(\d\d)(?:{_TIME})?", re.ASCII)
_ADDRESS = re.compile(r"https?:\S+", re.IGNORECASE)
_SCHEME = re.compile(r"(https?):(/*)", re.IGNORECASE)
_HOST = re.compile(r"https?://(?:www\.)?([^/:?#]+)", re.IGNORECASE)
_WIKIDATA = re.compile(r"https?://(?:www\.)?wikidata\.org/(?:wiki|entity)/(Q\d+)", re.IGNORECASE)
_FIGURE = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)


class Notes(list[str]):
    """What has no field of its own, as sentences."""

    def stood(self, name: str, value: object, why: str) -> None:
        """Note what stood in a field, and why it is not there."""
        said = str(value)
        said = said if len(said) <= MOST_NOTED else f"{said[:MOST_NOTED]}…"
        self.append(f'{name} was "{said}", {why}.')

    def into(self, command: Raw) -> None:
        """Put the notes into a command, after its own."""
        if said := [*listed(command.get("note")), *dict.fromkeys(self)]:
            command["note"] = " ".join(said)


# ── days and addresses ───────────────────────────────────────────────────────────────────────


def day_of(value: Any, name: str, notes: Notes) -> str | None:  # noqa: ANN401  JSON has no type
    """The day of a date as EDTF; None where there is none, with a note on what stood there."""
    said = text(value)
    if said is None:
        return None
    found = _ISO.fullmatch(said)
    try:
        made = "-".join(found.group(1, 3, 4)) if found else edtf_of(said).partition("T")[0]
        parse_date(made)
    except Refused:
        notes.stood(name, said, "which is no date")
        return None
    return made


def address_of(value: Any, name: str, notes: Notes, beside: str | None = None) -> str | None:  # noqa: ANN401  JSON has no type
    """The first address of a field, with its slashes; `beside` is one that it may begin."""
    said = _address(value)
    made = mended(said, beside) if said else None
    if made != said:
        notes.stood(name, said, "without its slashes")
    return made


def _address(value: Any) -> str | None:  # noqa: ANN401  JSON has no type
    for each in listed(value):
        if isinstance(each, dict):
            found = text(each.get("@id")) or _address(each.get("url"))
        else:
            found = text(each)
        if found:
            return found
    return None


def is_address(said: str) -> bool:
    """Whether a text is meant as an address on the web."""
    return _ADDRESS.fullmatch(said) is not None


def mended(said: str, beside: str | None = None) -> str:
    """An address whose slashes were lost, with them; any other as it is."""
    scheme = _SCHEME.match(said)
    if not is_address(said) or scheme is None or len(scheme[2]) == 2:  # noqa: PLR2004  slashes
        return said
    rest = said[scheme.end() :]
    bare = rest.removeprefix("www.")
    begun = _beginning(bare, bare_address(beside)) if beside and "/" not in bare else None
    lead = rest[: len(rest) - len(bare)]
    return f"{scheme[1].lower()}://{lead}{begun or bare}"


def _beginning(squeezed: str, whole: str) -> str | None:
    """The beginning of an address that is the same text but for its slashes."""
    at = 0
    for sign in squeezed:
        while whole[at : at + 1] == "/":
            at += 1
        if whole[at : at + 1] != sign:
            return None
        at += 1
    return whole[:at] if whole[at : at + 1] in ("", "/", "?", "#") else None


def bare_address(address: str) -> str:
    """An address without its scheme and `www.`, and without a slash at its end."""
    return re.sub(r"\Ahttps?:/*(?:www\.)?", "", address, flags=re.IGNORECASE).rstrip("/")


def host_of(address: str) -> str | None:
    """The host of an address."""
    found = _HOST.match(address)
    return found[1].lower() if found else None


# ── people ───────────────────────────────────────────────────────────────────────────────────


class Agent(NamedTuple):
    """Somebody who is named; `said` is how they are, where that is an address without slashes."""

    name: str
    kind: SpeakerKind | None
    identifiers: dict[str, str]
    said: str | None = None
    own_id: str | None = None

    def is_same(self, other: "Agent") -> bool:
        """Whether two are the same by their name or an address of theirs."""
        shared = set(self.identifiers.values()) & set(other.identifiers.values())
        return folded(self.name) == folded(other.name) or bool(shared)


def agents(value: Any, beside: str | None = None) -> list[Agent]:  # noqa: ANN401  JSON has no type
    """All who are named in a field, by their name or else by an address."""
    made = [
        _agent_of_node(each, beside) if isinstance(each, dict) else _agent_of_text(each, beside)
        for each in listed(value)
    ]
    return [each for each in made if each]


def _agent_of_text(value: object, beside: str | None) -> Agent | None:
    said = text(value)
    if said is None:
        return None
    if not is_address(said):
        return Agent(said, None, {})
    url = mended(said, beside)
    return Agent(bare_address(url) or said, None, {"url": url}, said if said != url else None)


def _agent_of_node(node: Node, beside: str | None) -> Agent | None:
    name = text(node.get("name")) or text(node.get("legalName")) or text(node.get("alternateName"))
    identifiers, said = _identifiers(node, beside)
    if name is None:
        name = next((bare_address(url) for url in identifiers.values() if is_address(url)), None)
    if not name:
        return None
    told = own(node, "speaker_id", "kind")
    kind: Any = told.get("kind") if told.get("kind") in get_args(SpeakerKind) else kind_of(node)
    return Agent(name, kind, identifiers, said, told.get("speaker_id"))


def _identifiers(node: Node, beside: str | None) -> tuple[dict[str, str], str | None]:
    found: dict[str, str] = {}
    stood: str | None = None
    for field in ("url", "sameAs"):
        for said in _addresses(node.get(field)):
            url = mended(said, beside)
            stood = stood or (said if said != url else None)
            if wikidata := _WIKIDATA.match(url):
                found.setdefault("wikidata", wikidata[1].upper())
            elif url not in found.values():
                key = "url" if field == "url" else host_of(url) or "sameAs"
                found[key if key not in found else f"{key} {len(found) + 1}"] = url
    return found, stood


def _addresses(value: Any) -> list[str]:  # noqa: ANN401  JSON has no type
    """Every address of a field."""
    found = (text(each.get("@id")) if isinstance(each, dict) else text(each)
             for each in listed(value))  # fmt: skip
    return [each for each in found if each]


def kind_of(node: Node) -> SpeakerKind | None:
    """The kind that the types of an object say; None where they say none."""
    kinds = types(node)
    for name, kind in KINDS.items():
        if name in kinds:
            return kind
    return "organization" if any(name.endswith("Organization") for name in kinds) else None


# ── ratings ──────────────────────────────────────────────────────────────────────────────────


def rating_of(value: Any, notes: Notes) -> Raw | None:  # noqa: ANN401  JSON has no type
    """A rating on its own scale; what has no number becomes its label, or else a note."""
    ratings = listed(value)
    if not ratings:
        return None
    for further in ratings[1:]:
        label = text(further.get("alternateName") if isinstance(further, dict) else further)
        notes.append(f"reviewRating also was {label or 'another one'}.")
    node = ratings[0] if isinstance(ratings[0], dict) else {"alternateName": ratings[0]}
    label = text(node.get("alternateName")) or text(node.get("name"))
    made: Raw = {}
    for field, name in (("ratingValue", "value"), ("bestRating", "best"), ("worstRating", "worst")):
        said = text(node.get(field))
        number = figure(said) if said else None
        if number is not None:
            made[name] = number
        elif said and field == "ratingValue" and not label:
            label = said
        elif said and said != label:
            notes.stood(field, said, "which is no number")
    return ({"label": label} if label else {}) | made or None


def figure(said: str) -> int | float | None:
    """The number that a text is; None where it is none that can be kept as it is written."""
    if not _FIGURE.fullmatch(said) or sum(map(str.isdigit, said)) > MOST_DIGITS:
        return None
    number = float(said) if "." in said else int(said)
    return number if math.isfinite(number) else None


def explanation_of(review: Node) -> str | None:
    """What the reviewer says of the claim."""
    rating = next(iter(nodes_in(review.get("reviewRating"))), {})
    told = (
        review.get("reviewBody"), rating.get("ratingExplanation"), review.get("description"),
        review.get("name"), review.get("headline"),
    )  # fmt: skip
    return next((said for each in told if (said := text(each))), None)

"""A command as it was given: with its key, its place and the document that it brings."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from ledger.commands import CaptureSource, Command
from ledger.documents import Document, read_document
from ledger.errors import ClaimsError, Place, Refused, in_field
from ledger.inputs import Raw, parse_command
from ledger.references import Reference, references, wanted

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_sorted = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True)
class Given:
    """One command, ready to be decided."""

    command: Command
    key: str
    place: Place
    document: Document | None = None
    implied: bool = False  # it makes what is there only where it is not there yet
    places: Mapping[str, Place] = field(default_factory=dict)  # of its fields, where they lie apart

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Every thing that it names, also those that it makes."""
        return tuple(references(self.command))

    @cached_property
    def wanted(self) -> frozenset[tuple[str, str]]:
        """The names of all things that must be looked up before it is decided."""
        return frozenset(wanted(self.command, self.references))

    def placed(self, error: ClaimsError) -> ClaimsError:
        """An error of this command with the place of the field at fault, or of the command."""
        place = nearest(self.places, error.place.field)
        if place:
            error.place = place
            return error
        return error.at(file=self.place.file, line=self.place.line)


def prepare(
    raw: Raw, place: Place, documents: Path, places: Mapping[str, Place] | None = None
) -> Given:
    """Check a command and read the document that it brings; raises Refused with its place.

    `documents` is the folder under which documents must lie; a relative path begins at the folder
    of the file that the command stands in, or at `documents` where it stands in none.
    """
    try:
        command = parse_command(raw)
        document = None
        if isinstance(command, CaptureSource):
            beginning = Path(place.file).parent if place.file else documents
            with in_field("document"):
                path = confined(command.document, beginning, documents)
                document = read_document(path, command.media_type)
        return Given(command, command_key(raw, document), place, document, places=places or {})
    except ClaimsError as error:
        found = nearest(places or {}, error.place.field)
        if found:
            error.place = found
        raise error.at(file=place.file, line=place.line) from None


def prepare_read(raw: Raw, document: Document, said: Raw) -> Given:
    """A command whose document was read already; raises Refused.

    Its key is made of `said`, what a person gave: what the document says of itself and the time at
    which it was fetched belong to the answer, and would make another command of the same words.
    """
    return Given(parse_command(raw), command_key(said, document), Place(), document)


def is_address(name: str) -> bool:
    """Whether a document is named by an address, such as https://…, and not by a path."""
    return _ADDRESS.match(name) is not None


def nearest(places: Mapping[str, Place], path: str | None) -> Place | None:
    """The place of a field, or else of the nearest part around it that has one."""
    while path:
        if path in places:
            return places[path]
        cut = max(path.rfind("."), path.rfind("["), 0)
        path = path[:cut]
    return None


def confined(name: str, beginning: Path, documents: Path) -> Path:
    """The path of a document, links resolved; raises Refused where it lies elsewhere."""
    if is_address(name):
        raise Refused(
            f"The document {name} is an address; a document is a file, nothing is fetched.",
            way_out="Fetch it first: claims capture URL; its source can then be named by its id.",
        )
    try:
        path = (beginning / name).resolve()
    except (OSError, RuntimeError) as error:  # a link that leads to itself
        raise Refused(
            f"The path {name} leads nowhere.", way_out="Give the path of the file itself."
        ) from error
    if not path.is_relative_to(documents.resolve()):
        raise Refused(
            f"The document {name} lies outside of {documents.resolve()}.",
            way_out="Move it there, or name its folder with --documents.",
        )
    return path


def command_key(raw: Mapping[str, Any], document: Document | None = None) -> str:
    """The key by which a repeated command is known (DESIGN 4.1): 22 characters of base64url.

    BLAKE2b-128 of the caller's `command_id`, else of the command as it was given, without actor
    and agent: JSON with sorted keys, no white space, a file standing as its SHA-256.
    """
    if raw.get("command_id") is not None:
        text = str(raw["command_id"]).encode()
    else:
        said = {name: value for name, value in raw.items() if name not in ("actor", "agent")}
        if document:
            said["document"] = document.sha256
        text = _sorted.encode(said)
    return urlsafe_b64encode(blake2b(text, digest_size=16).digest()).decode().rstrip("=")

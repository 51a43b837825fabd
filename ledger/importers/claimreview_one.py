"""Turns a review into commands: the statement that is reviewed, where it appeared, its assessment.

Rules kept here:
- the reviewer is never taken for the speaker, even where a review says so;
- a claim is no quote: nobody compared its words with the document, so its reports are indirect;
- the same review makes the same ids, so that it is recorded once.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import Refused
from ledger.importers.claimreview_parts import (
    Agent,
    Notes,
    address_of,
    agents,
    day_of,
    explanation_of,
    host_of,
    rating_of,
)
from ledger.importers.jsonld import Node, listed, nodes_in, own, text, texts, types
from ledger.importers.names import slug, stable_id
from ledger.importers.rows import Raw
from ledger.importers.tables_settings import NewSpeaker

if TYPE_CHECKING:
    from ledger.importers.claimreview_rows import Reviews

OWN_STATEMENT = (
    "statement_id", "said_at", "attribution", "speech_act", "venue", "audience", "topics",
    "language", "note",
)  # fmt: skip
OWN_REPORT = (
    "report_id", "quote", "quote_mode", "prefix", "suffix", "part", "media_fragment",
    "attributed_to",
)  # fmt: skip
LONGEST_TITLE = 300  # characters of a title within a name


class Appearance(NamedTuple):
    """Where a claim was found: a source, and what the review says of its report."""

    source_id: str
    report: Raw


class OneReview:
    """One review on its way to commands."""

    def __init__(self, made: "Reviews", file: Path, review: Node) -> None:
        self.made = made
        self.file = file
        self.review = review
        self.item = item_of(review)
        self.notes = Notes()  # of the statement
        self.shared: list[Raw] = []
        self.url = address_of(review.get("url"), "url", Notes())
        self.reviewers = agents(review.get("author"), self.url)
        self.publishers = agents(review.get("publisher"), self.url)

    def row(self) -> tuple[list[Raw], list[Raw]]:
        """The commands of the review, and what it shares with others; raises Refused."""
        claim = self._claim()
        assessor = self._assessor()
        page_id = self._page()
        found = self._appearances() or [Appearance(page_id, own(self.review, *OWN_REPORT))]
        said = own(self.item, *OWN_STATEMENT)
        is_own = "statement_id" in said
        speakers = self._speakers()
        date = said.get("said_at") or day_of(
            self.item.get("datePublished"), "itemReviewed.datePublished", self.notes
        )
        statement_id = said.get("statement_id") or self._id(claim, assessor, speakers, date)
        speaker_id = self._speaker(speakers, found[0].source_id)
        statement: Raw = {
            "command": "record_statement",
            "statement_id": statement_id,
            "speaker_id": speaker_id,
            "proposition": claim,
            **({"said_at": date} if date else {}),
            **self._languages(self.item, is_guessed=not is_own),
            **said,
            **({"topics": listed(said["topics"])} if "topics" in said else {}),
        }
        others = dict.fromkeys(self._known(agent) for agent in speakers[1:])
        if co_speakers := [each for each in others if each != speaker_id]:
            statement["co_speakers"] = co_speakers
        attributed = {"attributed_to": speakers[0].name} if speakers else {}
        statement["reports"] = [
            {
                "report_id": f"{statement_id}.r{at}", "source_id": each.source_id, "quote": claim,
                "quote_mode": "indirect",
                **({} if is_own else attributed),
                **each.report,
            }
            for at, each in enumerate(found, 1)
        ]  # fmt: skip
        if not is_own:
            self.notes.into(statement)
        assessment = self._assessment(str(statement_id), assessor)
        recorded = self.made.own.commands(statement) if is_own else [statement]
        assessed = [] if self.made.standing.has(assessment) else [assessment]
        return [*recorded, *assessed], self.shared

    # ── what is claimed, by whom ─────────────────────────────────────────────────────────────

    def _claim(self) -> str:
        told = texts(self.review.get("claimReviewed"))
        if not told and "Claim" in types(self.item):
            told = texts(self.item.get("text")) or texts(self.item.get("name"))
        if not told:
            raise Refused(
                "The review does not say which claim it is about.",
                field="proposition",
                way_out="Fill in claimReviewed; what the review says itself is not the claim.",
            )
        for further in told[1:]:
            self.notes.stood("claimReviewed also", further, "and is not recorded")
        return told[0]

    def _assessor(self) -> str:
        told = self.reviewers or self.publishers
        if told:
            return ", ".join(dict.fromkeys(self._called(each) for each in told))
        host = host_of(self.url) if self.url else None
        if host is None:
            raise Refused(
                "The review does not say whose it is.",
                field="assessor",
                way_out="Fill in the author of the review.",
            )
        return host

    def _called(self, agent: Agent) -> str:
        """The name of a reviewer, as the settings have it."""
        listed_as = self.made.names.listed.get(agent.name.casefold())
        name = listed_as.name if isinstance(listed_as, NewSpeaker) else None
        return name or agent.name

    def _speakers(self) -> list[Agent]:
        """Who said it, as the review has it, without the reviewer."""
        told = agents(self.item.get("author"))
        reviewers = [*self.reviewers, *self.publishers]
        apart = [each for each in told if not any(each.is_same(other) for other in reviewers)]
        for each in told:
            if each not in apart:
                self.notes.stood("itemReviewed.author", each.name, "which is the reviewer")
            elif address := ", ".join(each.identifiers.values()):
                # Said here too: a speaker who is registered already keeps what he has.
                self.notes.append(f"itemReviewed.author {each.name}: {address}.")
        return apart

    def _speaker(self, speakers: Sequence[Agent], source_id: str) -> str:
        if speakers:
            return self._known(speakers[0])
        source = next(each for each in self.shared if each.get("source_id") == source_id)
        named = str(source.get("title") or source.get("url") or source_id)[:LONGEST_TITLE]
        made = f"unnamed-{source_id}"
        self.shared.append(
            {"command": "register_speaker", "speaker_id": made, "kind": "unnamed",
             "name": f"Unnamed speaker in {named}"}
        )  # fmt: skip
        return made

    def _known(self, agent: Agent, kind: str | None = None) -> str:
        """The id of somebody, who is registered where nobody knows them; raises Refused."""
        kind = agent.kind or kind or self.made.settings.speaker_kind
        more: Raw = {"identifiers": agent.identifiers} if agent.identifiers else {}
        if agent.said:
            more["aliases"] = [agent.said]
        if agent.own_id:
            meant_id, make = agent.own_id, {
                "command": "register_speaker", "speaker_id": agent.own_id, "name": agent.name
            }  # fmt: skip
        else:
            meant = self.made.names.find(agent.name)
            if meant.make is None:
                return meant.id
            meant_id, make = meant.id, meant.make
        if kind is None and "kind" not in make:
            raise Refused(
                f"The review does not say what {agent.name!r} is.",
                field="speaker_id",
                way_out="Say it for all of whom it is not said: --set speaker_kind=person.",
            )
        self.shared.append({"kind": kind, **more, **make})
        return meant_id

    def _id(
        self, claim: str, assessor: str, speakers: Sequence[Agent], date: str | None
    ) -> str:  # fmt: skip
        said = {"url": self.url, "claim": claim, "assessor": assessor, "said_at": date}
        said["speaker"] = speakers[0].name if speakers else None
        if self.url is None:
            said["file"] = self.file.name
        host = host_of(self.url) if self.url else None
        parts = (f"{name}={value}" for name, value in said.items() if value)
        return stable_id(slug(host or assessor, 40), *parts)

    # ── where it was found ───────────────────────────────────────────────────────────────────

    def _page(self) -> str:
        """The source that the review itself is."""
        review, notes = self.review, Notes()
        told: Raw = {"url": address_of(review.get("url"), "url", notes)}
        told["title"] = text(review.get("name")) or text(review.get("headline"))
        if not told["url"] and not told["title"]:
            told["title"] = self.file.name
        told["published"] = day_of(review.get("datePublished"), "datePublished", notes)
        told |= self._languages(review) | own(review, "published")
        people = [each.name for each in self.reviewers if each.kind == "person"]
        outlets = self.publishers or [each for each in self.reviewers if each.kind != "person"]
        told["author"] = ", ".join(people) or None
        for each in outlets[:1]:
            told["publisher_id"] = self._known(each, "outlet")
        for each in [*self.reviewers, *self.publishers]:
            if each.said:
                notes.stood("author", each.said, "without its slashes")
        return self._source(told, own(review, "source_id"), notes)

    def _appearances(self) -> list[Appearance]:
        """Where the claim appeared, as the review says; each address once."""
        found: dict[str, Appearance] = {}
        for work in works_of(self.item):
            notes = Notes()
            url = address_of(work.get("url"), "appearance.url", notes) or text(work.get("@id"))
            title = text(work.get("headline")) or text(work.get("name"))
            if not url and not title:
                continue
            told: Raw = {"url": url, "title": title}
            told["published"] = day_of(work.get("datePublished"), "appearance.datePublished", notes)
            told |= self._languages(work, is_guessed=False) | own(work, "published")
            authors = [each.name for each in agents(work.get("author"))]
            told["author"] = ", ".join(authors) or None
            for each in agents(work.get("publisher"))[:1]:
                told["publisher_id"] = self._known(each, "outlet")
            source_id = self._source(told, own(work, "source_id"), notes)
            found.setdefault(url or source_id, Appearance(source_id, own(work, *OWN_REPORT)))
        return list(found.values())

    def _source(self, told: Raw, known_as: Raw, notes: Notes) -> str:
        """The id of a source, which is cited where it is not there yet."""
        said = {name: value for name, value in told.items() if value}
        notes.into(said)
        name = host_of(said.get("url") or "") or str(said.get("title") or said.get("url"))
        parts = (f"{field}={value}" for field, value in said.items())
        source_id: str = known_as.get("source_id") or stable_id(slug(name, 40), *parts)
        self.shared.append({"command": "cite_source", "source_id": source_id, **said})
        return source_id

    def _languages(self, node: Node, *, is_guessed: bool = True) -> Raw:
        told = node.get("inLanguage")
        language = next((text(each.get("alternateName")) for each in nodes_in(told)), None)
        language = language or text(told) or (self.made.settings.language if is_guessed else None)
        return {"language": language} if language else {}

    # ── what the reviewer says ───────────────────────────────────────────────────────────────

    def _assessment(self, statement_id: str, assessor: str) -> Raw:
        notes = Notes()
        made: Raw = {
            "command": "assess_statement", "statement_id": statement_id, "assessor": assessor
        }  # fmt: skip
        if rating := rating_of(self.review.get("reviewRating"), notes):
            made["rating"] = rating
        if self.url:
            made["url"] = self.url
        if explanation := explanation_of(self.review):
            made["explanation"] = explanation
        notes.into(made)
        return made


def item_of(review: Node) -> Node:
    """What is reviewed, as an object; an address alone is where it appeared."""
    told = listed(review.get("itemReviewed"))
    nodes = nodes_in(told)
    if nodes:
        return nodes[0]
    return {"@type": ["Claim"], "appearance": [{"url": each} for each in texts(told)]}


def works_of(item: Node) -> list[Node]:
    """The works in which a claim appeared, the first one first."""
    found = [*listed(item.get("firstAppearance")), *listed(item.get("appearance"))]
    works = [each if isinstance(each, dict) else {"url": each} for each in found]
    is_work = bool(types(item)) and not types(item) & {"Claim", "Thing"}
    return works or ([item] if is_work and (item.get("url") or item.get("@id")) else [])

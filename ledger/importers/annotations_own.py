"""Statements of a ledger that come in annotations: what annotations.py says of `claims:Statement`.

Rules kept here:
- an annotation of ours becomes the same statement again, whichever of its reports comes first;
- what a file says never chooses the command, nor who recorded it or how.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from events.ids import is_id
from ledger.errors import Refused
from ledger.importers.annotations_parts import Target
from ledger.importers.annotations_sources import Sources
from ledger.importers.claimreview_parts import host_of
from ledger.importers.jsonld import Node, listed, nodes_in, text, without_prefix
from ledger.importers.names import slug, stable_id
from ledger.importers.own_things import OwnThings
from ledger.importers.rows import Raw

if TYPE_CHECKING:
    from ledger.api import Ledger

OWN_COLUMNS = {
    "quote": "target.selector.exact", "reports": "claims:report",
    "reports[0].quote": "target.selector.exact", "reports[0].source_id": "target.source",
}  # fmt: skip
THINGS = {"speakers": ("register_speaker", "speaker_id"),
          "measures": ("define_measure", "measure_id")}  # fmt: skip
BESIDE = ("report", "estimates", "source", *THINGS)  # beside the fields of the statement itself
NEEDED = ("statement_id", "speaker_id", "proposition")
NEVER = ("command", "command_id", "actor", "agent")
# Fields that hold several: a processor of JSON-LD writes a list of one as that one.
LISTED = frozenset({
    "co_speakers", "alternatives", "citing", "topics", "fragments", "via", "derived_from",
    "aliases", "memberships", "tags",
})  # fmt: skip


class OurStatements:
    """Makes commands of statements of ours."""

    def __init__(self, ledger: "Ledger | None", sources: Sources) -> None:
        self.sources = sources
        self.things = OwnThings(ledger)

    def load(self, owned: Iterable[Node]) -> None:
        """Look up statements, all at once."""
        self.things.load(filter(None, (text(each.get("statement_id")) for each in owned)))

    def commands(self, ours: Node, targets: list[Target], shared: list[Raw]) -> list[Raw]:
        """The statement with this report, or the report alone where the statement is known.

        `shared` takes what it names. Raises Refused, and Conflict where it is known otherwise.
        """
        check(ours, targets)
        told = {name: value for name, value in ours.items() if name not in BESIDE}
        shared += things_of(ours)
        source_id = self._source(ours, targets[0], shared)
        report = self._report(ours, targets[0], source_id)
        statement: Raw = {**told, "command": "record_statement", "reports": [report]}
        estimates = [
            {"estimate_id": f"{report['report_id']}.e{at}", **each,
             "report_id": report["report_id"]}
            for at, each in enumerate(nodes_in(ours.get("estimates")), 1)
        ]  # fmt: skip
        if estimates:
            statement["estimates"] = estimates
        return list(self.things.commands(statement))

    def _report(self, ours: Node, target: Target, source_id: str) -> Raw:
        selected = {name: value for name, value in target.report.items() if name != "note"}
        made = stable_id("report", str(ours["statement_id"]), source_id, str(selected))
        told = next(iter(nodes_in(ours.get("report"))), {})
        return {"report_id": made, **selected, **told, "source_id": source_id}

    def _source(self, ours: Node, target: Target, shared: list[Raw]) -> str:
        told = source_of(ours)
        named = text(told.get("source_id"))
        if named and self.sources.has(named):
            return named
        made = named if named and is_id(named) else None
        made = made or stable_id(slug(host_of(target.url) or "source", 40), f"url={target.url}")
        source_id = self.sources.find(target.url, made)
        if source_id == made:
            address = {"url": target.url} if host_of(target.url) else {}
            shared.append(
                {**address, **target.said, **told, "command": "cite_source", "source_id": made}
            )
        return source_id


def check(ours: Node, targets: list[Target]) -> None:
    """Refuse a statement that lacks what makes it one, or that says what no file may say."""
    if len(targets) != 1:
        raise Refused(
            "A statement of a ledger has one target an annotation.",
            field="target",
            way_out="Give each target an annotation of its own, with the same statement.",
        )
    if not all(isinstance(ours.get(name), str) and ours[name] for name in NEEDED):
        raise Refused(
            "A statement of a ledger has an id, a speaker and a proposition.",
            field="body",
            way_out="Fill in claims:statement_id, claims:speaker_id and claims:proposition.",
        )
    for node in [ours, *(part for name in BESIDE for part in nodes_in(ours.get(name)))]:
        if said := next((name for name in NEVER if name in node), None):
            raise Refused(
                f"claims:{said} is not for a file to say.", field="body", way_out="Leave it out."
            )


def things_of(ours: Node) -> Iterator[Raw]:
    """The speakers and measures that a statement brings; raises Refused for one without an id."""
    for field, (verb, key) in THINGS.items():
        for thing in nodes_in(ours.get(field)):
            if not text(thing.get(key)):
                raise Refused(
                    f"One of claims:{field} has no id.",
                    field="body",
                    way_out=f"Fill in claims:{key}.",
                )
            yield {**thing, "command": verb}


def own_of(body: Node) -> Node:
    """A statement of ours with bare names."""
    made: Node = _lists_in(without_prefix(body))
    return {name: value for name, value in made.items() if name not in ("@id", "purpose")}


def _lists_in(value: Any) -> Any:  # noqa: ANN401  JSON has no type
    """A value in which fields that hold several are lists, of one too."""
    if isinstance(value, list):
        return [_lists_in(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: listed(_lists_in(each)) if name in LISTED else _lists_in(each)
        for name, each in value.items()
    }


def source_of(ours: Node) -> Node:
    """What a statement of ours says of its source."""
    return next(iter(nodes_in(ours.get("source"))), {})

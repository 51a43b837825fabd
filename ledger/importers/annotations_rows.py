"""Turns Web Annotations into commands: a statement, and a report for each place that is marked.

Rules kept here:
- who annotates is the recorder, never the speaker; without a speaker an annotation is refused.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import ClaimsError, Refused
from ledger.importers.annotations_own import OWN_COLUMNS, OurStatements, own_of, source_of
from ledger.importers.annotations_parts import Target, bodies_of, statements_in, targets_of
from ledger.importers.annotations_sources import Sources
from ledger.importers.claimreview_parts import host_of
from ledger.importers.json_items import JsonItem
from ledger.importers.jsonld import Node, listed, plain, text, texts, types
from ledger.importers.names import slug, stable_id
from ledger.importers.rows import Fault, Item, Raw, Row
from ledger.importers.tables_names import Names

if TYPE_CHECKING:
    from ledger.api import Ledger
    from ledger.importers.annotations import AnnotationSettings

COLUMNS = {
    "reports": "target", "reports[0].quote": "target.selector.exact",
    "reports[0].prefix": "target.selector.prefix", "reports[0].suffix": "target.selector.suffix",
    "reports[0].source_id": "target.source", "url": "target.source", "proposition": "body.value",
    "topics": "body.value", "actor": "creator",
}  # fmt: skip


class Annotations:
    """Makes rows of annotations."""

    def __init__(self, ledger: "Ledger | None", settings: "AnnotationSettings") -> None:
        self.settings = settings
        self.names = Names(ledger, "speaker", settings.speakers)
        self.sources = Sources(ledger, settings.sources)
        self.ours = OurStatements(ledger, self.sources)

    def items(self, file: Path, found: Sequence[JsonItem]) -> Iterator[Item]:
        """The rows of some annotations of a file, whose sources are looked up together."""
        made: list[tuple[JsonItem, Node, list[Target], ClaimsError | None]] = []
        for item in found:
            context = item.head.get("@context") if item.head else None
            try:
                node = annotation_of(item, context)
                made.append((item, node, targets_of(node), None))
            except ClaimsError as error:
                made.append((item, {}, [], error))
        self._look_up(made)
        for item, node, targets, fault in made:
            try:
                if fault:
                    raise fault
                row = self._row(item.number, node, targets, str(file))
            except ClaimsError as error:
                yield Fault.of(error, item.number, file=str(file))
            else:
                yield row

    def _look_up(
        self, made: Sequence[tuple[JsonItem, Node, list[Target], ClaimsError | None]]
    ) -> None:
        urls = {target.url for _, _, targets, _ in made for target in targets}
        owned = [own_of(each) for _, node, _, _ in made for each in statements_in(node)]
        ids = {text(source_of(each).get("source_id")) or "" for each in owned}
        self.sources.load(urls, ids | set(self.settings.sources.values()))
        self.ours.load(owned)
        if self.settings.speaker:
            self.names.load([self.settings.speaker.strip()])

    def _row(self, number: int, node: Node, targets: list[Target], file: str) -> Row:
        ours = statements_in(node)
        if len(ours) > 1:
            raise Refused(
                "The annotation holds several statements.",
                field="body",
                way_out="Give each an annotation of its own.",
            )
        shared: list[Raw] = []
        if ours:
            commands, columns = self.ours.commands(own_of(ours[0]), targets, shared), OWN_COLUMNS
        else:
            commands, columns = [self._statement(node, targets, shared)], COLUMNS
        if actor := creator_of(node):
            commands = [{**command, "actor": actor} for command in commands]
        return Row(
            number=number, commands=commands, shared=shared, columns=columns, file=file,
            counts={"annotation": 1},
        )  # fmt: skip

    # ── those of others ──────────────────────────────────────────────────────────────────────

    def _statement(self, node: Node, targets: list[Target], shared: list[Raw]) -> Raw:
        speaker_id = self._speaker(shared)
        topics: list[str] = []
        told: list[str] = []
        notes: list[str] = []
        telling = {"describing"} | (
            {"commenting", ""} if self.settings.comment == "proposition" else set()
        )
        for body in bodies_of(node):
            if body.purpose == "tagging":
                topics.append(body.text)
            elif body.purpose in telling and not told:
                told.append(body.text)
            else:
                notes.append(body.text)
        reports = [self._report(target, shared) for target in targets]
        proposition = told[0] if told else str(reports[0]["quote"]).strip()
        statement_id = self._id(node, proposition, targets)
        for at, report in enumerate(reports, 1):
            report["report_id"] = f"{statement_id}.r{at}"
        named, created = text(node.get("@id")), text(node.get("created"))
        if named or created:
            made = f", made {created}" if created else ""
            notes.append(f"Web annotation{f' {named}' if named else ''}{made}.")
        return {
            "command": "record_statement",
            "statement_id": statement_id,
            "speaker_id": speaker_id,
            "proposition": proposition,
            **({"topics": list(dict.fromkeys(topics))} if topics else {}),
            "reports": reports,
            **({"note": "\n".join(notes)} if notes else {}),
        }

    def _speaker(self, shared: list[Raw]) -> str:
        if not self.settings.speaker:
            raise Refused(
                "An annotation does not say who speaks: its creator is who marked the words.",
                field="body",
                way_out="Say who speaks in all of them: --set speaker=NAME, or an id.",
            )
        meant = self.names.find(self.settings.speaker.strip())
        if meant.make:
            kind = self.settings.speaker_kind
            if kind is None and "kind" not in meant.make:
                raise Refused(
                    f"What {self.settings.speaker!r} is, is not said.",
                    way_out="Say it: --set speaker_kind=person, or register the speaker first.",
                )
            shared.append({"kind": kind, **meant.make})
        return meant.id

    def _report(self, target: Target, shared: list[Raw]) -> Raw:
        made = stable_id(slug(host_of(target.url) or "source", 40), f"url={target.url}")
        source_id = self.sources.find(target.url, made)
        if source_id == made:
            shared.append(
                {"command": "cite_source", "source_id": made, "url": target.url, **target.said}
            )
        mode = self.settings.quote_mode
        return {"source_id": source_id, **target.report, **({"quote_mode": mode} if mode else {})}

    def _id(self, node: Node, proposition: str, targets: list[Target]) -> str:
        """By an IRI of its own; else by what it says, since `#1` may stand in any file."""
        named = text(node.get("@id"))
        host = slug(host_of(targets[0].url) or "annotation", 40)
        if named and named.startswith(("http://", "https://", "urn:")):
            return stable_id(host, f"annotation={named}")
        marked = (f"{each.url}={each.report}" for each in targets)
        return stable_id(host, f"speaker={self.settings.speaker}", proposition, *marked)


def annotation_of(item: JsonItem, context: object) -> Node:
    """An item as an annotation, its names short; raises Refused."""
    if item.fault:
        raise item.fault
    node = plain(item.value, context)
    kinds = types(node) if isinstance(node, dict) else set()
    if isinstance(node, dict) and ("Annotation" in kinds or (not kinds and "target" in node)):
        return node
    if "AnnotationCollection" in kinds:
        raise Refused(
            "The collection names its pages by their addresses, and nothing is fetched.",
            field="first",
            way_out="Fetch its pages, and import those.",
        )
    what = f"a {' and '.join(sorted(kinds))}" if kinds else "of no type"
    raise Refused(f"The entry is {what}, and no Annotation.", way_out="Leave it out.")


def creator_of(node: Node) -> str | None:
    """Who annotated: names, else addresses."""
    told = [
        text(each.get("name")) or text(each.get("nickname")) or text(each.get("@id"))
        if isinstance(each, dict)
        else text(each)
        for each in listed(node.get("creator"))
    ]
    return ", ".join(texts(told)) or None

"""W3C Web Annotations: words that somebody marked in a source, as reports of a statement.

What becomes what; one annotation is one row, each of its targets a report:
- target.source ─▶ the source: the captured one that has this address, else one that is cited;
- TextQuoteSelector ─▶ `quote`, `prefix`, `suffix`; FragmentSelector `t=…` or `page=…` ─▶
  `media_fragment`; every other selector ─▶ the report's `note`. Of a captured source the words are
  looked for in its text, as always;
- a body for describing ─▶ `proposition`, else the words themselves are it; bodies for commenting
  and others ─▶ `note` (or `proposition`, where `comment: proposition` is set); bodies for
  tagging ─▶ `topics`. A body without a purpose has the annotation's motivation;
- creator ─▶ `actor` of what is recorded: who annotates is the recorder, never the speaker;
- id and created ─▶ `note` of the statement.
The speaker is not in an annotation: it is a setting, or it stands in a body of ours.

Our own extension, for the exporter (media type and context as in the recommendation):
    {"@context": ["http://www.w3.org/ns/anno.jsonld", {"claims": "urn:claims-ledger:v1:"}],
     "id": "…", "type": "Annotation", "motivation": "describing",
     "creator": {"type": "Person", "name": "<actor>"}, "created": "<recorded_at>",
     "body": [{"type": "TextualBody", "purpose": "describing",
               "value": "<speaker> claimed: <proposition>"},
              {"type": "claims:Statement",
               "claims:statement_id": "…", "claims:speaker_id": "…", "claims:proposition": "…",
               "claims:said_at": "<EDTF>", …,
               "claims:report": {"claims:report_id": "…", "claims:quote_mode": "direct", …},
               "claims:estimates": [{"claims:estimate_id": "…", "claims:measure_id": "…",
                                     "claims:comparator": "gt", "claims:low": 10000, …}],
               "claims:source": {"claims:source_id": "…", "claims:published": "<EDTF>", …},
               "claims:speakers": [{"claims:speaker_id": "…", "claims:kind": "person",
                                    "claims:name": "…"}],
               "claims:measures": [{"claims:measure_id": "…", "claims:label": "…", …}]}],
     "target": {"source": "<url, else urn:claims-ledger:v1:source/<source_id>>",
                "selector": [{"type": "TextQuoteSelector", "exact": "…", "prefix": "…",
                              "suffix": "…"},
                             {"type": "TextPositionSelector", "start": 1, "end": 2},
                             {"type": "FragmentSelector", "value": "page=3"}]}}
- One annotation a report: a statement with three reports is three annotations, with the same
  statement in each; all make one statement. It stands before those that are `within` it.
- The fields of `claims:Statement` are those of `record_statement`, `claims:report` those of a
  report but its source and its quote, `claims:estimates` those of that report, and the things those
  of `register_speaker`, `define_measure` and `cite_source`; dates are EDTF, nulls are left out.
- `claims:speakers` and `claims:measures` hold whoever and whatever the statement, its report and
  its source name. `claims:identifiers` of a speaker is `{"@type": "@json", "@value": {…}}`.
- Things are made where they are not there yet, and left as they are where they are; a source that
  the ledger has is found by its id, else by its address. All other bodies are not looked at, nor
  are id and created; creator is the actor.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from events.vocabulary import QuoteMode, SpeakerKind
from ledger.errors import ClaimsError
from ledger.importers.rows import Item
from ledger.importers.settings import Settings
from ledger.importers.tables_settings import NewSpeaker, Word

if TYPE_CHECKING:
    from ledger.api import Ledger

TOGETHER = 500  # annotations whose sources are looked up at once
LISTS = frozenset({"items", "@graph"})  # of a page; of a graph
WRAPPERS = frozenset({"first"})  # of a collection: its first page


class AnnotationSettings(Settings):
    """What annotations do not say."""

    speaker: Word | None = None  # an id or a name
    speaker_kind: SpeakerKind | None = None  # of a speaker who is new
    speakers: dict[Word, Word | NewSpeaker] = Field(default={})  # whom names mean
    quote_mode: QuoteMode | None = None  # None counts as direct
    comment: Literal["note", "proposition"] = "note"  # what a comment is
    sources: dict[Word, Word] = Field(default={})  # by address, where several are captured


SETTINGS = AnnotationSettings


def guess(form: str, files: Sequence[str]) -> dict[str, Any]:
    """What is assumed of annotations."""
    return guess_with(form, files, {})


def guess_with(form: str, files: Sequence[str], told: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001  as all formats
    """What is assumed: that words are the speaker's own, and that a speaker is a person."""
    found: dict[str, Any] = {"quote_mode": "direct"}
    return found | ({"speaker_kind": "person"} if "speaker" in told else {})


def read(form: str, files: Sequence[str], settings: AnnotationSettings) -> Iterator[Item]:
    """The annotations in the files; their sources are taken for new."""
    return read_into(None, form, files, settings)


def read_into(
    ledger: "Ledger | None",
    form: str,  # noqa: ARG001  as all formats
    files: Sequence[str],
    settings: AnnotationSettings,
) -> Iterator[Item]:
    """The annotations in the files; sources and speakers that the ledger has are found in it."""
    from ledger.importers.annotations_rows import Annotations
    from ledger.importers.files import opened
    from ledger.importers.json_items import json_items

    made = Annotations(ledger, settings)
    for path in map(Path, files):
        try:
            with opened(path) as file:
                found = json_items(file, LISTS, WRAPPERS)
                while some := list(islice(found, TOGETHER)):
                    yield from made.items(path, some)
        except ClaimsError as error:
            raise error.at(file=str(path)) from None

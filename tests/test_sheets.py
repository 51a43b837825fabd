"""Claim sheets as commands: what a person wrote, in an order in which it can be recorded."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from ledger.api import Ledger
from ledger.errors import ClaimsError, Refused
from ledger.given import Given, prepare
from ledger.references import outlet_id
from ledger.sheets import (
    SheetCommand,
    Slot,
    read_sheets,
    sheet_schema,
    start_sheet,
    write_ids,
)

SEEDS = Path(__file__).parents[1] / "seeds"
SEED_SHEETS = sorted((SEEDS / "sheets").glob("*.yaml"))
TEXT = """\
Fighters in the north

By News Desk - February 12 2023

Ana said that there were 10 fighters. "Some say thousands", she added.
"""
SHEET = """\
source:
  document: text.txt
  publisher: The Outlet
speakers:
  ana: {name: Ana, kind: person}
measures:
  fighters: {label: Fighters, unit: people}
statements:
  - speaker: ana
    said_at: 2018?-02
    proposition: There are 10 fighters.
    quote: there were 10 fighters
    attributed_to: Ana
    via: [ana]
    estimates:
      - {measure: fighters, value: 10, words: "10 fighters"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a text and a sheet of it."""
    (tmp_path / "text.txt").write_text(TEXT)
    (tmp_path / "s.yaml").write_text(SHEET)
    return tmp_path


# ── what a sheet becomes ─────────────────────────────────────────────────────────────────────


def test_a_sheet_becomes_commands_in_the_events_own_words(folder: Path) -> None:
    """Keys without `_id` become the fields of the event, and the one report stands in its list."""
    assert [each.raw for each in read_sheets([folder / "s.yaml"])] == [
        {"command": "register_speaker", "speaker_id": "ana", "name": "Ana", "kind": "person"},
        {
            "command": "define_measure",
            "measure_id": "fighters",
            "label": "Fighters",
            "unit": "people",
        },
        {
            "command": "capture_source",
            "source_id": "text",
            "document": "text.txt",
            "publisher": "The Outlet",
        },
        {
            "command": "record_statement",
            "speaker_id": "ana",
            "said_at": "2018?-02",
            "proposition": "There are 10 fighters.",
            "reports": [
                {
                    "source_id": "text",
                    "quote": "there were 10 fighters",
                    "attributed_to": "Ana",
                    "via": [{"id": "ana"}],
                }
            ],
            "estimates": [{"measure_id": "fighters", "value": "10", "value_text": "10 fighters"}],
        },
    ]


def test_the_sheet_of_the_manual_is_read(folder: Path) -> None:
    """The example that people copy is read as it stands, comment and all."""
    sheet = written(
        folder,
        """\
source:
  document: ../documents/004_781c4f5beed7b953.txt
  publisher: The Times of Central Asia
  published: 2018?-02
speakers:
  zamir-kabulov: {name: Zamir Kabulov, kind: person}
measures:
  daesh-fighters-afghanistan: {label: Daesh fighters in Afghanistan, tags: [militant-count]}
statements:
  - id: kabulov-2017-12-number
    speaker: zamir-kabulov
    said_at: 2017-12
    proposition: More than 10,000 Daesh militants are in Afghanistan and their number is growing.
    quote: the number of militants exceeds 10,000 and continues to grow
    attributed_to: Kabulov
    estimates:
      - {measure: daesh-fighters-afghanistan, value: more than 10000, words: "exceeds 10,000"}
  - report_of: kabulov-2017-12-number      # the same utterance, told again
    quote: an estimated 10,000 members of the Takfiri terrorist group
    quote_mode: indirect
""",
    )
    *_, statement, report = read_sheets([sheet])
    assert statement.raw["estimates"][0]["value_text"] == "exceeds 10,000"
    assert report.raw["statement_id"] == "kabulov-2017-12-number"
    assert report.raw["quote"].endswith("terrorist group")


def test_every_key_of_a_sheet_reaches_its_command(folder: Path) -> None:
    """All fields of events may be written; numbers and truths are read from their text."""
    sheet = written(
        folder,
        """\
source: {id: s, title: T, publisher_id: o, version_of: r, note: N}
speakers:
  o:
    kind: outlet
    name: O
    identifiers: {wikidata: Q1}
    memberships: [{role: R, organization: Org, from: 2012, to: 2013}]
statements:
  - id: a
    speaker: o
    co_speakers: [o]
    attribution: inferred
    alternatives: [narrator]
    on_behalf_of: o
    citing: [o]
    proposition: P
    note: of the statement
    reports:
      - {id: r1, quote: q, attribution: stated, note: of the report}
      - {source: t, quote: r, via: [{source: s, on: 2012, words: W}, o]}
    estimates:
      - {measure: m, report: r1, comparator: ge, low: "1,000", low_inclusive: true}
  - report_of: a
    report: r3
    quote: q
    estimates: [{id: e, measure: m, value: 25%}]
relations:
  - {from: a, to: b, relation: denies, evidence: r1}
  - {from: a, to: c, relation: denies, evidence: {source: s, quote: q}, note: N}
""",
    )
    speaker, source, statement, report, estimate, *relations = (
        each.raw for each in read_sheets([sheet])
    )
    assert source == {
        "command": "cite_source", "source_id": "s", "title": "T", "publisher_id": "o",
        "version_of": "r", "note": "N",
    }  # fmt: skip
    assert speaker["identifiers"] == {"wikidata": "Q1"}
    assert speaker["memberships"] == [
        {"role": "R", "organization": "Org", "from": "2012", "to": "2013"}
    ]
    assert statement == {
        "command": "record_statement", "statement_id": "a", "speaker_id": "o",
        "co_speakers": ["o"], "attribution": "inferred", "alternatives": ["o"],
        "on_behalf_of": "o", "citing": ["o"], "proposition": "P", "note": "of the statement",
        "reports": [
            {
                "report_id": "r1", "source_id": "s", "quote": "q", "attribution": "stated",
                "note": "of the report",
            },
            {
                "source_id": "t", "quote": "r",
                "via": [{"source_id": "s", "on": "2012", "words": "W"}, {"id": "o"}],
            },
        ],
        "estimates": [
            {
                "measure_id": "m", "report_id": "r1", "comparator": "ge", "low": 1000,
                "low_inclusive": True,
            }
        ],
    }  # fmt: skip
    assert report == {
        "command": "add_report", "statement_id": "a", "report_id": "r3", "source_id": "s",
        "quote": "q",
    }  # fmt: skip
    assert estimate == {
        "command": "add_estimate", "statement_id": "a", "report_id": "r3", "estimate_id": "e",
        "measure_id": "m", "value": "25%",
    }  # fmt: skip
    assert [each["evidence"] for each in relations] == [
        {"report_id": "r1"},
        {"source_id": "s", "quote": "q"},
    ]


@pytest.mark.parametrize(
    ("source", "narrator", "kind", "implied"),
    [
        ("id: s, author: Abu Ahmad, publisher: P", "abu-ahmad", "person", True),
        ("id: s, publisher: The Outlet", "the-outlet", "outlet", False),
        ("id: s, publisher: Правда", outlet_id("Правда"), "outlet", False),
        ("id: s, publisher_id: tass", "tass", "outlet", False),
        ("id: s, title: T", "unnamed-s", "unnamed", True),
    ],
)
def test_the_narrator_is_the_author_else_the_outlet_else_unnamed(
    folder: Path,
    source: str,
    narrator: str,
    kind: str,
    implied: bool,  # noqa: FBT001
) -> None:
    """Whoever a source speaks for is registered once, unless the source's command does so."""
    sheet = written(
        folder,
        f"source: {{{source}}}\nstatements:\n"
        "  - {speaker: narrator, proposition: P, quote: q}\n"
        "  - {speaker: narrator, proposition: R, quote: q}\n",
    )
    *before, first, second = read_sheets([sheet])
    assert {first.raw["speaker_id"], second.raw["speaker_id"]} == {narrator}
    registered = [(each.raw["speaker_id"], each.raw["kind"]) for each in before if each.implied]
    assert registered == ([(narrator, kind)] if implied else [])


def test_a_narrator_that_the_sheet_defines_is_not_registered_again(folder: Path) -> None:
    """An author under `speakers`, in any of the sheets, is left as defined there."""
    one = written(folder, "source: {id: a, author: Abu Ahmad}\nstatements:\n"
                  "  - {speaker: narrator, proposition: P, quote: q}\n", "one.yaml")  # fmt: skip
    two = written(folder, "source: {id: b}\nspeakers:\n"
                  "  abu-ahmad: {kind: group, name: Abu Ahmad}\n", "two.yaml")  # fmt: skip
    kinds = [each.raw["kind"] for each in read_sheets([one, two]) if "kind" in each.raw]
    assert kinds == ["group"]


def test_a_narrator_that_never_speaks_is_not_registered(folder: Path) -> None:
    """A source without author and outlet makes no speaker of itself."""
    sheet = written(folder, "source: {id: s}\n")
    assert [each.raw["command"] for each in read_sheets([sheet])] == ["cite_source"]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("document: texts/004_Some Text.txt, title: T", "004-some-text"),
        ("title: The Title", "the-title"),
        ("id: mine, title: T", "mine"),
    ],
)
def test_a_source_is_named_for_its_document_else_its_title(
    folder: Path, source: str, name: str
) -> None:
    """An id that is not given follows from the file, or else from the title."""
    (command,) = read_sheets([written(folder, f"source: {{{source}}}\n")])
    assert command.raw["source_id"] == name


def test_a_number_of_a_further_report_names_it_though_the_sheet_does_not(folder: Path) -> None:
    """The id that the number needs follows from the report, so a second reading gives the same."""
    text = "source: {id: s}\nstatements:\n  - {report_of: a, quote: q, estimates: [{measure: m}]}\n"
    readings = [
        [each.raw for each in read_sheets([written(folder, text.replace("quote: q", words))])]
        for words in ("quote: q", "quote: q", "quote: r")
    ]
    assert readings[0] == readings[1] != readings[2]
    _, report, estimate = readings[0]
    assert re.fullmatch(r"[a-z2-7]{16}", report["report_id"])
    assert estimate["report_id"] == report["report_id"]


# ── what a sheet may not say ─────────────────────────────────────────────────────────────────

BEGINNING = "source: {id: s}\nspeakers: {}\nstatements:\n  - speaker: ana\n    proposition: P\n"
BROKEN = {
    "unknown key": (BEGINNING + "    qoute: q\n", 6, "statements[0].qoute", "Did you mean quote"),
    "event's name of a key": (
        BEGINNING + "    quote: q\n    statement_id: x\n", 7, "statements[0].statement_id",
        "fields are",
    ),
    "key of a statement in a report": (
        "source: {id: s}\nstatements:\n  - report_of: a\n    quote: q\n    speaker: b\n",
        5, "statements[0].speaker", "not a field",
    ),
    "missing key": (BEGINNING.replace("    proposition: P\n", "    quote: q\n"), 4,
                    "statements[0].proposition", "missing"),
    "missing quote": (BEGINNING, 4, "statements[0]", "quote is missing"),
    "missing quote told again": (
        "source: {id: s}\nstatements:\n  - report_of: a\n", 3, "statements[0].quote", "missing",
    ),
    "missing source": ("speakers: {}\n", 1, "source", "missing"),
    "two ways to say where": (
        BEGINNING + "    part: body\n    reports: [{quote: q}]\n", 4, "statements[0]", "part",
    ),
    "no reports": (BEGINNING + "    reports: []\n", 6, "statements[0].reports", "at least one"),
    "no such word": (
        BEGINNING + "    quote: q\n    part: foot\n", 7, "statements[0].part", "headline",
    ),
    "no date": (BEGINNING + "    quote: q\n    said_at: May\n", 7, "statements[0].said_at", "date"),
    "no id": (BEGINNING + "    quote: q\n    within: A B\n", 7, "statements[0].within", "a-z"),
    "no id of a speaker": (
        "source: {id: s}\nspeakers:\n  Ana B: {name: A, kind: person}\n", 3, "speakers.Ana B",
        "a-z",
    ),
    "narrator as an id": (
        "source: {id: s}\nspeakers:\n  narrator: {name: A, kind: person}\n", 3,
        "speakers.narrator", "another id",
    ),
    "no narrator's id": (
        "source: {id: s, author: 安}\nstatements: [{speaker: narrator, proposition: P, quote: q}]",
        2, "statements[0]", "speakers",
    ),
    "no source's id": ("source: {title: 安}\n", 1, "source", "id:"),
    "text for a list": (
        BEGINNING + "    quote: q\n    topics: war\n", 7, "statements[0].topics", "topics: [war]",
    ),
    "list for a text": (
        BEGINNING + "    quote:\n      - q\n", 6, "statements[0].quote", "quotes",
    ),
    "text for keys": ("source: s\n", 1, "source", "key: value"),
    "text for an entry": ("source: {id: s}\nstatements: [s]\n", 2, "statements[0]", "key: value"),
    "link to two": (
        BEGINNING + "    quote: q\n    via:\n      - on: 2012\n"
        "        speaker: a\n        source: b\n",
        8, "statements[0].via[0]", "one speaker or one source",
    ),
    "hedge in a bound": (
        BEGINNING + "    quote: q\n    estimates:\n      - measure: m\n        low: about 1\n",
        9, "statements[0].estimates[0].low", "comparator",
    ),
    "no number": (
        BEGINNING + "    quote: q\n    estimates:\n      - {measure: m, best: many}\n",
        8, "statements[0].estimates[0].best", "figure",
    ),
    "no truth": (
        BEGINNING + "    quote: q\n    estimates:\n      - {measure: m, low_inclusive: yes}\n",
        8, "statements[0].estimates[0].low_inclusive", "true or false",
    ),
    "report named twice": (
        "source: {id: s}\nstatements:\n  - {report_of: a, id: b, report: c, quote: q}\n",
        3, "statements[0]", "twice",
    ),
    "statement twice": (
        BEGINNING + "    quote: q\n  - speaker: ana\n    proposition: P\n    quote: q\n",
        7, "statements[1]", "line 4",
    ),
    "id twice": (
        BEGINNING + "    quote: q\n    id: a\n  - {id: a, speaker: b, proposition: Q, quote: r}\n",
        8, "statements[1]", "line 4",
    ),
    "within itself": (
        BEGINNING + "    quote: q\n    id: a\n    within: b\n"
        "  - {id: b, within: a, speaker: b, proposition: Q, quote: r}\n", None, None, "within",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "field", "word"), BROKEN.values(), ids=BROKEN.keys())
def test_faults_are_told_in_the_sheets_own_words(
    folder: Path, text: str, line: int | None, field: str | None, word: str
) -> None:
    """A fault names the line and the key as the sheet has them, and a way out."""
    sheet = written(folder, text)
    with pytest.raises(Refused) as caught:
        read_sheets([sheet])
    place = caught.value.place
    assert word in str(caught.value)
    assert place.file == str(sheet)
    assert line is None or (place.line, place.field) == (line, field)
    assert caught.value.way_out


def test_definitions_that_differ_between_sheets_name_both(folder: Path) -> None:
    """A speaker that two sheets define is one where they agree, and refused where they do not."""
    text = "source: {{id: {}}}\nspeakers:\n  ana: {{name: {}, kind: person}}\n"
    one = written(folder, text.format("a", "Ana"), "one.yaml")
    two = written(folder, text.format("b", "Ana"), "two.yaml")
    assert len(read_sheets([one, two])) == 3
    three = written(folder, "# \n" + text.format("c", "Anna"), "three.yaml")
    with pytest.raises(Refused, match=r"one\.yaml, line 3") as caught:
        read_sheets([one, three])
    assert (caught.value.place.file, caught.value.place.line) == (str(three), 4)


# ── order ────────────────────────────────────────────────────────────────────────────────────


def test_nothing_names_what_comes_later(folder: Path) -> None:
    """Whatever the order of sheets and entries, a thing is recorded before it is named."""
    one = written(
        folder,
        """\
source: {id: one, version_of: two}
statements:
  - {report_of: b, id: r, quote: q, estimates: [{id: e, measure: m}]}
  - {id: a, within: b, speaker: ana, proposition: A, quote: q}
  - {id: x, speaker: ana, proposition: X, quote: q, estimates: [{measure: m, derived_from: [e]}]}
relations:
  - {from: a, to: b, relation: denies}
""",
        "one.yaml",
    )
    two = written(
        folder,
        """\
source: {id: two}
speakers:
  ana: {name: Ana, kind: person}
measures:
  m: {label: M}
statements:
  - {id: b, within: c, speaker: ana, proposition: B, quote: q}
  - {id: c, speaker: ana, proposition: C, quote: q}
""",
        "two.yaml",
    )
    ids = ("report_id", "statement_id", "source_id", "measure_id", "speaker_id", "from")
    order = [
        next(each.raw[name] for name in ids if name in each.raw)
        if "estimate_id" not in each.raw else each.raw["estimate_id"]
        for each in read_sheets([one, two])
    ]  # fmt: skip
    assert order == ["ana", "m", "two", "one", "c", "b", "a", "r", "e", "x", "a"]


# ── places and slots ─────────────────────────────────────────────────────────────────────────


def test_places_lead_from_a_commands_field_to_the_sheets(folder: Path) -> None:
    """A fault found while deciding is told with the line and the key that the sheet has for it."""
    statement = read_sheets([folder / "s.yaml"])[-1]
    places = {path: (place.line, place.field) for path, place in statement.places.items()}
    assert (statement.place.line, statement.place.field) == (9, "statements[0]")
    assert places["speaker_id"] == (9, "statements[0].speaker")
    assert places["reports[0].quote"] == (12, "statements[0].quote")
    assert places["reports[0].via[0]"] == (14, "statements[0].via[0]")
    assert places["estimates[0].value_text"] == (16, "statements[0].estimates[0].words")


@pytest.mark.parametrize(
    ("edit", "line", "field"),
    [
        (("there were 10", "there was 1"), 12, "statements[0].quote"),
        (('"10 fighters"', '"ten fighters"'), 16, "statements[0].estimates[0].words"),
        (("value: 10", "value: 11"), 16, "statements[0].estimates[0].words"),
        (("measure: fighters", "measure: tanks"), 16, "statements[0].estimates[0].measure"),
        (("speaker: ana", "speaker: bob"), 9, "statements[0].speaker"),
        (("[ana]", "[ana, bob]"), 14, "statements[0].via[1]"),
        (("document: text", "document: ../text"), 2, "source.document"),
    ],
)
def test_faults_of_content_are_told_at_the_sheets_line(
    folder: Path, ledger: Ledger, edit: tuple[str, str], line: int, field: str
) -> None:
    """What only the ledger can know to be wrong is told at its line of the sheet as well."""
    assert edit[0] in SHEET
    sheet = written(folder, SHEET.replace(*edit))
    with pytest.raises(ClaimsError) as caught:
        ledger.append(prepared(folder, read_sheets([sheet])))
    place = caught.value.place
    assert (place.file, place.line, place.field) == (str(sheet), line, field)


def test_a_sheet_is_recorded_once_however_often_it_is_given(folder: Path, ledger: Ledger) -> None:
    """Before its ids are written and after, the same sheet recorded again writes nothing."""
    again = (
        "  - report_of: a\n    quote: Some say thousands\n    estimates:\n"
        '      - {measure: fighters, value: "?", words: thousands}\n'
    )
    sheet = written(folder, SHEET.replace("- speaker", "- id: a\n    speaker") + again)
    commands = read_sheets([sheet])
    assert ledger.append(prepared(folder, commands)).unchanged == 0
    size = ledger.size
    for _ in range(2):
        batch = prepared(folder, read_sheets([sheet]))
        assert ledger.append(batch).unchanged == len(commands)
        write_ids(sheet, ids_given(ledger, batch, read_sheets([sheet])))
    assert ledger.size == size
    assert {slot for each in read_sheets([sheet]) for slot in each.slots} == {None}


# ── the seeds ────────────────────────────────────────────────────────────────────────────────


def test_the_seed_sheets_are_read_whole(ledger: Ledger) -> None:
    """The sheets that come along give what their page says, every quote exact, and are recorded."""
    commands = read_sheets(SEED_SHEETS)
    raws = [each.raw for each in commands]
    counts = Counter(raw["command"] for raw in raws)
    page = (SEEDS / "README.md").read_text("utf-8")
    (total,) = re.findall(r"\| together \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", page)
    assert [int(number) for number in total] == [
        counts["record_statement"],
        sum(len(raw.get("reports", [])) for raw in raws) + counts["add_report"],
        sum(len(raw.get("estimates", [])) for raw in raws) + counts["add_estimate"],
        counts["relate_statements"],
    ]
    receipt = ledger.append(prepared(SEEDS, commands))
    assert receipt.unchanged == 0
    assert ledger.query("from reports where anchor <> 'exact'").fetchall() == []


# ── starting a sheet ─────────────────────────────────────────────────────────────────────────


def test_a_started_sheet_says_what_the_text_shows(folder: Path) -> None:
    """Title and date are filled in, the byline is a guess, and no statement is made up."""
    (folder / "sheets").mkdir()
    text = start_sheet(folder / "text.txt", relative_to=folder / "sheets")
    (source,) = read_sheets([written(folder / "sheets", text)])
    assert source.raw == {
        "command": "capture_source",
        "source_id": "text",
        "document": "../text.txt",
        "title": "Fighters in the north",
        "published": "2023-02-12",
    }
    assert "  # author: News Desk\n" in text


def test_the_example_of_a_started_sheet_is_a_statement(folder: Path) -> None:
    """Without the signs of a comment the example is read as it looks."""
    text = start_sheet(folder / "text.txt", relative_to=folder)
    used = re.sub(r"(?m)^# ", "", text)
    *_, statement = read_sheets([written(folder, used)])
    assert statement.raw["reports"][0]["quote"].startswith("the words: exactly")
    assert statement.raw["estimates"][0]["value"] == "> 10000"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("T\nBy News Desk - February 12 2023\n", "  published: 2023-02-12"),
        (" date 2023-01-20 The United States on Thursday", "  published: 2023-01-20"),
        ("T\n2018-02-08\n", "  published: 2018-02-08"),
        ("T\n8 February 2018\n", "  published: 2018-02-08"),
        ("T\nPublished on: Feb. 8, 2018, 10:00\n", "  published: 2018-02-08"),
        ("T\nThe photo of March 08, 2019 shows him.\n", "  # published: 2019-03-08"),
        ("T\nThe 31 February 2018 never came.\n", "  # published: 2023-01-20"),
        ("T\nBy Abu Ahmad\n", "  # author: Abu Ahmad"),
        ("T\nBy the way, he said so.\n", "  # author: The author, where the text names one"),
        ("Kabulov: America did it\n", '  title: "Kabulov: America did it"'),
        ('"No" he said\n', "  title: '\"No\" he said'"),
        ("The #1 of all # not a comment\n", '  title: "The #1 of all # not a comment"'),
        ("\n\n  News \u00a0/ North  \n", "  title: News / North"),
        ("\x07News\x08 today\n", "  title: News today"),
        ("\x07\n", "  document: d.txt"),
        ("عنوان با نیم\u200cفاصله\n", "  title: عنوان با نیم\u200cفاصله"),
        ("A first paragraph that ends.\n", "  # title: The headline, where the text has one"),
    ],
)
def test_guesses_are_only_filled_in_where_they_are_sure(
    tmp_path: Path, text: str, line: str
) -> None:
    """A date or a name that may mean something else stands there as a comment."""
    document = tmp_path / "d.txt"
    document.write_text(text)
    started = start_sheet(document, relative_to=tmp_path)
    assert line in started.splitlines()
    assert len(read_sheets([written(tmp_path, started)])) == 1


def test_no_sheet_is_started_for_what_is_no_text(tmp_path: Path) -> None:
    """A file of another kind is refused with its name."""
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(Refused, match=r"a\.pdf"):
        start_sheet(tmp_path / "a.pdf", relative_to=tmp_path)


# ── the schema ───────────────────────────────────────────────────────────────────────────────


def test_the_schema_has_the_keys_of_a_sheet() -> None:
    """An editor is told the sheet's keys, not the command's, and that every scalar is text."""
    schema = sheet_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(schema)) == schema
    assert list(schema["properties"]) == [
        "source", "speakers", "measures", "statements", "relations", "judgements", "assessments",
    ]  # fmt: skip
    parts = schema["$defs"]
    assert {"id", "speaker", "quote", "report", "reports", "via"} <= parts["Statement"][
        "properties"
    ].keys()
    assert "words" in parts["Estimate"]["properties"]
    assert parts["FurtherReport"]["required"] == ["quote", "report_of"]
    assert "number" in parts["Source"]["properties"]["title"]["anyOf"][0]["type"]
    assert not [
        key for part in parts.values() for key in part["properties"] if key == "statement_id"
    ]


def test_every_key_of_the_seeds_is_in_the_schema() -> None:
    """What the sheets that come along use, an editor knows."""
    from ledger.sheets.yaml_nodes import read_yaml

    parts = sheet_schema()["$defs"]
    known = parts["Statement"]["properties"].keys() | parts["FurtherReport"]["properties"].keys()
    for path in SEED_SHEETS:
        for entry in read_yaml(path, path.read_bytes()).content["statements"]:
            assert entry.keys() <= known


# ── helpers ──────────────────────────────────────────────────────────────────────────────────


def written(folder: Path, text: str, name: str = "s.yaml") -> Path:
    """A sheet with this text."""
    sheet = folder / name
    sheet.write_text(text, "utf-8")
    return sheet


def prepared(documents: Path, commands: Sequence[SheetCommand]) -> list[Given]:
    """The commands of sheets as a ledger takes them."""
    return [prepare(each.raw, each.place, documents, each.places) for each in commands]


def ids_given(
    ledger: Ledger, batch: Sequence[Given], commands: Sequence[SheetCommand]
) -> list[tuple[Slot, str]]:
    """The ids that a ledger gave to the things of a batch that is in it, each with its slot."""
    made = [decision.made for decision in ledger.plan(batch)]
    return [
        (slot, name.partition("/")[2])
        for command, names in zip(commands, made, strict=True)
        for slot, name in zip(command.slots, names, strict=False)
        if slot
    ]

"""Web Annotations on their way in: those of others, those of ours, and broken ones."""

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_tools import call, events, log_bytes
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from import_tools import only_row, without_none

from ledger.api import Ledger
from ledger.errors import Refused
from ledger.importers import annotations
from ledger.importers.annotations import AnnotationSettings
from ledger.importers.rows import Fault, Item, Row
from ledger.importers.run import Manner, import_rows
from ledger.inputs import parse_command

URL = "https://news.example/1"
TEXT = "“The number exceeds 10,000,” said Mr. Kabulov. The number grows. The number grows."
ANNO: dict[str, Any] = {
    "@context": "http://www.w3.org/ns/anno.jsonld",
    "id": "https://anno.example/7",
    "type": "Annotation",
    "motivation": "commenting",
    "creator": {"id": "https://people.example/eva", "type": "Person", "name": "Eva"},
    "created": "2018-02-03T10:00:00Z",
    "body": [
        {"type": "TextualBody", "purpose": "tagging", "value": "daesh"},
        {"type": "TextualBody", "purpose": "describing", "value": "There are over 10,000 of them."},
        {"type": "TextualBody", "value": "Compare with 2015."},
    ],
    "target": {
        "source": URL,
        "selector": [
            {"type": "TextPositionSelector", "start": 1, "end": 26},
            {"type": "TextQuoteSelector", "exact": "The number exceeds 10,000", "prefix": "“",
             "suffix": ",”"},
            {"type": "FragmentSelector", "value": "page=3"},
        ],
    },
}  # fmt: skip
TOLD = AnnotationSettings(speaker="Zamir Kabulov", speaker_kind="person", quote_mode="direct")


def other(**fields: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    """The annotation with other fields; None leaves one out."""
    return without_none(ANNO | fields)


def words(exact: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    """A target of some words."""
    return {"source": URL, "selector": {"type": "TextQuoteSelector", "exact": exact, **more}}


@pytest.fixture
def captured(ledger: Ledger, tmp_path: Path) -> Ledger:
    """The ledger with the article captured."""
    (tmp_path / "article.txt").write_text(TEXT)
    ledger.submit(
        {
            "command": "capture_source",
            "source_id": "article",
            "document": "article.txt",
            "url": URL,
        },
        documents=tmp_path,
    )
    return ledger


def read(path: Path, told: AnnotationSettings = TOLD) -> list[Item]:
    """What becomes of a file."""
    return list(annotations.read("web-annotation", [str(path)], told))


def one(path: Path, told: AnnotationSettings = TOLD) -> Row:
    """The one row of a file."""
    return only_row(read(path, told))


def into(ledger: Ledger, path: Path, told: AnnotationSettings = TOLD) -> Any:  # noqa: ANN401  a report
    """Import a file."""
    rows = annotations.read_into(ledger, "web-annotation", [str(path)], told)
    return import_rows(ledger, rows, Manner())


# ── those of others ──────────────────────────────────────────────────────────────────────────


def test_an_annotation_is_a_statement_with_a_report(file: Callable[..., Path]) -> None:
    """Bodies go where their purposes say; who annotates is the recorder, not the speaker."""
    row = one(file(ANNO))

    [statement] = row.commands
    [speaker, source] = row.shared
    assert speaker["speaker_id"] == statement["speaker_id"] == "zamir-kabulov"
    assert (source["command"], source["url"]) == ("cite_source", URL)
    assert statement["proposition"] == "There are over 10,000 of them."
    assert statement["topics"] == ["daesh"]
    assert statement["actor"] == "Eva"
    assert statement["note"] == (
        "Compare with 2015.\nWeb annotation https://anno.example/7, made 2018-02-03T10:00:00Z."
    )
    [report] = statement["reports"]
    assert report | {"report_id": "", "source_id": ""} == {
        "report_id": "", "source_id": "", "quote": "The number exceeds 10,000", "prefix": "“",
        "suffix": ",”", "media_fragment": "page=3", "quote_mode": "direct",
        "note": "TextPositionSelector: start 1, end 26.",
    }  # fmt: skip


def test_it_is_recorded_once(folder: Path, file: Callable[..., Path]) -> None:
    """What is assumed is shown; a second import writes nothing."""
    path = file(ANNO)
    said = ("import", "web-annotation", "--set", "speaker=Zamir Kabulov", "--json", path)

    done = call(*said, ledger=folder)
    assert done.code == 0, done.err
    assert "quote_mode: direct" in done.err
    assert "speaker_kind: person" in done.err
    before = log_bytes(folder)
    again = json.loads(call(*said, ledger=folder).out)

    assert (again["read"], again["events"], log_bytes(folder)) == (1, 0, before)
    actors = {each["type"]: each["actor"] for each in events(folder)}
    assert actors["claims.statement.recorded.v1"] == "Eva"


def test_without_a_speaker_it_is_refused_with_the_way_out(
    folder: Path, file: Callable[..., Path]
) -> None:
    """The creator is not taken for one."""
    done = call("import", "web-annotation", file([ANNO, ANNO]), ledger=folder)

    assert done.code == 3
    assert "row 1, column body: An annotation does not say who speaks" in done.err
    assert "--set speaker=NAME" in done.err
    assert len(events(folder)) == 1


def test_words_are_found_in_a_captured_source(captured: Ledger, file: Callable[..., Path]) -> None:
    """The source with the address is the captured one, and the quote is anchored in its text."""
    twice = other(id="https://anno.example/8", target=words("The number grows", prefix="grows. "))
    report = into(captured, file([ANNO, twice]))

    assert (report.read, report.made.get("source")) == (2, None)
    found = captured.views().connection.execute(
        "select source_id, quote_start, quote_end, anchor from reports order by quote_start"
    )
    assert found.fetchall() == [
        ("article", 1, 26, "exact"), ("article", TEXT.rindex("The"), len(TEXT) - 1, "exact")
    ]  # fmt: skip


def test_words_that_do_not_stand_there_are_refused(
    captured: Ledger, file: Callable[..., Path]
) -> None:
    """The fault names the selector; so does that of words that stand there twice."""
    report = into(captured, file([other(target=words("exceeds 20,000")),
                                  other(target=words("The number grows"))]))  # fmt: skip

    assert [(each.number, each.column) for each in report.refused] == [
        (1, "target.selector.exact"), (2, "target.selector.exact")
    ]  # fmt: skip
    assert "nearest passage" in report.refused[0].what
    assert "stand 2 times" in report.refused[1].what


def test_of_several_captured_sources_one_must_be_named(
    captured: Ledger, file: Callable[..., Path], tmp_path: Path
) -> None:
    """The mapping says which."""
    (tmp_path / "later.txt").write_text(TEXT + " Updated.")
    captured.submit(
        {"command": "capture_source", "source_id": "later", "document": "later.txt", "url": URL},
        documents=tmp_path,
    )
    [fault] = into(captured, file(ANNO)).refused
    assert "article, later" in fault.what
    assert f'sources: {{"{URL}": later}}' in fault.way_out

    told = TOLD.model_copy(update={"sources": {URL: "article"}})
    assert into(captured, file(ANNO), told).read == 1


def test_the_speaker_may_be_an_id_of_the_ledger(ledger: Ledger, file: Callable[..., Path]) -> None:
    """Then nobody is registered, and no kind is needed."""
    ledger.submit({"command": "register_speaker", "speaker_id": "zk", "kind": "person",
                   "name": "Zamir Kabulov"})  # fmt: skip
    for speaker in ("zk", "zamir kabulov"):
        told = AnnotationSettings(speaker=speaker, speaker_kind=None)
        rows = annotations.read_into(ledger, "web-annotation", [str(file(ANNO))], told)
        [row] = rows
        assert isinstance(row, Row)
        assert row.commands[0]["speaker_id"] == "zk"
        assert [each["command"] for each in row.shared] == ["cite_source"]


@pytest.mark.parametrize(
    ("fields", "proposition", "topics", "noted"),
    [
        ({"body": None}, "The number exceeds 10,000", None, ""),
        ({"body": None, "bodyValue": "Hm."}, "The number exceeds 10,000", None, "Hm.\n"),
        ({"body": "https://x.example/b"}, "The number exceeds 10,000", None,
         "https://x.example/b\n"),
        ({"body": {"type": "TextualBody", "value": "So."}, "motivation": "describing"}, "So.", None,
         ""),
        ({"body": {"type": "SpecificResource", "purpose": "oa:tagging",
                   "source": "https://x.example/daesh"}},
         "The number exceeds 10,000", ["https://x.example/daesh"], ""),
        ({"body": {"type": "Choice", "items": [
            {"type": "TextualBody", "purpose": "tagging", "value": "a"},
            {"type": "TextualBody", "purpose": "tagging", "value": "b"}]}},
         "The number exceeds 10,000", ["a", "b"], ""),
    ],
)  # fmt: skip
def test_bodies(
    file: Callable[..., Path], fields: dict[str, Any], proposition: str,
    topics: list[str] | None, noted: str,
) -> None:  # fmt: skip
    """Each by its purpose, else by the motivation; without a description the words speak."""
    [statement] = one(file(other(**fields))).commands

    assert statement["proposition"] == proposition
    assert statement.get("topics") == topics
    assert statement["note"].startswith(f"{noted}Web annotation")


def test_a_comment_may_be_the_proposition(file: Callable[..., Path]) -> None:
    """Where the setting says so."""
    told = TOLD.model_copy(update={"comment": "proposition"})
    path = file(other(body={"type": "TextualBody", "value": "So it is."}))
    assert one(path, told).commands[0]["proposition"] == "So it is."


@pytest.mark.parametrize(
    ("target", "report"),
    [
        ({"source": {"id": URL, "title": "T"}, "selector": {
            "type": "FragmentSelector", "value": "t=30,60",
            "refinedBy": {"type": "TextQuoteSelector", "exact": "Words"}}},
         {"media_fragment": "t=30,60"}),
        ({"source": URL, "selector": [
            {"type": "TextQuoteSelector", "exact": "Words"},
            {"type": "RangeSelector", "startSelector": {"type": "XPathSelector", "value": "//p[1]"},
             "endSelector": {"type": "XPathSelector", "value": "//p[2]"}},
            {"type": "FragmentSelector", "value": "xywh=1,2,3,4"}]},
         {"note": "RangeSelector: startSelector //p[1], endSelector //p[2]."
                  " FragmentSelector: xywh=1,2,3,4."}),
    ],
)  # fmt: skip
def test_selectors(
    file: Callable[..., Path], target: dict[str, Any], report: dict[str, Any]
) -> None:
    """Those that have no field are noted."""
    [statement] = one(file(other(target=target))).commands
    [made] = statement["reports"]
    assert made["quote"] == "Words"
    assert {name: made.get(name) for name in ("media_fragment", "note")} == {
        "media_fragment": None, "note": None, **report
    }  # fmt: skip


def test_several_targets_are_several_reports(file: Callable[..., Path]) -> None:
    """Of one statement."""
    far = words("Elsewhere") | {"source": "https://far.example/2"}
    row = one(file(other(target=[words("Here"), far])))

    [statement] = row.commands
    assert [each["quote"] for each in statement["reports"]] == ["Here", "Elsewhere"]
    assert len({each["source_id"] for each in statement["reports"]}) == 2
    assert len({each["report_id"] for each in statement["reports"]}) == 2


@pytest.mark.parametrize(
    "shape",
    [
        lambda some: some,
        lambda some: {"@context": "http://www.w3.org/ns/anno.jsonld", "id": "p",
                      "type": "AnnotationPage", "items": some},
        lambda some: {"type": "AnnotationCollection", "total": 3,
                      "first": {"id": "p", "type": "AnnotationPage", "items": some}},
        lambda some: {"@context": "http://www.w3.org/ns/anno.jsonld", "@graph": some},
        lambda some: "\n".join(map(json.dumps, some)),
    ],
)  # fmt: skip
def test_annotations_in_all_forms(
    file: Callable[..., Path], shape: Callable[[list[Any]], Any]
) -> None:
    """A list, a page, a collection, a graph, JSON lines: the same annotations."""
    some = [other(id=f"https://anno.example/{at}", target=words(f"Nº {at}")) for at in range(3)]
    items = read(file(shape(some)))

    assert [each.commands[0]["reports"][0]["quote"] for each in items if isinstance(each, Row)] == [
        "Nº 0", "Nº 1", "Nº 2"
    ]  # fmt: skip
    assert [each.number for each in items] == [1, 2, 3]


@pytest.mark.parametrize(
    ("anno", "column", "said"),
    [
        (other(target=None), "target", "no target"),
        (other(target=URL), "target.selector", "marks no words"),
        (other(target={"selector": {"type": "TextQuoteSelector", "exact": "x"}}), "target.source",
         "does not say which source"),
        (other(target=words(" ")), "target.selector.exact", "The text is empty"),
        ({"type": "AnnotationCollection", "first": "https://anno.example/page1"}, "first",
         "nothing is fetched"),
        ({"type": "Person", "name": "Eva"}, None, "is a Person, and no Annotation"),
        ("x", None, "is of no type, and no Annotation"),
    ],
)  # fmt: skip
def test_what_is_no_annotation_of_words_is_refused(
    folder: Path, file: Callable[..., Path], anno: object, column: str | None, said: str
) -> None:
    """With its number and field; the others are read."""
    path = file([anno, ANNO])
    done = call(
        "import", "web-annotation", "--set", "speaker=Ana", "--skip-invalid", "--json", path,
        ledger=folder,
    )  # fmt: skip

    report = json.loads(done.out)
    assert (report["rows"], report["read"]) == (2, 1)
    [fault] = report["refused"]
    assert (fault["number"], fault["column"]) == (1, column)
    assert said in fault["what"]


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8)
    | st.sampled_from(["TextQuoteSelector", "claims:Statement", "tagging", URL]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["@id", "type", "source", "selector", "exact", "value", "purpose",
                         "claims:statement_id", "claims:speaker_id", "claims:proposition",
                         "claims:source", "claims:speakers", "claims:report"]), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@examples(20, 50)
@given(
    fields=st.dictionaries(
        st.sampled_from(["id", "creator", "created", "body", "bodyValue", "target", "motivation"]),
        ANY, max_size=4,
    ),
)  # fmt: skip
def test_whatever_an_annotation_says_is_taken_or_refused(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, Any]
) -> None:
    """No field of any shape is an error of ours; what is shared is always named."""
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps([ANNO | {"@context": BOTH[0]["@context"]} | fields]))

    [item] = read(path)

    for raw in [*item.shared, *item.commands] if isinstance(item, Row) else ():
        with contextlib.suppress(Refused):
            parse_command(raw)
        assert raw["command"] not in ("register_speaker", "cite_source") or any(
            raw.get(name) for name in ("speaker_id", "source_id")
        )


# ── our own ──────────────────────────────────────────────────────────────────────────────────

SPEAKER = {"speaker_id": "zamir-kabulov", "kind": "person", "name": "Zamir Kabulov",
           "identifiers": {"wikidata": "Q4208166"}}  # fmt: skip
ENVOY = {"speaker_id": "envoy", "kind": "person", "name": "An envoy"}
MEASURE = {
    "measure_id": "fighters",
    "label": "Fighters",
    "unit": "people",
    "tags": ["militant-count"],
}
STATEMENT: dict[str, Any] = {
    "statement_id": "k-1", "speaker_id": "zamir-kabulov", "co_speakers": ["envoy"],
    "said_at": "2017-12~", "speech_act": "warn", "proposition": "More than 10,000 are there.",
    "topics": ["daesh"], "note": "Seen twice.",
}  # fmt: skip
REPORTS: list[dict[str, Any]] = [
    {"report_id": "k-1-a", "source_id": "article", "quote": "The number exceeds 10,000",
     "quote_mode": "direct", "attributed_to": "Mr. Kabulov", "fragments": ["exceeds 10,000"]},
    {"report_id": "k-1-b", "source_id": "tass-1", "quote": "over 10,000", "quote_mode": "indirect",
     "via": [{"speaker_id": "envoy", "on": "2017-12"}]},
]  # fmt: skip
ESTIMATE = {"estimate_id": "k-1-e", "report_id": "k-1-a", "measure_id": "fighters",
            "comparator": "gt", "low": 10000, "value_text": "exceeds 10,000",
            "reference_period": "2017-12"}  # fmt: skip


def claims_named(value: Any) -> Any:  # noqa: ANN401  JSON
    """Fields with the prefix of ours, as an exporter writes them."""
    if isinstance(value, list):
        return [claims_named(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        f"claims:{name}": {"@type": "@json", "@value": each} if name == "identifiers"
        else claims_named(each)
        for name, each in value.items()
    }  # fmt: skip


def ours(report: dict[str, Any], url: str, **beside: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    """An annotation of ours for one report, as the importer's page says."""
    told = {name: value for name, value in report.items() if name not in ("quote", "source_id")}
    body = {
        **STATEMENT, "report": told, "speakers": [SPEAKER, ENVOY],
        "source": {"source_id": report["source_id"], "published": "2018?-02"}, **beside,
    }  # fmt: skip
    return {
        "@context": ["http://www.w3.org/ns/anno.jsonld", {"claims": "urn:claims-ledger:v1:"}],
        "id": f"urn:x:{report['report_id']}",
        "type": "Annotation",
        "motivation": "describing",
        "creator": {"type": "Person", "name": "ana"},
        "created": "2026-11-20T08:24:00Z",
        "body": [
            {"type": "TextualBody", "value": "Zamir Kabulov claimed: …", "purpose": "describing"},
            {"type": "claims:Statement", **claims_named(body)},
        ],
        "target": {
            "source": url,
            "selector": [{"type": "TextQuoteSelector", "exact": report["quote"]},
                         {"type": "TextPositionSelector", "start": 1, "end": 26}],
        },
    }  # fmt: skip


BOTH = [
    ours(REPORTS[0], URL, estimates=[ESTIMATE], measures=[MEASURE]),
    ours(REPORTS[1], "urn:claims-ledger:v1:source/tass-1"),
]


def forms(ledger: Ledger) -> list[Any]:
    """The statements, reports and estimates of a ledger, without where and when they stand."""
    ask = ledger.views().connection.sql
    return [
        ask(f"select * exclude (position, recorded_at) from {view} order by all").fetchall()
        for view in ("statements", "reports", "estimates", "speakers", "measures")
    ]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.sampled(2)
def test_ours_become_the_same_statement_again(
    ledger: Ledger, file: Callable[..., Path], tmp_path: Path, *, turned: bool
) -> None:
    """All fields, reports and numbers, whichever report comes first; and they come once."""
    path = file(BOTH[::-1] if turned else BOTH)
    first = into(ledger, path, AnnotationSettings())
    assert (first.read, first.refused) == (2, [])
    size = ledger.size
    again = into(ledger, path, AnnotationSettings())
    assert (again.read, again.events, ledger.size) == (2, 0, size)

    with Ledger.create(tmp_path / "other", origin="example.org/other", actor="ana") as straight:
        sources = [
            {"command": "cite_source", "source_id": "article", "published": "2018?-02", "url": URL},
            {"command": "cite_source", "source_id": "tass-1", "published": "2018?-02"},
        ]
        straight.submit([
            {"command": "register_speaker", **SPEAKER}, {"command": "register_speaker", **ENVOY},
            {"command": "define_measure", **MEASURE}, *sources,
            {"command": "record_statement", **STATEMENT, "reports": REPORTS,
             "estimates": [ESTIMATE]},
        ])  # fmt: skip
        assert forms(ledger) == forms(straight)
        # Back in the ledger that they came from, nothing is written either.
        size = straight.size
        assert into(straight, path, AnnotationSettings()).read == 2
        assert straight.size == size


def test_ours_come_back_to_the_captured_source(captured: Ledger, file: Callable[..., Path]) -> None:
    """Also where its words were found with marks folded, which no exporter can tell."""
    folded = REPORTS[0] | {"quote": '"The number exceeds 10,000,"', "fragments": []}
    captured.submit([
        {"command": "register_speaker", **SPEAKER}, {"command": "register_speaker", **ENVOY},
        {"command": "record_statement", **STATEMENT, "reports": [folded]},
    ])  # fmt: skip
    [(quote, anchor)] = (
        captured.views().connection.sql("select quote, anchor from reports").fetchall()
    )
    assert (quote, anchor) == ("“The number exceeds 10,000,”", "normalised")
    size = captured.size

    report = into(captured, file(ours(folded | {"quote": quote}, URL)), AnnotationSettings())

    assert (report.refused, report.events, captured.size) == ([], 0, size)


def test_ours_changed_meanwhile_are_refused(ledger: Ledger, file: Callable[..., Path]) -> None:
    """The same id with other content is a conflict that names the way out."""
    into(ledger, file(BOTH), AnnotationSettings())
    changed = json.loads(json.dumps(BOTH[0]).replace("are there", "were there"))

    [fault] = into(ledger, file(changed), AnnotationSettings()).refused

    assert "already recorded" in fault.what
    assert "revise_statement" in fault.way_out


@pytest.mark.parametrize(
    ("taken", "put", "said"),
    [
        ("claims:proposition", None, "has an id, a speaker and a proposition"),
        ("claims:colour", "red", "colour is not a field here"),
        ("claims:said_at", "31 Feb", "is not a date"),
        ("claims:command", "void_record", "claims:command is not for a file to say"),
        ("claims:speakers", [{"claims:name": "X"}], "has no id"),
        ("claims:estimates", {"claims:value": "1", "claims:agent": "person"}, "claims:agent"),
        ("claims:statement_id", ["k-1"], "has an id, a speaker and a proposition"),
    ],
)
def test_ours_that_are_broken_are_refused(
    file: Callable[..., Path], ledger: Ledger, taken: str, put: object, said: str
) -> None:
    """As every command is."""
    anno = json.loads(json.dumps(BOTH[0]))
    anno["body"][1][taken] = put
    if put is None:
        del anno["body"][1][taken]

    [fault] = into(ledger, file(anno), AnnotationSettings()).refused
    assert isinstance(fault, Fault)
    assert said in fault.what

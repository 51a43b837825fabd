"""Claim sheets as the wanted state: edits are shown, corrections need a reason, nothing is lost."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cli_tools import SHEETS, Outcome, call, events, log_bytes
from ready_ledgers import keep_stamp_of

from ledger.api import Ledger
from ledger.log import Log
from projections.build import rebuild

TEXT = """\
Fighters in the north

Ana said that there were 10 fighters. "Some say thousands", she added.
Bob denied it: there were never any fighters.
"""
SHEET = """\
# the desk's own sheet
source:
  id: text
  document: text.txt
  publisher: "The Outlet"   # as the page says
  published: 2018?-02
speakers:
  ana: {name: Ana, kind: person, aliases: [A., Anna]}
  bob: {name: Bob, kind: person}
measures:
  fighters: {label: Fighters, unit: people}
statements:
  - id: number
    speaker: ana
    said_at: 2018-02   # told on that page
    proposition: There are 10 fighters.
    topics: [war]
    quote: there were 10 fighters
    report: number.body
    attributed_to: Ana
    estimates:
      - {id: ten, measure: fighters, value: 10, words: 10 fighters}
    note: One of two.

  - report_of: number
    id: number.told
    quote: Some say thousands
    estimates:
      - {id: some, measure: fighters, value: "?", words: thousands}
  # the denial
  - id: never
    speaker: bob
    proposition: There were no fighters.
    quote: there were never any fighters
    report: never.body
relations:
  - {from: never, to: number, relation: contradicts, basis: stated, evidence: never.body}
"""


@dataclass(frozen=True)
class Desk:
    """A ledger and a sheet that was recorded in it."""

    folder: Path
    sheet: Path

    def record(self, *words: str | Path) -> Outcome:
        """Record the sheet as it stands."""
        return call("record", self.sheet, "--documents", self.sheet.parent, *words,
                    ledger=self.folder)  # fmt: skip

    def edit(self, old: str, new: str) -> None:
        """Change one place of the sheet."""
        text = self.sheet.read_text()
        assert text.count(old) == 1, text
        self.sheet.write_text(text.replace(old, new))

    def corrected(self) -> list[dict[str, Any]]:
        """Record the sheet with a reason; the events that this made."""
        before = len(events(self.folder))
        done = self.record("--reason", "read again")
        assert done.code == 0, done.err
        return events(self.folder)[before:]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sheet above, its ledger and the ledger's key."""
    folder = tmp_path_factory.mktemp("recorded")
    (folder / "text.txt").write_text(TEXT)
    (folder / "s.yaml").write_text(SHEET)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        Ledger.create(folder / "ledger", origin="example.org/desk", actor="ana").close()
        made = Desk(folder / "ledger", folder / "s.yaml")
        for said in ("Appended", "Nothing new"):
            done = made.record()
            assert done.code == 0, done.err
            assert said in done.err
    assert made.sheet.read_text() == SHEET
    rebuild(Log.open(folder / "ledger"))
    return folder


@pytest.fixture
def desk(recorded: Path, tmp_path: Path) -> Desk:
    """The same once more, for a test to change; the key lies where keys of tests lie."""
    shutil.copytree(recorded, tmp_path, dirs_exist_ok=True)
    keep_stamp_of(recorded / "ledger", tmp_path / "ledger")
    return Desk(tmp_path / "ledger", tmp_path / "s.yaml")


def without_end(lines: str) -> list[str]:
    """What lines say, white space aside."""
    return [" ".join(line.split()) for line in lines.splitlines()]


# ── what is edited ───────────────────────────────────────────────────────────────────────────

EDITS = {
    "date": ("said_at: 2018-02 ", "said_at: 2018-03 ", "statement", "said_at: 2018-02 → 2018-03"),
    "words": ("are 10 f", "were 10 f", "statement",
              "proposition: There are 10 fighters. → There were 10 fighters."),
    "speaker of it": ("number\n    speaker: ana", "number\n    speaker: bob", "statement",
                      "speaker: ana → bob"),
    "list": ("[war]", "[war, north]", "statement", "topics: war → war, north"),
    "cleared text": ("    note: One of two.\n", "", "statement", "note: One of two. → (nothing)"),
    "cleared list": ("    topics: [war]\n", "", "statement", "topics: war → (nothing)"),
    "quote": ("quote: Some say thousands", 'quote: Some say thousands", she added', "report",
              'quote: Some say thousands → Some say thousands", she added'),
    "cleared in a report": ("    attributed_to: Ana\n", "", "report",
                            "attributed_to: Ana → (nothing)"),
    "default of a report":
        ("report: never.body\nrel", "report: never.body\n    quote_mode: indirect\nrel",
                            "report", "quote_mode: direct → indirect"),
    "value": ("value: 10,", "value: about 10,", "estimate", "value: 10 → about 10"),
    "cleared words": (", words: 10 fighters", "", "estimate", "words: 10 fighters → (nothing)"),
    "period": ("words: 10 fighters", "words: 10 fighters, reference_period: 2018", "estimate",
               "reference_period: (nothing) → 2018"),
    "name": ("name: Ana,", "name: Ana B.,", "speaker", "name: Ana → Ana B."),
    "cleared names": (", aliases: [A., Anna]", "", "speaker", "aliases: A., Anna → (nothing)"),
    "label": ("label: Fighters", "label: Armed men", "measure", "label: Fighters → Armed men"),
    "published": ("published: 2018?-02", "published: 2018-02", "source",
                  "published: 2018?-02 → 2018-02"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "noun", "change"), EDITS.values(), ids=EDITS.keys())
@pytest.mark.sampled(4)
def test_an_edit_is_shown_and_with_a_reason_one_revision(
    desk: Desk, old: str, new: str, noun: str, change: str
) -> None:
    """Without a reason nothing is written, with one a revision of that form, then nothing more."""
    stored = log_bytes(desk.folder)
    desk.edit(old, new)
    edited = desk.sheet.read_text()

    shown = desk.record()
    assert (shown.code, log_bytes(desk.folder)) == (4, stored)
    lines = without_end(shown.text)
    assert len(lines) == 2
    assert lines[0].startswith(f"changed {noun}/")
    assert lines[1] == change
    assert "--reason" in shown.error[-1]

    (event,) = desk.corrected()
    assert event["type"] == f"claims.{noun}.revised.v1"
    assert event["data"]["reason"] == "read again"
    assert (
        f'"{noun}_id":"{event["subject"].partition("/")[2]}"'.encode()
        in (stored.splitlines()[event["data"]["replaces"]])
    )
    assert desk.sheet.read_text() == edited


def test_all_edits_at_once_are_recorded_once(desk: Desk) -> None:
    """Repeating the edited sheet says nothing new, and the sheet stays as its owner has it."""
    for old, new, _, _ in EDITS.values():
        if desk.sheet.read_text().count(old) == 1:
            desk.edit(old, new)
    edited = desk.sheet.read_text()
    revised = desk.corrected()
    assert len({each["subject"] for each in revised}) == len(revised) == 8
    for words in ((), ("--reason", "read again")):
        again = desk.record(*words)
        assert (again.code, again.text) == (0, "")
        assert "Nothing new" in again.err
    assert desk.sheet.read_text() == edited
    assert "# the desk's own sheet" in edited


def test_the_conflict_names_file_line_and_field(desk: Desk) -> None:
    """What is to be looked at is the line that was edited, and the way out is a reason."""
    desk.edit("are 10 f", "were 10 f")
    error = desk.record().error
    assert error[0].startswith("error: ")
    assert "statement/number in proposition" in error[0]
    assert error[1] == f"   at: {desk.sheet}, line 16, field statements[0].proposition"
    assert "--reason" in error[2]


def test_a_quote_that_moves_takes_the_words_of_its_number_along(desk: Desk) -> None:
    """The place of a number's words within their quote is corrected in the same batch."""
    desk.edit("quote: there were 10", "quote: that there were 10")
    report, estimate = desk.corrected()
    assert report["type"] == "claims.report.revised.v1"
    assert estimate["data"]["value_text"] == {"exact": "10 fighters", "start": 16, "end": 27}
    assert report["batch"] == estimate["batch"]


def test_another_publisher_is_registered_and_named(desk: Desk) -> None:
    """A changed publisher is shown by name, and a new one registered along with the change."""
    desk.edit("The Outlet", "The Paper")
    assert "publisher: The Outlet → The Paper" in without_end(desk.record("--dry-run").text)
    outlet, source = desk.corrected()
    assert outlet["data"] == {"speaker_id": "the-paper", "kind": "outlet", "name": "The Paper"}
    assert source["data"]["publisher_id"] == "the-paper"


def test_the_kind_of_mistake_is_recorded(desk: Desk) -> None:
    """`--error` says it; a kind that there is not is a fault of the command line."""
    desk.edit("2018-02 ", "2018-03 ")
    assert desk.record("--reason", "r", "--error", "typo").code == 2
    assert desk.record("--reason", "r", "--error", "transcription").code == 0
    assert events(desk.folder)[-1]["data"]["error"] == "transcription"


def test_editing_back_and_forth_works_each_time(desk: Desk) -> None:
    """A → B → A → B gives three revisions, the same reason notwithstanding."""
    forms = []
    for old, new in (("2018-02 ", "2018-03 "), ("2018-03 ", "2018-02 "), ("2018-02 ", "2018-03 ")):
        desk.edit(f"said_at: {old}", f"said_at: {new}")
        (event,) = desk.corrected()
        forms.append((event["data"]["said_at"]["edtf"], event["data"]["replaces"]))
    dates, replaced = zip(*forms, strict=True)
    assert dates == ("2018-03", "2018-02", "2018-03")
    assert len(set(replaced)) == 3


def test_a_revision_that_was_voided_can_be_made_again(desk: Desk) -> None:
    """The same edit with the same reason is no repetition once it counts no longer."""
    desk.edit("2018-02 ", "2018-03 ")
    (first,) = desk.corrected()
    with Ledger.open(desk.folder) as ledger:
        ledger.submit(
            {"command": "void_record", "position": int(first["sequence"]), "reason": "no"}
        )
    (second,) = desk.corrected()
    assert second["data"] == first["data"]


def test_what_others_revised_is_not_reverted_silently(desk: Desk) -> None:
    """A sheet older than the ledger is shown as a change like any other, and needs a reason."""
    with Ledger.open(desk.folder) as ledger:
        ledger.submit({"command": "revise_measure", "measure_id": "fighters", "unit": "men",
                       "reason": "so defined"})  # fmt: skip
    stored = log_bytes(desk.folder)
    shown = desk.record()
    assert (shown.code, log_bytes(desk.folder)) == (4, stored)
    assert "unit: men → people" in without_end(shown.text)


# ── what is added ────────────────────────────────────────────────────────────────────────────

NUMBER = "      - {id: ten, measure: fighters, value: 10, words: 10 fighters}\n"
ADDED = "      - {measure: fighters, value: at least 10}\n"


@pytest.mark.parametrize("text", [NUMBER + ADDED, ADDED + NUMBER], ids=["behind", "before"])
def test_a_further_number_of_a_known_statement_is_added(desk: Desk, text: str) -> None:
    """It needs no reason, wherever it stands in the list, and gets its id written back."""
    size = len(events(desk.folder))
    desk.edit(NUMBER, text)
    done = desk.record()
    assert done.code == 0, done.err
    (event,) = events(desk.folder)[size:]
    assert event["type"] == "claims.estimate.added.v1"
    assert event["data"]["report_id"] == "number.body"
    name = event["data"]["estimate_id"]
    written = SHEET.replace(NUMBER, text).replace("{measure: f", f"{{id: {name}, measure: f")
    assert desk.sheet.read_text() == written
    assert "Nothing new" in desk.record().err


def test_a_further_report_in_the_statement_itself_is_added(desk: Desk) -> None:
    """The one report may become the first of a list; it stays what it was."""
    desk.edit(
        "    quote: there were never any fighters\n    report: never.body\n",
        "    reports:\n"
        "      - {id: never.body, quote: there were never any fighters}\n"
        "      - {quote: Bob denied it}\n",
    )
    size = len(events(desk.folder))
    assert desk.record().code == 0
    (event,) = events(desk.folder)[size:]
    assert (event["type"], event["subject"]) == (
        "claims.report.added.v1", f"report/{event['data']['report_id']}"
    )  # fmt: skip
    assert event["data"]["statement_id"] == "never"
    assert f"{{id: {event['data']['report_id']}, quote: Bob denied it}}" in desk.sheet.read_text()


def test_new_things_and_corrections_are_one_batch(desk: Desk) -> None:
    """A sheet with both writes neither without a reason, and both at once with one."""
    stored = log_bytes(desk.folder)
    desk.edit("2018-02 ", "2018-03 ")
    desk.edit(NUMBER, NUMBER + ADDED)
    assert desk.record().code == 4
    assert log_bytes(desk.folder) == stored
    revised, added = desk.corrected()
    assert revised["batch"] == added["batch"]


def test_an_entry_without_its_ids_stands_for_what_it_made(ledger: Ledger, tmp_path: Path) -> None:
    """A copy of a sheet that never got its ids back is known by its words, edits and all."""
    (tmp_path / "text.txt").write_text(TEXT)
    (tmp_path / "s.yaml").write_text(
        SHEET.replace("    report: number.body\n", "").replace("{id: ten, ", "{")
    )
    desk = Desk(ledger.log.folder, tmp_path / "s.yaml")
    copy = desk.sheet.read_text()
    assert desk.record().code == 0
    assert desk.sheet.read_text() != copy
    desk.sheet.write_text(copy)
    desk.edit("value: 10,", "value: about 10,")
    (event,) = desk.corrected()
    assert event["type"] == "claims.estimate.revised.v1"


# ── what is removed ──────────────────────────────────────────────────────────────────────────


def cut(desk: Desk, begin: str, end: str) -> None:
    """Remove what stands from one text to before another."""
    text = desk.sheet.read_text()
    first = text.index(begin)
    desk.sheet.write_text(text[:first] + text[text.index(end, first) :])


REMOVED: dict[str, tuple[str, str, list[str]]] = {
    "a statement with its relation": ("  - id: never", "relations:", ["statement/never"]),
    "a report": ("  - report_of", "  # the", ["report/number.told"]),
    "an estimate": ("    estimates:\n      - {id: ten", "    note:", ["estimate/ten"]),
    "a relation": ("  - {from: never", "#end", ["relation"]),
    "two things": ("  - report_of", "  # the", ["report/number.told", "estimate/ten"]),
}  # fmt: skip


@pytest.mark.parametrize(("begin", "end", "missing"), REMOVED.values(), ids=REMOVED.keys())
@pytest.mark.sampled(3)
def test_what_a_sheet_no_longer_mentions_is_voided_only_when_told(
    desk: Desk, begin: str, end: str, missing: list[str]
) -> None:
    """It is named and kept, and voided with --void-missing and a reason alone."""
    with desk.sheet.open("a") as file:
        file.write("#end\n")
    stored = log_bytes(desk.folder)
    cut(desk, begin, end)
    if "statement/never" in missing:
        cut(desk, "relations:", "#end")
    if "relation" in missing:
        desk.edit("relations:\n", "")
    if len(missing) > 1:
        desk.edit("    estimates:\n" + NUMBER, "")
    kept = desk.record("--reason", "r")
    assert (kept.code, log_bytes(desk.folder)) == (0, stored)
    named = [line.split()[1] for line in kept.error if line.startswith("missing ")]
    assert named == missing
    planned = desk.record("--void-missing", "--dry-run")
    assert [line.split()[:2] for line in planned.text.splitlines()] == [
        ["void", name] for name in missing
    ]
    assert log_bytes(desk.folder) == stored

    assert desk.record("--void-missing", "--reason", "not said").code == 0
    voids = events(desk.folder)[-len(missing) :]
    assert {each["type"] for each in voids} == {"claims.record.voided.v1"}
    assert "Nothing new" in desk.record("--void-missing", "--reason", "not said").err


@pytest.mark.slow
def test_what_was_removed_comes_back_with_its_entry(desk: Desk) -> None:
    """Voided and reinstated in turn, each time with a reason, however often."""
    whole = desk.sheet.read_text()
    for _ in range(2):
        cut(desk, "    estimates:\n      - {id: ten", "    note:")
        assert desk.record("--void-missing", "--reason", "not said").code == 0
        desk.sheet.write_text(whole)
        back = desk.record()
        assert back.code == 4
        assert "is void in the ledger" in back.err
        (void,) = desk.corrected()
        assert void["type"] == "claims.record.voided.v1"
        assert "Nothing new" in desk.record().err
    with Ledger.open(desk.folder) as ledger:
        assert len(ledger.query("from estimates").fetchall()) == 2


def test_a_relation_that_was_removed_comes_back_with_its_entry(desk: Desk) -> None:
    """What has no id is new again, though the same was recorded before."""
    whole = desk.sheet.read_text()
    desk.sheet.write_text(whole.partition("relations:")[0])
    assert desk.record("--void-missing", "--reason", "not said").code == 0
    desk.sheet.write_text(whole)
    assert desk.record().code == 0
    assert events(desk.folder)[-1]["type"] == "claims.statements.related.v1"


def test_voiding_needs_a_reason(desk: Desk) -> None:
    """Without one --void-missing is a fault of the command line, whatever the sheet holds."""
    assert desk.record("--void-missing").code == 2


def test_a_statement_told_elsewhere_loses_only_its_report_here(desk: Desk) -> None:
    """What another source tells stays; the sheet of this one speaks for its own report alone."""
    other = desk.sheet.with_name("other.yaml")
    (desk.sheet.parent / "other.txt").write_text("He said: never any fighters.")
    other.write_text(
        "source: {id: other, document: other.txt}\nstatements:\n"
        "  - {report_of: never, id: other.r, quote: never any fighters}\n"
    )
    assert desk.record(other).code == 0
    cut(desk, "  - id: never", "relations:")
    cut(desk, "relations:\n", "relation: contradicts")
    desk.sheet.write_text(desk.sheet.read_text().partition("relation: contradicts")[0])
    alone = desk.record("--dry-run").text
    assert [line.split()[1] for line in alone.splitlines()] == ["report/never.body", "relation"]
    assert "report/other.r" not in alone
    other.write_text("source: {id: other, document: other.txt}\n")
    together = desk.record(other, "--dry-run").text
    assert [line.split()[:2] for line in together.splitlines()] == [["missing", "statement/never"]]


# ── dry runs and refusals ────────────────────────────────────────────────────────────────────


def test_a_dry_run_needs_no_key_and_writes_nothing(desk: Desk, key_home: Path) -> None:
    """Whoever may only read sees the same plan, also as JSON."""
    stored = log_bytes(desk.folder)
    desk.edit("are 10 f", "were 10 f")
    desk.edit(NUMBER, NUMBER + ADDED)
    shutil.rmtree(key_home)
    planned = desk.record("--dry-run")
    assert (planned.code, log_bytes(desk.folder)) == (0, stored)
    assert "1 new, 1 changed, " in planned.err
    assert "2 events would be appended. Nothing was." in planned.err
    told = {each["state"]: each for each in desk.record("--dry-run", "--json").objects}
    assert told["changed"]["changes"] == [
        {"field": "proposition", "old": "There are 10 fighters.", "new": "There were 10 fighters."}
    ]
    assert (told["changed"]["line"], told["new"]["kind"]) == (16, "estimate")


def test_a_receipt_counts_what_stood_already(desk: Desk) -> None:
    """For programs the receipt names every thing, those that were not touched as well."""
    desk.edit("2018-02 ", "2018-03 ")
    (receipt,) = desk.record("--reason", "r", "--json").objects
    assert receipt["ids"][0] == "number"
    assert receipt["unchanged"] == len(receipt["ids"]) - 1 == len(receipt["positions"]) - 1
    assert receipt["last"] - receipt["first"] == 0


BEYOND: dict[str, tuple[Callable[[Desk], object], int, str]] = {
    "other bytes": (
        lambda desk: desk.sheet.with_name("text.txt").write_text(TEXT + "more"),
        4, "version_of",
    ),
    "report of another statement": (
        lambda desk: desk.edit("report_of: number", "report_of: never"), 4, "belongs to",
    ),
    "a quote that is not there": (
        lambda desk: desk.edit("quote: Some say thousands", "quote: Some say hundreds"), 3,
        "nearest",
    ),
    "a number that its words deny": (
        lambda desk: desk.edit("value: 10,", "value: 11,"), 3, "words",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "code", "word"), BEYOND.values(), ids=BEYOND.keys())
def test_what_no_revision_can_say_is_refused_at_its_line(
    desk: Desk, edit: Callable[[Desk], object], code: int, word: str
) -> None:
    """Another document, another statement, other words: refused with a way out, nothing written."""
    stored = log_bytes(desk.folder)
    edit(desk)
    done = desk.record("--reason", "r")
    assert (done.code, log_bytes(desk.folder)) == (code, stored)
    assert word in done.err
    assert f"{desk.sheet}, line " in done.error[1]


# ── relations, judgements, assessments ───────────────────────────────────────────────────────

MORE = """\
judgements:
  - {left: ana, right: bob, judgement: different, reason: They stand side by side.}
assessments:
  - {assessor: Desk, source_reliability: B}
  - {statement: number, assessor: Desk, information_credibility: 3, rating: Half true}
  - {statement: number, assessor: Others, rating: {value: 2, best: 5, worst: 1}}
"""


def test_judgements_and_assessments_stand_in_a_sheet(desk: Desk) -> None:
    """An assessment that names nothing is of the sheet's source; a bare rating is its label."""
    with desk.sheet.open("a") as file:
        file.write(MORE)
    size = len(events(desk.folder))
    assert desk.record().code == 0
    judged, *assessed = events(desk.folder)[size:]
    assert judged["data"]["judgement"] == "different"
    assert [each["data"] for each in assessed] == [
        {"source_id": "text", "assessor": "Desk", "source_reliability": "B"},
        {"statement_id": "number", "assessor": "Desk", "rating": {"label": "Half true"},
         "information_credibility": 3},
        {"statement_id": "number", "assessor": "Others",
         "rating": {"value": 2, "best": 5, "worst": 1}},
    ]  # fmt: skip
    assert "Nothing new" in desk.record().err


LOOSE = {
    "relation": ("basis: stated", "basis: inferred", "basis: stated → inferred", 2),
    "judgement": ("judgement: different", "judgement: unsure",
                  "judgement: different → unsure", 1),
    "assessment": ("credibility: 3", "credibility: 4", "information_credibility: 3 → 4", 2),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "change", "count"), LOOSE.values(), ids=LOOSE.keys())
@pytest.mark.sampled(3)
def test_what_has_no_id_changes_back_and_forth(
    desk: Desk, old: str, new: str, change: str, count: int
) -> None:
    """The earlier one is voided and the new one recorded; of judgements the latest counts."""
    with desk.sheet.open("a") as file:
        file.write(MORE)
    assert desk.record().code == 0
    desk.edit(old, new)
    shown = desk.record()
    assert shown.code == 4
    assert without_end(shown.text)[1] == change
    desk.edit(new, old)
    for first, second in ((old, new), (new, old), (old, new)):
        desk.edit(first, second)
        assert len(desk.corrected()) == count
    assert "Nothing new" in desk.record().err
    with Ledger.open(desk.folder) as ledger:
        counts = [
            ledger.query(f"select count(*) from {view}").fetchall()[0][0]
            for view in ("relations", "judgements", "assessments")
        ]
    assert counts == [1, 1, 3]


@pytest.mark.parametrize(("key", "speech_act"), [("denies", "deny"), ("retracts", "retract")])
@pytest.mark.parametrize("named", ["id: answer\n    ", ""], ids=["named", "not named"])
@pytest.mark.sampled(2)
def test_a_statement_says_what_it_denies_or_retracts(
    desk: Desk, key: str, speech_act: str, named: str
) -> None:
    """The short form is the statement, its speech act and the stated relation, with id or not."""
    desk.edit("relations:", f"  - {named}speaker: bob\n    {key}: number\n"
              "    proposition: It is not so.\n    quote: Bob denied it\nrelations:")  # fmt: skip
    size = len(events(desk.folder))
    assert desk.record().code == 0
    statement, relation = events(desk.folder)[size:]
    assert statement["data"]["speech_act"] == speech_act
    assert relation["data"] == {
        "from": statement["data"]["statement_id"], "to": "number", "relation": key,
        "basis": "stated",
    }  # fmt: skip
    assert statement["data"]["statement_id"] in desk.sheet.read_text()
    assert "Nothing new" in desk.record().err
    desk.edit(f"    {key}: number\n", f"    speech_act: {speech_act}\n")
    assert "missing relation" in without_end(desk.record("--dry-run").text)[0]


# ── several sheets ───────────────────────────────────────────────────────────────────────────


def test_two_sheets_are_compared_at_once(desk: Desk) -> None:
    """A definition that both have is one change, and all of it is one batch."""
    other = desk.sheet.with_name("other.yaml")
    other.write_text(
        "source: {id: other, title: Other}\nspeakers:\n"
        "  bob: {name: Bob, kind: person}\nstatements:\n"
        "  - {report_of: never, id: other.r, quote: Never any}\n"
    )
    assert desk.record(other).code == 0
    for sheet in (desk.sheet, other):
        sheet.write_text(sheet.read_text().replace("name: Bob,", "name: Robert,"))
    other.write_text(other.read_text().replace("quote: Never any", "quote: There never were any"))
    before = len(events(desk.folder))
    done = desk.record(other, "--reason", "r")
    assert done.code == 0, done.err
    made = events(desk.folder)[before:]
    assert [each["subject"] for each in made] == ["speaker/bob", "report/other.r"]
    assert len({each["batch"] for each in made}) == 1


@pytest.mark.slow
def test_the_seeds_edited_in_one_place_give_one_revision(ledger: Ledger, tmp_path: Path) -> None:
    """Of five sheets with all that they hold, only what was edited is recorded again."""
    shutil.copytree(SHEETS.parent, tmp_path / "seeds")
    sheets = sorted((tmp_path / "seeds" / "sheets").glob("*.yaml"))
    folder = ledger.log.folder
    assert call("record", *sheets, ledger=folder).code == 0
    before, size = [each.read_bytes() for each in sheets], len(events(folder))
    assert "Nothing new" in call("record", *sheets, ledger=folder).err

    for sheet in sheets:
        text = sheet.read_text()
        first = text.index("proposition:", text.index("statements:"))
        place = text.index(".\n", first)
        sheet.write_text(text[:place] + ", they say" + text[place:])
    done = call("record", *sheets, "--reason", "r", ledger=folder)
    assert done.code == 0, done.err
    revised = events(folder)[size:]
    assert [each["type"] for each in revised] == ["claims.statement.revised.v1"] * len(sheets)
    assert all(each["data"]["proposition"].endswith(", they say.") for each in revised)

    for sheet, data in zip(sheets, before, strict=True):
        sheet.write_bytes(data)
    assert call("record", *sheets, "--reason", "back", ledger=folder).code == 0
    assert len(events(folder)) == size + 2 * len(sheets)
    assert [each.read_bytes() for each in sheets] == before

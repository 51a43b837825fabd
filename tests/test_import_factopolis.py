"""A folder of Factopolis on its way in: who said what where, who checked it, who took it back."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_tools import call, claims, events, log_bytes
from conftest import SHARED

from ledger.api import Ledger
from ledger.errors import Refused
from ledger.importers import factopolis
from ledger.importers.front_matter import MOST_BYTES, read_front
from ledger.importers.rows import Fault, Item, Row

DATA = SHARED / "data" / "factopolis"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not here")

PAGES = {
    "person/ann-lee/_index.md": """
title: Ann Lee
wikipedia: Ann_Lee
twitter: annlee
washingtonPost: ann-lee
groups: [blue]
offices:
- title: Mayor
  from: 2001-01-03
  thru: 2005-01-03
""",
    "person/ann-lee/2017-10-16-1.md": """
type: assertion
date: 2017-10-16
claims: [sky-is-green, grass-is-blue]
quote:
  The sky is green,
  and the "grass" is blue.


  …
where: rally in Springfield
sources:
#- type: web
- type: youtube
  id: cpgu8HFBsuc
  start: 2023.5
  duration: 10
- type: transcript
  url: https://example.org/speech
checks:
- checker: poli
  rating: "false"
  short: It is not.
  quote: The sky is blue, as anyone can see.
  sharethefacts: 1234
  source: https://poli.example/1
- checker: poli
  rating: 007
  claims: [grass-is-blue]
  source: https://poli.example/2
retraction:
  type: clarification
  issuer:
    name: Bob Ray
    position: Spokesman
  date: 2017-10-18
  source: https://example.org/sorry
""",
    "claims/sky-is-green/_index.md": """
title: the sky is green
negative: the sky is not green
summary: It's blue.
subjects: [ann-lee]
topics: [sky]
""",
    "claims/grass-is-blue/_index.md": "\ntitle: the grass is blue\nsummary: No.\n",
    "checker/poli.md": """
title: Poli Check
web: https://poli.example/
ratings:
- id: "false"
  name: "False"
  value: 4
""",
    "groups/blue/_index.md": "\ntitle: Blue Party\n",
    "topics/sky/_index.md": "\ntitle: Sky\n",
    "docs/faq.md": None,
}

Built = Callable[..., Path]


@pytest.fixture
def built(tmp_path: Path) -> Built:
    """Writes a small folder of Factopolis, some pages changed, taken away (None) or added."""

    def write(**changed: str | None) -> Path:
        content = tmp_path / "content"
        for name, front in (PAGES | changed).items():
            path = content / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = "Only a text." if front is None else f"---{front}---\n\nA text.\n"
            path.write_text(text, "utf-8")
        return content

    return write


def items_of(content: Path) -> dict[str, Item]:
    """The item of each file, by its path in the folder."""
    found = list(factopolis.read("factopolis", [str(content)], factopolis.SETTINGS()))
    by_file = {Path(str(item.file)).relative_to(content).as_posix(): item for item in found}
    assert len(by_file) == len(found)
    return by_file


def assertion(content: Path) -> Row:
    """The row of the only assertion."""
    row = items_of(content)["person/ann-lee/2017-10-16-1.md"]
    assert isinstance(row, Row), row
    return row


def fault(items: dict[str, Item], name: str) -> Fault:
    """What is wrong with a page."""
    item = items[name]
    assert isinstance(item, Fault), item
    return item


def by_verb(row: Row) -> dict[str, list[dict[str, Any]]]:
    """The commands of a row by their verbs."""
    verbs: dict[str, list[dict[str, Any]]] = {}
    for raw in [*row.shared, *row.commands]:
        verbs.setdefault(raw["command"], []).append(raw)
    return verbs


# ── what becomes of a page ───────────────────────────────────────────────────────────────────


def test_every_file_is_a_row(built: Built) -> None:
    """What records nothing by itself is counted too."""
    items = items_of(built())

    assert set(items) == set(PAGES)
    rows = [item for item in items.values() if isinstance(item, Row)]
    assert len(rows) == len(PAGES)
    assert Counter(name for row in rows for name in row.counts) == {
        "person": 1, "assertion": 1, "fact-check": 1, "retraction": 1, "claim": 2, "checker": 1,
        "group": 1, "topic": 1, "site text": 1,
    }  # fmt: skip


def test_an_assertion_is_a_statement_for_each_claim(built: Built) -> None:
    """The words are the person's, the proposition is the claim, each source is a report."""
    verbs = by_verb(assertion(built()))
    sky, grass, _ = verbs["record_statement"]

    assert (sky["proposition"], grass["proposition"]) == ("the sky is green", "the grass is blue")
    assert (sky["speaker_id"], sky["said_at"]) == ("ann-lee", "2017-10-16")
    assert (sky["topics"], sky["venue"]) == (["sky-is-green", "sky"], "rally in Springfield")
    video, transcript = sky["reports"]
    assert video["quote"] == 'The sky is green, and the "grass" is blue.\n\n…'
    assert video["media_fragment"] == "t=2023.5,2033.5"
    assert "media_fragment" not in transcript
    urls = {each["source_id"]: each.get("url") for each in verbs["cite_source"]}
    assert urls[video["source_id"]] == "https://www.youtube.com/watch?v=cpgu8HFBsuc"
    assert urls[transcript["source_id"]] == "https://example.org/speech"
    for words in ("person/ann-lee/2017-10-16-1.md", "CC BY 4.0", "not green", "It's blue.",
                  "About: ann-lee"):  # fmt: skip
        assert words in sky["note"]


def test_a_person_keeps_offices_party_and_names_elsewhere(built: Built) -> None:
    """As far as the page tells them."""
    [person] = by_verb(assertion(built()))["register_speaker"][:1]

    assert (person["speaker_id"], person["kind"], person["name"]) == (
        "ann-lee",
        "person",
        "Ann Lee",
    )
    assert person["identifiers"] == {
        "wikipedia": "Ann_Lee", "twitter": "annlee", "washington-post": "ann-lee",
    }  # fmt: skip
    assert person["memberships"] == [
        {"role": "Mayor", "from": "2001-01-03", "to": "2005-01-03"}, {"organization": "Blue Party"},
    ]  # fmt: skip


def test_a_check_is_its_checkers_and_of_the_claims_that_it_names(built: Built) -> None:
    """The rating has the name that its checker gives it, else it stays as it stands."""
    first, second, third = by_verb(assertion(built()))["assess_statement"]

    assert [each["statement_id"].split(".")[-1] for each in (first, second, third)] == [
        "sky-is-green", "grass-is-blue", "grass-is-blue",
    ]  # fmt: skip
    assert first["assessor"] == "Poli Check"
    assert (first["rating"], third["rating"]) == ({"label": "False", "value": 4}, {"label": "007"})
    assert first["explanation"] == "The sky is blue, as anyone can see."
    assert first["note"] == "In short: It is not.\nShare the Facts: 1234"


def test_a_retraction_is_said_by_who_took_it_back(built: Built) -> None:
    """Its words are not given, so what Factopolis says of it is quoted from Factopolis."""
    verbs = by_verb(assertion(built()))
    retraction = verbs["record_statement"][-1]

    assert (retraction["speaker_id"], retraction["on_behalf_of"]) == ("bob-ray", "ann-lee")
    assert (retraction["speech_act"], retraction["said_at"]) == ("clarify", "2017-10-18")
    [report] = retraction["reports"]
    assert (report["source_id"], report["quote_mode"]) == ("factopolis-content", "indirect")
    assert "issuer name Bob Ray, position Spokesman" in report["quote"]
    [link] = report["via"]
    assert link["source_id"] in {
        each["source_id"] for each in verbs["cite_source"]
        if each.get("url") == "https://example.org/sorry"
    }  # fmt: skip
    assert [(each["from"], each["relation"]) for each in verbs["relate_statements"]] == [
        (retraction["statement_id"], "retracts")
    ] * 2


@pytest.mark.parametrize(
    ("issuer", "kind", "speaker"),
    [
        ("\n  issuer: {id: ann-lee}", "person", "ann-lee"),
        ("\n  issuer: {name: Ann Lee}", "person", "ann-lee"),
        ("\n  issuer: {name: The office}", "organization", "the-office"),
        ("\n  issuer: {position: Spokesman}", "unnamed", "unnamed-ann-lee-2017-10-16-1"),
        ("", "person", "ann-lee"),
    ],
)
def test_who_takes_back_is_who_the_page_says(
    built: Built, issuer: str, kind: str, speaker: str
) -> None:
    """Nobody is named who is not."""
    page = PAGES["person/ann-lee/2017-10-16-1.md"] or ""
    before = page[: page.index("retraction:")]
    front = f"{before}retraction:\n  quote: I was wrong.\n  source: https://a.example/{issuer}\n"

    verbs = by_verb(assertion(built(**{"person/ann-lee/2017-10-16-1.md": front})))

    retraction = verbs["record_statement"][-1]
    assert retraction["speaker_id"] == speaker
    assert {each["kind"] for each in verbs["register_speaker"]
            if each["speaker_id"] == speaker} == {kind}  # fmt: skip
    assert ("on_behalf_of" in retraction) == (speaker != "ann-lee")
    [report] = retraction["reports"]
    assert (report["quote"], report["quote_mode"]) == ("I was wrong.", "direct")


@pytest.mark.parametrize(
    ("source", "url", "note"),
    [
        ("{type: twitter, user: annlee, id: 913077661488107521}",
         "https://twitter.com/annlee/status/913077661488107521", "twitter"),
        ("{type: twitter, user: annlee, id: 9, deleted: true}",
         "https://twitter.com/annlee/status/9", "deleted"),
        ("{type: c-span, id: 434783-1, start: 5}", "https://www.c-span.org/video/?434783-1", None),
        ("{type: audio, url: https://a.example/a.mp3, source: https://a.example/p, start: 1}",
         "https://a.example/p", "url https://a.example/a.mp3"),
        ("{type: a | b, id: cq5CMg202NM}", None, "cq5CMg202NM"),
    ],
)  # fmt: skip
def test_a_source_has_the_address_that_is_known(
    built: Built, source: str, url: str | None, note: str | None
) -> None:
    """Of an unknown type it has none, and is named as it stands."""
    page = PAGES["person/ann-lee/2017-10-16-1.md"] or ""
    front = page.replace("- type: transcript\n  url: https://example.org/speech", f"- {source}")

    row = assertion(built(**{"person/ann-lee/2017-10-16-1.md": front}))

    report = by_verb(row)["record_statement"][0]["reports"][1]
    [found] = [each for each in row.shared if each.get("source_id") == report["source_id"]]
    assert found.get("url") == url
    assert note is None or note in report["note"]


def test_a_source_without_an_address_is_told_of(built: Built) -> None:
    """It says nothing but its type, so there is nothing to cite; the others are."""
    name = "person/ann-lee/2017-10-16-1.md"
    front = (PAGES[name] or "").replace("  url: https://example.org/speech\n", "  url:\n")

    [statement] = by_verb(assertion(built(**{name: front})))["record_statement"][:1]

    assert len(statement["reports"]) == 1
    assert "type transcript is listed without an address" in statement["note"]


# ── what cannot be recorded ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("type: assertion", "type: thought", "no assertion"),
        ("date: 2017-10-16", "", "date is missing"),
        ("claims: [sky-is-green, grass-is-blue]", "", "no claim"),
        ("sky-is-green, ", "nobody-said, ", "no claim nobody-said"),
        ("checker: poli", "checker: nobody", "no checker nobody"),
        ("claims: [grass-is-blue]", "claims: [other]", "of the claim other"),
        ("start: 2023.5", "start: early", "no time in seconds"),
        ("sources:", "other:", "no source with an address"),
        ("quote:\n  The sky", "quote: &a\n  The sky", "names a part of itself"),
        ("type: assertion", "type: [assertion", "YAML cannot read"),
        ("type: assertion", "type: assertion\ntype: assertion", "stands twice"),
        ("where: rally", "where:\n  - rally", "should be a text"),
    ],
)
def test_a_bad_page_is_refused_and_no_other(built: Built, old: str, new: str, words: str) -> None:
    """With what is wrong, and where."""
    name = "person/ann-lee/2017-10-16-1.md"
    page = PAGES[name] or ""
    assert old in page

    items = items_of(built(**{name: page.replace(old, new, 1)}))

    refused = fault(items, name)
    assert words in refused.what
    assert refused.way_out
    assert sum(isinstance(item, Fault) for item in items.values()) == 1


def test_without_the_page_of_a_person_their_assertions_are_refused(built: Built) -> None:
    """Nobody is made up."""
    items = items_of(built(**{"person/ann-lee/_index.md": "\nweb: https://a.example/\n"}))

    assert "title is missing" in fault(items, "person/ann-lee/_index.md").what
    refused = fault(items, "person/ann-lee/2017-10-16-1.md")
    assert "missing or was refused" in refused.what


HOSTILE = {
    "aliases": "a: &a [x, x]\n" + "\n".join(f"a{at}: &a{at} [*a, *a]" for at in range(99)),
    "deep": "a: " + "[" * 5_000,
    "closed deep": "a: " + "[" * 300 + "]" * 300,
    "huge": "a: " + "x" * 70_000,
    "no end": None,
    "control": "a: \x1b[31m",
    "tag": "a: !!python/object/apply:os.system [ls]",
    "version": "%YAML 9.9\n---\na: b",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_front_matter_is_refused_or_stays_text(tmp_path: Path, kind: str) -> None:
    """A bomb of aliases, a tower of brackets: a sentence, in no time; nothing is ever run."""
    text = HOSTILE[kind]
    path = tmp_path / "page.md"
    path.write_text("---\na: b\n" if text is None else f"---\n{text}\n---\n", "utf-8")
    if kind == "tag":
        assert read_front(path) == {"a": ["ls"]}
        return
    with pytest.raises(Refused) as caught:
        read_front(path)
    assert len(caught.value.what) < 200


def test_a_page_that_is_too_long_is_not_read(tmp_path: Path) -> None:
    """However much of it is text."""
    path = tmp_path / "page.md"
    with path.open("wb") as file:
        file.write(b"---\na: b\n---\n")
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(Refused, match="1 MiB"):
        read_front(path)


@pytest.mark.parametrize(
    ("data", "front"),
    [
        (b"", {}),
        (b"Only text\n---\n", {}),
        (b"---\n---", {}),
        (b"\xef\xbb\xbf---\r\na: 2017-02-31\r\n---\r\n", {"a": "2017-02-31"}),
        (b"---\na: 007\nb: true\nc:\nd: ~\ne: 'null'\n---",
         {"a": "007", "b": "true", "c": None, "d": None, "e": "null"}),
        (b'+++\ntitle = "T"\nn = [1, 2017-01-01]\n+++\n', {"title": "T", "n": ["1", "2017-01-01"]}),
    ],
)  # fmt: skip
def test_scalars_are_text_as_they_were_written(
    tmp_path: Path, data: bytes, front: dict[str, Any]
) -> None:
    """No number, date or word is made into something else."""
    path = tmp_path / "page.md"
    path.write_bytes(data)
    assert read_front(path) == front


def test_links_are_not_followed(built: Built, tmp_path: Path) -> None:
    """A file or a folder that lies elsewhere is refused, not read."""
    content = built()
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "2017-01-01.md").write_text("---\ntype: assertion\n---\n", "utf-8")
    page = content / "person" / "ann-lee" / "2017-01-01.md"
    page.symlink_to(secret / "2017-01-01.md")
    (content / "person" / "secret").symlink_to(secret)

    items = items_of(content)

    assert "a link" in fault(items, "person/ann-lee/2017-01-01.md").what
    assert len(items) == len(PAGES) + 2
    assert "person/secret/2017-01-01.md" not in items


def test_a_folder_of_something_else_is_refused(folder: Path, tmp_path: Path) -> None:
    """With the way out."""
    done = call("import", "factopolis", tmp_path, ledger=folder)

    assert done.code == 3
    assert "no folder of Factopolis" in done.err


# ── into the ledger ──────────────────────────────────────────────────────────────────────────


def test_a_folder_is_imported_once(
    folder: Path, built: Built, rows: Callable[..., list[Any]]
) -> None:
    """The counts are in the words of the source; a second import writes nothing."""
    content = built()

    done = call("import", "factopolis", content.parent, ledger=folder)

    assert done.code == 0, done.err
    assert "8 rows: 8 read, 0 refused." in done.err
    for words in ("1 assertion", "2 claims", "2 fact-checks", "1 retraction",
                  "4 record nothing by themselves"):  # fmt: skip
        assert words in done.err
    assert {each["agent"] for each in events(folder)[1:]} == {"importer"}
    assert rows("select speaker_id, retracted from claims_by_speaker where statements > 0") == [
        ("ann-lee", 2), ("bob-ray", 0),
    ]  # fmt: skip
    assert rows("select count(*) from assessments") == [(3,)]
    before = log_bytes(folder)
    again = call("import", "factopolis", content, "--json", ledger=folder)
    assert json.loads(again.out)["events"] == 0
    assert log_bytes(folder) == before


def test_somebody_elses_id_is_not_taken(ledger: Ledger, folder: Path, built: Built) -> None:
    """Another one with the id in the ledger: the person and what they said are refused."""
    ledger.submit({"command": "register_speaker", "speaker_id": "ann-lee", "kind": "person",
                   "name": "Another"})  # fmt: skip

    done = call("import", "factopolis", built(), "--skip-invalid", "--json", ledger=folder)

    report = json.loads(done.out)
    assert (report["rows"], report["read"]) == (8, 6)
    assert {"person", "assertion"}.isdisjoint(report["counts"])
    assert all("Another" in each["what"] for each in report["refused"])


# ── the real data ────────────────────────────────────────────────────────────────────────────


@needs_data
def test_every_file_of_the_real_data_becomes_a_row() -> None:
    """As many people, assertions, claims and retractions as its README says."""
    content = DATA / "content"
    items = items_of(content)

    assert len(items) == sum(path.is_file() for path in content.rglob("*"))
    rows = [item for item in items.values() if isinstance(item, Row)]
    assert len(rows) == len(items)
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(row.counts)
    assert (counts["person"], counts["assertion"]) == (74, 521)
    assert (counts["claim"], counts["retraction"]) == (228, 15)
    verbs = Counter(raw["command"] for row in rows for raw in row.commands)
    assert verbs == {
        "record_statement": 540 + 15, "assess_statement": 480, "relate_statements": 15,
    }  # fmt: skip


@needs_data
@pytest.mark.slow
def test_the_real_data_is_imported_once(folder: Path, rows: Callable[..., list[Any]]) -> None:
    """Every file is read, a second import writes nothing, and all of it verifies."""
    done = claims("import", "factopolis", DATA, "--json", ledger=folder)

    assert done.code == 0, done.err
    report = json.loads(done.out)
    assert (report["rows"], report["read"], report["refused"]) == (877, 877, [])
    before = log_bytes(folder)
    again = json.loads(claims("import", "factopolis", DATA, "--json", ledger=folder).out)
    assert (again["read"], again["events"]) == (877, 0)
    assert log_bytes(folder) == before
    assert claims("verify", ledger=folder).code == 0
    assert rows("select count(*), count(*) filter (retracted) from statements") == [(555, 15)]

"""All Hypothesis strategies: texts of every script, and histories of a ledger."""

import json
from typing import Any

from hypothesis import strategies as st

Command = dict[str, Any]

# Every character that JSON and UTF-8 can carry, control characters aside.
texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40
).filter(str.strip)  # fmt: skip

SPEAKERS = ("zamir", "karzai", "nato")
SOURCES = ("tass", "rtvi")
MEASURES = ("fighters", "killed")
STATEMENTS = ("s1", "s2", "s3")
REPORTS = ("r1", "r2", "r3", "r4")
ESTIMATES = ("e1", "e2", "e3")
DATES = ("2015", "2015-10", "2017-12", "2018?-02", "2015/2017", "../2017")
VALUES = ("3500", "~3500", "> 10000", ">= 10", "< 200", "<= 200", "10..20", "1/3", "25%", "?")

_speaker = st.sampled_from(SPEAKERS)
_source = st.sampled_from(SOURCES)
_measure = st.sampled_from(MEASURES)
_statement = st.sampled_from(STATEMENTS)
_report = st.sampled_from(REPORTS)
_estimate = st.sampled_from(ESTIMATES)
_date = st.sampled_from(DATES)
_role = st.sampled_from(("envoy", "minister"))
_others = st.lists(_speaker, min_size=1, max_size=1)
_words = st.sampled_from(("one", "two", "ده هزار", "больше 10 000", "e\u0301 🦊\u2028"))


def _command(verb: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Command]:
    return st.fixed_dictionaries({"command": st.just(verb), **fields})


def _reports(least: int) -> st.SearchStrategy[list[Command]]:
    report = st.fixed_dictionaries({
        "report_id": _report, "source_id": _source, "quote": _words,
        "via": st.lists(_speaker, max_size=2, unique=True),
    }, optional={"attributed_to": _role, "alternatives": _others})  # fmt: skip
    return st.lists(report, min_size=least, max_size=2, unique_by=lambda each: each["report_id"])


_value = {"value": st.sampled_from(VALUES), "reference_period": _date}
_estimates = st.lists(
    st.fixed_dictionaries({"estimate_id": _estimate, "measure_id": _measure, **_value}),
    max_size=1,
)
_reason = st.sampled_from(("misread", "typing error"))

commands: st.SearchStrategy[Command] = st.one_of(
    _command("register_speaker", speaker_id=_speaker, kind=st.just("person"), name=_words),
    _command("cite_source", source_id=_source, publisher_id=_speaker, published=_date),
    _command(
        "define_measure",
        measure_id=_measure,
        label=_words,
        tags=st.sampled_from(([], ["militant-count"])),
    ),
    _command(
        "record_statement",
        statement_id=_statement,
        speaker_id=_speaker,
        said_at=_date,
        proposition=_words,
        reports=_reports(1),
        estimates=_estimates,
    ),
    _command(
        "add_report", statement_id=_statement, report_id=_report, source_id=_source, quote=_words
    ),
    _command(
        "add_estimate",
        statement_id=_statement,
        report_id=_report,
        estimate_id=_estimate,
        measure_id=_measure,
        **_value,
    ),
    _command(
        "relate_statements",
        **{"from": _statement},
        to=_statement,
        relation=st.sampled_from(("denies", "retracts", "repeats")),
    ),
    _command(
        "judge_speakers",
        left=_speaker,
        right=_speaker,
        judgement=st.sampled_from(("same", "different", "unsure")),
        reason=_reason,
    ),
    _command("assess_statement", statement_id=_statement, assessor=_words),
    _command("assess_source", source_id=_source, assessor=_words),
    _command("revise_speaker", speaker_id=_speaker, name=_words, reason=_reason),
    _command("revise_source", source_id=_source, published=_date, reason=_reason),
    _command("revise_measure", measure_id=_measure, label=_words, reason=_reason),
    _command(
        "revise_statement",
        statement_id=_statement,
        speaker_id=_speaker,
        said_at=_date,
        reason=_reason,
    ),
    _command("revise_report", report_id=_report, source_id=_source, reason=_reason),
    _command(
        "revise_estimate",
        estimate_id=_estimate,
        measure_id=_measure,
        value=st.sampled_from(VALUES),
        reason=_reason,
    ),
    _command("void_record", position=st.integers(1, 40), reason=_reason),
    _command("void_record", position=st.integers(1, 40), reason=_reason),
)

# A beginning that gives the rest something to be about; what is refused on the way is passed over.
BEGINNING: tuple[Command, ...] = (
    *({"command": "register_speaker", "speaker_id": name, "kind": "person", "name": name}
      for name in SPEAKERS),
    {"command": "cite_source", "source_id": "tass", "publisher_id": "zamir"},
    {"command": "cite_source", "source_id": "rtvi", "published": "2017"},
    {"command": "define_measure", "measure_id": "fighters", "label": "Fighters",
     "tags": ["militant-count"]},
    {"command": "record_statement", "statement_id": "s1", "speaker_id": "zamir",
     "said_at": "2017-12", "proposition": "p",
     "reports": [{"report_id": "r1", "source_id": "tass", "quote": "exceeds 10,000"}],
     "estimates": [{"estimate_id": "e1", "measure_id": "fighters", "value": "> 10000",
                    "reference_period": "2017-12"}]},
)  # fmt: skip

histories: st.SearchStrategy[list[Command]] = st.lists(commands, min_size=5, max_size=30)

# What goes on from there: every kind of command, each accepted, and forms that are replaced, void,
# brought back and void again. The fast tests take this one history, the slow ones draw many.
EVERY_KIND: tuple[Command, ...] = (
    {"command": "define_measure", "measure_id": "killed", "label": "Killed"},  # position 8
    {"command": "record_statement", "statement_id": "s2", "speaker_id": "karzai",
     "said_at": "2015-10", "proposition": "two",
     "reports": [{"report_id": "r2", "source_id": "rtvi", "quote": "больше 10 000",
                  "via": ["nato", "zamir"]}],
     "estimates": [{"estimate_id": "e2", "measure_id": "killed", "value": "~3500",
                    "reference_period": "2015/2017"}]},
    {"command": "record_statement", "statement_id": "s3", "speaker_id": "nato",
     "said_at": "2018?-02", "proposition": "ده هزار",
     "reports": [{"report_id": "r3", "source_id": "tass", "quote": "e\u0301 🦊\u2028"}]},
    {"command": "add_report", "statement_id": "s1", "report_id": "r4", "source_id": "tass",
     "quote": "one"},
    {"command": "add_estimate", "statement_id": "s1", "report_id": "r4", "estimate_id": "e3",
     "measure_id": "fighters", "value": "10..20", "reference_period": "2017-12"},
    {"command": "relate_statements", "from": "s2", "to": "s1", "relation": "denies"},
    {"command": "relate_statements", "from": "s3", "to": "s1", "relation": "repeats"},
    {"command": "judge_speakers", "left": "zamir", "right": "karzai", "judgement": "same",
     "reason": "misread"},
    {"command": "judge_speakers", "left": "karzai", "right": "zamir", "judgement": "different",
     "reason": "typing error"},
    {"command": "judge_speakers", "left": "nato", "right": "karzai", "judgement": "same",
     "reason": "misread"},
    {"command": "assess_statement", "statement_id": "s1", "assessor": "one"},
    {"command": "assess_source", "source_id": "tass", "assessor": "two"},
    {"command": "revise_speaker", "speaker_id": "nato", "name": "two", "reason": "misread"},
    {"command": "revise_source", "source_id": "tass", "published": "2017-12",
     "reason": "misread"},  # position 21
    {"command": "revise_measure", "measure_id": "fighters", "label": "one", "reason": "misread"},
    {"command": "revise_statement", "statement_id": "s1", "speaker_id": "nato",
     "said_at": "../2017", "reason": "misread"},
    {"command": "revise_report", "report_id": "r1", "source_id": "rtvi", "reason": "misread"},
    {"command": "revise_estimate", "estimate_id": "e1", "value": "3500",
     "reason": "typing error"},
    {"command": "relate_statements", "from": "s3", "to": "s1", "relation": "retracts"},
    {"command": "void_record", "position": 23, "reason": "misread"},
    {"command": "void_record", "position": 27, "reason": "typing error"},
    {"command": "void_record", "position": 14, "reason": "misread"},
    {"command": "void_record", "position": 16, "reason": "misread"},
)  # fmt: skip

# What is refused after that, each for another reason.
REFUSED: tuple[Command, ...] = (
    {"command": "register_speaker", "speaker_id": "zamir", "kind": "group", "name": "one"},
    {"command": "add_report", "statement_id": "s2", "report_id": "r4", "source_id": "rtvi",
     "quote": "two"},
    {"command": "add_estimate", "statement_id": "s1", "report_id": "r2", "estimate_id": "e4",
     "measure_id": "killed", "value": "3500"},
    {"command": "relate_statements", "from": "s2", "to": "s2", "relation": "denies"},
    {"command": "revise_speaker", "speaker_id": "nobody", "name": "two", "reason": "misread"},
    {"command": "void_record", "position": 16, "reason": "typing error"},
    {"command": "void_record", "position": 99, "reason": "misread"},
)  # fmt: skip

COMPARATORS = ("eq", "about", "gt", "ge", "lt", "le", "between")

Estimate = tuple[str | None, str, list[float], str]  # period, comparator, numbers, speaker

_year = st.integers(1, 9999).map("{:04}".format)
_month = st.builds("{}-{:02}".format, st.integers(2010, 2020), st.integers(1, 12))
_day = st.builds("{}-{:02}".format, _month, st.integers(1, 28))
_open_ended = _month.map("{}/..".format) | _month.map("../{}".format)
_number = st.integers(-(2**53), 2**53) | st.integers(0, 30_000) | st.floats(0, 1)


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    """Give estimates of any time, hedge and numbers."""
    period = draw(st.none() | _year | _month | _day | _open_ended)
    comparator = draw(st.sampled_from((*COMPARATORS, "unspecified")))
    numbers = sorted(draw(st.tuples(_number, _number)))
    return period, comparator, numbers[: 2 if comparator == "between" else 1], draw(_speaker)


# Histories with quotes that are anchored, parts that are void, and words that show a relation.
_captured = st.sampled_from(("tass", "later"))
_more: st.SearchStrategy[Command] = st.one_of(
    _command(
        "void_record",
        position=st.integers(9, 30),
        part=st.sampled_from((*(f"report/{name}" for name in REPORTS), "estimate/e1")),
        reason=_reason,
    ),
    _command(
        "relate_statements",
        **{"from": _statement},
        to=_statement,
        relation=st.just("repeats"),
        evidence=st.fixed_dictionaries({"source_id": _captured, "quote": _words}),
    ),
    _command(
        "revise_report",
        report_id=_report,
        quote=st.sampled_from(("exceeds 10,000", "10,000")),
        reason=_reason,
    ),
    _command(
        "revise_estimate",
        estimate_id=_estimate,
        value_text=st.sampled_from(("10,000", "exceeds 10,000")),
        reason=_reason,
    ),
    _command("revise_estimate", estimate_id=_estimate, reference_period=_date, reason=_reason),
)
audited_histories: st.SearchStrategy[list[Command]] = st.lists(
    commands | _more, min_size=5, max_size=30
)


# Lines of NDJSON that are odd in every way in which a line can be odd, and often enough sound.
_texts = st.one_of(
    texts,
    st.text(max_size=6),
    st.sampled_from(
        ("", " ", "\u3000", "\x85", "a\x7f", "a\x9f", '"', "\\u0041", "\n", "a\x00", "é")
    ),
)
_ids = st.sampled_from(("a", "b-1", "0.z_", "A", "a b", "", "a\n", "x" * 100, "x" * 101))
_oddities = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.lists(st.none(), max_size=1),
    st.just({}), _texts,
)  # fmt: skip
_field_values: dict[str, st.SearchStrategy[Any]] = {
    "actor": _texts, "agent": st.sampled_from(("person", "importer", "model", "robot")),
    "note": _texts, "command_id": _texts, "aliases": st.lists(_texts, max_size=2),
    "kind": st.sampled_from(("person", "outlet", "stock", "share", "none")),
    "name": _texts, "label": _texts, "unit": _texts, "definition": _texts, "title": _texts,
    "tags": st.lists(_texts, max_size=2), "topics": st.lists(_texts, max_size=2),
    "published": st.sampled_from((*DATES, " 2015 ", "31/12/2017", "2015-13", "")),
    "said_at": st.sampled_from((*DATES, "2017-02-30")), "publisher": _texts,
    "publisher_id": _ids, "version_of": _ids, "within": _ids, "on_behalf_of": _ids,
    "co_speakers": st.lists(_ids, max_size=2), "citing": st.lists(_ids, max_size=2),
    "alternatives": st.lists(_ids, max_size=2), "proposition": _texts, "language": _texts,
    "speech_act": st.sampled_from(("assert", "deny", "sing")), "venue": _texts,
    "attribution": st.sampled_from(("stated", "disputed")), "audience": _texts,
    "speaker_id": _ids, "source_id": _ids, "measure_id": _ids, "statement_id": _ids,
    "report_id": _ids, "estimate_id": _ids, "quote": _texts | st.just("more than 10,000 men"),
    "prefix": _texts, "suffix": _texts, "quote_mode": st.sampled_from(("direct", "odd")),
    "part": st.sampled_from(("body", "deck")), "attributed_to": _texts,
    "fragments": st.lists(_texts, max_size=1), "left": _ids, "right": _ids, "from": _ids,
    "to": _ids, "judgement": st.just("same"), "reason": _texts, "assessor": _texts,
    "relation": st.sampled_from(("denies", "likes")),
    "basis": st.sampled_from(("stated", "derived")),
    "explanation": _texts, "url": _texts, "source_reliability": st.sampled_from(("A", "G")),
    "rating": st.fixed_dictionaries({}, optional={
        "label": _texts, "value": st.floats() | st.integers(), "best": st.integers(0, 5),
    }),
}  # fmt: skip
_FIELDS_OF = {
    "register_speaker": ("kind", "name", "speaker_id", "aliases"),
    "define_measure": ("label", "measure_id", "kind", "unit", "definition", "tags"),
    "cite_source": ("source_id", "publisher", "publisher_id", "title", "published", "version_of",
                    "url", "language"),
    "record_statement": ("speaker_id", "statement_id", "proposition", "said_at", "speech_act",
                         "topics", "within", "co_speakers", "alternatives", "on_behalf_of",
                         "attribution", "citing", "venue", "audience", "language"),
    "add_report": ("statement_id", "report_id", "source_id", "quote", "quote_mode", "prefix",
                   "suffix", "part", "attributed_to", "fragments", "alternatives"),
    "relate_statements": ("from", "to", "relation", "basis"),
    "judge_speakers": ("left", "right", "judgement", "reason"),
    "assess_statement": ("statement_id", "assessor", "rating", "explanation", "url"),
    "assess_source": ("source_id", "assessor", "rating", "source_reliability"),
}  # fmt: skip
_SOUND: dict[str, Any] = {
    "kind": "person", "name": "A", "label": "L", "speaker_id": "a", "proposition": "p",
    "statement_id": "b-1", "source_id": "a", "quote": "q", "from": "a", "to": "b-1",
    "relation": "denies", "left": "a", "right": "b-1", "judgement": "same", "reason": "r",
    "assessor": "c", "measure_id": "m",
}  # fmt: skip
_ALWAYS = {
    "register_speaker": ("kind", "name"), "define_measure": ("label",), "cite_source": (),
    "record_statement": ("speaker_id", "proposition"),
    "add_report": ("statement_id", "source_id", "quote"),
    "relate_statements": ("from", "to", "relation"),
    "judge_speakers": ("left", "right", "judgement", "reason"),
    "assess_statement": ("statement_id", "assessor"), "assess_source": ("source_id", "assessor"),
}  # fmt: skip


@st.composite
def _odd_fields(draw: st.DrawFn, names: tuple[str, ...], always: tuple[str, ...]) -> Command:
    """Draw fields, most of them sound, now and then one that is not there or of a wrong type."""
    fields: Command = {name: _SOUND[name] for name in always}
    for name in draw(st.lists(st.sampled_from(names), max_size=4, unique=True)):
        fields[name] = draw(_field_values[name] if draw(st.integers(0, 9)) else _oddities)
    if not draw(st.integers(0, 19)):
        fields[draw(st.sampled_from(("nmae", "from_", "identifiers", "words")))] = draw(_oddities)
    return fields


@st.composite
def _odd_command(draw: st.DrawFn) -> Command:
    verb = draw(st.sampled_from(sorted(_FIELDS_OF)))
    names = (*_FIELDS_OF[verb], "actor", "agent", "note", "command_id")
    made = {"command": verb} | draw(_odd_fields(names, _ALWAYS[verb]))
    if verb in {"add_report", "record_statement"}:
        via = st.lists(st.fixed_dictionaries({}, optional={
            "speaker_id": _ids, "source_id": _ids, "on": st.sampled_from(DATES), "words": _texts,
        }) | _ids, max_size=2)  # fmt: skip
        report = _odd_fields(_FIELDS_OF["add_report"][1:], ("source_id", "quote"))
        if verb == "record_statement":
            made["reports"] = draw(st.lists(report, min_size=1, max_size=2))
        some = made["reports"][0] if verb == "record_statement" else made
        if draw(st.booleans()):
            some["via"] = draw(via)
    if verb == "record_statement" and draw(st.booleans()):
        estimate = st.fixed_dictionaries(
            {"measure_id": _ids, "value": st.sampled_from((*VALUES, "1e3", 3500, "over 10000"))},
            optional={
                "estimate_id": _ids, "report_id": _ids, "reference_period": st.sampled_from(DATES),
                "value_text": st.sampled_from(("10,000", "more than 10,000", "men", "x")),
                "basis": st.sampled_from(("stated", "derived")), "note": _texts, "method": _texts,
            },
        )  # fmt: skip
        made["estimates"] = draw(st.lists(estimate, max_size=2))
    return made


@st.composite
def _odd_line(draw: st.DrawFn) -> bytes:
    """Draw a command as one of the many lines that say it, or nearly so."""
    made = draw(_odd_command())
    pairs = draw(st.permutations(list(made.items())))
    if not draw(st.integers(0, 9)):
        pairs.append(draw(st.sampled_from(pairs)))  # a key that stands twice
    ascii_only = draw(st.booleans())
    between, after = draw(st.sampled_from(((",", ":"), (", ", ": "), (" ,\t", " : "))))
    body = between.join(
        json.dumps(name) + after + json.dumps(value, ensure_ascii=ascii_only,
                                              separators=(between, after))
        for name, value in pairs
    )  # fmt: skip
    text = draw(st.sampled_from(("{%s}",) * 9 + (" {%s} \r", "{%s", "[%s]", "{%s}x"))) % body
    line: bytes = text.encode("utf-8", "surrogatepass")
    if not draw(st.integers(0, 9)):
        line = line.replace(b"e", b"\\u0065", draw(st.integers(1, 3)))
    return line


odd_lines: st.SearchStrategy[bytes] = _odd_line()

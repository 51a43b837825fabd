"""Commands for a ledger of any size: the same for the same seed, on every machine.

They come in chunks of 1,000. A chunk needs no other to be made, and what it holds does not depend
on how many there are: a small ledger is the beginning of a large one. Every command becomes one
event, so the command at index i of a new ledger stands at position i + 1.

Rules kept here:
- a few say most: the share of the speaker of rank r falls as 1 / r, and so do those of outlets,
  measures and topics;
- 1 statement in 5 has a number, 1 in 10 a second report, 1 in 100 is revised;
- a speaker is told of in a few roles, the first of them most often;
- ids are random, as the ledger's own are; quotes are unanchored, since there are no documents.
"""

import json
import random
from base64 import b32encode
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.words import NOUNS, OTHERS, SYLLABLES, draw, passage, sentence

Raw = dict[str, Any]

CHUNK = 1_000  # commands
SPEAKERS, OUTLETS, MEASURES, SOURCES, STATEMENTS = 6, 2, 1, 110, 820  # new ones in each chunk
LATER = {"revise": 8, "relate": 25, "report": 15, "assess": 9, "judge": 1, "void": 3}
ALONE = 20  # statements that stand before anything refers to one

_FIRST_DAY = date(2010, 1, 1)
_DAYS = 5_800
_ACTS = ("assert",) * 12 + ("deny", "accuse", "confirm", "predict", "warn", "threaten", "demand")
_RELATIONS = ("denies", "repeats", "contradicts", "supports", "updates", "responds_to")
_UNITS = ("people", "fighters", "vehicles", "tonnes", "dollars")
_TOPICS = 60
_ROLES = 8  # of a speaker; a passage that is found later names one of the commonest roles of all
_COMMON_ROLES = 200
_WITH_NUMBER, _WITH_SECOND_REPORT, _WITH_AGENCY = 0.2, 0.1, 0.25


def commands(seed: int, size: int, first: int = 0) -> Iterator[Raw]:
    """The commands from index `first` up to `size`; both are multiples of 1,000."""
    assert size % CHUNK == first % CHUNK == 0, "a ledger is made of whole chunks"
    for number in range(first // CHUNK, size // CHUNK):
        yield from Chunk(seed, number).commands()


def write_ndjson(path: Path, seed: int, size: int) -> int:
    """Write the commands, one a line; gives how many bytes they are."""
    made = commands(seed, size)
    with path.open("w", encoding="utf-8") as file:
        while some := list(islice(made, CHUNK)):
            file.write(ndjson(some))
        return file.tell()


def ndjson(raws: Iterable[Raw]) -> str:
    """Commands, one a line."""
    return "".join(
        json.dumps(raw, ensure_ascii=False, separators=(",", ":")) + "\n" for raw in raws
    )


# ── names ────────────────────────────────────────────────────────────────────────────────────


def speaker_name(number: int) -> str:
    """What a speaker is called."""
    return f"{_name(number, 2)} {_name(number * 7 + 3, 3)}"


def speaker_id(number: int) -> str:
    """The id of a speaker that is no outlet."""
    return f"speaker-{number}"


def outlet_id(number: int) -> str:
    """The id of an outlet."""
    return f"outlet-{number}"


def measure_id(number: int) -> str:
    """The id of a measure."""
    return f"measure-{number}"


def _name(number: int, syllables: int) -> str:
    parts = []
    for _ in range(syllables):
        number, at = divmod(number, len(SYLLABLES))
        parts.append(SYLLABLES[at])
    return "".join(parts).capitalize()


def thing_id(seed: int, noun: str, number: int) -> str:
    """An id as random as the ledger's own, which other chunks can find again."""
    data = f"{seed}/{noun}/{number}".encode()
    return b32encode(blake2b(data, digest_size=10).digest()).decode().lower()


def role(whose: str, number: int) -> str:
    """In which role somebody is told of: an adjective and a noun."""
    digest = blake2b(f"{whose}/{number}".encode(), digest_size=2).digest()
    return f"{OTHERS[digest[0] % len(OTHERS)]} {NOUNS[digest[1] % len(NOUNS)]}"


def ranked(chance: random.Random, count: int) -> int:
    """A number below `count`; that of rank r comes as often as 1 / r."""
    return int(count ** chance.random()) - 1 if count > 1 else 0


# ── one chunk ────────────────────────────────────────────────────────────────────────────────


class Chunk:
    """A thousand commands that refer to each other and to earlier chunks."""

    def __init__(self, seed: int, number: int) -> None:
        self.seed = seed
        self.number = number
        self.chance = random.Random(f"{seed}/{number}")
        self.speakers = (number + 1) * SPEAKERS
        self.outlets = (number + 1) * OUTLETS
        self.measures = (number + 1) * MEASURES
        self.told = number * STATEMENTS  # how many statements there are so far
        self.mine: list[Raw] = []  # the statements of this chunk that are not revised yet
        self.voidable: list[int] = []  # positions of relations of this chunk
        self.related: list[Raw] = []  # the relations of this chunk

    def commands(self) -> Iterator[Raw]:
        """All of them, in an order in which each refers to earlier ones."""
        for position, made in enumerate(self._all(), self.number * CHUNK + 1):
            if made["command"] == "relate_statements":
                self.voidable.append(position)
            yield made

    def _all(self) -> Iterator[Raw]:
        yield from self.things()
        kinds = ["tell"] * (STATEMENTS - ALONE)
        for kind, count in LATER.items():
            kinds += [kind] * count
        self.chance.shuffle(kinds)
        # What voids a relation needs one: the voids come last.
        kinds.sort(key=lambda kind: kind == "void")
        for kind in ["tell"] * ALONE + kinds:
            yield getattr(self, kind)()

    def things(self) -> Iterator[Raw]:
        """Who speaks, who publishes, what is counted, and where it was found."""
        for number in range(self.speakers - SPEAKERS, self.speakers):
            yield {"command": "register_speaker", "speaker_id": speaker_id(number),
                   "kind": "person", "name": speaker_name(number)}  # fmt: skip
        for number in range(self.outlets - OUTLETS, self.outlets):
            yield {"command": "register_speaker", "speaker_id": outlet_id(number),
                   "kind": "outlet", "name": f"{speaker_name(number)} {number} Herald"}  # fmt: skip
        for number in range(self.measures - MEASURES, self.measures):
            unit = self.chance.choice(_UNITS)
            label = " ".join(draw(self.chance, 3)).capitalize()
            yield {"command": "define_measure", "measure_id": measure_id(number), "label": label,
                   "unit": unit, "definition": sentence(self.chance, 8, 16),
                   "tags": ["militant-count"] if unit == "fighters" else ["count"]}  # fmt: skip
        self.days = [self.chance.randrange(_DAYS) for _ in range(SOURCES)]
        for at, day in enumerate(self.days):
            name = self.source_id(at)
            outlet = outlet_id(ranked(self.chance, self.outlets))
            yield {"command": "cite_source", "source_id": name, "publisher_id": outlet,
                   "title": sentence(self.chance, 6, 14)[:-1],
                   "published": (_FIRST_DAY + timedelta(day)).isoformat(),
                   "url": f"https://{outlet}.example/{name}", "language": "en"}  # fmt: skip

    def source_id(self, at: int) -> str:
        """The id of a source of this chunk."""
        return thing_id(self.seed, "source", self.number * SOURCES + at)

    def statement_id(self, number: int) -> str:
        """The id of a statement, in this chunk or an earlier one."""
        return thing_id(self.seed, "statement", number)

    def random_id(self) -> str:
        """An id that nothing else refers to."""
        return b32encode(self.chance.randbytes(10)).decode().lower()

    def earlier(self) -> str:
        """The id of a statement that was told before; the later ones are referred to more."""
        return self.statement_id(self.told - 1 - ranked(self.chance, self.told))

    # ── what is told ─────────────────────────────────────────────────────────────────────────

    def tell(self) -> Raw:
        """A statement with its reports, and with a number in one of five."""
        chance = self.chance
        count = 2 if chance.random() < _WITH_SECOND_REPORT else 1
        at = chance.randrange(SOURCES)
        said = self.days[at] - ranked(chance, 10)
        number = self.number_claimed() if chance.random() < _WITH_NUMBER else None
        made: Raw = {
            "command": "record_statement", "statement_id": self.statement_id(self.told),
            "speaker_id": speaker_id(ranked(chance, self.speakers)),
            "said_at": self.day(said), "speech_act": chance.choice(_ACTS),
            "proposition": sentence(chance, 12, 24), "language": "en",
            "topics": sorted({f"topic-{ranked(chance, _TOPICS)}" for _ in range(2)}),
        }  # fmt: skip
        places = [at, *(chance.randrange(SOURCES) for _ in range(count - 1))]
        made["reports"] = [self.report_in(place, self.role(made), number) for place in places]
        if number:
            made["estimates"] = [self.estimate(number, made["reports"][0]["report_id"], said)]
        self.told += 1
        self.mine.append(made)
        return made

    def role(self, statement: Raw) -> str:
        """One of the roles in which a statement's speaker is told of."""
        return role(statement["speaker_id"], ranked(self.chance, _ROLES))

    def report_in(
        self, place: int, attributed_to: str, number: "tuple[str, str] | None" = None
    ) -> Raw:
        """One appearance in a source, whose quote holds the words of the number."""
        chance = self.chance
        quote = passage(chance, chance.randint(1, 4))
        if number:
            quote = f"{quote} There were {number[1]} of them. {sentence(chance, 6, 12)}"
        made: Raw = {
            "report_id": self.random_id(), "source_id": self.source_id(place), "quote": quote,
            "quote_mode": chance.choice(("direct", "direct", "indirect")),
            "attributed_to": attributed_to,
        }  # fmt: skip
        if chance.random() < _WITH_AGENCY:
            made["via"] = [{"speaker_id": outlet_id(ranked(chance, self.outlets))}]
        return made

    def number_claimed(self) -> tuple[str, str]:
        """A number of two digits and noughts, in its short form and in the words of a quote."""
        number = self.chance.randint(11, 99) * 10 ** self.chance.randint(0, 3)
        short, words = self.chance.choice((
            ("> {}", "more than {:,}"), (">= {}", "at least {:,}"), ("~{}", "about {:,}"),
            ("{}", "exactly {:,}"), ("<= {}", "at most {:,}"),
        ))  # fmt: skip
        return short.format(number), words.format(number)

    def estimate(self, number: tuple[str, str], report_id: str, said: int) -> Raw:
        """What the number is a number of."""
        return {
            "estimate_id": self.random_id(), "report_id": report_id,
            "measure_id": measure_id(ranked(self.chance, self.measures)), "value": number[0],
            "value_text": number[1], "reference_period": self.day(said),
        }  # fmt: skip

    def day(self, number: int) -> str:
        """A day, a month or a year, in EDTF, some of them uncertain."""
        on, sure = _FIRST_DAY + timedelta(max(number, 0)), self.chance.random()
        if sure < 0.6:
            return on.isoformat()
        if sure < 0.85:
            return f"{on:%Y-%m}"
        return f"{on:%Y}" if sure < 0.95 else f"{on:%Y-%m}?"

    # ── what comes later ─────────────────────────────────────────────────────────────────────

    def revise(self) -> Raw:
        """A statement of this chunk was recorded wrongly."""
        chance = self.chance
        wrong = self.mine.pop(chance.randrange(len(self.mine)))
        return {"command": "revise_statement", "statement_id": wrong["statement_id"],
                "proposition": sentence(chance, 12, 24), "reason": sentence(chance, 4, 9),
                "error": "transcription"}  # fmt: skip

    def relate(self) -> Raw:
        """A new statement answers an earlier one."""
        here, there = self.statement_id(self.told - 1), self.earlier()
        while there == here:
            there = self.earlier()
        made = {"command": "relate_statements", "from": here, "to": there,
                "relation": self.chance.choice(_RELATIONS), "basis": "stated"}  # fmt: skip
        if made in self.related:  # it would be a repetition, and make no event
            return self.relate()
        self.related.append(made)
        return made

    def report(self) -> Raw:
        """An earlier statement was found in a further place."""
        told = role("anybody", ranked(self.chance, _COMMON_ROLES))
        return {"command": "add_report", "statement_id": self.earlier(),
                **self.report_in(self.chance.randrange(SOURCES), told)}  # fmt: skip

    def assess(self) -> Raw:
        """A third party rates an earlier statement."""
        value = self.chance.randint(1, 5)
        return {"command": "assess_statement", "statement_id": self.earlier(),
                "assessor": outlet_id(ranked(self.chance, self.outlets)),
                "rating": {"label": "false" if value < 3 else "true", "value": value, "best": 5,
                           "worst": 1},
                "explanation": passage(self.chance, 2)}  # fmt: skip

    def judge(self) -> Raw:
        """Two speakers of this chunk are one."""
        return {"command": "judge_speakers", "left": speaker_id(self.speakers - 1),
                "right": speaker_id(self.speakers - 2), "judgement": "same",
                "reason": sentence(self.chance, 4, 9)}  # fmt: skip

    def void(self) -> Raw:
        """A relation of this chunk was recorded by mistake."""
        at = self.voidable.pop(self.chance.randrange(len(self.voidable)))
        return {"command": "void_record", "position": at, "reason": sentence(self.chance, 4, 9)}

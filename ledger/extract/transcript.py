"""Transcripts with times: WebVTT (W3C) and SubRip; the text has the words, a cue a line.

Rules kept here:
- line n of the text is cue n of those that `cues` gives, so that the time of a place in the text is
  found in the bytes again (`t=` of W3C Media Fragments); times do not stand between the words, so
  that a quote may go on from one cue into the next;
- who speaks (`<v Name>`) stands before their words where the speaker changes; other marks go;
- captions that roll, as machines make them, repeat the line before: it is taken once;
- a line that stands in no cue, or a time that is none, is refused: nothing is dropped.
"""

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from ledger.errors import Refused
from ledger.extract.charset import decode
from ledger.extract.made import Extracted, clean

VERSION = "1"

_STAMP = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
_TIMES = re.compile(rf"\s*{_STAMP}\s*-->\s*{_STAMP}(?:\s+\S.*)?\s*")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{1,100})?[ \t]([^<>]{1,200})>")
_INLINE_TIME = re.compile(r"<(?:\d{1,4}:)?\d{1,2}:\d{2}[.,]\d{1,3}>")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>|</>|\{\\[^{}]{1,100}\}")
_RUBY = re.compile(r"<rt>[^<]{0,200}</rt>")
_NO_CUE = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t].*)?")
_AFTER_HEAD = 2  # the line after `WEBVTT`
_LINES_OF_A_NAME = 2  # an empty line and the name of a cue stand before its times
_ARROW = "-->"


class Cue(NamedTuple):
    """What is said in a stretch of time, in seconds from the beginning."""

    begin: float
    end: float
    words: str
    speaker: str | None = None


class Block(NamedTuple):
    """A cue as it stands in the file: the line that it begins on, its times, its lines."""

    line: int
    begin: float
    end: float
    lines: list[str]


def extract(data: bytes, name: str, charset: str | None = None) -> Extracted:
    """The words of a transcript; raises Refused where it holds none or is no transcript."""
    found = decode(data, name, charset)
    said = cues(found.text, name)
    if not any(letter.isalnum() for cue in said for letter in cue.words):
        raise Refused(
            f"{name} is a transcript without words.",
            way_out="Capture the transcript that holds what was said.",
        )
    return Extracted(
        text="".join(f"{line}\n" for line in lines_of(said)),
        extractor="transcript",
        version=VERSION,
        charset=found.charset if found.needs_told else None,
        notes=found.notes,
    )


def lines_of(said: list[Cue]) -> Iterator[str]:
    """Cues as lines; a speaker is named where another one spoke before."""
    before: str | None = None
    for cue in said:
        changed = cue.speaker and cue.speaker != before
        yield f"{cue.speaker}: {cue.words}" if changed else cue.words
        before = cue.speaker or before


def cues(text: str, name: str) -> list[Cue]:
    """The cues with words, in the order of the file; raises Refused."""
    lines = clean(text).removeprefix("\ufeff").split("\n")
    is_vtt = lines[0].startswith("WEBVTT")
    blocks = list(vtt_blocks(lines, name) if is_vtt else srt_blocks(lines, name))
    rolling = is_vtt and any(_INLINE_TIME.search(line) for block in blocks for line in block.lines)
    return list(worded(blocks, rolling=rolling))


def worded(blocks: list[Block], *, rolling: bool) -> Iterator[Cue]:
    """The cues that bring words."""
    last = ""
    for block in blocks:
        speaker = next((found[1] for line in block.lines if (found := _VOICE.search(line))), None)
        words = [" ".join(plain(line).split()) for line in plain_lines(block.lines)]
        words = [line for line in words if line]
        if rolling and words and words[0] == last:
            words = words[1:]
        if words:
            last = words[-1]
            voice = " ".join(html.unescape(speaker).split()) if speaker else None
            yield Cue(block.begin, block.end, " ".join(words), voice or None)


def plain_lines(lines: list[str]) -> list[str]:
    """The lines of a cue without the readings of ruby text."""
    return _RUBY.sub("", "\n".join(lines)).split("\n")


def plain(line: str) -> str:
    """A line without marks; `&amp;` is `&` again."""
    return html.unescape(_TAG.sub("", _INLINE_TIME.sub("", _VOICE.sub("", line))))


# ── the two formats ──────────────────────────────────────────────────────────────────────────


def vtt_blocks(lines: list[str], name: str) -> Iterator[Block]:
    """The cues of WebVTT: blocks between empty lines, of which some are notes and styles."""
    for first, block in paragraphs(lines[1:], first=_AFTER_HEAD):
        marks = [index for index, line in enumerate(block) if _ARROW in line]
        if marks and marks[0] <= 1:
            yield from cues_of(block, marks, first, name)
        elif first != _AFTER_HEAD and not _NO_CUE.fullmatch(block[0]):
            raise stray(name, first, block[0])  # what follows WEBVTT at once is its head


def cues_of(block: list[str], marks: list[int], first: int, name: str) -> Iterator[Block]:
    """The cues of a block: one, or several where only spaces stand on the line between them."""
    for at, after in zip(marks, [*marks[1:], len(block) + 1], strict=True):
        begin, end = times(block[at], first + at, name)
        has_name = after <= len(block) and after - at > _LINES_OF_A_NAME
        is_named = has_name and not block[after - _LINES_OF_A_NAME].strip()
        yield Block(first + at, begin, end, block[at + 1 : after - is_named])


def srt_blocks(lines: list[str], name: str) -> Iterator[Block]:
    """The cues of SubRip: a number, the times, and words up to the next number with times."""
    marks = [index for index, line in enumerate(lines) if _ARROW in line]
    begins = [index - (index > 0 and lines[index - 1].strip().isdigit()) for index in marks]
    for index, line in enumerate(lines[: begins[0] if begins else len(lines)]):
        if line.strip():
            raise stray(name, index + 1, line)
    for at, after in zip(marks, [*begins[1:], len(lines)], strict=bool(marks)):
        begin, end = times(lines[at], at + 1, name)
        yield Block(at + 1, begin, end, lines[at + 1 : after])


def paragraphs(lines: list[str], first: int) -> Iterator[tuple[int, list[str]]]:
    """Lines between empty ones, each with the number of its first line."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], first):
        if line:  # a line of spaces belongs to its cue
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def times(line: str, number: int, name: str) -> tuple[float, float]:
    """Beginning and end of a cue, in seconds; raises Refused."""
    found = _TIMES.fullmatch(line)
    if not found:
        raise Refused(
            f"Line {number} of {name} has times that cannot be read: {line.strip()[:60]!r}.",
            way_out="Times look like 00:01:02.500 --> 00:01:05.000; mend the line.",
        )
    begin, end = seconds(*found.groups()[:4]), seconds(*found.groups()[4:])
    if end < begin:
        raise Refused(
            f"Line {number} of {name} begins a cue that ends before: {line.strip()[:60]!r}.",
            way_out="Mend the times of the line.",
        )
    return begin, end


def seconds(hours: str | None, minutes: str, whole: str, part: str | None) -> float:
    """A time in seconds, of which a thousandth is the smallest part."""
    thousandths = int((part or "0").ljust(3, "0"))
    in_seconds = (int(hours or 0) * 60 + int(minutes)) * 60 + int(whole)
    return (in_seconds * 1000 + thousandths) / 1000


def stray(name: str, number: int, line: str) -> Refused:
    """The refusal of a line that stands in no cue."""
    return Refused(
        f"Line {number} of {name} stands in no cue: {line.strip()[:60]!r}.",
        way_out="Is it a transcript (.srt, .vtt)? Then mend it; a plain text is captured as .txt.",
    )

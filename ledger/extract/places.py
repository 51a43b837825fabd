"""Where a place of a text lies in its document: the page of a PDF, the time of a transcript."""

from collections.abc import Callable

from ledger.errors import Refused
from ledger.extract.kinds import PDF, SRT, VTT, MediaType, named
from ledger.extract.made import PAGE_BREAK


def fragment_of(
    media_type: str, text: str, start: int, end: int, read: Callable[[], bytes]
) -> str | None:
    """The media fragment of a span of a text: `page=3` (RFC 8118), `t=61.5,70` (W3C).

    `read` gives the document's bytes, which is asked of transcripts only. None where the kind has
    no such places.
    """
    told = MediaType.parse(media_type)
    kind = named(told.essence)
    if kind is PDF:
        return f"page={text.count(PAGE_BREAK, 0, start) + 1}"
    return times_of(text, start, end, read(), told.charset) if kind in {SRT, VTT} else None


def times_of(text: str, start: int, end: int, data: bytes, charset: str | None) -> str | None:
    """The time in which the words of a span are said; None where text and bytes do not agree."""
    from ledger.extract.charset import decode
    from ledger.extract.transcript import cues, lines_of

    try:
        said = cues(decode(data, "The transcript", charset).text, "The transcript")
    except Refused:
        return None
    if "".join(f"{line}\n" for line in lines_of(said)) != text:
        return None  # another version made the text
    first, last = text.count("\n", 0, start), text.count("\n", 0, max(start, end - 1))
    return f"t={said[first].begin:g},{said[last].end:g}"

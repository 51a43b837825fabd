"""From bytes to letters: which charset a document is in, and what is done where it is not.

Rules kept here (after the WHATWG Encoding Standard, which browsers follow):
- a byte order mark decides; else bytes that are UTF-8 are taken for it, whatever they are called;
  else the charset that the sender or a person told; else the one that the document declares;
- bytes that are not in the charset that they should be in are refused, with the first of them; only
  a few among many, in a document that is said to be UTF-8, become U+FFFD, and are told;
- a charset is never guessed.
"""

from typing import NamedTuple

from ledger.errors import Refused

# By which name Python knows the encodings of the standard; a page can name no other codec.
_CODECS = {
    "utf-8": "utf-8", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be", "ibm866": "cp866",
    "iso-8859-2": "iso8859-2", "iso-8859-3": "iso8859-3", "iso-8859-4": "iso8859-4",
    "iso-8859-5": "iso8859-5", "iso-8859-6": "iso8859-6", "iso-8859-7": "iso8859-7",
    "iso-8859-8": "iso8859-8", "iso-8859-10": "iso8859-10", "iso-8859-13": "iso8859-13",
    "iso-8859-14": "iso8859-14", "iso-8859-15": "iso8859-15", "iso-8859-16": "iso8859-16",
    "koi8-r": "koi8-r", "koi8-u": "koi8-u", "macintosh": "mac-roman",
    "windows-874": "cp874", "windows-1250": "cp1250", "windows-1251": "cp1251",
    "windows-1252": "cp1252", "windows-1253": "cp1253", "windows-1254": "cp1254",
    "windows-1255": "cp1255", "windows-1256": "cp1256", "windows-1257": "cp1257",
    "windows-1258": "cp1258", "x-mac-cyrillic": "mac-cyrillic", "gb18030": "gb18030",
    "big5": "big5hkscs", "euc-jp": "euc-jp", "iso-2022-jp": "iso2022-jp", "shift_jis": "cp932",
    "euc-kr": "cp949",
}  # fmt: skip
_LABELS = {
    "utf8": "utf-8", "utf-16": "utf-16le", "ascii": "windows-1252", "us-ascii": "windows-1252",
    "iso-8859-1": "windows-1252", "iso8859-1": "windows-1252", "iso_8859-1": "windows-1252",
    "latin1": "windows-1252", "latin-1": "windows-1252", "l1": "windows-1252",
    "iso-8859-9": "windows-1254", "latin5": "windows-1254", "iso-8859-11": "windows-874",
    "tis-620": "windows-874", "latin2": "iso-8859-2", "koi8": "koi8-r", "koi8-ru": "koi8-u",
    "cp866": "ibm866", "866": "ibm866", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030",
    "big5-hkscs": "big5", "x-sjis": "shift_jis", "shift-jis": "shift_jis", "sjis": "shift_jis",
    "windows-31j": "shift_jis", "ks_c_5601-1987": "euc-kr", "windows-949": "euc-kr",
}  # fmt: skip
_LABELS |= {f"{prefix}125{n}": f"windows-125{n}" for prefix in ("cp", "x-cp") for n in range(9)}

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16le"),
    (b"\xfe\xff", "utf-16be"),
)
_NOT_LIKE_ASCII = {"iso-2022-jp", "utf-16le", "utf-16be"}  # their bytes may be UTF-8 by chance
_FEW = 1_000  # letters for each byte that is wrong


class Decoded(NamedTuple):
    """Letters, the charset that they were in, and whether nothing but what was told shows it."""

    text: str
    charset: str
    needs_told: bool = False
    notes: tuple[str, ...] = ()


def standard_name(label: str | None) -> str | None:
    """The name that the standard gives a charset; None for one that it does not know."""
    known = (label or "").strip().lower()
    name = _LABELS.get(known, known)
    return name if name in _CODECS else None


def decode(data: bytes, name: str, told: str | None = None, declared: str | None = None) -> Decoded:
    """The letters of a document; raises Refused where they cannot be told for certain."""
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return _decode_as(charset, data[len(mark) :], name, "its byte order mark")
    if told and standard_name(told) is None:
        raise Refused(
            f"{name} is said to be in the charset {told!r}, which is not known.",
            way_out="Say which charset it is in: --media-type 'text/html;charset=windows-1251'.",
        )
    said = standard_name(told) or standard_name(declared)
    if said not in _NOT_LIKE_ASCII and (text := _as_utf8(data)) is not None:
        wrong = said not in {None, "utf-8"} and not data.isascii()
        note = f"It is said to be {said}, but its bytes are UTF-8, and were read so."
        return Decoded(text, "utf-8", notes=(note,) if wrong else ())
    if told and said:
        found = _decode_as(said, data, name, "what was told with it")
        return found._replace(needs_told=said != standard_name(declared))
    if declared and said:
        return _decode_as(said, data, name, "what it declares")
    raise _refused(data, name, "utf-8", f"it declares {declared!r}" if declared else "it says none")


def _as_utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _decode_as(charset: str, data: bytes, name: str, said_by: str) -> Decoded:
    try:
        return Decoded(data.decode(_CODECS[charset]), charset)
    except UnicodeDecodeError as error:
        text = data.decode(_CODECS[charset], "replace")
        wrong = text.count("\ufffd")
        if charset != "utf-8" or wrong * _FEW > len(text):
            raise _refused(data, name, charset, f"by {said_by}") from error
        note = f"{wrong} of its letters are not UTF-8; U+FFFD stands for each."
        return Decoded(text, charset, notes=(note,))


def _refused(data: bytes, name: str, charset: str, why: str) -> Refused:
    try:
        data.decode(_CODECS[charset])
        at = 0
    except UnicodeDecodeError as error:
        at = error.start
    return Refused(
        f"{name} is not in the charset {charset} ({why}): byte {at} is 0x{data[at]:02x}.",
        way_out="Say which charset it is in: --media-type 'text/html;charset=windows-1251'.",
    )

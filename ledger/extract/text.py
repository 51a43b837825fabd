"""Text and Markdown files: the text is the bytes, decoded and unchanged."""

from ledger.errors import Refused
from ledger.extract.charset import decode
from ledger.extract.made import Extracted

EXTRACTOR = "utf-8"  # an extractor that is named like a charset decodes the bytes from it
VERSION = "1"


def extract(data: bytes, name: str, charset: str | None = None) -> Extracted:
    """The text of a text file, UTF-8 unless another charset was told; raises Refused."""
    found = decode(data, name, charset) if charset else None
    if found and found.needs_told:
        text, extractor, told = found.text, found.charset, found.charset
    else:
        text, extractor, told = from_utf8(data, name), EXTRACTOR, None
    if "\0" in text or not text.strip():
        raise Refused(
            f"{name} holds {'NUL characters' if text.strip() else 'no text'}.",
            way_out="Capture the file that holds the words themselves.",
        )
    return Extracted(text=text, extractor=extractor, version=VERSION, charset=told)


def from_utf8(data: bytes, name: str) -> str:
    """Bytes as UTF-8, a byte order mark as the letter that it is there; raises Refused."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(
            f"{name} is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}.",
            way_out="Save it as UTF-8; or say which charset it is in:"
            " --media-type 'text/plain;charset=windows-1251'.",
        ) from error

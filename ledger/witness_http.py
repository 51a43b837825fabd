"""One HTTP request to a witness, bounded in time and size; what it means, `witness_client` says.

Rules kept here:
- the time is that of the whole exchange, from looking up the name to the last byte: an answer that
  trickles in does not prolong it;
- no more of an answer is read than a right one can hold;
- no redirect is followed: a person named the server that their log is shown to.
"""

from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import SplitResult, urlsplit

from ledger.errors import Refused, UsageFault

MAX_ANSWER_BYTES = 256 * 1024  # a hundred signatures, of the longest kinds too, with their names
_SHOWN_BYTES = 200
_MAX_SECONDS = 3600


@dataclass(frozen=True)
class Answer:
    """What a server answered: status, media type without parameters, body."""

    status: int
    media_type: str
    body: bytes

    def words(self) -> str:
        """The beginning of the body, fit to be printed on one line."""
        return _one_line(self.body[:_SHOWN_BYTES].decode("utf-8", "replace"))


def post(url: str, body: bytes, timeout_seconds: float) -> Answer:
    """Send a body and read the answer whole; raises UsageFault for a bad URL, Refused."""
    parts = _split(url)
    if not 0 < timeout_seconds <= _MAX_SECONDS:
        raise UsageFault(
            f"A request cannot take {timeout_seconds:g} seconds.",
            field="--timeout",
            way_out=f"Give a time of at most {_MAX_SECONDS} seconds.",
        )
    answers: SimpleQueue[Answer | Exception] = SimpleQueue()

    def exchange() -> None:
        try:
            answers.put(_exchange(parts, body, timeout_seconds))
        except (OSError, HTTPException, UnicodeError) as error:  # UnicodeError: no name of a host
            answers.put(error)

    # A thread, since neither a look-up nor a handshake can be given a time in all.
    Thread(target=exchange, daemon=True).start()
    try:
        answer = answers.get(timeout=timeout_seconds)
    except Empty:
        answer = TimeoutError()
    if isinstance(answer, Exception):
        raise Refused(
            f"The witness at {url} did not answer as it should: {_reason(answer)}.",
            way_out="Try again later, or give it longer with --timeout SECONDS.",
        ) from answer
    return answer


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        fit = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number
        parts, fit = urlsplit(""), None
    is_plain = url.isascii() and url.isprintable() and " " not in url
    if not (fit and is_plain) or parts.query or parts.fragment or parts.username is not None:
        raise UsageFault(
            f"{url!r} is not the address of a witness.",
            field="URL",
            way_out="Give its submission prefix, like https://witness.example.org/submit",
        )
    return parts


def _exchange(parts: SplitResult, body: bytes, timeout_seconds: float) -> Answer:
    assert parts.hostname, "checked before"
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=timeout_seconds)
    try:
        connection.request("POST", parts.path, body, {"Content-Type": "text/plain"})
        answer = connection.getresponse()
        data = answer.read(MAX_ANSWER_BYTES + 1)
        if len(data) > MAX_ANSWER_BYTES:
            raise HTTPException(f"its answer has more than {MAX_ANSWER_BYTES} bytes")
        if answer.length:
            raise HTTPException("its answer was cut off")
        return Answer(answer.status, answer.headers.get_content_type(), data)
    finally:
        connection.close()


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it took too long"
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return _one_line(text)[:_SHOWN_BYTES]


def _one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())

"""A witness on the network that answers as a broken or hostile server would.

    hostile_witness.py STATE_FILE LOG_VKEY MISBEHAVIOUR

A number for MISBEHAVIOUR is a status that it answers everything with.
"""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from witness_server import REQUEST, SIZE_TYPE, STRANGER, Handler, Reply, cosignature, serve


def text_of(body: bytes) -> str:
    """The text of the head in a request."""
    found = REQUEST.fullmatch(body.decode())
    assert found is not None, "a client of ours sends what is well formed"
    return found["text"]


def old_of(body: bytes) -> int:
    """The old size in a request."""
    return int(body.split(b"\n", 1)[0].removeprefix(b"old "))


def size_of(body: bytes) -> int:
    """The size of the head in a request."""
    return int(text_of(body).split("\n")[1])


def conflict(size: int) -> Reply:
    """An answer that names another size."""
    return Reply(409, SIZE_TYPE, f"{size}\n".encode())


MISBEHAVIOURS: dict[str, Callable[[bytes], Reply]] = {
    "wrong-signature": lambda body: Reply(200, body=cosignature(text_of(body), made_by=STRANGER)),
    "another-text": lambda body: Reply(200, body=cosignature(text_of(body) + "more\n")),
    "another-name": lambda body: Reply(200, body=cosignature(text_of(body), said_by="x.example")),
    "and-more": lambda body: Reply(
        200,
        body=cosignature(text_of(body), said_by="x.example") + cosignature(text_of(body)),
    ),
    "garbage": lambda _: Reply(200, body=b"\xff\xfe\x00 no signature"),
    "escapes": lambda _: Reply(500, body=b"\x1b[31mred\x1b[0m\r\n\x07 and a bell"),
    "empty": lambda _: Reply(200),
    "redirect": lambda _: Reply(302),
    "ahead": lambda body: conflict(size_of(body) + 1000),
    "moving": lambda body: conflict(2 if old_of(body) == 1 else 1),
    "stuck": lambda body: conflict(old_of(body)),
    "no-type": lambda _: Reply(409, body=b"1\n"),
    "no-size": lambda _: Reply(409, SIZE_TYPE, b"007\n"),
}


class Hostile(Handler):
    """One request, answered badly."""

    misbehaviour: str

    def do_POST(self) -> None:  # noqa: N802  the library's name
        """Answer in the way that was asked for."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.misbehaviour.isdigit():
            self.send(Reply(int(self.misbehaviour), body=b"not today\n"))
        elif self.misbehaviour == "cut":
            self.send(Reply(200, body=cosignature(text_of(body))), longer=100)
        elif self.misbehaviour in STREAMS:
            with suppress(OSError):  # nobody listens any more
                STREAMS[self.misbehaviour](self)
        else:
            self.send(MISBEHAVIOURS[self.misbehaviour](body))

    def pour(self) -> None:
        """Send much more than was asked for."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        for _ in range(10_000):
            self.wfile.write(b"x" * 65536)

    def drip(self) -> None:
        """Send a header that never ends, a letter at a time."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        for _ in range(600):
            self.wfile.write(b"x")
            time.sleep(0.1)

    def wait(self) -> None:
        """Say nothing for long."""
        time.sleep(60)


STREAMS: dict[str, Callable[[Hostile], None]] = {
    "huge": Hostile.pour, "trickle": Hostile.drip, "slow": Hostile.wait,
}  # fmt: skip


if __name__ == "__main__":
    Hostile.misbehaviour = sys.argv[3]
    serve(Hostile, Path(sys.argv[1]), sys.argv[2])
